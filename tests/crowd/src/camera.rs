//! One room's peer connection: camera and microphone out, slots in, over the `webrtc` crate.
//!
//! It offers the m-lines of a room in their order (audio and video sendonly, six videos and three audios recvonly), plays a
//! [`Show`] into them, answers a request for a key frame with the next one of the loop, and counts what arrives in each
//! slot. It knows no meeting: whoever owns it says when the microphone carries speech and when silence.

use crate::asset::{self, Frame, PACKET, SILENCE, Show, Speech};
use crate::keyframe::{self, KeyFrameRequests};
use anyhow::{Context, Result};
use bytes::Bytes;
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::interceptor::{Registry, Slot};
use rtc::media::Sample;
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::configuration::interceptor_registry::{
    configure_nack, configure_rtcp_reports, configure_simulcast_extension_headers,
};
use rtc::peer_connection::configuration::media_engine::{MIME_TYPE_OPUS, MIME_TYPE_VP8, MediaEngine};
use rtc::peer_connection::configuration::setting_engine::{SettingEngine, SettingEngineBuilder};
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::rtp::extension::HeaderExtension;
use rtc::rtp::extension::audio_level_extension::AudioLevelExtension;
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters,
    RTCRtpHeaderExtensionCapability, RtpCodecKind,
};
use rtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use webrtc::media_stream::Track;
use webrtc::media_stream::track_local::static_sample::TrackLocalStaticSample;
use webrtc::media_stream::track_local::{TrackLocal, TrackLocalEvent};
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState, RTCPeerConnectionState,
};
use webrtc::rtp_transceiver::RtpSender;

/// How many pictures a room receives at once: two of the stage, four tiles.
pub const VIDEO_SLOTS: usize = 6;
/// How many sounds a room receives at once.
pub const AUDIO_SLOTS: usize = 3;

/// What the microphone carries now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// Silence.
    Silent,
    /// The speech, from its beginning after a silence, again and again.
    Speaking,
    /// "Có mặt", once.
    Present,
}

/// How old a device is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Device {
    /// AES-GCM and whatever else the crate has.
    #[default]
    New,
    /// Protects its packets with AES-CM and HMAC-SHA1 only, as rooms of ten years ago do (RFC 5764 §4.1.2).
    Old,
}

/// What arrived in one slot.
#[derive(Debug, Default)]
pub struct Received {
    /// RTP packets.
    pub packets: AtomicU64,
    /// Payload bytes.
    pub bytes: AtomicU64,
    /// Whole pictures, or packets of sound.
    pub frames: AtomicU64,
}

/// What a camera shares with its tasks.
#[derive(Debug, Default)]
struct Counts {
    slots: Mutex<BTreeMap<String, Arc<Received>>>,
    key_requests: AtomicU64,
    key_sent: AtomicU64,
}

/// A running peer connection.
pub struct Camera {
    connection: Arc<dyn PeerConnection>,
    counts: Arc<Counts>,
    state: watch::Receiver<RTCPeerConnectionState>,
    voice: watch::Sender<Voice>,
    level: Arc<AtomicUsize>,
    tasks: Vec<JoinHandle<()>>,
    video: (Arc<TrackLocalStaticSample>, Arc<dyn RtpSender>),
    audio: (Arc<TrackLocalStaticSample>, Arc<dyn RtpSender>),
    show: Arc<Show>,
}

struct Events {
    gathered: mpsc::Sender<()>,
    state: watch::Sender<RTCPeerConnectionState>,
    tracks: mpsc::UnboundedSender<Arc<dyn TrackRemote>>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Events {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            let _ = self.gathered.try_send(());
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.state.send_replace(state);
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let _ = self.tracks.send(track);
    }
}

