//! One call over several units: who sits at which unit is no business of those who watch.

mod hall;

use std::collections::BTreeSet;
use std::time::Duration;

use hall::{Datagram, Hall, ROOM, line};

const SECOND: Duration = Duration::from_secs(1);

fn is_media(datagram: &Datagram) -> bool {
    matches!(datagram.bytes[..], [128..=191, second, ..] if !(192..=223).contains(&second))
}

/// Yes for `percent` of the calls, the same ones every time.
fn dice(percent: u64) -> impl FnMut() -> bool {
    let mut state = 0x1234_5678_9abc_def1u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % 100 < percent
    }
}

/// Packets of the picture that never came, of those between the first and the last; none may come twice.
fn missing(call: &Hall, room: usize) -> (usize, usize) {
    let numbers: Vec<u64> = call.seen(room, 0).iter().map(|heard| heard.sequence).collect();
    let unique: BTreeSet<u64> = numbers.iter().copied().collect();
    assert_eq!(numbers.len(), unique.len(), "nothing twice");
    let (first, last) = (unique.first().expect("pictures"), unique.last().expect("pictures"));
    ((last - first + 1) as usize - unique.len(), unique.len())
}

#[test]
fn rooms_at_three_units_see_and_hear_each_other() {
    let mut call = Hall::of_units(3);
    let hall = call.enter_at(0, "Hội trường", ROOM);
    let binh_an = call.enter_at(1, "Bình An", ROOM);
    let phu_my = call.enter_at(2, "Phú Mỹ", ROOM);
    call.settle();
    call.plan(&[
        (hall, &[Some(binh_an), Some(phu_my)], &[Some(binh_an)]),
        (binh_an, &[Some(hall)], &[Some(hall)]),
        (phu_my, &[Some(hall), Some(binh_an)], &[Some(hall), Some(binh_an)]),
    ]);
    let granted = call.now - call.start;
    call.run(8 * SECOND);

    assert_eq!(call.names(hall, &call.video_mid(hall, 0)), ["Bình An"]);
    assert_eq!(call.names(hall, &call.video_mid(hall, 1)), ["Phú Mỹ"]);
    assert_eq!(call.names(hall, &call.audio_mid(hall, 0)), ["Bình An"]);
    assert_eq!(call.names(hall, &call.audio_mid(hall, 1)), Vec::<String>::new());
    assert_eq!(call.names(binh_an, &call.video_mid(binh_an, 0)), ["Hội trường"]);
    assert_eq!(call.names(phu_my, &call.audio_mid(phu_my, 1)), ["Bình An"]);
    let first = &call.seen(phu_my, 1)[0];
    assert!(first.key, "the first picture can be decoded");
    assert!(
        first.at - granted <= Duration::from_millis(100),
        "{:?}",
        first.at - granted
    );
    for mid in [call.video_mid(hall, 0), call.audio_mid(hall, 0)] {
        let clocks = &call.rooms[hall].clocks;
        assert!(
            clocks.contains(&mid),
            "picture and voice can be put together: {clocks:?}"
        );
    }
}

#[test]
fn what_no_plan_names_does_not_cross() {
    let mut call = Hall::of_units(2);
    let hall = call.enter_at(0, "Hội trường", ROOM);
    let ward = call.enter_at(1, "Tân Lập", ROOM);
    call.settle();
    call.run(SECOND);
    assert_eq!(call.sfu.totals().relayed, 0);
    call.plan(&[(hall, &[], &[Some(ward)])]);
    call.run(SECOND);
    let voice = call.sfu.totals().relayed;
    assert!((40..=51).contains(&voice), "the voice alone: {voice}");
    call.plan(&[]);
    call.run(Duration::from_millis(20));
    call.hush();
    let before = call.sfu.totals().relayed;
    call.run(SECOND);
    assert!(call.rooms[hall].heard.is_empty(), "the floor was taken away");
    assert_eq!(call.sfu.totals().relayed, before);
}

#[test]
fn speakers_at_other_units_follow_each_other_without_a_seam() {
    let mut call = Hall::of_units(3);
    let hall = call.enter_at(0, "Hội trường", ROOM);
    let wards = [
        call.enter_at(1, "Bình An", ROOM),
        call.enter_at(2, "Phú Mỹ", ROOM),
        call.enter_at(0, "Tân Lập", ROOM),
    ];
    call.settle();
    call.run(SECOND);
    for turn in 0..9 {
        let ward = wards[turn % 3];
        let (asked, before) = (call.rooms[ward].key_frames_asked, call.seen(hall, 0).len());
        call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
        let granted = call.now - call.start;
        call.run(Duration::from_millis(700));
        let first = &call.seen(hall, 0)[before];
        assert_eq!((&first.from, first.key), (&call.rooms[ward].name, true), "turn {turn}");
        let waited = first.at - granted;
        assert!(waited <= Duration::from_millis(100), "turn {turn}: {waited:?}");
        assert_eq!(
            call.rooms[ward].key_frames_asked,
            asked + 1,
            "turn {turn}: one request, at once"
        );
    }
    let seen = call.seen(hall, 0);
    assert!(seen.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1));
}

