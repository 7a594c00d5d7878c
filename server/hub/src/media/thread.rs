//! One media thread: a forwarding unit, its port, its clock, and the rings to the other threads.
//!
//! Commands come through a bounded channel and a waker; plans through a place where only the latest counts; events go out
//! through the channel that the caller gave. Packets are read in batches, the unit is polled dry after each, and what it
//! says leaves at once.

use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ::media::{Answer, Config, Event, OfferRefusal, Plan, SessionId, Sfu};
use mio::{Events, Interest, Poll, Token, Waker};
use tokio::sync::{mpsc::UnboundedSender, oneshot};

use super::port::Port;
use super::ring::{Doorbell, Neighbours};
use super::streams::{Inlet, Streams};
use super::{Figures, NoAnswer};

const SOCKET: Token = Token(0);
const COMMANDS: Token = Token(1);
/// Commands that wait for the thread; a hub that is further ahead is told so.
const BACKLOG: usize = 1024;
/// A busy thread rests between two batches, so that more packets come and leave in one call: so long for each packet that it
/// sends in a second,
const REST: Duration = Duration::from_nanos(500);
/// within these bounds,
const SHORT_REST: Duration = Duration::from_millis(3);
const LONG_REST: Duration = Duration::from_millis(10);
/// and no longer than until so many datagrams have come: the smallest buffer that a kernel gives a socket holds twice as many.
const BATCH: u32 = 64;
/// It is busy if more datagrams than this come in a second, each of which may wake it,
const MANY_ARRIVALS: u64 = 400;
/// and more packets than this leave in it. A quiet call is forwarded at once.
const MANY_PACKETS: u64 = 5000;
/// Which of the two it is, is decided this often.
const SECOND: Duration = Duration::from_secs(1);

/// What the hub asks of one thread.
pub(super) enum Command {
    Accept(SessionId, String, oneshot::Sender<Result<Answer, OfferRefusal>>),
    RestartIce(SessionId, String, oneshot::Sender<Option<String>>),
    Close(SessionId),
    Figures(oneshot::Sender<Figures>),
    Stop,
}

/// A thread that has its port and its unit, but does not run yet.
pub(super) struct Prepared {
    sfu: Sfu,
    port: Port,
    poll: Poll,
    pub(super) doorbell: Doorbell,
    pub(super) neighbours: Neighbours,
}

impl Prepared {
    /// `start` is the same for all threads.
    pub(super) fn new(mut port: Port, mut config: Config, start: Instant) -> io::Result<Prepared> {
        config.max_segments = config.max_segments.min(port.max_segments());
        let poll = Poll::new()?;
        poll.registry().register(&mut port.socket, SOCKET, Interest::READABLE)?;
        Ok(Prepared {
            sfu: Sfu::new(config, start).map_err(io::Error::other)?,
            port,
            doorbell: Doorbell::new(Waker::new(poll.registry(), COMMANDS)?),
            poll,
            neighbours: Neighbours::default(),
        })
    }

    pub(super) fn start(self, events: UnboundedSender<Event>) -> io::Result<Thread> {
        let (commands, inbox) = sync_channel(BACKLOG);
        let plan = Arc::new(Mutex::new(None));
        let (doorbell, address) = (self.doorbell.clone(), self.port.address());
        let bell = self.doorbell.clone();
        let (streams, inlet) = Streams::new(move || bell.send_errand());
        let mut inside = Inside {
            sfu: self.sfu,
            port: self.port,
            poll: self.poll,
            neighbours: self.neighbours,
            doorbell: self.doorbell,
            inbox,
            plan: plan.clone(),
            events,
            pace: Pace::default(),
            streams,
        };
        let thread = std::thread::Builder::new()
            .name("media".to_owned())
            .spawn(move || inside.run())?;
        Ok(Thread {
            commands,
            plan,
            doorbell,
            address,
            inlet,
            thread: Some(thread),
        })
    }
}

/// A running media thread. Dropping it ends the thread and its calls.
pub(super) struct Thread {
    commands: SyncSender<Command>,
    plan: Arc<Mutex<Option<Plan>>>,
    doorbell: Doorbell,
    address: SocketAddr,
    inlet: Inlet,
    thread: Option<JoinHandle<()>>,
}

