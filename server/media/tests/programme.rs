//! The programme: who receives it sees one camera and hears one microphone, whatever the floor does.

#![allow(clippy::unwrap_used)]

mod hall;

use hall::{Equipment, HALL, Hall, Heard, Narrow, ROOM, line};
use media::{Plan, Receive, SessionId};
use std::collections::BTreeMap;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const VIEWER: Equipment = Equipment {
    microphone: false,
    camera: false,
    video_slots: 2,
    audio_slots: 2,
    layers: 0,
};
const NOBODY: (Option<usize>, Option<usize>) = (None, None);

fn both(room: usize) -> (Option<usize>, Option<usize>) {
    (Some(room), Some(room))
}

/// Steps of one, time that goes on, a new picture number exactly where a new picture begins.
fn assert_continuous(seen: &[Heard]) {
    for pair in seen.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        assert_eq!(after.sequence, before.sequence + 1, "{before:?} {after:?}");
        let time = after.timestamp.wrapping_sub(before.timestamp);
        assert!(time < 90_000 * 3, "{before:?} {after:?}");
        let step = after.picture.wrapping_sub(before.picture) & 0x7fff;
        assert_eq!(step, u16::from(time > 0), "{before:?} {after:?}");
    }
}

fn sounds(call: &Hall, viewer: usize, slot: usize) -> Vec<Heard> {
    let mid = call.audio_mid(viewer, slot);
    call.rooms[viewer]
        .heard
        .iter()
        .filter(|heard| heard.mid == mid)
        .cloned()
        .collect()
}

#[test]
fn a_switch_is_one_camera_that_goes_on() {
    let mut call = Hall::new();
    let wards = [
        call.enter("Hội trường", ROOM),
        call.enter("Bình An", ROOM),
        call.enter("Phú Mỹ", ROOM),
    ];
    let viewer = call.enter("Sảnh", VIEWER);
    call.settle();
    call.run(SECOND);
    for turn in 0..9 {
        let (speaker, chair) = (wards[turn % 3], wards[0]);
        let beside = if speaker == chair { NOBODY } else { both(chair) };
        let before = call.rooms[viewer].heard.len();
        call.programme(&[viewer], [both(speaker), beside]);
        let granted = call.now - call.start;
        call.run(Duration::from_millis(600));
        let fresh = call.rooms[viewer].heard.split_off(before);
        // What was on its way before the switch may still come, in order.
        let picture = call.video_mid(viewer, 0);
        let mut switched = false;
        let (fresh, late): (Vec<_>, Vec<_>) = fresh.into_iter().partition(|heard| {
            switched |= heard.mid == picture && heard.from == call.rooms[speaker].name;
            heard.mid != picture || switched
        });
        assert!(
            late.len() <= 2,
            "turn {turn}: {} pictures of the room before",
            late.len()
        );
        call.rooms[viewer].heard.extend(late);
        let first = fresh
            .iter()
            .find(|heard| heard.mid == call.video_mid(viewer, 0))
            .expect("a picture");
        assert!(
            turn == 0 && first.from == "Hội trường" || first.from == call.rooms[speaker].name,
            "turn {turn}"
        );
        assert!(first.key, "turn {turn}: a decoder can start here");
        assert!(
            first.at - granted <= Duration::from_millis(100),
            "turn {turn}: {:?}",
            first.at - granted
        );
        let only = |mid: &str, name: &str| {
            fresh
                .iter()
                .filter(|heard| heard.mid == mid)
                .all(|heard| heard.from == name)
        };
        assert!(
            only(&call.video_mid(viewer, 0), &call.rooms[speaker].name),
            "turn {turn}"
        );
        assert!(
            only(&call.audio_mid(viewer, 0), &call.rooms[speaker].name),
            "the sound follows the floor"
        );
        assert!(only(&call.video_mid(viewer, 1), "Hội trường") && only(&call.audio_mid(viewer, 1), "Hội trường"));
        assert_eq!(
            fresh.iter().any(|heard| heard.mid == call.audio_mid(viewer, 1)),
            speaker != chair
        );
        call.rooms[viewer].heard.extend(fresh);
    }
    assert_continuous(&call.seen(viewer, 0));
    assert_continuous(&call.seen(viewer, 1));
    for slot in 0..2 {
        let voice = sounds(&call, viewer, slot);
        assert!(voice.len() > 50);
        assert!(voice.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1));
    }
}

