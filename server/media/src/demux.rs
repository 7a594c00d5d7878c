//! The first byte decides what a datagram is (RFC 7983 §7, RFC 5761 §4).

/// What a datagram seems to be, before anything in it is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Stun,
    Dtls,
    Rtp,
    Rtcp,
    Unknown,
}

pub(crate) fn classify(data: &[u8]) -> Class {
    match data {
        [0..=3, ..] if data.len() >= 20 => Class::Stun,
        [20..=63, ..] if data.len() >= 13 => Class::Dtls,
        // RFC 5761 §4: payload types 64-95 with the marker bit are RTCP packet types 192-223.
        [128..=191, 192..=223, ..] if data.len() >= 8 => Class::Rtcp,
        [128..=191, _, ..] if data.len() >= 12 => Class::Rtp,
        _ => Class::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_first_byte_has_one_meaning() {
        for first in 0..=255u8 {
            let mut datagram = [0u8; 40];
            datagram[0] = first;
            let expected = match first {
                0..=3 => Class::Stun,
                20..=63 => Class::Dtls,
                128..=191 => Class::Rtp,
                _ => Class::Unknown,
            };
            assert_eq!(classify(&datagram), expected, "first byte {first}");
        }
    }

    #[test]
    fn short_datagrams_are_nothing() {
        for first in 0..=255u8 {
            assert_eq!(classify(&[first]), Class::Unknown);
        }
        assert_eq!(classify(&[]), Class::Unknown);
        assert_eq!(classify(&[0x80, 200, 0, 0, 0, 0, 0, 0]), Class::Rtcp);
    }
}
