//! The rooms' media sessions: which session belongs to which room, offers and answers, and the figures of the links.
//!
//! A room has one session at a time, with a number of its own for the whole run; a new peer connection takes the place of the
//! old one. The session lives longer than the room's socket, because loss of control never removes media (PRODUCT 3.0 P6).

use crate::app::lock;
use crate::carry::Gate;
use crate::clock::Clock;
use crate::media::{NoAnswer, Worker};
use crate::policy::{Outside, Receives};
use crate::screens::SocketId;
use crate::wall::Watchers;
use crate::whip_sessions::Sessions;
use ::media::turn::Pass;
use ::media::{Answer, Plan, Receive, SessionId, SessionStats, Shown};
use meeting::Meeting;
use meeting::id::{EndpointId, PersonId, Time};
use protocol::message::{DeviceReport, ServerMessage};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

mod links;
mod outside;

/// A session is kept this long after the room's socket was closed, seconds.
const KEPT_S: u32 = 120;

/// All calls.
pub struct Calls {
    worker: Worker,
    gate: Arc<Gate>,
    numbers: BTreeMap<EndpointId, SessionId>,
    calls: BTreeMap<EndpointId, Call>,
    watchers: Watchers,
    devices: BTreeMap<EndpointId, DeviceReport>,
    figures: BTreeMap<SessionId, SessionStats>,
    plan: Plan,
    outside: Sessions,
}

/// One room's session.
#[derive(Debug, Default)]
struct Call {
    connected: bool,
    video_slots: Vec<String>,
    audio_slots: Vec<String>,
    /// Since when the room's socket is gone.
    alone_since: Option<Time>,
    /// What the room was told that flows; nothing since its answer, or since it came back.
    told: Option<ServerMessage>,
}

impl Calls {
    /// No call yet; at most so many viewers from outside.
    #[must_use]
    pub fn new(worker: Worker, meeting: &Meeting, viewers: usize, gate: Arc<Gate>) -> Self {
        let rooms = meeting.setup().endpoints.keys().cloned();
        Self {
            worker,
            gate,
            numbers: rooms.zip((1..).map(SessionId)).collect(),
            calls: BTreeMap::new(),
            watchers: Watchers::default(),
            devices: BTreeMap::new(),
            figures: BTreeMap::new(),
            plan: Plan::default(),
            outside: Sessions::new(meeting.setup().endpoints.keys().cloned(), viewers),
        }
    }

    /// Answers a room's offer.
    pub async fn offer(&mut self, room: &EndpointId, attempt: u32, sdp: String) -> ServerMessage {
        let Some(number) = self.numbers.get(room) else {
            return refused(attempt, "unknown");
        };
        let answer = self.worker.accept(*number, sdp).await;
        if let Ok(answer) = &answer {
            let call = self.calls.entry(room.clone()).or_default();
            call.video_slots.clone_from(&answer.video_slots);
            call.audio_slots.clone_from(&answer.audio_slots);
            call.alone_since = None;
            call.told = None;
        }
        answered(attempt, answer)
    }

    /// Whether the room's own session can carry something.
    #[must_use]
    pub fn is_connected(&self, room: &EndpointId) -> bool {
        self.calls.get(room).is_some_and(|call| call.connected)
    }

    /// Whose picture stands for a room's.
    fn camera(&self, room: &EndpointId) -> Option<SessionId> {
        let publisher = self.outside.publisher(room).filter(|(_, sends)| sends.video > 0);
        publisher.map_or_else(|| self.numbers.get(room).copied(), |(number, _)| Some(number))
    }

    /// Whose sound stands for a room's.
    fn microphone(&self, room: &EndpointId) -> Option<SessionId> {
        let publisher = self.outside.publisher(room).filter(|(_, sends)| sends.audio > 0);
        publisher.map_or_else(|| self.numbers.get(room).copied(), |(number, _)| Some(number))
    }

