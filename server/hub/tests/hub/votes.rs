//! A vote over real websockets: everybody at once, sent again and again, over lost sockets and `kill -9`. What was
//! acknowledged counts, once; what came after the close does not.

use crate::bench::{Door, Hub, Screen, open_sitting};
use crate::crash::{Process, answers, free_ports};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tempfile::TempDir;

const DELEGATES: u32 = 35;

fn delegate(n: u32) -> String {
    format!("dai-bieu-{n:02}")
}

/// What this delegate chooses: each third against, each seventh abstains.
fn choice(n: u32) -> &'static str {
    match (n.is_multiple_of(7), n.is_multiple_of(3)) {
        (true, _) => "abstain",
        (false, true) => "against",
        (false, false) => "for",
    }
}

fn cast(n: u32) -> Value {
    json!({ "do": "vote", "act": "cast", "vote": "v1", "marks": { "1": choice(n) } })
}

/// A vote on devices is open.
async fn opened(chair: &mut Screen, secretary: &mut Screen) {
    let rules = secretary.view["vote_rules"].clone();
    let content = json!({
        "title": "Nghị quyết về nước sạch", "text": "Thông qua nghị quyết về nước sạch.", "part": "whole",
        "method": "electronic", "choices": rules["choices"][0]["choices"], "threshold": rules["thresholds"][1],
        "duration_s": 60, "decision": rules["decision"],
    });
    secretary
        .act(json!({ "do": "vote", "act": "prepare", "content": content }))
        .await;
    secretary
        .act(json!({ "do": "vote", "act": "ready", "vote": "v1" }))
        .await;
    chair
        .act(json!({ "do": "vote", "act": "open", "vote": "v1", "override_quorum": "thử" }))
        .await;
}

/// The choices of these delegates, counted.
fn expected(voters: impl Iterator<Item = u32>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::from(["for", "against", "abstain"].map(|choice| (choice.to_owned(), 0)));
    for n in voters {
        *counts.entry(choice(n).to_owned()).or_default() += 1;
    }
    counts
}

fn counted(screen: &Screen) -> BTreeMap<String, u64> {
    serde_json::from_value(screen.view["votes"]["v1"]["result"]["1"]["votes"].clone()).unwrap_or_default()
}

/// Casts until it is answered, over as many sockets as it takes; the answer's type.
async fn cast_surely(door: Door, n: u32, flaps: bool) -> String {
    let (who, id) = (delegate(n), format!("phieu-{n}"));
    let device = format!("{who}-may");
    for attempt in 0..1000 {
        let Some(mut screen) = door.try_open(&who, "delegate", &device, None).await else {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        if flaps && attempt < 2 {
            // The ballot goes out, and the line with it: nobody knows whether it has arrived.
            let _sent = screen
                .try_send(&json!({ "type": "command", "id": id, "command": cast(n) }))
                .await;
            drop(screen);
            continue;
        }
        if let Some(answer) = screen.ask_as(&id, cast(n)).await {
            return answer["type"].as_str().unwrap_or_default().to_owned();
        }
    }
    panic!("{who} was never answered");
}

#[tokio::test]
async fn everybody_votes_at_once_and_a_third_of_the_lines_flap() {
    let hub = Hub::start().await;
    let (mut chair, mut secretary) = open_sitting(&hub.door).await;
    opened(&mut chair, &mut secretary).await;
    let votes: Vec<_> = (1..=DELEGATES)
        .map(|n| tokio::spawn(cast_surely(hub.door.clone(), n, n.is_multiple_of(3))))
        .collect();
    for vote in votes {
        assert_eq!(vote.await.unwrap(), "accepted");
    }
    chair
        .until("everybody has voted", |chair| {
            chair.view["votes"]["v1"]["voted"] == DELEGATES
        })
        .await;
    assert_eq!(chair.view["votes"]["v1"]["result"], json!({}), "not before the close");
    chair.act(json!({ "do": "vote", "act": "close", "vote": "v1" })).await;
    assert_eq!(counted(&chair), expected(1..=DELEGATES));

    // The same ballot once more: the answer of then. Another one: too late.
    assert_eq!(cast_surely(hub.door.clone(), 5, false).await, "accepted");
    let mut late = hub.open("dai-bieu-06", "delegate").await;
    let answer = late.ask(cast(1)).await;
    assert_eq!(answer["refusal"]["code"], "vote_closed", "{answer}");
    let again = chair.ask(json!({ "do": "vote", "act": "close", "vote": "v1" })).await;
    assert_eq!(again["refusal"]["code"], "vote_state");
    assert_eq!(counted(&chair), expected(1..=DELEGATES));
    hub.stop().await;
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_vote_loses_and_doubles_nothing() {
    let folder = TempDir::new().unwrap();
    let ports = free_ports();
    let door = Door::new(ports[1], folder.path());
    let mut hub = Process::start(folder.path(), ports);
    answers(&door).await;
    let (mut chair, mut secretary) = open_sitting(&door).await;
    opened(&mut chair, &mut secretary).await;
    let votes: Vec<_> = (1..=DELEGATES)
        .map(|n| tokio::spawn(cast_surely(door.clone(), n, n.is_multiple_of(5))))
        .collect();
    // Some are acknowledged, some are on their way.
    chair
        .until("some have voted", |chair| {
            chair.view["votes"]["v1"]["voted"].as_u64() >= Some(5)
        })
        .await;
    hub.kill();
    hub = Process::start(folder.path(), ports);
    answers(&door).await;
    for vote in votes {
        assert_eq!(vote.await.unwrap(), "accepted");
    }
    let mut chair = door.open("dai-bieu-01", "chair", "console", None).await;
    chair
        .until("everybody has voted", |chair| {
            chair.view["votes"]["v1"]["voted"] == DELEGATES
        })
        .await;
    chair.act(json!({ "do": "vote", "act": "close", "vote": "v1" })).await;
    assert_eq!(counted(&chair), expected(1..=DELEGATES));
    drop(hub);
}
