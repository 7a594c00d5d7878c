//! The doors of a closed sitting, and what a screen outside them is shown: that the sitting is closed, and nothing that happens.

use super::{kiosk, runs_the_sitting};
use crate::view::doors::{DoorState, DoorsView};
use crate::view::{
    AudienceKind, EndpointView, ListState, ListView, Mine, QuorumView, Shared, SiteView, SittingView, StageMode,
    StageView,
};
use meeting::Meeting;
use meeting::command::Actor;
use meeting::privacy::Privacy;
use std::collections::{BTreeMap, BTreeSet};

/// Whether whoever is in front of this screen is outside the doors now.
#[must_use]
pub fn is_outside(m: &Meeting, who: &Actor) -> bool {
    match who {
        Actor::Person { id, .. } => !m.admits_person(id),
        Actor::Room { id } => !m.admits_room(id),
        Actor::Kiosk { .. } => kiosk::is_outside(m, who),
        Actor::System => false,
    }
}

pub(super) fn doors(m: &Meeting, audience: AudienceKind) -> DoorsView {
    let public = DoorsView {
        state: DoorState::Public,
        outside: false,
        since: None,
        ground: None,
        words: String::new(),
        rooms: BTreeSet::new(),
        people: BTreeSet::new(),
        room_reasons: BTreeMap::new(),
        person_reasons: BTreeMap::new(),
    };
    let inside = runs_the_sitting(audience);
    match m.privacy() {
        Privacy::Public => public,
        Privacy::Proposed(proposed) if inside => DoorsView {
            state: DoorState::Proposed,
            since: Some(proposed.at),
            ground: Some(proposed.ground.clone()),
            words: proposed.reason.clone(),
            ..public
        },
        Privacy::Proposed(_) => public,
        Privacy::Closed(behind) if inside => DoorsView {
            state: DoorState::Closed,
            since: Some(behind.since),
            words: behind.decision.clone(),
            rooms: m
                .setup()
                .endpoints
                .keys()
                .filter(|room| m.admits_room(room))
                .cloned()
                .collect(),
            people: m
                .setup()
                .people
                .keys()
                .filter(|id| m.admits_person(id))
                .cloned()
                .collect(),
            room_reasons: behind.rooms.clone(),
            person_reasons: behind.people.clone(),
            ..public
        },
        Privacy::Closed(behind) => DoorsView {
            state: DoorState::Closed,
            since: Some(behind.since),
            ..public
        },
    }
}

/// The shared part of a screen outside. It is made from nothing, so that whatever a view comes to hold is withheld until somebody
/// decides otherwise here.
#[must_use]
pub fn outside(m: &Meeting) -> Shared {
    let setup = m.setup();
    let hidden = |id: &meeting::id::SiteId, site: &meeting::setup::Site| {
        let view = SiteView {
            name: site.name.clone(),
            short: site.short.clone(),
            kind: site.kind,
            phone: String::new(),
            order: site.order,
            online: false,
            since: None,
            seated: 0,
            present: 0,
            waiting: 0,
        };
        (id.clone(), view)
    };
    let silent = |id: &meeting::id::EndpointId, room: &meeting::setup::Endpoint| {
        let view = EndpointView {
            site: room.site.clone(),
            name: room.name.clone(),
            online: false,
            since: None,
            live: false,
            opened: false,
            on_deck: false,
        };
        (id.clone(), view)
    };
    Shared {
        sitting: SittingView {
            id: setup.sitting.clone(),
            title: setup.title.clone(),
            bodies: setup.bodies.clone(),
            phase: m.phase(),
            since: m.phase_since(),
            opened_at: m.opened_at(),
            starts_at: setup.starts_at,
            pace: None,
            resume_at: None,
            unrecorded: m.unrecorded(),
            presiding: m.presiding().clone(),
            presiding_online: true,
            presiding_away_since: None,
            claim_from: None,
            offered_to: None,
            claimed_by: None,
            secretary_coordinates: false,
            item: None,
        },
        doors: DoorsView {
            outside: true,
            ..doors(m, AudienceKind::Room)
        },
        people: BTreeMap::new(),
        groups: BTreeMap::new(),
        sites: setup.sites.iter().map(|(id, site)| hidden(id, site)).collect(),
        endpoints: setup.endpoints.iter().map(|(id, room)| silent(id, room)).collect(),
        agenda: BTreeMap::new(),
        caption: None,
        list: ListView {
            state: ListState::Closed,
            window_until: None,
            closes_at: None,
            tie_break: setup.rules.tie_break,
            waiting: 0,
            suggested: None,
        },
        requests: BTreeMap::new(),
        turn: None,
        interrupted: None,
        ended: None,
        turns: BTreeMap::new(),
        stage: StageView {
            mode: StageMode::Closed,
            primary: None,
            secondary: None,
            arranged: None,
        },
        fairness: BTreeMap::new(),
        quorum: QuorumView {
            total: setup.rules.total,
            present: 0,
            hall: 0,
            sites: 0,
            online: 0,
            needed: 0,
            met: false,
            disconnected: 0,
            excused: 0,
            absent: 0,
            unknown: 0,
        },
        roll: None,
        snapshots: BTreeMap::new(),
        proposals: BTreeMap::new(),
        leaves: BTreeMap::new(),
        corrections: BTreeMap::new(),
        checks: BTreeMap::new(),
        check_rules: None,
        silence: None,
        watching: BTreeMap::new(),
        questions: BTreeMap::new(),
        block: None,
        undertakings: BTreeMap::new(),
        notes: BTreeMap::new(),
        scripts: BTreeMap::new(),
        votes: BTreeMap::new(),
        vote: None,
        vote_rules: None,
        confidence: None,
        board: None,
        paper_rules: None,
        alerts: BTreeMap::new(),
    }
}

/// The own part of a screen outside: whose it is, and no button.
pub(super) fn nothing_of(who: &Actor) -> Mine {
    let (person, endpoint) = match who {
        Actor::Person { id, .. } => (Some(id.clone()), None),
        Actor::Room { id } => (None, Some(id.clone())),
        Actor::Kiosk { .. } | Actor::System => (None, None),
    };
    Mine {
        person,
        endpoint,
        active: true,
        ..Mine::default()
    }
}
