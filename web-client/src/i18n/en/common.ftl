# Words that several screens share.
app-name = Điểm Cầu

# State of the sitting (PRODUCT 3.0)
phase-preparing = Preparing
phase-technical-check = Technical check
phase-lobby = Waiting room
phase-open = In session
phase-suspended = Break
phase-closed = Closed

role-chair = Chair
role-secretary = Secretary
role-central-technician = Central technician
role-site-technician = Site technician
role-site-lead = Site lead
role-delegate = Delegate
role-guest = Guest
role-questioned = Person questioned

kind-point-of-order = Point of order
kind-answer = Answer, explanation
kind-rebuttal = Rebuttal
kind-question = Question
kind-speech = Speech, debate
kind-continuation = A few words more
kind-paper = Prepared paper
kind-report = Report
kind-directive = Directing speech
kind-conclusion = Conclusion

# State of a room's line (PRODUCT 3.11)
link-offline = Offline
link-connecting = Connecting
link-good = Good
link-degraded = Degraded
link-sound-only = Sound only
link-no-picture = No picture
link-no-sound = No sound

alert-site-lost = { $site } has lost its line
alert-site-back = { $site } is back
alert-quorum-lost = The quorum is lost
alert-quorum-thin = The quorum is barely met
alert-hold-over = The time for holding the floor is over
alert-chair-away = The presiding chair has lost the line
alert-chair-claimed = { $person } asks to take the chair
alert-late-request = A request was sent before the list closed
alert-silenced = { $person } has silenced everybody but the chair
alert-stage-arranged = { $person } chooses the picture on all screens
silence-lift = Let them be heard again
silence-lifted = The silence is over
stage-release = Follow the floor
stage-released = The screens follow the floor
alert-restarted = The server was restarted; the turn is paused

# The connection to the hub, in plain words
net-connecting = Connecting…
net-lost = Connection lost – trying again
net-retry = Try again

bye-bad-key = This link is wrong or no longer valid. Ask the secretary for a new one.
bye-bad-ticket = The connection expired. Connecting again.
bye-not-your-screen = This link is not for this screen. Open the link you were given.
bye-malformed = This page does not match the server. Reload the page.
bye-too-fast = Too many messages. Connecting again.
bye-too-slow = The line is slow. Connecting again.
bye-replaced = You have moved to another device. Choose “Use this device” to come back here.
bye-revoked = This link was revoked. Please contact the secretary.
bye-stopping = The server is stopping. Waiting to connect again.
bye-use-this-device = Use this device

pending-sending = Sending…
pending-unavailable = Not recorded: the server is busy. Try again in a few seconds.

action-close = Close
action-cancel = Cancel
action-confirm = Confirm
action-continue = Continue
action-copy = Copy
action-copied = Copied
action-print = Print

preferences-language = Language
preferences-theme = Theme
preferences-theme-light = Light
preferences-theme-dark = Dark
preferences-theme-auto = As the device

loading = Loading…
page-missing = There is no such page
page-missing-hint = Check the address, or go to the start page.
page-home = To the start page
page-failed = The page has not arrived whole
page-failed-hint = The network was interrupted. The page loads anew as soon as the hub answers.
