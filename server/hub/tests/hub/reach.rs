//! Rooms whose network stops UDP: their media comes in where the page does, by ICE-TCP and through the relay, with clients
//! that nobody here wrote. And strangers at the same door.

use crate::bench::{Hub, PATIENCE, Screen};
use bytes::{Buf, BytesMut};
use media::turn::Turn;
use media::{first_frame, frame};
use rtc_shared::{TransportContext, TransportMessage, TransportProtocol};
use rtc_turn::client::{Client, ClientConfig, Event as Said};
use rustls::pki_types::{CertificateDer, ServerName};
use sansio::Protocol as _;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Options;
use str0m::change::SdpAnswer;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive, TcpType};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const ROOM: &str = "hoa-binh";

/// A room's peer connection, of another implementation.
struct Peer {
    rtc: Rtc,
    microphone: Mid,
    spoken: u32,
    connected: bool,
}

impl Peer {
    /// Offers over the websocket and takes the hub's answer.
    async fn join(screen: &mut Screen, candidate: Candidate) -> (Peer, String) {
        let mut rtc = Rtc::builder()
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .set_rtp_mode(true)
            .build(Instant::now());
        rtc.add_local_candidate(candidate).expect("a candidate");
        let mut api = rtc.sdp_api();
        let microphone = api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let (offer, pending) = api.apply().expect("something to offer");
        screen
            .send(&json!({ "type": "offer", "attempt": 1, "sdp": offer.to_sdp_string() }))
            .await;
        let answer = loop {
            let message = screen.next().await;
            if message["type"] == "answer" {
                break message["sdp"].as_str().unwrap().to_owned();
            }
        };
        let parsed = SdpAnswer::from_sdp_string(&answer).expect("valid SDP");
        rtc.sdp_api().accept_answer(pending, parsed).expect("the answer fits");
        let (spoken, connected) = (0, false);
        let peer = Peer {
            rtc,
            microphone,
            spoken,
            connected,
        };
        (peer, answer)
    }

    /// What it wants to send now, each with its source and destination.
    fn talk(&mut self) -> Vec<(SocketAddr, SocketAddr, Vec<u8>)> {
        let now = Instant::now();
        if self.connected {
            self.spoken += 1;
            let found = self
                .rtc
                .codec_config()
                .find(|params| params.spec().codec == Codec::Opus);
            let (number, payload_type) = (self.spoken, found.expect("Opus").pt());
            if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(self.microphone, None) {
                let values = ExtensionValues {
                    audio_level: Some(-20),
                    ..ExtensionValues::default()
                };
                let sequence = u64::from(number).into();
                let packet = RtpWrite::new(payload_type, sequence, number * 960, now, vec![0x78; 80]).ext_vals(values);
                stream.write_rtp(packet);
            }
        }
        self.rtc.handle_input(Input::Timeout(now)).expect("time passes");
        let mut out = Vec::new();
        loop {
            match self.rtc.poll_output().expect("the peer lives") {
                Output::Timeout(_) => return out,
                Output::Transmit(sent) => out.push((sent.source, sent.destination, sent.contents.to_vec())),
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(_) => {}
            }
        }
    }

    fn hear(&mut self, protocol: Protocol, from: SocketAddr, to: SocketAddr, datagram: &[u8]) {
        if let Ok(received) = Receive::new(protocol, from, to, datagram) {
            self.rtc
                .handle_input(Input::Receive(Instant::now(), received))
                .expect("the peer understands");
        }
    }
}

/// The first address that the answer names: that of the thread on which the session lives.
fn unit_in(answer: &str) -> SocketAddr {
    let line = answer
        .lines()
        .find(|line| line.starts_with("a=candidate:"))
        .expect("a candidate");
    let words: Vec<&str> = line.split(' ').collect();
    SocketAddr::new(words[4].parse().unwrap(), words[5].parse().unwrap())
}

/// Reads what is there within a moment.
async fn read(stream: &mut (impl AsyncReadExt + Unpin), buffer: &mut BytesMut) {
    if let Ok(count) = timeout(Duration::from_millis(20), stream.read_buf(buffer)).await {
        assert_ne!(
            count.expect("the connection lives"),
            0,
            "the hub has closed the connection"
        );
    }
}

