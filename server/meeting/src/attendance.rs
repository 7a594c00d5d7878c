//! Attendance of each person and who may move it (PRODUCT 3.4.1).
//!
//! Every change is kept with time, method, place and reason; a correction adds a line and takes none away.

use crate::command::{Actor, Attendance, Method};
use crate::event::Event;
use crate::id::{PersonId, SiteId, Time};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::setup::{Role, SiteKind};
use crate::sitting::{Phase, given};

/// One change of an attendance state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// From when.
    pub at: Time,
    /// Before.
    pub from: Attendance,
    /// After.
    pub to: Attendance,
    /// Who entered it.
    pub by: Actor,
    /// How it was established.
    pub method: Method,
    /// Where the person sat.
    pub site: SiteId,
    /// Why; may be empty.
    pub reason: String,
    /// Entered after the close.
    pub correction: bool,
}

/// An absence that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    /// When.
    pub at: Time,
    /// Why.
    pub reason: String,
    /// A secretary asked; the chair's approval makes it an excused absence at once.
    pub by_secretary: bool,
    /// The chair's word; absent = not yet given.
    pub approved: Option<bool>,
}

/// A correction after the close, which waits for the chair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// When it was asked for.
    pub at: Time,
    /// What the attendance should be.
    pub to: Attendance,
    /// Why.
    pub reason: String,
}

/// Attendance of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The state.
    pub state: Attendance,
    /// Since when.
    pub since: Option<Time>,
    /// How it was established.
    pub method: Option<Method>,
    /// Why; may be empty.
    pub reason: String,
    /// What it was before the connection was lost.
    pub before: Option<Attendance>,
    /// The last absence asked for.
    pub leave: Option<Leave>,
    /// A correction that waits for the chair.
    pub correction: Option<Correction>,
    /// Every change, oldest first.
    pub history: Vec<Change>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            state: Attendance::Unknown,
            since: None,
            method: None,
            reason: String::new(),
            before: None,
            leave: None,
            correction: None,
            history: Vec::new(),
        }
    }
}

impl Meeting {
    /// Attendance of a person; unknown for strangers.
    #[must_use]
    pub fn attendance(&self, person: &PersonId) -> Attendance {
        self.records
            .get(person)
            .map_or(Attendance::Unknown, |record| record.state)
    }

    /// The kind of presence of whoever sits there.
    pub(crate) fn presence_at(&self, site: &SiteId) -> Attendance {
        match self.setup.sites.get(site).map(|site| site.kind) {
            Some(SiteKind::Hall) => Attendance::PresentHall,
            Some(SiteKind::Personal) => Attendance::PresentOnline,
            Some(SiteKind::Central | SiteKind::Remote) | None => Attendance::PresentSite,
        }
    }

    /// What a person who is there becomes: late after a roll call was frozen without them, else present where they sit.
    pub(crate) fn arrival(&self, person: &PersonId) -> Attendance {
        let here = self
            .seat(person)
            .map_or(Attendance::PresentSite, |site| self.presence_at(site));
        match self.attendance(person) {
            Attendance::Unknown | Attendance::Excused | Attendance::Absent if !self.snapshots.is_empty() => {
                Attendance::Late
            }
            Attendance::Disconnected if self.came_late(person) => Attendance::Late,
            Attendance::Unknown
            | Attendance::Excused
            | Attendance::Absent
            | Attendance::Disconnected
            | Attendance::SteppedOut
            | Attendance::LeftEarly
            | Attendance::PresentHall
            | Attendance::PresentSite
            | Attendance::PresentOnline
            | Attendance::Late => here,
        }
    }

    /// Was late before the connection was lost; whoever was not is present where they sit now.
    fn came_late(&self, person: &PersonId) -> bool {
        self.records.get(person).and_then(|record| record.before) == Some(Attendance::Late)
    }

    /// A change of attendance from the present state.
    pub(crate) fn attendance_changed(
        &self,
        person: &PersonId,
        to: Attendance,
        at: Time,
        method: Method,
        reason: String,
    ) -> Event {
        Event::AttendanceChanged {
            person: person.clone(),
            from: self.attendance(person),
            to,
            at,
            method,
            site: self.seat(person).cloned().unwrap_or_else(|| SiteId::from("")),
            reason,
            correction: self.phase == Phase::Closed,
        }
    }

