//! What is missing from a camera or a microphone, and when to ask for it again (RFC 4585 generic NACK).

use std::time::{Duration, Instant};

use crate::offer::Kind;

/// More holes than this are not worth a repair: a key frame will come.
const MAX_HOLES: usize = 128;
/// Reordering gets this long before the first request.
const FIRST: Duration = Duration::from_millis(5);

/// How often something is asked for, and how many times.
#[derive(Clone, Copy, Debug)]
struct Patience {
    repeat: Duration,
    tries: u8,
}

// On the lines on which it matters requests get lost, too; of several that come within a round trip a browser obeys one.

/// A picture waits for its packets.
const PICTURE: Patience = Patience {
    repeat: Duration::from_millis(30),
    tries: 20,
};
/// A voice does not wait long.
const VOICE: Patience = Patience {
    repeat: Duration::from_millis(20),
    tries: 15,
};

#[derive(Clone, Copy, Debug)]
struct Hole {
    index: u64,
    due: Instant,
    tries: u8,
}

/// The holes of one stream.
#[derive(Debug)]
pub(crate) struct Holes {
    holes: Vec<Hole>,
    highest: Option<u64>,
    patience: Patience,
}

impl Holes {
    pub(crate) fn new(kind: Kind) -> Holes {
        Holes {
            holes: Vec::with_capacity(MAX_HOLES),
            highest: None,
            patience: match kind {
                Kind::Audio => VOICE,
                Kind::Video => PICTURE,
            },
        }
    }

    /// A packet came, by itself or as a repair.
    pub(crate) fn arrived(&mut self, index: u64, now: Instant) {
        match self.highest {
            Some(highest) if index <= highest => self.holes.retain(|hole| hole.index != index),
            Some(highest) => {
                if index - highest > MAX_HOLES as u64 {
                    self.holes.clear();
                } else {
                    for missing in highest + 1..index {
                        if self.holes.len() == MAX_HOLES {
                            self.holes.remove(0);
                        }
                        self.holes.push(Hole {
                            index: missing,
                            due: now + FIRST,
                            tries: 0,
                        });
                    }
                }
                self.highest = Some(index);
            }
            None => self.highest = Some(index),
        }
    }

    /// When something is due.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.holes.iter().map(|hole| hole.due).min()
    }

    /// Sequence numbers to ask for now, at most as many as fit; none is asked for again sooner than `spacing`.
    pub(crate) fn due(&mut self, now: Instant, spacing: Duration, into: &mut Vec<u16>) {
        into.clear();
        for hole in &mut self.holes {
            if hole.due <= now && into.len() < into.capacity() {
                into.push(hole.index as u16);
                hole.tries += 1;
                hole.due = now + self.patience.repeat.max(spacing);
            }
        }
        self.holes.retain(|hole| hole.tries < self.patience.tries);
    }
}

/// What one receiver may be sent again: a budget, so that repairs cannot be used to multiply traffic.
#[derive(Clone, Debug)]
pub(crate) struct RepairBudget {
    /// Sequence numbers, and when they were sent again: milliseconds since the beginning, counted from one. Kept small:
    /// every slot of every receiver has it.
    recent: Vec<(u16, u32)>,
    cursor: usize,
    tokens: u32,
    start: Instant,
    refilled: Instant,
}

/// Repairs remembered.
const RECENT: usize = 64;
const TOKENS: u32 = 200;
const TOKENS_PER_SECOND: u32 = 400;
/// The same packet is not sent again within this time: its first repair is still on the way.
const TWIN_MS: u32 = 15;

impl RepairBudget {
    pub(crate) fn new(now: Instant) -> RepairBudget {
        RepairBudget {
            recent: Vec::new(),
            cursor: 0,
            tokens: TOKENS,
            start: now,
            refilled: now,
        }
    }

