//! The steps of a confidence vote: each is somebody's word, none the clock's (PRODUCT 3.0 P4).

use crate::confidence::command::ConfidenceCommand;
use crate::confidence::event::ConfidenceEvent;
use crate::confidence::result::{Outcome, outcome};
use crate::confidence::{Confidence, Mode, Step, Subject};
use crate::event::Event;
use crate::meeting::Meeting;
use crate::paper::count::Form;
use crate::paper::decide::Sheet;
use crate::paper::{Poll, Stage};
use crate::refusal::Refusal;
use crate::sitting::given;

/// A decision about a confidence vote.
pub(crate) type Decided = Result<Vec<ConfidenceEvent>, Refusal>;

impl Meeting {
    pub(crate) fn decide_confidence(&self, command: &ConfidenceCommand) -> Result<Vec<Event>, Refusal> {
        let events = match command {
            ConfidenceCommand::Prepare {
                mode,
                decision,
                subjects,
            } => self.prepare_confidence(*mode, decision, subjects),
            ConfidenceCommand::SendReport { line } => self.send_report(line),
            ConfidenceCommand::NoteAbsent { line, absent } => self.note_absent(line, *absent),
            ConfidenceCommand::Resign { line, reason } => self.resign(line, reason),
            ConfidenceCommand::StartCasting => self.start_casting(),
            ConfidenceCommand::StartCounting => {
                let events = self.start_counting(&Poll::Confidence, true)?;
                return Ok(events.into_iter().map(Event::Paper).collect());
            }
            ConfidenceCommand::Announce => self.announce_confidence(),
            ConfidenceCommand::Confirm { resolution } => self.confirm_confidence(resolution),
            ConfidenceCommand::Cancel { reason } => self.cancel_confidence(reason),
        };
        Ok(events?.into_iter().map(Event::Confidence).collect())
    }

    /// The confidence vote, at this step.
    pub(crate) fn confidence_in(&self, step: Step) -> Result<&Confidence, Refusal> {
        let confidence = self.confidence.as_ref().filter(|one| one.step == step);
        confidence.ok_or(Refusal::ConfidenceState)
    }

    /// The confidence vote of this sitting, if one was prepared.
    #[must_use]
    pub fn confidence(&self) -> Option<&Confidence> {
        self.confidence.as_ref()
    }

    /// From the first ballot to the announcement the sitting does not end.
    pub(crate) fn no_confidence_under_way(&self) -> Result<(), Refusal> {
        match &self.confidence {
            Some(confidence) if confidence.is_under_way() => Err(Refusal::ConfidenceState),
            Some(_) | None => Ok(()),
        }
    }

    /// Phát phiếu: every report is with the delegates, somebody counts, and the legal total is frozen.
    fn start_casting(&self) -> Decided {
        let confidence = self.confidence_in(Step::Listing)?;
        self.no_vote_under_way()?;
        self.board_for(confidence.people())?;
        // A list that was made anew may hold nobody but those who have resigned.
        if confidence.voted_on().next().is_none() {
            return Err(Refusal::OutOfRange);
        }
        let unsent = confidence
            .rows
            .iter()
            .filter(|row| row.resigned.is_empty() && !row.report_sent)
            .count();
        if unsent > 0 {
            return Err(Refusal::ReportsMissing {
                count: u32::try_from(unsent).unwrap_or(u32::MAX),
            });
        }
        let quorum = self.quorum();
        if !quorum.met() {
            return Err(Refusal::NoQuorum {
                present: quorum.present,
                needed: quorum.needed,
            });
        }
        Ok(vec![ConfidenceEvent::CastingStarted {
            total: quorum.total,
            present: quorum.present,
        }])
    }

    /// The confidence vote as far as its paper goes.
    pub(crate) fn confidence_sheet(&self) -> Option<Sheet<'_>> {
        let confidence = self.confidence.as_ref()?;
        let stage = match confidence.step {
            Step::Casting => Stage::Casting,
            Step::Counting => Stage::Counting,
            Step::Minutes => Stage::Minutes,
            Step::Listing | Step::Announced | Step::Confirmed | Step::Cancelled => return None,
        };
        let levels = &self.setup.rules.confidence.levels;
        Some(Sheet {
            stage,
            boxes: &confidence.boxes,
            most: confidence.total,
            one_hall: confidence.mode == Mode::Hall,
            form: Form {
                lines: confidence.voted_on().map(|subject| subject.id.clone()).collect(),
                choices: levels.iter().map(|level| level.id.clone()).collect(),
                spoilt_alone: self.setup.rules.paper.spoilt_alone,
            },
        })
    }

    /// Công bố, when the board has signed.
    fn announce_confidence(&self) -> Decided {
        let confidence = self.confidence_in(Step::Minutes)?;
        let board = self.board.as_ref().ok_or(Refusal::NoBoard)?;
        let count = confidence.boxes.unsigned(board);
        if count > 0 {
            return Err(Refusal::NotSigned { count });
        }
        let result = self.confidence_outcome().ok_or(Refusal::ConfidenceState)?;
        Ok(vec![ConfidenceEvent::Announced { result }])
    }

    /// The result as it stands once every box does; what is announced is this one.
    #[must_use]
    pub fn confidence_outcome(&self) -> Option<Vec<Outcome>> {
        let confidence = self.confidence.as_ref()?;
        let mut all = confidence.boxes.merged()?;
        let rules = &self.setup.rules.confidence;
        let of = |subject: &Subject| {
            let marks = all.marks.remove(&subject.id)?;
            Some(outcome(&subject.id, marks, confidence.total, rules))
        };
        confidence.voted_on().map(of).collect()
    }

    fn confirm_confidence(&self, resolution: &str) -> Decided {
        self.confidence_in(Step::Announced)?;
        Ok(vec![ConfidenceEvent::Confirmed {
            resolution: given(resolution)?,
        }])
    }

    fn cancel_confidence(&self, reason: &str) -> Decided {
        if self.confidence.as_ref().is_none_or(Confidence::is_over) {
            return Err(Refusal::ConfidenceState);
        }
        Ok(vec![ConfidenceEvent::Cancelled { reason: given(reason)? }])
    }
}
