//! One UDP socket: datagrams in batches (`recvmmsg`, GRO), out in runs of equal size (GSO).
//!
//! It knows addresses and the kernel's times of arrival; it does not know what a datagram means.

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mio::net::UdpSocket;
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};

/// What the kernel may hold for us, in each direction.
const SOCKET_BUFFER: usize = 4 << 20;
/// An arrival longer ago than this is a clock that was set.
const LATEST: Duration = Duration::from_millis(500);
/// A socket that cannot send is given this long once, then what it did not take is dropped.
const STUCK: Duration = Duration::from_micros(500);

/// A datagram that came in.
pub(super) struct Arrival<'a> {
    pub(super) at: Instant,
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) bytes: &'a mut [u8],
}

/// A bound socket and the room to read into.
pub(super) struct Port {
    pub(super) socket: UdpSocket,
    state: UdpSocketState,
    address: SocketAddr,
    bytes: Vec<u8>,
    /// Arrival of the last datagram: time does not run back.
    latest: Instant,
    unsent: u64,
}

impl Port {
    pub(super) fn bind(bind: SocketAddr) -> io::Result<Port> {
        let socket = std::net::UdpSocket::bind(bind)?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        // A system limit below what we ask for is not an error; the kernel gives what it may.
        let _ = state.set_send_buffer_size(UdpSockRef::from(&socket), SOCKET_BUFFER);
        let _ = state.set_recv_buffer_size(UdpSockRef::from(&socket), SOCKET_BUFFER);
        socket.set_nonblocking(true)?;
        Ok(Port {
            address: socket.local_addr()?,
            socket: UdpSocket::from_std(socket),
            bytes: vec![0; 1500 * state.gro_segments() * BATCH_SIZE],
            state,
            latest: Instant::now(),
            unsent: 0,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Segments that the kernel takes in one send.
    pub(super) fn max_segments(&self) -> usize {
        self.state.max_gso_segments()
    }

    /// Datagrams that the socket did not take.
    pub(super) fn unsent(&self) -> u64 {
        self.unsent
    }

    /// Reads one batch; `false` when it left nothing to read.
    pub(super) fn receive(&mut self, mut each: impl FnMut(Arrival<'_>)) -> bool {
        let mut metas = [RecvMeta::default(); BATCH_SIZE];
        let room = self.bytes.len() / BATCH_SIZE;
        let mut chunks = self.bytes.chunks_mut(room).map(IoSliceMut::new);
        let mut slices: [IoSliceMut<'_>; BATCH_SIZE] =
            std::array::from_fn(|_| chunks.next().unwrap_or_else(|| IoSliceMut::new(&mut [])));
        let count = match self.state.recv(UdpSockRef::from(&self.socket), &mut slices, &mut metas) {
            Ok(count) => count,
            // An error that a datagram of ours provoked says nothing about the next one to be read.
            Err(error) => return error.kind() != io::ErrorKind::WouldBlock,
        };
        let now = Instant::now();
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        for (meta, slice) in metas.iter().zip(slices.iter_mut()).take(count) {
            let from = SocketAddr::new(meta.addr.ip().to_canonical(), meta.addr.port());
            let local = meta.dst_ip.unwrap_or_else(|| self.address.ip()).to_canonical();
            let to = SocketAddr::new(local, self.address.port());
            // A browser estimates its bandwidth from the arrival times we report; the kernel knows them better than a
            // thread that has just been woken on a busy machine.
            let waited = meta
                .timestamp
                .and_then(|arrival| clock.checked_sub(arrival))
                .unwrap_or_default();
            let at = now.checked_sub(waited.min(LATEST)).unwrap_or(now).max(self.latest);
            self.latest = at;
            for bytes in slice[..meta.len].chunks_mut(meta.stride.max(1)) {
                each(Arrival { at, from, to, bytes });
            }
        }
        // What arrives behind a batch that was not full is reported anew.
        count == BATCH_SIZE
    }

    /// Sends a run of datagrams; what the socket does not take is dropped and counted.
    pub(super) fn send(&mut self, transmit: &::media::Transmit<'_>) {
        let mapped = |ip: IpAddr| match (ip, self.address) {
            (IpAddr::V4(ip), SocketAddr::V6(_)) => IpAddr::V6(Ipv6Addr::from(ip.to_ipv6_mapped().octets())),
            (ip, _) => ip,
        };
        let size = transmit.segment_size.unwrap_or(transmit.contents.len()).max(1);
        let destination = SocketAddr::new(mapped(transmit.to.ip()), transmit.to.port());
        let src_ip = self.address.ip().is_unspecified().then(|| mapped(transmit.from.ip()));
        let message = |contents, segment_size| Transmit {
            destination,
            ecn: None,
            contents,
            segment_size,
            src_ip,
        };
        if self.try_send(&message(transmit.contents, transmit.segment_size)) {
            return;
        }
        // A card or a tunnel may turn out not to segment; then each datagram goes by itself.
        for datagram in transmit.contents.chunks(size) {
            let is_sent = size < transmit.contents.len() && self.try_send(&message(datagram, None));
            self.unsent += u64::from(!is_sent);
        }
    }

    /// `false` when the socket does not take it, not even after a moment.
    fn try_send(&self, message: &Transmit<'_>) -> bool {
        match self.state.try_send(UdpSockRef::from(&self.socket), message) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // It has no poll of its own: the thread has nothing better to do than to send.
                std::thread::sleep(STUCK);
                self.state.try_send(UdpSockRef::from(&self.socket), message).is_ok()
            }
            result => result.is_ok(),
        }
    }
}
