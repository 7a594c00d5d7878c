//! The task that owns a sitting. Everything that happens to a meeting comes in here, one after the other; this file only
//! routes. What a command means is the meeting's, what is kept is the ledger's, what is shown is the screens'.
//!
//! Input: a bounded channel from the sockets, events of the media worker, the clock. Output: the outboxes of the screens, and
//! the plan of the media worker.
//!
//! Order, for every command: decide → durable → apply → show → acknowledge. A screen has the change in its mirror before its
//! own command is acknowledged.

use crate::auth::Who;
use crate::calls::{self, Calls};
use crate::clock::Clock;
use crate::keys::Secret;
use crate::ledger::{Denied, Ledger};
use crate::notary::Notary;
use crate::outbox::{Outbox, text};
use crate::pairing;
use crate::policy;
use crate::presence::{Heard, Presence, Subject};
use crate::recovery::Book;
use crate::screens::{Arrival, Screens, SocketId};
use crate::trend::Trends;
use crate::whip::Ask;
use crate::whip_sessions::TokenHash;
use ::media::Event as Media;
use meeting::command::{Actor, Asked, Command};
use meeting::id::{CommandId, DeviceId, EndpointId, PersonId, SiteId, SittingId, Time};
use meeting::turn::Clock as Turning;
use protocol::message::{ByeReason, DeviceReport, Resume, ServerMessage};
use protocol::view::AudienceKind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval, sleep_until};

mod whip;
mod witness;

/// At most so many messages wait for the room.
pub const QUEUE: usize = 4096;
/// How long commands that wait are taken together, at least, before screens are shown the result.
const TOGETHER: Duration = Duration::from_millis(30);
/// … and at most: nobody waits longer for an answer because many screens take long to be shown something.
const TOGETHER_MOST: Duration = Duration::from_millis(150);
/// How often links are looked at, and views that change with the clock alone.
const TICK: Duration = Duration::from_millis(500);
/// How often rooms get a new pass for the relay; each is good for more than twice as long.
const PASSES: Duration = Duration::from_secs(240);
/// When the disk fails, what is due is tried again after this.
const AGAIN: Duration = Duration::from_secs(1);

/// What comes in from the sockets.
#[derive(Debug)]
pub enum ToRoom {
    /// A screen has said hello.
    Enter {
        /// Its socket.
        socket: SocketId,
        /// Who is in front of it, by the ticket.
        who: Who,
        /// Which screen.
        audience: AudienceKind,
        /// Which device.
        device: DeviceId,
        /// Where its mirror stands.
        resume: Option<Resume>,
        /// Where messages go.
        outbox: Outbox,
        /// When it was heard.
        heard: Heard,
    },
    /// A socket was closed.
    Leave {
        /// Which.
        socket: SocketId,
    },
    /// A command.
    Ask {
        /// From which screen.
        socket: SocketId,
        /// The client's name for it.
        id: CommandId,
        /// When it was given, says the client.
        given_at: Option<Time>,
        /// What is asked.
        command: Command,
        /// When it came in.
        received: Instant,
    },
    /// A room's offer.
    Offer {
        /// From which screen.
        socket: SocketId,
        /// The room's number of the attempt.
        attempt: u32,
        /// SDP.
        sdp: String,
    },
    /// What a room knows of its devices.
    Device {
        /// From which screen.
        socket: SocketId,
        /// The report.
        report: DeviceReport,
    },
    /// Somebody publishes or views from outside.
    Whip(Ask),
    /// These tokens open nothing any more.
    TokensEnd {
        /// Their hashes.
        tokens: BTreeSet<TokenHash>,
    },
    /// A screen keeps a checkpoint.
    Witnessed {
        /// Which screen.
        socket: SocketId,
        /// Of which sitting.
        sitting: SittingId,
        /// Its number.
        number: u64,
    },
    /// A link was taken back.
    Revoked {
        /// Whose.
        who: Subject,
    },
    /// Which rooms a console wants to see.
    Watch {
        /// From which screen.
        socket: SocketId,
        /// Which rooms, first things first.
        rooms: Vec<EndpointId>,
    },
    /// How a room's line was.
    Trend {
        /// From which screen.
        socket: SocketId,
        /// Which room.
        room: EndpointId,
        /// Only what was measured later; absent = everything that is kept.
        since: Option<Time>,
    },
    /// Who may be paired at a site: its own people first.
    Roster {
        /// Which site.
        site: SiteId,
        /// Where the answer goes.
        answer: oneshot::Sender<Vec<PersonId>>,
    },
    /// The hub stops: all screens are told.
    Stop {
        /// When it is done.
        done: oneshot::Sender<()>,
    },
}

