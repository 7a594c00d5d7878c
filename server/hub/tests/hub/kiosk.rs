//! Bàn phiếu over the wire: a tablet is enrolled by a code, delegates vote there by PIN one after the other, each is counted once,
//! and the tablet is taken back. The large screen of a room comes in by the same door.

use crate::bench::{Door, Hub, Screen, open_sitting};
use serde_json::{Value, json};
use store::AccessKind;

/// A bridge point with two delegates, and who they are.
const SITE: &str = "hoa-binh";
const HERE: [&str; 2] = ["dai-bieu-20", "dai-bieu-21"];

async fn post(hub: &Hub, path: &str, body: Value) -> (u16, Value) {
    hub.door.post(path, &body).await.unwrap()
}

fn desk(hub: &Hub, who: &str) -> String {
    hub.door.key(AccessKind::Person, who)
}

/// A desk asks for a code, and the machine is given it.
async fn enrolled(hub: &Hub, by: &str, machine: Value) -> String {
    let asked = json!({ "key": desk(hub, by), "machine": machine });
    let (status, answer) = post(hub, "/api/enrol/code", asked).await;
    assert_eq!(status, 200, "{answer}");
    let code = json!({ "code": answer["code"] });
    let (status, came) = post(hub, "/api/enrol", code.clone()).await;
    assert_eq!(status, 200, "{came}");
    let (status, again) = post(hub, "/api/enrol", code).await;
    assert_eq!(
        (status, &again["code"]),
        (404, &json!("bad_code")),
        "a code is good once"
    );
    came["key"].as_str().unwrap().to_owned()
}

/// The machine's page opens.
async fn opened(door: &Door, key: &str, audience: &str) -> Option<Screen> {
    let (_, answer) = door.post("/api/ticket", &json!({ "key": key })).await.unwrap();
    let mut screen = door.connect(answer["ticket"].as_str()?).await?;
    screen
        .try_send(&json!({ "type": "hello", "audience": audience, "device": "may-tai-cho" }))
        .await?;
    while screen.try_next().await?["type"] != "welcome" {}
    Some(screen)
}

/// The PIN that stands in the table of links, once it is hashed.
async fn pin(hub: &Hub, person: &str) -> String {
    let store = &hub.running.as_ref().unwrap().app.store;
    while store.pin(person).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    hub.running.as_ref().unwrap().app.secret.pin(person)
}

async fn unlock(hub: &Hub, key: &str, person: &str, pin: &str) -> (u16, Value) {
    post(
        hub,
        "/api/kiosk/unlock",
        json!({ "key": key, "person": person, "pin": pin }),
    )
    .await
}

fn ballot(key: &str, token: &Value, id: &str, choice: &str) -> Value {
    json!({ "key": key, "token": token, "id": id, "vote": "v1", "marks": { "1": choice } })
}

async fn vote_is_open(chair: &mut Screen, secretary: &mut Screen) {
    let rules = secretary.view["vote_rules"].clone();
    let content = json!({
        "title": "Nghị quyết về nước sạch", "text": "Thông qua nghị quyết.", "part": "whole",
        "method": "electronic", "choices": rules["choices"][0]["choices"], "threshold": rules["thresholds"][0],
        "duration_s": 60, "decision": rules["decision"],
    });
    for act in [
        json!({ "do": "vote", "act": "prepare", "content": content }),
        json!({ "do": "vote", "act": "ready", "vote": "v1" }),
    ] {
        secretary.act(act).await;
    }
    chair
        .act(json!({ "do": "vote", "act": "open", "vote": "v1", "override_quorum": "thử" }))
        .await;
}

