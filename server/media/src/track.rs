//! A microphone or a camera: what arrives on it, and who receives it.

use std::time::{Duration, Instant};

use crate::dependency;
use crate::history::History;
use crate::keyframe::KeyframeAsk;
use crate::offer::{Codec, Format, Kind};
use crate::plan::SessionId;
use crate::repair::Holes;
use crate::replay::RtpWindow;
use crate::report::{Rate, Reception, SenderClock};
use crate::scale::{Meter, Scale};
use crate::{vp8, vp9};

/// Packets of a camera kept for repair: about three seconds.
const VIDEO_HISTORY: usize = 512;
const AUDIO_HISTORY: usize = 64;
/// Header, extension and tag of a packet that carries a payload.
pub(crate) const OVERHEAD: usize = 36;
/// A layer of which nothing came for this long is not there.
const LIVE: Duration = Duration::from_millis(1500);

/// A line that lost something is a lossy one for this long.
const LOSSY: Duration = Duration::from_secs(20);
/// Loss at which browsers' encoders soon write most of what went before, in 256ths. They smooth what they hear over ten seconds,
/// write nothing for the first hundredths, and no more from a fifth on.
const WORTH_IT: u8 = 102;

/// Layers of a camera that are taken.
pub(crate) const MAX_LAYERS: usize = 3;

/// What of a session: its microphone, or a layer of its camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Part {
    Microphone,
    Camera(u8),
}

impl Part {
    pub(crate) fn kind(self) -> Kind {
        match self {
            Part::Microphone => Kind::Audio,
            Part::Camera(_) => Kind::Video,
        }
    }

    /// All parts of a kind that there may be.
    pub(crate) fn all(kind: Kind) -> impl Iterator<Item = Part> {
        let all = [Part::Microphone, Part::Camera(0), Part::Camera(1), Part::Camera(2)];
        all.into_iter().filter(move |part| part.kind() == kind)
    }
}

/// One receiver of a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Subscriber {
    /// Place of the session in the unit.
    pub(crate) session: u32,
    /// Place of the slot in the session.
    pub(crate) slot: u16,
}

/// Where a track comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A session of this unit, by its place.
    Here(usize),
    /// A session of another unit.
    There(Origin),
}

/// A stream of another unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The session's name, or that of one of its further devices.
    pub(crate) session: SessionId,
    pub(crate) part: Part,
    /// The owner, once a packet has come.
    pub(crate) unit: Option<usize>,
    /// The epoch of the owner's track.
    pub(crate) epoch: u64,
    /// What to add to the publisher's clock for ours, in NTP units.
    pub(crate) offset: Option<i64>,
}

impl Origin {
    pub(crate) fn new(session: SessionId, part: Part) -> Origin {
        Origin {
            session,
            part,
            unit: None,
            epoch: 0,
            offset: None,
        }
    }
}

/// One stream that a session sends.
pub(crate) struct Track {
    pub(crate) owner: Owner,
    /// Which of the session's cameras or microphones.
    pub(crate) device: usize,
    pub(crate) part: Part,
    pub(crate) kind: Kind,
    pub(crate) mid: String,
    pub(crate) format: Format,
    /// Of a voice with redundancy, the format without it.
    pub(crate) plain: Option<Format>,
    /// Differs between any two tracks that ever lived, so that a slot notices a new one in the same place.
    pub(crate) epoch: u64,
    pub(crate) history: Option<History>,
    pub(crate) subscribers: Vec<Subscriber>,
    /// Other units that receive it, one bit each.
    pub(crate) relays: u64,
    pub(crate) reception: Reception,
    pub(crate) holes: Holes,
    pub(crate) keyframe: KeyframeAsk,
    pub(crate) clock: Option<SenderClock>,
    pub(crate) heard: Option<Instant>,
    /// The loudest of this second and of the last whole one, in -dBov.
    pub(crate) level: (u8, u8),
    /// The stream's SSRC once a packet authenticated.
    pub(crate) ssrc: Option<u32>,
    pub(crate) frames: u64,
    pub(crate) key_frames: u64,
    pub(crate) key_frames_asked: u64,
    pub(crate) repairs: u64,
    /// Lines of its pictures, as its last key frame told; 0 = unknown.
    pub(crate) height: u16,
    /// What its operating points take; made when it has more than one.
    pub(crate) meter: Option<Box<Meter>>,
    /// The templates to which its dependency descriptors refer.
    pub(crate) structure: Option<Box<dependency::Structure>>,
    /// The highest spatial layer of VP9 that is known of.
    top: u8,
    flow: Rate,
    /// What it lately took, bit/s, smoothed over some seconds.
    pub(crate) bitrate: u32,
    last_frame: Option<u32>,
    /// When something of it was lost on its way here.
    lost: Option<Instant>,
}

