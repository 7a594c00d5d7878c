//! Lines and devices: what the hub reports, and the little that follows from it (PRODUCT 3.1, 3.3.6, 3.4.1).
//!
//! A report never moves a request, never ends a turn and never makes anybody absent. It may pause the turn of a lost room,
//! and it may turn an attendance amber and back.

use crate::command::{Attendance, Method};
use crate::event::{Event, PauseReason};
use crate::id::{EndpointId, PersonId, Time};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::setup::Role;
use crate::sitting::Phase;
use crate::turn::{Clock, Turn};
use std::collections::{BTreeMap, BTreeSet};

/// How a person or a room is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Reachable.
    pub online: bool,
    /// Since when it is so.
    pub since: Time,
    /// When it was lost before it came back; absent if it was never lost.
    pub lost_at: Option<Time>,
    /// Not heard of since the hub was restarted.
    pub awaited: bool,
}

impl Meeting {
    /// Some device of the person is reachable.
    #[must_use]
    pub fn person_online(&self, person: &PersonId) -> bool {
        self.people.get(person).is_some_and(|line| line.online)
    }

    /// The room's line is up.
    #[must_use]
    pub fn line_up(&self, endpoint: &EndpointId) -> bool {
        self.endpoints.get(endpoint).is_some_and(|line| line.online)
    }

    pub(crate) fn secretary_online(&self) -> bool {
        self.setup
            .people
            .iter()
            .any(|(id, who)| who.roles.contains(&Role::Secretary) && self.person_online(id))
    }

    pub(crate) fn report_person(
        &self,
        id: &PersonId,
        online: bool,
        since: Time,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.setup.people.contains_key(id) {
            return Err(Refusal::Unknown);
        }
        let since = since.min(now);
        let line = self.people.get(id);
        if !online {
            return if line.is_some_and(|line| line.online) {
                Ok(self.lost(&BTreeSet::new(), &BTreeSet::from([id.clone()]), since, now))
            } else {
                Err(Refusal::NoChange)
            };
        }
        if line.is_some_and(|line| line.online && !line.awaited) {
            return Err(Refusal::NoChange);
        }
        let mut events = vec![Event::PersonOnline {
            person: id.clone(),
            since,
        }];
        events.extend(self.presence_returns(id, now));
        if *id == self.presiding && self.claim.is_some() {
            events.push(Event::ClaimDropped);
        }
        Ok(events)
    }

    /// Whoever receives the rooms' pictures is known to those who run the sitting.
    pub(crate) fn report_watching(&self, id: &PersonId, watching: bool) -> Result<Vec<Event>, Refusal> {
        if !self.setup.people.contains_key(id) {
            return Err(Refusal::Unknown);
        }
        if self.watching.contains_key(id) == watching {
            return Err(Refusal::NoChange);
        }
        let person = id.clone();
        Ok(vec![if watching {
            Event::WatchBegan { person }
        } else {
            Event::WatchEnded { person }
        }])
    }

    /// Whose consoles receive pictures of all rooms, and since when.
    #[must_use]
    pub fn watching(&self) -> &BTreeMap<PersonId, Time> {
        &self.watching
    }

    pub(crate) fn report_endpoint(
        &self,
        id: &EndpointId,
        online: bool,
        since: Time,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(endpoint) = self.setup.endpoints.get(id) else {
            return Err(Refusal::Unknown);
        };
        let since = since.min(now);
        let line = self.endpoints.get(id);
        if !online {
            return if line.is_some_and(|line| line.online) {
                Ok(self.lost(&BTreeSet::from([id.clone()]), &BTreeSet::new(), since, now))
            } else {
                Err(Refusal::NoChange)
            };
        }
        if line.is_some_and(|line| line.online && !line.awaited) {
            return Err(Refusal::NoChange);
        }
        let mut events = vec![Event::LineUp {
            endpoint: id.clone(),
            since,
        }];
        for person in self
            .setup
            .people
            .keys()
            .filter(|person| self.seat(person) == Some(&endpoint.site))
        {
            events.extend(self.presence_returns(person, now));
        }
        events.extend(self.speaker_returns(id, now));
        Ok(events)
    }

