//! Reads a browser's offer and refuses what would weaken the call.
//!
//! It knows what an SDP offer may say; it does not know sessions or slots. Input is text from the network, output is
//! an [`Offer`] with every choice already made, or an [`OfferRefusal`].

use crate::section::section;
use rtc_sdp::description::common::Attribute;
use rtc_sdp::description::media::MediaDescription;
use rtc_sdp::description::session::SessionDescription;

/// Why an offer was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferRefusal {
    /// Not a session description, or larger than any browser's.
    #[error("the offer cannot be read")]
    Malformed,
    /// More media sections or streams than a session may have.
    #[error("the offer asks for too much")]
    TooLarge,
    /// No certificate fingerprint: the peer could not be authenticated.
    #[error("the offer names no certificate fingerprint")]
    NoFingerprint,
    /// Two different fingerprints.
    #[error("the offer names two different certificates")]
    ConflictingFingerprints,
    /// A fingerprint by a hash that is no longer trusted.
    #[error("the fingerprint is made with a weak hash")]
    WeakFingerprint,
    /// Media without DTLS-SRTP with feedback (`UDP/TLS/RTP/SAVPF`).
    #[error("the offer asks for media without DTLS-SRTP")]
    PlainMedia,
    /// No ICE credentials, or several.
    #[error("the offer has no single pair of ICE credentials")]
    NoIce,
    /// The offerer insists on being the DTLS client; that is our side.
    #[error("the offerer insists on being the DTLS client")]
    SetupActive,
    /// Without BUNDLE and rtcp-mux one port does not suffice.
    #[error("the offer does not bundle its media on one transport")]
    NotBundled,
    /// No section that can carry anything.
    #[error("the offer has no usable audio or video")]
    NoMedia,
    /// The server carries as many sessions as it may.
    #[error("the server is full")]
    Full,
}

impl OfferRefusal {
    /// A stable name for protocol and logs.
    pub fn code(self) -> &'static str {
        match self {
            OfferRefusal::Malformed => "OfferMalformed",
            OfferRefusal::TooLarge => "OfferTooLarge",
            OfferRefusal::NoFingerprint => "OfferNoFingerprint",
            OfferRefusal::ConflictingFingerprints => "OfferConflictingFingerprints",
            OfferRefusal::WeakFingerprint => "OfferWeakFingerprint",
            OfferRefusal::PlainMedia => "OfferPlainMedia",
            OfferRefusal::NoIce => "OfferNoIce",
            OfferRefusal::SetupActive => "OfferSetupActive",
            OfferRefusal::NotBundled => "OfferNotBundled",
            OfferRefusal::NoMedia => "OfferNoMedia",
            OfferRefusal::Full => "MediaFull",
        }
    }
}

const MAX_SDP: usize = 128 * 1024;
const MAX_SECTIONS: usize = 64;

/// Audio or video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Audio,
    Video,
}

impl Kind {
    pub(crate) fn clock_rate(self) -> u32 {
        match self {
            Kind::Audio => 48_000,
            Kind::Video => 90_000,
        }
    }

    /// What every browser has.
    pub(crate) fn codec(self) -> Codec {
        match self {
            Kind::Audio => Codec::Opus,
            Kind::Video => Codec::Vp8,
        }
    }
}

/// The codecs that are forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Opus,
    /// Opus with what went before (RFC 2198).
    Red,
    Vp8,
    H264,
    Vp9,
    Av1,
}

/// A codec under the offerer's numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) codec: Codec,
    pub(crate) payload_type: u8,
    pub(crate) rtx: Option<u8>,
    /// The offerer asks for missing packets, or answers to it.
    pub(crate) nack: bool,
    pub(crate) fmtp: Option<String>,
}

/// The certificate the peer must present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) hash: Hash,
    pub(crate) digest: Vec<u8>,
}

/// Hashes a fingerprint may use (RFC 8122 §5, without the broken ones).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    SendOnly,
    ReceiveOnly,
    Both,
    Inactive,
}

