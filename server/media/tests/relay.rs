//! The relay: a client that nobody here wrote gets through it to the unit, and nobody gets anywhere else.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use media::SessionId;
use media::turn::{Pass, Relay, Relayed, Turn};
use rtc_shared::{TransportContext, TransportMessage, TransportProtocol};
use rtc_stun::attributes::{
    ATTR_CHANNEL_NUMBER, ATTR_DATA, ATTR_LIFETIME, ATTR_NONCE, ATTR_REALM, ATTR_REQUESTED_TRANSPORT, ATTR_USERNAME,
    ATTR_XOR_PEER_ADDRESS, ATTR_XOR_RELAYED_ADDRESS, AttrType,
};
use rtc_stun::error_code::ErrorCodeAttribute;
use rtc_stun::integrity::MessageIntegrity;
use rtc_stun::message::{
    CLASS_INDICATION, CLASS_REQUEST, Getter, METHOD_ALLOCATE, METHOD_CHANNEL_BIND, METHOD_CONNECT,
    METHOD_CREATE_PERMISSION, METHOD_REFRESH, METHOD_SEND, Message, MessageType, Method, Setter, TransactionId,
};
use rtc_stun::xoraddr::XorMappedAddress;
use rtc_turn::client::{Client, ClientConfig, Event};
use sansio::Protocol;

const ROOM: SessionId = SessionId(3);

fn at(address: &str) -> SocketAddr {
    address.parse().expect("an address")
}

fn client_address() -> SocketAddr {
    at("203.0.113.9:50000")
}

/// The unit as it announces itself.
fn unit() -> Vec<SocketAddr> {
    vec![
        at("192.168.7.10:8444"),
        at("10.1.2.3:8444"),
        at("[2001:db8:7::10]:8444"),
    ]
}

#[allow(clippy::disallowed_methods, reason = "the instant from which virtual time runs")]
fn start() -> (Relay, Instant) {
    let now = Instant::now();
    (Relay::new(unit(), now).expect("a relay"), now)
}

/// The other implementation's client on a connection of its own.
struct Caller {
    client: Client,
    turn: Turn,
    now: Instant,
    /// What reached the unit: from, to, bytes.
    arrived: Vec<(SocketAddr, SocketAddr, Vec<u8>)>,
    events: Vec<Event>,
}

impl Caller {
    fn new(pass: &Pass, relay: &Relay, now: Instant) -> Caller {
        let config = ClientConfig {
            turn_serv_addr: "192.0.2.1:443".to_owned(),
            local_addr: client_address(),
            transport_protocol: TransportProtocol::TCP,
            username: pass.username.clone(),
            password: pass.password.clone(),
            realm: "media".to_owned(),
            ..ClientConfig::default()
        };
        let provider = rtc_crypto::default_provider().expect("a provider is compiled in");
        Caller {
            client: Client::new(config, provider).expect("a client"),
            turn: Turn::new(client_address(), relay),
            now,
            arrived: Vec::new(),
            events: Vec::new(),
        }
    }

