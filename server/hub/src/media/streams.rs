//! Datagrams over connections: what the media thread and the tasks of the connections give each other.
//!
//! A browser behind a firewall that stops UDP sends its datagrams over TCP, in frames (ICE-TCP, RFC 6544), or through the
//! relay (TURN over TLS). Each connection has a task that knows its framing; the thread knows only datagrams and numbers.
//! Both directions are bounded, by number and by bytes: what does not fit is dropped and counted, nobody waits.

use ::media::{SessionId, Sfu, StreamId, Transmit};
use bytes::BytesMut;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Datagrams of all connections that wait for the thread.
const WAITING_IN: usize = 2048;
/// Bytes that wait for one connection: a quarter of a second of a room that sees a whole hall. Later they are worth nothing.
const WAITING_OUT: usize = 128 * 1024;
/// Runs of datagrams that wait for one connection.
const RUNS: usize = 256;
/// The thread takes in so many before it looks at its socket again.
const TOGETHER: usize = 256;
/// A connection that has proved nothing for so long is closed …
const UNPROVEN: Duration = Duration::from_secs(10);
/// … or after so many bytes. A check has about a hundred.
const UNPROVEN_BYTES: usize = 32 * 1024;
/// A relay's client whose session is not there is let go after this.
const WITHOUT_SESSION: Duration = Duration::from_secs(30);
/// How often the thread looks after its connections.
const LOOK: Duration = Duration::from_secs(1);

/// What a connection's task gives to the thread.
pub enum FromStream {
    /// A connection, and where its datagrams go. A relay's client names the session it may speak for.
    Opened(StreamId, Option<SessionId>, Outlet),
    /// A datagram: from whom, to which of our addresses.
    Datagram(StreamId, SocketAddr, SocketAddr, BytesMut),
    /// The connection is gone.
    Closed(StreamId),
}

/// The way into a media thread.
#[derive(Clone)]
pub struct Inlet {
    sender: SyncSender<FromStream>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Inlet {
    /// Gives something to the thread, which has to be woken then; `false` when it is too far behind.
    pub fn give(&self, given: FromStream) -> bool {
        self.sender.try_send(given).is_ok()
    }

    /// Wakes the thread.
    pub fn wake(&self) {
        (self.wake)();
    }
}

/// Datagrams for one connection.
#[derive(Debug)]
pub struct Run {
    /// Our address that sends them.
    pub from: SocketAddr,
    /// One or several.
    pub contents: Vec<u8>,
    /// The size of each; the last may be shorter.
    pub segment: usize,
}

/// The way out to one connection, as the thread holds it.
#[derive(Clone)]
pub struct Outlet {
    sender: mpsc::Sender<Run>,
    waiting: Arc<AtomicUsize>,
}

/// The other end, in the connection's task.
pub struct Drain {
    receiver: mpsc::Receiver<Run>,
    waiting: Arc<AtomicUsize>,
}

/// A way out to a connection.
#[must_use]
pub fn outlet() -> (Outlet, Drain) {
    let (sender, receiver) = mpsc::channel(RUNS);
    let waiting = Arc::new(AtomicUsize::new(0));
    let drain = Drain {
        receiver,
        waiting: Arc::clone(&waiting),
    };
    (Outlet { sender, waiting }, drain)
}

impl Drain {
    /// The next run; `None` when the thread has closed the connection.
    pub async fn next(&mut self) -> Option<Run> {
        let run = self.receiver.recv().await?;
        self.waiting.fetch_sub(run.contents.len(), Ordering::Relaxed);
        Some(run)
    }
}

struct Open {
    outlet: Outlet,
    session: Option<SessionId>,
    /// Since when nothing is proven.
    unproven: Option<Instant>,
    bytes: usize,
}

/// The thread's side of all connections.
pub struct Streams {
    inbox: Receiver<FromStream>,
    open: HashMap<StreamId, Open>,
    look_due: Instant,
    unsent: u64,
}

impl Streams {
    /// No connection yet. `wake` wakes the thread.
    #[must_use]
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> (Self, Inlet) {
        let (sender, inbox) = sync_channel(WAITING_IN);
        let streams = Self {
            inbox,
            open: HashMap::new(),
            look_due: Instant::now(),
            unsent: 0,
        };
        let wake = Arc::new(wake);
        (streams, Inlet { sender, wake })
    }

