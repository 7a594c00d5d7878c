//! A hall, some bridge points and the network between them, in virtual time and without a socket.
//!
//! Each room is an independent WebRTC implementation (`str0m`); the unit under test stands in the middle. What a room
//! sends carries its own name, so a test can prove from the payload whose picture and voice arrived.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use media::{Answer, Config, Event, PLACES, Plan, Receive, Relay, SessionId, Sfu, Shown, StreamId, Wish};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid, Rid, Simulcast, SimulcastLayer};
use str0m::net::{Protocol, TcpType};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Input, Output, Rtc};

pub const STEP: Duration = Duration::from_millis(5);

pub fn sfu_address() -> SocketAddr {
    SocketAddr::from(([10, 77, 0, 1], 40_000))
}

/// Units that share a plan have one port each.
fn unit_address(unit: usize) -> SocketAddr {
    SocketAddr::new(sfu_address().ip(), sfu_address().port() + unit as u16)
}

/// Where the unit takes TCP connections.
pub fn tcp_address() -> SocketAddr {
    SocketAddr::from(([10, 77, 0, 1], 443))
}

/// A picture or a voice that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub mid: String,
    pub from: String,
    pub number: u32,
    pub key: bool,
    pub sequence: u64,
    pub timestamp: u32,
    pub picture: u16,
    /// Lines of the layer it belongs to.
    pub height: u16,
    pub at: Duration,
}

/// A packet of a picture in layers (VP9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layered {
    pub sequence: u64,
    pub timestamp: u32,
    pub marker: bool,
    pub picture: u16,
    pub spatial: u8,
    pub temporal: u8,
    /// The first of its layer's frame, and the last.
    pub begins: bool,
    pub ends: bool,
    pub key: bool,
    pub at: Duration,
}

/// How a camera's layers depend on each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Layering {
    /// L3T3: the larger picture is made from the smaller one.
    Full,
    /// L3T3_KEY: only in key frames.
    AtKeyFrames,
}

/// Bytes that a picture takes in each spatial layer, and its lines: 25 pictures a second are 120, 400 and 1200 kbit/s more.
pub const SPATIAL: [(usize, u16); 3] = [(600, 180), (2000, 360), (6000, 720)];

/// What a room has.
#[derive(Clone, Copy)]
pub struct Equipment {
    pub microphone: bool,
    pub camera: bool,
    pub video_slots: usize,
    pub audio_slots: usize,
    /// Layers of the camera, each twice as large as the one before; 0 = no simulcast.
    pub layers: usize,
}

pub const ROOM: Equipment = Equipment {
    microphone: true,
    camera: true,
    video_slots: 2,
    audio_slots: 2,
    layers: 0,
};

/// A room whose camera has three layers.
pub const HALL: Equipment = Equipment { layers: 3, ..ROOM };

/// Names, lines and bytes per picture of the layers: 120, 450 and 1500 kbit/s at 25 pictures a second.
pub const LAYERS: [(&str, u16, usize); 3] = [("q", 180, 600), ("h", 360, 2250), ("f", 720, 7500)];

pub struct Room {
    pub name: String,
    pub id: SessionId,
    /// The unit that answered it.
    pub unit: usize,
    pub address: SocketAddr,
    pub rtc: Rtc,
    pub answer: Option<Answer>,
    pub equipment: Equipment,
    pub connected: bool,
    pub key_frames_asked: u32,
    pub heard: Vec<Heard>,
    /// Sections whose sender's clock is known.
    pub clocks: BTreeSet<String>,
    pub is_publishing: bool,
    pub has_hung_up: bool,
    /// Its camera sends VP9 in layers.
    layering: Option<Layering>,
    /// What came of pictures in layers.
    pub layered: Vec<Layered>,
    /// Further cameras, each with a microphone.
    further: Vec<(Mid, Mid)>,
    microphone: Option<Mid>,
    camera: Option<Mid>,
    sent_audio: u32,
    sent_video: u32,
    sequences: [u64; 3],
    want_key: [bool; 3],
    obeyed: [Option<Duration>; 3],
    kinds: BTreeMap<Mid, MediaKind>,
    next_audio: Instant,
    next_video: Instant,
}

/// One datagram on its way.
#[derive(Clone, Debug)]
pub struct Datagram {
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub bytes: Vec<u8>,
    /// The connection that carries it.
    pub stream: Option<StreamId>,
}

