//! A crowd around an engine: publishers that send the load, receivers that count what arrives.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mio::{Events, Poll};

use crate::engine::{Engine, Place};
use crate::measure::{self, Figures, median, percentiles};
use crate::peer::{Care, Peer};
use crate::port;
use crate::traffic::{Load, Schedule};

const WARM_UP: Duration = Duration::from_secs(1);
const DRAIN: Duration = Duration::from_millis(400);
/// Receivers that always treat their packets as a browser does, also in a crowd that only counts.
const WITNESSES: usize = 2;
/// Every peer's timers are looked at this often; in a large crowd they take turns.
const HOUSEKEEPING: Duration = Duration::from_millis(20);
/// Peers whose timers are looked at in one turn.
const TURN: usize = 64;

/// Participants and their sockets.
struct Crowd {
    poll: Poll,
    ready: Events,
    buffer: Vec<u8>,
    peers: Vec<Peer>,
    housekeeping: Instant,
    next: usize,
}

impl Crowd {
    fn new() -> Result<Crowd> {
        Ok(Crowd {
            poll: Poll::new()?,
            ready: Events::with_capacity(256),
            buffer: port::room(),
            peers: Vec::new(),
            housekeeping: Instant::now(),
            next: 0,
        })
    }

    /// One participant joins; how long it waited until media could flow.
    fn join(&mut self, unit: &mut Engine, load: &Load, care: Care) -> Result<Duration> {
        let place = self.peers.len();
        let mut peer = Peer::new(&self.poll, place, care)?;
        let has = |is_video| {
            let list = load.publishers.get(place);
            list.is_some_and(|list| list.iter().any(|stream| stream.is_video == is_video))
        };
        let sources = |is_video| load.sources(place, is_video).len();
        let (offer, pending) = peer.offer((has(true), has(false)), (sources(true), sources(false)))?;
        let began = Instant::now();
        peer.accept(pending, &unit.accept(place, &offer)?)?;
        peer.tick(Instant::now())?;
        self.peers.push(peer);
        while !self.peers[place].is_connected {
            ensure!(
                began.elapsed() < Duration::from_secs(20),
                "participant {place} never connected"
            );
            let now = Instant::now();
            self.run_until(now + Duration::from_millis(1))?;
            self.peers[place].tick(now)?;
        }
        Ok(began.elapsed())
    }

    /// Reads sockets and keeps the peers alive until `deadline`.
    fn run_until(&mut self, deadline: Instant) -> Result<()> {
        loop {
            let now = Instant::now();
            let wait = deadline.min(self.housekeeping).saturating_duration_since(now);
            self.poll.poll(&mut self.ready, Some(wait))?;
            for event in &self.ready {
                self.peers[event.token().0].receive(&mut self.buffer)?;
            }
            let now = Instant::now();
            if now >= self.housekeeping {
                self.housekeeping = now + HOUSEKEEPING;
                for _ in 0..self.peers.len().min(TURN) {
                    self.next = (self.next + 1) % self.peers.len();
                    self.peers[self.next].tick(now)?;
                }
            }
            if now >= deadline {
                return Ok(());
            }
        }
    }

    fn received(&self) -> u64 {
        self.peers.iter().map(Peer::packets).sum()
    }
}

