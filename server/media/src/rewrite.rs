//! One continuous stream out of many sources: sequence numbers, timestamps and VP8 counters go on when the source of a
//! slot changes, so that the decoder sees a single camera that was never switched. And when packets of a source are left out,
//! because the receiver takes fewer pictures or smaller ones, the sequence numbers close up behind them.

use std::collections::VecDeque;
use std::time::Instant;

use crate::history::Packet;
use crate::vp8::Counters;

/// How the current source is translated.
#[derive(Clone, Copy, Debug)]
struct Mapping {
    first: u64,
    sequence: u64,
    timestamp: u32,
    picture: u16,
    tl0: u8,
    frame: u16,
}

/// Runs of packets that were left out are remembered for so many runs: two seconds and more.
const CUTS: usize = 96;
/// What lies further ahead than any history reaches back follows nothing that could still be repaired.
const LEAP: u64 = 512;

/// A run of packets of the source that were left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cut {
    first: u64,
    /// The first behind it.
    end: u64,
    /// Packets, and pictures that were counted, that were left out up to here since the source began.
    packets: u64,
    pictures: u16,
    timestamp: u32,
}

/// Where a packet goes in the outgoing stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) index: u64,
    pub(crate) timestamp: u32,
    pub(crate) counters: Counters,
}

/// The outgoing side of a slot.
#[derive(Clone, Debug)]
pub(crate) struct Continuity {
    clock_rate: u32,
    next: u64,
    newest: Option<(u32, Instant)>,
    picture: u16,
    tl0: u8,
    frame: u16,
    /// The newest packet of the source that was sent or left out, and its timestamp.
    seen: Option<(u64, u32)>,
    /// Oldest first.
    cuts: VecDeque<Cut>,
    mapping: Option<Mapping>,
    /// What to add to the timestamps of the next source, when the clocks of both are known to each other.
    aligned: Option<u32>,
}

impl Continuity {
    /// `first` is the first sequence number; below 2^15, so that a receiver's guess of the rollover counter holds.
    pub(crate) fn new(clock_rate: u32, first: u16, picture: u16) -> Continuity {
        Continuity {
            clock_rate,
            next: u64::from(first >> 1),
            newest: None,
            picture,
            tl0: 0,
            frame: picture,
            seen: None,
            cuts: VecDeque::new(),
            mapping: None,
            aligned: None,
        }
    }

    pub(crate) fn is_flowing(&self) -> bool {
        self.mapping.is_some()
    }

    /// Cuts the source off; the next one begins where this one ended.
    pub(crate) fn stop(&mut self) {
        self.mapping = None;
        self.aligned = None;
    }

    /// Cuts the source off for another layer of the same picture; `shift` turns the other's timestamps into this one's, when
    /// that is known.
    pub(crate) fn change(&mut self, shift: Option<u32>) {
        let before = self.mapping.take();
        self.aligned = before
            .zip(shift)
            .map(|(before, shift)| before.timestamp.wrapping_add(shift));
    }

    /// Begins a source with this packet.
    pub(crate) fn begin(&mut self, packet: &Packet, counters: Counters, now: Instant) {
        let timestamp = match self.newest {
            // Time went on while nothing flowed; at least one unit, so that no two frames share a timestamp.
            Some((newest, at)) => {
                let elapsed = now.saturating_duration_since(at).as_micros() as u64;
                let elapsed = (elapsed * u64::from(self.clock_rate) / 1_000_000) as u32;
                let aligned = self
                    .aligned
                    .take()
                    .map(|shift| packet.timestamp.wrapping_add(shift).wrapping_sub(newest));
                // Reports may be old or wrong: by more than half a second, our own clock knows better.
                let step = aligned.filter(|step| (*step as i32).abs_diff(elapsed as i32) < self.clock_rate / 2);
                newest.wrapping_add((step.unwrap_or(elapsed) as i32).max(1) as u32)
            }
            None => packet.timestamp,
        };
        self.seen = None;
        self.cuts.clear();
        self.mapping = Some(Mapping {
            first: packet.index,
            sequence: self.next.wrapping_sub(packet.index),
            timestamp: timestamp.wrapping_sub(packet.timestamp),
            picture: self.picture.wrapping_add(1).wrapping_sub(counters.picture.unwrap_or(0)),
            tl0: self.tl0.wrapping_add(1).wrapping_sub(counters.tl0.unwrap_or(0)),
            frame: self.frame.wrapping_add(1).wrapping_sub(counters.frame.unwrap_or(0)),
        });
    }