/// Somebody on the network with plans of his own.
pub type Intruder = Box<dyn FnMut(&mut Sfu, Instant)>;
/// Who sees whom (by video slot) and hears whom (by audio slot).
pub type Line<'a> = (usize, &'a [Option<usize>], &'a [Option<usize>]);

/// Decides what becomes of a datagram: what it puts into the list arrives, in this order.
pub type Link = Box<dyn FnMut(Datagram, &mut Vec<Datagram>)>;

/// Whether what one unit tells another gets there.
pub type Bridge = Box<dyn FnMut(&Relay) -> bool>;

/// A line that loses what `arrives` denies.
pub fn line(mut arrives: impl FnMut(&Datagram) -> bool + 'static) -> Link {
    Box::new(move |datagram, out| {
        if arrives(&datagram) {
            out.push(datagram);
        }
    })
}

/// A line with a queue towards one room.
pub struct Narrow {
    pub to: SocketAddr,
    /// Bit/s.
    pub capacity: u64,
    pub delay: Duration,
    /// Bytes that may wait.
    pub queue: usize,
    /// How long each datagram waited, since this was last emptied.
    pub waits: Vec<Duration>,
    /// Datagrams that found the queue full.
    pub lost: u64,
    /// Bytes that got through.
    pub carried: u64,
    free: Option<Instant>,
    under_way: VecDeque<(Instant, Datagram)>,
}

impl Narrow {
    pub fn new(to: SocketAddr, capacity: u64) -> Narrow {
        Narrow {
            to,
            capacity,
            delay: Duration::from_millis(50),
            queue: 60_000,
            waits: Vec::new(),
            lost: 0,
            carried: 0,
            free: None,
            under_way: VecDeque::new(),
        }
    }

    fn take(&mut self, datagram: Datagram, now: Instant) {
        let begins = self.free.map_or(now, |free| free.max(now));
        let waits = begins - now;
        if waits.as_secs_f64() * self.capacity as f64 / 8.0 > self.queue as f64 {
            self.lost += 1;
            return;
        }
        let size = datagram.bytes.len() as u64;
        let ends = begins + Duration::from_micros(size * 8_000_000 / self.capacity);
        self.free = Some(ends);
        self.waits.push(waits);
        self.carried += size;
        self.under_way.push_back((ends + self.delay, datagram));
    }

    fn give(&mut self, now: Instant) -> Option<Datagram> {
        let is_there = self.under_way.front().is_some_and(|(at, _)| *at <= now);
        is_there
            .then(|| self.under_way.pop_front())
            .flatten()
            .map(|(_, datagram)| datagram)
    }

    /// Nineteen of twenty waited no longer than this, since last asked.
    pub fn usual_wait(&mut self) -> Duration {
        let mut waits = std::mem::take(&mut self.waits);
        waits.sort_unstable();
        waits.get(waits.len() * 95 / 100).copied().unwrap_or_default()
    }
}

pub struct Hall {
    pub start: Instant,
    pub now: Instant,
    pub sfu: Sfu,
    /// Further units, numbered from 1.
    pub more: Vec<Sfu>,
    pub bridge: Bridge,
    pub rooms: Vec<Room>,
    pub events: Vec<Event>,
    /// Everything that went to the unit, when captured.
    pub captured: Vec<Datagram>,
    pub capture: bool,
    pub link: Link,
    /// A line that carries only so much, if there is one.
    pub narrow: Option<Narrow>,
    /// How finely time passes.
    pub grain: Duration,
    /// How everybody shows the pictures, by slot.
    pub shown: Vec<Wish>,
    /// Runs after every step.
    pub intruder: Option<Intruder>,
    /// How often the heap was asked for anything so far, and how often by the units.
    pub asked: Option<fn() -> usize>,
    pub asked_by_units: usize,
    in_flight: VecDeque<Datagram>,
}

impl Hall {
    pub fn new() -> Hall {
        Hall::with(Config {
            candidates: vec![sfu_address()],
            ..Config::default()
        })
    }

    /// Several units with one plan.
    pub fn of_units(units: usize) -> Hall {
        Hall::with(Config {
            candidates: vec![sfu_address()],
            units,
            ..Config::default()
        })
    }

    /// A unit by its number.
    pub fn unit(&mut self, unit: usize) -> &mut Sfu {
        match unit.checked_sub(1) {
            None => &mut self.sfu,
            Some(more) => &mut self.more[more],
        }
    }

