//! What is written beside the sitting: a secretary's summary of a turn with its marks (PRODUCT 3.10), and the words that the
//! chair means to say at an item of the agenda (PRODUCT 3.9).
//!
//! Notes move nothing: no floor, no clock, no vote reads them. The last writer stands, and who that was is kept. Input: the
//! commands `note_turn` and `write_script`. Output: what the projection shows to the chair and to secretaries.

use crate::event::Event;
use crate::id::{ItemId, PersonId, Time, TurnId};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::turn::Turn;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The longest summary of a turn, in characters.
const LONGEST_SUMMARY: usize = 4_000;
/// The longest script of an item, in characters.
const LONGEST_SCRIPT: usize = 8_000;

/// What a turn is marked as, so that it is found again for the conclusions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "TurnMark"))]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Cam kết.
    Commitment,
    /// Chỉ đạo.
    Direction,
    /// Kiến nghị.
    Petition,
}

/// What a secretary has written of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnNote {
    /// Tóm tắt; may be empty.
    pub summary: String,
    /// What it is marked as.
    pub marks: BTreeSet<Mark>,
    /// Who wrote last.
    pub by: PersonId,
    /// When.
    pub at: Time,
}

/// Words for an item, in place of those that the screens make from their templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// With names in braces where living numbers stand; the screens fill them in.
    pub text: String,
    /// Who wrote last.
    pub by: PersonId,
    /// When.
    pub at: Time,
}

/// All notes of a sitting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Notes {
    turns: BTreeMap<TurnId, TurnNote>,
    scripts: BTreeMap<ItemId, Script>,
}

impl Meeting {
    pub(crate) fn note_turn(
        &self,
        by: &PersonId,
        turn: &TurnId,
        summary: &str,
        marks: &BTreeSet<Mark>,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.any_turns().any(|one| one.id == *turn) {
            return Err(Refusal::Unknown);
        }
        within(summary, LONGEST_SUMMARY)?;
        let before = self.notes.turns.get(turn);
        let unchanged = match before {
            Some(note) => note.summary == summary && note.marks == *marks,
            None => summary.is_empty() && marks.is_empty(),
        };
        if unchanged {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::TurnNoted {
            turn: turn.clone(),
            summary: summary.to_owned(),
            marks: marks.clone(),
            by: by.clone(),
        }])
    }

    pub(crate) fn write_script(&self, by: &PersonId, item: &ItemId, text: &str) -> Result<Vec<Event>, Refusal> {
        if !self.setup.agenda.contains_key(item) {
            return Err(Refusal::Unknown);
        }
        within(text, LONGEST_SCRIPT)?;
        let before = self.notes.scripts.get(item).map_or("", |script| script.text.as_str());
        if before == text {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::ScriptWritten {
            item: item.clone(),
            text: text.to_owned(),
            by: by.clone(),
        }])
    }

    pub(crate) fn apply_turn_noted(&mut self, turn: &TurnId, note: TurnNote) {
        self.notes.turns.insert(turn.clone(), note);
    }

    /// An empty text gives the place back to the template.
    pub(crate) fn apply_script_written(&mut self, item: &ItemId, script: Script) {
        if script.text.is_empty() {
            self.notes.scripts.remove(item);
        } else {
            self.notes.scripts.insert(item.clone(), script);
        }
    }

    /// What was written of turns.
    #[must_use]
    pub fn turn_notes(&self) -> &BTreeMap<TurnId, TurnNote> {
        &self.notes.turns
    }

    /// Scripts that were written by hand.
    #[must_use]
    pub fn scripts(&self) -> &BTreeMap<ItemId, Script> {
        &self.notes.scripts
    }

    /// Every turn that has begun, whatever became of it.
    fn any_turns(&self) -> impl Iterator<Item = &Turn> {
        self.past
            .iter()
            .map(|past| &past.turn)
            .chain(&self.interrupted)
            .chain(&self.turn)
    }
}

fn within(text: &str, longest: usize) -> Result<(), Refusal> {
    if text.chars().count() > longest {
        return Err(Refusal::OutOfRange);
    }
    Ok(())
}
