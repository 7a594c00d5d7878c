//! Every place where bytes of strangers are read first, each as a function of bytes, for `tests/fuzz` alone.
//!
//! A seam returns when it has read all it wants of the input, whatever that is; a panic, a hang or memory that grows is a
//! mistake of ours.

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use ring::hmac;

use crate::demux::classify;
use crate::ice::Tuple;
use crate::plan::SessionId;
use crate::rtcp::{Compound, Item, intra_targets, nacked};
use crate::rtp::Header;
use crate::stream::{StreamId, first_frame, local_ufrag, unit_of};
use crate::turn::{Relay, Relayed, Turn};
use crate::vp8::Descriptor;
use crate::{Config, Sfu, dependency as descriptor, red as redundancy, stun, vp9 as nine};

/// Reads some bytes.
pub type Seam = fn(&[u8]);

/// All seams, by name.
pub const SEAMS: &[(&str, Seam)] = &[
    ("demux", demux),
    ("check", check),
    ("offer", offer),
    ("rtp", rtp),
    ("rtcp", rtcp),
    ("vp8", vp8),
    ("vp9", vp9),
    ("dependency", dependency),
    ("red", red),
    ("frames", frames),
    ("relay", relay),
    ("unit", unit),
];

#[allow(clippy::disallowed_methods, reason = "the instant from which virtual time runs")]
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

fn address(port: u16) -> SocketAddr {
    SocketAddr::from(([10, 77, 0, 1], port))
}

fn demux(bytes: &[u8]) {
    let _ = classify(bytes);
    let _ = local_ufrag(bytes).and_then(unit_of);
}

fn check(bytes: &[u8]) {
    let Some(request) = stun::Request::parse(bytes) else {
        return;
    };
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"0123456789abcdefghijklmn");
    let _ = request.is_authentic(&key);
    let mut buffer = [0; stun::RESPONSE];
    let _ = stun::respond(&request, address(5), &key, &mut buffer);
}

fn a_unit() -> Option<Sfu> {
    let config = Config {
        candidates: vec![address(8444)],
        ..Config::default()
    };
    Sfu::new(config, *START).ok()
}

/// Making a certificate takes longer than anything else here, so offers share a unit.
fn offer(bytes: &[u8]) {
    thread_local! {
        static UNIT: std::cell::RefCell<Option<Sfu>> = std::cell::RefCell::new(a_unit());
    }
    let text = String::from_utf8_lossy(bytes);
    UNIT.with_borrow_mut(|unit| {
        let Some(unit) = unit else { return };
        if let Ok(answer) = unit.accept(SessionId(1), &text, *START) {
            assert!(answer.sdp.starts_with("v=0\r\n"));
        }
        unit.close(SessionId(1));
        assert_eq!(unit.sessions().count(), 0);
    });
}

fn rtp(bytes: &[u8]) {
    let Some(header) = Header::parse(bytes) else { return };
    let _ = header.payload(bytes);
    for id in 0..=15 {
        let _ = header.extension(bytes, id);
    }
}

fn rtcp(bytes: &[u8]) {
    let mut seen = String::new();
    for item in Compound(bytes) {
        let _ = match item {
            Item::Nack { pairs, .. } => write!(seen, "{}", nacked(pairs).count()),
            Item::FullIntra { targets } => write!(seen, "{}", intra_targets(targets).count()),
            Item::SenderReport { blocks, .. } | Item::ReceiverReport { blocks } => {
                write!(seen, "{}", blocks.count())
            }
            other => write!(seen, "{other:?}"),
        };
    }
}

fn vp8(bytes: &[u8]) {
    let Some(descriptor) = Descriptor::parse(bytes) else {
        return;
    };
    let mut copy = bytes.to_vec();
    descriptor.rewrite(&mut copy, descriptor.counters(bytes));
    assert_eq!(copy, bytes, "the same numbers leave the payload as it was");
}

/// The first byte stands for what was known of the stream before.
fn vp9(bytes: &[u8]) {
    let Some((top, payload)) = bytes.split_first() else {
        return;
    };
    let _ = (
        nine::structure(payload),
        nine::scale(payload, *top),
        nine::starts_av1(payload),
    );
    if let Some(found) = nine::descriptor(payload) {
        let mut copy = payload.to_vec();
        found.rewrite(&mut copy, found.counters(payload));
        assert_eq!(copy, payload, "the same numbers leave the payload as it was");
    }
}

/// Read twice: with what it brings, and by one that refers to it.
fn dependency(bytes: &[u8]) {
    let mut known = None;
    let _ = (descriptor::scale(bytes, &mut known), descriptor::Structure::of(bytes));
    let is_short = bytes.len().min(descriptor::SHORT);
    let _ = descriptor::scale(&bytes[..is_short], &mut known);
}

fn red(bytes: &[u8]) {
    let length: usize = redundancy::blocks(bytes).map(|block| block.payload.len()).sum();
    assert!(length <= bytes.len());
    let mut copy = bytes.to_vec();
    redundancy::number(&mut copy, 96);
    assert_eq!(redundancy::blocks(&copy).count(), redundancy::blocks(bytes).count());
}

fn frames(bytes: &[u8]) {
    let mut rest = bytes;
    while let Ok(Some(length)) = first_frame(rest) {
        rest = &rest[length..];
    }
}

fn relay(bytes: &[u8]) {
    let Ok(mut relay) = Relay::new(vec![address(8444)], *START) else {
        return;
    };
    let mut turn = Turn::new(address(6), &relay);
    let mut rest = bytes;
    while let Ok(Some(length)) = Turn::first_message(rest) {
        let relayed = turn.handle(&rest[..length], &mut relay, *START);
        assert!(!matches!(relayed, Relayed::Datagram { .. }), "nobody has a password");
        rest = &rest[length..];
    }
}

/// Datagrams in frames, to a unit with a session whose path has proved itself: checks, the handshake, media without keys.
fn unit(bytes: &[u8]) {
    thread_local! {
        static UNIT: std::cell::RefCell<Option<Sfu>> = std::cell::RefCell::new(a_unit());
    }
    UNIT.with_borrow_mut(|unit| {
        let Some(unit) = unit else { return };
        let mut now = *START;
        if unit.accept(SessionId(1), OFFER, now).is_err() {
            return;
        }
        let (remote, local, stream) = (address(7), address(8444), Some(StreamId(1)));
        unit.tuples
            .insert(Tuple { remote, local, stream }, unit.ids[&SessionId(1)]);
        let mut rest = bytes;
        while let Ok(Some(length)) = first_frame(rest) {
            let mut datagram = rest[2..length].to_vec();
            unit.handle_streamed(now, StreamId(1), remote, local, &mut datagram);
            now += Duration::from_millis(20);
            unit.handle_timeout(now);
            while unit.poll_transmit().is_some() {}
            while unit.poll_event().is_some() {}
            rest = &rest[length..];
        }
        unit.close(SessionId(1));
    });
}

/// A room's offer, with as little as will do.
const OFFER: &str = "v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
    a=fingerprint:sha-256 01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F:20\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijklmn\r\n\
    a=setup:actpass\r\na=rtcp-mux\r\na=sendonly\r\na=rtpmap:111 opus/48000/2\r\n";
