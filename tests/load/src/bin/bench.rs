//! `bench [seconds] [rounds] [profile]`: what a forwarded packet costs in the unit, and what the least that must be done
//! costs, in one run.

use std::time::Duration;

use anyhow::Result;
use load::engine::Place;
use load::measure::{Figures, median};
use load::peer::Care;
use load::traffic::Load;
use load::{crowd, floor};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(ended) = load::engine(&arguments) {
        return ended;
    }
    let number = |place: usize, default: u64| arguments.get(place).map_or(Ok(default), |text| text.parse());
    let (duration, rounds) = (Duration::from_secs(number(0, 8)?), number(1, 3)?);
    let wanted = |load: &Load| arguments.get(2).is_none_or(|name| load.name == name);
    println!(
        "Median of {rounds} rounds of {} s; both take turns, so that whatever else the machine does befalls both.\n",
        duration.as_secs()
    );
    println!(
        "| load | receivers | floor µs | unit µs (min-max) | ratio | target | loss floor / unit | p50 / p99 floor ms | \
         p50 / p99 unit ms | allocations per packet | heap / resident per receiver kB | set-up CPU / wait ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let profiles = [
        (Load::audio(30), 1.6),
        (Load::livestream(50), 1.35),
        (Load::livestream(100), 1.35),
        (Load::meeting(10), 1.6),
        (Load::council(36), 1.6),
    ];
    for (load, target) in profiles.into_iter().filter(|(load, _)| wanted(load)) {
        let (mut least, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            least.push(floor::load_floor(&load, duration, &Place::here()?)?);
            ours.push(crowd::load_unit(&load, duration, Care::Whole, &Place::here()?)?);
        }
        report(&load, target, &least, &ours);
    }
    Ok(())
}

fn report(load: &Load, target: f64, least: &[Figures], ours: &[Figures]) {
    let middle = |all: &[Figures], pick: fn(&Figures) -> f64| median(all.iter().map(pick));
    let worst = |all: &[Figures], pick: fn(&Figures) -> f64| all.iter().map(pick).fold(0.0, f64::max);
    let fastest = ours.iter().map(Figures::microseconds).fold(f64::INFINITY, f64::min);
    let (floor, unit) = (
        middle(least, Figures::microseconds),
        middle(ours, Figures::microseconds),
    );
    let half = |figures: &Figures| f64::from(figures.latency.0) / 1e3;
    let tail = |figures: &Figures| f64::from(figures.latency.1) / 1e3;
    let allocations = |figures: &Figures| figures.allocations as f64 / figures.received.max(1) as f64;
    println!(
        "| {} | {} | {floor:.2} | {unit:.2} ({fastest:.2}-{:.2}) | **{:.2}** | {target} | {:.3} % / {:.3} % | \
         {:.2} / {:.2} | {:.2} / {:.2} | {:.5} | {:.0} / {:.0} | {:.1} / {:.1} |",
        load.name,
        load.subscribers + if load.is_mutual { load.publishers.len() } else { 0 },
        worst(ours, Figures::microseconds),
        unit / floor,
        worst(least, Figures::loss) * 100.0,
        worst(ours, Figures::loss) * 100.0,
        middle(least, half),
        middle(least, tail),
        middle(ours, half),
        middle(ours, tail),
        middle(ours, allocations),
        middle(ours, |figures| figures.heap) / 1e3,
        middle(ours, |figures| figures.resident) / 1e3,
        middle(ours, |figures| figures.set_up.0.as_secs_f64()) * 1e3,
        middle(ours, |figures| figures.set_up.1.as_secs_f64()) * 1e3,
    );
}
