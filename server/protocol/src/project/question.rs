//! From the questions of a meeting to a screen, and what it can do with each.

use super::acts::somebody;
use super::runs_the_sitting;
use crate::view::AudienceKind;
use crate::view::question::{BlockView, MyQuestions, NoteView, QuestionAct, QuestionView};
use meeting::Meeting;
use meeting::command::{Actor, Command};
use meeting::id::{ItemId, NoteId, PersonId, QuestionId, Time};
use meeting::question::command::QuestionCommand;
use meeting::question::{NoteKind, NoteText, Question, QuestionState};
use meeting::refusal::Refusal;
use meeting::setup::{RequestKind, Role};
use std::collections::BTreeMap;

/// The questions that this audience may see, with as many words as it may read.
pub(super) fn questions(m: &Meeting, audience: AudienceKind) -> BTreeMap<QuestionId, QuestionView> {
    let inside = runs_the_sitting(audience);
    m.questions()
        .values()
        .filter(|question| inside || is_shown(m, question, audience))
        .map(|question| {
            let mut view = whole(question);
            if !inside {
                view.text.clear();
                view.reason.clear();
            }
            if question.secret && !inside {
                view.title.clear();
                view.group.clear();
            }
            (question.id.clone(), view)
        })
        .collect()
}

/// Whether those who do not run the sitting are told of it.
fn is_shown(m: &Meeting, question: &Question, audience: AudienceKind) -> bool {
    let known = match question.state {
        QuestionState::Sent | QuestionState::Received | QuestionState::Returned | QuestionState::Withdrawn => false,
        QuestionState::Forwarded
        | QuestionState::Chosen
        | QuestionState::InWriting
        | QuestionState::Asked
        | QuestionState::Answered
        | QuestionState::Unsatisfied
        | QuestionState::Closed => true,
    };
    let asked_now = question.state == QuestionState::Asked && question.item.as_ref() == m.item();
    match audience {
        AudienceKind::Chair | AudienceKind::Secretary => true,
        AudienceKind::Delegate => asked_now || (known && m.setup().rules.question.visible),
        AudienceKind::Room | AudienceKind::Technician | AudienceKind::Kiosk => asked_now,
    }
}

fn whole(question: &Question) -> QuestionView {
    QuestionView {
        asker: question.asker.clone(),
        to: question.to.clone(),
        title: question.title.clone(),
        text: question.text.clone(),
        group: question.group.clone(),
        secret: question.secret,
        direct: question.direct,
        state: question.state,
        since: question.since,
        at: question.at,
        reason: question.reason.clone(),
        due: question.due,
        item: question.item.clone(),
        answered_by: question.answered_by.clone(),
    }
}

/// The block of the open item; none where no questions are asked.
pub(super) fn block(m: &Meeting) -> Option<BlockView> {
    asking_item(m, m.item()?)?;
    Some(BlockView {
        answerer: m.answerer().cloned(),
        questions: m.block().map(|question| question.id.clone()).collect(),
        size: m.setup().rules.question.block,
    })
}

fn asking_item<'a>(m: &Meeting, item: &'a ItemId) -> Option<&'a ItemId> {
    let kind = &m.setup().agenda.get(item)?.kind;
    let rule = m.setup().rules.items.get(kind)?;
    rule.requests.contains(&RequestKind::Question).then_some(item)
}

/// The secretary's notes; for those who run the sitting.
pub(super) fn undertakings(m: &Meeting, audience: AudienceKind) -> BTreeMap<NoteId, NoteView> {
    if !runs_the_sitting(audience) {
        return BTreeMap::new();
    }
    m.undertakings()
        .values()
        .map(|note| {
            let view = NoteView {
                kind: note.kind,
                text: note.text.clone(),
                item: note.item.clone(),
                turn: note.turn.clone(),
                question: note.question.clone(),
                at: note.at,
                dropped: note.dropped.clone(),
            };
            (note.id.clone(), view)
        })
        .collect()
}

