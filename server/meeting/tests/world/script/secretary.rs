//! The secretaries: the roll, the queue where the chair leaves it to them, and what makes a vote go.

use super::{Person, any_marks, any_person, any_request, register};
use crate::chance::Chance;
use meeting::Phase;
use meeting::command::{Attendance, CallAnswer, CallOrder, Command};
use meeting::id::{LineId, SiteId};
use meeting::roll::RollPhase;
use meeting::setup::RequestKind;
use meeting::vote::command::VoteCommand as V;
use meeting::vote::content::{Content, Method, PLAIN, Part};
use meeting::vote::rules::VoteRules;
use meeting::vote::{Channel, Vote, VotePhase};

/// Votes that are prepared in a sitting.
const VOTES: usize = 3;

pub(super) fn wants(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    if m.claim().is_some() {
        return Some(Command::AnswerClaim {
            confirm: !chance.one_in(5),
        });
    }
    roll(me, chance)
        .or_else(|| vote(me, chance))
        .or_else(|| proposals(me, chance))
        .or_else(|| record(me, chance))
}

fn roll(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    let Some(roll) = m.roll() else {
        let first = m.snapshots().is_empty() && m.phase() == Phase::Lobby;
        let later = m.phase() == Phase::Open && m.vote_under_way().is_none() && chance.one_in(150);
        return (first || later).then_some(Command::StartRoll);
    };
    match roll.phase {
        RollPhase::Electronic | RollPhase::Collected => match chance.below(12) {
            0 => Some(Command::StartCalling {
                order: *chance.pick(&[CallOrder::Roster, CallOrder::Group, CallOrder::Site])?,
                everybody: chance.one_in(3),
            }),
            1 if roll.answered.len() > 25 => Some(Command::FreezeRoll),
            2 if chance.one_in(10) => Some(Command::CancelRoll),
            _wait => None,
        },
        RollPhase::FirstRound | RollPhase::SecondRound => match roll.calling() {
            Some(person) => Some(Command::AnswerCall {
                person: person.clone(),
                answer: match chance.below(8) {
                    0 => CallAnswer::NoAnswer,
                    1 => CallAnswer::Later,
                    _there => CallAnswer::Present,
                },
            }),
            None if roll.phase == RollPhase::FirstRound && chance.one_in(2) => Some(Command::StartSecondRound),
            None => Some(Command::FreezeRoll),
        },
    }
}

fn vote(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    if !matches!(m.phase(), Phase::Open | Phase::Suspended | Phase::Lobby) {
        return None;
    }
    let acts = match m.vote_under_way() {
        Some(vote) => under_way(me, vote, chance)?,
        None => {
            let draft = m.votes_in_order().find(|vote| vote.phase == VotePhase::Draft);
            match draft {
                Some(vote) if chance.one_in(20) => V::Discard { vote: vote.id.clone() },
                Some(vote) => V::Ready { vote: vote.id.clone() },
                None if m.votes().len() < VOTES && m.item().is_some() && chance.one_in(25) => V::Prepare {
                    content: std::boxed::Box::new(content(chance)),
                },
                None => return None,
            }
        }
    };
    Some(Command::Vote(acts))
}

fn under_way(me: &Person<'_>, vote: &Vote, chance: &mut Chance) -> Option<V> {
    let id = vote.id.clone();
    if vote.phase == VotePhase::Checking {
        return Some(match chance.below(6) {
            0..2 => V::AnswerObjection {
                person: vote.objections.keys().next()?.clone(),
                vote: id,
                agree: !chance.one_in(5),
            },
            2 => V::Object {
                person: Some(any_person(me.m, chance)).filter(|person| vote.electors.contains_key(person)),
                marks: any_marks(vote, chance),
                vote: id,
            },
            3 if chance.one_in(3) => entered(me, vote, chance)?,
            _count => V::ConfirmHands {
                site: vote
                    .hands
                    .iter()
                    .find(|(_, hands)| hands.confirmed_by.is_none())?
                    .0
                    .clone(),
                vote: id,
            },
        });
    }
    let over = vote.until.is_some_and(|until| until <= me.now);
    let missing = vote.missing().next();
    Some(match chance.below(12) {
        0 => V::Route {
            person: missing?.clone(),
            vote: id,
            channel: *chance.pick(&[Channel::Device, Channel::Oral, Channel::Hands])?,
        },
        1..5 => V::EnterSpoken {
            person: vote
                .missing()
                .find(|person| vote.electors[*person].channel == Channel::Oral && !vote.spoken.contains_key(*person))?
                .clone(),
            vote: id,
            marks: any_marks(vote, chance),
        },
        5..9 => V::ConfirmSpoken {
            person: vote.spoken.keys().next()?.clone(),
            vote: id,
            confirm: !chance.one_in(6),
        },
        9 | 10 => entered(me, vote, chance)?,
        _close if over || missing.is_none() => V::Close { vote: id, early: false },
        _wait => return None,
    })
}

