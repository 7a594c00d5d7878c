//! One section of an offer: its direction, the formats that we would use, its extensions, SSRCs and layers.

use rtc_sdp::description::media::MediaDescription;

use crate::offer::{
    Codec, Direction, Extensions, Format, Kind, OfferRefusal, Section, URI_AUDIO_LEVEL, URI_DEPENDENCY, URI_MID,
    URI_REPAIRED_RID, URI_RID, URI_TRANSPORT_CC, is_live, values,
};
use crate::track::MAX_LAYERS;

const MAX_SSRCS: usize = 8;

/// Reads one.
pub(crate) fn section(media: &MediaDescription) -> Result<Section, OfferRefusal> {
    let name = &media.media_name;
    let attribute = |key: &str| values(media.attributes.iter(), key);
    let mid = attribute("mid").into_iter().next().unwrap_or_default();
    if mid.len() > 32
        || !mid
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`{|}~".contains(&b))
    {
        return Err(OfferRefusal::Malformed);
    }
    let usable = is_live(media) && !mid.is_empty();
    let kind = match name.media.as_str() {
        "audio" if usable => Some(Kind::Audio),
        "video" if usable => Some(Kind::Video),
        _ => None,
    };
    let formats = match kind {
        Some(kind) => formats(kind, &attribute("rtpmap"), &attribute("fmtp"), &attribute("rtcp-fb")),
        None => Vec::new(),
    };
    let direction = if media.has_attribute("sendonly") {
        Direction::SendOnly
    } else if media.has_attribute("recvonly") {
        Direction::ReceiveOnly
    } else if media.has_attribute("inactive") {
        Direction::Inactive
    } else {
        Direction::Both
    };
    let mut ssrcs: Vec<u32> = Vec::new();
    for line in attribute("ssrc") {
        let ssrc = line
            .split(' ')
            .next()
            .and_then(|s| s.parse().ok())
            .ok_or(OfferRefusal::Malformed)?;
        if !ssrcs.contains(&ssrc) {
            ssrcs.push(ssrc);
        }
    }
    if ssrcs.len() > MAX_SSRCS {
        return Err(OfferRefusal::TooLarge);
    }
    let pair = attribute("ssrc-group").into_iter().find_map(|group| {
        let mut words = group.strip_prefix("FID ")?.split_whitespace().map(str::parse::<u32>);
        Some((words.next()?.ok()?, words.next()?.ok()?))
    });
    let extensions = extensions(&attribute("extmap"));
    let rids = if kind == Some(Kind::Video) && extensions.rid != 0 {
        layers(&attribute("rid"), &attribute("simulcast"))
    } else {
        Vec::new()
    };
    let (ssrc, rtx_ssrc) = match pair {
        // Of several layers the packets themselves say which they are; Firefox's list does not.
        _ if !rids.is_empty() => (None, None),
        Some((main, rtx)) => (Some(main), Some(rtx)),
        None => (ssrcs.first().copied(), None),
    };
    Ok(Section {
        media: name.media.clone(),
        protocol: name.protos.join("/"),
        offered_formats: name.formats.join(" "),
        kind: kind.filter(|_| !formats.is_empty()),
        mid,
        direction,
        formats,
        extensions,
        ssrc,
        rtx_ssrc,
        rids,
    })
}

/// The layers of `a=simulcast:send` (RFC 8853 §5.1) that an `a=rid` line declares, as many as we take; of alternatives the
/// first. A single one is no simulcast.
fn layers(rids: &[String], simulcast: &[String]) -> Vec<String> {
    let is_declared = |name: &str| {
        let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=16).contains(&name.len())
            && name.bytes().all(is_word)
            && rids.iter().any(|line| line.split(' ').take(2).eq([name, "send"]))
    };
    let mut words = simulcast
        .first()
        .map(|line| line.split_whitespace())
        .into_iter()
        .flatten();
    let sent = words
        .by_ref()
        .find(|word| *word == "send")
        .and_then(|_| words.next())
        .unwrap_or("");
    let mut found: Vec<String> = Vec::new();
    for layer in sent.split(';') {
        let name = layer.split(',').next().unwrap_or("").trim_start_matches('~');
        if is_declared(name) && !found.iter().any(|other| other == name) && found.len() < MAX_LAYERS {
            found.push(name.to_owned());
        }
    }
    if found.len() < 2 { Vec::new() } else { found }
}

fn extensions(lines: &[String]) -> Extensions {
    let mut found = Extensions::default();
    for line in lines {
        let mut words = line.split_whitespace();
        let (Some(number), Some(uri)) = (words.next(), words.next()) else {
            continue;
        };
        let Some(id) = number
            .split('/')
            .next()
            .and_then(|n| n.parse::<u8>().ok())
            .filter(|id| *id != 0)
        else {
            continue;
        };
        match uri {
            URI_MID => found.mid = id,
            URI_AUDIO_LEVEL => found.audio_level = id,
            URI_TRANSPORT_CC => found.transport_cc = id,
            URI_RID => found.rid = id,
            URI_REPAIRED_RID => found.repaired_rid = id,
            URI_DEPENDENCY => found.dependency = id,
            _ => {}
        }
    }
    found
}

/// The formats of a section that can be forwarded: Opus, with redundancy if there is; VP8, which every
/// browser has, before constrained-baseline H.264 in packetization mode 1, VP9 and AV1 in their main profiles.
fn formats(kind: Kind, rtpmaps: &[String], fmtps: &[String], feedbacks: &[String]) -> Vec<Format> {
    let fmtp_of = |payload_type: u8| {
        fmtps.iter().find_map(|line| {
            let (number, rest) = line.split_once(' ')?;
            (number.parse::<u8>().ok()? == payload_type).then(|| rest.trim().to_owned())
        })
    };
    let maps: Vec<(u8, String)> = rtpmaps
        .iter()
        .filter_map(|line| {
            let (number, name) = line.split_once(' ')?;
            let payload_type = number
                .parse::<u8>()
                .ok()
                .filter(|p| *p < 128 && !(64..96).contains(p))?;
            Some((payload_type, name.trim().to_ascii_lowercase()))
        })
        .collect();
    let rtx_of = |payload_type: u8| {
        maps.iter()
            .filter(|(_, name)| name == "rtx/90000")
            .find(|(rtx, _)| {
                let apt = fmtp_of(*rtx).and_then(|f| f.strip_prefix("apt=")?.trim().parse::<u8>().ok());
                apt == Some(payload_type)
            })
            .map(|(rtx, _)| *rtx)
    };
    let has_nack = |payload_type: u8| {
        let asks = |line: &String| line.split(' ').eq([payload_type.to_string().as_str(), "nack"]);
        feedbacks.iter().any(asks)
    };
    let first = |codec: Codec, wanted: &dyn Fn(&str, &str) -> bool| {
        maps.iter().find_map(|(payload_type, name)| {
            let fmtp = fmtp_of(*payload_type);
            wanted(name, fmtp.as_deref().unwrap_or("")).then(|| Format {
                codec,
                payload_type: *payload_type,
                rtx: rtx_of(*payload_type),
                nack: has_nack(*payload_type),
                fmtp,
            })
        })
    };
    match kind {
        Kind::Audio => {
            let Some(opus) = first(Codec::Opus, &|name, _| name == "opus/48000/2") else {
                return Vec::new();
            };
            let number = opus.payload_type.to_string();
            let red = first(Codec::Red, &|name, fmtp| {
                name == "red/48000/2" && fmtp.split('/').all(|block| block == number)
            });
            red.into_iter().chain([opus]).collect()
        }
        Kind::Video => {
            let vp8 = first(Codec::Vp8, &|name, _| name == "vp8/90000");
            let fragmented = |name: &str, fmtp: &str| {
                name == "h264/90000" && fmtp.split(';').any(|p| p.trim() == "packetization-mode=1")
            };
            let constrained = first(Codec::H264, &|name, fmtp| {
                let fmtp = fmtp.to_ascii_lowercase();
                let profile = fmtp.split(';').find_map(|p| p.trim().strip_prefix("profile-level-id="));
                fragmented(name, &fmtp) && profile.is_some_and(|p| p.starts_with("42e0"))
            });
            // Encoders say which profile they send, and may have no other; every browser decodes all of them.
            let h264 = constrained.or_else(|| first(Codec::H264, &fragmented));
            let has_profile = |fmtp: &str, key: &str| {
                let found = fmtp
                    .split(';')
                    .find_map(|p| p.trim().strip_prefix(key)?.strip_prefix('='));
                found.is_none_or(|profile| profile == "0")
            };
            let vp9 = first(Codec::Vp9, &|name, fmtp| {
                name == "vp9/90000" && has_profile(fmtp, "profile-id")
            });
            let av1 = first(Codec::Av1, &|name, fmtp| {
                name == "av1/90000" && has_profile(fmtp, "profile")
            });
            vp8.into_iter().chain(h264).chain(vp9).chain(av1).collect()
        }
    }
}
