//! Who presides, and who may take over.

use super::{Person, any_person, any_request, next_item};
use crate::chance::Chance;
use meeting::Phase;
use meeting::command::{Command, Leftover, OutOfOrder};
use meeting::cut::Preset;
use meeting::request::RequestState;
use meeting::setup::RequestKind;
use meeting::turn::Clock;
use meeting::vote::command::VoteCommand as V;
use meeting::vote::{Vote, VotePhase};

/// Turns after which an item is about to be closed.
const ENOUGH: usize = 5;

pub(super) fn presides(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    if m.console().is_some_and(|console| console != me.device) {
        return Some(Command::TakeConsole);
    }
    match m.phase() {
        Phase::Preparing => Some(Command::StartTechnicalCheck),
        Phase::TechnicalCheck => chance.one_in(3).then_some(Command::OpenLobby),
        Phase::Lobby if m.snapshots().is_empty() => None,
        Phase::Lobby => Some(Command::OpenSitting {
            unrecorded: true,
            override_quorum: without_quorum(me),
        }),
        Phase::Suspended => chance.one_in(2).then_some(Command::Resume),
        Phase::Open => vote(me, chance)
            .or_else(|| whim(me, chance))
            .or_else(|| floor(me, chance))
            .or_else(|| agenda(me, chance)),
        Phase::Closed => m.corrections().next().map(|(person, _)| Command::AnswerCorrection {
            person: person.clone(),
            approve: chance.one_in(2),
        }),
    }
}

/// A co-chair: takes what is handed over, and claims what is left alone.
pub(super) fn waits(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    if me.m.offered_to() == Some(me.id) {
        return Some(Command::AcceptChair);
    }
    let away = me.m.chair_away_since()?;
    (me.now.since(away) > 100_000 && chance.one_in(2)).then_some(Command::ClaimChair)
}

fn without_quorum(me: &Person<'_>) -> String {
    if me.m.quorum().met() {
        String::new()
    } else {
        "Chủ tọa quyết định, đã hội ý".to_owned()
    }
}

fn vote(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let vote = me.m.vote_on_screen()?;
    let id = vote.id.clone();
    let acts = match vote.phase {
        VotePhase::Open => running(me, vote, chance)?,
        VotePhase::Paused => V::Continue { vote: id },
        VotePhase::Checking => match vote.objections.keys().next() {
            Some(person) => V::AnswerObjection {
                vote: id,
                person: person.clone(),
                agree: !chance.one_in(4),
            },
            None if chance.one_in(30) => V::Repeat {
                vote: id,
                reason: "Đếm lại".to_owned(),
            },
            None if !vote.hands.is_empty() && chance.one_in(4) => V::ConfirmHands {
                site: vote.hands.keys().next()?.clone(),
                vote: id,
            },
            None => V::Announce { vote: id },
        },
        VotePhase::Announced if chance.one_in(10) => V::Repeat {
            vote: id,
            reason: "Có đề nghị".to_owned(),
        },
        VotePhase::Announced => V::Lock { vote: id },
        VotePhase::Draft | VotePhase::Ready | VotePhase::Locked | VotePhase::Cancelled => return None,
    };
    Some(Command::Vote(acts))
}

fn running(me: &Person<'_>, vote: &Vote, chance: &mut Chance) -> Option<V> {
    let id = vote.id.clone();
    let over = vote.until.is_some_and(|until| until <= me.now);
    Some(match chance.below(40) {
        0 => V::Pause { vote: id },
        1 => V::Extend { vote: id },
        2 => V::Close { vote: id, early: true },
        3 if chance.one_in(4) => V::Cancel {
            vote: id,
            reason: "Nhầm văn bản".to_owned(),
        },
        4 | 5 => V::Admit {
            person: me.m.arrived_since(vote).next()?.clone(),
            vote: id,
        },
        6 => V::ConfirmSpoken {
            person: vote.spoken.keys().next()?.clone(),
            vote: id,
            confirm: true,
        },
        _more if over || vote.missing().next().is_none() => V::Close { vote: id, early: false },
        _wait => return None,
    })
}

