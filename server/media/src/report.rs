//! Clocks and counts for sender and receiver reports (RFC 3550 §6.4, Appendix A).

use std::time::{Duration, Instant};

use crate::rtcp::Block;

/// NTP time in 32.32 fixed point, from an epoch of our own: peers only compare our reports with each other.
pub(crate) fn ntp(start: Instant, now: Instant) -> u64 {
    const EPOCH: u64 = 3_900_000_000;
    let elapsed = now.saturating_duration_since(start);
    ((EPOCH + elapsed.as_secs()) << 32) | ((u64::from(elapsed.subsec_nanos()) << 32) / 1_000_000_000)
}

/// The middle 32 bits, as reports quote them.
pub(crate) fn middle(ntp: u64) -> u32 {
    (ntp >> 16) as u32
}

/// A peer's last sender report of one stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SenderClock {
    pub(crate) ntp: u64,
    pub(crate) timestamp: u32,
    pub(crate) at: Instant,
}

/// What was received of one stream.
#[derive(Clone, Debug)]
pub(crate) struct Reception {
    clock_rate: u32,
    first: Option<u64>,
    highest: u64,
    received: u64,
    expected_before: u64,
    received_before: u64,
    transit: Option<i64>,
    jitter: f64,
    start: Instant,
    /// Of the last report, 0.0 to 1.0.
    pub(crate) fraction_lost: f32,
}

impl Reception {
    pub(crate) fn new(clock_rate: u32, start: Instant) -> Reception {
        Reception {
            clock_rate,
            first: None,
            highest: 0,
            received: 0,
            expected_before: 0,
            received_before: 0,
            transit: None,
            jitter: 0.0,
            start,
            fraction_lost: 0.0,
        }
    }

    pub(crate) fn arrived(&mut self, index: u64, timestamp: u32, now: Instant) {
        let first = *self.first.get_or_insert(index);
        if index < first {
            return;
        }
        self.highest = self.highest.max(index);
        self.received += 1;
        let elapsed = now.saturating_duration_since(self.start).as_micros() as i64;
        let local = elapsed * i64::from(self.clock_rate) / 1_000_000;
        // Only 32 bits of the timestamp exist; differences of transit times are small.
        let transit = i64::from((local as u32).wrapping_sub(timestamp) as i32);
        if let Some(before) = self.transit.replace(transit) {
            let difference = i64::from((transit as i32).wrapping_sub(before as i32)).unsigned_abs() as f64;
            self.jitter += (difference - self.jitter) / 16.0;
        }
    }

    /// A report block, closing the interval. `None` before the first packet.
    pub(crate) fn block(&mut self, ssrc: u32, clock: Option<&SenderClock>, now: Instant) -> Option<Block> {
        let first = self.first?;
        let expected = self.highest - first + 1;
        let expected_now = expected - self.expected_before;
        let received_now = self.received - self.received_before;
        self.expected_before = expected;
        self.received_before = self.received;
        let lost_now = expected_now.saturating_sub(received_now);
        self.fraction_lost = if expected_now == 0 {
            0.0
        } else {
            lost_now as f32 / expected_now as f32
        };
        let lost = (expected as i64 - self.received as i64).clamp(-0x80_0000, 0x7f_ffff);
        let (last_report, delay) = match clock {
            Some(clock) => (middle(clock.ntp), short(now.saturating_duration_since(clock.at))),
            None => (0, 0),
        };
        Some(Block {
            ssrc,
            fraction_lost: (self.fraction_lost * 256.0).min(255.0) as u8,
            lost: lost as i32,
            highest: self.highest as u32,
            jitter: self.jitter as u32,
            last_report,
            delay,
        })
    }
}

/// A duration in units of 1/65536 s.
fn short(duration: Duration) -> u32 {
    (duration.as_micros() as u64 * 65_536 / 1_000_000) as u32
}

/// The round trip that a report block reveals, in milliseconds.
pub(crate) fn round_trip(block: &Block, now: u64) -> Option<u32> {
    if block.last_report == 0 {
        return None;
    }
    let units = middle(now).wrapping_sub(block.last_report).wrapping_sub(block.delay);
    // A clock step or a lie would look like hours.
    (units < 30 * 65_536).then(|| (u64::from(units) * 1000 / 65_536) as u32)
}

/// Bits per second over the last whole interval.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rate {
    bytes: u64,
    since: Option<Instant>,
    bitrate: u32,
}

impl Rate {
    pub(crate) fn add(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// When there is a new figure, of how many milliseconds it is.
    pub(crate) fn tick(&mut self, now: Instant) -> Option<u64> {
        let Some(since) = self.since else {
            self.since = Some(now);
            return None;
        };
        let elapsed = now.saturating_duration_since(since).as_millis() as u64;
        if elapsed >= 900 {
            self.bitrate = u32::try_from(self.bytes * 8000 / elapsed).unwrap_or(u32::MAX);
            self.bytes = 0;
            self.since = Some(now);
        }
        (elapsed >= 900).then_some(elapsed)
    }

    pub(crate) fn bitrate(&self) -> u32 {
        self.bitrate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_lost_is_reported_as_a_quarter() {
        let start = Instant::now();
        let mut reception = Reception::new(90_000, start);
        for index in (100u64..200).filter(|index| index % 4 != 1) {
            reception.arrived(index, index as u32 * 90, start + Duration::from_millis(index - 100));
        }
        let block = reception.block(1, None, start).expect("packets came");
        assert_eq!((block.fraction_lost, block.lost, block.highest), (64, 25, 199));
        assert!(block.jitter < 5, "{}", block.jitter);
        let quiet = reception.block(1, None, start).expect("packets came");
        assert_eq!((quiet.fraction_lost, quiet.lost), (0, 25));
    }

    #[test]
    fn a_round_trip_is_what_is_left_after_the_peers_delay() {
        let start = Instant::now();
        let sent = ntp(start, start + Duration::from_secs(5));
        let back = ntp(start, start + Duration::from_millis(5180));
        let block = Block {
            last_report: middle(sent),
            delay: short(Duration::from_millis(100)),
            ..Block::default()
        };
        let measured = round_trip(&block, back).expect("quoted");
        assert!((79..=81).contains(&measured), "{measured}");
        let lie = Block {
            delay: short(Duration::from_secs(9)),
            ..block
        };
        assert_eq!(round_trip(&lie, back), None);
    }
}