#[test]
fn a_second_viewer_far_from_the_camera_gets_a_key_frame_too() {
    let mut call = Hall::of_units(2);
    let hall = call.enter_at(0, "Hội trường", ROOM);
    let second = call.enter_at(0, "Phòng họp số 2", ROOM);
    let ward = call.enter_at(1, "Bình An", ROOM);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(2 * SECOND);
    call.plan(&[
        (hall, &[Some(ward)], &[Some(ward)]),
        (second, &[Some(ward)], &[Some(ward)]),
    ]);
    let granted = call.now - call.start;
    call.run(SECOND);
    let first = &call.seen(second, 0)[0];
    assert!(
        first.key && first.at - granted <= Duration::from_millis(100),
        "{first:?}"
    );
}

#[test]
fn a_lossy_line_is_repaired_from_the_unit_at_its_end() {
    let mut call = Hall::of_units(2);
    let hall = call.enter_at(0, "Hội trường", ROOM);
    let ward = call.enter_at(1, "Bình An", ROOM);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(SECOND);
    let (end, asked) = (call.rooms[hall].address, call.rooms[ward].key_frames_asked);
    let mut falls = dice(10);
    call.link = line(move |datagram| !(datagram.to == end && is_media(datagram) && falls()));
    call.hush();
    call.run(10 * SECOND);
    call.link = line(|_| true);
    call.run(SECOND);
    let (missing, whole) = missing(&call, hall);
    assert!(missing * 200 <= whole && whole > 500, "{missing} of {whole}");
    let stats = call.sfu.stats(call.rooms[hall].id).expect("a session");
    assert!(stats.repairs_down > 30, "{stats:?}");
    assert_eq!(
        call.rooms[ward].key_frames_asked, asked,
        "no key frame was needed for it"
    );
}

#[test]
fn what_is_lost_between_two_units_is_asked_for_again() {
    let mut call = Hall::of_units(2);
    let hall = call.enter_at(0, "Hội trường", ROOM);
    let ward = call.enter_at(1, "Bình An", ROOM);
    call.settle();
    let mut falls = dice(5);
    call.bridge = Box::new(move |relay| !(relay.is_media() && falls()));
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(10 * SECOND);
    call.bridge = Box::new(|_| true);
    call.run(SECOND);
    let (missing, whole) = missing(&call, hall);
    assert!(missing * 200 <= whole && whole > 500, "{missing} of {whole}");
}

#[test]
fn wishes_that_get_lost_are_said_again() {
    let mut call = Hall::of_units(2);
    let hall = call.enter_at(0, "Hội trường", ROOM);
    let ward = call.enter_at(1, "Bình An", ROOM);
    call.settle();
    let mut lost = 0;
    call.bridge = Box::new(move |_| {
        lost += 1;
        lost > 3
    });
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(5 * SECOND);
    assert!(call.seen(hall, 0).len() > 50 && call.seen(hall, 0)[0].key);
}

#[test]
fn a_room_that_moves_to_another_unit_is_seen_from_there() {
    let mut call = Hall::of_units(3);
    let hall = call.enter_at(0, "Hội trường", ROOM);
    let ward = call.enter_at(1, "Bình An", ROOM);
    call.settle();
    call.plan(&[
        (hall, &[Some(ward)], &[Some(ward)]),
        (ward, &[Some(hall)], &[Some(hall)]),
    ]);
    call.run(SECOND);
    for unit in [2, 0, 1] {
        let (before, id) = (call.rooms[ward].unit, call.rooms[ward].id);
        call.unit(before).close(id);
        call.run(Duration::from_millis(20));
        call.hush();
        call.run(SECOND);
        assert!(call.rooms[hall].heard.is_empty(), "it has left unit {before}");
        call.reenter_at(unit, ward);
        call.settle();
        call.run(2 * SECOND);
        assert!(call.seen(hall, 0)[0].key, "unit {unit}");
        assert_eq!(call.names(hall, &call.audio_mid(hall, 0)), ["Bình An"], "unit {unit}");
        assert_eq!(
            call.names(ward, &call.video_mid(ward, 0)),
            ["Hội trường"],
            "unit {unit}"
        );
        assert!(call.seen(hall, 0).len() > 80, "{}", call.seen(hall, 0).len());
    }
}

#[test]
fn packets_of_an_ended_stream_do_not_disturb_its_successor() {
    let mut call = Hall::of_units(3);
    let hall = call.enter_at(0, "Hội trường", ROOM);
    let ward = call.enter_at(1, "Bình An", ROOM);
    call.settle();
    // What unit 1 has to say stays behind once the ward has moved.
    let (held, keeper) = (std::rc::Rc::new(std::cell::RefCell::new(Vec::new())), 40);
    let late = held.clone();
    call.bridge = Box::new(move |relay| {
        if relay.is_media() && late.borrow().len() < keeper {
            late.borrow_mut().push(relay.clone());
        }
        true
    });
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(SECOND);
    let id = call.rooms[ward].id;
    call.unit(1).close(id);
    call.reenter_at(2, ward);
    call.settle();
    call.run(SECOND);
    call.hush();
    let now = call.now;
    for relay in held.borrow_mut().drain(..) {
        call.sfu.handle_relay(now, 1, relay);
    }
    call.run(SECOND);
    let seen = call.seen(hall, 0);
    assert!(seen.len() > 40, "{}", seen.len());
    assert!(seen.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1));
}
