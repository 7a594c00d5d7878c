//! The roster, the bridge points and their rooms.

use meeting::command::{Attendance, CallAnswer, Method};
use meeting::id::{GroupId, SiteId, Time};
use meeting::setup::{Role, SiteKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A person of the roster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PersonView {
    /// Full name.
    pub name: String,
    /// Office; may be empty.
    pub title: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Delegate group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<GroupId>,
    /// Where the person sits now.
    pub site: SiteId,
    /// Place in the roster.
    pub order: u32,
    /// A device of this person is connected.
    pub online: bool,
    /// Attendance; for guests too, though they never count.
    pub attendance: Attendance,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub attendance_at: Option<Time>,
    /// How it was established.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub method: Option<Method>,
    /// Why absent; only for chair and secretary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// Answer in the roll call by name under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub answer: Option<CallAnswer>,
}

/// A delegate group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct GroupView {
    /// Name.
    pub name: String,
    /// Place in the list.
    pub order: u32,
}

/// A bridge point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SiteView {
    /// Full name.
    pub name: String,
    /// Short name.
    pub short: String,
    /// Kind of place.
    pub kind: SiteKind,
    /// Telephone of the technician; empty for delegates' screens.
    pub phone: String,
    /// Protocol order.
    pub order: u32,
    /// At least one room endpoint is connected.
    pub online: bool,
    /// Since when it is so; absent before it was ever connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub since: Option<Time>,
    /// Delegates seated here.
    pub seated: u32,
    /// … of whom present.
    pub present: u32,
    /// Waiting requests of people seated here.
    pub waiting: u32,
}

/// A room endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EndpointView {
    /// Where it stands.
    pub site: SiteId,
    /// Its name; may be empty.
    pub name: String,
    /// Connected.
    pub online: bool,
    /// Since when; absent before it was ever connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub since: Option<Time>,
    /// Its microphone is live for everybody.
    pub live: bool,
    /// The microphone was opened by hand ("mở thêm").
    pub opened: bool,
    /// The delegate on deck sits here.
    pub on_deck: bool,
}