    /// Answers the offer of a console that wants to receive pictures and send nothing.
    pub async fn offer_to_watch(
        &mut self,
        socket: SocketId,
        person: &PersonId,
        attempt: u32,
        sdp: String,
    ) -> ServerMessage {
        let Some((number, ended)) = self.watchers.admit(socket, person) else {
            return refused(attempt, "full");
        };
        if let Some(ended) = ended {
            self.end(ended);
        }
        let answer = self.worker.accept(number, sdp).await;
        if let Ok(answer) = &answer {
            self.watchers.answered(socket, &answer.video_slots);
        }
        answered(attempt, answer)
    }

    /// Which rooms a console wants to see now.
    pub fn watch(&mut self, socket: SocketId, rooms: Vec<EndpointId>) {
        self.watchers.want(socket, rooms);
    }

    /// A console's socket is gone, and its session with it.
    pub fn unwatch(&mut self, socket: SocketId) {
        if let Some(number) = self.watchers.leave(socket) {
            self.end(number);
        }
    }

    /// A session that is no room's is there, or gone.
    pub fn watcher_connected(&mut self, number: SessionId, connected: bool) -> bool {
        self.watchers.connected(number, connected)
    }

    /// Whose consoles are ready to receive pictures.
    #[must_use]
    pub fn watching(&self) -> BTreeSet<PersonId> {
        self.watchers.people()
    }

    /// The consoles that have to be told what flows where from now on.
    pub fn tell_watchers(&mut self) -> Vec<(SocketId, ServerMessage)> {
        self.watchers.tell()
    }

    fn end(&self, number: SessionId) {
        if self.worker.close(number).is_err() {
            tracing::error!(number = number.0, "the media thread does not take commands");
        }
    }

    /// A way for a room's browser through networks that let out nothing but TLS.
    #[must_use]
    pub fn pass(&self, room: &EndpointId) -> Option<Pass> {
        let number = self.numbers.get(room)?;
        Some(lock(self.gate.relay()).pass(*number, Instant::now()))
    }

    /// The room to which a session belongs.
    #[must_use]
    pub fn room(&self, number: SessionId) -> Option<&EndpointId> {
        self.numbers.iter().find(|(_, of)| **of == number).map(|(room, _)| room)
    }

    /// The handshake of a room's session is done.
    pub fn connected(&mut self, room: &EndpointId) {
        self.calls.entry(room.clone()).or_default().connected = true;
    }

    /// A room's session carries nothing any more.
    pub fn closed(&mut self, room: &EndpointId) {
        self.calls.remove(room);
    }

    /// Ends a room's session.
    pub fn hang_up(&mut self, room: &EndpointId) {
        if self.calls.remove(room).is_some()
            && let Some(number) = self.numbers.get(room)
        {
            self.end(*number);
        }
    }

    /// Ends a room's session for good: what it was given to come back with is void.
    pub fn expel(&mut self, room: &EndpointId) {
        self.hang_up(room);
        if let Some(number) = self.numbers.get(room) {
            lock(self.gate.relay()).void(*number, Instant::now());
        }
    }

    /// The room's socket is there: it wants to know what flows.
    pub fn socket_here(&mut self, room: &EndpointId) {
        if let Some(call) = self.calls.get_mut(room) {
            call.alone_since = None;
            call.told = None;
        }
    }

    /// The room's socket is gone.
    pub fn socket_gone(&mut self, room: &EndpointId, now: Time) {
        if let Some(call) = self.calls.get_mut(room) {
            call.alone_since = Some(now);
        }
    }

    /// Ends the sessions of rooms that have not come back; these rooms.
    pub fn tidy(&mut self, now: Time) -> Vec<EndpointId> {
        let alone = |call: &Call| call.alone_since.is_some_and(|since| now.since(since) > KEPT_S * 1000);
        let gone: Vec<EndpointId> = self
            .calls
            .iter()
            .filter(|(_, call)| alone(call))
            .map(|(room, _)| room.clone())
            .collect();
        for room in &gone {
            self.hang_up(room);
        }
        gone
    }

