//! What happened in a confidence vote.

use crate::confidence::result::Outcome;
use crate::confidence::{Mode, Subject};
use crate::id::LineId;
use serde::{Deserialize, Serialize};

/// Everything that can happen to a confidence vote; what happens to its boxes is a `PaperEvent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum ConfidenceEvent {
    /// The list was made, or changed.
    Prepared {
        /// In one hall, or at the bridge points.
        mode: Mode,
        /// By which decision.
        decision: String,
        /// The list.
        subjects: Vec<Subject>,
    },
    /// A report was sent.
    ReportSent {
        /// Whose.
        line: LineId,
    },
    /// Somebody is not there, or is.
    AbsenceNoted {
        /// Who.
        line: LineId,
        /// Not there.
        absent: bool,
    },
    /// Somebody resigned.
    Resigned {
        /// Who.
        line: LineId,
        /// Why.
        reason: String,
    },
    /// Ballots are given out and cast; the legal total is frozen.
    CastingStarted {
        /// The legal total.
        total: u32,
        /// Delegates present.
        present: u32,
    },
    /// Announced.
    Announced {
        /// The result, in the order of the list.
        result: Vec<Outcome>,
    },
    /// Confirmed by a resolution.
    Confirmed {
        /// Which.
        resolution: String,
    },
    /// Cancelled.
    Cancelled {
        /// Why.
        reason: String,
    },
}
