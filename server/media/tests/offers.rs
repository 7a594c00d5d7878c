//! Offers as the programs write them that people publish and view with. Each has a habit that a stricter reader would refuse.

#![allow(clippy::unwrap_used)]

use media::{Answer, Config, OfferRefusal, SessionId, Sfu};
use std::net::SocketAddr;

const FINGERPRINT: &str = "a=fingerprint:sha-256 DA:7B:57:DC:28:CE:04:4F:31:79:85:C4:31:67:EB:27:58:29:ED:77:2A:0D:24:AE:ED:AD:30:BC:BD:F1:9C:02\r\n";
const ICE: &str = "a=ice-ufrag:zjkk\r\na=ice-pwd:bPXJMM09aR8AiX1jdukzR6Yu\r\n";

fn answer(offer: &str) -> Result<Answer, OfferRefusal> {
    #[allow(clippy::disallowed_methods, reason = "the one instant of this test")]
    let now = std::time::Instant::now();
    let candidates = vec![SocketAddr::from(([192, 0, 2, 1], 8444))];
    let mut sfu = Sfu::new(
        Config {
            candidates,
            ..Config::default()
        },
        now,
    )
    .unwrap();
    sfu.accept(SessionId(1), offer, now)
}

fn description(above: &str, sections: &[&str]) -> String {
    format!(
        "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n{above}{}",
        sections.concat()
    )
}

/// OBS (libdatachannel): credentials and fingerprint above the sections, a real port, H.264 alone.
#[test]
fn obs() {
    let above = format!(
        "a=group:BUNDLE 0 1\r\na=group:LS 0 1\r\na=msid-semantic:WMS *\r\na=setup:actpass\r\na=ice-options:ice2,trickle\r\n{ICE}{FINGERPRINT}"
    );
    let audio = "m=audio 57850 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 192.0.2.9\r\na=mid:0\r\na=sendonly\r\na=ssrc:11 cname:x\r\n\
        a=ssrc:11 msid:y y-audio\r\na=msid:y y-audio\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n\
        a=fmtp:111 minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1\r\n";
    let video = "m=video 57850 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 192.0.2.9\r\na=mid:1\r\na=sendonly\r\na=ssrc:12 cname:x\r\n\
        a=rtcp-mux\r\na=rtpmap:96 H264/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 goog-remb\r\n\
        a=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1\r\n\
        a=rtpmap:97 RTX/90000\r\na=fmtp:97 apt=96\r\na=candidate:1 1 UDP 1 192.0.2.9 57850 typ host\r\na=end-of-candidates\r\n";
    let answer = answer(&description(&above, &[audio, video])).unwrap();
    assert_eq!(
        (answer.sends_audio, answer.sends_video),
        (vec!["0".to_owned()], vec!["1".to_owned()])
    );
    assert!(answer.sdp.contains("a=rtpmap:96 H264/90000"));
}

/// GStreamer (webrtcbin): sendrecv unless told otherwise, one section without any bundle, names instead of numbers as mids.
#[test]
fn gstreamer() {
    let video = format!(
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=setup:actpass\r\n{ICE}a=rtcp-mux\r\na=rtcp-rsize\r\na=sendrecv\r\n\
         a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na=framerate:30\r\na=ssrc:3484078950 msid:user1@host webrtctransceiver0\r\n\
         a=ssrc:3484078950 cname:user1@host\r\na=mid:video0\r\n{FINGERPRINT}"
    );
    let alone = answer(&description(
        "a=ice-options:trickle\r\na=msid-semantic:WMS *\r\n",
        &[&video],
    ))
    .unwrap();
    assert_eq!(alone.sends_video, ["video0"]);
    // Two sections without a bundle would need two transports.
    let audio = video
        .replace("m=video", "m=audio")
        .replace("VP8/90000", "OPUS/48000/2")
        .replace("video0", "audio1");
    let refused = answer(&description("", &[&video, &audio])).unwrap_err();
    assert_eq!(refused, OfferRefusal::NotBundled);
}

/// ffmpeg (8 and later): DTLS server, baseline without the constraint's bit, retransmissions unknown.
#[test]
fn ffmpeg() {
    let common = format!("{ICE}{FINGERPRINT}a=setup:passive\r\n");
    let audio = format!(
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n{common}a=mid:0\r\na=sendonly\r\na=msid:FFmpeg audio\r\na=rtcp-mux\r\n\
         a=rtpmap:111 opus/48000/2\r\na=ssrc:21 cname:FFmpeg\r\n"
    );
    let video = format!(
        "m=video 9 UDP/TLS/RTP/SAVPF 106\r\nc=IN IP4 0.0.0.0\r\n{common}a=mid:1\r\na=sendonly\r\na=msid:FFmpeg video\r\na=rtcp-mux\r\n\
         a=rtcp-rsize\r\na=rtpmap:106 H264/90000\r\na=fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640028\r\n\
         a=ssrc:22 cname:FFmpeg\r\n"
    );
    let answer = answer(&description(
        "a=group:BUNDLE 0 1\r\na=extmap-allow-mixed\r\n",
        &[&audio, &video],
    ))
    .unwrap();
    assert_eq!(answer.sends_video, ["1"]);
    assert!(answer.sdp.contains("profile-level-id=640028"));
}