    /// Tự xác nhận có mặt; while a roll call runs it also answers it.
    pub(crate) fn check_in(&self, id: &PersonId, now: Time) -> Result<Vec<Event>, Refusal> {
        if let Some(site) = self.seat(id) {
            self.personal_allowed(site)?;
            // PRODUCT 3.4.1: who is online by themselves is present with the camera on.
            if self.presence_at(site) == Attendance::PresentOnline && self.room_of(id).is_none() {
                return Err(Refusal::RoomOffline);
            }
        }
        self.arrives(id, Method::Own, now).ok_or(Refusal::NoChange)
    }

    /// The events by which somebody is established as there; `None` when nothing would change.
    pub(crate) fn arrives(&self, id: &PersonId, method: Method, now: Time) -> Option<Vec<Event>> {
        if !self.attendance(id).is_present() {
            return Some(vec![self.attendance_changed(
                id,
                self.arrival(id),
                now,
                method,
                String::new(),
            )]);
        }
        self.confirms(id, method)
    }

    /// Somebody who is present already answers the roll call under way.
    fn confirms(&self, id: &PersonId, method: Method) -> Option<Vec<Event>> {
        let unanswered = self.roll.as_ref().is_some_and(|roll| !roll.answered.contains(id));
        (unanswered && self.has_role(id, Role::Delegate) && self.attendance(id).is_present()).then(|| {
            vec![Event::PresenceConfirmed {
                person: id.clone(),
                method,
            }]
        })
    }

