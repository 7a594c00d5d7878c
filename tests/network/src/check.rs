//! What was asked against what was measured. No figure about a conference is worth anything if the bad network is not as bad
//! as it says; so every run begins with this, and ends here when it is off.

use crate::topology::{AHEAD, HUB, Topology, run};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

const ECHO_PORT: u16 = 7007;

/// What a series of datagrams met on its way there and back.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// How many were sent.
    pub sent: u32,
    /// Share that never came back.
    pub lost: f64,
    /// Mean length of the runs of lost ones; 0 without any.
    pub burst: f64,
    /// Share of those that came back which came back more than once.
    pub twice: f64,
    /// Share of those that came back which came back after one that was sent later.
    pub overtaken: f64,
    /// Round trip of the first copies: least, mean, 95 of 100, most; ms.
    pub delay: [f64; 4],
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [least, mean, late, most] = self.delay;
        write!(
            f,
            "{} sent: lost {:.1} % in runs of {:.1}, twice {:.1} %, overtaken {:.1} %, {least:.1} / {mean:.1} / {late:.1} / {most:.1} ms \
             (least, mean, p95, most)",
            self.sent,
            self.lost * 100.0,
            self.burst,
            self.twice * 100.0,
            self.overtaken * 100.0,
        )
    }
}

/// A process that ends with this value.
struct Echo(Child);

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends datagrams from a site to the hub and back.
///
/// # Errors
/// When a program cannot be started in the namespaces.
pub fn measure(topology: &Topology, site: &str, count: u32, gap_us: u32) -> Result<Measured> {
    let me = std::env::current_exe().context("this program's own file")?;
    let me = me.to_str().context("this program's own name")?;
    let address = format!("{HUB}:{ECHO_PORT}");
    let enter = |end: &str| {
        let namespace = topology.namespace(end);
        ["ip", "netns", "exec", &namespace]
            .map(str::to_owned)
            .into_iter()
            .chain(AHEAD.map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let inside = enter("hub");
    let mut command = Command::new(&inside[0]);
    command.args(&inside[1..]).args([me, "echo", &address]);
    let mut echo = Echo(command.stdout(Stdio::piped()).spawn()?);
    let mut ready = String::new();
    let stdout = echo.0.stdout.take().context("the echo's output")?;
    BufReader::new(stdout).read_line(&mut ready)?;
    ensure!(ready.trim() == "ready", "the echo does not start");
    let (count_word, gap) = (count.to_string(), gap_us.to_string());
    let inside = enter(site);
    let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
    let words = [
        &inside[..],
        &[me, "probe", &address, "--count", &count_word, "--gap-us", &gap],
    ]
    .concat();
    Ok(read(count, &run(&words)?))
}

/// Reads what the probe prints.
fn read(sent: u32, text: &str) -> Measured {
    let mut trips: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    let (mut newest, mut overtaken) = (0, 0_u32);
    for line in text.lines() {
        let Some((number, took)) = line.split_once(' ') else {
            continue;
        };
        let (Ok(number), Ok(took)) = (number.parse::<u32>(), took.parse::<f64>()) else {
            continue;
        };
        let copies = trips.entry(number).or_default();
        if copies.is_empty() {
            overtaken += u32::from(number < newest);
            newest = newest.max(number);
        }
        copies.push(took / 1000.0);
    }
    let back = trips.len().max(1) as f64;
    let here: Vec<bool> = (0..sent).map(|number| trips.contains_key(&number)).collect();
    let bursts: Vec<usize> = here
        .chunk_by(|a, b| a == b)
        .filter(|run| !run[0])
        .map(<[bool]>::len)
        .collect();
    let lost: usize = bursts.iter().sum();
    let mut delays: Vec<f64> = trips.values().map(|copies| copies[0]).collect();
    delays.sort_by(f64::total_cmp);
    let at = |part: f64| delays.get(((delays.len() as f64 * part) as usize).min(delays.len().saturating_sub(1)));
    Measured {
        sent,
        lost: lost as f64 / f64::from(sent.max(1)),
        burst: if bursts.is_empty() {
            0.0
        } else {
            lost as f64 / bursts.len() as f64
        },
        twice: trips.values().filter(|copies| copies.len() > 1).count() as f64 / back,
        overtaken: f64::from(overtaken) / back,
        delay: [
            at(0.0).copied().unwrap_or(f64::NAN),
            delays.iter().sum::<f64>() / back,
            at(0.95).copied().unwrap_or(f64::NAN),
            at(1.0).copied().unwrap_or(f64::NAN),
        ],
    }
}

/// What is asked of the impairer before every run, and what may be measured then.
pub struct Trial {
    /// The words of [`crate::model::Impairment::read`].
    pub asked: &'static str,
    /// Lost share: least, most.
    lost: (f64, f64),
    /// Mean run of lost ones.
    burst: (f64, f64),
    /// Share that comes twice.
    twice: (f64, f64),
    /// Share that is overtaken.
    overtaken: (f64, f64),
    /// Least, mean and 95 of 100 of the delay, each between two bounds; ms.
    delay: [(f64, f64); 3],
}

/// The bounds are four standard deviations of what the dice give for [`COUNT`] packets, and 3 ms for the machine's own timers.
pub const TRIALS: &[Trial] = &[
    Trial {
        asked: "",
        lost: (0.0, 0.0),
        burst: (0.0, 0.0),
        twice: (0.0, 0.0),
        overtaken: (0.0, 0.0),
        delay: [(0.0, 2.0), (0.0, 3.0), (0.0, 5.0)],
    },
    Trial {
        asked: "delay=50 jitter=uniform:20 loss=0.1 duplicate=0.05",
        lost: (0.06, 0.14),
        burst: (1.0, 1.4),
        twice: (0.02, 0.08),
        overtaken: (0.5, 1.0),
        delay: [(29.5, 33.5), (48.0, 54.0), (65.0, 73.0)],
    },
    Trial {
        asked: "delay=30 loss=bursts:0.1:5 reorder=0.05",
        lost: (0.03, 0.18),
        burst: (3.3, 7.2),
        twice: (0.0, 0.0),
        overtaken: (0.3, 1.0),
        delay: [(0.0, 3.0), (26.0, 32.0), (29.5, 35.0)],
    },
];

/// How many packets a trial takes, and how far apart they are sent.
pub const COUNT: u32 = 1000;
/// Microseconds.
pub const GAP_US: u32 = 1000;

impl Trial {
    /// # Errors
    /// What was measured is outside what was asked.
    pub fn judge(&self, measured: &Measured) -> Result<()> {
        let [least, mean, late, _] = measured.delay;
        let within = [
            ("loss", measured.lost, self.lost),
            ("runs of loss", measured.burst, self.burst),
            ("doubles", measured.twice, self.twice),
            ("order", measured.overtaken, self.overtaken),
            ("least delay", least, self.delay[0]),
            ("mean delay", mean, self.delay[1]),
            ("late delay", late, self.delay[2]),
        ];
        for (what, is, (from, to)) in within {
            ensure!(
                (from..=to).contains(&is),
                "asked {:?}: {what} is {is:.3}, not {from}…{to} ({measured})",
                self.asked
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_is_read() {
        let measured = read(6, "0 1000\n2 3000\n1 2000\n1 2500\n5 2000\n");
        assert_eq!(measured.lost, 2.0 / 6.0);
        assert_eq!(measured.burst, 2.0);
        assert_eq!(measured.twice, 0.25);
        assert_eq!(measured.overtaken, 0.25);
        assert_eq!(measured.delay, [1.0, 2.0, 3.0, 3.0]);
    }

    #[test]
    fn a_link_that_does_nothing_passes_no_trial_but_the_first() {
        let clean = Measured {
            sent: COUNT,
            lost: 0.0,
            burst: 0.0,
            twice: 0.0,
            overtaken: 0.0,
            delay: [0.1, 0.2, 0.3, 1.0],
        };
        let passed: Vec<bool> = TRIALS.iter().map(|trial| trial.judge(&clean).is_ok()).collect();
        assert_eq!(passed, [true, false, false]);
    }
}
