//! What a room's camera sends: one picture or several sizes of it, or one in layers.

use std::time::Instant;

use str0m::format::Codec;
use str0m::media::{Mid, Rid};

use super::Room;

/// How a camera's layers depend on each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Layering {
    /// L3T3: the larger picture is made from the smaller one.
    Full,
    /// L3T3_KEY: only in key frames.
    AtKeyFrames,
}

/// Bytes that a picture takes in each spatial layer, and its lines: 25 pictures a second are 120, 400 and 1200 kbit/s more.
pub const SPATIAL: [(usize, u16); 3] = [(600, 180), (2000, 360), (6000, 720)];

/// Names, lines and bytes per picture of the layers: 120, 450 and 1500 kbit/s at 25 pictures a second.
pub const LAYERS: [(&str, u16, usize); 3] = [("q", 180, 600), ("h", 360, 2250), ("f", 720, 7500)];

impl Room {
    /// Sends one picture of a layer, in packets of up to 1100 bytes.
    pub(super) fn film(&mut self, mid: Mid, rid: Option<Rid>, layer: usize, height: u16, bytes: usize, now: Instant) {
        let is_key = std::mem::take(&mut self.want_key[layer]);
        // A key frame takes more, as in life.
        let bytes = if is_key && rid.is_some() { bytes * 3 } else { bytes };
        let packets = bytes.div_ceil(1100).max(2);
        for part in 0..packets {
            let first = if part == 0 { 0x90 } else { 0x80 };
            // Layers count their pictures and their time from different beginnings.
            let number = self.sent_video.wrapping_add(layer as u32 * 1000);
            let picture = (number as u16 & 0x7fff) | 0x8000;
            let mut payload = vec![first, 0x80, (picture >> 8) as u8, picture as u8];
            payload.extend_from_slice(&[if is_key { 0x10 } else { 0x11 }, 0, 0, 0x9d, 0x01, 0x2a]);
            payload.extend_from_slice(&(height * 16 / 9).to_le_bytes());
            payload.extend_from_slice(&height.to_le_bytes());
            let camera = match rid {
                None if layer > 0 => format!(" {}", layer + 1),
                _ => String::new(),
            };
            payload.extend_from_slice(format!("{}{camera}|{}", self.name, self.sent_video).as_bytes());
            payload.resize((bytes / packets).max(60), b' ');
            self.sequences[layer] += 1;
            let sequence = self.sequences[layer];
            let timestamp = (self.sent_video * 3600).wrapping_add(layer as u32 * 1_000_000);
            let is_last = part + 1 == packets;
            self.write(mid, rid, Codec::Vp8, sequence, timestamp, is_last, payload, now);
        }
    }

    /// Sends one picture in three spatial layers; every fourth is of the lowest temporal layer, every second of the middle one.
    pub(super) fn film_in_layers(&mut self, mid: Mid, now: Instant) {
        let is_key = std::mem::take(&mut self.want_key[0]);
        // The pattern begins anew with a key frame.
        self.sent_video = if is_key {
            self.sent_video.next_multiple_of(4)
        } else {
            self.sent_video
        };
        let temporal = [0u8, 2, 1, 2][(self.sent_video % 4) as usize];
        let picture = (self.sent_video as u16 & 0x7fff) | 0x8000;
        for (layer, (bytes, _)) in SPATIAL.iter().enumerate() {
            let bytes = if is_key { bytes * 2 } else { *bytes };
            let packets = bytes.div_ceil(1100);
            let is_alone = self.layering == Some(Layering::AtKeyFrames) && !is_key;
            for part in 0..packets {
                let (begins, ends) = (part == 0, part + 1 == packets);
                let has_structure = is_key && layer == 0 && begins;
                let mut head = 0xa0 | u8::from(!is_key) << 6 | u8::from(begins) << 3 | u8::from(ends) << 2;
                head |= u8::from(has_structure) << 1 | u8::from(is_alone);
                let rises = temporal < 2;
                let uses_smaller = layer > 0 && !is_alone;
                let layers = temporal << 5 | u8::from(rises) << 4 | (layer as u8) << 1 | u8::from(uses_smaller);
                let mut payload = vec![
                    head,
                    (picture >> 8) as u8,
                    picture as u8,
                    layers,
                    (self.sent_video / 4) as u8,
                ];
                if has_structure {
                    payload.push(2 << 5 | 0x10);
                    for (_, height) in SPATIAL {
                        payload.extend_from_slice(&(height * 16 / 9).to_be_bytes());
                        payload.extend_from_slice(&height.to_be_bytes());
                    }
                }
                payload.resize((bytes / packets).max(60), b' ');
                self.sequences[0] += 1;
                let (sequence, is_last) = (self.sequences[0], ends && layer + 1 == SPATIAL.len());
                self.write(
                    mid,
                    None,
                    Codec::Vp9,
                    sequence,
                    self.sent_video * 3600,
                    is_last,
                    payload,
                    now,
                );
            }
        }
    }
}
