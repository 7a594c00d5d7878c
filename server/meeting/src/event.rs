//! What happened. Events are the only thing that changes a `Meeting`; they are written in the past tense and carry all that
//! `apply` needs, so that a journal replayed in ten years, under other rules, gives the same meeting.
//!
//! Nothing here decides. Events come from `Meeting::decide` and `Meeting::due`; they go to the journal and then to
//! `Meeting::apply`.

use crate::agenda::Unserved;
use crate::ceremony::Caption;
use crate::check::{CheckClass, CheckFigures, CheckItem, Grade};
use crate::command::{Actor, Attendance, CallAnswer, CallOrder, Method, OutOfOrder};
use crate::confidence::event::ConfidenceEvent;
use crate::cut::Preset;
use crate::id::{CommandId, DeviceId, EndpointId, ItemId, PersonId, RequestId, SiteId, Time, TurnId, VoteId};
use crate::note::Mark;
use crate::paper::event::PaperEvent;
use crate::privacy::Ground;
use crate::question::event::QuestionEvent;
use crate::roll::Snapshot;
use crate::setup::{RequestKind, Setup, TieBreak};
use crate::vote::event::VoteEvent;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One record of the journal: all its events, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was decided.
    pub at: Time,
    /// Who asked for it.
    pub by: Actor,
    /// The command it answers; absent for what the clock brought about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// How the chair came to another person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOver {
    /// Offered and accepted.
    Accepted,
    /// Claimed, and confirmed by a secretary.
    Claimed,
}

/// Where a new request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the queue, before this request; before none = last.
    Queue {
        /// The request that follows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<RequestId>,
    },
    /// Received after the close: the chair has to say.
    Late,
    /// Given the floor outside the list.
    Direct,
}

/// A request to speak, as it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Its id.
    pub request: RequestId,
    /// Who wants to speak.
    pub person: PersonId,
    /// What for.
    pub kind: RequestKind,
    /// Subject; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The item it belongs to.
    pub item: ItemId,
    /// Priority class, 0 = first (PRODUCT 3.3.1).
    pub class: u8,
    /// Rank within the class: 1 = after all of rank 0 (second speeches; rebuttals of those who did not ask).
    pub rank: u8,
    /// Sequence in the order of receipt.
    pub sequence: u32,
    /// A second or later turn of this kind on the item.
    pub second: bool,
    /// Tied with all others of the registration window.
    pub tied: bool,
    /// Where it stands.
    pub place: Place,
}

/// A grant of the floor, with everything the turn starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The turn's id.
    pub turn: TurnId,
    /// The request it serves.
    pub request: RequestId,
    /// Who speaks.
    pub person: PersonId,
    /// From which site.
    pub site: SiteId,
    /// By which camera and microphone.
    pub endpoint: EndpointId,
    /// What for.
    pub kind: RequestKind,
    /// On which item.
    pub item: ItemId,
    /// Time allowed in milliseconds; absent = no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_ms: Option<u32>,
    /// When the clock starts by itself.
    pub starts_at: Time,
    /// The turn it interrupts (a point of order).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interrupts: Option<TurnId>,
    /// Requests that stood before it in the queue and were passed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<RequestId>,
    /// The chair's reason for passing them over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_order: Option<OutOfOrder>,
}

/// Why the clock of a turn started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockStart {
    /// The speaker's voice was heard.
    Voice,
    /// The time to begin was over.
    Delay,
    /// By hand.
    Hand,
}

/// Why a turn is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// A point of order.
    PointOfOrder,
    /// The room's line is lost.
    LineLost,
    /// The sitting is suspended.
    Suspended,
    /// Technical trouble, by hand.
    Technical,
    /// The hub was restarted.
    Restart,
}

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnEnd {
    /// "Tôi đã phát biểu xong".
    Speaker,
    /// The chair ended it.
    Chair,
    /// A secretary ended it.
    Secretary,
    /// The next speaker was invited.
    Next,
    /// Its room was lost and another was invited: the request is deferred and keeps the time left.
    Held,
    /// The sitting was closed.
    Closed,
}

