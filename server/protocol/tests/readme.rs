//! The README's examples are messages: each block is parsed as what it claims to be, and written again without a loss.

use protocol::message::{ClientMessage, ServerMessage};
use serde_json::Value;

/// The README's `json client` and `json server` blocks, in order.
fn blocks() -> Vec<(&'static str, Value)> {
    let mut blocks = Vec::new();
    let mut rest = include_str!("../README.md");
    while let Some(at) = rest.find("```json ") {
        let block = &rest[at + "```json ".len()..];
        let (head, block) = block.split_once('\n').expect("a block has a first line");
        let (body, after) = block.split_once("```").expect("a block has an end");
        let value = serde_json::from_str(body).unwrap_or_else(|why| panic!("{why} in {body}"));
        blocks.push((head.trim(), value));
        rest = after;
    }
    blocks
}

fn has_wildcard(value: &Value) -> bool {
    match value {
        Value::String(text) => text == "…",
        Value::Array(items) => items.iter().any(has_wildcard),
        Value::Object(fields) => fields.values().any(has_wildcard),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[test]
fn every_example_is_a_message() {
    let blocks = blocks();
    assert!(blocks.len() >= 18, "the README lost its examples");
    for (side, value) in blocks {
        let again = match side {
            "client" => {
                let message: ClientMessage =
                    serde_json::from_value(value.clone()).unwrap_or_else(|why| panic!("{why} in {value}"));
                serde_json::to_value(message)
            }
            "server" if has_wildcard(&value) => continue,
            "server" => {
                let message: ServerMessage =
                    serde_json::from_value(value.clone()).unwrap_or_else(|why| panic!("{why} in {value}"));
                serde_json::to_value(message)
            }
            other => panic!("a block is from a client or a server, not from {other}"),
        };
        assert_eq!(again.expect("a message is JSON"), value);
    }
}
