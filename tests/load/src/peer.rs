//! One participant: a whole WebRTC peer of another implementation (`str0m`), with ICE, DTLS, SRTP, reports and repairs.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use mio::Poll;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Input, Output, Rtc};

use crate::port::{Port, wall};
use crate::traffic::Burst;

/// Every payload ends so.
const TAIL: &[u8] = b"Kinh thua";
/// Packets that one who only counts decrypts, to prove that they are what was sent.
const VERIFIED: u64 = 40;

/// How a participant treats what it receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// As a browser: decrypts everything, reports, asks for what is missing.
    Whole,
    /// Proves the first packets and then only counts, so that a large crowd leaves CPU to the engine.
    Count,
}

/// A stream that it sends.
struct Sending {
    mid: Mid,
    sequence: u64,
    time: Duration,
    picture: u16,
}

/// Media packets that came.
struct Count {
    care: Care,
    /// Payload types of retransmissions, one bit each.
    repairs: u128,
    /// Without retransmissions.
    packets: u64,
}

impl Count {
    /// Counts a datagram; whether that is all that it needs.
    fn suffices(&mut self, datagram: &[u8]) -> bool {
        let Some(payload_type) = media_type(datagram) else {
            return false;
        };
        self.packets += u64::from(self.repairs & 1 << payload_type == 0);
        self.care == Care::Count && self.packets > VERIFIED
    }
}

/// One participant.
pub struct Peer {
    /// Its socket.
    pub port: Port,
    rtc: Rtc,
    count: Count,
    microphone: Option<Sending>,
    camera: Option<Sending>,
    wants_key: bool,
    /// Whether media may flow.
    pub is_connected: bool,
    /// Packets that were decrypted and are what was sent.
    pub verified: u64,
    /// From the publisher's send to the arrival at the socket, microseconds.
    pub latencies: Vec<u32>,
    arrived: Duration,
}

impl Peer {
    /// A participant with a socket of its own.
    pub fn new(poll: &Poll, token: usize, care: Care) -> Result<Peer> {
        let port = Port::open(poll, token)?;
        let mut rtc = Rtc::builder()
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .set_rtp_mode(true)
            .set_stats_interval(None)
            .build(Instant::now());
        rtc.add_local_candidate(Candidate::host(port.address, "udp")?);
        Ok(Peer {
            port,
            rtc,
            count: Count {
                care,
                repairs: 0,
                packets: 0,
            },
            microphone: None,
            camera: None,
            wants_key: true,
            is_connected: false,
            verified: 0,
            latencies: Vec::new(),
            arrived: Duration::ZERO,
        })
    }

    /// Offers to send a camera and a microphone, and to receive so many of each.
    pub fn offer(&mut self, sends: (bool, bool), receives: (usize, usize)) -> Result<(String, SdpPendingOffer)> {
        let mut api = self.rtc.sdp_api();
        let mut add = |kind, direction| Sending {
            mid: api.add_media(kind, direction, None, None, None),
            sequence: 1000,
            time: Duration::ZERO,
            picture: 0,
        };
        self.microphone = sends.1.then(|| add(MediaKind::Audio, Direction::SendOnly));
        self.camera = sends.0.then(|| add(MediaKind::Video, Direction::SendOnly));
        for _ in 0..receives.0 {
            add(MediaKind::Video, Direction::RecvOnly);
        }
        for _ in 0..receives.1 {
            add(MediaKind::Audio, Direction::RecvOnly);
        }
        let (offer, pending) = api.apply().context("something to offer")?;
        let mut sdp = offer.to_sdp_string();
        if self.count.care == Care::Count {
            // Who does not look at packets cannot say when they came.
            sdp = without(&sdp, &["transport-wide-cc", "transport-cc"]);
        }
        Ok((sdp, pending))
    }

    /// Takes the answer.
    pub fn accept(&mut self, pending: SdpPendingOffer, answer: &str) -> Result<()> {
        for line in answer.lines().filter(|line| line.ends_with(" rtx/90000")) {
            let number = line.trim_start_matches("a=rtpmap:").split(' ').next();
            let number: u32 = number.context("a payload type")?.parse()?;
            self.count.repairs |= 1 << number;
        }
        let answer = SdpAnswer::from_sdp_string(answer)?;
        self.rtc.sdp_api().accept_answer(pending, answer)?;
        Ok(())
    }

    /// Media packets that came, without retransmissions.
    pub fn packets(&self) -> u64 {
        self.count.packets
    }

