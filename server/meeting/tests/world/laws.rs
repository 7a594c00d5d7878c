//! What is true after every entry, whoever asked for it and whatever the lines did (RELIABILITY 4).

use crate::ballots::Ballots;
use crate::council::{HOSTILE, STRANGER, TOTAL};
use meeting::command::{Actor, Attendance, Command};
use meeting::id::{CommandId, ItemId, PersonId, RequestId, Time, TurnId, VoteId};
use meeting::request::RequestState;
use meeting::setup::{RequestKind, Role};
use meeting::vote::VotePhase;
use meeting::{Entry, Event, Meeting, Phase};
use std::collections::{BTreeMap, BTreeSet};

/// As much of the meeting as the laws compare.
#[derive(Debug, PartialEq)]
pub(crate) struct Before {
    phase: Phase,
    presiding: PersonId,
    total: u32,
    item: Option<ItemId>,
    turn: Option<(TurnId, PersonId)>,
    interrupted: Option<TurnId>,
    queue: Vec<RequestId>,
    requests: BTreeMap<RequestId, (PersonId, RequestState)>,
    attendance: BTreeMap<PersonId, Attendance>,
    votes: BTreeMap<VoteId, (VotePhase, usize)>,
}

/// The laws, and what they remember.
#[derive(Debug, Default)]
pub(crate) struct Laws {
    ballots: Ballots,
    /// Every command in the journal, and its place: none stands there twice.
    commands: BTreeMap<(PersonId, CommandId), u64>,
    last: Time,
    pub(crate) closed: u64,
    pub(crate) announced: u64,
}

impl Laws {
    pub(crate) fn before(&self, m: &Meeting) -> Before {
        Before {
            phase: m.phase(),
            presiding: m.presiding().clone(),
            total: m.setup().rules.total,
            item: m.item().cloned(),
            turn: m.turn().map(|turn| (turn.id.clone(), turn.person.clone())),
            interrupted: m.interrupted().map(|turn| turn.id.clone()),
            queue: m.queue().to_vec(),
            requests: m
                .requests()
                .iter()
                .map(|(id, request)| (id.clone(), (request.person.clone(), request.state)))
                .collect(),
            attendance: m
                .setup()
                .people
                .keys()
                .map(|id| (id.clone(), m.attendance(id)))
                .collect(),
            votes: m
                .votes()
                .iter()
                .map(|(id, vote)| (id.clone(), (vote.phase, vote.ballots.len())))
                .collect(),
        }
    }

    /// An entry was applied. `command` is what was asked for; absent for the clock's.
    pub(crate) fn after(&mut self, before: &Before, m: &Meeting, entry: &Entry, command: Option<&Command>) {
        let now = self.before(m);
        self.written_once(m, entry);
        self.ballots.after(m, entry, command);
        one_floor(m);
        queue(before, &now, m, entry);
        quorum(m);
        match (&entry.by, command) {
            (Actor::System, None) => clock_decides_nothing(before, &now),
            (Actor::System, Some(command)) => lines_decide_nothing(before, &now, command),
            (Actor::Room { .. }, _) => assert_eq!(*before, now, "a room changes nothing: {entry:?}"),
            (Actor::Kiosk { voter: None, .. }, _) => panic!("a kiosk with nobody in front of it: {entry:?}"),
            (Actor::Person { id, .. } | Actor::Kiosk { voter: Some(id), .. }, _) => {
                within_rights(before, &now, m, id, entry)
            }
        }
        for event in &entry.events {
            match event {
                Event::SittingClosed => self.closed += 1,
                Event::Vote(meeting::vote::event::VoteEvent::Announced { .. }) => self.announced += 1,
                _others => {}
            }
        }
    }

