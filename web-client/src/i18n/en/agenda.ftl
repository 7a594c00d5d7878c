# The agenda: late or early, ceremonies.

pace-late = { $minutes } min late
pace-early = { $minutes } min early
pace-on-time = On time
agenda-from = planned { $time }
ceremony-hash = Document code { $hash }…
ceremony-show = Show the names { $names }
ceremony-show-short = Show names
ceremony-shown = Names are on the screens
ceremony-hide = Hide names
ceremony-hidden = Names were hidden
