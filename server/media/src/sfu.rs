//! The unit itself: its public face, and which part handles what. It only routes; each part has a file of its own.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom, SystemRandom};

use crate::allocate::Case;
use crate::arena::{Arena, Transmit};
use crate::config::Config;
use crate::demux::{Class, classify};
use crate::dtls::Identity;
use crate::fanout::Pending;
use crate::ice::Tuple;
use crate::plan::{Plan, SessionId};
use crate::relay::Neighbours;
use crate::session::Session;
use crate::stats::Totals;
use crate::track::Track;

/// Why a unit could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SfuError {
    /// Neither certificate nor random numbers.
    #[error("no certificate could be made: {0}")]
    Identity(String),
    /// Nobody could reach it.
    #[error("no candidate address is configured")]
    NoCandidates,
}

/// What the caller should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The handshake is done; media may flow.
    Connected {
        /// The session.
        id: SessionId,
    },
    /// Nothing authentic came since this instant.
    Silent {
        /// The session.
        id: SessionId,
        /// When it was last heard.
        since: Instant,
    },
    /// A silent session is heard again.
    Alive {
        /// The session.
        id: SessionId,
    },
    /// The session carries nothing any more and needs a new offer.
    Closed {
        /// The session.
        id: SessionId,
        /// Why.
        reason: ClosedReason,
    },
}

/// Why a session ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedReason {
    /// The certificate is not the one the offer named.
    FingerprintMismatch,
    /// The handshake did not succeed.
    HandshakeFailed,
    /// The peer said goodbye.
    PeerClosed,
}

impl ClosedReason {
    /// A stable name for protocol and logs.
    pub fn code(self) -> &'static str {
        match self {
            ClosedReason::FingerprintMismatch => "FingerprintMismatch",
            ClosedReason::HandshakeFailed => "HandshakeFailed",
            ClosedReason::PeerClosed => "PeerClosed",
        }
    }
}

/// Everything that leaves waits here until it is taken.
const ARENA: usize = 1 << 20;
/// Events the caller did not fetch; more are dropped, oldest first.
const MAX_EVENTS: usize = 4096;
/// Timers are looked at this often while there are sessions.
pub(crate) const TICK: Duration = Duration::from_millis(20);

/// A selective forwarding unit. See the [crate] documentation for how to drive it.
pub struct Sfu {
    pub(crate) config: Config,
    pub(crate) identity: Identity,
    pub(crate) random: SystemRandom,
    pub(crate) start: Instant,
    pub(crate) now: Instant,
    pub(crate) sessions: Vec<Option<Box<Session>>>,
    pub(crate) ids: HashMap<SessionId, usize>,
    pub(crate) ufrags: HashMap<Vec<u8>, usize>,
    pub(crate) tuples: HashMap<Tuple, usize>,
    pub(crate) tracks: Vec<Option<Box<Track>>>,
    pub(crate) epochs: u64,
    pub(crate) neighbours: Neighbours,
    pub(crate) plan: Plan,
    pub(crate) pending: Vec<Pending>,
    pub(crate) work: Vec<u64>,
    pub(crate) worked: usize,
    pub(crate) planned: usize,
    pub(crate) sequences: Vec<u16>,
    pub(crate) body: Vec<u8>,
    pub(crate) arena: Arena,
    events: VecDeque<Event>,
    pub(crate) totals: Totals,
    pub(crate) next_tick: Instant,
    pub(crate) feedback_due: Instant,
    /// Sessions whose packets or probes wait for their time, and when the next may leave.
    pub(crate) paced: Vec<usize>,
    pub(crate) pace_due: Option<Instant>,
    pub(crate) cases: Vec<Case>,
    pub(crate) layers_due: Instant,
}

