//! A shared tablet: somebody of the house gives the PIN and votes, now and then at the wrong house or after the own device.

use super::any_marks;
use crate::chance::Chance;
use crate::device::Device;
use meeting::Meeting;
use meeting::command::{Actor, Command};
use meeting::id::PersonId;
use meeting::vote::command::VoteCommand as V;

/// Who comes to this tablet now, and what they ask.
pub(crate) fn comes(m: &Meeting, device: &Device, chance: &mut Chance) -> Option<(Actor, Command)> {
    let Actor::Kiosk { id, site, .. } = &device.by else {
        return None;
    };
    let vote = m.vote_under_way()?;
    let strays = chance.one_in(10);
    let here = |person: &&PersonId| strays || m.seat(person) == Some(site);
    let people: Vec<&PersonId> = vote.electors.keys().filter(here).collect();
    let voter = (*chance.pick(&people)?).clone();
    let by = Actor::Kiosk {
        id: id.clone(),
        site: site.clone(),
        voter: Some(voter),
    };
    let marks = any_marks(vote, chance);
    let vote = vote.id.clone();
    Some((by, Command::Vote(V::Cast { vote, marks })))
}
