//! Streams that cross between units: each unit has its own thread and port, and a session lives in exactly one of them.
//!
//! Every unit is given the whole plan. For a stream that flows into one of its slots but belongs to a session that is
//! not here, it keeps a *relayed track*: same slots, same rewriting, repair from a ring of its own that holds the same
//! packets. It tells all other units which streams it wants; whoever owns one sends what arrives on it. Wishes for key
//! frames and for packets that got lost on the way travel back; the clocks of the sender's reports travel along.
//!
//! It does not know how messages travel: they leave by [`Sfu::poll_relay`] and come in by [`Sfu::handle_relay`], in order
//! between any two units. Some may be lost: wishes are said again, packets asked for again.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::fanout::Pending;
use crate::history::Shared;
use crate::offer::Kind;
use crate::plan::SessionId;
use crate::report::SenderClock;
use crate::sfu::Sfu;
use crate::track::{Origin, Owner, Part, Track};

/// More units than this make no sense on one machine.
pub(crate) const MAX_UNITS: usize = 64;
/// Messages that wait for the caller; more are dropped and counted.
const MAX_WAITING: usize = 8192;
/// What is wanted is said again this often, in case it was lost.
const REPEAT: Duration = Duration::from_secs(1);

/// Something that one unit tells another. The caller carries it and does not look inside.
#[derive(Clone, Debug)]
pub struct Relay(Message);

impl Relay {
    /// Whether it is a packet of a stream, which may be dropped when there is no room; the rest is rare and worth more.
    pub fn is_media(&self) -> bool {
        matches!(self.0, Message::Packet { .. })
    }
}

/// One life of a stream: a later one has a higher epoch, also when the session has moved to another unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stream {
    session: SessionId,
    part: Part,
    epoch: u64,
}

#[derive(Clone, Debug)]
enum Message {
    /// What the other unit wants of a session from now on.
    Wanted { session: SessionId, kinds: Kinds },
    /// A packet that arrived on a stream.
    Packet { stream: Stream, packet: Arc<Shared> },
    /// The publisher's clock, and what to add for ours.
    Clock {
        stream: Stream,
        clock: SenderClock,
        offset: i64,
    },
    /// The stream has ended.
    Gone { stream: Stream },
    /// A viewer needs a key frame; a fresh one waits for its first picture.
    KeyFrame { stream: Stream, is_fresh: bool },
    /// A viewer asks for a packet that never came here.
    Missing { stream: Stream, index: u64 },
}

/// Microphone, camera or both of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Kinds {
    audio: bool,
    video: bool,
}

impl Kinds {
    fn set(&mut self, kind: Kind) {
        match kind {
            Kind::Audio => self.audio = true,
            Kind::Video => self.video = true,
        }
    }

    fn has(self, kind: Kind) -> bool {
        match kind {
            Kind::Audio => self.audio,
            Kind::Video => self.video,
        }
    }
}

/// What one unit knows of the others.
#[derive(Default)]
pub(crate) struct Neighbours {
    unit: usize,
    count: usize,
    /// Streams of other units that flow in our slots, by place of their relayed track.
    pub(crate) relayed: HashMap<(SessionId, Part), usize>,
    /// What we want of sessions that are elsewhere, by the names of their devices.
    wants: BTreeMap<SessionId, Kinds>,
    /// What others want, whether the session is here or not.
    wanted: HashMap<SessionId, Vec<(usize, Kinds)>>,
    /// Streams of ours that others receive.
    exported: Vec<(Stream, u64)>,
    waiting: VecDeque<(usize, Relay)>,
    dropped: u64,
    due: Option<Instant>,
}

impl Neighbours {
    pub(crate) fn new(unit: usize, count: usize) -> Neighbours {
        let count = count.clamp(1, MAX_UNITS);
        Neighbours {
            unit,
            count,
            waiting: VecDeque::with_capacity(if count > 1 { MAX_WAITING } else { 0 }),
            ..Neighbours::default()
        }
    }

    pub(crate) fn unit(&self) -> usize {
        self.unit
    }

    fn is_alone(&self) -> bool {
        self.count == 1
    }

    /// The units that want a stream, one bit each.
    fn mask(&self, session: SessionId, kind: Kind) -> u64 {
        let units = self.wanted.get(&session).into_iter().flatten();
        units
            .filter(|(_, kinds)| kinds.has(kind))
            .fold(0, |mask, (unit, _)| mask | 1 << unit)
    }

