//! What people ask of a confidence vote.

use crate::confidence::{Mode, Subject};
use crate::id::LineId;
use serde::{Deserialize, Serialize};

/// Everything that can be asked of a confidence vote (PRODUCT 3.6); its boxes are asked for by `PaperCommand`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum ConfidenceCommand {
    /// Lập danh sách, or change it while no ballot was given out.
    Prepare {
        /// In one hall, or at the bridge points.
        mode: Mode,
        /// By which decision; not empty.
        decision: String,
        /// The list, in the order of the ballot.
        subjects: Vec<Subject>,
    },
    /// The report of this person was sent to the delegates.
    SendReport {
        /// Which row.
        line: LineId,
    },
    /// The person is not there, or is; voted on all the same.
    NoteAbsent {
        /// Which row.
        line: LineId,
        /// Not there.
        absent: bool,
    },
    /// The person has resigned: the row is locked.
    Resign {
        /// Which row.
        line: LineId,
        /// Why; not empty.
        reason: String,
    },
    /// Phát phiếu, bỏ phiếu.
    StartCasting,
    /// Kiểm phiếu, after every box is closed.
    StartCounting,
    /// Công bố.
    Announce,
    /// Nghị quyết xác nhận.
    Confirm {
        /// Number and date; not empty.
        resolution: String,
    },
    /// Huỷ, before the announcement.
    Cancel {
        /// Why; not empty.
        reason: String,
    },
}
