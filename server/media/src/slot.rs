//! A stream that a session receives, negotiated once; what flows in it changes.

use std::sync::Arc;
use std::time::Instant;

use crate::allocate::Held;
use crate::history::Packet;
use crate::offer::{Codec, Format, Kind};
use crate::plan::{SessionId, Wish};
use crate::repair::RepairBudget;
use crate::rewrite::{Continuity, Place};
use crate::rtp::{Described, Stamp};
use crate::scale::{self, Meter, WHOLE};
use crate::seal::Sealer;
use crate::{red, rtp, vp8, vp9};

/// One slot of one receiving session.
pub(crate) struct Slot {
    pub(crate) mid: String,
    pub(crate) kind: Kind,
    /// Shared by the slots of one offer that have the same.
    pub(crate) formats: Arc<[Format]>,
    pub(crate) ssrc: u32,
    pub(crate) rtx_ssrc: u32,
    /// Id of the extension that carries the transport-wide number; 0 = not negotiated.
    pub(crate) transport_cc: u8,
    /// Id of the extension that carries the dependency descriptor; 0 = not negotiated.
    pub(crate) dependency: u8,
    /// Whose track the plan wants here.
    pub(crate) wanted: Option<SessionId>,
    /// How large it is shown, and how it is served.
    pub(crate) wish: Wish,
    /// The track that is connected: its place and epoch.
    pub(crate) source: Option<(usize, u64)>,
    /// Another layer of the same camera, which takes over at its next key frame.
    pub(crate) next: Option<(usize, u64)>,
    /// The operating point of the source that flows, and the one that is chosen for the next source, if there is one, else for
    /// this one.
    pub(crate) point: u8,
    pub(crate) aim: u8,
    /// The chosen point can only begin with a key frame.
    pub(crate) needs_key: bool,
    /// What turns the next layer's timestamps into the source's, if reports told.
    pub(crate) shift: Option<u32>,
    /// The receiver's line carries not even the smallest layer.
    pub(crate) is_paused: bool,
    /// The track that was asked for a key frame on its behalf.
    asked: Option<(usize, u64)>,
    pub(crate) held: Held,
    pub(crate) stream: Continuity,
    pub(crate) budget: RepairBudget,
    rtx_next: u64,
    /// From this index on, packets went out under the formats of now.
    same_since: u64,
    pub(crate) packets: u32,
    pub(crate) octets: u32,
    /// What the receiver last reported, 0.0 to 1.0.
    pub(crate) loss: f32,
    /// Of a voice: which earlier packets go with each packet, counted back from it.
    pub(crate) copies: &'static [u64],
    /// Of a picture: each packet goes out twice, the second time as a repair.
    pub(crate) is_doubled: bool,
    /// Of a voice: redundancy is left away.
    is_plain: bool,
}

/// Why a packet did not go into a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withheld {
    /// It belongs to the time before the switch, or the slot waits for a key frame.
    NotYet,
    /// The receiver did not negotiate this codec.
    Codec,
    /// The receiver takes fewer pictures, or smaller ones.
    LeftOut,
}

impl Slot {
    pub(crate) fn new(mid: String, kind: Kind, formats: Arc<[Format]>, numbers: [u32; 4], now: Instant) -> Slot {
        let [ssrc, rtx_ssrc, first, picture] = numbers;
        Slot {
            mid,
            kind,
            formats,
            ssrc,
            rtx_ssrc,
            transport_cc: 0,
            dependency: 0,
            wanted: None,
            wish: Wish::default(),
            source: None,
            next: None,
            point: WHOLE,
            aim: WHOLE,
            needs_key: false,
            shift: None,
            is_paused: false,
            asked: None,
            held: Held::new(now),
            stream: Continuity::new(kind.clock_rate(), first as u16, picture as u16),
            budget: RepairBudget::new(now),
            rtx_next: u64::from(first >> 17),
            same_since: 0,
            packets: 0,
            octets: 0,
            loss: 0.0,
            copies: &[],
            is_doubled: false,
            is_plain: false,
        }
    }

    /// Whether the receiver gets redundancy, where there is any.
    pub(crate) fn has_red(&self) -> bool {
        !self.is_plain && self.format(Codec::Red).is_some()
    }

