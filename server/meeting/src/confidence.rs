//! Lấy phiếu tín nhiệm: levels of confidence in each person on a list, on secret paper ballots (PRODUCT 3.6).
//!
//! What stands here is the list, the steps and the result; the boxes and their counts are the business of `paper`. Nothing
//! knows a voter's choice, so nothing can betray it. Shares are of the legal total of delegates, never of the ballots; what
//! follows from them is data. Nobody is ranked: a result has the order of the list. It does **not** know secret electronic
//! ballots.
//!
//! What PRODUCT leaves open, and how it is settled here:
//! - A sitting takes one such vote; one that was cancelled may be prepared anew.
//! - Whoever resigns before the casting is not voted on any more; the row stays, locked, with its reason.
//! - Reports need not be sent while the board is elected, but before the first ballot is given out.

mod apply;
pub mod command;
mod decide;
pub mod event;
mod prepare;
pub mod result;
pub mod rules;

use crate::id::{LineId, PersonId, Time};
use crate::paper::Boxes;
use result::Outcome;
use serde::{Deserialize, Serialize};

/// Where a confidence vote stands (PRODUCT 3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "ConfidenceStep"))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Lập danh sách, gửi báo cáo tự đánh giá.
    Listing,
    /// Phát phiếu và bỏ phiếu.
    Casting,
    /// Kiểm phiếu.
    Counting,
    /// Biên bản kiểm phiếu: the counts stand, the board signs.
    Minutes,
    /// Công bố.
    Announced,
    /// Nghị quyết xác nhận.
    Confirmed,
    /// Huỷ.
    Cancelled,
}

/// Where the ballots are cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "ConfidenceMode"))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// All delegates gather in one hall.
    Hall,
    /// A box at each bridge point.
    Sites,
}

/// Somebody on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "ConfidenceSubject"))]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The row's name for the machine.
    pub id: LineId,
    /// Full name, as it stands on the ballot.
    pub name: String,
    /// The office; may be empty.
    pub office: String,
    /// Who it is, if the person is on the roster: then not of the board.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub person: Option<PersonId>,
}

/// A row of the list, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Who.
    pub subject: Subject,
    /// The report was sent to the delegates.
    pub report_sent: bool,
    /// Not there; voted on all the same.
    pub absent: bool,
    /// Why the person resigned; empty = did not. Then the row is locked.
    pub resigned: String,
}

/// A confidence vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confidence {
    /// Where it stands.
    pub step: Step,
    /// Since when.
    pub since: Time,
    /// In one hall, or at the bridge points.
    pub mode: Mode,
    /// By which decision it is held.
    pub decision: String,
    /// The list, in the order of the ballot.
    pub rows: Vec<Row>,
    /// The legal total when the first ballot could be given out: the base of every share. 0 before.
    pub total: u32,
    /// Delegates who were present then.
    pub present: u32,
    /// The boxes.
    pub boxes: Boxes,
    /// The result, once announced; in the order of the list.
    pub result: Vec<Outcome>,
    /// The resolution that confirms it; empty before.
    pub resolution: String,
    /// Why it was cancelled; empty if it was not.
    pub reason: String,
}

impl Confidence {
    /// The rows that are voted on.
    pub fn voted_on(&self) -> impl Iterator<Item = &Subject> {
        let standing = self.rows.iter().filter(|row| row.resigned.is_empty());
        standing.map(|row| &row.subject)
    }

    /// Everybody on the list who is on the roster, whether voted on or not.
    pub(crate) fn people(&self) -> impl Iterator<Item = &PersonId> {
        self.rows.iter().filter_map(|row| row.subject.person.as_ref())
    }

    /// From the first ballot to the announcement.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        match self.step {
            Step::Casting | Step::Counting | Step::Minutes => true,
            Step::Listing | Step::Announced | Step::Confirmed | Step::Cancelled => false,
        }
    }

    /// Announced, or cancelled.
    #[must_use]
    pub fn is_over(&self) -> bool {
        match self.step {
            Step::Announced | Step::Confirmed | Step::Cancelled => true,
            Step::Listing | Step::Casting | Step::Counting | Step::Minutes => false,
        }
    }
}
