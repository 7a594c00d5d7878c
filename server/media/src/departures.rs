//! What left towards one session, by transport-wide number, until its receiver says what became of it
//! (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
//!
//! It numbers packets and joins feedback with them; it does not know what the figures mean. Input: every stamped packet,
//! and the body of a feedback message. Output: the fate of each packet, once.

use std::time::Instant;

use crate::replay::full_index;

/// Packets remembered at first: what a near receiver is sent until it tells of them.
const SHORT: usize = 128;
/// And at most, where feedback is long in coming: two seconds and more of what one receiver is sent.
const SPAN: usize = 1024;
/// The first packet lies one rollover ahead, so that whatever a receiver names lies behind us and not below zero.
const FIRST: u64 = 1 << 16;

/// What became of one packet. Times in microseconds, each on its own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) sent: i64,
    /// On the receiver's clock; `None` = lost.
    pub(crate) arrived: Option<i64>,
    pub(crate) size: u16,
    /// The probe it belonged to; 0 = none.
    pub(crate) probe: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Known {
    #[default]
    Nothing,
    Lost,
    Arrived,
}

#[derive(Clone, Copy, Debug, Default)]
struct Departure {
    /// Microseconds since the start, the lower half.
    at: u32,
    size: u16,
    probe: u8,
    known: Known,
}

/// The packets of one session.
pub(crate) struct Departures {
    start: Instant,
    next: u64,
    /// Made with the first packet: who only sends needs none. It grows when a packet would be forgotten of which nothing was told.
    ring: Box<[Departure]>,
    /// The last reference time, unwrapped, in steps of 64 ms.
    reference: Option<i64>,
}

impl Departures {
    pub(crate) fn new(start: Instant) -> Departures {
        Departures {
            start,
            next: FIRST,
            ring: Box::default(),
            reference: None,
        }
    }

    /// The number of the packet that is being written; it is taken only when the packet leaves.
    pub(crate) fn number(&self) -> u16 {
        self.next as u16
    }

    /// The numbered packet left.
    pub(crate) fn left(&mut self, size: usize, probe: u8, now: Instant) {
        let is_full = self.next - FIRST >= self.ring.len() as u64;
        if is_full && self.ring.len() < SPAN && (self.ring.is_empty() || self.place(self.next).known == Known::Nothing)
        {
            self.grow();
        }
        *self.place(self.next) = Departure {
            at: self.micros(now) as u32,
            size: size.min(usize::from(u16::MAX)) as u16,
            probe,
            known: Known::Nothing,
        };
        self.next += 1;
    }

    fn place(&mut self, index: u64) -> &mut Departure {
        let span = self.ring.len() as u64;
        &mut self.ring[(index % span) as usize]
    }

    fn grow(&mut self) {
        let span = (self.ring.len() * 2).max(SHORT);
        let small = std::mem::replace(&mut self.ring, vec![Departure::default(); span].into_boxed_slice());
        for index in self.next.saturating_sub(small.len() as u64).max(FIRST)..self.next {
            *self.place(index) = small[(index % small.len() as u64) as usize];
        }
    }

    fn micros(&self, now: Instant) -> i64 {
        now.saturating_duration_since(self.start).as_micros() as i64
    }

    /// Tells the fate of every packet of which this feedback says something new. `false` when it cannot be read or names
    /// packets that never left.
    pub(crate) fn told(&mut self, body: &[u8], now: Instant, mut each: impl FnMut(Fate)) -> bool {
        let Some(told) = Told::parse(body).filter(|_| !self.ring.is_empty()) else {
            return false;
        };
        let Some(first) = full_index(Some(self.next - 1), told.base) else {
            return false;
        };
        if first + u64::from(told.count) > self.next {
            return false;
        }
        let before = *self.reference.get_or_insert(i64::from(told.reference));
        // 24 bits, which may have wrapped since.
        let step = ((told.reference.wrapping_sub(before as u32) << 8) as i32) >> 8;
        let reference = before + i64::from(step);
        self.reference = Some(reference.max(before));
        let now = self.micros(now);
        let mut ticks = reference * 256;
        for (index, delta) in (first..).zip(told) {
            let arrived = delta.map(|delta| {
                ticks += i64::from(delta);
                ticks * 250
            });
            if index < FIRST || index + (self.ring.len() as u64) < self.next {
                continue;
            }
            let departure = self.place(index);
            let is_news = match departure.known {
                Known::Nothing => true,
                // It was only late.
                Known::Lost => arrived.is_some(),
                Known::Arrived => false,
            };
            if !is_news {
                continue;
            }
            departure.known = if arrived.is_some() { Known::Arrived } else { Known::Lost };
            let age = i64::from((now as u32).wrapping_sub(departure.at));
            each(Fate {
                sent: now - age,
                arrived,
                size: departure.size,
                probe: departure.probe,
            });
        }
        true
    }
}

