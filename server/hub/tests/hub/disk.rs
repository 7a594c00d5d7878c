//! The disk is full: nothing is lost, nothing is pretended, and later it goes on.

use crate::bench::{Hub, open_sitting};
use serde_json::json;
use store::Options;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_takes_no_command_and_a_retry_lands_once() {
    let quick = |config: &mut hub::config::Config| {
        config.limits.messages_per_s = 100_000;
        config.limits.burst = 100_000;
    };
    let hub = Hub::start_with(&Options { max_pages: Some(90) }, quick).await;
    let (mut chair, _secretary) = open_sitting(&hub.door).await;
    let mut binh = hub.open("dai-bieu-07", "delegate").await;
    let subject = "x".repeat(200);
    let register = json!({ "do": "register", "kind": "speech", "subject": subject });
    let mut number = 0;
    let (id, before) = loop {
        number += 1;
        let id = format!("lenh-{number}");
        let before = binh.request_of("dai-bieu-07").map(|(request, _)| request);
        let command = match &before {
            None => register.clone(),
            Some(request) => json!({ "do": "withdraw", "request": request }),
        };
        let answer = binh.ask_as(&id, command.clone()).await.unwrap();
        match answer["type"].as_str() {
            Some("accepted") => {}
            Some("unavailable") => break ((id, command), before),
            _other => panic!("{answer}"),
        }
    };
    // It is not shown, and it stays unavailable; everybody goes on seeing the sitting.
    binh.send(&json!({ "type": "ping", "n": 1 })).await;
    while binh.next().await["type"] != "pong" {}
    assert_eq!(binh.request_of("dai-bieu-07").map(|(request, _)| request), before);
    assert_eq!(binh.ask_as(&id.0, id.1.clone()).await.unwrap()["type"], "unavailable");
    chair.send(&json!({ "type": "ping", "n": 2 })).await;
    chair
        .until("the sitting as it stands", |chair| {
            chair.view["list"]["state"] == "open"
        })
        .await;
    let (status, _, _) = hub.door.get("/healthz").await;
    assert_eq!(status, 200, "a full disk is no reason to be restarted");

    let folder = hub.stop().await;
    let hub = Hub::start_in(folder, &Options::default(), |_| {}).await;
    let mut binh = hub
        .door
        .open("dai-bieu-07", "delegate", "dai-bieu-07-delegate", Some(binh.resume()))
        .await;
    assert_eq!(
        binh.request_of("dai-bieu-07").map(|(request, _)| request),
        before,
        "as it was shown"
    );
    let landed = binh.ask_as(&id.0, id.1.clone()).await.unwrap();
    assert_eq!(landed["type"], "accepted");
    assert_eq!(binh.ask_as(&id.0, id.1).await.unwrap(), landed, "once");
}
