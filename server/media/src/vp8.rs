//! Where a key frame starts, and the running numbers inside a VP8 payload descriptor (RFC 7741 §4.2).

use crate::offer::Codec;
use crate::scale::{self, Scale};
use crate::vp9;

/// Positions of the counters that must stay continuous when the source of a slot changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// Offset of the picture id and whether it has 15 bits.
    picture: Option<(u8, bool)>,
    /// Offset of TL0PICIDX.
    tl0: Option<u8>,
    key_start: bool,
    /// Where the frame itself begins.
    body: u8,
    /// Offset of the temporal layer.
    layer: Option<u8>,
}

/// The counters of one packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) picture: Option<u16>,
    pub(crate) tl0: Option<u8>,
    /// Of the dependency descriptor.
    pub(crate) frame: Option<u16>,
}

impl Descriptor {
    pub(crate) fn new(picture: Option<(u8, bool)>, tl0: Option<u8>, key_start: bool) -> Descriptor {
        Descriptor {
            picture,
            tl0,
            key_start,
            body: 0,
            layer: None,
        }
    }

    #[cfg(test)]
    pub(crate) fn is_key_start(&self) -> bool {
        self.key_start
    }

    /// `None` when the payload is not VP8 at all.
    pub(crate) fn parse(payload: &[u8]) -> Option<Descriptor> {
        let first = *payload.first()?;
        let mut at = 1usize;
        let mut found = Descriptor::default();
        if first & 0x80 != 0 {
            let flags = *payload.get(at)?;
            at += 1;
            if flags & 0x80 != 0 {
                let long = *payload.get(at)? & 0x80 != 0;
                found.picture = Some((at as u8, long));
                at += if long { 2 } else { 1 };
            }
            if flags & 0x40 != 0 {
                found.tl0 = Some(at as u8);
                at += 1;
            }
            if flags & 0x30 != 0 {
                found.layer = Some(at as u8).filter(|_| flags & 0x20 != 0);
                at += 1;
            }
        }
        let body = *payload.get(at)?;
        found.body = at as u8;
        // Start of partition 0 and the inverse key-frame bit of the frame header (§4.3).
        found.key_start = first & 0x17 == 0x10 && body & 1 == 0;
        Some(found)
    }

    /// What a packet is to the operating points of its stream, which are temporal only.
    pub(crate) fn scale(&self, payload: &[u8]) -> Scale {
        let Some(head) = self.layer.and_then(|at| payload.get(usize::from(at)).copied()) else {
            return Scale::PLAIN;
        };
        let (temporal, is_sync) = ((head >> 6).min(scale::TEMPORAL as u8 - 1), head & 0x20 != 0);
        // Y: this one depends on nothing above the lowest layer.
        let begins = |at: u8| self.key_start || is_sync && at == temporal && temporal > 0;
        Scale {
            needed: scale::points(|_, at| at >= temporal),
            begins: scale::points(|_, at| begins(at)),
            from_any: self.key_start,
            ends: 0,
            own: scale::point(0, temporal),
        }
    }

    pub(crate) fn counters(&self, payload: &[u8]) -> Counters {
        let picture = self.picture.and_then(|(at, long)| {
            let at = usize::from(at);
            let high = *payload.get(at)?;
            if long {
                Some(u16::from_be_bytes([high & 0x7f, *payload.get(at + 1)?]))
            } else {
                Some(u16::from(high))
            }
        });
        let tl0 = self.tl0.and_then(|at| payload.get(usize::from(at)).copied());
        Counters {
            picture,
            tl0,
            frame: None,
        }
    }

    /// Writes other counters into a copy of the payload, in the width that is there.
    pub(crate) fn rewrite(&self, payload: &mut [u8], counters: Counters) {
        if let (Some((at, long)), Some(picture)) = (self.picture, counters.picture) {
            let at = usize::from(at);
            if long {
                if let Some(place) = payload.get_mut(at..at + 2) {
                    place.copy_from_slice(&(picture | 0x8000).to_be_bytes());
                }
            } else if let Some(place) = payload.get_mut(at) {
                *place = (picture & 0x7f) as u8;
            }
        }
        if let (Some(at), Some(tl0)) = (self.tl0, counters.tl0)
            && let Some(place) = payload.get_mut(usize::from(at))
        {
            *place = tl0;
        }
    }
}

/// Lines of the picture whose key frame begins in this payload (RFC 6386 §9.1); `None` where the payload does not say.
pub(crate) fn height(codec: Codec, payload: &[u8]) -> Option<u16> {
    match codec {
        Codec::Vp8 => {
            let body = Descriptor::parse(payload)
                .filter(|descriptor| descriptor.key_start)?
                .body;
            let head: &[u8; 10] = payload.get(usize::from(body)..)?.first_chunk()?;
            let is_start_code = head[3..6] == [0x9d, 0x01, 0x2a];
            is_start_code.then(|| u16::from_le_bytes([head[8], head[9]]) & 0x3fff)
        }
        Codec::Vp9 => vp9::height(payload),
        Codec::Opus | Codec::Red | Codec::H264 | Codec::Av1 => None,
    }
}

