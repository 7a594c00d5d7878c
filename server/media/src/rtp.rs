//! The RTP header (RFC 3550 §5.1) and its extensions (RFC 8285), read where they lie.

use crate::dependency;

/// What the fixed header says. `length` covers CSRCs and extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) payload_type: u8,
    pub(crate) marker: bool,
    pub(crate) padding: bool,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) ssrc: u32,
    pub(crate) length: usize,
    extension: Option<(u16, usize, usize)>,
}

/// Length of the header that we write without an extension.
pub(crate) const PLAIN: usize = 12;
/// And with the transport-wide number.
pub(crate) const STAMPED: usize = 20;

/// The transport-wide number of a packet and the id of the extension that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) id: u8,
    pub(crate) number: u16,
}

/// A dependency descriptor, under another frame number, and the id of the extension that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Described<'a> {
    pub(crate) id: u8,
    pub(crate) bytes: &'a [u8],
    pub(crate) frame: u16,
}

impl Header {
    pub(crate) fn parse(data: &[u8]) -> Option<Header> {
        let fixed: &[u8; 12] = data.first_chunk()?;
        if fixed[0] >> 6 != 2 {
            return None;
        }
        let mut length = 12 + 4 * usize::from(fixed[0] & 0x0f);
        let mut extension = None;
        if fixed[0] & 0x10 != 0 {
            let head: &[u8; 4] = data.get(length..)?.first_chunk()?;
            let profile = u16::from_be_bytes([head[0], head[1]]);
            let start = length + 4;
            length = start + 4 * usize::from(u16::from_be_bytes([head[2], head[3]]));
            extension = Some((profile, start, length));
        }
        if data.len() < length {
            return None;
        }
        Some(Header {
            payload_type: fixed[1] & 0x7f,
            marker: fixed[1] & 0x80 != 0,
            padding: fixed[0] & 0x20 != 0,
            sequence: u16::from_be_bytes([fixed[2], fixed[3]]),
            timestamp: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            ssrc: u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]),
            length,
            extension,
        })
    }

    /// The payload of an opened packet, without padding.
    pub(crate) fn payload<'a>(&self, opened: &'a [u8]) -> Option<&'a [u8]> {
        let body = opened.get(self.length..)?;
        if !self.padding {
            return Some(body);
        }
        let padding = usize::from(*body.last()?);
        if padding == 0 {
            return None;
        }
        body.get(..body.len().checked_sub(padding)?)
    }

    /// The value of extension `id`, in one-byte or two-byte form (RFC 8285 §4.2, §4.3).
    pub(crate) fn extension<'a>(&self, data: &'a [u8], id: u8) -> Option<&'a [u8]> {
        let (profile, start, end) = self.extension?;
        let mut rest = data.get(start..end)?;
        let one_byte = profile == 0xbede;
        if !one_byte && profile & 0xfff0 != 0x1000 {
            return None;
        }
        while let [first, tail @ ..] = rest {
            if *first == 0 {
                rest = tail;
                continue;
            }
            let (found, length, tail) = if one_byte {
                if first >> 4 == 15 {
                    return None;
                }
                (first >> 4, usize::from(first & 0x0f) + 1, tail)
            } else {
                let [length, tail @ ..] = tail else { return None };
                (*first, usize::from(*length), tail)
            };
            let value = tail.get(..length)?;
            if found == id {
                return Some(value);
            }
            rest = &tail[length..];
        }
        None
    }
}

/// Writes the header of a packet that we send, and says how long it is.
pub(crate) fn write(
    buffer: &mut [u8],
    payload_type: u8,
    marker: bool,
    sequence: u16,
    timestamp: u32,
    ssrc: u32,
    stamp: Option<Stamp>,
) -> Option<usize> {
    let head: &mut [u8; PLAIN] = buffer.first_chunk_mut()?;
    head[0] = 0x80;
    head[1] = payload_type | if marker { 0x80 } else { 0 };
    head[2..4].copy_from_slice(&sequence.to_be_bytes());
    head[4..8].copy_from_slice(&timestamp.to_be_bytes());
    head[8..].copy_from_slice(&ssrc.to_be_bytes());
    let Some(stamp) = stamp else { return Some(PLAIN) };
    head[0] |= 0x10;
    let [high, low] = stamp.number.to_be_bytes();
    buffer
        .get_mut(PLAIN..STAMPED)?
        .copy_from_slice(&[0xbe, 0xde, 0, 1, stamp.id << 4 | 1, high, low, 0]);
    Some(STAMPED)
}

