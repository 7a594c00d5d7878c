//! Điểm danh: the roll call, from electronic check-in over two rounds of calling to a frozen snapshot (PRODUCT 3.4.2).
//!
//! A roll call collects answers; attendance itself stands in `attendance`. Nobody becomes absent because they did not
//! answer: that is a secretary's entry.

use crate::command::{Attendance, CallAnswer, CallOrder, Method};
use crate::event::Event;
use crate::id::{PersonId, SiteId, Time};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::setup::Role;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a roll call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollPhase {
    /// Electronic check-in runs.
    Electronic,
    /// The electronic part is over.
    Collected,
    /// Gọi tên lượt 1.
    FirstRound,
    /// Gọi tên lượt 2.
    SecondRound,
}

/// A roll call under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    /// The snapshot it will become.
    pub number: u32,
    /// Where it stands.
    pub phase: RollPhase,
    /// When the electronic part ends.
    pub until: Time,
    /// In which order names are called.
    pub order: Option<CallOrder>,
    /// The names of this round, in order.
    pub names: Vec<PersonId>,
    /// What those called in this round, or in the first, answered.
    pub answers: BTreeMap<PersonId, CallAnswer>,
    /// Delegates who are established as present in this roll call.
    pub answered: BTreeSet<PersonId>,
}

/// A frozen roll call: what it says never changes; later arrivals are deltas beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Điểm danh lần …
    pub number: u32,
    /// When.
    pub at: Time,
    /// Present.
    pub present: u32,
    /// Legal total of delegates at that moment.
    pub total: u32,
    /// Needed at that moment.
    pub needed: u32,
    /// Each delegate's state and site.
    pub states: BTreeMap<PersonId, Seated>,
}

/// A delegate in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seated {
    /// The state.
    pub attendance: Attendance,
    /// Where the delegate sat.
    pub site: SiteId,
}

impl Roll {
    /// Who is called now: the first name without an answer.
    #[must_use]
    pub fn calling(&self) -> Option<&PersonId> {
        self.to_call().next()
    }

    /// The names still to be called in this round.
    pub fn to_call(&self) -> impl Iterator<Item = &PersonId> {
        self.names.iter().filter(|name| !self.answers.contains_key(name))
    }

    /// How many did not answer in the first round.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        match self.phase {
            RollPhase::Electronic | RollPhase::Collected => 0,
            RollPhase::FirstRound => self
                .answers
                .values()
                .filter(|answer| **answer == CallAnswer::NoAnswer)
                .count(),
            RollPhase::SecondRound => self.names.len(),
        }
    }
}

impl Meeting {
    /// Delegates, in the order of the roster.
    pub(crate) fn delegates(&self) -> impl Iterator<Item = &PersonId> {
        self.setup
            .people
            .iter()
            .filter(|(_, person)| person.roles.contains(&Role::Delegate))
            .map(|(id, _)| id)
    }

    fn roll_open(&self) -> Result<&Roll, Refusal> {
        self.roll.as_ref().ok_or(Refusal::NoRollOpen)
    }

    /// Opens a roll call with the electronic part. In the first one, who checked in before counts; later ones start afresh.
    pub(crate) fn start_roll(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        if self.roll.is_some() {
            return Err(Refusal::RollOpen);
        }
        let answered = if self.snapshots.is_empty() {
            self.delegates()
                .filter(|id| self.attendance(id).is_present())
                .cloned()
                .collect()
        } else {
            BTreeSet::new()
        };
        Ok(vec![Event::RollStarted {
            number: u32::try_from(self.snapshots.len())
                .unwrap_or(u32::MAX)
                .saturating_add(1),
            until: now.plus_seconds(self.setup.rules.roll_s),
            answered,
        }])
    }

    /// Gọi tên lượt 1: everybody, or those who have not answered.
    pub(crate) fn start_calling(&self, order: CallOrder, everybody: bool) -> Result<Vec<Event>, Refusal> {
        let roll = self.roll_open()?;
        match roll.phase {
            RollPhase::Electronic | RollPhase::Collected => {}
            RollPhase::FirstRound | RollPhase::SecondRound => return Err(Refusal::NoChange),
        }
        let mut names: Vec<PersonId> = self
            .delegates()
            .filter(|id| everybody || !roll.answered.contains(id))
            .cloned()
            .collect();
        names.sort_by_cached_key(|id| self.call_key(id, order));
        Ok(vec![Event::CallingStarted { round: 1, order, names }])
    }