    /// Leaves the redundancy of a voice away, or not. What was sent in one form is not repeated in the other: the same (SSRC, index)
    /// is never sealed with other bytes.
    pub(crate) fn speak_plainly(&mut self, is_plain: bool) {
        if self.kind == Kind::Audio && std::mem::replace(&mut self.is_plain, is_plain) != is_plain {
            self.same_since = self.stream.upcoming();
        }
    }

    /// Whether a viewer waits for a key frame of this track: as a first picture, or to change to another layer.
    pub(crate) fn awaits(&self, source: (usize, u64)) -> bool {
        let is_first = self.source == Some(source) && !self.stream.is_flowing();
        let is_larger = self.source == Some(source) && self.needs_key;
        self.kind == Kind::Video && (is_first || is_larger || self.next == Some(source))
    }

    /// The tracks whose key frame this slot waits for.
    pub(crate) fn awaited(&self) -> impl Iterator<Item = (usize, u64)> + use<> {
        let both = [self.source, self.next].map(|source| source.filter(|source| self.awaits(*source)));
        both.into_iter().flatten()
    }

    /// The track to be asked for a key frame now, if it was not asked yet.
    pub(crate) fn newly_awaited(&mut self) -> Option<(usize, u64)> {
        let newest = self.next.or(self.source);
        let is_new = newest.is_some() && newest != self.asked;
        self.asked = newest;
        newest.filter(|newest| is_new && self.awaits(*newest))
    }

    /// Takes this operating point of its source, as soon as that does no harm; `true` when a key frame is wanted for it.
    pub(crate) fn aim_at(&mut self, point: u8, meter: Option<&Meter>) -> bool {
        self.aim = point;
        let is_near = scale::spatial(self.point) == scale::spatial(point);
        let is_easy = is_near || meter.is_none_or(|meter| meter.is_within(point, self.point));
        let needed_key = std::mem::replace(
            &mut self.needs_key,
            self.next.is_none() && self.stream.is_flowing() && !is_easy,
        );
        let is_new = self.needs_key && !needed_key;
        if is_new {
            self.asked = None;
        }
        is_new
    }

    /// Goes to the chosen point where a picture begins, if this one lets it.
    fn change_point(&mut self, packet: &Packet, meter: Option<&Meter>) {
        let (from, aim) = (self.point, self.aim);
        if from == aim || self.next.is_some() || packet.scale.is_plain() || !self.stream.is_new_picture(packet) {
            return;
        }
        let begins = |point: u8| packet.scale.begins & 1 << point != 0;
        let is_near = scale::spatial(from) == scale::spatial(aim);
        let is_within = meter.is_some_and(|meter| meter.is_within(aim, from));
        if is_within || begins(aim) && (packet.scale.from_any || is_near) {
            self.point = aim;
        } else if is_near && from < aim {
            // Step by step, as the layers may begin one after the other.
            self.point = (from + 1..aim).rev().find(|point| begins(*point)).unwrap_or(from);
        }
        self.needs_key &= self.point != aim;
    }

    /// Whether a packet of this track belongs here; a key frame of the next layer makes it the source.
    pub(crate) fn takes(&mut self, source: (usize, u64), key_start: impl FnOnce() -> bool) -> bool {
        if self.source == Some(source) {
            return true;
        }
        if self.next != Some(source) || !key_start() {
            return false;
        }
        self.source = self.next.take();
        self.stream.change(self.shift.take());
        true
    }

    /// Takes nothing from its source any more.
    pub(crate) fn disconnect(&mut self) {
        self.source = None;
        self.next = None;
        self.needs_key = false;
        self.shift = None;
        self.asked = None;
        self.stream.stop();
    }

    fn format(&self, codec: Codec) -> Option<&Format> {
        self.formats.iter().find(|format| format.codec == codec)
    }

