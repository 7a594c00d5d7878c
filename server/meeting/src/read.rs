//! What others may read of a meeting: the projection, the media policy, the minutes. Plain accessors; no rule lives here.

use crate::agenda::ItemTimes;
use crate::attendance::{Correction, Leave, Record};
use crate::chair::Claim;
use crate::id::{DeviceId, EndpointId, ItemId, PersonId, RequestId, SiteId, Time};
use crate::links::Line;
use crate::list::List;
use crate::meeting::{Meeting, Proposal};
use crate::request::{Request, RequestState};
use crate::roll::{Roll, Snapshot};
use crate::setup::Setup;
use crate::sitting::Phase;
use crate::turn::{PastTurn, Turn};
use std::collections::{BTreeMap, BTreeSet};

/// Turns, time and waiting requests of one site or group (PRODUCT 3.3.3 no. 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Turns given, the one that has the floor included.
    pub served: u32,
    /// Time spoken, without the turn that has the floor, milliseconds.
    pub spoken_ms: u32,
    /// Waiting requests.
    pub waiting: u32,
}

impl Meeting {
    /// The number of the last applied entry; 0 before the first.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// What the sitting started from, with the legal total and its reference as they are now.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// When the sitting was created.
    #[must_use]
    pub fn created_at(&self) -> Time {
        self.created_at
    }

    /// Where the sitting stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Since when.
    #[must_use]
    pub fn phase_since(&self) -> Time {
        self.phase_since
    }

    /// When it was opened.
    #[must_use]
    pub fn opened_at(&self) -> Option<Time> {
        self.opened_at
    }

    /// When a break is planned to end.
    #[must_use]
    pub fn resume_at(&self) -> Option<Time> {
        self.resume_at
    }

    /// Opened knowingly without a recording.
    #[must_use]
    pub fn unrecorded(&self) -> bool {
        self.unrecorded
    }

    /// A recording runs.
    #[must_use]
    pub fn recording(&self) -> bool {
        self.recording
    }

    /// Why it opened without a quorum; empty when there was one.
    #[must_use]
    pub fn override_quorum(&self) -> &str {
        &self.override_quorum
    }

    /// Who presides.
    #[must_use]
    pub fn presiding(&self) -> &PersonId {
        &self.presiding
    }

    /// The chair's console, once an act or "nhận điều hành" has settled it.
    #[must_use]
    pub fn console(&self) -> Option<&DeviceId> {
        self.console.as_ref()
    }

    /// To whom the chair is offered.
    #[must_use]
    pub fn offered_to(&self) -> Option<&PersonId> {
        self.offered_to.as_ref()
    }

    /// The claim that waits for a secretary.
    #[must_use]
    pub fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// The secretary may run the queue.
    #[must_use]
    pub fn secretary_coordinates(&self) -> bool {
        self.secretary_coordinates
    }

    /// The open item.
    #[must_use]
    pub fn item(&self) -> Option<&ItemId> {
        self.item.as_ref()
    }

    /// When items were open.
    #[must_use]
    pub fn items(&self) -> &BTreeMap<ItemId, ItemTimes> {
        &self.items
    }

    /// The list as a whole.
    #[must_use]
    pub fn list(&self) -> &List {
        &self.list
    }

    /// All requests of the sitting.
    #[must_use]
    pub fn requests(&self) -> &BTreeMap<RequestId, Request> {
        &self.requests
    }

    /// One request.
    #[must_use]
    pub fn request(&self, id: &RequestId) -> Option<&Request> {
        self.requests.get(id)
    }

    /// The ids of those who wait or are on deck, in order.
    #[must_use]
    pub fn queue(&self) -> &[RequestId] {
        &self.queue
    }

    /// Who has the floor.
    #[must_use]
    pub fn turn(&self) -> Option<&Turn> {
        self.turn.as_ref()
    }

    /// The turn that a point of order interrupted.
    #[must_use]
    pub fn interrupted(&self) -> Option<&Turn> {
        self.interrupted.as_ref()
    }

    /// Finished turns, oldest first.
    #[must_use]
    pub fn past(&self) -> &[PastTurn] {
        &self.past
    }

    /// The turn that has just ended, and until when it can be taken up again.
    #[must_use]
    pub fn undoable(&self, now: Time) -> Option<(&PastTurn, Time)> {
        let past = self.past.last().filter(|past| self.undo_open(past, now))?;
        Some((past, past.ended_at.plus_seconds(self.setup.rules.undo_end_s)))
    }

