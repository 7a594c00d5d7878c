//! Cables, routers, reloads: the way to a room changes, the call goes on.

mod hall;

use std::net::SocketAddr;
use std::time::Duration;

use hall::{Equipment, Hall, ROOM, line};
use media::{Answer, Event, SessionId};
use str0m::change::SdpAnswer;
use str0m::media::{Direction, MediaKind};

const SECOND: Duration = Duration::from_secs(1);

/// A hall and a ward that see and hear each other.
fn call_of_two() -> Hall {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    call.plan(&[
        (hall, &[Some(ward)], &[Some(ward)]),
        (ward, &[Some(hall)], &[Some(hall)]),
    ]);
    call.run(SECOND);
    call.hush();
    call
}

/// Both directions work, with nearly everything that was sent in `duration`.
fn assert_flows(call: &mut Hall, duration: Duration) {
    call.hush();
    call.run(duration);
    let expected = duration.as_millis() as usize / 20;
    for room in 0..2 {
        let seen = call.seen(room, 0).len();
        assert!(
            seen + 8 >= expected,
            "{} got {seen} of {expected}",
            call.rooms[room].name
        );
    }
}

#[test]
fn a_router_that_gives_the_room_another_port_costs_a_moment() {
    let mut call = call_of_two();
    let old = call.rooms[1].address;
    let new = SocketAddr::from(([10, 77, 9, 9], 9999));
    call.link = Box::new(move |mut datagram, out| {
        if datagram.from == old {
            datagram.from = new;
        } else if datagram.to == new {
            datagram.to = old;
        } else if datagram.to == old {
            // The router does not know the old mapping any more.
            return;
        }
        out.push(datagram);
    });
    let before = call.sfu.totals().strangers;
    call.run(4 * SECOND);
    assert!(
        call.sfu.totals().strangers > before,
        "nothing is believed before a check has come from there"
    );
    assert_flows(&mut call, 2 * SECOND);
    assert!(!call.events.iter().any(|event| matches!(event, Event::Closed { .. })));
}

#[test]
fn after_half_a_minute_without_a_check_the_way_is_forgotten_and_a_restart_finds_a_new_one() {
    let mut call = call_of_two();
    let ward = call.rooms[1].address;
    // The line carries the ward's media, but none of its checks: consent runs out.
    call.link = line(move |datagram| datagram.from != ward || datagram.bytes[0] > 3);
    call.run(25 * SECOND);
    assert!(!call.seen(0, 0).is_empty());
    call.run(8 * SECOND);
    call.hush();
    let before = call.sfu.totals().strangers;
    call.run(SECOND);
    assert!(call.seen(0, 0).is_empty(), "no consent, no media");
    assert!(call.sfu.totals().strangers > before);
    // By now the peer has given up too; its page restarts ICE, and keeps its keys.
    call.link = line(|_| true);
    call.events.clear();
    restart(&mut call);
    call.run(3 * SECOND);
    assert_flows(&mut call, 2 * SECOND);
    assert!(
        !call.events.contains(&Event::Connected { id: SessionId(2) }),
        "no new handshake"
    );
}

#[test]
fn a_reloaded_page_takes_its_place_again() {
    let mut call = call_of_two();
    let old = call.rooms[1].address;
    call.reenter(1);
    assert_ne!(call.rooms[1].address, old);
    call.settle();
    assert_flows(&mut call, 2 * SECOND);
    assert_eq!(call.names(0, &call.video_mid(0, 0)), ["Bình An"]);
    let picture = call.seen(0, 0);
    assert!(
        picture.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1),
        "one stream for the viewer"
    );
    assert_eq!(call.sfu.sessions().count(), 2);
}

#[test]
fn an_ice_restart_changes_the_way_and_nothing_else() {
    let mut call = call_of_two();
    let before = call.rooms[1].answer.clone().expect("answered");
    let answer = restart(&mut call);
    assert_ne!(
        line_of(&answer.sdp, "a=ice-ufrag:"),
        line_of(&before.sdp, "a=ice-ufrag:")
    );
    assert_eq!(
        line_of(&answer.sdp, "a=ssrc:"),
        line_of(&before.sdp, "a=ssrc:"),
        "the slots keep their numbers"
    );
    assert_eq!(
        (&answer.video_slots, &answer.audio_slots),
        (&before.video_slots, &before.audio_slots)
    );
    call.events.clear();
    call.run(2 * SECOND);
    assert_flows(&mut call, 2 * SECOND);
    assert!(call.events.is_empty(), "no new handshake: {:?}", call.events);
}

