# A room of a bridge point: check of the devices and the big screen (PRODUCT 3.8, 3.12).
room-page-title = { $site } – Điểm Cầu
room-heading = Screen of the bridge point

# Check before joining
check-room-unknown = Meeting room
check-opening = Opening the devices…
check-device = Device { $number }
check-camera = Picture
check-no-picture = No picture yet
check-camera-good = The camera works ({ $size })
check-camera-hint = The camera should see all delegates, with light in front of them and readable name plates.
check-camera-insecure = The page was not opened securely, so the camera cannot be used. Open the trust page to install the certificate.
check-camera-denied = The browser does not allow the camera yet. Click the camera in the address bar and choose “Allow”.
check-camera-none = No camera found. Plug it in again; this screen will notice.
check-camera-busy = Another program is using the camera. Close it, then choose the camera again.
check-camera-failed = The camera could not be opened. Unplug it and plug it in, or choose another one.
check-choose-camera = Choose the camera
check-quality = Quality of the picture sent
check-quality-high = Sharp picture (720p)
check-quality-low = Weak line (360p)
check-microphone = Microphone
check-microphone-insecure = The page was not opened securely, so the microphone cannot be used. Open the trust page to install the certificate.
check-microphone-denied = The browser does not allow the microphone yet. Click the microphone in the address bar and choose “Allow”.
check-microphone-none = No microphone found. Plug it in again; this screen will notice.
check-microphone-busy = Another program is using the microphone. Close it, then choose the microphone again.
check-microphone-failed = The microphone could not be opened. Unplug it and plug it in, or choose another one.
check-choose-microphone = Choose the microphone
check-voice-silent = Nothing heard yet. Say a few words.
check-voice-faint = Faint. Speak nearer to the microphone or turn it up.
check-voice-good = Clearly heard
check-voice-loud = Too loud, it may distort. Turn the microphone down.
check-music = Music mode
check-music-hint = No echo cancellation or noise filter; for music, the anthem, or a room with a mixing desk.
check-speaker = Loudspeaker
check-choose-speaker = Choose the loudspeaker
check-tone = Test the loudspeaker
check-tone-wait = Press to hear a short chime.
check-tone-played = Played. If you heard nothing, check cables and volume.
check-network = Line
check-network-good = Connected to the meeting's server
check-network-lost = The server cannot be reached. Check the network cable; trying again.
check-consent = I agree that the chair opens and closes this room's microphone from afar
check-consent-hint = The microphone is heard only when a delegate of this bridge point has the floor; the screen then has a red frame.
check-consent-missing = Without it the room can watch and listen, but its delegates cannot speak.
check-join = Enter the meeting

level-label = Level of the microphone
level-value = { $level } decibels

# The big screen
cue-live = LIVE TO THE WHOLE MEETING
cue-deck = GET READY
cue-deck-person = GET READY: { $person }
cue-closed = Microphone is off
cue-no-microphone = No microphone
cue-no-consent = Microphone locked in the room
stage-own = this room
stage-picture-coming = { $site }: no picture yet
stage-picture-paused = { $site }: weak line, picture paused to keep the sound
stage-picture-paused-small = { $site }: picture paused
stage-sound-only = { $site }: sound only
stage-room-lost = { $site } has lost its line
sound-blocked = Touch the screen or press any key to turn the sound on

wall-upright = Please turn the device on its side to see the screen of the bridge point. Picture and sound go on.
wall-strip = Item, clock and next speakers
wall-left = Left
wall-over = Over time
wall-spoken = Spoken
wall-paused = Paused
wall-by-phone = By telephone
wall-invited = Invited to speak
wall-next = Next
wall-next-none = No requests yet
wall-on-deck = get ready
wall-list-open = The list is open
wall-list-closing = The list closes in { $left }
wall-pairing = Pairing code:
wall-quorum = { $present } of { $total } delegates present
wall-sites = { $ready } of { $all } bridge points connected
wall-phase-preparing = Preparing
wall-phase-technical-check = Technical check
wall-phase-lobby = The sitting begins soon
wall-phase-open = The sitting is under way
wall-phase-suspended = Break
wall-phase-closed = Closed
wall-pause-point-of-order = Paused: a point of order
wall-pause-line-lost = Paused: the bridge point lost its line
wall-pause-suspended = Paused: the meeting has a break
wall-pause-technical = Paused: technical trouble
wall-pause-restart = Paused: the server was restarted

wall-hold-until = { $site } has lost its line. The floor is held { $left }
wall-hold-over = { $site } has lost its line. The hold is over, the chair decides
wall-hold-ready = { $site } is back. Waiting for the chair to go on

wall-roll-title = Roll call
wall-roll-left = Still to call
wall-roll-electronic = Roll call: press “Present” on your device
wall-roll-electronic-left = { $left } left
wall-call-invite = We call
wall-call-here = A delegate of this bridge point

wall-break-title = The meeting has a break
wall-break-resume = We go on at { $time }
wall-break-over = Please come back to the meeting room
wall-break-open = Please wait for the chair's word
wall-closed-title = The sitting is closed
wall-closed-text = Thank you.

standing-camera-good = Camera
standing-camera-none = No camera yet
standing-microphone-good = Microphone
standing-microphone-none = No microphone yet
pairing-title = Pair your device
pairing-qr = QR code that pairs a device with this bridge point
pairing-hint = Scan the code, or enter the 6 digits

lost-title = This bridge point has lost its line – trying again
lost-for = Lost for { $duration }
lost-phone = Call { $site }: { $phone }
lost-word = No word from the server for { $duration }. Picture and sound go on.

key-fullscreen = Full screen
key-sound-only = Sound only, or pictures again
key-music = Music mode on or off
key-help = Open this sheet
panel-open = Devices and keys
panel-sound-only = Sound only
panel-sound-only-hint = No picture is sent or received: the line is kept for the voice. Untick to have pictures again.
panel-title = Devices of this room
panel-preferences = Language and theme
