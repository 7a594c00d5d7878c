# Words of the parts that several screens are built from: states, the list, the floor, the agenda, dialogs.
person-unknown = Name unknown
site-unknown = Site unknown
site-not-yet = not connected yet
site-lost = line lost

# Attendance (PRODUCT 3.4.1)
attendance-unknown = Not yet called
attendance-present = Present
attendance-present-hall = Present – hall
attendance-present-site = Present – bridge point
attendance-present-online = Present – online
attendance-late = Late
attendance-stepped-out = Stepped out
attendance-disconnected = Line lost
attendance-left-early = Left early
attendance-excused = Excused
attendance-absent = Absent

request-state-waiting = Waiting
request-state-late = Sent before the close
request-state-on-deck = On deck
request-state-speaking = Speaking
request-state-deferred = Deferred
request-state-done = Has spoken
request-state-withdrawn = Withdrawn
request-state-refused = Refused
request-state-in-writing = In writing
request-state-void = Void
request-state-discarded = Discarded

badge-first-time = First time
badge-site-unheard = Site not heard yet
badge-least-time = Least time

out-of-order-same-subject = Same subject
out-of-order-balance-sites = Balance of sites
out-of-order-not-yet-spoken = Has not spoken
out-of-order-other = Other

tie-break-round-robin = Simultaneous requests: sites take turns.
tie-break-random = Simultaneous requests: in random order.
tie-break-least-time = Simultaneous requests: who spoke least goes first.


pause-point-of-order = Paused for a point of order.
pause-line-lost = Paused because the site lost its line.
pause-suspended = Paused because the sitting is suspended.
pause-technical = Paused for technical trouble.
pause-restart = Paused because the hub was restarted. The time left is kept.

roll-electronic = Electronic roll call
roll-collected = Electronic roll call is over
roll-first-round = Calling names, round 1
roll-second-round = Calling names, round 2
roll-number = Roll call { $number }

method-own = By oneself
method-called = Called by name
method-site-lead = Site lead
method-secretary = Secretary
method-system = System

# The frame of a page
gate-loading = Fetching the sitting…
gate-replaced = Moved to another device
gate-closed = This page is disconnected
top-public = Public
top-watching = Technician watches
top-watching-by = Watching the pictures of all rooms: { $people }
top-unrecorded = Not recorded
top-sites = { $online }/{ $all } sites ready
top-sites-lost = Not connected: { $sites }
quorum-met = enough to proceed
quorum-short = { $missing } missing
quorum-needed = At least { $needed }/{ $total } delegates must be present
quorum-heard = { $present }/{ $total } delegates present
link-lost = Line lost for
recorded-at = recorded { $time }
recorded-waiting = { $count } waiting for the line
check-ok = Met
check-missing = Not met

preferences-title = Language and display
preferences-text = Text size
preferences-text-normal = Normal
preferences-text-large = Large

keys-title = Keyboard
keys-text = Keys act only while nobody types and no dialog is open.
keys-space = Space
keys-tab = Next button, press it
keys-escape = Close a dialog

notes-title = Notices
note-not-done = Not done:
note-undo = Undo
note-undone = Undone

reason-label = Reason
reason-missing = A reason is needed.

picker-search = Search by name, group or site
picker-none = Nobody found. Type part of a name; marks are not needed.
picker-found = { $count } people

# The clock of a turn
timer-left = Left
timer-over = Over time
timer-paused = Paused
timer-invited = Clock not started
timer-spoken = Spoken
timer-of = of { $limit }
timer-no-limit = no limit
timer-extended = ({ $minutes } min added)
timer-warning-minutes = { $minutes } minutes left
timer-warning-seconds = { $seconds } seconds left
timer-warning-over = Time is over

