//! What a screen may know of questions and notes. The words of a secret question are shown to those who run the sitting, the asker
//! and the one asked, and to nobody else (PRODUCT 3.7).

use meeting::id::{ItemId, PersonId, QuestionId, Time, TurnId};
use meeting::question::{NoteKind, NoteText, QuestionState};
use meeting::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct QuestionView {
    /// Who asks.
    pub asker: PersonId,
    /// Who is asked; absent until it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to: Option<PersonId>,
    /// In a few words; empty when it is withheld, or not given yet.
    pub title: String,
    /// The whole text; only for those who run the sitting, the asker and the one asked.
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
    /// Why it was returned, or what is still missing in the answer; empty when neither.
    pub reason: String,
    /// Until when it is answered in writing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub due: Option<Time>,
    /// On which item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub item: Option<ItemId>,
    /// Who answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub answered_by: Option<PersonId>,
}

/// The questions that wait for an answer now, and who answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BlockView {
    /// Who answers on the open item; absent until it is settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub answerer: Option<PersonId>,
    /// The questions, in the order in which they were asked.
    pub questions: Vec<QuestionId>,
    /// After so many an answer is proposed.
    pub size: u32,
}

/// A note in the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct NoteView {
    /// What it is.
    pub kind: NoteKind,
    /// What it says.
    pub text: NoteText,
    /// The item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub item: Option<ItemId>,
    /// The turn in which it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub turn: Option<TurnId>,
    /// The question it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub question: Option<QuestionId>,
    /// When it was written down.
    pub at: Time,
    /// Why it was struck out; absent = it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub dropped: Option<String>,
}

/// What can be done with one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QuestionAct {
    /// Bổ sung.
    Revise,
    /// Rút.
    Withdraw,
    /// Tiếp nhận.
    Receive,
    /// Đề nghị bổ sung.
    Return,
    /// Chuyển người bị chất vấn.
    Forward,
    /// Title, group, person asked, secrecy.
    File,
    /// Chọn trả lời tại phiên.
    Choose,
    /// Trả lời bằng văn bản.
    PutInWriting,
    /// Mời đặt câu hỏi.
    Ask,
    /// The chair reads it out.
    ReadOut,
    /// Thoả đáng hay chưa.
    Judge,
}

/// What this screen can do with questions.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
pub struct MyQuestions {
    /// The own questions, and those that are put to this person.
    pub own: BTreeMap<QuestionId, QuestionView>,
    /// What can be done with each now; without an entry, nothing.
    pub can: BTreeMap<QuestionId, Vec<QuestionAct>>,
    /// Why its asker cannot be given the floor now; only for the chair.
    pub cannot_ask: BTreeMap<QuestionId, Refusal>,
}
