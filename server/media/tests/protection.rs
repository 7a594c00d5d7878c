//! Which ciphers are offered to whom, read from the clear beginning of each handshake.

mod hall;

use std::cell::RefCell;
use std::rc::Rc;

use hall::{Equipment, Hall, ROOM, sfu_address};

/// RFC 5764 §4.1.2, RFC 7714 §14.2.
const AES_CM: u16 = 1;
const AES_GCM: [u16; 2] = [8, 7];

const VIEWER: Equipment = Equipment {
    microphone: false,
    camera: false,
    ..ROOM
};
const ENCODER: Equipment = Equipment {
    video_slots: 0,
    audio_slots: 0,
    ..ROOM
};

/// The profiles in a ClientHello, by its extension `use_srtp`.
fn profiles(hello: &[u8]) -> Option<Vec<u16>> {
    hello.windows(6).enumerate().find_map(|(at, head)| {
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let list = usize::from(u16::from_be_bytes([head[4], head[5]]));
        let is_it = head[..2] == [0, 14] && length == list + 3 && list > 0 && list.is_multiple_of(2);
        let bytes = hello.get(at + 6..at + 6 + list).filter(|_| is_it)?;
        Some(
            bytes
                .chunks(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect(),
        )
    })
}

/// What somebody with this equipment is offered, whose own offer is changed on its way.
fn offered(equipment: Equipment, change: impl FnOnce(String) -> String) -> Vec<u16> {
    let mut call = Hall::new();
    let seen = Rc::new(RefCell::new(None));
    let found = seen.clone();
    call.link = Box::new(move |datagram, out| {
        let is_hello = datagram.from == sfu_address()
            && matches!(datagram.bytes[..], [22, ..] if datagram.bytes.get(13) == Some(&1));
        if is_hello {
            *found.borrow_mut() = profiles(&datagram.bytes);
        }
        out.push(datagram);
    });
    call.enter_as("Bình An", equipment, change);
    call.settle();
    let offered = seen.borrow_mut().take();
    offered.expect("a handshake began")
}

/// As programs offer that know nothing of numbers across the transport.
fn older(offer: String) -> String {
    let is_known = |line: &&str| !line.contains("transport-wide-cc") && !line.contains("transport-cc");
    let lines = offer.lines().filter(is_known).map(|line| format!("{line}\r\n"));
    lines.collect()
}

/// A browser that is offered AES-CM chooses it, at twice the cost for each packet that it is sent.
#[test]
fn who_receives_and_numbers_packets_across_the_transport_is_offered_aes_gcm_alone() {
    assert_eq!(offered(ROOM, |offer| offer), AES_GCM);
    assert_eq!(offered(VIEWER, |offer| offer), AES_GCM);
}

/// Players and encoders that know AES-CM alone could otherwise not come in at all.
#[test]
fn older_players_and_all_who_only_send_are_offered_aes_cm_last() {
    let all = [&AES_GCM[..], &[AES_CM]].concat();
    assert_eq!(offered(VIEWER, older), all);
    assert_eq!(offered(ROOM, older), all);
    assert_eq!(offered(ENCODER, |offer| offer), all);
}
