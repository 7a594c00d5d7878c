//! Screens that break the protocol, by malice or by a fault: they are shown the door, and nobody else notices.

use crate::bench::{Hub, open_sitting};
use futures_util::SinkExt;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::Options;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_not_the_protocol_ends_the_socket() {
    let hub = Hub::start().await;
    let hello = r#"{"type":"hello","audience":"delegate","device":"d"}"#;
    let long = format!(
        r#"{{"type":"hello","audience":"delegate","device":"{}"}}"#,
        "d".repeat(65)
    );
    let deep = format!("{}{}", "[".repeat(60_000), "]");
    for (before, message) in [
        (None, Message::text("")),
        (None, Message::text("{")),
        (None, Message::text("null")),
        (None, Message::text(r#"{"type":"nothing"}"#)),
        (None, Message::text(r#"{"type":"hello","audience":"delegate"}"#)),
        (
            None,
            Message::text(r#"{"type":"hello","audience":"delegate","device":""}"#),
        ),
        (
            None,
            Message::text(r#"{"type":"hello","audience":"delegate","device":"d","more":1}"#),
        ),
        (None, Message::text(long)),
        (None, Message::text(deep)),
        (None, Message::binary(hello.as_bytes().to_vec())),
        (
            None,
            Message::text(r#"{"type":"command","id":"1","command":{"do":"check_in"}}"#),
        ),
        (Some(hello), Message::text(hello.replace("\"d\"", "\"other\""))),
        (
            Some(hello),
            Message::text(r#"{"type":"command","id":"1","command":{"do":"fly"}}"#),
        ),
        (
            Some(hello),
            Message::text(r#"{"type":"command","id":"1","command":{"do":"remind"},"x":1}"#),
        ),
        (Some(hello), Message::text(r#"{"type":"ping","n":-1}"#)),
        (Some(hello), Message::text(r#"{"type":"ping","n":1e9999}"#)),
    ] {
        let mut screen = hub
            .door
            .connect(&hub.door.ticket("dai-bieu-07").await.unwrap())
            .await
            .unwrap();
        if let Some(before) = before {
            screen.socket.send(Message::text(before)).await.unwrap();
        }
        let shown = message.to_string().chars().take(60).collect::<String>();
        screen.socket.send(message).await.unwrap();
        assert_eq!(screen.farewell().await, "malformed", "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_with_a_gap_may_ask_for_everything_again() {
    let hub = Hub::start().await;
    let mut screen = hub.open("dai-bieu-07", "delegate").await;
    screen
        .send(&json!({ "type": "hello", "audience": "delegate", "device": "dai-bieu-07-delegate" }))
        .await;
    loop {
        let message = screen.next().await;
        if message["type"] == "welcome" {
            assert!(message["shared"].is_object());
            break;
        }
    }
    screen.send(&json!({ "type": "ping", "n": 1 })).await;
    while screen.next().await["type"] != "pong" {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_large_is_not_read() {
    let hub = Hub::start().await;
    let mut screen = hub.open("dai-bieu-07", "delegate").await;
    let fits = json!({ "type": "command", "id": "1", "command": { "do": "ask_leave", "reason": "x".repeat(60_000) } });
    screen.send(&fits).await;
    let _answer = screen.next().await;
    let large = json!({ "type": "command", "id": "2", "command": { "do": "ask_leave", "reason": "x".repeat(70_000) } });
    let _may_be_cut_off = screen.try_send(&large).await;
    use futures_util::StreamExt;
    let mut code = None;
    while let Some(Ok(message)) = screen.socket.next().await {
        if let Message::Close(Some(frame)) = message {
            code = Some(frame.code);
        }
    }
    assert_eq!(code, Some(CloseCode::Size));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_too_much_is_cut_off_and_may_come_back() {
    let hub = Hub::start().await;
    let mut screen = hub.open("dai-bieu-07", "delegate").await;
    for n in 0..200 {
        if screen.try_send(&json!({ "type": "ping", "n": n })).await.is_none() {
            break;
        }
    }
    assert_eq!(screen.farewell().await, "too_fast");
    hub.open("dai-bieu-07", "delegate").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_cut_off_and_slows_nobody() {
    let hub = Hub::start_with(&Options::default(), |config| {
        config.limits.outbox_bytes = 4 * 64 * 1024;
        config.limits.messages_per_s = 100_000;
        config.limits.burst = 100_000;
    })
    .await;
    let (mut chair, _secretary) = open_sitting(&hub.door).await;
    let app = Arc::clone(&hub.running.as_ref().unwrap().app);
    let open = || app.open.load(Ordering::Relaxed);
    // It asks for one answer after another and reads none.
    let mut deaf = hub.open("dai-bieu-07", "delegate").await;
    let with_it = open();
    let asking = tokio::spawn(async move {
        let command = json!({ "type": "command", "id": "x".repeat(60), "command": { "do": "fly" } }).to_string();
        let command = command.replace("fly", "close_sitting");
        while deaf.socket.send(Message::text(command.clone())).await.is_ok() {}
    });
    while open() == with_it {
        chair.ask(json!({ "do": "remind" })).await;
    }
    asking.await.unwrap();
    chair.act(json!({ "do": "close_list" })).await;
}
