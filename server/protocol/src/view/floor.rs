//! The agenda, the list of speakers and who has the floor (PRODUCT 3.3).

use meeting::ceremony::{Caption, Ceremony, Name};
use meeting::command::OutOfOrder;
use meeting::event::PauseReason;
use meeting::id::{EndpointId, ItemId, PersonId, RequestId, SiteId, Time, TurnId};
use meeting::note::Mark;
use meeting::request::RequestState;
use meeting::setup::{ItemKind, RequestKind, TieBreak};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// An agenda item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ItemView {
    /// Title.
    pub title: String,
    /// What it is for.
    pub kind: ItemKind,
    /// … as it is read.
    pub kind_name: String,
    /// Questions are put on it.
    pub asks: bool,
    /// When it is planned to begin; absent while there is nothing to count from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub planned_at: Option<Time>,
    /// Whom a ceremony is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ceremony: Option<Ceremony>,
    /// Planned minutes.
    pub minutes: u32,
    /// Place in the agenda.
    pub order: u32,
    /// When it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub opened_at: Option<Time>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub closed_at: Option<Time>,
}

/// State of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ListState {
    /// Closed.
    Closed,
    /// Open.
    Open,
    /// Open, and closing at `closes_at`.
    Closing,
}

/// The list as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ListView {
    /// Open or not.
    pub state: ListState,
    /// Until when requests count as simultaneous.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub window_until: Option<Time>,
    /// When it closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub closes_at: Option<Time>,
    /// How simultaneous requests are put in order; shown on every screen.
    pub tie_break: TieBreak,
    /// Waiting or on deck.
    pub waiting: u32,
    /// The request that the rules suggest next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub suggested: Option<RequestId>,
}

/// Why a request deserves a second look (PRODUCT 3.3.3 no. 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Badge {
    /// Lần đầu.
    FirstTime,
    /// Điểm cầu chưa phát biểu.
    SiteUnheard,
    /// Ít thời gian nhất.
    LeastTime,
}

/// A request to speak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RequestView {
    /// Who wants to speak.
    pub person: PersonId,
    /// What for.
    pub kind: RequestKind,
    /// Subject; may be empty.
    pub subject: String,
    /// Where it stands.
    pub state: RequestState,
    /// Place in the queue from 1; absent when it does not wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub position: Option<u32>,
    /// When it was received.
    pub at: Time,
    /// Who entered it, if not the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub entered_by: Option<PersonId>,
    /// The item it belongs to.
    pub item: ItemId,
    /// Came in time but was received after the close.
    pub late: bool,
    /// Second speech on the item.
    pub second: bool,
    /// The person's room can be put on stage.
    pub reachable: bool,
    /// Suggestions.
    pub badges: Vec<Badge>,
    /// Why refused or discarded; only for the chair, the secretary and the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// Seconds that the turn will have; absent = no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seconds: Option<u32>,
}

/// State of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TurnState {
    /// Invited; the clock does not run yet.
    Invited,
    /// Speaking, the clock runs.
    Running,
    /// Paused; `pause` says why.
    Paused,
}

/// Who has the floor. Remaining time = `limit_ms` − `spent_ms` − (now − `running_since`, while it runs).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TurnView {
    /// The turn.
    pub id: TurnId,
    /// Its request, if it came from the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub request: Option<RequestId>,
    /// Who speaks.
    pub person: PersonId,
    /// From where.
    pub site: SiteId,
    /// By which camera and microphone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub endpoint: Option<EndpointId>,
    /// The voice comes by telephone into the chair's room.
    pub by_phone: bool,
    /// What for.
    pub kind: RequestKind,
    /// Subject; may be empty.
    pub subject: String,
    /// Running or not.
    pub state: TurnState,
    /// Why paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pause: Option<PauseReason>,
    /// When the floor was given.
    pub granted_at: Time,
    /// Time allowed, extensions included; absent = no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub limit_ms: Option<u32>,
    /// Time spent before `running_since`.
    pub spent_ms: u32,
    /// Since when the clock runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub running_since: Option<Time>,
    /// Until when the floor is held for a lost line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hold_until: Option<Time>,
    /// The hold is over: the chair must choose.
    pub hold_over: bool,
    /// The room is back; a tap on "tiếp tục" goes on.
    pub ready: bool,
    /// The speaker asks for more time.
    pub asks_extension: bool,
    /// Minutes added so far.
    pub extended_min: u32,
    /// Seconds left at which screens warn.
    pub warnings_s: Vec<u32>,
    /// When the speaker was last reminded; only for the speaker's own screen, the chair and the secretary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reminded_at: Option<Time>,
}

/// A turn that can be taken up again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EndedView {
    /// The turn.
    pub id: TurnId,
    /// Who spoke.
    pub person: PersonId,
    /// Until when.
    pub undo_until: Time,
}

/// A finished turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PastTurnView {
    /// Who spoke.
    pub person: PersonId,
    /// From where.
    pub site: SiteId,
    /// What for.
    pub kind: RequestKind,
    /// On which item.
    pub item: ItemId,
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
    /// Time on the clock.
    pub spoken_ms: u32,
    /// Why out of order, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub out_of_order: Option<OutOfOrder>,
}

/// What a secretary has written of a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TurnNoteView {
    /// Tóm tắt.
    pub summary: String,
    /// What it is marked as.
    pub marks: BTreeSet<Mark>,
    /// Who wrote last.
    pub by: PersonId,
    /// When.
    pub at: Time,
}

/// The words that the chair means to say at an item, written by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ScriptView {
    /// With names in braces where living numbers stand.
    pub text: String,
    /// Who wrote last.
    pub by: PersonId,
    /// When.
    pub at: Time,
}

/// Fairness of one site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FairnessView {
    /// Turns given.
    pub served: u32,
    /// Time spoken, without the running turn.
    pub spoken_ms: u32,
    /// Waiting requests.
    pub waiting: u32,
}

/// Names under the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CaptionView {
    /// Which of the open item's.
    pub caption: Caption,
    /// The document of the ceremony; may be empty.
    pub document: String,
    /// The list, as it is read.
    pub title: String,
    /// The names.
    pub names: Vec<Name>,
}

/// How late the sitting is: `late_ms`, and from `grows_from` on as much more as has passed since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PaceView {
    /// Milliseconds behind the plan; negative = ahead of it.
    pub late_ms: i32,
    /// From when it grows with the clock.
    pub grows_from: Time,
}
