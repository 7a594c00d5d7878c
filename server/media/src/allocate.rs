//! Which layer of each camera a receiver gets, when its line does not carry everything at its largest.
//!
//! Pure arithmetic on figures: what the line carries, what each layer takes, how large each slot is shown. It does not know
//! tracks or packets. Sound was served before; then comes the stage, then what stands beside it, then the tiles, each as well
//! as the rest allows. A layer that flows is left at once when it does not fit, and a larger one waits: so that nothing swings.

use std::time::{Duration, Instant};

use crate::plan::Wish;
use crate::scale::POINTS;

/// A larger layer must fit with this much to spare, per cent.
const HEADROOM: u64 = 115;
/// The layer that flows may take this much of what there is, per cent: figures tremble.
const TOLERANCE: u64 = 90;
/// T-7: a slot changes to a larger layer no sooner than this after its last change,
const PATIENCE: Duration = Duration::from_secs(5);
/// and later each time that it had to be taken back within this time.
const TRIAL: Duration = Duration::from_secs(15);
const MAX_PATIENCE: Duration = Duration::from_secs(60);
/// A picture that has just been put into a slot finds its layer without waiting.
const SETTLING: Duration = Duration::from_secs(4);

/// One layer: what it takes, and how many lines it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layer {
    pub(crate) source: (usize, u64),
    /// The operating point of the source.
    pub(crate) point: u8,
    /// 0 = unknown.
    pub(crate) height: u16,
    /// Bit/s.
    pub(crate) bitrate: u32,
}

/// The layers of one camera that flow now, smallest first.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layers {
    layers: [Layer; POINTS],
    count: usize,
}

impl Layers {
    pub(crate) fn add(&mut self, layer: Layer) {
        if let Some(place) = self.layers.get_mut(self.count) {
            *place = layer;
            self.count += 1;
            self.layers[..self.count].sort_unstable_by_key(|layer| (layer.height, layer.bitrate));
        }
    }

    pub(crate) fn all(&self) -> &[Layer] {
        &self.layers[..self.count]
    }

    /// The smallest that is as large as the slot, or the largest there is.
    fn enough(&self, height: u16) -> Option<usize> {
        let last = self.count.checked_sub(1)?;
        if self.all().iter().all(|layer| layer.height == 0) {
            // The payload does not say; three layers are a quarter, a half and the whole.
            return Some(match height {
                ..=240 => 0,
                241..=480 => last.min(1),
                481.. => last,
            });
        }
        let enough = self
            .all()
            .iter()
            .position(|layer| layer.height >= height)
            .unwrap_or(last);
        // Of those as large, the one with the most pictures.
        let height = self.layers[enough].height;
        self.all().iter().rposition(|layer| layer.height == height)
    }
}

/// How a slot came to its layer, which decides how soon it may have a larger one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    since: Instant,
    changed: Option<Instant>,
    raised: Option<Instant>,
    patience: Duration,
}

impl Held {
    pub(crate) fn new(now: Instant) -> Held {
        Held {
            since: now,
            changed: None,
            raised: None,
            patience: PATIENCE,
        }
    }

    fn may_rise(&self, now: Instant) -> bool {
        let waited = |at: Instant| now.saturating_duration_since(at);
        waited(self.since) < SETTLING || self.changed.is_none_or(|at| waited(at) >= self.patience)
    }

    fn rose(&mut self, now: Instant) {
        self.changed = Some(now);
        self.raised = Some(now);
    }

    fn fell(&mut self, now: Instant) {
        let is_in_vain = self
            .raised
            .take()
            .is_some_and(|at| now.saturating_duration_since(at) < TRIAL);
        let is_settled = now.saturating_duration_since(self.since) >= SETTLING;
        self.patience = match (is_in_vain, is_settled) {
            (true, true) => (self.patience * 2).min(MAX_PATIENCE),
            (true, false) | (false, true | false) => PATIENCE,
        };
        self.changed = Some(now);
    }
}

