//! What a screen may know. Views are made by the server from the meeting (`project`); a browser holds a mirror of them and
//! no rule of its own.
//!
//! Laws: collections are maps keyed by id; no field is nullable (an absent field is absent), so that a JSON merge patch
//! (RFC 7396) can say every change: `merge(a, diff(a, b)) == b`. Times are milliseconds since the Unix epoch on the server's
//! clock; durations are milliseconds (`_ms`) or seconds (`_s`).

pub mod confidence;
mod desk;
pub mod doors;
mod floor;
mod kiosk;
pub mod paper;
mod people;
pub mod question;
mod roll;
mod stage;
pub mod vote;

use doors::DoorsView;
use meeting::check::CheckRules;
use meeting::id::{
    EndpointId, GroupId, ItemId, NoteId, PersonId, QuestionId, RequestId, SiteId, SittingId, Time, TurnId, VoteId,
};
use meeting::paper::rules::PaperRules;
use meeting::vote::rules::VoteRules;
use paper::BoardView;
use question::{BlockView, NoteView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

pub use confidence::ConfidenceView;
pub use desk::{Act, AlertKind, AlertView, Mine};
pub use floor::{
    Badge, CaptionView, EndedView, FairnessView, ItemView, ListState, ListView, PaceView, PastTurnView, RequestView,
    ScriptView, TurnNoteView, TurnState, TurnView,
};
pub use kiosk::{KioskView, VoterState};
pub use meeting::event::PauseReason;
pub use meeting::request::RequestState;
pub use meeting::{Phase, StageMode};
pub use people::{EndpointView, GroupView, PersonView, SiteView};
pub use question::QuestionView;
pub use roll::{CorrectionView, LeaveView, ProposalView, QuorumView, RollState, RollView, SnapshotView};
pub use stage::{ArrangedView, CheckState, CheckView, SilenceView, StageView, WatchView};
pub use vote::VoteView;

/// Which screen asks. Decides what is shown and what is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AudienceKind {
    /// Bàn chủ tọa: presiding chair and co-chairs.
    Chair,
    /// Bàn thư ký.
    Secretary,
    /// Bàn kỹ thuật.
    Technician,
    /// A room's camera, microphone and big screen.
    Room,
    /// A delegate's, guest's or site lead's tablet or phone.
    Delegate,
    /// Bàn phiếu: a shared tablet of a bridge point, on which delegates without a device vote.
    Kiosk,
}

