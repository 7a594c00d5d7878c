//! What one screen may do, and what needs its attention.

use super::kiosk::KioskView;
use super::paper::MyPaper;
use super::question::MyQuestions;
use super::vote::{MyBallot, MyHands};
use meeting::id::{EndpointId, PersonId, RequestId, SiteId, Time, VoteId};
use meeting::refusal::Refusal;
use meeting::setup::RequestKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What kind of attention is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A bridge point lost its line; `count` requests of it wait.
    SiteLost,
    /// A bridge point is back; `count` requests of it wait.
    SiteBack,
    /// Quorum lost.
    QuorumLost,
    /// Quorum is met by two or fewer.
    QuorumThin,
    /// The floor's hold is over.
    HoldOver,
    /// The presiding chair is gone.
    ChairAway,
    /// A co-chair claims the chair.
    ChairClaimed,
    /// A late request waits for the chair's word.
    LateRequest,
    /// The hub was restarted and the turn is paused.
    Restarted,
    /// Everybody but the chair is silenced; `person` did it.
    Silenced,
    /// A picture was put on every screen by hand; `person` did it.
    StageArranged,
}

/// What needs attention.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AlertView {
    /// What kind.
    pub kind: AlertKind,
    /// Since when.
    pub since: Time,
    /// Which site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub site: Option<SiteId>,
    /// Which person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub person: Option<PersonId>,
    /// Which request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub request: Option<RequestId>,
    /// How many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub count: Option<u32>,
}

/// An act whose button a screen may show; the server says whether it is possible now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Command of the same name.
    StartTechnicalCheck,
    /// Command of the same name.
    OpenLobby,
    /// Command of the same name, unrecorded and without override.
    OpenSitting,
    /// Command of the same name.
    Suspend,
    /// Command of the same name.
    Resume,
    /// Command of the same name.
    CloseSitting,
    /// Command of the same name, to some co-chair.
    OfferChair,
    /// Command of the same name.
    AcceptChair,
    /// Command of the same name.
    ClaimChair,
    /// Command of the same name.
    AnswerClaim,
    /// Command of the same name.
    TakeConsole,
    /// Command of the same name.
    OpenItem,
    /// Command of the same name.
    CloseItem,
    /// Command of the same name, by the standing committee.
    ProposeClosed,
    /// Command of the same name.
    DropClosed,
    /// Command of the same name.
    CloseDoors,
    /// Admit rooms and people one by one, or no longer.
    AdmitRoom,
    /// Command of the same name.
    OpenDoors,
    /// Command of the same name.
    ShowCaption,
    /// Command of the same name.
    OpenList,
    /// Command of the same name.
    CloseList,
    /// Running the queue: invite, on deck, defer, refuse, move.
    RunQueue,
    /// Command of the same name.
    InviteDirect,
    /// Command of the same name.
    StartClock,
    /// Command of the same name.
    PauseTurn,
    /// Command of the same name.
    ContinueTurn,
    /// Command of the same name.
    ContinueByPhone,
    /// Command of the same name.
    Extend,
    /// Command of the same name.
    AskExtension,
    /// Command of the same name.
    EndTurn,
    /// Command of the same name.
    UndoEnd,
    /// Command of the same name.
    Remind,
    /// Command of the same name.
    OpenMicrophone,
    /// Command of the same name.
    AskCheck,
    /// Command of the same name, to the hall.
    ArrangeStage,
    /// Command of the same name.
    ReleaseStage,
    /// Command of the same name.
    SilenceAll,
    /// Command of the same name.
    LiftSilence,
    /// Command of the same name.
    StartRoll,
    /// Command of the same name.
    StartCalling,
    /// Command of the same name.
    AnswerCall,
    /// Command of the same name.
    StartSecondRound,
    /// Command of the same name.
    FreezeRoll,
    /// Command of the same name.
    CancelRoll,
    /// Command of the same name.
    CheckIn,
    /// Command of the same name.
    AskLeave,
    /// Command of the same name, for the own site.
    ProposeSite,
    /// Command of the same name.
    Mark,
    /// Command of the same name.
    SetTotal,
    /// Gửi phiếu chất vấn; for a secretary, on behalf of a delegate.
    SendQuestion,
    /// Who answers on the open item.
    CallAnswerer,
    /// Mời trả lời.
    GiveAnswer,
    /// Đánh dấu cam kết, chỉ đạo, kiến nghị.
    TakeNote,
    /// Draft a vote; edit, call ready, discard.
    PrepareVote,
    /// Vote on the own device, in the vote on the screens.
    CastBallot,
    /// Say that the own ballot is recorded wrongly.
    ObjectBallot,
    /// More time for the vote on the screens.
    ExtendVote,
    /// Pause it.
    PauseVote,
    /// Let it go on.
    ContinueVote,
    /// Close it.
    CloseVote,
    /// Close it although somebody is missing and its time is not over.
    CloseVoteEarly,
    /// Announce it.
    AnnounceVote,
    /// Take the result from the screens.
    LockVote,
    /// Cancel it.
    CancelVote,
    /// Prepare the same again.
    RepeatVote,
    /// Enter hands counted at the own bridge point, or at any for a secretary.
    EnterHands,
    /// Make or change the list of a confidence vote, mark its rows.
    PrepareConfidence,
    /// Elect the counting board.
    ElectBoard,
    /// Say how many ballots on paper were given out.
    IssueBallots,
    /// Give out and cast the ballots of the confidence vote.
    StartCasting,
    /// Count them.
    StartCounting,
    /// Announce what was counted.
    AnnounceConfidence,
    /// Enter the resolution that confirms it.
    ConfirmConfidence,
    /// Cancel the confidence vote.
    CancelConfidence,
}

/// The part that belongs to one person's, or one room's, screen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
pub struct Mine {
    /// The person, on a person's screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub person: Option<PersonId>,
    /// The room, on a room's screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub endpoint: Option<EndpointId>,
    /// The kiosk, on a kiosk's screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub kiosk: Option<KioskView>,
    /// This device is the active one. If not, the screen is read-only and says so.
    pub active: bool,
    /// Acts that this screen may show and that are possible now.
    pub can: Vec<Act>,
    /// Acts that belong to this screen but are not possible now, with the reason.
    pub cannot: BTreeMap<Act, Refusal>,
    /// Kinds of request this person may register now.
    pub kinds: Vec<RequestKind>,
    /// Kinds that are not possible now, with the reason.
    pub closed_kinds: BTreeMap<RequestKind, Refusal>,
    /// When this person was last reminded to come to the point, during the own turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reminded_at: Option<Time>,
    /// Why requests of this person were refused or discarded, on the open item.
    #[serde(default)]
    pub reasons: BTreeMap<RequestId, String>,
    /// What this screen can do with questions.
    #[serde(default)]
    pub questions: MyQuestions,
    /// The own ballot in the vote on the screens; absent for whoever has no vote there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ballot: Option<MyBallot>,
    /// Hands to be counted by this site lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hands: Option<MyHands>,
    /// What a member of the counting board has to do, by poll; empty for everybody else.
    #[serde(default)]
    pub papers: BTreeMap<String, MyPaper>,
    /// Votes that this chair could open now.
    #[serde(default)]
    pub openable: Vec<VoteId>,
    /// Votes that are ready and cannot be opened now, with the reason.
    #[serde(default)]
    pub not_openable: BTreeMap<VoteId, Refusal>,
}
