//! Who is seen and heard where, held against recorded sittings: whatever happened in them, at every step.

use hub::policy::arrange;
use meeting::Meeting;
use meeting::event::Entry;
use meeting::id::EndpointId;
use std::collections::BTreeSet;

const SITTINGS: [&str; 4] = [
    include_str!("../../../meeting/tests/golden/morning.jsonl"),
    include_str!("../../../meeting/tests/golden/storm.jsonl"),
    include_str!("../../../meeting/tests/golden/odds.jsonl"),
    include_str!("../../../meeting/tests/golden/chance.jsonl"),
];

/// Calls `look` after every entry of every recorded sitting: with all rooms connected, and without each of them in turn.
fn at_every_step(mut look: impl FnMut(&Meeting, &BTreeSet<EndpointId>)) {
    for sitting in SITTINGS {
        let mut meeting = Meeting::new();
        for line in sitting.lines() {
            meeting.apply(&serde_json::from_str::<Entry>(line).unwrap());
            let all: BTreeSet<EndpointId> = meeting.setup().endpoints.keys().cloned().collect();
            for missing in all.iter().map(Some).chain([None]) {
                let connected = all.iter().filter(|room| Some(*room) != missing).cloned().collect();
                look(&meeting, &connected);
            }
        }
    }
}

/// The law that makes the router the keeper of the floor (PRODUCT 3.2).
#[test]
fn nobody_is_heard_whom_the_meeting_does_not_let_be_heard() {
    let mut steps_with_sound = 0;
    at_every_step(|meeting, connected| {
        let heard = meeting.heard();
        for slots in arrange(meeting, connected).values() {
            for room in slots.audio.iter().flatten() {
                assert!(heard.contains(room), "{room} is heard at {}", meeting.seq());
                steps_with_sound += 1;
            }
        }
    });
    assert!(steps_with_sound > 1000, "the recorded sittings are not silent");
}

#[test]
fn whoever_may_be_heard_is_heard_by_every_other_room() {
    at_every_step(|meeting, connected| {
        let audible: BTreeSet<EndpointId> = meeting
            .heard()
            .into_iter()
            .filter(|room| connected.contains(room) && meeting.line_up(room))
            .collect();
        for (listener, slots) in arrange(meeting, connected) {
            let received: BTreeSet<&EndpointId> = slots.audio.iter().flatten().collect();
            let wanted = audible.iter().filter(|room| **room != listener).count();
            assert_eq!(
                received.len(),
                wanted.min(slots.audio.len()),
                "{listener} at {}",
                meeting.seq()
            );
        }
    });
}

#[test]
fn no_room_receives_itself_a_lost_room_or_the_same_room_twice() {
    at_every_step(|meeting, connected| {
        for (viewer, slots) in arrange(meeting, connected) {
            for shown in [&slots.video, &slots.audio] {
                let rooms: Vec<&EndpointId> = shown.iter().flatten().collect();
                let different: BTreeSet<&EndpointId> = rooms.iter().copied().collect();
                assert_eq!(different.len(), rooms.len(), "{viewer} at {}", meeting.seq());
                for room in rooms {
                    assert!(*room != viewer && connected.contains(room) && meeting.line_up(room));
                }
            }
        }
    });
}

#[test]
fn the_stage_is_large_in_every_room_that_is_not_on_it() {
    let mut seen = 0;
    at_every_step(|meeting, connected| {
        let Some(primary) = meeting.stage().primary else { return };
        if !connected.contains(&primary) || !meeting.line_up(&primary) {
            return;
        }
        for (viewer, slots) in arrange(meeting, connected) {
            if viewer != primary {
                assert_eq!(
                    slots.video.first(),
                    Some(&Some(primary.clone())),
                    "{viewer} at {}",
                    meeting.seq()
                );
                seen += 1;
            }
        }
    });
    assert!(seen > 1000, "the recorded sittings have a stage");
}
