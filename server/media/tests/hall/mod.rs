//! A hall, some bridge points and the network between them, in virtual time and without a socket.
//!
//! Each room is an independent WebRTC implementation (`str0m`); the unit under test stands in the middle. What a room
//! sends carries its own name, so a test can prove from the payload whose picture and voice arrived.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test binary uses a part")]

mod camera;
mod entrance;
mod network;
mod room;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use media::{Config, Event, PLACES, Plan, Receive, Relay, SessionId, Sfu, Shown, StreamId, Wish};
use str0m::net::Protocol;
use str0m::{Input, Output};

pub use camera::{LAYERS, Layering, SPATIAL};
pub use network::{Bridge, Datagram, Link, Narrow, line};
pub use room::{Equipment, HALL, Heard, Layered, ROOM, Room};

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

/// Somebody on the network with plans of his own.
pub type Intruder = Box<dyn FnMut(&mut Sfu, Instant)>;
/// Who sees whom (by video slot) and hears whom (by audio slot).
pub type Line<'a> = (usize, &'a [Option<usize>], &'a [Option<usize>]);

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