#[test]
fn many_viewers_cost_one_switch_and_one_key_frame() {
    let mut call = Hall::new();
    let (hall, ward) = (call.enter("Hội trường", ROOM), call.enter("Bình An", ROOM));
    let viewers: Vec<usize> = (0..8)
        .map(|number| call.enter(&format!("Sảnh {number}"), VIEWER))
        .collect();
    call.settle();
    call.programme(&viewers, [both(hall), NOBODY]);
    call.run(SECOND);
    let asked = call.rooms[ward].key_frames_asked;
    call.hush();
    call.programme(&viewers, [both(ward), NOBODY]);
    call.run(SECOND);
    assert_eq!(call.rooms[ward].key_frames_asked, asked + 1);
    let first = call.seen(viewers[0], 0);
    for viewer in &viewers {
        let seen = call.seen(*viewer, 0);
        assert!(seen[0].key && seen[0].from == "Bình An");
        let numbers = |seen: &[Heard]| seen.iter().map(|heard| heard.number).collect::<Vec<_>>();
        assert_eq!(numbers(&seen), numbers(&first), "all see the same");
        assert_continuous(&seen);
    }
    let late = call.enter("Muộn", VIEWER);
    call.settle();
    let everybody: Vec<usize> = viewers.iter().copied().chain([late]).collect();
    call.programme(&everybody, [both(ward), NOBODY]);
    call.run(SECOND);
    let seen = call.seen(late, 0);
    assert!(
        seen.first().is_some_and(|heard| heard.key),
        "who comes late begins with a key frame"
    );
    assert_continuous(&call.seen(viewers[0], 0));
}

#[test]
fn nothing_is_shown_of_a_room_that_has_left_the_stage() {
    let mut call = Hall::new();
    let (hall, ward) = (call.enter("Hội trường", ROOM), call.enter("Bình An", ROOM));
    let viewer = call.enter("Sảnh", VIEWER);
    call.settle();
    call.programme(&[viewer], [both(ward), NOBODY]);
    call.run(SECOND);
    // The new source sends nothing: the old one must not go on in its place.
    call.rooms[hall].is_publishing = false;
    call.programme(&[viewer], [both(hall), NOBODY]);
    call.run(Duration::from_millis(20));
    call.hush();
    call.run(SECOND);
    assert!(call.rooms[viewer].heard.is_empty());
    call.rooms[hall].is_publishing = true;
    call.run(SECOND);
    assert_eq!(call.names(viewer, &call.video_mid(viewer, 0)), ["Hội trường"]);
    call.programme(&[viewer], [NOBODY, NOBODY]);
    call.run(Duration::from_millis(20));
    call.hush();
    call.run(SECOND);
    assert!(call.rooms[viewer].heard.is_empty());
}

#[test]
fn a_publisher_that_comes_back_is_the_same_camera_to_whoever_watches() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let viewer = call.enter("Sảnh", VIEWER);
    call.settle();
    call.programme(&[viewer], [both(hall), NOBODY]);
    call.run(SECOND);
    let before = call.seen(viewer, 0).len();
    call.reenter(hall);
    call.settle();
    call.run(2 * SECOND);
    let seen = call.seen(viewer, 0);
    assert!(seen.len() > before + 50 && seen[before..].iter().any(|heard| heard.key));
    assert_continuous(&seen);
    let voice = sounds(&call, viewer, 0);
    assert!(voice.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1));
}

#[test]
fn what_is_lost_on_the_way_to_a_viewer_is_repaired_from_the_programme() {
    let mut call = Hall::new();
    let (hall, ward) = (call.enter("Hội trường", ROOM), call.enter("Bình An", ROOM));
    let viewer = call.enter("Sảnh", VIEWER);
    call.settle();
    call.programme(&[viewer], [both(hall), NOBODY]);
    call.run(SECOND);
    call.programme(&[viewer], [both(ward), NOBODY]);
    let (address, mut count) = (call.rooms[viewer].address, 0);
    call.link = line(move |datagram| {
        count += usize::from(datagram.to == address && datagram.bytes.len() > 500);
        datagram.to != address || datagram.bytes.len() <= 500 || count % 10 != 0
    });
    call.run(3 * SECOND);
    call.link = line(|_| true);
    call.run(SECOND);
    assert!(call.sfu.stats(call.rooms[viewer].id).unwrap().repairs_down > 5);
    let mut numbers: Vec<u64> = call.seen(viewer, 0).iter().map(|heard| heard.sequence).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let span = numbers[numbers.len() - 1] - numbers[0] + 1;
    assert!(numbers.len() as u64 + 2 >= span, "{} of {span}", numbers.len());
}

