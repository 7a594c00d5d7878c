//! How much one receiver's path carries: Google congestion control (draft-ietf-rmcat-gcc-02) from the fates of packets.
//!
//! It knows sizes, times and losses; it does not know what the packets carry or who is to be served. Input: [`Fate`]s, the
//! end of each feedback message, and what a probe found. Output: one number, bit/s.
//!
//! An estimator of our own, because one that counts an idle path as a free one is of no use to a forwarding unit: mostly it
//! sends less than the path would carry. So the estimate grows no further than half above what arrives; the rest is for
//! probes to find.

use std::time::{Duration, Instant};

use crate::departures::Fate;
use crate::trend::{Trend, Usage};

/// Where a path begins before anything is known of it, bit/s.
pub(crate) const START: u32 = 300_000;
const MIN: f64 = 50_000.0;
const MAX: f64 = 30_000_000.0;
/// §5.5: back off to this share of what arrives.
const BACK_OFF: f64 = 0.85;
const GROWTH: f64 = 1.08;
const LOW_LOSS: f64 = 0.02;
const HIGH_LOSS: f64 = 0.10;
/// Loss is judged over this many packets and this long.
const LOSS_PACKETS: u32 = 20;
const LOSS_TIME: Duration = Duration::from_millis(400);
/// Loss alone, without a queue, does not take the last picture: a radio link that loses a third of everything would lose it at
/// any rate. A policer at less than this loses some of it and still shows it.
const LOSS_FLOOR: f64 = 250_000.0;
/// What arrives is measured over so many steps of 50 ms of the receiver's clock.
const STEPS: usize = 10;
/// What leaves beside is measured over this long.
const INTERVAL: Duration = Duration::from_millis(500);
/// What was noticed so long ago still counts.
const RECENT: Duration = Duration::from_secs(5);
/// A queue in which everything waits for so long is full, whether it grows or not, µs.
const STANDING: i64 = 100_000;
const STEP: i64 = 50_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    Hold,
    Increase,
}

/// What arrives, over the last half second.
#[derive(Clone, Debug, Default)]
struct Arriving {
    bytes: [u32; STEPS],
    newest: Option<i64>,
    since: i64,
}

impl Arriving {
    fn add(&mut self, at: i64, size: u16) {
        let step = at.div_euclid(STEP);
        let newest = match self.newest {
            Some(newest) if (newest - 2 * STEPS as i64..newest + 40 * STEPS as i64).contains(&step) => newest,
            // The first packet, or a clock that jumped.
            _ => {
                *self = Arriving::default();
                self.since = step;
                step - 1
            }
        };
        for fresh in newest + 1..=step.min(newest + STEPS as i64) {
            self.bytes[fresh.rem_euclid(STEPS as i64) as usize] = 0;
        }
        if step > newest + STEPS as i64 {
            self.bytes = [0; STEPS];
        }
        self.newest = Some(newest.max(step));
        if step > newest - STEPS as i64 {
            self.bytes[step.rem_euclid(STEPS as i64) as usize] += u32::from(size);
        }
    }

    /// Bits per second; `None` until there is enough to say.
    fn rate(&self) -> Option<f64> {
        self.over(STEPS as i64 - 1)
    }

    /// Of the last moment only: what a full path delivers, when before it was not full.
    fn recent(&self) -> Option<f64> {
        self.over(3)
    }

    fn over(&self, steps: i64) -> Option<f64> {
        let newest = self.newest?;
        let steps = (newest - self.since).min(steps);
        // The newest step has only begun.
        let bytes: u32 = (newest - steps..newest)
            .map(|step| self.bytes[step.rem_euclid(STEPS as i64) as usize])
            .sum();
        (steps >= 3).then(|| f64::from(bytes) * 8.0 * 1e6 / (steps * STEP) as f64)
    }
}

/// The estimate for one path.
#[derive(Clone, Debug)]
pub(crate) struct Bandwidth {
    trend: Trend,
    arriving: Arriving,
    target: f64,
    course: Course,
    /// What arrived when a queue last grew: mean and variance of the relative error.
    knee: Option<(f64, f64)>,
    grown: Option<Instant>,
    reduced: Option<Instant>,
    lost: u32,
    counted: u32,
    judged: Option<Instant>,
    loss: f64,
    packet: f64,
    concluded: Option<Instant>,
    /// When a queue was last noticed, and when everything last waited in one.
    queued: Option<Instant>,
    stood: Option<Instant>,
    beside: Beside,
}

