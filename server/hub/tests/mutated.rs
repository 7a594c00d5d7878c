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
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use store::Options;
use tokio_tungstenite::tungstenite::Message;

// The bytes in use, counted at the allocator: what a process occupies also holds what the allocator keeps for later.
#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What the patches kept for returning screens may take for each audience once they are many, with what else is bounded
/// (`hub::screens`: 512 patches, 4 MiB), and what the runtime takes for a socket that it may see again.
const BOUNDED: usize = 8 << 20;

/// 100,000 with FRAMES=100000.
#[tokio::test(flavor = "multi_thread")]
async fn mutated_messages_change_nothing_and_keep_no_memory() {
    let setting = |name| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let frames = setting("FRAMES").unwrap_or(10_000);
    let seed = setting("SEED").unwrap_or_else(rand::random);
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
    // The first tenth fills what is filled once; what the rest leaves behind would be kept for ever.
    assault(&hub.door, &mut chair, seed, frames / 10).await;
    let before = settled(usize::MAX).await;
    assault(&hub.door, &mut chair, seed.wrapping_add(4), frames - frames / 10).await;
    let after = settled(before + BOUNDED).await;
    println!("{before} bytes in use before, {after} after");
    assert!(
        after < before + BOUNDED,
        "memory is kept: {before} bytes before, {after} after"
    );
    // Her tablet has not read for so long that the hub may have let it go; she comes back to what she asked for.
    let mut binh = hub.open("dai-bieu-08", "delegate").await;
    assert_eq!(binh.request_of("dai-bieu-08"), Some(queue.clone()));
    binh.act(json!({ "do": "withdraw", "request": queue.0 })).await;
    assert_eq!(hub.door.get("/healthz").await.0, 200);
}

/// Four guests send mutated messages, while the sitting goes on. What guests may do at all moves no queue.
async fn assault(door: &Door, chair: &mut Screen, seed: u64, frames: u64) {
    let (sent, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let attackers: Vec<_> = (0..4)
        .map(|number| {
            let (door, sent, stop) = (door.clone(), Arc::clone(&sent), Arc::clone(&stop));
            let random = StdRng::seed_from_u64(seed.wrapping_add(number));
            tokio::spawn(attack(door, format!("khach-{:02}", number + 1), random, sent, stop))
        })
        .collect();
    while sent.load(Ordering::Relaxed) < frames {
        let answer = chair.ask(json!({ "do": "remind" })).await;
        assert_eq!(answer["type"], "refused");
        assert!(
            attackers.iter().all(|attacker| !attacker.is_finished()),
            "an attacker's own fault"
        );
    }
    stop.store(true, Ordering::Relaxed);
    for attacker in attackers {
        attacker.await.unwrap();
    }
}

/// The bytes in use, once the sockets that were closed are let go: when fewer than `wanted`, or after a while.
async fn settled(wanted: usize) -> usize {
    let in_use = || {
        let stats = MEMORY.stats();
        stats.bytes_allocated.saturating_sub(stats.bytes_deallocated)
    };
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if wanted != usize::MAX && in_use() < wanted {
            break;
        }
    }
    in_use()
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
