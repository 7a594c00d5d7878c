//! A relay for networks that let out nothing but TLS (TURN, RFC 8656), whose only peer is the unit itself.
//!
//! It is the part of the protocol that browsers use over a stream: Allocate, Refresh, CreatePermission, ChannelBind, Send
//! and ChannelData, with long-term credentials. Nothing of a general relay is here: no socket is ever opened, what a
//! client sends to one of the unit's own addresses is handed to the unit, and everything else is refused (T-43).
//!
//! One [`Turn`] belongs to one connection and [`Relay`] to all of them. Neither knows what TLS is or who may speak.

mod message;
mod relay;

use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_stun::attributes::{
    ATTR_CHANNEL_NUMBER, ATTR_DATA, ATTR_DONT_FRAGMENT, ATTR_LIFETIME, ATTR_MESSAGE_INTEGRITY, ATTR_NONCE, ATTR_REALM,
    ATTR_REQUESTED_ADDRESS_FAMILY, ATTR_REQUESTED_TRANSPORT, ATTR_USERNAME, ATTR_XOR_PEER_ADDRESS,
    ATTR_XOR_RELAYED_ADDRESS, ATTR_XORMAPPED_ADDRESS,
};
use rtc_stun::message::{
    CLASS_INDICATION, CLASS_REQUEST, METHOD_ALLOCATE, METHOD_BINDING, METHOD_CHANNEL_BIND, METHOD_CREATE_PERMISSION,
    METHOD_REFRESH, METHOD_SEND, Message,
};

use crate::allowance::Allowance;
use crate::plan::SessionId;
use crate::stream::{LONGEST, Unframed};
use message::{Answer, Refused, peer_of, peers_of, xored};

pub use relay::{Pass, Relay};

/// An allocation lives so long without a refresh, at most and by default (RFC 8656 §7.2).
const LIFETIME: Duration = Duration::from_secs(600);
/// A permission (RFC 8656 §9) and a channel (§12) live so long.
const PERMISSION: Duration = Duration::from_secs(300);
const CHANNEL: Duration = Duration::from_secs(600);
const UDP: u8 = 17;

/// What a client's message led to.
#[derive(Debug, PartialEq, Eq)]
pub enum Relayed {
    /// For the client.
    Answer(Vec<u8>),
    /// For the unit: the bytes of the message that are a datagram.
    Datagram {
        /// The address that the relay gave the client.
        from: SocketAddr,
        /// The address of the unit that the client named.
        to: SocketAddr,
        /// Where the datagram lies in the message.
        at: Range<usize>,
    },
    /// Nothing to do.
    Nothing,
}

struct Allocation {
    session: SessionId,
    username: String,
    relayed: SocketAddr,
    until: Instant,
    permissions: Vec<(IpAddr, Instant)>,
    channels: Vec<(u16, SocketAddr, Instant)>,
}

/// One client's connection.
pub struct Turn {
    client: SocketAddr,
    peers: Arc<[SocketAddr]>,
    /// Over TLS nobody else can repeat what a client said, so one nonce serves the whole connection.
    nonce: String,
    allowance: Allowance,
    allocation: Option<Allocation>,
}

impl Turn {
    /// A client has connected from this address.
    pub fn new(client: SocketAddr, relay: &Relay) -> Turn {
        Turn {
            client,
            peers: relay.peers(),
            nonce: relay.nonce(),
            allowance: Allowance::default(),
            allocation: None,
        }
    }

