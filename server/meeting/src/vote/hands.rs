//! Giơ tay: counts per bridge point. They add up to the electors there or say why not, and somebody else confirms them.

use crate::id::{ChoiceId, PersonId, SiteId, VoteId};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::rights::Capacity;
use crate::sitting::given;
use crate::vote::decide::Decided;
use crate::vote::event::VoteEvent;
use crate::vote::{Counts, Vote, VotePhase};

impl Meeting {
    /// Enters a count, or puts another in its place. After the close only a secretary does, with a reason, and only while it
    /// is unconfirmed.
    pub(crate) fn enter_hands(
        &self,
        capacity: Capacity,
        id: &VoteId,
        site: &SiteId,
        counts: &Counts,
        explanation: &str,
    ) -> Decided {
        let vote = self.votes.get(id).ok_or(Refusal::Unknown)?;
        let closed = match vote.phase {
            VotePhase::Open | VotePhase::Paused => false,
            VotePhase::Checking if capacity == Capacity::Secretary => true,
            VotePhase::Checking | VotePhase::Announced | VotePhase::Locked | VotePhase::Cancelled => {
                return Err(Refusal::VoteClosed);
            }
            VotePhase::Draft | VotePhase::Ready => return Err(Refusal::VoteState),
        };
        let electors = vote.hands_at(site);
        if electors == 0 {
            return Err(Refusal::NotEntitled);
        }
        if closed && vote.hands.get(site).is_some_and(|hands| hands.confirmed_by.is_some()) {
            return Err(Refusal::AlreadyVoted);
        }
        let fewest = adds_up(vote, counts, electors)?;
        let explanation = if fewest < electors || closed || !explanation.trim().is_empty() {
            given(explanation)?
        } else {
            String::new()
        };
        Ok(vec![VoteEvent::HandsEntered {
            vote: id.clone(),
            site: site.clone(),
            counts: counts.clone(),
            explanation,
        }])
    }

    /// Numbers stay unknown until the close, so that is when they are confirmed.
    pub(crate) fn confirm_hands(&self, id: &VoteId, site: &SiteId, by: &PersonId) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Checking])?;
        let hands = vote.hands.get(site).ok_or(Refusal::Unknown)?;
        if hands.confirmed_by.is_some() {
            return Err(Refusal::NoChange);
        }
        if hands.by == *by {
            return Err(Refusal::SamePerson);
        }
        Ok(vec![VoteEvent::HandsConfirmed {
            vote: id.clone(),
            site: site.clone(),
        }])
    }
}

/// The fewest hands counted for a line. More hands than electors are refused, and so are lines and choices nobody knows.
fn adds_up(vote: &Vote, counts: &Counts, electors: u32) -> Result<u32, Refusal> {
    let lines = vote.content.ballot_lines();
    let known = |id: &ChoiceId| vote.content.choices.iter().any(|choice| choice.id == *id);
    let (mut fewest, mut in_favour) = (electors, 0_u64);
    if counts.keys().any(|line| !lines.contains(line)) {
        return Err(Refusal::BallotInvalid);
    }
    for line in &lines {
        let choices = counts.get(line).ok_or(Refusal::BallotInvalid)?;
        if choices.keys().any(|choice| !known(choice)) {
            return Err(Refusal::BallotInvalid);
        }
        let counted: u64 = choices.values().map(|votes| u64::from(*votes)).sum();
        let counted = u32::try_from(counted).unwrap_or(u32::MAX);
        if counted > electors {
            return Err(Refusal::TooManyHands { counted, electors });
        }
        fewest = fewest.min(counted);
        let favourable = choices.iter().filter(|(choice, _)| vote.content.is_in_favour(choice));
        in_favour += favourable.map(|(_, votes)| u64::from(*votes)).sum::<u64>();
    }
    // Everybody there has so many hands and no more, over all lines together.
    let most = u64::from(vote.content.at_most) * u64::from(electors);
    if most > 0 && in_favour > most {
        return Err(Refusal::BallotInvalid);
    }
    Ok(fewest)
}
