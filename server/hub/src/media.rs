//! The thread that drives the forwarding unit: one UDP port, one thread, no lock on the way of a packet.
//!
//! It knows sockets, clocks and the pure machine of the `media` crate; it does not know who may speak. Commands come
//! from the rest of the hub through a bounded channel and a waker; plans through a place where only the latest counts;
//! events go out through the channel that the caller gave. Packets are read in batches (GRO), the unit is polled dry
//! after each batch, and what it says leaves at once, segmented by the kernel (GSO).
//!
//! Architecture invariant: nothing in the hub can make this thread wait. A full socket drops and counts.

use std::cell::Cell;
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ::media::{Answer, Config, Event, OfferRefusal, Plan, SessionId, SessionStats, Sfu, Totals};
use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token, Waker};
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use tokio::sync::{mpsc::UnboundedSender, oneshot};

const SOCKET: Token = Token(0);
const COMMANDS: Token = Token(1);
/// Commands that wait for the thread; a hub that is further ahead is told so.
const BACKLOG: usize = 1024;
/// What the kernel may hold for us, in each direction.
const SOCKET_BUFFER: usize = 4 << 20;
/// An arrival longer ago than this is a clock that was set.
const LATEST: Duration = Duration::from_millis(500);
/// A socket that cannot send is given this long once, then what it did not take is dropped.
const STUCK: Duration = Duration::from_micros(500);

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

/// Figures of the thread and its unit.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// By session.
    pub sessions: Vec<(SessionId, SessionStats)>,
    /// Of the whole unit.
    pub totals: Totals,
    /// Datagrams that the socket did not take.
    pub unsent: u64,
}

enum Command {
    Accept(SessionId, String, oneshot::Sender<Result<Answer, OfferRefusal>>),
    Close(SessionId),
    Figures(oneshot::Sender<Figures>),
    Stop,
}

/// A running media thread. Dropping it ends the thread and all calls.
pub struct Worker {
    commands: SyncSender<Command>,
    plan: Arc<Mutex<Option<Plan>>>,
    waker: Arc<Waker>,
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Binds the port and starts the thread. A candidate with port 0 gets the port that was bound.
    pub fn spawn(bind: SocketAddr, mut config: Config, events: UnboundedSender<Event>) -> io::Result<Worker> {
        let socket = std::net::UdpSocket::bind(bind)?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        // A system limit below what we ask for is not an error; the kernel gives what it may.
        let _ = state.set_send_buffer_size(UdpSockRef::from(&socket), SOCKET_BUFFER);
        let _ = state.set_recv_buffer_size(UdpSockRef::from(&socket), SOCKET_BUFFER);
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        for candidate in config.candidates.iter_mut().filter(|candidate| candidate.port() == 0) {
            candidate.set_port(address.port());
        }
        config.max_segments = config.max_segments.min(state.max_gso_segments());
        let sfu = Sfu::new(config, Instant::now()).map_err(io::Error::other)?;

        let poll = Poll::new()?;
        let mut socket = UdpSocket::from_std(socket);
        poll.registry().register(&mut socket, SOCKET, Interest::READABLE)?;
        let waker = Arc::new(Waker::new(poll.registry(), COMMANDS)?);
        let (commands, inbox) = sync_channel(BACKLOG);
        let plan = Arc::new(Mutex::new(None));
        let mut port = Port {
            socket,
            state,
            address,
            poll,
            unsent: Cell::new(0),
        };
        let mut inside = Inside {
            sfu,
            inbox,
            plan: plan.clone(),
            events,
            latest: Instant::now(),
        };
        let thread = std::thread::Builder::new()
            .name("media".to_owned())
            .spawn(move || inside.run(&mut port))?;
        Ok(Worker {
            commands,
            plan,
            waker,
            address,
            thread: Some(thread),
        })
    }

    /// The address that was bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers an offer; see [`Sfu::accept`].
    pub async fn accept(&self, id: SessionId, offer: String) -> Result<Answer, NoAnswer> {
        let (answer, answered) = oneshot::channel();
        self.command(Command::Accept(id, offer, answer))?;
        Ok(answered.await.map_err(|_| NoAnswer::Unavailable)??)
    }

