//! The last packets of one track, kept once for all who receive it: the fan-out and every repair read from here.

use crate::offer::Codec;
use crate::vp8::Descriptor;

/// Longest payload that is kept; a browser sends at most about 1200 bytes.
pub(crate) const MAX_PAYLOAD: usize = 1460;

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
    /// Order of arrival in this track.
    pub(crate) arrival: u64,
    length: u16,
}

/// A ring of packets by index.
pub(crate) struct History {
    packets: Box<[Option<Packet>]>,
    payloads: Box<[u8]>,
    highest: Option<u64>,
    arrivals: u64,
}

impl History {
    /// `capacity` is a power of two.
    pub(crate) fn new(capacity: usize) -> History {
        History {
            packets: vec![None; capacity].into_boxed_slice(),
            payloads: vec![0; capacity * MAX_PAYLOAD].into_boxed_slice(),
            highest: None,
            arrivals: 0,
        }
    }

    pub(crate) fn highest(&self) -> Option<u64> {
        self.highest
    }

    fn place(&self, index: u64) -> usize {
        (index % self.packets.len() as u64) as usize
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
        let capacity = self.packets.len() as u64;
        let is_too_old = self.highest.is_some_and(|highest| index + capacity <= highest);
        let place = self.place(index);
        if payload.len() > MAX_PAYLOAD || is_too_old || self.packets[place].is_some_and(|held| held.index >= index) {
            return false;
        }
        self.arrivals += 1;
        self.packets[place] = Some(Packet {
            index,
            timestamp,
            marker,
            codec,
            key_start,
            descriptor,
            arrival: self.arrivals,
            length: payload.len() as u16,
        });
        self.payloads[place * MAX_PAYLOAD..][..payload.len()].copy_from_slice(payload);
        self.highest = Some(self.highest.map_or(index, |highest| highest.max(index)));
        true
    }

    pub(crate) fn get(&self, index: u64) -> Option<(Packet, &[u8])> {
        let place = self.place(index);
        let packet = self.packets[place].filter(|packet| packet.index == index)?;
        Some((
            packet,
            &self.payloads[place * MAX_PAYLOAD..][..usize::from(packet.length)],
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(history: &mut History, index: u64) -> bool {
        history.insert(index, 0, false, Codec::Opus, true, None, &index.to_be_bytes())
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
}
