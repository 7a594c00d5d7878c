//! Whether the sitting is public, and who is inside if it is not (PRODUCT 3.13).

use meeting::id::{EndpointId, PersonId, Time};
use meeting::privacy::Ground;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// State of the doors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DoorState {
    /// Công khai.
    Public,
    /// Đề nghị họp kín.
    Proposed,
    /// Họp kín.
    Closed,
}

/// The doors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DoorsView {
    /// Public, proposed to be closed, or closed.
    pub state: DoorState,
    /// This screen is outside: it is told nothing else.
    pub outside: bool,
    /// Since when it is proposed or closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub since: Option<Time>,
    /// Who asks for it; only for chair and secretary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ground: Option<Ground>,
    /// Why it is asked for, or what was decided; only for chair and secretary.
    pub words: String,
    /// All rooms that are inside; only for chair and secretary.
    pub rooms: BTreeSet<EndpointId>,
    /// All people who are inside; only for chair and secretary.
    pub people: BTreeSet<PersonId>,
    /// Why those rooms are inside that were admitted one by one; only for chair and secretary.
    pub room_reasons: BTreeMap<EndpointId, String>,
    /// … and those people.
    pub person_reasons: BTreeMap<PersonId, String>,
}
