//! RTP from a session: is it a stream we know, is it authentic, is it new, whose is it.

use std::time::Instant;

use crate::dependency;
use crate::fanout::Pending;
use crate::history::Packet;
use crate::offer::{Codec, Kind};
use crate::red;
use crate::replay::full_index;
use crate::rtp::Header;
use crate::scale::Scale;
use crate::session::{MAX_INBOUND, Session};
use crate::sfu::Sfu;
use crate::slot::inspect;
use crate::track::{Inbound, Part, Track};

impl Sfu {
    pub(crate) fn on_rtp(&mut self, place: usize, data: &mut [u8], now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let Some(header) = Header::parse(data) else {
            session.drops.malformed += 1;
            return;
        };
        let known = session.inbound.iter().position(|inbound| inbound.ssrc == header.ssrc);
        let (inbound, replaced) = match known {
            Some(inbound) => (inbound, None),
            None => match introduce(session, &self.tracks, &header, data) {
                Some((stranger, replaced)) => {
                    // Nothing is kept of a stranger before its first packet has authenticated.
                    session.inbound.push(stranger);
                    (session.inbound.len() - 1, replaced)
                }
                None => {
                    session.drops.unknown_ssrc += 1;
                    return;
                }
            },
        };
        let Some(length) = open(session, inbound, &header, known.is_some(), data) else {
            if known.is_none() {
                session.inbound.pop();
            }
            return;
        };
        if replaced.is_some() && !session.allowance.renewal(now) {
            session.inbound.pop();
            session.drops.limited += 1;
            return;
        }
        let (track, is_rtx) = (session.inbound[inbound].track, session.inbound[inbound].is_rtx);
        let is_voice = self.tracks[track]
            .as_ref()
            .is_some_and(|track| track.kind == Kind::Audio);
        if !session.allowance.datagram(data.len(), &self.config, now) || (is_voice && !session.allowance.voice(now)) {
            session.drops.limited += 1;
            return;
        }
        session.up.add(data.len());
        if session.extensions.transport_cc != 0
            && let Some([high, low]) = header.extension(data, session.extensions.transport_cc)
        {
            session.arrivals.arrived(u16::from_be_bytes([*high, *low]), now);
        }
        self.heard(place, now);
        if let Some(old) = replaced {
            let session = self.sessions[place].as_mut().expect("it was there a line ago");
            session.inbound.retain(|inbound| inbound.ssrc != old);
            if !is_rtx {
                self.renew_track(track);
            }
        }
        let data = &data[..length];
        let pending = if is_rtx {
            self.take_repair(place, track, &header, data, now)
        } else {
            self.take(place, track, &header, data, now)
        };
        if let Some(pending) = pending {
            if self.tracks[track]
                .as_ref()
                .is_some_and(|track| track.codec(header.payload_type) == Some(Codec::Red))
            {
                self.recover(&pending, &header, data);
            }
            self.relay(&pending);
            self.enqueue(pending);
        }
    }

    /// Shares a packet with the units that receive its track.
    fn relay(&mut self, pending: &Pending) {
        let Some(track) = self.tracks[pending.track].as_ref().filter(|track| track.relays != 0) else {
            return;
        };
        let packet = track.history.as_ref().and_then(|history| history.share(pending.index));
        if let (Some(packet), Some(stream)) = (packet, self.stream(pending.track)) {
            self.neighbours.share(stream, track.relays, &packet);
        }
    }