/// The state of the room's link, as its own screen is told.
async fn link(screen: &mut Screen) -> Value {
    loop {
        let message = screen.next().await;
        if message["type"] == "links" {
            return message["links"][ROOM].clone();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_without_udp_is_heard_over_tcp_on_the_port_of_the_page() {
    let hub = Hub::start().await;
    let https = hub.running.as_ref().unwrap().https;
    let mut screen = hub.open(ROOM, "room").await;
    let mut stream = TcpStream::connect(https).await.unwrap();
    let local = stream.local_addr().unwrap();
    let candidate = Candidate::builder()
        .tcp()
        .host(local)
        .tcptype(TcpType::Active)
        .build()
        .unwrap();
    let (mut peer, answer) = Peer::join(&mut screen, candidate).await;
    let announced = format!(
        "tcp {} 127.0.0.1 {} typ host tcptype passive",
        90u32 << 24 | 40_959 << 8 | 255,
        https.port()
    );
    assert!(answer.contains(&announced), "{answer}");

    let mut buffer = BytesMut::new();
    let until = Instant::now() + PATIENCE;
    while peer.spoken < 100 {
        assert!(Instant::now() < until, "not connected over TCP");
        let mut out = Vec::new();
        peer.talk()
            .iter()
            .for_each(|(_, _, datagram)| frame(datagram, &mut out));
        stream.write_all(&out).await.unwrap();
        read(&mut stream, &mut buffer).await;
        while let Some(length) = first_frame(&buffer).unwrap() {
            let mut datagram = buffer.split_to(length);
            datagram.advance(2);
            peer.hear(Protocol::Tcp, https, local, &datagram);
        }
    }
    assert_eq!(link(&mut screen).await["state"], "no_picture", "it is heard");
    drop(stream);
    let mut heard = link(&mut screen).await;
    while heard["state"] == "no_picture" {
        heard = link(&mut screen).await;
    }
}

/// Whether the relay gives an address for this pass.
pub async fn opens(hub: &Hub, pass: &Value) -> bool {
    let mut way = Relayed::connect(hub, pass).await;
    way.client.allocate(Instant::now()).unwrap();
    way.until(|said| match said {
        Said::AllocateResponse(..) => Some(true),
        Said::AllocateError(..) => Some(false),
        _ => None,
    })
    .await
}

/// A connection to the relay, with the client of the other implementation.
struct Relayed {
    tls: TlsStream<TcpStream>,
    client: Client,
    server: SocketAddr,
    local: SocketAddr,
    buffer: BytesMut,
}

impl Relayed {
    async fn connect(hub: &Hub, pass: &Value) -> Relayed {
        let running = hub.running.as_ref().unwrap();
        let server = running.https;
        assert_eq!(pass["port"], server.port());
        let tls = connect_tls(hub).await;
        let local = tls.get_ref().0.local_addr().unwrap();
        let text = |key: &str| pass[key].as_str().unwrap().to_owned();
        let config = ClientConfig {
            turn_serv_addr: server.to_string(),
            local_addr: local,
            transport_protocol: TransportProtocol::TCP,
            username: text("username"),
            password: text("password"),
            realm: "media".to_owned(),
            ..ClientConfig::default()
        };
        let client = Client::new(config, rtc_crypto::default_provider().unwrap()).unwrap();
        let buffer = BytesMut::new();
        Relayed {
            tls,
            client,
            server,
            local,
            buffer,
        }
    }

    /// Says what there is to say and hears what is there.
    async fn turn(&mut self) -> Vec<Said> {
        self.client.handle_timeout(Instant::now()).unwrap();
        while let Some(said) = self.client.poll_write() {
            let mut bytes = said.message.to_vec();
            bytes.resize(bytes.len().next_multiple_of(4), 0);
            self.tls.write_all(&bytes).await.unwrap();
        }
        self.tls.flush().await.unwrap();
        read(&mut self.tls, &mut self.buffer).await;
        while let Some(length) = Turn::first_message(&self.buffer).unwrap() {
            let transport = TransportContext {
                local_addr: self.local,
                peer_addr: self.server,
                transport_protocol: TransportProtocol::TCP,
                ecn: None,
            };
            let (now, message) = (Instant::now(), self.buffer.split_to(length));
            self.client
                .handle_read(TransportMessage {
                    now,
                    transport,
                    message,
                })
                .unwrap();
        }
        std::iter::from_fn(|| self.client.poll_event()).collect()
    }

    async fn until<T>(&mut self, told: impl Fn(&Said) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(found) = self.turn().await.iter().find_map(&told) {
                return found;
            }
        }
        panic!("the relay does not answer");
    }
}

async fn connect_tls(hub: &Hub) -> TlsStream<TcpStream> {
    let running = hub.running.as_ref().unwrap();
    let mut roots = rustls::RootCertStore::empty();
    let authority = running.app.authority.as_ref().unwrap().der.clone();
    roots.add(CertificateDer::from(authority)).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(running.https).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_with_nothing_but_tls_is_heard_through_the_relay() {
    let hub = Hub::start().await;
    let ticket = hub.door.ticket(ROOM).await.unwrap();
    let mut screen = hub.door.connect(&ticket).await.unwrap();
    screen
        .send(&json!({ "type": "hello", "audience": "room", "device": "may" }))
        .await;
    let pass = screen.next().await;
    assert_eq!(pass["type"], "relay", "before the welcome, at which a page offers");
    let mut way = Relayed::connect(&hub, &pass).await;
    way.client.allocate(Instant::now()).unwrap();
    let relayed = way
        .until(|said| match said {
            Said::AllocateResponse(_, relayed) => Some(*relayed),
            Said::AllocateError(_, error) => panic!("{error}"),
            _ => None,
        })
        .await;

    let candidate = Candidate::relayed(relayed, way.local, "udp").unwrap();
    let (mut peer, answer) = Peer::join(&mut screen, candidate).await;
    let unit = unit_in(&answer);
    way.client
        .relay(relayed)
        .unwrap()
        .create_permission(Instant::now(), unit)
        .unwrap();
    let permitted = way
        .until(|said| match said {
            Said::CreatePermissionResponse(_, peer) => Some(*peer),
            Said::CreatePermissionError(_, error) => panic!("{error}"),
            _ => None,
        })
        .await;
    assert_eq!(permitted, unit);
    let until = Instant::now() + PATIENCE;
    while peer.spoken < 100 {
        assert!(Instant::now() < until, "not connected through the relay");
        for (_, to, datagram) in peer.talk() {
            // Towards the hub's TCP candidate there is no relay, and no permission.
            let _refused = way
                .client
                .relay(relayed)
                .unwrap()
                .send_to(Instant::now(), &datagram, to);
        }
        for said in way.turn().await {
            if let Said::DataIndicationOrChannelData(_, from, data) = said {
                peer.hear(Protocol::Udp, from, relayed, &data);
            }
        }
    }
    assert_eq!(link(&mut screen).await["state"], "no_picture", "it is heard");
}

/// Whether the hub closes the connection before somebody loses patience.
async fn is_closed(mut stream: impl AsyncReadExt + Unpin) -> bool {
    let mut rest = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut rest)).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_or_half_a_word_at_any_step_is_shown_the_door() {
    let hub = Hub::start().await;
    let running = hub.running.as_ref().unwrap();
    let begin = async |address, bytes: &'static [u8]| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    };
    let silent = begin(running.https, b"").await;
    let half_a_frame = begin(running.https, &[0]).await;
    let half_a_hello = begin(running.https, &[0x16, 3, 1]).await;
    let half_a_head = begin(running.http, b"GET / HTTP/1.1\r\nhost: loc").await;
    let silent_inside = connect_tls(&hub).await;
    let mut half_a_head_inside = connect_tls(&hub).await;
    half_a_head_inside.write_all(b"GET / HT").await.unwrap();
    let mut half_a_request = connect_tls(&hub).await;
    half_a_request.write_all(&[0, 3, 0, 8]).await.unwrap();
    let closed = tokio::join!(
        is_closed(silent),
        is_closed(half_a_frame),
        is_closed(half_a_hello),
        is_closed(half_a_head),
        is_closed(silent_inside),
        is_closed(half_a_head_inside),
        is_closed(half_a_request),
    );
    assert_eq!(closed, (true, true, true, true, true, true, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_name_nobody_or_are_none_end_the_connection_at_once() {
    let hub = Hub::start().await;
    let https = hub.running.as_ref().unwrap().https;
    let mut too_long = vec![0x15, 0xff];
    too_long.resize(4000, 0);
    let mut nobody = Vec::new();
    frame(&[0; 100], &mut nobody);
    for bytes in [too_long, nobody, b"GET / HTTP/1.1\r\n\r\n".to_vec()] {
        let mut stream = TcpStream::connect(https).await.unwrap();
        let _may_be_closed = stream.write_all(&bytes).await;
        let mut rest = Vec::new();
        let closed = timeout(Duration::from_secs(8), stream.read_to_end(&mut rest)).await;
        assert!(closed.is_ok() && rest.len() < 20, "{:?}", &bytes[..4]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_on_both_families_is_reached_over_either() {
    let everywhere = SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0));
    let mut families = vec![IpAddr::from(Ipv4Addr::LOCALHOST)];
    if UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).await.is_ok() {
        families.push(Ipv6Addr::LOCALHOST.into());
    }
    let announced = families.clone();
    let hub = Hub::start_with(&Options::default(), |config| {
        (config.server.https, config.media.udp) = (everywhere, everywhere);
        config.media.announce = announced;
    })
    .await;
    let https = hub.running.as_ref().unwrap().https;
    for ip in families {
        TcpStream::connect((ip, https.port()))
            .await
            .expect("a way to the pages");
        let mut screen = hub.open(ROOM, "room").await;
        let socket = UdpSocket::bind((ip, 0)).await.unwrap();
        let local = socket.local_addr().unwrap();
        let (mut peer, answer) = Peer::join(&mut screen, Candidate::host(local, "udp").unwrap()).await;
        assert!(answer.contains(&format!(" {ip} ")), "{answer}");
        let until = Instant::now() + PATIENCE;
        while peer.spoken < 5 {
            assert!(Instant::now() < until, "not connected over {ip}");
            for (_, to, datagram) in peer.talk() {
                let _other_family = socket.send_to(&datagram, to).await;
            }
            let mut buffer = [0; 2000];
            let heard = timeout(Duration::from_millis(20), socket.recv_from(&mut buffer)).await;
            if let Ok(Ok((length, from))) = heard {
                peer.hear(Protocol::Udp, from, local, &buffer[..length]);
            }
        }
    }
}