    /// Ends a session.
    pub fn close(&self, id: SessionId) -> Result<(), NoAnswer> {
        self.command(Command::Close(id))
    }

    /// Sets who receives what. Never waits and is never lost: only the latest plan counts.
    pub fn set_plan(&self, plan: Plan) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some(plan);
        let _ = self.waker.wake();
    }

    /// Figures of all sessions.
    pub async fn figures(&self) -> Result<Figures, NoAnswer> {
        let (answer, answered) = oneshot::channel();
        self.command(Command::Figures(answer))?;
        answered.await.map_err(|_| NoAnswer::Unavailable)
    }

    fn command(&self, command: Command) -> Result<(), NoAnswer> {
        self.commands.try_send(command).map_err(|_| NoAnswer::Unavailable)?;
        let _ = self.waker.wake();
        Ok(())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The thread empties its inbox on every wake, so there is soon room for the last command.
        let mut stop = Command::Stop;
        while let Err(TrySendError::Full(again)) = self.commands.try_send(stop) {
            stop = again;
            let _ = self.waker.wake();
            std::thread::yield_now();
        }
        let _ = self.waker.wake();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The socket and what waits on it.
struct Port {
    socket: UdpSocket,
    state: UdpSocketState,
    address: SocketAddr,
    poll: Poll,
    unsent: Cell<u64>,
}

/// The thread's own.
struct Inside {
    sfu: Sfu,
    inbox: Receiver<Command>,
    plan: Arc<Mutex<Option<Plan>>>,
    events: UnboundedSender<Event>,
    /// Arrival of the last datagram: time does not run back.
    latest: Instant,
}

impl Inside {
    fn run(&mut self, port: &mut Port) {
        let mut ready = Events::with_capacity(8);
        let room = 1500 * port.state.gro_segments();
        let mut bytes = vec![0u8; room * BATCH_SIZE];
        let mut panics = 0u64;
        loop {
            // One datagram that trips over a mistake of ours must not end everybody's call: the unit drops it and goes on.
            let turn = catch_unwind(AssertUnwindSafe(|| self.turn(port, &mut ready, &mut bytes, room)));
            match turn {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => return,
                Ok(Err(error)) => {
                    tracing::error!(%error, "the media thread cannot wait for its socket and ends");
                    return;
                }
                Err(_) => {
                    panics += 1;
                    tracing::error!(panics, "the media unit tripped over a mistake and goes on");
                }
            }
        }
    }

    /// Waits for something to happen and does what it asks for; `false` = stop.
    fn turn(&mut self, port: &mut Port, ready: &mut Events, bytes: &mut [u8], room: usize) -> io::Result<bool> {
        let wait = self.sfu.poll_timeout().saturating_duration_since(Instant::now());
        // Without sessions nothing is due for an hour; a minute keeps the thread's answer to a lost wake short.
        match port.poll.poll(ready, Some(wait.min(Duration::from_secs(60)))) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        // The socket reports an arrival once, so it is read until it is empty; commands and timers get their turn
        // between the batches.
        let mut is_reading = true;
        while is_reading {
            if !self.obey(port) {
                return Ok(false);
            }
            is_reading = self.receive(port, bytes, room);
            let now = Instant::now();
            if self.sfu.poll_timeout() <= now {
                self.sfu.handle_timeout(now);
            }
            self.flush(port);
        }
        Ok(true)
    }

    /// Follows the commands; `false` = stop.
    fn obey(&mut self, port: &Port) -> bool {
        while let Ok(command) = self.inbox.try_recv() {
            match command {
                // Who asked may have gone; then nobody misses the answer.
                Command::Accept(id, offer, answer) => drop(answer.send(self.sfu.accept(id, &offer, Instant::now()))),
                Command::Close(id) => self.sfu.close(id),
                Command::Figures(answer) => drop(answer.send(self.figures(port))),
                Command::Stop => return false,
            }
        }
        let plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(plan) = plan {
            self.sfu.set_plan(plan, Instant::now());
        }
        true
    }

    fn figures(&self, port: &Port) -> Figures {
        let stats = |id| Some((id, self.sfu.stats(id)?));
        Figures {
            sessions: self.sfu.sessions().filter_map(stats).collect(),
            totals: self.sfu.totals(),
            unsent: port.unsent.get(),
        }
    }

    /// Reads one batch; `false` when there was nothing to read.
    fn receive(&mut self, port: &mut Port, bytes: &mut [u8], room: usize) -> bool {
        let mut metas = [RecvMeta::default(); BATCH_SIZE];
        let mut chunks = bytes.chunks_mut(room).map(IoSliceMut::new);
        let mut slices: [IoSliceMut<'_>; BATCH_SIZE] =
            std::array::from_fn(|_| chunks.next().unwrap_or_else(|| IoSliceMut::new(&mut [])));
        let count = match port.state.recv(UdpSockRef::from(&port.socket), &mut slices, &mut metas) {
            Ok(count) => count,
            // An error that a datagram of ours provoked says nothing about the next one to be read.
            Err(error) => return error.kind() != io::ErrorKind::WouldBlock,
        };
        let now = Instant::now();
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        for (meta, slice) in metas.iter().zip(slices.iter_mut()).take(count) {
            let from = SocketAddr::new(meta.addr.ip().to_canonical(), meta.addr.port());
            let local = meta.dst_ip.unwrap_or_else(|| port.address.ip()).to_canonical();
            let to = SocketAddr::new(local, port.address.port());
            // A browser estimates its bandwidth from the arrival times we report; the kernel knows them better than a
            // thread that has just been woken on a busy machine.
            let waited = meta
                .timestamp
                .and_then(|arrival| clock.checked_sub(arrival))
                .unwrap_or_default();
            let at = now.checked_sub(waited.min(LATEST)).unwrap_or(now).max(self.latest);
            self.latest = at;
            for datagram in slice[..meta.len].chunks_mut(meta.stride.max(1)) {
                self.sfu.handle_datagram(at, from, to, datagram);
            }
        }
        true
    }

    /// Sends all that the unit has to say, and tells its events.
    fn flush(&mut self, port: &mut Port) {
        while let Some(transmit) = self.sfu.poll_transmit() {
            port.send(&transmit);
        }
        while let Some(event) = self.sfu.poll_event() {
            // The hub is shutting down when nobody listens.
            let _ = self.events.send(event);
        }
    }
}

impl Port {
    fn send(&self, transmit: &::media::Transmit<'_>) {
        let mapped = |ip: IpAddr| match (ip, self.address) {
            (IpAddr::V4(ip), SocketAddr::V6(_)) => IpAddr::V6(Ipv6Addr::from(ip.to_ipv6_mapped().octets())),
            (ip, _) => ip,
        };
        let size = transmit.segment_size.unwrap_or(transmit.contents.len()).max(1);
        let message = |contents, segment_size| Transmit {
            destination: SocketAddr::new(mapped(transmit.to.ip()), transmit.to.port()),
            ecn: None,
            contents,
            segment_size,
            src_ip: self.address.ip().is_unspecified().then(|| mapped(transmit.from.ip())),
        };
        if self.try_send(&message(transmit.contents, transmit.segment_size)) {
            return;
        }
        // A card or a tunnel may turn out not to segment; then each datagram goes by itself.
        for datagram in transmit.contents.chunks(size) {
            let is_sent = size < transmit.contents.len() && self.try_send(&message(datagram, None));
            self.unsent.set(self.unsent.get() + u64::from(!is_sent));
        }
    }

    /// `false` when the socket does not take it, not even after a moment.
    fn try_send(&self, message: &Transmit<'_>) -> bool {
        match self.state.try_send(UdpSockRef::from(&self.socket), message) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.wait_for_room();
                self.state.try_send(UdpSockRef::from(&self.socket), message).is_ok()
            }
            result => result.is_ok(),
        }
    }

    /// Gives the socket a moment. It has no poll of its own: the thread has nothing better to do than to send.
    fn wait_for_room(&self) {
        std::thread::sleep(STUCK);
    }
}
