//! A socket of the crowd: bursts out, batches in, each datagram with the kernel's time of its arrival.

use std::io::IoSliceMut;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use mio::{Interest, Poll, Token};
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};

/// Room for one batch, for all sockets of a crowd in turn.
pub fn room() -> Vec<u8> {
    vec![0; 65_536 * BATCH_SIZE]
}

/// Time since 1970; what stamps and the kernel's times of arrival have in common.
pub fn wall() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// A datagram that came in.
pub struct Arrival<'a> {
    /// From where.
    pub from: SocketAddr,
    /// When, by the kernel's account.
    pub at: Duration,
    /// What.
    pub bytes: &'a mut [u8],
}

/// One socket.
pub struct Port {
    socket: mio::net::UdpSocket,
    state: UdpSocketState,
    /// Its own address.
    pub address: SocketAddr,
}

impl Port {
    /// Opens one on loopback.
    pub fn open(poll: &Poll, token: usize) -> Result<Port> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        let _ = state.set_recv_buffer_size(UdpSockRef::from(&socket), 4 << 20);
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let mut socket = mio::net::UdpSocket::from_std(socket);
        poll.registry()
            .register(&mut socket, Token(token), Interest::READABLE)?;
        Ok(Port { socket, state, address })
    }

    /// Sends datagrams back to back, as one call when they are of one size.
    pub fn send(&self, to: SocketAddr, datagrams: &[Vec<u8>]) {
        for run in datagrams.chunk_by(|a, b| a.len() == b.len()) {
            let contents = run.concat();
            let transmit = Transmit {
                destination: to,
                ecn: None,
                contents: &contents,
                segment_size: (run.len() > 1).then(|| run[0].len()),
                src_ip: None,
            };
            let _ = self.state.try_send(UdpSockRef::from(&self.socket), &transmit);
        }
    }

    /// Hands every waiting datagram to `each`.
    pub fn receive(&self, buffer: &mut [u8], mut each: impl FnMut(Arrival<'_>)) {
        let room = buffer.len() / BATCH_SIZE;
        loop {
            let mut metas = [RecvMeta::default(); BATCH_SIZE];
            let mut chunks = buffer.chunks_mut(room).map(IoSliceMut::new);
            let mut slices: [IoSliceMut<'_>; BATCH_SIZE] =
                std::array::from_fn(|_| chunks.next().unwrap_or_else(|| IoSliceMut::new(&mut [])));
            let Ok(count) = self.state.recv(UdpSockRef::from(&self.socket), &mut slices, &mut metas) else {
                return;
            };
            for (meta, slice) in metas.iter().zip(slices.iter_mut()).take(count) {
                let at = meta.timestamp.unwrap_or_else(wall);
                for bytes in slice[..meta.len].chunks_mut(meta.stride.max(1)) {
                    each(Arrival {
                        from: meta.addr,
                        at,
                        bytes,
                    });
                }
            }
        }
    }
}