fn state(kiosk: &Screen, person: &str) -> Value {
    kiosk.mine["kiosk"]["voters"][person].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn delegates_vote_one_after_the_other_and_each_is_counted_once() {
    let hub = Hub::start().await;
    let key = enrolled(&hub, HERE[0], json!({ "kiosk": SITE })).await;
    let mut kiosk = opened(&hub.door, &key, "kiosk").await.expect("it comes in");
    let (mut chair, mut secretary) = open_sitting(&hub.door).await;
    vote_is_open(&mut chair, &mut secretary).await;
    kiosk
        .until("who votes here", |kiosk| state(kiosk, HERE[1]) == "waiting")
        .await;
    let voters = kiosk.mine["kiosk"]["voters"].as_object().unwrap();
    assert_eq!(
        voters.keys().collect::<Vec<_>>(),
        HERE,
        "those of this bridge point alone"
    );
    assert!(
        kiosk.view["requests"].as_object().unwrap().is_empty(),
        "it shows the vote and no more"
    );

    // A wrong PIN, the right one, and the ballot, sent twice because the answer was lost.
    let right = pin(&hub, HERE[0]).await;
    let (status, answer) = unlock(&hub, &key, HERE[0], "not it").await;
    assert_eq!(
        (status, &answer["code"], &answer["left"]),
        (403, &json!("bad_pin"), &json!(4))
    );
    let (status, answer) = unlock(&hub, &key, HERE[0], &right).await;
    assert_eq!(status, 200, "{answer}");
    let token = &answer["token"];
    let (status, first) = post(&hub, "/api/kiosk/ballot", ballot(&key, token, "b1", "for")).await;
    assert_eq!(status, 200, "{first}");
    let (_, again) = post(&hub, "/api/kiosk/ballot", ballot(&key, token, "b1", "for")).await;
    assert_eq!(first, again, "the same ballot: the same place, the same time");
    let (status, answer) = post(&hub, "/api/kiosk/ballot", ballot(&key, token, "b2", "against")).await;
    assert_eq!(
        (status, &answer["code"]),
        (404, &json!("nobody_there")),
        "one PIN, one ballot"
    );
    kiosk.until("has voted", |kiosk| state(kiosk, HERE[0]) == "voted").await;
    assert!(
        !kiosk.mine.to_string().contains("for"),
        "what was chosen is not shown: {}",
        kiosk.mine
    );

    // The own tablet is no second voice …
    let mut tablet = hub.open(HERE[0], "delegate").await;
    let cast = json!({ "do": "vote", "act": "cast", "vote": "v1", "marks": { "1": "against" } });
    let refused = tablet.ask(cast.clone()).await;
    assert_eq!(refused["refusal"]["code"], "not_by_device", "{refused}");
    // … and the kiosk none for whoever has voted there.
    let mut own = hub.open(HERE[1], "delegate").await;
    own.act(cast).await;
    kiosk
        .until("by the own", |kiosk| state(kiosk, HERE[1]) == "own_device")
        .await;
    let (_, answer) = unlock(&hub, &key, HERE[1], &pin(&hub, HERE[1]).await).await;
    let (status, answer) = post(&hub, "/api/kiosk/ballot", ballot(&key, &answer["token"], "b3", "for")).await;
    assert_eq!((status, &answer["refusal"]["code"]), (409, &json!("already_voted")));

    chair
        .act(json!({ "do": "vote", "act": "close", "vote": "v1", "early": true }))
        .await;
    let result = &chair.view["votes"]["v1"]["result"]["1"]["votes"];
    assert_eq!((&result["for"], &result["against"]), (&json!(1), &json!(1)));
    assert_eq!(chair.view["votes"]["v1"]["names"][HERE[0]]["channel"], "kiosk");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_can_do_nothing_but_take_ballots_of_its_own_people() {
    let hub = Hub::start().await;
    let key = enrolled(&hub, "thu-ky-01", json!({ "kiosk": SITE })).await;
    let mut kiosk = opened(&hub.door, &key, "kiosk").await.unwrap();
    let (mut chair, mut secretary) = open_sitting(&hub.door).await;
    vote_is_open(&mut chair, &mut secretary).await;
    for command in [
        json!({ "do": "vote", "act": "cast", "vote": "v1", "marks": { "1": "for" } }),
        json!({ "do": "vote", "act": "close", "vote": "v1", "early": true }),
        json!({ "do": "check_in" }),
        json!({ "do": "start_technical_check" }),
    ] {
        let answer = kiosk.ask(command.clone()).await;
        assert_eq!(answer["refusal"]["code"], "not_allowed", "{command}: {answer}");
    }
    // Neither a delegate of another bridge point nor a secretary stands here, whatever the PIN.
    for stranger in ["dai-bieu-01", "thu-ky-01"] {
        let (status, answer) = unlock(&hub, &key, stranger, "000000").await;
        assert_eq!((status, &answer["code"]), (404, &json!("unknown")), "{stranger}");
    }
    let wrong = if pin(&hub, HERE[0]).await == "000000" {
        "000001"
    } else {
        "000000"
    };
    for left in (0..5).rev() {
        assert_eq!(unlock(&hub, &key, HERE[0], wrong).await.1["left"], left);
    }
    let right = pin(&hub, HERE[0]).await;
    let (status, answer) = unlock(&hub, &key, HERE[0], &right).await;
    assert_eq!((status, &answer["code"]), (403, &json!("pin_locked")));
    let reset = json!({ "key": desk(&hub, "thu-ky-01"), "person": HERE[0] });
    assert_eq!(post(&hub, "/api/pin", reset).await.0, 200);
    assert_eq!(
        unlock(&hub, &key, HERE[0], &right).await.0,
        200,
        "a secretary has reset it"
    );
    for audience in ["delegate", "secretary", "room"] {
        assert!(opened(&hub.door, &key, audience).await.is_none(), "{audience}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_is_taken_back_and_the_others_of_its_place_stay() {
    let hub = Hub::start().await;
    let (mine, theirs) = (desk(&hub, HERE[0]), desk(&hub, "thu-ky-01"));
    let old = enrolled(&hub, "ky-thuat-01", json!({ "room": "hoa-binh" })).await;
    let new = enrolled(&hub, HERE[0], json!({ "room": "hoa-binh" })).await;
    let kiosk = enrolled(&hub, HERE[0], json!({ "kiosk": SITE })).await;
    let elsewhere = json!({ "key": mine, "machine": { "kiosk": "tan-lap" } });
    assert_eq!(
        post(&hub, "/api/enrol/code", elsewhere).await.0,
        404,
        "a lead has the own bridge point"
    );

    let list = |key: &str| {
        let key = key.to_owned();
        let hub = &hub;
        async move { post(hub, "/api/enrol/list", json!({ "key": key })).await.1["machines"].clone() }
    };
    let mut room = opened(&hub.door, &new, "room")
        .await
        .expect("the large screen comes in");
    let mut tablet = opened(&hub.door, &kiosk, "kiosk").await.expect("and the kiosk");
    let there = list(&mine).await;
    let there = there.as_array().unwrap();
    // The printed link, two screens by code, a kiosk.
    assert_eq!(there.len(), 4, "{there:?}");
    assert_eq!(there.iter().filter(|one| one["open"] == true).count(), 2);
    assert_eq!(there.iter().filter(|one| one["printed"] == true).count(), 1);
    assert!(
        list(&theirs).await.as_array().unwrap().len() > 4,
        "a secretary looks after all"
    );

    let id = |key: &str| hex_of(key);
    let revoke = |by: &str, key: &str| json!({ "key": by, "id": id(key) });
    let (status, _) = post(&hub, "/api/enrol/revoke", revoke(&mine, &old)).await;
    assert_eq!(status, 200);
    assert!(opened(&hub.door, &old, "room").await.is_none(), "it comes in no more");
    let (status, _) = post(&hub, "/api/enrol/revoke", revoke(&theirs, &kiosk)).await;
    assert_eq!(status, 200);
    assert_eq!(tablet.farewell().await, "revoked");
    assert!(opened(&hub.door, &kiosk, "kiosk").await.is_none());
    let (status, answer) = unlock(&hub, &kiosk, HERE[0], "000000").await;
    assert_eq!((status, &answer["code"]), (401, &json!("bad_key")));
    // By now the hub has looked at what was taken back twice over; this screen has another key.
    let answer = room.ask(json!({ "do": "check_in" })).await;
    assert_eq!(answer["type"], "refused", "it is still open");
    assert_eq!(list(&mine).await.as_array().unwrap().len(), 2);
}

/// A machine's name in the list: what is kept of its key.
fn hex_of(key: &str) -> String {
    hub::keys::hash(key).iter().map(|byte| format!("{byte:02x}")).collect()
}
