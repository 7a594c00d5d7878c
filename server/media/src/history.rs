//! The last packets of one stream, kept once for all who receive it: the fan-out and every repair read from here.
//!
//! A packet never changes while anybody else holds it, so it may cross to another thread as a reference. A place whose
//! packet nobody else holds is written over; otherwise a spare buffer takes its turn. In steady state nothing is
//! allocated, and what one stream may hold is bounded.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::offer::Codec;
use crate::rewrite;
use crate::vp8::{Counters, Descriptor};

/// Longest payload that is kept; a browser sends at most about 1200 bytes.
pub(crate) const MAX_PAYLOAD: usize = 1460;
/// Room of a buffer that has only seen voice; it grows once, to the longest payload.
const SHORT: usize = 256;

/// What the fan-out must know of a packet besides its payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packet {
    /// Full index in the publisher's stream.
    pub(crate) index: u64,
    pub(crate) timestamp: u32,
    pub(crate) marker: bool,
    pub(crate) codec: Codec,
    pub(crate) key_start: bool,
    pub(crate) descriptor: Option<Descriptor>,
    /// The programme's own, instead of those in the payload.
    counters: Option<Counters>,
    /// Order of arrival in this history.
    pub(crate) arrival: u64,
}

impl Packet {
    /// The running numbers, of the payload or of the programme.
    pub(crate) fn counters(&self, payload: &[u8]) -> Counters {
        let own = || self.descriptor.map(|descriptor| descriptor.counters(payload));
        self.counters.or_else(own).unwrap_or_default()
    }

    /// The same packet in another stream.
    pub(crate) fn renumbered(&self, place: &rewrite::Place) -> Packet {
        Packet {
            index: place.index,
            timestamp: place.timestamp,
            counters: Some(place.counters),
            ..*self
        }
    }
}

/// A packet that several units may hold at once.
#[derive(Debug)]
pub(crate) struct Shared {
    packet: Packet,
    payload: Vec<u8>,
}

struct Place {
    /// As it counts here: the programme gives other numbers to packets that it shares.
    packet: Packet,
    shared: Arc<Shared>,
}

/// A ring of packets by index.
pub(crate) struct History {
    places: Box<[Option<Place>]>,
    /// Buffers that others still held when their place was needed again, oldest first.
    spares: VecDeque<Arc<Shared>>,
    highest: Option<u64>,
    arrivals: u64,
}

impl History {
    /// `capacity` is a power of two.
    pub(crate) fn new(capacity: usize) -> History {
        History {
            places: (0..capacity).map(|_| None).collect(),
            spares: VecDeque::new(),
            highest: None,
            arrivals: 0,
        }
    }

    pub(crate) fn highest(&self) -> Option<u64> {
        self.highest
    }

    fn place(&self, index: u64) -> usize {
        (index % self.places.len() as u64) as usize
    }

    /// The place for a packet that is neither too old nor there already.
    fn vacant(&self, index: u64) -> Option<usize> {
        let capacity = self.places.len() as u64;
        let is_too_old = self.highest.is_some_and(|highest| index + capacity <= highest);
        let place = self.place(index);
        let is_taken = self.places[place]
            .as_ref()
            .is_some_and(|held| held.packet.index >= index);
        (!is_too_old && !is_taken).then_some(place)
    }

    /// Keeps a packet. `false` when it is there already, is older than the ring, or is too long.
    #[allow(clippy::too_many_arguments, reason = "the header's fields, once")]
    pub(crate) fn insert(
        &mut self,
        index: u64,
        timestamp: u32,
        marker: bool,
        codec: Codec,
        key_start: bool,
        descriptor: Option<Descriptor>,
        payload: &[u8],
    ) -> bool {
        let Some(place) = self.vacant(index).filter(|_| payload.len() <= MAX_PAYLOAD) else {
            return false;
        };
        let packet = Packet {
            index,
            timestamp,
            marker,
            codec,
            key_start,
            descriptor,
            counters: None,
            arrival: 0,
        };
        let shared = match self.places[place].take() {
            Some(old) => self.write(old.shared, packet, payload),
            None => Arc::new(Shared::new(packet, payload)),
        };
        self.put(place, packet, shared);
        true
    }

    /// Keeps a packet that another unit shares. `false` when it is there already or is older than the ring.
    pub(crate) fn adopt(&mut self, shared: Arc<Shared>) -> bool {
        let packet = shared.packet;
        self.adopt_as(packet, shared)
    }

    /// Keeps a packet of another stream under other numbers. `false` as in [`History::adopt`].
    pub(crate) fn adopt_as(&mut self, packet: Packet, shared: Arc<Shared>) -> bool {
        let Some(place) = self.vacant(packet.index) else {
            return false;
        };
        self.put(place, packet, shared);
        true
    }

