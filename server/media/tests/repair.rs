//! Lossy lines: what is lost is asked for and sent again, and the picture stays whole.

mod hall;

use std::collections::BTreeSet;
use std::time::Duration;

use hall::{Datagram, Hall, ROOM, line};
use media::SessionId;

const SECOND: Duration = Duration::from_secs(1);

/// A small generator of our own, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn percent(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % 100
    }
}

fn is_media(datagram: &Datagram) -> bool {
    matches!(datagram.bytes[..], [128..=191, second, ..] if !(192..=223).contains(&second))
}

/// A hall watching one ward, over a line that loses `percent` of the media in the given direction.
fn lossy_call(percent: u64, from_the_ward: bool) -> Hall {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(SECOND);
    let end = call.rooms[if from_the_ward { ward } else { hall }].address;
    let mut dice = Dice(0x1234_5678_9abc_def1);
    call.link = line(move |datagram| {
        let concerned = if from_the_ward {
            datagram.from == end
        } else {
            datagram.to == end
        };
        !(concerned && is_media(datagram) && dice.percent() < percent)
    });
    call
}

/// Pictures that arrived whole: the number of the ward's frames of which both packets came.
fn check_whole(call: &mut Hall) -> usize {
    call.hush();
    call.run(10 * SECOND);
    call.link = line(|_| true);
    call.run(SECOND);
    let seen = call.seen(0, 0);
    let numbers: Vec<u64> = seen.iter().map(|heard| heard.sequence).collect();
    let unique: BTreeSet<u64> = numbers.iter().copied().collect();
    assert_eq!(numbers.len(), unique.len(), "nothing twice");
    let (first, last) = (
        unique.iter().next().expect("pictures"),
        unique.iter().next_back().expect("pictures"),
    );
    let missing = (last - first + 1) as usize - unique.len();
    assert!(
        missing * 200 <= unique.len(),
        "{missing} of {} packets never came",
        unique.len()
    );
    unique.len()
}

#[test]
fn a_line_down_that_loses_a_tenth_shows_the_whole_picture() {
    let mut call = lossy_call(10, false);
    let asked = call.rooms[1].key_frames_asked;
    let whole = check_whole(&mut call);
    let stats = call.sfu.stats(SessionId(1)).expect("a session");
    assert!(whole > 500 && stats.repairs_down > 30, "{whole} {stats:?}");
    assert_eq!(call.rooms[1].key_frames_asked, asked, "no key frame was needed for it");
}

#[test]
fn a_line_up_that_loses_a_tenth_is_repaired_before_it_is_forwarded() {
    let mut call = lossy_call(10, true);
    let whole = check_whole(&mut call);
    let stats = call.sfu.stats(SessionId(2)).expect("a session");
    assert!(whole > 500 && stats.repairs_up > 30, "{whole} {stats:?}");
}

/// T-3: a voice that nobody can ask for again, because this browser does not.
#[test]
fn a_voice_is_heard_on_a_line_that_loses_a_third_of_everything() {
    let mut call = lossy_call(33, false);
    call.run(5 * SECOND);
    call.hush();
    call.run(20 * SECOND);
    let mid = call.audio_mid(0, 0);
    let voice: Vec<u32> = call.rooms[0]
        .heard
        .iter()
        .filter(|heard| heard.mid == mid)
        .map(|heard| heard.number)
        .collect();
    let unique: BTreeSet<u32> = voice.iter().copied().collect();
    assert_eq!(voice.len(), unique.len(), "copies are dropped as replays");
    assert!(unique.len() >= 960, "{} of 1000", unique.len());
}

#[test]
fn losses_are_reported_to_the_technician() {
    let mut call = lossy_call(20, true);
    call.run(4 * SECOND);
    let up = call.sfu.stats(SessionId(2)).expect("a session").loss_up;
    assert!((0.02..0.5).contains(&up), "{up}");
    let mut call = lossy_call(20, false);
    call.run(6 * SECOND);
    let stats = call.sfu.stats(SessionId(1)).expect("a session");
    assert!((0.005..0.5).contains(&stats.loss_down), "{stats:?}");
    assert!(stats.rtt_ms.is_some());
}

#[test]
fn reordered_packets_arrive_as_they_were() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    let from = call.rooms[ward].address;
    // Every third packet of the camera waits behind the next one.
    let mut held = None;
    let mut count = 0u32;
    call.link = Box::new(move |datagram, out| {
        if datagram.from != from || !is_media(&datagram) || datagram.bytes.len() < 500 {
            out.push(datagram);
            return;
        }
        count += 1;
        if count.is_multiple_of(3) {
            held = Some(datagram);
        } else {
            out.push(datagram);
            out.extend(held.take());
        }
    });
    call.plan(&[(hall, &[Some(ward)], &[])]);
    call.run(3 * SECOND);
    let seen = call.seen(hall, 0);
    let first = seen.first().expect("a picture");
    assert!(first.key, "the picture begins with a key frame: {first:?}");
    let unique: BTreeSet<u64> = seen.iter().map(|heard| heard.sequence).collect();
    assert_eq!(unique.len(), seen.len(), "nothing twice");
    assert!(seen.len() > 130, "{}", seen.len());
}

/// T-11: both ways are dead for longer than what was missed could be repaired.
#[test]
fn after_an_outage_pictures_go_on_at_a_key_frame_without_a_gap_to_repair() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    call.plan(&[
        (hall, &[Some(ward)], &[Some(ward)]),
        (ward, &[Some(hall)], &[Some(hall)]),
    ]);
    call.run(3 * SECOND);
    let end = call.rooms[ward].address;
    call.link = line(move |datagram| datagram.from != end && datagram.to != end);
    let before = call.seen(hall, 0).last().expect("pictures").sequence;
    call.run(15 * SECOND);
    call.hush();
    call.link = line(|_| true);
    let back = call.now - call.start;
    call.run(SECOND);
    for viewer in [hall, ward] {
        let seen = call.seen(viewer, 0);
        let first = seen.first().expect("pictures");
        assert!(
            first.key && first.at - back < Duration::from_millis(400),
            "{viewer}: {first:?}"
        );
    }
    // What was lost on the way up was never numbered on the way down.
    assert_eq!(call.seen(hall, 0)[0].sequence, before + 1);
}
