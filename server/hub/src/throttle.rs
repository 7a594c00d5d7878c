//! Token buckets: so many at once, so many over time.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// One bucket.
#[derive(Debug, Clone)]
pub struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

/// How large a bucket is and how fast it fills.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// At once.
    pub burst: u32,
    /// In a second, over time.
    pub per_s: f64,
}

impl Bucket {
    /// A full bucket.
    #[must_use]
    pub fn full(rate: Rate, now: Instant) -> Self {
        Self {
            tokens: f64::from(rate.burst),
            filled_at: now,
        }
    }

    /// Takes one.
    ///
    /// # Errors
    /// It is empty; the time until there is one.
    pub fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        let passed = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.tokens = (self.tokens + passed * rate.per_s).min(f64::from(rate.burst));
        self.filled_at = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64((1.0 - self.tokens) / rate.per_s))
    }

    fn is_full(&self, rate: Rate, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.tokens + passed * rate.per_s >= f64::from(rate.burst)
    }
}

/// Buckets by key, e.g. by address. Full ones are forgotten, so the map is bounded by how many tried lately.
#[derive(Debug)]
pub struct Throttle<K> {
    rate: Rate,
    buckets: HashMap<K, Bucket>,
}

/// So many keys are kept before full buckets are looked for; beyond it everybody waits.
const MANY: usize = 10_000;

impl<K: Eq + Hash> Throttle<K> {
    /// Nobody has tried yet.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self {
            rate,
            buckets: HashMap::new(),
        }
    }

    /// Takes one for this key.
    ///
    /// # Errors
    /// Too often; the time to wait.
    pub fn take(&mut self, key: K, now: Instant) -> Result<(), Duration> {
        let rate = self.rate;
        if self.buckets.len() >= MANY && !self.buckets.contains_key(&key) {
            self.buckets.retain(|_, bucket| !bucket.is_full(rate, now));
            if self.buckets.len() >= MANY {
                return Err(Duration::from_secs(1));
            }
        }
        self.buckets
            .entry(key)
            .or_insert_with(|| Bucket::full(rate, now))
            .take(rate, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_steady_rate() {
        let rate = Rate { burst: 3, per_s: 0.5 };
        let start = Instant::now();
        let mut throttle = Throttle::new(rate);
        assert!((0..3).all(|_| throttle.take("hall", start).is_ok()));
        assert_eq!(throttle.take("hall", start), Err(Duration::from_secs(2)));
        assert!(throttle.take("ward", start).is_ok(), "others are not concerned");
        let later = start + Duration::from_secs(2);
        assert!(throttle.take("hall", later).is_ok() && throttle.take("hall", later).is_err());
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let start = Instant::now();
        let mut throttle = Throttle::new(Rate { burst: 1, per_s: 1.0 });
        for key in 0..3 * MANY {
            let _either = throttle.take(key, start);
        }
        assert!(throttle.buckets.len() <= MANY);
        assert!(throttle.take(usize::MAX, start + Duration::from_secs(2)).is_ok());
    }
}
