//! Who is seen and heard where, held against recorded sittings: whatever happened in them, at every step.

use hub::policy::{Outside, arrange, outside};
use meeting::event::Entry;
use meeting::id::EndpointId;
use meeting::{Meeting, StageMode};
use std::collections::BTreeSet;

const SITTINGS: [&str; 6] = [
    include_str!("../../../meeting/tests/golden/morning.jsonl"),
    include_str!("../../../meeting/tests/golden/storm.jsonl"),
    include_str!("../../../meeting/tests/golden/odds.jsonl"),
    include_str!("../../../meeting/tests/golden/chance.jsonl"),
    include_str!("../../../meeting/tests/golden/asked.jsonl"),
    include_str!("../../../meeting/tests/golden/doors.jsonl"),
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
            if viewer != primary && meeting.admits_room(&viewer) {
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

/// Whoever views from outside gets nothing that the sitting itself does not show or hear, and the programme all that fits of it.
#[test]
fn the_programme_is_what_the_floor_puts_on_stage() {
    let (mut pictures, mut pairs) = (0, 0);
    at_every_step(|meeting, connected| {
        let outside = outside(meeting, connected);
        if meeting.is_behind_doors() {
            assert_eq!(outside, Outside::default(), "nothing leaves a closed sitting");
            return;
        }
        let (stage, heard, at) = (meeting.stage(), meeting.heard(), meeting.seq());
        let up = |room: &EndpointId| connected.contains(room) && meeting.line_up(room);
        for room in outside.sounds.iter().flatten().chain(&outside.heard) {
            assert!(heard.contains(room) && up(room), "{room} is heard at {at}");
        }
        let audible = heard.iter().filter(|room| up(room)).count();
        assert_eq!(outside.sounds.iter().flatten().count(), audible.min(2), "at {at}");
        let floor = meeting
            .turn()
            .map(|turn| &turn.endpoint)
            .filter(|room| outside.heard.contains(room));
        if let (Some(floor), None) = (floor, meeting.called()) {
            assert_eq!(
                outside.sounds[0].as_ref(),
                Some(floor),
                "the speaker is the first sound at {at}"
            );
        }
        for room in outside.pictures.iter().flatten() {
            assert!(up(room) && outside.seen.contains(room), "{room} is shown at {at}");
            let is_meant = [&stage.primary, &stage.secondary].contains(&&Some(room.clone()));
            assert!(
                is_meant || meeting.hall().as_ref() == Some(room),
                "{room} is not on stage at {at}"
            );
        }
        if let Some(primary) = stage.primary.as_ref().filter(|room| up(room)) {
            assert_eq!(outside.pictures[0].as_ref(), Some(primary), "at {at}");
            pictures += 1;
        }
        pairs += usize::from(outside.pictures[1].is_some());
        assert_ne!(
            outside.pictures[1].as_ref().map(|_| &outside.pictures[1]),
            Some(&outside.pictures[0]),
            "at {at}"
        );
        if stage.mode == StageMode::Closed {
            assert_eq!(outside, Outside::default(), "nothing is shown after the end");
        }
    });
    assert!(pictures > 1000 && pairs > 10, "{pictures} pictures, {pairs} pairs");
}

/// PRODUCT 3.13: a room outside neither receives nor is shown, and viewers get nothing; each that was admitted does.
#[test]
fn nothing_passes_closed_doors() {
    let (mut blind, mut admitted) = (0, 0);
    at_every_step(|meeting, connected| {
        if !meeting.is_behind_doors() {
            return;
        }
        for (room, slots) in arrange(meeting, connected) {
            let received: Vec<&EndpointId> = slots.video.iter().chain(&slots.audio).flatten().collect();
            assert!(
                received.iter().all(|from| meeting.admits_room(from)),
                "{room} at {}",
                meeting.seq()
            );
            if meeting.admits_room(&room) {
                admitted += usize::from(!received.is_empty());
            } else {
                assert!(received.is_empty(), "{room} at {}", meeting.seq());
                blind += 1;
            }
        }
    });
    assert!(blind > 20 && admitted > 20, "{blind} outside, {admitted} inside");
}