/// What belongs to one person's screen.
pub(super) fn mine(m: &Meeting, who: &Actor, id: &PersonId, audience: AudienceKind, now: Time) -> MyQuestions {
    let acts: &[QuestionAct] = match audience {
        AudienceKind::Chair => &[
            QuestionAct::Choose,
            QuestionAct::PutInWriting,
            QuestionAct::Ask,
            QuestionAct::ReadOut,
            QuestionAct::Judge,
        ],
        AudienceKind::Secretary => &[
            QuestionAct::Receive,
            QuestionAct::Return,
            QuestionAct::Forward,
            QuestionAct::File,
            QuestionAct::PutInWriting,
            QuestionAct::Withdraw,
        ],
        AudienceKind::Delegate => &[QuestionAct::Revise, QuestionAct::Withdraw],
        AudienceKind::Technician | AudienceKind::Room | AudienceKind::Kiosk => return MyQuestions::default(),
    };
    let mut mine = MyQuestions::default();
    for question in m.questions().values() {
        let own = question.asker == *id;
        let to_me = question.to.as_ref() == Some(id) && is_shown(m, question, AudienceKind::Delegate);
        if audience == AudienceKind::Delegate {
            if own || to_me {
                mine.own.insert(question.id.clone(), whole(question));
            }
            if !own {
                continue;
            }
        }
        let tried = |act: &QuestionAct| m.preview(who, &example(m, question, *act), now);
        let can: Vec<QuestionAct> = acts.iter().copied().filter(|act| tried(act).is_ok()).collect();
        if audience == AudienceKind::Chair
            && question.state.is_before()
            && let Err(refusal) = tried(&QuestionAct::Ask)
        {
            mine.cannot_ask.insert(question.id.clone(), refusal);
        }
        if !can.is_empty() {
            mine.can.insert(question.id.clone(), can);
        }
    }
    mine
}

/// What the button would send, with an example where it needs words.
fn example(m: &Meeting, about: &Question, act: QuestionAct) -> Command {
    let question = about.id.clone();
    let words = || "?".to_owned();
    let command = match act {
        QuestionAct::Revise => QuestionCommand::Revise {
            question,
            title: words(),
            text: words(),
        },
        QuestionAct::Withdraw => QuestionCommand::Withdraw { question },
        QuestionAct::Receive => QuestionCommand::Receive { question },
        QuestionAct::Return => QuestionCommand::Return {
            question,
            reason: words(),
        },
        QuestionAct::Forward => QuestionCommand::Forward { question },
        QuestionAct::File => QuestionCommand::File {
            question,
            title: words(),
            group: words(),
            to: None,
            secret: about.secret,
        },
        QuestionAct::Choose => QuestionCommand::Choose {
            question,
            item: next_asking_item(m, about).unwrap_or_else(|| ItemId::from("")),
        },
        QuestionAct::PutInWriting => QuestionCommand::PutInWriting {
            question,
            complex: false,
        },
        QuestionAct::Ask => QuestionCommand::Ask { question },
        QuestionAct::ReadOut => QuestionCommand::ReadOut { question },
        QuestionAct::Judge => QuestionCommand::Judge {
            question,
            satisfied: true,
            note: String::new(),
        },
    };
    Command::Question(command)
}

/// An item for which this question could be chosen.
fn next_asking_item(m: &Meeting, question: &Question) -> Option<ItemId> {
    let mut items: Vec<&ItemId> = m.setup().agenda.keys().collect();
    items.retain(|item| asking_item(m, item).is_some() && question.item.as_ref() != Some(item));
    items.first().map(|item| (*item).clone())
}

/// Whether somebody could be called to answer, or given the answer, or something be noted.
pub(super) fn possible(m: &Meeting, who: &Actor, act: LoopAct<'_>, now: Time) -> Result<(), Refusal> {
    let try_it = |command: QuestionCommand| m.preview(who, &Command::Question(command), now);
    // Every screen asks this at every change: nobody is looked up by name.
    let questioned = |but: Option<&PersonId>| {
        let mut people = m.setup().people.iter();
        let found = people.find(|(id, person)| person.roles.contains(&Role::Questioned) && but != Some(*id));
        found.map_or_else(|| PersonId::from(""), |(id, _)| id.clone())
    };
    let asked = || questioned(m.answerer());
    match act {
        LoopAct::Call => match try_it(QuestionCommand::Call { person: asked() }) {
            Err(Refusal::NotQuestioned) => Err(Refusal::NoChange),
            other => other,
        },
        LoopAct::Answer => somebody(try_it(QuestionCommand::Answer {
            person: m.answerer().cloned().unwrap_or_else(asked),
            reason: "?".to_owned(),
        })),
        LoopAct::SendFor(asker) => try_it(QuestionCommand::Send {
            to: questioned(asker.or(own(who))),
            title: "?".to_owned(),
            text: String::new(),
            secret: false,
            person: asker.cloned(),
        }),
        LoopAct::Note => try_it(QuestionCommand::Note {
            kind: NoteKind::Commitment,
            text: NoteText {
                what: "?".to_owned(),
                who: "?".to_owned(),
                due: None,
                measure: String::new(),
            },
            turn: None,
            question: None,
        }),
    }
}

fn own(who: &Actor) -> Option<&PersonId> {
    match who {
        Actor::Person { id, .. } => Some(id),
        Actor::Room { .. } | Actor::Kiosk { .. } | Actor::System => None,
    }
}

/// An act about questions that is about none in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoopAct<'a> {
    /// Who answers.
    Call,
    /// Give the answer.
    Answer,
    /// A question of one's own, or of somebody else.
    SendFor(Option<&'a PersonId>),
    /// Note something.
    Note,
}