    /// A packet of the stream itself.
    fn take(&mut self, place: usize, at: usize, header: &Header, data: &[u8], now: Instant) -> Option<Pending> {
        let session = self.sessions[place].as_mut()?;
        let track = self.tracks[at].as_mut()?;
        let Some(codec) = track.codec(header.payload_type) else {
            session.drops.codec += 1;
            return None;
        };
        let index = session
            .inbound
            .iter()
            .find(|inbound| inbound.ssrc == header.ssrc)?
            .window
            .highest()?;
        let index = full_index(Some(index), header.sequence)?;
        track.ssrc = Some(header.ssrc);
        track.heard = Some(now);
        track.reception.arrived(index, header.timestamp, now);
        if track.kind == Kind::Audio
            && let Some([level, ..]) = header.extension(data, session.extensions.audio_level)
        {
            track.level.0 = track.level.0.min(level & 0x7f);
        }
        let Some(payload) = header.payload(data) else {
            session.drops.malformed += 1;
            return None;
        };
        let described = described(header, data, codec, session.extensions.dependency);
        let pending = keep(track, at, index, header, [payload, described], codec, now);
        if pending.is_none() {
            session.drops.twins += 1;
        }
        if track.holes.poll_timeout().is_some_and(|due| due < self.next_tick) {
            self.next_tick = track.holes.poll_timeout().unwrap_or(self.next_tick);
        }
        pending.filter(|_| track.is_received())
    }

    /// What a redundant packet carries of the ones before, where they are missing.
    fn recover(&mut self, pending: &Pending, header: &Header, data: &[u8]) {
        for block in header.payload(data).into_iter().flat_map(red::blocks) {
            let Some(index) = pending.index.checked_sub(block.back.into()).filter(|_| block.back > 0) else {
                continue;
            };
            let Some(track) = self.tracks[pending.track]
                .as_mut()
                .filter(|_| !block.payload.is_empty())
            else {
                continue;
            };
            let timestamp = header.timestamp.wrapping_sub(block.older.into());
            let is_missing = track
                .history()
                .insert(Packet::new(index, timestamp, Codec::Opus), block.payload, &[]);
            if is_missing {
                track.holes.arrived(index, pending.at);
                track.repairs += 1;
                let found = Pending { index, ..*pending };
                self.relay(&found);
                self.enqueue(found);
            }
        }
    }

    /// A packet that repairs the stream (RFC 4588): the original number stands in front of the payload.
    fn take_repair(&mut self, place: usize, at: usize, header: &Header, data: &[u8], now: Instant) -> Option<Pending> {
        let session = self.sessions[place].as_mut()?;
        let track = self.tracks[at].as_mut()?;
        if Some(header.payload_type) != track.format.rtx {
            session.drops.codec += 1;
            return None;
        }
        let Some([high, low, payload @ ..]) = header.payload(data) else {
            // Padding that probes the bandwidth: it has done its work by arriving.
            return None;
        };
        let primary = session
            .inbound
            .iter()
            .find(|inbound| inbound.track == at && !inbound.is_rtx)?;
        let index = full_index(Some(primary.window.highest()?), u16::from_be_bytes([*high, *low]))?;
        let codec = track.format.codec;
        let described = described(header, data, codec, session.extensions.dependency);
        let pending = keep(track, at, index, header, [payload, described], codec, now);
        match pending {
            Some(_) => track.repairs += 1,
            None => session.drops.twins += 1,
        }
        pending.filter(|_| track.is_received())
    }
}

