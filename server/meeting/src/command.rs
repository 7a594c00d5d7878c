//! What people ask of a meeting. A command is a wish; `Meeting::decide` turns it into events or a refusal.

use crate::ceremony::Caption;
use crate::check::CheckFigures;
use crate::confidence::command::ConfidenceCommand;
use crate::cut::Preset;
use crate::id::{CommandId, DeviceId, EndpointId, ItemId, KioskId, PersonId, RequestId, SiteId, Time, TurnId, VoteId};
use crate::note::Mark;
use crate::paper::command::PaperCommand;
use crate::privacy::Ground;
use crate::question::command::QuestionCommand;
use crate::setup::RequestKind;
use crate::vote::command::VoteCommand;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who asks. The hub has proved it; the meeting decides what they may do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person of the roster, by the device they hold.
    Person {
        /// Who.
        id: PersonId,
        /// With which device.
        device: DeviceId,
    },
    /// A room's own screen.
    Room {
        /// Which endpoint.
        id: EndpointId,
    },
    /// A shared tablet of a bridge point (bàn phiếu, PRODUCT 3.1).
    Kiosk {
        /// Which tablet.
        id: KioskId,
        /// Where it stands.
        site: SiteId,
        /// Who has shown by a PIN to be in front of it, for this one act; absent = nobody, and then it may nothing.
        voter: Option<PersonId>,
    },
    /// The hub itself: clocks and links, never a legal act (PRODUCT 3.0 P4).
    System,
}

/// A command with its envelope, as it reaches `decide`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The client's id; the same id is decided once.
    pub id: CommandId,
    /// Who asks.
    pub by: Actor,
    /// When the client says it was given, on the server's clock as the client knows it; only for requests on their way
    /// while the list closed (PRODUCT 3.3.3 no. 5).
    pub given_at: Option<Time>,
    /// What is asked.
    pub command: Command,
}

/// Where an attendance state comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Tự xác nhận.
    Own,
    /// Gọi tên.
    Called,
    /// Trưởng điểm cầu.
    SiteLead,
    /// Thư ký.
    Secretary,
    /// Hệ thống.
    System,
}

/// Attendance of a delegate (PRODUCT 3.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// Chưa điểm danh.
    Unknown,
    /// Có mặt – hội trường.
    PresentHall,
    /// Có mặt – điểm cầu.
    PresentSite,
    /// Có mặt – trực tuyến cá nhân.
    PresentOnline,
    /// Đến muộn: present, with the time.
    Late,
    /// Tạm vắng.
    SteppedOut,
    /// Mất kết nối: automatic, never an absence.
    Disconnected,
    /// Về sớm.
    LeftEarly,
    /// Vắng có lý do.
    Excused,
    /// Vắng không lý do.
    Absent,
}

impl Attendance {
    /// Counts towards the quorum: every kind of presence. A lost connection is not an absence, and not a presence either.
    #[must_use]
    pub fn is_present(self) -> bool {
        match self {
            Self::PresentHall | Self::PresentSite | Self::PresentOnline | Self::Late => true,
            Self::Unknown | Self::SteppedOut | Self::Disconnected | Self::LeftEarly | Self::Excused | Self::Absent => {
                false
            }
        }
    }
}

/// What a delegate answered when called by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CallAnswer {
    /// Có mặt.
    Present,
    /// Chưa trả lời.
    NoAnswer,
    /// Để sau.
    Later,
}

/// In which order names are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CallOrder {
    /// As in the roster.
    Roster,
    /// By delegate group.
    Group,
    /// By bridge point.
    Site,
}

/// Why the chair took somebody out of order (PRODUCT 3.3.3 no. 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OutOfOrder {
    /// Cùng nội dung.
    SameSubject,
    /// Cân đối điểm cầu.
    BalanceSites,
    /// Chưa phát biểu.
    NotYetSpoken,
    /// Khác.
    Other,
}

/// What becomes of requests that were not served when an item closes (PRODUCT 3.3.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Leftover {
    /// Carry over to the next item.
    CarryOver,
    /// Hết giờ – chuyển gửi văn bản.
    InWriting,
    /// Discard, with a reason.
    Discard {
        /// Why; not empty.
        reason: String,
    },
}

