//! The unit itself: its public face, and which part handles what. It only routes; each part has a file of its own.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom, SystemRandom};

use crate::allocate::Case;
use crate::allowance::Allowance;
use crate::answer::{self, Answer, Local, Use};
use crate::arena::{Arena, Transmit};
use crate::config::Config;
use crate::demux::{Class, classify};
use crate::downlink::Downlink;
use crate::dtls::{Dtls, Identity, Progress};
use crate::fanout::Pending;
use crate::feedback::Arrivals;
use crate::ice::{Credentials, Paths, Tuple};
use crate::keys::Protection;
use crate::offer::{Codec, Direction, Format, Kind, Offer, OfferRefusal, Section};
use crate::plan::{Plan, SessionId};
use crate::relay::Neighbours;
use crate::report::Rate;
use crate::seal::{Opener, Sealer};
use crate::session::{Crypto, Device, Session};
use crate::slot::Slot;
use crate::stats::{Drops, Totals};
use crate::stream::{self, ALPHABET};
use crate::stun;
use crate::track::{Inbound, Owner, Part, Track};

/// Why a unit could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SfuError {
    /// Neither certificate nor random numbers.
    #[error("no certificate could be made: {0}")]
    Identity(String),
    /// Nobody could reach it.
    #[error("no candidate address is configured")]
    NoCandidates,
}

/// What the caller should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The handshake is done; media may flow.
    Connected {
        /// The session.
        id: SessionId,
    },
    /// Nothing authentic came since this instant.
    Silent {
        /// The session.
        id: SessionId,
        /// When it was last heard.
        since: Instant,
    },
    /// A silent session is heard again.
    Alive {
        /// The session.
        id: SessionId,
    },
    /// The session carries nothing any more and needs a new offer.
    Closed {
        /// The session.
        id: SessionId,
        /// Why.
        reason: ClosedReason,
    },
}

/// Why a session ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedReason {
    /// The certificate is not the one the offer named.
    FingerprintMismatch,
    /// The handshake did not succeed.
    HandshakeFailed,
    /// The peer said goodbye.
    PeerClosed,
}

impl ClosedReason {
    /// A stable name for protocol and logs.
    pub fn code(self) -> &'static str {
        match self {
            ClosedReason::FingerprintMismatch => "FingerprintMismatch",
            ClosedReason::HandshakeFailed => "HandshakeFailed",
            ClosedReason::PeerClosed => "PeerClosed",
        }
    }
}

/// Everything that leaves waits here until it is taken.
const ARENA: usize = 1 << 20;
/// Events the caller did not fetch; more are dropped, oldest first.
const MAX_EVENTS: usize = 4096;
/// Timers are looked at this often while there are sessions.
pub(crate) const TICK: Duration = Duration::from_millis(20);

/// A selective forwarding unit. See the [crate] documentation for how to drive it.
pub struct Sfu {
    pub(crate) config: Config,
    identity: Identity,
    random: SystemRandom,
    pub(crate) start: Instant,
    pub(crate) now: Instant,
    pub(crate) sessions: Vec<Option<Box<Session>>>,
    pub(crate) ids: HashMap<SessionId, usize>,
    ufrags: HashMap<Vec<u8>, usize>,
    pub(crate) tuples: HashMap<Tuple, usize>,
    pub(crate) tracks: Vec<Option<Box<Track>>>,
    epochs: u64,
    pub(crate) neighbours: Neighbours,
    pub(crate) plan: Plan,
    pub(crate) pending: Vec<Pending>,
    pub(crate) work: Vec<u64>,
    pub(crate) worked: usize,
    pub(crate) planned: usize,
    pub(crate) sequences: Vec<u16>,
    pub(crate) body: Vec<u8>,
    pub(crate) arena: Arena,
    events: VecDeque<Event>,
    pub(crate) totals: Totals,
    pub(crate) next_tick: Instant,
    pub(crate) feedback_due: Instant,
    /// Sessions whose packets or probes wait for their time, and when the next may leave.
    pub(crate) paced: Vec<usize>,
    pub(crate) pace_due: Option<Instant>,
    pub(crate) cases: Vec<Case>,
    pub(crate) layers_due: Instant,
}

