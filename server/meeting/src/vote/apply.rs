//! From an event about a vote to the state it changes. Total: nothing here decides.

use crate::command::Actor;
use crate::id::{PersonId, Time, VoteId};
use crate::meeting::Meeting;
use crate::vote::content::Content;
use crate::vote::event::VoteEvent;
use crate::vote::{Ballot, Channel, Corrected, Hands, Marks, Objection, Opening, Spoken, Vote, VotePhase, person_of};
use std::collections::BTreeMap;

impl Meeting {
    pub(crate) fn apply_vote(&mut self, event: &VoteEvent, by: &Actor, at: Time) {
        match event {
            VoteEvent::Prepared {
                vote,
                content,
                hash,
                repeats,
            } => self.apply_prepared(vote, content, hash, repeats.as_ref(), person_of(by), at),
            VoteEvent::Readied { vote } => self.vote_enters(vote, VotePhase::Ready, at),
            VoteEvent::Opened {
                vote,
                item,
                hash,
                total,
                present,
                needed,
                override_quorum,
                electors,
                until,
            } => {
                self.vote_enters(vote, VotePhase::Open, at);
                self.change_vote(vote, |vote| {
                    vote.hash.clone_from(hash);
                    vote.electors.clone_from(electors);
                    vote.until = Some(*until);
                    vote.opening = Some(Opening {
                        at,
                        item: item.clone(),
                        total: *total,
                        present: *present,
                        needed: *needed,
                        override_quorum: override_quorum.clone(),
                    });
                });
            }
            VoteEvent::Extended { vote, until } => self.change_vote(vote, |vote| vote.until = Some(*until)),
            VoteEvent::Delayed { vote, until } => self.change_vote(vote, |vote| {
                if vote.phase == VotePhase::Checking {
                    vote.check_until = Some(*until);
                } else {
                    vote.until = Some(*until);
                }
            }),
            VoteEvent::Paused { vote, resume_by } => {
                self.vote_enters(vote, VotePhase::Paused, at);
                self.change_vote(vote, |vote| vote.pause_until = Some(*resume_by));
            }
            VoteEvent::Continued { vote, until } => {
                self.vote_enters(vote, VotePhase::Open, at);
                self.change_vote(vote, |vote| vote.until = Some(*until));
            }
            VoteEvent::Admitted { vote, person, elector } => self.change_vote(vote, |vote| {
                vote.electors.insert(person.clone(), elector.clone());
            }),
            VoteEvent::Routed { vote, person, channel } => self.change_vote(vote, |vote| {
                if let Some(elector) = vote.electors.get_mut(person) {
                    elector.channel = *channel;
                }
            }),
            VoteEvent::Cast { vote, person, marks } => {
                self.change_vote(vote, |vote| vote.record(person, marks, at));
            }
            VoteEvent::SpokenEntered { vote, person, marks } => self.change_vote(vote, |vote| {
                let spoken = Spoken {
                    marks: marks.clone(),
                    by: person_of(by),
                };
                vote.spoken.insert(person.clone(), spoken);
            }),
            VoteEvent::SpokenAnswered { vote, person, .. } => self.change_vote(vote, |vote| {
                vote.spoken.remove(person);
            }),
            VoteEvent::HandsEntered {
                vote,
                site,
                counts,
                explanation,
            } => self.change_vote(vote, |vote| {
                let hands = Hands {
                    counts: counts.clone(),
                    explanation: explanation.clone(),
                    by: person_of(by),
                    at,
                    confirmed_by: None,
                };
                vote.hands.insert(site.clone(), hands);
            }),
            VoteEvent::HandsConfirmed { vote, site } => self.change_vote(vote, |vote| {
                if let Some(hands) = vote.hands.get_mut(site) {
                    hands.confirmed_by = Some(person_of(by));
                }
            }),
            VoteEvent::Closed { vote, check_until, .. } => {
                self.vote_enters(vote, VotePhase::Checking, at);
                self.change_vote(vote, |vote| {
                    vote.closed_at = Some(at);
                    vote.check_until = Some(*check_until);
                });
            }
            VoteEvent::Objected {
                vote,
                person,
                marks,
                by_secretary,
            } => self.change_vote(vote, |vote| {
                let objection = Objection::new(marks.clone(), person_of(by), at, *by_secretary);
                vote.objections.insert(person.clone(), objection);
            }),
            VoteEvent::SecretaryAgreed { vote, person } => self.change_vote(vote, |vote| {
                if let Some(objection) = vote.objections.get_mut(person) {
                    objection.secretary = Some(person_of(by));
                }
            }),
            VoteEvent::ChairAgreed { vote, person } => self.change_vote(vote, |vote| {
                if let Some(objection) = vote.objections.get_mut(person) {
                    objection.chair = Some(person_of(by));
                }
            }),
            VoteEvent::ObjectionRefused { vote, person } => self.change_vote(vote, |vote| {
                vote.objections.remove(person);
            }),
            VoteEvent::Corrected { vote, person, marks } => self.change_vote(vote, |vote| {
                vote.objections.remove(person);
                vote.corrections.push(Corrected {
                    person: person.clone(),
                    from: vote.ballots.get(person).map(|ballot| ballot.marks.clone()),
                    to: marks.clone(),
                    at,
                });
                vote.record(person, marks, at);
            }),
            VoteEvent::Announced { vote, result } => {
                self.vote_enters(vote, VotePhase::Announced, at);
                self.change_vote(vote, |vote| vote.result.clone_from(result));
            }
            VoteEvent::Locked { vote } => self.vote_enters(vote, VotePhase::Locked, at),
            VoteEvent::Cancelled { vote, reason } => {
                self.vote_enters(vote, VotePhase::Cancelled, at);
                self.change_vote(vote, |vote| vote.reason.clone_from(reason));
            }
            VoteEvent::Repeated { vote, by, reason } => self.change_vote(vote, |vote| {
                vote.repeated_by = Some(by.clone());
                vote.reason.clone_from(reason);
            }),
        }
    }