    /// Whether `sequence` may be repaired now; spends if so.
    pub(crate) fn allows(&mut self, sequence: u16, now: Instant) -> bool {
        let elapsed = now.saturating_duration_since(self.refilled).as_millis() as u64;
        let earned = elapsed * u64::from(TOKENS_PER_SECOND) / 1000;
        if earned > 0 {
            self.tokens = (u64::from(self.tokens) + earned).min(TOKENS.into()) as u32;
            self.refilled = now;
        }
        if self.recent.is_empty() {
            // Most lines are never asked twice.
            self.recent = vec![(0, 0); RECENT];
        }
        let at = now.saturating_duration_since(self.start).as_millis() as u32 + 1;
        let is_twin = self
            .recent
            .iter()
            .any(|(number, before)| *number == sequence && *before > 0 && at.saturating_sub(*before) < TWIN_MS);
        if self.tokens == 0 || is_twin {
            return false;
        }
        self.tokens -= 1;
        self.recent[self.cursor] = (sequence, at);
        self.cursor = (self.cursor + 1) % self.recent.len();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_asked_for_until_it_is_filled_or_given_up() {
        let start = Instant::now();
        let mut holes = Holes::new(Kind::Video);
        let mut due = Vec::with_capacity(64);
        for index in [65_530, 65_531, 65_534, 65_538] {
            holes.arrived(index, start);
        }
        holes.due(start, Duration::ZERO, &mut due);
        assert!(due.is_empty(), "reordering gets a moment");
        holes.due(start + FIRST, Duration::ZERO, &mut due);
        assert_eq!(due, [65_532, 65_533, 65_535, 0, 1]);
        holes.arrived(65_533, start + FIRST);
        holes.due(start + FIRST + PICTURE.repeat, Duration::ZERO, &mut due);
        assert_eq!(due, [65_532, 65_535, 0, 1]);
        for round in 2..20 {
            holes.due(start + FIRST + PICTURE.repeat * round, Duration::ZERO, &mut due);
        }
        assert!(holes.poll_timeout().is_none(), "given up");
    }

    #[test]
    fn a_voice_is_asked_for_sooner_and_given_up_sooner() {
        let start = Instant::now();
        let mut due = Vec::with_capacity(64);
        let mut asked = |kind, spacing: u64| {
            let mut holes = Holes::new(kind);
            holes.arrived(1, start);
            holes.arrived(3, start);
            let times = (0..1000).filter(|ms| {
                holes.due(
                    start + Duration::from_millis(*ms),
                    Duration::from_millis(spacing),
                    &mut due,
                );
                !due.is_empty()
            });
            times.collect::<Vec<u64>>()
        };
        assert_eq!(asked(Kind::Audio, 0)[..4], [5, 25, 45, 65]);
        assert_eq!(asked(Kind::Audio, 0).last(), Some(&285));
        assert_eq!(asked(Kind::Video, 0).last(), Some(&575));
        assert_eq!(
            asked(Kind::Video, 200)[..4],
            [5, 205, 405, 605],
            "on a line that has no room for more"
        );
    }

    #[test]
    fn a_jump_is_not_a_loss_of_thousands() {
        let start = Instant::now();
        let mut holes = Holes::new(Kind::Video);
        holes.arrived(1, start);
        holes.arrived(40_000, start);
        assert!(holes.poll_timeout().is_none());
        for index in (40_000..60_000).step_by(100) {
            holes.arrived(index, start);
        }
        assert!(holes.holes.len() <= MAX_HOLES);
    }

    #[test]
    fn repairs_cannot_multiply_traffic() {
        let start = Instant::now();
        let mut budget = RepairBudget::new(start);
        let granted = (0..10_000u16)
            .filter(|sequence| budget.allows(*sequence, start))
            .count();
        assert_eq!(granted, TOKENS as usize);
        let later = start + Duration::from_millis(100);
        assert!(budget.allows(5, later));
        assert!(!budget.allows(5, later), "its twin is on the way");
    }
}
