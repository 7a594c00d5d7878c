//! The list, the requests and the turns, as screens see them.

use crate::view::{
    AudienceKind, Badge, EndedView, ListState, ListView, PastTurnView, RequestView, TurnState, TurnView,
};
use meeting::Meeting;
use meeting::command::Actor;
use meeting::id::{PersonId, RequestId, SiteId, Time, TurnId};
use meeting::request::{Request, RequestState};
use meeting::turn::{Clock, Turn};
use std::collections::{BTreeMap, BTreeSet};

/// Finished turns that a view holds at most.
const PAST_TURNS: usize = 200;

pub(super) fn list(m: &Meeting) -> ListView {
    let list = m.list();
    ListView {
        state: match (list.open, list.closes_at) {
            (false, _) => ListState::Closed,
            (true, None) => ListState::Open,
            (true, Some(_)) => ListState::Closing,
        },
        window_until: list.window_until,
        closes_at: list.closes_at,
        tie_break: list.tie_break,
        waiting: u32::try_from(m.queue().len()).unwrap_or(u32::MAX),
        suggested: m.suggested().map(|request| request.id.clone()),
    }
}

pub(super) fn requests(m: &Meeting, inside: bool) -> BTreeMap<RequestId, RequestView> {
    let heard = Heard::so_far(m);
    let positions: BTreeMap<&RequestId, u32> = m.queue().iter().zip(1..).collect();
    m.requests()
        .iter()
        .filter(|(_, request)| {
            request.state.is_pending() || request.state == RequestState::Speaking || m.item() == Some(&request.item)
        })
        .map(|(id, request)| (id.clone(), one(m, request, positions.get(id).copied(), &heard, inside)))
        .collect()
}

fn one(m: &Meeting, request: &Request, position: Option<u32>, heard: &Heard<'_>, inside: bool) -> RequestView {
    let entered_by = match &request.by {
        Actor::Person { id, .. } if *id != request.person => Some(id.clone()),
        Actor::Person { .. } | Actor::Room { .. } | Actor::Kiosk { .. } | Actor::System => None,
    };
    RequestView {
        person: request.person.clone(),
        kind: request.kind,
        subject: request.subject.clone(),
        state: request.state,
        position,
        at: request.at,
        entered_by,
        item: request.item.clone(),
        late: request.late,
        second: request.second,
        // Only of those who still hope for the floor: it is asked for with every change.
        reachable: request.state.is_pending() && m.reachable(&request.person),
        badges: if inside && request.state.is_pending() {
            heard.badges(m, request)
        } else {
            Vec::new()
        },
        reason: (inside && !request.reason.is_empty()).then(|| request.reason.clone()),
        seconds: m.limit_ms(request).map(|limit| limit / 1000),
    }
}

/// Who was heard, where from and for how long: what the badges of PRODUCT 3.3.3 no. 4 are made of.
struct Heard<'a> {
    spoken_ms: BTreeMap<&'a PersonId, u32>,
    sites: BTreeSet<&'a SiteId>,
    /// The least time of anybody who waits; absent when all who wait have spoken equally long.
    least_ms: Option<u32>,
}

impl<'a> Heard<'a> {
    fn so_far(m: &'a Meeting) -> Self {
        let mut spoken_ms: BTreeMap<&PersonId, u32> = BTreeMap::new();
        let mut sites = BTreeSet::new();
        let turns = m
            .past()
            .iter()
            .map(|past| &past.turn)
            .chain(m.interrupted())
            .chain(m.turn());
        for turn in turns {
            let spoken = spoken_ms.entry(&turn.person).or_default();
            *spoken = spoken.saturating_add(turn.spent_ms);
            sites.insert(&turn.site);
        }
        let waiting: BTreeSet<u32> = m
            .waiting()
            .map(|request| spoken_ms.get(&request.person).copied().unwrap_or(0))
            .collect();
        let least_ms = waiting.first().copied().filter(|_| waiting.len() > 1);
        Self {
            spoken_ms,
            sites,
            least_ms,
        }
    }

    fn badges(&self, m: &Meeting, request: &Request) -> Vec<Badge> {
        let spoken = self.spoken_ms.get(&request.person);
        let mut badges = Vec::new();
        if spoken.is_none() {
            badges.push(Badge::FirstTime);
        }
        if m.seat(&request.person).is_some_and(|site| !self.sites.contains(site)) {
            badges.push(Badge::SiteUnheard);
        }
        if self.least_ms == Some(spoken.copied().unwrap_or(0)) {
            badges.push(Badge::LeastTime);
        }
        badges
    }
}

pub(super) fn turn(m: &Meeting, turn: &Turn, inside: bool) -> TurnView {
    let hold = turn.hold().filter(|hold| hold.back_at.is_none());
    let (state, running_since) = match turn.clock {
        Clock::Invited { .. } => (TurnState::Invited, None),
        Clock::Running { since } => (TurnState::Running, Some(since)),
        Clock::Paused { .. } => (TurnState::Paused, None),
    };
    TurnView {
        id: turn.id.clone(),
        request: (!turn.direct).then(|| turn.request.clone()),
        person: turn.person.clone(),
        site: turn.site.clone(),
        endpoint: Some(turn.endpoint.clone()),
        by_phone: m.by_phone(turn),
        kind: turn.kind,
        subject: turn.subject.clone(),
        state,
        pause: turn.paused(),
        granted_at: turn.granted_at,
        limit_ms: turn.limit_ms,
        spent_ms: turn.spent_ms,
        running_since,
        hold_until: hold.map(|hold| hold.until),
        hold_over: hold.is_some_and(|hold| hold.over),
        ready: turn.paused().is_some() && (m.line_up(&turn.endpoint) || m.room_of(&turn.person).is_some()),
        asks_extension: turn.asks_extension,
        extended_min: turn.extended_min,
        warnings_s: m.setup().rules.warnings_s.clone(),
        reminded_at: turn.reminded_at.filter(|_| inside),
    }
}

pub(super) fn ended(m: &Meeting, now: Time) -> Option<EndedView> {
    let (past, undo_until) = m.undoable(now)?;
    Some(EndedView {
        id: past.turn.id.clone(),
        person: past.turn.person.clone(),
        undo_until,
    })
}

/// The turns of the open item; a secretary still writes of those before it.
pub(super) fn past_turns(m: &Meeting, audience: AudienceKind) -> BTreeMap<TurnId, PastTurnView> {
    let all = audience == AudienceKind::Secretary;
    m.past()
        .iter()
        .rev()
        .filter(|past| all || m.item() == Some(&past.turn.item))
        .take(PAST_TURNS)
        .map(|past| {
            let turn = &past.turn;
            let view = PastTurnView {
                person: turn.person.clone(),
                site: turn.site.clone(),
                kind: turn.kind,
                item: turn.item.clone(),
                from: turn.started_at.unwrap_or(turn.granted_at),
                until: past.ended_at,
                spoken_ms: turn.spent_ms,
                out_of_order: turn.out_of_order,
            };
            (turn.id.clone(), view)
        })
        .collect()
}