    /// Reads what its socket has.
    pub fn receive(&mut self, buffer: &mut [u8]) -> Result<()> {
        let mut waiting: Vec<(SocketAddr, Duration, Vec<u8>)> = Vec::new();
        let count = &mut self.count;
        self.port.receive(buffer, |arrival| {
            if !count.suffices(arrival.bytes) {
                waiting.push((arrival.from, arrival.at, arrival.bytes.to_vec()));
            }
        });
        for (from, at, datagram) in waiting {
            self.take(from, at, &datagram)?;
        }
        Ok(())
    }

    fn take(&mut self, from: SocketAddr, at: Duration, datagram: &[u8]) -> Result<()> {
        self.arrived = at;
        let Ok(received) = Receive::new(Protocol::Udp, from, self.port.address, datagram) else {
            return Ok(());
        };
        self.rtc.handle_input(Input::Receive(Instant::now(), received))?;
        self.drain()
    }

    /// Time passes.
    pub fn tick(&mut self, now: Instant) -> Result<()> {
        self.rtc.handle_input(Input::Timeout(now))?;
        self.drain()
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
                    if let Some(sent) = stamp(&packet.payload) {
                        self.verified += 1;
                        let latency = self.arrived.saturating_sub(sent).as_micros();
                        self.latencies.push(u32::try_from(latency).unwrap_or(u32::MAX));
                    }
                }
                Output::Event(_) => {}
            }
        }
        if let Some(destination) = destination {
            self.port.send(destination, &datagrams);
        }
        Ok(())
    }

    /// Sends a burst of one of its streams.
    pub fn burst(&mut self, burst: &Burst) -> Result<()> {
        let now = Instant::now();
        let is_video = burst.stream.is_video;
        let (sending, codec, rate) = if is_video {
            (self.camera.as_mut(), Codec::Vp8, 90)
        } else {
            (self.microphone.as_mut(), Codec::Opus, 48)
        };
        let sending = sending.context("the publisher has no such stream")?;
        let mut configured = self.rtc.codec_config().find(|params| params.spec().codec == codec);
        let payload_type = configured.take().context("the codec is configured")?.pt();
        sending.time += burst.stream.interval;
        sending.picture = sending.picture.wrapping_add(1);
        for order in 0..burst.stream.burst {
            sending.sequence += 1;
            let mut payload = Vec::with_capacity(burst.payload);
            if is_video {
                let key = order == 0 && std::mem::take(&mut self.wants_key);
                let picture = sending.picture | 0x8000;
                let first = if order == 0 { 0x90 } else { 0x80 };
                let tag = if key { 0x10 } else { 0x11 };
                payload.extend_from_slice(&[first, 0x80, (picture >> 8) as u8, picture as u8, tag]);
            } else {
                payload.push(0x78);
            }
            payload.resize(burst.payload - TAIL.len() - 8, 0x55);
            payload.extend_from_slice(&(wall().as_nanos() as u64).to_be_bytes());
            payload.extend_from_slice(TAIL);
            let time = (sending.time.as_millis() as u32).wrapping_mul(rate);
            let packet = RtpWrite::new(payload_type, sending.sequence.into(), time, now, payload)
                .marker(order + 1 == burst.stream.burst)
                .nackable(is_video);
            let mut api = self.rtc.direct_api();
            api.stream_tx_by_mid(sending.mid, None)
                .context("the stream is declared")?
                .write_rtp(packet);
        }
        self.rtc.handle_input(Input::Timeout(now))?;
        self.drain()
    }

    /// Whether enough packets could be decrypted to believe the count.
    pub fn is_credible(&self) -> bool {
        self.packets() == 0 || self.verified >= VERIFIED / 2
    }
}

/// The payload type of a media packet, from its clear header.
fn media_type(datagram: &[u8]) -> Option<u8> {
    match datagram {
        [128..=191, second, ..] if !(192..=223).contains(second) => Some(second & 0x7f),
        _ => None,
    }
}

/// When the publisher sent this payload, if it is one of ours.
pub fn stamp(payload: &[u8]) -> Option<Duration> {
    let rest = payload.strip_suffix(TAIL)?;
    let bytes = rest.last_chunk::<8>()?;
    Some(Duration::from_nanos(u64::from_be_bytes(*bytes)))
}

/// A payload for the bare loop, as a publisher stamps it.
pub fn stamped(length: usize) -> Vec<u8> {
    let mut payload = vec![0x55; length - TAIL.len() - 8];
    payload.extend_from_slice(&(wall().as_nanos() as u64).to_be_bytes());
    payload.extend_from_slice(TAIL);
    payload
}

fn without(sdp: &str, words: &[&str]) -> String {
    let lines = sdp
        .lines()
        .filter(|line| !(line.starts_with("a=") && words.iter().any(|word| line.contains(word))));
    lines.map(|line| format!("{line}\r\n")).collect()
}