    /// Decides whether a packet goes out now, and where. Begins the source when this packet may begin it.
    pub(crate) fn admit(
        &mut self,
        packet: &Packet,
        payload: &[u8],
        meter: Option<&Meter>,
        now: Instant,
    ) -> Result<Place, Withheld> {
        if self.outgoing(packet, payload).is_none() {
            return Err(Withheld::Codec);
        }
        let counters = packet.counters(payload);
        if self.stream.leaps(packet) {
            self.stream.stop();
        }
        if !self.stream.is_flowing() {
            // A decoder can start only at a key frame; Opus frames stand alone.
            if !packet.key_start {
                return Err(Withheld::NotYet);
            }
            self.stream.begin(packet, counters, now);
            (self.point, self.needs_key) = (self.aim, false);
        }
        self.change_point(packet, meter);
        if !packet.scale.is_needed(self.point) {
            // Pictures of VP8 are numbered without gaps (RFC 7741 §4.2); those of VP9 by their place among the layers.
            self.stream.leave_out(packet, packet.codec == Codec::Vp8);
            return Err(Withheld::LeftOut);
        }
        self.stream.place(packet, counters).ok_or(Withheld::NotYet)
    }

    /// The format and the bytes under which a packet goes out: redundancy is left away where a receiver does not know it.
    fn outgoing<'a>(&self, packet: &Packet, kept: &'a [u8]) -> Option<(&Format, &'a [u8])> {
        let (payload, _) = packet.split(kept);
        let is_whole = packet.codec != Codec::Red || !self.is_plain;
        if let Some(format) = self.format(packet.codec).filter(|_| is_whole) {
            return Some((format, payload));
        }
        match packet.codec {
            Codec::Red => Some((self.format(Codec::Opus)?, red::primary(payload)?)),
            Codec::Opus | Codec::Vp8 | Codec::H264 | Codec::Vp9 | Codec::Av1 => None,
        }
    }

    /// Writes a packet before it is sealed; the lengths of its header and of all.
    fn compose(
        &self,
        packet: &Packet,
        payload: &[u8],
        place: &Place,
        number: u16,
        buffer: &mut [u8],
    ) -> Option<(usize, usize)> {
        let (_, described) = packet.split(payload);
        let (format, payload) = self.outgoing(packet, payload)?;
        let header = rtp::write(
            buffer,
            format.payload_type,
            self.marks(packet),
            place.index as u16,
            place.timestamp,
            self.ssrc,
            self.stamp(number),
        )?;
        let header = self.describe(described, place, number, buffer).unwrap_or(header);
        let length = header + payload.len();
        let body = buffer.get_mut(header..length)?;
        body.copy_from_slice(payload);
        if let Some(descriptor) = packet.descriptor {
            descriptor.rewrite(body, place.counters);
        }
        if format.codec == Codec::Red {
            red::number(body, self.format(Codec::Opus)?.payload_type);
        }
        Some((header, length))
    }

    /// Writes and seals an admitted packet.
    #[allow(
        clippy::too_many_arguments,
        reason = "what is written, under which numbers, when, and where to"
    )]
    pub(crate) fn write(
        &mut self,
        packet: &Packet,
        payload: &[u8],
        place: &Place,
        number: u16,
        now: Instant,
        sealer: &mut Sealer,
        buffer: &mut [u8],
    ) -> Option<usize> {
        let (header, length) = self.compose(packet, payload, place, number, buffer)?;
        let sealed = sealer.seal_rtp(self.ssrc, place.index, header, length, buffer)?;
        self.stream.sent(packet, place, now);
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add((length - header) as u32);
        Some(sealed)
    }

    /// Writes a packet of a voice once more. It has no repair stream, so it is byte for byte what was sent before: the same
    /// (SSRC, index) is never sealed with other bytes.
    pub(crate) fn write_again(
        &mut self,
        packet: &Packet,
        payload: &[u8],
        sealer: &mut Sealer,
        buffer: &mut [u8],
    ) -> Option<usize> {
        let place = self.stream.place(packet, Default::default())?;
        let is_as_before = (self.same_since..self.stream.upcoming()).contains(&place.index);
        if self.is_stamped() || !is_as_before {
            return None;
        }
        let (header, length) = self.compose(packet, payload, &place, 0, buffer)?;
        sealer.seal_rtp(self.ssrc, place.index, header, length, buffer)
    }

    /// Other formats, after a renegotiation. What was sent under the old ones is not repeated under the new.
    pub(crate) fn take_formats(&mut self, formats: Arc<[Format]>) {
        let of = |format: &Format| (format.codec, format.payload_type);
        if !self.formats.iter().map(of).eq(formats.iter().map(of)) {
            self.same_since = self.stream.upcoming();
        }
        self.formats = formats;
    }

    /// Writes a repair (RFC 4588): own SSRC, own sequence number, the original number in front of the payload. The
    /// same numbers are never sealed twice.
    pub(crate) fn write_repair(
        &mut self,
        packet: &Packet,
        payload: &[u8],
        number: u16,
        sealer: &mut Sealer,
        buffer: &mut [u8],
    ) -> Option<usize> {
        let payload_type = self.format(packet.codec)?.rtx?;
        let counters = packet.counters(payload);
        let (payload, described) = packet.split(payload);
        let place = self.stream.place(packet, counters)?;
        let index = self.rtx_next;
        let header = rtp::write(
            buffer,
            payload_type,
            self.marks(packet),
            index as u16,
            place.timestamp,
            self.rtx_ssrc,
            self.stamp(number),
        )?;
        let header = self.describe(described, &place, number, buffer).unwrap_or(header);
        let length = header + 2 + payload.len();
        buffer
            .get_mut(header..header + 2)?
            .copy_from_slice(&(place.index as u16).to_be_bytes());
        let body = buffer.get_mut(header + 2..length)?;
        body.copy_from_slice(payload);
        if let Some(descriptor) = packet.descriptor {
            descriptor.rewrite(body, place.counters);
        }
        self.rtx_next += 1;
        sealer.seal_rtp(self.rtx_ssrc, index, header, length, buffer)
    }

    /// Whether a packet ends a picture: the last of the largest layer that flows does.
    fn marks(&self, packet: &Packet) -> bool {
        packet.marker || packet.scale.is_end(self.point)
    }

    /// Adds the dependency descriptor, where both sides speak of it.
    fn describe(&self, bytes: &[u8], place: &Place, number: u16, buffer: &mut [u8]) -> Option<usize> {
        let frame = place.counters.frame.filter(|_| self.dependency != 0)?;
        let described = Described {
            id: self.dependency,
            bytes,
            frame,
        };
        rtp::describe(buffer, self.stamp(number), described)
    }

    /// Whether probes may use this slot's repair stream.
    pub(crate) fn can_pad(&self) -> bool {
        self.kind == Kind::Video && self.is_stamped() && self.formats.iter().any(|format| format.rtx.is_some())
    }

    /// Writes padding on the repair stream: nothing but its arrival is of use.
    pub(crate) fn write_padding(
        &mut self,
        padding: u8,
        number: u16,
        sealer: &mut Sealer,
        buffer: &mut [u8],
    ) -> Option<usize> {
        let payload_type = self.formats.iter().find_map(|format| format.rtx)?;
        let index = self.rtx_next;
        let timestamp = self.stream.newest_timestamp();
        let header = rtp::write(
            buffer,
            payload_type,
            false,
            index as u16,
            timestamp,
            self.rtx_ssrc,
            self.stamp(number),
        )?;
        buffer[0] |= 0x20;
        let length = header + usize::from(padding);
        let body = buffer.get_mut(header..length)?;
        body.fill(0);
        *body.last_mut()? = padding;
        self.rtx_next += 1;
        sealer.seal_rtp(self.rtx_ssrc, index, header, length, buffer)
    }

    /// Whether what goes into this slot carries a transport-wide number.
    pub(crate) fn is_stamped(&self) -> bool {
        // The one-byte form of RFC 8285 has no larger ids.
        (1..15).contains(&self.transport_cc)
    }

    fn stamp(&self, number: u16) -> Option<Stamp> {
        self.is_stamped().then_some(Stamp {
            id: self.transport_cc,
            number,
        })
    }
}

/// What the fan-out must know to recognise and renumber a payload.
pub(crate) fn inspect(codec: Codec, payload: &[u8]) -> (bool, Option<vp8::Descriptor>) {
    let descriptor = match codec {
        Codec::Vp8 => vp8::Descriptor::parse(payload),
        Codec::Vp9 => vp9::descriptor(payload),
        Codec::Opus | Codec::Red | Codec::H264 | Codec::Av1 => None,
    };
    (vp8::starts_key_frame(codec, payload), descriptor)
}
