//! Who somebody is: a personal key proves it. What carries the proof to the websocket is in [`crate::tickets`].

use crate::keys;
use crate::presence::Subject;
use meeting::id::{EndpointId, KioskId, PersonId, SiteId};
use meeting::setup::{Person, Role, Setup};
use protocol::view::AudienceKind;
use store::{Access, AccessKind, Store, StoreError, Try};

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
        /// With which of its keys.
        key: KeyHash,
    },
    /// A shared tablet of a bridge point.
    Kiosk {
        /// Which.
        id: KioskId,
        /// Where it stands.
        site: SiteId,
        /// With which key.
        key: KeyHash,
    },
}

/// What is kept of a key. A place may have several screens, of which one is taken back and the others stay.
pub type KeyHash = [u8; 32];

impl Who {
    /// Whom presence is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Person { id, .. } => Subject::Person(id.clone()),
            Self::Room { id, .. } => Subject::Room(id.clone()),
            Self::Kiosk { id, .. } => Subject::Kiosk(id.clone()),
        }
    }

    /// The key of a screen that belongs to a place.
    #[must_use]
    pub fn place_key(&self) -> Option<KeyHash> {
        match self {
            Self::Person { .. } => None,
            Self::Room { key, .. } | Self::Kiosk { key, .. } => Some(*key),
        }
    }
}

/// Whom a key belongs to; none if there is no such key, it was revoked, or its owner is not in this sitting.
///
/// # Errors
/// The database cannot be read.
pub async fn who(store: &Store, setup: &Setup, key: &str) -> Result<Option<Who>, StoreError> {
    // The key of another time may be long; the hash makes it short, and a look-up by hash tells nothing by its time.
    let key = keys::hash(key);
    let access = match store.key(&key).await? {
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
            setup.endpoints.contains_key(&id).then_some(Who::Room { id, key })
        }
        AccessKind::Kiosk => {
            let site = site.map(SiteId).filter(|site| setup.sites.contains_key(site));
            site.map(|site| Who::Kiosk {
                id: KioskId(subject),
                site,
                key,
            })
        }
    })
}

/// The screens that a person, or a room, may open.
#[must_use]
pub fn audiences(setup: &Setup, who: &Who) -> Vec<AudienceKind> {
    let (id, site) = match who {
        Who::Person { id, site } => (id, site),
        Who::Room { .. } => return vec![AudienceKind::Room],
        Who::Kiosk { .. } => return vec![AudienceKind::Kiosk],
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
