# The chair's script (PRODUCT 3.9). Names in braces, as { $present }, are filled with the numbers of the moment.
script-title = Script
script-now = To say now
script-book = The whole script
script-book-title = The chair's script
script-book-text = Words in braces become the numbers of the moment. Left empty, the template is used again.
script-edit = Change the words
script-read = As it will be read
script-save = Keep the words
script-saved = The words are kept
script-template = Back to the template
script-by = { $person } changed it at { $time }
script-from-template = From the template
script-print = Print the script
script-printed = Printed at { $time }
script-nobody = nobody yet
script-lead = The numbers are those of now; they follow the sitting.

# The names that may stand in braces in a text written by hand, and their places in the templates.
script-name-present = present
script-name-total = total
script-name-needed = needed
script-name-sites = sites
script-name-item = item
script-name-minutes = minutes
script-name-next = next speaker
script-name-after = then
script-name-speaker = speaker
script-name-chair = chair
script-name-body = body
script-name-sitting = sitting
script-name-time = time

script-lobby = Delegates and guests in the hall and at { $sites } bridge points, please take your seats and check microphones and lines. The secretary calls the roll: { $present }/{ $total } delegates are present, { $needed } are needed to begin.
script-opening = Delegates, guests: the secretary reports that { $present }/{ $total } delegates are present in the hall and at { $sites } bridge points, which is enough. I declare { $sitting } open.
script-break = The sitting is suspended. Please be back at { $time }.
script-break-open = The sitting is suspended. Please stay at your bridge point.
script-closed = { $sitting } is closed. Thank you all.
script-roll = The secretary calls the names; whoever is called, please answer “Present”.
script-item-next = The next item: { $item }, planned for { $minutes } minutes.
script-item-opening = Delegates, the sitting begins with: { $item }. { $present }/{ $total } delegates are present.
script-item-report = As the agenda says, { $next } will now present: { $item }.
script-item-debate = The next item: { $item }, planned for { $minutes } minutes. Delegates register on their devices or tell their site lead. Please be brief, to the point and on time.
script-item-questioning = Questions: { $item }. Please ask briefly; whoever is questioned answers to the point. Rebuttals are registered on devices.
script-item-explanation = Explanation: { $item }. Please state the facts, the causes, who is responsible and by when it is put right.
script-item-vote = The council votes on: { $item }. { $total } delegates in all, { $present } present.
script-item-ceremony = The delegates are invited to: { $item }.
script-item-conclusion = Having heard the delegates, I conclude on { $item } as follows.
script-item-closing = Delegates, { $sitting } has completed its agenda. Thank you all in the hall and at { $sites } bridge points. I declare it closed.
script-next = I give the floor to { $next }{ $minutes ->
    [0] {""}
   *[other] {" "}for { $minutes } minutes
  }. { $after }, please get ready.
script-next-last = I give the floor to { $next }{ $minutes ->
    [0] {""}
   *[other] {" "}for { $minutes } minutes
  }.
script-thanks = Thank you, { $speaker }.
script-turn = When { $speaker } has finished:
script-turn-last = { $speaker }, please conclude; the time is nearly over.
script-turn-over = { $speaker }, please stop here. The rest may be handed in in writing.
script-turn-lost = The bridge point of { $speaker } has lost its line. The floor is held; please wait a moment.
script-waiting = Does any other delegate wish to speak?
script-vote-open = The vote: { $title }. Choices: { $choices }. At least { $needed }/{ $total } delegates in favour are needed. Please vote.
script-vote-paused = The vote is paused. Please keep your seats.
script-vote-checking = The vote is closed. Please check your ballot; whoever finds it wrong, say so now.
script-vote-carried = The result: { $favour }/{ $total } delegates in favour, { $share } % of all. The council has adopted: { $title }.
script-vote-not-carried = The result: { $favour }/{ $total } delegates in favour, { $share } % of all. { $title } is not adopted.
script-vote-list = The result of “{ $title }” is on the screens.
