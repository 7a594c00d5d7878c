//! The least: receive a batch, open each packet once, copy and seal it for every receiver, send with segmentation.
//! No sessions, no repair, no reports, no rewriting. What an engine costs beyond this is its own.
//!
//! [`run`] is that loop, as a process; [`load_floor`] puts a load on it.

use std::io::{IoSliceMut, Write};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use mio::{Events, Interest, Poll, Token};
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::engine::{Engine, Place};
use crate::measure::{self, Figures, percentiles};
use crate::peer::{stamp, stamped};
use crate::port::{self, Port};
use crate::traffic::{Burst, Load, Schedule};

/// Header, as long as an RTP header without extensions: a mark, the publisher, who receives, a number.
const HEADER: usize = 12;
const TAG: usize = 16;
/// A datagram for nobody.
const NOBODY: u8 = 1;
/// A receiver that is none of the publishers.
const NO_PUBLISHER: usize = usize::MAX;
const WARM_UP: Duration = Duration::from_secs(1);
const DRAIN: Duration = Duration::from_millis(400);
/// Receivers that open their packets, for the latency.
const WITNESSES: usize = 2;

/// A key that differs by number; number 0 is the publisher's.
fn key(number: u32) -> LessSafeKey {
    let mut bytes = [7u8; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &bytes).expect("the key has 32 bytes"))
}

fn nonce(header: &[u8]) -> Nonce {
    let mut nonce = [0u8; 12];
    nonce.copy_from_slice(&header[..HEADER]);
    Nonce::assume_unique_for_key(nonce)
}

/// A receiver, as the loop sees it.
struct Sink {
    address: SocketAddr,
    key: LessSafeKey,
    /// Which publisher it is, if it is one: nobody gets their own.
    publisher: usize,
}

/// Runs until the process is ended: prints its address, then forwards everything. Arguments are `address` of receivers
/// that only receive, `publisher@address` of those who send too.
pub fn run(arguments: &[String]) -> Result<()> {
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
    let sinks = (1..).zip(arguments).map(|(number, text)| sink(number, text));
    let sinks: Vec<Sink> = sinks.collect::<Result<_>>()?;

    let publisher = key(0);
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
            for sink in &sinks {
                forward(&state, &socket, sink, &bytes, &opened, &mut arena)?;
            }
        }
    }
}

fn sink(number: u32, text: &str) -> Result<Sink> {
    let (publisher, address) = match text.split_once('@') {
        Some((publisher, address)) => (publisher.parse()?, address),
        None => (NO_PUBLISHER, text),
    };
    Ok(Sink {
        address: address.parse()?,
        key: key(number),
        publisher,
    })
}