impl Track {
    pub(crate) fn new(owner: Owner, part: Part, mid: String, format: Format, epoch: u64, start: Instant) -> Track {
        let kind = part.kind();
        Track {
            owner,
            device: 0,
            part,
            kind,
            mid,
            format,
            plain: None,
            epoch,
            history: None,
            subscribers: Vec::new(),
            relays: 0,
            reception: Reception::new(kind.clock_rate(), start),
            holes: Holes::new(kind),
            keyframe: KeyframeAsk::default(),
            clock: None,
            heard: None,
            level: (127, 127),
            ssrc: None,
            frames: 0,
            key_frames: 0,
            key_frames_asked: 0,
            repairs: 0,
            height: 0,
            meter: None,
            structure: None,
            top: 0,
            flow: Rate::default(),
            bitrate: 0,
            last_frame: None,
            lost: None,
        }
    }

    /// Something of it is missing, for now or for ever.
    pub(crate) fn misses(&mut self, now: Instant) {
        self.lost = Some(now);
    }

    /// What its sender is told of its loss, in 256ths. A voice's encoder writes what went before into each packet (Opus in-band
    /// FEC) once it hears of loss, and for as long as it does: so one loss is told for a while, and as one that is worth it.
    pub(crate) fn loss_to_tell(&mut self, fraction: u8, now: Instant) -> u8 {
        if fraction > 0 {
            self.misses(now);
        }
        let is_lossy = self.lost.is_some_and(|at| now.saturating_duration_since(at) < LOSSY);
        match self.kind {
            Kind::Audio if is_lossy => fraction.max(WORTH_IT),
            Kind::Audio | Kind::Video => fraction,
        }
    }

    pub(crate) fn history(&mut self) -> &mut History {
        let capacity = match self.kind {
            Kind::Audio => AUDIO_HISTORY,
            Kind::Video => VIDEO_HISTORY,
        };
        self.history.get_or_insert_with(|| History::new(capacity))
    }

    /// Whether anybody receives it, here or through another unit.
    pub(crate) fn is_received(&self) -> bool {
        self.relays != 0 || !self.subscribers.is_empty()
    }

    /// The codec of a packet of this stream; `None` when its sender may not send it.
    pub(crate) fn codec(&self, payload_type: u8) -> Option<Codec> {
        let formats = std::iter::once(&self.format).chain(&self.plain);
        formats
            .into_iter()
            .find(|format| format.payload_type == payload_type)
            .map(|format| format.codec)
    }

    /// Whether what is missing can be asked for: again as it was, or on the repair stream.
    pub(crate) fn is_repaired(&self) -> bool {
        match self.kind {
            Kind::Audio => self.format.nack || self.plain.as_ref().is_some_and(|plain| plain.nack),
            Kind::Video => self.format.rtx.is_some(),
        }
    }

