//! What one participant may send in a second, so that a hostile or broken one costs the others nothing (T-41).
//!
//! Only what authenticated counts: whoever merely writes a participant's address on his datagrams must not use up its share.
//!
//! Each limit is one instant: when the sender would have been allowed to send all it has sent (the generic cell rate
//! algorithm). A second's worth may come at once.

use std::time::{Duration, Instant};

use crate::config::Config;

const BURST: Duration = Duration::from_secs(1);
/// RTCP datagrams: a browser that receives a dozen streams over a bad line sends about a hundred.
const REPORTS_PER_S: u32 = 400;
/// Checks that authenticate: a browser with many addresses sends twenty to fifty when a call begins.
const CHECKS_PER_S: u32 = 100;

/// Packets of a microphone: Opus frames are 2.5 ms or longer (RFC 6716 §2.1.4). Voices never wait for room on a receiver's
/// line, so a flood of them would leave none for the pictures.
const VOICE_PER_S: u32 = 400;
/// Streams that take another's place, each of which has to be connected anew: a page that begins again replaces four.
const RENEWALS_PER_S: u32 = 8;

#[derive(Clone, Copy, Debug, Default)]
struct Limit {
    spent_until: Option<Instant>,
}

impl Limit {
    fn take(&mut self, amount: u32, per_s: u32, now: Instant) -> bool {
        let cost = Duration::from_nanos(u64::from(amount) * 1_000_000_000 / u64::from(per_s.max(1)));
        let until = self.spent_until.map_or(now, |until| until.max(now)) + cost;
        let may = until.saturating_duration_since(now) <= BURST;
        if may {
            self.spent_until = Some(until);
        }
        may
    }
}

/// The limits of one session.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allowance {
    datagrams: Limit,
    bytes: Limit,
    voice: Limit,
    renewals: Limit,
    reports: Limit,
    checks: Limit,
}

impl Allowance {
    /// Whether a packet of this length is taken further.
    pub(crate) fn datagram(&mut self, length: usize, config: &Config, now: Instant) -> bool {
        self.datagrams.take(1, config.max_datagrams_per_s, now)
            && self.bytes.take(length as u32, config.max_bytes_per_s, now)
    }

    /// Whether a packet of the microphone is taken further.
    pub(crate) fn voice(&mut self, now: Instant) -> bool {
        self.voice.take(1, VOICE_PER_S, now)
    }

    /// Whether a stream may take the place of another.
    pub(crate) fn renewal(&mut self, now: Instant) -> bool {
        self.renewals.take(1, RENEWALS_PER_S, now)
    }

    /// Whether an RTCP datagram is read.
    pub(crate) fn report(&mut self, now: Instant) -> bool {
        self.reports.take(1, REPORTS_PER_S, now)
    }

    /// Whether a check that authenticated is answered.
    pub(crate) fn check(&mut self, now: Instant) -> bool {
        self.checks.take(1, CHECKS_PER_S, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_at_once_then_the_rate_and_after_a_pause_a_second_again() {
        let start = Instant::now();
        let mut limit = Limit::default();
        let mut granted = |at: Duration, tries: u32| (0..tries).filter(|_| limit.take(1, 100, start + at)).count();
        assert_eq!(granted(Duration::ZERO, 1000), 100);
        assert_eq!(granted(Duration::from_millis(500), 1000), 50);
        assert_eq!(granted(Duration::from_secs(60), 1000), 100);
    }

    #[test]
    fn large_datagrams_use_up_the_bytes_before_the_number() {
        let start = Instant::now();
        let mut allowance = Allowance::default();
        let config = Config {
            max_bytes_per_s: 100_000,
            ..Config::default()
        };
        let granted = (0..1000).filter(|_| allowance.datagram(1000, &config, start)).count();
        assert_eq!(granted, 100);
    }
}