    fn apply_prepared(
        &mut self,
        id: &VoteId,
        content: &Content,
        hash: &str,
        repeats: Option<&VoteId>,
        by: PersonId,
        at: Time,
    ) {
        if !self.votes.contains_key(id) {
            self.votes_made += 1;
        }
        let vote = Vote {
            id: id.clone(),
            content: content.clone(),
            hash: hash.to_owned(),
            prepared_by: by,
            phase: VotePhase::Draft,
            since: at,
            opening: None,
            until: None,
            pause_until: None,
            electors: BTreeMap::new(),
            ballots: BTreeMap::new(),
            spoken: BTreeMap::new(),
            hands: BTreeMap::new(),
            objections: BTreeMap::new(),
            corrections: Vec::new(),
            closed_at: None,
            check_until: None,
            result: Vec::new(),
            reason: String::new(),
            repeats: repeats.cloned(),
            repeated_by: None,
        };
        self.votes.insert(id.clone(), vote);
    }

    fn vote_enters(&mut self, id: &VoteId, phase: VotePhase, at: Time) {
        self.change_vote(id, |vote| {
            vote.phase = phase;
            vote.since = at;
            vote.pause_until = None;
        });
    }

    fn change_vote(&mut self, id: &VoteId, change: impl FnOnce(&mut Vote)) {
        if let Some(vote) = self.votes.get_mut(id) {
            change(vote);
        }
    }
}

impl Vote {
    fn record(&mut self, person: &PersonId, marks: &Marks, at: Time) {
        let channel = self
            .electors
            .get(person)
            .map_or(Channel::Device, |elector| elector.channel);
        let ballot = Ballot {
            marks: marks.clone(),
            at,
            channel,
        };
        self.ballots.insert(person.clone(), ballot);
    }
}