    /// How many bytes of `bytes` are the first message; `None` while it is not whole (RFC 8656 §12.5: over a stream,
    /// ChannelData is padded to four bytes).
    ///
    /// # Errors
    /// This is neither STUN nor ChannelData, or longer than anything we take.
    pub fn first_message(bytes: &[u8]) -> Result<Option<usize>, Unframed> {
        let Some([kind, _, high, low]) = bytes.first_chunk() else {
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let whole = match kind {
            0..=0x3f => length + 20,
            0x40..=0x4f => (length + 4).next_multiple_of(4),
            _ => return Err(Unframed),
        };
        if length > LONGEST {
            return Err(Unframed);
        }
        Ok((bytes.len() >= whole).then_some(whole))
    }

    /// Whether the client holds an allocation.
    pub fn is_allocated(&self, now: Instant) -> bool {
        self.allocation
            .as_ref()
            .is_some_and(|allocation| now < allocation.until)
    }

    /// To which session the allocation belongs.
    pub fn session(&self) -> Option<SessionId> {
        self.allocation.as_ref().map(|allocation| allocation.session)
    }

    /// Takes in one message, as [`Turn::first_message`] found it.
    pub fn handle(&mut self, bytes: &[u8], relay: &mut Relay, now: Instant) -> Relayed {
        if let [0x40..=0x4f, _, ..] = bytes {
            return self.channel_data(bytes, now);
        }
        let mut message = Message::new();
        if message.unmarshal_binary(bytes).is_err() {
            return Relayed::Nothing;
        }
        match (message.typ.class, message.typ.method) {
            (CLASS_INDICATION, METHOD_SEND) => self.send(&message, bytes, now),
            (CLASS_REQUEST, METHOD_BINDING) if self.allowance.check(now) => Relayed::Answer(
                Answer::to(&message)
                    .address(ATTR_XORMAPPED_ADDRESS, self.client)
                    .plain(),
            ),
            (CLASS_REQUEST, _) if self.allowance.check(now) => Relayed::Answer(self.request(&message, relay, now)),
            _ => Relayed::Nothing,
        }
    }

    /// ChannelData without asking anybody: the way of the many packets.
    pub fn channel_data(&self, bytes: &[u8], now: Instant) -> Relayed {
        let (Some([high, low, long, short]), Some(allocation)) = (bytes.first_chunk(), self.allocation.as_ref()) else {
            return Relayed::Nothing;
        };
        let number = u16::from_be_bytes([*high, *low]);
        let end = 4 + usize::from(u16::from_be_bytes([*long, *short]));
        let live = allocation
            .channels
            .iter()
            .find(|(known, _, until)| *known == number && now < *until);
        match live {
            Some((_, peer, _)) if end <= bytes.len() && now < allocation.until => Relayed::Datagram {
                from: allocation.relayed,
                to: *peer,
                at: 4..end,
            },
            _ => Relayed::Nothing,
        }
    }

    fn send(&self, message: &Message, bytes: &[u8], now: Instant) -> Relayed {
        let Some(allocation) = self.allocation.as_ref().filter(|allocation| now < allocation.until) else {
            return Relayed::Nothing;
        };
        let peer = peer_of(message).filter(|peer| self.peers.contains(peer) && allocation.permits(peer.ip(), now));
        let (Some(to), Some(at)) = (peer, message::place_of(bytes, ATTR_DATA)) else {
            return Relayed::Nothing;
        };
        let from = allocation.relayed;
        Relayed::Datagram { from, to, at }
    }

    /// Wraps a datagram of the unit's for the client, behind what is in `out`. `false` when the client has not asked to
    /// hear from this address.
    pub fn wrap(&self, peer: SocketAddr, datagram: &[u8], out: &mut Vec<u8>, now: Instant) -> bool {
        let Some(allocation) = self.allocation.as_ref().filter(|allocation| now < allocation.until) else {
            return false;
        };
        let channel = allocation
            .channels
            .iter()
            .find(|(_, bound, until)| *bound == peer && now < *until);
        if let Some((number, _, _)) = channel {
            out.extend_from_slice(&number.to_be_bytes());
            out.extend_from_slice(&(datagram.len() as u16).to_be_bytes());
            out.extend_from_slice(datagram);
            out.resize(out.len() + datagram.len().next_multiple_of(4) - datagram.len(), 0);
            return true;
        }
        let permitted = allocation.permits(peer.ip(), now);
        if permitted {
            message::data_indication(peer, datagram, out);
        }
        permitted
    }

    /// The connection is gone.
    pub fn end(&mut self, relay: &mut Relay) {
        if let Some(allocation) = self.allocation.take() {
            relay.release(allocation.relayed);
        }
    }

    fn request(&mut self, message: &Message, relay: &mut Relay, now: Instant) -> Vec<u8> {
        let answer = Answer::to(message);
        let (username, session, key) = match self.authenticate(message, relay, now) {
            Ok(known) => known,
            Err(refused) => {
                return answer
                    .refusal(&refused)
                    .text(ATTR_REALM, relay::REALM)
                    .text(ATTR_NONCE, &self.nonce)
                    .plain();
            }
        };
        let done = if let Some(unknown) = unknown_attribute(message) {
            Err(Refused::UnknownAttribute(unknown))
        } else if message.typ.method == METHOD_ALLOCATE {
            self.allocate(message, relay, (username, session), now)
        } else {
            self.follow_up(message, relay, &username, now)
        };
        let answer = match done {
            Ok(attributes) => attributes
                .into_iter()
                .fold(answer, |answer, (kind, value)| answer.raw(kind, &value)),
            Err(refused) => answer.refusal(&refused),
        };
        answer.signed(&key, relay.provider())
    }

    /// RFC 8489 §9.2.4.
    fn authenticate(
        &self,
        message: &Message,
        relay: &Relay,
        now: Instant,
    ) -> Result<(String, SessionId, Vec<u8>), Refused> {
        if !message.contains(ATTR_MESSAGE_INTEGRITY) {
            return Err(Refused::Unauthorized);
        }
        let text = |kind| message.get(kind).ok().and_then(|value| String::from_utf8(value).ok());
        let (Some(username), Some(_), Some(nonce)) = (text(ATTR_USERNAME), text(ATTR_REALM), text(ATTR_NONCE)) else {
            return Err(Refused::BadRequest);
        };
        if nonce != self.nonce {
            return Err(Refused::StaleNonce);
        }
        // Credentials that have run out open nothing new, but what they opened may be kept alive and ended.
        let goes_on = self
            .allocation
            .as_ref()
            .is_some_and(|allocation| allocation.username == username);
        let (session, key) = relay
            .key(&username, message, goes_on, now)
            .ok_or(Refused::Unauthorized)?;
        Ok((username, session, key))
    }

    fn allocate(
        &mut self,
        message: &Message,
        relay: &mut Relay,
        (username, session): (String, SessionId),
        now: Instant,
    ) -> Result<Attributes, Refused> {
        if self.allocation.is_some() {
            return Err(Refused::Mismatch);
        }
        match message.get(ATTR_REQUESTED_TRANSPORT).as_deref() {
            Ok([UDP, ..]) => {}
            Ok(_) => return Err(Refused::UnsupportedTransport),
            Err(_) => return Err(Refused::BadRequest),
        }
        let family = match message.get(ATTR_REQUESTED_ADDRESS_FAMILY).as_deref() {
            Err(_) => None,
            Ok([1, ..]) => Some(true),
            Ok([2, ..]) => Some(false),
            Ok(_) => return Err(Refused::UnsupportedFamily),
        };
        let relayed = relay.allocate(session, family)?;
        let lifetime = lifetime(message).filter(|asked| !asked.is_zero()).unwrap_or(LIFETIME);
        self.allocation = Some(Allocation {
            session,
            username,
            relayed,
            until: now + lifetime,
            permissions: Vec::new(),
            channels: Vec::new(),
        });
        Ok(vec![
            (ATTR_XOR_RELAYED_ADDRESS, xored(relayed, message)),
            (ATTR_LIFETIME, seconds(lifetime)),
            (ATTR_XORMAPPED_ADDRESS, xored(self.client, message)),
        ])
    }

    /// What only the holder of an allocation may ask.
    fn follow_up(
        &mut self,
        message: &Message,
        relay: &mut Relay,
        username: &str,
        now: Instant,
    ) -> Result<Attributes, Refused> {
        let peers = Arc::clone(&self.peers);
        let allocation = self.allocation.as_mut().filter(|allocation| now < allocation.until);
        let allocation = allocation.ok_or(Refused::Mismatch)?;
        if allocation.username != username {
            return Err(Refused::WrongCredentials);
        }
        match message.typ.method {
            METHOD_REFRESH => {
                let lifetime = lifetime(message).unwrap_or(LIFETIME);
                allocation.until = now + lifetime;
                if lifetime.is_zero() {
                    self.end(relay);
                }
                Ok(vec![(ATTR_LIFETIME, seconds(lifetime))])
            }
            METHOD_CREATE_PERMISSION => {
                let asked = peers_of(message).ok_or(Refused::BadRequest)?;
                // A permission is for an address with all its ports; what is sent is compared with the port, too.
                if !asked
                    .iter()
                    .all(|asked| peers.iter().any(|peer| peer.ip() == asked.ip()))
                {
                    return Err(Refused::Forbidden);
                }
                asked.iter().for_each(|peer| allocation.permit(peer.ip(), now));
                Ok(Vec::new())
            }
            METHOD_CHANNEL_BIND => {
                let peer = peer_of(message).ok_or(Refused::BadRequest)?;
                if !peers.contains(&peer) {
                    return Err(Refused::Forbidden);
                }
                let number = match message.get(ATTR_CHANNEL_NUMBER).as_deref() {
                    Ok([high @ 0x40..=0x4f, low, ..]) => u16::from_be_bytes([*high, *low]),
                    Ok(_) | Err(_) => return Err(Refused::BadRequest),
                };
                allocation.bind(number, peer, now)?;
                Ok(Vec::new())
            }
            _ => Err(Refused::BadRequest),
        }
    }
}

type Attributes = Vec<(rtc_stun::attributes::AttrType, Vec<u8>)>;

impl Allocation {
    fn permits(&self, ip: IpAddr, now: Instant) -> bool {
        self.permissions
            .iter()
            .any(|(known, until)| *known == ip && now < *until)
    }

