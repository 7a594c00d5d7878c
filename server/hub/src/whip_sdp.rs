//! What WHIP (RFC 9725) and WHEP ask of session descriptions beyond an ordinary call: one direction, all of it or nothing, and
//! what fragments (RFC 8840) say. Pure text; what an offer means otherwise, the media unit decides.

use ::media::DEVICES;
use std::fmt::Write;
use store::Scope;

/// Media sections that one offer may have.
const SECTIONS: usize = 16;
const DIRECTIONS: [&str; 4] = ["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"];

/// Why a description is not acceptable, before the media unit has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Not a session description.
    Malformed,
    /// A section that goes the other way, or none at all.
    Direction,
    /// More sections than one source has.
    TooMany,
}

/// What the offerer says for this scope, and what is wrong.
fn offered(scope: Scope) -> (&'static str, &'static str) {
    match scope {
        Scope::Publish => ("a=sendonly", "a=recvonly"),
        Scope::View => ("a=recvonly", "a=sendonly"),
    }
}

/// The offer with every section in the one direction that the protocol knows: a publisher only sends, a viewer only receives,
/// also where the client left `sendrecv`, as many do.
///
/// # Errors
/// No description, or one that cannot be answered whole.
pub fn one_way(offer: &str, scope: Scope) -> Result<String, Unfit> {
    let (wanted, contrary) = offered(scope);
    let (header, sections) = sections(offer).ok_or(Unfit::Malformed)?;
    let count = |media: &str| sections.iter().filter(|section| section[0].starts_with(media)).count();
    let has_too_many = scope == Scope::Publish && count("m=audio ").max(count("m=video ")) > DEVICES;
    if sections.len() > SECTIONS || has_too_many {
        return Err(Unfit::TooMany);
    }
    // What stands above the first section holds for every section that says nothing itself.
    let default = direction(&header);
    let mut text = String::with_capacity(offer.len() + 64);
    let mut put = |line: &str| {
        let _infallible = write!(text, "{line}\r\n");
    };
    header
        .iter()
        .filter(|line| !DIRECTIONS.contains(line))
        .for_each(|line| put(line));
    for section in sections {
        let is_media = is_media(section[0]);
        if is_media && [contrary, "a=inactive"].contains(&direction(&section).or(default).unwrap_or("a=sendrecv")) {
            return Err(Unfit::Direction);
        }
        section
            .iter()
            .filter(|line| !DIRECTIONS.contains(line))
            .for_each(|line| put(line));
        if is_media {
            put(wanted);
        }
    }
    Ok(text)
}

/// Whether the answer takes all that was offered (RFC 9725 §4.4.3: no partially successful answers).
#[must_use]
pub fn is_whole(answer: &str, scope: Scope) -> bool {
    // The answer's direction mirrors the offer's.
    let (_, wanted) = offered(scope);
    sections(answer).is_some_and(|(_, sections)| {
        let mut media = sections.iter().filter(|section| is_media(section[0])).peekable();
        media.peek().is_some() && media.all(|section| direction(section) == Some(wanted))
    })
}

/// The ICE part of a description or of a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ice {
    /// The user fragment.
    pub ufrag: String,
    /// The password.
    pub pwd: String,
}

/// Reads the credentials of a description or of a fragment; none if it says none, or only half.
#[must_use]
pub fn ice(text: &str) -> Option<Ice> {
    let value = |key: &str| {
        text.lines()
            .find_map(|line| Some(line.trim_end().strip_prefix(key)?.to_owned()))
    };
    let (ufrag, pwd) = (value("a=ice-ufrag:")?, value("a=ice-pwd:")?);
    // RFC 8839 §5.4.
    let is_sound = |word: &str, least| {
        (least..=256).contains(&word.len())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
    };
    (is_sound(&ufrag, 4) && is_sound(&pwd, 22)).then_some(Ice { ufrag, pwd })
}

