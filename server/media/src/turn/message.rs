//! The relay's messages, written and read. It knows bytes and attributes, and not what is allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::Range;

use rtc_crypto::RTCCryptoProvider;
use rtc_stun::attributes::{ATTR_ERROR_CODE, ATTR_UNKNOWN_ATTRIBUTES, ATTR_XOR_PEER_ADDRESS, AttrType};
use rtc_stun::fingerprint::FINGERPRINT;
use rtc_stun::integrity::MessageIntegrity;
use rtc_stun::message::{CLASS_ERROR_RESPONSE, CLASS_SUCCESS_RESPONSE, Message, MessageType, Setter};

const MAGIC: [u8; 4] = 0x2112_a442_u32.to_be_bytes();
const HEADER: usize = 20;
const DATA_INDICATION: u16 = 0x0017;
const XOR_PEER_ADDRESS: u16 = 0x0012;
const DATA: u16 = 0x0013;

/// Why the relay says no (RFC 8489 §14.8, RFC 8656 §18.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    BadRequest,
    Unauthorized,
    Forbidden,
    UnknownAttribute(u16),
    Mismatch,
    StaleNonce,
    UnsupportedFamily,
    WrongCredentials,
    UnsupportedTransport,
    Quota,
    Full,
}

impl Refused {
    fn code(self) -> (u16, &'static str) {
        match self {
            Refused::BadRequest => (400, "Bad Request"),
            Refused::Unauthorized => (401, "Unauthorized"),
            Refused::Forbidden => (403, "Forbidden"),
            Refused::UnknownAttribute(_) => (420, "Unknown Attribute"),
            Refused::Mismatch => (437, "Allocation Mismatch"),
            Refused::StaleNonce => (438, "Stale Nonce"),
            Refused::UnsupportedFamily => (440, "Address Family not Supported"),
            Refused::WrongCredentials => (441, "Wrong Credentials"),
            Refused::UnsupportedTransport => (442, "Unsupported Transport Protocol"),
            Refused::Quota => (486, "Allocation Quota Reached"),
            Refused::Full => (508, "Insufficient Capacity"),
        }
    }
}

/// A response in the making.
pub(super) struct Answer {
    message: Message,
}

impl Answer {
    /// Success, until something else is said.
    pub(super) fn to(request: &Message) -> Answer {
        let mut message = Message::new();
        message.set_type(MessageType::new(request.typ.method, CLASS_SUCCESS_RESPONSE));
        message.transaction_id = request.transaction_id;
        message.write_header();
        Answer { message }
    }

    pub(super) fn refusal(mut self, refused: &Refused) -> Answer {
        let method = self.message.typ.method;
        self.message.set_type(MessageType::new(method, CLASS_ERROR_RESPONSE));
        let (code, reason) = refused.code();
        let mut value = vec![0, 0, (code / 100) as u8, (code % 100) as u8];
        value.extend_from_slice(reason.as_bytes());
        let answer = self.raw(ATTR_ERROR_CODE, &value);
        match refused {
            Refused::UnknownAttribute(kind) => answer.raw(ATTR_UNKNOWN_ATTRIBUTES, &kind.to_be_bytes()),
            Refused::BadRequest
            | Refused::Unauthorized
            | Refused::Forbidden
            | Refused::Mismatch
            | Refused::StaleNonce
            | Refused::UnsupportedFamily
            | Refused::WrongCredentials
            | Refused::UnsupportedTransport
            | Refused::Quota
            | Refused::Full => answer,
        }
    }

    pub(super) fn raw(mut self, kind: AttrType, value: &[u8]) -> Answer {
        self.message.add(kind, value);
        self
    }

    pub(super) fn text(self, kind: AttrType, value: &str) -> Answer {
        self.raw(kind, value.as_bytes())
    }

    pub(super) fn address(self, kind: AttrType, address: SocketAddr) -> Answer {
        let value = xored(address, &self.message);
        self.raw(kind, &value)
    }

    /// Without protection, for those who have not proved who they are.
    pub(super) fn plain(mut self) -> Vec<u8> {
        // A checksum of a message that was just written does not fail; without it the message is still valid.
        let _ = FINGERPRINT.add_to(&mut self.message);
        self.message.raw
    }

