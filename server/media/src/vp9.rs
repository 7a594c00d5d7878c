//! The running numbers inside a VP9 payload descriptor (RFC 9628 §4.2), and where a key frame of VP9 or AV1 begins.

use crate::vp8::Descriptor;

/// Reads the descriptor; `None` when the payload is not VP9 at all.
pub(crate) fn descriptor(payload: &[u8]) -> Option<Descriptor> {
    let walk = walk(payload)?;
    Some(Descriptor::new(walk.picture, walk.tl0, walk.key_start))
}

/// Lines of the largest picture that the scalability structure of a key frame names.
pub(crate) fn height(payload: &[u8]) -> Option<u16> {
    let walk = walk(payload).filter(|walk| walk.key_start && payload[0] & 0x02 != 0)?;
    let head = *payload.get(walk.structure)?;
    if head & 0x10 == 0 {
        return None;
    }
    let largest = usize::from(head >> 5);
    let at = walk.structure + 1 + 4 * largest + 2;
    Some(u16::from_be_bytes(*payload.get(at..)?.first_chunk()?))
}

/// Whether a coded video sequence begins with this payload (AV1 RTP §4.4: N without Z).
pub(crate) fn starts_av1(payload: &[u8]) -> bool {
    payload.first().is_some_and(|head| head & 0x88 == 0x08)
}

struct Walk {
    picture: Option<(u8, bool)>,
    tl0: Option<u8>,
    key_start: bool,
    /// Where the scalability structure begins, if there is one.
    structure: usize,
}

fn walk(payload: &[u8]) -> Option<Walk> {
    let first = *payload.first()?;
    let has = |bit: u8| first & bit != 0;
    let (predicted, flexible) = (has(0x40), has(0x10));
    let mut at = 1usize;
    let (mut picture, mut tl0, mut spatial) = (None, None, 0);
    if has(0x80) {
        let is_long = *payload.get(at)? & 0x80 != 0;
        picture = Some((at as u8, is_long));
        at += 1 + usize::from(is_long);
    }
    if has(0x20) {
        spatial = *payload.get(at)? >> 1 & 7;
        at += 1;
        if !flexible {
            tl0 = Some(at as u8);
            at += 1;
        }
    }
    if flexible && predicted {
        for _ in 0..3 {
            let reference = *payload.get(at)?;
            at += 1;
            if reference & 1 == 0 {
                break;
            }
        }
    }
    payload.get(at)?;
    Some(Walk {
        picture,
        tl0,
        key_start: !predicted && has(0x08) && spatial == 0,
        structure: at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vp8::Counters;
    use proptest::prelude::*;

    #[test]
    fn a_chromium_key_frame_is_recognised_and_renumbered() {
        // I, L, B, E, V | 15-bit picture id 0x1234 | TID 0 SID 0 | TL0 7 | one spatial layer with size 1280x720
        let mut payload = [0xae, 0x92, 0x34, 0x00, 7, 0x10, 5, 0, 2, 0xd0, 0x82];
        let found = descriptor(&payload).expect("VP9");
        assert!(found.is_key_start());
        assert_eq!(height(&payload), Some(720));
        let counters = Counters {
            picture: Some(0x1234),
            tl0: Some(7),
        };
        assert_eq!(found.counters(&payload), counters);
        let other = Counters {
            picture: Some(0x42),
            tl0: Some(9),
        };
        found.rewrite(&mut payload, other);
        assert_eq!(payload[..5], [0xae, 0x80, 0x42, 0x00, 9]);
        payload[0] |= 0x40;
        assert!(!descriptor(&payload).expect("VP9").is_key_start(), "an inter frame");
        assert!(starts_av1(&[0x18, 1]) && !starts_av1(&[0x98, 1]) && !starts_av1(&[0x10, 1]));
    }

    proptest! {
        #[test]
        fn any_payload_is_read_and_rewritten_in_place(mut payload in proptest::collection::vec(any::<u8>(), 0..40), picture in 0u16..0x8000, tl0: u8) {
            let _ = (height(&payload), starts_av1(&payload));
            if let Some(found) = descriptor(&payload) {
                found.rewrite(&mut payload, Counters { picture: Some(picture), tl0: Some(tl0) });
                prop_assert_eq!(descriptor(&payload), Some(found));
            }
        }
    }
}