impl Camera {
    /// Makes a connection and its complete offer (no trickle). `address` is where its UDP socket is bound.
    ///
    /// # Errors
    /// When the connection cannot be made.
    pub async fn offer(show: Arc<Show>, address: &str, device: Device) -> Result<(Self, String)> {
        let (gathered, mut is_gathered) = mpsc::channel(1);
        let (state_sender, state) = watch::channel(RTCPeerConnectionState::New);
        let (tracks, arriving) = mpsc::unbounded_channel();
        let handler = Events {
            gathered,
            state: state_sender,
            tracks,
        };
        let mut engine = engine()?;
        let registry = configure_nack(Registry::new(), &mut engine);
        configure_simulcast_extension_headers(&mut engine)?;
        let registry = configure_rtcp_reports(registry).with(Slot::from(keyframe::SLOT), KeyFrameRequests::default());
        let connection: Arc<dyn PeerConnection> = Arc::new(
            PeerConnectionBuilder::new()
                .with_setting_engine(settings(device))
                .with_media_engine(engine)
                .with_interceptor_registry(registry)
                .with_handler(Arc::new(handler))
                .with_udp_addrs(vec![address.to_owned()])
                .build()
                .await?,
        );
        let audio = send(&connection, RtpCodecKind::Audio, opus()).await?;
        let video = send(&connection, RtpCodecKind::Video, vp8()).await?;
        for kind in [RtpCodecKind::Video; VIDEO_SLOTS]
            .into_iter()
            .chain([RtpCodecKind::Audio; AUDIO_SLOTS])
        {
            let receive = RTCRtpTransceiverInit {
                direction: RTCRtpTransceiverDirection::Recvonly,
                streams: vec![],
                send_encodings: vec![],
            };
            connection.add_transceiver_from_kind(kind, Some(receive)).await?;
        }
        let offer = connection.create_offer(None).await?;
        connection.set_local_description(offer).await?;
        tokio::time::timeout(Duration::from_secs(5), is_gathered.recv())
            .await
            .context("no address was found")?;
        let sdp = connection.local_description().await.context("no offer was made")?.sdp;
        let counts = Arc::new(Counts::default());
        let listen = tokio::spawn(receive(arriving, Arc::clone(&connection), Arc::clone(&counts)));
        let camera = Self {
            connection,
            counts,
            state,
            voice: watch::channel(Voice::Silent).0,
            level: Arc::new(AtomicUsize::new(127)),
            tasks: vec![listen],
            video,
            audio,
            show,
        };
        Ok((camera, sdp))
    }

    /// Takes the answer; pictures and sound flow as soon as the connection stands.
    ///
    /// # Errors
    /// When the answer is not one.
    pub async fn answer(&mut self, sdp: String) -> Result<()> {
        self.connection
            .set_remote_description(RTCSessionDescription::answer(sdp)?)
            .await?;
        let key_wanted = Arc::new(AtomicBool::new(false));
        let (track, sender) = self.video.clone();
        self.tasks.push(tokio::spawn(hear_requests(
            Arc::clone(&track),
            Arc::clone(&key_wanted),
            Arc::clone(&self.counts),
        )));
        self.tasks.push(tokio::spawn(film(
            Arc::clone(&self.show),
            Sending {
                track,
                sender,
                state: self.state.clone(),
            },
            key_wanted,
            Arc::clone(&self.counts),
        )));
        let (track, sender) = self.audio.clone();
        self.tasks.push(tokio::spawn(speak(
            Arc::clone(&self.show),
            Sending {
                track,
                sender,
                state: self.state.clone(),
            },
            self.voice.subscribe(),
            Arc::clone(&self.level),
        )));
        Ok(())
    }

    /// Where the connection stands.
    #[must_use]
    pub fn state(&self) -> RTCPeerConnectionState {
        *self.state.borrow()
    }

    /// A receiver that sees every change of the connection's state.
    #[must_use]
    pub fn states(&self) -> watch::Receiver<RTCPeerConnectionState> {
        self.state.clone()
    }

    /// What the microphone carries from now on.
    pub fn say(&self, voice: Voice) {
        self.voice
            .send_if_modified(|now| std::mem::replace(now, voice) != voice);
    }

    /// Level of the microphone, dBFS, −127…0.
    #[must_use]
    pub fn level(&self) -> i32 {
        -i32::try_from(self.level.load(Ordering::Relaxed)).unwrap_or(127)
    }

    /// What arrived so far, by `mid`.
    #[must_use]
    pub fn received(&self) -> BTreeMap<String, Arc<Received>> {
        self.counts.slots.lock().map(|slots| slots.clone()).unwrap_or_default()
    }

    /// How many key frames were asked for, and how many were sent for it.
    #[must_use]
    pub fn key_frames(&self) -> (u64, u64) {
        (
            self.counts.key_requests.load(Ordering::Relaxed),
            self.counts.key_sent.load(Ordering::Relaxed),
        )
    }

