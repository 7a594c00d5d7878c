//! When to ask a camera for a key frame: at once for a new viewer, otherwise at most once a second.

use std::time::{Duration, Instant};

const QUIET: Duration = Duration::from_secs(1);
/// A request this young still serves whoever joins now: its key frame cannot have left the encoder's queue.
const ANSWERING: Duration = Duration::from_millis(100);
/// Browsers ignore a request that comes soon after one they obeyed (300 ms and, when busy, up to a second). Whoever
/// switches to a camera that has just served somebody else would wait out our throttle on top of theirs, so the request
/// for a first picture is repeated this soon,
const SOON: Duration = Duration::from_millis(150);
/// this often, before the throttle applies to it too.
const SOONER: u8 = 8;

/// The requests towards one camera.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KeyframeAsk {
    asked: Option<Instant>,
    answered: bool,
    wanted: bool,
    soon: u8,
}

impl KeyframeAsk {
    /// Somebody was just given this camera. `true` = ask now.
    pub(crate) fn fresh(&mut self, now: Instant) -> bool {
        self.soon = SOONER;
        let in_flight = self
            .asked
            .is_some_and(|asked| !self.answered && now.saturating_duration_since(asked) < ANSWERING);
        if in_flight {
            self.wanted = true;
            return false;
        }
        self.ask(now)
    }

    /// A viewer lost the picture, or still waits for the first one. `true` = ask now.
    pub(crate) fn again(&mut self, now: Instant) -> bool {
        if self
            .asked
            .is_some_and(|asked| now.saturating_duration_since(asked) < QUIET)
        {
            self.wanted = true;
            return false;
        }
        self.ask(now)
    }

    /// Time passes; `is_awaited` tells whether a viewer still waits. `true` = ask now.
    pub(crate) fn tick(&mut self, is_awaited: bool, now: Instant) -> bool {
        let is_soon = self
            .asked
            .is_some_and(|asked| now.saturating_duration_since(asked) >= SOON);
        if is_awaited && self.soon > 0 && is_soon {
            self.soon -= 1;
            return self.ask(now);
        }
        (self.wanted || is_awaited) && self.again(now)
    }

    /// A key frame began to arrive.
    pub(crate) fn arrived(&mut self) {
        self.answered = true;
        self.wanted = false;
    }

    fn ask(&mut self, now: Instant) -> bool {
        self.asked = Some(now);
        self.answered = false;
        self.wanted = false;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_of_lost_pictures_becomes_one_request_a_second() {
        let start = Instant::now();
        let mut camera = KeyframeAsk::default();
        let asked = (0..5000)
            .filter(|ms| camera.again(start + Duration::from_millis(*ms)))
            .count();
        assert_eq!(asked, 5);
    }

    #[test]
    fn a_switch_is_never_held_back_by_the_throttle() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut camera = KeyframeAsk::default();
        assert!(camera.again(at(0)));
        camera.arrived();
        assert!(camera.fresh(at(50)), "the key frame on its way was for others");
        assert!(
            !camera.fresh(at(60)),
            "the same key frame serves two who switch together"
        );
        assert!(camera.fresh(at(151)), "no answer yet and somebody new waits");
    }

    #[test]
    fn an_unanswered_request_is_repeated_while_somebody_waits() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut camera = KeyframeAsk::default();
        assert!(camera.fresh(at(0)));
        let asked: Vec<u64> = (1..3000).filter(|ms| camera.tick(true, at(*ms))).collect();
        assert_eq!(
            asked,
            [150, 300, 450, 600, 750, 900, 1050, 1200, 2200],
            "soon for the first picture, then once a second"
        );
        camera.arrived();
        assert!(!camera.tick(false, at(9000)));
    }

    #[test]
    fn nobody_waiting_means_no_repetition() {
        let start = Instant::now();
        let mut camera = KeyframeAsk::default();
        assert!(camera.fresh(start));
        assert!(!(1..5000).any(|ms| camera.tick(false, start + Duration::from_millis(ms))));
    }
}
