//! What needs somebody's attention. Derived from the meeting, so that an alert goes when its cause goes.

use crate::view::{AlertKind, AlertView, AudienceKind};
use meeting::event::PauseReason;
use meeting::id::{PersonId, Time};
use meeting::request::RequestState;
use meeting::{Meeting, Phase};
use std::collections::BTreeMap;

/// For how long a bridge point that came back is announced, milliseconds (PRODUCT 3.3.6: one notification).
const BACK_MS: u32 = 60_000;

/// Quorum met by so few more counts as thin.
const THIN: u32 = 2;

pub(super) fn alerts(m: &Meeting, audience: AudienceKind, now: Time) -> BTreeMap<String, AlertView> {
    let runs = match audience {
        AudienceKind::Chair | AudienceKind::Secretary => true,
        AudienceKind::Technician => false,
        AudienceKind::Room | AudienceKind::Delegate | AudienceKind::Kiosk => return BTreeMap::new(),
    };
    let gathered = match m.phase() {
        Phase::Lobby | Phase::Open | Phase::Suspended => true,
        Phase::Preparing | Phase::TechnicalCheck | Phase::Closed => false,
    };
    if !gathered {
        return BTreeMap::new();
    }
    let mut alerts = BTreeMap::new();
    lines(m, now, &mut alerts);
    turn(m, &mut alerts);
    by_hand(m, &mut alerts);
    if runs {
        chair(m, &mut alerts);
        quorum(m, &mut alerts);
        for request in m
            .requests()
            .values()
            .filter(|request| request.state == RequestState::Late)
        {
            let alert = AlertView {
                person: Some(request.person.clone()),
                request: Some(request.id.clone()),
                ..plain(AlertKind::LateRequest, request.at)
            };
            alerts.insert(format!("late:{}", request.id), alert);
        }
    }
    alerts
}

fn plain(kind: AlertKind, since: Time) -> AlertView {
    AlertView {
        kind,
        since,
        site: None,
        person: None,
        request: None,
        count: None,
    }
}

fn lines(m: &Meeting, now: Time, alerts: &mut BTreeMap<String, AlertView>) {
    for id in m.setup().sites.keys() {
        let (online, since) = m.site_line(id);
        let Some(since) = since else { continue };
        let waiting = m
            .waiting()
            .filter(|request| m.seat(&request.person) == Some(id))
            .count();
        let count = u32::try_from(waiting).unwrap_or(u32::MAX);
        let back = online && count > 0 && m.site_was_lost(id) && now.since(since) < BACK_MS;
        let (kind, key) = match (online, back) {
            (false, _) => (AlertKind::SiteLost, "lost"),
            (true, true) => (AlertKind::SiteBack, "back"),
            (true, false) => continue,
        };
        let alert = AlertView {
            site: Some(id.clone()),
            count: Some(count),
            ..plain(kind, since)
        };
        alerts.insert(format!("{key}:{id}"), alert);
    }
}

fn turn(m: &Meeting, alerts: &mut BTreeMap<String, AlertView>) {
    let Some(turn) = m.turn() else { return };
    let with = |alert: AlertView| AlertView {
        site: Some(turn.site.clone()),
        person: Some(turn.person.clone()),
        ..alert
    };
    if let Some(hold) = turn.hold().filter(|hold| hold.over && hold.back_at.is_none()) {
        alerts.insert("hold".to_owned(), with(plain(AlertKind::HoldOver, hold.until)));
    }
    if turn.paused() == Some(PauseReason::Restart)
        && let Some((at, _)) = m.restarted()
    {
        alerts.insert("restart".to_owned(), with(plain(AlertKind::Restarted, at)));
    }
}

/// The chair must not wonder why nobody is heard, or why the speaker is not seen.
fn by_hand(m: &Meeting, alerts: &mut BTreeMap<String, AlertView>) {
    let by = |kind, who: &PersonId, at| AlertView {
        person: Some(who.clone()),
        ..plain(kind, at)
    };
    if let Some(silence) = m.silence() {
        alerts.insert("silence".to_owned(), by(AlertKind::Silenced, &silence.by, silence.at));
    }
    if let Some(arranged) = m.arranged() {
        alerts.insert(
            "stage".to_owned(),
            by(AlertKind::StageArranged, &arranged.by, arranged.at),
        );
    }
}

fn chair(m: &Meeting, alerts: &mut BTreeMap<String, AlertView>) {
    if let Some(since) = m.chair_away_since() {
        let alert = AlertView {
            person: Some(m.presiding().clone()),
            ..plain(AlertKind::ChairAway, since)
        };
        alerts.insert("chair".to_owned(), alert);
    }
    if let Some(claim) = m.claim() {
        let alert = AlertView {
            person: Some(claim.by.clone()),
            ..plain(AlertKind::ChairClaimed, claim.at)
        };
        alerts.insert("claim".to_owned(), alert);
    }
}

fn quorum(m: &Meeting, alerts: &mut BTreeMap<String, AlertView>) {
    let gone_on = match m.phase() {
        Phase::Open | Phase::Suspended => true,
        Phase::Preparing | Phase::TechnicalCheck | Phase::Lobby | Phase::Closed => false,
    };
    let quorum = m.quorum();
    if !gone_on || quorum.present > quorum.needed.saturating_add(THIN) {
        return;
    }
    let since = m.attendance_changed_at().unwrap_or_else(|| m.phase_since());
    let kind = if quorum.met() {
        AlertKind::QuorumThin
    } else {
        AlertKind::QuorumLost
    };
    alerts.insert(
        "quorum".to_owned(),
        AlertView {
            count: Some(quorum.present),
            ..plain(kind, since)
        },
    );
}