    fn written_once(&mut self, m: &Meeting, entry: &Entry) {
        assert!(entry.at >= self.last, "time goes on");
        self.last = entry.at;
        if let (Actor::Person { id, .. } | Actor::Kiosk { voter: Some(id), .. }, Some(command)) =
            (&entry.by, &entry.command)
        {
            let first = self.commands.insert((id.clone(), command.clone()), m.seq());
            assert_eq!(first, None, "{id} asked once with {command}, and it was done twice");
        }
    }

    /// Where a command stands in the journal.
    pub(crate) fn place(&self, person: &PersonId, command: &CommandId) -> Option<u64> {
        self.commands.get(&(person.clone(), command.clone())).copied()
    }
}

/// One turn has the floor; another lies beneath it only while a point of order is heard.
fn one_floor(m: &Meeting) {
    if m.interrupted().is_some() {
        let above = m.turn().expect("what interrupts has the floor");
        assert_eq!(above.kind, RequestKind::PointOfOrder);
    }
    let speaking: BTreeSet<_> = m
        .requests()
        .values()
        .filter(|request| request.state == RequestState::Speaking)
        .map(|request| &request.id)
        .collect();
    let floor: BTreeSet<_> = m
        .turn()
        .into_iter()
        .chain(m.interrupted())
        .map(|turn| &turn.request)
        .collect();
    assert_eq!(speaking, floor, "who speaks has the floor");
    if matches!(m.phase(), Phase::Preparing | Phase::Closed) {
        assert!(m.turn().is_none() && (m.phase() == Phase::Preparing || m.heard().is_empty()));
    }
}

/// The queue is a permutation of what waits, and its order changes by authorised acts alone.
fn queue(before: &Before, now: &Before, m: &Meeting, entry: &Entry) {
    let waiting: BTreeSet<_> = m
        .requests()
        .values()
        .filter(|request| matches!(request.state, RequestState::Waiting | RequestState::OnDeck))
        .map(|request| &request.id)
        .collect();
    assert_eq!(now.queue.len(), waiting.len(), "nobody stands twice: {:?}", now.queue);
    assert_eq!(now.queue.iter().collect::<BTreeSet<_>>(), waiting);
    let (mut moved, mut sorted, mut closed) = (BTreeSet::new(), false, false);
    for event in &entry.events {
        match event {
            Event::Moved { request, .. } => {
                let coordinates = m.secretary_coordinates() && is(m, &entry.by, Role::Secretary);
                assert!(
                    coordinates || presides(before, &entry.by),
                    "{:?} moved {request}",
                    entry.by
                );
                moved.insert(request);
            }
            Event::Restored { request, .. } => {
                assert!(presides(before, &entry.by) || is(m, &entry.by, Role::Secretary));
                moved.insert(request);
            }
            Event::KindChanged { request, .. } => {
                moved.insert(request);
            }
            Event::WindowClosed { .. } => sorted = true,
            // Whom the chair does not carry over leaves together.
            Event::ItemClosed { .. } => closed = true,
            _others => {}
        }
    }
    let kept = |queue: &[RequestId], other: &[RequestId]| -> Vec<RequestId> {
        let stays = |id: &&RequestId| other.contains(id) && !moved.contains(id);
        queue.iter().filter(stays).cloned().collect()
    };
    if sorted && closed {
        assert!(presides(before, &entry.by));
    } else if sorted {
        let ids = |queue: &[RequestId]| queue.iter().cloned().collect::<BTreeSet<_>>();
        assert_eq!(ids(&before.queue), ids(&now.queue), "a window that closes loses nobody");
    } else {
        assert_eq!(
            kept(&before.queue, &now.queue),
            kept(&now.queue, &before.queue),
            "{entry:?}"
        );
    }
}