/// Everything that can be asked of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    // --- the sitting (PRODUCT 3.0, 3.9) ---
    /// Kiểm tra kỹ thuật.
    StartTechnicalCheck,
    /// Phòng chờ.
    OpenLobby,
    /// Khai mạc. Without a recorder the chair must say so.
    OpenSitting {
        /// "Không ghi hình": the sitting knowingly goes unrecorded.
        unrecorded: bool,
        /// Why it opens without a quorum; empty when there is one (PRODUCT 3.4.3).
        #[serde(default)]
        override_quorum: String,
    },
    /// Tạm nghỉ.
    Suspend {
        /// When it is planned to go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        resume_at: Option<Time>,
    },
    /// Tiếp tục.
    Resume,
    /// Bế mạc. Final.
    CloseSitting,
    /// Hand the chair to a co-chair, who must accept.
    OfferChair {
        /// To whom.
        to: PersonId,
    },
    /// Take back an offer not yet accepted.
    WithdrawChairOffer,
    /// The co-chair accepts.
    AcceptChair,
    /// A co-chair claims the chair of a presiding chair who is gone.
    ClaimChair,
    /// The secretary confirms, or refuses, the claim.
    AnswerClaim {
        /// Confirmed or not.
        confirm: bool,
    },
    /// Nhận điều hành: this device, not the other one, is the chair's console from now on.
    TakeConsole,
    /// Change the legal total of delegates.
    SetTotal {
        /// The new total.
        total: u32,
        /// Why, with the document's number; not empty.
        reason: String,
    },
    /// Đề nghị họp kín: who asks that the sitting be closed, and why.
    ProposeClosed {
        /// Who.
        ground: Ground,
        /// Why; not empty.
        reason: String,
    },
    /// Leave that proposal.
    DropClosed,
    /// Họp kín, as the council has decided; after a proposal that somebody else has entered.
    CloseDoors {
        /// What was decided, and how; not empty.
        decision: String,
        /// The vote by which it was decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        vote: Option<VoteId>,
    },
    /// One room more behind the doors, or one less.
    AdmitRoom {
        /// Which.
        endpoint: EndpointId,
        /// Admitted, or no longer.
        admit: bool,
        /// Why; not empty when it is admitted.
        #[serde(default)]
        reason: String,
    },
    /// One person more behind the doors, or one less: a guest, who is asked, who looks after the technique.
    AdmitPerson {
        /// Who.
        person: PersonId,
        /// Admitted, or no longer.
        admit: bool,
        /// Why; not empty when the person is admitted.
        #[serde(default)]
        reason: String,
    },
    /// Trở lại công khai.
    OpenDoors,
    /// Thư ký điều phối: whether the secretary may run the queue.
    SetCoordination {
        /// May or may not.
        secretary: bool,
    },

    // --- the agenda (PRODUCT 3.9, 3.16) ---
    /// Go to an item; the one before must be closed.
    OpenItem {
        /// Which.
        item: ItemId,
    },
    /// Close the open item; with a queue left, `leftover` is compulsory.
    CloseItem {
        /// What becomes of unserved requests.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        leftover: Option<Leftover>,
    },
    /// Names of a ceremony stand under the picture, or no longer.
    ShowCaption {
        /// Which; absent = none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        caption: Option<Caption>,
    },

    // --- the list (PRODUCT 3.3) ---
    /// Mở đăng ký.
    OpenList,
    /// Đóng đăng ký, after the notice of the rules.
    CloseList,
    /// Keep the list open after all, during the notice.
    KeepListOpen,
    /// Đăng ký phát biểu.
    Register {
        /// What for.
        kind: RequestKind,
        /// Subject in a few words; may be empty; at most 200 characters.
        #[serde(default)]
        subject: String,
        /// For whom, when a site lead, secretary or chair acts for somebody; absent = oneself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        person: Option<PersonId>,
    },
    /// The chair takes or refuses a request that was on its way when the list closed.
    AnswerLate {
        /// Which.
        request: RequestId,
        /// Taken or not.
        accept: bool,
    },
    /// Hủy đăng ký.
    Withdraw {
        /// Which.
        request: RequestId,
    },
    /// Wrong button: change what a waiting request is for.
    ChangeKind {
        /// Which.
        request: RequestId,
        /// The right kind.
        kind: RequestKind,
    },
    /// Mời chuẩn bị.
    CallOnDeck {
        /// Which.
        request: RequestId,
    },
    /// Back from on deck to waiting.
    CancelOnDeck {
        /// Which.
        request: RequestId,
    },
    /// Mời phát biểu.
    Invite {
        /// Which.
        request: RequestId,
        /// Why, if it is not the suggested one; optional even then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        out_of_order: Option<OutOfOrder>,
    },
    /// Mời qua điện thoại: the requester's room is away, and the voice comes by telephone into the chair's room (PRODUCT 3.2).
    InviteByPhone {
        /// Which.
        request: RequestId,
    },
    /// Mời ngoài danh sách: give the floor to somebody without a request.
    InviteDirect {
        /// Whom.
        person: PersonId,
        /// What for.
        kind: RequestKind,
    },
    /// Gác lại; keeps the sequence.
    Defer {
        /// Which.
        request: RequestId,
    },
    /// A deferred or void request waits again, at its old place.
    Restore {
        /// Which.
        request: RequestId,
    },
    /// Từ chối, with a reason.
    RefuseRequest {
        /// Which.
        request: RequestId,
        /// Why; not empty.
        reason: String,
    },
    /// Kéo đổi thứ tự: before another waiting request, or to the end.
    Move {
        /// Which.
        request: RequestId,
        /// Before which one; absent = to the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        before: Option<RequestId>,
    },
    /// Chuyển gửi văn bản: all that are unserved.
    SendAllInWriting,

    // --- the turn ---
    /// Bắt đầu tính giờ now.
    StartClock,
    /// Tạm dừng (sự cố kỹ thuật).
    PauseTurn,
    /// Tiếp tục.
    ContinueTurn,
    /// Nghe qua điện thoại: the turn of a lost room goes on by telephone into the chair's room (PRODUCT 3.3.6).
    ContinueByPhone,
    /// Thêm thời gian.
    Extend {
        /// 1–10 minutes.
        minutes: u32,
    },
    /// Xin thêm thời gian.
    AskExtension,
    /// Xong / dừng phát biểu.
    EndTurn,
    /// Cho nói tiếp: take up the turn that has just ended.
    UndoEnd {
        /// The turn that ended.
        turn: TurnId,
    },
    /// Nhắc: đề nghị đi vào trọng tâm. Only the speaker sees it.
    Remind,
    /// Mở thêm: let one more room be heard, or no longer.
    OpenMicrophone {
        /// Which room.
        endpoint: EndpointId,
        /// Open or closed.
        open: bool,
    },

    // --- the technical check and the technician's desk (PRODUCT 3.8, 3.11) ---
    /// Ask a room to check its line and its devices, or all of them.
    AskCheck {
        /// Which room; absent = every room that can be checked now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        endpoint: Option<EndpointId>,
    },
    /// A room tells what it has measured; for the room that asks.
    RecordCheck {
        /// The device that has measured.
        device: DeviceId,
        /// What was measured.
        figures: CheckFigures,
    },
    /// Put a picture on every screen by hand.
    ArrangeStage {
        /// Which.
        preset: Preset,
    },
    /// Theo điều hành: the stage follows the floor again.
    ReleaseStage,
    /// Im lặng tất cả trừ chủ tọa.
    SilenceAll,
    /// Take the silence back.
    LiftSilence,

    // --- attendance (PRODUCT 3.4) ---
    /// Open a roll call: by electronic check-in.
    StartRoll,
    /// End the electronic part and call by name those who have not answered, or everybody.
    StartCalling {
        /// In which order.
        order: CallOrder,
        /// Everybody, or only those not yet present.
        everybody: bool,
    },
    /// What the delegate being called answered.
    AnswerCall {
        /// Who was called.
        person: PersonId,
        /// What was heard.
        answer: CallAnswer,
    },
    /// Lượt 2: those who did not answer.
    StartSecondRound,
    /// Chốt: freeze a numbered snapshot.
    FreezeRoll,
    /// Leave a roll call without a snapshot.
    CancelRoll,
    /// Tự xác nhận có mặt.
    CheckIn,
    /// Xin vắng / xin về sớm; the chair decides.
    AskLeave {
        /// Why; not empty.
        reason: String,
    },
    /// The chair approves or refuses an absence that was asked for.
    AnswerLeave {
        /// Whose.
        person: PersonId,
        /// Approved or not.
        approve: bool,
    },
    /// The chair approves or refuses a correction that a secretary entered after the close (PRODUCT 3.4.1).
    AnswerCorrection {
        /// Whose attendance.
        person: PersonId,
        /// Approved or not.
        approve: bool,
    },
    /// The site lead proposes who is present at the own site.
    ProposeSite {
        /// Which site.
        site: SiteId,
        /// Who is there.
        present: Vec<PersonId>,
    },
    /// The secretary takes or refuses a site's proposal.
    AnswerProposal {
        /// Which site.
        site: SiteId,
        /// Taken or refused.
        accept: bool,
    },
    /// The secretary sets an attendance state.
    Mark {
        /// Whose.
        person: PersonId,
        /// The state.
        attendance: Attendance,
        /// Why; compulsory for absences and corrections.
        #[serde(default)]
        reason: String,
    },
    /// A person sits at another site from now on.
    Seat {
        /// Who.
        person: PersonId,
        /// Where.
        site: SiteId,
    },

    // --- notes (PRODUCT 3.9, 3.10) ---
    /// A secretary's summary of a turn and what it is marked as; written while it is typed, the last writer stands.
    NoteTurn {
        /// Which.
        turn: TurnId,
        /// Tóm tắt; at most 4000 characters, may be empty.
        summary: String,
        /// Cam kết, chỉ đạo, kiến nghị.
        marks: BTreeSet<Mark>,
    },
    /// The words that the chair means to say at an item; empty = those of the template.
    WriteScript {
        /// Which.
        item: ItemId,
        /// At most 8000 characters.
        text: String,
    },
    // --- questions (PRODUCT 3.7) ---
    /// Chất vấn.
    Question(QuestionCommand),

    // --- votes (PRODUCT 3.5) ---
    /// Biểu quyết.
    Vote(VoteCommand),
    /// Lấy phiếu tín nhiệm (PRODUCT 3.6).
    Confidence(ConfidenceCommand),
    /// Phiếu giấy, Ban kiểm phiếu (PRODUCT 3.5, 3.6).
    Paper(PaperCommand),

    // --- from the hub only (actor System) ---
    /// A person's device came or went. The hub sends it; it never moves a request or an attendance by itself, except the
    /// automatic amber state of PRODUCT 3.4.1.
    ReportPerson {
        /// Who.
        person: PersonId,
        /// Reachable or not.
        online: bool,
        /// Since when.
        since: Time,
    },
    /// A companion device was bound to a person: by personal link, or by room code and PIN.
    BindDevice {
        /// Who.
        person: PersonId,
        /// The device that is active from now on.
        device: DeviceId,
        /// The site it was paired at, if by room code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        site: Option<SiteId>,
    },
    /// A room's line came or went.
    ReportEndpoint {
        /// Which room.
        endpoint: EndpointId,
        /// Reachable or not.
        online: bool,
        /// Since when: the last moment it was heard of, or now.
        since: Time,
    },
    /// The hub starts again after it stopped; what ran is paused where it stood.
    ReportRestart {
        /// The last moment known to be lived through.
        last_alive: Time,
    },
    /// The speaker's voice was heard: the clock starts.
    ReportVoice {
        /// Where.
        endpoint: EndpointId,
    },
    /// A device has become a room's screen.
    ReportRoomDevice {
        /// Which room.
        endpoint: EndpointId,
        /// Which device.
        device: DeviceId,
    },
    /// Somebody's console receives pictures of all rooms, or no longer.
    ReportWatching {
        /// Who.
        person: PersonId,
        /// Receives.
        watching: bool,
    },
    /// A recording runs, or no longer.
    ReportRecording {
        /// Runs.
        running: bool,
    },
}