    pub fn with(config: Config) -> Hall {
        #[allow(clippy::disallowed_methods, reason = "the one instant from which virtual time runs")]
        let start = Instant::now();
        Hall {
            start,
            now: start,
            more: (1..config.units).map(|unit| unit_of(&config, unit, start)).collect(),
            sfu: unit_of(&config, 0, start),
            bridge: Box::new(|_| true),
            rooms: Vec::new(),
            events: Vec::new(),
            captured: Vec::new(),
            capture: false,
            link: line(|_| true),
            narrow: None,
            grain: STEP,
            shown: Vec::new(),
            intruder: None,
            asked: None,
            asked_by_units: 0,
            in_flight: VecDeque::new(),
        }
    }

    /// A room opens its page: offer, answer, and the network does the rest.
    pub fn enter(&mut self, name: &str, equipment: Equipment) -> usize {
        self.enter_at(0, name, equipment)
    }

    /// The same, at one of several units.
    pub fn enter_at(&mut self, unit: usize, name: &str, equipment: Equipment) -> usize {
        let index = self.rooms.len();
        let mut room = Room::new(name, index as u32 + 1, equipment, self.now);
        room.unit = unit;
        let room = self.admit(room);
        self.rooms.push(room);
        index
    }

    /// A room whose browser has VP9 alone.
    pub fn enter_with_vp9(&mut self, name: &str, equipment: Equipment, layering: Option<Layering>) -> usize {
        let index = self.rooms.len();
        let mut room = Room::new(name, index as u32 + 1, equipment, self.now);
        let builder = Rtc::builder()
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp9(true)
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .set_rtp_mode(true)
            .set_stats_interval(None);
        room.rtc = builder.build(self.now);
        room.rtc
            .add_local_candidate(Candidate::host(room.address, "udp").expect("an address"))
            .expect("a candidate");
        room.layering = layering;
        let room = self.admit(room);
        self.rooms.push(room);
        index
    }

    /// A room with so many further cameras, each with a microphone.
    pub fn enter_with_further(&mut self, name: &str, further: usize) -> usize {
        let index = self.rooms.len();
        let mut room = Room::new(name, index as u32 + 1, ROOM, self.now);
        let mut api = room.rtc.sdp_api();
        let mut add = |kind| api.add_media(kind, Direction::SendOnly, None, None, None);
        room.microphone = Some(add(MediaKind::Audio));
        room.camera = Some(add(MediaKind::Video));
        room.further = (0..further)
            .map(|_| (add(MediaKind::Video), add(MediaKind::Audio)))
            .collect();
        let (offer, pending) = api.apply().expect("something to offer");
        let room = self.answer(room, &offer.to_sdp_string(), pending);
        self.rooms.push(room);
        index
    }

    /// A room that can also open a connection to the unit's TCP address.
    pub fn enter_with_tcp(&mut self, name: &str, equipment: Equipment) -> usize {
        let index = self.rooms.len();
        let mut room = Room::new(name, index as u32 + 1, equipment, self.now);
        let active = SocketAddr::new(room.address.ip(), 9);
        let candidate = Candidate::builder().tcp().host(active).tcptype(TcpType::Active);
        room.rtc
            .add_local_candidate(candidate.build().expect("an address"))
            .expect("a candidate");
        let room = self.admit(room);
        self.rooms.push(room);
        index
    }

    /// A room reloads its page: another peer connection from another port, under the same session.
    pub fn reenter(&mut self, index: usize) {
        self.reenter_at(self.rooms[index].unit, index);
    }

    /// The same, at another unit.
    pub fn reenter_at(&mut self, unit: usize, index: usize) {
        let old = &self.rooms[index];
        let port = old.address.port() + 1;
        let mut room = Room::at(
            &old.name,
            old.id,
            SocketAddr::new(old.address.ip(), port),
            old.equipment,
            self.now,
        );
        room.unit = unit;
        self.rooms[index] = self.admit(room);
    }

    fn admit(&mut self, mut room: Room) -> Room {
        let (offer, pending) = room.offer();
        self.answer(room, &offer, pending)
    }

    fn answer(&mut self, mut room: Room, offer: &str, pending: SdpPendingOffer) -> Room {
        let now = self.now;
        let accepted = self.unit(room.unit).accept(room.id, offer, now);
        let answer = accepted.expect("the offer is good");
        let parsed = SdpAnswer::from_sdp_string(&answer.sdp).expect("the answer is valid SDP");
        room.rtc
            .sdp_api()
            .accept_answer(pending, parsed)
            .expect("the answer fits the offer");
        room.answer = Some(answer);
        room
    }