    /// Xin vắng, xin về sớm.
    pub(crate) fn ask_leave(&self, id: &PersonId, reason: &str) -> Result<Vec<Event>, Refusal> {
        let reason = given(reason)?;
        if self.pending_leave(id).is_some_and(|leave| leave.reason == reason) {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::LeaveAsked {
            person: id.clone(),
            reason,
            by_secretary: false,
        }])
    }

    /// The chair's word. The state itself is the secretary's entry: made already, or made later (PRODUCT 3.4.1).
    pub(crate) fn answer_leave(&self, id: &PersonId, approve: bool, now: Time) -> Result<Vec<Event>, Refusal> {
        let leave = self.pending_leave(id).ok_or(Refusal::NoChange)?;
        let mut events = vec![Event::LeaveAnswered {
            person: id.clone(),
            approved: approve,
        }];
        if approve && leave.by_secretary && self.attendance(id) != Attendance::Excused {
            events.extend(self.absent(id, Attendance::Excused, leave.reason.clone(), now));
        }
        Ok(events)
    }

    pub(crate) fn pending_leave(&self, id: &PersonId) -> Option<&Leave> {
        self.records
            .get(id)?
            .leave
            .as_ref()
            .filter(|leave| leave.approved.is_none())
    }

    /// The secretary sets a state. An excused absence needs the chair's approval, and so does whatever is entered after the
    /// close: without it, the entry asks for it.
    pub(crate) fn mark(&self, id: &PersonId, to: Attendance, reason: &str, now: Time) -> Result<Vec<Event>, Refusal> {
        if !self.setup.people.contains_key(id) {
            return Err(Refusal::Unknown);
        }
        let here = self
            .seat(id)
            .map_or(Attendance::PresentSite, |site| self.presence_at(site));
        let (to, needs_reason) = match to {
            // Where somebody is present follows from where they sit.
            Attendance::PresentHall | Attendance::PresentSite | Attendance::PresentOnline => (here, false),
            Attendance::Late | Attendance::SteppedOut | Attendance::LeftEarly => (to, false),
            Attendance::Unknown | Attendance::Excused | Attendance::Absent => (to, true),
            // Automatic only.
            Attendance::Disconnected => return Err(Refusal::OutOfRange),
        };
        let reason = if needs_reason || self.phase == Phase::Closed || !reason.trim().is_empty() {
            given(reason)?
        } else {
            String::new()
        };
        if self.attendance(id) == to {
            return self.confirms(id, Method::Secretary).ok_or(Refusal::NoChange);
        }
        if self.phase == Phase::Closed {
            let asked = self.records.get(id).and_then(|record| record.correction.as_ref());
            if asked.is_some_and(|asked| asked.to == to && asked.reason == reason) {
                return Err(Refusal::NoChange);
            }
            return Ok(vec![Event::CorrectionAsked {
                person: id.clone(),
                to,
                reason,
            }]);
        }
        let approved = self.records.get(id).and_then(|record| record.leave.as_ref()?.approved) == Some(true);
        if to == Attendance::Excused && !approved {
            if self.pending_leave(id).is_some_and(|leave| leave.by_secretary) {
                return Err(Refusal::NoChange);
            }
            return Ok(vec![Event::LeaveAsked {
                person: id.clone(),
                reason,
                by_secretary: true,
            }]);
        }
        Ok(self.absent(id, to, reason, now))
    }

    /// The chair's word on a correction. What stood before stays in the history.
    pub(crate) fn answer_correction(&self, id: &PersonId, approve: bool, now: Time) -> Result<Vec<Event>, Refusal> {
        let asked = self.records.get(id).and_then(|record| record.correction.as_ref());
        let asked = asked.ok_or(Refusal::NoChange)?;
        Ok(if approve {
            self.absent(id, asked.to, asked.reason.clone(), now)
        } else {
            vec![Event::CorrectionRefused { person: id.clone() }]
        })
    }

    /// A secretary's entry; leaving makes open requests void, and only the secretary's record of it does (PRODUCT 3.3.6).
    fn absent(&self, id: &PersonId, to: Attendance, reason: String, now: Time) -> Vec<Event> {
        let mut events = vec![self.attendance_changed(id, to, now, Method::Secretary, reason)];
        if matches!(to, Attendance::LeftEarly | Attendance::Excused | Attendance::Absent) {
            let open = self
                .requests
                .values()
                .filter(|request| request.person == *id && request.state.is_pending());
            events.extend(open.map(|request| Event::Voided {
                request: request.id.clone(),
            }));
        }
        events
    }

    /// The site lead proposes who is there; it counts after one tap of a secretary.
    pub(crate) fn propose_site(
        &self,
        by: &PersonId,
        site: &SiteId,
        present: &[PersonId],
    ) -> Result<Vec<Event>, Refusal> {
        if !self.setup.sites.contains_key(site) || present.iter().any(|id| self.seat(id) != Some(site)) {
            return Err(Refusal::Unknown);
        }
        self.personal_allowed(site)?;
        let mut present = present.to_vec();
        present.sort();
        present.dedup();
        if self
            .proposals
            .get(site)
            .is_some_and(|proposal| proposal.present == present)
        {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::SiteProposed {
            site: site.clone(),
            by: by.clone(),
            present,
        }])
    }

    pub(crate) fn answer_proposal(&self, site: &SiteId, accept: bool, now: Time) -> Result<Vec<Event>, Refusal> {
        let proposal = self.proposals.get(site).ok_or(Refusal::NoChange)?;
        let mut events = vec![Event::ProposalAnswered {
            site: site.clone(),
            accepted: accept,
        }];
        if accept {
            // Who has moved to another site since is no longer this lead's to propose.
            let there = proposal.present.iter().filter(|id| self.seat(id) == Some(site));
            events.extend(there.filter_map(|id| self.arrives(id, Method::SiteLead, now)).flatten());
        }
        Ok(events)
    }

    pub(crate) fn apply_attendance(&mut self, person: &PersonId, change: Change) {
        // A line that comes back is no answer to a roll call.
        if change.to.is_present() && change.method != Method::System {
            self.answered_in_roll(person);
        }
        let record = self.records.entry(person.clone()).or_default();
        // An approval serves one absence.
        if change.from == Attendance::Excused && change.to.is_present() {
            record.leave = None;
        }
        record.before = (change.to == Attendance::Disconnected).then_some(change.from);
        record.state = change.to;
        record.since = Some(change.at);
        record.method = Some(change.method);
        record.reason = change.reason.clone();
        record.correction = None;
        record.history.push(change);
    }
}
