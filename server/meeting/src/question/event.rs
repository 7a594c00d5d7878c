//! What happened to questions and notes.

use crate::id::{ItemId, NoteId, PersonId, QuestionId, Time, TurnId};
use crate::question::{NoteKind, NoteText};
use serde::{Deserialize, Serialize};

/// What can happen to a question or a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum QuestionEvent {
    /// A question was handed in.
    Sent {
        /// Its id.
        question: QuestionId,
        /// Who asks.
        asker: PersonId,
        /// Who is asked.
        to: PersonId,
        /// The issue.
        title: String,
        /// The whole text.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
        /// Mật.
        #[serde(default)]
        secret: bool,
    },
    /// It was put directly: spoken, or asked for and not reached.
    Raised {
        /// Its id.
        question: QuestionId,
        /// Who asks.
        asker: PersonId,
        /// Who is asked, as far as it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<PersonId>,
        /// The subject of the request; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        title: String,
        /// On which item.
        item: ItemId,
        /// In which turn; absent = it was not reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        turn: Option<TurnId>,
    },
    /// Its words were changed by the asker.
    Revised {
        /// Which.
        question: QuestionId,
        /// The issue.
        title: String,
        /// The whole text.
        text: String,
    },
    /// Đã rút.
    Withdrawn {
        /// Which.
        question: QuestionId,
    },
    /// Thư ký tiếp nhận.
    Received {
        /// Which.
        question: QuestionId,
    },
    /// Đề nghị bổ sung.
    Returned {
        /// Which.
        question: QuestionId,
        /// What is missing.
        reason: String,
    },
    /// Đã chuyển người bị chất vấn.
    Forwarded {
        /// Which.
        question: QuestionId,
    },
    /// A secretary has sorted it.
    Filed {
        /// Which.
        question: QuestionId,
        /// Title.
        title: String,
        /// Nhóm vấn đề.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        group: String,
        /// Who is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<PersonId>,
        /// Mật.
        #[serde(default)]
        secret: bool,
    },
    /// Đã chọn trả lời tại phiên.
    Chosen {
        /// Which.
        question: QuestionId,
        /// On which item.
        item: ItemId,
    },
    /// Trả lời bằng văn bản.
    PutInWriting {
        /// Which.
        question: QuestionId,
        /// Until when.
        due: Time,
    },
    /// Not reached on its item; it waits for the next one.
    CarriedOver {
        /// Which.
        question: QuestionId,
    },
    /// Who answers from now on.
    AnswererCalled {
        /// Who.
        person: PersonId,
    },
    /// It was asked: by the asker in this turn, or read out by the chair.
    Asked {
        /// Which.
        question: QuestionId,
        /// On which item.
        item: ItemId,
        /// In which turn; absent = the chair read it out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        turn: Option<TurnId>,
    },
    /// Somebody else than the person asked answers.
    AnswererReplaced {
        /// Who was asked.
        named: PersonId,
        /// Who answers.
        person: PersonId,
        /// Why.
        reason: String,
    },
    /// The chair has said whether the answer will do.
    Judged {
        /// Which.
        question: QuestionId,
        /// Thoả đáng.
        satisfied: bool,
        /// What is still missing.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Something said was noted.
    Noted {
        /// The note's id.
        note: NoteId,
        /// What it is.
        kind: NoteKind,
        /// What was said.
        text: NoteText,
        /// The open item.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<ItemId>,
        /// In which turn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        turn: Option<TurnId>,
        /// To which question.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<QuestionId>,
    },
    /// A note has other words.
    NoteChanged {
        /// Which.
        note: NoteId,
        /// What was said.
        text: NoteText,
    },
    /// A note was struck out.
    NoteDropped {
        /// Which.
        note: NoteId,
        /// Why.
        reason: String,
    },
}
