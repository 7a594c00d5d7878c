//! What a hostile network may try during a call, and that it gains nothing by it.

mod hall;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hall::{Datagram, Hall, ROOM, Room, sfu_address};
use media::{ClosedReason, Config, Event, OfferRefusal, SessionId, Sfu};
use rtc_stun::attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME};
use rtc_stun::fingerprint::FINGERPRINT;
use rtc_stun::integrity::MessageIntegrity;
use rtc_stun::message::{BINDING_REQUEST, Message, Setter, TransactionId};

const SECOND: Duration = Duration::from_secs(1);

fn attacker() -> SocketAddr {
    SocketAddr::from(([203, 0, 113, 66], 6666))
}

/// A hall that watches and hears one ward.
fn two_rooms() -> Hall {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(SECOND);
    call
}

fn is_rtp(datagram: &Datagram) -> bool {
    matches!(datagram.bytes[..], [128..=191, second, ..] if !(192..=223).contains(&second))
}

fn is_rtcp(datagram: &Datagram) -> bool {
    matches!(datagram.bytes[..], [128..=191, 192..=223, ..])
}

/// A check with the right user name, sniffed from the network, but made without the password.
fn forged_check(username: &str, password: &str) -> Vec<u8> {
    let provider = rtc_crypto::default_provider().expect("a provider is compiled in");
    let mut message = Message::new();
    message.set_type(BINDING_REQUEST);
    TransactionId::new().add_to(&mut message).expect("an id");
    message.write_header();
    message.add(ATTR_USERNAME, username.as_bytes());
    message.add(ATTR_USE_CANDIDATE, &[]);
    MessageIntegrity::new_short_term_integrity_with_provider(password.to_owned(), provider.crypto())
        .add_to(&mut message)
        .expect("integrity");
    FINGERPRINT.add_to(&mut message).expect("a checksum");
    message.raw
}

/// The user name that a room's checks carry.
fn username(captured: &[Datagram]) -> String {
    let check = captured
        .iter()
        .find(|datagram| datagram.bytes[..2] == [0, 1])
        .expect("a check");
    let mut message = Message::new();
    message.unmarshal_binary(&check.bytes).expect("STUN");
    String::from_utf8(message.get(ATTR_USERNAME).expect("a user name")).expect("text")
}

/// T-36: a bad ClientHello, a fatal alert, a HelloVerifyRequest from elsewhere, before and during the set-up.
#[test]
fn a_racing_client_hello_from_a_stranger_stops_no_set_up() {
    let hello = [&[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40][..], &[1; 40]].concat();
    let alert = [21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40].to_vec();
    let verify = [&[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28][..], &[3; 28]].concat();
    for round in 0..20 {
        let mut call = Hall::new();
        let (hello, alert, verify) = (hello.clone(), alert.clone(), verify.clone());
        call.intruder = Some(Box::new(move |sfu: &mut Sfu, now| {
            for bytes in [&hello, &alert, &verify] {
                sfu.handle_datagram(now, attacker(), sfu_address(), &mut bytes.clone());
            }
        }));
        call.enter("Hội trường", ROOM);
        call.settle();
        assert!(call.sfu.totals().strangers > 0, "round {round}");
        assert!(
            call.events.iter().any(|event| matches!(event, Event::Connected { .. })),
            "round {round}"
        );
    }
}

