//! What others may read of votes.

use crate::id::{PersonId, VoteId};
use crate::meeting::Meeting;
use crate::setup::Role;
use crate::vote::{Vote, VotePhase};
use std::collections::BTreeMap;

impl Meeting {
    /// All votes of the sitting.
    #[must_use]
    pub fn votes(&self) -> &BTreeMap<VoteId, Vote> {
        &self.votes
    }

    /// All votes in the order in which they were prepared.
    pub fn votes_in_order(&self) -> impl DoubleEndedIterator<Item = &Vote> {
        let mut votes: Vec<&Vote> = self.votes.values().collect();
        // v2 before v10.
        votes.sort_by_key(|vote| (vote.id.0.len(), &vote.id));
        votes.into_iter()
    }

    /// The vote between its opening and its announcement; there is one at most.
    #[must_use]
    pub fn vote_under_way(&self) -> Option<&Vote> {
        self.votes.values().find(|vote| vote.phase.is_under_way())
    }

    /// The vote that stands on the screens: under way, or announced last and not yet locked.
    #[must_use]
    pub fn vote_on_screen(&self) -> Option<&Vote> {
        let announced = || {
            self.votes
                .values()
                .filter(|vote| vote.phase == VotePhase::Announced)
                .max_by_key(|vote| vote.since)
        };
        self.vote_under_way().or_else(announced)
    }

    /// Delegates who have arrived since the vote was opened, whom the chair may still admit.
    pub fn arrived_since(&self, vote: &Vote) -> impl Iterator<Item = &PersonId> {
        let electors = vote.electors.clone();
        self.setup
            .people
            .iter()
            .filter(|(_, person)| person.roles.contains(&Role::Delegate))
            .map(|(id, _)| id)
            .filter(move |id| !electors.contains_key(*id) && self.attendance(id).is_present())
    }
}
