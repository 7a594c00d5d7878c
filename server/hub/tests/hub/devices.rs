//! One person, several devices: tablets are swapped, pages are opened twice, consoles move.

use crate::bench::{Hub, open_sitting};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_tablet_wins_and_the_request_stays() {
    let hub = Hub::start().await;
    let (mut chair, _secretary) = open_sitting(&hub.door).await;
    let mut old = hub.door.open("dai-bieu-07", "delegate", "may-cu", None).await;
    assert_eq!(old.mine["active"], true);
    old.act(json!({ "do": "register", "kind": "speech", "subject": "" }))
        .await;
    let mut new = hub.door.open("dai-bieu-07", "delegate", "may-moi", None).await;
    assert_eq!(new.mine["active"], true);
    assert_eq!(old.farewell().await, "replaced");
    assert_eq!(new.request_of("dai-bieu-07").unwrap().1["state"], "waiting");
    let (request, _) = new.request_of("dai-bieu-07").unwrap();

    // A blink of the network brings the old tablet back by itself: it has been replaced, and stays so.
    let mut returning = hub
        .door
        .connect(&hub.door.ticket("dai-bieu-07").await.unwrap())
        .await
        .unwrap();
    let resume = old.resume();
    returning
        .send(&json!({ "type": "hello", "audience": "delegate", "device": "may-cu", "resume": resume }))
        .await;
    assert_eq!(returning.farewell().await, "replaced");
    new.act(json!({ "do": "withdraw", "request": request })).await;

    // Somebody who opens the page on it means it.
    let mut opened = hub.door.open("dai-bieu-07", "delegate", "may-cu", None).await;
    assert_eq!(new.farewell().await, "replaced");
    opened
        .act(json!({ "do": "register", "kind": "speech", "subject": "" }))
        .await;
    chair
        .until("the new request", |chair| chair.view["list"]["waiting"] == 1)
        .await;
    assert_eq!(
        chair.view["people"]["dai-bieu-07"]["online"], true,
        "no tablet was ever missed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_loaded_again_is_the_same_tablet() {
    let hub = Hub::start().await;
    let (_chair, _secretary) = open_sitting(&hub.door).await;
    let before = hub.door.open("dai-bieu-07", "delegate", "may", None).await;
    drop(before);
    let mut after = hub.door.open("dai-bieu-07", "delegate", "may", None).await;
    after
        .act(json!({ "do": "register", "kind": "speech", "subject": "" }))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_consoles_one_chair() {
    let hub = Hub::start().await;
    let (mut first, _secretary) = open_sitting(&hub.door).await;
    let mut second = hub.door.open("dai-bieu-01", "chair", "laptop", None).await;
    assert_eq!(second.mine["active"], false, "it says so, and is read-only");
    let refused = second.ask(json!({ "do": "close_list" })).await;
    assert_eq!(refused["refusal"]["code"], "other_console");
    second.act(json!({ "do": "take_console" })).await;
    second.until("active", |second| second.mine["active"] == true).await;
    first
        .until("no longer active", |first| first.mine["active"] == false)
        .await;
    let refused = first.ask(json!({ "do": "close_list" })).await;
    assert_eq!(refused["refusal"]["code"], "other_console");
    second.act(json!({ "do": "close_list" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_opened_twice_has_one_screen() {
    let hub = Hub::start().await;
    let mut first = hub.door.open("hoa-binh", "room", "may-a", None).await;
    let second = hub.door.open("hoa-binh", "room", "may-b", None).await;
    assert_eq!(first.farewell().await, "replaced");
    assert_eq!(second.mine["endpoint"], "hoa-binh");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_is_shown_as_gone_and_back() {
    let hub = Hub::start().await;
    let (mut chair, mut secretary) = open_sitting(&hub.door).await;
    let ward = hub.open("hoa-binh", "room").await;
    chair
        .until("the ward", |chair| chair.view["sites"]["hoa-binh"]["online"] == true)
        .await;
    drop(ward);
    chair
        .until("the ward is lost", |chair| {
            chair.view["sites"]["hoa-binh"]["online"] == false
        })
        .await;
    let _ward = hub.open("hoa-binh", "room").await;
    chair
        .until("the ward is back", |chair| {
            chair.view["sites"]["hoa-binh"]["online"] == true
        })
        .await;
    drop(chair);
    secretary
        .until("the chair is away", |secretary| {
            secretary.view["sitting"]["presiding_online"] == false
        })
        .await;
    assert_eq!(secretary.view["list"]["state"], "open", "nothing else moved");
}
