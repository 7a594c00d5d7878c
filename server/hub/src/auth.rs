//! Who somebody is: a personal key proves it, a ticket carries it to the websocket. A ticket is good once and not for long,
//! because it stands in an address, and addresses end up in logs. Whoever is here already gets one for coming back, over the
//! socket itself, which is good for longer.

use crate::keys;
use crate::presence::Subject;
use meeting::id::{EndpointId, PersonId, SiteId};
use meeting::setup::{Person, Role, Setup};
use protocol::view::AudienceKind;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use store::{Access, AccessKind, Store, StoreError, Try};

/// How long a ticket is good.
const TICKET: Duration = Duration::from_secs(30);
/// How long a ticket for coming back is good.
const RETURN: Duration = Duration::from_secs(600);
/// It is replaced this often.
pub const RENEWAL: Duration = Duration::from_secs(300);
/// At most so many tickets wait to be used.
const TICKETS: usize = 10_000;

/// Who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person.
    Person {
        /// Who.
        id: PersonId,
        /// The site at which the tablet was paired; absent with a personal link.
        site: Option<SiteId>,
    },
    /// A room.
    Room {
        /// Which.
        id: EndpointId,
    },
}

impl Who {
    /// Whom presence is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Person { id, .. } => Subject::Person(id.clone()),
            Self::Room { id } => Subject::Room(id.clone()),
        }
    }
}

/// Whom a key belongs to; none if there is no such key, it was revoked, or its owner is not in this sitting.
///
/// # Errors
/// The database cannot be read.
pub async fn who(store: &Store, setup: &Setup, key: &str) -> Result<Option<Who>, StoreError> {
    // The key of another time may be long; the hash makes it short, and a look-up by hash tells nothing by its time.
    let access = match store.key(&keys::hash(key)).await? {
        Try::Open(access) => access,
        Try::Revoked | Try::Unknown => return Ok(None),
    };
    let Access { kind, subject, site } = access;
    Ok(match kind {
        AccessKind::Person => {
            let id = PersonId(subject);
            setup.people.contains_key(&id).then(|| Who::Person {
                id,
                site: site.map(SiteId),
            })
        }
        AccessKind::Room => {
            let id = EndpointId(subject);
            setup.endpoints.contains_key(&id).then_some(Who::Room { id })
        }
    })
}

/// The screens that a person, or a room, may open.
#[must_use]
pub fn audiences(setup: &Setup, who: &Who) -> Vec<AudienceKind> {
    let Who::Person { id, site } = who else {
        return vec![AudienceKind::Room];
    };
    let Some(person) = setup.people.get(id) else {
        return Vec::new();
    };
    let mut audiences: Vec<AudienceKind> = person.roles.iter().map(|role| audience(*role)).collect();
    if site.is_some() {
        // Six digits and a PIN open a tablet's page; a console takes the personal link.
        audiences.retain(|audience| *audience == AudienceKind::Delegate);
    }
    audiences.sort_unstable();
    audiences.dedup();
    audiences
}

/// Whether a person has a tablet's page, and so can pair a tablet.
#[must_use]
pub fn has_tablet(person: &Person) -> bool {
    person
        .roles
        .iter()
        .any(|role| audience(*role) == AudienceKind::Delegate)
}

/// The screen of a role.
#[must_use]
pub fn audience(role: Role) -> AudienceKind {
    match role {
        Role::Chair => AudienceKind::Chair,
        Role::Secretary => AudienceKind::Secretary,
        Role::CentralTechnician => AudienceKind::Technician,
        Role::SiteTechnician | Role::SiteLead | Role::Delegate | Role::Guest | Role::Questioned => {
            AudienceKind::Delegate
        }
    }
}

/// Tickets that wait to be used.
#[derive(Debug, Default)]
pub struct Tickets(HashMap<String, (Who, Instant)>);

impl Tickets {
    /// A ticket for somebody; none if far too many wait.
    pub fn issue(&mut self, who: Who, now: Instant) -> Option<String> {
        self.issue_for(TICKET, who, now)
    }

    /// A ticket for coming back, in place of the one that this screen had before.
    pub fn renew(&mut self, before: Option<&str>, who: Who, now: Instant) -> Option<String> {
        if let Some(before) = before {
            self.0.remove(before);
        }
        self.issue_for(RETURN, who, now)
    }

    fn issue_for(&mut self, good_for: Duration, who: Who, now: Instant) -> Option<String> {
        if self.0.len() >= TICKETS {
            self.0.retain(|_, (_, until)| *until > now);
            if self.0.len() >= TICKETS {
                return None;
            }
        }
        let ticket = keys::random();
        self.0.insert(ticket.clone(), (who, now + good_for));
        Some(ticket)
    }

    /// Tears up what waits for somebody who may not come in any more.
    pub fn forget(&mut self, subject: &Subject) {
        self.0.retain(|_, (who, _)| who.subject() != *subject);
    }

    /// Uses a ticket up.
    pub fn take(&mut self, ticket: &str, now: Instant) -> Option<Who> {
        let (who, until) = self.0.remove(ticket)?;
        (until > now).then_some(who)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_good_once_and_for_thirty_seconds() {
        let hall = Who::Room {
            id: EndpointId::from("hall"),
        };
        let mut tickets = Tickets::default();
        let start = Instant::now();
        let ticket = tickets.issue(hall.clone(), start).unwrap();
        assert_eq!(tickets.take(&ticket, start), Some(hall.clone()));
        assert_eq!(tickets.take(&ticket, start), None);
        let late = tickets.issue(hall, start).unwrap();
        assert_eq!(tickets.take(&late, start + TICKET), None);
        assert_eq!(tickets.take("guess", start), None);
    }

    #[test]
    fn a_screen_comes_back_once_with_the_last_ticket_it_was_given() {
        let hall = Who::Room {
            id: EndpointId::from("hall"),
        };
        let mut tickets = Tickets::default();
        let start = Instant::now();
        let first = tickets.renew(None, hall.clone(), start).unwrap();
        let second = tickets.renew(Some(&first), hall.clone(), start + RENEWAL).unwrap();
        assert_eq!(tickets.take(&first, start + RENEWAL), None);
        let later = start + RENEWAL + RETURN / 2;
        assert_eq!(tickets.take(&second, later), Some(hall.clone()));
        assert_eq!(tickets.take(&second, later), None);
        let revoked = tickets.renew(None, hall.clone(), start).unwrap();
        tickets.forget(&hall.subject());
        assert_eq!(tickets.take(&revoked, start), None);
    }

    #[test]
    fn tickets_that_nobody_uses_do_not_pile_up() {
        let hall = Who::Room {
            id: EndpointId::from("hall"),
        };
        let mut tickets = Tickets::default();
        let start = Instant::now();
        for _ in 0..TICKETS {
            assert!(tickets.issue(hall.clone(), start).is_some());
        }
        assert_eq!(tickets.issue(hall.clone(), start), None);
        assert!(tickets.issue(hall, start + TICKET).is_some());
        assert_eq!(tickets.0.len(), 1);
    }
}