    /// `watcher` sees `seen` (by video slot) and hears `heard` (by audio slot).
    pub fn plan(&mut self, lines: &[Line<'_>]) {
        let id = |room: &Option<usize>| room.map(|room| self.rooms[room].id);
        let receives = lines
            .iter()
            .map(|(watcher, seen, heard)| {
                let receive = Receive {
                    video: seen.iter().map(id).collect(),
                    audio: heard.iter().map(id).collect(),
                    shown: self.shown.clone(),
                };
                (self.rooms[*watcher].id, receive)
            })
            .collect();
        let plan = Plan {
            receives,
            ..Plan::default()
        };
        self.set_plan(&plan);
    }

    /// The same plan for all units.
    pub fn set_plan(&mut self, plan: &Plan) {
        for unit in &mut self.more {
            unit.set_plan(plan.clone(), self.now);
        }
        self.sfu.set_plan(plan.clone(), self.now);
    }

    /// The programme shows and lets be heard these, by place; all `viewers` receive it whole.
    pub fn programme(&mut self, viewers: &[usize], shown: [(Option<usize>, Option<usize>); PLACES]) {
        let id = |room: Option<usize>| room.map(|room| self.rooms[room].id);
        let whole = Receive {
            video: SessionId::PROGRAMME.map(Some).to_vec(),
            audio: SessionId::PROGRAMME.map(Some).to_vec(),
            ..Receive::default()
        };
        let plan = Plan {
            receives: viewers
                .iter()
                .map(|viewer| (self.rooms[*viewer].id, whole.clone()))
                .collect(),
            programme: shown.map(|(video, audio)| Shown {
                video: id(video),
                audio: id(audio),
            }),
        };
        self.set_plan(&plan);
    }

    /// Time goes on for everybody.
    pub fn run(&mut self, duration: Duration) {
        let end = self.now + duration;
        while self.now < end {
            self.now += self.grain;
            self.step();
        }
    }

    /// Until all rooms are connected.
    pub fn settle(&mut self) {
        for _ in 0..2000 {
            self.now += self.grain;
            self.step();
            if self.rooms.iter().all(|room| room.connected) {
                return;
            }
        }
        panic!(
            "not all rooms connected: {:?}",
            self.rooms.iter().map(|room| room.connected).collect::<Vec<_>>()
        );
    }

    fn step(&mut self) {
        let now = self.now;
        for room in &mut self.rooms {
            room.speak(now);
            room.rtc.handle_input(Input::Timeout(now)).expect("time passes");
        }
        for _ in 0..4 {
            self.carry();
        }
        if let Some(intruder) = self.intruder.as_mut() {
            intruder(&mut self.sfu, now);
        }
        for unit in 0..=self.more.len() {
            if self.unit(unit).poll_timeout() <= now {
                self.counted(|call| call.unit(unit).handle_timeout(now));
            }
        }
        self.carry();
        for unit in 0..=self.more.len() {
            while let Some(event) = self.unit(unit).poll_event() {
                self.events.push(event);
            }
        }
    }

    /// What the units tell each other.
    fn relay(&mut self) {
        for from in 0..=self.more.len() {
            while let Some((to, relay)) = self.unit(from).poll_relay() {
                if (self.bridge)(&relay) {
                    let now = self.now;
                    self.unit(to).handle_relay(now, from, relay);
                }
            }
        }
    }

    /// Takes all that one room wants to say. The other implementation asks to be drained after every input.
    fn drain(&mut self, index: usize) {
        loop {
            if self.rooms[index].has_hung_up {
                break;
            }
            match self.rooms[index].rtc.poll_output().expect("the room lives") {
                Output::Timeout(_) => break,
                Output::Transmit(transmit) => {
                    let bytes = transmit.contents.to_vec();
                    let stream = (transmit.proto == Protocol::Tcp).then_some(StreamId(index as u32));
                    self.up(Datagram {
                        from: transmit.source,
                        to: transmit.destination,
                        bytes,
                        stream,
                    });
                }
                Output::Event(event) => {
                    let at = self.now - self.start;
                    self.rooms[index].note(event, at);
                }
            }
        }
    }

    /// Moves everything that wants to move.
    fn carry(&mut self) {
        (0..self.rooms.len()).for_each(|index| self.drain(index));
        self.relay();
        let asked = self.asked;
        for unit in std::iter::once(&mut self.sfu).chain(&mut self.more) {
            loop {
                // The unit seals what is due when it is asked.
                let before = asked.map_or(0, |asked| asked());
                let next = unit.poll_transmit();
                self.asked_by_units += asked.map_or(0, |asked| asked()) - before;
                let Some(transmit) = next else { break };
                let size = transmit.segment_size.unwrap_or(transmit.contents.len());
                for segment in transmit.contents.chunks(size) {
                    let datagram = Datagram {
                        from: transmit.from,
                        to: transmit.to,
                        bytes: segment.to_vec(),
                        stream: transmit.stream,
                    };
                    self.in_flight.push_back(datagram);
                }
            }
        }
        while let Some(datagram) = self.in_flight.pop_front() {
            let mut arriving = Vec::new();
            (self.link)(datagram, &mut arriving);
            for datagram in arriving {
                match self.narrow.as_mut().filter(|narrow| narrow.to == datagram.to) {
                    Some(narrow) => narrow.take(datagram, self.now),
                    None => self.down(datagram),
                }
            }
        }
        while let Some(datagram) = self.narrow.as_mut().and_then(|narrow| narrow.give(self.now)) {
            self.down(datagram);
        }
    }

    fn down(&mut self, datagram: Datagram) {
        let streamed = datagram.stream.map(|StreamId(room)| room as usize);
        let index = streamed.or(self.rooms.iter().position(|room| room.address == datagram.to));
        let Some(index) = index else { return };
        let protocol = match streamed {
            Some(_) => Protocol::Tcp,
            None => Protocol::Udp,
        };
        let received = str0m::net::Receive::new(protocol, datagram.from, datagram.to, &datagram.bytes);
        let Ok(received) = received else { return };
        // A room hangs up when the unit tells it that its certificate is wrong.
        let received = self.rooms[index].rtc.handle_input(Input::Receive(self.now, received));
        self.rooms[index].has_hung_up |= received.is_err();
        self.drain(index);
    }

    fn up(&mut self, datagram: Datagram) {
        let mut arriving = Vec::new();
        (self.link)(datagram, &mut arriving);
        for mut datagram in arriving {
            if self.capture {
                self.captured.push(datagram.clone());
            }
            let unit = (0..=self.more.len()).find(|unit| unit_address(*unit) == datagram.to);
            let now = self.now;
            let Datagram {
                from,
                to,
                bytes,
                stream,
            } = &mut datagram;
            self.counted(|call| {
                let unit = call.unit(unit.unwrap_or(0));
                match stream {
                    None => unit.handle_datagram(now, *from, *to, bytes),
                    Some(stream) => unit.handle_streamed(now, *stream, *from, *to, bytes),
                }
            });
        }
    }

    /// Does something with the units, and counts what they ask of the heap.
    fn counted(&mut self, what: impl FnOnce(&mut Hall)) {
        let before = self.asked.map_or(0, |asked| asked());
        what(self);
        let after = self.asked.map_or(0, |asked| asked());
        self.asked_by_units += after - before;
    }

    /// Forgets what was heard so far.
    pub fn hush(&mut self) {
        self.rooms.iter_mut().for_each(|room| room.heard.clear());
    }

    /// Names seen or heard in a slot of a room since the last hush.
    pub fn names(&self, room: usize, mid: &str) -> Vec<String> {
        let mut names: Vec<String> = self.rooms[room]
            .heard
            .iter()
            .filter(|heard| heard.mid == mid)
            .map(|heard| heard.from.clone())
            .collect();
        names.dedup();
        names
    }

    pub fn video_mid(&self, room: usize, slot: usize) -> String {
        self.rooms[room].answer.as_ref().expect("answered").video_slots[slot].clone()
    }

    pub fn audio_mid(&self, room: usize, slot: usize) -> String {
        self.rooms[room].answer.as_ref().expect("answered").audio_slots[slot].clone()
    }

    pub fn seen(&self, room: usize, slot: usize) -> Vec<Heard> {
        let mid = self.video_mid(room, slot);
        self.rooms[room]
            .heard
            .iter()
            .filter(|heard| heard.mid == mid)
            .cloned()
            .collect()
    }
}

fn unit_of(config: &Config, unit: usize, start: Instant) -> Sfu {
    let mut config = config.clone();
    if unit > 0 {
        config.candidates = vec![unit_address(unit)];
    }
    config.unit = unit;
    Sfu::new(config, start).expect("a unit")
}

impl Room {
    pub fn new(name: &str, number: u32, equipment: Equipment, now: Instant) -> Room {
        let address = SocketAddr::from(([10, 77, 1, number as u8], 5000));
        Room::at(name, SessionId(number), address, equipment, now)
    }

