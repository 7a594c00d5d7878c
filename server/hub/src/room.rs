//! The task that owns a sitting. Everything that happens to a meeting comes in here, one after the other; this file only
//! routes. What a command means is the meeting's, what is kept is the ledger's, what is shown is the screens'.
//!
//! Input: a bounded channel from the sockets, events of the media worker, the clock. Output: the outboxes of the screens, and
//! the plan of the media worker.
//!
//! Order, for every command: decide → durable → apply → show → acknowledge. A screen has the change in its mirror before its
//! own command is acknowledged.

use crate::auth::KeyHash;
use crate::calls::Calls;
use crate::clock::Clock;
use crate::keys::Secret;
use crate::ledger::{Denied, Ledger};
use crate::notary::Notary;
use crate::outbox::Outbox;
use crate::presence::{Presence, Subject};
use crate::recovery::Book;
use crate::screens::{Arrival, Screens, SocketId};
use crate::trend::Trends;
use ::media::Event as Media;
use meeting::command::{Actor, Asked, Command};
use meeting::id::{CommandId, DeviceId, EndpointId, Time};
use protocol::message::{ByeReason, ServerMessage};
use protocol::view::AudienceKind;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval, sleep_until};

mod entry;
mod kiosk;
mod lines;
mod message;
mod whip;
mod witness;

pub use message::{AtKiosk, ToRoom};

/// At most so many messages wait for the room.
pub const QUEUE: usize = 4096;
/// How long commands that wait are taken together, at least, before screens are shown the result.
const TOGETHER: Duration = Duration::from_millis(30);
/// … and at most: nobody waits longer for an answer because many screens take long to be shown something.
const TOGETHER_MOST: Duration = Duration::from_millis(150);
/// How often links are looked at, and views that change with the clock alone.
const TICK: Duration = Duration::from_millis(500);
/// When the disk fails, what is due is tried again after this.
const AGAIN: Duration = Duration::from_secs(1);

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
    /// The device that is a room's screen now, and the key with which it came.
    room_devices: BTreeMap<EndpointId, (DeviceId, KeyHash)>,
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
                let who_key = who.place_key();
                self.enter(
                    socket,
                    who,
                    Arrival {
                        actor: Actor::System,
                        audience,
                        device,
                        key: who_key,
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
            ToRoom::Revoked { who, keys } => self.revoked(who, &keys).await,
            ToRoom::Ballot(ballot) => self.ballot(ballot).await,
            ToRoom::Seat { person, answer } => {
                let _gone = answer.send(self.ledger.meeting().seat(&person).cloned());
            }
            ToRoom::Open { answer } => {
                let _gone = answer.send(self.screens.iter().filter_map(|(_, screen)| screen.key).collect());
            }
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

    /// What the hub itself has to say. What cannot be made durable now is said again at the next look.
    async fn system(&mut self, command: Command) {
        tracing::debug!(?command, "the hub reports");
        match self.ledger.report(command, self.clock.now()).await {
            Ok(Some(_)) => self.changed = true,
            Ok(None) | Err(Denied::Unavailable(_)) => {}
            Err(Denied::Refused(refusal)) => tracing::warn!(?refusal, "a report of the hub's own was refused"),
        }
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
}
