//! A whole call between independent peers: the handshake, the plan, the switch, the silence.

mod hall;

use std::time::Duration;

use hall::{Hall, ROOM, line};
use media::{Event, SessionId};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn two_wards_and_a_hall_see_and_hear_whom_the_plan_names() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let binh_an = call.enter("Bình An", ROOM);
    let phu_my = call.enter("Phú Mỹ", ROOM);
    call.settle();
    assert_eq!(
        call.events
            .iter()
            .filter(|event| matches!(event, Event::Connected { .. }))
            .count(),
        3
    );

    call.plan(&[
        (hall, &[Some(binh_an), Some(phu_my)], &[Some(binh_an)]),
        (binh_an, &[Some(hall)], &[Some(hall)]),
        (phu_my, &[Some(hall), Some(binh_an)], &[Some(hall), Some(binh_an)]),
    ]);
    call.run(2 * SECOND);

    assert_eq!(call.names(hall, &call.video_mid(hall, 0)), ["Bình An"]);
    assert_eq!(call.names(hall, &call.video_mid(hall, 1)), ["Phú Mỹ"]);
    assert_eq!(call.names(hall, &call.audio_mid(hall, 0)), ["Bình An"]);
    assert_eq!(call.names(hall, &call.audio_mid(hall, 1)), Vec::<String>::new());
    assert_eq!(call.names(phu_my, &call.audio_mid(phu_my, 1)), ["Bình An"]);
    assert_eq!(call.names(binh_an, &call.video_mid(binh_an, 0)), ["Hội trường"]);
    assert!(call.seen(hall, 0).len() > 80, "{}", call.seen(hall, 0).len());
    assert!(call.seen(hall, 0)[0].key, "the first picture can be decoded");
}

#[test]
fn a_room_that_no_plan_names_is_never_forwarded() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let tan_lap = call.enter("Tân Lập", ROOM);
    call.settle();
    call.run(2 * SECOND);
    let stats = call.sfu.stats(SessionId(2)).expect("a session");
    assert!(stats.bitrate_up > 100_000, "its browser sends: {stats:?}");
    assert!(call.rooms[hall].heard.is_empty() && call.rooms[tan_lap].heard.is_empty());

    call.plan(&[(hall, &[Some(tan_lap)], &[Some(tan_lap)])]);
    call.run(SECOND);
    assert!(!call.rooms[hall].heard.is_empty());
    call.plan(&[(hall, &[], &[])]);
    call.run(Duration::from_millis(20));
    call.hush();
    call.run(2 * SECOND);
    assert!(call.rooms[hall].heard.is_empty(), "the floor was taken away");
}

#[test]
fn the_speaker_changes_and_the_picture_goes_on_without_a_seam() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let wards = [
        call.enter("Bình An", ROOM),
        call.enter("Phú Mỹ", ROOM),
        call.enter("Tân Lập", ROOM),
    ];
    call.settle();
    call.run(SECOND);
    for turn in 0..12 {
        let ward = wards[turn % 3];
        call.hush();
        let asked = call.rooms[ward].key_frames_asked;
        call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
        let granted = call.now - call.start;
        call.run(Duration::from_millis(700));
        let seen = call.seen(hall, 0);
        let first = seen.first().expect("a picture");
        assert_eq!(first.from, call.rooms[ward].name, "turn {turn}");
        assert!(first.key, "turn {turn}: the decoder can start");
        assert!(
            first.at - granted <= Duration::from_millis(100),
            "turn {turn}: {:?}",
            first.at - granted
        );
        assert!(seen.iter().all(|heard| heard.from == call.rooms[ward].name));
        assert_eq!(
            call.rooms[ward].key_frames_asked,
            asked + 1,
            "turn {turn}: one request, at once"
        );
        let voice = call.names(hall, &call.audio_mid(hall, 0));
        assert_eq!(voice, std::slice::from_ref(&call.rooms[ward].name));
    }
}

#[test]
fn a_second_viewer_just_behind_the_first_does_not_wait_for_a_throttle() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let second = call.enter("Phòng họp số 2", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    call.run(2 * SECOND);
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(Duration::from_millis(120));
    assert!(!call.seen(hall, 0).is_empty(), "the key frame has come and gone");
    call.plan(&[
        (hall, &[Some(ward)], &[Some(ward)]),
        (second, &[Some(ward)], &[Some(ward)]),
    ]);
    let granted = call.now - call.start;
    call.run(SECOND);
    let first = call.seen(second, 0)[0].at - granted;
    assert!(first <= Duration::from_millis(400), "{first:?}");
}

#[test]
fn numbers_are_continuous_across_switches() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let wards = [call.enter("Bình An", ROOM), call.enter("Phú Mỹ", ROOM)];
    call.settle();
    for turn in 0..6 {
        let ward = wards[turn % 2];
        call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
        call.run(Duration::from_millis(500));
    }
    let seen = call.seen(hall, 0);
    for pair in seen.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        assert_eq!(after.sequence, before.sequence + 1, "{before:?} {after:?}");
        let time = after.timestamp.wrapping_sub(before.timestamp);
        assert!(time < 90_000, "{before:?} {after:?}");
        let step = after.picture.wrapping_sub(before.picture) & 0x7fff;
        assert!(step <= 1, "{before:?} {after:?}");
        assert_eq!(
            step == 1,
            time > 0,
            "a new picture has a new time: {before:?} {after:?}"
        );
    }
    let mid = call.audio_mid(hall, 0);
    let voice: Vec<_> = call.rooms[hall].heard.iter().filter(|heard| heard.mid == mid).collect();
    assert!(voice.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1));
}

#[test]
fn a_room_that_falls_silent_is_reported_and_so_is_its_return() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(SECOND);
    let cut = call.rooms[ward].address;
    let id = call.rooms[ward].id;
    call.events.clear();
    call.link = line(move |datagram| datagram.from != cut && datagram.to != cut);
    call.run(6 * SECOND);
    assert!(
        matches!(call.events[..], [Event::Silent { id: silent, .. }] if silent == id),
        "{:?}",
        call.events
    );
    assert!(call.sfu.stats(id).is_some_and(|stats| stats.silent && stats.connected));
    call.hush();
    call.link = line(|_| true);
    call.run(5 * SECOND);
    assert!(
        matches!(call.events[1..], [Event::Alive { id: alive }] if alive == id),
        "{:?}",
        call.events
    );
    assert_eq!(
        call.names(hall, &call.video_mid(hall, 0)),
        ["Bình An"],
        "nobody had to do anything"
    );
}

#[test]
fn a_closed_session_leaves_no_trace_and_its_number_can_be_used_again() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(SECOND);
    call.sfu.close(SessionId(2));
    assert_eq!(call.sfu.stats(SessionId(2)), None);
    call.run(Duration::from_millis(20));
    call.hush();
    call.run(SECOND);
    assert!(call.rooms[hall].heard.is_empty());
}
