//! STUN binding checks, as an ICE-lite agent answers them (RFC 8489, RFC 8445 §7.3).
//!
//! A request is read in two steps, so that strangers cost next to nothing: [`Request::parse`] looks only at bytes and
//! the CRC, and the caller looks up the user name; only then [`Request::is_authentic`] spends an HMAC.

use std::net::{IpAddr, SocketAddr};

use ring::hmac;
use rtc_stun::fingerprint::fingerprint_value;

const MAGIC: u32 = 0x2112_a442;
const HEADER: usize = 20;
const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const USE_CANDIDATE: u16 = 0x0025;
const FINGERPRINT: u16 = 0x8028;

/// Room that [`respond`] needs at most.
pub(crate) const RESPONSE: usize = HEADER + 24 + 24 + 8;

/// A binding request that looks right but is not yet believed.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    message: &'a [u8],
    /// Our user fragment: the part before the colon.
    pub(crate) local_ufrag: &'a [u8],
    /// The peer's user fragment.
    pub(crate) remote_ufrag: &'a [u8],
    /// The peer nominates this pair.
    pub(crate) nominates: bool,
    integrity_at: usize,
}

impl<'a> Request<'a> {
    /// Reads a well-formed binding request with USERNAME, MESSAGE-INTEGRITY and a right FINGERPRINT.
    pub(crate) fn parse(message: &'a [u8]) -> Option<Request<'a>> {
        let head: &[u8; HEADER] = message.first_chunk()?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let is_binding_request = head[0] == 0 && head[1] == 1;
        if !is_binding_request || length + HEADER != message.len() || length % 4 != 0 {
            return None;
        }
        if head[4..8] != MAGIC.to_be_bytes() {
            return None;
        }
        let mut username: Option<&[u8]> = None;
        let mut nominates = false;
        let mut integrity_at = None;
        let mut fingerprint = false;
        let mut at = HEADER;
        while at < message.len() {
            let attribute: &[u8; 4] = message.get(at..)?.first_chunk()?;
            let kind = u16::from_be_bytes([attribute[0], attribute[1]]);
            let size = usize::from(u16::from_be_bytes([attribute[2], attribute[3]]));
            let value = message.get(at + 4..at + 4 + size)?;
            if fingerprint {
                return None;
            }
            match (kind, integrity_at) {
                (FINGERPRINT, _) => {
                    let sent = u32::from_be_bytes(value.try_into().ok()?);
                    if sent != fingerprint_value(&message[..at]) {
                        return None;
                    }
                    fingerprint = true;
                }
                // RFC 8489 §14.5: what stands behind MESSAGE-INTEGRITY is not protected, so it is not read.
                (_, Some(_)) => {}
                (USERNAME, None) if username.is_none() => username = Some(value),
                (USE_CANDIDATE, None) => nominates = true,
                (MESSAGE_INTEGRITY, None) if size == 20 => integrity_at = Some(at),
                (MESSAGE_INTEGRITY, None) => return None,
                (_, None) => {}
            }
            at += 4 + size.next_multiple_of(4);
        }
        let username = username?;
        let colon = username.iter().position(|byte| *byte == b':')?;
        let (local_ufrag, rest) = username.split_at(colon);
        if !fingerprint {
            return None;
        }
        Some(Request {
            message,
            local_ufrag,
            remote_ufrag: &rest[1..],
            nominates,
            integrity_at: integrity_at?,
        })
    }

    /// Names the request among all of its sender.
    pub(crate) fn transaction(&self) -> [u8; 12] {
        let mut id = [0; 12];
        id.copy_from_slice(&self.message[8..HEADER]);
        id
    }

    /// Whether the request was made by somebody who knows our password.
    pub(crate) fn is_authentic(&self, key: &hmac::Key) -> bool {
        // RFC 8489 §14.5: the length field counts up to and including MESSAGE-INTEGRITY.
        let counted = (self.integrity_at + 24 - HEADER) as u16;
        let mut signing = hmac::Context::with_key(key);
        signing.update(&self.message[..2]);
        signing.update(&counted.to_be_bytes());
        signing.update(&self.message[4..self.integrity_at]);
        let expected = signing.sign();
        let tag = &self.message[self.integrity_at + 4..self.integrity_at + 24];
        // All bytes are looked at, so that the time says nothing about the first that differs.
        let difference = expected
            .as_ref()
            .iter()
            .zip(tag)
            .fold(0, |sum, (one, other)| sum | (one ^ other));
        expected.as_ref().len() == tag.len() && std::hint::black_box(difference) == 0
    }
}

/// Writes the success response to `request` and says how long it is.
pub(crate) fn respond(request: &Request<'_>, from: SocketAddr, key: &hmac::Key, buffer: &mut [u8]) -> Option<usize> {
    let buffer = buffer.get_mut(..RESPONSE)?;
    buffer[..2].copy_from_slice(&[0x01, 0x01]);
    buffer[4..HEADER].copy_from_slice(&request.message[4..HEADER]);
    let mut mask = [0u8; 16];
    mask.copy_from_slice(&request.message[4..HEADER]);
    let port = from.port() ^ (MAGIC >> 16) as u16;
    let mut at = HEADER;
    let address_length = match from.ip() {
        IpAddr::V4(ip) => {
            xor(&mut buffer[at + 8..at + 12], &ip.octets(), &mask);
            buffer[at + 4..at + 6].copy_from_slice(&[0, 1]);
            8u16
        }
        IpAddr::V6(ip) => {
            xor(&mut buffer[at + 8..at + 24], &ip.octets(), &mask);
            buffer[at + 4..at + 6].copy_from_slice(&[0, 2]);
            20u16
        }
    };
    buffer[at..at + 2].copy_from_slice(&XOR_MAPPED_ADDRESS.to_be_bytes());
    buffer[at + 2..at + 4].copy_from_slice(&address_length.to_be_bytes());
    buffer[at + 6..at + 8].copy_from_slice(&port.to_be_bytes());
    at += 4 + usize::from(address_length);

    set_length(buffer, at + 24);
    let tag = hmac::sign(key, &buffer[..at]);
    buffer[at..at + 2].copy_from_slice(&MESSAGE_INTEGRITY.to_be_bytes());
    buffer[at + 2..at + 4].copy_from_slice(&20u16.to_be_bytes());
    buffer[at + 4..at + 24].copy_from_slice(tag.as_ref());
    at += 24;

    set_length(buffer, at + 8);
    let crc = fingerprint_value(&buffer[..at]);
    buffer[at..at + 2].copy_from_slice(&FINGERPRINT.to_be_bytes());
    buffer[at + 2..at + 4].copy_from_slice(&4u16.to_be_bytes());
    buffer[at + 4..at + 8].copy_from_slice(&crc.to_be_bytes());
    Some(at + 8)
}

fn set_length(buffer: &mut [u8], end: usize) {
    buffer[2..4].copy_from_slice(&((end - HEADER) as u16).to_be_bytes());
}

fn xor(place: &mut [u8], address: &[u8], mask: &[u8; 16]) {
    for ((byte, octet), mask) in place.iter_mut().zip(address).zip(mask) {
        *byte = octet ^ mask;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rtc_stun::attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME};
    use rtc_stun::fingerprint::FINGERPRINT as CRC;
    use rtc_stun::integrity::MessageIntegrity;
    use rtc_stun::message::{BINDING_REQUEST, Getter, Message, Setter, TransactionId};
    use rtc_stun::xoraddr::XorMappedAddress;

    const PASSWORD: &str = "0123456789abcdefghijklmn";

    fn key() -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, PASSWORD.as_bytes())
    }

    /// A request as another implementation writes it.
    fn request(password: &str, nominates_after_integrity: bool) -> Vec<u8> {
        let provider = rtc_crypto::default_provider().expect("a provider is compiled in");
        let mut message = Message::new();
        message.set_type(BINDING_REQUEST);
        TransactionId([7; 12]).add_to(&mut message).expect("id");
        message.write_header();
        message.add(ATTR_USERNAME, b"ours:theirs");
        if !nominates_after_integrity {
            message.add(ATTR_USE_CANDIDATE, &[]);
        }
        MessageIntegrity::new_short_term_integrity_with_provider(password.to_owned(), provider.crypto())
            .add_to(&mut message)
            .expect("integrity");
        if nominates_after_integrity {
            message.add(ATTR_USE_CANDIDATE, &[]);
        }
        CRC.add_to(&mut message).expect("fingerprint");
        message.raw
    }

    #[test]
    fn a_check_of_another_implementation_is_understood_and_answered() {
        let raw = request(PASSWORD, false);
        let request = Request::parse(&raw).expect("a binding request");
        assert_eq!(
            (request.local_ufrag, request.remote_ufrag),
            (&b"ours"[..], &b"theirs"[..])
        );
        assert!(request.nominates && request.is_authentic(&key()));
        for from in ["10.1.2.3:4567", "[2001:db8::7]:99"] {
            let from: SocketAddr = from.parse().expect("an address");
            let mut buffer = [0u8; RESPONSE];
            let length = respond(&request, from, &key(), &mut buffer).expect("room");
            let mut response = Message::new();
            response.unmarshal_binary(&buffer[..length]).expect("STUN");
            let provider = rtc_crypto::default_provider().expect("a provider is compiled in");
            MessageIntegrity::check(&mut response, PASSWORD.as_bytes(), provider.crypto()).expect("our integrity");
            let mut mapped = XorMappedAddress::default();
            mapped.get_from(&response).expect("an address");
            assert_eq!((mapped.ip, mapped.port), (from.ip(), from.port()));
        }
    }

    #[test]
    fn a_wrong_password_is_noticed() {
        let raw = request("another-password-entirely", false);
        assert!(!Request::parse(&raw).expect("well formed").is_authentic(&key()));
    }

    #[test]
    fn nomination_behind_the_integrity_does_not_count() {
        let raw = request(PASSWORD, true);
        assert!(!Request::parse(&raw).expect("well formed").nominates);
    }

    proptest! {
        #[test]
        fn damaged_requests_never_authenticate(position in 0usize..100, flip in 1u8..=255) {
            let mut raw = request(PASSWORD, false);
            let position = position % raw.len();
            raw[position] ^= flip;
            if let Some(request) = Request::parse(&raw) {
                prop_assert!(!request.is_authentic(&key()));
            }
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..160)) {
            let _ = Request::parse(&bytes);
        }
    }
}
