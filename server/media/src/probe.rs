//! Probes: short trains of padding, sent faster than the estimate, that show whether a path carries more.
//!
//! It decides when and how fast, and reads the result from the fates of the packets; it does not write them. Input: what the
//! viewers' slots would take, time, fates. Output: how many bytes to send now, and in the end a rate.

use std::time::{Duration, Instant};

use crate::departures::Fate;

/// A probe is a train of so many bursts, this far apart.
const BURSTS: u32 = 5;
const APART: Duration = Duration::from_millis(5);
/// What limits a narrow line lets a few kilobytes pass at once (a token bucket), and would be taken for a wide one by so short a
/// train. Where a queue was noticed, slow trains are longer.
const LONG: (u32, Duration) = (10, Duration::from_millis(20));
/// Slower than this, bit/s.
const SLOW: u32 = 500_000;
/// The first two probes of a connection are this many times the estimate; later ones twice.
const FIRST: [u32; 2] = [3, 6];
/// No result after this long: the receiver's feedback does not speak of it.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between probes that found nothing, growing.
const WAIT: Duration = Duration::from_secs(3);
const MAX_WAIT: Duration = Duration::from_secs(6);
/// A probe is no faster than this, bit/s.
const FASTEST: u32 = 16_000_000;
/// Packets of a train that must arrive for it to say anything, per cent.
const ENOUGH: u32 = 80;

/// A train on its way.
#[derive(Clone, Copy, Debug)]
struct Train {
    rate: u32,
    bursts: u32,
    apart: Duration,
    due: Instant,
    packets: u32,
    ends: Instant,
}

/// Arrivals that left, or came, together.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    packets: u32,
    arrived: u32,
    bytes: i64,
    sent: Option<(i64, i64)>,
    first_bytes: i64,
    last_bytes: i64,
    first_arrived: i64,
    last_arrived: i64,
}

/// The probes of one session.
#[derive(Clone, Debug)]
pub(crate) struct Prober {
    number: u8,
    train: Option<Train>,
    measure: Measure,
    due: Option<Instant>,
    wait: Duration,
    begun: usize,
}

impl Prober {
    pub(crate) fn new() -> Prober {
        Prober {
            number: 0,
            train: None,
            measure: Measure::default(),
            due: None,
            wait: WAIT,
            begun: 0,
        }
    }

    /// The mark of packets that leave now; 0 when no probe is on its way.
    pub(crate) fn mark(&self) -> u8 {
        self.train.filter(|train| train.bursts > 0).map_or(0, |_| self.number)
    }

    /// Begins a probe when it is time: `needed` bit/s would be sent if `estimate` allowed. `is_crowded` = a queue was noticed not long
    /// ago. `true` = bursts are due.
    pub(crate) fn consider(
        &mut self,
        estimate: u32,
        needed: u32,
        is_calm: bool,
        is_crowded: bool,
        now: Instant,
    ) -> bool {
        if let Some(train) = self.train {
            if now < train.ends {
                return train.bursts > 0;
            }
            self.finish(estimate, now);
        }
        let is_due = self.due.is_none_or(|due| now >= due);
        if !is_due || !is_calm || needed <= estimate {
            return false;
        }
        let factor = FIRST.get(self.begun).copied().unwrap_or(2);
        let rate = estimate
            .saturating_mul(factor)
            .min(needed.saturating_add(needed / 8))
            .min(FASTEST);
        self.begun = (self.begun + 1).min(FIRST.len());
        self.number = self.number.checked_add(1).unwrap_or(1);
        self.measure = Measure::default();
        let (bursts, apart) = if is_crowded && rate < SLOW {
            LONG
        } else {
            (BURSTS, APART)
        };
        self.train = Some(Train {
            rate,
            bursts,
            apart,
            due: now,
            packets: 0,
            ends: now + PATIENCE,
        });
        true
    }