impl Sfu {
    /// Makes a unit with a certificate of its own.
    pub fn new(config: Config, now: Instant) -> Result<Sfu, SfuError> {
        if config.candidates.is_empty() {
            return Err(SfuError::NoCandidates);
        }
        let identity = Identity::generate().map_err(|error| SfuError::Identity(error.to_string()))?;
        Ok(Sfu {
            arena: Arena::new(ARENA, config.max_segments),
            neighbours: Neighbours::new(config.unit, config.units),
            config,
            identity,
            random: SystemRandom::new(),
            start: now,
            now,
            sessions: Vec::new(),
            ids: HashMap::new(),
            ufrags: HashMap::new(),
            tuples: HashMap::new(),
            tracks: Vec::new(),
            epochs: 0,
            plan: Plan::default(),
            pending: Vec::with_capacity(crate::fanout::MAX_PENDING),
            work: Vec::with_capacity(16 * 1024),
            worked: 0,
            planned: 0,
            sequences: Vec::with_capacity(128),
            body: Vec::with_capacity(1200),
            events: VecDeque::with_capacity(64),
            totals: Totals::default(),
            next_tick: now,
            feedback_due: now,
            paced: Vec::new(),
            pace_due: None,
            cases: Vec::with_capacity(64),
            layers_due: now,
        })
    }

    /// Sets who receives what, from now on. Cameras that are newly shown are asked for a key frame at once.
    pub fn set_plan(&mut self, plan: Plan, now: Instant) {
        self.now = now;
        let before = std::mem::replace(&mut self.plan, plan);
        self.apply_changes(Some(&before), None, now);
    }

    /// Takes in one datagram, which is decrypted in place. `to` is the local address it came to.
    pub fn handle_datagram(&mut self, now: Instant, from: SocketAddr, to: SocketAddr, data: &mut [u8]) {
        let (remote, local, stream) = (from, to, None);
        self.handle(now, Tuple { remote, local, stream }, data);
    }

    pub(crate) fn handle(&mut self, now: Instant, tuple: Tuple, data: &mut [u8]) {
        self.now = now;
        self.totals.datagrams_in += 1;
        let class = classify(data);
        match class {
            Class::Stun => return self.on_stun(tuple, data, now),
            Class::Unknown => {
                self.totals.unknown += 1;
                return;
            }
            Class::Dtls | Class::Rtp | Class::Rtcp => {}
        }
        // Architecture invariant: only a 5-tuple that passed MESSAGE-INTEGRITY gets any further.
        let Some(place) = self.tuples.get(&tuple).copied() else {
            self.totals.strangers += 1;
            return;
        };
        match class {
            Class::Dtls => self.on_dtls(place, data, now),
            Class::Rtp => self.on_rtp(place, data, now),
            Class::Rtcp => self.on_rtcp(place, data, now),
            Class::Stun | Class::Unknown => {}
        }
    }

    /// Lets time pass. Call at [`Sfu::poll_timeout`] or later.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        self.pace(now);
        self.tick(now);
    }

    /// When [`Sfu::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Instant {
        if self.ids.is_empty() {
            self.now + Duration::from_secs(3600)
        } else {
            self.pace_due.map_or(self.next_tick, |due| due.min(self.next_tick))
        }
    }

    /// Something to send. Call until it says `None`.
    pub fn poll_transmit(&mut self) -> Option<Transmit<'_>> {
        if self.arena.is_drained() {
            self.arena.clear();
            self.fan_out();
        }
        self.arena.pop()
    }

    /// Something to know. Call until it says `None`.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Figures of the whole unit.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The sessions that are known, in no order.
    pub fn sessions(&self) -> impl Iterator<Item = SessionId> + '_ {
        self.ids.keys().copied()
    }

    pub(crate) fn event(&mut self, event: Event) {
        if self.events.len() == MAX_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    pub(crate) fn number(&self) -> u32 {
        let mut bytes = [0u8; 4];
        // The operating system's generator does not fail once the process has started; zero would only be guessable.
        let _ = self.random.fill(&mut bytes);
        u32::from_be_bytes(bytes)
    }
}
