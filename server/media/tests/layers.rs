//! One camera, many sizes: every viewer gets the layer that its slot shows and its line carries, and never notices the change.

mod hall;

use std::collections::BTreeSet;
use std::time::Duration;

use hall::{HALL, Hall, Heard, Narrow, ROOM};
use media::{Rank, SessionId, Wish};

const SECOND: Duration = Duration::from_secs(1);
const STAGE: Wish = Wish {
    rank: Rank::Stage,
    height: 720,
};
const TILE: Wish = Wish {
    rank: Rank::Tile,
    height: 180,
};

/// A ward that watches the hall large and another ward as a tile, over a line of this capacity, bit/s.
fn call(capacity: u64) -> (Hall, usize) {
    let mut call = Hall::new();
    call.grain = Duration::from_millis(2);
    call.shown = vec![STAGE, TILE];
    let ward = call.enter("Bình An", ROOM);
    let hall = call.enter("Hội trường", HALL);
    let other = call.enter("Phú Mỹ", HALL);
    call.settle();
    call.narrow = Some(Narrow::new(call.rooms[ward].address, capacity));
    call.plan(&[(ward, &[Some(hall), Some(other)], &[Some(hall)])]);
    (call, ward)
}

fn heights(seen: &[Heard]) -> Vec<u16> {
    let mut heights: Vec<u16> = seen.iter().map(|heard| heard.height).collect();
    heights.dedup();
    heights
}

/// What one sees of a picture that is never cut: numbers without a gap, time that runs on.
fn check_continuity(seen: &[Heard]) {
    for pair in seen.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        assert_eq!(after.sequence, before.sequence + 1, "{before:?} {after:?}");
        let time = after.timestamp.wrapping_sub(before.timestamp);
        let step = after.picture.wrapping_sub(before.picture) & 0x7fff;
        assert!(time < 90_000 && step <= 1, "{before:?} {after:?}");
        assert_eq!(
            step == 1,
            time > 0,
            "a new picture has a new time: {before:?} {after:?}"
        );
        if after.height != before.height {
            assert!(after.key, "a layer begins with a key frame: {after:?}");
        }
    }
}

#[test]
fn the_stage_gets_the_large_layer_and_a_tile_the_small_one() {
    let (mut call, ward) = call(20_000_000);
    call.run(6 * SECOND);
    call.hush();
    call.run(SECOND);
    assert_eq!(heights(&call.seen(ward, 0)), [720]);
    assert_eq!(heights(&call.seen(ward, 1)), [180]);
    let stats = call.sfu.stats(SessionId(1)).expect("a session");
    assert_eq!((stats.layer, stats.paused), (Some(720), vec![]));
    assert!(
        stats.estimate_down.is_some_and(|estimate| estimate > 1_500_000),
        "{:?}",
        stats.estimate_down
    );
}

#[test]
fn the_first_picture_comes_at_once_and_grows() {
    let (mut call, ward) = call(20_000_000);
    let shown = call.now - call.start;
    call.run(5 * SECOND);
    let seen = call.seen(ward, 0);
    assert!(
        seen[0].key && seen[0].at - shown < Duration::from_millis(250),
        "{:?}",
        seen[0]
    );
    let whole = seen.iter().find(|heard| heard.height == 720).expect("the large layer");
    assert!(whole.at - shown < Duration::from_secs(3), "{:?}", whole.at - shown);
    check_continuity(&seen);
    check_continuity(&call.seen(ward, 1));
}

#[test]
fn every_layer_is_repaired_on_its_way_up() {
    let (mut call, ward) = call(20_000_000);
    call.run(5 * SECOND);
    let from = call.rooms[1].address;
    let mut count = 0u32;
    call.link = hall::line(move |datagram| {
        let is_media = datagram.from == from && datagram.bytes.len() > 300;
        count += u32::from(is_media);
        !(is_media && count.is_multiple_of(10))
    });
    call.hush();
    call.run(5 * SECOND);
    let stats = call.sfu.stats(SessionId(2)).expect("a session");
    assert!(stats.repairs_up > 50, "{stats:?}");
    let seen = call.seen(ward, 0);
    let unique: BTreeSet<u64> = seen.iter().map(|heard| heard.sequence).collect();
    let (first, last) = (unique.first().expect("pictures"), unique.last().expect("pictures"));
    let missing = (last - first + 1) as usize - unique.len();
    assert!(missing * 50 < unique.len(), "{missing} of {}", unique.len());
}