/// As WHIP does it: the peer says its new credentials and nothing else, and gets a fragment.
#[test]
fn a_restart_by_fragment_changes_the_way_and_nothing_else() {
    let mut call = call_of_two();
    let before = call.rooms[1].answer.clone().expect("answered").sdp;
    let room = &mut call.rooms[1];
    let mut api = room.rtc.sdp_api();
    api.ice_restart(true);
    let (offer, pending) = api.apply().expect("a restart");
    let offer = offer.to_sdp_string();
    let ufrag = line_of(&offer, "a=ice-ufrag:").and_then(|line| line.strip_prefix("a=ice-ufrag:"));
    let ufrag = ufrag.expect("credentials");
    let fragment = call.sfu.restart_ice(SessionId(2), ufrag, call.now).expect("a session");
    for line in ["a=ice-lite", "a=mid:", "a=candidate:", "a=end-of-candidates"] {
        assert!(fragment.contains(line), "{line} in {fragment}");
    }
    assert_eq!(call.sfu.restart_ice(SessionId(9), ufrag, call.now), None);
    let mut answer = before.clone();
    for key in ["a=ice-ufrag:", "a=ice-pwd:"] {
        let lines = line_of(&before, key).zip(line_of(&fragment, key));
        let (old, new) = lines.expect("both have it");
        answer = answer.replace(old, new);
    }
    assert_ne!(answer, before);
    let answer = SdpAnswer::from_sdp_string(&answer).expect("valid SDP");
    call.rooms[1]
        .rtc
        .sdp_api()
        .accept_answer(pending, answer)
        .expect("it fits");
    call.events.clear();
    call.run(2 * SECOND);
    assert_flows(&mut call, 2 * SECOND);
    assert!(call.events.is_empty(), "no new handshake: {:?}", call.events);
}

#[test]
fn a_room_that_was_out_of_reach_for_minutes_comes_back_by_a_restart_and_missed_little_of_the_numbers() {
    let mut call = call_of_two();
    call.run(SECOND);
    let newest = |call: &Hall| call.seen(1, 0).iter().map(|heard| heard.sequence).max();
    let before = newest(&call).expect("a picture");
    let ward = call.rooms[1].address;
    call.link = line(move |datagram| datagram.from != ward && datagram.to != ward);
    call.run(100 * SECOND);
    let asked = call.rooms[0].key_frames_asked;
    call.run(10 * SECOND);
    assert_eq!(
        call.rooms[0].key_frames_asked, asked,
        "nobody is there to see a key frame"
    );
    call.hush();
    call.link = line(|_| true);
    call.events.clear();
    restart(&mut call);
    call.run(2 * SECOND);
    assert_flows(&mut call, 2 * SECOND);
    assert!(
        !call.events.iter().any(|event| matches!(event, Event::Connected { .. })),
        "no new handshake: {:?}",
        call.events
    );
    // What left before the path was forgotten is all that the ward's keys have to leap over.
    let leap = newest(&call).expect("a picture") - before;
    assert!(leap < 40 * 50, "{leap} packets");
}

#[test]
fn a_camera_that_is_plugged_in_later_is_added_to_the_running_call() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", Equipment { camera: false, ..ROOM });
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(SECOND);
    assert!(call.seen(hall, 0).is_empty());
    assert_eq!(call.names(hall, &call.audio_mid(hall, 0)), ["Bình An"]);

    let mut api = call.rooms[ward].rtc.sdp_api();
    let camera = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
    let (offer, pending) = api.apply().expect("something to offer");
    let answer = call
        .sfu
        .accept(SessionId(2), &offer.to_sdp_string(), call.now)
        .expect("a good offer");
    assert_eq!(answer.sends_video, [camera.to_string()]);
    let parsed = SdpAnswer::from_sdp_string(&answer.sdp).expect("valid SDP");
    call.rooms[ward]
        .rtc
        .sdp_api()
        .accept_answer(pending, parsed)
        .expect("the answer fits");
    call.rooms[ward].plug_in(camera);
    call.hush();
    call.run(SECOND);
    assert_eq!(
        call.names(hall, &call.video_mid(hall, 0)),
        ["Bình An"],
        "the plan had named it all along"
    );
    let mid = call.audio_mid(hall, 0);
    let voice = call.rooms[hall].heard.iter().filter(|heard| heard.mid == mid).count();
    assert!(voice >= 48, "the voice was not disturbed: {voice}");
}

#[test]
fn a_goodbye_is_reported() {
    let mut call = call_of_two();
    call.events.clear();
    call.rooms[1].rtc.disconnect();
    call.run(6 * SECOND);
    let id = SessionId(2);
    let told = call.events.iter().any(|event| match event {
        Event::Closed { id: gone, .. } | Event::Silent { id: gone, .. } => *gone == id,
        Event::Connected { .. } | Event::Alive { .. } => false,
    });
    assert!(told, "{:?}", call.events);
}

/// The ward's page restarts ICE.
fn restart(call: &mut Hall) -> Answer {
    let mut api = call.rooms[1].rtc.sdp_api();
    api.ice_restart(true);
    let (offer, pending) = api.apply().expect("something to offer");
    let answer = call
        .sfu
        .accept(SessionId(2), &offer.to_sdp_string(), call.now)
        .expect("a good offer");
    let parsed = SdpAnswer::from_sdp_string(&answer.sdp).expect("valid SDP");
    call.rooms[1]
        .rtc
        .sdp_api()
        .accept_answer(pending, parsed)
        .expect("the answer fits");
    answer
}

fn line_of<'a>(sdp: &'a str, prefix: &str) -> Option<&'a str> {
    sdp.lines().find(|line| line.starts_with(prefix))
}
