//! What the technician's desk is about: checks of bridge points, pictures and silence by hand, who receives pictures.

use crate::view::{ArrangedView, AudienceKind, CheckState, CheckView, SilenceView, WatchView};
use meeting::Meeting;
use meeting::check::{CheckClass, CheckRules};
use meeting::id::{EndpointId, PersonId, Time};
use std::collections::BTreeMap;

/// Those who measure, and those who look after it.
fn sees_figures(audience: AudienceKind) -> bool {
    match audience {
        AudienceKind::Technician | AudienceKind::Room => true,
        AudienceKind::Chair | AudienceKind::Secretary | AudienceKind::Delegate | AudienceKind::Kiosk => false,
    }
}

pub(super) fn checks(m: &Meeting, audience: AudienceKind, now: Time) -> BTreeMap<EndpointId, CheckView> {
    if audience == AudienceKind::Delegate {
        return BTreeMap::new();
    }
    let rooms = m.setup().endpoints.keys();
    rooms
        .map(|room| (room.clone(), check(m, room, sees_figures(audience), now)))
        .collect()
}

fn check(m: &Meeting, room: &EndpointId, figures: bool, now: Time) -> CheckView {
    let asked_at = m.check_asked(room, now);
    let checked = m.checks().get(room);
    let state = match checked.filter(|checked| !checked.void) {
        _ if asked_at.is_some() => CheckState::Checking,
        None => CheckState::Unchecked,
        Some(checked) => match checked.class {
            CheckClass::Passed => CheckState::Passed,
            CheckClass::Conditional => CheckState::Conditional,
            CheckClass::Failed => CheckState::Failed,
        },
    };
    let told = checked.filter(|_| figures);
    CheckView {
        state,
        asked_at,
        at: checked.map(|checked| checked.at),
        figures: told.map(|checked| checked.figures.clone()),
        grades: told.map(|checked| checked.grades.clone()).unwrap_or_default(),
        number: checked.map_or(0, |checked| checked.number),
    }
}

pub(super) fn check_rules(m: &Meeting, audience: AudienceKind) -> Option<CheckRules> {
    sees_figures(audience).then(|| m.setup().rules.check.clone())
}

pub(super) fn arranged(m: &Meeting) -> Option<ArrangedView> {
    m.arranged().map(|arranged| ArrangedView {
        preset: arranged.preset.clone(),
        by: arranged.by.clone(),
        at: arranged.at,
        until: arranged.until,
    })
}

pub(super) fn silence(m: &Meeting) -> Option<SilenceView> {
    m.silence().map(|silence| SilenceView {
        by: silence.by.clone(),
        at: silence.at,
        slip_until: m.silence_slip_until(silence),
    })
}

pub(super) fn watching(m: &Meeting, audience: AudienceKind) -> BTreeMap<PersonId, WatchView> {
    match audience {
        AudienceKind::Chair | AudienceKind::Secretary | AudienceKind::Technician => m
            .watching()
            .iter()
            .map(|(person, since)| (person.clone(), WatchView { since: *since }))
            .collect(),
        AudienceKind::Room | AudienceKind::Delegate | AudienceKind::Kiosk => BTreeMap::new(),
    }
}
