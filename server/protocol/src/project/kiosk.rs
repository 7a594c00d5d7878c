//! What the shared tablet of a bridge point is shown: the vote on the screens and who may vote here. Whoever stands in front of
//! it last was another person, so it is never told what somebody has chosen.

use super::{doors, person, vote};
use crate::view::{AudienceKind, KioskView, Shared, VoterState};
use meeting::Meeting;
use meeting::command::Actor;
use meeting::id::{KioskId, SiteId};
use meeting::setup::Role;
use meeting::vote::{Channel, Vote, VotePhase};
use std::collections::BTreeMap;

/// The shared part: like the outside of closed doors made from nothing, with the vote on the screens and the delegates' names.
pub(super) fn shared(m: &Meeting) -> Shared {
    let delegates = m.setup().people.iter();
    let delegates = delegates.filter(|(_, person)| person.roles.contains(&Role::Delegate));
    let on_screen = m.vote_on_screen();
    Shared {
        sitting: super::sitting(m),
        doors: doors::doors(m, AudienceKind::Kiosk),
        people: delegates
            .filter_map(|(id, _)| Some((id.clone(), person(m, id, false)?)))
            .collect(),
        votes: vote::votes(m, AudienceKind::Kiosk)
            .into_iter()
            .filter(|(id, _)| on_screen.is_some_and(|shown| shown.id == *id))
            .collect(),
        vote: on_screen.map(|vote| vote.id.clone()),
        ..doors::outside(m)
    }
}

/// The own part.
pub(super) fn mine(m: &Meeting, id: &KioskId, site: &SiteId) -> KioskView {
    let mut voters = BTreeMap::new();
    if let Some(vote) = m.vote_on_screen() {
        let here = vote.electors.iter().filter(|(person, _)| m.seat(person) == Some(site));
        for (person, elector) in here {
            voters.insert(person.clone(), state(vote, elector.channel, vote.is_in(person)));
        }
    }
    KioskView {
        id: id.clone(),
        site: site.clone(),
        may_change: m.setup().rules.vote.may_change,
        voters,
    }
}

fn state(vote: &Vote, channel: Channel, is_in: bool) -> VoterState {
    match channel {
        Channel::Kiosk if is_in => VoterState::Voted,
        Channel::Device if is_in => VoterState::OwnDevice,
        Channel::Device | Channel::Kiosk => match vote.phase {
            // Not voting is reported as such; there is nothing left to come in.
            VotePhase::Open | VotePhase::Paused => VoterState::Waiting,
            VotePhase::Draft
            | VotePhase::Ready
            | VotePhase::Checking
            | VotePhase::Announced
            | VotePhase::Locked
            | VotePhase::Cancelled => VoterState::Elsewhere,
        },
        Channel::Hands | Channel::Oral => VoterState::Elsewhere,
    }
}

/// Whether the tablet's bridge point is outside closed doors.
pub(super) fn is_outside(m: &Meeting, who: &Actor) -> bool {
    matches!(who, Actor::Kiosk { site, .. } if !m.admits_site(site))
}
