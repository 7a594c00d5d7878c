//! The last packets of one stream, kept once for all who receive it: the fan-out and every repair read from here.
//!
//! A packet never changes while anybody else holds it, so it may cross to another thread as a reference. A place whose
//! packet nobody else holds is written over; otherwise a spare buffer takes its turn. In steady state nothing is
//! allocated, and what one stream may hold is bounded.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::dependency;
use crate::offer::Codec;
use crate::scale::Scale;
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
    /// What it is to whoever takes less than the whole stream.
    pub(crate) scale: Scale,
    /// Bytes of the dependency descriptor, which is kept behind the payload.
    pub(crate) described: u8,
    /// Order of arrival in this history.
    pub(crate) arrival: u64,
}

impl Packet {
    /// A packet that stands alone, as those of a voice do.
    pub(crate) fn new(index: u64, timestamp: u32, codec: Codec) -> Packet {
        Packet {
            index,
            timestamp,
            marker: false,
            codec,
            key_start: true,
            descriptor: None,
            scale: Scale::PLAIN,
            described: 0,
            arrival: 0,
        }
    }

    /// The running numbers in what is kept.
    pub(crate) fn counters(&self, kept: &[u8]) -> Counters {
        let (payload, described) = self.split(kept);
        let descriptor = self.descriptor.as_ref();
        Counters {
            frame: dependency::frame_number(described),
            ..descriptor
                .map(|descriptor| descriptor.counters(payload))
                .unwrap_or_default()
        }
    }

    /// The payload, and the dependency descriptor behind it.
    pub(crate) fn split<'a>(&self, kept: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        kept.split_at(kept.len().saturating_sub(self.described.into()))
    }
}

/// A packet that several units may hold at once.
#[derive(Debug)]
pub(crate) struct Shared {
    packet: Packet,
    payload: Vec<u8>,
}

struct Place {
    /// As it counts here: packets arrive in another order than at the unit that shares them.
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

    /// The most packets that it holds.
    pub(crate) fn capacity(&self) -> usize {
        self.places.len()
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

    /// Keeps a packet and, behind its payload, its dependency descriptor. `false` when it is there already, is older than the
    /// ring, or is too long.
    pub(crate) fn insert(&mut self, packet: Packet, payload: &[u8], described: &[u8]) -> bool {
        let length = payload.len() + described.len();
        let Some(place) = self.vacant(packet.index).filter(|_| length <= MAX_PAYLOAD) else {
            return false;
        };
        let described = &described[..described.len().min(usize::from(u8::MAX))];
        let packet = Packet {
            described: described.len() as u8,
            ..packet
        };
        let bytes = [payload, described];
        let shared = match self.places[place].take() {
            Some(old) => self.write(old.shared, packet, bytes),
            None => Arc::new(Shared::new(packet, bytes)),
        };
        self.put(place, packet, shared);
        true
    }

    /// Keeps a packet that another unit shares. `false` when it is there already or is older than the ring.
    pub(crate) fn adopt(&mut self, shared: Arc<Shared>) -> bool {
        let packet = shared.packet;
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
    fn write(&mut self, mut buffer: Arc<Shared>, packet: Packet, bytes: [&[u8]; 2]) -> Arc<Shared> {
        if let Some(own) = Arc::get_mut(&mut buffer) {
            own.fill(packet, bytes);
            return buffer;
        }
        self.spares.push_back(buffer);
        // Others let go in the order in which they took.
        if let Some(mut spare) = self.spares.pop_front() {
            if let Some(own) = Arc::get_mut(&mut spare) {
                own.fill(packet, bytes);
                return spare;
            }
            // Beyond the bound whoever holds it frees it.
            if self.spares.len() < self.places.len() / 4 {
                self.spares.push_front(spare);
            }
        }
        Arc::new(Shared::new(packet, bytes))
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
    fn new(packet: Packet, bytes: [&[u8]; 2]) -> Shared {
        let mut shared = Shared {
            packet,
            payload: Vec::new(),
        };
        shared.fill(packet, bytes);
        shared
    }

    fn fill(&mut self, packet: Packet, [payload, described]: [&[u8]; 2]) {
        self.packet = packet;
        self.payload.clear();
        let length = payload.len() + described.len();
        if length > self.payload.capacity() {
            let room = if length <= SHORT { SHORT } else { MAX_PAYLOAD };
            self.payload.reserve_exact(room);
        }
        self.payload.extend_from_slice(payload);
        self.payload.extend_from_slice(described);
    }

    pub(crate) fn packet(&self) -> &Packet {
        &self.packet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(history: &mut History, index: u64) -> bool {
        history.insert(Packet::new(index, 0, Codec::Opus), &index.to_be_bytes(), &[])
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
        assert!(!history.insert(Packet::new(20, 0, Codec::Opus), &[0; MAX_PAYLOAD + 1], &[]));
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