    fn at(name: &str, id: SessionId, address: SocketAddr, equipment: Equipment, now: Instant) -> Room {
        let mut rtc = Rtc::builder()
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .set_rtp_mode(true)
            .set_stats_interval(None)
            .build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").expect("an address"))
            .expect("a candidate");
        Room {
            name: name.to_owned(),
            id,
            unit: 0,
            address,
            rtc,
            answer: None,
            equipment,
            connected: false,
            key_frames_asked: 0,
            heard: Vec::new(),
            clocks: BTreeSet::new(),
            is_publishing: true,
            has_hung_up: false,
            layering: None,
            layered: Vec::new(),
            further: Vec::new(),
            microphone: None,
            camera: None,
            sent_audio: 0,
            sent_video: 0,
            sequences: [1000, 7000, 60_000],
            want_key: [true; 3],
            obeyed: [None; 3],
            kinds: BTreeMap::new(),
            next_audio: now,
            next_video: now,
        }
    }

    pub fn offer(&mut self) -> (String, SdpPendingOffer) {
        let mut api = self.rtc.sdp_api();
        let mut add = |kind, direction| api.add_media(kind, direction, None, None, None);
        if self.equipment.microphone {
            self.microphone = Some(add(MediaKind::Audio, Direction::SendOnly));
        }
        if self.equipment.camera && self.equipment.layers == 0 {
            self.camera = Some(add(MediaKind::Video, Direction::SendOnly));
        } else if self.equipment.camera {
            let mut simulcast = Simulcast::new();
            for (name, _, _) in &LAYERS[..self.equipment.layers] {
                simulcast.add_send_layer(SimulcastLayer::new(name));
            }
            let camera = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, Some(simulcast));
            self.camera = Some(camera);
        }
        let mut add = |kind, direction| api.add_media(kind, direction, None, None, None);
        for _ in 0..self.equipment.video_slots {
            self.kinds
                .insert(add(MediaKind::Video, Direction::RecvOnly), MediaKind::Video);
        }
        for _ in 0..self.equipment.audio_slots {
            self.kinds
                .insert(add(MediaKind::Audio, Direction::RecvOnly), MediaKind::Audio);
        }
        let (offer, pending) = api.apply().expect("something to offer");
        (offer.to_sdp_string(), pending)
    }

