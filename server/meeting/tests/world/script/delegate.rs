//! Delegates, some of whom lead their ward.

use super::{Person, any_marks, register, secretary};
use crate::chance::Chance;
use meeting::Phase;
use meeting::command::Command;
use meeting::id::RequestId;
use meeting::request::RequestState;
use meeting::setup::{ItemKind, RequestKind, Role};
use meeting::vote::command::VoteCommand as V;
use meeting::vote::{Channel, Vote, VotePhase};

pub(super) fn wants(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    if matches!(m.phase(), Phase::Preparing | Phase::Closed) {
        return None;
    }
    let unanswered = m.roll().is_some_and(|roll| !roll.answered.contains(me.id));
    if (unanswered || !m.attendance(me.id).is_present()) && chance.one_in(2) {
        return Some(Command::CheckIn);
    }
    m.vote_under_way()
        .and_then(|vote| votes(me, vote, chance))
        .or_else(|| leads(me, chance))
        .or_else(|| speaks(me, chance))
}

fn votes(me: &Person<'_>, vote: &Vote, chance: &mut Chance) -> Option<Command> {
    let elector = vote.electors.get(me.id)?;
    let marks = any_marks(vote, chance);
    let id = vote.id.clone();
    let acts = match vote.phase {
        VotePhase::Open | VotePhase::Paused if elector.channel == Channel::Device => {
            let first = !vote.ballots.contains_key(me.id);
            let presses = if first { !chance.one_in(4) } else { chance.one_in(8) };
            presses.then_some(V::Cast { vote: id, marks })?
        }
        VotePhase::Checking if chance.one_in(25) => V::Object {
            vote: id,
            person: None,
            marks,
        },
        // Pressed a moment too late.
        VotePhase::Checking if chance.one_in(25) => V::Cast { vote: id, marks },
        VotePhase::Draft
        | VotePhase::Ready
        | VotePhase::Open
        | VotePhase::Paused
        | VotePhase::Checking
        | VotePhase::Announced
        | VotePhase::Locked
        | VotePhase::Cancelled => return None,
    };
    Some(Command::Vote(acts))
}

fn leads(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    if !m.setup().people[me.id].roles.contains(&Role::SiteLead) {
        return None;
    }
    let site = m.seat(me.id)?;
    if let Some(vote) = m.vote_under_way().filter(|vote| !vote.hands.contains_key(site)) {
        return secretary::hands(me, vote, site, chance).map(Command::Vote);
    }
    let seated = || m.setup().people.keys().filter(|id| m.seat(id) == Some(site));
    match chance.below(25) {
        0 => Some(Command::ProposeSite {
            site: site.clone(),
            present: seated().filter(|_| !chance.one_in(5)).cloned().collect(),
        }),
        1 => {
            let there: Vec<_> = seated().cloned().collect();
            Some(register(RequestKind::Speech, chance.pick(&there).cloned()))
        }
        _none => None,
    }
}

fn speaks(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    if m.turn().is_some_and(|turn| turn.person == *me.id) {
        return match chance.below(6) {
            0..3 => Some(Command::EndTurn),
            3 => Some(Command::AskExtension),
            _goes_on => None,
        };
    }
    let own = || -> Option<RequestId> {
        m.requests()
            .values()
            .find(|request| request.person == *me.id && request.state == RequestState::Waiting)
            .map(|request| request.id.clone())
    };
    match chance.below(40) {
        0..6 if m.list().open && own().is_none() => {
            let item = m.item().and_then(|item| m.setup().agenda.get(item))?;
            Some(register(
                if item.kind == ItemKind::from("questioning") {
                    RequestKind::Question
                } else {
                    RequestKind::Speech
                },
                None,
            ))
        }
        6 => Some(register(RequestKind::PointOfOrder, None)),
        7 => Some(register(RequestKind::Rebuttal, None)),
        8 => Some(Command::Withdraw { request: own()? }),
        9 => Some(Command::ChangeKind {
            request: own()?,
            kind: RequestKind::Paper,
        }),
        10 if chance.one_in(8) => Some(Command::AskLeave {
            reason: "Đi công tác".to_owned(),
        }),
        11 => Some(register(RequestKind::Continuation, None)),
        _listens => None,
    }
}