/// Exact, and counted by hand.
fn quorum(m: &Meeting) {
    let present = m
        .setup()
        .people
        .iter()
        .filter(|(_, person)| person.roles.contains(&Role::Delegate))
        .filter(|(id, _)| {
            matches!(
                m.attendance(id),
                Attendance::PresentHall | Attendance::PresentSite | Attendance::PresentOnline | Attendance::Late
            )
        })
        .count() as u32;
    let quorum = m.quorum();
    assert_eq!((quorum.present, quorum.total), (present, m.setup().rules.total));
    assert_eq!(quorum.met(), present * 3 >= quorum.total * 2, "{quorum:?}");
    let places = [
        quorum.hall,
        quorum.sites,
        quorum.online,
        quorum.disconnected,
        quorum.away,
        quorum.excused,
        quorum.absent,
        quorum.unknown,
    ];
    assert_eq!(places.iter().sum::<u32>(), TOTAL, "every delegate is counted once");
    assert_eq!(quorum.hall + quorum.sites + quorum.online, present);
}

/// The clock starts, ends and warns; it gives nobody the floor, nobody a vote, and moves nobody (PRODUCT 3.0 P4).
fn clock_decides_nothing(before: &Before, now: &Before) {
    unmoved(before, now);
    assert!(before.queue.len() == now.queue.len() && before.requests == now.requests);
}

/// Nor does a line, however often it is cut.
fn lines_decide_nothing(before: &Before, now: &Before, command: &Command) {
    unmoved(before, now);
    assert_eq!(
        (&before.queue, &before.requests),
        (&now.queue, &now.requests),
        "{command:?}"
    );
}

fn unmoved(before: &Before, now: &Before) {
    assert_eq!(
        (before.phase, &before.presiding, before.total, &before.item),
        (now.phase, &now.presiding, now.total, &now.item)
    );
    assert_eq!((&before.turn, &before.interrupted), (&now.turn, &now.interrupted));
    assert_eq!(before.votes, now.votes, "no line and no clock moves a vote");
    for (id, was) in &before.attendance {
        let is = now.attendance[id];
        let amber = was.is_present() && is == Attendance::Disconnected;
        let back = *was == Attendance::Disconnected && is.is_present();
        assert!(*was == is || amber || back, "{id}: {was:?}, then {is:?}, by a line");
    }
}

/// Whoever is a delegate and nothing else changes nothing but what is theirs; who is nobody changes nothing.
fn within_rights(before: &Before, now: &Before, m: &Meeting, who: &PersonId, entry: &Entry) {
    assert_ne!(who.0, STRANGER, "{entry:?}");
    if who.0 == HOSTILE {
        assert!(
            !is(m, &entry.by, Role::Secretary) && !presides(before, &entry.by),
            "the cast has changed"
        );
    }
    let serves = presides(before, &entry.by)
        || [Role::Secretary, Role::CentralTechnician, Role::Chair, Role::SiteLead]
            .iter()
            .any(|role| is(m, &entry.by, *role));
    if serves {
        return;
    }
    assert_eq!(
        (before.phase, &before.presiding, before.total, &before.item),
        (now.phase, &now.presiding, now.total, &now.item),
        "{entry:?}"
    );
    let own_turn = before.turn.as_ref().is_some_and(|(_, speaker)| speaker == who);
    assert!(own_turn || before.turn == now.turn, "{entry:?}");
    for (id, (owner, _)) in now
        .requests
        .iter()
        .filter(|(id, state)| before.requests.get(id) != Some(state))
    {
        assert_eq!(owner, who, "{who} changed {id}");
    }
    for (id, was) in &before.attendance {
        assert!(id == who || *was == now.attendance[id], "{who} changed where {id} is");
    }
    for (id, (phase, ballots)) in &now.votes {
        let (was, cast) = before.votes[id];
        assert!(*phase == was && *ballots <= cast + 1, "{who} moved {id}");
    }
}

fn presides(before: &Before, by: &Actor) -> bool {
    matches!(by, Actor::Person { id, .. } if *id == before.presiding)
}

fn is(m: &Meeting, by: &Actor, role: Role) -> bool {
    let Actor::Person { id, .. } = by else { return false };
    m.setup()
        .people
        .get(id)
        .is_some_and(|person| person.roles.contains(&role))
}