/// Whether a key frame begins in this payload.
pub(crate) fn starts_key_frame(codec: Codec, payload: &[u8]) -> bool {
    match codec {
        Codec::Opus | Codec::Red => true,
        Codec::Vp8 => Descriptor::parse(payload).is_some_and(|descriptor| descriptor.key_start),
        Codec::H264 => h264_key(payload),
        Codec::Vp9 => vp9::descriptor(payload).is_some_and(|descriptor| descriptor.key_start),
        Codec::Av1 => vp9::starts_av1(payload),
    }
}

/// A sequence parameter set or the start of an IDR slice, alone, aggregated or fragmented (RFC 6184 §5.6-5.8).
fn h264_key(payload: &[u8]) -> bool {
    let is_key = |unit: u8| matches!(unit & 0x1f, 5 | 7);
    match payload {
        [stap, rest @ ..] if stap & 0x1f == 24 => {
            let mut rest = rest;
            while let [high, low, unit, ..] = rest {
                if is_key(*unit) {
                    return true;
                }
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = rest.get(2 + length..).unwrap_or(&[]);
            }
            false
        }
        [fragment, head, ..] if fragment & 0x1f == 28 => head & 0x80 != 0 && is_key(*head),
        [unit, ..] => is_key(*unit),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_chromium_key_frame_is_recognised_and_renumbered() {
        // X, S, PID 0 | I, L, K | 15-bit picture id 0x1234 | TL0 7 | TID 0 KEYIDX 1 | P = 0
        let mut payload = [0x90, 0xf0, 0x92, 0x34, 7, 0x01, 0x10, 0, 0];
        let descriptor = Descriptor::parse(&payload).expect("VP8");
        assert!(descriptor.key_start);
        assert_eq!(
            descriptor.counters(&payload),
            Counters {
                picture: Some(0x1234),
                tl0: Some(7),
                frame: None
            }
        );
        descriptor.rewrite(
            &mut payload,
            Counters {
                picture: Some(0x0042),
                tl0: Some(9),
                frame: None,
            },
        );
        assert_eq!(payload, [0x90, 0xf0, 0x80, 0x42, 9, 0x01, 0x10, 0, 0]);
        assert_eq!(height(Codec::Vp8, &payload), None, "no start code");
        let mut picture = payload[..6].to_vec();
        picture.extend_from_slice(&[0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x42]);
        assert_eq!(height(Codec::Vp8, &picture), Some(720), "the upper bits are a scale");
        payload[6] = 0x11;
        assert!(!starts_key_frame(Codec::Vp8, &payload), "an inter frame");
    }

    #[test]
    fn temporal_layers_say_who_needs_a_packet() {
        // X | I, L, T | picture | TL0 | TID, Y, KEYIDX | an inter frame
        let scale = |layer: u8| {
            let payload = [0x90, 0xe0, 5, 7, layer, 0x11];
            Descriptor::parse(&payload).expect("VP8").scale(&payload)
        };
        let (low, middle, high) = (scale(0x00), scale(0x60), scale(0x80));
        let all = scale::points(|_, _| true);
        assert_eq!((low.needed, middle.needed), (all, scale::points(|_, at| at >= 1)));
        assert_eq!((low.begins, high.begins), (0, 0));
        assert_eq!(
            middle.begins,
            scale::points(|_, at| at == 1),
            "a layer that needs only the lowest"
        );
        assert!(!high.is_needed(scale::point(0, 1)) && high.is_needed(scale::WHOLE));
    }

    #[test]
    fn h264_key_frames_are_found_in_all_packings() {
        assert!(starts_key_frame(Codec::H264, &[0x67, 1, 2]));
        assert!(starts_key_frame(Codec::H264, &[24, 0, 2, 0x09, 0x10, 0, 2, 0x65, 1]));
        assert!(starts_key_frame(Codec::H264, &[28, 0x85, 1]));
        assert!(!starts_key_frame(Codec::H264, &[28, 0x05, 1]), "a later fragment");
        assert!(!starts_key_frame(Codec::H264, &[0x41, 1, 2]));
    }

    proptest! {
        #[test]
        fn any_payload_is_read_and_rewritten_in_place(mut payload in proptest::collection::vec(any::<u8>(), 0..40), picture in 0u16..0x8000, tl0: u8) {
            let _ = starts_key_frame(Codec::H264, &payload);
            if let Some(descriptor) = Descriptor::parse(&payload) {
                let before = descriptor.counters(&payload);
                descriptor.rewrite(&mut payload, Counters { picture: Some(picture), tl0: Some(tl0), frame: None });
                let again = Descriptor::parse(&payload).expect("still VP8");
                prop_assert_eq!(again, descriptor);
                let after = again.counters(&payload);
                prop_assert_eq!(after.picture.is_some(), before.picture.is_some());
                prop_assert_eq!(after.tl0, before.tl0.map(|_| tl0));
            }
        }
    }
}