impl Thread {
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The way in for datagrams that come over connections.
    pub(super) fn inlet(&self) -> Inlet {
        self.inlet.clone()
    }

    pub(super) fn command(&self, command: Command) -> Result<(), NoAnswer> {
        self.commands.try_send(command).map_err(|_| NoAnswer::Unavailable)?;
        self.doorbell.send_errand();
        Ok(())
    }

    pub(super) fn set_plan(&self, plan: Plan) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some(plan);
        self.doorbell.send_errand();
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // The thread empties its inbox on every wake, so there is soon room for the last command.
        let mut stop = Command::Stop;
        while let Err(TrySendError::Full(again)) = self.commands.try_send(stop) {
            stop = again;
            self.doorbell.send_errand();
            std::thread::yield_now();
        }
        self.doorbell.send_errand();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread's own.
struct Inside {
    sfu: Sfu,
    port: Port,
    poll: Poll,
    neighbours: Neighbours,
    doorbell: Doorbell,
    inbox: Receiver<Command>,
    plan: Arc<Mutex<Option<Plan>>>,
    events: UnboundedSender<Event>,
    pace: Pace,
    streams: Streams,
}

/// How busy the thread is.
#[derive(Default)]
struct Pace {
    since: Option<Instant>,
    came: u64,
    forwarded: u64,
    rest: Option<Duration>,
}

impl Pace {
    /// The thread begins a turn, after so many datagrams came and so many packets were forwarded; how long it should rest instead
    /// of waiting for something to happen.
    fn rest(&mut self, now: Instant, came: u64, forwarded: u64) -> Option<Duration> {
        let since = *self.since.get_or_insert(now);
        if now.saturating_duration_since(since) >= SECOND {
            let (into, out) = (came - self.came, forwarded - self.forwarded);
            self.rest = (into > MANY_ARRIVALS && out > MANY_PACKETS).then(|| {
                let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
                let batch = SECOND * BATCH / count(into);
                REST.saturating_mul(count(out))
                    .min(LONG_REST)
                    .min(batch)
                    .max(SHORT_REST)
            });
            (self.since, self.came, self.forwarded) = (Some(now), came, forwarded);
        }
        self.rest
    }
}

impl Inside {
    fn run(&mut self) {
        let mut ready = Events::with_capacity(8);
        let mut panics = 0u64;
        loop {
            // One datagram that trips over a mistake of ours must not end everybody's call: the unit drops it and goes on.
            let turn = catch_unwind(AssertUnwindSafe(|| self.turn(&mut ready)));
            match turn {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => return,
                Ok(Err(error)) => {
                    tracing::error!(%error, "a media thread cannot wait for its socket and ends");
                    return;
                }
                Err(_) => {
                    panics += 1;
                    tracing::error!(panics, "a media unit tripped over a mistake and goes on");
                }
            }
        }
    }

    /// Waits for something to happen, or rests, and does what there is to do; `false` = stop.
    fn turn(&mut self, ready: &mut Events) -> io::Result<bool> {
        let totals = self.sfu.totals();
        match self.pace.rest(Instant::now(), totals.datagrams_in, totals.forwarded) {
            // Something has come by then; asking for it first would be one more change of tasks.
            Some(rest) => std::thread::sleep(rest),
            None => self.sleep(ready)?,
        }
        // The socket reports an arrival once, so it is read until it is empty; commands, the other threads and timers
        // get their turn between the batches.
        let mut is_reading = true;
        while is_reading {
            if self.doorbell.has_errand() && !self.obey() {
                return Ok(false);
            }
            is_reading = self.receive();
            self.listen();
            let now = Instant::now();
            is_reading |= self.streams.take_in(&mut self.sfu, now);
            // Also when nothing is due: what leaves now is counted as leaving now, however long it waited for the thread.
            self.sfu.handle_timeout(now);
            self.flush();
        }
        Ok(true)
    }

