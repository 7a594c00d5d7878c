//! From an event about a confidence vote to the state it changes. Total: nothing here decides.

use crate::confidence::event::ConfidenceEvent;
use crate::confidence::{Confidence, Mode, Row, Step, Subject};
use crate::id::{LineId, Time};
use crate::meeting::Meeting;
use crate::paper::Boxes;

impl Meeting {
    pub(crate) fn apply_confidence(&mut self, event: &ConfidenceEvent, at: Time) {
        if let ConfidenceEvent::Prepared {
            mode,
            decision,
            subjects,
        } = event
        {
            let before = self.confidence.take().filter(|before| before.step == Step::Listing);
            self.confidence = Some(prepared(*mode, decision, subjects, before.as_ref(), at));
        } else if let Some(confidence) = &mut self.confidence {
            confidence.change(event, at);
        }
    }
}

/// A new list. Of a row that is as it was, what happened stays.
fn prepared(mode: Mode, decision: &str, subjects: &[Subject], before: Option<&Confidence>, at: Time) -> Confidence {
    let row = |subject: &Subject| {
        let same = before.and_then(|before| before.rows.iter().find(|row| row.subject == *subject));
        same.cloned().unwrap_or_else(|| Row {
            subject: subject.clone(),
            report_sent: false,
            absent: false,
            resigned: String::new(),
        })
    };
    Confidence {
        step: Step::Listing,
        since: at,
        mode,
        decision: decision.to_owned(),
        rows: subjects.iter().map(row).collect(),
        total: 0,
        present: 0,
        boxes: Boxes::default(),
        result: Vec::new(),
        resolution: String::new(),
        reason: String::new(),
    }
}

impl Confidence {
    fn change(&mut self, event: &ConfidenceEvent, at: Time) {
        match event {
            ConfidenceEvent::Prepared { .. } => {}
            ConfidenceEvent::ReportSent { line } => self.change_row(line, |row| row.report_sent = true),
            ConfidenceEvent::AbsenceNoted { line, absent } => self.change_row(line, |row| row.absent = *absent),
            ConfidenceEvent::Resigned { line, reason } => self.change_row(line, |row| row.resigned.clone_from(reason)),
            ConfidenceEvent::CastingStarted { total, present } => {
                self.enter(Step::Casting, at);
                (self.total, self.present) = (*total, *present);
            }
            ConfidenceEvent::Announced { result } => {
                self.enter(Step::Announced, at);
                self.result.clone_from(result);
            }
            ConfidenceEvent::Confirmed { resolution } => {
                self.enter(Step::Confirmed, at);
                self.resolution.clone_from(resolution);
            }
            ConfidenceEvent::Cancelled { reason } => {
                self.enter(Step::Cancelled, at);
                self.reason.clone_from(reason);
            }
        }
    }

    pub(crate) fn enter(&mut self, step: Step, at: Time) {
        (self.step, self.since) = (step, at);
    }

    fn change_row(&mut self, line: &LineId, change: impl FnOnce(&mut Row)) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.subject.id == *line) {
            change(row);
        }
    }
}
