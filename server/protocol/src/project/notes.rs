//! What is written beside the sitting, for those who write it and for the chair.

use crate::view::{ScriptView, TurnNoteView};
use meeting::Meeting;
use meeting::id::{ItemId, TurnId};
use std::collections::BTreeMap;

/// Notes that a view holds at most: those of the newest turns.
const NOTES: usize = 400;

pub(super) fn turns(m: &Meeting) -> BTreeMap<TurnId, TurnNoteView> {
    let newest = m.past().iter().rev().take(NOTES).map(|past| &past.turn.id);
    let running = m.turn().into_iter().chain(m.interrupted()).map(|turn| &turn.id);
    newest
        .chain(running)
        .filter_map(|id| {
            let note = m.turn_notes().get(id)?;
            let view = TurnNoteView {
                summary: note.summary.clone(),
                marks: note.marks.clone(),
                by: note.by.clone(),
                at: note.at,
            };
            Some((id.clone(), view))
        })
        .collect()
}

pub(super) fn scripts(m: &Meeting) -> BTreeMap<ItemId, ScriptView> {
    m.scripts()
        .iter()
        .map(|(id, script)| {
            let view = ScriptView {
                text: script.text.clone(),
                by: script.by.clone(),
                at: script.at,
            };
            (id.clone(), view)
        })
        .collect()
}