# The list (PRODUCT 3.3)
queue-title = Speakers’ list
queue-waiting = waiting
queue-empty = No requests yet
queue-empty-open = New requests appear here.
queue-empty-closed = The list is closed. Open it to take requests.
queue-window = Taking simultaneous requests for another
queue-place = Place { $position }
queue-suggested = Suggested
queue-on-deck = On deck
queue-second = Second time
queue-late = Sent before the close
queue-entered-by = entered by { $person }
queue-invite = Invite
queue-invited = { $person } invited to speak
queue-unreachable = The delegate’s site has lost its line. The request keeps its place.
queue-invite-by-phone = Invite by telephone { $phone }
queue-more = More for the request of { $person }
queue-call-on-deck = Call on deck
queue-called-on-deck = { $person } called on deck
queue-cancel-deck = Back from on deck
queue-deck-cancelled = { $person } waits again
queue-up = Move up
queue-down = Move down
queue-hand = Place { $position }, move { $person }
queue-hand-how = Space to take, arrows up and down to choose a place, Space to put down, Escape to let go. Alt with an arrow moves by one place.
queue-hand-taken = The request of { $person } is taken, place { $position } of { $all }. Choose a place with the arrows.
queue-hand-at = { $person }: place { $position } of { $all }
queue-hand-left = { $person } stays at place { $position }
queue-moved = { $person } moved to place { $position }
queue-defer = Defer
queue-deferred = Request of { $person } deferred
queue-refuse = Refuse
queue-refused = Request of { $person } refused
queue-withdraw-for = Withdraw for the delegate
queue-withdrawn = Request of { $person } withdrawn
queue-deferred-title = Deferred, void
queue-restore = Back to the list
queue-restored = { $person } is back at the old place
queue-late-title = Sent before the close, received after it
queue-late-text = These were on their way when the list closed. The chair decides.
queue-late-accept = Take
queue-late-accepted = Request of { $person } taken
queue-late-refuse = Do not take
queue-late-refused = Request of { $person } not taken

list-open = Open
list-closing = Closing
list-closed = Closed
list-do-open = Open the list
list-opened = List opened
list-do-close = Close the list
list-closing-now = List is closing
list-keep = Keep open
list-kept = List stays open

invite-title = Invite out of order?
invite-text = { $skipped } requests stand before it. Inviting out of order is recorded.
invite-reason = Reason (optional)

refuse-title = Refuse the request of { $person }?
refuse-text = The delegate reads the reason and may hand in the speech in writing.
refuse-same = The same point was already made
refuse-topic = Not about the open item
refuse-time = No time left for this item

anyone-open = Invite somebody else
anyone-title = Invite somebody who is not on the list
anyone-text = For people without a request. Marks are not needed in the search.
anyone-choose = Choose a person first.
anyone-invite = Invite { $person }
anyone-kind = Kind of speech

proxy-title = Register for somebody
proxy-text = For delegates without a device. Who entered it is recorded too.
proxy-choose = Choose the delegate first.
proxy-subject = Subject (optional)
proxy-send = Send the request
proxy-sent = { $person } registered

fairness-title = Balance of sites
fairness-unheard = 0 ×
fairness-served = { $served } × · { $time }
fairness-site = { $site }: { $served } turns, { $time }, { $waiting } waiting
fairness-quiet = waiting, not heard yet: { $sites }
fairness-more = and { $count } more sites

# The floor
floor-speaking = Speaking
floor-invited = Invited to speak
floor-paused = The turn is paused
floor-nobody = Nobody is speaking
floor-ended = { $person } has just finished.
floor-reminded = Reminded { $time }
floor-hold = { $site } has lost its line. Floor held for
floor-hold-over = { $site } is not back. The hold is over: go on by telephone, invite the next speaker or defer this turn.
floor-ready = { $site } is back. Press “Continue” to go on.
floor-by-phone = By telephone { $phone }
floor-asks-extension = The speaker asks for more time
floor-next = Suggested next
floor-next-on-deck = Next, on deck
floor-invite = Invite to speak
floor-interrupted = The turn of { $person } is paused
floor-empty-preparing = The sitting is being prepared
floor-empty-text-preparing = Start the technical check when the sites are there.
floor-empty-technical-check = Technical check
floor-empty-text-technical-check = Open the lobby when the sites are ready.
floor-empty-lobby = In the lobby
floor-empty-text-lobby = Call the roll, then open the sitting.
floor-empty-open = Nobody is speaking
floor-empty-text-open = Open the list, or invite somebody who is not on it.
floor-empty-suspended = The sitting is suspended
floor-empty-text-suspended = Press “Resume the sitting” when the break is over.
floor-empty-closed = The sitting is closed
floor-empty-text-closed = A closed sitting cannot be opened again.

