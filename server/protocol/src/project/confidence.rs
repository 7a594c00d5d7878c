//! From the confidence vote of a meeting to a screen.

use super::{paper, runs_the_sitting};
use crate::view::confidence::{ConfidenceResult, ConfidenceRow, ConfidenceView};
use crate::view::{Act, AudienceKind};
use meeting::Meeting;
use meeting::command::{Actor, Command};
use meeting::confidence::command::ConfidenceCommand;
use meeting::confidence::result::Outcome;
use meeting::confidence::{Confidence, Mode, Row, Step, Subject};
use meeting::id::{LineId, Time};
use meeting::refusal::Refusal;

/// The confidence vote as this audience may see it: a list without ballots is for those who run the sitting.
pub(super) fn confidence(m: &Meeting, audience: AudienceKind) -> Option<ConfidenceView> {
    let one = m.confidence()?;
    let inside = runs_the_sitting(audience);
    let announced = match one.step {
        Step::Listing if !inside => return None,
        // Nobody outside knows of a list for which no ballot was given out.
        Step::Cancelled if !inside && one.total == 0 => return None,
        Step::Announced | Step::Confirmed => true,
        Step::Listing | Step::Casting | Step::Counting | Step::Minutes | Step::Cancelled => false,
    };
    let quorum = m.quorum();
    let frozen = one.total > 0;
    let rules = &m.setup().rules.confidence;
    Some(ConfidenceView {
        step: one.step,
        since: one.since,
        mode: one.mode,
        decision: one.decision.clone(),
        rows: one.rows.iter().zip(1..).map(row).collect(),
        levels: rules.levels.clone(),
        consequences: rules.consequences.clone(),
        total: if frozen { one.total } else { quorum.total },
        present: if frozen { one.present } else { quorum.present },
        paper: paper::paper(m, &one.boxes, inside || announced),
        result: outcomes(m, one, inside).iter().map(result).collect(),
        resolution: one.resolution.clone(),
        reason: one.reason.clone(),
    })
}

/// What was announced; for those who run the sitting also what will be.
fn outcomes(m: &Meeting, one: &Confidence, inside: bool) -> Vec<Outcome> {
    match one.step {
        Step::Minutes if inside => m.confidence_outcome().unwrap_or_default(),
        Step::Minutes
        | Step::Announced
        | Step::Confirmed
        | Step::Listing
        | Step::Casting
        | Step::Counting
        | Step::Cancelled => one.result.clone(),
    }
}

fn row((row, place): (&Row, u32)) -> (LineId, ConfidenceRow) {
    let subject = &row.subject;
    let view = ConfidenceRow {
        place,
        name: subject.name.clone(),
        office: subject.office.clone(),
        person: subject.person.clone(),
        report_sent: row.report_sent,
        absent: row.absent,
        resigned: row.resigned.clone(),
    };
    (subject.id.clone(), view)
}

fn result(outcome: &Outcome) -> (LineId, ConfidenceResult) {
    let view = ConfidenceResult {
        marks: outcome.marks.clone(),
        shares: outcome.shares.clone(),
        consequence: outcome.consequence.clone(),
    };
    (outcome.line.clone(), view)
}

/// The buttons of each kind of screen; without a list, only to make one.
pub(super) fn belongs(m: &Meeting, audience: AudienceKind) -> &'static [Act] {
    let listed = m.confidence().is_some();
    match audience {
        AudienceKind::Secretary if listed => &[Act::PrepareConfidence, Act::IssueBallots, Act::ConfirmConfidence],
        AudienceKind::Secretary => &[Act::PrepareConfidence],
        AudienceKind::Chair if listed => &[
            Act::ElectBoard,
            Act::StartCasting,
            Act::StartCounting,
            Act::AnnounceConfidence,
            Act::CancelConfidence,
        ],
        AudienceKind::Chair
        | AudienceKind::Technician
        | AudienceKind::Room
        | AudienceKind::Delegate
        | AudienceKind::Kiosk => &[],
    }
}

/// Which button of a confidence vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConfidenceAct {
    Prepare,
    StartCasting,
    StartCounting,
    Announce,
    Confirm,
    Cancel,
}

/// Tries what the button would send.
pub(super) fn possible(m: &Meeting, who: &Actor, act: ConfidenceAct, now: Time) -> Result<(), Refusal> {
    let reason = || "?".to_owned();
    let command = match act {
        ConfidenceAct::Prepare => ConfidenceCommand::Prepare {
            mode: Mode::Hall,
            decision: reason(),
            subjects: vec![Subject {
                id: "?".into(),
                name: reason(),
                office: String::new(),
                person: None,
            }],
        },
        ConfidenceAct::StartCasting => ConfidenceCommand::StartCasting,
        ConfidenceAct::StartCounting => ConfidenceCommand::StartCounting,
        ConfidenceAct::Announce => ConfidenceCommand::Announce,
        ConfidenceAct::Confirm => ConfidenceCommand::Confirm { resolution: reason() },
        ConfidenceAct::Cancel => ConfidenceCommand::Cancel { reason: reason() },
    };
    m.preview(who, &Command::Confidence(command), now)
}