    /// Whether the source has leapt ahead. Numbers that ran on with it would lead a receiver that missed a few such leaps astray for
    /// ever: it counts rollovers by what it sees (RFC 3711 §3.3.1).
    pub(crate) fn leaps(&self, packet: &Packet) -> bool {
        self.mapping.is_some_and(|mapping| {
            let newest = self.seen.map_or(mapping.first, |(index, _)| index);
            packet.index > newest.saturating_add(LEAP)
        })
    }

    /// Whether a packet begins a picture of which nothing was sent or left out yet.
    pub(crate) fn is_new_picture(&self, packet: &Packet) -> bool {
        self.seen
            .is_none_or(|(index, timestamp)| packet.index > index && packet.timestamp != timestamp)
    }

    /// Leaves a packet of the current source out. One that comes late leaves the gap that it made.
    pub(crate) fn leave_out(&mut self, packet: &Packet, counts_pictures: bool) {
        let is_late = self.seen.is_some_and(|(index, _)| packet.index <= index);
        if is_late || self.mapping.is_none_or(|mapping| packet.index < mapping.first) {
            return;
        }
        let newest = self
            .seen
            .replace((packet.index, packet.timestamp))
            .map(|(index, _)| index + 1);
        let before = self.cuts.back().copied();
        if let Some(last) = self.cuts.back_mut()
            && last.end <= packet.index
            && follows_last(last, packet, newest == Some(last.end))
        {
            // What is missing between two packets of one picture would have been left out too.
            last.packets += packet.index + 1 - last.end;
            last.end = packet.index + 1;
            last.pictures = last
                .pictures
                .wrapping_add(u16::from(counts_pictures && last.timestamp != packet.timestamp));
            last.timestamp = packet.timestamp;
            return;
        }
        if self.cuts.len() == CUTS {
            self.cuts.pop_front();
        } else if self.cuts.capacity() == 0 {
            self.cuts.reserve_exact(CUTS);
        }
        let (packets, pictures) = before.map_or((0, 0), |cut| (cut.packets, cut.pictures));
        self.cuts.push_back(Cut {
            first: packet.index,
            end: packet.index + 1,
            packets: packets + 1,
            pictures: pictures.wrapping_add(u16::from(counts_pictures)),
            timestamp: packet.timestamp,
        });
    }

    /// How many packets and pictures were left out before this packet; `None` = it was itself, or nobody knows any more.
    fn left_out(&self, index: u64) -> Option<(u64, u16)> {
        let Some(cut) = self.cuts.iter().rev().find(|cut| cut.first <= index) else {
            // Before the first run, or before those that are remembered.
            return self
                .cuts
                .front()
                .is_none_or(|cut| cut.packets == cut.end - cut.first)
                .then_some((0, 0));
        };
        (index >= cut.end).then_some((cut.packets, cut.pictures))
    }

    /// Where a packet of the current source goes; `None` when it belongs to the time before the switch, or was left out.
    pub(crate) fn place(&self, packet: &Packet, counters: Counters) -> Option<Place> {
        let mapping = self.mapping?;
        if packet.index < mapping.first {
            return None;
        }
        let (packets, pictures) = self.left_out(packet.index)?;
        Some(Place {
            index: packet.index.wrapping_add(mapping.sequence).wrapping_sub(packets),
            timestamp: packet.timestamp.wrapping_add(mapping.timestamp),
            counters: Counters {
                picture: counters
                    .picture
                    .map(|picture| picture.wrapping_add(mapping.picture).wrapping_sub(pictures) & 0x7fff),
                tl0: counters.tl0.map(|tl0| tl0.wrapping_add(mapping.tl0)),
                frame: counters.frame.map(|frame| frame.wrapping_add(mapping.frame)),
            },
        })
    }