    fn tell(&mut self, unit: usize, message: Message) {
        if self.waiting.len() == MAX_WAITING {
            self.dropped += 1;
            return;
        }
        self.waiting.push_back((unit, Relay(message)));
    }

    fn tell_all(&mut self, message: &Message) {
        let own = self.unit;
        for unit in (0..self.count).filter(|unit| *unit != own) {
            self.tell(unit, message.clone());
        }
    }

    fn tell_each(&mut self, mask: u64, message: &Message) {
        for unit in (0..self.count).filter(|unit| mask & 1 << unit != 0) {
            self.tell(unit, message.clone());
        }
    }

    /// A packet of a stream that others receive.
    pub(crate) fn share(&mut self, stream: Stream, relays: u64, packet: &Arc<Shared>) {
        for unit in (0..self.count).filter(|unit| relays & 1 << unit != 0) {
            let packet = packet.clone();
            self.tell(unit, Message::Packet { stream, packet });
        }
    }

    pub(crate) fn share_clock(&mut self, stream: Stream, relays: u64, clock: SenderClock, offset: i64) {
        self.tell_each(relays, &Message::Clock { stream, clock, offset });
    }

    /// A wish for a key frame; nobody hears it before the first packet has told who owns the stream.
    pub(crate) fn wish(&mut self, origin: &Origin, is_fresh: bool) {
        if let Some((unit, stream)) = origin.stream() {
            self.tell(unit, Message::KeyFrame { stream, is_fresh });
        }
    }

    pub(crate) fn miss(&mut self, origin: &Origin, index: u64) {
        if let Some((unit, stream)) = origin.stream() {
            self.tell(unit, Message::Missing { stream, index });
        }
    }

    fn poll(&mut self) -> Option<(usize, Relay)> {
        self.waiting.pop_front()
    }
}

impl Origin {
    fn stream(&self) -> Option<(usize, Stream)> {
        let stream = Stream {
            session: self.session,
            part: self.part,
            epoch: self.epoch,
        };
        Some((self.unit?, stream))
    }
}

impl Sfu {
    /// Something for another unit: its number, and what to hand to its [`Sfu::handle_relay`]. Call until it says `None`.
    pub fn poll_relay(&mut self) -> Option<(usize, Relay)> {
        let next = self.neighbours.poll();
        self.totals.relays_dropped = self.neighbours.dropped;
        next
    }

    /// Takes in what the unit `from` said.
    pub fn handle_relay(&mut self, now: Instant, from: usize, relay: Relay) {
        self.now = now;
        match relay.0 {
            Message::Packet { stream, packet } => self.on_relayed(from, stream, packet, now),
            Message::Clock { stream, clock, offset } => self.on_relayed_clock(stream, clock, offset),
            Message::Wanted { session, kinds } => self.on_wanted(from, session, kinds, now),
            Message::Gone { stream } => self.on_gone(stream),
            Message::KeyFrame { stream, is_fresh } => {
                if let Some(at) = self.own_track(stream) {
                    self.ask_key_frame(at, is_fresh, now);
                }
            }
            Message::Missing { stream, index } => self.on_missing(from, stream, index),
        }
    }

    /// Makes relayed tracks for what the plan takes from elsewhere, and says what is wanted.
    pub(crate) fn follow_wants(&mut self) {
        if self.neighbours.is_alone() {
            return;
        }
        let wants = self.foreign_wants();
        let mut tracks = Vec::new();
        for (session, kinds) in &wants {
            let kinds = [Kind::Audio, Kind::Video].into_iter().filter(|kind| kinds.has(*kind));
            tracks.extend(kinds.flat_map(Part::all).map(|part| (*session, part)));
        }
        let gone: Vec<_> = self
            .neighbours
            .relayed
            .extract_if(|key, _| !tracks.contains(key))
            .collect();
        for (_, at) in gone {
            self.tracks[at] = None;
        }
        for key in tracks {
            if !self.neighbours.relayed.contains_key(&key) {
                let (session, part) = key;
                let at = self.add_track(Owner::There(Origin::new(session, part)), part);
                self.neighbours.relayed.insert(key, at);
            }
        }
        let before = std::mem::replace(&mut self.neighbours.wants, wants);
        for session in before.keys() {
            if !self.neighbours.wants.contains_key(session) {
                self.say_wanted(*session);
            }
        }
        let changed: Vec<SessionId> = self
            .neighbours
            .wants
            .iter()
            .filter(|(session, kinds)| before.get(session) != Some(kinds))
            .map(|(session, _)| *session)
            .collect();
        changed.into_iter().for_each(|session| self.say_wanted(session));
    }

