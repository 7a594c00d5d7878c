# The chair's desk (PRODUCT 3.9)
chair-page = Chair
chair-kept = The sitting goes on, picture and sound are not affected. What you do is sent when the line is back.
chair-hand-over = Hand over the chair
chair-take-console = Preside here
chair-console-taken = Presiding from this device

coordination-off = Let the secretary run the list
coordination-on = The secretary runs the list
coordination-given = The secretary now runs the list
coordination-taken = The chair runs the list

observer-other-device = The chair’s desk is open on another device.
observer-other-device-text = This screen is read-only.
observer-presiding = { $person } presides.
observer-read-only = This screen is read-only.
observer-away = { $person } has been out of reach for
observer-away-text = The sitting stands still; nobody new is invited.
observer-claimed = The chair is claimed; the secretary must confirm.

sitting-check = Technical check
sitting-checking = Technical check started
sitting-lobby = Open the lobby
sitting-in-lobby = Lobby opened
sitting-open = Open the sitting
sitting-opened = The sitting is open
sitting-break = Suspend
sitting-suspended = The sitting is suspended
sitting-resume = Resume the sitting
sitting-resumed = The sitting goes on
sitting-close = Close the sitting
sitting-closed = The sitting is closed

opening-title = Open the sitting
opening-chair = The presiding chair is online
opening-chair-todo = Open the chair’s desk on the chair’s device.
opening-secretary = A secretary is online
opening-secretary-todo = Ask a secretary to open the secretary’s desk.
opening-unrecorded = Not recorded
opening-recording-todo = Nothing is recorded. Tick “Go on without a recording” if the chair agrees.
opening-roll = { $count ->
    [0] Roll called
   *[other] Roll called { $count } times
  }
opening-roll-todo = Ask the secretary to call and freeze the roll first.
opening-quorum = { $present }/{ $total } delegates present, at least { $needed } needed
opening-quorum-todo = Too few. Wait, or write the reason for going on.
opening-sites-note = The sitting may be opened before all sites are there.
opening-missing = { $count } conditions are not met.
opening-unrecorded-tick = Go on without a recording
opening-override = Reason for going on without a quorum

break-title = Suspend the sitting
break-text = Every site sees when it goes on.
break-text-turn = The turn under way is paused and keeps its time.
break-how-long = For how long
break-open = Not fixed
break-until = Break until { $time }

closing-title = Close the sitting?
closing-text = “{ $sitting }” ends and cannot be opened again.

hand-over-title = Hand over the chair
hand-over-text = The other person must accept at their own chair’s desk. Until then nothing changes.
hand-over-choose = Choose a person first.
hand-over-to = Hand over to { $person }
hand-over-offered = The chair is offered to { $person }
microphones-open = Open a microphone
microphones-title = Open a microphone
microphones-text = Beside the chair’s room and the speaker’s, only the rooms opened here are heard.
microphones-live = On the air
microphones-away = Away

keypad-title = The chair's keys
keypad-text = Keys 1 to 4, on a pad of numbers too
keypad-nothing = –