    /// A broken or hostile page: so many voice packets at once, each well formed.
    pub fn flood(&mut self, packets: u32, now: Instant) {
        let Some(mid) = self.microphone else { return };
        for _ in 0..packets {
            self.sent_audio += 1;
            let payload = format!("\x78{}|{}", self.name, self.sent_audio).into_bytes();
            let (sequence, time) = (u64::from(self.sent_audio), self.sent_audio * 960);
            self.write(mid, None, Codec::Opus, sequence, time, true, payload, now);
        }
    }

    /// A camera that was negotiated later.
    pub fn plug_in(&mut self, camera: Mid) {
        self.camera = Some(camera);
        self.want_key = [true; 3];
    }

    /// Sends 50 voice packets and 25 pictures of two packets a second.
    fn speak(&mut self, now: Instant) {
        if !self.connected || !self.is_publishing {
            return;
        }
        if let Some(mid) = self.microphone.filter(|_| now >= self.next_audio) {
            self.next_audio = now + Duration::from_millis(20);
            self.sent_audio += 1;
            let payload = format!("\x78{}|{}", self.name, self.sent_audio).into_bytes();
            self.write(
                mid,
                None,
                Codec::Opus,
                u64::from(self.sent_audio),
                self.sent_audio * 960,
                true,
                payload,
                now,
            );
            for number in 0..self.further.len() {
                let payload = format!("\x78{} {}|{}", self.name, number + 2, self.sent_audio).into_bytes();
                let (mid, sent) = (self.further[number].1, self.sent_audio);
                self.write(mid, None, Codec::Opus, u64::from(sent), sent * 960, true, payload, now);
            }
        }
        if let Some(mid) = self.camera.filter(|_| now >= self.next_video) {
            self.next_video = now + Duration::from_millis(40);
            self.sent_video += 1;
            match self.equipment.layers {
                0 if self.layering.is_some() => self.film_in_layers(mid, now),
                0 => {
                    self.film(mid, None, 0, 0, 1800, now);
                    for number in 0..self.further.len() {
                        self.film(self.further[number].0, None, number + 1, 0, 1800, now);
                    }
                }
                layers => {
                    for (at, (name, height, bytes)) in LAYERS.iter().enumerate().take(layers) {
                        self.film(mid, Some(Rid::from(*name)), at, *height, *bytes, now);
                    }
                }
            }
        }
    }