/// T-37: whoever knows the user name but not the password moves nothing.
#[test]
fn a_hundred_thousand_forged_checks_do_not_move_the_call() {
    let mut call = Hall::new();
    call.capture = true;
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(SECOND);
    let name = username(&call.captured);
    let before = call.sfu.totals();
    let forged = forged_check(&name, "guessed-guessed-guessed-g");
    for number in 0..100_000u32 {
        let from = SocketAddr::from(([203, 0, (number >> 16) as u8, 66], number as u16 | 1));
        let mut bytes = forged.clone();
        call.sfu.handle_datagram(call.now, from, sfu_address(), &mut bytes);
    }
    assert_eq!(call.sfu.totals().stun_unauthentic - before.stun_unauthentic, 100_000);
    assert!(call.sfu.poll_transmit().is_none(), "no answer: nothing is amplified");
    let mut unknown = forged_check("nobody00:whoever0", "guessed-guessed-guessed-g");
    call.sfu
        .handle_datagram(call.now, attacker(), sfu_address(), &mut unknown);
    assert_eq!(call.sfu.totals().stun_unknown - before.stun_unknown, 1);
    call.hush();
    call.run(SECOND);
    assert_eq!(call.seen(hall, 0).len(), 50, "the call goes on where it was");
}

/// T-37: a genuine check, captured and sent again from elsewhere, is a copy and nothing more.
#[test]
fn a_captured_check_replayed_from_another_address_moves_nothing() {
    let mut call = Hall::new();
    call.capture = true;
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(SECOND);
    let checks: Vec<Datagram> = call
        .captured
        .iter()
        .filter(|datagram| datagram.bytes[..2] == [0, 1])
        .cloned()
        .collect();
    assert!(checks.len() > 2);
    let before = call.sfu.totals().stun_unauthentic;
    for check in &checks {
        call.sfu
            .handle_datagram(call.now, attacker(), sfu_address(), &mut check.bytes.clone());
    }
    assert_eq!(call.sfu.totals().stun_unauthentic - before, checks.len() as u64);
    call.hush();
    call.run(SECOND);
    assert_eq!(call.seen(hall, 0).len(), 50);
}

/// T-38: packets with a wrong tag, in the clear, or of streams nobody declared.
#[test]
fn forged_media_is_never_forwarded() {
    let mut call = two_rooms();
    call.capture = true;
    call.run(SECOND);
    call.capture = false;
    let ward = call.rooms[1].address;
    let sample: Vec<Datagram> = call
        .captured
        .iter()
        .filter(|d| is_rtp(d) && d.from == ward)
        .cloned()
        .collect();
    let before = call.sfu.totals().forwarded;
    let drops = call.sfu.stats(SessionId(2)).expect("a session").drops;
    let mut seed = 0x5eed_u64;
    for number in 0..100_000usize {
        let mut forged = sample[number % sample.len()].clone();
        // A sequence number just ahead, so that the replay window has no objection.
        let ahead = u16::from_be_bytes([forged.bytes[2], forged.bytes[3]]).wrapping_add(200);
        forged.bytes[2..4].copy_from_slice(&ahead.to_be_bytes());
        match number % 3 {
            0 => {}
            1 => {
                let last = forged.bytes.len() - 1;
                forged.bytes[last] ^= 1 << (number % 8);
            }
            _ => forged.bytes.truncate(40),
        }
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1);
        let from = if number % 2 == 0 { ward } else { attacker() };
        call.sfu
            .handle_datagram(call.now, from, sfu_address(), &mut forged.bytes);
        while call.sfu.poll_transmit().is_some() {}
    }
    assert_eq!(call.sfu.totals().forwarded, before);
    let after = call.sfu.stats(SessionId(2)).expect("a session").drops;
    assert!(after.unauthentic > drops.unauthentic);
    for ssrc in 0..10_000u32 {
        let mut stranger = sample[0].clone();
        stranger.bytes[8..12].copy_from_slice(&ssrc.to_be_bytes());
        // Without the section's name in an extension there is not even an attempt to decrypt.
        stranger.bytes[0] = 0x80;
        call.sfu
            .handle_datagram(call.now, ward, sfu_address(), &mut stranger.bytes);
    }
    let last = call.sfu.stats(SessionId(2)).expect("a session").drops;
    assert_eq!(last.unknown_ssrc - after.unknown_ssrc, 10_000);
    call.hush();
    call.run(SECOND);
    assert_eq!(call.seen(0, 0).len(), 50, "the genuine camera is undisturbed");
}