    /// Ends the connection.
    pub async fn close(mut self) {
        for task in self.tasks.drain(..) {
            task.abort();
        }
        let _ = self.connection.close().await;
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn settings(device: Device) -> SettingEngine {
    let settings = SettingEngineBuilder::new();
    match device {
        Device::New => settings,
        Device::Old => settings.with_srtp_protection_profiles(vec![SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80]),
    }
    .build()
}

fn opus() -> RTCRtpCodecParameters {
    RTCRtpCodecParameters {
        rtp_codec: RTCRtpCodec {
            mime_type: MIME_TYPE_OPUS.to_owned(),
            clock_rate: 48_000,
            channels: 2,
            sdp_fmtp_line: "minptime=10;useinbandfec=1".to_owned(),
            rtcp_feedback: vec![],
        },
        payload_type: 111,
    }
}

fn vp8() -> RTCRtpCodecParameters {
    RTCRtpCodecParameters {
        rtp_codec: RTCRtpCodec {
            mime_type: MIME_TYPE_VP8.to_owned(),
            clock_rate: 90_000,
            channels: 0,
            sdp_fmtp_line: String::new(),
            rtcp_feedback: vec![],
        },
        payload_type: 96,
    }
}

/// RFC 6464.
const AUDIO_LEVEL: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

fn engine() -> Result<MediaEngine> {
    let mut engine = MediaEngine::default();
    engine.register_codec(opus(), RtpCodecKind::Audio)?;
    engine.register_codec(vp8(), RtpCodecKind::Video)?;
    let level = RTCRtpHeaderExtensionCapability {
        uri: AUDIO_LEVEL.to_owned(),
    };
    engine.register_header_extension(level, RtpCodecKind::Audio, None)?;
    Ok(engine)
}

async fn send(
    connection: &Arc<dyn PeerConnection>,
    kind: RtpCodecKind,
    codec: RTCRtpCodecParameters,
) -> Result<(Arc<TrackLocalStaticSample>, Arc<dyn RtpSender>)> {
    let name = format!("room-{kind}");
    let encoding = RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters {
            ssrc: Some(rand::random()),
            ..Default::default()
        },
        codec: codec.rtp_codec,
        ..Default::default()
    };
    let track = MediaStreamTrack::new("room".to_owned(), name.clone(), name, kind, vec![encoding.clone()]);
    let track = Arc::new(TrackLocalStaticSample::new(Instant::now(), track)?);
    let init = RTCRtpTransceiverInit {
        direction: RTCRtpTransceiverDirection::Sendonly,
        streams: vec!["room".to_owned()],
        send_encodings: vec![encoding],
    };
    let transceiver = connection
        .add_transceiver_from_track(Arc::clone(&track) as Arc<dyn TrackLocal>, Some(init))
        .await?;
    let sender = transceiver.sender().await?.context("a track without a sender")?;
    Ok((track, sender))
}

/// A track on its way out.
struct Sending {
    track: Arc<TrackLocalStaticSample>,
    sender: Arc<dyn RtpSender>,
    state: watch::Receiver<RTCPeerConnectionState>,
}

impl Sending {
    /// Waits until the connection stands; the SSRC and the payload type that were agreed on, and whether a level may be told.
    async fn ready(&mut self) -> Option<(u32, u8, bool)> {
        self.state
            .wait_for(|state| *state == RTCPeerConnectionState::Connected)
            .await
            .ok()?;
        let parameters = self.sender.get_parameters().await.ok()?.rtp_parameters;
        let payload_type = parameters.codecs.first()?.payload_type;
        let level = parameters
            .header_extensions
            .iter()
            .any(|extension| extension.uri == AUDIO_LEVEL);
        Some((*self.track.ssrcs().await.first()?, payload_type, level))
    }