/// A feedback message, read packet by packet: the delta of each that arrived, in steps of 250 µs.
#[derive(Clone, Copy, Debug)]
struct Told<'a> {
    base: u16,
    count: u16,
    reference: u32,
    chunks: &'a [u8],
    deltas: &'a [u8],
    /// Position in the current chunk.
    at: u16,
    left: u16,
}

impl<'a> Told<'a> {
    fn parse(body: &'a [u8]) -> Option<Told<'a>> {
        let head: &[u8; 8] = body.first_chunk()?;
        let count = u16::from_be_bytes([head[2], head[3]]);
        // No receiver has more to tell than we remember; a liar would only make us count.
        if count == 0 || usize::from(count) > SPAN {
            return None;
        }
        let rest = &body[8..];
        let (mut chunks, mut covered) = (0usize, 0u32);
        while covered < u32::from(count) {
            let chunk = word(rest, chunks)?;
            covered += u32::from(span(chunk));
            chunks += 1;
        }
        let (chunks, deltas) = rest.split_at(2 * chunks);
        Some(Told {
            base: u16::from_be_bytes([head[0], head[1]]),
            count,
            reference: u32::from_be_bytes([0, head[4], head[5], head[6]]),
            chunks,
            deltas,
            at: 0,
            left: count,
        })
    }

    fn symbol(&mut self) -> Option<u16> {
        loop {
            let chunk = word(self.chunks, 0)?;
            if self.at < span(chunk) {
                let symbol = match chunk >> 14 {
                    0 | 1 => chunk >> 13 & 3,
                    2 => chunk >> (13 - self.at) & 1,
                    _ => chunk >> (12 - 2 * self.at) & 3,
                };
                self.at += 1;
                return Some(symbol);
            }
            self.chunks = &self.chunks[2..];
            self.at = 0;
        }
    }
}

/// How many packets a chunk speaks of.
fn span(chunk: u16) -> u16 {
    match chunk >> 14 {
        0 | 1 => chunk & 0x1fff,
        2 => 14,
        _ => 7,
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(2 * at..)?.first_chunk()?))
}