    /// Notes that a packet left.
    pub(crate) fn sent(&mut self, packet: &Packet, place: &Place, now: Instant) {
        if self.seen.is_none_or(|(index, _)| packet.index > index) {
            self.seen = Some((packet.index, packet.timestamp));
        }
        if place.index < self.next {
            return;
        }
        self.next = place.index + 1;
        self.newest = Some((place.timestamp, now));
        if let Some(picture) = place.counters.picture {
            self.picture = picture;
        }
        if let Some(tl0) = place.counters.tl0 {
            self.tl0 = tl0;
        }
        if let Some(frame) = place.counters.frame {
            self.frame = frame;
        }
    }

    /// The publisher's index of something we sent, from the 16-bit number a receiver reports.
    pub(crate) fn origin(&self, sequence: u16) -> Option<u64> {
        let mapping = self.mapping?;
        let index = crate::replay::full_index(self.next.checked_sub(1), sequence)?;
        let of = |packets: u64| index.wrapping_sub(mapping.sequence).wrapping_add(packets);
        let cut = self
            .cuts
            .iter()
            .rev()
            .find(|cut| (cut.end..=u64::MAX / 2).contains(&of(cut.packets)));
        let origin = match (cut, self.cuts.front()) {
            (Some(cut), _) => of(cut.packets),
            (None, Some(first)) => of(first.packets - (first.end - first.first)),
            (None, None) => of(0),
        };
        (index < self.next && origin >= mapping.first && origin <= u64::MAX / 2).then_some(origin)
    }

    /// The index of the next packet.
    pub(crate) fn upcoming(&self) -> u64 {
        self.next
    }

    /// The timestamp of the newest picture that left; 0 before the first.
    pub(crate) fn newest_timestamp(&self) -> u32 {
        self.newest.map_or(0, |(timestamp, _)| timestamp)
    }

    /// Translates a publisher's timestamp of the current source.
    pub(crate) fn timestamp(&self, timestamp: u32) -> Option<u32> {
        self.mapping.map(|mapping| timestamp.wrapping_add(mapping.timestamp))
    }
}