/// Seals what one receiver gets, and sends it in runs of equal size whose last may be shorter.
fn forward(
    state: &UdpSocketState,
    socket: &mio::net::UdpSocket,
    sink: &Sink,
    bytes: &[u8],
    opened: &[(usize, usize)],
    arena: &mut [u8],
) -> Result<()> {
    let (mut end, mut segment, mut is_closed) = (0, 0, false);
    for (start, length) in opened {
        let datagram = &bytes[*start..start + length];
        if datagram[2] == NOBODY || usize::from(datagram[1]) == sink.publisher {
            continue;
        }
        let sealed = length + TAG;
        if is_closed || end + sealed > 60_000 || segment != 0 && sealed > segment {
            send(state, socket, sink.address, &arena[..end], segment);
            (end, segment) = (0, 0);
        }
        if segment == 0 {
            segment = sealed;
        }
        is_closed = sealed < segment;
        let packet = &mut arena[end..end + sealed];
        packet[..*length].copy_from_slice(datagram);
        let (body, tag) = packet.split_at_mut(*length);
        let (header, payload) = body.split_at_mut(HEADER);
        let made = sink
            .key
            .seal_in_place_separate_tag(nonce(header), Aad::from(&*header), payload);
        tag.copy_from_slice(made.ok().context("GCM seals any length")?.as_ref());
        end += sealed;
    }
    send(state, socket, sink.address, &arena[..end], segment);
    Ok(())
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

/// A packet as the floor expects it; the header's number makes the nonce unique.
fn packet(key: &LessSafeKey, number: u64, burst: &Burst, is_forwarded: bool) -> Vec<u8> {
    let mut packet = vec![0x80, burst.publisher as u8, if is_forwarded { 0 } else { NOBODY }, 0];
    packet.extend_from_slice(&number.to_be_bytes());
    packet.extend_from_slice(&stamped(burst.payload));
    let (header, payload) = packet.split_at_mut(HEADER);
    let tag = key.seal_in_place_separate_tag(nonce(header), Aad::from(&*header), payload);
    packet.extend_from_slice(tag.expect("GCM seals any length").as_ref());
    packet
}

/// The other ends of the loop.
struct Sinks {
    poll: Poll,
    ready: Events,
    buffer: Vec<u8>,
    ports: Vec<Port>,
    keys: Vec<LessSafeKey>,
    received: u64,
    latencies: Vec<u32>,
}

impl Sinks {
    fn until(&mut self, deadline: Instant) -> Result<()> {
        loop {
            let wait = deadline.saturating_duration_since(Instant::now());
            self.poll.poll(&mut self.ready, Some(wait))?;
            for event in &self.ready {
                let place = event.token().0;
                let witness = self.keys.get(place);
                let (received, latencies) = (&mut self.received, &mut self.latencies);
                self.ports[place].receive(&mut self.buffer, |arrival| {
                    *received += 1;
                    let Some(key) = witness else { return };
                    let (header, payload) = arrival.bytes.split_at_mut(HEADER);
                    let plain = key.open_in_place(nonce(header), Aad::from(&*header), payload);
                    if let Some(sent) = plain.ok().and_then(|plain| stamp(plain)) {
                        let latency = arrival.at.saturating_sub(sent).as_micros();
                        latencies.push(u32::try_from(latency).unwrap_or(u32::MAX));
                    }
                });
            }
            if Instant::now() >= deadline {
                return Ok(());
            }
        }
    }
}

/// Puts the same load on the floor.
pub fn load_floor(load: &Load, duration: Duration, place: &Place) -> Result<Figures> {
    let poll = Poll::new()?;
    let receivers: Vec<usize> = (0..load.participants())
        .filter(|participant| load.is_mutual || *participant >= load.publishers.len())
        .collect();
    let ports = (0..receivers.len()).map(|token| Port::open(&poll, token));
    let mut sinks = Sinks {
        ports: ports.collect::<Result<_>>()?,
        poll,
        ready: Events::with_capacity(256),
        buffer: port::room(),
        keys: (1..=WITNESSES as u32).map(key).collect(),
        received: 0,
        latencies: Vec::new(),
    };
    let mut arguments = vec!["floor".to_owned()];
    arguments.extend(receivers.iter().zip(&sinks.ports).map(|(participant, port)| {
        if load.is_mutual {
            format!("{participant}@{}", port.address)
        } else {
            port.address.to_string()
        }
    }));
    let mut floor = Engine::start(place, &arguments)?;
    let target: SocketAddr = floor.line()?.parse()?;
    let silent = Poll::new()?;
    let publishers = load.publishers.iter().map(|_| Port::open(&silent, 0));
    let publishers: Vec<Port> = publishers.collect::<Result<_>>()?;

    let key = key(0);
    let mut schedule = Schedule::new(load);
    let (mut number, mut expected, mut begun) = (0u64, 0u64, None);
    let start = Instant::now();
    while schedule.next() < WARM_UP + duration {
        if begun.is_none() && schedule.next() >= WARM_UP {
            sinks.latencies.clear();
            begun = Some((expected, sinks.received, measure::cpu(floor.pid())?));
        }
        sinks.until(start + schedule.next())?;
        while let Some(burst) = schedule.take(start.elapsed().min(WARM_UP + duration)) {
            let copies = load.copies(burst.publisher, burst.stream.is_video);
            let packets = (0..burst.stream.burst).map(|_| {
                number += 1;
                packet(&key, number, &burst, copies > 0)
            });
            let packets: Vec<Vec<u8>> = packets.collect();
            publishers[burst.publisher].send(target, &packets);
            expected += (burst.stream.burst * copies) as u64;
        }
    }
    sinks.until(Instant::now() + DRAIN)?;
    let Some((expected_before, received_before, cpu_before)) = begun else {
        bail!("shorter than the warm-up")
    };
    Ok(Figures {
        expected: expected - expected_before,
        received: sinks.received - received_before,
        cpu: measure::cpu(floor.pid())? - cpu_before,
        window: duration,
        latency: percentiles(std::mem::take(&mut sinks.latencies)),
        ..Figures::default()
    })
}
