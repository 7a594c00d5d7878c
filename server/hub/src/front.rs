//! What comes to the HTTPS port. Three kinds of guests knock there, and the first bytes tell which: TLS, or a frame of
//! ICE-TCP; and inside TLS a web request, or the relay's STUN.
//!
//! Nobody who has not shown what he is takes up much: their number is bounded, in all and by address, and so is the time
//! of each step. Web requests go on to the router, the rest to the media threads.

use crate::app::lock;
use crate::carry::Gate;
use axum_server::accept::Accept;
use socket2::SockRef;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncBufReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long each step may take: the first byte, the handshake, the first byte inside it.
const STEP: Duration = Duration::from_secs(10);
/// Guests who have not yet shown what they are.
const STRANGERS: usize = 1024;
/// … from one address; a whole site comes from one.
const STRANGERS_OF_ONE: usize = 256;
/// A TLS handshake record (RFC 8446 §5.1).
const TLS: u8 = 0x16;
/// Bytes that the kernel may hold for a connection of media: what waits longer than a moment is worth nothing.
const KERNEL_BUFFER: usize = 64 * 1024;
/// A connection whose peer does not acknowledge for so long is dead.
const UNACKNOWLEDGED: Duration = Duration::from_secs(15);

/// Receives whoever comes to the HTTPS port.
#[derive(Clone)]
pub struct Front {
    tls: TlsAcceptor,
    gate: Arc<Gate>,
    strangers: Arc<Mutex<Strangers>>,
}

#[derive(Debug, Default)]
struct Strangers {
    number: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One guest who has not yet shown what he is.
struct Stranger {
    all: Arc<Mutex<Strangers>>,
    address: IpAddr,
}

impl Stranger {
    fn enter(all: &Arc<Mutex<Strangers>>, address: IpAddr) -> Option<Self> {
        let mut counted = lock(all);
        if counted.number >= STRANGERS {
            return None;
        }
        let of_one = counted.by_address.entry(address).or_default();
        if *of_one >= STRANGERS_OF_ONE {
            return None;
        }
        *of_one += 1;
        counted.number += 1;
        drop(counted);
        let all = Arc::clone(all);
        Some(Self { all, address })
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut counted = lock(&self.all);
        counted.number -= 1;
        if let Some(of_one) = counted.by_address.get_mut(&self.address) {
            *of_one -= 1;
            if *of_one == 0 {
                counted.by_address.remove(&self.address);
            }
        }
    }
}

impl Front {
    /// Shows this certificate, and hands media to these threads.
    #[must_use]
    pub fn new(tls: Arc<rustls::ServerConfig>, gate: Arc<Gate>) -> Self {
        Self {
            tls: TlsAcceptor::from(tls),
            gate,
            strangers: Arc::default(),
        }
    }

    /// Finds out what a guest is; a web request comes back.
    async fn receive(self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let canonical = |address: SocketAddr| SocketAddr::new(address.ip().to_canonical(), address.port());
        let (remote, local) = (canonical(stream.peer_addr()?), canonical(stream.local_addr()?));
        let stranger = Stranger::enter(&self.strangers, remote.ip()).ok_or_else(|| {
            metrics::counter!("hub_strangers_refused_total").increment(1);
            io::Error::from(io::ErrorKind::ConnectionRefused)
        })?;
        stream.set_nodelay(true)?;
        let mut first = [0];
        if in_time(stream.peek(&mut first)).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if first[0] < TLS {
            // The length of a frame with a check in it; a longer one is not accepted there.
            soon_or_never(&stream)?;
            tokio::spawn(self.gate.carry_frames(stream, remote, local));
            return Err(elsewhere());
        }
        let mut stream = in_time(self.tls.accept(stream)).await?;
        let first = in_time(stream.fill_buf()).await?.first().copied();
        drop(stranger);
        match first {
            None => Err(io::ErrorKind::UnexpectedEof.into()),
            // No method of HTTP begins so, and every message of STUN does (RFC 8489 §5).
            Some(0..=3) => {
                soon_or_never(stream.get_ref().0)?;
                tokio::spawn(self.gate.carry_relayed(stream, remote, local));
                Err(elsewhere())
            }
            Some(_) => Ok(stream),
        }
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Front {
    type Stream = TlsStream<TcpStream>;
    type Service = S;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, S)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let front = self.clone();
        Box::pin(async move { Ok((front.receive(stream).await?, service)) })
    }
}

async fn in_time<T>(step: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(STEP, step).await.map_err(|_| io::ErrorKind::TimedOut)?
}

/// For the web server this connection is over.
fn elsewhere() -> io::Error {
    io::Error::other("carries media")
}

fn soon_or_never(stream: &TcpStream) -> io::Result<()> {
    let socket = SockRef::from(stream);
    socket.set_send_buffer_size(KERNEL_BUFFER)?;
    socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED))
}
