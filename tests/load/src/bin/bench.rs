//! `bench [seconds] [rounds]`: CPU time per forwarded packet of the unit, and of the least that must be done, in one run.

use std::time::Duration;

use anyhow::{Context, Result};
use load::measure::{Figures, median};
use load::traffic::{self, Load};
use load::{crowd, floor, serve};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("unit") => serve::run(),
        Some("floor") => {
            let sinks = arguments[1..]
                .iter()
                .map(|sink| sink.parse().context("an address"))
                .collect::<Result<Vec<_>>>()?;
            floor::run(&sinks)
        }
        _ => {
            let number = |place: usize, default: u64| arguments.get(place).map_or(Ok(default), |text| text.parse());
            measure(Duration::from_secs(number(0, 8)?), number(1, 3)?)
        }
    }
}

/// Engines take turns, so that whatever else the machine does befalls both.
fn measure(duration: Duration, rounds: u64) -> Result<()> {
    println!(
        "CPU time per forwarded packet, median of {rounds} rounds of {} s\n",
        duration.as_secs()
    );
    println!("| load | floor µs | unit µs (min-max) | ratio | loss floor / unit | unit RSS |");
    println!("|---|---|---|---|---|---|");
    for load in [traffic::one_camera(), traffic::one_camera_even(), traffic::meeting()] {
        let (mut least, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            least.push(crowd::load_floor(&load, duration)?);
            ours.push(crowd::load_unit(&load, duration)?);
        }
        report(&load, &least, &ours);
    }
    Ok(())
}

fn report(load: &Load, least: &[Figures], ours: &[Figures]) {
    let times = |figures: &[Figures]| figures.iter().map(Figures::microseconds).collect::<Vec<_>>();
    let loss = |figures: &[Figures]| figures.iter().map(Figures::loss).fold(0.0, f64::max) * 100.0;
    let (floor, unit) = (median(times(least)), median(times(ours)));
    let spread = |pick: fn(f64, f64) -> f64, from: f64| times(ours).into_iter().fold(from, pick);
    println!(
        "| {} | {floor:.2} | {unit:.2} ({:.2}-{:.2}) | {:.2} | {:.3} % / {:.3} % | {:.1} MB |",
        load.name,
        spread(f64::min, f64::INFINITY),
        spread(f64::max, 0.0),
        unit / floor,
        loss(least),
        loss(ours),
        ours.last().map_or(0.0, |figures| figures.resident as f64 / 1e6),
    );
}
