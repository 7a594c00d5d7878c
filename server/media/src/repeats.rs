//! How often a voice is sent on a line that loses packets.
//!
//! Asking for what is missing takes a round trip, and some browsers never ask for a voice; redundancy reaches one packet back, and
//! some browsers do not know it. So a lossy line carries each packet of a voice again a few packets later, byte for byte: whoever
//! has it already drops it as a replay. Pictures wait for what is asked for, but where much is lost repairs get lost as well, and
//! they are sent twice from the beginning. It knows shares of loss and nothing of packets. Input: what receivers report, time.
//! Output: which earlier packets go with each packet, and whether pictures are worth sending twice.

use std::time::{Duration, Instant};

/// A copy is sent so many packets after its original: apart from it and from the others, so that one burst does not take all.
const BEHIND: [u64; 3] = [1, 4, 9];
/// Of a voice no more than this share should be missing.
const MISSING: f32 = 0.004;
/// A loss is remembered for a while, because the copies hide those that follow it: so much of it is left after a second.
const KEPT: f32 = 0.9;
/// So much of what was usual is left after a second.
const USUAL_KEPT: f32 = 0.8;
/// Pictures are sent twice when so much is usually lost,
const LOSSY: f32 = 0.04;
/// until it is less than this.
const FAIR: f32 = 0.02;

/// What one line loses.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Repeats {
    /// 0.0 to 1.0.
    loss: f32,
    faded: Option<Instant>,
    /// What is lost on average.
    usual: f32,
    is_lossy: bool,
}

impl Repeats {
    /// A receiver says which share of a voice it missed, of which each packet was sent once and then in so many copies. Which share the
    /// line loses, then.
    pub(crate) fn missed(&mut self, share: f32, copies: usize) -> f32 {
        // It missed what was lost every time.
        let lost = share.clamp(0.0, 1.0).powf(1.0 / (copies as f32 + 1.0));
        self.lost(lost);
        lost
    }

    /// The line lost this share of packets that were sent once.
    pub(crate) fn lost(&mut self, share: f32) {
        self.loss = self.loss.max(share);
    }

    /// Time passes; `loss` is what the line loses now, if that is known.
    pub(crate) fn tick(&mut self, loss: Option<f32>, now: Instant) {
        let passed = self
            .faded
            .replace(now)
            .map_or(Duration::ZERO, |before| now.saturating_duration_since(before));
        self.loss *= KEPT.powf(passed.as_secs_f32());
        let kept = USUAL_KEPT.powf(passed.as_secs_f32());
        self.usual = self.usual * kept + loss.unwrap_or(0.0) * (1.0 - kept);
        self.is_lossy = self.usual > if self.is_lossy { FAIR } else { LOSSY };
        self.lost(loss.unwrap_or(0.0));
    }

    /// Whether pictures are worth sending twice.
    pub(crate) fn is_lossy(&self) -> bool {
        self.is_lossy
    }

    /// Which earlier packets go with each packet, counted back from it; `has_red` = it brings the one before it along.
    pub(crate) fn copies(&self, has_red: bool, most: usize) -> &'static [u64] {
        let mut count = 0;
        let mut missing = self.loss;
        while missing > MISSING && count < BEHIND.len() {
            count += 1;
            missing *= self.loss;
        }
        let first = usize::from(has_red).min(count);
        &BEHIND[first..count.min(first.saturating_add(most))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(loss: f32) -> Repeats {
        let mut line = Repeats::default();
        line.lost(loss);
        line
    }

    #[test]
    fn the_worse_the_line_the_more_copies_and_a_good_line_gets_none() {
        for (loss, plain, with_red) in [
            (0.0, 0, 0),
            (0.003, 0, 0),
            (0.01, 1, 0),
            (0.1, 2, 1),
            (0.3, 3, 2),
            (0.6, 3, 2),
        ] {
            assert_eq!(line(loss).copies(false, 3).len(), plain, "{loss}");
            assert_eq!(line(loss).copies(true, 3).len(), with_red, "{loss}");
        }
        assert_eq!(line(0.3).copies(false, 1), [1]);
        assert_eq!(line(0.3).copies(true, 1), [4], "redundancy is the first");
        assert!(line(0.3).copies(false, 0).is_empty());
    }

    #[test]
    fn copies_that_work_do_not_hide_the_loss_that_made_them() {
        let start = Instant::now();
        let mut line = Repeats::default();
        line.tick(None, start);
        assert_eq!(line.missed(0.1, 0), 0.1);
        for second in 1..=10 {
            line.tick(None, start + Duration::from_secs(second));
            line.missed(0.001, 2);
            assert_eq!(line.copies(false, 3).len(), 2, "second {second}");
        }
        for second in 11..60 {
            line.tick(None, start + Duration::from_secs(second));
            line.missed(0.0, 2);
        }
        assert!(line.copies(false, 3).is_empty(), "the line is good again");
    }

    #[test]
    fn pictures_are_sent_twice_where_much_is_lost_and_not_for_a_single_bad_moment() {
        let start = Instant::now();
        let mut line = Repeats::default();
        let mut second = 0;
        let mut pass = |seconds: u64, loss: f32| {
            for _ in 0..seconds {
                second += 1;
                line.tick(Some(loss), start + Duration::from_secs(second));
            }
            line.is_lossy()
        };
        assert!(!pass(60, 0.01));
        assert!(!pass(1, 0.1));
        assert!(pass(10, 0.1));
        assert!(pass(20, 0.03), "it does not change its mind at once");
        assert!(!pass(20, 0.01));
    }
}
