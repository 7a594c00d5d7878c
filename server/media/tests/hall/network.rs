//! What lies between the rooms and the unit: lines that lose, and lines with a queue.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use media::{Relay, StreamId};

/// One datagram on its way.
#[derive(Clone, Debug)]
pub struct Datagram {
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub bytes: Vec<u8>,
    /// The connection that carries it.
    pub stream: Option<StreamId>,
}

/// Decides what becomes of a datagram: what it puts into the list arrives, in this order.
pub type Link = Box<dyn FnMut(Datagram, &mut Vec<Datagram>)>;

/// Whether what one unit tells another gets there.
pub type Bridge = Box<dyn FnMut(&Relay) -> bool>;

/// A line that loses what `arrives` denies.
pub fn line(mut arrives: impl FnMut(&Datagram) -> bool + 'static) -> Link {
    Box::new(move |datagram, out| {
        if arrives(&datagram) {
            out.push(datagram);
        }
    })
}

/// A line with a queue towards one room.
pub struct Narrow {
    pub to: SocketAddr,
    /// Bit/s.
    pub capacity: u64,
    pub delay: Duration,
    /// Bytes that may wait.
    pub queue: usize,
    /// How long each datagram waited, since this was last emptied.
    pub waits: Vec<Duration>,
    /// Datagrams that found the queue full.
    pub lost: u64,
    /// Bytes that got through.
    pub carried: u64,
    free: Option<Instant>,
    under_way: VecDeque<(Instant, Datagram)>,
}

impl Narrow {
    pub fn new(to: SocketAddr, capacity: u64) -> Narrow {
        Narrow {
            to,
            capacity,
            delay: Duration::from_millis(50),
            queue: 60_000,
            waits: Vec::new(),
            lost: 0,
            carried: 0,
            free: None,
            under_way: VecDeque::new(),
        }
    }

    pub(super) fn take(&mut self, datagram: Datagram, now: Instant) {
        let begins = self.free.map_or(now, |free| free.max(now));
        let waits = begins - now;
        if waits.as_secs_f64() * self.capacity as f64 / 8.0 > self.queue as f64 {
            self.lost += 1;
            return;
        }
        let size = datagram.bytes.len() as u64;
        let ends = begins + Duration::from_micros(size * 8_000_000 / self.capacity);
        self.free = Some(ends);
        self.waits.push(waits);
        self.carried += size;
        self.under_way.push_back((ends + self.delay, datagram));
    }

    pub(super) fn give(&mut self, now: Instant) -> Option<Datagram> {
        let is_there = self.under_way.front().is_some_and(|(at, _)| *at <= now);
        is_there
            .then(|| self.under_way.pop_front())
            .flatten()
            .map(|(_, datagram)| datagram)
    }

    /// Nineteen of twenty waited no longer than this, since last asked.
    pub fn usual_wait(&mut self) -> Duration {
        let mut waits = std::mem::take(&mut self.waits);
        waits.sort_unstable();
        waits.get(waits.len() * 95 / 100).copied().unwrap_or_default()
    }
}
