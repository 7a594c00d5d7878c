//! From a command about a question to the file that knows what it means. No rule stands here.

use crate::command::Asked;
use crate::event::Event;
use crate::id::{PersonId, QuestionId, Time};
use crate::meeting::Meeting;
use crate::question::command::QuestionCommand;
use crate::question::event::QuestionEvent;
use crate::question::{Question, QuestionState};
use crate::refusal::Refusal;

impl Meeting {
    pub(crate) fn decide_question(
        &self,
        by: &PersonId,
        asked: &Asked,
        command: &QuestionCommand,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        let one = |event: Result<QuestionEvent, Refusal>| Ok(vec![Event::Question(event?)]);
        match command {
            QuestionCommand::Send {
                to,
                title,
                text,
                secret,
                person,
            } => one(self.send_question(person.as_ref().unwrap_or(by), to, (title, text), *secret)),
            QuestionCommand::Revise { question, title, text } => one(self.revise_question(question, title, text)),
            QuestionCommand::Withdraw { question } => one(self.withdraw_question(question)),
            QuestionCommand::Receive { question } => one(self.receive_question(question)),
            QuestionCommand::Return { question, reason } => one(self.return_question(question, reason)),
            QuestionCommand::Forward { question } => one(self.forward_question(question)),
            QuestionCommand::File {
                question,
                title,
                group,
                to,
                secret,
            } => one(self.file_question(question, (title, group), to.as_ref(), *secret)),
            QuestionCommand::Choose { question, item } => one(self.choose_question(question, item)),
            QuestionCommand::PutInWriting { question, complex } => one(self.put_in_writing(question, *complex, now)),
            QuestionCommand::Call { person } => one(self.call_answerer(person)),
            QuestionCommand::Ask { question } => self.ask_question(question, asked, now),
            QuestionCommand::ReadOut { question } => one(self.read_out(question)),
            QuestionCommand::Answer { person, reason } => self.give_answer(person, reason, asked, now),
            QuestionCommand::Judge {
                question,
                satisfied,
                note,
            } => one(self.judge(question, *satisfied, note)),
            QuestionCommand::Note {
                kind,
                text,
                turn,
                question,
            } => one(self.take_note(*kind, text, turn.as_ref(), question.as_ref())),
            QuestionCommand::ChangeNote { note, text } => one(self.change_note(note, text)),
            QuestionCommand::DropNote { note, reason } => one(self.drop_note(note, reason)),
        }
    }

    /// A question by its id, for a command that names it.
    pub(crate) fn find_question(&self, id: &QuestionId) -> Result<&Question, Refusal> {
        self.questions.get(id).ok_or(Refusal::Unknown)
    }

    /// A question in one of these states.
    pub(crate) fn question_in(&self, id: &QuestionId, states: &[QuestionState]) -> Result<&Question, Refusal> {
        let question = self.find_question(id)?;
        if states.contains(&question.state) {
            Ok(question)
        } else {
            Err(Refusal::QuestionState)
        }
    }
}