    /// Bytes to send now, 0 = not yet; `None` when the train is complete.
    pub(crate) fn burst(&mut self, now: Instant) -> Option<usize> {
        let train = self.train.as_mut().filter(|train| train.bursts > 0)?;
        if now < train.due {
            return Some(0);
        }
        train.due = now + train.apart;
        let bytes = u64::from(train.rate) * train.apart.as_micros() as u64 / 8_000_000;
        Some(bytes as usize)
    }

    /// The burst that was asked for left in so many packets.
    pub(crate) fn sent(&mut self, packets: u32) {
        if let Some(train) = self.train.as_mut() {
            train.bursts = train.bursts.saturating_sub(1);
            train.packets += packets;
        }
    }

    /// A marked packet of the media left within the train.
    pub(crate) fn accompanied(&mut self) {
        if let Some(train) = self.train.as_mut() {
            train.packets += 1;
        }
    }

    /// What became of a marked packet; with the last one comes the rate that arrived, bit/s.
    pub(crate) fn learned(&mut self, fate: &Fate, estimate: u32, now: Instant) -> Option<u32> {
        let train = self.train.filter(|_| fate.probe == self.number)?;
        self.measure.take(fate);
        if train.bursts > 0 || self.measure.packets < train.packets {
            return None;
        }
        self.finish(estimate, now)
    }

    fn finish(&mut self, estimate: u32, now: Instant) -> Option<u32> {
        let train = self.train.take()?;
        let found = self
            .measure
            .rate()
            .filter(|_| self.measure.arrived * 100 >= train.packets * ENOUGH);
        let has_found = found.is_some_and(|found| found > estimate + estimate / 10);
        if has_found {
            self.wait = WAIT;
            // Worth another step at once, if this one met no limit.
            let is_free = found.is_some_and(|found| u64::from(found) * 10 >= u64::from(train.rate) * 7);
            self.due = Some(if is_free { now } else { now + WAIT });
        } else {
            self.due = Some(now + self.wait);
            self.wait = (self.wait * 2).min(MAX_WAIT);
        }
        found.filter(|_| has_found)
    }
}

impl Measure {
    fn take(&mut self, fate: &Fate) {
        self.packets += 1;
        let Some(arrived) = fate.arrived else { return };
        self.arrived += 1;
        let size = i64::from(fate.size);
        self.bytes += size;
        match self.sent {
            None => {
                self.sent = Some((fate.sent, fate.sent));
                (self.first_bytes, self.last_bytes) = (size, size);
                (self.first_arrived, self.last_arrived) = (arrived, arrived);
            }
            Some((first, last)) => {
                // What left within a millisecond left together.
                if fate.sent - first < 1000 {
                    self.first_bytes += size;
                    self.first_arrived = self.first_arrived.max(arrived);
                }
                if fate.sent - last < 1000 {
                    self.last_bytes += size;
                } else {
                    self.last_bytes = size;
                    self.sent = Some((first, fate.sent));
                }
                self.last_arrived = self.last_arrived.max(arrived);
            }
        }
    }