impl Sfu {
    /// Makes a unit with a certificate of its own.
    pub fn new(config: Config, now: Instant) -> Result<Sfu, SfuError> {
        if config.candidates.is_empty() {
            return Err(SfuError::NoCandidates);
        }
        let identity = Identity::generate().map_err(|error| SfuError::Identity(error.to_string()))?;
        Ok(Sfu {
            arena: Arena::new(ARENA, config.max_segments),
            neighbours: Neighbours::new(config.unit, config.units),
            config,
            identity,
            random: SystemRandom::new(),
            start: now,
            now,
            sessions: Vec::new(),
            ids: HashMap::new(),
            ufrags: HashMap::new(),
            tuples: HashMap::new(),
            tracks: Vec::new(),
            epochs: 0,
            plan: Plan::default(),
            pending: Vec::with_capacity(crate::fanout::MAX_PENDING),
            work: Vec::with_capacity(16 * 1024),
            worked: 0,
            planned: 0,
            sequences: Vec::with_capacity(128),
            body: Vec::with_capacity(1200),
            events: VecDeque::with_capacity(64),
            totals: Totals::default(),
            next_tick: now,
            feedback_due: now,
            paced: Vec::new(),
            pace_due: None,
            cases: Vec::with_capacity(64),
            layers_due: now,
        })
    }

    /// Answers an offer. For a known id the same peer connection is renegotiated (also with an ICE restart); a new
    /// peer connection under a known id takes the place of the old one.
    pub fn accept(&mut self, id: SessionId, offer_sdp: &str, now: Instant) -> Result<Answer, OfferRefusal> {
        self.now = now;
        let offer = Offer::parse(offer_sdp)?;
        let directions = answer::classify(&offer.sections);
        if directions.iter().all(Option::is_none) {
            return Err(OfferRefusal::NoMedia);
        }
        let is_new = !self.ids.contains_key(&id);
        let continues = self.ids.get(&id).copied().filter(|place| {
            self.sessions[*place].as_ref().is_some_and(|session| {
                session.ended.is_none()
                    && session.origin == offer.origin
                    && *session.dtls.fingerprint() == offer.fingerprint
            })
        });
        let place = match continues {
            Some(place) => {
                self.renew_credentials(place, &offer.ufrag);
                place
            }
            None => {
                if is_new && self.ids.len() >= self.config.max_sessions {
                    return Err(OfferRefusal::Full);
                }
                // Whoever could not shake hands before is offered the old profile too.
                let old = self.ids.get(&id).and_then(|place| self.sessions[*place].as_ref());
                let has_failed = old.is_some_and(|session| session.ended == Some(ClosedReason::HandshakeFailed));
                // What we only take in costs one decryption, whichever it is, and many encoders and players know AES-CM
                // alone. Who numbers packets across the transport knows AES-GCM, and would choose the other if it could.
                let is_fanned_out = directions.contains(&Some(Direction::ReceiveOnly));
                let is_recent = offer
                    .sections
                    .iter()
                    .any(|section| section.extensions.transport_cc != 0);
                let protection = if has_failed || !is_fanned_out || !is_recent {
                    Protection::Legacy
                } else {
                    Protection::Modern
                };
                self.close(id);
                self.open(id, &offer, protection, now).ok_or(OfferRefusal::Malformed)?
            }
        };
        let uses = self.arrange(place, &offer.sections, &directions);
        let session = self.sessions[place].as_mut().expect("opened or found above");
        session.answers += 1;
        session.head = answer::head(&offer.sections, &uses);
        let session = self.sessions[place].as_deref().expect("opened or found above");
        let sdp = answer::write(&offer, &uses, &self.local(session));
        let mids = |slots: &[Slot]| slots.iter().map(|slot| slot.mid.clone()).collect();
        let mid = |track: usize| Some(self.tracks[track].as_ref()?.mid.clone());
        let sends = |part| {
            let places = session.devices.iter().filter_map(|device| device.track(part));
            places.filter_map(mid).collect()
        };
        let result = Answer {
            sdp,
            sends_audio: sends(Part::Microphone),
            sends_video: sends(Part::Camera(0)),
            video_slots: mids(&session.slots[..session.video_slots]),
            audio_slots: mids(&session.slots[session.video_slots..]),
        };
        let is_viewer = is_new && session.devices.is_empty();
        self.next_tick = now;
        if is_viewer {
            self.apply_changes(None, Some(place), now);
        } else {
            self.apply_plan(now);
        }
        Ok(result)
    }

