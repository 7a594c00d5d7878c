//! What is known before a sitting begins: people, groups, bridge points, agenda and the rules in force.
//!
//! The hub reads it from configuration; the first event of a journal carries it whole, so that a replay needs no file.
//! Terms, names of bodies, thresholds and times are data here, never constants in code.

use crate::ceremony::Ceremony;
use crate::check::CheckRules;
use crate::confidence::rules::ConfidenceRules;
use crate::id::{EndpointId, GroupId, ItemId, PersonId, SiteId, SittingId, Time};
pub use crate::item::ItemKind;
use crate::item::{ItemRule, usual_items};
use crate::paper::rules::PaperRules;
use crate::question::rules::QuestionRules;
use crate::vote::rules::VoteRules;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything a sitting starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// This sitting's id.
    pub sitting: SittingId,
    /// Title as it stands on the agenda, e.g. "Kỳ họp thứ năm".
    pub title: String,
    /// The organisation's levels from the top down to the body that meets; as many as the file says.
    pub bodies: Vec<String>,
    /// The roster.
    pub people: BTreeMap<PersonId, Person>,
    /// Delegate groups (tổ đại biểu).
    pub groups: BTreeMap<GroupId, Group>,
    /// Bridge points (điểm cầu), in protocol order by `order`.
    pub sites: BTreeMap<SiteId, Site>,
    /// Room endpoints: camera, microphone and screen.
    pub endpoints: BTreeMap<EndpointId, Endpoint>,
    /// Agenda items, in order by `order`.
    pub agenda: BTreeMap<ItemId, AgendaItem>,
    /// Who presides when the sitting is created.
    pub presiding: PersonId,
    /// When it is planned to begin; absent = the agenda is counted from the opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub starts_at: Option<Time>,
    /// The rules in force.
    pub rules: Rules,
}

/// What a person may be; one person may hold several (PRODUCT 3.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May preside: đồng chủ tọa, chủ tọa đoàn. Who presides now is a state of the meeting, not a role.
    Chair,
    /// Thư ký kỳ họp.
    Secretary,
    /// Kỹ thuật trung tâm: media and endpoints, never attendance or floor.
    CentralTechnician,
    /// Kỹ thuật điểm cầu: the own site's endpoint.
    SiteTechnician,
    /// Trưởng điểm cầu: bulk attendance proposal and proxy requests for the own site.
    SiteLead,
    /// Đại biểu HĐND: counts for quorum.
    Delegate,
    /// Khách mời: never counts for quorum.
    Guest,
    /// Người bị chất vấn, người giải trình: receives answering turns.
    Questioned,
}

/// A person of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// Office or function, e.g. "Trưởng Ban Pháp chế"; may be empty.
    pub title: String,
    /// What the person may be.
    pub roles: Vec<Role>,
    /// Delegate group; absent for guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub group: Option<GroupId>,
    /// The site where the person is expected to sit.
    pub site: SiteId,
    /// Place in the roster's order.
    pub order: u32,
}

/// A delegate group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Name, e.g. "Tổ đại biểu số 3".
    pub name: String,
    /// Place in the list.
    pub order: u32,
}

/// What kind of bridge point a site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// Hội trường: where the chair sits.
    Hall,
    /// A second central room.
    Central,
    /// A remote room: ward, commune, agency.
    Remote,
    /// A one-person site (điểm cầu cá nhân).
    Personal,
}

/// A bridge point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Full name, e.g. "Điểm cầu phường Hòa Bình".
    pub name: String,
    /// Short name for tiles and chips, e.g. "Hòa Bình".
    pub short: String,
    /// What kind of place it is.
    pub kind: SiteKind,
    /// Telephone of the site technician, shown when the line is lost; may be empty.
    #[serde(default)]
    pub phone: String,
    /// Place in protocol order.
    pub order: u32,
}

/// A room endpoint: one camera, microphone and screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The site where it stands.
    pub site: SiteId,
    /// Name of the device within the site, e.g. "Camera chính"; may be empty.
    #[serde(default)]
    pub name: String,
}

/// One item of the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    /// Title as printed.
    pub title: String,
    /// What it is for.
    pub kind: ItemKind,
    /// Planned length in minutes.
    pub minutes: u32,
    /// Place in the agenda.
    pub order: u32,
    /// Whom a ceremony is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub ceremony: Option<Ceremony>,
}

/// A share of a whole, as an exact fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Numerator.
    pub of: u32,
    /// Denominator, never zero.
    pub out_of: u32,
}

impl Share {
    /// The least whole number that is at least this share of `total`: ⌈total · of / out_of⌉. 2/3 of 35 is 24.
    #[must_use]
    pub fn at_least(self, total: u32) -> u32 {
        let needed = (u64::from(total) * u64::from(self.of)).div_ceil(u64::from(self.out_of.max(1)));
        u32::try_from(needed).unwrap_or(u32::MAX)
    }
}

/// How requests of one registration window are put in order (PRODUCT 3.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// Luân phiên điểm cầu: round robin over sites, by arrival within a site.
    RoundRobin,
    /// Ngẫu nhiên: shuffled with a seed that anyone can recompute.
    Random,
    /// Who has spoken least so far goes first.
    LeastTime,
}

