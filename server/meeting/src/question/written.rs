//! Phiếu chất vấn: handed in, taken in, returned, passed on, chosen, or answered in writing.

use crate::event::Event;
use crate::id::{ItemId, PersonId, QuestionId, RequestId, Time};
use crate::meeting::Meeting;
use crate::question::event::QuestionEvent;
use crate::question::{LONGEST_LINE, LONGEST_TEXT, QuestionState as State};
use crate::refusal::Refusal;
use crate::setup::{RequestKind, Role};
use crate::sitting::given;

/// At most so many questions in a sitting.
const MOST: usize = 1000;
/// At most so many of one delegate.
const MOST_OF_ONE: usize = 40;

impl Meeting {
    pub(crate) fn send_question(
        &self,
        asker: &PersonId,
        to: &PersonId,
        (title, text): (&str, &str),
        secret: bool,
    ) -> Result<QuestionEvent, Refusal> {
        if !self.setup.people.contains_key(asker) {
            return Err(Refusal::Unknown);
        }
        if !self.has_role(asker, Role::Delegate) {
            return Err(Refusal::NotAllowed);
        }
        self.may_be_asked(to)?;
        if asker == to {
            return Err(Refusal::SamePerson);
        }
        let (title, text) = words(title, text)?;
        let own = self
            .questions
            .values()
            .filter(|question| question.asker == *asker)
            .count();
        if self.questions.len() >= MOST || own >= MOST_OF_ONE {
            return Err(Refusal::OutOfRange);
        }
        Ok(QuestionEvent::Sent {
            question: self.next_question(),
            asker: asker.clone(),
            to: to.clone(),
            title,
            text,
            secret,
        })
    }

    /// Questions go to those whom the roster names for it.
    fn may_be_asked(&self, person: &PersonId) -> Result<(), Refusal> {
        if self.has_role(person, Role::Questioned) {
            Ok(())
        } else {
            Err(Refusal::NotQuestioned)
        }
    }

    pub(crate) fn revise_question(&self, id: &QuestionId, title: &str, text: &str) -> Result<QuestionEvent, Refusal> {
        let question = self.question_in(id, &[State::Sent, State::Returned])?;
        let (title, text) = words(title, text)?;
        if (&question.title, &question.text) == (&title, &text) {
            return Err(Refusal::NoChange);
        }
        Ok(QuestionEvent::Revised {
            question: id.clone(),
            title,
            text,
        })
    }

    /// Rút: by the asker any time before the turn; also when the answer in writing is awaited.
    pub(crate) fn withdraw_question(&self, id: &QuestionId) -> Result<QuestionEvent, Refusal> {
        let question = self.find_question(id)?;
        if !question.state.is_before() && question.state != State::InWriting {
            return Err(Refusal::QuestionState);
        }
        Ok(QuestionEvent::Withdrawn { question: id.clone() })
    }

    pub(crate) fn receive_question(&self, id: &QuestionId) -> Result<QuestionEvent, Refusal> {
        self.question_in(id, &[State::Sent])?;
        Ok(QuestionEvent::Received { question: id.clone() })
    }

    pub(crate) fn return_question(&self, id: &QuestionId, reason: &str) -> Result<QuestionEvent, Refusal> {
        self.question_in(id, &[State::Sent, State::Received])?;
        Ok(QuestionEvent::Returned {
            question: id.clone(),
            reason: given(reason)?,
        })
    }

    pub(crate) fn forward_question(&self, id: &QuestionId) -> Result<QuestionEvent, Refusal> {
        self.question_in(id, &[State::Sent, State::Received])?;
        Ok(QuestionEvent::Forwarded { question: id.clone() })
    }

    /// The secretary's order: a title, a group of subjects, who is asked, whether it is secret. What was asked keeps its person.
    pub(crate) fn file_question(
        &self,
        id: &QuestionId,
        (title, group): (&str, &str),
        to: Option<&PersonId>,
        secret: bool,
    ) -> Result<QuestionEvent, Refusal> {
        let question = self.find_question(id)?;
        if question.state == State::Withdrawn {
            return Err(Refusal::QuestionState);
        }
        let (title, _) = words(title, "")?;
        let group = group.trim().to_owned();
        if group.chars().count() > LONGEST_LINE {
            return Err(Refusal::OutOfRange);
        }
        if let Some(to) = to {
            self.may_be_asked(to)?;
            let settled = !question.state.is_before() && question.to.is_some();
            if settled && question.to.as_ref() != Some(to) {
                return Err(Refusal::QuestionState);
            }
        }
        // What was said aloud in public cannot be made secret any more.
        let spoken = !question.state.is_before() && question.state != State::InWriting;
        if secret && !question.secret && spoken {
            return Err(Refusal::QuestionState);
        }
        let to = to.or(question.to.as_ref()).cloned();
        if (&question.title, &question.group, &question.to, question.secret) == (&title, &group, &to, secret) {
            return Err(Refusal::NoChange);
        }
        Ok(QuestionEvent::Filed {
            question: id.clone(),
            title,
            group,
            to,
            secret,
        })
    }