/// T-39: every captured packet once more.
#[test]
fn replayed_media_and_reports_are_refused() {
    let mut call = two_rooms();
    call.capture = true;
    call.run(5 * SECOND);
    call.capture = false;
    let ward = call.rooms[1].address;
    let (rtp, rtcp): (Vec<_>, Vec<_>) = call
        .captured
        .iter()
        .filter(|d| d.from == ward && (is_rtp(d) || is_rtcp(d)))
        .cloned()
        .partition(is_rtp);
    assert!(rtp.len() > 400 && rtcp.len() > 2, "{} {}", rtp.len(), rtcp.len());
    let forwarded = call.sfu.totals().forwarded;
    let before = call.sfu.stats(SessionId(2)).expect("a session").drops;
    let mut sent = 0;
    while sent < 100_000 {
        for datagram in rtp.iter().chain(&rtcp) {
            call.sfu
                .handle_datagram(call.now, ward, sfu_address(), &mut datagram.bytes.clone());
            sent += 1;
        }
        while call.sfu.poll_transmit().is_some() {}
    }
    let after = call.sfu.stats(SessionId(2)).expect("a session").drops;
    assert_eq!(call.sfu.totals().forwarded, forwarded);
    assert_eq!(after.replayed - before.replayed, sent);
    assert_eq!(after.unauthentic, before.unauthentic);
}

/// T-40: offers that would weaken the call.
#[test]
fn downgraded_offers_are_refused() {
    let mut sfu = Hall::new().sfu;
    #[allow(clippy::disallowed_methods, reason = "the instant from which virtual time runs")]
    let now = std::time::Instant::now();
    let (offer, _) = Room::new("Bình An", 1, ROOM, now).offer();
    let fingerprint = offer
        .lines()
        .find(|line| line.starts_with("a=fingerprint:"))
        .expect("a fingerprint")
        .to_owned();
    let other = format!("{}00", &fingerprint[..fingerprint.len() - 2]);
    let without = |prefix: &str| {
        offer
            .lines()
            .filter(|line| !line.starts_with(prefix))
            .map(|line| format!("{line}\r\n"))
            .collect::<String>()
    };
    let cases = [
        (without("a=fingerprint"), OfferRefusal::NoFingerprint),
        (
            offer.replacen(&fingerprint, &format!("{fingerprint}\r\n{other}"), 1),
            OfferRefusal::ConflictingFingerprints,
        ),
        (
            offer.replace("a=fingerprint:sha-256", "a=fingerprint:sha-1"),
            OfferRefusal::WeakFingerprint,
        ),
        (offer.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), OfferRefusal::PlainMedia),
        (
            offer.replace("UDP/TLS/RTP/SAVPF", "RTP/SAVPF"),
            OfferRefusal::PlainMedia,
        ),
        (
            offer.replacen("UDP/TLS/RTP/SAVPF", "RTP/AVPF", 1),
            OfferRefusal::PlainMedia,
        ),
        (without("a=ice-pwd"), OfferRefusal::NoIce),
        (without("a=ice-ufrag"), OfferRefusal::NoIce),
        (
            offer.replace("a=setup:actpass", "a=setup:active"),
            OfferRefusal::SetupActive,
        ),
        (without("a=rtcp-mux"), OfferRefusal::NotBundled),
        (without("a=group"), OfferRefusal::NotBundled),
        (
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n".to_owned(),
            OfferRefusal::NoMedia,
        ),
        ("Kính thưa chủ tọa".to_owned(), OfferRefusal::Malformed),
        (offer.repeat(40), OfferRefusal::TooLarge),
        (two_hundred_sections(&offer), OfferRefusal::TooLarge),
    ];
    for (text, expected) in cases {
        let refused = sfu.accept(SessionId(7), &text, now).expect_err("a refusal");
        assert_eq!(refused, expected, "{text:.80}");
        assert!(!refused.code().is_empty());
    }
    assert_eq!(sfu.sessions().count(), 0);
    assert!(
        sfu.accept(SessionId(7), &offer, now).is_ok(),
        "the offer itself is good"
    );
}

