//! What all clients of the relay share: who may come, how often, and which addresses are given out.
//!
//! A pass names the session it was made for and when it runs out, and its password is the name under the relay's secret;
//! so nothing is kept of passes that were given out.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use rtc_crypto::RTCCryptoProvider;
use rtc_stun::integrity::MessageIntegrity;
use rtc_stun::message::Message;

use super::message::Refused;
use crate::plan::SessionId;
use crate::sfu::SfuError;

pub(super) const REALM: &str = "media";
/// A pass opens allocations for so long (T-43: at most ten minutes).
const PASS: Duration = Duration::from_secs(600);
/// What was taken back is remembered for so long after it has run out: an allocation cannot be kept alive longer without
/// being asked for again.
const KEPT: Duration = Duration::from_secs(600);
/// Allocations of one session at the same time (T-43).
const PER_SESSION: usize = 4;
/// Allocations at the same time.
const ALL: usize = 2048;
/// The relayed addresses are names only: no socket has them. They come from the range of ephemeral ports.
const PORTS: std::ops::RangeInclusive<u16> = 49_152..=65_535;

/// A way in for one session, to be given to its browser as an ICE server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The user's name.
    pub username: String,
    /// The password.
    pub password: String,
    /// How long allocations can be made with it.
    pub valid_for: Duration,
}

/// The relay's side of all connections. See [`Turn`](super::Turn).
pub struct Relay {
    secret: hmac::Key,
    peers: Arc<[SocketAddr]>,
    provider: Arc<dyn RTCCryptoProvider>,
    start: Instant,
    held: HashMap<SocketAddr, SessionId>,
    /// Passes of these sessions that run out no later than this are void, in time since the start.
    void: HashMap<SessionId, Duration>,
    next: u16,
}

impl Relay {
    /// A relay to these addresses of the unit and to nothing else.
    ///
    /// # Errors
    /// There are no random numbers, or no addresses.
    pub fn new(peers: Vec<SocketAddr>, now: Instant) -> Result<Relay, SfuError> {
        if peers.is_empty() {
            return Err(SfuError::NoCandidates);
        }
        let broken = |error: &dyn std::fmt::Display| SfuError::Identity(error.to_string());
        let mut secret = [0u8; 32];
        SystemRandom::new().fill(&mut secret).map_err(|error| broken(&error))?;
        Ok(Relay {
            secret: hmac::Key::new(hmac::HMAC_SHA256, &secret),
            peers: peers.into(),
            provider: rtc_crypto::default_provider().map_err(|error| broken(&error))?,
            start: now,
            held: HashMap::new(),
            void: HashMap::new(),
            next: *PORTS.start(),
        })
    }

    /// A pass for a session's browser.
    pub fn pass(&self, session: SessionId, now: Instant) -> Pass {
        let until = now.saturating_duration_since(self.start) + PASS;
        let username = format!("{}:{}", until.as_micros(), session.0);
        let password = self.password(&username);
        Pass {
            username,
            password,
            valid_for: PASS,
        }
    }

    /// Takes back the passes of a session: nothing is opened or kept alive with them any more.
    pub fn void(&mut self, session: SessionId, now: Instant) {
        let now = now.saturating_duration_since(self.start);
        self.void.retain(|_, until| *until + KEPT > now);
        self.void.insert(session, now + PASS);
    }

    /// How many allocations there are.
    pub fn allocations(&self) -> usize {
        self.held.len()
    }

    fn password(&self, username: &str) -> String {
        let tag = hmac::sign(&self.secret, username.as_bytes());
        tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn peers(&self) -> Arc<[SocketAddr]> {
        Arc::clone(&self.peers)
    }

    pub(super) fn provider(&self) -> &dyn RTCCryptoProvider {
        self.provider.as_ref()
    }

    pub(super) fn nonce(&self) -> String {
        let mut bytes = [0u8; 16];
        // The operating system's generator does not fail once the process has started.
        let _ = SystemRandom::new().fill(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The session of this user and the key of its messages, if this one is signed with it.
    pub(super) fn key(
        &self,
        username: &str,
        message: &Message,
        goes_on: bool,
        now: Instant,
    ) -> Option<(SessionId, Vec<u8>)> {
        let (until, session) = username.split_once(':')?;
        let until = Duration::from_micros(until.parse().ok()?);
        let session = SessionId(session.parse().ok()?);
        let has_run_out = now >= self.start.checked_add(until)?;
        let is_void = self.void.get(&session).is_some_and(|void| until <= *void);
        if is_void || has_run_out && !goes_on {
            return None;
        }
        let crypto = self.provider.crypto();
        let password = self.password(username);
        let key =
            MessageIntegrity::long_term_integrity_key(username.to_owned(), REALM.to_owned(), password, crypto).ok()?;
        MessageIntegrity::check(&mut message.clone(), &key, crypto).ok()?;
        Some((session, key))
    }

    /// A relayed address: IPv4 unless the client asks for IPv6, or there is no other.
    pub(super) fn allocate(&mut self, session: SessionId, wants_v4: Option<bool>) -> Result<SocketAddr, Refused> {
        let of_family = |v4: bool| self.peers.iter().map(SocketAddr::ip).find(|ip| ip.is_ipv4() == v4);
        let ip: IpAddr = match wants_v4 {
            Some(v4) => of_family(v4),
            None => of_family(true).or(of_family(false)),
        }
        .ok_or(Refused::UnsupportedFamily)?;
        if self.held.values().filter(|held| **held == session).count() >= PER_SESSION {
            return Err(Refused::Quota);
        }
        if self.held.len() >= ALL {
            return Err(Refused::Full);
        }
        loop {
            let relayed = SocketAddr::new(ip, self.next);
            self.next = if self.next == *PORTS.end() {
                *PORTS.start()
            } else {
                self.next + 1
            };
            if let Entry::Vacant(free) = self.held.entry(relayed) {
                free.insert(session);
                return Ok(relayed);
            }
        }
    }

    pub(super) fn release(&mut self, relayed: SocketAddr) {
        self.held.remove(&relayed);
    }
}
