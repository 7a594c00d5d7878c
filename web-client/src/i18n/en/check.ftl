# The technical check of a bridge point and the network badge (PRODUCT 3.8).
tech-title = Technical check of this room
tech-intro = Checks line, picture, sound and echo in about half a minute. Somebody should stand near: to say a few words, and to be quiet for a moment.
tech-start = Start the check
tech-again = Check again
tech-open = Technical check
tech-steps = Steps of the check
tech-step-line = Line: loss, delay
tech-step-line-do = Watching the line…
tech-step-speed = Speed up and down
tech-step-speed-do = Measuring the speed…
tech-step-picture = The camera's picture
tech-step-picture-do = Looking at the camera's picture…
tech-step-voice = Voice
tech-step-voice-do = Please say a few words in a normal voice, for example: “This is our room, greetings to everybody, please check the sound”.
tech-step-echo = Echo
tech-step-echo-do = Please be quiet. The loudspeaker will chirp a few times.
tech-not-recorded = The result could not be recorded. Check again in a few minutes.
tech-ticks = What only eyes and ears can tell
tech-tick-framed = The camera sees all delegates, their plates and the flag
tech-tick-audible = The loudspeaker is heard well from every seat
tech-standing = Technical check: { $state }
tech-last = Checked at { $time }

check-state-unchecked = Not checked yet
check-state-checking = Being checked
check-state-passed = Passed
check-state-conditional = Passed with conditions
check-state-failed = Failed
check-grade-good = good
check-grade-fair = will do
check-grade-bad = fails
check-item-up = Speed up
tech-sound-only = Go to sound only
tech-sound-only-why = The line does not carry pictures. With sound alone the room still hears and speaks.
tech-sound-only-on = The room carries sound only.
tech-sound-only-off = Pictures again
check-item-up-do = Stop whatever else uses the network. If it stays slow, use a cable instead of Wi-Fi, or choose “Weak line (360p)”.
check-item-down = Speed down
check-item-down-do = Stop other devices that download. If it stays slow, tell the provider or use the backup line.
check-item-loss = Lost packets
check-item-loss-do = Use a cable instead of Wi-Fi, change the cable or the socket, and check again.
check-item-rtt = Round trip
check-item-rtt-do = Switch off the VPN or use another line; ask the provider to look at the route.
check-item-transport = Way of the packets
check-item-transport-do = The network blocks UDP, so pictures may come late. Ask the network's administrator to open the hub's UDP port.
check-item-picture = Picture
check-item-picture-do = Open the lens cap, switch on the light, look at the camera's cable; choose the camera again in the panel.
check-item-voice = Voice
check-item-voice-do = Speak nearer to the microphone, look at its switch, turn its volume up or down; see that it may be opened from afar.
check-item-echo = Echo
check-item-echo-do = Turn the loudspeaker down, move the microphone away from it, switch off “Music mode” so that echo is cancelled.
check-item-framed = What the camera sees
check-item-framed-do = Turn the camera so that it sees all delegates, plates and the flag, then tick below.
check-item-audible = Loudspeaker
check-item-audible-do = Listen from every seat, then tick below.
check-item-consent = Microphone opened from afar
check-item-consent-do = Open “Devices and keys” and agree; without it nobody here can be given the floor.
check-mbit = { $value } Mbit/s
check-percent = { $value } %
check-picture = { $width } × { $height }, { $fps } fps
check-clipped = { $level } dB, distorted
check-echo = { $level } dB after { $delay } ms
check-no-echo = No echo
check-nothing = Nothing
check-yes = Confirmed
check-no = Not confirmed
seen-none = No picture yet
seen-moving = Picture
seen-black = Black picture
seen-frozen = Frozen
transport-udp = UDP
transport-tcp = TCP
transport-relay = Relayed

# The network badge
badge-measuring = Measuring the line
badge-good = Good line
badge-tcp = The line takes the way of TCP
badge-tcp-do = The network blocks UDP. You can go on; ask the administrator to open the UDP port.
badge-relay = The line goes through a relay
badge-relay-do = The network blocks direct connections. You can go on; pictures may come later.
badge-weak = Weak line: voice goes first
badge-weak-do = Pictures may be blurred. Stop whatever else uses the network.
badge-still = Weak line: { $still ->
    [one] a picture is
   *[other] { $still } pictures are
  } paused to keep the sound
badge-still-do = The picture of { $sites } goes on by itself when the line is better. Stop whatever else uses the network.
badge-poor = Very weak line: { $still ->
    [0] voice is kept
    [one] a picture is paused to keep the sound
   *[other] { $still } pictures are paused to keep the sound
  }
badge-poor-do = Use a cable or the backup line, or choose “Sound only” (key A); call the central technician if it lasts.
badge-sound = Sound only, as this room has chosen
badge-sound-do = Press A to have pictures again.
badge-lost = The line is lost
badge-lost-do = Reconnecting. Look at the cable.
key-check = Technical check
