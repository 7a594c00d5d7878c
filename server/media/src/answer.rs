//! Writes the answer: our side of the negotiation, in the offerer's numbers.

use std::fmt::Write;
use std::net::SocketAddr;

use crate::dependency;
use crate::offer::{
    Codec, Direction, Format, Kind, Offer, Section, URI_AUDIO_LEVEL, URI_DEPENDENCY, URI_MID, URI_REPAIRED_RID,
    URI_RID, URI_TRANSPORT_CC,
};
use crate::plan::DEVICES;

/// What the browser gets, and what became of its sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer for `setRemoteDescription`.
    pub sdp: String,
    /// Sections of the microphones that this session may send, in offer order.
    pub sends_audio: Vec<String>,
    /// Sections of the cameras that this session may send, in offer order.
    pub sends_video: Vec<String>,
    /// Sections that receive video, in offer order: index = slot.
    pub video_slots: Vec<String>,
    /// Sections that receive audio, in offer order: index = slot.
    pub audio_slots: Vec<String>,
}

/// What our side makes of one offered section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// The browser sends, we receive.
    Track,
    /// We send on these SSRCs, the browser receives.
    Slot { ssrc: u32, rtx_ssrc: u32 },
    /// Kept in the bundle, nothing flows.
    Inactive,
    /// Not something we carry.
    Rejected,
}

/// Our credentials and addresses.
pub(crate) struct Local<'a> {
    pub(crate) session: u64,
    pub(crate) version: u64,
    pub(crate) ufrag: &'a str,
    pub(crate) pwd: &'a str,
    pub(crate) fingerprint: &'a str,
    pub(crate) candidates: &'a [SocketAddr],
    pub(crate) tcp_candidates: &'a [SocketAddr],
    pub(crate) max_video_bitrate: u32,
}

/// Classifies by direction: the first few sections that send each kind are tracks, every one that receives is a slot.
pub(crate) fn classify(sections: &[Section]) -> Vec<Option<Direction>> {
    let mut sends = (0, 0);
    sections
        .iter()
        .map(|section| {
            let kind = section.kind?;
            let taken = match kind {
                Kind::Audio => &mut sends.0,
                Kind::Video => &mut sends.1,
            };
            Some(match section.direction {
                Direction::SendOnly | Direction::Both if *taken < DEVICES => {
                    *taken += 1;
                    Direction::SendOnly
                }
                Direction::ReceiveOnly => Direction::ReceiveOnly,
                Direction::SendOnly | Direction::Both | Direction::Inactive => Direction::Inactive,
            })
        })
        .collect()
}

/// The answer's text. `uses` has one entry per offered section.
pub(crate) fn write(offer: &Offer, uses: &[Use], local: &Local<'_>) -> String {
    let mut sdp = String::with_capacity(4096);
    // Writing to a String cannot fail, so the results below carry no information.
    let _ = write!(
        sdp,
        "v=0\r\no=- {} {} IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n",
        local.session, local.version
    );
    if offer.allows_mixed {
        sdp.push_str("a=extmap-allow-mixed\r\n");
    }
    let bundled: Vec<&str> = offer
        .sections
        .iter()
        .zip(uses)
        .filter(|(_, used)| **used != Use::Rejected)
        .map(|(section, _)| section.mid.as_str())
        .collect();
    let _ = write!(
        sdp,
        "a=group:BUNDLE {}\r\na=msid-semantic: WMS *\r\n",
        bundled.join(" ")
    );
    for (section, used) in offer.sections.iter().zip(uses) {
        write_section(&mut sdp, section, *used, local);
    }
    sdp
}

/// A new ICE session as a fragment (RFC 8840 §9): `head` names the section at the head of the bundle, whose transport is
/// everybody's.
pub(crate) fn fragment(head: &str, local: &Local<'_>) -> String {
    let mut text = format!(
        "a=ice-lite\r\na=ice-ufrag:{}\r\na=ice-pwd:{}\r\n{head}",
        local.ufrag, local.pwd
    );
    write_candidates(&mut text, local);
    text.push_str("a=end-of-candidates\r\n");
    text
}