    /// What the plan takes from sessions that are not here into slots that are.
    fn foreign_wants(&self) -> BTreeMap<SessionId, Kinds> {
        let mut wants: BTreeMap<SessionId, Kinds> = BTreeMap::new();
        for session in self.sessions.iter().flatten().filter(|session| session.ended.is_none()) {
            let Some(receive) = self.plan.receives.get(&session.id) else {
                continue;
            };
            let video = receive.video.iter().take(session.video_slots);
            let audio = receive.audio.iter().take(session.slots.len() - session.video_slots);
            let video = video.flatten().map(|id| (*id, Kind::Video));
            for (id, kind) in video.chain(audio.flatten().map(|id| (*id, Kind::Audio))) {
                let behind = self.plan.behind(id, kind);
                if let Some(id) =
                    behind.filter(|named| named.named().is_some_and(|(id, _)| !self.ids.contains_key(&id)))
                {
                    wants.entry(id).or_default().set(kind);
                }
            }
        }
        wants
    }

    fn say_wanted(&mut self, session: SessionId) {
        let kinds = self.neighbours.wants.get(&session).copied().unwrap_or_default();
        self.neighbours.tell_all(&Message::Wanted { session, kinds });
    }

    /// Says again what is wanted.
    pub(crate) fn repeat_wants(&mut self, now: Instant) {
        if self.neighbours.is_alone() || self.neighbours.due.is_some_and(|due| now < due) {
            return;
        }
        self.neighbours.due = Some(now + REPEAT);
        for (session, kinds) in self.neighbours.wants.clone() {
            self.neighbours.tell_all(&Message::Wanted { session, kinds });
        }
    }

    /// Notes which streams of ours go where, and says which have ended.
    pub(crate) fn follow_exports(&mut self) {
        if self.neighbours.is_alone() {
            return;
        }
        let mut exported = Vec::new();
        for place in 0..self.sessions.len() {
            let Some(session) = self.sessions[place].as_ref().filter(|session| session.ended.is_none()) else {
                continue;
            };
            for at in session.tracks() {
                let Some(track) = self.tracks[at].as_mut() else {
                    continue;
                };
                let named = session.id.device(track.device as u32);
                track.relays = self.neighbours.mask(named, track.kind);
                let stream = Stream {
                    session: named,
                    part: track.part,
                    epoch: track.epoch,
                };
                exported.push((stream, track.relays));
            }
        }
        let before = std::mem::replace(&mut self.neighbours.exported, exported);
        for (stream, mask) in before {
            if !self.neighbours.exported.iter().any(|(other, _)| *other == stream) {
                self.neighbours.tell_each(mask, &Message::Gone { stream });
            }
        }
    }

    /// How others know a track of ours.
    pub(crate) fn stream(&self, at: usize) -> Option<Stream> {
        let track = self.tracks[at].as_ref()?;
        let Owner::Here(place) = track.owner else { return None };
        Some(Stream {
            session: self.sessions[place].as_ref()?.id.device(track.device as u32),
            part: track.part,
            epoch: track.epoch,
        })
    }

    /// The track of ours that a stream is, if it still is.
    fn own_track(&self, stream: Stream) -> Option<usize> {
        let (id, device) = stream.session.named()?;
        let session = self.sessions[*self.ids.get(&id)?].as_ref()?;
        let at = session.track(device, stream.part)?;
        (self.tracks[at].as_ref()?.epoch == stream.epoch).then_some(at)
    }

