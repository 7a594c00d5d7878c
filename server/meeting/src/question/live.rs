//! The live loop: some ask, one answers, the chair says whether it will do (PRODUCT 3.7).

use crate::command::Asked;
use crate::event::{Event, Grant};
use crate::id::{ItemId, PersonId, QuestionId, Time};
use crate::meeting::Meeting;
use crate::question::event::QuestionEvent;
use crate::question::{LONGEST_TEXT, Question, QuestionState as State};
use crate::refusal::Refusal;
use crate::request::RequestState;
use crate::setup::RequestKind;
use crate::sitting::given;

impl Meeting {
    /// Who answers on the open item. While questions wait for somebody's answer, it stays that person.
    pub(crate) fn call_answerer(&self, person: &PersonId) -> Result<QuestionEvent, Refusal> {
        self.asking_item()?;
        if !self.has_role(person, crate::setup::Role::Questioned) {
            return Err(Refusal::NotQuestioned);
        }
        if self.answerer.as_ref() == Some(person) {
            return Err(Refusal::NoChange);
        }
        self.block_is_for(Some(person))?;
        Ok(QuestionEvent::AnswererCalled { person: person.clone() })
    }

    /// The open item, if questions are asked on it.
    fn asking_item(&self) -> Result<ItemId, Refusal> {
        let item = self.item.clone().ok_or(Refusal::NoItem)?;
        let asks = |kinds: &std::collections::BTreeSet<RequestKind>| kinds.contains(&RequestKind::Question);
        if self.item_rule().is_some_and(|rule| asks(&rule.requests)) {
            Ok(item)
        } else {
            Err(Refusal::KindNotOpen)
        }
    }

    /// A block is for one person: before somebody else is asked, it is answered, or put in writing.
    fn block_is_for(&self, person: Option<&PersonId>) -> Result<(), Refusal> {
        let others = |question: &&Question| question.to.is_some() && question.to.as_ref() != person;
        match self.block().find(others) {
            Some(waiting) => Err(Refusal::AnswerFirst {
                question: waiting.id.clone(),
            }),
            None => Ok(()),
        }
    }

    /// A question that could be asked now, on this item.
    fn may_be_put(&self, id: &QuestionId) -> Result<(&Question, ItemId), Refusal> {
        let item = self.asking_item()?;
        let question = self.question_in(id, &[State::Received, State::Forwarded, State::Chosen])?;
        if question.secret && !self.is_behind_doors() {
            return Err(Refusal::ClosedOnly);
        }
        self.block_is_for(question.to.as_ref())?;
        Ok((question, item))
    }

    /// The asker has the floor: by the own request if one waits, else outside the list.
    pub(crate) fn ask_question(&self, id: &QuestionId, asked: &Asked, now: Time) -> Result<Vec<Event>, Refusal> {
        let (question, item) = self.may_be_put(id)?;
        let mut events = self.invite_direct(asked, &question.asker, RequestKind::Question, now)?;
        let granted = events.iter().find_map(granted);
        let turn = granted.map(|grant| grant.turn.clone());
        events.push(Event::Question(QuestionEvent::Asked {
            question: id.clone(),
            item,
            turn,
        }));
        Ok(events)
    }

    pub(crate) fn read_out(&self, id: &QuestionId) -> Result<QuestionEvent, Refusal> {
        let (_, item) = self.may_be_put(id)?;
        Ok(QuestionEvent::Asked {
            question: id.clone(),
            item,
            turn: None,
        })
    }

    /// Mời trả lời. Only the person asked answers; another only with a reason (PRODUCT 6 R12).
    pub(crate) fn give_answer(
        &self,
        person: &PersonId,
        reason: &str,
        asked: &Asked,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::new();
        match self.answers_personally(person) {
            Err(Refusal::AnswersPersonally { person: named }) if !reason.trim().is_empty() => {
                events.push(Event::Question(QuestionEvent::AnswererReplaced {
                    named,
                    person: person.clone(),
                    reason: given(reason)?,
                }));
            }
            other => other?,
        }
        events.extend(self.invite_outside(asked, person, RequestKind::Answer, now)?);
        Ok(events)
    }

    /// Whether this person may answer the block without a reason: nobody is asked, it is the person asked, or that person is
    /// answering and others add to it.
    pub(crate) fn answers_personally(&self, person: &PersonId) -> Result<(), Refusal> {
        let asked = |who: &PersonId| self.block().any(|question| question.to.as_ref() == Some(who));
        let named = self.block().find_map(|question| question.to.clone());
        let answering = self
            .turn
            .as_ref()
            .is_some_and(|turn| turn.kind == RequestKind::Answer && asked(&turn.person));
        match named {
            Some(named) if !asked(person) && !answering => Err(Refusal::AnswersPersonally { person: named }),
            Some(_) | None => Ok(()),
        }
    }

    /// Chất vấn trực tiếp: whoever is given the floor for a question that is on no paper has put one with it.
    pub(crate) fn questions_raised(&self, events: &[Event]) -> Vec<Event> {
        let linked = |grant: &Grant| {
            events.iter().any(|event| {
                matches!(event, Event::Question(QuestionEvent::Asked { turn: Some(turn), .. }) if *turn == grant.turn)
            })
        };
        // A turn that was broken off by a lost line goes on with the same request.
        let goes_on = |grant: &Grant| {
            self.questions
                .values()
                .filter_map(|question| question.turn.as_ref())
                .any(|turn| {
                    self.past
                        .iter()
                        .any(|past| past.turn.id == *turn && past.turn.request == grant.request)
                })
        };
        events
            .iter()
            .filter_map(granted)
            .filter(|grant| grant.kind == RequestKind::Question && !linked(grant) && !goes_on(grant))
            .map(|grant| {
                Event::Question(QuestionEvent::Raised {
                    question: self.next_question(),
                    asker: grant.person.clone(),
                    to: self.answerer.clone(),
                    title: self
                        .requests
                        .get(&grant.request)
                        .filter(|request| request.state != RequestState::Done)
                        .map_or_else(String::new, |request| request.subject.clone()),
                    item: grant.item.clone(),
                    turn: Some(grant.turn.clone()),
                })
            })
            .collect()
    }

    /// "Thoả đáng?": the chair's word on an answer.
    pub(crate) fn judge(&self, id: &QuestionId, satisfied: bool, note: &str) -> Result<QuestionEvent, Refusal> {
        let question = self.question_in(id, &[State::Answered, State::Unsatisfied])?;
        let note = note.trim();
        if note.chars().count() > LONGEST_TEXT {
            return Err(Refusal::OutOfRange);
        }
        if !satisfied && question.state == State::Unsatisfied && question.reason == note {
            return Err(Refusal::NoChange);
        }
        Ok(QuestionEvent::Judged {
            question: id.clone(),
            satisfied,
            note: note.to_owned(),
        })
    }

    /// Somebody has answered to the end: the block is answered.
    pub(crate) fn apply_answer_ended(&mut self, person: &PersonId, item: &ItemId, at: Time) {
        for question in self.questions.values_mut() {
            if question.state == State::Asked && question.item.as_ref() == Some(item) {
                question.state = State::Answered;
                question.since = at;
                question.answered_by = Some(person.clone());
            }
        }
    }
}

fn granted(event: &Event) -> Option<&Grant> {
    if let Event::FloorGranted(grant) = event {
        Some(grant)
    } else {
        None
    }
}
