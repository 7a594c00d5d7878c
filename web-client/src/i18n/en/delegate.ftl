# The delegate's tablet or phone (PRODUCT 3.14)
delegate-page = Delegate
delegate-tabs = Sections
delegate-tab-speak = Speak
delegate-tab-today = Today
delegate-tab-presence = Roll call
delegate-tab-site = Site
delegate-net-good = Online
delegate-net-lost = Offline
delegate-lost-since = Trying again for
delegate-inactive = Moved to another device. This screen is read-only; open your personal link again to use this device.

# PRODUCT 5.5
queue-position = You are number { $n } of { $m } on the list
queue-ondeck = Please get ready to speak
queue-live = You have the floor – your site’s microphone is open
queue-kept = Line lost. Your place on the list is kept.

call-by-name = { $person }, please
call-by-name-text = The roll is being called. Answer “Present”.
call-roll-left = closes in
call-deck-after = After { $person }.
call-deck-next = You are next.

presence-check-in = I am present
presence-checked-in = Recorded as present
presence-not-yet = You have not answered the roll yet
presence-title = My attendance
presence-since = Recorded at { $time }
presence-disconnected = A lost line is not an absence. Press “I am present” when the line is back.
presence-all = Present in all

register-title = Ask to speak
register-other = Register another kind
register-speech = Ask to speak
register-kind = Register: { $kind }
register-subject = Subject (optional)
register-sent = Registered: { $kind }
register-later = No line: your request is sent when it is back.
register-wait = You can ask to speak once the sitting is open.
register-closed-title = Kinds that are closed
register-reason = Reason: { $reason }.
register-in-writing = Please hand your speech to the secretary in writing.

my-request-late = It was on its way when the list closed; the chair decides.
my-request-speaking = You have the floor.
my-request-deferred = Deferred by the chair; it keeps its place.
my-request-void = You were recorded as absent. You may hand in your speech in writing.
my-request-waiting = Your request waits.
my-request-on-deck = Get ready to speak.
my-change = Change the kind
my-change-title = Change the kind of request
my-change-text = It keeps its place if the new kind is not ranked higher.
my-changed = Changed to: { $kind }
my-withdraw = Withdraw
my-withdraw-title = Withdraw your request?
my-withdraw-text = Your place on the list will not be kept.
my-withdrawn = Request withdrawn

reminder = The chair asks you to come to the point
speaking-ask = Ask for more time
speaking-asked = More time was asked for
speaking-done = I have finished
speaking-finished = Turn ended

list-as-of = The list at { $time }; it may have changed
now-resume = Goes on at { $time }
today-now = Now
today-next = Next
today-done = Done

leave-absent = Ask to be absent
leave-early = Ask to leave early
leave-text = The chair decides. Your requests stay until the secretary records it.
leave-send = Send
leave-sent = Sent; the chair decides
leave-work = Official duty
leave-health = Health
leave-family = Family

site-title = { $site }
site-text = Tick the delegates who are here. It counts when the secretary confirms it.
site-propose = Send to the secretary: { $present }/{ $seated } present
site-proposed = Sent for confirmation
site-register = Register for a delegate