turn-start = Start the clock
turn-pause = Pause
turn-continue = Continue
turn-by-phone = Go on by telephone { $phone }
turn-by-phone-short = By telephone
turn-goes-by-phone = The turn goes on by telephone
turn-by-camera = Back to the camera
turn-goes-by-camera = Back to the site’s camera
turn-end = End the turn
turn-ended = Turn ended
turn-undo-end = Let them go on
turn-undone = The turn goes on
turn-defer = Defer this turn
turn-remind = Remind
turn-was-reminded = Reminded to come to the point
turn-extend = Add minutes
turn-extend-by = Add { $minutes } min
turn-extended = { $minutes } minutes added

# The agenda
agenda-title = Agenda
agenda-minutes = { $minutes } min
agenda-running = { $spent }/{ $minutes } min
agenda-planned = Planned in all { $time }
agenda-open = Open item
agenda-opened = Opened: { $item }
agenda-close = Close item
agenda-closed = Closed: { $item }
close-item-title = Close “{ $item }”?
close-item-empty = No request is left.
close-item-left = { $left } requests are left. Choose what becomes of them:
close-item-choose = Choose what becomes of the requests left.
leftover-in-writing = In writing
leftover-text-in-writing = The delegates hand their speeches to the secretary.
leftover-carry-over = Carry over
leftover-text-carry-over = They keep their order for the next item.
leftover-discard = Discard
leftover-text-discard = A reason is needed; the delegates read it.

# What needs attention
alerts-title = Needs attention
alerts-none = Nothing needs attention
alerts-none-text = Lost lines, absences asked for and decisions to take appear here.
alert-waiting = { $count } requests wait.
alert-phone = Telephone: { $phone }.
leave-asked = asked to be absent at { $time }:
leave-approve = Approve
leave-approved = Absence of { $person } approved
leave-refuse = Do not approve
leave-refused = Absence of { $person } not approved
leave-waits-for-chair = waits for the chair
correction-asked = at { $time } the secretary asked to correct the attendance to “{ $attendance }”:
correction-approve = Correct it
correction-approved = Attendance of { $person } corrected
correction-refuse = Leave it
correction-refused = Attendance of { $person } stays as it was

chair-offered = The chair is offered to { $person }, who must accept.
chair-withdraw-offer = Take back
chair-offer-withdrawn = Offer of the chair taken back
chair-accept = Take the chair
chair-accepted = Chair taken
chair-claim = Take the chair
chair-claimed = The chair is claimed
chair-claim-confirm = Confirm
chair-claim-confirmed = Claim of the chair confirmed
chair-claim-refuse = Do not confirm
chair-claim-refused = Claim of the chair not confirmed

roll-open = Roll call
roll-opened = Roll call opened

# Evidence: what was signed, and is kept by this device (PRODUCT 3.18)
evidence-open = Journal checkpoint
evidence-title = Journal checkpoint
evidence-text = The hub signs its journal every minute and at once after every decision. This device keeps the checkpoints as a witness: nobody can cut the journal off or rewrite it unseen.
evidence-qr = QR code of the last checkpoint
evidence-code = Code of the last signed record
evidence-signed = Signed
evidence-up-to = up to record { $seq }, at { $time }
evidence-kept = Kept by this device
evidence-count = { $count } checkpoints
evidence-save = Save the file for an inspector
evidence-against = Journal does not match
evidence-against-text = The hub has just shown a checkpoint that does not match those that this device keeps. The journal may have been replaced by an older one. Save the file and tell whoever is responsible.
