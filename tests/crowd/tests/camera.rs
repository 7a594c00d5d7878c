//! A room's camera and a peer that watches it, over real sockets on loopback: the offer has the m-lines of a room in their
//! order, pictures and sound arrive, speech is heard only when the room may speak, and asking for a key frame brings one.

use crowd::asset::Show;
use crowd::camera::{AUDIO_SLOTS, Camera, Device, VIDEO_SLOTS, Voice};
use rtc::interceptor::Registry;
use rtc::peer_connection::configuration::interceptor_registry::register_default_interceptors;
use rtc::peer_connection::configuration::media_engine::MediaEngine;
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState, RTCPeerConnectionState,
};

struct Watcher {
    gathered: mpsc::Sender<()>,
    tracks: mpsc::UnboundedSender<Arc<dyn TrackRemote>>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Watcher {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            let _ = self.gathered.try_send(());
        }
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let _ = self.tracks.send(track);
    }
}

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

async fn next_payload(track: &Arc<dyn TrackRemote>) -> bytes::Bytes {
    loop {
        match track.poll().await.expect("the track goes on") {
            TrackRemoteEvent::OnRtpPacket(packet) if !packet.payload.is_empty() => return packet.payload,
            _ => {}
        }
    }
}

/// RFC 7741 §4.2: the first packet of a picture has S set and partition 0; the frame tag follows a descriptor that may carry
/// a picture id of one or two bytes.
fn starts_key_frame(payload: &[u8]) -> bool {
    let tag = match payload {
        [first, ..] if first & 0x80 == 0 => 1,
        [_, 0x80, id, ..] if id & 0x80 == 0 => 3,
        [_, 0x80, ..] => 4,
        _ => return false,
    };
    payload[0] & 0x1f == 0x10 && payload.get(tag).is_some_and(|tag| tag & 1 == 0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_is_seen_heard_and_answers_a_lost_picture() {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_test_writer()
        .init();
    let show = Arc::new(Show::of(1).unwrap());
    let (mut room, offer) = Camera::offer(Arc::clone(&show), "127.0.0.1:0", Device::New)
        .await
        .unwrap();

    let kinds: Vec<&str> = offer
        .lines()
        .filter_map(|line| line.strip_prefix("m=")?.split(' ').next())
        .collect();
    let slots = [
        vec!["audio", "video"],
        vec!["video"; VIDEO_SLOTS],
        vec!["audio"; AUDIO_SLOTS],
    ]
    .concat();
    assert_eq!(kinds, slots);
    let directions: Vec<&str> = offer
        .lines()
        .filter_map(|line| line.strip_prefix("a="))
        .filter(|a| *a == "sendonly" || *a == "recvonly")
        .collect();
    assert_eq!(
        directions,
        [vec!["sendonly"; 2], vec!["recvonly"; VIDEO_SLOTS + AUDIO_SLOTS]].concat()
    );
    for wanted in [
        "a=group:BUNDLE",
        "a=rtcp-mux",
        "ssrc-audio-level",
        "a=ssrc:",
        "a=candidate:",
        "a=setup:actpass",
    ] {
        assert!(offer.contains(wanted), "{wanted} is missing in\n{offer}");
    }

    let (gathered, mut is_gathered) = mpsc::channel(1);
    let (tracks, mut arriving) = mpsc::unbounded_channel();
    let mut engine = MediaEngine::default();
    engine.register_default_codecs().unwrap();
    let registry = register_default_interceptors(Registry::new(), &mut engine).unwrap();
    let watcher: Arc<dyn PeerConnection> = Arc::new(
        PeerConnectionBuilder::new()
            .with_media_engine(engine)
            .with_interceptor_registry(registry)
            .with_handler(Arc::new(Watcher { gathered, tracks }))
            .with_udp_addrs(vec!["127.0.0.1:0".to_owned()])
            .build()
            .await
            .unwrap(),
    );
    watcher
        .set_remote_description(RTCSessionDescription::offer(offer).unwrap())
        .await
        .unwrap();
    let answer = watcher.create_answer(None).await.unwrap();
    watcher.set_local_description(answer).await.unwrap();
    soon("an address", is_gathered.recv()).await;
    room.answer(watcher.local_description().await.unwrap().sdp)
        .await
        .unwrap();
    soon(
        "the connection",
        room.states()
            .wait_for(|state| *state == RTCPeerConnectionState::Connected),
    )
    .await
    .unwrap();

    let (mut sound, mut picture) = (None, None);
    while sound.is_none() || picture.is_none() {
        let track = soon("a track", arriving.recv()).await.unwrap();
        match track.kind().await {
            RtpCodecKind::Audio => sound = Some(track),
            _ => picture = Some(track),
        }
    }
    let (sound, picture) = (sound.unwrap(), picture.unwrap());

    assert_eq!(soon("silence", next_payload(&sound)).await, crowd::asset::SILENCE);
    room.say(Voice::Speaking);
    soon("speech", async { while next_payload(&sound).await.len() < 60 {} }).await;
    room.say(Voice::Silent);
    soon("silence again", async {
        while next_payload(&sound).await != crowd::asset::SILENCE {}
    })
    .await;

    soon("the first key frame", async {
        while !starts_key_frame(&next_payload(&picture).await) {}
    })
    .await;
    let ssrc = *picture.ssrcs().await.first().unwrap();
    let lost = PictureLossIndication {
        sender_ssrc: 0,
        media_ssrc: ssrc,
    };
    soon("an answered request", async {
        while room.key_frames().1 == 0 {
            picture.write_rtcp(vec![Box::new(lost.clone())]).await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    soon("the key frame that was asked for", async {
        while !starts_key_frame(&next_payload(&picture).await) {}
    })
    .await;

    room.close().await;
    watcher.close().await.unwrap();
}