/// Ids of the header extensions we understand, as this offerer numbers them; 0 means absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extensions {
    pub(crate) mid: u8,
    pub(crate) audio_level: u8,
    pub(crate) transport_cc: u8,
    /// Names the layer of a packet, and of the packet that a repair carries (RFC 8852).
    pub(crate) rid: u8,
    pub(crate) repaired_rid: u8,
    /// Says to which layers a frame belongs.
    pub(crate) dependency: u8,
}

pub(crate) const URI_MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
pub(crate) const URI_AUDIO_LEVEL: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
pub(crate) const URI_TRANSPORT_CC: &str = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

pub(crate) const URI_DEPENDENCY: &str =
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";
pub(crate) const URI_RID: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
pub(crate) const URI_REPAIRED_RID: &str = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";

/// One media section, with the formats we would use, best first.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// As in the `m=` line: `audio`, `video` or something we reject.
    pub(crate) media: String,
    pub(crate) protocol: String,
    pub(crate) offered_formats: String,
    pub(crate) kind: Option<Kind>,
    pub(crate) mid: String,
    pub(crate) direction: Direction,
    pub(crate) formats: Vec<Format>,
    pub(crate) extensions: Extensions,
    /// The sender's SSRC and that of its retransmissions, when the offer tells.
    pub(crate) ssrc: Option<u32>,
    pub(crate) rtx_ssrc: Option<u32>,
    /// The layers that the offerer would send, by their names; empty without simulcast (RFC 8853).
    pub(crate) rids: Vec<String>,
}

/// A whole offer that may be answered.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) origin: (String, u64),
    pub(crate) ufrag: String,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) sections: Vec<Section>,
    /// Extensions of both forms may stand in one stream (RFC 8285 §6): without the longer one no descriptor fits.
    pub(crate) allows_mixed: bool,
}

impl Offer {
    pub(crate) fn parse(text: &str) -> Result<Offer, OfferRefusal> {
        if text.len() > MAX_SDP {
            return Err(OfferRefusal::TooLarge);
        }
        let description =
            SessionDescription::unmarshal(&mut std::io::Cursor::new(text)).map_err(|_| OfferRefusal::Malformed)?;
        if description.media_descriptions.len() > MAX_SECTIONS {
            return Err(OfferRefusal::TooLarge);
        }
        let session_attributes = &description.attributes;
        let live = || {
            description
                .media_descriptions
                .iter()
                .filter(|media| is_rtp(media) && is_live(media))
        };
        for media in description.media_descriptions.iter().filter(|media| is_rtp(media)) {
            // RFC 8829 §5.1.2: anything but SAVPF over DTLS would leave media in the clear or without feedback.
            let protocol = media.media_name.protos.join("/");
            if protocol != "UDP/TLS/RTP/SAVPF" && protocol != "TCP/TLS/RTP/SAVPF" {
                return Err(OfferRefusal::PlainMedia);
            }
        }
        if live().next().is_none() {
            return Err(OfferRefusal::NoMedia);
        }
        let every = |key: &str| -> Vec<String> {
            let in_media = description
                .media_descriptions
                .iter()
                .flat_map(|media| &media.attributes);
            values(session_attributes.iter().chain(in_media), key)
        };
        let fingerprint = single_fingerprint(&every("fingerprint"))?;
        if every("setup").iter().any(|setup| setup == "active") {
            return Err(OfferRefusal::SetupActive);
        }
        let ufrag = single_credentials(&every("ice-ufrag"), &every("ice-pwd"))?;
        let bundled: Vec<String> = every("group")
            .iter()
            .filter_map(|group| group.strip_prefix("BUNDLE "))
            .flat_map(|mids| mids.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let mut sections = Vec::with_capacity(description.media_descriptions.len());
        for media in &description.media_descriptions {
            sections.push(section(media)?);
        }
        let mixed = |attributes: &[Attribute]| attributes.iter().any(|attribute| attribute.key == "extmap-allow-mixed");
        let allows_mixed = mixed(session_attributes)
            || description
                .media_descriptions
                .iter()
                .filter(|media| is_rtp(media))
                .all(|media| mixed(&media.attributes));
        if !allows_mixed {
            sections
                .iter_mut()
                .for_each(|section| section.extensions.dependency = 0);
        }
        // One section alone needs no bundle.
        let is_alone = live().count() == 1;
        for (media, section) in description.media_descriptions.iter().zip(&sections) {
            let is_bundled = is_alone || bundled.contains(&section.mid);
            if section.kind.is_some() && (!media.has_attribute("rtcp-mux") || !is_bundled) {
                return Err(OfferRefusal::NotBundled);
            }
        }
        Ok(Offer {
            origin: (description.origin.username.clone(), description.origin.session_id),
            ufrag,
            fingerprint,
            sections,
            allows_mixed,
        })
    }
}

fn is_rtp(media: &MediaDescription) -> bool {
    media.media_name.media == "audio" || media.media_name.media == "video"
}

/// Port 0 rejects a section, except when the section travels only in the bundle (RFC 9143 §6): Firefox offers so.
pub(crate) fn is_live(media: &MediaDescription) -> bool {
    media.media_name.port.value != 0 || media.has_attribute("bundle-only")
}

pub(crate) fn values<'a>(attributes: impl Iterator<Item = &'a Attribute>, key: &str) -> Vec<String> {
    attributes
        .filter(|a| a.key == key)
        .filter_map(|a| a.value.clone())
        .map(|v| v.trim().to_owned())
        .collect()
}