    /// Sends one picture of a layer, in packets of up to 1100 bytes.
    fn film(&mut self, mid: Mid, rid: Option<Rid>, layer: usize, height: u16, bytes: usize, now: Instant) {
        let is_key = std::mem::take(&mut self.want_key[layer]);
        // A key frame takes more, as in life.
        let bytes = if is_key && rid.is_some() { bytes * 3 } else { bytes };
        let packets = bytes.div_ceil(1100).max(2);
        for part in 0..packets {
            let first = if part == 0 { 0x90 } else { 0x80 };
            // Layers count their pictures and their time from different beginnings.
            let number = self.sent_video.wrapping_add(layer as u32 * 1000);
            let picture = (number as u16 & 0x7fff) | 0x8000;
            let mut payload = vec![first, 0x80, (picture >> 8) as u8, picture as u8];
            payload.extend_from_slice(&[if is_key { 0x10 } else { 0x11 }, 0, 0, 0x9d, 0x01, 0x2a]);
            payload.extend_from_slice(&(height * 16 / 9).to_le_bytes());
            payload.extend_from_slice(&height.to_le_bytes());
            let camera = match rid {
                None if layer > 0 => format!(" {}", layer + 1),
                _ => String::new(),
            };
            payload.extend_from_slice(format!("{}{camera}|{}", self.name, self.sent_video).as_bytes());
            payload.resize((bytes / packets).max(60), b' ');
            self.sequences[layer] += 1;
            let sequence = self.sequences[layer];
            let timestamp = (self.sent_video * 3600).wrapping_add(layer as u32 * 1_000_000);
            let is_last = part + 1 == packets;
            self.write(mid, rid, Codec::Vp8, sequence, timestamp, is_last, payload, now);
        }
    }

    /// Sends one picture in three spatial layers; every fourth is of the lowest temporal layer, every second of the middle one.
    fn film_in_layers(&mut self, mid: Mid, now: Instant) {
        let is_key = std::mem::take(&mut self.want_key[0]);
        // The pattern begins anew with a key frame.
        self.sent_video = if is_key {
            self.sent_video.next_multiple_of(4)
        } else {
            self.sent_video
        };
        let temporal = [0u8, 2, 1, 2][(self.sent_video % 4) as usize];
        let picture = (self.sent_video as u16 & 0x7fff) | 0x8000;
        for (layer, (bytes, _)) in SPATIAL.iter().enumerate() {
            let bytes = if is_key { bytes * 2 } else { *bytes };
            let packets = bytes.div_ceil(1100);
            let is_alone = self.layering == Some(Layering::AtKeyFrames) && !is_key;
            for part in 0..packets {
                let (begins, ends) = (part == 0, part + 1 == packets);
                let has_structure = is_key && layer == 0 && begins;
                let mut head = 0xa0 | u8::from(!is_key) << 6 | u8::from(begins) << 3 | u8::from(ends) << 2;
                head |= u8::from(has_structure) << 1 | u8::from(is_alone);
                let rises = temporal < 2;
                let uses_smaller = layer > 0 && !is_alone;
                let layers = temporal << 5 | u8::from(rises) << 4 | (layer as u8) << 1 | u8::from(uses_smaller);
                let mut payload = vec![
                    head,
                    (picture >> 8) as u8,
                    picture as u8,
                    layers,
                    (self.sent_video / 4) as u8,
                ];
                if has_structure {
                    payload.push(2 << 5 | 0x10);
                    for (_, height) in SPATIAL {
                        payload.extend_from_slice(&(height * 16 / 9).to_be_bytes());
                        payload.extend_from_slice(&height.to_be_bytes());
                    }
                }
                payload.resize((bytes / packets).max(60), b' ');
                self.sequences[0] += 1;
                let (sequence, is_last) = (self.sequences[0], ends && layer + 1 == SPATIAL.len());
                self.write(
                    mid,
                    None,
                    Codec::Vp9,
                    sequence,
                    self.sent_video * 3600,
                    is_last,
                    payload,
                    now,
                );
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "an RTP packet has that many fields")]
    fn write(
        &mut self,
        mid: Mid,
        rid: Option<Rid>,
        codec: Codec,
        sequence: u64,
        time: u32,
        marker: bool,
        payload: Vec<u8>,
        now: Instant,
    ) {
        let found = self
            .rtc
            .codec_config()
            .find(|params| params.spec().codec == codec)
            .map(|params| params.pt());
        let payload_type = found.expect("the codec is configured");
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, rid) else {
            return;
        };
        let values = str0m::rtp::ExtensionValues {
            audio_level: Some(-30),
            ..Default::default()
        };
        stream.write_rtp(
            RtpWrite::new(payload_type, sequence.into(), time, now, payload)
                .marker(marker)
                .nackable(codec != Codec::Opus)
                .ext_vals(values),
        );
    }

