//! A million damaged datagrams during a call: no panic, no memory kept, and the call does not notice.

mod hall;

use std::net::SocketAddr;
use std::time::Duration;

use hall::{Datagram, Hall, ROOM, sfu_address};
use media::SessionId;
use proptest::prelude::*;

const SECOND: Duration = Duration::from_secs(1);
const SEED: u64 = 0x0dd_b1a5_e5ba_11ad;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides.max(1)
    }
}

/// Bytes of this process that are resident, from the kernel.
#[allow(clippy::disallowed_methods, reason = "the test measures, the crate does not")]
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap_or(0) * 1024
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice, corpus: &[Datagram]) {
    for _ in 0..=dice.roll(3) {
        let length = bytes.len();
        match dice.roll(7) {
            0 if length > 0 => bytes[dice.roll(length)] ^= 1 << dice.roll(8),
            1 if length > 0 => bytes[dice.roll(length)] = dice.roll(256) as u8,
            2 => bytes.truncate(dice.roll(length + 1)),
            3 => bytes.extend(std::iter::repeat_n(dice.roll(256) as u8, dice.roll(40))),
            4 if length > 4 => {
                let at = dice.roll(length - 2);
                bytes[at..at + 2].copy_from_slice(&[[0, 0], [255, 255], [0, 1], [128, 0]][dice.roll(4)]);
            }
            5 => {
                let other = &corpus[dice.roll(corpus.len())].bytes;
                let keep = dice.roll(length + 1);
                bytes.truncate(keep);
                bytes.extend_from_slice(&other[dice.roll(other.len())..]);
            }
            // The header's own lengths and counts.
            _ if length > 3 => bytes[dice.roll(4)] = dice.roll(256) as u8,
            _ => {}
        }
    }
}

#[test]
fn a_million_damaged_datagrams_do_not_disturb_a_call() {
    println!("seed {SEED:#x}");
    let mut call = Hall::new();
    call.capture = true;
    let hall = call.enter("Hội trường", ROOM);
    let ward = call.enter("Bình An", ROOM);
    call.settle();
    call.plan(&[(hall, &[Some(ward)], &[Some(ward)])]);
    call.run(3 * SECOND);
    call.capture = false;
    let corpus = std::mem::take(&mut call.captured);
    let kinds = |first: std::ops::RangeInclusive<u8>| corpus.iter().filter(|d| first.contains(&d.bytes[0])).count();
    assert!(
        kinds(0..=3) > 1 && kinds(20..=63) > 1 && kinds(128..=191) > 100,
        "STUN, DTLS and media"
    );

    let mut dice = Dice(SEED);
    let mut sent = 0;
    let mut scratch = Vec::with_capacity(4096);
    call.hush();
    let begun = call.now;
    let mut before = 0;
    while sent < 1_000_000 {
        for _ in 0..10_000 {
            let original = &corpus[dice.roll(corpus.len())];
            scratch.clear();
            scratch.extend_from_slice(&original.bytes);
            mutate(&mut scratch, &mut dice, &corpus);
            // A third comes from strangers, the rest carries the genuine addresses.
            let from = match dice.roll(3) {
                0 => SocketAddr::from(([203, 0, 113, dice.roll(256) as u8], dice.roll(65_535) as u16 + 1)),
                _ => original.from,
            };
            call.sfu.handle_datagram(call.now, from, sfu_address(), &mut scratch);
            sent += 1;
        }
        call.run(Duration::from_millis(100));
        if sent == 100_000 {
            before = resident();
        }
    }
    let grown = resident().saturating_sub(before);
    assert!(grown < 5 << 20, "{grown} bytes kept");
    let elapsed = (call.now - begun).as_millis() as usize;
    let seen = call.seen(hall, 0);
    assert!(
        seen.len() >= elapsed / 20 - 4,
        "{} packets of the camera in {elapsed} ms",
        seen.len()
    );
    assert!(seen.iter().all(|heard| heard.from == "Bình An"));
    let mid = call.audio_mid(hall, 0);
    let voice = call.rooms[hall].heard.iter().filter(|heard| heard.mid == mid).count();
    assert!(
        voice >= elapsed / 20 - 4,
        "{voice} packets of the microphone in {elapsed} ms"
    );
    assert!(
        call.sfu
            .stats(SessionId(1))
            .is_some_and(|stats| stats.connected && !stats.silent)
    );
    println!("{:?}", call.sfu.totals());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Offers damaged line by line: an answer or a refusal, never a panic, and a refusal leaves nothing behind.
    #[test]
    fn a_damaged_offer_is_answered_or_refused(edits in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..6, "[ -~]{0,40}"), 1..8)) {
        let mut call = Hall::new();
        let (offer, _) = hall::Room::new("Bình An", 1, ROOM, call.now).offer();
        let mut lines: Vec<String> = offer.lines().map(str::to_owned).collect();
        for (index, kind, text) in edits {
            let at = index.index(lines.len());
            match kind {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, text),
                2 => lines[at] = text,
                3 => lines[at].push_str(&text),
                4 => lines.insert(at, lines[at].clone()),
                _ => lines[at] = lines[at].chars().rev().collect(),
            }
            if lines.is_empty() {
                lines.push(String::new());
            }
        }
        let text = lines.join("\r\n") + "\r\n";
        match call.sfu.accept(SessionId(1), &text, call.now) {
            Ok(answer) => prop_assert!(answer.sdp.starts_with("v=0\r\n")),
            Err(refusal) => {
                prop_assert!(!refusal.code().is_empty());
                prop_assert_eq!(call.sfu.sessions().count(), 0);
            }
        }
    }
}