/// What leaves beside the numbered packets: voices. It arrives on the same line, though nothing tells when.
#[derive(Clone, Copy, Debug, Default)]
struct Beside {
    bytes: usize,
    since: Option<Instant>,
    /// Bit/s, of the last interval.
    rate: f64,
}

impl Beside {
    fn tick(&mut self, now: Instant) {
        let since = *self.since.get_or_insert(now);
        let elapsed = now.saturating_duration_since(since);
        if elapsed >= INTERVAL {
            self.rate = self.bytes as f64 * 8.0 / elapsed.as_secs_f64();
            self.bytes = 0;
            self.since = Some(now);
        }
    }
}

impl Bandwidth {
    pub(crate) fn new() -> Bandwidth {
        Bandwidth {
            trend: Trend::new(),
            arriving: Arriving::default(),
            target: f64::from(START),
            course: Course::Hold,
            knee: None,
            grown: None,
            reduced: None,
            lost: 0,
            counted: 0,
            judged: None,
            loss: 0.0,
            packet: 1000.0,
            concluded: None,
            queued: None,
            stood: None,
            beside: Beside::default(),
        }
    }

    /// Bit/s.
    pub(crate) fn target(&self) -> u32 {
        self.target as u32
    }

    /// Whether it is more than a guess: packets have been arriving for a moment.
    pub(crate) fn has_measured(&self) -> bool {
        self.arriving.rate().is_some()
    }

    /// Whether nothing speaks against more: no queue, no loss, and no retreat since a moment ago.
    pub(crate) fn is_calm(&self, now: Instant) -> bool {
        let is_recent = |at: Instant| now.saturating_duration_since(at) < Duration::from_secs(1);
        let is_clear = self.trend.usage() == Usage::Normal && self.loss < HIGH_LOSS;
        // Old news is no news: where nothing flows any more, nothing speaks against a probe.
        (is_clear || !self.concluded.is_some_and(is_recent)) && !self.reduced.is_some_and(is_recent)
    }

    /// Whether a queue grew within so long.
    pub(crate) fn was_full(&self, within: Duration, now: Instant) -> bool {
        self.queued.is_some_and(|at| now.saturating_duration_since(at) < within)
    }

    /// Whether everything waited in a queue within so long.
    pub(crate) fn has_stood(&self, within: Duration, now: Instant) -> bool {
        self.stood.is_some_and(|at| now.saturating_duration_since(at) < within)
    }

    /// The share of packets that was lost, as far as it was judged lately.
    pub(crate) fn fresh_loss(&self, now: Instant) -> Option<f32> {
        let is_fresh = self.judged.is_some_and(|at| now.saturating_duration_since(at) < RECENT);
        is_fresh.then_some(self.loss as f32)
    }

    /// Round trips show a queue on the way.
    pub(crate) fn stands(&mut self, now: Instant) {
        self.queued = Some(now);
        self.stood = Some(now);
    }

    /// This share of what carries no number was lost. Where it is most of what flows, it tells sooner than the rest.
    pub(crate) fn lost_beside(&mut self, share: f64, now: Instant) {
        if share > HIGH_LOSS && self.has_stood(RECENT, now) && self.target > MIN {
            self.target = (self.target * (1.0 - 0.5 * share)).max(MIN);
            self.reduced = Some(now);
        }
    }

    /// A packet left that carries no number.
    pub(crate) fn beside(&mut self, size: usize) {
        self.beside.bytes += size;
    }

    /// One packet's fate, in the order in which they left.
    pub(crate) fn learned(&mut self, fate: &Fate) {
        self.counted += 1;
        match fate.arrived {
            Some(arrived) => {
                self.trend.arrived(fate.sent, arrived);
                self.arriving.add(arrived, fate.size);
                self.packet += (f64::from(fate.size) - self.packet) / 32.0;
            }
            None => self.lost += 1,
        }
    }

    /// A feedback message is read to its end.
    pub(crate) fn conclude(&mut self, round_trip: Duration, now: Instant) {
        self.concluded = Some(now);
        self.beside.tick(now);
        let beside = self.beside.rate * (1.0 - self.loss);
        let arriving = self.arriving.rate().map(|rate| rate + beside);
        let is_standing = self.trend.wait() >= STANDING;
        if is_standing {
            self.stands(now);
        }
        match self.trend.usage() {
            Usage::Over => {
                self.queued = Some(now);
                let recent = self.arriving.recent().map(|rate| rate + beside);
                self.retreat(larger(arriving, recent), round_trip, now);
            }
            Usage::Under => {
                self.course = Course::Hold;
                self.grown = Some(now);
            }
            Usage::Normal => {
                if self.course == Course::Hold {
                    self.course = Course::Increase;
                    self.grown = Some(now);
                }
                if is_standing {
                    self.grown = Some(now);
                } else {
                    self.grow(arriving, round_trip, now);
                }
            }
        }
        self.judge_loss(round_trip, now);
        self.target = self.target.clamp(MIN, MAX);
    }