    fn put(&mut self, place: usize, packet: Packet, shared: Arc<Shared>) {
        self.arrivals += 1;
        let (index, arrival) = (packet.index, self.arrivals);
        let packet = Packet { arrival, ..packet };
        self.places[place] = Some(Place { packet, shared });
        self.highest = Some(self.highest.map_or(index, |highest| highest.max(index)));
    }

    /// Writes into a buffer that nobody else holds: the place's own, else the oldest spare, else a new one.
    fn write(&mut self, mut buffer: Arc<Shared>, packet: Packet, payload: &[u8]) -> Arc<Shared> {
        if let Some(own) = Arc::get_mut(&mut buffer) {
            own.fill(packet, payload);
            return buffer;
        }
        self.spares.push_back(buffer);
        // Others let go in the order in which they took.
        if let Some(mut spare) = self.spares.pop_front() {
            if let Some(own) = Arc::get_mut(&mut spare) {
                own.fill(packet, payload);
                return spare;
            }
            // Beyond the bound whoever holds it frees it.
            if self.spares.len() < self.places.len() / 4 {
                self.spares.push_front(spare);
            }
        }
        Arc::new(Shared::new(packet, payload))
    }

    pub(crate) fn get(&self, index: u64) -> Option<(Packet, &[u8])> {
        let held = self.held(index)?;
        Some((held.packet, &held.shared.payload))
    }

    /// A packet for another unit.
    pub(crate) fn share(&self, index: u64) -> Option<Arc<Shared>> {
        Some(self.held(index)?.shared.clone())
    }

    fn held(&self, index: u64) -> Option<&Place> {
        self.places[self.place(index)]
            .as_ref()
            .filter(|held| held.packet.index == index)
    }
}

impl Shared {
    fn new(packet: Packet, payload: &[u8]) -> Shared {
        let mut shared = Shared {
            packet,
            payload: Vec::new(),
        };
        shared.fill(packet, payload);
        shared
    }

    fn fill(&mut self, packet: Packet, payload: &[u8]) {
        self.packet = packet;
        self.payload.clear();
        if payload.len() > self.payload.capacity() {
            let room = if payload.len() <= SHORT { SHORT } else { MAX_PAYLOAD };
            self.payload.reserve_exact(room);
        }
        self.payload.extend_from_slice(payload);
    }

    pub(crate) fn payload(&self) -> &[u8] {
        &self.payload
    }

    pub(crate) fn packet(&self) -> &Packet {
        &self.packet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(history: &mut History, index: u64) -> bool {
        history.insert(index, 0, false, Codec::Opus, true, None, &index.to_be_bytes())
    }

    fn address(history: &History, index: u64) -> *const Shared {
        Arc::as_ptr(&history.held(index).expect("it is there").shared)
    }

    #[test]
    fn the_ring_forgets_the_oldest_and_refuses_twins() {
        let mut history = History::new(4);
        for index in 10..16 {
            assert!(insert(&mut history, index));
            assert!(!insert(&mut history, index), "twice");
        }
        assert!(history.get(11).is_none());
        assert_eq!(
            history
                .get(12)
                .map(|(packet, payload)| (packet.index, payload.to_vec())),
            Some((12, 12u64.to_be_bytes().to_vec()))
        );
        assert!(!insert(&mut history, 11), "older than the ring");
        assert!(!history.insert(20, 0, false, Codec::Opus, true, None, &[0; MAX_PAYLOAD + 1]));
    }

    #[test]
    fn a_place_that_nobody_else_holds_is_written_over() {
        let mut history = History::new(4);
        (0..4).for_each(|index| assert!(insert(&mut history, index)));
        let before = address(&history, 1);
        (4..8).for_each(|index| assert!(insert(&mut history, index)));
        assert_eq!(address(&history, 5), before, "no new buffer");
    }

    #[test]
    fn what_another_unit_holds_does_not_change_and_its_buffer_comes_back_later() {
        let (mut here, mut there) = (History::new(64), History::new(64));
        let mut buffers = std::collections::BTreeSet::new();
        for index in 0..640 {
            assert!(insert(&mut here, index));
            assert!(there.adopt(here.share(index).expect("just kept")));
            assert!(!there.adopt(here.share(index).expect("just kept")), "twice");
            buffers.insert(address(&here, index));
            let oldest = index.saturating_sub(63);
            let (packet, payload) = there.get(oldest).expect("both rings are as long");
            assert_eq!(payload, oldest.to_be_bytes());
            assert_eq!(packet.arrival, oldest + 1, "by the order in which it came here");
        }
        assert!(buffers.len() <= 66, "{} buffers for 64 places", buffers.len());
    }

    #[test]
    fn one_who_never_lets_go_costs_no_more_than_the_bound() {
        let mut history = History::new(8);
        let mut hoard = Vec::new();
        for index in 0..100 {
            assert!(insert(&mut history, index));
            hoard.extend(history.share(index));
            assert!(history.spares.len() <= 2);
        }
        assert_eq!(hoard[0].payload, 0u64.to_be_bytes(), "unchanged");
    }
}
