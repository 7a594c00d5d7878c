//! Whether a queue grows somewhere on the way to a receiver: groups of packets, the trend of their delay, and a threshold
//! that adapts (draft-ietf-rmcat-gcc-02 §5.2 to §5.4, with the slope of a line in place of the Kalman filter, as browsers
//! do since 2017).
//!
//! It knows times only, in microseconds on two clocks that need not agree. Input: departure and arrival of each packet.
//! Output: [`Usage`].

/// What the delay says of the path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Usage {
    #[default]
    Normal,
    /// A queue grows.
    Over,
    /// A queue drains.
    Under,
}

/// Packets that left within this time are one group, µs.
const BURST: i64 = 5_000;
/// A group that arrives in one burst is not longer than this, µs.
const MAX_BURST: i64 = 100_000;
/// Points on the line.
const WINDOW: usize = 20;
const SMOOTHING: f64 = 0.9;
const GAIN: f64 = 4.0;
const MAX_DELTAS: u32 = 60;
/// A trend beyond the threshold counts after this long, ms.
const LASTING: f64 = 10.0;
/// A jump of the receiver's clock, µs.
const JUMP: i64 = 3_000_000;
/// The quickest of so many packets tells how long the queue is now.
const LATEST: usize = 16;
/// The quickest packet of all is looked for in two spans of this length, µs: of routes and clocks that change, it is forgotten.
const SPAN: i64 = 15_000_000;

#[derive(Clone, Copy, Debug)]
struct Group {
    first_sent: i64,
    last_sent: i64,
    first_arrived: i64,
    last_arrived: i64,
}

impl Group {
    fn new(sent: i64, arrived: i64) -> Group {
        Group {
            first_sent: sent,
            last_sent: sent,
            first_arrived: arrived,
            last_arrived: arrived,
        }
    }

    fn takes(&self, sent: i64, arrived: i64) -> bool {
        let (sent_after, arrived_after) = (sent - self.last_sent, arrived - self.last_arrived);
        let in_one_breath =
            arrived_after <= BURST && arrived_after < sent_after && arrived - self.first_arrived < MAX_BURST;
        sent - self.first_sent <= BURST || in_one_breath
    }
}

/// How long packets wait, against the quickest of the last half minute. Of the newest ones the quickest counts: jitter lets one of them
/// through, a queue none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing<const LATEST: usize> {
    latest: [i64; LATEST],
    count: usize,
    /// Of this span and of the one before.
    quickest: [Option<i64>; 2],
    since: i64,
}

impl<const LATEST: usize> Default for Standing<LATEST> {
    fn default() -> Self {
        Standing {
            latest: [0; LATEST],
            count: 0,
            quickest: [None; 2],
            since: 0,
        }
    }
}

impl<const LATEST: usize> Standing<LATEST> {
    /// Something took so long, as was seen at `at`; µs.
    pub(crate) fn took(&mut self, delay: i64, at: i64) {
        self.latest[self.count % LATEST] = delay;
        self.count += 1;
        if at - self.since >= SPAN {
            self.since = at;
            self.quickest = [None, self.quickest[0]];
        }
        self.quickest[0] = Some(self.quickest[0].map_or(delay, |quickest| quickest.min(delay)));
    }

    /// µs; 0 until enough is known.
    pub(crate) fn wait(&self) -> i64 {
        let quickest = self.quickest.iter().flatten().min();
        match (self.latest.iter().min(), quickest) {
            (Some(now), Some(quickest)) if self.count >= LATEST => now - quickest,
            (Some(_) | None, Some(_) | None) => 0,
        }
    }
}

/// The delay of one path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trend {
    standing: Standing<LATEST>,
    current: Option<Group>,
    before: Option<Group>,
    /// (arrival since the first, smoothed delay), ms.
    points: [(f64, f64); WINDOW],
    filled: usize,
    next: usize,
    origin: i64,
    accumulated: f64,
    smoothed: f64,
    deltas: u32,
    threshold: f64,
    adapted: Option<f64>,
    over_for: Option<f64>,
    over_count: u32,
    slope: f64,
    usage: Usage,
}

impl Trend {
    pub(crate) fn new() -> Trend {
        Trend {
            threshold: 12.5,
            ..Trend::default()
        }
    }

    pub(crate) fn usage(&self) -> Usage {
        self.usage
    }

    /// How long every packet waits in a queue that may have stopped growing because it is full, µs.
    pub(crate) fn wait(&self) -> i64 {
        self.standing.wait()
    }

    /// A packet arrived; in the order in which they left.
    pub(crate) fn arrived(&mut self, sent: i64, arrived: i64) {
        self.standing.took(arrived - sent, arrived);
        let Some(current) = self.current.as_mut() else {
            self.origin = arrived;
            self.current = Some(Group::new(sent, arrived));
            return;
        };
        if sent < current.first_sent {
            return;
        }
        if current.takes(sent, arrived) {
            current.last_sent = current.last_sent.max(sent);
            current.last_arrived = current.last_arrived.max(arrived);
            return;
        }
        let closed = *current;
        self.current = Some(Group::new(sent, arrived));
        let Some(before) = self.before.replace(closed) else {
            return;
        };
        let sent_apart = closed.last_sent - before.last_sent;
        let arrived_apart = closed.last_arrived - before.last_arrived;
        if arrived_apart < 0 || arrived_apart - sent_apart > JUMP {
            let threshold = self.threshold;
            *self = Trend {
                threshold,
                ..Trend::default()
            };
            return;
        }
        self.point(
            arrived_apart as f64 / 1000.0,
            sent_apart as f64 / 1000.0,
            (closed.last_arrived - self.origin) as f64 / 1000.0,
        );
    }