/// What becomes of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// This layer flows, or will at its next key frame.
    Layer(Layer),
    /// Nothing flows: the line does not carry it.
    Paused,
    /// There is nothing that could flow.
    Empty,
}

/// One slot that wants a picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) slot: usize,
    pub(crate) wish: Wish,
    pub(crate) layers: Layers,
    /// What flows, or will.
    pub(crate) current: Option<((usize, u64), u8)>,
    pub(crate) held: Held,
    pub(crate) verdict: Verdict,
}

/// Decides all slots of one receiver, and says how much they would take at their best, bit/s. `room` is what the line carries
/// beside the sound; `None` = unknown, nothing is held back. While `is_new`, nothing is paused: the line has not been measured.
pub(crate) fn decide(cases: &mut [Case], room: Option<u32>, is_new: bool, now: Instant) -> u32 {
    cases.sort_unstable_by_key(|case| (case.wish.rank, case.slot));
    let mut rest = room.map(u64::from);
    let mut needed = 0u32;
    for case in cases {
        let Some(best) = case.layers.enough(case.wish.height) else {
            case.verdict = Verdict::Empty;
            continue;
        };
        let layers = case.layers;
        let layers = layers.all();
        needed = needed.saturating_add(layers[best].bitrate);
        let current = layers
            .iter()
            .position(|layer| Some((layer.source, layer.point)) == case.current);
        // A point that is gone: another of the same source flows on.
        let current = current.or_else(|| {
            let (source, _) = case.current?;
            layers.iter().rposition(|layer| layer.source == source)
        });
        let verdict = match rest {
            None => Some(best),
            Some(rest) => fitting(layers, best, current, rest).or(is_new.then_some(0)),
        };
        case.verdict = settle(case, layers, current, verdict, now);
        if let (Verdict::Layer(layer), Some(rest)) = (case.verdict, rest.as_mut()) {
            *rest = rest.saturating_sub(layer.bitrate.into());
        }
    }
    needed
}

/// The largest layer up to `best` that fits.
fn fitting(layers: &[Layer], best: usize, current: Option<usize>, rest: u64) -> Option<usize> {
    (0..=best).rev().find(|at| {
        let share = match current {
            Some(current) if *at <= current => TOLERANCE,
            Some(_) | None => HEADROOM,
        };
        u64::from(layers[*at].bitrate) * share / 100 <= rest
    })
}

