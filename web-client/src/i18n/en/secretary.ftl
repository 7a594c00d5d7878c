# The secretary's desk (PRODUCT 3.10)
secretary-page = Secretary
secretary-kept = The sitting goes on. What you record is sent when the line is back.
secretary-inactive = Moved to another device. This screen is read-only.
secretary-tabs = Sections
secretary-tab-queue = Requests
secretary-tab-floor = Speaking
secretary-tab-turns = Record
secretary-tab-snapshots = Frozen
secretary-presiding = Presiding: { $person }.
secretary-coordinates = The secretary runs the list.

roll-title = Roll call
roll-never = The roll was never called
roll-last = No. { $number } frozen at { $time }: { $present }/{ $total } present
roll-left = { $left } left, { $unanswered } without an answer
roll-start = Start a roll call
roll-call = Call names
roll-second = Call round 2
roll-second-started = Round 2 started
roll-freeze = Freeze
roll-frozen = Roll call { $number } frozen: { $present }/{ $total }
roll-cancel = Leave this roll call
roll-cancel-title = Leave this roll call?
roll-cancel-text = What was recorded stays, but nothing is frozen.
roll-cancelled = Roll call left
freeze-title = Freeze roll call { $number }?
freeze-text = { $present }/{ $total } present. { $absent } not present, { $unknown } of them not yet called. These numbers go into the minutes.

calling-title = Call names
calling-text = The name stands on every screen. Space = present, N = no answer, L = later.
calling-whom = Whom to call
calling-missing = Those not yet called
calling-everybody = All delegates
calling-order = Order
calling-by-site = By site
calling-by-group = By group
calling-by-roster = By roster
calling-start = Start calling
calling-started = Calling started

call-invite = Delegate
att-call = Delegate { $name }, { $to }, { $site }
call-present = Present
call-was-present = { $person } is present
call-no-answer = No answer
call-was-silent = { $person } did not answer
call-later = Later
call-was-later = { $person } later
call-next = Next:
call-done = This round is done
call-done-text = Press “Freeze” to make the list.
call-done-unanswered = { $count } did not answer. Call round 2, or freeze.

grid-title = Attendance
grid-hall = in the hall
grid-sites = at bridge points
grid-online = online
grid-disconnected = line lost
grid-excused = excused
grid-absent = absent
grid-unknown = not yet called
grid-by-site = Sites
grid-by-group = Groups
grid-only-missing = Only those not present
grid-no-group = Without a group
grid-all-present = All delegates are present.

mark-present = Record { $person } as present
mark-more = Other states of { $person }
mark-done = { $person }: { $state }
mark-undo-reason = Correction of a slip
mark-with-reason = { $state }…
mark-title = { $person }: { $state }
mark-excused-text = The chair must approve; the request goes to the chair’s desk.
mark-absent-text = Requests to speak become void; they can be restored.
mark-save = Record
mark-mistake = Entered by mistake

seat-change = Change site
seat-title = Change the site of { $person }
seat-text = The number present stays; the numbers of the sites change. The minutes show both.
seat-site = New site
seat-now = now
seat-choose = Choose another site.
seat-changed = Site of { $person } changed

pin-unlock = Unlock the PIN
pin-title = PIN of { $person }
pin-text = A delegate forgot it or typed it wrong five times: unlock it to pair the tablet again. Tell it to nobody else.
pin-tell = Unlocked. Tell it to nobody but the delegate.
pin-failed = It could not be unlocked. Check the connection and try again.

proposal-present = reports { $present }/{ $seated } present
proposal-missing = missing { $names }
proposal-accept = Confirm
proposal-accepted = { $site } confirmed
proposal-refuse = Do not take
proposal-refused = Report of { $site } not taken

turns-title = Record of turns
turns-none = No turns yet
turns-none-text = Each turn is recorded by itself: from, until, how long.
turns-now = speaking
turns-out-of-order = Out of order: { $reason }

snapshots-title = Frozen roll calls
snapshots-none-text = Each has a number and goes into the minutes.
snapshot-at = Frozen at { $time }
snapshot-not-met = too few
snapshot-missing = { $count } delegates not present

total-change = Delegates in office: { $total }
total-title = Change the number of delegates in office
total-text = The base of the quorum and of every share. The change goes into the minutes.
total-label = Delegates in office
total-reason = Reason, number of the document
total-save = Record
total-saved = Delegates in office: { $total }
total-choose = Enter the new number.

note-marks = Mark this turn
note-mark-commitment = Commitment
note-mark-direction = Instruction
note-mark-petition = Petition
note-summary = Summary
note-placeholder = Summary; kept while you type
note-kept = Recorded { $time }, { $person }
note-failed = NOT RECORDED. Leave the box to send it again.