/// The task's state.
pub struct Room {
    ledger: Ledger,
    notary: Notary,
    clock: Clock,
    secret: Arc<Secret>,
    base_url: String,
    https_port: u16,
    screens: Screens,
    presence: Presence,
    calls: Calls,
    trends: Trends,
    /// The device that is a room's screen now.
    room_devices: BTreeMap<EndpointId, DeviceId>,
    /// Answers that wait until the screens have been shown what they are about.
    answers: Vec<(Outbox, ServerMessage)>,
    /// Something may have changed that is not shown yet.
    changed: bool,
    /// How long the last showing took. While it takes long, as much time goes to commands as to screens: two thousand who
    /// vote at once are not answered one screenful at a time.
    showing: Duration,
    codes_until: Time,
    passes_until: Time,
    retry_due: Option<Instant>,
    ticks: u32,
}

impl std::fmt::Debug for Room {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Room")
            .field("seq", &self.ledger.meeting().seq())
            .finish_non_exhaustive()
    }
}

impl Room {
    /// The room of this sitting. `base_url` stands in the pairing's QR code.
    #[must_use]
    pub fn new(book: Book, calls: Calls, secret: Arc<Secret>, base_url: String, https_port: u16, boot: String) -> Self {
        let Book { ledger, notary, clock } = book;
        Self {
            ledger,
            notary,
            clock,
            secret,
            base_url,
            https_port,
            screens: Screens::new(boot),
            presence: Presence::default(),
            calls,
            trends: Trends::default(),
            room_devices: BTreeMap::new(),
            answers: Vec::new(),
            changed: false,
            showing: Duration::ZERO,
            codes_until: Time(0),
            passes_until: Time(0),
            retry_due: None,
            ticks: 0,
        }
    }