/// What a request to speak is for (PRODUCT 3.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// Ý kiến về điều hành.
    PointOfOrder,
    /// Trả lời, giải trình.
    Answer,
    /// Tranh luận.
    Rebuttal,
    /// Chất vấn.
    Question,
    /// Phát biểu, thảo luận.
    Speech,
    /// Xin nói thêm.
    Continuation,
    /// Tham luận.
    Paper,
    /// Báo cáo, trình bày.
    Report,
    /// Phát biểu chỉ đạo.
    Directive,
    /// Kết luận.
    Conclusion,
}

/// Speaking times in seconds; 0 = no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct TimeProfile {
    /// Name shown to the chair, e.g. "Quốc hội 2022".
    pub name: String,
    /// Seconds by kind of request; a kind that is absent has no limit.
    pub seconds: BTreeMap<RequestKind, u32>,
    /// Seconds of a second speech on the same item.
    pub second_speech: u32,
}

/// The rules in force. Every number is a default that a council changes in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Tổng số đại biểu: the legal total in office, the base of quorum and of every majority.
    pub total: u32,
    /// The document that says so.
    pub total_reference: String,
    /// Share of the total that must be present.
    pub quorum: Share,
    /// Length of the registration window in seconds; 0 = none.
    pub window_s: u32,
    /// Order within the window.
    pub tie_break: TieBreak,
    /// Notice before a list closes, seconds.
    pub closing_notice_s: u32,
    /// How long after the close a request that was on its way is still taken, seconds.
    pub late_grace_s: u32,
    /// A second speech on the same item ranks after all first ones.
    pub second_after_first: bool,
    /// The secretary may put on deck, invite, defer and refuse (thư ký điều phối).
    pub secretary_coordinates: bool,
    /// How long the floor is held for a room that lost its line, seconds (60–300).
    pub floor_hold_s: u32,
    /// A shorter outage resumes by itself, seconds.
    pub auto_resume_s: u32,
    /// How long an ended turn can be taken up again, seconds.
    pub undo_end_s: u32,
    /// The clock of a turn starts by itself after this, seconds.
    pub clock_start_s: u32,
    /// Warnings before the end of a turn, seconds left, longest first.
    pub warnings_s: Vec<u32>,
    /// Cut the microphone this many seconds after the end; 0 = never.
    pub cut_after_s: u32,
    /// Without the presiding chair for this long, co-chairs are offered the chair, seconds.
    pub chair_offer_s: u32,
    /// … and may claim it after this, seconds.
    pub chair_claim_s: u32,
    /// Connection lost, then back within this: present again without asking, seconds.
    pub presence_grace_s: u32,
    /// Length of an electronic roll call, seconds.
    pub roll_s: u32,
    /// Delegates may sit at a site of their own (trực tuyến cá nhân).
    pub personal_online: bool,
    /// A picture put on every screen by hand stays at least so long, whoever gets the floor, seconds.
    pub cut_hold_s: u32,
    /// How long "im lặng tất cả" can be taken back as a whole, seconds.
    pub undo_silence_s: u32,
    /// The kinds of items that an agenda may have.
    pub items: BTreeMap<ItemKind, ItemRule>,
    /// From where on a bridge point passes its technical check.
    pub check: CheckRules,
    /// Share of the total of delegates who may ask that the sitting be closed.
    pub closing_share: Share,
    /// How questions are put and answered.
    pub question: QuestionRules,
    /// How votes are held.
    pub vote: VoteRules,
    /// How confidence votes are held.
    pub confidence: ConfidenceRules,
    /// How ballots on paper are counted.
    pub paper: PaperRules,
    /// Speaking times.
    pub profile: TimeProfile,
}

impl Default for Rules {
    fn default() -> Self {
        use RequestKind as K;
        Self {
            total: 0,
            total_reference: String::new(),
            quorum: Share { of: 2, out_of: 3 },
            window_s: 10,
            tie_break: TieBreak::RoundRobin,
            closing_notice_s: 30,
            late_grace_s: 5,
            second_after_first: true,
            secretary_coordinates: false,
            floor_hold_s: 120,
            auto_resume_s: 20,
            undo_end_s: 15,
            clock_start_s: 3,
            warnings_s: vec![180, 60, 30],
            cut_after_s: 0,
            chair_offer_s: 30,
            chair_claim_s: 120,
            presence_grace_s: 300,
            roll_s: 60,
            personal_online: false,
            cut_hold_s: 30,
            undo_silence_s: 12,
            items: usual_items(),
            check: CheckRules::default(),
            closing_share: Share { of: 1, out_of: 3 },
            question: QuestionRules::default(),
            vote: VoteRules::default(),
            confidence: ConfidenceRules::default(),
            paper: PaperRules::default(),
            profile: TimeProfile {
                name: "Quốc hội 2022".to_owned(),
                seconds: [
                    (K::PointOfOrder, 60),
                    (K::Answer, 900),
                    (K::Rebuttal, 180),
                    (K::Question, 60),
                    (K::Speech, 420),
                    (K::Continuation, 120),
                    (K::Paper, 600),
                    (K::Report, 900),
                ]
                .into_iter()
                .collect(),
                second_speech: 180,
            },
        }
    }
}
