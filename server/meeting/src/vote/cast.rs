//! Ballots by name: on the own device, at the kiosk, and by word of mouth.

use crate::command::Actor;
use crate::id::{PersonId, SiteId, VoteId};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::vote::decide::Decided;
use crate::vote::event::VoteEvent;
use crate::vote::{Channel, Elector, Marks, Vote, VotePhase, person_of};

impl Meeting {
    /// Bỏ phiếu. The last ballot before the close counts, if the rules let it be changed; whether the chair, a secretary or
    /// the person's own line is away does not matter.
    pub(crate) fn cast_ballot(&self, id: &VoteId, by: &Actor, marks: &Marks) -> Decided {
        let who = &person_of(by);
        let (vote, elector) = self.votes_now(id, who)?;
        let moved = match by {
            Actor::Kiosk { site, .. } => self.comes_to_kiosk(vote, elector, site, who)?,
            Actor::Person { .. } | Actor::Room { .. } | Actor::System if elector.channel == Channel::Device => None,
            Actor::Person { .. } | Actor::Room { .. } | Actor::System => return Err(Refusal::NotByDevice),
        };
        vote.content.ballot(marks)?;
        if !self.setup.rules.vote.may_change && vote.ballots.contains_key(who) {
            return Err(Refusal::AlreadyVoted);
        }
        let cast = VoteEvent::Cast {
            vote: id.clone(),
            person: who.clone(),
            marks: marks.clone(),
        };
        Ok(moved.into_iter().chain([cast]).collect())
    }

    /// Whoever votes at the kiosk of the own bridge point takes that road with the ballot, and no other from then on; not once
    /// something has come in by the own device.
    fn comes_to_kiosk(
        &self,
        vote: &Vote,
        elector: &Elector,
        site: &SiteId,
        who: &PersonId,
    ) -> Result<Option<VoteEvent>, Refusal> {
        if self.seat(who) != Some(site) {
            return Err(Refusal::OtherSite);
        }
        match elector.channel {
            Channel::Kiosk => Ok(None),
            Channel::Device if vote.ballots.contains_key(who) => Err(Refusal::AlreadyVoted),
            Channel::Device => Ok(Some(VoteEvent::Routed {
                vote: vote.id.clone(),
                person: who.clone(),
                channel: Channel::Kiosk,
            })),
            Channel::Hands | Channel::Oral => Err(Refusal::NotByKiosk),
        }
    }

    /// Biểu quyết bằng lời, when a device or a whole method fails; counts when a second person has heard the same.
    pub(crate) fn enter_spoken(&self, id: &VoteId, person: &PersonId, marks: &Marks) -> Decided {
        let (vote, elector) = self.votes_now(id, person)?;
        if elector.channel != Channel::Oral {
            return Err(Refusal::NotByVoice);
        }
        vote.content.ballot(marks)?;
        if !self.setup.rules.vote.may_change && vote.ballots.contains_key(person) {
            return Err(Refusal::AlreadyVoted);
        }
        if vote.spoken.get(person).is_some_and(|spoken| spoken.marks == *marks) {
            return Err(Refusal::NoChange);
        }
        Ok(vec![VoteEvent::SpokenEntered {
            vote: id.clone(),
            person: person.clone(),
            marks: marks.clone(),
        }])
    }

    pub(crate) fn confirm_spoken(&self, id: &VoteId, person: &PersonId, by: &PersonId, confirm: bool) -> Decided {
        let (vote, _) = self.votes_now(id, person)?;
        let spoken = vote.spoken.get(person).ok_or(Refusal::NoChange)?;
        // Whoever mistyped may drop it; nobody confirms alone.
        if confirm && spoken.by == *by {
            return Err(Refusal::SamePerson);
        }
        let mut events = vec![VoteEvent::SpokenAnswered {
            vote: id.clone(),
            person: person.clone(),
            confirmed: confirm,
        }];
        if confirm {
            events.push(VoteEvent::Cast {
                vote: id.clone(),
                person: person.clone(),
                marks: spoken.marks.clone(),
            });
        }
        Ok(events)
    }

    /// Another road for one elector: a dead tablet, a hand instead of a device. Only while nothing has come by any road, so
    /// that nobody is counted twice.
    pub(crate) fn route_elector(&self, id: &VoteId, person: &PersonId, channel: Channel) -> Decided {
        let (vote, elector) = self.votes_now(id, person)?;
        if elector.channel == channel {
            return Err(Refusal::NoChange);
        }
        let counted_there = vote.hands.contains_key(&elector.site);
        let hands = elector.channel == Channel::Hands || channel == Channel::Hands;
        if vote.ballots.contains_key(person) || vote.spoken.contains_key(person) || (hands && counted_there) {
            return Err(Refusal::AlreadyVoted);
        }
        Ok(vec![VoteEvent::Routed {
            vote: id.clone(),
            person: person.clone(),
            channel,
        }])
    }

    /// A vote that is open now, and this person's place in its electorate; else why nothing is taken.
    fn votes_now(&self, id: &VoteId, person: &PersonId) -> Result<(&Vote, &Elector), Refusal> {
        let vote = self.votes.get(id).ok_or(Refusal::Unknown)?;
        match vote.phase {
            VotePhase::Open => {}
            VotePhase::Paused => return Err(Refusal::VotePaused),
            VotePhase::Draft | VotePhase::Ready => return Err(Refusal::VoteState),
            VotePhase::Checking | VotePhase::Announced | VotePhase::Locked | VotePhase::Cancelled => {
                return Err(Refusal::VoteClosed);
            }
        }
        let elector = vote.electors.get(person).ok_or(Refusal::NotEntitled)?;
        Ok((vote, elector))
    }
}
