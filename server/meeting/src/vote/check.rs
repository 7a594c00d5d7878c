//! Kiểm tra phiếu: between close and announcement a delegate may say that the own ballot is recorded wrongly, or is missing.
//!
//! It is corrected when a secretary and the presiding chair, two persons, agree. What stood there before is kept.

use crate::id::{PersonId, Time, VoteId};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::rights::Capacity;
use crate::vote::decide::Decided;
use crate::vote::event::VoteEvent;
use crate::vote::{Channel, Marks, Objection, VotePhase};

impl Meeting {
    pub(crate) fn object(
        &self,
        capacity: Capacity,
        id: &VoteId,
        person: &PersonId,
        by: &PersonId,
        marks: &Marks,
        now: Time,
    ) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Checking])?;
        let elector = vote.electors.get(person).ok_or(Refusal::NotEntitled)?;
        // Hands have no names; their count is corrected as a whole.
        if elector.channel == Channel::Hands {
            return Err(Refusal::NotByDevice);
        }
        let by_secretary = capacity == Capacity::Secretary && person != by;
        // The delegates' time is the time to check; a secretary may still enter what was said aloud within it.
        if !by_secretary && vote.check_until.is_some_and(|until| until <= now) {
            return Err(Refusal::VoteClosed);
        }
        vote.content.ballot(marks)?;
        let recorded = vote.ballots.get(person).map(|ballot| &ballot.marks);
        let asked = vote.objections.get(person).map(|objection| &objection.marks);
        if asked.or(recorded) == Some(marks) {
            return Err(Refusal::NoChange);
        }
        Ok(vec![VoteEvent::Objected {
            vote: id.clone(),
            person: person.clone(),
            marks: marks.clone(),
            by_secretary,
        }])
    }

    /// The word of a secretary or of the chair. With both, of two persons, neither of them the one concerned alone, the
    /// ballot is corrected; one "no" is enough to leave it as it is.
    pub(crate) fn answer_objection(
        &self,
        capacity: Capacity,
        id: &VoteId,
        person: &PersonId,
        by: &PersonId,
        agree: bool,
    ) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Checking])?;
        let objection = vote.objections.get(person).ok_or(Refusal::NoChange)?;
        let (vote, person) = (id.clone(), person.clone());
        if !agree {
            return Ok(vec![VoteEvent::ObjectionRefused { vote, person }]);
        }
        let (own, other) = if capacity == Capacity::Presiding {
            (&objection.chair, &objection.secretary)
        } else {
            (&objection.secretary, &objection.chair)
        };
        if own.is_some() {
            return Err(Refusal::NoChange);
        }
        if other.as_ref() == Some(by) {
            return Err(Refusal::SamePerson);
        }
        let agreed = if capacity == Capacity::Presiding {
            VoteEvent::ChairAgreed {
                vote: vote.clone(),
                person: person.clone(),
            }
        } else {
            VoteEvent::SecretaryAgreed {
                vote: vote.clone(),
                person: person.clone(),
            }
        };
        let mut events = vec![agreed];
        if other.is_some() {
            events.push(VoteEvent::Corrected {
                vote,
                person,
                marks: objection.marks.clone(),
            });
        }
        Ok(events)
    }
}

impl Objection {
    /// Nobody has agreed yet.
    pub(crate) fn new(marks: Marks, by: PersonId, at: Time, by_secretary: bool) -> Self {
        Self {
            marks,
            secretary: by_secretary.then(|| by.clone()),
            chair: None,
            by,
            at,
        }
    }
}