    /// A probe arrived at this rate, bit/s.
    pub(crate) fn probed(&mut self, rate: u32) {
        let rate = f64::from(rate);
        if rate > self.target {
            self.target = rate.min(MAX);
            if self.knee.is_some_and(|(mean, _)| rate > mean) {
                self.knee = None;
            }
        }
    }

    fn retreat(&mut self, arriving: Option<f64>, round_trip: Duration, now: Instant) {
        self.course = Course::Hold;
        let Some(arriving) = arriving else { return };
        let pause = round_trip.clamp(Duration::from_millis(10), Duration::from_millis(200));
        let is_soon = self.reduced.is_some_and(|at| now.saturating_duration_since(at) < pause);
        if is_soon && arriving > self.target / 2.0 {
            return;
        }
        if self.knee.is_some_and(|knee| !near(knee, arriving)) {
            self.knee = None;
        }
        self.target = self.target.min(BACK_OFF * arriving);
        self.knee = Some(match self.knee {
            None => (arriving, 0.4),
            Some((mean, variance)) => {
                let mean = 0.95 * mean + 0.05 * arriving;
                let error = mean - arriving;
                (
                    mean,
                    (0.95 * variance + 0.05 * error * error / mean.max(1.0)).clamp(0.4, 2500.0),
                )
            }
        });
        self.reduced = Some(now);
        self.grown = Some(now);
    }

    fn grow(&mut self, arriving: Option<f64>, round_trip: Duration, now: Instant) {
        let elapsed = self
            .grown
            .replace(now)
            .map_or(0.0, |at| now.saturating_duration_since(at).as_secs_f64());
        let Some(arriving) = arriving else { return };
        if self.loss >= LOW_LOSS {
            return;
        }
        // What arrives without a queue is carried.
        self.target = self.target.max(arriving);
        if self.target > 1.5 * arriving + 10_000.0 {
            return;
        }
        if self.knee.is_some_and(|knee| !near(knee, arriving) && arriving > knee.0) {
            self.knee = None;
        }
        self.target += match self.knee {
            // Near where a queue grew before: about a packet in each time it takes to notice.
            Some(_) => (self.packet * 8.0 / (round_trip.as_secs_f64() + 0.1)).max(4000.0) * elapsed.min(1.0),
            None => (self.target * (GROWTH.powf(elapsed.min(1.0)) - 1.0)).max(1000.0 * elapsed.min(1.0)),
        };
    }

    fn judge_loss(&mut self, round_trip: Duration, now: Instant) {
        let judged = *self.judged.get_or_insert(now);
        if self.counted < LOSS_PACKETS || now.saturating_duration_since(judged) < LOSS_TIME + round_trip {
            return;
        }
        self.judged = Some(now);
        self.loss = f64::from(self.lost) / f64::from(self.counted);
        (self.lost, self.counted) = (0, 0);
        // What is lost where a queue has just been full is lost by that queue, and less will lose less.
        let floor = if self.was_full(RECENT, now) { MIN } else { LOSS_FLOOR };
        if self.loss > HIGH_LOSS && self.target > floor {
            self.target = (self.target * (1.0 - 0.5 * self.loss)).max(floor);
            self.reduced = Some(now);
        }
    }
}

fn larger(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.zip(other).map(|(one, other)| one.max(other)).or(one).or(other)
}

