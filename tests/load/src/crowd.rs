//! The other ends: publishers that send the load, receivers that count what arrives.
//!
//! Against the unit each is a whole WebRTC peer (`str0m`): ICE, DTLS, SRTP. A receiver decrypts its first packets to
//! prove that they are what was sent and then only counts, so that the crowd does not starve the engine of CPU.

use std::io::{BufRead, BufReader, IoSliceMut, Read, Write};
use std::net::{SocketAddr, UdpSocket};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use mio::{Events, Interest, Poll, Token};
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use ring::aead::LessSafeKey;
use str0m::change::SdpAnswer;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Input, Output, Rtc};

use crate::floor;
use crate::measure::{self, Figures};
use crate::traffic::{Load, Schedule, Stream};

const WARM_UP: Duration = Duration::from_secs(1);
const DRAIN: Duration = Duration::from_millis(400);
/// Packets that a receiver decrypts before it only counts.
const VERIFIED: u64 = 40;

/// A socket of the crowd.
struct Port {
    socket: mio::net::UdpSocket,
    state: UdpSocketState,
    address: SocketAddr,
}

impl Port {
    fn open(poll: &Poll, token: usize) -> Result<Port> {
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
    fn send(&self, to: SocketAddr, datagrams: &[Vec<u8>]) {
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
    fn receive(&self, buffer: &mut [u8], mut each: impl FnMut(SocketAddr, &[u8])) {
        let room = buffer.len() / BATCH_SIZE;
        loop {
            let mut metas = [RecvMeta::default(); BATCH_SIZE];
            let mut chunks = buffer.chunks_mut(room).map(IoSliceMut::new);
            let mut slices: [IoSliceMut<'_>; BATCH_SIZE] =
                std::array::from_fn(|_| chunks.next().unwrap_or_else(|| IoSliceMut::new(&mut [])));
            let Ok(count) = self.state.recv(UdpSockRef::from(&self.socket), &mut slices, &mut metas) else {
                return;
            };
            for (meta, slice) in metas.iter().zip(slices.iter()).take(count) {
                slice[..meta.len]
                    .chunks(meta.stride.max(1))
                    .for_each(|datagram| each(meta.addr, datagram));
            }
        }
    }
}

fn is_rtp(datagram: &[u8]) -> bool {
    matches!(datagram, [128..=191, second, ..] if !(192..=223).contains(second))
}

/// One peer of the unit.
struct Peer {
    rtc: Rtc,
    port: Port,
    microphone: Option<Mid>,
    camera: Option<Mid>,
    sequence: u64,
    frame: u32,
    wants_key: bool,
    is_connected: bool,
    packets: u64,
    verified: u64,
}

impl Peer {
    fn new(poll: &Poll, token: usize) -> Result<Peer> {
        let port = Port::open(poll, token)?;
        let mut rtc = Rtc::builder()
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .set_rtp_mode(true)
            .set_stats_interval(None)
            .build(Instant::now());
        rtc.add_local_candidate(Candidate::host(port.address, "udp")?);
        Ok(Peer {
            rtc,
            port,
            microphone: None,
            camera: None,
            sequence: 0,
            frame: 0,
            wants_key: true,
            is_connected: false,
            packets: 0,
            verified: 0,
        })
    }

    /// Drains the other implementation, sending what it wants to send.
    fn drain(&mut self) -> Result<()> {
        let mut datagrams: Vec<Vec<u8>> = Vec::new();
        let mut destination = None;
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(_) => break,
                Output::Transmit(transmit) => {
                    destination = Some(transmit.destination);
                    datagrams.push(transmit.contents.to_vec());
                }
                Output::Event(str0m::Event::Connected) => self.is_connected = true,
                Output::Event(str0m::Event::KeyframeRequest(_)) => self.wants_key = true,
                Output::Event(str0m::Event::RtpPacket(packet)) => {
                    let is_ours = packet.payload.ends_with(b"Kinh thua");
                    self.verified += u64::from(is_ours);
                }
                Output::Event(_) => {}
            }
        }
        if let Some(destination) = destination {
            self.port.send(destination, &datagrams);
        }
        Ok(())
    }

    fn take(&mut self, from: SocketAddr, datagram: &[u8]) -> Result<()> {
        if is_rtp(datagram) {
            self.packets += 1;
            if self.packets > VERIFIED {
                return Ok(());
            }
        }
        let Ok(received) = Receive::new(Protocol::Udp, from, self.port.address, datagram) else {
            return Ok(());
        };
        self.rtc.handle_input(Input::Receive(Instant::now(), received))?;
        self.drain()
    }

    fn burst(&mut self, stream: &Stream) -> Result<()> {
        let now = Instant::now();
        let (mid, codec) = if stream.is_video {
            (self.camera, Codec::Vp8)
        } else {
            (self.microphone, Codec::Opus)
        };
        let mid = mid.context("the publisher has no such stream")?;
        let payload_type = self
            .rtc
            .codec_config()
            .find(|params| params.spec().codec == codec)
            .map(|params| params.pt());
        let payload_type = payload_type.context("the codec is configured")?;
        self.frame += 1;
        for order in 0..stream.burst {
            self.sequence += 1;
            let mut payload = if stream.is_video {
                let first = if order == 0 { 0x90 } else { 0x80 };
                let picture = self.frame as u16 | 0x8000;
                let tag = if order == 0 && std::mem::take(&mut self.wants_key) {
                    0x10
                } else {
                    0x11
                };
                vec![first, 0x80, (picture >> 8) as u8, picture as u8, tag]
            } else {
                vec![0x78]
            };
            payload.resize(stream.payload - 9, 0x55);
            payload.extend_from_slice(b"Kinh thua");
            let time = self.frame * stream.interval.as_millis() as u32 * if stream.is_video { 90 } else { 48 };
            let packet = RtpWrite::new(payload_type, self.sequence.into(), time, now, payload)
                .marker(order + 1 == stream.burst)
                .nackable(stream.is_video);
            let mut api = self.rtc.direct_api();
            api.stream_tx_by_mid(mid, None)
                .context("the stream is declared")?
                .write_rtp(packet);
        }
        self.rtc.handle_input(Input::Timeout(now))?;
        self.drain()
    }
}

/// The unit as a child process.
struct Unit {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Unit {
    fn start() -> Result<Unit> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("unit")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().context("piped")?;
        let output = BufReader::new(child.stdout.take().context("piped")?);
        Ok(Unit { child, input, output })
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.output.read_line(&mut line)? > 0, "the unit ended");
        Ok(line.trim().to_owned())
    }