    /// What a packet is to whoever takes less than the whole; `None` = its dependency descriptor cannot be read, and is of no use
    /// to anybody.
    pub(crate) fn scale(&mut self, codec: Codec, payload: &[u8], described: &[u8]) -> Option<Scale> {
        match codec {
            Codec::Vp8 => {
                let descriptor = vp8::Descriptor::parse(payload);
                Some(descriptor.map_or(Scale::PLAIN, |descriptor| descriptor.scale(payload)))
            }
            Codec::Vp9 => {
                self.top = vp9::structure(payload).map_or(self.top, |(top, _)| top);
                let scale = vp9::scale(payload, self.top);
                if !scale.is_plain() {
                    self.top = self.top.max(crate::scale::spatial(scale.own));
                }
                Some(scale)
            }
            Codec::Av1 if !described.is_empty() => dependency::scale(described, &mut self.structure),
            Codec::Av1 | Codec::H264 | Codec::Opus | Codec::Red => Some(Scale::PLAIN),
        }
    }

    /// A packet of it was kept.
    pub(crate) fn note(&mut self, index: u64) {
        let Some((packet, kept)) = self.history.as_ref().and_then(|history| history.get(index)) else {
            return;
        };
        let (payload, described) = packet.split(kept);
        self.flow.add(payload.len() + OVERHEAD);
        let heights = packet
            .key_start
            .then(|| heights(packet.codec, payload, described))
            .flatten();
        if packet.key_start {
            let height = heights.map(|heights| heights.into_iter().max().unwrap_or(0));
            let height = height.or_else(|| vp8::height(packet.codec, payload));
            self.height = height.filter(|height| *height > 0).unwrap_or(self.height);
        }
        if !packet.scale.is_plain() {
            let meter = self.meter.get_or_insert_default();
            meter.note(&packet.scale, payload.len(), packet.key_start);
            if packet.key_start {
                meter.set_heights(heights.unwrap_or([self.height; crate::scale::SPATIAL]));
            }
        }
    }

    /// Time passes.
    pub(crate) fn tick(&mut self, now: Instant) {
        if let Some(elapsed) = self.flow.tick(now) {
            if let Some(meter) = self.meter.as_mut() {
                meter.tick(elapsed);
            }
            let fresh = self.flow.bitrate();
            let is_steady = self.bitrate > 0 && fresh > 0;
            self.bitrate = if is_steady {
                (self.bitrate / 4 * 3).saturating_add(fresh / 4)
            } else {
                fresh
            };
        }
    }

    /// Whether one may take less of it than the whole.
    pub(crate) fn has_points(&self) -> bool {
        self.meter.as_ref().is_some_and(|meter| meter.points().next().is_some())
    }

    /// Whether it flows now; a browser stops a layer for which its own line has no room.
    pub(crate) fn is_live(&self, now: Instant) -> bool {
        self.heard
            .is_some_and(|heard| now.saturating_duration_since(heard) < LIVE)
    }

    /// Counts frames by their timestamps.
    pub(crate) fn count_frame(&mut self, timestamp: u32, key_start: bool) {
        if self.kind == Kind::Video {
            if self.last_frame != Some(timestamp) {
                self.last_frame = Some(timestamp);
                self.frames += 1;
            }
            self.key_frames += u64::from(key_start);
        }
    }
}

/// Lines of each spatial layer, where a key frame says so.
fn heights(codec: Codec, payload: &[u8], described: &[u8]) -> Option<[u16; crate::scale::SPATIAL]> {
    match codec {
        Codec::Vp9 => vp9::structure(payload).map(|(_, heights)| heights),
        Codec::Av1 => dependency::Structure::of(described).map(|structure| structure.heights),
        Codec::Vp8 | Codec::H264 | Codec::Opus | Codec::Red => None,
    }
}

/// An SSRC that a session may send.
pub(crate) struct Inbound {
    pub(crate) ssrc: u32,
    pub(crate) track: usize,
    pub(crate) is_rtx: bool,
    pub(crate) window: RtpWindow,
}

impl Inbound {
    pub(crate) fn new(ssrc: u32, track: usize, is_rtx: bool) -> Inbound {
        Inbound {
            ssrc,
            track,
            is_rtx,
            window: RtpWindow::new(),
        }
    }
}