/// What can happen in a sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Event {
    // --- the sitting ---
    /// The first event of every journal.
    SittingCreated {
        /// Everything the sitting starts from.
        setup: Box<Setup>,
    },
    /// Kiểm tra kỹ thuật.
    TechnicalCheckStarted,
    /// Phòng chờ.
    LobbyOpened,
    /// Khai mạc.
    SittingOpened {
        /// Knowingly without a recording.
        unrecorded: bool,
        /// Present at that moment.
        present: u32,
        /// Needed at that moment.
        needed: u32,
        /// Why it opened without a quorum; empty when there was one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        override_quorum: String,
    },
    /// Tạm nghỉ.
    SittingSuspended {
        /// When it is planned to go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume_at: Option<Time>,
    },
    /// Tiếp tục.
    SittingResumed,
    /// Bế mạc.
    SittingClosed,
    /// A recording runs, or no longer.
    RecordingChanged {
        /// Runs.
        running: bool,
    },
    /// The legal total of delegates was changed.
    TotalChanged {
        /// Before.
        from: u32,
        /// After.
        to: u32,
        /// Why.
        reason: String,
    },

    // --- the doors ---
    /// Somebody asks that the sitting be closed.
    ClosedProposed {
        /// Who.
        ground: Ground,
        /// Why.
        reason: String,
    },
    /// The proposal was dropped.
    ClosedDropped,
    /// Họp kín: from here on nothing is seen, heard or told outside.
    DoorsClosed {
        /// What was decided, and how.
        decision: String,
        /// The vote by which it was decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vote: Option<VoteId>,
    },
    /// One room more behind the doors, or one less.
    RoomAdmitted {
        /// Which.
        endpoint: EndpointId,
        /// Admitted.
        admitted: bool,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// One person more behind the doors, or one less.
    PersonAdmitted {
        /// Who.
        person: PersonId,
        /// Admitted.
        admitted: bool,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Trở lại công khai.
    DoorsOpened,

    // --- the chair ---
    /// The chair was offered to a co-chair.
    ChairOffered {
        /// To whom.
        to: PersonId,
    },
    /// The offer was taken back.
    ChairOfferWithdrawn,
    /// The presiding chair has been away so long that a co-chair may claim the chair.
    ClaimOpened,
    /// A co-chair claims the chair.
    ChairClaimed {
        /// Who.
        by: PersonId,
        /// With which device.
        device: DeviceId,
    },
    /// The claim was refused, or the presiding chair came back before it was confirmed.
    ClaimDropped,
    /// Another person presides.
    ChairChanged {
        /// Who presided.
        from: PersonId,
        /// Who presides.
        to: PersonId,
        /// The console of the new presiding chair.
        device: DeviceId,
        /// How.
        how: HandOver,
    },
    /// Nhận điều hành: this device is the chair's console.
    ConsoleTaken {
        /// Which.
        device: DeviceId,
    },
    /// Thư ký điều phối was switched.
    CoordinationSet {
        /// The secretary may run the queue.
        secretary: bool,
    },

    // --- agenda ---
    /// An item was opened.
    ItemOpened {
        /// Which.
        item: ItemId,
    },
    /// An item was closed.
    ItemClosed {
        /// Which.
        item: ItemId,
        /// What became of requests that were not served.
        unserved: Unserved,
    },
    /// Names stand under the picture, or no longer.
    CaptionShown {
        /// Which; absent = none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<Caption>,
    },

    // --- the list ---
    /// Registration was opened.
    ListOpened {
        /// Until when requests count as simultaneous; absent = no window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window_until: Option<Time>,
        /// How simultaneous requests are put in order.
        tie_break: TieBreak,
        /// The seed of a random order: the low bits of the journal's head at this moment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seed: Option<String>,
    },
    /// The registration window is over and its requests are in order.
    WindowClosed {
        /// The requests that were tied, in their new order.
        order: Vec<RequestId>,
        /// The whole queue from now on.
        queue: Vec<RequestId>,
    },
    /// The close was announced.
    ListClosing {
        /// When it takes effect.
        closes_at: Time,
    },
    /// The close was called off.
    ListKeptOpen,
    /// Registration was closed.
    ListClosed {
        /// From when.
        at: Time,
    },

    // --- requests ---
    /// A request to speak was registered.
    Requested(Registration),
    /// The chair took or refused a late request.
    LateAnswered {
        /// Which.
        request: RequestId,
        /// Taken.
        accepted: bool,
        /// Before which request it waits now, if taken.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<RequestId>,
    },
    /// Đã rút.
    Withdrawn {
        /// Which.
        request: RequestId,
    },
    /// A waiting request is for something else now.
    KindChanged {
        /// Which.
        request: RequestId,
        /// The new kind.
        kind: RequestKind,
        /// Its class.
        class: u8,
        /// Its rank.
        rank: u8,
        /// A second or later turn of this kind on the item.
        second: bool,
        /// Its sequence: the old one, unless the class is higher now.
        sequence: u32,
        /// Its place in the queue: before this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<RequestId>,
    },
    /// Mời chuẩn bị.
    CalledOnDeck {
        /// Which.
        request: RequestId,
    },
    /// Back to waiting.
    OnDeckCancelled {
        /// Which.
        request: RequestId,
    },
    /// Gác lại.
    Deferred {
        /// Which.
        request: RequestId,
    },
    /// Waits again.
    Restored {
        /// Which.
        request: RequestId,
        /// Before which one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<RequestId>,
    },
    /// Từ chối.
    RequestRefused {
        /// Which.
        request: RequestId,
        /// Why.
        reason: String,
    },
    /// Moved by hand.
    Moved {
        /// Which.
        request: RequestId,
        /// Before which one; absent = to the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<RequestId>,
    },
    /// Chuyển gửi văn bản.
    SentInWriting {
        /// Which.
        requests: Vec<RequestId>,
    },
    /// Vô hiệu: the secretary recorded that the person left or is absent.
    Voided {
        /// Which.
        request: RequestId,
    },

    // --- the turn ---
    /// Mời phát biểu.
    FloorGranted(Grant),
    /// The clock of the turn runs.
    ClockStarted {
        /// Which turn.
        turn: TurnId,
        /// From when.
        at: Time,
        /// Why.
        how: ClockStart,
    },
    /// The turn is paused.
    TurnPaused {
        /// Which turn.
        turn: TurnId,
        /// Why.
        reason: PauseReason,
        /// From when: for a lost line the last moment it was heard.
        at: Time,
        /// Until when the floor is held, for a lost line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold_until: Option<Time>,
        /// A short outage resumes by itself: the clock ran, or was about to, when the line was lost.
        #[serde(default)]
        resumes: bool,
    },
    /// The speaker's room is back and waits, muted, for the chair's tap.
    SpeakerBack {
        /// Which turn.
        turn: TurnId,
    },
    /// The hold for a lost line is over: the chair must choose.
    HoldEnded {
        /// Which turn.
        turn: TurnId,
    },
    /// The turn goes on.
    TurnContinued {
        /// Which turn.
        turn: TurnId,
        /// By which camera and microphone.
        endpoint: EndpointId,
        /// From when the clock runs.
        at: Time,
    },
    /// More time was given.
    Extended {
        /// Which turn.
        turn: TurnId,
        /// How much, minutes.
        minutes: u32,
    },
    /// Xin thêm thời gian.
    ExtensionAsked {
        /// Which turn.
        turn: TurnId,
    },
    /// Nhắc.
    Reminded {
        /// Which turn.
        turn: TurnId,
    },
    /// The microphone was cut after the time and its grace (only where the rules say so).
    MicrophoneCut {
        /// Which turn.
        turn: TurnId,
    },
    /// Kết thúc.
    TurnEnded {
        /// Which turn.
        turn: TurnId,
        /// When.
        at: Time,
        /// How.
        how: TurnEnd,
    },
    /// Cho nói tiếp, nói thêm: a finished turn is taken up again.
    TurnReopened {
        /// Which turn.
        turn: TurnId,
        /// The request it serves from now on.
        request: RequestId,
        /// By which camera and microphone.
        endpoint: EndpointId,
        /// Time allowed in all; absent = no limit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit_ms: Option<u32>,
        /// The turn it interrupts again (a point of order).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interrupts: Option<TurnId>,
    },
    /// Mở thêm: one more room may be heard.
    MicrophoneOpened {
        /// Which.
        endpoint: EndpointId,
    },
    /// … or no longer.
    MicrophoneClosed {
        /// Which.
        endpoint: EndpointId,
    },

    // --- the technical check and the technician's desk ---
    /// A room was asked to check itself.
    CheckAsked {
        /// Which.
        endpoint: EndpointId,
    },
    /// A room was checked.
    RoomChecked {
        /// Which.
        endpoint: EndpointId,
        /// On which device.
        device: DeviceId,
        /// What was measured.
        figures: CheckFigures,
        /// What each figure was worth, by the rules of that moment.
        grades: BTreeMap<CheckItem, Grade>,
        /// What the room was worth.
        class: CheckClass,
    },
    /// Another device became the room's screen: its check says nothing any more.
    CheckVoided {
        /// Which.
        endpoint: EndpointId,
    },
    /// A picture was put on every screen by hand.
    StageArranged {
        /// Which.
        preset: Preset,
        /// By whom.
        by: PersonId,
    },
    /// The floor has changed hands: what was put there by hand gives way soon.
    StageGivesWay {
        /// When.
        at: Time,
    },
    /// The stage follows the floor again.
    StageReleased,
    /// Everybody but the chair was silenced.
    Silenced {
        /// By whom.
        by: PersonId,
        /// Rooms that had been opened by hand.
        closed: BTreeSet<EndpointId>,
    },
    /// The silence is over.
    SilenceLifted {
        /// Rooms opened by hand that are heard again.
        reopened: BTreeSet<EndpointId>,
    },

    // --- attendance ---
    /// A roll call began, electronically.
    RollStarted {
        /// Its number.
        number: u32,
        /// When the electronic part ends.
        until: Time,
        /// Who counts as having answered already.
        answered: BTreeSet<PersonId>,
    },
    /// The electronic part is over.
    ElectronicEnded,
    /// Names are called.
    CallingStarted {
        /// First or second round.
        round: u8,
        /// In which order.
        order: CallOrder,
        /// The names, in order.
        names: Vec<PersonId>,
    },
    /// A called name was answered, or not.
    CallAnswered {
        /// Who.
        person: PersonId,
        /// What was heard.
        answer: CallAnswer,
    },
    /// A person who was already present confirmed it in the roll call under way.
    PresenceConfirmed {
        /// Who.
        person: PersonId,
        /// How.
        method: Method,
    },
    /// Chốt.
    RollFrozen(Snapshot),
    /// The roll call was left without a snapshot.
    RollCancelled,
    /// An attendance state changed.
    AttendanceChanged {
        /// Whose.
        person: PersonId,
        /// Before.
        from: Attendance,
        /// After.
        to: Attendance,
        /// From when.
        at: Time,
        /// How it was established.
        method: Method,
        /// Where the person sits.
        site: SiteId,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        /// Entered after the close of the sitting.
        #[serde(default)]
        correction: bool,
    },
    /// An absence was asked for, by the person or by a secretary.
    LeaveAsked {
        /// Whose.
        person: PersonId,
        /// Why.
        reason: String,
        /// A secretary asks: the approval itself makes the absence an excused one.
        by_secretary: bool,
    },
    /// The chair approved or refused an absence.
    LeaveAnswered {
        /// Whose.
        person: PersonId,
        /// Approved.
        approved: bool,
    },
    /// After the close a secretary asked to correct an attendance; the chair decides.
    CorrectionAsked {
        /// Whose.
        person: PersonId,
        /// What it should be.
        to: Attendance,
        /// Why.
        reason: String,
    },
    /// The chair did not approve a correction.
    CorrectionRefused {
        /// Whose.
        person: PersonId,
    },
    /// A site lead proposed who is present.
    SiteProposed {
        /// Which site.
        site: SiteId,
        /// Who proposes.
        by: PersonId,
        /// Who is there.
        present: Vec<PersonId>,
    },
    /// The secretary took or refused a proposal.
    ProposalAnswered {
        /// Which site.
        site: SiteId,
        /// Taken.
        accepted: bool,
    },
    /// A person sits somewhere else.
    Seated {
        /// Who.
        person: PersonId,
        /// Where.
        site: SiteId,
    },

    // --- notes ---
    /// A secretary has summed up or marked a turn.
    TurnNoted {
        /// Which.
        turn: TurnId,
        /// Tóm tắt.
        summary: String,
        /// What it is marked as.
        marks: BTreeSet<Mark>,
        /// Who.
        by: PersonId,
    },
    /// The words for an item were written; empty = those of the template.
    ScriptWritten {
        /// Which.
        item: ItemId,
        /// The words.
        text: String,
        /// Who.
        by: PersonId,
    },
    // --- questions ---
    /// Chất vấn.
    Question(QuestionEvent),

    // --- votes ---
    /// Biểu quyết.
    Vote(VoteEvent),
    /// Lấy phiếu tín nhiệm.
    Confidence(ConfidenceEvent),
    /// Phiếu giấy.
    Paper(PaperEvent),

    // --- links ---
    /// A device is the active one of a person.
    DeviceBound {
        /// Who.
        person: PersonId,
        /// Which device.
        device: DeviceId,
    },
    /// A person's device is reachable.
    PersonOnline {
        /// Who.
        person: PersonId,
        /// Since when.
        since: Time,
    },
    /// No device of a person is reachable.
    PersonOffline {
        /// Who.
        person: PersonId,
        /// Since when.
        since: Time,
    },
    /// A room's line is up.
    LineUp {
        /// Which.
        endpoint: EndpointId,
        /// Since when.
        since: Time,
    },
    /// A room's line is lost.
    LineLost {
        /// Which.
        endpoint: EndpointId,
        /// Since when.
        since: Time,
    },
    /// Somebody's console receives pictures of all rooms.
    WatchBegan {
        /// Whose.
        person: PersonId,
    },
    /// … or no longer.
    WatchEnded {
        /// Whose.
        person: PersonId,
    },
    /// The hub started again; every line is awaited until `awaited_until`.
    Restarted {
        /// The last moment known to be lived through.
        last_alive: Time,
        /// Until when rooms and devices have time to return.
        awaited_until: Time,
    },
    /// The time to return after a restart is over.
    ReturnsOver,
}
