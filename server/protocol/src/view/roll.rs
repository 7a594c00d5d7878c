//! Attendance and quorum (PRODUCT 3.4).

use meeting::command::{Attendance, CallOrder};
use meeting::id::{PersonId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Attendance as numbers; guests never count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct QuorumView {
    /// Legal total of delegates.
    pub total: u32,
    /// Present.
    pub present: u32,
    /// … in the hall.
    pub hall: u32,
    /// … at bridge points.
    pub sites: u32,
    /// … online by themselves.
    pub online: u32,
    /// Needed.
    pub needed: u32,
    /// Enough.
    pub met: bool,
    /// Connection lost.
    pub disconnected: u32,
    /// Excused.
    pub excused: u32,
    /// Absent without reason.
    pub absent: u32,
    /// Not yet taken.
    pub unknown: u32,
}

/// Stage of a roll call (PRODUCT 3.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RollState {
    /// Electronic check-in runs.
    Electronic,
    /// The electronic part is over; the secretary goes on to call names, or freezes.
    Collected,
    /// Gọi tên lượt 1.
    FirstRound,
    /// Gọi tên lượt 2.
    SecondRound,
}

/// A roll call under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RollView {
    /// Its number: the snapshot it will become.
    pub number: u32,
    /// Where it stands.
    pub state: RollState,
    /// When the electronic part ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub until: Option<Time>,
    /// In which order names are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub order: Option<CallOrder>,
    /// Who is called now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub calling: Option<PersonId>,
    /// Who is next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub next: Option<PersonId>,
    /// How many are still to be called in this round.
    pub left: u32,
    /// How many did not answer in the first round.
    pub unanswered: u32,
}

/// A frozen roll call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SnapshotView {
    /// When.
    pub at: Time,
    /// Present.
    pub present: u32,
    /// Of how many.
    pub total: u32,
    /// Enough, by the rule of that moment.
    pub met: bool,
    /// Each delegate's state at that moment; only for chair and secretary.
    pub states: BTreeMap<PersonId, Attendance>,
}

/// A site lead's proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProposalView {
    /// Who proposes.
    pub by: PersonId,
    /// When.
    pub at: Time,
    /// Who is there.
    pub present: Vec<PersonId>,
}

/// An absence asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LeaveView {
    /// When.
    pub at: Time,
    /// Why.
    pub reason: String,
}

/// A correction of an attendance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CorrectionView {
    /// When it was asked for.
    pub at: Time,
    /// What the attendance should be.
    pub to: Attendance,
    /// Why.
    pub reason: String,
}
