//! A stream that a session receives, negotiated once; what flows in it changes.

use std::time::Instant;

use crate::history::Packet;
use crate::offer::{Codec, Format, Kind};
use crate::plan::SessionId;
use crate::repair::RepairBudget;
use crate::rewrite::{Continuity, Place};
use crate::seal::Sealer;
use crate::{rtp, vp8};

/// One slot of one receiving session.
pub(crate) struct Slot {
    pub(crate) mid: String,
    pub(crate) kind: Kind,
    pub(crate) formats: Vec<Format>,
    pub(crate) ssrc: u32,
    pub(crate) rtx_ssrc: u32,
    /// Whose track the plan wants here.
    pub(crate) wanted: Option<SessionId>,
    /// The track that is connected: its place and epoch.
    pub(crate) source: Option<(usize, u64)>,
    pub(crate) stream: Continuity,
    pub(crate) budget: RepairBudget,
    rtx_next: u64,
    pub(crate) packets: u32,
    pub(crate) octets: u32,
    /// What the receiver last reported, 0.0 to 1.0.
    pub(crate) loss: f32,
}

/// Why a packet did not go into a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withheld {
    /// It belongs to the time before the switch, or the slot waits for a key frame.
    NotYet,
    /// The receiver did not negotiate this codec.
    Codec,
}

impl Slot {
    pub(crate) fn new(mid: String, kind: Kind, formats: Vec<Format>, numbers: [u32; 4], now: Instant) -> Slot {
        let [ssrc, rtx_ssrc, first, picture] = numbers;
        Slot {
            mid,
            kind,
            formats,
            ssrc,
            rtx_ssrc,
            wanted: None,
            source: None,
            stream: Continuity::new(kind.clock_rate(), first as u16, picture as u16),
            budget: RepairBudget::new(now),
            rtx_next: u64::from(first >> 17),
            packets: 0,
            octets: 0,
            loss: 0.0,
        }
    }

    /// Whether a viewer waits for the first picture of a new source.
    pub(crate) fn awaits_key_frame(&self) -> bool {
        self.kind == Kind::Video && self.source.is_some() && !self.stream.is_flowing()
    }

    fn format(&self, codec: Codec) -> Option<&Format> {
        self.formats.iter().find(|format| format.codec == codec)
    }

    /// Decides whether a packet goes out now, and where. Begins the source when this packet may begin it.
    pub(crate) fn admit(&mut self, packet: &Packet, payload: &[u8], now: Instant) -> Result<Place, Withheld> {
        if self.format(packet.codec).is_none() {
            return Err(Withheld::Codec);
        }
        let counters = packet.counters(payload);
        if !self.stream.is_flowing() {
            // A decoder can start only at a key frame; Opus frames stand alone.
            if !packet.key_start {
                return Err(Withheld::NotYet);
            }
            self.stream.begin(packet, counters, now);
        }
        self.stream.place(packet, counters).ok_or(Withheld::NotYet)
    }

    /// Writes and seals an admitted packet.
    pub(crate) fn write(
        &mut self,
        packet: &Packet,
        payload: &[u8],
        place: &Place,
        now: Instant,
        sealer: &mut Sealer,
        buffer: &mut [u8],
    ) -> Option<usize> {
        let payload_type = self.format(packet.codec)?.payload_type;
        let length = rtp::PLAIN + payload.len();
        rtp::write(
            buffer,
            payload_type,
            packet.marker,
            place.index as u16,
            place.timestamp,
            self.ssrc,
        )?;
        let body = buffer.get_mut(rtp::PLAIN..length)?;
        body.copy_from_slice(payload);
        if let Some(descriptor) = packet.descriptor {
            descriptor.rewrite(body, place.counters);
        }
        let sealed = sealer.seal_rtp(self.ssrc, place.index, rtp::PLAIN, length, buffer)?;
        self.stream.sent(place, now);
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(payload.len() as u32);
        Some(sealed)
    }

    /// Writes a repair (RFC 4588): own SSRC, own sequence number, the original number in front of the payload. The
    /// same numbers are never sealed twice.
    pub(crate) fn write_repair(
        &mut self,
        packet: &Packet,
        payload: &[u8],
        sealer: &mut Sealer,
        buffer: &mut [u8],
    ) -> Option<usize> {
        let payload_type = self.format(packet.codec)?.rtx?;
        let counters = packet.counters(payload);
        let place = self.stream.place(packet, counters)?;
        let length = rtp::PLAIN + 2 + payload.len();
        let index = self.rtx_next;
        rtp::write(
            buffer,
            payload_type,
            packet.marker,
            index as u16,
            place.timestamp,
            self.rtx_ssrc,
        )?;
        buffer
            .get_mut(rtp::PLAIN..rtp::PLAIN + 2)?
            .copy_from_slice(&(place.index as u16).to_be_bytes());
        let body = buffer.get_mut(rtp::PLAIN + 2..length)?;
        body.copy_from_slice(payload);
        if let Some(descriptor) = packet.descriptor {
            descriptor.rewrite(body, place.counters);
        }
        self.rtx_next += 1;
        sealer.seal_rtp(self.rtx_ssrc, index, rtp::PLAIN, length, buffer)
    }
}

/// What the fan-out must know to recognise and renumber a payload.
pub(crate) fn inspect(codec: Codec, payload: &[u8]) -> (bool, Option<vp8::Descriptor>) {
    let descriptor = match codec {
        Codec::Vp8 => vp8::Descriptor::parse(payload),
        Codec::Opus | Codec::H264 => None,
    };
    (vp8::starts_key_frame(codec, payload), descriptor)
}