/// T-41: an offer of two hundred tracks.
fn two_hundred_sections(offer: &str) -> String {
    let last = offer.rfind("m=").expect("a section");
    let sections = (0..200).map(|number| offer[last..].replace("a=mid:", &format!("a=mid:{number}")));
    offer.to_owned() + &sections.collect::<String>()
}

/// T-40: a certificate that is not the one in the offer ends the session before any media.
#[test]
fn an_impostors_certificate_ends_the_session() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    call.settle();
    let mut ward = Room::new("Bình An", 2, ROOM, call.now);
    let (offer, pending) = ward.offer();
    let fingerprint = offer
        .lines()
        .find(|line| line.starts_with("a=fingerprint:"))
        .expect("a fingerprint");
    let last = &fingerprint[fingerprint.len() - 2..];
    let changed = format!(
        "{}{}",
        &fingerprint[..fingerprint.len() - 2],
        if last == "00" { "01" } else { "00" }
    );
    let answer = call
        .sfu
        .accept(ward.id, &offer.replace(fingerprint, &changed), call.now)
        .expect("it looks good");
    let parsed = str0m::change::SdpAnswer::from_sdp_string(&answer.sdp).expect("valid SDP");
    ward.rtc
        .sdp_api()
        .accept_answer(pending, parsed)
        .expect("the answer fits");
    ward.answer = Some(answer);
    call.rooms.push(ward);
    call.plan(&[(hall, &[Some(1)], &[Some(1)])]);
    call.run(SECOND);
    let closed = Event::Closed {
        id: SessionId(2),
        reason: ClosedReason::FingerprintMismatch,
    };
    assert!(call.events.contains(&closed), "{:?}", call.events);
    assert!(!call.events.contains(&Event::Connected { id: SessionId(2) }));
    assert!(call.sfu.stats(SessionId(2)).is_some_and(|stats| !stats.connected));
    assert!(call.rooms[hall].heard.is_empty());
}

/// T-41: a thousand lost-picture reports a second become one request a second.
#[test]
fn a_viewer_cannot_make_the_camera_send_key_frames_all_the_time() {
    let mut call = two_rooms();
    let before = call.rooms[1].key_frames_asked;
    let mid = call.video_mid(0, 0);
    for _ in 0..1000 {
        let mut api = call.rooms[0].rtc.direct_api();
        let stream = api
            .stream_rx_by_mid(mid.as_str().into(), None)
            .expect("the slot's stream");
        stream.request_keyframe(str0m::media::KeyframeRequestKind::Pli);
        call.run(hall::STEP);
    }
    let asked = call.rooms[1].key_frames_asked - before;
    assert!((4..=6).contains(&asked), "{asked} requests in five seconds");
}

/// The number of sessions is bounded, and the room that is full says so.
#[test]
fn a_full_unit_refuses() {
    let mut call = Hall::with(Config {
        candidates: vec![sfu_address()],
        max_sessions: 2,
        ..Config::default()
    });
    call.enter("Hội trường", ROOM);
    call.enter("Bình An", ROOM);
    let (offer, _) = Room::new("Phú Mỹ", 3, ROOM, call.now).offer();
    assert_eq!(
        call.sfu.accept(SessionId(3), &offer, call.now).expect_err("full"),
        OfferRefusal::Full
    );
    call.sfu.close(SessionId(1));
    assert!(call.sfu.accept(SessionId(3), &offer, call.now).is_ok());
}

