//! A confidence vote on paper over real websockets: what one member of the counting board enters reaches no other screen, the hub
//! is killed between the two entries, and the numbers are the same afterwards.

use crate::bench::{Door, Screen, open_sitting};
use crate::crash::{Process, answers, free_ports};
use serde_json::{Value, json};
use tempfile::TempDir;

const BOARD: [&str; 3] = ["dai-bieu-02", "dai-bieu-03", "dai-bieu-04"];

fn confidence(act: &str) -> Value {
    json!({ "do": "confidence", "act": act })
}

/// A command about the hall's box.
fn at_box(act: &str, hall: &str, more: &Value) -> Value {
    let mut command = json!({ "do": "paper", "act": act, "poll": { "poll": "confidence" }, "site": hall });
    for (name, value) in more.as_object().into_iter().flatten() {
        command[name] = value.clone();
    }
    command
}

/// 35 ballots; so many high marks.
fn count(high: u32) -> Value {
    json!({ "count": {
        "returned": 35, "missing": 0, "valid": 35, "invalid": 0,
        "marks": { "mot": { "high": high, "middle": 34 - high, "low": 1 } }, "spoilt": { "mot": 0 },
    } })
}

fn hall_of(screen: &Screen) -> String {
    let sites = screen.view["sites"].as_object().unwrap();
    let hall = sites.iter().find(|(_, site)| site["kind"] == "hall").unwrap();
    hall.0.clone()
}

async fn member(door: &Door, n: usize) -> Screen {
    door.open(BOARD[n], "delegate", &format!("{}-may", BOARD[n]), None)
        .await
}

#[tokio::test]
async fn two_entries_on_both_sides_of_a_kill_and_neither_is_told_to_the_other() {
    let folder = TempDir::new().unwrap();
    let ports = free_ports();
    let door = Door::new(ports[1], folder.path());
    let mut hub = Process::start(folder.path(), ports);
    answers(&door).await;
    let (mut chair, mut secretary) = open_sitting(&door).await;
    let hall = hall_of(&chair);
    let subjects = json!([{ "id": "mot", "name": "Bà Một", "office": "Chủ tịch" }]);
    secretary
        .act(json!({ "do": "confidence", "act": "prepare", "mode": "hall", "decision": "Nghị quyết số 1", "subjects": subjects }))
        .await;
    secretary
        .act(json!({ "do": "confidence", "act": "send_report", "line": "mot" }))
        .await;
    chair
        .act(json!({ "do": "paper", "act": "elect_board", "head": BOARD[0], "members": BOARD }))
        .await;
    chair.act(confidence("start_casting")).await;
    secretary.act(at_box("issue", &hall, &json!({ "ballots": 35 }))).await;
    let mut first = member(&door, 0).await;
    first.act(at_box("close_box", &hall, &json!({}))).await;
    chair.act(confidence("start_counting")).await;
    first.act(at_box("enter", &hall, &count(29))).await;

    hub.kill();
    hub = Process::start(folder.path(), ports);
    answers(&door).await;
    let mut second = member(&door, 1).await;
    for screen in [&second, &door.open("dai-bieu-01", "chair", "console", None).await] {
        let told = screen.view["confidence"].to_string() + &screen.mine["papers"].to_string();
        assert!(!told.contains("\"high\":29"), "{told}");
        assert_eq!(screen.view["confidence"]["paper"]["boxes"][&hall]["entered"], 1);
    }
    let wrong = second.ask(at_box("enter", &hall, &json!({ "count": { "returned": 35, "missing": 0, "valid": 35, "invalid": 0, "marks": { "mot": { "high": 30, "middle": 5, "low": 1 } } } }))).await;
    assert_eq!(wrong["refusal"]["code"], "count_wrong", "{wrong}");
    second.act(at_box("enter", &hall, &count(29))).await;
    second
        .until("both entries agree", |screen| {
            screen.view["confidence"]["step"] == "minutes"
        })
        .await;
    for n in 0..2 {
        member(&door, n)
            .await
            .act(json!({ "do": "paper", "act": "sign", "poll": { "poll": "confidence" } }))
            .await;
    }
    let mut chair = door.open("dai-bieu-01", "chair", "console", None).await;
    chair.act(confidence("announce")).await;
    let result = &chair.view["confidence"]["result"]["mot"];
    assert_eq!(result["marks"]["high"], 29);
    assert_eq!(result["shares"]["high"], 8286, "of the 35 in office");
    hub.kill();
}