/// Lets a smaller layer through at once, and a larger one when its time has come.
fn settle(case: &mut Case, layers: &[Layer], current: Option<usize>, wanted: Option<usize>, now: Instant) -> Verdict {
    match (current, wanted) {
        (Some(current), Some(wanted)) if wanted > current => {
            if !case.held.may_rise(now) {
                return Verdict::Layer(layers[current]);
            }
            case.held.rose(now);
        }
        (Some(current), Some(wanted)) if wanted < current => case.held.fell(now),
        (Some(_), Some(_)) => {}
        (None, Some(_)) => {
            // It was paused, its layer is gone, or it is new.
            if !case.held.may_rise(now) && case.current.is_none() {
                return Verdict::Paused;
            }
            case.held.rose(now);
        }
        (Some(_), None) => case.held.fell(now),
        (None, None) => {}
    }
    wanted.map_or(Verdict::Paused, |wanted| Verdict::Layer(layers[wanted]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Rank;
    use proptest::prelude::*;

    const SIZES: [(u16, u32); 3] = [(180, 120_000), (360, 450_000), (720, 1_500_000)];

    fn camera(number: usize) -> Layers {
        let mut layers = Layers::default();
        // In the order of a sender who begins with the largest.
        for (layer, (height, bitrate)) in SIZES.into_iter().enumerate().rev() {
            layers.add(Layer {
                point: 0,
                source: (number * 3 + layer, 0),
                height,
                bitrate,
            });
        }
        layers
    }

    /// A stage, and three tiles.
    fn cases(now: Instant) -> Vec<Case> {
        let case = |slot: usize| Case {
            slot,
            wish: Wish {
                rank: if slot == 0 { Rank::Stage } else { Rank::Tile },
                height: if slot == 0 { 720 } else { 180 },
            },
            layers: camera(slot),
            current: None,
            held: Held::new(now),
            verdict: Verdict::Empty,
        };
        (0..4).map(case).collect()
    }

    /// Decides and lets every verdict take effect; the heights that flow.
    fn step(cases: &mut [Case], room: u32, now: Instant) -> Vec<u16> {
        decide(cases, Some(room), false, now);
        for case in cases.iter_mut() {
            case.current = match case.verdict {
                Verdict::Layer(layer) => Some((layer.source, layer.point)),
                Verdict::Paused | Verdict::Empty => None,
            };
        }
        let height = |case: &Case| match case.verdict {
            Verdict::Layer(layer) => layer.height,
            Verdict::Paused | Verdict::Empty => 0,
        };
        cases.iter().map(height).collect()
    }

    #[test]
    fn the_stage_is_served_first_and_tiles_by_what_is_left() {
        let now = Instant::now();
        for (room, expected) in [
            (3_000_000, [720, 180, 180, 180]),
            (1_800_000, [720, 180, 180, 0]),
            (1_000_000, [360, 180, 180, 180]),
            (200_000, [180, 0, 0, 0]),
            (90_000, [0, 0, 0, 0]),
        ] {
            assert_eq!(step(&mut cases(now), room, now), expected, "{room}");
        }
        let mut unmeasured = cases(now);
        let needed = decide(&mut unmeasured, None, true, now);
        assert_eq!(needed, 1_500_000 + 3 * 120_000);
        decide(&mut unmeasured, Some(60_000), true, now);
        assert!(
            unmeasured
                .iter()
                .all(|case| matches!(case.verdict, Verdict::Layer(layer) if layer.height == 180))
        );
    }

    #[test]
    fn down_at_once_and_up_with_patience() {
        let start = Instant::now();
        let mut cases = cases(start);
        let mut now = start;
        assert_eq!(step(&mut cases, 4_000_000, now)[0], 720);
        now += Duration::from_secs(60);
        assert_eq!(step(&mut cases, 700_000, now)[0], 360);
        now += Duration::from_secs(2);
        assert_eq!(step(&mut cases, 4_000_000, now)[0], 360, "not so soon");
        now += Duration::from_secs(4);
        assert_eq!(step(&mut cases, 4_000_000, now)[0], 720);
        now += Duration::from_secs(6);
        assert_eq!(step(&mut cases, 700_000, now)[0], 360, "it was in vain");
        now += Duration::from_secs(6);
        assert_eq!(step(&mut cases, 4_000_000, now)[0], 360, "so it waits longer");
        now += Duration::from_secs(5);
        assert_eq!(step(&mut cases, 4_000_000, now)[0], 720);
    }

    proptest! {
        /// Whatever the estimate does, what flows fits into it, and no slot rises more than once in five seconds.
        #[test]
        fn nothing_swings_and_nothing_overflows(rooms in proptest::collection::vec(50_000u32..4_000_000, 20..200)) {
            let start = Instant::now();
            let mut cases = cases(start);
            let mut risen: [Option<Instant>; 4] = [None; 4];
            let mut before = [0u16; 4];
            for (count, room) in rooms.into_iter().enumerate() {
                let now = start + Duration::from_secs(10) + Duration::from_millis(500) * count as u32;
                let heights = step(&mut cases, room, now);
                let taken: u64 = heights.iter().filter_map(|height| SIZES.iter().find(|size| size.0 == *height)).map(|size| u64::from(size.1)).sum();
                prop_assert!(taken * 8 / 10 <= u64::from(room), "{heights:?} in {room}");
                for (slot, height) in heights.into_iter().enumerate() {
                    if height > before[slot] && before[slot] > 0 {
                        if let Some(at) = risen[slot] {
                            prop_assert!(now - at >= PATIENCE);
                        }
                        risen[slot] = Some(now);
                    }
                    before[slot] = height;
                }
            }
        }
    }
}