    fn accept(&mut self, id: usize, offer: &str) -> Result<String> {
        write!(self.input, "accept {id} {}\n{offer}", offer.len())?;
        self.input.flush()?;
        let line = self.line()?;
        let length = line.strip_prefix("answer ").context("an answer")?.parse()?;
        let mut answer = vec![0; length];
        self.output.read_exact(&mut answer)?;
        Ok(String::from_utf8(answer)?)
    }

    fn tell(&mut self, command: &str) -> Result<String> {
        writeln!(self.input, "{command}")?;
        self.input.flush()?;
        self.line()
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The crowd around one engine.
struct Crowd {
    poll: Poll,
    ready: Events,
    buffer: Vec<u8>,
    publishers: Vec<Peer>,
    subscribers: Vec<Peer>,
    housekeeping: Instant,
}

impl Crowd {
    /// Reads sockets and keeps the peers alive until `deadline`.
    fn run_until(&mut self, deadline: Instant) -> Result<()> {
        loop {
            let now = Instant::now();
            let wait = deadline.min(self.housekeeping).saturating_duration_since(now);
            self.poll.poll(&mut self.ready, Some(wait))?;
            let tokens: Vec<usize> = self.ready.iter().map(|event| event.token().0).collect();
            for token in tokens {
                let count = self.publishers.len();
                let peer = match token.checked_sub(count) {
                    None => &mut self.publishers[token],
                    Some(place) => &mut self.subscribers[place],
                };
                let mut waiting: Vec<(SocketAddr, Vec<u8>)> = Vec::new();
                let mut counted = 0;
                let is_counting = peer.packets >= VERIFIED;
                peer.port.receive(&mut self.buffer, |from, datagram| {
                    if is_counting && is_rtp(datagram) {
                        counted += 1;
                    } else {
                        waiting.push((from, datagram.to_vec()));
                    }
                });
                peer.packets += counted;
                for (from, datagram) in waiting {
                    peer.take(from, &datagram)?;
                }
            }
            let now = Instant::now();
            if now >= self.housekeeping {
                self.housekeeping = now + Duration::from_millis(20);
                for peer in self.publishers.iter_mut().chain(&mut self.subscribers) {
                    peer.rtc.handle_input(Input::Timeout(now))?;
                    peer.drain()?;
                }
            }
            if now >= deadline {
                return Ok(());
            }
        }
    }

    fn received(&self) -> u64 {
        self.subscribers.iter().map(|peer| peer.packets).sum()
    }
}

/// Puts `load` on the unit for `duration`.
pub fn load_unit(load: &Load, duration: Duration) -> Result<Figures> {
    let mut unit = Unit::start()?;
    let poll = Poll::new()?;
    let mut publishers = Vec::new();
    let mut subscribers = Vec::new();
    let cameras: Vec<usize> = place_of(load, true);
    let microphones: Vec<usize> = place_of(load, false);
    for place in 0..load.publishers.len() + load.subscribers {
        let mut peer = Peer::new(&poll, place)?;
        let streams = load.publishers.get(place);
        let mut api = peer.rtc.sdp_api();
        let has = |is_video| streams.is_some_and(|list| list.iter().any(|stream| stream.is_video == is_video));
        let microphone = has(false).then(|| api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None));
        let camera = has(true).then(|| api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None));
        if streams.is_none() {
            for _ in &cameras {
                api.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None);
            }
            for _ in &microphones {
                api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
            }
        }
        let (offer, pending) = api.apply().context("something to offer")?;
        let answer = unit.accept(place, &offer.to_sdp_string())?;
        peer.rtc
            .sdp_api()
            .accept_answer(pending, SdpAnswer::from_sdp_string(&answer)?)?;
        (peer.microphone, peer.camera) = (microphone, camera);
        if streams.is_some() {
            publishers.push(peer)
        } else {
            subscribers.push(peer)
        }
    }
    let mut crowd = Crowd {
        poll,
        ready: Events::with_capacity(64),
        buffer: vec![0; 65_536 * BATCH_SIZE],
        publishers,
        subscribers,
        housekeeping: Instant::now(),
    };
    let patience = Instant::now() + Duration::from_secs(20);
    while !crowd
        .publishers
        .iter()
        .chain(&crowd.subscribers)
        .all(|peer| peer.is_connected)
    {
        ensure!(Instant::now() < patience, "not everybody connected");
        crowd.run_until(Instant::now() + Duration::from_millis(20))?;
    }
    let list = |places: &[usize]| places.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
    let first = load.publishers.len();
    let lines: Vec<String> = (first..first + load.subscribers)
        .map(|id| format!("{id}/{}/{}", list(&cameras), list(&microphones)))
        .collect();
    unit.tell(&format!("plan {}", lines.join(" ")))?;

    let pid = unit.child.id();
    let mut schedule = Schedule::new(load);
    let start = Instant::now();
    let mut sent = 0u64;
    let mut begun: Option<(u64, u64, Duration)> = None;
    let end = WARM_UP + duration;
    loop {
        let next = schedule.next();
        if next >= end {
            break;
        }
        if begun.is_none() && next >= WARM_UP {
            begun = Some((sent, crowd.received(), measure::cpu(pid)?));
        }
        crowd.run_until(start + next)?;
        while let Some((place, stream)) = schedule.take(start.elapsed()) {
            crowd.publishers[place].burst(&stream)?;
            sent += stream.burst as u64;
        }
    }
    crowd.run_until(Instant::now() + DRAIN)?;
    let cpu = measure::cpu(pid)?;
    let (sent_before, received_before, cpu_before) = begun.context("the load is longer than its warm-up")?;
    for peer in &crowd.subscribers {
        ensure!(
            peer.verified >= VERIFIED / 2,
            "a receiver could verify only {} packets",
            peer.verified
        );
    }
    Ok(Figures {
        expected: (sent - sent_before) * load.subscribers as u64,
        received: crowd.received() - received_before,
        cpu: cpu - cpu_before,
        resident: measure::resident(pid)?,
    })
}

