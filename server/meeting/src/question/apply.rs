//! From an event about a question or a note to the state it changes. Total: nothing here decides.

use crate::command::Actor;
use crate::id::{QuestionId, Time};
use crate::meeting::Meeting;
use crate::question::event::QuestionEvent;
use crate::question::{Note, Question, QuestionState as State};

impl Meeting {
    pub(crate) fn apply_question(&mut self, event: &QuestionEvent, by: &Actor, at: Time) {
        match event {
            QuestionEvent::Sent {
                question,
                asker,
                to,
                title,
                text,
                secret,
            } => {
                let new = Question {
                    to: Some(to.clone()),
                    title: title.clone(),
                    text: text.clone(),
                    secret: *secret,
                    ..Question::new(question, asker, at)
                };
                self.add_question(new);
            }
            QuestionEvent::Raised {
                question,
                asker,
                to,
                title,
                item,
                turn,
            } => {
                let new = Question {
                    to: to.clone(),
                    title: title.clone(),
                    direct: true,
                    state: State::Asked,
                    item: Some(item.clone()),
                    turn: turn.clone(),
                    ..Question::new(question, asker, at)
                };
                self.add_question(new);
            }
            QuestionEvent::Revised { question, title, text } => self.change_question(question, |question| {
                question.title.clone_from(title);
                question.text.clone_from(text);
                question.enter(State::Sent, at);
            }),
            QuestionEvent::Withdrawn { question } => self.question_enters(question, State::Withdrawn, at),
            QuestionEvent::Received { question } => self.question_enters(question, State::Received, at),
            QuestionEvent::Returned { question, reason } => self.change_question(question, |question| {
                question.enter(State::Returned, at);
                question.reason.clone_from(reason);
            }),
            QuestionEvent::Forwarded { question } => self.question_enters(question, State::Forwarded, at),
            QuestionEvent::Filed {
                question,
                title,
                group,
                to,
                secret,
            } => self.change_question(question, |question| {
                question.title.clone_from(title);
                question.group.clone_from(group);
                question.to.clone_from(to);
                question.secret = *secret;
            }),
            QuestionEvent::Chosen { question, item } => self.change_question(question, |question| {
                question.enter(State::Chosen, at);
                question.item = Some(item.clone());
            }),
            QuestionEvent::PutInWriting { question, due } => self.change_question(question, |question| {
                question.enter(State::InWriting, at);
                question.due = Some(*due);
            }),
            QuestionEvent::CarriedOver { question } => self.change_question(question, |question| {
                question.enter(State::Forwarded, at);
                question.item = None;
            }),
            QuestionEvent::AnswererCalled { person } => self.answerer = Some(person.clone()),
            QuestionEvent::Asked { question, item, turn } => {
                self.change_question(question, |question| {
                    question.enter(State::Asked, at);
                    question.item = Some(item.clone());
                    question.turn.clone_from(turn);
                });
                let to = self.questions.get(question).and_then(|question| question.to.clone());
                self.answerer = to.or(self.answerer.take());
            }
            // Whom the chair has let answer stands in the turn that follows.
            QuestionEvent::AnswererReplaced { .. } => {}
            QuestionEvent::Judged {
                question,
                satisfied,
                note,
            } => self.change_question(question, |question| {
                question.enter(if *satisfied { State::Closed } else { State::Unsatisfied }, at);
                question.reason.clone_from(note);
            }),
            QuestionEvent::Noted {
                note,
                kind,
                text,
                item,
                turn,
                question,
            } => {
                let noted = Note {
                    id: note.clone(),
                    kind: *kind,
                    text: text.clone(),
                    item: item.clone(),
                    turn: turn.clone(),
                    question: question.clone(),
                    by: crate::vote::person_of(by),
                    at,
                    dropped: None,
                };
                self.undertakings.insert(note.clone(), noted);
            }
            QuestionEvent::NoteChanged { note, text } => {
                if let Some(note) = self.undertakings.get_mut(note) {
                    note.text.clone_from(text);
                }
            }
            QuestionEvent::NoteDropped { note, reason } => {
                if let Some(note) = self.undertakings.get_mut(note) {
                    note.dropped = Some(reason.clone());
                }
            }
        }
    }

    fn add_question(&mut self, question: Question) {
        if self.questions.insert(question.id.clone(), question).is_none() {
            self.questions_made += 1;
        }
    }

    fn question_enters(&mut self, id: &QuestionId, state: State, at: Time) {
        self.change_question(id, |question| question.enter(state, at));
    }

    fn change_question(&mut self, id: &QuestionId, change: impl FnOnce(&mut Question)) {
        if let Some(question) = self.questions.get_mut(id) {
            change(question);
        }
    }
}

impl Question {
    fn new(id: &QuestionId, asker: &crate::id::PersonId, at: Time) -> Self {
        Self {
            id: id.clone(),
            asker: asker.clone(),
            to: None,
            title: String::new(),
            text: String::new(),
            group: String::new(),
            secret: false,
            direct: false,
            state: State::Sent,
            since: at,
            at,
            reason: String::new(),
            due: None,
            item: None,
            turn: None,
            answered_by: None,
        }
    }

    fn enter(&mut self, state: State, at: Time) {
        self.state = state;
        self.since = at;
        self.reason.clear();
        self.due = None;
    }
}
