//! Pictures leave no faster than a receiver's path takes them: a key frame is spread over time instead of filling a queue
//! in which the voice would wait.
//!
//! It counts bytes and keeps an order; what waits are references into the tracks' histories. Voice, repairs and reports never
//! wait, but what they take is not there for pictures. Input: what leaves, the estimate, time. Output: what may leave now.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::fanout::Pending;

/// The pace is this much above the estimate, per cent: the estimate already leaves room, and a queue here must drain faster
/// than the camera fills it.
const ABOVE: f64 = 110.0;
/// What may leave at once.
const BREATH: Duration = Duration::from_millis(15);
const MIN_BREATH: f64 = 6_000.0;
/// Voice that comes faster than the estimate must not hold the pictures back for ever.
const MOST_OWED: f64 = -100_000.0;
/// Repairs of pictures leave at once, until this much of the line's time is owed.
const OVERDRAFT: Duration = Duration::from_millis(500);
/// Packets that may wait. More means that the path does not take this layer at all.
const MAX_WAITING: usize = 256;
/// How long the oldest may wait.
pub(crate) const PATIENCE: Duration = Duration::from_millis(500);
/// Room in which nothing has waited for so long is given back.
const IDLE: Duration = Duration::from_secs(3);
/// Pictures are let out this often while some wait.
pub(crate) const STEP: Duration = Duration::from_millis(5);

/// A packet that waits for its turn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub(crate) slot: u16,
    pub(crate) pending: Pending,
}

/// The pace of one session.
#[derive(Debug, Default)]
pub(crate) struct Pacer {
    /// Bytes per second; `None` = as fast as it comes.
    rate: Option<f64>,
    /// Bytes that may leave now; below zero, they already left.
    credit: f64,
    filled: Option<Instant>,
    waiting: VecDeque<Waiting>,
    /// When something last waited.
    waited: Option<Instant>,
}

impl Pacer {
    /// Follows the estimate, bit/s; `None` = nothing is known of the path.
    pub(crate) fn follow(&mut self, estimate: Option<u32>) {
        self.rate = estimate.map(|estimate| f64::from(estimate) * ABOVE / 800.0);
    }

    fn fill(&mut self, now: Instant) {
        let Some(rate) = self.rate else { return };
        let elapsed = self.filled.map(|at| now.saturating_duration_since(at));
        self.filled = Some(self.filled.map_or(now, |at| at.max(now)));
        let most = (rate * BREATH.as_secs_f64()).max(MIN_BREATH);
        self.credit = match elapsed {
            Some(elapsed) => (self.credit + rate * elapsed.as_secs_f64()).min(most),
            None => most,
        };
    }

    /// Whether a picture's packet has to wait now.
    pub(crate) fn holds(&mut self, now: Instant) -> bool {
        if self.rate.is_none() {
            return false;
        }
        self.fill(now);
        !self.waiting.is_empty() || self.credit <= 0.0
    }

    /// Something left.
    pub(crate) fn left(&mut self, bytes: usize) {
        if self.rate.is_some() {
            self.credit = (self.credit - bytes as f64).max(MOST_OWED);
        }
    }

    /// Whether so much left that the path is busy with it for a while: more repairs would only be lost like the first.
    pub(crate) fn is_overdrawn(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.rate
            .is_some_and(|rate| self.credit < -rate * OVERDRAFT.as_secs_f64())
    }

    /// Queues a packet. `false` = there is no room, or the oldest has waited too long.
    pub(crate) fn queue(&mut self, waiting: Waiting) -> bool {
        let is_late = self
            .waiting
            .front()
            .is_some_and(|oldest| waiting.pending.at.saturating_duration_since(oldest.pending.at) > PATIENCE);
        if is_late || self.waiting.len() == MAX_WAITING {
            return false;
        }
        self.waited = Some(waiting.pending.at);
        self.waiting.push_back(waiting);
        true
    }

    /// The next packet whose turn it is.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Waiting> {
        self.fill(now);
        if self.rate.is_some() && self.credit <= 0.0 {
            return None;
        }
        self.waiting.pop_front()
    }

    /// Forgets what waits for a slot, and says how much that was.
    pub(crate) fn forget(&mut self, slot: u16) -> u64 {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| waiting.slot != slot);
        (before - self.waiting.len()) as u64
    }

    /// Time passes.
    pub(crate) fn tick(&mut self, now: Instant) {
        let is_idle = self.waited.is_some_and(|at| now.saturating_duration_since(at) > IDLE);
        if is_idle && self.waiting.is_empty() {
            self.waiting = VecDeque::new();
            self.waited = None;
        }
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(index: u64, at: Instant) -> Waiting {
        Waiting {
            slot: 0,
            pending: Pending {
                track: 0,
                epoch: 0,
                index,
                at,
            },
        }
    }

    #[test]
    fn a_key_frame_is_spread_over_time_and_leaves_in_order() {
        let start = Instant::now();
        let mut pacer = Pacer::default();
        pacer.follow(Some(1_000_000));
        let mut left = Vec::new();
        for index in 0..60 {
            if pacer.holds(start) {
                assert!(pacer.queue(waiting(index, start)));
            } else {
                pacer.left(1200);
                left.push(index);
            }
        }
        assert!(left.len() <= 6, "{}", left.len());
        let mut now = start;
        while pacer.is_waiting() {
            now += STEP;
            while let Some(waiting) = pacer.next(now) {
                pacer.left(1200);
                left.push(waiting.pending.index);
            }
        }
        assert!(left.windows(2).all(|pair| pair[1] == pair[0] + 1) && left.len() == 60);
        let took = (now - start).as_millis();
        assert!((420..580).contains(&took), "72 kB at 1.1 Mbit/s: {took} ms");
        assert!(!pacer.holds(now + Duration::from_secs(1)));
    }

    #[test]
    fn repairs_do_not_wait_but_there_is_an_end_to_them() {
        let start = Instant::now();
        let mut pacer = Pacer::default();
        assert!(!pacer.is_overdrawn(start));
        pacer.follow(Some(100_000));
        assert!(!pacer.holds(start));
        let repairs = (0..100)
            .take_while(|_| {
                pacer.left(1200);
                !pacer.is_overdrawn(start)
            })
            .count();
        assert!((5..15).contains(&repairs), "{repairs}");
        assert!(
            !pacer.is_overdrawn(start + Duration::from_millis(100)),
            "soon there is room for one more"
        );
    }

    #[test]
    fn what_the_path_does_not_take_is_refused_and_not_hoarded() {
        let start = Instant::now();
        let mut pacer = Pacer::default();
        pacer.follow(Some(50_000));
        assert!(!pacer.holds(start));
        pacer.left(100_000);
        assert!(pacer.holds(start));
        let taken = (0..2000)
            .filter(|index| pacer.queue(waiting(*index, start + Duration::from_millis(*index))))
            .count();
        assert!(taken <= MAX_WAITING, "{taken}");
        assert_eq!(pacer.forget(1), 0);
        assert_eq!(pacer.forget(0), taken as u64);
        assert!(!pacer.is_waiting());
    }

    #[test]
    fn without_an_estimate_nothing_waits() {
        let mut pacer = Pacer::default();
        let now = Instant::now();
        pacer.left(10_000_000);
        assert!(!pacer.holds(now));
    }
}