/// Hands of a bridge point that were not entered yet, or are entered once more.
fn entered(me: &Person<'_>, vote: &Vote, chance: &mut Chance) -> Option<V> {
    let sites: Vec<SiteId> = vote.hand_sites().cloned().collect();
    let site = chance.pick(&sites)?;
    hands(me, vote, site, chance)
}

/// So many hands as there are electors, or fewer with a reason, or one too many.
pub(super) fn hands(_me: &Person<'_>, vote: &Vote, site: &SiteId, chance: &mut Chance) -> Option<V> {
    let there = vote.hands_at(site);
    if there == 0 {
        return None;
    }
    let raised = match chance.below(10) {
        0 => there + 1,
        1..4 => chance.below(u64::from(there) + 1) as u32,
        _all => there,
    };
    let mut left = raised;
    let mut counts = std::collections::BTreeMap::new();
    for choice in &vote.content.choices[1..] {
        let votes = chance.below(u64::from(left) + 1) as u32;
        counts.insert(choice.id.clone(), votes);
        left -= votes;
    }
    counts.insert(vote.content.choices[0].id.clone(), left);
    Some(V::EnterHands {
        vote: vote.id.clone(),
        site: site.clone(),
        counts: [(LineId::from(PLAIN), counts)].into(),
        explanation: if raised == there && vote.phase != VotePhase::Checking {
            String::new()
        } else {
            "Có đại biểu ra ngoài".to_owned()
        },
    })
}

fn proposals(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let (site, _) = me.m.proposals().iter().next()?;
    Some(Command::AnswerProposal {
        site: site.clone(),
        accept: !chance.one_in(5),
    })
}

fn record(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    Some(match chance.below(60) {
        0 => Command::Mark {
            person: any_person(m, chance),
            attendance: *chance.pick(&[
                Attendance::PresentSite,
                Attendance::PresentSite,
                Attendance::SteppedOut,
                Attendance::Absent,
                Attendance::Excused,
                Attendance::LeftEarly,
            ])?,
            reason: "Theo báo cáo".to_owned(),
        },
        1 => register(RequestKind::Speech, Some(any_person(m, chance))),
        2 => Command::Withdraw {
            request: any_request(m, chance),
        },
        3 => Command::Restore {
            request: any_request(m, chance),
        },
        4 if m.secretary_coordinates() => Command::Move {
            request: any_request(m, chance),
            before: chance.pick(m.queue()).cloned(),
        },
        5 if m.secretary_coordinates() => Command::CallOnDeck {
            request: any_request(m, chance),
        },
        6 => Command::StartClock,
        7 => Command::Seat {
            person: any_person(m, chance),
            site: chance.pick(&["hall", "w1", "w2"]).map(|site| (*site).into())?,
        },
        _none => return None,
    })
}

/// A text to vote on, by one of the four methods.
pub(super) fn content(chance: &mut Chance) -> Content {
    let rules = VoteRules::default();
    let method = *chance
        .pick(&[
            Method::Electronic,
            Method::Electronic,
            Method::Electronic,
            Method::Mixed,
            Method::Mixed,
            Method::Hands,
            Method::Oral,
        ])
        .unwrap();
    Content {
        title: "Nghị quyết".to_owned(),
        text: "Thông qua nghị quyết.".to_owned(),
        reference: String::new(),
        part: Part::Whole,
        of: None,
        item: None,
        method,
        hand_sites: if method == Method::Mixed {
            ["w2".into(), "w5".into()].into()
        } else {
            [].into()
        },
        choices: chance.pick(&rules.choices).unwrap().choices.clone(),
        lines: Vec::new(),
        at_most: 0,
        blanks: false,
        threshold: chance.pick(&rules.thresholds).unwrap().clone(),
        duration_s: 60,
        decision: rules.decision,
    }
}
