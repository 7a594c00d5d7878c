//! One connection that carries datagrams: takes them out of their frames for the media thread, and puts the thread's into
//! frames. It knows RFC 4571 and the relay's messages; whether a datagram is believed, the unit decides.

use crate::app::lock;
use crate::media::streams::{Drain, FromStream, Inlet, Outlet, Run, outlet};
use ::media::turn::{Relay, Relayed, Turn};
use ::media::{SessionId, StreamId, Unframed, first_frame, frame, local_ufrag, unit_of};
use bytes::{Buf, BytesMut};
use std::io;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{interval, timeout};

/// Connections at the same time.
const CONNECTIONS: usize = 1024;
/// Somebody who has just connected has to say within this time what he wants.
const TO_PROVE: Duration = Duration::from_secs(10);
/// A connection from which not even a check comes is dead.
const DEAD: Duration = Duration::from_secs(60);
/// Answers of the relay that wait for one client.
const ANSWERS: usize = 16;
const READ: usize = 16 * 1024;

/// Where connections find the media threads.
pub struct Gate {
    inlets: Vec<(u16, Inlet)>,
    relay: Mutex<Relay>,
    next: AtomicU32,
    free: Arc<Semaphore>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("free", &self.free).finish_non_exhaustive()
    }
}

/// How datagrams travel on a connection.
enum Framing {
    /// ICE-TCP.
    Frames,
    /// Messages of the relay.
    Relay(Box<Mutex<Turn>>),
}

/// A connection's own.
struct Carried {
    id: StreamId,
    remote: SocketAddr,
    local: SocketAddr,
    framing: Framing,
    gate: Arc<Gate>,
}

impl Gate {
    /// The media threads, each by its port and in the order of their numbers, and the relay to them.
    #[must_use]
    pub fn new(inlets: Vec<(u16, Inlet)>, relay: Relay) -> Self {
        Self {
            inlets,
            relay: Mutex::new(relay),
            next: AtomicU32::new(1),
            free: Arc::new(Semaphore::new(CONNECTIONS)),
        }
    }

    /// The relay.
    pub fn relay(&self) -> &Mutex<Relay> {
        &self.relay
    }

    /// The thread for which this check is meant.
    fn of_check(&self, datagram: &[u8]) -> Option<&Inlet> {
        let number = unit_of(local_ufrag(datagram)?)?;
        self.inlets.get(number).map(|(_, inlet)| inlet)
    }

