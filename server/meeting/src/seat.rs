//! Who sits where, by which rooms a site is reached, and which device is somebody's companion (PRODUCT 3.1).

use crate::command::{Attendance, Method};
use crate::event::Event;
use crate::id::{DeviceId, EndpointId, PersonId, SiteId, Time};
use crate::meeting::{LONGEST_ID, Meeting};
use crate::refusal::Refusal;
use crate::setup::SiteKind;
use crate::sitting::Phase;

impl Meeting {
    /// Where a person sits now.
    #[must_use]
    pub fn seat(&self, person: &PersonId) -> Option<&SiteId> {
        self.seats
            .get(person)
            .or_else(|| self.setup.people.get(person).map(|person| &person.site))
    }

    pub(crate) fn site_of_endpoint(&self, endpoint: &EndpointId) -> Option<SiteId> {
        self.setup.endpoints.get(endpoint).map(|endpoint| endpoint.site.clone())
    }

    pub(crate) fn rooms_of_site<'a>(&'a self, site: &'a SiteId) -> impl Iterator<Item = &'a EndpointId> {
        self.setup
            .endpoints
            .iter()
            .filter(move |(_, endpoint)| endpoint.site == *site)
            .map(|(id, _)| id)
    }

    /// The room by which a person can be seen and heard: the first of the site whose line is up.
    #[must_use]
    pub fn room_of(&self, person: &PersonId) -> Option<EndpointId> {
        let site = self.seat(person)?;
        self.rooms_of_site(site)
            .find(|endpoint| self.line_up(endpoint) && self.admits_room(endpoint))
            .cloned()
    }

    pub(crate) fn bind_device(
        &self,
        id: &PersonId,
        device: &DeviceId,
        site: Option<&SiteId>,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.setup.people.contains_key(id) {
            return Err(Refusal::Unknown);
        }
        if device.0.chars().count() > LONGEST_ID {
            return Err(Refusal::OutOfRange);
        }
        let mut events = Vec::new();
        if self.devices.get(id) != Some(device) {
            events.push(Event::DeviceBound {
                person: id.clone(),
                device: device.clone(),
            });
        }
        match site.map(|site| self.seat_person(id, site, Method::Own, now)) {
            None | Some(Err(Refusal::NoChange)) => {}
            Some(moved) => events.extend(moved?),
        }
        if events.is_empty() {
            Err(Refusal::NoChange)
        } else {
            Ok(events)
        }
    }

    /// A person sits somewhere else: logged, and the kind of presence follows (PRODUCT 3.1).
    pub(crate) fn seat_person(
        &self,
        id: &PersonId,
        site: &SiteId,
        method: Method,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.setup.people.contains_key(id) || !self.setup.sites.contains_key(site) {
            return Err(Refusal::Unknown);
        }
        if self.phase == Phase::Closed {
            return Err(Refusal::WrongPhase);
        }
        if self.seat(id) == Some(site) {
            return Err(Refusal::NoChange);
        }
        self.personal_allowed(site)?;
        let mut events = vec![Event::Seated {
            person: id.clone(),
            site: site.clone(),
        }];
        let from = self.attendance(id);
        let to = self.presence_at(site);
        if matches!(
            from,
            Attendance::PresentHall | Attendance::PresentSite | Attendance::PresentOnline
        ) && from != to
        {
            events.push(Event::AttendanceChanged {
                person: id.clone(),
                from,
                to,
                at: now,
                method,
                site: site.clone(),
                reason: String::new(),
                correction: false,
            });
        }
        Ok(events)
    }

    /// Trực tuyến cá nhân only where the rules allow it.
    pub(crate) fn personal_allowed(&self, site: &SiteId) -> Result<(), Refusal> {
        let personal = self
            .setup
            .sites
            .get(site)
            .is_some_and(|site| site.kind == SiteKind::Personal);
        if personal && !self.setup.rules.personal_online {
            Err(Refusal::PersonalNotAllowed)
        } else {
            Ok(())
        }
    }
}
