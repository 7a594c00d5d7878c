//! What the web's handlers share. Nothing of a meeting's state: that belongs to the room alone.

use crate::clock::Clock;
use crate::config::Config;
use crate::enrol::Enrolments;
use crate::identity::Authority;
use crate::keys::Secret;
use crate::kiosk::Voters;
use crate::origin::Origins;
use crate::pairing::Pairings;
use crate::room::ToRoom;
use crate::screens::SocketId;
use crate::throttle::Throttle;
use crate::tickets::Tickets;
use journal::PublicKey;
use meeting::setup::Setup;
use metrics_exporter_prometheus::PrometheusHandle;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::Store;
use tokio::sync::{Semaphore, mpsc};

/// Shared by all handlers.
#[derive(Debug)]
pub struct App {
    /// What the operator chose.
    pub config: Config,
    /// Names and addresses of this hub, best first.
    pub hosts: Vec<String>,
    /// Which pages may open a websocket.
    pub origins: Origins,
    /// The own certificate authority.
    pub authority: Option<Authority>,
    /// The secret behind links and codes.
    pub secret: Arc<Secret>,
    /// The council, as the sitting began.
    pub setup: Arc<Setup>,
    /// The key by which the journal's signatures are checked.
    pub signed_by: PublicKey,
    /// The time.
    pub clock: Clock,
    /// Keys and PINs.
    pub store: Store,
    /// The way to the sitting.
    pub room: mpsc::Sender<ToRoom>,
    /// Figures.
    pub metrics: PrometheusHandle,
    /// Two at a time: each takes 19 MiB and a core.
    pub hashing: Semaphore,
    /// So many measure their lines at the same time.
    pub probing: Arc<Semaphore>,
    /// How many sockets are open.
    pub open: AtomicUsize,
    pub(crate) sockets: AtomicU64,
    pub(crate) tickets: Mutex<Tickets>,
    pub(crate) pairings: Mutex<Pairings>,
    pub(crate) enrolments: Mutex<Enrolments>,
    pub(crate) voters: Mutex<Voters>,
    pub(crate) wrong_keys: Mutex<Throttle<IpAddr>>,
    pub(crate) pairing_tries: Mutex<Throttle<IpAddr>>,
    pub(crate) enrol_tries: Mutex<Throttle<IpAddr>>,
    pub(crate) offers: Mutex<Throttle<IpAddr>>,
    pub(crate) probes: Mutex<Throttle<String>>,
}

impl App {
    /// A new name for a socket.
    #[must_use]
    pub fn next_socket(&self) -> SocketId {
        SocketId(self.sockets.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    }

    /// `https://host:port` of the best host.
    #[must_use]
    pub fn base_url(&self) -> String {
        base_url(&self.config, &self.hosts)
    }
}

/// `https://host:port` of the best host.
#[must_use]
pub fn base_url(config: &Config, hosts: &[String]) -> String {
    let host = hosts.first().map_or("localhost", String::as_str);
    let host = crate::addresses::in_url(host);
    match config.server.https.port() {
        443 => format!("https://{host}"),
        port => format!("https://{host}:{port}"),
    }
}

/// A map that is held for a few instructions at a time. A handler that panicked has left it whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
