//! What people ask of a vote.

use crate::id::{PersonId, SiteId, VoteId};
use crate::vote::content::Content;
use crate::vote::{Channel, Counts, Marks};
use serde::{Deserialize, Serialize};

/// Everything that can be asked of votes (PRODUCT 3.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum VoteCommand {
    /// Soạn.
    Prepare {
        /// What is put to the vote.
        content: Box<Content>,
    },
    /// Change what is not open yet; it is a draft again.
    Edit {
        /// Which.
        vote: VoteId,
        /// What is put to the vote.
        content: Box<Content>,
    },
    /// Sẵn sàng.
    Ready {
        /// Which.
        vote: VoteId,
    },
    /// Bỏ: leave what was never opened.
    Discard {
        /// Which.
        vote: VoteId,
    },
    /// Bắt đầu biểu quyết.
    Open {
        /// Which.
        vote: VoteId,
        /// Why without a quorum; empty when there is one (PRODUCT 3.4.3).
        #[serde(default)]
        override_quorum: String,
    },
    /// Thêm giờ.
    Extend {
        /// Which.
        vote: VoteId,
    },
    /// Tạm dừng: nobody votes until it goes on.
    Pause {
        /// Which.
        vote: VoteId,
    },
    /// Tiếp tục.
    Continue {
        /// Which.
        vote: VoteId,
    },
    /// Let somebody vote who arrived after the opening.
    Admit {
        /// Which.
        vote: VoteId,
        /// Who; recorded as present.
        person: PersonId,
    },
    /// By which road this elector's choice comes in; not once it is in.
    Route {
        /// Which.
        vote: VoteId,
        /// Who.
        person: PersonId,
        /// The road.
        channel: Channel,
    },
    /// Bỏ phiếu, on the own device. The command's id is the ballot's: a retry never doubles.
    Cast {
        /// In which vote.
        vote: VoteId,
        /// What is chosen.
        marks: Marks,
    },
    /// Biểu quyết bằng lời: what a secretary has heard.
    EnterSpoken {
        /// In which vote.
        vote: VoteId,
        /// Who spoke.
        person: PersonId,
        /// What was said.
        marks: Marks,
    },
    /// A second person has heard the same, or not.
    ConfirmSpoken {
        /// In which vote.
        vote: VoteId,
        /// Who spoke.
        person: PersonId,
        /// The same, or not: then it is dropped.
        confirm: bool,
    },
    /// Hands counted at a bridge point.
    EnterHands {
        /// In which vote.
        vote: VoteId,
        /// Where.
        site: SiteId,
        /// How many, by line and choice.
        counts: Counts,
        /// Why fewer than sit there; compulsory then, and for whatever is entered after the close.
        #[serde(default)]
        explanation: String,
    },
    /// Somebody else than who entered it confirms a count of hands.
    ConfirmHands {
        /// In which vote.
        vote: VoteId,
        /// Where.
        site: SiteId,
    },
    /// Đóng: from here on nothing is taken.
    Close {
        /// Which.
        vote: VoteId,
        /// Although the time is not over and not everybody has voted.
        #[serde(default)]
        early: bool,
    },
    /// Ghi sai: what the ballot should be; for oneself, or by a secretary for somebody.
    Object {
        /// In which vote.
        vote: VoteId,
        /// For whom; absent = oneself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        person: Option<PersonId>,
        /// What it should be.
        marks: Marks,
    },
    /// A secretary and the chair agree with an objection; one of them is enough to turn it down.
    AnswerObjection {
        /// In which vote.
        vote: VoteId,
        /// Whose ballot.
        person: PersonId,
        /// Agrees.
        agree: bool,
    },
    /// Công bố.
    Announce {
        /// Which.
        vote: VoteId,
    },
    /// Khoá: what was announced leaves the screens and can no longer be repeated.
    Lock {
        /// Which.
        vote: VoteId,
    },
    /// Huỷ, before the announcement.
    Cancel {
        /// Which.
        vote: VoteId,
        /// Why; not empty.
        reason: String,
    },
    /// Biểu quyết lại: a new vote with the same content; this one is kept.
    Repeat {
        /// Which.
        vote: VoteId,
        /// Why; not empty.
        reason: String,
    },
}

impl VoteCommand {
    /// The vote it is about; none for a new one.
    #[must_use]
    pub fn vote(&self) -> Option<&VoteId> {
        match self {
            Self::Prepare { .. } => None,
            Self::Edit { vote, .. }
            | Self::Ready { vote }
            | Self::Discard { vote }
            | Self::Open { vote, .. }
            | Self::Extend { vote }
            | Self::Pause { vote }
            | Self::Continue { vote }
            | Self::Admit { vote, .. }
            | Self::Route { vote, .. }
            | Self::Cast { vote, .. }
            | Self::EnterSpoken { vote, .. }
            | Self::ConfirmSpoken { vote, .. }
            | Self::EnterHands { vote, .. }
            | Self::ConfirmHands { vote, .. }
            | Self::Close { vote, .. }
            | Self::Object { vote, .. }
            | Self::AnswerObjection { vote, .. }
            | Self::Announce { vote }
            | Self::Lock { vote }
            | Self::Cancel { vote, .. }
            | Self::Repeat { vote, .. } => Some(vote),
        }
    }
}