/// Behind a header that [`write`] wrote: the same extensions with one more, in the short form if that will do (RFC 8285 §4.2,
/// §4.3). Says how long the header is now.
pub(crate) fn describe(buffer: &mut [u8], stamp: Option<Stamp>, described: Described<'_>) -> Option<usize> {
    let Described { id, bytes, frame } = described;
    let is_short = id < 15 && (1..=16).contains(&bytes.len());
    let start = PLAIN + 4;
    let mut at = start;
    let mut put = |value: &[u8]| {
        buffer.get_mut(at..at + value.len())?.copy_from_slice(value);
        at += value.len();
        Some(at)
    };
    if let Some(Stamp { id, number }) = stamp {
        let [high, low] = number.to_be_bytes();
        if is_short {
            put(&[id << 4 | 1, high, low])?;
        } else {
            put(&[id, 2, high, low])?;
        }
    }
    if is_short {
        put(&[id << 4 | (bytes.len() - 1) as u8])?;
    } else {
        put(&[id, u8::try_from(bytes.len()).ok()?])?;
    }
    let place = put(bytes)? - bytes.len();
    let end = start + (at - start).next_multiple_of(4);
    dependency::renumber(buffer.get_mut(place..at)?, frame);
    buffer.get_mut(at..end)?.fill(0);
    let [high, low] = (if is_short { 0xbede_u16 } else { 0x1000 }).to_be_bytes();
    buffer[0] |= 0x10;
    buffer[PLAIN..start].copy_from_slice(&[high, low, 0, ((end - start) / 4) as u8]);
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn extensions_are_found_in_both_forms() {
        let one = [
            0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe, 0xde, 0, 2, 0x10, 0xaa, 0, 0x31, b'1', b'2', 0, 0, 9,
        ];
        let header = Header::parse(&one).expect("a header");
        assert_eq!(header.extension(&one, 1), Some(&[0xaa][..]));
        assert_eq!(header.extension(&one, 3), Some(&b"12"[..]));
        assert_eq!(header.extension(&one, 4), None);
        assert_eq!(header.payload(&one), Some(&[9][..]));
        let two = [0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x10, 0x00, 0, 1, 5, 2, 7, 8];
        let header = Header::parse(&two).expect("a header");
        assert_eq!(header.extension(&two, 5), Some(&[7, 8][..]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120), id in 1u8..15) {
            if let Some(header) = Header::parse(&bytes) {
                let _ = header.extension(&bytes, id);
                let _ = header.payload(&bytes);
                prop_assert!(header.length <= bytes.len());
            }
        }

        #[test]
        fn a_header_we_write_is_read_back(payload_type in 0u8..128, marker: bool, sequence: u16, timestamp: u32, ssrc: u32, id in 1u8..15, number: u16) {
            let mut bytes = [0u8; STAMPED];
            write(&mut bytes, payload_type, marker, sequence, timestamp, ssrc, Some(Stamp { id, number })).expect("room");
            let header = Header::parse(&bytes).expect("a header");
            prop_assert_eq!(header.extension(&bytes, id), Some(&number.to_be_bytes()[..]));
            prop_assert_eq!((header.length, header.sequence), (STAMPED, sequence));
            let described = [7u8; 30];
            for length in [3, 16, 30] {
                let mut long = [0u8; 60];
                let stamp = Some(Stamp { id, number });
                write(&mut long, payload_type, marker, sequence, timestamp, ssrc, stamp).expect("room");
                let other = Described { id: 15 - id, bytes: &described[..length], frame: sequence };
                prop_assume!(other.id != id);
                let end = describe(&mut long, stamp, other).expect("room");
                let header = Header::parse(&long).expect("a header");
                prop_assert_eq!((header.length, header.sequence), (end, sequence));
                prop_assert_eq!(header.extension(&long, id), Some(&number.to_be_bytes()[..]));
                let found = header.extension(&long, other.id).expect("there");
                prop_assert_eq!((found.len(), dependency::frame_number(found)), (length, Some(sequence)));
            }
            write(&mut bytes, payload_type, marker, sequence, timestamp, ssrc, None).expect("room");
            let header = Header::parse(&bytes).expect("a header");
            prop_assert_eq!((header.payload_type, header.marker, header.sequence), (payload_type, marker, sequence));
            prop_assert_eq!((header.timestamp, header.ssrc, header.length), (timestamp, ssrc, PLAIN));
        }
    }
}
