//! Streams by their numbers: SSRCs that no offer names, that change, or that are too many; sequence numbers that leap.

mod hall;

use std::time::Duration;

use hall::{Datagram, Equipment, Hall, ROOM, line};
use media::SessionId;
use str0m::media::MediaKind;

const SECOND: Duration = Duration::from_secs(1);
/// An encoder: it sends and shows nothing.
const ENCODER: Equipment = Equipment {
    video_slots: 0,
    audio_slots: 0,
    ..ROOM
};

fn is_media(datagram: &Datagram) -> bool {
    matches!(datagram.bytes[..], [128..=191, second, ..] if !(192..=223).contains(&second))
}

/// As encoders offer that neither name their sections in packets nor their SSRCs in the offer.
fn nameless(offer: String) -> String {
    let says_nothing = |line: &&str| !line.starts_with("a=ssrc") && !line.ends_with(":sdes:mid");
    let lines = offer.lines().filter(says_nothing).map(|line| format!("{line}\r\n"));
    lines.collect()
}

/// A hall that watches and hears a ward.
fn watched(call: &mut Hall, ward: impl FnOnce(&mut Hall) -> usize) -> (usize, usize) {
    let hall = call.enter("Hội trường", ROOM);
    let ward = ward(call);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(2 * SECOND);
    (hall, ward)
}

fn voices(call: &Hall, room: usize) -> usize {
    let mid = call.audio_mid(room, 0);
    call.rooms[room].heard.iter().filter(|heard| heard.mid == mid).count()
}

#[test]
fn an_encoder_that_names_nothing_is_known_by_its_payload_types() {
    let mut call = Hall::new();
    let (hall, ward) = watched(&mut call, |call| call.enter_as("Bàn trộn", ENCODER, nameless));
    let answer = call.rooms[ward].answer.as_ref().expect("answered");
    assert!(!answer.sdp.contains(":sdes:mid"), "there was nothing to agree on");
    call.hush();
    call.run(SECOND);
    assert!(call.seen(hall, 0).len() >= 45 && voices(&call, hall) >= 45);
    let drops = call.sfu.stats(SessionId(2)).expect("a session").drops;
    assert_eq!(drops.unknown_ssrc, 0, "{drops:?}");
}

/// Who comes first with a payload type is it: a second stream of the same type neither replaces it nor takes another section.
#[test]
fn a_second_stream_of_the_same_payload_type_takes_nobodys_place() {
    let mut call = Hall::new();
    let (hall, ward) = watched(&mut call, |call| call.enter_as("Bàn trộn", ENCODER, nameless));
    call.rooms[ward].begin_anew(MediaKind::Video, [77_001, 77_002]);
    call.hush();
    call.run(SECOND);
    assert!(call.seen(hall, 0).is_empty(), "a stranger's picture is not shown");
    assert!(voices(&call, hall) >= 45, "nor does it stand for the voice");
    let drops = call.sfu.stats(SessionId(2)).expect("a session").drops;
    assert!(drops.unknown_ssrc >= 45, "{drops:?}");
}

/// A page that begins its camera again and again in a long sitting, on a line on which repairs are asked for each time.
#[test]
fn a_camera_that_has_begun_anew_many_times_is_still_seen() {
    let mut call = Hall::new();
    let (hall, ward) = watched(&mut call, |call| call.enter("Bình An", ROOM));
    let (from, mut count) = (call.rooms[ward].address, 0u32);
    call.link = line(move |datagram| {
        count += u32::from(datagram.from == from && is_media(datagram));
        datagram.from != from || !is_media(datagram) || !count.is_multiple_of(9)
    });
    for life in 0..40 {
        call.rooms[ward].begin_anew(MediaKind::Video, [50_000 + life, 60_000 + life]);
        call.run(Duration::from_millis(600));
    }
    call.link = line(|_| true);
    call.run(SECOND);
    call.hush();
    call.run(SECOND);
    let drops = call.sfu.stats(SessionId(2)).expect("a session").drops;
    assert!(call.seen(hall, 0).len() >= 45, "{drops:?}");
}

/// Each new stream is connected anew to all who receive it, which a member must not be able to ask for with every packet.
#[test]
fn a_member_that_changes_its_ssrc_with_every_packet_is_held_back_and_heard_again_afterwards() {
    let mut call = Hall::new();
    let (hall, ward) = watched(&mut call, |call| call.enter("Bình An", ROOM));
    for ssrc in 0..300 {
        let now = call.now;
        call.rooms[ward].begin_anew(MediaKind::Audio, [90_000 + ssrc, 0]);
        call.rooms[ward].flood(1, now);
        call.run(Duration::from_millis(2));
    }
    let drops = call.sfu.stats(SessionId(2)).expect("a session").drops;
    assert!(drops.limited >= 250, "{drops:?}");
    call.run(2 * SECOND);
    call.hush();
    call.run(SECOND);
    assert!(voices(&call, hall) >= 45 && call.seen(hall, 0).len() >= 45);
}

/// The numbers on the way down run on with the publisher's. If they ran on through leaps that a receiver did not see, its count of
/// rollovers would be wrong for good, and nothing in this slot, from whomever, would ever open again.
#[test]
fn a_voice_whose_numbers_leapt_while_the_line_was_down_is_heard_when_it_is_back() {
    let mut call = Hall::new();
    let (hall, ward) = watched(&mut call, |call| call.enter("Bình An", ROOM));
    let to = call.rooms[hall].address;
    call.link = line(move |datagram| datagram.to != to || !is_media(datagram));
    for _ in 0..4 {
        call.rooms[ward].leap(30_000);
        call.run(Duration::from_millis(60));
    }
    call.link = line(|_| true);
    call.hush();
    call.run(SECOND);
    assert!(voices(&call, hall) >= 45, "{} of 50", voices(&call, hall));
}