#[test]
fn a_viewer_at_another_unit_sees_the_same_programme() {
    let mut call = Hall::of_units(2);
    let (hall, ward) = (call.enter("Hội trường", ROOM), call.enter("Bình An", ROOM));
    let viewer = call.enter_at(1, "Sảnh", VIEWER);
    call.settle();
    for turn in 0..4 {
        call.programme(&[viewer], [both([hall, ward][turn % 2]), NOBODY]);
        call.run(SECOND);
    }
    let seen = call.seen(viewer, 0);
    assert!(seen.len() > 150 && seen[0].key);
    assert_continuous(&seen);
    let names: Vec<String> = call.names(viewer, &call.audio_mid(viewer, 0));
    assert_eq!(names, ["Hội trường", "Bình An", "Hội trường", "Bình An"]);
    assert!(call.sfu.stats(SessionId(1)).is_some());
}

#[test]
fn every_viewer_gets_the_layer_that_its_line_carries() {
    let mut call = Hall::new();
    call.grain = Duration::from_millis(2);
    let (hall, ward) = (call.enter("Hội trường", HALL), call.enter("Bình An", HALL));
    let (wide, narrow) = (call.enter("Sảnh", VIEWER), call.enter("Xã xa", VIEWER));
    call.settle();
    call.narrow = Some(Narrow::new(call.rooms[narrow].address, 700_000));
    call.programme(&[wide, narrow], [both(hall), NOBODY]);
    call.run(15 * SECOND);
    call.programme(&[wide, narrow], [both(ward), NOBODY]);
    call.run(10 * SECOND);
    for viewer in [wide, narrow] {
        assert_continuous(&call.seen(viewer, 0));
    }
    call.hush();
    call.run(SECOND);
    let heights = |viewer| {
        let mut heights: Vec<u16> = call.seen(viewer, 0).iter().map(|heard| heard.height).collect();
        heights.dedup();
        heights
    };
    assert_eq!((heights(wide), heights(narrow)), (vec![720], vec![360]));
}

/// Cameras and microphones beyond the first are named, shown and heard like any other, also at another unit.
#[test]
fn all_cameras_of_a_studio_are_seen_and_heard() {
    let mut call = Hall::of_units(2);
    let studio = call.enter_with_further("Trường quay", 2);
    let three = Equipment {
        video_slots: 3,
        audio_slots: 3,
        ..VIEWER
    };
    let (near, far) = (call.enter("Sảnh", three), call.enter_at(1, "Xã xa", three));
    call.settle();
    let id = call.rooms[studio].id;
    let all: Vec<_> = (0..3).map(|number| Some(id.device(number))).collect();
    let receive = Receive {
        video: all.clone(),
        audio: all,
        ..Receive::default()
    };
    let viewers = [near, far].map(|viewer| (call.rooms[viewer].id, receive.clone()));
    call.set_plan(&Plan {
        receives: BTreeMap::from(viewers),
        ..Plan::default()
    });
    call.run(2 * SECOND);
    for viewer in [near, far] {
        for (slot, name) in ["Trường quay", "Trường quay 2", "Trường quay 3"]
            .into_iter()
            .enumerate()
        {
            let picture = call.seen(viewer, slot);
            assert!(picture.len() > 50 && picture[0].key, "{viewer} {slot}");
            assert_eq!(call.names(viewer, &call.video_mid(viewer, slot)), [name]);
            assert_eq!(call.names(viewer, &call.audio_mid(viewer, slot)), [name]);
        }
    }
    // The programme may show any of them.
    let mut plan = Plan {
        receives: BTreeMap::from([(
            call.rooms[near].id,
            Receive {
                video: vec![Some(SessionId::PROGRAMME[0])],
                ..Receive::default()
            },
        )]),
        ..Plan::default()
    };
    plan.programme[0].video = Some(id.device(2));
    call.set_plan(&plan);
    call.run(Duration::from_millis(20));
    call.hush();
    call.run(SECOND);
    assert_eq!(call.names(near, &call.video_mid(near, 0)), ["Trường quay 3"]);
}
