//! Behind closed doors (PRODUCT 3.13): whoever is outside is told that the sitting is closed and nothing else, whichever way the
//! socket comes; afterwards everybody is shown what a fresh screen would see.

use crate::bench::{Hub, open_sitting, same_moment};
use serde_json::{Value, json};

fn is_blank(view: &Value) -> bool {
    let empty = |name: &str| view[name].as_object().is_some_and(serde_json::Map::is_empty);
    view["doors"]["outside"] == true
        && [
            "people",
            "agenda",
            "requests",
            "turns",
            "votes",
            "questions",
            "snapshots",
        ]
        .iter()
        .all(|name| empty(name))
        && view["turn"].is_null()
        && view["sitting"]["item"].is_null()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_outside_is_told_nothing_until_the_doors_open() {
    let hub = Hub::start().await;
    let (mut chair, mut secretary) = open_sitting(&hub.door).await;
    let mut guest = hub.open("khach-04", "delegate").await;
    let mut ward = hub.open("hoa-binh", "room").await;
    let mut lead = hub.open("dai-bieu-20", "delegate").await;
    let mut hall = hub.open("hoi-truong", "room").await;
    assert_eq!(guest.view["doors"]["state"], "public");
    hall.until("the hall is there", |hall| {
        hall.view["endpoints"]["hoi-truong"]["online"] == true
    })
    .await;
    secretary
        .act(json!({ "do": "propose_closed", "ground": { "by": "standing_committee" }, "reason": "Bí mật nhà nước" }))
        .await;
    chair
        .act(json!({ "do": "close_doors", "decision": "Hội đồng nhân dân quyết định họp kín" }))
        .await;
    for screen in [&mut guest, &mut ward, &mut lead] {
        screen
            .until("the outside", |screen| screen.view["doors"]["outside"] == true)
            .await;
        assert!(is_blank(&screen.view), "{}", screen.view);
        assert_eq!(screen.mine["can"], json!([]));
    }
    hall.until("the inside", |hall| hall.view["doors"]["state"] == "closed")
        .await;
    assert_eq!(hall.view["doors"]["outside"], false);

    // What happens now reaches nobody outside, and nobody outside takes part.
    let refused = lead
        .ask(json!({ "do": "register", "kind": "speech", "subject": "" }))
        .await;
    assert_eq!(refused["refusal"]["code"], "outside");
    chair
        .act(json!({ "do": "invite_direct", "person": "dai-bieu-03", "kind": "speech" }))
        .await;
    let fresh = hub.door.open("khach-04", "delegate", "another", None).await;
    assert!(is_blank(&fresh.view), "nor a screen that comes now");

    chair
        .act(json!({ "do": "admit_room", "endpoint": "hoa-binh", "admit": true, "reason": "Đã kiểm tra phòng" }))
        .await;
    for screen in [&mut ward, &mut lead] {
        screen
            .until("the inside", |screen| screen.view["doors"]["outside"] == false)
            .await;
        assert_eq!(screen.view["turn"]["person"], "dai-bieu-03");
    }
    let inside = &chair.view["doors"]["rooms"];
    assert_eq!(
        *inside,
        json!(["hoa-binh", "hoi-truong", "phong-hop-2"]),
        "all of them are listed"
    );

    chair.act(json!({ "do": "end_turn" })).await;
    chair.act(json!({ "do": "open_doors" })).await;
    let mut guest = hub.door.open("khach-04", "delegate", "another", None).await;
    let mut other = hub.open("khach-05", "delegate").await;
    same_moment(&mut guest, &mut other).await;
    assert_eq!(guest.view, other.view);
    assert_eq!(guest.view["doors"]["state"], "public");
    same_moment(&mut lead, &mut other).await;
    assert_eq!(
        lead.view, other.view,
        "who was inside and who was not see the same again"
    );
}