/// Puts `load` on the unit for `duration`.
pub fn load_unit(load: &Load, duration: Duration, care: Care, place: &Place) -> Result<Figures> {
    let mut unit = Engine::start(place, &["unit".to_owned(), place.threads.to_string()])?;
    let mut crowd = Crowd::new()?;
    for publisher in 0..load.publishers.len() {
        let is_whole = !load.is_mutual || publisher < WITNESSES;
        let care = if is_whole { Care::Whole } else { care };
        crowd.join(&mut unit, load, care)?;
    }
    let mut run = Run::new(load);
    let cpu = measure::cpu(unit.pid())?;
    let mut waits = Vec::new();
    let mut before = None;
    // The streams' rings fill first: steady state begins behind that, and what the receivers take is theirs alone.
    run.until(&mut crowd, load.fills())?;
    if load.subscribers > 0 {
        before = Some((
            unit.figures()?,
            measure::resident(unit.pid())?,
            measure::cpu(unit.pid())?,
        ));
        for subscriber in 0..load.subscribers {
            let care = if subscriber < WITNESSES { Care::Whole } else { care };
            waits.push(crowd.join(&mut unit, load, care)?.as_secs_f64());
        }
    }
    let joined = measure::cpu(unit.pid())?;
    unit.tell(&format!("plan {}", plan(load)))?;

    let begin = run.resume() + WARM_UP;
    run.until(&mut crowd, begin)?;
    let (allocations, at_begin) = (unit.allocations()?, measure::cpu(unit.pid())?);
    let (expected, received) = (run.expected, crowd.received());
    crowd.peers.iter_mut().for_each(|peer| peer.latencies.clear());
    let began = Instant::now();
    run.until(&mut crowd, begin + duration)?;
    let window = began.elapsed();
    crowd.run_until(Instant::now() + DRAIN)?;
    let at_end = measure::cpu(unit.pid())?;
    let allocations = unit.allocations()? - allocations;
    let after = unit.figures()?;
    ensure!(
        crowd.peers.iter().all(Peer::is_credible),
        "a receiver could not verify its packets"
    );

    let mut figures = Figures {
        expected: run.expected - expected,
        received: crowd.received() - received,
        cpu: at_end - at_begin,
        window,
        latency: percentiles(crowd.peers.iter().flat_map(|peer| peer.latencies.clone()).collect()),
        allocations,
        ..Figures::default()
    };
    if let Some((inside, resident, cpu)) = before {
        let count = load.subscribers as f64;
        figures.heap = (after.heap - inside.heap) as f64 / count;
        figures.resident = (measure::resident(unit.pid())? as f64 - resident as f64) / count;
        figures.set_up = ((joined - cpu).div_f64(count), Duration::from_secs_f64(median(waits)));
    } else {
        figures.set_up.0 = cpu.div_f64(load.participants() as f64);
    }
    Ok(figures)
}

/// What everybody receives, as the unit reads it.
fn plan(load: &Load) -> String {
    let list = |places: Vec<usize>| places.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
    let entries = (0..load.participants()).map(|id| {
        let (video, audio) = (list(load.sources(id, true)), list(load.sources(id, false)));
        format!("{id}/{video}/{audio}")
    });
    entries.collect::<Vec<_>>().join(" ")
}

/// A load under way.
struct Run<'a> {
    load: &'a Load,
    schedule: Schedule,
    start: Instant,
    /// Copies that the receivers should get of what was sent.
    expected: u64,
}

impl Run<'_> {
    fn new(load: &Load) -> Run<'_> {
        Run {
            load,
            schedule: Schedule::new(load),
            start: Instant::now(),
            expected: 0,
        }
    }

    /// Goes on after a pause, without making up for it; the time from which it goes on.
    fn resume(&mut self) -> Duration {
        let next = self.schedule.next();
        self.start = Instant::now().checked_sub(next).unwrap_or(self.start);
        next
    }

    /// Sends what is due before `end`, counted from the start.
    fn until(&mut self, crowd: &mut Crowd, end: Duration) -> Result<()> {
        while self.schedule.next() < end {
            crowd.run_until(self.start + self.schedule.next())?;
            while let Some(burst) = self.schedule.take(self.start.elapsed().min(end)) {
                let peer = crowd.peers.get_mut(burst.publisher).context("a publisher")?;
                peer.burst(&burst)?;
                let copies = self.load.copies(burst.publisher, burst.stream.is_video);
                self.expected += (burst.stream.burst * copies) as u64;
            }
        }
        Ok(())
    }
}
