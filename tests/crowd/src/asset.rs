//! Reads the pictures and the speech of `assets/`: VP8 frames from IVF, Opus packets from Ogg (RFC 3533, RFC 7845).
//!
//! It knows two file formats and nothing of networks. The files are part of the program, so that the demonstration needs no
//! folder beside it.

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use std::time::Duration;

/// A loop of pictures.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Encoded frames in order.
    pub frames: Vec<Frame>,
    /// Time from one frame to the next.
    pub interval: Duration,
}

/// One encoded picture.
#[derive(Debug, Clone)]
pub struct Frame {
    /// VP8 (RFC 6386).
    pub data: Bytes,
    /// It needs no other frame to be decoded.
    pub key: bool,
}

/// Sound in packets of 20 ms.
#[derive(Debug, Clone)]
pub struct Speech {
    /// Opus (RFC 6716).
    pub packets: Vec<Bytes>,
}

/// What a room shows and says.
#[derive(Debug, Clone)]
pub struct Show {
    /// Its camera.
    pub picture: Picture,
    /// What its delegate says when called.
    pub speech: Speech,
    /// What its delegate says when called by name in a roll call.
    pub present: Speech,
}

/// How many different rooms there are: the hall is 0, bridge points follow.
pub const SHOWS: usize = 4;

impl Show {
    /// The show of room `number`; numbers beyond the last one start again at the first bridge point.
    ///
    /// # Errors
    /// Never for the files of this tree; a test reads them all.
    pub fn of(number: usize) -> Result<Self> {
        let (ivf, ogg): (&[u8], &[u8]) = match number {
            0 => (
                include_bytes!("../assets/hall.ivf"),
                include_bytes!("../assets/hall.ogg"),
            ),
            n if n % 3 == 1 => (
                include_bytes!("../assets/ward-1.ivf"),
                include_bytes!("../assets/ward-1.ogg"),
            ),
            n if n % 3 == 2 => (
                include_bytes!("../assets/ward-2.ivf"),
                include_bytes!("../assets/ward-2.ogg"),
            ),
            _ => (
                include_bytes!("../assets/ward-3.ivf"),
                include_bytes!("../assets/ward-3.ogg"),
            ),
        };
        Ok(Self {
            picture: Picture::from_ivf(ivf)?,
            speech: Speech::from_ogg(ogg)?,
            present: Speech::from_ogg(include_bytes!("../assets/present.ogg"))?,
        })
    }
}

impl Picture {
    /// Reads an IVF file of VP8.
    ///
    /// # Errors
    /// When it is not one, or does not begin with a key frame.
    pub fn from_ivf(file: &[u8]) -> Result<Self> {
        ensure!(
            file.get(..4) == Some(b"DKIF") && file.get(8..12) == Some(b"VP80"),
            "not an IVF file of VP8"
        );
        let word = |at: usize| -> Result<u32> {
            let bytes = file.get(at..at + 4).context("the IVF file is cut short")?;
            Ok(u32::from_le_bytes(bytes.try_into()?))
        };
        let header = usize::from(u16::from_le_bytes(file[6..8].try_into()?));
        let (per_second, unit) = (word(16)?, word(20)?);
        ensure!(per_second > 0 && unit > 0, "the IVF file has no time base");
        let mut frames = Vec::new();
        let mut at = header;
        while at < file.len() {
            let length = usize::try_from(word(at)?)?;
            let data = file
                .get(at + 12..at + 12 + length)
                .context("the IVF file is cut short")?;
            // RFC 6386 §9.1: the lowest bit of the frame tag is 0 for a key frame.
            let key = data.first().is_some_and(|tag| tag & 1 == 0);
            frames.push(Frame {
                data: Bytes::copy_from_slice(data),
                key,
            });
            at += 12 + length;
        }
        ensure!(
            frames.first().is_some_and(|frame| frame.key),
            "the picture does not begin with a key frame"
        );
        Ok(Self {
            frames,
            interval: Duration::from_secs(1) * unit / per_second,
        })
    }

    /// The next key frame at or after `from`, going round the loop.
    #[must_use]
    pub fn key_from(&self, from: usize) -> usize {
        let count = self.frames.len();
        (0..count)
            .map(|step| (from + step) % count)
            .find(|at| self.frames[*at].key)
            .unwrap_or(0)
    }
}

/// 20 ms of silence in Opus.
pub const SILENCE: &[u8] = &[0xf8, 0xff, 0xfe];

/// The length of every Opus packet here.
pub const PACKET: Duration = Duration::from_millis(20);

impl Speech {
    /// Reads an Ogg file of Opus.
    ///
    /// # Errors
    /// When it is not one.
    pub fn from_ogg(file: &[u8]) -> Result<Self> {
        let mut packets: Vec<Bytes> = Vec::new();
        let mut open: Vec<u8> = Vec::new();
        let mut at = 0;
        while at < file.len() {
            let page = &file[at..];
            ensure!(page.get(..4) == Some(b"OggS"), "not an Ogg page at {at}");
            let segments = usize::from(*page.get(26).context("the Ogg file is cut short")?);
            let lacing = page.get(27..27 + segments).context("the Ogg file is cut short")?;
            let mut body = 27 + segments;
            for size in lacing {
                let part = page
                    .get(body..body + usize::from(*size))
                    .context("the Ogg file is cut short")?;
                open.extend_from_slice(part);
                body += usize::from(*size);
                // RFC 3533 §6: a segment shorter than 255 bytes ends its packet.
                if *size < 255 {
                    packets.push(Bytes::from(std::mem::take(&mut open)));
                }
            }
            at += body;
        }
        if packets.len() < 3 || !packets[0].starts_with(b"OpusHead") || !packets[1].starts_with(b"OpusTags") {
            bail!("not an Ogg file of Opus");
        }
        packets.drain(..2);
        Ok(Self { packets })
    }
}

/// The level of an Opus packet as RFC 6464 counts it (0 = loudest, 127 = silence). Nothing is decoded: with a variable bit
/// rate a pause makes small packets and a voice makes large ones, and that is all that the hub's voice detection asks.
#[must_use]
pub fn level(packet: &[u8]) -> u8 {
    match packet.len() {
        0..=3 => 127,
        4..=20 => 70,
        21..=45 => 38,
        _ => 24,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_room_has_a_picture_with_a_key_frame_each_second_and_something_to_say() {
        for number in 0..SHOWS {
            let show = Show::of(number).unwrap();
            let second = (1.0 / show.picture.interval.as_secs_f64()).round() as usize;
            assert!((10..=15).contains(&second), "{second} pictures per second");
            for from in 0..show.picture.frames.len() {
                let ahead =
                    (show.picture.key_from(from) + show.picture.frames.len() - from) % show.picture.frames.len();
                assert!(ahead < second, "a key frame is {ahead} frames away");
            }
            assert!(show.speech.packets.len() > 15 * 50, "less than 15 s of speech");
            let loud = show.speech.packets.iter().filter(|packet| level(packet) < 60).count();
            assert!(loud * 3 > show.speech.packets.len(), "mostly silence");
        }
    }

    #[test]
    fn a_broken_file_is_refused() {
        assert!(Picture::from_ivf(b"DKIF").is_err());
        let whole = include_bytes!("../assets/hall.ivf");
        assert!(Picture::from_ivf(&whole[..whole.len() - 1]).is_err());
        assert!(Speech::from_ogg(b"OggS").is_err());
    }
}