    pub(super) fn signed(mut self, key: &[u8], provider: &dyn RTCCryptoProvider) -> Vec<u8> {
        let integrity = MessageIntegrity::new_raw_integrity_with_provider(key, provider.crypto());
        // An HMAC with any key does not fail; a client ignores what is not signed.
        let _ = integrity.add_to(&mut self.message);
        self.plain()
    }
}

fn mask(transaction: &[u8; 12]) -> [u8; 16] {
    let mut mask = [0; 16];
    mask[..4].copy_from_slice(&MAGIC);
    mask[4..].copy_from_slice(transaction);
    mask
}

/// The value of an XOR-…-ADDRESS (RFC 8489 §14.2) in this message.
pub(super) fn xored(address: SocketAddr, message: &Message) -> Vec<u8> {
    encode(address, &message.transaction_id.0)
}

fn encode(address: SocketAddr, transaction: &[u8; 12]) -> Vec<u8> {
    let mask = mask(transaction);
    let port = address.port() ^ u16::from_be_bytes([mask[0], mask[1]]);
    let (family, octets) = match address.ip() {
        IpAddr::V4(ip) => (1, ip.octets().to_vec()),
        IpAddr::V6(ip) => (2, ip.octets().to_vec()),
    };
    let mut value = vec![0, family];
    value.extend_from_slice(&port.to_be_bytes());
    value.extend(octets.iter().zip(mask).map(|(octet, mask)| octet ^ mask));
    value
}

fn decode(value: &[u8], transaction: &[u8; 12]) -> Option<SocketAddr> {
    let mask = mask(transaction);
    let (head, octets) = value.split_first_chunk::<4>()?;
    let port = u16::from_be_bytes([head[2] ^ mask[0], head[3] ^ mask[1]]);
    let mut plain = [0u8; 16];
    for ((plain, octet), mask) in plain.iter_mut().zip(octets).zip(mask) {
        *plain = octet ^ mask;
    }
    let ip = match (head[1], octets.len()) {
        (1, 4) => IpAddr::V4(Ipv4Addr::new(plain[0], plain[1], plain[2], plain[3])),
        (2, 16) => IpAddr::V6(Ipv6Addr::from(plain)),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// The first peer that a message names.
pub(super) fn peer_of(message: &Message) -> Option<SocketAddr> {
    decode(&message.get(ATTR_XOR_PEER_ADDRESS).ok()?, &message.transaction_id.0)
}

/// All peers that a message names; none if there is none, or one that makes no sense.
pub(super) fn peers_of(message: &Message) -> Option<Vec<SocketAddr>> {
    let named = message
        .attributes
        .0
        .iter()
        .filter(|attribute| attribute.typ == ATTR_XOR_PEER_ADDRESS);
    let peers: Option<Vec<SocketAddr>> = named
        .map(|attribute| decode(&attribute.value, &message.transaction_id.0))
        .collect();
    peers.filter(|peers| !peers.is_empty())
}

/// Where the value of an attribute lies in a message that was read before.
pub(super) fn place_of(bytes: &[u8], kind: AttrType) -> Option<Range<usize>> {
    let mut at = HEADER;
    loop {
        let [high, low, long, short]: &[u8; 4] = bytes.get(at..)?.first_chunk()?;
        let length = usize::from(u16::from_be_bytes([*long, *short]));
        if u16::from_be_bytes([*high, *low]) == kind.0 {
            return Some(at + 4..at + 4 + length).filter(|place| place.end <= bytes.len());
        }
        at += 4 + length.next_multiple_of(4);
    }
}

/// A Data indication (RFC 8656 §11.6), behind what is in `out`. Nobody answers it, so its transaction needs no secret.
pub(super) fn data_indication(peer: SocketAddr, datagram: &[u8], out: &mut Vec<u8>) {
    let transaction = [0; 12];
    let address = encode(peer, &transaction);
    let padded = datagram.len().next_multiple_of(4);
    let length = 4 + address.len() + 4 + padded;
    out.extend_from_slice(&DATA_INDICATION.to_be_bytes());
    out.extend_from_slice(&(length as u16).to_be_bytes());
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&transaction);
    for (kind, value) in [(XOR_PEER_ADDRESS, &address[..]), (DATA, datagram)] {
        out.extend_from_slice(&kind.to_be_bytes());
        out.extend_from_slice(&(value.len() as u16).to_be_bytes());
        out.extend_from_slice(value);
    }
    out.resize(out.len() + padded - datagram.len(), 0);
}
