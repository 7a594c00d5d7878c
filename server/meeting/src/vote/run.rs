//! The chair's acts: open, more time, pause, close, announce, cancel. Each is somebody's word, none the clock's
//! (PRODUCT 3.0 P4).

use crate::command::Attendance;
use crate::event::Event;
use crate::id::{PersonId, Time, VoteId};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::rights::Capacity;
use crate::setup::Role;
use crate::sitting::given;
use crate::vote::content::{Content, Method};
use crate::vote::decide::Decided;
use crate::vote::event::VoteEvent;
use crate::vote::{Channel, Elector, VotePhase};
use std::collections::BTreeMap;

/// After a pause at least so much time is left, seconds: nobody is asked to vote in a moment.
const AFTER_PAUSE_S: u32 = 15;

impl Meeting {
    /// Bắt đầu biểu quyết: text, legal total and electorate are frozen in the event.
    pub(crate) fn open_vote(&self, id: &VoteId, override_quorum: &str, now: Time) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Ready])?;
        if let Some(running) = self.vote_under_way() {
            return Err(Refusal::VoteRunning {
                vote: running.id.clone(),
            });
        }
        if self.roll.is_some() {
            return Err(Refusal::RollOpen);
        }
        if let Some(first) = self.amendment_before(id) {
            return Err(Refusal::AmendmentFirst { vote: first.clone() });
        }
        let electors = self.electorate(&vote.content);
        if electors.is_empty() {
            return Err(Refusal::NotPresent);
        }
        let quorum = self.quorum();
        let reason = override_quorum.trim();
        if !quorum.met() && reason.is_empty() {
            return Err(Refusal::NoQuorum {
                present: quorum.present,
                needed: quorum.needed,
            });
        }
        Ok(vec![VoteEvent::Opened {
            vote: id.clone(),
            item: self.item.clone(),
            hash: vote.hash.clone(),
            total: quorum.total,
            present: quorum.present,
            needed: vote.content.threshold.needed(quorum.total),
            override_quorum: if quorum.met() { String::new() } else { given(reason)? },
            electors,
            until: now.plus_seconds(vote.content.duration_s),
        }])
    }

    /// Present in whichever way, and those whose line was lost: a lost line takes no vote away (PRODUCT 3.5, entitlement).
    fn electorate(&self, content: &Content) -> BTreeMap<PersonId, Elector> {
        self.delegates()
            .filter(|id| self.admits_person(id))
            .filter(|id| {
                let state = self.attendance(id);
                state.is_present() || state == Attendance::Disconnected
            })
            .filter_map(|id| Some((id.clone(), self.elector(id, content)?)))
            .collect()
    }

    fn elector(&self, id: &PersonId, content: &Content) -> Option<Elector> {
        let site = self.seat(id)?.clone();
        let channel = match content.method {
            Method::Electronic => Channel::Device,
            Method::Hands => Channel::Hands,
            Method::Mixed if content.hand_sites.contains(&site) => Channel::Hands,
            Method::Mixed => Channel::Device,
            Method::Oral => Channel::Oral,
        };
        Some(Elector { site, channel })
    }

    pub(crate) fn extend_vote(&self, id: &VoteId, now: Time) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Open])?;
        let from = vote.until.unwrap_or(now).max(now);
        Ok(vec![VoteEvent::Extended {
            vote: id.clone(),
            until: from.plus_seconds(self.setup.rules.vote.extend_s),
        }])
    }

    pub(crate) fn pause_vote(&self, id: &VoteId, now: Time) -> Decided {
        self.vote_in(id, &[VotePhase::Open])?;
        Ok(vec![VoteEvent::Paused {
            vote: id.clone(),
            resume_by: now.plus_seconds(self.setup.rules.vote.pause_s),
        }])
    }

    pub(crate) fn continue_vote(&self, id: &VoteId, now: Time) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Paused])?;
        Ok(vec![VoteEvent::Continued {
            vote: id.clone(),
            until: time_left_from(vote.until.unwrap_or(now), vote.since, now),
        }])
    }

    /// Arrived after the opening: may vote if the chair says so.
    pub(crate) fn admit_to_vote(&self, id: &VoteId, person: &PersonId) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Open, VotePhase::Paused])?;
        if !self.has_role(person, Role::Delegate) {
            return Err(Refusal::Unknown);
        }
        if vote.electors.contains_key(person) {
            return Err(Refusal::NoChange);
        }
        if !self.attendance(person).is_present() {
            return Err(Refusal::NotPresent);
        }
        let mut elector = self.elector(person, &vote.content).ok_or(Refusal::Unknown)?;
        // Hands there were counted without this one.
        if elector.channel == Channel::Hands && vote.hands.contains_key(&elector.site) {
            elector.channel = Channel::Oral;
        }
        Ok(vec![VoteEvent::Admitted {
            vote: id.clone(),
            person: person.clone(),
            elector,
        }])
    }

    /// Đóng. Before its time, and with somebody missing, only by the chair's explicit word; a secretary's close is for a vote
    /// that is over, so that no vote hangs on one person's line.
    pub(crate) fn close_vote(&self, capacity: Capacity, id: &VoteId, early: bool, now: Time) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Open, VotePhase::Paused])?;
        let missing = count(vote.missing().count());
        let over = vote.phase == VotePhase::Open && vote.until.is_some_and(|until| until <= now);
        if missing > 0 && !over && !(early && capacity == Capacity::Presiding) {
            return Err(Refusal::NotAllVoted { missing });
        }
        if !vote.spoken.is_empty() {
            return Err(Refusal::SpokenWaits {
                count: count(vote.spoken.len()),
            });
        }
        let check_s = if vote.by_name() {
            self.setup.rules.vote.check_s
        } else {
            0
        };
        Ok(vec![VoteEvent::Closed {
            vote: id.clone(),
            check_until: now.plus_seconds(check_s),
            missing,
        }])
    }

    /// Công bố: once the time to check is over and nothing is left open.
    pub(crate) fn announce_vote(&self, id: &VoteId, now: Time) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Checking])?;
        if !vote.objections.is_empty() {
            return Err(Refusal::ObjectionOpen {
                count: count(vote.objections.len()),
            });
        }
        let unconfirmed = vote.hands.values().filter(|hands| hands.confirmed_by.is_none()).count();
        if unconfirmed > 0 {
            return Err(Refusal::HandsUnconfirmed {
                count: count(unconfirmed),
            });
        }
        if let Some(until) = vote.check_until.filter(|until| *until > now) {
            return Err(Refusal::CheckRunning {
                seconds: until.since(now).div_ceil(1000),
            });
        }
        Ok(vec![VoteEvent::Announced {
            vote: id.clone(),
            result: vote.tally(),
        }])
    }

    pub(crate) fn lock_vote(&self, id: &VoteId) -> Decided {
        self.vote_in(id, &[VotePhase::Announced])?;
        Ok(vec![VoteEvent::Locked { vote: id.clone() }])
    }

    pub(crate) fn cancel_vote(&self, id: &VoteId, reason: &str) -> Decided {
        self.vote_in(id, &[VotePhase::Open, VotePhase::Paused, VotePhase::Checking])?;
        Ok(vec![VoteEvent::Cancelled {
            vote: id.clone(),
            reason: given(reason)?,
        }])
    }

    /// While a vote is under way neither item nor sitting ends, and the sitting takes no break: a pause is the vote's own.
    pub(crate) fn no_vote_under_way(&self) -> Result<(), Refusal> {
        match self.vote_under_way() {
            None => Ok(()),
            Some(vote) => Err(Refusal::VoteRunning { vote: vote.id.clone() }),
        }
    }

    /// The end of the sitting is the end of what was announced in it.
    pub(crate) fn announced_votes_lock(&self) -> impl Iterator<Item = Event> {
        self.votes
            .values()
            .filter(|vote| vote.phase == VotePhase::Announced)
            .map(|vote| Event::Vote(VoteEvent::Locked { vote: vote.id.clone() }))
    }

    /// The hub was away: whoever had so much time left has it again.
    pub(crate) fn votes_wait(&self, last_alive: Time, now: Time) -> impl Iterator<Item = Event> {
        self.votes.values().filter_map(move |vote| {
            let until = match vote.phase {
                VotePhase::Open => vote.until,
                // Who had time left to check the own ballot has it still.
                VotePhase::Checking => vote.check_until.filter(|until| *until > last_alive),
                VotePhase::Draft
                | VotePhase::Ready
                | VotePhase::Paused
                | VotePhase::Announced
                | VotePhase::Locked
                | VotePhase::Cancelled => None,
            };
            Some(Event::Vote(VoteEvent::Delayed {
                vote: vote.id.clone(),
                until: time_left_from(until?, last_alive, now),
            }))
        })
    }
}

/// When the time is over that was left at `stopped`, counted from `now`; some time is always left.
fn time_left_from(until: Time, stopped: Time, now: Time) -> Time {
    let left_ms = until.since(stopped);
    Time(now.0.saturating_add(u64::from(left_ms))).max(now.plus_seconds(AFTER_PAUSE_S))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
