//! Where bytes of strangers come in, by name: the media unit's seams and the messages of the websocket (T-33).
//!
//! `tests/replay.rs` runs the corpus and mutations of it with every test run; `libfuzzer/` lets a coverage-guided fuzzer
//! loose on the same functions for as long as one likes: `cargo fuzz run --fuzz-dir tests/fuzz/libfuzzer unit tests/fuzz/corpus/unit`.

use media::seams::{SEAMS, Seam};
use protocol::message::ClientMessage;

/// All targets.
pub fn targets() -> impl Iterator<Item = (&'static str, Seam)> {
    SEAMS.iter().copied().chain([("message", message as Seam)])
}

/// Runs one target.
///
/// # Panics
/// There is no target of this name, or the target has a mistake: that is what a fuzzer looks for.
pub fn run(name: &str, bytes: &[u8]) {
    let (_, target) = targets()
        .find(|(known, _)| *known == name)
        .expect("a target of this name");
    target(bytes);
}

/// What a screen sends: read, and written again as it was read.
fn message(bytes: &[u8]) {
    let Ok(message) = serde_json::from_slice::<ClientMessage>(bytes) else {
        return;
    };
    let text = serde_json::to_string(&message).expect("a message is JSON");
    let again: ClientMessage = serde_json::from_str(&text).expect("what we write we can read");
    assert_eq!(again, message);
}
