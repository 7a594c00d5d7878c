//! The running numbers and the layers inside a VP9 payload descriptor (RFC 9628 §4.2), and where a key frame of VP9 or AV1
//! begins.

use crate::scale::{self, SPATIAL, Scale};
use crate::vp8::Descriptor;

/// Reads the descriptor; `None` when the payload is not VP9 at all.
pub(crate) fn descriptor(payload: &[u8]) -> Option<Descriptor> {
    let walk = walk(payload)?;
    Some(Descriptor::new(walk.picture, walk.tl0, walk.key_start))
}

/// Lines of the largest picture that the scalability structure of a key frame names.
pub(crate) fn height(payload: &[u8]) -> Option<u16> {
    let (top, heights) = structure(payload)?;
    heights.get(usize::from(top)).copied().filter(|height| *height > 0)
}

/// The highest spatial layer that the scalability structure of a key frame names, and the lines of each; 0 = it does not say.
pub(crate) fn structure(payload: &[u8]) -> Option<(u8, [u16; SPATIAL])> {
    let walk = walk(payload).filter(|walk| walk.key_start && payload[0] & 0x02 != 0)?;
    let head = *payload.get(walk.structure)?;
    let (top, mut heights) = (head >> 5, [0; SPATIAL]);
    if head & 0x10 != 0 {
        for (layer, height) in heights.iter_mut().enumerate().take(usize::from(top) + 1) {
            let at = walk.structure + 1 + 4 * layer + 2;
            *height = u16::from_be_bytes(*payload.get(at..)?.first_chunk()?);
        }
    }
    Some((top, heights))
}

/// What a packet is to the operating points of its stream, whose highest spatial layer is `top`.
pub(crate) fn scale(payload: &[u8], top: u8) -> Scale {
    let Some(walk) = walk(payload) else { return Scale::PLAIN };
    let Some(layers) = walk.layers else { return Scale::PLAIN };
    let Layers {
        spatial,
        temporal,
        may_rise,
    } = layers;
    // Z: no larger picture makes use of this one.
    let is_alone = payload[0] & 0x01 != 0;
    let top = top.max(spatial).min(SPATIAL as u8 - 1);
    let is_needed = |of: u8, at: u8| {
        let of = of.min(top);
        at >= temporal && (of == spatial || of > spatial && !is_alone)
    };
    let is_key = payload[0] & 0x40 == 0 && spatial == 0;
    let ends = |of: u8| payload[0] & 0x04 != 0 && of.min(top) == spatial;
    Scale {
        needed: scale::points(is_needed),
        begins: scale::points(|_, at| is_key || may_rise && at >= temporal),
        from_any: is_key,
        ends: scale::points(|of, _| ends(of)),
        own: scale::point(spatial, temporal),
    }
}

/// The layers of a packet, and whether who took fewer pictures may take more from here on (U).
#[derive(Clone, Copy)]
struct Layers {
    spatial: u8,
    temporal: u8,
    may_rise: bool,
}

/// Whether a coded video sequence begins with this payload (AV1 RTP §4.4: N without Z).
pub(crate) fn starts_av1(payload: &[u8]) -> bool {
    payload.first().is_some_and(|head| head & 0x88 == 0x08)
}

struct Walk {
    picture: Option<(u8, bool)>,
    tl0: Option<u8>,
    key_start: bool,
    layers: Option<Layers>,
    /// Where the scalability structure begins, if there is one.
    structure: usize,
}

fn walk(payload: &[u8]) -> Option<Walk> {
    let first = *payload.first()?;
    let has = |bit: u8| first & bit != 0;
    let (predicted, flexible) = (has(0x40), has(0x10));
    let mut at = 1usize;
    let (mut picture, mut tl0, mut layers) = (None, None, None);
    if has(0x80) {
        let is_long = *payload.get(at)? & 0x80 != 0;
        picture = Some((at as u8, is_long));
        at += 1 + usize::from(is_long);
    }
    if has(0x20) {
        let head = *payload.get(at)?;
        layers = Some(Layers {
            spatial: head >> 1 & 7,
            temporal: head >> 5,
            may_rise: head & 0x10 != 0,
        });
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
        key_start: !predicted && has(0x08) && layers.is_none_or(|layers| layers.spatial == 0),
        layers,
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
            frame: None,
        };
        assert_eq!(found.counters(&payload), counters);
        let other = Counters {
            picture: Some(0x42),
            tl0: Some(9),
            frame: None,
        };
        found.rewrite(&mut payload, other);
        assert_eq!(payload[..5], [0xae, 0x80, 0x42, 0x00, 9]);
        payload[0] |= 0x40;
        assert!(!descriptor(&payload).expect("VP9").is_key_start(), "an inter frame");
        assert!(starts_av1(&[0x18, 1]) && !starts_av1(&[0x98, 1]) && !starts_av1(&[0x10, 1]));
    }

    #[test]
    fn layers_say_who_needs_a_packet() {
        let point = scale::point;
        // I, P, L, F, B, E, V, Z | picture | T, U, S, D | TL0
        let packet = |head: u8, layers: u8| scale(&[head, 5, layers, 7, 0, 0], 2);
        let middle = packet(0xec, 1 << 5 | 0x10 | 1 << 1 | 1);
        assert_eq!(middle.own, point(1, 1));
        assert!(middle.is_needed(point(1, 1)) && middle.is_needed(point(2, 2)));
        assert!(!middle.is_needed(point(0, 2)) && !middle.is_needed(point(2, 0)));
        assert!(middle.is_end(point(1, 2)) && !middle.is_end(point(2, 2)));
        assert!(middle.begins == scale::points(|_, temporal| temporal >= 1) && !middle.from_any);
        let alone = packet(0xed, 0);
        assert!(
            alone.is_needed(point(0, 2)) && !alone.is_needed(point(1, 2)),
            "no larger one needs it"
        );
        let key = packet(0xac, 0);
        assert!(key.from_any && key.begins == scale::points(|_, _| true));
        assert!(
            scale(&[0xa1, 5, 0, 7, 0], 0).is_needed(scale::WHOLE),
            "the only picture is the whole"
        );
        assert!(scale(&[0x8c, 5, 0, 0], 0).is_plain());
    }

    proptest! {
        #[test]
        fn any_payload_is_read_and_rewritten_in_place(mut payload in proptest::collection::vec(any::<u8>(), 0..40), picture in 0u16..0x8000, tl0: u8) {
            let _ = (height(&payload), starts_av1(&payload), scale(&payload, picture as u8));
            if let Some(found) = descriptor(&payload) {
                found.rewrite(&mut payload, Counters { picture: Some(picture), tl0: Some(tl0), frame: None });
                prop_assert_eq!(descriptor(&payload), Some(found));
            }
        }
    }
}