/// aiortc: sendrecv, one certificate by three hashes, several H.264 profiles behind VP8, PCM behind Opus, two SSRCs for
/// picture and retransmission.
#[test]
fn aiortc() {
    let longer = |name: &str, bytes: usize| format!("a=fingerprint:{name} {}\r\n", vec!["5A"; bytes].join(":"));
    let hashes = format!("{FINGERPRINT}{}{}", longer("sha-384", 48), longer("sha-512", 64));
    let common = format!("a=rtcp:9 IN IP4 0.0.0.0\r\na=rtcp-mux\r\n{ICE}{hashes}a=setup:actpass\r\n");
    let audio = format!(
        "m=audio 40871 UDP/TLS/RTP/SAVPF 96 9 0 8\r\nc=IN IP4 192.0.2.9\r\na=sendrecv\r\na=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n\
         a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=mid:0\r\na=msid:a b\r\n{common}a=ssrc:31 cname:c\r\n\
         a=rtpmap:96 opus/48000/2\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n\
         a=candidate:1 1 udp 2130706431 192.0.2.9 40871 typ host\r\na=end-of-candidates\r\n"
    );
    let video = format!(
        "m=video 40871 UDP/TLS/RTP/SAVPF 97 98 99 100 101 102\r\nc=IN IP4 192.0.2.9\r\na=sendrecv\r\na=mid:1\r\na=msid:a d\r\n{common}\
         a=ssrc-group:FID 32 33\r\na=ssrc:32 cname:c\r\na=ssrc:33 cname:c\r\na=rtpmap:97 VP8/90000\r\na=rtcp-fb:97 nack\r\n\
         a=rtpmap:98 rtx/90000\r\na=fmtp:98 apt=97\r\na=rtpmap:99 H264/90000\r\na=fmtp:99 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\r\n\
         a=rtpmap:100 rtx/90000\r\na=fmtp:100 apt=99\r\na=rtpmap:101 H264/90000\r\na=fmtp:101 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n\
         a=rtpmap:102 rtx/90000\r\na=fmtp:102 apt=101\r\n"
    );
    let above = "a=group:BUNDLE 0 1\r\na=msid-semantic:WMS *\r\n";
    let two = description(above, &[&audio, &video]).replacen("9C:02", "9C:03", 1);
    assert_eq!(
        answer(&two).unwrap_err(),
        OfferRefusal::ConflictingFingerprints,
        "two certificates"
    );
    let published = answer(&description(above, &[&audio, &video])).unwrap();
    assert!(published.sdp.contains("a=rtpmap:97 VP8/90000") && published.sdp.contains("a=rtpmap:98 rtx/90000"));
    let offer = description(above, &[&audio, &video]).replace("sendrecv", "recvonly");
    let viewed = answer(&offer).unwrap();
    assert_eq!((viewed.video_slots.len(), viewed.audio_slots.len()), (1, 1));
    assert!(
        viewed.sdp.contains("profile-level-id=42e01f") && !viewed.sdp.contains("42001f"),
        "the profile all can decode"
    );
}

/// A player in a browser: nothing but sections to receive, the later ones in the bundle only; no SSRC, no msid.
#[test]
fn player() {
    let section = |kind: &str, port: u16, mid: u8, map: &str| {
        let bundle_only = if port == 0 { "a=bundle-only\r\n" } else { "" };
        format!(
            "m={kind} {port} UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\n{bundle_only}{ICE}{FINGERPRINT}a=setup:actpass\r\n\
             a=mid:{mid}\r\na=recvonly\r\na=rtcp-mux\r\na=rtcp-mux-only\r\na=rtpmap:96 {map}\r\n"
        )
    };
    let sections = [
        section("audio", 9, 0, "opus/48000/2"),
        section("video", 0, 1, "VP8/90000"),
        section("video", 0, 2, "VP8/90000"),
    ];
    let offer = description(
        "a=group:BUNDLE 0 1 2\r\na=extmap-allow-mixed\r\n",
        &sections.each_ref().map(String::as_str),
    );
    let answer = answer(&offer).unwrap();
    assert_eq!(
        (answer.video_slots, answer.audio_slots),
        (vec!["1".to_owned(), "2".to_owned()], vec!["0".to_owned()])
    );
}

/// A microphone alone, without a single header extension.
#[test]
fn a_sound_mixer() {
    let audio = format!(
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n{ICE}{FINGERPRINT}a=setup:actpass\r\na=mid:a\r\na=sendonly\r\na=rtcp-mux\r\n\
         a=rtpmap:111 opus/48000/2\r\n"
    );
    let answer = answer(&description("a=group:BUNDLE a\r\n", &[&audio])).unwrap();
    assert_eq!(answer.sends_audio, ["a"]);
    assert!(answer.sends_video.is_empty());
}

/// A studio: several cameras, one of them in layers, and several microphones of one source in one offer.
#[test]
fn a_studio() {
    let common = format!("{ICE}{FINGERPRINT}a=setup:actpass\r\na=sendonly\r\na=rtcp-mux\r\na=rtcp-rsize\r\n");
    let audio = |mid: u8| {
        format!(
            "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n{common}a=mid:{mid}\r\na=rtpmap:111 opus/48000/2\r\n"
        )
    };
    let video = |mid: u8, more: &str| {
        format!(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\n{common}a=mid:{mid}\r\na=rtpmap:96 VP8/90000\r\n{more}"
        )
    };
    let layers = "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\na=rid:l send\r\na=rid:h send\r\na=simulcast:send l;h\r\n";
    let sections = [audio(0), video(1, layers), video(2, ""), audio(3), video(4, "")];
    let offer = description("a=group:BUNDLE 0 1 2 3 4\r\n", &sections.each_ref().map(String::as_str));
    let answer = answer(&offer).unwrap();
    assert_eq!(answer.sends_audio, ["0", "3"]);
    assert_eq!(answer.sends_video, ["1", "2", "4"]);
    assert_eq!(answer.sdp.matches("a=recvonly").count(), 5, "{}", answer.sdp);
    assert_eq!(answer.sdp.matches("a=simulcast:recv l;h").count(), 1);
}