    /// Rooms opened by hand.
    #[must_use]
    pub fn open_microphones(&self) -> &BTreeSet<EndpointId> {
        &self.open_microphones
    }

    /// A person's attendance with its history; `None` before the first change.
    #[must_use]
    pub fn record(&self, person: &PersonId) -> Option<&Record> {
        self.records.get(person)
    }

    /// Absences that wait for the chair.
    pub fn leaves(&self) -> impl Iterator<Item = (&PersonId, &Leave)> {
        self.records.keys().filter_map(|id| Some((id, self.pending_leave(id)?)))
    }

    /// Corrections after the close that wait for the chair.
    pub fn corrections(&self) -> impl Iterator<Item = (&PersonId, &Correction)> {
        self.records
            .iter()
            .filter_map(|(id, record)| Some((id, record.correction.as_ref()?)))
    }

    /// Proposals of site leads that wait for a secretary.
    #[must_use]
    pub fn proposals(&self) -> &BTreeMap<SiteId, Proposal> {
        &self.proposals
    }

    /// The roll call under way.
    #[must_use]
    pub fn roll(&self) -> Option<&Roll> {
        self.roll.as_ref()
    }

    /// Frozen roll calls, oldest first.
    #[must_use]
    pub fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }

    /// A person's connection; `None` before the first report.
    #[must_use]
    pub fn person_line(&self, person: &PersonId) -> Option<&Line> {
        self.people.get(person)
    }

    /// A room's connection; `None` before the first report.
    #[must_use]
    pub fn room_line(&self, endpoint: &EndpointId) -> Option<&Line> {
        self.endpoints.get(endpoint)
    }

    /// Whether a site has a line, and since when it is so; no time before it ever had one.
    #[must_use]
    pub fn site_line(&self, site: &SiteId) -> (bool, Option<Time>) {
        let lines = || self.rooms_of_site(site).filter_map(|room| self.endpoints.get(room));
        match lines().filter(|line| line.online).map(|line| line.since).min() {
            Some(since) => (true, Some(since)),
            None => (false, lines().map(|line| line.since).max()),
        }
    }

    /// Whether the line that a site has now is not its first.
    #[must_use]
    pub fn site_was_lost(&self, site: &SiteId) -> bool {
        self.rooms_of_site(site)
            .filter_map(|room| self.endpoints.get(room))
            .any(|line| line.lost_at.is_some())
    }

    /// The rooms where those who are on deck sit.
    #[must_use]
    pub fn on_deck_rooms(&self) -> BTreeSet<EndpointId> {
        self.waiting()
            .filter(|request| request.state == RequestState::OnDeck)
            .filter_map(|request| {
                self.room_of(&request.person)
                    .or_else(|| self.first_room(self.seat(&request.person)?))
            })
            .collect()
    }

    /// When anybody's attendance changed last.
    #[must_use]
    pub fn attendance_changed_at(&self) -> Option<Time> {
        self.records.values().filter_map(|record| record.since).max()
    }

    /// The active device of a person.
    #[must_use]
    pub fn device(&self, person: &PersonId) -> Option<&DeviceId> {
        self.devices.get(person)
    }

    /// When the hub was restarted last, and the last moment known to be lived through before.
    #[must_use]
    pub fn restarted(&self) -> Option<(Time, Time)> {
        Some((self.restarted_at?, self.last_alive?))
    }

    /// Fairness by any key of a person: their site, or their group.
    pub fn fairness<K: Ord>(
        &self,
        by_turn: impl Fn(&Turn) -> Option<K>,
        by_person: impl Fn(&PersonId) -> Option<K>,
    ) -> BTreeMap<K, Share> {
        let mut shares: BTreeMap<K, Share> = BTreeMap::new();
        let finished = self.past.iter().map(|past| (&past.turn, past.turn.spent_ms));
        let current = self.turn.iter().chain(&self.interrupted).map(|turn| (turn, 0));
        for (turn, spoken_ms) in finished.chain(current) {
            if let Some(key) = by_turn(turn) {
                let share = shares.entry(key).or_default();
                share.served += 1;
                share.spoken_ms = share.spoken_ms.saturating_add(spoken_ms);
            }
        }
        for request in self.waiting() {
            if let Some(key) = by_person(&request.person) {
                shares.entry(key).or_default().waiting += 1;
            }
        }
        shares
    }
}
