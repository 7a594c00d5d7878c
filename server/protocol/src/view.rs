//! What a screen may know. Views are made by the server from the meeting (`project`); a browser holds a mirror of them and
//! no rule of its own.
//!
//! Laws: collections are maps keyed by id; no field is nullable (an absent field is absent), so that a JSON merge patch
//! (RFC 7396) can say every change: `merge(a, diff(a, b)) == b`. Times are milliseconds since the Unix epoch on the server's
//! clock; durations are milliseconds (`_ms`) or seconds (`_s`).

use meeting::check::{CheckFigures, CheckItem, CheckRules, Grade};
use meeting::command::{Attendance, CallAnswer, CallOrder, Method, OutOfOrder};
use meeting::cut::Preset;
use meeting::id::{EndpointId, GroupId, ItemId, PersonId, RequestId, SiteId, SittingId, Time, TurnId};
use meeting::refusal::Refusal;
use meeting::setup::{ItemKind, RequestKind, Role, SiteKind, TieBreak};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

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
}

/// The part that every screen of one audience shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Shared {
    /// The sitting itself.
    pub sitting: SittingView,
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
    /// Who was heard on the open item: finished turns in order of their end, newest last (at most 200).
    pub turns: BTreeMap<TurnId, PastTurnView>,
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
    /// What needs attention, by a stable key; only for chair, secretary and technician.
    pub alerts: BTreeMap<String, AlertView>,
}

/// State of the sitting (PRODUCT 3.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Chuẩn bị.
    Preparing,
    /// Kiểm tra kỹ thuật.
    TechnicalCheck,
    /// Phòng chờ.
    Lobby,
    /// Khai mạc, đang họp.
    Open,
    /// Tạm nghỉ.
    Suspended,
    /// Bế mạc.
    Closed,
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

/// An agenda item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ItemView {
    /// Title.
    pub title: String,
    /// What it is for.
    pub kind: ItemKind,
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

/// State of a request (PRODUCT 3.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Chờ.
    Waiting,
    /// Gửi trước khi đóng: waits for the chair's word.
    Late,
    /// Mời chuẩn bị.
    OnDeck,
    /// Đang phát biểu, or paused.
    Speaking,
    /// Gác lại.
    Deferred,
    /// Kết thúc.
    Done,
    /// Đã rút.
    Withdrawn,
    /// Từ chối.
    Refused,
    /// Chuyển gửi văn bản.
    InWriting,
    /// Vô hiệu.
    Void,
    /// Discarded when the item closed.
    Discarded,
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

/// Why a turn is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
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

/// What kind of picture the stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StageMode {
    /// Chờ: before the opening.
    Waiting,
    /// The hall, or a grid of sites: nobody has the floor.
    Overview,
    /// One speaker.
    Speaker,
    /// One room, put there by hand.
    Single,
    /// Two-up: question and answer, rebuttal.
    TwoUp,
    /// A name is being called.
    RollCall,
    /// Tạm nghỉ.
    Break,
    /// Bế mạc.
    Closed,
}

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
}

/// The part that belongs to one person's, or one room's, screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Mine {
    /// The person, on a person's screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub person: Option<PersonId>,
    /// The room, on a room's screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub endpoint: Option<EndpointId>,
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
}