    /// Carries ICE-TCP until the connection ends.
    pub async fn carry_frames<S>(self: Arc<Self>, stream: S, remote: SocketAddr, local: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Send,
    {
        self.carry(stream, remote, local, Framing::Frames).await;
    }

    /// Serves a client of the relay until the connection ends.
    pub async fn carry_relayed<S>(self: Arc<Self>, stream: S, remote: SocketAddr, local: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Send,
    {
        let turn = Turn::new(remote, &lock(&self.relay));
        self.carry(stream, remote, local, Framing::Relay(Box::new(Mutex::new(turn))))
            .await;
    }

    async fn carry<S>(self: Arc<Self>, stream: S, remote: SocketAddr, local: SocketAddr, framing: Framing)
    where
        S: AsyncRead + AsyncWrite + Send,
    {
        let Ok(_place) = Arc::clone(&self.free).try_acquire_owned() else {
            return;
        };
        metrics::gauge!("hub_media_connections").increment(1.0);
        let (outlet, drain) = outlet();
        let carried = Carried {
            id: StreamId(self.next.fetch_add(1, Ordering::Relaxed)),
            remote,
            local,
            framing,
            gate: self,
        };
        carried.run(stream, outlet, drain).await;
        metrics::gauge!("hub_media_connections").decrement(1.0);
    }
}

impl Carried {
    async fn run<S: AsyncRead + AsyncWrite>(mut self, stream: S, outlet: Outlet, drain: Drain) {
        let (reader, writer) = tokio::io::split(stream);
        let (answers, answered) = mpsc::channel(ANSWERS);
        let me = &self;
        let reading = async {
            match &me.framing {
                Framing::Frames => me.read_frames(reader, outlet).await,
                Framing::Relay(turn) => me.read_relayed(reader, outlet, turn, answers).await,
            }
        };
        // A peer that does not read must not keep us from hearing it, so the two do not take turns.
        let ended = tokio::select! {
            ended = reading => ended,
            ended = me.write(writer, drain, answered) => ended,
            () = me.allocation_ends() => Ok(()),
        };
        tracing::debug!(?ended, stream = self.id.0, "a connection that carried media ended");
        for (_, inlet) in &self.gate.inlets {
            inlet.give(FromStream::Closed(self.id));
            inlet.wake();
        }
        if let Framing::Relay(turn) = &mut self.framing {
            let turn = turn.get_mut().unwrap_or_else(PoisonError::into_inner);
            turn.end(&mut lock(&self.gate.relay));
        }
    }

    /// The first frame says whose session this is for, and so which thread has it.
    async fn read_frames(&self, mut reader: impl AsyncRead + Unpin, outlet: Outlet) -> io::Result<()> {
        let mut outlet = Some(outlet);
        let mut thread: Option<&Inlet> = None;
        let mut buffer = BytesMut::with_capacity(READ);
        loop {
            let patience = if thread.is_some() { DEAD } else { TO_PROVE };
            fill(&mut reader, &mut buffer, patience).await?;
            while let Some(length) = first_frame(&buffer).map_err(unframed)? {
                let mut datagram = buffer.split_to(length);
                datagram.advance(2);
                if let Some(outlet) = outlet.take() {
                    let inlet = self.gate.of_check(&datagram).ok_or(io::ErrorKind::PermissionDenied)?;
                    if !inlet.give(FromStream::Opened(self.id, None, outlet)) {
                        return Err(io::ErrorKind::WouldBlock.into());
                    }
                    thread = Some(inlet);
                }
                if let Some(inlet) = thread {
                    // What finds no room is lost, as on any network.
                    inlet.give(FromStream::Datagram(self.id, self.remote, self.local, datagram));
                }
            }
            if let Some(inlet) = thread {
                inlet.wake();
            }
        }
    }

    async fn read_relayed(
        &self,
        mut reader: impl AsyncRead + Unpin,
        outlet: Outlet,
        turn: &Mutex<Turn>,
        answers: mpsc::Sender<Vec<u8>>,
    ) -> io::Result<()> {
        let mut outlet = Some(outlet);
        let mut buffer = BytesMut::with_capacity(READ);
        loop {
            // Once there is an allocation, its lifetime is the limit.
            let patience = if outlet.is_some() { TO_PROVE } else { Duration::MAX };
            fill(&mut reader, &mut buffer, patience).await?;
            while let Some(length) = Turn::first_message(&buffer).map_err(unframed)? {
                let message = buffer.split_to(length);
                let relayed = match message[0] {
                    0x40..=0x4f => lock(turn).channel_data(&message, Instant::now()),
                    _ => lock(turn).handle(&message, &mut lock(&self.gate.relay), Instant::now()),
                };
                match relayed {
                    Relayed::Answer(answer) => {
                        let session = lock(turn).session();
                        if let Some(session) = session
                            && let Some(outlet) = outlet.take()
                        {
                            self.open_everywhere(session, &outlet)?;
                        }
                        // Who asks without reading the answers is not answered.
                        let _full = answers.try_send(answer);
                    }
                    Relayed::Datagram { from, to, at } => self.pass_on(message, from, to, at),
                    Relayed::Nothing => {}
                }
            }
            self.gate.inlets.iter().for_each(|(_, inlet)| inlet.wake());
        }
    }

    /// The session may be in any thread; those that do not have it let go by themselves.
    fn open_everywhere(&self, session: SessionId, outlet: &Outlet) -> io::Result<()> {
        for (_, inlet) in &self.gate.inlets {
            if !inlet.give(FromStream::Opened(self.id, Some(session), outlet.clone())) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
        }
        Ok(())
    }

    /// The address that the client named is one of the unit's: the port says which thread has it.
    fn pass_on(&self, mut message: BytesMut, from: SocketAddr, to: SocketAddr, at: Range<usize>) {
        let Some((_, inlet)) = self.gate.inlets.iter().find(|(port, _)| *port == to.port()) else {
            return;
        };
        message.truncate(at.end);
        message.advance(at.start);
        inlet.give(FromStream::Datagram(self.id, from, to, message));
    }

    async fn write(
        &self,
        mut writer: impl AsyncWrite + Unpin,
        mut drain: Drain,
        mut answered: mpsc::Receiver<Vec<u8>>,
    ) -> io::Result<()> {
        let mut out = Vec::with_capacity(READ);
        loop {
            out.clear();
            tokio::select! {
                Some(answer) = answered.recv() => out.extend_from_slice(&answer),
                run = drain.next() => match run {
                    Some(run) => self.put(&run, &mut out),
                    None => return Ok(()),
                },
            }
            writer.write_all(&out).await?;
            writer.flush().await?;
        }
    }

    fn put(&self, run: &Run, out: &mut Vec<u8>) {
        match &self.framing {
            Framing::Frames => run
                .contents
                .chunks(run.segment)
                .for_each(|datagram| frame(datagram, out)),
            Framing::Relay(turn) => {
                let (turn, now) = (lock(turn), Instant::now());
                for datagram in run.contents.chunks(run.segment) {
                    // A client that did not ask to hear from this address does not.
                    let _permitted = turn.wrap(run.from, datagram, out, now);
                }
            }
        }
    }

    /// Resolves when a relay's client holds no allocation any more.
    async fn allocation_ends(&self) {
        let Framing::Relay(turn) = &self.framing else {
            return std::future::pending().await;
        };
        let mut look = interval(TO_PROVE);
        look.tick().await;
        loop {
            look.tick().await;
            if !lock(turn).is_allocated(Instant::now()) {
                return;
            }
        }
    }
}

/// Reads some more.
async fn fill(reader: &mut (impl AsyncRead + Unpin), buffer: &mut BytesMut, patience: Duration) -> io::Result<()> {
    buffer.reserve(READ);
    let reading = reader.read_buf(buffer);
    let count = if patience == Duration::MAX {
        reading.await?
    } else {
        timeout(patience, reading)
            .await
            .map_err(|_| io::ErrorKind::TimedOut)??
    };
    if count == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

fn unframed(error: Unframed) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