/// Whether this can be a fragment at all: lines of the form `x=…`, about ICE.
#[must_use]
pub fn is_fragment(text: &str) -> bool {
    let mut lines = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .peekable();
    lines.peek().is_some()
        && lines.all(|line| line.as_bytes().get(1) == Some(&b'=') && line.as_bytes()[0].is_ascii_lowercase())
        && ["a=ice-ufrag:", "a=candidate:", "a=end-of-candidates"]
            .iter()
            .any(|about| text.contains(about))
}

/// The lines above the first section, and those of each section, its `m=` line first.
fn sections(text: &str) -> Option<(Vec<&str>, Vec<Vec<&str>>)> {
    let mut lines = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .peekable();
    if lines.peek() != Some(&"v=0") {
        return None;
    }
    let mut header = Vec::new();
    let mut sections: Vec<Vec<&str>> = Vec::new();
    for line in lines {
        match sections.last_mut() {
            _ if line.starts_with("m=") => sections.push(vec![line]),
            Some(section) => section.push(line),
            None => header.push(line),
        }
    }
    (!sections.is_empty()).then_some((header, sections))
}

fn is_media(line: &str) -> bool {
    line.starts_with("m=audio ") || line.starts_with("m=video ")
}

fn direction(lines: &[&str]) -> Option<&'static str> {
    DIRECTIONS.into_iter().find(|direction| lines.contains(direction))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef012345\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendrecv\r\na=candidate:1 1 udp 1 192.0.2.1 5 typ host\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n";

    #[test]
    fn sendrecv_and_silence_become_the_one_direction() {
        let publish = one_way(OFFER, Scope::Publish).unwrap();
        assert_eq!(publish.matches("a=sendonly\r\n").count(), 2);
        assert!(!publish.contains("sendrecv") && publish.contains("a=mid:1\r\na=sendonly"));
        assert_eq!(
            one_way(OFFER, Scope::View).unwrap().matches("a=recvonly\r\n").count(),
            2
        );
        let above = OFFER
            .replace("a=sendrecv\r\n", "")
            .replace("t=0 0\r\n", "t=0 0\r\na=sendonly\r\n");
        assert!(one_way(&above, Scope::Publish).is_ok());
        assert_eq!(one_way(&above, Scope::View), Err(Unfit::Direction));
    }

    #[test]
    fn what_goes_the_other_way_is_not_half_accepted() {
        let contrary = OFFER.replace("sendrecv", "recvonly");
        assert_eq!(one_way(&contrary, Scope::Publish), Err(Unfit::Direction));
        assert_eq!(
            one_way(&OFFER.replace("sendrecv", "inactive"), Scope::View),
            Err(Unfit::Direction)
        );
        let many = format!("{OFFER}{}", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n".repeat(SECTIONS));
        assert_eq!(one_way(&many, Scope::View), Err(Unfit::TooMany));
        let cameras = format!("{OFFER}{}", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n".repeat(DEVICES));
        assert_eq!(one_way(&cameras, Scope::Publish), Err(Unfit::TooMany));
        assert!(one_way(&cameras, Scope::View).is_ok());
        assert_eq!(one_way("xin chào", Scope::View), Err(Unfit::Malformed));
        assert_eq!(one_way("v=0\r\n", Scope::View), Err(Unfit::Malformed));
        let answer = "v=0\r\nm=audio 9 X 1\r\na=recvonly\r\nm=video 9 X 1\r\na=inactive\r\n";
        assert!(!is_whole(answer, Scope::Publish));
        assert!(is_whole(&answer.replace("inactive", "recvonly"), Scope::Publish));
        assert!(!is_whole(&answer.replace("inactive", "recvonly"), Scope::View));
    }

    #[test]
    fn credentials_are_read_whole_or_not_at_all() {
        assert!(ice("a=ice-ufrag:wxyz\r\na=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa\r\n").is_some());
        assert_eq!(ice("a=ice-ufrag:wxyz\r\n"), None);
        assert_eq!(ice("a=ice-ufrag:w z!\r\na=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa\r\n"), None);
    }

    #[test]
    fn a_fragment_is_about_ice() {
        assert!(is_fragment(
            "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 5 typ host\r\n"
        ));
        assert!(!is_fragment("") && !is_fragment("a=mid:0") && !is_fragment("{\"candidate\": \"a=candidate:\"}"));
    }
}