    fn call_key(&self, id: &PersonId, order: CallOrder) -> (u32, u32, PersonId) {
        let person = self.setup.people.get(id);
        let roster = person.map_or(u32::MAX, |person| person.order);
        let first = match order {
            CallOrder::Roster => 0,
            CallOrder::Group => person
                .and_then(|person| self.setup.groups.get(person.group.as_ref()?))
                .map_or(u32::MAX, |group| group.order),
            CallOrder::Site => self
                .seat(id)
                .and_then(|site| self.setup.sites.get(site))
                .map_or(u32::MAX, |site| site.order),
        };
        (first, roster, id.clone())
    }

    /// What the one who is called answered.
    pub(crate) fn answer_call(&self, id: &PersonId, answer: CallAnswer, now: Time) -> Result<Vec<Event>, Refusal> {
        let roll = self.roll_open()?;
        if roll.calling() != Some(id) {
            return Err(Refusal::NotCalled);
        }
        if answer == CallAnswer::Later && roll.to_call().nth(1).is_none() {
            return Err(Refusal::NoChange);
        }
        let mut events = vec![Event::CallAnswered {
            person: id.clone(),
            answer,
        }];
        if answer == CallAnswer::Present && !self.attendance(id).is_present() {
            events.push(self.attendance_changed(id, self.arrival(id), now, Method::Called, String::new()));
        }
        Ok(events)
    }

    /// Lượt 2: those who did not answer, and those the first round did not reach.
    pub(crate) fn start_second_round(&self) -> Result<Vec<Event>, Refusal> {
        let roll = self.roll_open()?;
        let (RollPhase::FirstRound, Some(order)) = (roll.phase, roll.order) else {
            return Err(Refusal::WrongOrder);
        };
        let names = roll
            .names
            .iter()
            .filter(|id| !roll.answered.contains(id))
            .cloned()
            .collect();
        Ok(vec![Event::CallingStarted { round: 2, order, names }])
    }

    /// Chốt.
    pub(crate) fn freeze_roll(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        let roll = self.roll_open()?;
        let quorum = self.quorum();
        let states = self
            .delegates()
            .map(|id| {
                let site = self.seat(id).cloned().unwrap_or_else(|| SiteId::from(""));
                (
                    id.clone(),
                    Seated {
                        attendance: self.attendance(id),
                        site,
                    },
                )
            })
            .collect();
        Ok(vec![Event::RollFrozen(Snapshot {
            number: roll.number,
            at: now,
            present: quorum.present,
            total: quorum.total,
            needed: quorum.needed,
            states,
        })])
    }

    pub(crate) fn cancel_roll(&self) -> Result<Vec<Event>, Refusal> {
        self.roll_open()?;
        Ok(vec![Event::RollCancelled])
    }

    pub(crate) fn apply_calling_started(&mut self, round: u8, order: CallOrder, names: &[PersonId]) {
        if let Some(roll) = &mut self.roll {
            roll.phase = if round == 1 {
                RollPhase::FirstRound
            } else {
                RollPhase::SecondRound
            };
            roll.order = Some(order);
            roll.names = names.to_vec();
            roll.answers.clear();
        }
    }

    pub(crate) fn apply_call_answered(&mut self, person: &PersonId, answer: CallAnswer) {
        let Some(roll) = &mut self.roll else { return };
        match answer {
            CallAnswer::Present => {
                roll.answers.insert(person.clone(), answer);
                roll.answered.insert(person.clone());
            }
            CallAnswer::NoAnswer => {
                roll.answers.insert(person.clone(), answer);
            }
            CallAnswer::Later => {
                roll.names.retain(|name| name != person);
                roll.names.push(person.clone());
            }
        }
    }

    pub(crate) fn answered_in_roll(&mut self, person: &PersonId) {
        let delegate = self.has_role(person, Role::Delegate);
        if let Some(roll) = self.roll.as_mut().filter(|_| delegate) {
            roll.answered.insert(person.clone());
            // Who checks in while names are called needs no call any more.
            if roll.names.contains(person) {
                roll.answers.entry(person.clone()).or_insert(CallAnswer::Present);
            }
        }
    }
}