    fn on_wanted(&mut self, from: usize, session: SessionId, kinds: Kinds, now: Instant) {
        let units = self.neighbours.wanted.entry(session).or_default();
        let known = units.iter().position(|(unit, _)| *unit == from);
        let before = known.map_or(Kinds::default(), |known| units.swap_remove(known).1);
        if kinds != Kinds::default() {
            units.push((from, kinds));
        } else if units.is_empty() {
            self.neighbours.wanted.remove(&session);
        }
        if kinds == before {
            return;
        }
        self.follow_exports();
        let Some((place, device)) = session
            .named()
            .and_then(|(id, device)| Some((*self.ids.get(&id)?, device)))
        else {
            return;
        };
        for kind in [Kind::Audio, Kind::Video] {
            if !kinds.has(kind) || before.has(kind) {
                continue;
            }
            for part in Part::all(kind) {
                let Some(at) = self.sessions[place]
                    .as_ref()
                    .and_then(|session| session.track(device, part))
                else {
                    continue;
                };
                self.tell_clock(at, 1 << from);
                if kind == Kind::Video {
                    self.ask_key_frame(at, true, now);
                }
            }
        }
    }

    /// Tells the units in `mask` the clock of a track of ours.
    pub(crate) fn tell_clock(&mut self, at: usize, mask: u64) {
        let Some(track) = self.tracks[at].as_ref().filter(|_| mask != 0) else {
            return;
        };
        let Owner::Here(place) = track.owner else { return };
        let offset = self.sessions[place].as_ref().and_then(|session| session.clock_offset);
        if let (Some(clock), Some(offset), Some(stream)) = (track.clock, offset, self.stream(at)) {
            self.neighbours.share_clock(stream, mask, clock, offset);
        }
    }

    fn on_missing(&mut self, from: usize, stream: Stream, index: u64) {
        let shared = self
            .own_track(stream)
            .and_then(|at| self.tracks[at].as_ref()?.history.as_ref()?.share(index));
        if let Some(packet) = shared {
            self.neighbours.share(stream, 1 << from, &packet);
        }
    }

    fn on_gone(&mut self, stream: Stream) {
        if let Some(at) = self.relayed_track(stream) {
            self.renew_track(at);
        }
    }

    /// The relayed track of exactly this life of a stream.
    fn relayed_track(&self, stream: Stream) -> Option<usize> {
        let at = *self.neighbours.relayed.get(&(stream.session, stream.part))?;
        let Owner::There(origin) = &self.tracks[at].as_ref()?.owner else {
            return None;
        };
        (origin.epoch == stream.epoch).then_some(at)
    }

    fn on_relayed_clock(&mut self, stream: Stream, clock: SenderClock, offset: i64) {
        let Some(at) = self.neighbours.relayed.get(&(stream.session, stream.part)).copied() else {
            return;
        };
        let Some(track) = self.tracks[at].as_mut() else { return };
        if let Owner::There(origin) = &mut track.owner
            && (origin.unit.is_none() || origin.epoch == stream.epoch)
        {
            origin.offset = Some(offset);
            track.clock = Some(clock);
        }
    }

    fn on_relayed(&mut self, from: usize, stream: Stream, packet: Arc<Shared>, now: Instant) {
        let Some(at) = self.neighbours.relayed.get(&(stream.session, stream.part)).copied() else {
            // The owner has not heard yet that nobody here wants it.
            if !packet.packet().index.is_multiple_of(64) {
                return;
            }
            let kinds = self.neighbours.wants.get(&stream.session).copied().unwrap_or_default();
            let session = stream.session;
            return self.neighbours.tell(from, Message::Wanted { session, kinds });
        };
        let Some(track) = self.tracks[at].as_mut() else { return };
        let Owner::There(origin) = &mut track.owner else { return };
        if stream.epoch < origin.epoch {
            return;
        }
        let is_other = stream.epoch != origin.epoch;
        (origin.unit, origin.epoch) = (Some(from), stream.epoch);
        if is_other && track.history.is_some() {
            self.renew_track(at);
        }
        let Some(track) = self.tracks[at].as_mut() else { return };
        if let Some(pending) = take(track, at, packet, now) {
            self.totals.relayed += 1;
            self.enqueue(pending);
        }
    }
}

/// Keeps a relayed packet; what is left to do for it, unless it was there already.
fn take(track: &mut Track, at: usize, shared: Arc<Shared>, now: Instant) -> Option<Pending> {
    let packet = *shared.packet();
    if !track.history().adopt(shared) {
        return None;
    }
    track.heard = Some(now);
    track.note(packet.index);
    if packet.key_start {
        track.keyframe.arrived();
    }
    let pending = Pending {
        track: at,
        epoch: track.epoch,
        index: packet.index,
        at: now,
    };
    track.is_received().then_some(pending)
}