    /// What the client wants to say, through the relay, and the answers back, until nobody has anything to say.
    fn talk(&mut self, relay: &mut Relay) {
        self.client.handle_timeout(self.now).expect("time passes");
        while let Some(said) = self.client.poll_write() {
            let mut bytes = said.message.to_vec();
            bytes.resize(bytes.len().next_multiple_of(4), 0);
            let length = Turn::first_message(&bytes).expect("a message").expect("all of it");
            assert_eq!(length, bytes.len());
            match self.turn.handle(&bytes, relay, self.now) {
                Relayed::Answer(answer) => self.hear(&answer),
                Relayed::Datagram { from, to, at } => self.arrived.push((from, to, bytes[at].to_vec())),
                Relayed::Nothing => {}
            }
        }
        while let Some(event) = self.client.poll_event() {
            self.events.push(event);
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        let transport = TransportContext {
            local_addr: client_address(),
            peer_addr: at("192.0.2.1:443"),
            transport_protocol: TransportProtocol::TCP,
            ecn: None,
        };
        let message = BytesMut::from(bytes);
        let now = self.now;
        let heard = TransportMessage {
            now,
            transport,
            message,
        };
        self.client.handle_read(heard).expect("the client understands");
    }

    fn relayed(&self) -> SocketAddr {
        let allocated = |event: &Event| match event {
            Event::AllocateResponse(_, relayed) => Some(*relayed),
            _ => None,
        };
        self.events.iter().find_map(allocated).expect("an allocation")
    }
}

#[test]
fn a_client_nobody_here_wrote_talks_with_the_unit_first_by_indications_then_by_a_channel() {
    let (mut relay, now) = start();
    let mut caller = Caller::new(&relay.pass(ROOM, now), &relay, now);
    caller.client.allocate(now).expect("a request");
    caller.talk(&mut relay);
    let relayed = caller.relayed();
    assert!(relayed.is_ipv4() && unit().iter().any(|peer| peer.ip() == relayed.ip()));
    assert!(caller.turn.is_allocated(now) && relay.allocations() == 1);

    let peer = unit()[0];
    let mut way = caller.client.relay(relayed).expect("the allocation");
    way.create_permission(now, peer).expect("a request");
    caller.talk(&mut relay);
    for round in ["by indication", "by channel, not a multiple of four"] {
        let mut way = caller.client.relay(relayed).expect("the allocation");
        way.send_to(now, round.as_bytes(), peer).expect("permitted");
        caller.talk(&mut relay);
        caller.talk(&mut relay);
        assert_eq!(caller.arrived.pop(), Some((relayed, peer, round.as_bytes().to_vec())));
        let mut back = Vec::new();
        assert!(caller.turn.wrap(peer, b"pictures", &mut back, now));
        assert_eq!(Turn::first_message(&back), Ok(Some(back.len())));
        caller.hear(&back);
        caller.talk(&mut relay);
        let heard = caller.events.iter().any(
            |event| matches!(event, Event::DataIndicationOrChannelData(_, from, data) if *from == peer && data[..] == *b"pictures"),
        );
        assert!(heard, "{round}");
    }
    assert!(
        !caller.turn.wrap(unit()[1], b"pictures", &mut Vec::new(), now),
        "nobody asked to hear from there"
    );

    // Kept alive long after its pass has run out, and then let go.
    for minute in 1..30 {
        caller.now = now + Duration::from_secs(60 * minute);
        caller.talk(&mut relay);
    }
    assert!(caller.turn.is_allocated(caller.now));
    let then = caller.now;
    caller
        .client
        .relay(relayed)
        .expect("the allocation")
        .close(then)
        .expect("a request");
    caller.talk(&mut relay);
    assert!(!caller.turn.is_allocated(caller.now));
    assert_eq!(relay.allocations(), 0);
}

/// Requests written by hand, with good credentials.
struct Hand {
    turn: Turn,
    pass: Pass,
    nonce: Vec<u8>,
}

impl Hand {
    fn new(relay: &mut Relay, now: Instant) -> Hand {
        let pass = relay.pass(ROOM, now);
        let mut hand = Hand {
            turn: Turn::new(client_address(), relay),
            pass,
            nonce: Vec::new(),
        };
        let answer = hand.ask(relay, METHOD_ALLOCATE, &[], now);
        hand.nonce = answer.get(ATTR_NONCE).expect("a nonce");
        hand
    }

    fn write(&self, method: Method, attributes: &[(AttrType, Vec<u8>)]) -> Vec<u8> {
        let mut message = Message::new();
        message.set_type(MessageType::new(method, CLASS_REQUEST));
        TransactionId::new().add_to(&mut message).expect("an id");
        message.write_header();
        for (kind, value) in attributes {
            message.add(*kind, value);
        }
        if !self.nonce.is_empty() {
            message.add(ATTR_USERNAME, self.pass.username.as_bytes());
            message.add(ATTR_REALM, b"media");
            message.add(ATTR_NONCE, &self.nonce);
            let provider = rtc_crypto::default_provider().expect("a provider is compiled in");
            let (username, password) = (self.pass.username.clone(), self.pass.password.clone());
            MessageIntegrity::new_long_term_integrity_with_provider(
                username,
                "media".to_owned(),
                password,
                provider.crypto(),
            )
            .and_then(|integrity| integrity.add_to(&mut message))
            .expect("integrity");
        }
        message.raw
    }

    fn ask(&mut self, relay: &mut Relay, method: Method, attributes: &[(AttrType, Vec<u8>)], now: Instant) -> Message {
        let request = self.write(method, attributes);
        let Relayed::Answer(bytes) = self.turn.handle(&request, relay, now) else {
            panic!("no answer to {method}");
        };
        let mut answer = Message::new();
        answer.unmarshal_binary(&bytes).expect("STUN");
        answer
    }

