//! What happens to a packet: dice, without sockets or clocks. The time comes from outside, as time since the start.
//!
//! One [`Direction`] for each site and way. The same seed and the same packets at the same times give the same fates.

use anyhow::{Context, Result, bail, ensure};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::time::Duration;

/// What is asked of one direction of a link.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Impairment {
    /// Every packet is late by this.
    pub delay: Duration,
    /// … give or take this.
    pub jitter: Jitter,
    /// Which packets never arrive.
    pub loss: Loss,
    /// Share of packets that arrive twice, 0…1.
    pub duplicate: f64,
    /// Share of packets that overtake those before them (they are not delayed), 0…1.
    pub reorder: f64,
    /// Jitter never lets a packet overtake another one, as in a queue. Without it each packet has its own delay, as netem does.
    pub keep_order: bool,
}

/// How delays spread.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Jitter {
    /// Not at all.
    #[default]
    None,
    /// Evenly between delay − this and delay + this.
    Uniform(Duration),
    /// Late by this on average beyond the delay, rarely by much more (shape 3, cut at twenty times the mean).
    Pareto(Duration),
}

/// How packets get lost.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Loss {
    /// None does.
    #[default]
    None,
    /// Each by itself, with this probability.
    Bernoulli(f64),
    /// In bursts (Gilbert–Elliott; everything is lost in the bad state, nothing in the good one).
    Bursts {
        /// Share of all packets, 0…1.
        share: f64,
        /// Mean length of a burst, packets, ≥ 1.
        mean: f64,
    },
}

const PARETO_SHAPE: f64 = 3.0;
const PARETO_CUT: f64 = 20.0;

impl Impairment {
    /// Reads `delay=30 jitter=uniform:20 loss=0.1 duplicate=0.01 reorder=0.02 order=keep`; times in milliseconds.
    /// Loss in bursts: `loss=bursts:0.1:5` (share, mean length).
    ///
    /// # Errors
    /// A word that is not known, or a number out of its range.
    pub fn read<'a>(words: impl Iterator<Item = &'a str>) -> Result<Self> {
        let mut asked = Self::default();
        for word in words {
            let (name, value) = word.split_once('=').with_context(|| format!("{word}: name=value"))?;
            match name {
                "delay" => asked.delay = milliseconds(value)?,
                "jitter" => asked.jitter = jitter(value)?,
                "loss" => asked.loss = loss(value)?,
                "duplicate" => asked.duplicate = share(value)?,
                "reorder" => asked.reorder = share(value)?,
                "order" => asked.keep_order = value == "keep",
                other => bail!("{other} is not known"),
            }
        }
        if let Jitter::Uniform(spread) = asked.jitter {
            ensure!(spread <= asked.delay, "a packet cannot arrive before it was sent");
        }
        Ok(asked)
    }
}

fn milliseconds(text: &str) -> Result<Duration> {
    let number: f64 = text.parse().with_context(|| format!("{text}: milliseconds"))?;
    ensure!((0.0..=60_000.0).contains(&number), "{text}: 0…60000 ms");
    Ok(Duration::from_secs_f64(number / 1000.0))
}

fn share(text: &str) -> Result<f64> {
    let number: f64 = text.parse().with_context(|| format!("{text}: a share"))?;
    ensure!((0.0..=1.0).contains(&number), "{text}: 0…1");
    Ok(number)
}

fn jitter(text: &str) -> Result<Jitter> {
    match text.split_once(':') {
        Some(("uniform", spread)) => Ok(Jitter::Uniform(milliseconds(spread)?)),
        Some(("pareto", mean)) => Ok(Jitter::Pareto(milliseconds(mean)?)),
        _ => bail!("{text}: uniform:MS or pareto:MS"),
    }
}

fn loss(text: &str) -> Result<Loss> {
    let Some(bursts) = text.strip_prefix("bursts:") else {
        return Ok(Loss::Bernoulli(share(text)?));
    };
    let (part, mean) = bursts.split_once(':').context("bursts:SHARE:MEAN")?;
    let mean: f64 = mean.parse().context("the mean length of a burst")?;
    let share = share(part)?;
    ensure!(
        mean >= 1.0 && share < 1.0,
        "{text}: bursts of at least one packet, a share below 1"
    );
    Ok(Loss::Bursts { share, mean })
}

