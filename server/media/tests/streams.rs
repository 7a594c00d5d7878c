//! Rooms behind a firewall: the same call over a connection, from the beginning or from the moment when UDP dies.

mod hall;

use std::time::Duration;

use hall::{Datagram, Hall, ROOM, line, sfu_address, tcp_address};
use media::{Config, Event, SessionId, StreamId};
use str0m::change::SdpAnswer;

const SECOND: Duration = Duration::from_secs(1);

fn hall_with_tcp() -> Hall {
    Hall::with(Config {
        candidates: vec![sfu_address()],
        tcp_candidates: vec![tcp_address()],
        ..Config::default()
    })
}

/// A hall with UDP and a ward that has both.
fn call_of_two(mut call: Hall) -> Hall {
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter_with_tcp("Bình An", ROOM);
    call.settle();
    call.plan(&[
        (hall, &[Some(ward)], &[Some(ward)]),
        (ward, &[Some(hall)], &[Some(hall)]),
    ]);
    call.run(2 * SECOND);
    call
}

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

/// UDP of the ward does not get through.
fn stop_udp(call: &mut Hall) {
    let ward = call
        .rooms
        .get(1)
        .map_or([10, 77, 1, 2].into(), |room| room.address.ip());
    call.link = line(move |datagram: &Datagram| {
        datagram.stream.is_some() || datagram.from.ip() != ward && datagram.to.ip() != ward
    });
}

#[test]
fn the_answer_names_the_way_over_tcp_after_the_others() {
    let call = call_of_two(hall_with_tcp());
    let answer = call.rooms[1].answer.as_ref().expect("answered");
    let candidates: Vec<&str> = answer
        .sdp
        .lines()
        .filter(|line| line.starts_with("a=candidate:"))
        .collect();
    let (udp, tcp) = (candidates[0], candidates[1]);
    assert!(udp.contains(" udp ") && tcp.contains(" tcp ") && tcp.ends_with("10.77.0.1 443 typ host tcptype passive"));
    let priority = |line: &str| line.split(' ').nth(3).and_then(|number| number.parse::<u32>().ok());
    assert!(priority(udp) > priority(tcp));
    assert!(!call.sfu.is_proven(StreamId(99)));
}

#[test]
fn where_udp_is_stopped_the_call_goes_over_the_connection() {
    let mut call = hall_with_tcp();
    stop_udp(&mut call);
    let mut call = call_of_two(call);
    assert!(call.sfu.is_proven(StreamId(1)));
    assert_flows(&mut call, 2 * SECOND);
}

#[test]
fn udp_that_dies_in_mid_call_is_replaced_without_a_new_handshake() {
    let mut call = call_of_two(hall_with_tcp());
    assert_flows(&mut call, SECOND);
    call.events.clear();
    stop_udp(&mut call);
    call.run(3 * SECOND);
    // The page has noticed, and looks for another way for the same connection.
    let mut api = call.rooms[1].rtc.sdp_api();
    api.ice_restart(true);
    let (offer, pending) = api.apply().expect("something to offer");
    let answer = call
        .sfu
        .accept(SessionId(2), &offer.to_sdp_string(), call.now)
        .expect("a good offer");
    let answer = SdpAnswer::from_sdp_string(&answer.sdp).expect("valid SDP");
    call.rooms[1]
        .rtc
        .sdp_api()
        .accept_answer(pending, answer)
        .expect("the answer fits");
    call.run(3 * SECOND);
    assert!(call.sfu.is_proven(StreamId(1)));
    assert_flows(&mut call, 2 * SECOND);
    assert!(
        !call.events.contains(&Event::Connected { id: SessionId(2) }),
        "the same session"
    );
}

#[test]
fn a_connection_that_ends_is_no_way_any_more_and_a_new_one_from_the_same_address_has_to_prove_itself() {
    let mut call = hall_with_tcp();
    stop_udp(&mut call);
    let mut call = call_of_two(call);
    call.capture = true;
    call.run(SECOND);
    call.capture = false;
    call.sfu.close_stream(StreamId(1));
    assert!(!call.sfu.is_proven(StreamId(1)));
    let before = call.sfu.totals().strangers;
    let media: Vec<Datagram> = call
        .captured
        .iter()
        .filter(|datagram| datagram.bytes[0] >= 128 && datagram.stream.is_some())
        .cloned()
        .collect();
    assert!(media.len() > 50);
    for mut datagram in media.clone() {
        call.sfu
            .handle_streamed(call.now, StreamId(7), datagram.from, datagram.to, &mut datagram.bytes);
    }
    assert_eq!(call.sfu.totals().strangers - before, media.len() as u64);
}
