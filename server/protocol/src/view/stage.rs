//! What the rooms are shown, and their technical checks (PRODUCT 3.8, 3.11, 3.12).

use meeting::StageMode;
use meeting::check::{CheckFigures, CheckItem, Grade};
use meeting::cut::Preset;
use meeting::id::{EndpointId, PersonId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What every screen shows, decided by the floor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StageView {
    /// Kind of picture.
    pub mode: StageMode,
    /// The room in the large picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub primary: Option<EndpointId>,
    /// The room beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub secondary: Option<EndpointId>,
    /// What somebody has put there by hand; absent = the stage follows the floor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub arranged: Option<ArrangedView>,
}

/// A picture put on every screen by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ArrangedView {
    /// Which.
    pub preset: Preset,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Time,
    /// When it gives way to the floor; absent = not before the floor changes hands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub until: Option<Time>,
}

/// Everybody but the chair is silenced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SilenceView {
    /// By whom.
    pub by: PersonId,
    /// Since when.
    pub at: Time,
    /// Until when taking it back opens again what had been opened by hand.
    pub slip_until: Time,
}

/// A console that receives pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct WatchView {
    /// Since when.
    pub since: Time,
}

/// State of a room's technical check (PRODUCT 3.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Chưa kiểm tra: never, or on another device.
    Unchecked,
    /// Đang kiểm tra.
    Checking,
    /// Đạt.
    Passed,
    /// Đạt có điều kiện.
    Conditional,
    /// Không đạt.
    Failed,
}

/// A room's technical check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CheckView {
    /// Where it stands.
    pub state: CheckState,
    /// Since when it is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub asked_at: Option<Time>,
    /// When the last one was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub at: Option<Time>,
    /// What the last one found; only for technicians and rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub figures: Option<CheckFigures>,
    /// What each figure is worth; only for technicians and rooms.
    pub grades: BTreeMap<CheckItem, Grade>,
    /// How many checks this room has had.
    pub number: u32,
}