    fn note(&mut self, event: str0m::Event, at: Duration) {
        match event {
            str0m::Event::Connected => self.connected = true,
            str0m::Event::KeyframeRequest(request) => {
                self.key_frames_asked += 1;
                let named = |rid: Rid| LAYERS.iter().position(|(name, _, _)| Rid::from(*name) == rid);
                let further = self.further.iter().position(|(camera, _)| *camera == request.mid);
                let camera = further.map_or(0, |further| further + 1);
                let layer = request.rid.and_then(named).unwrap_or(camera);
                // As browsers do: a request so soon after one that was obeyed is ignored.
                if self.obeyed[layer].is_none_or(|obeyed| at >= obeyed + Duration::from_millis(300)) {
                    self.obeyed[layer] = Some(at);
                    self.want_key[layer] = true;
                }
            }
            str0m::Event::RtpPacket(packet) => {
                let Some(mid) = packet.header.ext_vals.mid.or_else(|| self.mid_of(*packet.header.ssrc)) else {
                    return;
                };
                if packet.last_sender_info.is_some() {
                    self.clocks.insert(mid.to_string());
                }
                let is_video = self.kinds.get(&mid) == Some(&MediaKind::Video);
                if let [head, high, low, layers, _, ..] = packet.payload[..]
                    && is_video
                    && head & 0xa0 == 0xa0
                {
                    self.layered.push(Layered {
                        sequence: *packet.seq_no,
                        timestamp: packet.header.timestamp,
                        marker: packet.header.marker,
                        picture: u16::from_be_bytes([high, low]) & 0x7fff,
                        spatial: layers >> 1 & 7,
                        temporal: layers >> 5,
                        begins: head & 8 != 0,
                        ends: head & 4 != 0,
                        key: head & 0x40 == 0,
                        at,
                    });
                    return;
                }
                let (head, picture, key, height) = match &packet.payload[..] {
                    [_, _, high, low, tag, _, _, _, _, _, _, _, lines, more, ..] if is_video => {
                        let height = u16::from_le_bytes([*lines, *more]);
                        (14, u16::from_be_bytes([*high, *low]), tag & 1 == 0, height)
                    }
                    _ => (1, 0, false, 0),
                };
                let Some(body) = packet.payload.get(head..) else { return };
                let text = String::from_utf8_lossy(body).trim().to_owned();
                let Some((from, number)) = text.split_once('|') else {
                    return;
                };
                self.heard.push(Heard {
                    mid: mid.to_string(),
                    from: from.to_owned(),
                    number: number.parse().unwrap_or(0),
                    key,
                    sequence: *packet.seq_no,
                    timestamp: packet.header.timestamp,
                    picture: picture & 0x7fff,
                    height,
                    at,
                });
            }
            _ => {}
        }
    }

    /// The section an SSRC belongs to, as our answer declared it.
    fn mid_of(&self, ssrc: u32) -> Option<Mid> {
        let sdp = &self.answer.as_ref()?.sdp;
        let section = sdp
            .split("\r\nm=")
            .find(|section| section.contains(&format!("a=ssrc:{ssrc} cname")))?;
        let line = section.lines().find_map(|line| line.strip_prefix("a=mid:"))?;
        Some(line.into())
    }
}