/// The lines of a fragment that name the first section that is used.
pub(crate) fn head(sections: &[Section], uses: &[Use]) -> String {
    let mut used = sections.iter().zip(uses).filter(|(_, used)| **used != Use::Rejected);
    used.next().map_or_else(
        String::new,
        |(
            Section {
                media, protocol, mid, ..
            },
            _,
        )| { format!("m={media} 9 {protocol} 0\r\na=mid:{mid}\r\n") },
    )
}

fn write_section(sdp: &mut String, section: &Section, used: Use, local: &Local<'_>) {
    if used == Use::Rejected {
        let _ = write!(
            sdp,
            "m={} 0 {} {}\r\nc=IN IP4 0.0.0.0\r\n",
            section.media, section.protocol, section.offered_formats
        );
        if !section.mid.is_empty() {
            let _ = write!(sdp, "a=mid:{}\r\n", section.mid);
        }
        let _ = write!(sdp, "a=inactive\r\n");
        return;
    }
    // A browser sends the first format it may; a camera therefore gets one codec, a slot all it can decode.
    let formats: &[Format] = match used {
        Use::Track if section.kind == Some(Kind::Video) => &section.formats[..1],
        Use::Track | Use::Slot { .. } | Use::Inactive | Use::Rejected => &section.formats,
    };
    let numbers: Vec<String> = formats
        .iter()
        .flat_map(|format| [Some(format.payload_type), format.rtx])
        .flatten()
        .map(|number| number.to_string())
        .collect();
    let _ = write!(
        sdp,
        "m={} 9 {} {}\r\nc=IN IP4 0.0.0.0\r\n",
        section.media,
        section.protocol,
        numbers.join(" ")
    );
    if section.kind == Some(Kind::Video) && used == Use::Track {
        let _ = write!(
            sdp,
            "b=TIAS:{}\r\n",
            ceiling(local.max_video_bitrate, section.rids.len())
        );
    }
    let _ = write!(
        sdp,
        "a=mid:{}\r\na=ice-ufrag:{}\r\na=ice-pwd:{}\r\na=fingerprint:{}\r\na=setup:active\r\na=rtcp-mux\r\na=rtcp-rsize\r\n",
        section.mid, local.ufrag, local.pwd, local.fingerprint
    );
    write_candidates(sdp, local);
    let _ = write!(sdp, "a=end-of-candidates\r\n");
    let direction = match used {
        Use::Track => "recvonly",
        Use::Slot { .. } => "sendonly",
        Use::Inactive | Use::Rejected => "inactive",
    };
    let _ = write!(sdp, "a={direction}\r\n");
    write_extensions(sdp, section, used, formats);
    for format in formats {
        write_format(sdp, format, has_transport_cc(section, used));
    }
    if used == Use::Track && !section.rids.is_empty() {
        for rid in &section.rids {
            let _ = write!(sdp, "a=rid:{rid} recv\r\n");
        }
        let _ = write!(sdp, "a=simulcast:recv {}\r\n", section.rids.join(";"));
    }
    if let Use::Slot { ssrc, rtx_ssrc } = used {
        let has_rtx = formats.iter().any(|format| format.rtx.is_some());
        let _ = write!(sdp, "a=msid:slot-{0} slot-{0}\r\n", section.mid);
        if has_rtx {
            let _ = write!(sdp, "a=ssrc-group:FID {ssrc} {rtx_ssrc}\r\n");
        }
        for number in [Some(ssrc), has_rtx.then_some(rtx_ssrc)].into_iter().flatten() {
            let _ = write!(
                sdp,
                "a=ssrc:{number} cname:slots\r\na=ssrc:{number} msid:slot-{0} slot-{0}\r\n",
                section.mid
            );
        }
    }
}

/// The UDP addresses, then the TCP ones, which a browser prefers to nothing else (RFC 8445 §5.1.2.1, RFC 6544 §4.2).
fn write_candidates(sdp: &mut String, local: &Local<'_>) {
    const UDP: (u32, &str, &str) = (126, "udp", "");
    // Of a passive candidate among host candidates the direction preference is 4, in the upper three bits.
    const TCP: (u32, &str, &str) = (90, "tcp", " tcptype passive");
    let udp = local
        .candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| (UDP, 65_535 - index as u32, candidate));
    let tcp = local.tcp_candidates.iter().enumerate();
    let tcp = tcp.map(|(index, candidate)| (TCP, (4 << 13) + 8_191 - index as u32, candidate));
    for (number, ((preference, protocol, kind), order, address)) in udp.chain(tcp).enumerate() {
        let priority = (preference << 24) | (order << 8) | 255;
        let _ = write!(
            sdp,
            "a=candidate:{} 1 {protocol} {priority} {} {} typ host{kind}\r\n",
            number + 1,
            address.ip(),
            address.port()
        );
    }
}

