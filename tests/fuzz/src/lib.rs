//! Where bytes of strangers come in, by name: the media unit's seams, the messages of the websocket, and what WHIP and WHEP are
//! sent (T-33).
//!
//! `tests/replay.rs` runs the corpus and mutations of it with every test run; `libfuzzer/` lets a coverage-guided fuzzer
//! loose on the same functions for as long as one likes: `tests/fuzz/libfuzzer/run unit 3600`.

use media::seams::{SEAMS, Seam};
use protocol::message::ClientMessage;

/// All targets.
pub fn targets() -> impl Iterator<Item = (&'static str, Seam)> {
    let ours = [
        ("message", message as Seam),
        #[cfg(feature = "whip")]
        ("whip", whip as Seam),
    ];
    SEAMS.iter().copied().chain(ours)
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

/// The body of an offer or of a fragment; an offer is put in order, for which once is enough.
#[cfg(feature = "whip")]
fn whip(bytes: &[u8]) {
    use hub::whip_sdp;
    use store::Scope;

    let text = String::from_utf8_lossy(bytes);
    let _ = (whip_sdp::is_fragment(&text), whip_sdp::ice(&text));
    for scope in [Scope::Publish, Scope::View] {
        if let Ok(offer) = whip_sdp::one_way(&text, scope) {
            assert_eq!(
                whip_sdp::one_way(&offer, scope).as_ref(),
                Ok(&offer),
                "in order already"
            );
            let _ = whip_sdp::is_whole(&offer, scope);
        }
    }
}
