//! The list and the reports: what comes before the ballots.

use crate::confidence::decide::Decided;
use crate::confidence::event::ConfidenceEvent;
use crate::confidence::{Confidence, Mode, Row, Step, Subject};
use crate::id::LineId;
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::sitting::given;
use std::collections::BTreeSet;

/// At most so many people on a list.
const MOST: usize = 60;
/// Longest name or office, in characters.
const LONGEST: usize = 300;
/// Longest id, in characters.
const LONGEST_ID: usize = 64;

impl Meeting {
    pub(crate) fn prepare_confidence(&self, mode: Mode, decision: &str, subjects: &[Subject]) -> Decided {
        let again = |one: &Confidence| matches!(one.step, Step::Listing | Step::Cancelled);
        if !self.confidence.as_ref().is_none_or(again) {
            return Err(Refusal::ConfidenceState);
        }
        let decision = given(decision)?;
        let ids: BTreeSet<&LineId> = subjects.iter().map(|subject| &subject.id).collect();
        if ids.len() != subjects.len() || !(1..=MOST).contains(&subjects.len()) || !subjects.iter().all(Subject::sound)
        {
            return Err(Refusal::OutOfRange);
        }
        let mut people = subjects.iter().filter_map(|subject| subject.person.as_ref());
        if !people.clone().all(|person| self.setup.people.contains_key(person)) {
            return Err(Refusal::Unknown);
        }
        if let Some(person) = people.find(|person| self.on_the_board(person)) {
            return Err(Refusal::BoardConflict { person: person.clone() });
        }
        Ok(vec![ConfidenceEvent::Prepared {
            mode,
            decision,
            subjects: subjects.to_vec(),
        }])
    }

    pub(crate) fn send_report(&self, line: &LineId) -> Decided {
        let row = self.confidence_in(Step::Listing)?.row(line)?;
        if row.report_sent || !row.resigned.is_empty() {
            return Err(Refusal::NoChange);
        }
        Ok(vec![ConfidenceEvent::ReportSent { line: line.clone() }])
    }

    /// Whoever is not there is voted on all the same.
    pub(crate) fn note_absent(&self, line: &LineId, absent: bool) -> Decided {
        if self.confidence_in(Step::Listing)?.row(line)?.absent == absent {
            return Err(Refusal::NoChange);
        }
        Ok(vec![ConfidenceEvent::AbsenceNoted {
            line: line.clone(),
            absent,
        }])
    }

    /// Only before the casting: what is in a box stays in it. Somebody must be left to vote on.
    pub(crate) fn resign(&self, line: &LineId, reason: &str) -> Decided {
        let confidence = self.confidence_in(Step::Listing)?;
        if !confidence.row(line)?.resigned.is_empty() {
            return Err(Refusal::NoChange);
        }
        if confidence.voted_on().count() == 1 {
            return Err(Refusal::OutOfRange);
        }
        Ok(vec![ConfidenceEvent::Resigned {
            line: line.clone(),
            reason: given(reason)?,
        }])
    }
}

impl Confidence {
    fn row(&self, line: &LineId) -> Result<&Row, Refusal> {
        let row = self.rows.iter().find(|row| row.subject.id == *line);
        row.ok_or(Refusal::Unknown)
    }
}

impl Subject {
    fn sound(&self) -> bool {
        let within = |text: &str, longest| text.chars().count() <= longest;
        !self.name.trim().is_empty()
            && !self.id.0.trim().is_empty()
            && within(&self.name, LONGEST)
            && within(&self.office, LONGEST)
            && within(&self.id.0, LONGEST_ID)
    }
}