    /// Begins a new ICE session for a peer that now has this user fragment: our side of it as a fragment (RFC 8840). The old
    /// paths carry on until a new one works. `None` = there is no such session.
    pub fn restart_ice(&mut self, id: SessionId, remote_ufrag: &str, now: Instant) -> Option<String> {
        self.now = now;
        let place = *self.ids.get(&id)?;
        self.sessions[place]
            .as_ref()
            .filter(|session| session.ended.is_none())?;
        self.renew_credentials(place, remote_ufrag);
        let session = self.sessions[place].as_deref()?;
        Some(answer::fragment(&session.head, &self.local(session)))
    }

    fn local<'a>(&'a self, session: &'a Session) -> Local<'a> {
        Local {
            session: session.number,
            version: session.answers,
            ufrag: &session.credentials.ufrag,
            pwd: &session.credentials.pwd,
            fingerprint: &self.identity.fingerprint,
            candidates: &self.config.candidates,
            tcp_candidates: &self.config.tcp_candidates,
            max_video_bitrate: self.config.max_video_bitrate,
        }
    }

    /// Ends a session; its id may be used again.
    pub fn close(&mut self, id: SessionId) {
        let Some(place) = self.ids.remove(&id) else { return };
        let Some(session) = self.sessions[place].take() else {
            return;
        };
        self.forget_paths(place);
        for track in session.tracks() {
            self.tracks[track] = None;
        }
        if session.devices.is_empty() {
            self.apply_changes(None, None, self.now);
        } else {
            self.apply_plan(self.now);
        }
    }

    /// Sets who receives what, from now on. Cameras that are newly shown are asked for a key frame at once.
    pub fn set_plan(&mut self, plan: Plan, now: Instant) {
        self.now = now;
        let before = std::mem::replace(&mut self.plan, plan);
        self.apply_changes(Some(&before), None, now);
    }

    /// Takes in one datagram, which is decrypted in place. `to` is the local address it came to.
    pub fn handle_datagram(&mut self, now: Instant, from: SocketAddr, to: SocketAddr, data: &mut [u8]) {
        let (remote, local, stream) = (from, to, None);
        self.handle(now, Tuple { remote, local, stream }, data);
    }

    pub(crate) fn handle(&mut self, now: Instant, tuple: Tuple, data: &mut [u8]) {
        self.now = now;
        self.totals.datagrams_in += 1;
        let class = classify(data);
        match class {
            Class::Stun => return self.on_stun(tuple, data, now),
            Class::Unknown => {
                self.totals.unknown += 1;
                return;
            }
            Class::Dtls | Class::Rtp | Class::Rtcp => {}
        }
        // Architecture invariant: only a 5-tuple that passed MESSAGE-INTEGRITY gets any further.
        let Some(place) = self.tuples.get(&tuple).copied() else {
            self.totals.strangers += 1;
            return;
        };
        match class {
            Class::Dtls => self.on_dtls(place, data, now),
            Class::Rtp => self.on_rtp(place, data, now),
            Class::Rtcp => self.on_rtcp(place, data, now),
            Class::Stun | Class::Unknown => {}
        }
    }

