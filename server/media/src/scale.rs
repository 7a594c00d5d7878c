//! Streams of which a receiver may take less than the whole: fewer pictures a second, or smaller ones (SVC).
//!
//! What can be taken is an *operating point*, a spatial layer and a temporal one. Every packet says to which points it belongs
//! and which of them may begin with it; the payload descriptors of VP8 and VP9 and the dependency descriptor of AV1 all come
//! down to that. This file does not read them, nor does it know receivers: it counts what each point takes, and says from which
//! point one may go to which.

use crate::track::OVERHEAD;

/// Spatial layers, and temporal ones, that are told apart.
pub(crate) const SPATIAL: usize = 3;
pub(crate) const TEMPORAL: usize = 3;
/// Operating points: the temporal ones of the smallest picture, then those of the next.
pub(crate) const POINTS: usize = SPATIAL * TEMPORAL;
/// The whole stream.
pub(crate) const WHOLE: u8 = (POINTS - 1) as u8;

/// What one packet is to the points of its stream, a bit for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    /// They need it.
    pub(crate) needed: u16,
    /// They may begin with it.
    pub(crate) begins: u16,
    /// Also for who took a picture of another size before; otherwise only for who took fewer pictures.
    pub(crate) from_any: bool,
    /// It is the last of its picture for them.
    pub(crate) ends: u16,
    /// The point of its own layers.
    pub(crate) own: u8,
}

impl Scale {
    /// A packet of a stream that has only the whole.
    pub(crate) const PLAIN: Scale = Scale {
        needed: u16::MAX,
        begins: 0,
        from_any: false,
        ends: 0,
        own: WHOLE,
    };

    pub(crate) fn is_plain(&self) -> bool {
        self.needed == u16::MAX
    }

    pub(crate) fn is_needed(&self, point: u8) -> bool {
        self.needed & 1 << point != 0
    }

    pub(crate) fn is_end(&self, point: u8) -> bool {
        self.ends & 1 << point != 0
    }
}

/// The point of two layers; what lies beyond is counted to the last.
pub(crate) fn point(spatial: u8, temporal: u8) -> u8 {
    spatial.min(SPATIAL as u8 - 1) * TEMPORAL as u8 + temporal.min(TEMPORAL as u8 - 1)
}

pub(crate) fn spatial(point: u8) -> u8 {
    point / TEMPORAL as u8
}

/// The points whose layers satisfy this.
pub(crate) fn points(belongs: impl Fn(u8, u8) -> bool) -> u16 {
    let all = (0..SPATIAL as u8).flat_map(|spatial| (0..TEMPORAL as u8).map(move |temporal| (spatial, temporal)));
    all.filter(|(spatial, temporal)| belongs(*spatial, *temporal))
        .fold(0, |mask, (spatial, temporal)| mask | 1 << point(spatial, temporal))
}

/// What the points of one stream take.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    bytes: [u64; POINTS],
    /// Bit/s, smoothed over some seconds.
    rates: [u32; POINTS],
    /// Points whose own layers were seen in this interval and in the last.
    seen: u16,
    before: u16,
    /// For each point the points that do without something it needs.
    apart: [u16; POINTS],
    /// Lines of the picture of each spatial layer; 0 = unknown.
    heights: [u16; SPATIAL],
}

impl Meter {
    /// Counts a packet.
    pub(crate) fn note(&mut self, scale: &Scale, length: usize, is_key: bool) {
        if is_key {
            // Who has it has all that was needed before.
            self.apart = [0; POINTS];
        }
        self.seen |= 1 << scale.own;
        for (at, (bytes, apart)) in self.bytes.iter_mut().zip(&mut self.apart).enumerate() {
            if scale.needed & 1 << at != 0 {
                *bytes += (length + OVERHEAD) as u64;
                *apart |= !scale.needed;
            }
        }
    }

    pub(crate) fn set_heights(&mut self, heights: [u16; SPATIAL]) {
        self.heights = heights;
    }

    /// An interval of so many milliseconds is over.
    pub(crate) fn tick(&mut self, elapsed: u64) {
        for (bytes, rate) in self.bytes.iter_mut().zip(&mut self.rates) {
            let fresh = u32::try_from(*bytes * 8000 / elapsed.max(1)).unwrap_or(u32::MAX);
            *rate = if *rate > 0 && fresh > 0 {
                (*rate / 4 * 3).saturating_add(fresh / 4)
            } else {
                fresh
            };
            *bytes = 0;
        }
        self.before = std::mem::take(&mut self.seen);
    }

    /// The points that can be taken now: each with its lines and what it takes, bit/s, 0 = not measured yet. Nothing when there
    /// is only the whole.
    pub(crate) fn points(&self) -> impl Iterator<Item = (u8, u16, u32)> + '_ {
        let live = self.seen | self.before;
        let is_scalable = live.count_ones() > 1;
        (0..POINTS as u8)
            .filter(move |point| is_scalable && live & 1 << point != 0)
            .map(|point| (point, self.height(point), self.rates[usize::from(point)]))
    }

    pub(crate) fn height(&self, point: u8) -> u16 {
        let of_layer = |layer: u8| {
            self.heights
                .get(usize::from(layer))
                .copied()
                .filter(|height| *height > 0)
        };
        (0..=spatial(point)).rev().find_map(of_layer).unwrap_or(0)
    }

    /// Whether whoever took `all` has everything that `part` needs from now on.
    pub(crate) fn is_within(&self, part: u8, all: u8) -> bool {
        self.apart
            .get(usize::from(part))
            .is_some_and(|apart| apart & 1 << all == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_point_lies_within_a_larger_one_unless_it_needs_what_the_other_does_without() {
        let mut meter = Meter::default();
        let nested = |own_spatial: u8, own_temporal: u8| Scale {
            needed: points(|spatial, temporal| spatial >= own_spatial && temporal >= own_temporal),
            own: point(own_spatial, own_temporal),
            ..Scale::PLAIN
        };
        for (spatial, temporal) in [(0, 0), (1, 0), (0, 2), (1, 2), (0, 1), (1, 1)] {
            meter.note(&nested(spatial, temporal), 1000, false);
        }
        assert!(meter.is_within(point(0, 1), point(1, 2)) && !meter.is_within(point(1, 2), point(0, 1)));
        let mut found: Vec<u8> = meter.points().map(|(point, _, _)| point).collect();
        found.sort_unstable();
        assert_eq!(found, [0, 1, 2, 3, 4, 5]);
        meter.tick(1000);
        let rates: Vec<u32> = meter.points().map(|(_, _, rate)| rate).collect();
        assert_eq!(rates, [8288, 16_576, 24_864, 16_576, 33_152, 49_728]);
        // A picture of which larger ones make no use.
        let alone = Scale {
            needed: points(|spatial, _| spatial == 0),
            own: 0,
            ..Scale::PLAIN
        };
        meter.note(&alone, 1000, false);
        assert!(!meter.is_within(point(0, 1), point(1, 2)));
        meter.note(&nested(0, 0), 1000, true);
        assert!(
            meter.is_within(point(0, 1), point(1, 2)),
            "a key frame is common to all"
        );
        let mut plain = Meter::default();
        plain.note(&Scale::PLAIN, 1000, true);
        assert_eq!(plain.points().count(), 0);
    }
}