    /// Bounded by the unit's own addresses, because no other gets here.
    fn permit(&mut self, ip: IpAddr, now: Instant) {
        self.permissions.retain(|(known, until)| *known != ip && now < *until);
        self.permissions.push((ip, now + PERMISSION));
    }

    /// RFC 8656 §12: a channel stays with its peer, and a peer with its channel, as long as they live.
    fn bind(&mut self, number: u16, peer: SocketAddr, now: Instant) -> Result<(), Refused> {
        self.channels.retain(|(_, _, until)| now < *until);
        let clash = |(known, bound, _): &(u16, SocketAddr, Instant)| (*known == number) != (*bound == peer);
        if self.channels.iter().any(clash) {
            return Err(Refused::BadRequest);
        }
        self.channels.retain(|(known, _, _)| *known != number);
        self.channels.push((number, peer, now + CHANNEL));
        self.permit(peer.ip(), now);
        Ok(())
    }
}

fn lifetime(message: &Message) -> Option<Duration> {
    let value = message.get(ATTR_LIFETIME).ok()?;
    let asked = u32::from_be_bytes(value.try_into().ok()?);
    Some(Duration::from_secs(asked.into()).min(LIFETIME))
}

fn seconds(duration: Duration) -> Vec<u8> {
    (duration.as_secs() as u32).to_be_bytes().to_vec()
}

/// An attribute that must be understood, and is not (RFC 8489 §14).
fn unknown_attribute(message: &Message) -> Option<u16> {
    let known = [
        ATTR_USERNAME,
        ATTR_MESSAGE_INTEGRITY,
        ATTR_REALM,
        ATTR_NONCE,
        ATTR_CHANNEL_NUMBER,
        ATTR_LIFETIME,
        ATTR_XOR_PEER_ADDRESS,
        ATTR_REQUESTED_TRANSPORT,
        ATTR_REQUESTED_ADDRESS_FAMILY,
        ATTR_DONT_FRAGMENT,
    ];
    let mut kinds = message.attributes.0.iter().map(|attribute| attribute.typ);
    kinds
        .find(|kind| kind.required() && !known.contains(kind))
        .map(|kind| kind.0)
}
