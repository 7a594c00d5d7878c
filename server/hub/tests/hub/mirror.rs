//! The mirror in a browser is the view that the server made: at hello, after every act, after a blink of the network.

use crate::bench::{Hub, open_sitting, same_moment};
use journal::verify;
use meeting::event::Entry;
use serde_json::json;
use store::{Options, Store};

#[tokio::test(flavor = "multi_thread")]
async fn every_mirror_shows_what_a_fresh_screen_would_see() {
    let hub = Hub::start().await;
    let (mut chair, mut secretary) = open_sitting(&hub.door).await;
    let mut binh = hub.open("dai-bieu-07", "delegate").await;
    let mut hall = hub.open("hoi-truong", "room").await;
    binh.act(json!({ "do": "register", "kind": "speech", "subject": "Thoát nước" }))
        .await;
    chair
        .until("the request", |chair| chair.request_of("dai-bieu-07").is_some())
        .await;
    let (request, _) = chair.request_of("dai-bieu-07").unwrap();
    hall.until("the hall is there", |hall| {
        hall.view["endpoints"]["hoi-truong"]["online"] == true
    })
    .await;
    chair.act(json!({ "do": "invite", "request": request })).await;
    chair.act(json!({ "do": "end_turn" })).await;
    secretary
        .act(json!({ "do": "mark", "person": "dai-bieu-09", "attendance": "stepped_out", "reason": "" }))
        .await;

    let mut fresh = hub.door.open("dai-bieu-02", "chair", "other", None).await;
    fresh
        .until("the same moment", |fresh| {
            fresh.view["people"]["dai-bieu-09"]["attendance"] == "stepped_out"
        })
        .await;
    same_moment(&mut chair, &mut fresh).await;
    assert_eq!(chair.view, fresh.view);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_after_its_effect_is_on_the_disk_and_in_the_mirror() {
    let hub = Hub::start().await;
    let (mut chair, _secretary) = open_sitting(&hub.door).await;
    let mut binh = hub.open("dai-bieu-07", "delegate").await;
    let answer = binh
        .ask_as("lenh-1", json!({ "do": "register", "kind": "speech", "subject": "" }))
        .await
        .unwrap();
    assert_eq!(answer["type"], "accepted");
    assert!(
        binh.request_of("dai-bieu-07").is_some(),
        "shown before it is acknowledged"
    );

    let store = Store::open_to_read(&hub.folder.path().join("hub.sqlite"))
        .await
        .unwrap();
    let sitting = store.sittings().await.unwrap().pop().unwrap();
    let record = store
        .record(&sitting, answer["seq"].as_u64().unwrap())
        .await
        .unwrap()
        .expect("on the disk");
    let entry: Entry = serde_json::from_slice(&record.body).unwrap();
    assert_eq!(entry.command.map(|id| id.0), Some("lenh-1".to_owned()));
    assert_eq!(json!(entry.at), answer["at"]);

    let refused = binh
        .ask(json!({ "do": "register", "kind": "speech", "subject": "" }))
        .await;
    assert_eq!(refused["refusal"]["code"], "already_registered");
    let refused = binh.ask(json!({ "do": "open_list" })).await;
    assert_eq!(refused["refusal"]["code"], "not_allowed");
    chair
        .until("the request", |chair| chair.request_of("dai-bieu-07").is_some())
        .await;
    verify(&store.journal(&sitting).await.unwrap(), None).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_never_doubles_not_even_over_a_restart() {
    let hub = Hub::start().await;
    let (_chair, _secretary) = open_sitting(&hub.door).await;
    let mut binh = hub.open("dai-bieu-07", "delegate").await;
    let register = json!({ "do": "register", "kind": "speech", "subject": "" });
    let first = binh.ask_as("lenh-1", register.clone()).await.unwrap();
    let again = binh.ask_as("lenh-1", register.clone()).await.unwrap();
    assert_eq!(first, again);
    let folder = hub.stop().await;
    assert_eq!(binh.farewell().await, "stopping");

    let hub = Hub::start_in(folder, &Options::default(), |_| {}).await;
    let mut binh = hub
        .door
        .open("dai-bieu-07", "delegate", "dai-bieu-07-delegate", Some(binh.resume()))
        .await;
    let after = binh.ask_as("lenh-1", register).await.unwrap();
    assert_eq!(first, after);
    assert_eq!(binh.view["requests"].as_object().unwrap().len(), 1);
    assert_eq!(binh.view["sitting"]["phase"], "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_returns_gets_what_it_missed_and_no_more() {
    let hub = Hub::start().await;
    let (mut chair, _secretary) = open_sitting(&hub.door).await;
    let binh = hub.open("dai-bieu-07", "delegate").await;
    let mut cuc = hub.open("dai-bieu-08", "delegate").await;
    let device = "dai-bieu-07-delegate";
    let (left, view) = (binh.resume(), binh.view.clone());
    drop(binh);
    cuc.act(json!({ "do": "register", "kind": "speech", "subject": "Trường học" }))
        .await;
    chair.act(json!({ "do": "close_list" })).await;

    let mut back = hub
        .door
        .connect(&hub.door.ticket("dai-bieu-07").await.unwrap())
        .await
        .unwrap();
    back.view = view;
    back.send(&json!({ "type": "hello", "audience": "delegate", "device": device, "resume": left }))
        .await;
    let welcome = back.next().await;
    assert!(welcome["shared"].is_null(), "the mirror is kept");
    assert!(!welcome["patches"].as_array().unwrap().is_empty());
    cuc.until("the notice", |cuc| cuc.view["list"]["state"] == "closing")
        .await;
    same_moment(&mut back, &mut cuc).await;
    assert_eq!(back.view, cuc.view);

    for resume in [
        json!({ "boot": "another", "seq": 1 }),
        json!({ "boot": back.boot, "seq": 999_999 }),
    ] {
        let mut stranger = hub
            .door
            .connect(&hub.door.ticket("dai-bieu-09").await.unwrap())
            .await
            .unwrap();
        stranger
            .send(&json!({ "type": "hello", "audience": "delegate", "device": "d", "resume": resume }))
            .await;
        let welcome = stranger.next().await;
        assert!(
            welcome["shared"].is_object(),
            "another run, or a version never seen: everything"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_hall_that_presses_at_once_is_heard() {
    let hub = Hub::start().await;
    let (mut chair, _secretary) = open_sitting(&hub.door).await;
    let mut screens = Vec::new();
    for delegate in 1..=35 {
        screens.push(hub.open(&format!("dai-bieu-{delegate:02}"), "delegate").await);
    }
    let pressed = std::time::Instant::now();
    let asking = screens.into_iter().map(|mut screen| {
        tokio::spawn(async move {
            let answer = screen
                .ask(json!({ "do": "register", "kind": "speech", "subject": "" }))
                .await;
            assert_eq!(answer["type"], "accepted", "{answer}");
            (pressed.elapsed(), screen)
        })
    });
    let asking: Vec<_> = asking.collect();
    let mut took = Vec::new();
    let mut screens = Vec::new();
    for asked in asking {
        let (elapsed, screen) = asked.await.unwrap();
        took.push(elapsed);
        screens.push(screen);
    }
    took.sort();
    println!(
        "35 at once, acknowledged: median {:?}, 95th {:?}, last {:?}",
        took[17], took[33], took[34]
    );
    chair
        .until("all of them", |chair| chair.view["list"]["waiting"] == 35)
        .await;
}
