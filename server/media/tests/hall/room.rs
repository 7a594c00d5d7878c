//! One room: what it has, what it sends, and what it saw and heard.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::camera::{LAYERS, Layering};
use media::{Answer, SessionId};
use str0m::change::SdpPendingOffer;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid, Rid, Simulcast, SimulcastLayer};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Rtc};

/// A picture or a voice that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub mid: String,
    pub from: String,
    pub number: u32,
    pub key: bool,
    pub sequence: u64,
    pub timestamp: u32,
    pub picture: u16,
    /// Lines of the layer it belongs to.
    pub height: u16,
    pub at: Duration,
}

/// A packet of a picture in layers (VP9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layered {
    pub sequence: u64,
    pub timestamp: u32,
    pub marker: bool,
    pub picture: u16,
    pub spatial: u8,
    pub temporal: u8,
    /// The first of its layer's frame, and the last.
    pub begins: bool,
    pub ends: bool,
    pub key: bool,
    pub at: Duration,
}

/// What a room has.
#[derive(Clone, Copy)]
pub struct Equipment {
    pub microphone: bool,
    pub camera: bool,
    pub video_slots: usize,
    pub audio_slots: usize,
    /// Layers of the camera, each twice as large as the one before; 0 = no simulcast.
    pub layers: usize,
}

pub const ROOM: Equipment = Equipment {
    microphone: true,
    camera: true,
    video_slots: 2,
    audio_slots: 2,
    layers: 0,
};

/// A room whose camera has three layers.
pub const HALL: Equipment = Equipment { layers: 3, ..ROOM };

pub struct Room {
    pub name: String,
    pub id: SessionId,
    /// The unit that answered it.
    pub unit: usize,
    pub address: SocketAddr,
    pub rtc: Rtc,
    pub answer: Option<Answer>,
    pub equipment: Equipment,
    pub connected: bool,
    pub key_frames_asked: u32,
    pub heard: Vec<Heard>,
    /// Sections whose sender's clock is known.
    pub clocks: BTreeSet<String>,
    pub is_publishing: bool,
    pub has_hung_up: bool,
    /// Its camera sends VP9 in layers.
    pub(super) layering: Option<Layering>,
    /// What came of pictures in layers.
    pub layered: Vec<Layered>,
    /// Further cameras, each with a microphone.
    pub(super) further: Vec<(Mid, Mid)>,
    pub(super) microphone: Option<Mid>,
    pub(super) camera: Option<Mid>,
    pub(super) sent_audio: u32,
    pub(super) sent_video: u32,
    pub(super) sequences: [u64; 3],
    pub(super) want_key: [bool; 3],
    pub(super) obeyed: [Option<Duration>; 3],
    pub(super) kinds: BTreeMap<Mid, MediaKind>,
    pub(super) next_audio: Instant,
    pub(super) next_video: Instant,
}

impl Room {
    pub fn new(name: &str, number: u32, equipment: Equipment, now: Instant) -> Room {
        let address = SocketAddr::from(([10, 77, 1, number as u8], 5000));
        Room::at(name, SessionId(number), address, equipment, now)
    }

    pub(super) fn at(name: &str, id: SessionId, address: SocketAddr, equipment: Equipment, now: Instant) -> Room {
        let mut rtc = Rtc::builder()
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .set_rtp_mode(true)
            .set_stats_interval(None)
            .build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").expect("an address"))
            .expect("a candidate");
        Room {
            name: name.to_owned(),
            id,
            unit: 0,
            address,
            rtc,
            answer: None,
            equipment,
            connected: false,
            key_frames_asked: 0,
            heard: Vec::new(),
            clocks: BTreeSet::new(),
            is_publishing: true,
            has_hung_up: false,
            layering: None,
            layered: Vec::new(),
            further: Vec::new(),
            microphone: None,
            camera: None,
            sent_audio: 0,
            sent_video: 0,
            sequences: [1000, 7000, 60_000],
            want_key: [true; 3],
            obeyed: [None; 3],
            kinds: BTreeMap::new(),
            next_audio: now,
            next_video: now,
        }
    }