    fn code(&mut self, relay: &mut Relay, method: Method, attributes: &[(AttrType, Vec<u8>)], now: Instant) -> u16 {
        let answer = self.ask(relay, method, attributes, now);
        let mut code = ErrorCodeAttribute::default();
        code.get_from(&answer).map_or(0, |()| code.code.0)
    }

    fn allocate(&mut self, relay: &mut Relay, now: Instant) -> u16 {
        self.code(relay, METHOD_ALLOCATE, &[udp()], now)
    }
}

fn udp() -> (AttrType, Vec<u8>) {
    (ATTR_REQUESTED_TRANSPORT, vec![17, 0, 0, 0])
}

/// XOR with the cookie and a transaction that is not known yet: IPv4 needs only the cookie, IPv6 is written into a message
/// of its own with the transaction of the request.
fn peer(address: SocketAddr, transaction: [u8; 12]) -> (AttrType, Vec<u8>) {
    let mut message = Message::new();
    message.transaction_id = TransactionId(transaction);
    message.write_header();
    let xor = XorMappedAddress {
        ip: address.ip(),
        port: address.port(),
    };
    xor.add_to_as(&mut message, ATTR_XOR_PEER_ADDRESS).expect("an address");
    (
        ATTR_XOR_PEER_ADDRESS,
        message.get(ATTR_XOR_PEER_ADDRESS).expect("just added"),
    )
}

/// T-43: every special range of the IANA registries, v4 and v6, mapped and translated forms, clouds' metadata, the LAN.
const ELSEWHERE: &[&str] = &[
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.1.2.4",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.254",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.7.1",
    "192.168.7.11",
    "192.175.48.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "8.8.8.8",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:10.1.2.3",
    "::ffff:192.168.7.10",
    "::192.168.7.10",
    "64:ff9b::7f00:1",
    "64:ff9b::c0a8:70a",
    "64:ff9b:1::1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:1::1",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:10::1",
    "2001:20::1",
    "2001:30::1",
    "2001:db8::1",
    "2001:db8:7::11",
    "2002:7f00:1::1",
    "2002:c0a8:70a::1",
    "2620:4f:8000::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2606:4700:4700::1111",
];

#[test]
fn the_relay_leads_nowhere_but_to_the_unit() {
    let (mut relay, now) = start();
    let mut hand = Hand::new(&mut relay, now);
    assert_eq!(hand.allocate(&mut relay, now), 0);
    let mut now = now;
    let mut elsewhere: Vec<SocketAddr> = Vec::new();
    for text in ELSEWHERE {
        let ip: IpAddr = text.parse().expect("an address");
        elsewhere.extend([80, 8444, 22].map(|port| SocketAddr::new(ip, port)));
    }
    assert!(elsewhere.iter().all(|address| !unit().contains(address)));
    for address in &elsewhere {
        now += Duration::from_millis(50);
        for method in [METHOD_CREATE_PERMISSION, METHOD_CHANNEL_BIND] {
            let code = refused_at(&mut hand, &mut relay, method, *address, now);
            assert_eq!(code, 403, "{method} {address}");
        }
        assert_eq!(
            send(&mut hand, &mut relay, *address, now),
            Relayed::Nothing,
            "{address}"
        );
    }
    // Nor to another service of the unit's own machine.
    for service in [
        at("192.168.7.10:22"),
        at("192.168.7.10:8443"),
        at("[2001:db8:7::10]:8080"),
    ] {
        assert_eq!(
            refused_at(&mut hand, &mut relay, METHOD_CHANNEL_BIND, service, now),
            403
        );
        assert_eq!(send(&mut hand, &mut relay, service, now), Relayed::Nothing);
    }
    assert_eq!(
        refused_at(&mut hand, &mut relay, METHOD_CREATE_PERMISSION, unit()[0], now),
        0
    );
    assert!(matches!(
        send(&mut hand, &mut relay, unit()[0], now),
        Relayed::Datagram { .. }
    ));
    assert_eq!(
        send(&mut hand, &mut relay, at("192.168.7.10:22"), now),
        Relayed::Nothing,
        "a permission is for all ports, what is sent is not"
    );
    // Several at once: one that is not ours spoils them all, and leaves nothing behind.
    let both = [peer(unit()[1], [0; 12]), peer(at("127.0.0.1:80"), [0; 12])];
    assert_eq!(hand.code(&mut relay, METHOD_CREATE_PERMISSION, &both, now), 403);
    assert_eq!(send(&mut hand, &mut relay, unit()[1], now), Relayed::Nothing);
}

/// The request is written twice: once to learn its length and shape, and then with the peer under its own transaction.
fn refused_at(hand: &mut Hand, relay: &mut Relay, method: Method, address: SocketAddr, now: Instant) -> u16 {
    let channel = (ATTR_CHANNEL_NUMBER, vec![0x40, 0x01, 0, 0]);
    if address.is_ipv4() {
        return hand.code(relay, method, &[peer(address, [0; 12]), channel], now);
    }
    let transaction = [9; 12];
    let mut message = Message::new();
    message.set_type(MessageType::new(method, CLASS_REQUEST));
    message.transaction_id = TransactionId(transaction);
    message.write_header();
    let (kind, value) = peer(address, transaction);
    message.add(kind, &value);
    message.add(channel.0, &channel.1);
    message.add(ATTR_USERNAME, hand.pass.username.as_bytes());
    message.add(ATTR_REALM, b"media");
    message.add(ATTR_NONCE, &hand.nonce);
    let provider = rtc_crypto::default_provider().expect("a provider is compiled in");
    let (username, password) = (hand.pass.username.clone(), hand.pass.password.clone());
    MessageIntegrity::new_long_term_integrity_with_provider(username, "media".to_owned(), password, provider.crypto())
        .and_then(|integrity| integrity.add_to(&mut message))
        .expect("integrity");
    let Relayed::Answer(bytes) = hand.turn.handle(&message.raw, relay, now) else {
        panic!("no answer about {address}");
    };
    let mut answer = Message::new();
    answer.unmarshal_binary(&bytes).expect("STUN");
    let mut code = ErrorCodeAttribute::default();
    code.get_from(&answer).map_or(0, |()| code.code.0)
}

fn send(hand: &mut Hand, relay: &mut Relay, address: SocketAddr, now: Instant) -> Relayed {
    let transaction = [5; 12];
    let mut message = Message::new();
    message.set_type(MessageType::new(METHOD_SEND, CLASS_INDICATION));
    message.transaction_id = TransactionId(transaction);
    message.write_header();
    let (kind, value) = peer(address, transaction);
    message.add(kind, &value);
    message.add(ATTR_DATA, b"anything");
    hand.turn.handle(&message.raw, relay, now)
}

#[test]
fn only_a_pass_of_ours_opens_it_and_only_for_ten_minutes() {
    let (mut relay, now) = start();
    let mut stranger = Hand::new(&mut relay, now);
    stranger.pass.password = "guessed".to_owned();
    assert_eq!(stranger.allocate(&mut relay, now), 401);
    let mut longer = Hand::new(&mut relay, now);
    longer.pass.username = format!("99999999999999:{}", ROOM.0);
    assert_eq!(longer.allocate(&mut relay, now), 401, "the password is for the name");
    let mut other = Hand::new(&mut relay, now);
    other.pass.username = other.pass.username.replace(":3", ":4");
    assert_eq!(other.allocate(&mut relay, now), 401, "a pass is one session's");
    // Another of our passes does not open somebody else's allocation.
    let mut thief = Hand::new(&mut relay, now);
    assert_eq!(thief.allocate(&mut relay, now), 0);
    thief.pass = relay.pass(SessionId(9), now + Duration::from_secs(1));
    assert_eq!(thief.code(&mut relay, METHOD_REFRESH, &[], now), 441);
    let (mut in_time, mut late) = (Hand::new(&mut relay, now), Hand::new(&mut relay, now));
    assert_eq!(in_time.allocate(&mut relay, now + Duration::from_secs(599)), 0);
    assert_eq!(late.allocate(&mut relay, now + Duration::from_secs(601)), 401);
    let later = now + Duration::from_secs(900);
    assert_eq!(
        in_time.code(&mut relay, METHOD_REFRESH, &[], later),
        0,
        "what it opened goes on"
    );
    in_time.nonce = b"another".to_vec();
    assert_eq!(in_time.code(&mut relay, METHOD_REFRESH, &[], later), 438);
}

#[test]
fn what_is_taken_back_opens_nothing_and_keeps_nothing_alive() {
    let (mut relay, now) = start();
    let (mut inside, mut outside) = (Hand::new(&mut relay, now), Hand::new(&mut relay, now));
    let mut other = Hand::new(&mut relay, now);
    other.pass = relay.pass(SessionId(ROOM.0 + 1), now);
    assert_eq!(inside.allocate(&mut relay, now), 0);
    let later = now + Duration::from_secs(1);
    relay.void(ROOM, later);
    assert_eq!(outside.allocate(&mut relay, later), 401);
    assert_eq!(inside.code(&mut relay, METHOD_REFRESH, &[], later), 401, "nor goes on");
    assert_eq!(other.allocate(&mut relay, later), 0, "it was one session's");
    let mut again = Hand::new(&mut relay, now);
    again.pass = relay.pass(ROOM, later + Duration::from_millis(1));
    assert_eq!(
        again.allocate(&mut relay, later + Duration::from_millis(1)),
        0,
        "whoever is let in anew"
    );
}

#[test]
fn a_user_holds_four_allocations_and_a_connection_one() {
    let (mut relay, now) = start();
    let mut hands: Vec<Hand> = (0..5).map(|_| Hand::new(&mut relay, now)).collect();
    let codes: Vec<u16> = hands.iter_mut().map(|hand| hand.allocate(&mut relay, now)).collect();
    assert_eq!(codes, [0, 0, 0, 0, 486]);
    assert_eq!(hands[0].allocate(&mut relay, now), 437);
    hands[0].turn.end(&mut relay);
    assert_eq!(hands[4].allocate(&mut relay, now), 0);
}

#[test]
fn what_is_not_implemented_is_refused_by_name() {
    let (mut relay, now) = start();
    let mut hand = Hand::new(&mut relay, now);
    let refused = |hand: &mut Hand, relay: &mut Relay, attributes: &[(AttrType, Vec<u8>)]| {
        hand.code(relay, METHOD_ALLOCATE, attributes, now)
    };
    assert_eq!(refused(&mut hand, &mut relay, &[]), 400);
    assert_eq!(
        refused(&mut hand, &mut relay, &[(ATTR_REQUESTED_TRANSPORT, vec![6, 0, 0, 0])]),
        442,
        "no TCP"
    );
    let even_port = (AttrType(0x0018), vec![0x80]);
    assert_eq!(refused(&mut hand, &mut relay, &[udp(), even_port]), 420);
    let family = |family| (AttrType(0x0017), vec![family, 0, 0, 0]);
    assert_eq!(refused(&mut hand, &mut relay, &[udp(), family(7)]), 440);
    let answer = hand.ask(
        &mut relay,
        METHOD_ALLOCATE,
        &[udp(), family(2), (ATTR_LIFETIME, vec![0, 1, 0, 0])],
        now,
    );
    let mut relayed = XorMappedAddress::default();
    relayed
        .get_from_as(&answer, ATTR_XOR_RELAYED_ADDRESS)
        .expect("an address");
    assert_eq!(
        relayed.ip,
        IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 7, 0, 0, 0, 0, 0x10))
    );
    assert_eq!(answer.get(ATTR_LIFETIME).expect("a lifetime"), 600u32.to_be_bytes());
    // CONNECT of RFC 6062: TCP to a peer.
    assert_eq!(
        hand.code(&mut relay, METHOD_CONNECT, &[peer(unit()[0], [0; 12])], now),
        400
    );
}

#[test]
fn damaged_messages_do_nothing() {
    let (mut relay, mut now) = start();
    let mut hand = Hand::new(&mut relay, now);
    assert_eq!(hand.allocate(&mut relay, now), 0);
    let good = [
        hand.write(
            METHOD_CHANNEL_BIND,
            &[peer(unit()[0], [0; 12]), (ATTR_CHANNEL_NUMBER, vec![0x40, 0, 0, 0])],
        ),
        hand.write(METHOD_REFRESH, &[(ATTR_LIFETIME, vec![0, 0, 0, 9])]),
        vec![0x40, 0, 0, 4, 1, 2, 3, 4],
    ];
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..100_000usize {
        now += Duration::from_millis(1);
        let mut bytes = good[round % 3].clone();
        for _ in 0..=round % 4 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let place = seed as usize % bytes.len();
            bytes[place] = (seed >> 32) as u8;
        }
        if let Ok(Some(length)) = Turn::first_message(&bytes)
            && let Relayed::Datagram { at, to, .. } = hand.turn.handle(&bytes[..length], &mut relay, now)
        {
            assert!(at.end <= length && unit().contains(&to));
        }
    }
}
