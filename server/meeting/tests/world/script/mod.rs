//! What people do: each looks at the sitting and may give one command. They hesitate, change their minds and press too late.

mod chair;
mod delegate;
mod hostile;
mod kiosk;
mod secretary;
mod technician;

use crate::chance::Chance;
use crate::council::ITEMS;
use crate::device::{Device, Part};
use meeting::Meeting;
use meeting::command::{Actor, Command};
use meeting::id::{ChoiceId, DeviceId, LineId, PersonId, RequestId, Time};
use meeting::setup::RequestKind;
use meeting::vote::content::PLAIN;
use meeting::vote::{Marks, Vote};

pub(crate) use hostile::replay;
pub(crate) use kiosk::comes;

/// Somebody in front of a screen.
pub(crate) struct Person<'a> {
    pub(crate) m: &'a Meeting,
    pub(crate) id: &'a PersonId,
    pub(crate) device: &'a DeviceId,
    pub(crate) now: Time,
}

/// What the person in front of this screen wants now, if anything.
pub(crate) fn wish(m: &Meeting, device: &Device, now: Time, chance: &mut Chance) -> Option<Command> {
    let Actor::Person { id, device: at } = &device.by else {
        return None;
    };
    let me = Person { m, id, device: at, now };
    match device.part {
        Part::Chair if m.presiding() == id => chair::presides(&me, chance).or_else(|| delegate::wants(&me, chance)),
        Part::Chair => chair::waits(&me, chance).or_else(|| delegate::wants(&me, chance)),
        Part::Secretary => secretary::wants(&me, chance),
        Part::Technician => technician::wants(&me, chance),
        Part::Delegate => delegate::wants(&me, chance),
        Part::Hostile => Some(hostile::wants(&me, chance)),
        Part::Room | Part::Kiosk => None,
    }
}

/// How long somebody thinks before the next look, milliseconds.
pub(crate) fn patience(part: Part, m: &Meeting, chance: &mut Chance) -> u64 {
    let hurry = m.vote_under_way().is_some() || m.roll().is_some();
    match part {
        Part::Chair | Part::Secretary => chance.between(1_000, 5_000),
        Part::Delegate if hurry => chance.between(2_000, 15_000),
        Part::Delegate => chance.between(10_000, 60_000),
        Part::Technician => chance.between(5_000, 40_000),
        Part::Hostile => chance.between(500, 6_000),
        Part::Kiosk => chance.between(3_000, 20_000),
        Part::Room => 600_000,
    }
}

/// A choice of this vote, on its only line.
fn any_marks(vote: &Vote, chance: &mut Chance) -> Marks {
    let choice = chance
        .pick(&vote.content.choices)
        .map_or_else(|| ChoiceId::from("for"), |choice| choice.id.clone());
    [(LineId::from(PLAIN), choice)].into()
}

fn any_request(m: &Meeting, chance: &mut Chance) -> RequestId {
    if let Some(waiting) = chance.pick(m.queue()).filter(|_| chance.clone().one_in(2)) {
        return waiting.clone();
    }
    RequestId(format!("r{}", 1 + chance.below(m.requests().len() as u64 + 1)))
}

fn any_person(m: &Meeting, chance: &mut Chance) -> PersonId {
    let ids: Vec<&PersonId> = m.setup().people.keys().collect();
    (*chance.pick(&ids).unwrap()).clone()
}

fn register(kind: RequestKind, person: Option<PersonId>) -> Command {
    Command::Register {
        kind,
        subject: String::new(),
        person,
    }
}

/// The next item that was never opened.
fn next_item(m: &Meeting) -> Option<&'static str> {
    ITEMS.into_iter().find(|item| !m.items().contains_key(&(*item).into()))
}