    /// Runs until it is told to stop, or nobody can reach it any more.
    pub async fn run(mut self, mut inbox: mpsc::Receiver<ToRoom>, mut media: mpsc::UnboundedReceiver<Media>) {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let due = self.next_due();
            tokio::select! {
                message = inbox.recv() => {
                    let Some(message) = message else { return };
                    if let Some(done) = self.take_together(message, &mut inbox).await {
                        self.notary.close(self.ledger.head(), self.clock.now()).await;
                        self.show();
                        self.screens.iter().for_each(|(_, screen)| screen.outbox.close(ByeReason::Stopping));
                        let _gone = done.send(());
                        return;
                    }
                }
                Some(event) = media.recv() => self.media(event).await,
                _ = tick.tick() => self.tick().await,
                () = async { sleep_until(due.unwrap_or_else(Instant::now).into()).await }, if due.is_some() => {
                    self.due().await;
                }
            }
            self.seal().await;
            if self.changed {
                self.show();
            }
        }
    }

    /// Takes what waits, for a moment, so that many who press at once are shown to everybody once.
    async fn take_together(
        &mut self,
        first: ToRoom,
        inbox: &mut mpsc::Receiver<ToRoom>,
    ) -> Option<oneshot::Sender<()>> {
        let started = Instant::now();
        let mut next = Some(first);
        while let Some(message) = next {
            if let ToRoom::Stop { done } = message {
                return Some(done);
            }
            self.handle(message).await;
            next = if started.elapsed() < self.showing.clamp(TOGETHER, TOGETHER_MOST) {
                inbox.try_recv().ok()
            } else {
                None
            };
        }
        None
    }

    async fn handle(&mut self, message: ToRoom) {
        match message {
            ToRoom::Enter {
                socket,
                who,
                audience,
                device,
                resume,
                outbox,
                heard,
            } => {
                self.enter(
                    socket,
                    who,
                    Arrival {
                        actor: Actor::System,
                        audience,
                        device,
                        outbox,
                        resume,
                    },
                    heard,
                )
                .await;
            }
            ToRoom::Leave { socket } => self.leave(socket),
            ToRoom::Ask {
                socket,
                id,
                given_at,
                command,
                received,
            } => {
                self.ask(socket, id, given_at, command).await;
                metrics::histogram!("hub_command_seconds").record(received.elapsed());
            }
            ToRoom::Offer { socket, attempt, sdp } => self.offer(socket, attempt, sdp).await,
            ToRoom::Device { socket, report } => {
                if let Some(Actor::Room { id }) = self.screens.get(socket).map(|screen| &screen.actor) {
                    self.calls.device(id, report);
                }
            }
            ToRoom::Whip(ask) => self.whip(ask).await,
            ToRoom::TokensEnd { tokens } => self.tokens_end(&tokens).await,
            ToRoom::Witnessed {
                socket,
                sitting,
                number,
            } => self.witnessed(socket, &sitting, number),
            ToRoom::Revoked { who } => self.revoked(who).await,
            ToRoom::Watch { socket, rooms } => {
                self.calls.watch(socket, rooms);
                self.changed = true;
            }
            ToRoom::Trend { socket, room, since } => {
                // A technician's desk alone looks at the lines of others.
                if let Some(screen) = self.screens.get(socket)
                    && screen.audience == AudienceKind::Technician
                {
                    screen.outbox.send(&self.trends.told(&room, since));
                }
            }
            ToRoom::Roster { site, answer } => {
                let _gone = answer.send(self.roster(&site));
            }
            ToRoom::Stop { .. } => unreachable!("taken out before"),
        }
    }

    async fn enter(&mut self, socket: SocketId, who: Who, arrival: Arrival, heard: Heard) {
        let (actor, subject) = match &who {
            Who::Person { id, .. } => (
                Actor::Person {
                    id: id.clone(),
                    device: arrival.device.clone(),
                },
                Subject::Person(id.clone()),
            ),
            Who::Room { id } => (Actor::Room { id: id.clone() }, Subject::Room(id.clone())),
        };
        let arrival = Arrival { actor, ..arrival };
        let again = self.screens.get(socket).is_some();
        if !again && !self.take_over(&who, &arrival).await {
            arrival.outbox.close(ByeReason::Replaced);
            return;
        }
        let now = self.clock.now();
        if let Who::Room { id } = &who {
            if !again && arrival.resume.is_none() {
                // A page that was opened afresh: the camera of the one before it is gone.
                self.calls.hang_up(id);
                self.media_gone(id);
            }
            self.calls.socket_here(id);
            let (endpoint, device) = (id.clone(), arrival.device.clone());
            self.system(Command::ReportRoomDevice { endpoint, device }).await;
            // Before the welcome, at which the room offers its camera.
            if let Some(pass) = self.pass(id) {
                arrival.outbox.send(&pass);
            }
        }
        self.presence.enter(socket, subject.clone(), heard);
        self.screens.enter(socket, arrival, self.ledger.meeting(), now);
        self.show_checkpoint(socket);
        self.report(&subject).await;
        if let Subject::Room(room) = &subject {
            self.show_code(now, Some(room));
        }
        self.changed = true;
    }

    /// One active companion per delegate, one screen per room: the newest device wins (PRODUCT 3.1). But a device that was
    /// replaced does not win again by returning on its own from a blink of the network; only somebody who opens the page
    /// does that.
    async fn take_over(&mut self, who: &Who, arrival: &Arrival) -> bool {
        let active = match who {
            Who::Room { id } => self.room_devices.get(id).cloned(),
            Who::Person { id, .. } if arrival.audience == AudienceKind::Delegate => {
                self.ledger.meeting().device(id).cloned()
            }
            // Consoles may be open on several devices; which one is the chair's, the meeting knows.
            Who::Person { .. } => return true,
        };
        let other = active.as_ref().is_some_and(|active| *active != arrival.device);
        if other && arrival.resume.is_some() {
            return false;
        }
        let same_place = |screen: &crate::screens::Screen| {
            screen.audience == arrival.audience
                && match (&screen.actor, &arrival.actor) {
                    (Actor::Person { id, .. }, Actor::Person { id: new, .. }) => id == new,
                    (Actor::Room { id }, Actor::Room { id: new }) => id == new,
                    (Actor::Person { .. } | Actor::Room { .. } | Actor::System, _) => false,
                }
        };
        for (_, screen) in self.screens.iter().filter(|(_, screen)| same_place(screen)) {
            screen.outbox.close(ByeReason::Replaced);
        }
        match who {
            Who::Room { id } => {
                self.room_devices.insert(id.clone(), arrival.device.clone());
            }
            Who::Person { id, site } => {
                if active.as_ref() != Some(&arrival.device) {
                    let (person, device, site) = (id.clone(), arrival.device.clone(), site.clone());
                    self.system(Command::BindDevice { person, device, site }).await;
                }
            }
        }
        true
    }

    async fn ask(&mut self, socket: SocketId, id: CommandId, given_at: Option<Time>, command: Command) {
        let Some(screen) = self.screens.get(socket) else { return };
        let outbox = screen.outbox.clone();
        let asked = Asked {
            id: id.clone(),
            by: screen.actor.clone(),
            given_at,
            command,
        };
        let (outcome, answer) = match self.ledger.ask(&asked, self.clock.now()).await {
            Ok(done) => {
                // The floor changes hands at once; screens may wait for the others who press at the same moment.
                self.follow();
                let outcome = if done.repeated { "repeated" } else { "accepted" };
                (
                    outcome,
                    ServerMessage::Accepted {
                        id,
                        seq: done.seq,
                        at: done.at,
                    },
                )
            }
            Err(Denied::Refused(refusal)) => ("refused", ServerMessage::Refused { id, refusal }),
            Err(Denied::Unavailable(_)) => ("unavailable", ServerMessage::Unavailable { id }),
        };
        metrics::counter!("hub_commands_total", "outcome" => outcome).increment(1);
        self.answers.push((outbox, answer));
        self.changed = true;
    }

    fn leave(&mut self, socket: SocketId) {
        let now = self.clock.now();
        self.presence.leave(socket, now);
        self.calls.unwatch(socket);
        let Some(screen) = self.screens.leave(socket) else {
            return;
        };
        if let Actor::Room { id } = &screen.actor
            && !self.has_screen(id)
        {
            self.calls.socket_gone(id, now);
        }
    }

    fn has_screen(&self, room: &EndpointId) -> bool {
        self.screens
            .iter()
            .any(|(_, screen)| matches!(&screen.actor, Actor::Room { id } if id == room))
    }

    async fn offer(&mut self, socket: SocketId, attempt: u32, sdp: String) {
        let Some(screen) = self.screens.get(socket) else { return };
        let outbox = screen.outbox.clone();
        let answer = match &screen.actor {
            Actor::Room { id } => self.calls.offer(&id.clone(), attempt, sdp).await,
            Actor::Person { id, .. } if screen.audience == AudienceKind::Technician => {
                self.calls.offer_to_watch(socket, &id.clone(), attempt, sdp).await
            }
            // Tablets carry no media (PRODUCT 3.1).
            Actor::Person { .. } | Actor::System => ServerMessage::OfferRefused {
                attempt,
                code: "not_a_room".to_owned(),
            },
        };
        outbox.send(&answer);
        self.changed = true;
    }

    async fn media(&mut self, event: Media) {
        let (Media::Connected { id } | Media::Silent { id, .. } | Media::Alive { id } | Media::Closed { id, .. }) =
            event;
        if let Some(room) = self.calls.outside(&event, self.clock.now()) {
            return self.publisher(room, event).await;
        }
        let Some(room) = self.calls.room(id).cloned() else {
            match event {
                Media::Connected { .. } => self.calls.watcher_connected(id, true),
                Media::Closed { .. } => self.calls.watcher_connected(id, false),
                Media::Silent { .. } | Media::Alive { .. } => false,
            };
            self.report_watching().await;
            return;
        };
        tracing::debug!(%room, ?event, "media");
        let stands_aside = self.calls.is_published(&room);
        match event {
            Media::Connected { .. } => self.calls.connected(&room),
            Media::Closed { .. } => self.calls.closed(&room),
            Media::Alive { .. } | Media::Silent { .. } => {}
        }
        match event {
            // What the hall sees and hears comes from elsewhere.
            _ if stands_aside => {}
            Media::Connected { .. } | Media::Alive { .. } => self.presence.media_flows(room.clone()),
            Media::Silent { since, .. } => {
                self.presence
                    .media_silent(room.clone(), calls::since(&self.clock, since));
            }
            Media::Closed { .. } => self.presence.media_gone(&room),
        }
        self.report(&Subject::Room(room)).await;
        self.changed = true;
    }

    /// What the hub itself has to say. What cannot be made durable now is said again at the next look.
    async fn system(&mut self, command: Command) {
        tracing::debug!(?command, "the hub reports");
        match self.ledger.report(command, self.clock.now()).await {
            Ok(Some(_)) => self.changed = true,
            Ok(None) | Err(Denied::Unavailable(_)) => {}
            Err(Denied::Refused(refusal)) => tracing::warn!(?refusal, "a report of the hub's own was refused"),
        }
    }

    /// Tells the meeting whose consoles receive pictures, if it thinks otherwise. Nothing flows before it knows.
    async fn report_watching(&mut self) {
        let there = self.calls.watching();
        let known = self.ledger.meeting().watching();
        let came = there.iter().filter(|person| !known.contains_key(*person));
        let left = known.keys().filter(|person| !there.contains(*person));
        let reports: Vec<Command> = came
            .map(|person| (person.clone(), true))
            .chain(left.map(|person| (person.clone(), false)))
            .map(|(person, watching)| Command::ReportWatching { person, watching })
            .collect();
        for report in reports {
            self.system(report).await;
        }
        self.changed = true;
    }

    /// Tells the meeting whether a person or a room is reachable, if it thinks otherwise.
    async fn report(&mut self, subject: &Subject) {
        let now = self.clock.now();
        let reachable = self.presence.reachable(subject, now);
        let line = match subject {
            Subject::Person(id) => self.ledger.meeting().person_line(id),
            Subject::Room(id) => self.ledger.meeting().room_line(id),
        };
        let (known, awaited) = line.map_or((false, false), |line| (line.online, line.awaited));
        // After a restart the meeting itself waits for those who were there; being there confirms it.
        if known == reachable.is_ok() && !(awaited && reachable.is_ok()) || (awaited && reachable.is_err()) {
            return;
        }
        let (online, since) = match reachable {
            Ok(()) => (true, now),
            Err(since) => (false, since),
        };
        self.system(match subject {
            Subject::Person(id) => Command::ReportPerson {
                person: id.clone(),
                online,
                since,
            },
            Subject::Room(id) => Command::ReportEndpoint {
                endpoint: id.clone(),
                online,
                since,
            },
        })
        .await;
    }

    async fn tick(&mut self) {
        let now = self.clock.now();
        let meeting = self.ledger.meeting();
        let people = meeting.setup().people.keys().cloned().map(Subject::Person);
        let rooms = meeting.setup().endpoints.keys().cloned().map(Subject::Room);
        for subject in people.chain(rooms).collect::<Vec<_>>() {
            self.report(&subject).await;
        }
        self.presence.tidy(now);
        self.calls.measure().await;
        self.report_watching().await;
        self.listen_for_voice(now).await;
        for room in self.calls.tidy(now) {
            self.media_gone(&room);
        }
        for room in self.calls.tidy_outside(now) {
            self.publisher_gone(&room).await;
        }
        self.ticks = self.ticks.wrapping_add(1);
        if self.ticks.is_multiple_of(2) {
            if self.ledger.meeting().turn().is_some() {
                self.ledger.note_alive(now);
            }
            self.show_links();
        }
        self.show_code(now, None);
        self.renew_passes(now);
        // Some of what is shown changes with the clock alone.
        self.changed = true;
    }

    /// The clock of a turn starts with the speaker's voice (PRODUCT 3.2 no. 5). What was heard before the floor was given
    /// does not count, and the level is the loudest of a second.
    async fn listen_for_voice(&mut self, now: Time) {
        let invited = self
            .ledger
            .meeting()
            .turn()
            .filter(|turn| matches!(turn.clock, Turning::Invited { .. }));
        let Some(turn) = invited.filter(|turn| now.since(turn.granted_at) > 1000) else {
            return;
        };
        let endpoint = turn.endpoint.clone();
        if self.calls.speaks(&endpoint) {
            self.system(Command::ReportVoice { endpoint }).await;
        }
    }

    /// The state of the links: all for technicians, its own for a room.
    fn show_links(&mut self) {
        let links = self.calls.links(|room| self.has_screen(room));
        let now = self.clock.now();
        if self.trends.due(now) {
            self.trends.sample(&links, now);
        }
        let all = text(&ServerMessage::Links { links: links.clone() });
        for (_, screen) in self.screens.iter() {
            match (&screen.actor, screen.audience) {
                (Actor::Room { id }, _) => {
                    let own = links.get_key_value(id).map(|(room, link)| (room.clone(), link.clone()));
                    screen.outbox.send_if_idle(text(&ServerMessage::Links {
                        links: own.into_iter().collect(),
                    }));
                }
                (Actor::Person { .. }, AudienceKind::Technician) => screen.outbox.send_if_idle(all.clone()),
                (Actor::Person { .. } | Actor::System, _) => {}
            }
        }
    }

    /// When to ask the meeting what is due.
    fn next_due(&self) -> Option<Instant> {
        let due = self.clock.instant(self.ledger.meeting().next_due()?);
        Some(self.retry_due.map_or(due, |retry| due.max(retry)))
    }

    async fn due(&mut self) {
        self.retry_due = match self.ledger.tick(self.clock.now()).await {
            Ok(true) => {
                self.changed = true;
                None
            }
            // The clock of the runtime was a moment early, or the disk failed.
            Ok(false) => Some(Instant::now() + Duration::from_millis(5)),
            Err(_) => Some(Instant::now() + AGAIN),
        };
    }

    /// Shows every screen what changed, then acknowledges.
    fn show(&mut self) {
        self.changed = false;
        self.follow();
        let started = Instant::now();
        self.screens.publish(self.ledger.meeting(), self.clock.now());
        self.showing = started.elapsed();
        for (outbox, answer) in self.answers.drain(..) {
            outbox.send(&answer);
        }
    }

    /// Media follows the meeting: who is seen and heard where.
    fn follow(&mut self) {
        let (meeting, connected) = (self.ledger.meeting(), self.calls.connected_rooms());
        let outside = policy::outside(meeting, &connected);
        let watches = |person: &PersonId| meeting.watching().contains_key(person);
        let arranged = policy::arrange(meeting, &connected);
        for (room, slots) in self.calls.follow(arranged, &outside, watches) {
            self.screens.send(
                &slots,
                |screen| matches!(&screen.actor, Actor::Room { id } if *id == room),
            );
        }
        for (socket, slots) in self.calls.tell_watchers() {
            if let Some(screen) = self.screens.get(socket) {
                screen.outbox.send(&slots);
            }
        }
    }

    /// Sends rooms the code that pairs a tablet: all of them when it changes, one when it comes.
    fn show_code(&mut self, now: Time, only: Option<&EndpointId>) {
        if only.is_none() && now < self.codes_until {
            return;
        }
        let rooms = &self.ledger.meeting().setup().endpoints;
        let until = pairing::shown_until(now);
        for (code, room) in pairing::codes(&self.secret, rooms.keys(), now) {
            if only.is_none_or(|only| only == room) {
                let url = format!("{}/ghep?ma={code}", self.base_url);
                let message = ServerMessage::Pairing { code, url, until };
                self.screens
                    .send(&message, |screen| screen.actor == Actor::Room { id: room.clone() });
            }
        }
        if only.is_none() {
            self.codes_until = until;
        }
    }

    fn pass(&self, room: &EndpointId) -> Option<ServerMessage> {
        let pass = self.calls.pass(room)?;
        Some(ServerMessage::Relay {
            port: self.https_port,
            username: pass.username,
            password: pass.password,
            valid_s: u32::try_from(pass.valid_for.as_secs()).unwrap_or(u32::MAX),
        })
    }

    /// A room whose network stops UDP in the middle of a sitting must not find its pass run out.
    fn renew_passes(&mut self, now: Time) {
        if now < self.passes_until {
            return;
        }
        self.passes_until = Time(now.0 + PASSES.as_millis() as u64);
        for (_, screen) in self.screens.iter() {
            if let Actor::Room { id } = &screen.actor
                && let Some(pass) = self.pass(id)
            {
                screen.outbox.send(&pass);
            }
        }
    }

    fn roster(&self, site: &SiteId) -> Vec<PersonId> {
        let meeting = self.ledger.meeting();
        let mut people: Vec<_> = meeting.setup().people.iter().collect();
        people.sort_by_key(|(id, person)| (meeting.seat(id) != Some(site), person.order));
        people.into_iter().map(|(id, _)| id.clone()).collect()
    }
}