    /// Datagrams that found no room on their way out.
    #[must_use]
    pub fn unsent(&self) -> u64 {
        self.unsent
    }

    /// The thread must not sleep longer than this.
    #[must_use]
    pub fn patience(&self) -> Duration {
        if self.open.is_empty() {
            Duration::from_secs(60)
        } else {
            LOOK
        }
    }

    /// Gives the unit what waits; `true` when more may wait.
    pub fn take_in(&mut self, sfu: &mut Sfu, now: Instant) -> bool {
        for _ in 0..TOGETHER {
            let Ok(given) = self.inbox.try_recv() else {
                self.look(sfu, now);
                return false;
            };
            match given {
                FromStream::Opened(stream, session, outlet) => {
                    let unproven = Some(now);
                    let open = Open {
                        outlet,
                        session,
                        unproven,
                        bytes: 0,
                    };
                    self.open.insert(stream, open);
                }
                FromStream::Datagram(stream, from, to, mut datagram) => {
                    let Some(open) = self.open.get_mut(&stream) else {
                        continue;
                    };
                    open.bytes += datagram.len();
                    let too_much = open.unproven.is_some() && open.bytes > UNPROVEN_BYTES;
                    if too_much && !sfu.is_proven(stream) {
                        self.open.remove(&stream);
                        continue;
                    }
                    if too_much {
                        open.unproven = None;
                    }
                    sfu.handle_streamed(now, stream, from, to, &mut datagram);
                }
                FromStream::Closed(stream) => {
                    self.open.remove(&stream);
                    sfu.close_stream(stream);
                }
            }
        }
        true
    }

    /// Queues a run for its connection.
    pub fn send(&mut self, stream: StreamId, transmit: &Transmit<'_>) {
        let segment = transmit.segment_size.unwrap_or(transmit.contents.len()).max(1);
        let taken = self.open.get(&stream).is_some_and(|open| {
            let Outlet { sender, waiting } = &open.outlet;
            let length = transmit.contents.len();
            if waiting.load(Ordering::Relaxed) + length > WAITING_OUT {
                return false;
            }
            let run = Run {
                from: transmit.from,
                contents: transmit.contents.to_vec(),
                segment,
            };
            // Before it is queued, so that the task can never subtract what was not yet added.
            waiting.fetch_add(length, Ordering::Relaxed);
            let taken = sender.try_send(run).is_ok();
            if !taken {
                waiting.fetch_sub(length, Ordering::Relaxed);
            }
            taken
        });
        if !taken {
            self.unsent += transmit.contents.len().div_ceil(segment) as u64;
        }
    }

    /// Lets go of connections that are gone, or that have nothing to do here.
    fn look(&mut self, sfu: &mut Sfu, now: Instant) {
        if now < self.look_due {
            return;
        }
        self.look_due = now + LOOK;
        self.open.retain(|stream, open| {
            if sfu.is_proven(*stream) {
                open.unproven = None;
            } else {
                open.unproven.get_or_insert(now);
            }
            let unproven_for = open
                .unproven
                .map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
            // A relay's client keeps its allocation for when it is needed, as long as its session is here.
            let stays = match open.session {
                Some(session) => unproven_for < WITHOUT_SESSION || sfu.stats(session).is_some(),
                None => unproven_for < UNPROVEN,
            } && !open.outlet.sender.is_closed();
            if !stays {
                sfu.close_stream(*stream);
            }
            stays
        });
    }
}