    fn point(&mut self, arrived_apart: f64, sent_apart: f64, at: f64) {
        self.deltas = (self.deltas + 1).min(1000);
        self.accumulated += arrived_apart - sent_apart;
        self.smoothed = SMOOTHING * self.smoothed + (1.0 - SMOOTHING) * self.accumulated;
        self.points[self.next] = (at, self.smoothed);
        self.next = (self.next + 1) % WINDOW;
        self.filled = (self.filled + 1).min(WINDOW);
        let slope = if self.filled == WINDOW {
            line(&self.points).unwrap_or(self.slope)
        } else {
            self.slope
        };
        self.detect(slope, sent_apart, at);
    }

    fn detect(&mut self, slope: f64, sent_apart: f64, at: f64) {
        if self.deltas < 2 {
            return;
        }
        let trend = f64::from(self.deltas.min(MAX_DELTAS)) * slope * GAIN;
        if trend > self.threshold {
            let over_for = self.over_for.map_or(sent_apart / 2.0, |before| before + sent_apart);
            self.over_for = Some(over_for);
            self.over_count += 1;
            if over_for > LASTING && self.over_count > 1 && slope >= self.slope {
                self.over_for = Some(0.0);
                self.over_count = 0;
                self.usage = Usage::Over;
            }
        } else {
            self.over_for = None;
            self.over_count = 0;
            self.usage = if trend < -self.threshold {
                Usage::Under
            } else {
                Usage::Normal
            };
        }
        self.slope = slope;
        self.adapt(trend.abs(), at);
    }

    /// §5.4: the threshold follows the trend, so that a path shared with a greedy flow is not left to it. The gains are those
    /// of browsers.
    fn adapt(&mut self, trend: f64, at: f64) {
        let elapsed = (at - self.adapted.replace(at).unwrap_or(at)).clamp(0.0, 100.0);
        if trend > self.threshold + 15.0 {
            return;
        }
        let gain = if trend < self.threshold { 0.039 } else { 0.0087 };
        self.threshold = (self.threshold + gain * (trend - self.threshold) * elapsed).clamp(6.0, 600.0);
    }
}

/// The slope of the least-squares line.
fn line(points: &[(f64, f64); WINDOW]) -> Option<f64> {
    let count = WINDOW as f64;
    let (sum_x, sum_y) = points
        .iter()
        .fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let (mut above, mut below) = (0.0, 0.0);
    for (x, y) in points {
        above += (x - mean_x) * (y - mean_y);
        below += (x - mean_x) * (x - mean_x);
    }
    (below > 0.0).then(|| above / below)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups of one packet each 10 ms through a queue that grows by `growth` µs per packet.
    fn path(trend: &mut Trend, from: i64, count: i64, base: i64, growth: i64) -> i64 {
        let mut delay = base;
        for step in 0..count {
            let sent = from + step * 10_000;
            delay += growth;
            trend.arrived(sent, sent + delay);
        }
        delay
    }

    #[test]
    fn a_queue_that_grows_is_noticed_and_so_is_its_end() {
        let mut trend = Trend::new();
        let base = path(&mut trend, 0, 100, 50_000, 0);
        assert_eq!(trend.usage(), Usage::Normal);
        let full = path(&mut trend, 1_000_000, 40, base, 2_000);
        assert_eq!(trend.usage(), Usage::Over);
        let empty = path(&mut trend, 1_400_000, 30, full, -2_000);
        assert_eq!(trend.usage(), Usage::Under);
        path(&mut trend, 1_700_000, 100, empty, 0);
        assert_eq!(trend.usage(), Usage::Normal);
    }

    #[test]
    fn jitter_alone_is_not_congestion() {
        let mut trend = Trend::new();
        for step in 0..2000i64 {
            let sent = step * 10_000;
            let jitter = (step * 7919 % 13) * 1_000;
            trend.arrived(sent, sent + 30_000 + jitter);
            assert_ne!(trend.usage(), Usage::Over, "at {step}");
            assert!(trend.wait() < 3_000, "at {step}: {}", trend.wait());
        }
    }

    #[test]
    fn a_queue_that_stays_full_is_known_by_how_long_everything_waits() {
        let mut trend = Trend::new();
        path(&mut trend, 0, 100, 50_000, 0);
        path(&mut trend, 1_000_000, 100, 350_000, 0);
        assert_eq!(trend.usage(), Usage::Normal, "it does not grow");
        assert_eq!(trend.wait(), 300_000);
        path(&mut trend, 2_000_000, 100, 50_000, 0);
        assert_eq!(trend.wait(), 0);
        path(&mut trend, 3_000_000, 4000, 80_000, 0);
        assert_eq!(trend.wait(), 0, "a longer way is not a queue for ever");
    }

    #[test]
    fn a_clock_that_jumps_begins_anew() {
        let mut trend = Trend::new();
        path(&mut trend, 0, 50, 50_000, 0);
        path(&mut trend, 500_000, 50, 60_000_000, 0);
        assert_eq!(trend.usage(), Usage::Normal);
        path(&mut trend, 1_000_000, 50, 1_000, 0);
        assert_eq!(trend.usage(), Usage::Normal);
    }
}