    /// A packet that cannot be sent is lost like any other; it is only told.
    fn sent(&self, result: webrtc::error::Result<()>) {
        if let Err(error) = result {
            tracing::debug!(%error, "a packet could not be sent");
        }
    }
}

async fn film(show: Arc<Show>, mut out: Sending, key_wanted: Arc<AtomicBool>, counts: Arc<Counts>) {
    let Some((ssrc, payload_type, _)) = out.ready().await else {
        return;
    };
    let picture = &show.picture;
    let mut clock = tokio::time::interval(picture.interval);
    let mut at = 0;
    loop {
        clock.tick().await;
        if key_wanted.swap(false, Ordering::Relaxed) {
            at = picture.key_from(at);
            counts.key_sent.fetch_add(1, Ordering::Relaxed);
        }
        let Frame { data, .. } = &picture.frames[at];
        let sample = Sample {
            data: data.clone(),
            duration: picture.interval,
            ..Sample::new(Instant::now())
        };
        out.sent(out.track.write_sample(ssrc, payload_type, &sample, &[]).await);
        at = (at + 1) % picture.frames.len();
    }
}

async fn hear_requests(track: Arc<TrackLocalStaticSample>, key_wanted: Arc<AtomicBool>, counts: Arc<Counts>) {
    while let Some(event) = track.poll().await {
        if let TrackLocalEvent::OnRtcpPacket(parts) = event
            && parts.iter().any(|part| keyframe::is_request(part.as_ref()))
        {
            counts.key_requests.fetch_add(1, Ordering::Relaxed);
            key_wanted.store(true, Ordering::Relaxed);
        }
    }
}

async fn speak(show: Arc<Show>, mut out: Sending, mut voice: watch::Receiver<Voice>, level: Arc<AtomicUsize>) {
    let Some((ssrc, payload_type, tells_level)) = out.ready().await else {
        return;
    };
    let silence = Bytes::from_static(SILENCE);
    let mut clock = tokio::time::interval(PACKET);
    let mut at = 0;
    loop {
        clock.tick().await;
        if voice.has_changed().unwrap_or(false) {
            voice.mark_unchanged();
            at = 0;
        }
        let words: Option<&Speech> = match *voice.borrow() {
            Voice::Silent => None,
            Voice::Speaking => Some(&show.speech),
            Voice::Present if at < show.present.packets.len() => Some(&show.present),
            Voice::Present => None,
        };
        let data = words.map_or(&silence, |speech| &speech.packets[at % speech.packets.len()]);
        at = at.saturating_add(usize::from(words.is_some()));
        let loudness = asset::level(data);
        level.store(usize::from(loudness), Ordering::Relaxed);
        let extension = [HeaderExtension::AudioLevel(AudioLevelExtension {
            level: loudness,
            voice: loudness < 60,
        })];
        let sample = Sample {
            data: data.clone(),
            duration: PACKET,
            ..Sample::new(Instant::now())
        };
        out.sent(
            out.track
                .write_sample(ssrc, payload_type, &sample, &extension[..usize::from(tells_level)])
                .await,
        );
    }
}

/// Counts what arrives, by the `mid` of the m-line in which it arrives.
async fn receive(
    mut arriving: mpsc::UnboundedReceiver<Arc<dyn TrackRemote>>,
    connection: Arc<dyn PeerConnection>,
    counts: Arc<Counts>,
) {
    while let Some(track) = arriving.recv().await {
        let Some(mid) = mid_of(&connection, &track).await else {
            continue;
        };
        let received = Arc::clone(
            counts
                .slots
                .lock()
                .expect("a count cannot panic while it holds the lock")
                .entry(mid)
                .or_default(),
        );
        tokio::spawn(async move {
            let video = track.kind().await == RtpCodecKind::Video;
            while let Some(event) = track.poll().await {
                match event {
                    TrackRemoteEvent::OnRtpPacket(packet) => {
                        received.packets.fetch_add(1, Ordering::Relaxed);
                        received.bytes.fetch_add(packet.payload.len() as u64, Ordering::Relaxed);
                        // RFC 7741 §4.1: the marker bit ends a picture.
                        if packet.header.marker || !video {
                            received.frames.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                    TrackRemoteEvent::OnEnded => break,
                    _ => {}
                }
            }
        });
    }
}

async fn mid_of(connection: &Arc<dyn PeerConnection>, track: &Arc<dyn TrackRemote>) -> Option<String> {
    let wanted = track.track_id().await;
    for transceiver in connection.get_transceivers().await {
        if let Ok(Some(receiver)) = transceiver.receiver().await
            && receiver.track().track_id().await == wanted
        {
            return transceiver.mid().await.ok().flatten();
        }
    }
    None
}