    /// The speaker's room is back: a short outage goes on by itself, a longer one waits for the chair (PRODUCT 3.3.6).
    fn speaker_returns(&self, endpoint: &EndpointId, now: Time) -> Option<Event> {
        let here = |turn: &&Turn| turn.endpoint == *endpoint;
        let beneath = self.interrupted.as_ref().filter(here);
        let turn = self.turn.as_ref().filter(here).or(beneath)?;
        let hold = turn.hold().filter(|hold| hold.back_at.is_none())?;
        let short = beneath.is_none() && now.since(hold.lost_at) < self.setup.rules.auto_resume_s.saturating_mul(1000);
        Some(if short && hold.resumes && self.phase == Phase::Open {
            Event::TurnContinued {
                turn: turn.id.clone(),
                endpoint: endpoint.clone(),
                at: now,
            }
        } else {
            Event::SpeakerBack { turn: turn.id.clone() }
        })
    }

    /// What follows when these rooms and people are lost together.
    pub(crate) fn lost(
        &self,
        endpoints: &BTreeSet<EndpointId>,
        people: &BTreeSet<PersonId>,
        since: Time,
        now: Time,
    ) -> Vec<Event> {
        let mut events: Vec<Event> = endpoints
            .iter()
            .map(|endpoint| Event::LineLost {
                endpoint: endpoint.clone(),
                since,
            })
            .collect();
        events.extend(people.iter().map(|person| Event::PersonOffline {
            person: person.clone(),
            since,
        }));
        // PRODUCT 3.4.1: amber only for those whose sole link is lost. A dead tablet in a room that is there changes nothing.
        for person in self.setup.people.keys() {
            let Some(site) = self.seat(person) else { continue };
            let room_lost = self.rooms_of_site(site).any(|room| endpoints.contains(room));
            if !room_lost && !people.contains(person) {
                continue;
            }
            let room_left = self
                .rooms_of_site(site)
                .any(|room| self.line_up(room) && !endpoints.contains(room));
            let device_left = self.person_online(person) && !people.contains(person);
            let from = self.attendance(person);
            if from.is_present() && !room_left && !device_left && self.phase != Phase::Closed {
                events.push(self.attendance_changed(
                    person,
                    Attendance::Disconnected,
                    since,
                    Method::System,
                    String::new(),
                ));
            }
        }
        if let Some(turn) = self.turn.as_ref().filter(|turn| endpoints.contains(&turn.endpoint)) {
            // A pause by the chair, a break or a restart stands; but whoever comes back finds the floor held.
            let resumes = matches!(turn.clock, Clock::Invited { .. } | Clock::Running { .. });
            let again = turn.hold().is_some_and(|hold| hold.back_at.is_some());
            let paused = matches!(turn.paused(), Some(PauseReason::Technical | PauseReason::Restart));
            if self.phase == Phase::Open && (resumes || again || paused) {
                events.push(self.hold(turn, since, now, resumes));
            }
        }
        events
    }

    /// Back within the grace: present again as before, without asking (PRODUCT 3.4.1).
    fn presence_returns(&self, person: &PersonId, now: Time) -> Option<Event> {
        let record = self.records.get(person)?;
        let since = record.since?;
        let grace_ms = self.setup.rules.presence_grace_s.saturating_mul(1000);
        if record.state != Attendance::Disconnected || now.since(since) > grace_ms || self.phase == Phase::Closed {
            return None;
        }
        Some(self.attendance_changed(person, self.arrival(person), now, Method::System, String::new()))
    }
}

impl Line {
    pub(crate) fn change(line: Option<&Self>, online: bool, since: Time) -> Self {
        let lost_at = match line {
            Some(line) if line.online && online => {
                return Self {
                    awaited: false,
                    ..line.clone()
                };
            }
            Some(line) if !line.online && online => Some(line.since),
            Some(line) => line.lost_at,
            None => None,
        };
        Self {
            online,
            since,
            lost_at,
            awaited: false,
        }
    }
}