/// What chairs do between times.
fn whim(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    let request = any_request(m, chance);
    Some(match chance.below(90) {
        0 => Command::Move {
            request,
            before: chance.pick(m.queue()).cloned(),
        },
        1 => Command::Defer { request },
        2 => Command::Restore { request },
        3 => Command::RefuseRequest {
            request,
            reason: "Ngoài nội dung".to_owned(),
        },
        4 => Command::InviteDirect {
            person: any_person(m, chance),
            kind: *chance.pick(&[RequestKind::Answer, RequestKind::Directive, RequestKind::Speech])?,
        },
        5 => Command::SilenceAll,
        6 => Command::LiftSilence,
        7 => Command::ArrangeStage {
            preset: chance.pick(&[Preset::Hall, Preset::Overview, Preset::TwoUp])?.clone(),
        },
        8 => Command::ReleaseStage,
        9 => Command::SetCoordination {
            secretary: !m.secretary_coordinates(),
        },
        10 if chance.one_in(3) => Command::Suspend { resume_at: None },
        11 if chance.one_in(3) => Command::OfferChair {
            to: if me.id.0 == "d01" { "d02".into() } else { "d01".into() },
        },
        12 => Command::AnswerLate {
            request: m
                .requests()
                .values()
                .find(|request| request.state == RequestState::Late)?
                .id
                .clone(),
            accept: chance.one_in(2),
        },
        13 => Command::AnswerLeave {
            person: m.leaves().next()?.0.clone(),
            approve: chance.one_in(2),
        },
        14 if chance.one_in(8) => Command::SetTotal {
            total: chance.between(35, 37) as u32,
            reason: "Nghị quyết số 1".to_owned(),
        },
        15 => Command::CallOnDeck { request },
        16 => Command::KeepListOpen,
        17 => Command::UndoEnd {
            turn: m.past().last()?.turn.id.clone(),
        },
        18 => Command::InviteByPhone { request },
        _none => return None,
    })
}

fn floor(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    let Some(turn) = m.turn() else {
        if !chance.one_in(2) {
            return None;
        }
        let suggested = m.suggested().map(|request| request.id.clone());
        let restored = m
            .requests()
            .values()
            .find(|request| request.state == RequestState::Deferred)
            .map(|request| Command::Restore {
                request: request.id.clone(),
            });
        return match suggested {
            Some(request) if chance.one_in(5) => Some(Command::Invite {
                request: chance.pick(m.queue()).cloned().unwrap_or(request),
                out_of_order: Some(OutOfOrder::BalanceSites),
            }),
            Some(request) => Some(Command::Invite {
                request,
                out_of_order: None,
            }),
            None => restored,
        };
    };
    let urgent = m
        .waiting()
        .find(|request| request.kind == RequestKind::PointOfOrder && turn.kind != RequestKind::PointOfOrder);
    if let Some(request) = urgent {
        return Some(Command::Invite {
            request: request.id.clone(),
            out_of_order: None,
        });
    }
    match &turn.clock {
        Clock::Invited { .. } => chance.one_in(2).then_some(Command::StartClock),
        Clock::Paused { hold: Some(hold), .. } if hold.over => Some(if chance.one_in(2) {
            Command::Defer {
                request: turn.request.clone(),
            }
        } else {
            Command::ContinueByPhone
        }),
        Clock::Paused { hold, .. } => {
            let waits = hold.as_ref().is_some_and(|hold| hold.back_at.is_none());
            (!waits || chance.one_in(10)).then_some(Command::ContinueTurn)
        }
        Clock::Running { .. } => match chance.below(30) {
            0..8 => Some(Command::EndTurn),
            8 => Some(Command::Extend { minutes: 1 }),
            9 => Some(Command::PauseTurn),
            10 => Some(Command::Remind),
            _listens => None,
        },
    }
}

fn agenda(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    let Some(item) = m.item() else {
        let left = || m.votes_in_order().find(|vote| vote.phase == VotePhase::Ready);
        return match next_item(m) {
            Some(item) => Some(Command::OpenItem { item: item.into() }),
            None if m.vote_under_way().is_some() => None,
            None => Some(match left() {
                Some(vote) => open(me, vote),
                None => Command::CloseSitting,
            }),
        };
    };
    let ready = m.votes_in_order().find(|vote| vote.phase == VotePhase::Ready);
    if let Some(vote) = ready.filter(|_| chance.one_in(4)) {
        return Some(open(me, vote));
    }
    let turns = m.past().iter().filter(|past| past.turn.item == *item).count();
    if turns >= ENOUGH && m.turn().is_none() && chance.one_in(3) {
        return Some(Command::CloseItem {
            leftover: Some(match chance.below(3) {
                0 => Leftover::CarryOver,
                1 => Leftover::InWriting,
                _third => Leftover::Discard {
                    reason: "Hết giờ".to_owned(),
                },
            }),
        });
    }
    if !m.list().open {
        return chance.one_in(3).then_some(Command::OpenList);
    }
    (turns >= ENOUGH && chance.one_in(20)).then_some(Command::CloseList)
}

fn open(me: &Person<'_>, vote: &Vote) -> Command {
    Command::Vote(V::Open {
        vote: vote.id.clone(),
        override_quorum: without_quorum(me),
    })
}