    fn sleep(&mut self, ready: &mut Events) -> io::Result<()> {
        let neighbours = &self.neighbours;
        let wait = if self.doorbell.lie_down(|| neighbours.have_news()) {
            // Without sessions nothing is due for an hour; a minute keeps the thread's answer to a lost wake short.
            let due = self.sfu.poll_timeout().saturating_duration_since(Instant::now());
            due.min(self.streams.patience())
        } else {
            Duration::ZERO
        };
        let woken = self.poll.poll(ready, Some(wait));
        self.doorbell.get_up();
        match woken {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => Err(error),
            _ => Ok(()),
        }
    }

    /// Follows the commands; `false` = stop.
    fn obey(&mut self) -> bool {
        while let Ok(command) = self.inbox.try_recv() {
            match command {
                // Who asked may have gone; then nobody misses the answer.
                Command::Accept(id, offer, answer) => drop(answer.send(self.sfu.accept(id, &offer, Instant::now()))),
                Command::RestartIce(id, ufrag, answer) => {
                    drop(answer.send(self.sfu.restart_ice(id, &ufrag, Instant::now())));
                }
                Command::Close(id) => self.sfu.close(id),
                Command::Figures(answer) => drop(answer.send(self.figures())),
                Command::Stop => return false,
            }
        }
        let plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(plan) = plan {
            self.sfu.set_plan(plan, Instant::now());
        }
        true
    }

    fn figures(&self) -> Figures {
        let stats = |id| Some((id, self.sfu.stats(id)?));
        Figures {
            sessions: self.sfu.sessions().filter_map(stats).collect(),
            totals: self.sfu.totals(),
            unsent: self.port.unsent() + self.streams.unsent(),
            uncrossed: self.neighbours.uncrossed,
        }
    }

    /// Takes in what the other threads have said.
    fn listen(&mut self) {
        let sfu = &mut self.sfu;
        let now = Instant::now();
        self.neighbours.listen(|unit, relay| sfu.handle_relay(now, unit, relay));
    }

    /// Takes in one batch; `false` when it left nothing to read.
    fn receive(&mut self) -> bool {
        let sfu = &mut self.sfu;
        self.port
            .receive(|arrival| sfu.handle_datagram(arrival.at, arrival.from, arrival.to, arrival.bytes))
    }

    /// Sends all that the unit has to say, to peers and to other threads, and tells its events.
    fn flush(&mut self) {
        while let Some((unit, relay)) = self.sfu.poll_relay() {
            self.neighbours.tell(unit, relay);
        }
        self.neighbours.knock();
        while let Some(transmit) = self.sfu.poll_transmit() {
            match transmit.stream {
                None => self.port.send(&transmit),
                Some(stream) => self.streams.send(stream, &transmit),
            }
        }
        while let Some(event) = self.sfu.poll_event() {
            // The hub is shutting down when nobody listens.
            let _ = self.events.send(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_rests_only_while_it_is_busy_and_the_longer_the_more_it_sends() {
        let start = Instant::now();
        let mut pace = Pace::default();
        let (mut came, mut forwarded) = (0, 0);
        // What the last of some seconds led to, in milliseconds.
        let mut run = |seconds: std::ops::Range<u32>, arrivals: u64, copies: u64| {
            let mut rest = None;
            for turn in seconds.start * 100..seconds.end * 100 {
                came += arrivals / 100;
                forwarded += copies / 100;
                rest = pace.rest(start + SECOND * turn / 100, came, forwarded);
            }
            rest.map(|rest| rest.as_millis())
        };
        assert_eq!(run(0..5, 300, 30_000), None, "few arrivals");
        assert_eq!(run(5..10, 1000, 2000), None, "few packets");
        assert_eq!(run(10..15, 1000, 5500), Some(3));
        assert_eq!(run(15..20, 1000, 16_000), Some(8));
        assert_eq!(run(20..25, 1500, 100_000), Some(10));
        assert_eq!(run(25..30, 16_000, 100_000), Some(4), "before the socket is full");
        assert_eq!(run(30..35, 100, 1000), None, "quiet again");
    }
}