    /// The lower of the rates at which the train left and arrived. What marks the end of an interval is not counted in it.
    fn rate(&self) -> Option<u32> {
        let (first, last) = self.sent?;
        let rate = |bytes: i64, time: i64| (time >= 1000).then(|| bytes * 8_000_000 / time);
        let sent = rate(self.bytes - self.last_bytes, last - first)?;
        let arrived = rate(self.bytes - self.first_bytes, self.last_arrived - self.first_arrived)?;
        // The path's own limit showed: stay a little below it.
        let found = if arrived * 10 < sent * 9 {
            arrived * 95 / 100
        } else {
            sent.min(arrived)
        };
        u32::try_from(found).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One probe over a link of this capacity; what it found.
    fn probe(
        prober: &mut Prober,
        now: &mut Instant,
        start: Instant,
        estimate: u32,
        needed: u32,
        capacity: i64,
    ) -> Option<u32> {
        if !prober.consider(estimate, needed, true, false, *now) {
            return None;
        }
        let (mut fates, mut free) = (Vec::new(), 0i64);
        while let Some(bytes) = prober.burst(*now) {
            let sent = now.saturating_duration_since(start).as_micros() as i64;
            let packets = bytes.div_ceil(280) as u32;
            for _ in 0..packets {
                free = free.max(sent) + 280 * 8_000_000 / capacity;
                fates.push(Fate {
                    sent,
                    arrived: Some(free + 7_000_000),
                    size: 280,
                    probe: prober.mark(),
                });
            }
            prober.sent(packets);
            *now += APART;
        }
        *now += Duration::from_millis(200);
        fates.iter().find_map(|fate| prober.learned(fate, estimate, *now))
    }

    #[test]
    fn a_wide_path_is_found_in_a_few_steps() {
        let start = Instant::now();
        let (mut prober, mut now, mut estimate) = (Prober::new(), start, 300_000);
        for _ in 0..4 {
            if let Some(found) = probe(&mut prober, &mut now, start, estimate, 2_500_000, 20_000_000) {
                estimate = found;
            }
        }
        assert!((2_400_000..3_200_000).contains(&estimate), "{estimate}");
        assert!(
            !prober.consider(estimate, 2_000_000, true, false, now),
            "nothing more is needed"
        );
        assert!(now - start < Duration::from_secs(2));
    }

    #[test]
    fn a_narrow_path_shows_its_width_and_is_left_alone_for_a_while() {
        let start = Instant::now();
        let (mut prober, mut now) = (Prober::new(), start);
        let found = probe(&mut prober, &mut now, start, 300_000, 2_500_000, 600_000).expect("a result");
        assert!((450_000..700_000).contains(&found), "{found}");
        let again = (0..100)
            .filter(|_| {
                now += Duration::from_millis(100);
                probe(&mut prober, &mut now, start, 590_000, 2_500_000, 600_000);
                prober.train.is_some()
            })
            .count();
        assert_eq!(again, 0, "every train ends");
        assert!(prober.wait >= WAIT * 2, "{:?}", prober.wait);
    }

    /// A bucket of 3100 bytes, filled at 60 kbit/s: what a voice leaves of a narrow line.
    #[test]
    fn a_bucket_that_lets_a_little_pass_at_once_is_not_taken_for_a_wide_line() {
        let start = Instant::now();
        let found = |is_crowded| {
            let mut prober = Prober::new();
            assert!(prober.consider(100_000, 900_000, true, is_crowded, start));
            let (mut now, mut fates, mut free) = (start, Vec::new(), i64::MIN / 2);
            while let Some(bytes) = prober.burst(now) {
                let sent = now.saturating_duration_since(start).as_micros() as i64;
                let packets = bytes.div_ceil(280) as u32;
                for _ in 0..packets {
                    // The bucket is full when the time at which its last byte was earned lies that far back.
                    free = free.max(sent - 3100 * 8_000_000 / 60_000) + 280 * 8_000_000 / 60_000;
                    fates.push(Fate {
                        sent,
                        arrived: Some(free.max(sent) + 7_000_000),
                        size: 280,
                        probe: prober.mark(),
                    });
                }
                if bytes > 0 {
                    prober.sent(packets);
                }
                now += APART;
            }
            now += Duration::from_millis(600);
            fates.iter().find_map(|fate| prober.learned(fate, 100_000, now))
        };
        assert!(found(false).is_some_and(|rate| rate > 200_000), "{:?}", found(false));
        assert!(found(true).is_none_or(|rate| rate < 170_000), "{:?}", found(true));
    }

    #[test]
    fn a_train_that_nobody_speaks_of_is_forgotten() {
        let start = Instant::now();
        let mut prober = Prober::new();
        assert!(prober.consider(300_000, 900_000, true, false, start));
        while prober.burst(start + PATIENCE / 2).is_some() {
            prober.sent(3);
        }
        assert!(!prober.consider(300_000, 900_000, true, false, start + PATIENCE));
        assert_eq!(prober.mark(), 0);
    }
}
