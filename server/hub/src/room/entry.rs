//! Who comes in and who leaves: which device is a person's tablet and which page is a room's screen, and the code by which a
//! tablet is paired. Whether somebody who left is lost is for [`crate::presence`] to say.

use super::Room;
use crate::auth::Who;
use crate::pairing;
use crate::presence::{Heard, Subject};
use crate::screens::{Arrival, SocketId};
use meeting::command::{Actor, Command};
use meeting::id::{EndpointId, PersonId, SiteId, Time};
use protocol::message::{ByeReason, ServerMessage};
use protocol::view::AudienceKind;

impl Room {
    pub(super) async fn enter(&mut self, socket: SocketId, who: Who, arrival: Arrival, heard: Heard) {
        let (actor, subject) = match &who {
            Who::Person { id, .. } => (
                Actor::Person {
                    id: id.clone(),
                    device: arrival.device.clone(),
                },
                Subject::Person(id.clone()),
            ),
            Who::Room { id, .. } => (Actor::Room { id: id.clone() }, Subject::Room(id.clone())),
            // With nobody in front of it: its socket shows the vote, ballots come with a PIN.
            Who::Kiosk { id, site, .. } => (
                Actor::Kiosk {
                    id: id.clone(),
                    site: site.clone(),
                    voter: None,
                },
                Subject::Kiosk(id.clone()),
            ),
        };
        let arrival = Arrival { actor, ..arrival };
        let again = self.screens.get(socket).is_some();
        if !again && !self.take_over(&who, &arrival).await {
            arrival.outbox.close(ByeReason::Replaced);
            return;
        }
        let now = self.clock.now();
        if let Who::Room { id, .. } = &who {
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
            Who::Room { id, .. } => self.room_devices.get(id).map(|(device, _)| device.clone()),
            Who::Person { id, .. } if arrival.audience == AudienceKind::Delegate => {
                self.ledger.meeting().device(id).cloned()
            }
            // Consoles may be open on several devices; which one is the chair's, the meeting knows.
            Who::Person { .. } => return true,
            Who::Kiosk { .. } => None,
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
                    (Actor::Kiosk { id, .. }, Actor::Kiosk { id: new, .. }) => id == new,
                    (Actor::Person { .. } | Actor::Room { .. } | Actor::Kiosk { .. } | Actor::System, _) => false,
                }
        };
        for (_, screen) in self.screens.iter().filter(|(_, screen)| same_place(screen)) {
            screen.outbox.close(ByeReason::Replaced);
        }
        match who {
            Who::Room { id, key } => {
                self.room_devices.insert(id.clone(), (arrival.device.clone(), *key));
            }
            Who::Kiosk { .. } => {}
            Who::Person { id, site } => {
                if active.as_ref() != Some(&arrival.device) {
                    let (person, device, site) = (id.clone(), arrival.device.clone(), site.clone());
                    self.system(Command::BindDevice { person, device, site }).await;
                }
            }
        }
        true
    }

    pub(super) fn leave(&mut self, socket: SocketId) {
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

    pub(super) fn has_screen(&self, room: &EndpointId) -> bool {
        self.screens
            .iter()
            .any(|(_, screen)| matches!(&screen.actor, Actor::Room { id } if id == room))
    }

    pub(super) fn roster(&self, site: &SiteId) -> Vec<PersonId> {
        let meeting = self.ledger.meeting();
        let mut people: Vec<_> = meeting.setup().people.iter().collect();
        people.sort_by_key(|(id, person)| (meeting.seat(id) != Some(site), person.order));
        people.into_iter().map(|(id, _)| id.clone()).collect()
    }

    /// Sends rooms the code that pairs a tablet: all of them when it changes, one when it comes.
    pub(super) fn show_code(&mut self, now: Time, only: Option<&EndpointId>) {
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
}
