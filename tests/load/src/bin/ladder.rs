//! `ladder [seconds] [folder for the plots] [part]`: how many receivers one core holds, with at most 1 % loss and 99 of 100
//! packets within 50 ms, beside the bare loop; and how the cost of a packet grows with receivers and with sites.
//!
//! A part is `receivers` or `sites`, by which the cost grows, or a profile that is climbed; without one, all of them in turn.
//!
//! The engine has core 0 to itself; start this program on another one (`taskset -c 1 ladder`).

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use load::engine::Place;
use load::measure::Figures;
use load::peer::Care;
use load::plot::{Line, chart};
use load::traffic::Load;
use load::{crowd, floor};

/// More than these are not tried: the crowd would be the one that gives up.
const MOST: usize = 3200;
const RECEIVERS: [usize; 7] = [10, 25, 50, 100, 200, 400, 800];
const SITES: [usize; 6] = [10, 25, 50, 100, 150, 200];

type Chart = (&'static str, &'static [usize], fn(usize) -> Load);
type Profile = (&'static str, fn(usize) -> Load, usize);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(ended) = load::engine(&arguments) {
        return ended;
    }
    let seconds = arguments.first().map_or(Ok(4), |text| text.parse())?;
    let folder = PathBuf::from(arguments.get(1).map_or("server/media", String::as_str));
    let ladder = Ladder {
        duration: Duration::from_secs(seconds),
        place: Place {
            core: Some(0),
            ..Place::here()?
        },
    };
    let wanted = |part: &str| arguments.get(2).is_none_or(|only| only == part);
    let charts: [Chart; 2] = [
        ("receivers", &RECEIVERS, Load::livestream),
        ("sites", &SITES, Load::sites),
    ];
    for (what, counts, load) in charts.into_iter().filter(|(what, ..)| wanted(what)) {
        let chart = ladder.growth(what, counts, load)?;
        std::fs::write(folder.join(format!("cost-{what}.svg")), chart)?;
    }
    let profiles: [Profile; 4] = [
        ("audio", Load::audio, 100),
        ("livestream", Load::livestream, 200),
        ("meeting", Load::meeting, 10),
        ("council", Load::council, 50),
    ];
    let mut profiles = profiles.into_iter().filter(|(name, ..)| wanted(name)).peekable();
    if profiles.peek().is_some() {
        println!(
            "\n| load | bare loop holds | unit holds | unit: CPU share, µs, loss, p99 ms there |\n|---|---|---|---|"
        );
    }
    for (name, load, first) in profiles {
        let (bare, _) = highest(first, |count| ladder.bare(&load(count)))?;
        let (unit, figures) = highest(first, |count| ladder.unit(&load(count)))?;
        println!(
            "| {name} | {} | {} | {:.0} %, {:.2}, {:.2} %, {:.1} |",
            many(bare),
            many(unit),
            figures.share() * 100.0,
            figures.microseconds(),
            figures.loss() * 100.0,
            f64::from(figures.latency.1) / 1e3
        );
    }
    Ok(())
}

fn many(count: usize) -> String {
    if count >= MOST {
        format!("{count} or more")
    } else {
        count.to_string()
    }
}

struct Ladder {
    duration: Duration,
    place: Place,
}

impl Ladder {
    fn unit(&self, load: &Load) -> Result<Figures> {
        crowd::load_unit(load, self.duration, Care::Count, &self.place)
    }

    fn bare(&self, load: &Load) -> Result<Figures> {
        floor::load_floor(load, self.duration, &self.place)
    }

    /// The cost of a packet by the number of `what`, as a table and a chart.
    fn growth(&self, what: &str, counts: &[usize], load: fn(usize) -> Load) -> Result<String> {
        println!(
            "\n| {what} | floor µs | unit µs | ratio | loss floor / unit | p99 unit ms |\n|---|---|---|---|---|---|"
        );
        let mut lines = ["bare loop", "unit"].map(|name| Line {
            name: name.to_owned(),
            points: Vec::new(),
        });
        for count in counts {
            let (bare, unit) = (self.bare(&load(*count))?, self.unit(&load(*count))?);
            row(*count, &bare, &unit);
            lines[0].points.push((*count as f64, bare.microseconds()));
            lines[1].points.push((*count as f64, unit.microseconds()));
        }
        Ok(chart("CPU per forwarded packet", what, "µs per packet", &lines))
    }
}

fn row(count: usize, bare: &Figures, unit: &Figures) {
    println!(
        "| {count} | {:.2} | {:.2} | {:.2} | {:.3} % / {:.3} % | {:.1} |",
        bare.microseconds(),
        unit.microseconds(),
        unit.microseconds() / bare.microseconds(),
        bare.loss() * 100.0,
        unit.loss() * 100.0,
        f64::from(unit.latency.1) / 1e3
    );
}

fn holds(figures: &Figures) -> bool {
    figures.loss() <= 0.01 && figures.latency.1 <= 50_000
}

/// The highest number that is held: doubled until it is not, then halved in between, to a tenth.
fn highest(first: usize, mut measure: impl FnMut(usize) -> Result<Figures>) -> Result<(usize, Figures)> {
    let (mut held, mut best, mut next) = (0, Figures::default(), first);
    let mut broken = loop {
        let figures = measure(next)?;
        if !holds(&figures) {
            break next;
        }
        (held, best) = (next, figures);
        if next == MOST {
            return Ok((held, best));
        }
        next = (next * 2).min(MOST);
    };
    while broken - held > (held / 10).max(1) {
        let middle = held + (broken - held) / 2;
        let figures = measure(middle)?;
        if holds(&figures) {
            (held, best) = (middle, figures);
        } else {
            broken = middle;
        }
    }
    Ok((held, best))
}
