//! What people ask of questions and notes.

use crate::id::{ItemId, NoteId, PersonId, QuestionId, TurnId};
use crate::question::{NoteKind, NoteText};
use serde::{Deserialize, Serialize};

/// Everything that can be asked of questions (PRODUCT 3.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum QuestionCommand {
    /// Gửi phiếu chất vấn: the issue and the person asked (PRODUCT 6 R13).
    Send {
        /// Who is asked.
        to: PersonId,
        /// The issue in a few words; not empty.
        title: String,
        /// The whole text; may be empty.
        #[serde(default)]
        text: String,
        /// Mật.
        #[serde(default)]
        secret: bool,
        /// For whom, when a secretary enters it; absent = oneself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        person: Option<PersonId>,
    },
    /// Bổ sung: other words for what was sent or returned.
    Revise {
        /// Which.
        question: QuestionId,
        /// The issue; not empty.
        title: String,
        /// The whole text.
        text: String,
    },
    /// Rút, any time before it is asked.
    Withdraw {
        /// Which.
        question: QuestionId,
    },
    /// Tiếp nhận.
    Receive {
        /// Which.
        question: QuestionId,
    },
    /// Đề nghị bổ sung.
    Return {
        /// Which.
        question: QuestionId,
        /// What is missing; not empty.
        reason: String,
    },
    /// Chuyển người bị chất vấn.
    Forward {
        /// Which.
        question: QuestionId,
    },
    /// Title, group of subjects, person asked and secrecy, as the secretary keeps them.
    File {
        /// Which.
        question: QuestionId,
        /// Title; not empty.
        title: String,
        /// Nhóm vấn đề; may be empty.
        #[serde(default)]
        group: String,
        /// Who is asked; absent = as before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        to: Option<PersonId>,
        /// Mật.
        #[serde(default)]
        secret: bool,
    },
    /// Chọn trả lời tại phiên.
    Choose {
        /// Which.
        question: QuestionId,
        /// On which item.
        item: ItemId,
    },
    /// Trả lời bằng văn bản.
    PutInWriting {
        /// Which.
        question: QuestionId,
        /// A complex matter, for which there is more time.
        #[serde(default)]
        complex: bool,
    },
    /// Who answers on the open item from now on.
    Call {
        /// Who.
        person: PersonId,
    },
    /// Mời đặt câu hỏi: the asker has the floor.
    Ask {
        /// Which.
        question: QuestionId,
    },
    /// The chair reads it out, because the asker is not there.
    ReadOut {
        /// Which.
        question: QuestionId,
    },
    /// Mời trả lời.
    Answer {
        /// Who.
        person: PersonId,
        /// Why somebody else than the person asked; empty when it is that person.
        #[serde(default)]
        reason: String,
    },
    /// Thoả đáng hay chưa.
    Judge {
        /// Which.
        question: QuestionId,
        /// Thoả đáng; if not, it is followed up.
        satisfied: bool,
        /// What is still missing; may be empty.
        #[serde(default)]
        note: String,
    },
    /// Đánh dấu cam kết, chỉ đạo, kiến nghị.
    Note {
        /// What it is.
        kind: NoteKind,
        /// What was said.
        text: NoteText,
        /// In which turn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        turn: Option<TurnId>,
        /// To which question.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        question: Option<QuestionId>,
    },
    /// Other words for a note.
    ChangeNote {
        /// Which.
        note: NoteId,
        /// What was said.
        text: NoteText,
    },
    /// Strikes a note out.
    DropNote {
        /// Which.
        note: NoteId,
        /// Why; not empty.
        reason: String,
    },
}

impl QuestionCommand {
    /// The question it is about.
    #[must_use]
    pub fn question(&self) -> Option<&QuestionId> {
        match self {
            Self::Revise { question, .. }
            | Self::Withdraw { question }
            | Self::Receive { question }
            | Self::Return { question, .. }
            | Self::Forward { question }
            | Self::File { question, .. }
            | Self::Choose { question, .. }
            | Self::PutInWriting { question, .. }
            | Self::Ask { question }
            | Self::ReadOut { question }
            | Self::Judge { question, .. } => Some(question),
            Self::Note { question, .. } => question.as_ref(),
            Self::Send { .. }
            | Self::Call { .. }
            | Self::Answer { .. }
            | Self::ChangeNote { .. }
            | Self::DropNote { .. } => None,
        }
    }
}
