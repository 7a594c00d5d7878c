//! The order of the queue: class, first or second turn, sequence; and the registration window (PRODUCT 3.3.3).
//!
//! The rules suggest an order; the chair's hand stands above it. What is decided here is written into events, so that a
//! replay never sorts again.

use crate::event::Event;
use crate::id::{ItemId, PersonId, RequestId, SiteId};
use crate::meeting::Meeting;
use crate::request::{Request, RequestState};
use crate::setup::{RequestKind, TieBreak};
use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

/// What the queue is sorted by: class, rank, sequence.
pub(crate) type Key = (u8, u8, u32);

/// The requests of each site by arrival, sites in protocol order.
type Lines<'a> = BTreeMap<(u32, SiteId), VecDeque<&'a Request>>;

impl Request {
    pub(crate) fn key(&self) -> Key {
        (self.class, self.rank, self.sequence)
    }
}

impl Meeting {
    /// Place in the queue from 1.
    #[must_use]
    pub fn position(&self, request: &RequestId) -> Option<u32> {
        self.queue
            .iter()
            .position(|id| id == request)
            .and_then(|index| u32::try_from(index + 1).ok())
    }

    /// The request that the rules suggest next: the first whose person can be put on stage (PRODUCT 3.3.6: a room that
    /// dropped keeps its place, the next one is suggested).
    #[must_use]
    pub fn suggested(&self) -> Option<&Request> {
        self.waiting().find(|request| self.reachable(&request.person))
    }

    /// The queue in its order.
    pub fn waiting(&self) -> impl Iterator<Item = &Request> {
        self.queue.iter().filter_map(|id| self.requests.get(id))
    }

    /// Rank within the class, and whether it is a second turn (PRODUCT 3.3.1, 3.3.3 no. 1).
    pub(crate) fn rank(&self, person: &PersonId, kind: RequestKind, item: &ItemId) -> (u8, bool) {
        match kind {
            RequestKind::Speech | RequestKind::Question => {
                let second = self.has_spoken(person, kind, item);
                (u8::from(second && self.setup.rules.second_after_first), second)
            }
            // Who asked the question goes first.
            RequestKind::Rebuttal => (u8::from(!self.askers().contains(&person)), false),
            RequestKind::PointOfOrder
            | RequestKind::Answer
            | RequestKind::Continuation
            | RequestKind::Paper
            | RequestKind::Report
            | RequestKind::Directive
            | RequestKind::Conclusion => (0, false),
        }
    }

    /// Before which request a key belongs: behind the last one that goes before it. Requests moved by hand are no
    /// landmarks, except that a point of order goes before everything that is none.
    pub(crate) fn place_for(&self, key: Key, except: Option<&RequestId>) -> Option<RequestId> {
        let others: Vec<&Request> = self.waiting().filter(|other| Some(&other.id) != except).collect();
        let behind = others
            .iter()
            .rposition(|other| !other.moved && other.key() < key)
            .map_or(0, |index| index + 1);
        others[behind..]
            .iter()
            .find(|other| other.key() > key && (key.0 == 0 || !other.moved))
            .map(|other| other.id.clone())
    }

    pub(crate) fn put_before(&mut self, request: &RequestId, before: Option<&RequestId>) {
        self.queue.retain(|id| id != request);
        let index = before.and_then(|before| self.queue.iter().position(|id| id == before));
        self.queue.insert(index.unwrap_or(self.queue.len()), request.clone());
    }

    /// Puts the tied requests of the window in order; they share the places and the sequences they hold together.
    pub(crate) fn close_window(&self) -> Event {
        let arrived: Vec<&Request> = {
            let mut tied: Vec<&Request> = self.waiting().filter(|request| request.tied).collect();
            tied.sort_by_key(|request| request.sequence);
            tied
        };
        let order = match self.list.tie_break {
            TieBreak::RoundRobin => self.round_robin(&arrived),
            TieBreak::Random => shuffled(&arrived, self.list.seed.unwrap_or(0)),
            TieBreak::LeastTime => {
                let mut order = arrived.clone();
                order.sort_by_key(|request| (self.spoken_ms(&request.person), request.sequence));
                order
            }
        };
        let sequences = arrived.iter().map(|request| request.sequence);
        let mut keys: Vec<(Key, &RequestId)> = order
            .iter()
            .zip(sequences)
            .filter(|(request, _)| !request.moved)
            .map(|(request, sequence)| ((request.class, request.rank, sequence), &request.id))
            .collect();
        keys.sort();
        let mut sorted = keys.into_iter().map(|(_, id)| id.clone());
        let queue = self
            .waiting()
            .map(|request| {
                let here = if request.tied && !request.moved {
                    sorted.next()
                } else {
                    None
                };
                here.unwrap_or_else(|| request.id.clone())
            })
            .collect();
        Event::WindowClosed {
            order: order.iter().map(|request| request.id.clone()).collect(),
            queue,
        }
    }

    /// Luân phiên điểm cầu: one of each site in protocol order, then again; within a site by arrival. First speeches make
    /// their rounds before second ones.
    fn round_robin<'a>(&self, arrived: &[&'a Request]) -> Vec<&'a Request> {
        let mut rounds: BTreeMap<(u8, u8), Lines<'a>> = BTreeMap::new();
        for request in arrived {
            let site = self.seat(&request.person).cloned().unwrap_or_else(|| SiteId::from(""));
            let order = self.setup.sites.get(&site).map_or(u32::MAX, |site| site.order);
            rounds
                .entry((request.class, request.rank))
                .or_default()
                .entry((order, site))
                .or_default()
                .push_back(request);
        }
        let mut order = Vec::with_capacity(arrived.len());
        for mut sites in rounds.into_values() {
            while !sites.is_empty() {
                for line in sites.values_mut() {
                    order.extend(line.pop_front());
                }
                sites.retain(|_, line| !line.is_empty());
            }
        }
        order
    }

    pub(crate) fn apply_window_closed(&mut self, order: &[RequestId], queue: &[RequestId]) {
        let mut sequences: Vec<u32> = order
            .iter()
            .filter_map(|id| self.requests.get(id))
            .map(|request| request.sequence)
            .collect();
        sequences.sort_unstable_by_key(|sequence| Reverse(*sequence));
        for id in order {
            if let (Some(request), Some(sequence)) = (self.requests.get_mut(id), sequences.pop()) {
                request.sequence = sequence;
            }
        }
        for request in self.requests.values_mut() {
            request.tied = false;
        }
        self.queue = queue.to_vec();
        self.list.window_until = None;
    }

    /// Requests that leave the queue for good.
    pub(crate) fn set_aside(&mut self, requests: &[RequestId], state: RequestState, reason: &str) {
        for id in requests {
            self.leave_queue(id, state);
            if let Some(request) = self.requests.get_mut(id) {
                request.reason = reason.to_owned();
            }
        }
    }

    pub(crate) fn leave_queue(&mut self, id: &RequestId, state: RequestState) {
        self.queue.retain(|other| other != id);
        if let Some(request) = self.requests.get_mut(id) {
            request.state = state;
        }
    }
}

/// A shuffle that anyone can recompute: Fisher–Yates from the last place down over the order of arrival, with SplitMix64
/// started at the published seed; each step takes the next number modulo the places left.
fn shuffled<'a>(arrived: &[&'a Request], seed: u64) -> Vec<&'a Request> {
    let mut order = arrived.to_vec();
    let mut state = seed;
    for last in (1..order.len()).rev() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let places = last as u64 + 1;
        let chosen = usize::try_from(mixed % places).expect("less than the number of requests");
        order.swap(last, chosen);
    }
    order
}