/// The part that every screen of one audience shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Shared {
    /// The sitting itself.
    pub sitting: SittingView,
    /// Whether it is public, and who is inside if it is not.
    pub doors: DoorsView,
    /// The roster.
    pub people: BTreeMap<PersonId, PersonView>,
    /// Delegate groups.
    pub groups: BTreeMap<GroupId, GroupView>,
    /// Bridge points.
    pub sites: BTreeMap<SiteId, SiteView>,
    /// Room endpoints.
    pub endpoints: BTreeMap<EndpointId, EndpointView>,
    /// The agenda.
    pub agenda: BTreeMap<ItemId, ItemView>,
    /// Names of a ceremony that stand under the picture; absent = none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub caption: Option<CaptionView>,
    /// The list of speakers as a whole.
    pub list: ListView,
    /// Requests to speak that are not yet ended or withdrawn, and those that ended on the open item.
    pub requests: BTreeMap<RequestId, RequestView>,
    /// Who has the floor; absent = nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub turn: Option<TurnView>,
    /// The turn that a point of order interrupted, or that waits because its room lost the line while another speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub interrupted: Option<TurnView>,
    /// The turn that has just ended and can still be taken up again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ended: Option<EndedView>,
    /// Finished turns in order of their end, newest last (at most 200): of the open item; for secretaries of the whole sitting.
    pub turns: BTreeMap<TurnId, PastTurnView>,
    /// What was written of the turns that are shown; only for chair and secretary.
    pub notes: BTreeMap<TurnId, TurnNoteView>,
    /// What the chair means to say, where it was written by hand; only for chair and secretary.
    pub scripts: BTreeMap<ItemId, ScriptView>,
    /// What every screen shows.
    pub stage: StageView,
    /// Fairness by site; only for chair and secretary, empty for others.
    pub fairness: BTreeMap<SiteId, FairnessView>,
    /// Attendance as numbers.
    pub quorum: QuorumView,
    /// The roll call under way; absent = none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub roll: Option<RollView>,
    /// Frozen snapshots by number ("1", "2", …).
    pub snapshots: BTreeMap<String, SnapshotView>,
    /// Proposals of site leads that wait for the secretary; only for chair and secretary.
    pub proposals: BTreeMap<SiteId, ProposalView>,
    /// Absences asked for that wait for the chair; only for chair and secretary.
    pub leaves: BTreeMap<PersonId, LeaveView>,
    /// Corrections of attendance after the close that wait for the chair; only for chair and secretary.
    pub corrections: BTreeMap<PersonId, CorrectionView>,
    /// The rooms' technical checks; not for delegates.
    pub checks: BTreeMap<EndpointId, CheckView>,
    /// From where on a room passes; only for technicians and rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub check_rules: Option<CheckRules>,
    /// Everybody but the chair is silenced; absent = no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub silence: Option<SilenceView>,
    /// Whose consoles receive the pictures of all rooms; only for chair, secretary and technician.
    pub watching: BTreeMap<PersonId, WatchView>,
    /// Questions that this audience may know of.
    pub questions: BTreeMap<QuestionId, QuestionView>,
    /// Who answers, and what waits for an answer; absent where no questions are asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub block: Option<BlockView>,
    /// What was promised, ordered and proposed; only for chair and secretary.
    pub undertakings: BTreeMap<NoteId, NoteView>,
    /// Votes: what was opened, and for chair and secretary also what is prepared.
    pub votes: BTreeMap<VoteId, VoteView>,
    /// The vote that stands on the screens: under way, or announced last; absent = none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub vote: Option<VoteId>,
    /// The rules from which a vote is prepared; only for chair and secretary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub vote_rules: Option<VoteRules>,
    /// The confidence vote; absent = none, or its list is still being made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub confidence: Option<ConfidenceView>,
    /// Ban kiểm phiếu; absent = none was elected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub board: Option<BoardView>,
    /// The rules by which ballots on paper are counted; only for chair and secretary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub paper_rules: Option<PaperRules>,
    /// What needs attention, by a stable key; only for chair, secretary and technician.
    pub alerts: BTreeMap<String, AlertView>,
}

/// The sitting itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SittingView {
    /// Its id.
    pub id: SittingId,
    /// Its title.
    pub title: String,
    /// The organisation's levels, top first; the last one is the body that meets.
    pub bodies: Vec<String>,
    /// Where it stands.
    pub phase: Phase,
    /// Since when.
    pub since: Time,
    /// When it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub opened_at: Option<Time>,
    /// When it is planned to begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub starts_at: Option<Time>,
    /// How late it is; absent before it opens and after its last item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pace: Option<PaceView>,
    /// When a break is planned to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub resume_at: Option<Time>,
    /// Opened knowingly without a recording.
    pub unrecorded: bool,
    /// Who presides.
    pub presiding: PersonId,
    /// The presiding chair's console is reachable.
    pub presiding_online: bool,
    /// Since when the presiding chair is gone, if gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub presiding_away_since: Option<Time>,
    /// From when a co-chair is offered "Nhận quyền điều hành", if the chair is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub claim_from: Option<Time>,
    /// To whom the chair has been offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub offered_to: Option<PersonId>,
    /// Who claims the chair and waits for the secretary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub claimed_by: Option<PersonId>,
    /// The secretary may run the queue.
    pub secretary_coordinates: bool,
    /// The open item of the agenda.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub item: Option<ItemId>,
}