/// What becomes of one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It never arrives.
    Lost,
    /// It goes on at this time, and a copy with it if `twice`.
    Goes {
        /// Time since the start.
        at: Duration,
        /// It arrives two times.
        twice: bool,
    },
}

/// One direction of a link with its dice.
#[derive(Debug)]
pub struct Direction {
    asked: Impairment,
    dice: StdRng,
    /// In the bad state of [`Loss::Bursts`].
    bad: bool,
    last: Duration,
    /// When the link is dead, sorted: from, until.
    outages: Vec<(Duration, Duration)>,
}

impl Direction {
    /// A direction that does nothing yet.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            asked: Impairment::default(),
            dice: StdRng::seed_from_u64(seed),
            bad: false,
            last: Duration::ZERO,
            outages: Vec::new(),
        }
    }

    /// From now on.
    pub fn set(&mut self, asked: Impairment) {
        self.asked = asked;
        self.bad = false;
    }

    /// The link is dead from `begin` until `end`, besides the outages that are written down already.
    pub fn outage(&mut self, begin: Duration, end: Duration) {
        self.outages.push((begin, end));
    }

    /// Whether the link is dead at this time.
    #[must_use]
    pub fn is_dead(&self, now: Duration) -> bool {
        self.outages.iter().any(|(begin, end)| (*begin..*end).contains(&now))
    }

    /// Throws the dice for a packet that arrives now.
    pub fn fate(&mut self, now: Duration) -> Fate {
        self.outages.retain(|(_, end)| *end > now);
        if self.is_dead(now) || self.is_lost() {
            return Fate::Lost;
        }
        let twice = self.asked.duplicate > 0.0 && self.dice.random_bool(self.asked.duplicate);
        if self.asked.reorder > 0.0 && self.dice.random_bool(self.asked.reorder) {
            return Fate::Goes { at: now, twice };
        }
        let mut at = now + self.delay();
        if self.asked.keep_order {
            at = at.max(self.last);
            self.last = at;
        }
        Fate::Goes { at, twice }
    }

    fn is_lost(&mut self) -> bool {
        match self.asked.loss {
            Loss::None => false,
            Loss::Bernoulli(share) => self.dice.random_bool(share),
            Loss::Bursts { share, mean } => {
                let leave = 1.0 / mean;
                let turn = if self.bad {
                    leave
                } else {
                    (share * leave / (1.0 - share)).min(1.0)
                };
                self.bad ^= self.dice.random_bool(turn);
                self.bad
            }
        }
    }

    fn delay(&mut self) -> Duration {
        match self.asked.jitter {
            Jitter::None => self.asked.delay,
            Jitter::Uniform(spread) => {
                let least = self.asked.delay.saturating_sub(spread);
                least + spread.mul_f64(2.0 * self.dice.random::<f64>())
            }
            Jitter::Pareto(mean) => {
                // Lomax: its mean is scale / (shape − 1).
                let scale = mean.as_secs_f64() * (PARETO_SHAPE - 1.0);
                let even = 1.0 - self.dice.random::<f64>();
                let more = scale * (even.powf(-1.0 / PARETO_SHAPE) - 1.0);
                self.asked.delay + Duration::from_secs_f64(more.min(PARETO_CUT * mean.as_secs_f64()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: u64 = 20_261_122;

    fn fates(words: &str, count: u64) -> Vec<Fate> {
        let mut direction = Direction::new(SEED);
        direction.set(Impairment::read(words.split_whitespace()).unwrap());
        (0..count)
            .map(|number| direction.fate(Duration::from_millis(number * 10)))
            .collect()
    }

    fn lost(fates: &[Fate]) -> f64 {
        fates.iter().filter(|fate| **fate == Fate::Lost).count() as f64 / fates.len() as f64
    }

    /// Mean length of the runs of lost packets.
    fn burst(fates: &[Fate]) -> f64 {
        let runs = fates.chunk_by(|a, b| (*a == Fate::Lost) == (*b == Fate::Lost));
        let lengths: Vec<usize> = runs.filter(|run| run[0] == Fate::Lost).map(<[Fate]>::len).collect();
        lengths.iter().sum::<usize>() as f64 / lengths.len() as f64
    }

    fn delays(fates: &[Fate]) -> Vec<f64> {
        let at = |(number, fate): (usize, &Fate)| match fate {
            Fate::Goes { at, .. } => Some(at.as_secs_f64() * 1000.0 - number as f64 * 10.0),
            Fate::Lost => None,
        };
        fates.iter().enumerate().filter_map(at).collect()
    }

    #[test]
    fn nothing_asked_nothing_done() {
        for (number, fate) in fates("", 100).into_iter().enumerate() {
            let at = Duration::from_millis(number as u64 * 10);
            assert_eq!(fate, Fate::Goes { at, twice: false });
        }
    }

    #[test]
    fn the_same_seed_throws_the_same_dice() {
        let words = "delay=50 jitter=uniform:20 loss=bursts:0.1:5 duplicate=0.1 reorder=0.1";
        assert_eq!(fates(words, 1000), fates(words, 1000));
    }

    #[test]
    fn single_losses_are_as_many_as_asked() {
        let fates = fates("loss=0.1", 100_000);
        assert!((lost(&fates) - 0.1).abs() < 0.005, "{}", lost(&fates));
        assert!((burst(&fates) - 1.11).abs() < 0.03, "{}", burst(&fates));
    }

    #[test]
    fn bursts_are_as_many_and_as_long_as_asked() {
        for mean in [5.0, 15.0] {
            let fates = fates(&format!("loss=bursts:0.1:{mean}"), 200_000);
            assert!((lost(&fates) - 0.1).abs() < 0.01, "{}", lost(&fates));
            assert!((burst(&fates) - mean).abs() < mean * 0.1, "{}", burst(&fates));
        }
    }

    #[test]
    fn uniform_jitter_stays_in_its_bounds_and_fills_them() {
        let delays = delays(&fates("delay=50 jitter=uniform:20", 10_000));
        let least = delays.iter().copied().fold(f64::MAX, f64::min);
        let most = delays.iter().copied().fold(0.0, f64::max);
        let mean = delays.iter().sum::<f64>() / delays.len() as f64;
        assert!(
            (30.0..30.5).contains(&least) && (69.5..=70.0).contains(&most),
            "{least}…{most}"
        );
        assert!((mean - 50.0).abs() < 0.5, "{mean}");
    }

    #[test]
    fn pareto_has_the_mean_asked_and_a_tail() {
        let delays = delays(&fates("delay=10 jitter=pareto:10", 100_000));
        let mean = delays.iter().sum::<f64>() / delays.len() as f64;
        assert!((mean - 20.0).abs() < 0.6, "{mean}");
        let late = delays.iter().filter(|delay| **delay > 60.0).count();
        assert!((200..4000).contains(&late), "{late} of 100000 by more than 50 ms");
    }

    #[test]
    fn order_is_kept_when_asked_and_only_then() {
        let overtaken = |words| {
            let at: Vec<f64> = delays(&fates(words, 2000))
                .iter()
                .enumerate()
                .map(|(number, delay)| number as f64 * 10.0 + delay)
                .collect();
            at.windows(2).filter(|pair| pair[1] < pair[0] - 1e-6).count()
        };
        assert_eq!(overtaken("delay=50 jitter=uniform:50 order=keep"), 0);
        assert!(overtaken("delay=50 jitter=uniform:50") > 500);
        assert!((60..140).contains(&overtaken("delay=30 reorder=0.05")));
    }

    #[test]
    fn an_outage_takes_everything_and_ends() {
        let mut direction = Direction::new(SEED);
        direction.outage(Duration::from_secs(1), Duration::from_secs(6));
        let lost: Vec<u64> = (0..100)
            .map(|number| number * 100)
            .filter(|ms| direction.fate(Duration::from_millis(*ms)) == Fate::Lost)
            .collect();
        assert_eq!((lost.first(), lost.last(), lost.len()), (Some(&1000), Some(&5900), 50));
    }

    #[test]
    fn nonsense_is_refused() {
        for words in [
            "delay",
            "loss=1.5",
            "loss=bursts:0.1",
            "delay=10 jitter=uniform:20",
            "weather=rain",
        ] {
            assert!(Impairment::read(words.split_whitespace()).is_err(), "{words}");
        }
    }
}
