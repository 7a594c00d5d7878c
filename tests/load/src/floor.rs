//! The least: receive a batch, open each packet once, copy and seal it for every receiver, send with segmentation.
//! No sessions, no repair, no reports, no rewriting. What an engine costs beyond this is its own.

use std::io::{IoSliceMut, Write};
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use anyhow::{Context, Result};
use mio::{Events, Interest, Poll, Token};
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

/// Header, as the engine sees it: an RTP header without extensions.
pub const HEADER: usize = 12;
const TAG: usize = 16;

/// A key that differs by number; number 0 is the publisher's.
pub fn key(number: u32) -> LessSafeKey {
    let mut bytes = [7u8; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &bytes).expect("the key has 32 bytes"))
}

fn nonce(header: &[u8]) -> Nonce {
    let mut nonce = [0u8; 12];
    nonce.copy_from_slice(&header[..HEADER]);
    Nonce::assume_unique_for_key(nonce)
}

/// Seals the packet in `buffer` (header and payload) and appends the tag.
pub fn seal(key: &LessSafeKey, buffer: &mut Vec<u8>) {
    let (header, payload) = buffer.split_at_mut(HEADER);
    let tag = key
        .seal_in_place_separate_tag(nonce(header), Aad::from(&*header), payload)
        .expect("GCM seals any length");
    buffer.extend_from_slice(tag.as_ref());
}

/// Runs until the process is ended: prints its address, then forwards everything to the sinks.
pub fn run(sinks: &[SocketAddr]) -> Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
    let _ = state.set_send_buffer_size(UdpSockRef::from(&socket), 4 << 20);
    let _ = state.set_recv_buffer_size(UdpSockRef::from(&socket), 4 << 20);
    socket.set_nonblocking(true)?;
    println!("{}", socket.local_addr()?);
    std::io::stdout().flush()?;
    let mut socket = mio::net::UdpSocket::from_std(socket);
    let mut poll = Poll::new()?;
    poll.registry().register(&mut socket, Token(0), Interest::READABLE)?;
    let mut ready = Events::with_capacity(4);

    let publisher = key(0);
    let receivers: Vec<(SocketAddr, LessSafeKey)> = (1..).zip(sinks).map(|(n, sink)| (*sink, key(n))).collect();
    let room = 1500 * state.gro_segments();
    let mut bytes = vec![0u8; room * BATCH_SIZE];
    let mut arena = vec![0u8; 65_535];
    let mut opened: Vec<(usize, usize)> = Vec::with_capacity(4096);
    loop {
        poll.poll(&mut ready, Some(Duration::from_secs(60)))?;
        loop {
            let mut metas = [RecvMeta::default(); BATCH_SIZE];
            let mut chunks = bytes.chunks_mut(room).map(IoSliceMut::new);
            let mut slices: [IoSliceMut<'_>; BATCH_SIZE] =
                std::array::from_fn(|_| chunks.next().unwrap_or_else(|| IoSliceMut::new(&mut [])));
            let Ok(count) = state.recv(UdpSockRef::from(&socket), &mut slices, &mut metas) else {
                break;
            };
            opened.clear();
            for (batch, (meta, slice)) in metas.iter().zip(slices.iter_mut()).take(count).enumerate() {
                let stride = meta.stride.max(1);
                for (order, datagram) in slice[..meta.len].chunks_mut(stride).enumerate() {
                    let (header, payload) = datagram.split_at_mut(HEADER);
                    let plain = publisher.open_in_place(nonce(header), Aad::from(&*header), payload);
                    let length = HEADER + plain.ok().context("the generator and the floor share a key")?.len();
                    opened.push((batch * room + order * stride, length));
                }
            }
            for (sink, key) in &receivers {
                let (mut end, mut segment) = (0, 0);
                for (start, length) in &opened {
                    let sealed = length + TAG;
                    let is_full = end + sealed > 60_000 || segment != 0 && sealed != segment;
                    if is_full {
                        send(&state, &socket, *sink, &arena[..end], segment);
                        end = 0;
                    }
                    segment = sealed;
                    let packet = &mut arena[end..end + sealed];
                    packet[..*length].copy_from_slice(&bytes[*start..start + length]);
                    let (body, tag) = packet.split_at_mut(*length);
                    let (header, payload) = body.split_at_mut(HEADER);
                    let made = key.seal_in_place_separate_tag(nonce(header), Aad::from(&*header), payload);
                    tag.copy_from_slice(made.ok().context("GCM seals any length")?.as_ref());
                    end += sealed;
                }
                send(&state, &socket, *sink, &arena[..end], segment);
            }
        }
    }
}

fn send(state: &UdpSocketState, socket: &mio::net::UdpSocket, to: SocketAddr, contents: &[u8], segment: usize) {
    if contents.is_empty() {
        return;
    }
    let transmit = Transmit {
        destination: to,
        ecn: None,
        contents,
        segment_size: (segment < contents.len()).then_some(segment),
        src_ip: None,
    };
    // What the socket does not take shows up as loss.
    let _ = state.try_send(UdpSockRef::from(socket), &transmit);
}