fn single_fingerprint(lines: &[String]) -> Result<Fingerprint, OfferRefusal> {
    let mut found: Vec<Fingerprint> = Vec::new();
    for line in lines {
        let (name, hex) = line.split_once(' ').ok_or(OfferRefusal::Malformed)?;
        let hash = match name.to_ascii_lowercase().as_str() {
            "sha-256" => Hash::Sha256,
            "sha-384" => Hash::Sha384,
            "sha-512" => Hash::Sha512,
            _ => return Err(OfferRefusal::WeakFingerprint),
        };
        let digest = hex
            .trim()
            .split(':')
            .map(|byte| u8::from_str_radix(byte, 16).ok().filter(|_| byte.len() == 2))
            .collect::<Option<Vec<u8>>>()
            .ok_or(OfferRefusal::Malformed)?;
        let length = match hash {
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
            Hash::Sha512 => 64,
        };
        if digest.len() != length {
            return Err(OfferRefusal::Malformed);
        }
        let fingerprint = Fingerprint { hash, digest };
        match found.iter().find(|other| other.hash == fingerprint.hash) {
            Some(other) if *other != fingerprint => return Err(OfferRefusal::ConflictingFingerprints),
            Some(_) => {}
            None => found.push(fingerprint),
        }
    }
    // One certificate by several hashes (RFC 8122 §5): the strongest counts.
    let strongest = found.into_iter().max_by_key(|fingerprint| fingerprint.digest.len());
    strongest.ok_or(OfferRefusal::NoFingerprint)
}