    pub(crate) fn choose_question(&self, id: &QuestionId, item: &ItemId) -> Result<QuestionEvent, Refusal> {
        let question = self.question_in(
            id,
            &[State::Received, State::Forwarded, State::Chosen, State::InWriting],
        )?;
        let agenda = self.setup.agenda.get(item).ok_or(Refusal::Unknown)?;
        let rule = self.setup.rules.items.get(&agenda.kind);
        if !rule.is_some_and(|rule| rule.requests.contains(&RequestKind::Question)) {
            return Err(Refusal::KindNotOpen);
        }
        if question.state == State::Chosen && question.item.as_ref() == Some(item) {
            return Err(Refusal::NoChange);
        }
        Ok(QuestionEvent::Chosen {
            question: id.clone(),
            item: item.clone(),
        })
    }

    /// Trả lời bằng văn bản: chosen from the beginning, or because it was not reached or could not be answered.
    pub(crate) fn put_in_writing(&self, id: &QuestionId, complex: bool, now: Time) -> Result<QuestionEvent, Refusal> {
        let states = [
            State::Received,
            State::Forwarded,
            State::Chosen,
            State::Asked,
            State::Answered,
            State::Unsatisfied,
        ];
        self.question_in(id, &states)?;
        Ok(QuestionEvent::PutInWriting {
            question: id.clone(),
            due: self.setup.rules.question.due(complex, now),
        })
    }

    /// What was not reached on an item: chosen for it, or asked and not answered.
    pub(crate) fn unanswered_on(&self, item: &ItemId) -> Vec<QuestionId> {
        self.questions
            .values()
            .filter(|question| question.item.as_ref() == Some(item))
            .filter(|question| matches!(question.state, State::Chosen | State::Asked))
            .map(|question| question.id.clone())
            .collect()
    }

    /// They wait for the next item, or are answered in writing.
    pub(crate) fn questions_left(&self, left: &[QuestionId], carried: bool, now: Time) -> Vec<Event> {
        let due = self.setup.rules.question.due(false, now);
        left.iter()
            .map(|question| {
                let question = question.clone();
                Event::Question(if carried {
                    QuestionEvent::CarriedOver { question }
                } else {
                    QuestionEvent::PutInWriting { question, due }
                })
            })
            .collect()
    }

    /// Requests to put a question directly that were not reached become questions that are answered in writing.
    pub(crate) fn unspoken_questions(&self, requests: &[RequestId], now: Time) -> Vec<Event> {
        let asking = requests
            .iter()
            .filter_map(|id| self.requests.get(id))
            .filter(|request| request.kind == RequestKind::Question);
        let due = self.setup.rules.question.due(false, now);
        asking
            .zip(1..)
            .flat_map(|(request, nth)| {
                let question = self.question_after(nth);
                let raised = QuestionEvent::Raised {
                    question: question.clone(),
                    asker: request.person.clone(),
                    to: self.answerer.clone(),
                    title: request.subject.clone(),
                    item: request.item.clone(),
                    turn: None,
                };
                [raised, QuestionEvent::PutInWriting { question, due }]
            })
            .map(Event::Question)
            .collect()
    }

    pub(crate) fn next_question(&self) -> QuestionId {
        self.question_after(1)
    }

    fn question_after(&self, nth: u32) -> QuestionId {
        QuestionId(format!("q{}", self.questions_made + nth))
    }
}

/// A title, which must be there, and a text.
fn words(title: &str, text: &str) -> Result<(String, String), Refusal> {
    let (title, text) = (title.trim(), text.trim());
    if title.is_empty() {
        return Err(Refusal::TextMissing);
    }
    if title.chars().count() > LONGEST_LINE || text.chars().count() > LONGEST_TEXT {
        return Err(Refusal::OutOfRange);
    }
    Ok((title.to_owned(), text.to_owned()))
}