/// T-7 (RFC 8867 §5.1): 1, 2.5, 0.6 and again 1 Mbit/s.
#[test]
fn steps_of_the_capacity_are_followed_without_swinging() {
    let (mut call, ward) = call(1_000_000);
    let mut switches = Vec::new();
    let mut shown = 0;
    for (capacity, seconds, expected) in [
        (1_000_000, 40, 360),
        (2_500_000, 20, 720),
        (600_000, 20, 360),
        (1_000_000, 20, 360),
    ] {
        call.narrow.as_mut().expect("a line").capacity = capacity;
        for second in 0..seconds {
            call.hush();
            call.run(SECOND);
            let seen = call.seen(ward, 0);
            for heard in &seen {
                if heard.height != shown {
                    shown = heard.height;
                    switches.push((heard.at.as_secs(), shown));
                }
            }
            if second == 2 {
                assert!(
                    capacity != 600_000 || shown < 720,
                    "two seconds after the drop: {switches:?}"
                );
                call.narrow.as_mut().expect("a line").waits.clear();
            }
        }
        let usual = call.narrow.as_mut().expect("a line").usual_wait();
        assert!(usual <= Duration::from_millis(500), "at {capacity} bit/s: {usual:?}");
        let estimate = call.sfu.stats(SessionId(1)).and_then(|stats| stats.estimate_down);
        let is_right = if capacity == 600_000 {
            shown <= expected
        } else {
            shown == expected
        };
        assert!(
            is_right,
            "{shown} at {capacity} bit/s, estimate {estimate:?}: {switches:?}"
        );
    }
    // The first changes find the layer. From then on each step of the capacity is followed, a fall in two steps at most, and
    // nothing rises that has just fallen.
    let late: Vec<_> = switches.iter().filter(|(at, _)| *at > 10).collect();
    assert!(late.len() <= 5, "{switches:?}");
    let is_calm = |before: &(u64, u16), after: &(u64, u16)| after.1 < before.1 || after.0 - before.0 >= 5;
    assert!(late.windows(2).all(|pair| is_calm(pair[0], pair[1])), "{switches:?}");
}

#[test]
fn a_line_for_the_voice_alone_keeps_the_voice_and_says_which_picture_stands_still() {
    let (mut call, ward) = call(110_000);
    call.run(15 * SECOND);
    call.hush();
    call.narrow.as_mut().expect("a line").waits.clear();
    call.run(10 * SECOND);
    let mid = call.audio_mid(ward, 0);
    let voice: Vec<_> = call.rooms[ward].heard.iter().filter(|heard| heard.mid == mid).collect();
    assert!(voice.len() >= 495, "{} of 500 packets of the voice", voice.len());
    let stats = call.sfu.stats(SessionId(1)).expect("a session");
    assert!(stats.paused.contains(&1), "the tile goes first: {stats:?}");
    let usual = call.narrow.as_mut().expect("a line").usual_wait();
    assert!(usual <= Duration::from_millis(300), "{usual:?}");
    // The line is mended, and the pictures come back by themselves.
    call.narrow.as_mut().expect("a line").capacity = 5_000_000;
    call.run(30 * SECOND);
    let stats = call.sfu.stats(SessionId(1)).expect("a session");
    assert_eq!((stats.layer, stats.paused), (Some(720), vec![]));
}

/// A queue that holds a third of a second, as in small routers: it is full at once, and then it does not grow.
#[test]
fn a_line_that_becomes_narrow_is_not_kept_full() {
    let (mut call, ward) = call(5_000_000);
    call.run(10 * SECOND);
    let line = call.narrow.as_mut().expect("a line");
    (line.capacity, line.queue) = (200_000, 200_000 / 8 * 3 / 10);
    call.run(8 * SECOND);
    call.hush();
    let line = call.narrow.as_mut().expect("a line");
    line.waits.clear();
    line.lost = 0;
    call.run(20 * SECOND);
    let mid = call.audio_mid(ward, 0);
    let voice = call.rooms[ward].heard.iter().filter(|heard| heard.mid == mid).count();
    let line = call.narrow.as_mut().expect("a line");
    let (lost, passed) = (line.lost, line.waits.len() as u64);
    assert!(lost * 50 <= passed, "{lost} lost, {passed} passed");
    assert!(voice >= 980, "{voice} of 1000 packets of the voice");
}

#[test]
fn loss_without_a_queue_leaves_a_picture() {
    let (mut call, ward) = call(20_000_000);
    call.run(3 * SECOND);
    let to = call.rooms[ward].address;
    let mut dice = 0x1234_5678_9abc_def1u64;
    call.link = hall::line(move |datagram| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        datagram.to != to || dice % 100 >= 30
    });
    call.run(15 * SECOND);
    call.hush();
    call.run(5 * SECOND);
    let seen = call.seen(ward, 0);
    let mut pictures: Vec<u32> = seen.iter().map(|heard| heard.number).collect();
    pictures.dedup();
    assert!(pictures.len() >= 5 * 7, "{} pictures in five seconds", pictures.len());
}
