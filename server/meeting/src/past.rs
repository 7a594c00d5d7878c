//! Who has spoken so far, and what follows from it: second turns, rebuttals, who may say a little more.

use crate::event::TurnEnd;
use crate::id::{ItemId, PersonId};
use crate::meeting::Meeting;
use crate::setup::RequestKind;
use crate::turn::Turn;

impl Meeting {
    /// Who spoke last, if nobody has the floor since.
    pub(crate) fn last_speaker(&self) -> Option<&PersonId> {
        if self.turn.is_some() {
            return None;
        }
        let item = self.item.as_ref()?;
        // A turn broken off by a lost line is not over: its request waits with the time left.
        let last = self
            .past
            .last()
            .filter(|past| past.turn.item == *item && past.how != TurnEnd::Held)?;
        Some(&last.turn.person)
    }

    pub(crate) fn has_spoken(&self, person: &PersonId, kind: RequestKind, item: &ItemId) -> bool {
        self.turns_so_far()
            .any(|turn| turn.person == *person && turn.kind == kind && turn.item == *item)
    }

    /// Finished turns, oldest first, then the interrupted one and the one that has the floor.
    pub(crate) fn turns_so_far(&self) -> impl DoubleEndedIterator<Item = &Turn> {
        self.past
            .iter()
            .filter(|past| past.how != TurnEnd::Held)
            .map(|past| &past.turn)
            .chain(&self.interrupted)
            .chain(&self.turn)
    }

    /// Tranh luận is open while a question, answer, speech or rebuttal of this item has the floor or was the last to have it.
    pub(crate) fn rebuttal_open(&self) -> bool {
        let Some(item) = &self.item else { return false };
        self.turns_so_far()
            .rev()
            .find(|turn| turn.item == *item && turn.kind != RequestKind::PointOfOrder)
            .is_some_and(|turn| {
                matches!(
                    turn.kind,
                    RequestKind::Question | RequestKind::Answer | RequestKind::Speech | RequestKind::Rebuttal
                )
            })
    }

    /// Who asked the questions of the block that is being answered (PRODUCT 3.7: a block of one or more askers).
    pub(crate) fn askers(&self) -> Vec<&PersonId> {
        let Some(item) = &self.item else { return Vec::new() };
        self.turns_so_far()
            .rev()
            .filter(|turn| turn.item == *item)
            .skip_while(|turn| turn.kind != RequestKind::Question)
            .take_while(|turn| matches!(turn.kind, RequestKind::Question | RequestKind::PointOfOrder))
            .filter(|turn| turn.kind == RequestKind::Question)
            .map(|turn| &turn.person)
            .collect()
    }

    /// Time a person has spoken so far, without the turn that has the floor, milliseconds.
    #[must_use]
    pub fn spoken_ms(&self, person: &PersonId) -> u32 {
        self.past
            .iter()
            .filter(|past| past.turn.person == *person)
            .fold(0, |sum, past| sum.saturating_add(past.turn.spent_ms))
    }
}
