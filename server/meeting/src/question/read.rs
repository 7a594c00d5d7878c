//! What others may read of questions and notes.

use crate::id::{NoteId, PersonId, QuestionId};
use crate::meeting::Meeting;
use crate::question::{Note, Question, QuestionState};
use crate::turn::Turn;
use std::collections::BTreeMap;

impl Meeting {
    /// All questions of the sitting.
    #[must_use]
    pub fn questions(&self) -> &BTreeMap<QuestionId, Question> {
        &self.questions
    }

    /// The questions of the open item that were asked and wait for an answer, in the order in which they were asked.
    pub fn block(&self) -> impl Iterator<Item = &Question> {
        let mut block: Vec<&Question> = self
            .questions
            .values()
            .filter(|question| question.state == QuestionState::Asked && question.item == self.item)
            .collect();
        block.sort_by_key(|question| (question.since, question.id.0.len(), &question.id));
        block.into_iter()
    }

    /// Who answers on the open item, if that is settled.
    #[must_use]
    pub fn answerer(&self) -> Option<&PersonId> {
        self.answerer.as_ref()
    }

    /// All notes, also those struck out.
    #[must_use]
    pub fn undertakings(&self) -> &BTreeMap<NoteId, Note> {
        &self.undertakings
    }

    /// Every turn there was, also those that a lost line broke off.
    pub(crate) fn turns_ever(&self) -> impl Iterator<Item = &Turn> {
        self.past
            .iter()
            .map(|past| &past.turn)
            .chain(&self.interrupted)
            .chain(&self.turn)
    }
}
