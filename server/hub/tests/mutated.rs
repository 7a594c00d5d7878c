//! Mutated messages by the thousand. A process of its own, because it measures the memory that the hub keeps.

#![allow(unreachable_pub, clippy::unwrap_used)]

// Only a part of the bench is needed here.
#[allow(dead_code)]
#[path = "hub/bench.rs"]
mod bench;

use bench::{Door, Hub, Screen, open_sitting};
use futures_util::SinkExt;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use store::Options;
use tokio_tungstenite::tungstenite::Message;

/// 100,000 with FRAMES=100000.
#[tokio::test(flavor = "multi_thread")]
async fn mutated_messages_change_nothing_and_keep_no_memory() {
    let frames: u64 = std::env::var("FRAMES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(10_000);
    let seed: u64 = std::env::var("SEED")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or_else(rand::random);
    println!("SEED={seed} FRAMES={frames}");
    let hub = Hub::start_with(&Options::default(), |config| {
        config.limits.messages_per_s = 1_000_000;
        config.limits.burst = 1_000_000;
    })
    .await;
    let (mut chair, _secretary) = open_sitting(&hub.door).await;
    let mut binh = hub.open("dai-bieu-08", "delegate").await;
    binh.act(json!({ "do": "register", "kind": "speech", "subject": "" }))
        .await;
    let queue = binh.request_of("dai-bieu-08").unwrap();
    let (sent, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let attackers: Vec<_> = (0..4)
        .map(|number| {
            let (door, sent, stop) = (hub.door.clone(), Arc::clone(&sent), Arc::clone(&stop));
            // Guests: what they may do at all moves no queue.
            let who = format!("khach-{:02}", number + 1);
            tokio::spawn(attack(door, who, StdRng::seed_from_u64(seed + number), sent, stop))
        })
        .collect();
    let warm = frames / 10;
    let mut early = None;
    while sent.load(Ordering::Relaxed) < frames {
        // The sitting goes on meanwhile.
        let answer = chair.ask(json!({ "do": "remind" })).await;
        assert_eq!(answer["type"], "refused");
        if early.is_none() && sent.load(Ordering::Relaxed) > warm {
            early = Some(resident_kib());
        }
        assert!(
            attackers.iter().all(|attacker| !attacker.is_finished()),
            "an attacker's own fault"
        );
    }
    stop.store(true, Ordering::Relaxed);
    for attacker in attackers {
        attacker.await.unwrap();
    }
    let grown = resident_kib().saturating_sub(early.unwrap_or_default());
    println!(
        "{} frames; {grown} KiB more than after the first tenth",
        sent.load(Ordering::Relaxed)
    );
    // The allocator keeps arenas of threads that were busy; what frames left behind would grow far beyond them.
    assert!(grown < 128 * 1024, "memory is kept: {grown} KiB");
    binh.act(json!({ "do": "withdraw", "request": queue.0 })).await;
    assert_eq!(hub.door.get("/healthz").await.0, 200);
}

async fn attack(door: Door, who: String, mut random: StdRng, sent: Arc<AtomicU64>, stop: Arc<AtomicBool>) {
    let good = [
        json!({ "type": "hello", "audience": "delegate", "device": "d", "resume": { "boot": "b", "seq": 7 } }),
        json!({ "type": "ping", "n": 77 }),
        json!({ "type": "command", "id": "c1", "given_at": 1_700_000_000_000u64, "command": { "do": "check_in" } }),
        json!({ "type": "command", "id": "c2", "command": { "do": "register", "kind": "speech", "subject": "Đường" } }),
        json!({ "type": "command", "id": "c3", "command": { "do": "withdraw", "request": "r1" } }),
        json!({ "type": "command", "id": "c4", "command": { "do": "propose_site", "site": "hoa-binh", "present": ["a"] } }),
        json!({ "type": "offer", "attempt": 1, "sdp": "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" }),
        json!({ "type": "device", "report": { "camera": "c", "microphone": "m", "level": -20, "consent": true, "frames": 25, "concealed_ms": 0 } }),
    ];
    let good: Vec<Vec<u8>> = good.iter().map(|message| message.to_string().into_bytes()).collect();
    let mut screen: Option<Screen> = None;
    while !stop.load(Ordering::Relaxed) {
        let mut frame = good[random.random_range(0..good.len())].clone();
        mutate(&mut frame, &mut random);
        let text = String::from_utf8_lossy(&frame).into_owned();
        let message = if random.random_ratio(1, 50) {
            Message::binary(frame)
        } else {
            Message::text(text)
        };
        let mut open = match screen.take() {
            Some(open) => open,
            None => match door.try_open(&who, "delegate", "attack", None).await {
                Some(open) => open,
                None => continue,
            },
        };
        if open.socket.send(message).await.is_ok() {
            sent.fetch_add(1, Ordering::Relaxed);
            // Either it was taken, and a ping is answered, or the socket ends.
            if open.try_send(&json!({ "type": "ping", "n": 1 })).await.is_some() {
                while let Some(message) = open.try_next().await {
                    if message["type"] == "pong" {
                        screen = Some(open);
                        break;
                    }
                }
            }
        }
    }
}

fn mutate(frame: &mut Vec<u8>, random: &mut StdRng) {
    for _ in 0..random.random_range(1..4) {
        let place = random
            .random_range(0..frame.len().max(1))
            .min(frame.len().saturating_sub(1));
        match random.random_range(0..6) {
            0 if !frame.is_empty() => frame[place] ^= 1 << random.random_range(0..8),
            1 if !frame.is_empty() => frame[place] = random.random(),
            2 if frame.len() > 1 => frame.truncate(place),
            3 => frame.insert(
                place,
                *b"{}[]\",:0-e\\u"[..].get(random.random_range(0..12)).unwrap_or(&b'"'),
            ),
            4 => {
                let end = (place + random.random_range(1..20)).min(frame.len());
                let copy = frame[place.min(end)..end].to_vec();
                for _ in 0..random.random_range(1..50) {
                    frame.extend_from_slice(&copy);
                }
            }
            _other if !frame.is_empty() => {
                frame.remove(place);
            }
            _empty => {}
        }
    }
}

fn resident_kib() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok())
        .unwrap()
        * 4
}