/// Publishers that have a camera (or a microphone).
fn place_of(load: &Load, is_video: bool) -> Vec<usize> {
    let streams = load.publishers.iter().enumerate();
    streams
        .filter(|(_, list)| list.iter().any(|stream| stream.is_video == is_video))
        .map(|(place, _)| place)
        .collect()
}

/// Puts the same load on the floor.
pub fn load_floor(load: &Load, duration: Duration) -> Result<Figures> {
    let mut poll = Poll::new()?;
    let sinks: Vec<Port> = (0..load.subscribers)
        .map(|token| Port::open(&poll, token))
        .collect::<Result<_>>()?;
    let addresses: Vec<String> = sinks.iter().map(|port| port.address.to_string()).collect();
    let mut child = Command::new(std::env::current_exe()?)
        .arg("floor")
        .args(&addresses)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("piped")?).read_line(&mut line)?;
    let result = floor_figures(load, duration, &mut poll, &sinks, line.trim(), child.id());
    let _ = child.kill();
    let _ = child.wait();
    result
}

fn floor_figures(
    load: &Load,
    duration: Duration,
    poll: &mut Poll,
    sinks: &[Port],
    target: &str,
    pid: u32,
) -> Result<Figures> {
    let target: SocketAddr = target.parse()?;
    let publisher = Port::open(&Poll::new()?, 0)?;
    let key = floor::key(0);
    let mut buffer = vec![0; 65_536 * BATCH_SIZE];
    let mut ready = Events::with_capacity(64);
    let mut schedule = Schedule::new(load);
    let (mut sent, mut received, mut begun) = (0u64, 0u64, None);
    let end = WARM_UP + duration;
    let start = Instant::now();
    let mut until = |deadline: Instant, received: &mut u64| -> Result<()> {
        loop {
            poll.poll(&mut ready, Some(deadline.saturating_duration_since(Instant::now())))?;
            for event in &ready {
                sinks[event.token().0].receive(&mut buffer, |_, _| *received += 1);
            }
            if Instant::now() >= deadline {
                return Ok(());
            }
        }
    };
    while schedule.next() < end {
        let next = schedule.next();
        if begun.is_none() && next >= WARM_UP {
            begun = Some((sent, received, measure::cpu(pid)?));
        }
        until(start + next, &mut received)?;
        while let Some((_, stream)) = schedule.take(start.elapsed()) {
            let burst: Vec<Vec<u8>> = (0..stream.burst)
                .map(|order| sealed(&key, sent + order as u64, &stream))
                .collect();
            publisher.send(target, &burst);
            sent += stream.burst as u64;
        }
    }
    until(Instant::now() + DRAIN, &mut received)?;
    let Some((sent_before, received_before, cpu_before)) = begun else {
        bail!("shorter than the warm-up")
    };
    Ok(Figures {
        expected: (sent - sent_before) * load.subscribers as u64,
        received: received - received_before,
        cpu: measure::cpu(pid)? - cpu_before,
        resident: measure::resident(pid)?,
    })
}

/// A packet as the floor expects it; the header's number makes the nonce unique.
fn sealed(key: &LessSafeKey, number: u64, stream: &Stream) -> Vec<u8> {
    let mut packet = vec![0x80, 96, 0, 0];
    packet.extend_from_slice(&number.to_be_bytes());
    packet.resize(floor::HEADER + stream.payload, 0x55);
    floor::seal(key, &mut packet);
    packet
}