/// An SSRC that no offer declared, but whose section, and layer, is named in the packet (RFC 8843 §9.2, RFC 8852). With it,
/// the SSRC of the same role that it replaces.
fn introduce(
    session: &Session,
    tracks: &[Option<Box<Track>>],
    header: &Header,
    data: &[u8],
) -> Option<(Inbound, Option<u32>)> {
    let mid = header
        .extension(data, session.extensions.mid)
        .filter(|_| session.extensions.mid != 0);
    // RFC 8843 §9.2: of whoever cannot name the section, the payload type does, and the first to come with it is it.
    let has_come = |at, is_rtx| {
        let mut inbound = session.inbound.iter();
        inbound.any(|inbound| inbound.track == at && inbound.is_rtx == is_rtx)
    };
    let is_by_type = |at, track: &Track| {
        let is_rtx = Some(header.payload_type) == track.format.rtx;
        let is_known = is_rtx || track.codec(header.payload_type).is_some();
        session.extensions.mid == 0 && is_known && !has_come(at, is_rtx)
    };
    let of_section = session
        .tracks()
        .filter_map(|place| Some((place, tracks[place].as_deref()?)))
        .filter(|(at, track)| mid.map_or_else(|| is_by_type(*at, track), |mid| track.mid.as_bytes() == mid));
    let mut of_section = of_section.filter(|(_, track)| match track.part {
        Part::Camera(layer) if !rids(session, track).is_empty() => {
            let is_rtx = Some(header.payload_type) == track.format.rtx;
            let id = if is_rtx {
                session.extensions.repaired_rid
            } else {
                session.extensions.rid
            };
            let rid = header.extension(data, id).filter(|_| id != 0);
            rid.is_some_and(|rid| {
                rids(session, track)
                    .get(usize::from(layer))
                    .is_some_and(|name| name.as_bytes() == rid)
            })
        }
        Part::Microphone | Part::Camera(_) => true,
    });
    let (place, track) = of_section.next()?;
    let is_rtx = Some(header.payload_type) == track.format.rtx;
    let mut same = session.inbound.iter();
    let replaced = same.find(|inbound| inbound.track == place && inbound.is_rtx == is_rtx);
    let replaced = replaced.map(|inbound| inbound.ssrc);
    let is_room = replaced.is_some() || session.inbound.len() < MAX_INBOUND;
    let is_known = is_rtx || track.codec(header.payload_type).is_some();
    (is_known && is_room).then(|| (Inbound::new(header.ssrc, place, is_rtx), replaced))
}

/// The names of a camera's layers.
fn rids<'a>(session: &'a Session, track: &Track) -> &'a [String] {
    let device = session.devices.get(track.device);
    device.map_or(&[], |device| &device.rids)
}

/// Replay check, authentication, decryption, in this order; the window moves only at the end.
fn open(session: &mut Session, inbound: usize, header: &Header, is_known: bool, data: &mut [u8]) -> Option<usize> {
    let Some(crypto) = session.crypto.as_mut() else {
        session.drops.malformed += 1;
        return None;
    };
    let window = &mut session.inbound[inbound].window;
    let Some(index) = full_index(window.highest(), header.sequence).filter(|index| window.is_fresh(*index)) else {
        session.drops.replayed += 1;
        return None;
    };
    let Some(length) = crypto
        .opener
        .open_rtp(header.ssrc, index, header.length, is_known, data)
    else {
        session.drops.unauthentic += 1;
        return None;
    };
    window.accept(index);
    Some(length)
}

/// The dependency descriptor of a packet; empty if it has none.
fn described<'a>(header: &Header, data: &'a [u8], codec: Codec, id: u8) -> &'a [u8] {
    let is_described = id != 0 && dependency::describes(codec);
    header.extension(data, id).filter(|_| is_described).unwrap_or(&[])
}

/// Keeps a packet for fan-out and repair. `None` when it was there already.
fn keep(
    track: &mut Track,
    at: usize,
    index: u64,
    header: &Header,
    [payload, described]: [&[u8]; 2],
    codec: Codec,
    now: Instant,
) -> Option<Pending> {
    let (key_start, descriptor) = inspect(codec, payload);
    let scale = track.scale(codec, payload, described);
    let described = if scale.is_some() { described } else { &[] };
    let packet = Packet {
        marker: header.marker,
        key_start,
        descriptor,
        scale: scale.unwrap_or(Scale::PLAIN),
        ..Packet::new(index, header.timestamp, codec)
    };
    let kept = track.history().insert(packet, payload, described);
    if track.is_repaired() {
        track.holes.arrived(index, now);
    }
    if !kept {
        return None;
    }
    track.note(index);
    track.count_frame(header.timestamp, key_start);
    if key_start {
        track.keyframe.arrived();
    }
    Some(Pending {
        track: at,
        epoch: track.epoch,
        index,
        at: now,
    })
}