/// Whether a packet that is left out goes on with the last run: it is the next, or of the same picture.
fn follows_last(last: &Cut, packet: &Packet, is_newest: bool) -> bool {
    is_newest && (packet.index == last.end || packet.timestamp == last.timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offer::Codec;
    use proptest::prelude::*;
    use std::time::Duration;

    fn packet(index: u64, timestamp: u32) -> Packet {
        Packet::new(index, timestamp, Codec::Vp8)
    }

    fn counters(picture: u16) -> Counters {
        Counters {
            picture: Some(picture & 0x7fff),
            tl0: Some(picture as u8),
            frame: Some(picture),
        }
    }

    proptest! {
        /// Whatever the sources count from, the receiver sees steps of one, and time that never runs back.
        #[test]
        fn switching_sources_is_invisible(sources in proptest::collection::vec((0u64..1 << 40, any::<u32>(), any::<u16>(), 1u64..30), 2..8)) {
            let start = Instant::now();
            let mut elapsed = 0u64;
            let mut stream = Continuity::new(90_000, 65_535, 0x7ffe);
            let mut last: Option<Place> = None;
            for (index, timestamp, picture, count) in sources {
                stream.stop();
                for step in 0..count {
                    elapsed += 33;
                    let now = start + Duration::from_millis(elapsed);
                    let packet = packet(index + step, timestamp.wrapping_add(2970 * step as u32));
                    let counters = counters(picture.wrapping_add(step as u16));
                    if !stream.is_flowing() {
                        stream.begin(&packet, counters, now);
                    }
                    let place = stream.place(&packet, counters).expect("it flows");
                    stream.sent(&packet, &place, now);
                    if let Some(last) = last {
                        prop_assert_eq!(place.index, last.index + 1);
                        prop_assert!((1..90_000).contains(&place.timestamp.wrapping_sub(last.timestamp)));
                        prop_assert_eq!(place.counters.picture, last.counters.picture.map(|p| (p + 1) & 0x7fff));
                        prop_assert_eq!(place.counters.tl0, last.counters.tl0.map(|t| t.wrapping_add(1)));
                        prop_assert_eq!(place.counters.frame, last.counters.frame.map(|f| f.wrapping_add(1)));
                    }
                    prop_assert_eq!(stream.origin(place.index as u16), Some(index + step));
                    last = Some(place);
                }
            }
        }
    }

    #[test]
    fn a_layer_goes_on_at_the_time_that_its_reports_tell() {
        let start = Instant::now();
        let mut stream = Continuity::new(90_000, 0, 0);
        let small = packet(10, 1000);
        stream.begin(&small, Counters::default(), start);
        let place = stream.place(&small, Counters::default()).expect("it flows");
        stream.sent(&small, &place, start);
        // The large layer counts from elsewhere: 500 000 there is 1000 here.
        let shift = 1000u32.wrapping_sub(500_000);
        stream.change(Some(shift));
        let large = packet(77, 503_000);
        // It came 20 ms late; the picture was taken 33 ms after the last.
        stream.begin(&large, Counters::default(), start + Duration::from_millis(53));
        let next = stream.place(&large, Counters::default()).expect("it flows");
        assert_eq!(next.timestamp, place.timestamp + 3000);
        assert_eq!(next.index, place.index + 1);
        stream.sent(&large, &next, start + Duration::from_millis(53));
        // A shift that makes no sense is not believed.
        stream.change(Some(12_345_678));
        let small = packet(12, 9000);
        stream.begin(&small, Counters::default(), start + Duration::from_millis(86));
        let last = stream.place(&small, Counters::default()).expect("it flows");
        assert_eq!(last.timestamp, next.timestamp + 2970);
    }

    proptest! {
        /// Whatever is left out, lost or late, what is sent has numbers of its own, each of which leads back.
        #[test]
        fn what_is_left_out_leaves_no_gap(plan in proptest::collection::vec((any::<bool>(), 1u64..4, any::<bool>()), 1..60)) {
            let now = Instant::now();
            let mut stream = Continuity::new(90_000, 0, 0);
            let first = packet(50, 0);
            stream.begin(&first, counters(0), now);
            let place = stream.place(&first, counters(0)).expect("it flows");
            stream.sent(&first, &place, now);
            let (mut index, mut expected, mut missing) = (51, place.index + 1, Vec::new());
            let mut sent = Vec::new();
            for (picture, (is_needed, packets, loses)) in plan.into_iter().enumerate() {
                for part in 0..packets {
                    let packet = packet(index, 3000 * (picture as u32 + 1));
                    index += 1;
                    // The first packet of a picture that is needed may come late.
                    if loses && is_needed && part == 0 {
                        missing.push((packet, expected));
                        expected += 1;
                        continue;
                    }
                    if !is_needed {
                        stream.leave_out(&packet, true);
                        prop_assert_eq!(stream.place(&packet, counters(0)), None);
                        continue;
                    }
                    let place = stream.place(&packet, counters(0)).expect("it flows");
                    prop_assert_eq!(place.index, expected);
                    expected += 1;
                    stream.sent(&packet, &place, now);
                    sent.push((packet.index, place.index));
                }
            }
            for (late, place) in missing {
                if stream.next > place {
                    prop_assert_eq!(stream.place(&late, counters(0)).map(|found| found.index), Some(place));
                    sent.push((late.index, place));
                }
            }
            for (origin, place) in sent {
                prop_assert_eq!(stream.origin(place as u16), Some(origin));
            }
        }
    }

    #[test]
    fn packets_from_before_the_switch_stay_behind() {
        let now = Instant::now();
        let mut stream = Continuity::new(90_000, 0, 0);
        stream.begin(&packet(100, 0), Counters::default(), now);
        assert_eq!(stream.place(&packet(99, 0), Counters::default()), None);
        assert!(stream.origin(7).is_none(), "never sent");
    }
}