    /// Lets time pass. Call at [`Sfu::poll_timeout`] or later.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        self.pace(now);
        self.tick(now);
    }

    /// When [`Sfu::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Instant {
        if self.ids.is_empty() {
            self.now + Duration::from_secs(3600)
        } else {
            self.pace_due.map_or(self.next_tick, |due| due.min(self.next_tick))
        }
    }

    /// Something to send. Call until it says `None`.
    pub fn poll_transmit(&mut self) -> Option<Transmit<'_>> {
        if self.arena.is_drained() {
            self.arena.clear();
            self.fan_out();
        }
        self.arena.pop()
    }

    /// Something to know. Call until it says `None`.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Figures of the whole unit.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The sessions that are known, in no order.
    pub fn sessions(&self) -> impl Iterator<Item = SessionId> + '_ {
        self.ids.keys().copied()
    }

    fn on_stun(&mut self, tuple: Tuple, data: &[u8], now: Instant) {
        let Some((request, place)) = stun::Request::parse(data)
            .and_then(|request| self.ufrags.get(request.local_ufrag).map(|place| (request, *place)))
        else {
            self.totals.stun_unknown += 1;
            return;
        };
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let is_current = session.credentials.ufrag.as_bytes() == request.local_ufrag;
        let credentials = if is_current {
            Some(&session.credentials)
        } else {
            session.previous.as_ref()
        };
        let Some(credentials) = credentials.filter(|credentials| {
            credentials.remote_ufrag.as_bytes() == request.remote_ufrag && request.is_authentic(&credentials.key)
        }) else {
            self.totals.stun_unauthentic += 1;
            return;
        };
        if session.paths.is_replayed(request.transaction(), tuple) {
            self.totals.stun_unauthentic += 1;
            return;
        }
        // Only what authenticated counts: whoever merely knows the name must not use up the peer's share.
        if !session.allowance.check(now) {
            session.drops.limited += 1;
            return;
        }
        let answered = self.arena.push(tuple, |buffer| {
            stun::respond(&request, tuple.remote, &credentials.key, buffer)
        });
        if answered.is_none() {
            self.totals.no_room += 1;
        }
        let was_lost = session.crypto.is_some() && session.paths.selected().is_none();
        if is_current {
            session.paths.follow();
        }
        let checked = session.paths.checked(tuple, request.nominates, now);
        if is_current
            && request.nominates
            && let Some(previous) = session.previous.take()
        {
            self.ufrags.remove(previous.ufrag.as_bytes());
        }
        if let Some(forgotten) = checked.forgotten {
            self.tuples.remove(&forgotten);
        }
        if checked.is_new
            && let Some(before) = self.tuples.insert(tuple, place)
            && before != place
            && let Some(other) = self.sessions[before].as_mut()
        {
            other.paths.forget(tuple);
        }
        self.heard(place, now);
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let progress = session.dtls.begin(now);
        self.progress(place, progress, now);
        if was_lost {
            self.greet(place, now);
        }
    }

    fn on_dtls(&mut self, place: usize, data: &[u8], now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let progress = session.dtls.read(data, now);
        self.progress(place, progress, now);
    }

    /// Follows up on a step of the handshake, and sends what it left.
    pub(crate) fn progress(&mut self, place: usize, progress: Progress, now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        if let Some(path) = session.paths.selected() {
            while let Some(message) = session.dtls.poll_transmit() {
                let pushed = self.arena.push(path, |buffer| {
                    buffer.get_mut(..message.len())?.copy_from_slice(&message);
                    Some(message.len())
                });
                if pushed.is_none() {
                    self.totals.no_room += 1;
                }
            }
        }
        match progress {
            Progress::Quiet => {}
            Progress::Keys(masters) => {
                let (seal, open) = *masters;
                let sealer = Sealer::new(&seal, self.identity.provider.as_ref());
                let opener = Opener::new(&open, &self.identity.provider);
                let (Some(sealer), Some(opener)) = (sealer, opener) else {
                    return self.end(place, ClosedReason::HandshakeFailed);
                };
                session.crypto = Some(Crypto { sealer, opener });
                session.report_due = now;
                let id = session.id;
                self.heard(place, now);
                self.event(Event::Connected { id });
                self.greet(place, now);
            }
            Progress::Closed => self.end(place, ClosedReason::PeerClosed),
            Progress::Impostor => self.end(place, ClosedReason::FingerprintMismatch),
            Progress::Failed => self.end(place, ClosedReason::HandshakeFailed),
        }
    }

    /// A session ends by itself: it keeps its id until the caller closes it or brings a new offer.
    fn end(&mut self, place: usize, reason: ClosedReason) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        session.crypto = None;
        session.ended = Some(reason);
        let id = session.id;
        self.forget_paths(place);
        self.apply_plan(self.now);
        self.event(Event::Closed { id, reason });
    }

    fn forget_paths(&mut self, place: usize) {
        self.tuples.retain(|_, owner| *owner != place);
        self.ufrags.retain(|_, owner| *owner != place);
    }

    /// Something authentic came from this session.
    pub(crate) fn heard(&mut self, place: usize, now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        session.heard = now;
        if session.is_silent {
            session.is_silent = false;
            let id = session.id;
            self.event(Event::Alive { id });
        }
    }

    pub(crate) fn event(&mut self, event: Event) {
        if self.events.len() == MAX_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    /// Forgets 5-tuples without consent.
    pub(crate) fn expire_paths(&mut self, place: usize, now: Instant) {
        let consent = self.config.consent;
        while let Some(tuple) = self.sessions[place]
            .as_mut()
            .and_then(|session| session.paths.expire(now, consent))
        {
            self.tuples.remove(&tuple);
        }
    }

    pub(crate) fn number(&self) -> u32 {
        let mut bytes = [0u8; 4];
        // The operating system's generator does not fail once the process has started; zero would only be guessable.
        let _ = self.random.fill(&mut bytes);
        u32::from_be_bytes(bytes)
    }

    /// RFC 8839 §5.4: letters and digits; 8 for the fragment (48 bits), 24 for the password (144 bits).
    fn word(&self, length: usize) -> Option<String> {
        let mut bytes = vec![0u8; length];
        self.random.fill(&mut bytes).ok()?;
        Some(
            bytes
                .iter()
                .map(|byte| char::from(ALPHABET[usize::from(byte & 63)]))
                .collect(),
        )
    }

    fn credentials(&self, remote_ufrag: &str) -> Option<Credentials> {
        let ufrag = stream::mark(self.config.unit) + &self.word(8)?;
        Some(Credentials::new(ufrag, self.word(24)?, remote_ufrag.to_owned()))
    }

    fn open(&mut self, id: SessionId, offer: &Offer, protection: Protection, now: Instant) -> Option<usize> {
        let credentials = self.credentials(&offer.ufrag)?;
        let dtls = Dtls::new(&self.identity, offer.fingerprint.clone(), protection).ok()?;
        let session = Session {
            id,
            origin: offer.origin.clone(),
            answers: 0,
            head: String::new(),
            number: u64::from(self.number()) << 16 | u64::from(id.0 & 0xffff),
            credentials,
            previous: None,
            paths: Paths::default(),
            dtls,
            crypto: None,
            extensions: Default::default(),
            inbound: Vec::new(),
            devices: Vec::new(),
            slots: Vec::new(),
            video_slots: 0,
            ssrc: self.number(),
            rtcp_windows: Vec::new(),
            arrivals: Arrivals::new(self.start),
            downlink: Downlink::new(self.start),
            clock_offset: None,
            heard: now,
            is_silent: false,
            ended: None,
            report_due: now,
            rtt_ms: None,
            up: Rate::default(),
            down: Rate::default(),
            packets_down: 0,
            repairs_down: 0,
            drops: Drops::default(),
            allowance: Allowance::default(),
        };
        let place = vacancy(&mut self.sessions);
        self.ufrags
            .insert(session.credentials.ufrag.clone().into_bytes(), place);
        self.sessions[place] = Some(Box::new(session));
        self.ids.insert(id, place);
        Some(place)
    }

    /// New credentials in the offer ask for new ones from us; the old paths carry on until the new ones work.
    fn renew_credentials(&mut self, place: usize, remote_ufrag: &str) {
        let Some(session) = self.sessions[place].as_ref() else {
            return;
        };
        if session.credentials.remote_ufrag == remote_ufrag {
            return;
        }
        let Some(credentials) = self.credentials(remote_ufrag) else {
            return;
        };
        self.ufrags.insert(credentials.ufrag.clone().into_bytes(), place);
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        session.paths.restart();
        let before = std::mem::replace(&mut session.credentials, credentials);
        if let Some(older) = session.previous.replace(before) {
            self.ufrags.remove(older.ufrag.as_bytes());
        }
    }

    /// Makes the session's tracks and slots follow the offer. What keeps its section keeps its numbers.
    fn arrange(&mut self, place: usize, sections: &[Section], directions: &[Option<Direction>]) -> Vec<Use> {
        let session = self.sessions[place]
            .as_mut()
            .expect("the caller just opened or found it");
        let mut old_slots = std::mem::take(&mut session.slots);
        let old_tracks: Vec<usize> = session.tracks().collect();
        session.devices.clear();
        session.extensions = Default::default();
        let (mut video, mut audio, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        let mut sent = (0, 0);
        let mut uses = Vec::with_capacity(sections.len());
        for (section, direction) in sections.iter().zip(directions) {
            let (Some(kind), Some(direction)) = (section.kind, *direction) else {
                uses.push(Use::Rejected);
                continue;
            };
            uses.push(match direction {
                Direction::SendOnly => {
                    let number = match kind {
                        Kind::Audio => &mut sent.0,
                        Kind::Video => &mut sent.1,
                    };
                    self.arrange_device(place, *number, kind, section, &old_tracks, &mut kept);
                    *number += 1;
                    Use::Track
                }
                Direction::ReceiveOnly => {
                    let mut known = video.iter().chain(&audio).map(|slot: &Slot| &slot.formats);
                    let same = known.find(|formats| formats[..] == section.formats[..]).cloned();
                    let formats = same.unwrap_or_else(|| section.formats.as_slice().into());
                    let old = old_slots
                        .iter()
                        .position(|slot| slot.mid == section.mid && slot.kind == kind);
                    let mut slot = match old {
                        Some(index) => {
                            let mut slot = old_slots.swap_remove(index);
                            slot.take_formats(formats);
                            slot
                        }
                        None => {
                            let numbers = std::array::from_fn(|_| self.number());
                            Slot::new(section.mid.clone(), kind, formats, numbers, self.now)
                        }
                    };
                    slot.transport_cc = match kind {
                        Kind::Video => section.extensions.transport_cc,
                        // A repair of a voice must be byte for byte what was sent before: the same (SSRC, index) is
                        // never sealed twice with other bytes. So it carries no number of its own.
                        Kind::Audio => 0,
                    };
                    slot.dependency = section.extensions.dependency;
                    let used = Use::Slot {
                        ssrc: slot.ssrc,
                        rtx_ssrc: slot.rtx_ssrc,
                    };
                    match kind {
                        Kind::Video => video.push(slot),
                        Kind::Audio => audio.push(slot),
                    }
                    used
                }
                Direction::Both | Direction::Inactive => Use::Inactive,
            });
        }
        for gone in old_tracks.into_iter().filter(|track| !kept.contains(track)) {
            self.tracks[gone] = None;
        }
        let session = self.sessions[place]
            .as_mut()
            .expect("the caller just opened or found it");
        session.inbound.retain(|inbound| kept.contains(&inbound.track));
        session.video_slots = video.len();
        session.slots = video;
        session.slots.append(&mut audio);
        session.slots.shrink_to_fit();
        uses
    }

    /// A section that sends: one more microphone, or a camera with its layers.
    fn arrange_device(
        &mut self,
        place: usize,
        number: usize,
        kind: Kind,
        section: &Section,
        old: &[usize],
        kept: &mut Vec<usize>,
    ) {
        for part in Part::all(kind).take(section.rids.len().max(1)) {
            let track = self.arrange_track(place, number, part, section, old);
            let session = self.sessions[place]
                .as_mut()
                .expect("the caller just opened or found it");
            if session.devices.len() <= number {
                session.devices.resize_with(number + 1, Device::default);
            }
            let device = &mut session.devices[number];
            device.set_track(part, track);
            if kind == Kind::Video {
                device.rids.clone_from(&section.rids);
            }
            kept.push(track);
        }
    }

    fn arrange_track(&mut self, place: usize, device: usize, part: Part, section: &Section, old: &[usize]) -> usize {
        let format = section.formats[0].clone();
        let plain = section
            .formats
            .get(1)
            .filter(|format| format.codec == Codec::Opus)
            .cloned();
        let same = old.iter().copied().find(|track| {
            self.tracks[*track]
                .as_ref()
                .is_some_and(|track| track.mid == section.mid && track.part == part)
        });
        let place_of_track = match same {
            Some(track) => {
                if let Some(track) = self.tracks[track].as_mut() {
                    track.device = device;
                    track.format = format;
                    track.plain = plain;
                }
                track
            }
            None => {
                let epoch = self.epoch();
                let mut track = Track::new(Owner::Here(place), part, section.mid.clone(), format, epoch, self.start);
                track.device = device;
                track.plain = plain;
                let vacant = vacancy(&mut self.tracks);
                self.tracks[vacant] = Some(Box::new(track));
                vacant
            }
        };
        let session = self.sessions[place]
            .as_mut()
            .expect("the caller just opened or found it");
        let own = section.extensions;
        let ids = &mut session.extensions;
        for (id, offered) in [
            (&mut ids.mid, own.mid),
            (&mut ids.audio_level, own.audio_level),
            (&mut ids.transport_cc, own.transport_cc),
            (&mut ids.rid, own.rid),
            (&mut ids.repaired_rid, own.repaired_rid),
            (&mut ids.dependency, own.dependency),
        ] {
            if offered != 0 {
                *id = offered;
            }
        }
        for (ssrc, is_rtx) in [(section.ssrc, false), (section.rtx_ssrc, true)] {
            let Some(ssrc) = ssrc else { continue };
            if !session.inbound.iter().any(|inbound| inbound.ssrc == ssrc) {
                session.inbound.push(Inbound::new(ssrc, place_of_track, is_rtx));
            }
        }
        place_of_track
    }

    /// A track that comes from elsewhere; its packets say their codec themselves.
    pub(crate) fn add_track(&mut self, owner: Owner, part: Part) -> usize {
        let kind = part.kind();
        let format = Format {
            codec: kind.codec(),
            payload_type: 0,
            rtx: None,
            nack: false,
            fmtp: None,
        };
        let epoch = self.epoch();
        let vacant = vacancy(&mut self.tracks);
        self.tracks[vacant] = Some(Box::new(Track::new(
            owner,
            part,
            String::new(),
            format,
            epoch,
            self.start,
        )));
        vacant
    }

    /// Higher than any before in this unit, and than any older one of a session that has moved here.
    fn epoch(&mut self) -> u64 {
        let elapsed = self.now.saturating_duration_since(self.start).as_micros() as u64;
        self.epochs = (self.epochs + 1).max(elapsed << 8 | self.neighbours.unit() as u64);
        self.epochs
    }

    /// A track whose browser began a new stream: nothing of the old one may be mixed with it.
    pub(crate) fn renew_track(&mut self, track: usize) {
        let epoch = self.epoch();
        if let Some(old) = self.tracks[track].take() {
            let Track {
                owner,
                device,
                part,
                mid,
                format,
                plain,
                ..
            } = *old;
            let mut fresh = Track::new(owner, part, mid, format, epoch, self.start);
            fresh.device = device;
            fresh.plain = plain;
            self.tracks[track] = Some(Box::new(fresh));
        }
        self.apply_plan(self.now);
    }
}

/// The first free place, or a new one.
fn vacancy<T>(places: &mut Vec<Option<T>>) -> usize {
    match places.iter().position(Option::is_none) {
        Some(place) => place,
        None => {
            places.push(None);
            places.len() - 1
        }
    }
}
