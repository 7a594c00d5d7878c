//! The floors of server/ARCHITECTURE.md, held against `cargo metadata`: a new arrow between our crates, or a new outside
//! crate on a pure floor, fails here until somebody decides that it is right and writes it down.

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

/// Which of our crates each crate may use, outside its tests.
const ARROWS: &[(&str, &[&str])] = &[
    ("meeting", &[]),
    ("media", &[]),
    ("journal", &[]),
    ("protocol", &["meeting"]),
    ("store", &["journal"]),
    ("verify", &["journal", "store"]),
    ("hub", &["journal", "media", "meeting", "protocol", "store", "verify"]),
    ("crowd", &["meeting", "protocol"]),
    ("fuzz", &["hub", "media", "protocol", "store"]),
    ("load", &["media"]),
    ("network", &[]),
    ("conformance", &[]),
];

/// What the pure crates may use of the outside world: data, codecs, cryptography, packets; nothing that opens, waits or
/// looks at a clock.
const PURE: &[(&str, &[&str])] = &[
    ("meeting", &["serde", "sha2", "ts-rs"]),
    ("journal", &["hex", "ring", "sha2", "thiserror"]),
    (
        "media",
        &[
            "bytes",
            "ring",
            "rtc-crypto",
            "rtc-dtls",
            "rtc-sdp",
            "rtc-shared",
            "rtc-srtp",
            "rtc-stun",
            "thiserror",
        ],
    ),
    ("protocol", &["serde", "serde_json", "ts-rs"]),
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--locked",
            "--offline",
        ])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

/// Crate → what it uses outside its tests.
fn arrows(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let uses = package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .map(|dependency| dependency["name"].as_str().expect("name").to_owned())
                .collect();
            (package["name"].as_str().expect("name").to_owned(), uses)
        })
        .collect()
}

#[test]
fn arrows_between_our_crates_point_down() {
    let arrows = arrows(&metadata());
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = arrows.keys().map(String::as_str).collect();
    assert_eq!(
        found, ours,
        "a crate came or went: give it a floor in ARROWS and in server/ARCHITECTURE.md"
    );
    for (name, permitted) in ARROWS {
        for used in arrows[*name].iter().filter(|used| ours.contains(used.as_str())) {
            assert!(permitted.contains(&used.as_str()), "{name} must not use {used}");
        }
    }
}

#[test]
fn pure_crates_use_nothing_that_opens_or_waits() {
    let arrows = arrows(&metadata());
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    for (name, permitted) in PURE {
        for used in arrows[*name].iter().filter(|used| !ours.contains(used.as_str())) {
            assert!(
                permitted.contains(&used.as_str()),
                "{name} is pure and must not use {used}"
            );
        }
    }
}

#[test]
fn pure_crates_forbid_clocks_and_files_to_themselves() {
    for (name, _) in PURE {
        let path = format!("{}/../../server/{name}/clippy.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{path}: {why}"));
        for method in [
            "std::time::SystemTime::now",
            "std::time::Instant::now",
            "std::thread::spawn",
            "std::fs::read",
        ] {
            assert!(text.contains(method), "{path} does not disallow {method}");
        }
    }
}
