//! Chất vấn and giải trình: questions in writing and put directly, who answers them, and what is promised (PRODUCT 3.7).
//!
//! A question has one life, whichever way it came: handed in before, or spoken at once. The floor is given as ever (`floor`); this
//! module ties a turn to its question, knows the block of questions that waits for an answer, and keeps what the answer committed
//! to. It does not know ballots, and no clock moves a question: a date that has passed is for people to see.
//!
//! What PRODUCT leaves open, and how it is settled here:
//! - Questions that were asked and not answered yet are a block. All are for one person; the next one for somebody else waits.
//! - How many make a block is a proposal to the chair, not a limit.
//! - The end of an answer answers the whole block. A turn broken off by a lost line does not.
//! - Somebody else answers only with a typed reason; when the one who was asked speaks or has spoken, others may add to it.
//! - A question that was not reached is answered in writing, also when the list of speakers is discarded: it belongs to the delegate.
//! - A secret question is asked in a closed sitting only, and its words are shown to nobody but those who run the sitting, the
//!   asker and the one asked.

mod apply;
pub mod command;
mod decide;
pub mod event;
mod live;
mod note;
mod read;
pub mod rules;
mod written;

use crate::id::{ItemId, NoteId, PersonId, QuestionId, Time, TurnId};
use serde::{Deserialize, Serialize};

/// Longest title of a question, group of subjects or part of a note, in characters.
const LONGEST_LINE: usize = 300;
/// Longest text of a question, in characters.
const LONGEST_TEXT: usize = 3000;

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum QuestionState {
    /// Đã gửi.
    Sent,
    /// Thư ký tiếp nhận.
    Received,
    /// Đề nghị bổ sung.
    Returned,
    /// Đã chuyển người bị chất vấn.
    Forwarded,
    /// Đã chọn trả lời tại phiên.
    Chosen,
    /// Trả lời bằng văn bản.
    InWriting,
    /// Đang chất vấn: asked, and not answered yet.
    Asked,
    /// Đã trả lời.
    Answered,
    /// Chưa thoả đáng, theo dõi.
    Unsatisfied,
    /// Kết thúc.
    Closed,
    /// Đã rút.
    Withdrawn,
}

impl QuestionState {
    /// Not asked yet: it may be withdrawn, sorted, asked.
    #[must_use]
    pub fn is_before(self) -> bool {
        match self {
            Self::Sent | Self::Received | Self::Returned | Self::Forwarded | Self::Chosen => true,
            Self::InWriting | Self::Asked | Self::Answered | Self::Unsatisfied | Self::Closed | Self::Withdrawn => {
                false
            }
        }
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// Who asks.
    pub asker: PersonId,
    /// Who is asked; absent for a question put directly until a secretary says so.
    pub to: Option<PersonId>,
    /// In a few words; may be empty for one put directly.
    pub title: String,
    /// The whole text; empty for one put directly.
    pub text: String,
    /// Nhóm vấn đề; may be empty.
    pub group: String,
    /// Mật.
    pub secret: bool,
    /// Put directly, without paper.
    pub direct: bool,
    /// Where it stands.
    pub state: QuestionState,
    /// Since when.
    pub since: Time,
    /// When it was sent, or put.
    pub at: Time,
    /// Why it was returned, or what the chair noted on the answer; may be empty.
    pub reason: String,
    /// Until when it is answered in writing.
    pub due: Option<Time>,
    /// The item on which it is to be asked, or was.
    pub item: Option<ItemId>,
    /// The turn in which it was asked; absent when the chair read it out.
    pub turn: Option<TurnId>,
    /// Who answered.
    pub answered_by: Option<PersonId>,
}

/// What a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Cam kết.
    Commitment,
    /// Chỉ đạo của chủ tọa.
    Directive,
    /// Kiến nghị.
    Recommendation,
}

/// What was promised, ordered or proposed: what, who, until when, measured by what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NoteText {
    /// Việc gì; not empty.
    pub what: String,
    /// Ai: person or body; not empty.
    pub who: String,
    /// Hạn; absent = none was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub due: Option<Time>,
    /// Chỉ tiêu đo; may be empty.
    #[serde(default)]
    pub measure: String,
}

/// A note in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// What it is.
    pub kind: NoteKind,
    /// What it says.
    pub text: NoteText,
    /// The open item.
    pub item: Option<ItemId>,
    /// The turn in which it was said.
    pub turn: Option<TurnId>,
    /// The question it answers.
    pub question: Option<QuestionId>,
    /// Who wrote it down.
    pub by: PersonId,
    /// When.
    pub at: Time,
    /// Why it was struck out; absent = it stands.
    pub dropped: Option<String>,
}
