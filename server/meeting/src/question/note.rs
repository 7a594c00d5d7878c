//! The secretary's marks: cam kết, chỉ đạo, kiến nghị (PRODUCT 3.7, 3.10). What is struck out stays, with the reason.

use crate::id::{NoteId, QuestionId, TurnId};
use crate::meeting::Meeting;
use crate::question::event::QuestionEvent;
use crate::question::{LONGEST_LINE, Note, NoteKind, NoteText};
use crate::refusal::Refusal;
use crate::sitting::given;

/// At most so many notes in a sitting.
const MOST: usize = 2000;
/// Longest "việc gì", in characters.
const LONGEST_WHAT: usize = 1000;

impl Meeting {
    pub(crate) fn take_note(
        &self,
        kind: NoteKind,
        text: &NoteText,
        turn: Option<&TurnId>,
        question: Option<&QuestionId>,
    ) -> Result<QuestionEvent, Refusal> {
        if self.undertakings.len() >= MOST {
            return Err(Refusal::OutOfRange);
        }
        let spoken = |id: &TurnId| self.turns_ever().any(|turn| turn.id == *id);
        if turn.is_some_and(|turn| !spoken(turn)) || question.is_some_and(|id| !self.questions.contains_key(id)) {
            return Err(Refusal::Unknown);
        }
        Ok(QuestionEvent::Noted {
            note: NoteId(format!("n{}", self.undertakings.len() + 1)),
            kind,
            text: text.sound()?,
            item: self.item.clone(),
            turn: turn.cloned(),
            question: question.cloned(),
        })
    }

    pub(crate) fn change_note(&self, id: &NoteId, text: &NoteText) -> Result<QuestionEvent, Refusal> {
        let note = self.standing_note(id)?;
        let text = text.sound()?;
        if note.text == text {
            return Err(Refusal::NoChange);
        }
        Ok(QuestionEvent::NoteChanged { note: id.clone(), text })
    }

    pub(crate) fn drop_note(&self, id: &NoteId, reason: &str) -> Result<QuestionEvent, Refusal> {
        self.standing_note(id)?;
        Ok(QuestionEvent::NoteDropped {
            note: id.clone(),
            reason: given(reason)?,
        })
    }

    fn standing_note(&self, id: &NoteId) -> Result<&Note, Refusal> {
        let note = self.undertakings.get(id).ok_or(Refusal::Unknown)?;
        if note.dropped.is_some() {
            return Err(Refusal::NoChange);
        }
        Ok(note)
    }

    /// The open item has its conclusion: spoken, or noted as a directive or a recommendation.
    pub(crate) fn is_concluded(&self) -> bool {
        let spoken = self
            .turns_ever()
            .any(|turn| turn.kind == crate::setup::RequestKind::Conclusion && Some(&turn.item) == self.item.as_ref());
        let noted = self.undertakings.values().any(|note| {
            let concludes = matches!(note.kind, NoteKind::Directive | NoteKind::Recommendation);
            concludes && note.dropped.is_none() && note.item == self.item
        });
        spoken || noted
    }
}

impl NoteText {
    /// Trimmed, with what is compulsory.
    fn sound(&self) -> Result<Self, Refusal> {
        let text = Self {
            what: self.what.trim().to_owned(),
            who: self.who.trim().to_owned(),
            due: self.due,
            measure: self.measure.trim().to_owned(),
        };
        if text.what.is_empty() || text.who.is_empty() {
            return Err(Refusal::TextMissing);
        }
        let long = |part: &str, most| part.chars().count() > most;
        if long(&text.what, LONGEST_WHAT) || long(&text.who, LONGEST_LINE) || long(&text.measure, LONGEST_LINE) {
            return Err(Refusal::OutOfRange);
        }
        Ok(text)
    }
}
