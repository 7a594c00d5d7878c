//! Figures for the technician, and what was dropped and why.

use std::time::{Duration, Instant};

use crate::offer::Kind;
use crate::plan::SessionId;
use crate::sfu::Sfu;

/// One session as the router sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionStats {
    /// The handshake is done and the session was not lost.
    pub connected: bool,
    /// No packet came for longer than [`Config::silent_after`](crate::Config::silent_after).
    pub silent: bool,
    /// Level of the loudest microphone in dBov, 0 loudest, -127 silence or unknown (RFC 6464); the loudest of the last second.
    pub microphone_level: i8,
    /// Share of the session's own packets that were lost on their way to us, before repair, 0.0 to 1.0.
    pub loss_up: f32,
    /// Share of our packets that the session reported lost, 0.0 to 1.0; the worst of its slots.
    pub loss_down: f32,
    /// Round trip in milliseconds, once known.
    pub rtt_ms: Option<u32>,
    /// From the session to us, bit/s.
    pub bitrate_up: u32,
    /// From us to the session, bit/s.
    pub bitrate_down: u32,
    /// What its way down carries, by our estimate, bit/s; absent until its browser gave account of what arrived.
    pub estimate_down: Option<u32>,
    /// Lines of the picture that flows in its first slot; absent while none does or nothing told.
    pub layer: Option<u16>,
    /// Video slots, by index, that stand still because its way down does not carry even the smallest layer.
    pub paused: Vec<usize>,
    /// Since the last packet of its microphone.
    pub audio_age: Option<Duration>,
    /// Since the last packet of its camera.
    pub video_age: Option<Duration>,
    /// Since anything authentic came.
    pub heard_age: Option<Duration>,
    /// Frames of its camera that began to arrive, and how many of them were key frames.
    pub frames: u64,
    /// Key frames among them.
    pub key_frames: u64,
    /// Key frames we asked its camera for.
    pub key_frames_asked: u64,
    /// Packets sent to it for the first time.
    pub packets_down: u64,
    /// Packets sent to it again.
    pub repairs_down: u64,
    /// Packets of its camera that were lost and repaired.
    pub repairs_up: u64,
    /// What of its packets was dropped.
    pub drops: Drops,
}

/// Dropped packets by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops {
    /// A stream the session never declared.
    pub unknown_ssrc: u64,
    /// The tag was wrong: forged or damaged.
    pub unauthentic: u64,
    /// Seen before, or older than the replay window.
    pub replayed: u64,
    /// Not RTP, RTCP or DTLS at all, or before the keys were there.
    pub malformed: u64,
    /// A codec that was not negotiated, by the sender or by a receiver.
    pub codec: u64,
    /// Came twice, once as a repair.
    pub twins: u64,
    /// No room to send; the receiver will ask again or see the next key frame.
    pub no_room: u64,
    /// More than one participant may send in a second.
    pub limited: u64,
    /// Pictures that the receiver's path did not take in time; they went on at a key frame.
    pub unpaced: u64,
    /// Repairs refused because the receiver asked for too many, or too late.
    pub repairs_refused: u64,
}

/// Figures of the whole unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Datagrams taken in.
    pub datagrams_in: u64,
    /// Media packets sent, not counting repairs.
    pub forwarded: u64,
    /// Datagrams from addresses that never authenticated, other than STUN.
    pub strangers: u64,
    /// STUN that is malformed or names nobody.
    pub stun_unknown: u64,
    /// STUN with a wrong password.
    pub stun_unauthentic: u64,
    /// Datagrams of an unknown kind.
    pub unknown: u64,
    /// Packets that could not be queued for sending.
    pub no_room: u64,
    /// Packets that came from other units.
    pub relayed: u64,
    /// What other units should have been told and was not, for want of room.
    pub relays_dropped: u64,
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Totals) {
        self.datagrams_in += other.datagrams_in;
        self.forwarded += other.forwarded;
        self.strangers += other.strangers;
        self.stun_unknown += other.stun_unknown;
        self.stun_unauthentic += other.stun_unauthentic;
        self.unknown += other.unknown;
        self.no_room += other.no_room;
        self.relayed += other.relayed;
        self.relays_dropped += other.relays_dropped;
    }
}

impl Sfu {
    /// Figures of one session, as of the last input.
    pub fn stats(&self, id: SessionId) -> Option<SessionStats> {
        let session = self.sessions[*self.ids.get(&id)?].as_ref()?;
        let age = |instant: Option<Instant>| instant.map(|instant| self.now.saturating_duration_since(instant));
        let of = |kind| {
            let tracks = session.tracks().filter_map(|at| self.tracks[at].as_deref());
            tracks.filter(move |track| track.kind == kind)
        };
        let (voices, layers) = (|| of(Kind::Audio), || of(Kind::Video));
        let lost = voices().chain(layers()).map(|track| track.reception.fraction_lost);
        let pictures = &session.slots[..session.video_slots];
        let flowing = pictures
            .first()
            .and_then(|slot| slot.source.filter(|_| slot.stream.is_flowing()));
        let height = flowing.and_then(|(at, _)| {
            let track = self.tracks[at].as_ref()?;
            let point = pictures.first()?.point;
            let of_point = track.meter.as_ref().filter(|_| track.has_points());
            Some(of_point.map_or(track.height, |meter| meter.height(point)))
        });
        let paused = pictures.iter().enumerate().filter(|(_, slot)| slot.is_paused);
        Some(SessionStats {
            connected: session.crypto.is_some() && session.ended.is_none(),
            silent: session.is_silent,
            microphone_level: voices()
                .map(|track| -(track.level.0.min(track.level.1) as i8))
                .max()
                .unwrap_or(-127),
            loss_up: lost.fold(0.0, f32::max),
            loss_down: session.slots.iter().map(|slot| slot.loss).fold(0.0, f32::max),
            rtt_ms: session.rtt_ms,
            bitrate_up: session.up.bitrate(),
            bitrate_down: session.down.bitrate(),
            estimate_down: session.downlink.estimate(),
            layer: height.filter(|height| *height > 0),
            paused: paused.map(|(slot, _)| slot).collect(),
            audio_age: age(voices().filter_map(|track| track.heard).max()),
            video_age: age(layers().filter_map(|track| track.heard).max()),
            heard_age: session
                .crypto
                .is_some()
                .then(|| self.now.saturating_duration_since(session.heard)),
            // Every layer has every picture.
            frames: layers().map(|track| track.frames).max().unwrap_or(0),
            key_frames: layers().map(|track| track.key_frames).sum(),
            key_frames_asked: layers().map(|track| track.key_frames_asked).sum(),
            packets_down: session.packets_down,
            repairs_down: session.repairs_down,
            repairs_up: layers().map(|track| track.repairs).sum(),
            drops: session.drops,
        })
    }
}