fn single_credentials(ufrags: &[String], pwds: &[String]) -> Result<String, OfferRefusal> {
    let (Some(ufrag), Some(pwd)) = (ufrags.first(), pwds.first()) else {
        return Err(OfferRefusal::NoIce);
    };
    if ufrags.iter().any(|other| other != ufrag) || pwds.iter().any(|other| other != pwd) {
        return Err(OfferRefusal::NoIce);
    }
    // RFC 8839 §5.4: 4 to 256 characters, and 22 to 256.
    if !(4..=256).contains(&ufrag.len()) || !(22..=256).contains(&pwd.len()) {
        return Err(OfferRefusal::NoIce);
    }
    // We never check, so the password is only looked at.
    Ok(ufrag.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape of Firefox's offer: fingerprint at session level, one port, the rest in the bundle, VP8 as 120.
    const FIREFOX: &str = "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 4629357 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n\
        a=fingerprint:sha-256 01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F:20\r\n\
        a=group:BUNDLE 0 1 2\r\na=ice-options:trickle\r\na=msid-semantic:WMS *\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 109 101\r\nc=IN IP4 0.0.0.0\r\na=sendonly\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n\
        a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1\r\n\
        a=ice-pwd:0123456789abcdef0123456789abcdef\r\na=ice-ufrag:01234567\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:109 opus/48000/2\r\n\
        a=rtpmap:101 telephone-event/8000\r\na=setup:actpass\r\na=ssrc:111 cname:{x}\r\n\
        m=video 0 UDP/TLS/RTP/SAVPF 120 124 126 127\r\nc=IN IP4 0.0.0.0\r\na=bundle-only\r\na=sendonly\r\na=fmtp:124 apt=120\r\n\
        a=fmtp:126 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1\r\na=fmtp:127 apt=126\r\n\
        a=ice-pwd:0123456789abcdef0123456789abcdef\r\na=ice-ufrag:01234567\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:120 VP8/90000\r\n\
        a=rtpmap:124 rtx/90000\r\na=rtpmap:126 H264/90000\r\na=rtpmap:127 rtx/90000\r\na=setup:actpass\r\n\
        a=ssrc:222 cname:{x}\r\na=ssrc:333 cname:{x}\r\na=ssrc-group:FID 222 333\r\n\
        m=video 0 UDP/TLS/RTP/SAVPF 120\r\nc=IN IP4 0.0.0.0\r\na=bundle-only\r\na=recvonly\r\na=mid:2\r\na=rtcp-mux\r\n\
        a=ice-pwd:0123456789abcdef0123456789abcdef\r\na=ice-ufrag:01234567\r\na=rtpmap:120 VP8/90000\r\na=setup:actpass\r\n";

    #[test]
    fn sections_that_travel_only_in_the_bundle_are_alive() {
        let offer = Offer::parse(FIREFOX).expect("a good offer");
        let kinds: Vec<_> = offer
            .sections
            .iter()
            .map(|section| (section.kind, section.direction))
            .collect();
        assert_eq!(
            kinds,
            [
                (Some(Kind::Audio), Direction::SendOnly),
                (Some(Kind::Video), Direction::SendOnly),
                (Some(Kind::Video), Direction::ReceiveOnly)
            ]
        );
        let camera = &offer.sections[1];
        assert_eq!((camera.ssrc, camera.rtx_ssrc), (Some(222), Some(333)));
        let formats: Vec<_> = camera
            .formats
            .iter()
            .map(|format| (format.codec, format.payload_type, format.rtx))
            .collect();
        assert_eq!(formats, [(Codec::Vp8, 120, Some(124)), (Codec::H264, 126, Some(127))]);
        assert_eq!(
            (
                offer.sections[0].extensions.mid,
                offer.sections[0].extensions.audio_level
            ),
            (3, 1)
        );
    }

    #[test]
    fn layers_are_read_by_name_and_their_number_is_bounded() {
        let text = FIREFOX.replace(
            "a=ssrc:222 cname:{x}",
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n\
             a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\na=rid:q send\r\na=rid:h send\r\na=rid:f send\r\n\
             a=rid:x send\r\na=simulcast:send q;~h,f;f;x;q;undeclared\r\na=ssrc:222 cname:{x}",
        );
        let offer = Offer::parse(&text).expect("a good offer");
        let camera = &offer.sections[1];
        assert_eq!(camera.rids, ["q", "h", "f"]);
        assert_eq!((camera.ssrc, camera.rtx_ssrc), (None, None), "packets name their layer");
        assert_eq!((camera.extensions.rid, camera.extensions.repaired_rid), (4, 5));
        let single = text.replace("q;~h,f;f;x;q;undeclared", "q");
        assert!(Offer::parse(&single).expect("a good offer").sections[1].rids.is_empty());
    }

    #[test]
    fn a_section_with_port_zero_alone_is_rejected() {
        let offer = Offer::parse(&FIREFOX.replace("a=bundle-only\r\na=recvonly", "a=recvonly")).expect("a good offer");
        assert_eq!(offer.sections[2].kind, None);
    }
}