    pub fn offer(&mut self) -> (String, SdpPendingOffer) {
        let mut api = self.rtc.sdp_api();
        let mut add = |kind, direction| api.add_media(kind, direction, None, None, None);
        if self.equipment.microphone {
            self.microphone = Some(add(MediaKind::Audio, Direction::SendOnly));
        }
        if self.equipment.camera && self.equipment.layers == 0 {
            self.camera = Some(add(MediaKind::Video, Direction::SendOnly));
        } else if self.equipment.camera {
            let mut simulcast = Simulcast::new();
            for (name, _, _) in &LAYERS[..self.equipment.layers] {
                simulcast.add_send_layer(SimulcastLayer::new(name));
            }
            let camera = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, Some(simulcast));
            self.camera = Some(camera);
        }
        let mut add = |kind, direction| api.add_media(kind, direction, None, None, None);
        for _ in 0..self.equipment.video_slots {
            self.kinds
                .insert(add(MediaKind::Video, Direction::RecvOnly), MediaKind::Video);
        }
        for _ in 0..self.equipment.audio_slots {
            self.kinds
                .insert(add(MediaKind::Audio, Direction::RecvOnly), MediaKind::Audio);
        }
        let (offer, pending) = api.apply().expect("something to offer");
        (offer.to_sdp_string(), pending)
    }

    /// A broken or hostile page: so many voice packets at once, each well formed.
    pub fn flood(&mut self, packets: u32, now: Instant) {
        let Some(mid) = self.microphone else { return };
        for _ in 0..packets {
            self.sent_audio += 1;
            let payload = format!("\x78{}|{}", self.name, self.sent_audio).into_bytes();
            let (sequence, time) = (u64::from(self.sent_audio), self.sent_audio * 960);
            self.write(mid, None, Codec::Opus, sequence, time, true, payload, now);
        }
    }

    /// Its microphone begins to count elsewhere.
    pub fn leap(&mut self, packets: u32) {
        self.sent_audio += packets;
    }

    /// Its microphone or its camera begins a new stream, with another SSRC, and another for its repairs.
    pub fn begin_anew(&mut self, kind: MediaKind, [ssrc, repairs]: [u32; 2]) {
        let (mid, repairs) = match kind {
            MediaKind::Audio => (self.microphone, None),
            MediaKind::Video => (self.camera, Some(repairs.into())),
        };
        let mid = mid.expect("it has one");
        let mut api = self.rtc.direct_api();
        let before = api.stream_tx_by_mid(mid, None).map(|stream| stream.ssrc());
        before.map(|before| api.remove_stream_tx(before));
        api.declare_stream_tx(ssrc.into(), repairs, mid, None);
        self.want_key = [true; 3];
    }

    /// A camera that was negotiated later.
    pub fn plug_in(&mut self, camera: Mid) {
        self.camera = Some(camera);
        self.want_key = [true; 3];
    }

    /// Sends 50 voice packets and 25 pictures of two packets a second.
    pub(super) fn speak(&mut self, now: Instant) {
        if !self.connected || !self.is_publishing {
            return;
        }
        if let Some(mid) = self.microphone.filter(|_| now >= self.next_audio) {
            self.next_audio = now + Duration::from_millis(20);
            self.sent_audio += 1;
            let payload = format!("\x78{}|{}", self.name, self.sent_audio).into_bytes();
            self.write(
                mid,
                None,
                Codec::Opus,
                u64::from(self.sent_audio),
                self.sent_audio * 960,
                true,
                payload,
                now,
            );
            for number in 0..self.further.len() {
                let payload = format!("\x78{} {}|{}", self.name, number + 2, self.sent_audio).into_bytes();
                let (mid, sent) = (self.further[number].1, self.sent_audio);
                self.write(mid, None, Codec::Opus, u64::from(sent), sent * 960, true, payload, now);
            }
        }
        if let Some(mid) = self.camera.filter(|_| now >= self.next_video) {
            self.next_video = now + Duration::from_millis(40);
            self.sent_video += 1;
            match self.equipment.layers {
                0 if self.layering.is_some() => self.film_in_layers(mid, now),
                0 => {
                    self.film(mid, None, 0, 0, 1800, now);
                    for number in 0..self.further.len() {
                        self.film(self.further[number].0, None, number + 1, 0, 1800, now);
                    }
                }
                layers => {
                    for (at, (name, height, bytes)) in LAYERS.iter().enumerate().take(layers) {
                        self.film(mid, Some(Rid::from(*name)), at, *height, *bytes, now);
                    }
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "an RTP packet has that many fields")]
    pub(super) fn write(
        &mut self,
        mid: Mid,
        rid: Option<Rid>,
        codec: Codec,
        sequence: u64,
        time: u32,
        marker: bool,
        payload: Vec<u8>,
        now: Instant,
    ) {
        let found = self
            .rtc
            .codec_config()
            .find(|params| params.spec().codec == codec)
            .map(|params| params.pt());
        let payload_type = found.expect("the codec is configured");
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, rid) else {
            return;
        };
        let values = str0m::rtp::ExtensionValues {
            audio_level: Some(-30),
            ..Default::default()
        };
        stream.write_rtp(
            RtpWrite::new(payload_type, sequence.into(), time, now, payload)
                .marker(marker)
                .nackable(codec != Codec::Opus)
                .ext_vals(values),
        );
    }

    pub(super) fn note(&mut self, event: str0m::Event, at: Duration) {
        match event {
            str0m::Event::Connected => self.connected = true,
            str0m::Event::KeyframeRequest(request) => {
                self.key_frames_asked += 1;
                let named = |rid: Rid| LAYERS.iter().position(|(name, _, _)| Rid::from(*name) == rid);
                let further = self.further.iter().position(|(camera, _)| *camera == request.mid);
                let camera = further.map_or(0, |further| further + 1);
                let layer = request.rid.and_then(named).unwrap_or(camera);
                // As browsers do: a request so soon after one that was obeyed is ignored.
                if self.obeyed[layer].is_none_or(|obeyed| at >= obeyed + Duration::from_millis(300)) {
                    self.obeyed[layer] = Some(at);
                    self.want_key[layer] = true;
                }
            }
            str0m::Event::RtpPacket(packet) => {
                let Some(mid) = packet.header.ext_vals.mid.or_else(|| self.mid_of(*packet.header.ssrc)) else {
                    return;
                };
                if packet.last_sender_info.is_some() {
                    self.clocks.insert(mid.to_string());
                }
                let is_video = self.kinds.get(&mid) == Some(&MediaKind::Video);
                if let [head, high, low, layers, _, ..] = packet.payload[..]
                    && is_video
                    && head & 0xa0 == 0xa0
                {
                    self.layered.push(Layered {
                        sequence: *packet.seq_no,
                        timestamp: packet.header.timestamp,
                        marker: packet.header.marker,
                        picture: u16::from_be_bytes([high, low]) & 0x7fff,
                        spatial: layers >> 1 & 7,
                        temporal: layers >> 5,
                        begins: head & 8 != 0,
                        ends: head & 4 != 0,
                        key: head & 0x40 == 0,
                        at,
                    });
                    return;
                }
                let (head, picture, key, height) = match &packet.payload[..] {
                    [_, _, high, low, tag, _, _, _, _, _, _, _, lines, more, ..] if is_video => {
                        let height = u16::from_le_bytes([*lines, *more]);
                        (14, u16::from_be_bytes([*high, *low]), tag & 1 == 0, height)
                    }
                    _ => (1, 0, false, 0),
                };
                let Some(body) = packet.payload.get(head..) else { return };
                let text = String::from_utf8_lossy(body).trim().to_owned();
                let Some((from, number)) = text.split_once('|') else {
                    return;
                };
                self.heard.push(Heard {
                    mid: mid.to_string(),
                    from: from.to_owned(),
                    number: number.parse().unwrap_or(0),
                    key,
                    sequence: *packet.seq_no,
                    timestamp: packet.header.timestamp,
                    picture: picture & 0x7fff,
                    height,
                    at,
                });
            }
            _ => {}
        }
    }

    /// The section an SSRC belongs to, as our answer declared it.
    pub(super) fn mid_of(&self, ssrc: u32) -> Option<Mid> {
        let sdp = &self.answer.as_ref()?.sdp;
        let section = sdp
            .split("\r\nm=")
            .find(|section| section.contains(&format!("a=ssrc:{ssrc} cname")))?;
        let line = section.lines().find_map(|line| line.strip_prefix("a=mid:"))?;
        Some(line.into())
    }
}