    /// The rooms with a session that can carry something, their own or a publisher's.
    #[must_use]
    pub fn connected_rooms(&self) -> BTreeSet<EndpointId> {
        let own = self
            .calls
            .iter()
            .filter(|(_, call)| call.connected)
            .map(|(room, _)| room);
        own.chain(self.outside.published()).cloned().collect()
    }

    /// Makes the media follow; the rooms that have to be told what flows where from now on.
    /// `watches` says who is known to watch; nobody else's console receives anything.
    pub fn follow(
        &mut self,
        mut arranged: BTreeMap<EndpointId, Receives>,
        outside: &Outside,
        watches: impl Fn(&PersonId) -> bool,
    ) -> Vec<(EndpointId, ServerMessage)> {
        for (room, slots) in &mut arranged {
            if self.devices.get(room).is_some_and(|device| device.sound_only) {
                slots.video.fill(None);
            }
        }
        let rooms = arranged
            .iter()
            .filter_map(|(room, slots)| self.session_slots(room, slots));
        let viewers = self
            .outside
            .viewers()
            .map(|(number, viewed)| (number, self.viewed(viewed, outside)));
        let shown = |place: usize| Shown {
            video: outside.pictures[place].as_ref().and_then(|room| self.camera(room)),
            audio: outside.sounds[place].as_ref().and_then(|room| self.microphone(room)),
        };
        let mut plan = Plan {
            receives: rooms.chain(viewers).collect(),
            programme: std::array::from_fn(shown),
        };
        let there: BTreeSet<EndpointId> = arranged.keys().cloned().collect();
        let sources = there
            .iter()
            .filter_map(|room| Some((room.clone(), self.camera(room)?)))
            .collect();
        plan.receives.extend(self.watchers.receive(watches, &sources, &there));
        if plan != self.plan {
            self.worker.set_plan(plan.clone());
            self.plan = plan;
        }
        let heard_only: BTreeSet<EndpointId> = there.into_iter().filter(|room| self.is_heard_only(room)).collect();
        let mut tell = Vec::new();
        for (room, receives) in arranged {
            let paused = self.stats(&room).map(|stats| stats.paused).unwrap_or_default();
            let Some(call) = self.calls.get_mut(&room) else {
                continue;
            };
            let slots = receives.told(&call.video_slots, &call.audio_slots, &paused, &heard_only);
            if call.told.as_ref() != Some(&slots) {
                call.told = Some(slots.clone());
                tell.push((room, slots));
            }
        }
        tell
    }

    fn session_slots(&self, room: &EndpointId, receives: &Receives) -> Option<(SessionId, Receive)> {
        let cameras = receives.video.iter().map(|room| self.camera(room.as_ref()?));
        let microphones = receives.audio.iter().map(|room| self.microphone(room.as_ref()?));
        let receive = Receive {
            video: cameras.collect(),
            audio: microphones.collect(),
            shown: receives.shown.clone(),
        };
        Some((*self.numbers.get(room)?, receive))
    }
}

fn answered(attempt: u32, answer: Result<Answer, NoAnswer>) -> ServerMessage {
    match answer {
        Ok(answer) => ServerMessage::Answer {
            attempt,
            sdp: answer.sdp,
            video_slots: answer.video_slots,
            audio_slots: answer.audio_slots,
        },
        Err(NoAnswer::Refused(why)) => refused(attempt, why.code()),
        Err(NoAnswer::Unavailable) => refused(attempt, "unavailable"),
    }
}

fn refused(attempt: u32, code: &str) -> ServerMessage {
    ServerMessage::OfferRefused {
        attempt,
        code: code.to_owned(),
    }
}

/// A moment of the runtime on the hub's clock.
#[must_use]
pub fn since(clock: &Clock, instant: std::time::Instant) -> Time {
    let now = clock.now();
    let ago = u64::try_from(instant.elapsed().as_millis()).unwrap_or(u64::MAX);
    Time(now.0.saturating_sub(ago))
}
