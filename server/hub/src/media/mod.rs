//! The media threads: one forwarding unit each, with its own UDP port, and no lock on the way of a packet.
//!
//! A session lives on the thread that had the fewest when it came, and its answer names that thread's port. It may
//! receive whoever lives on another: packets cross as references, over bounded rings between each two threads. This file
//! gives the rest of the hub one face for all of them; it does not know who may speak.
//!
//! Architecture invariant: nothing in the hub can make a media thread wait, nor can one of them another.

mod port;
mod ring;
pub mod streams;
mod thread;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use ::media::{Answer, Config, Event, OfferRefusal, Plan, SessionId, SessionStats, Totals};
use tokio::sync::{mpsc::UnboundedSender, oneshot};

use port::Port;
use streams::Inlet;
use thread::{Command, Prepared, Thread};

/// Threads beyond this many bring nothing on one machine.
const MAX_THREADS: usize = 64;

/// Why an offer got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The offer is not acceptable.
    #[error("{0}")]
    Refused(#[from] OfferRefusal),
    /// The media thread is overloaded or gone.
    #[error("the media thread does not answer")]
    Unavailable,
}

/// Figures of the threads and their units.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// By session.
    pub sessions: Vec<(SessionId, SessionStats)>,
    /// Of all units together.
    pub totals: Totals,
    /// Datagrams that a socket or a connection did not take.
    pub unsent: u64,
    /// Packets that did not get from one thread to another, for want of room.
    pub uncrossed: u64,
}

/// The running media threads. Dropping it ends them and all calls.
pub struct Worker {
    threads: Vec<Thread>,
    /// Which thread a session lives on.
    homes: Mutex<BTreeMap<SessionId, usize>>,
}

impl Worker {
    /// Binds the ports and starts `threads` threads, or one for each core when 0. The first has the port of `bind`, the
    /// others those behind it, or any when that is 0. A candidate with port 0 gets the port of its thread, another one
    /// is counted on from in the same way.
    pub fn spawn(
        bind: SocketAddr,
        threads: usize,
        config: Config,
        events: UnboundedSender<Event>,
    ) -> io::Result<Worker> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let units = if threads == 0 { cores } else { threads }.min(MAX_THREADS);
        let start = Instant::now();
        let mut prepared = Vec::with_capacity(units);
        for unit in 0..units {
            let port = Port::bind(counted(bind, unit)?)?;
            let mut config = config.clone();
            (config.unit, config.units) = (unit, units);
            for candidate in &mut config.candidates {
                *candidate = counted(*candidate, unit)?;
                if candidate.port() == 0 {
                    candidate.set_port(port.address().port());
                }
            }
            prepared.push(Prepared::new(port, config, start)?);
        }
        ring::connect(&mut prepared);
        let threads = prepared.into_iter().map(|prepared| prepared.start(events.clone()));
        Ok(Worker {
            threads: threads.collect::<io::Result<_>>()?,
            homes: Mutex::default(),
        })
    }

    /// The address that the first thread has bound.
    pub fn address(&self) -> SocketAddr {
        self.threads[0].address()
    }

    /// The ways in for datagrams that come over connections, in the order of the units, each with its port.
    pub fn inlets(&self) -> Vec<(u16, Inlet)> {
        let threads = self.threads.iter();
        threads
            .map(|thread| (thread.address().port(), thread.inlet()))
            .collect()
    }

    /// Answers an offer; see [`Sfu::accept`](::media::Sfu::accept).
    pub async fn accept(&self, id: SessionId, offer: String) -> Result<Answer, NoAnswer> {
        let (home, is_new) = self.house(id);
        let (answer, answered) = oneshot::channel();
        self.threads[home].command(Command::Accept(id, offer, answer))?;
        let answer = answered.await.map_err(|_| NoAnswer::Unavailable)?;
        if answer.is_err() && is_new {
            self.homes().remove(&id);
        }
        Ok(answer?)
    }

    /// Begins a new ICE session; see [`Sfu::restart_ice`](::media::Sfu::restart_ice). `None` = there is no such session.
    pub async fn restart_ice(&self, id: SessionId, remote_ufrag: String) -> Result<Option<String>, NoAnswer> {
        let Some(home) = self.homes().get(&id).copied() else {
            return Ok(None);
        };
        let (answer, answered) = oneshot::channel();
        self.threads[home].command(Command::RestartIce(id, remote_ufrag, answer))?;
        answered.await.map_err(|_| NoAnswer::Unavailable)
    }

    /// Ends a session.
    pub fn close(&self, id: SessionId) -> Result<(), NoAnswer> {
        match self.homes().remove(&id) {
            Some(home) => self.threads[home].command(Command::Close(id)),
            None => Ok(()),
        }
    }

    /// Sets who receives what. Never waits and is never lost: only the latest plan counts.
    pub fn set_plan(&self, plan: Plan) {
        for thread in &self.threads {
            thread.set_plan(plan.clone());
        }
    }

    /// Figures of all sessions.
    pub async fn figures(&self) -> Result<Figures, NoAnswer> {
        let mut answers = Vec::with_capacity(self.threads.len());
        for thread in &self.threads {
            let (answer, answered) = oneshot::channel();
            thread.command(Command::Figures(answer))?;
            answers.push(answered);
        }
        let mut all = Figures::default();
        for answer in answers {
            let one = answer.await.map_err(|_| NoAnswer::Unavailable)?;
            all.sessions.extend(one.sessions);
            all.totals += one.totals;
            all.unsent += one.unsent;
            all.uncrossed += one.uncrossed;
        }
        Ok(all)
    }

    /// Where a session lives; a new one moves in where the fewest are.
    fn house(&self, id: SessionId) -> (usize, bool) {
        let mut homes = self.homes();
        if let Some(home) = homes.get(&id) {
            return (*home, false);
        }
        let mut tenants = vec![0usize; self.threads.len()];
        homes.values().for_each(|home| tenants[*home] += 1);
        let home = (0..tenants.len()).min_by_key(|home| tenants[*home]).unwrap_or(0);
        homes.insert(id, home);
        (home, true)
    }

    fn homes(&self) -> std::sync::MutexGuard<'_, BTreeMap<SessionId, usize>> {
        self.homes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The address of a thread, counted on from the first one's.
fn counted(first: SocketAddr, unit: usize) -> io::Result<SocketAddr> {
    let port = match first.port() {
        0 => Some(0),
        port => u16::try_from(unit).ok().and_then(|unit| port.checked_add(unit)),
    };
    let port = port.ok_or_else(|| io::Error::other("there are not enough ports behind the first one"))?;
    Ok(SocketAddr::new(first.ip(), port))
}
