//! The protocol's README, held as a conversation: every client's block is sent as it stands, and every kind of message that a
//! hub without cameras can say comes back with the fields that the README shows.

use crate::bench::{Hub, Screen};
use serde_json::{Value, json};

/// What this conversation cannot bring about: media needs a camera, `unavailable` a full disk; `relay` comes before it begins.
/// Other tests see those.
const ELSEWHERE: [&str; 4] = ["answer", "relay", "slots", "unavailable"];

fn blocks(of: &str) -> Vec<Value> {
    let readme = include_str!("../../../protocol/README.md");
    let blocks = readme.split("```json ").skip(1).filter_map(|block| {
        let (side, rest) = block.split_once('\n')?;
        (side.trim() == of).then(|| rest.split("```").next().unwrap_or_default())
    });
    blocks
        .map(|body| serde_json::from_str(body).expect("a block is JSON"))
        .collect()
}

/// Reads until each of these kinds was said.
async fn hear(screen: &mut Screen, mut kinds: Vec<&str>, heard: &mut Vec<Value>) {
    while !kinds.is_empty() {
        let message = screen.next().await;
        kinds.retain(|kind| message["type"] != *kind);
        heard.push(message);
    }
}

#[tokio::test]
async fn the_readme_is_what_a_hub_says() {
    let hub = Hub::start().await;
    let mut chair = hub.open("dai-bieu-01", "chair").await;
    let mut room = hub.open("hoi-truong", "room").await;
    let mut wall = hub.open("ky-thuat-01", "technician").await;
    let ticket = hub.door.ticket("dai-bieu-20").await.expect("a ticket");
    let mut delegate = hub.door.connect(&ticket).await.expect("the hub lets our own pages in");

    for block in blocks("client") {
        match block["type"].as_str() {
            Some("offer" | "device") => room.send(&block).await,
            Some("watch" | "ask_trend") => wall.send(&block).await,
            _others => delegate.send(&block).await,
        }
    }
    let mut heard = Vec::new();
    hear(&mut delegate, vec!["welcome", "refused", "pong"], &mut heard).await;
    hear(&mut room, vec!["offer_refused", "pairing", "links"], &mut heard).await;
    hear(&mut wall, vec!["trend"], &mut heard).await;
    let start = json!({"type": "command", "id": "c1", "command": {"do": "start_technical_check"}});
    chair.send(&start).await;
    hear(&mut chair, vec!["accepted"], &mut heard).await;
    hear(&mut delegate, vec!["update"], &mut heard).await;
    let mut newer = hub.door.open("dai-bieu-20", "delegate", "d-newer", None).await;
    hear(&mut delegate, vec!["bye"], &mut heard).await;

    for shown in blocks("server") {
        let kind = shown["type"].as_str().expect("a message has a type");
        if ELSEWHERE.contains(&kind) {
            continue;
        }
        let fields = shown.as_object().expect("a message is an object");
        let said = |message: &&Value| message["type"] == kind;
        let fits = |message: &Value| fields.keys().all(|field| message.get(field).is_some());
        assert!(
            heard.iter().filter(said).any(fits),
            "the hub's {kind} is not as shown: {shown}"
        );
    }
    newer.send(&json!({"type": "ping", "n": 1})).await;
    hub.stop().await;
}
