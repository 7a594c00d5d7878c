//! The rooms' lines: offers, what the media plane reports, the floor as slots of pictures and sound, and passes for the
//! relay. What may flow to whom is [`crate::policy`]'s; what a line can carry is the media plane's.

use super::Room;
use crate::calls;
use crate::outbox::text;
use crate::policy;
use crate::presence::Subject;
use crate::screens::SocketId;
use ::media::Event as Media;
use meeting::command::{Actor, Command};
use meeting::id::{EndpointId, PersonId, Time};
use meeting::turn::Clock as Turning;
use protocol::message::ServerMessage;
use protocol::view::AudienceKind;
use std::time::Duration;

/// How often rooms get a new pass for the relay; each is good for more than twice as long.
const PASSES: Duration = Duration::from_secs(240);

impl Room {
    pub(super) async fn media(&mut self, event: Media) {
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

    pub(super) async fn offer(&mut self, socket: SocketId, attempt: u32, sdp: String) {
        let Some(screen) = self.screens.get(socket) else { return };
        let outbox = screen.outbox.clone();
        let answer = match &screen.actor {
            Actor::Room { id } => self.calls.offer(&id.clone(), attempt, sdp).await,
            Actor::Person { id, .. } if screen.audience == AudienceKind::Technician => {
                self.calls.offer_to_watch(socket, &id.clone(), attempt, sdp).await
            }
            // Tablets carry no media (PRODUCT 3.1).
            Actor::Person { .. } | Actor::Kiosk { .. } | Actor::System => ServerMessage::OfferRefused {
                attempt,
                code: "not_a_room".to_owned(),
            },
        };
        outbox.send(&answer);
        self.changed = true;
    }

    /// Tells the meeting whose consoles receive pictures, if it thinks otherwise. Nothing flows before it knows.
    pub(super) async fn report_watching(&mut self) {
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

    /// The clock of a turn starts with the speaker's voice (PRODUCT 3.2 no. 5). What was heard before the floor was given
    /// does not count, and the level is the loudest of a second.
    pub(super) async fn listen_for_voice(&mut self, now: Time) {
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

    /// Tells the meeting whether a person or a room is reachable, if it thinks otherwise.
    pub(super) async fn report(&mut self, subject: &Subject) {
        let now = self.clock.now();
        let reachable = self.presence.reachable(subject, now);
        let line = match subject {
            Subject::Person(id) => self.ledger.meeting().person_line(id),
            Subject::Room(id) => self.ledger.meeting().room_line(id),
            Subject::Kiosk(_) => return,
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
            Subject::Kiosk(_) => return,
        })
        .await;
    }

    /// The state of the links: all for technicians, its own for a room.
    pub(super) fn show_links(&mut self) {
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
                (Actor::Person { .. } | Actor::Kiosk { .. } | Actor::System, _) => {}
            }
        }
    }

    /// Media follows the meeting: who is seen and heard where.
    pub(super) fn follow(&mut self) {
        let (meeting, connected) = (self.ledger.meeting(), self.calls.connected_rooms());
        let outside = policy::outside(meeting, &connected);
        let watches = |person: &PersonId| meeting.watching().contains_key(person) && meeting.admits_person(person);
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

    pub(super) fn pass(&self, room: &EndpointId) -> Option<ServerMessage> {
        let pass = self.calls.pass(room)?;
        Some(ServerMessage::Relay {
            port: self.https_port,
            username: pass.username,
            password: pass.password,
            valid_s: u32::try_from(pass.valid_for.as_secs()).unwrap_or(u32::MAX),
        })
    }

    /// A room whose network stops UDP in the middle of a sitting must not find its pass run out.
    pub(super) fn renew_passes(&mut self, now: Time) {
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
}