/// Whether a rate lies within three deviations of the knee. The variance is relative, in kbit/s, as in browsers.
fn near((mean, variance): (f64, f64), rate: f64) -> bool {
    let deviation = (variance * mean / 1000.0).sqrt() * 1000.0;
    (rate - mean).abs() <= 3.0 * deviation
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link with a queue, in virtual time: packets in, feedback each 50 ms.
    struct Link {
        start: Instant,
        now: i64,
        free: i64,
        capacity: i64,
        queue: i64,
        loss: u64,
        dice: u64,
        bandwidth: Bandwidth,
        waiting: Vec<Fate>,
        reported: i64,
        delays: Vec<i64>,
    }

    impl Link {
        fn new(capacity: i64) -> Link {
            Link {
                start: Instant::now(),
                now: 0,
                free: 0,
                capacity,
                queue: 500_000,
                loss: 0,
                dice: 0x9e37_79b9_7f4a_7c15,
                bandwidth: Bandwidth::new(),
                waiting: Vec::new(),
                reported: 0,
                delays: Vec::new(),
            }
        }

        fn packet(&mut self, size: u16) {
            self.dice ^= self.dice << 13;
            self.dice ^= self.dice >> 7;
            self.dice ^= self.dice << 17;
            let begins = self.free.max(self.now);
            let is_lost = self.dice % 100 < self.loss || begins - self.now > self.queue;
            if !is_lost {
                self.free = begins + i64::from(size) * 8_000_000 / self.capacity;
                self.delays.push(self.free - self.now);
            }
            self.waiting.push(Fate {
                sent: self.now,
                arrived: (!is_lost).then_some(self.free + 50_000),
                size,
                probe: 0,
            });
        }

        /// Sends at what the estimate allows, at most `wanted` bit/s.
        fn run(&mut self, seconds: i64, wanted: i64) {
            let end = self.now + seconds * 1_000_000;
            let mut credit = 0;
            while self.now < end {
                self.now += 5_000;
                credit += wanted.min(i64::from(self.bandwidth.target())) * 5 / 8000;
                while credit > 0 {
                    self.packet(1000);
                    credit -= 1000;
                }
                if self.now - self.reported >= 50_000 {
                    self.reported = self.now;
                    let (told, waiting): (Vec<Fate>, Vec<Fate>) = std::mem::take(&mut self.waiting)
                        .into_iter()
                        .partition(|fate| fate.arrived.unwrap_or(fate.sent + 100_000) + 50_000 <= self.now);
                    self.waiting = waiting;
                    if !told.is_empty() {
                        told.iter().for_each(|fate| self.bandwidth.learned(fate));
                        let now = self.start + Duration::from_micros(self.now as u64);
                        self.bandwidth.conclude(Duration::from_millis(100), now);
                    }
                }
            }
        }
    }

    #[test]
    fn the_estimate_finds_what_the_link_carries_and_keeps_its_queue_short() {
        let mut link = Link::new(1_000_000);
        link.run(40, i64::MAX);
        link.delays.clear();
        link.run(40, i64::MAX);
        let target = link.bandwidth.target();
        assert!((700_000..1_150_000).contains(&target), "{target}");
        link.delays.sort_unstable();
        let p95 = link.delays[link.delays.len() * 95 / 100];
        assert!(p95 < 200_000, "{p95}");
    }

    #[test]
    fn a_drop_of_the_link_is_followed_within_two_seconds() {
        let mut link = Link::new(2_500_000);
        link.bandwidth.probed(2_200_000);
        link.run(5, i64::MAX);
        link.capacity = 600_000;
        link.run(2, i64::MAX);
        assert!(link.bandwidth.target() < 700_000, "{}", link.bandwidth.target());
    }

    /// A queue that holds a third of a second is full at once and does not grow: what is lost then is not lost by chance.
    #[test]
    fn a_line_of_150_with_a_short_queue_is_found_and_not_kept_full() {
        let mut link = Link::new(5_000_000);
        link.bandwidth.probed(900_000);
        link.run(10, 700_000);
        (link.capacity, link.queue) = (150_000, 300_000);
        link.run(6, i64::MAX);
        link.delays.clear();
        link.run(30, i64::MAX);
        let target = link.bandwidth.target();
        assert!((70_000..190_000).contains(&target), "{target}");
        link.delays.sort_unstable();
        let usual = link.delays[link.delays.len() / 2];
        assert!(usual < 200_000, "{usual}");
    }

    #[test]
    fn an_idle_path_is_not_taken_for_a_wide_one() {
        let mut link = Link::new(1_000_000);
        link.run(60, 100_000);
        assert!(link.bandwidth.target() <= 300_000, "{}", link.bandwidth.target());
    }

    #[test]
    fn loss_without_a_queue_leaves_room_for_the_last_picture() {
        let mut link = Link::new(5_000_000);
        link.bandwidth.probed(2_000_000);
        link.loss = 30;
        link.run(20, i64::MAX);
        let target = link.bandwidth.target();
        assert!((200_000..600_000).contains(&target), "{target}");
        link.loss = 1;
        link.run(20, i64::MAX);
        assert!(link.bandwidth.target() > target);
    }
}