impl Iterator for Told<'_> {
    type Item = Option<i16>;

    fn next(&mut self) -> Option<Option<i16>> {
        self.left = self.left.checked_sub(1)?;
        match self.symbol()? {
            0 => Some(None),
            1 => {
                let (small, rest) = self.deltas.split_first()?;
                self.deltas = rest;
                Some(Some(i16::from(*small)))
            }
            2 => {
                let (large, rest) = self.deltas.split_first_chunk::<2>()?;
                self.deltas = rest;
                Some(Some(i16::from_be_bytes(*large)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Arrivals;
    use proptest::prelude::*;
    use rtc_rtcp::transport_feedbacks::transport_layer_cc::{
        PacketStatusChunk, RecvDelta, RunLengthChunk, StatusChunkTypeTcc, SymbolTypeTcc, TransportLayerCc,
    };
    use rtc_shared::marshal::Marshal;
    use std::time::Duration;

    fn fates(departures: &mut Departures, body: &[u8], now: Instant) -> Vec<Fate> {
        let mut fates = Vec::new();
        assert!(departures.told(body, now, |fate| fates.push(fate)), "readable");
        fates
    }

    proptest! {
        /// What a receiver saw comes back to the packets that were sent, whatever was lost between.
        #[test]
        fn every_packet_learns_its_fate_once(losses in proptest::collection::vec(any::<bool>(), 2..250), delay in 1u64..2000) {
            let start = Instant::now();
            let mut departures = Departures::new(start);
            let mut arrivals = Arrivals::new(start);
            let mut expected = Vec::new();
            for (count, lost) in losses.iter().enumerate() {
                let sent = count as u64 * 7;
                let at = start + Duration::from_millis(sent);
                if !lost {
                    arrivals.arrived(departures.number(), at + Duration::from_millis(delay));
                }
                departures.left(100 + count, 0, at);
                expected.push((sent as i64 * 1000, (!lost).then_some((sent + delay) as i64 * 1000)));
            }
            let now = start + Duration::from_secs(5);
            let (mut body, mut seen) = (Vec::new(), Vec::new());
            while arrivals.is_due() {
                if arrivals.report(&mut body) {
                    seen.extend(fates(&mut departures, &body, now).into_iter().map(|fate| (fate.sent, fate.arrived)));
                    prop_assert!(fates(&mut departures, &body, now).is_empty(), "told twice");
                }
            }
            // Before the first arrival and after the last one, nobody can say that something is missing.
            let first = expected.iter().position(|(_, arrived)| arrived.is_some()).unwrap_or(expected.len());
            let last = expected.iter().rposition(|(_, arrived)| arrived.is_some()).map_or(first, |last| last + 1);
            prop_assert_eq!(&seen[..], &expected[first..last]);
        }

        #[test]
        fn any_bytes_are_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..80), sent in 0usize..3000) {
            let start = Instant::now();
            let mut departures = Departures::new(start);
            (0..sent).for_each(|_| departures.left(1200, 0, start));
            departures.told(&body, start, |_| ());
        }
    }

    /// Another implementation writes the runs that ours never writes.
    #[test]
    fn run_length_chunks_are_read() {
        let start = Instant::now();
        let mut departures = Departures::new(start);
        let base = departures.number();
        (0..30).for_each(|_| departures.left(500, 3, start));
        let run = |packet_status_symbol, run_length| {
            PacketStatusChunk::RunLengthChunk(RunLengthChunk {
                type_tcc: StatusChunkTypeTcc::RunLengthChunk,
                packet_status_symbol,
                run_length,
            })
        };
        let feedback = TransportLayerCc {
            sender_ssrc: 1,
            media_ssrc: 2,
            base_sequence_number: base,
            packet_status_count: 30,
            reference_time: 4,
            fb_pkt_count: 0,
            packet_chunks: vec![
                run(SymbolTypeTcc::PacketReceivedSmallDelta, 10),
                run(SymbolTypeTcc::PacketNotReceived, 19),
                run(SymbolTypeTcc::PacketReceivedLargeDelta, 1),
            ],
            recv_deltas: (0..11)
                .map(|count| RecvDelta {
                    type_tcc_packet: if count < 10 {
                        SymbolTypeTcc::PacketReceivedSmallDelta
                    } else {
                        SymbolTypeTcc::PacketReceivedLargeDelta
                    },
                    delta: if count < 10 { 1000 } else { -500 },
                })
                .collect(),
        };
        let bytes = feedback.marshal().expect("valid");
        let fates = fates(&mut departures, &bytes[12..], start);
        let arrived: Vec<_> = fates.iter().filter_map(|fate| fate.arrived).collect();
        let expected: Vec<i64> = (1..=10).map(|count| 256_000 + count * 1000).chain([265_500]).collect();
        assert_eq!((fates.len(), arrived), (30, expected));
        assert!(fates.iter().all(|fate| fate.probe == 3 && fate.size == 500));
    }

    #[test]
    fn room_grows_only_where_feedback_is_long_in_coming() {
        let start = Instant::now();
        // Feedback each 100 ms, which takes so many times as long to come.
        let run = |late: usize| {
            let (mut departures, mut arrivals) = (Departures::new(start), Arrivals::new(start));
            let (mut body, mut coming, mut known) = (Vec::new(), Vec::new(), 0);
            for count in 0..4000u64 {
                let at = start + Duration::from_millis(count * 4);
                arrivals.arrived(departures.number(), at);
                departures.left(1200, 0, at);
                if count % 25 == 24 && arrivals.report(&mut body) {
                    coming.push(body.clone());
                    if coming.len() > late {
                        known += fates(&mut departures, &coming.remove(0), at).len();
                    }
                }
            }
            (departures.ring.len(), known)
        };
        assert_eq!(run(0), (SHORT, 4000));
        assert_eq!(run(20), (SPAN, 3500), "none was forgotten on the way");
    }

    #[test]
    fn packets_that_never_left_have_no_fate() {
        let start = Instant::now();
        let mut departures = Departures::new(start);
        departures.left(100, 0, start);
        let mut body = departures.number().to_be_bytes().to_vec();
        body.extend_from_slice(&[0, 1, 0, 0, 1, 0, 0x20, 1, 4]);
        assert!(!departures.told(&body, start, |_| panic!("a lie")));
    }
}