fn write_extensions(sdp: &mut String, section: &Section, used: Use, formats: &[Format]) {
    let extensions = section.extensions;
    if extensions.mid != 0 {
        let _ = write!(sdp, "a=extmap:{} {URI_MID}\r\n", extensions.mid);
    }
    if used == Use::Track && !section.rids.is_empty() {
        for (id, uri) in [(extensions.rid, URI_RID), (extensions.repaired_rid, URI_REPAIRED_RID)] {
            if id != 0 {
                let _ = write!(sdp, "a=extmap:{id} {uri}\r\n");
            }
        }
    }
    let is_described = formats.iter().any(|format| dependency::describes(format.codec));
    if extensions.dependency != 0 && is_described {
        let _ = write!(sdp, "a=extmap:{} {URI_DEPENDENCY}\r\n", extensions.dependency);
    }
    // Levels are read from what a browser sends; what we send carries none.
    if used == Use::Track && extensions.audio_level != 0 && section.kind == Some(Kind::Audio) {
        let _ = write!(sdp, "a=extmap:{} {URI_AUDIO_LEVEL}\r\n", extensions.audio_level);
    }
    if has_transport_cc(section, used) {
        let _ = write!(sdp, "a=extmap:{} {URI_TRANSPORT_CC}\r\n", extensions.transport_cc);
    }
}

/// What all layers of a camera may take together, bit/s: those below the largest need half of it at most.
pub(crate) fn ceiling(max_video_bitrate: u32, layers: usize) -> u32 {
    if layers > 1 {
        max_video_bitrate.saturating_add(max_video_bitrate / 2)
    } else {
        max_video_bitrate
    }
}

/// Packets are numbered across the transport in both directions, but for the voices that we send.
fn has_transport_cc(section: &Section, used: Use) -> bool {
    let is_numbered = match used {
        Use::Track => true,
        Use::Slot { .. } => section.kind == Some(Kind::Video),
        Use::Inactive | Use::Rejected => false,
    };
    is_numbered && section.extensions.transport_cc != 0
}

fn write_format(sdp: &mut String, format: &Format, transport_cc: bool) {
    let number = format.payload_type;
    let name = match format.codec {
        Codec::Opus => "opus/48000/2",
        Codec::Red => "red/48000/2",
        Codec::Vp8 => "VP8/90000",
        Codec::H264 => "H264/90000",
        Codec::Vp9 => "VP9/90000",
        Codec::Av1 => "AV1/90000",
    };
    let _ = write!(sdp, "a=rtpmap:{number} {name}\r\n");
    match format.codec {
        Codec::Opus | Codec::Red => {
            if format.nack {
                let _ = write!(sdp, "a=rtcp-fb:{number} nack\r\n");
            }
        }
        Codec::Vp8 | Codec::H264 | Codec::Vp9 | Codec::Av1 => {
            for feedback in ["ccm fir", "nack", "nack pli", "goog-remb"] {
                let _ = write!(sdp, "a=rtcp-fb:{number} {feedback}\r\n");
            }
        }
    }
    if transport_cc {
        let _ = write!(sdp, "a=rtcp-fb:{number} transport-cc\r\n");
    }
    match (&format.fmtp, format.codec) {
        (_, Codec::Opus) => {
            let _ = write!(sdp, "a=fmtp:{number} minptime=10;useinbandfec=1;usedtx=1\r\n");
        }
        (Some(fmtp), Codec::H264 | Codec::Red | Codec::Vp9 | Codec::Av1) => {
            let _ = write!(sdp, "a=fmtp:{number} {fmtp}\r\n");
        }
        (Some(_), Codec::Vp8) | (None, Codec::Vp8 | Codec::H264 | Codec::Red | Codec::Vp9 | Codec::Av1) => {}
    }
    if let Some(rtx) = format.rtx {
        let _ = write!(sdp, "a=rtpmap:{rtx} rtx/90000\r\na=fmtp:{rtx} apt={number}\r\n");
    }
}