/// T-41: fifty thousand packets a second of a member whose keys are good.
#[test]
fn a_member_that_floods_is_limited_and_the_others_do_not_notice() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    let flooding = call.enter("Phú Mỹ", ROOM);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward), Some(flooding)])]);
    call.run(SECOND);
    call.hush();
    let before = call.sfu.stats(SessionId(3)).expect("a session").drops.limited;
    for _ in 0..400 {
        let now = call.now;
        call.rooms[flooding].flood(250, now);
        call.run(hall::STEP);
    }
    let limited = call.sfu.stats(SessionId(3)).expect("a session").drops.limited - before;
    assert!(limited > 80_000, "{limited} of 100 000 dropped");
    let mid = call.audio_mid(hall, 1);
    let heard = call.rooms[hall].heard.iter().filter(|heard| heard.mid == mid).count();
    assert!(
        heard <= 15_100,
        "{heard} forwarded: a second's worth at once and two seconds more"
    );
    assert_eq!(call.seen(hall, 0).len(), 100, "the ward's picture");
    let mid = call.audio_mid(hall, 0);
    let voice = call.rooms[hall].heard.iter().filter(|heard| heard.mid == mid).count();
    assert_eq!(voice, 100, "the ward's voice");
    let drops = call.sfu.stats(SessionId(2)).expect("a session").drops;
    assert_eq!((drops.limited, drops.no_room), (0, 0));
}

/// T-42: what the unit answers is never longer than what it was asked, and strangers are not answered at all.
#[test]
fn nothing_is_amplified() {
    let longest = Arc::new(AtomicUsize::new(0));
    let noted = Arc::clone(&longest);
    let mut call = Hall::new();
    call.capture = true;
    call.link = hall::line(move |datagram| {
        if datagram.bytes[..2] == [1, 1] {
            noted.fetch_max(datagram.bytes.len(), Ordering::Relaxed);
        }
        true
    });
    call.enter("Hội trường", ROOM);
    call.settle();
    call.run(5 * SECOND);
    let checks = call.captured.iter().filter(|datagram| datagram.bytes[..2] == [0, 1]);
    let shortest_check = checks.map(|check| check.bytes.len()).min().expect("checks");
    let longest_answer = longest.load(Ordering::Relaxed);
    assert!(
        longest_answer > 0 && longest_answer <= shortest_check,
        "{longest_answer} bytes for {shortest_check}"
    );
    let samples = std::mem::take(&mut call.captured);
    for (number, sample) in samples.iter().cycle().take(100_000).enumerate() {
        let from = SocketAddr::from(([198, 51, (number >> 16) as u8, 9], number as u16 | 1));
        let mut bytes = sample.bytes.clone();
        // The room's own checks carry a name that a stranger does not know.
        if let Some(name) = bytes.get_mut(24) {
            *name ^= 0x55;
        }
        call.sfu.handle_datagram(call.now, from, sfu_address(), &mut bytes);
    }
    assert!(call.sfu.poll_transmit().is_none());
}

/// T-46: a participant whose session is closed is neither seen nor heard from that moment, and is told nothing.
#[test]
fn an_expelled_participant_sends_and_receives_nothing_any_more() {
    let mut call = two_rooms();
    call.plan(&[(0, &[Some(1)], &[Some(1)]), (1, &[Some(0)], &[Some(0)])]);
    call.run(SECOND);
    let ward = call.rooms[1].address;
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    call.sfu.close(SessionId(2));
    // What was said before the end is taken away.
    while call.sfu.poll_transmit().is_some() {}
    call.hush();
    let strangers = call.sfu.totals().strangers;
    call.link = hall::line(move |datagram| {
        counted.fetch_add(usize::from(datagram.to == ward), Ordering::Relaxed);
        true
    });
    call.run(2 * SECOND);
    assert!(call.rooms[0].heard.is_empty(), "neither seen nor heard");
    assert_eq!(told.load(Ordering::Relaxed), 0, "nor told anything");
    assert!(
        call.sfu.totals().strangers > strangers + 100,
        "its packets are a stranger's"
    );
}
