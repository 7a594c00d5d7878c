//! Who and which room can be reached, by what was heard of their sockets and of their cameras. Pure: it is told the time.
//!
//! A blink of the network is no absence: a closed socket has some seconds to return, a silent one is waited for longer
//! (PRODUCT 3.0, network baseline). A room whose pictures still flow is there even if its socket is gone, because loss of
//! control never removes media (P6).

use crate::screens::SocketId;
use meeting::id::{EndpointId, KioskId, PersonId, Time};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A socket that is open but says nothing for this long is lost.
const SILENT_S: u32 = 15;
/// A socket that was closed has this long to return.
const RETURN_S: u32 = 3;

/// Whom a socket belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A person, by any of their screens.
    Person(PersonId),
    /// A room.
    Room(EndpointId),
    /// A shared tablet; nothing in the sitting depends on whether it is there.
    Kiosk(KioskId),
}

/// When a socket was heard last; written by the socket, read here.
#[derive(Debug, Clone, Default)]
pub struct Heard(Arc<AtomicU64>);

impl Heard {
    /// Heard at this moment.
    pub fn note(&self, now: Time) {
        self.0.store(now.0, Ordering::Relaxed);
    }

    /// The last moment.
    #[must_use]
    pub fn at(&self) -> Time {
        Time(self.0.load(Ordering::Relaxed))
    }
}

/// All sockets and all cameras, as far as presence is concerned.
#[derive(Debug, Default)]
pub struct Presence {
    open: BTreeMap<SocketId, Subject>,
    /// The same by subject: with two thousand people, looking through all sockets for each of them would stall the room.
    heard: BTreeMap<Subject, BTreeMap<SocketId, Heard>>,
    left: BTreeMap<Subject, Left>,
    media: BTreeMap<EndpointId, Media>,
}

#[derive(Debug)]
struct Left {
    closed_at: Time,
    heard_at: Time,
}

#[derive(Debug)]
enum Media {
    Flowing,
    Silent { since: Time },
}

impl Presence {
    /// A socket came.
    pub fn enter(&mut self, socket: SocketId, subject: Subject, heard: Heard) {
        self.left.remove(&subject);
        if let Some(before) = self.open.insert(socket, subject.clone()) {
            self.forget(socket, &before);
        }
        self.heard.entry(subject).or_default().insert(socket, heard);
    }

    /// A socket went.
    pub fn leave(&mut self, socket: SocketId, now: Time) {
        let Some(subject) = self.open.remove(&socket) else {
            return;
        };
        if let Some(heard) = self.forget(socket, &subject) {
            self.left.insert(
                subject,
                Left {
                    closed_at: now,
                    heard_at: heard.at(),
                },
            );
        }
    }

    /// The pictures or the sound of a room flow.
    pub fn media_flows(&mut self, room: EndpointId) {
        self.media.insert(room, Media::Flowing);
    }

    /// Nothing comes from a room's camera any more.
    pub fn media_silent(&mut self, room: EndpointId, since: Time) {
        self.media.insert(room, Media::Silent { since });
    }

    /// A room has no media session any more.
    pub fn media_gone(&mut self, room: &EndpointId) {
        self.media.remove(room);
    }

    /// Whether somebody is reachable now.
    ///
    /// # Errors
    /// Not reachable; the last moment at which something was heard.
    pub fn reachable(&self, subject: &Subject, now: Time) -> Result<(), Time> {
        let room = match subject {
            Subject::Person(_) | Subject::Kiosk(_) => None,
            Subject::Room(room) => self.media.get(room),
        };
        match room {
            Some(Media::Flowing) => Ok(()),
            Some(Media::Silent { since }) => Err(*since),
            None => self.socket(subject, now),
        }
    }

    fn socket(&self, subject: &Subject, now: Time) -> Result<(), Time> {
        let sockets = self.heard.get(subject).into_iter().flat_map(BTreeMap::values);
        let open = sockets.map(Heard::at).max();
        let left = self.left.get(subject);
        let fresh = open.is_some_and(|heard| now.since(heard) < SILENT_S * 1000);
        let returning = left.is_some_and(|left| now.since(left.closed_at) < RETURN_S * 1000);
        if fresh || returning {
            return Ok(());
        }
        Err(open.max(left.map(|left| left.heard_at)).unwrap_or(now))
    }

    fn forget(&mut self, socket: SocketId, subject: &Subject) -> Option<Heard> {
        let sockets = self.heard.get_mut(subject)?;
        let heard = sockets.remove(&socket);
        if sockets.is_empty() {
            self.heard.remove(subject);
        }
        heard
    }

    /// Forgets those who left long ago.
    pub fn tidy(&mut self, now: Time) {
        self.left.retain(|_, left| now.since(left.closed_at) < 60_000);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: SocketId = SocketId(1);

    fn alice() -> Subject {
        Subject::Person(PersonId::from("alice"))
    }

    fn hall() -> Subject {
        Subject::Room(EndpointId::from("hall"))
    }

    fn at(seconds: u64) -> Time {
        Time(1_000_000 + seconds * 1000)
    }

    #[test]
    fn a_page_that_is_loaded_again_is_not_missed() {
        let mut presence = Presence::default();
        let heard = Heard::default();
        heard.note(at(0));
        presence.enter(ALICE, alice(), heard.clone());
        heard.note(at(5));
        presence.leave(ALICE, at(6));
        assert_eq!(presence.reachable(&alice(), at(8)), Ok(()));
        presence.enter(SocketId(2), alice(), heard.clone());
        heard.note(at(8));
        assert_eq!(presence.reachable(&alice(), at(20)), Ok(()));
    }

    #[test]
    fn who_left_is_missed_from_the_last_moment_heard() {
        let mut presence = Presence::default();
        let heard = Heard::default();
        heard.note(at(5));
        presence.enter(ALICE, alice(), heard);
        presence.leave(ALICE, at(6));
        assert_eq!(presence.reachable(&alice(), at(9)), Err(at(5)));
    }

    #[test]
    fn a_silent_socket_is_waited_for_fifteen_seconds() {
        let mut presence = Presence::default();
        let heard = Heard::default();
        heard.note(at(0));
        presence.enter(ALICE, alice(), heard);
        assert_eq!(presence.reachable(&alice(), at(14)), Ok(()));
        assert_eq!(presence.reachable(&alice(), at(15)), Err(at(0)));
    }

    #[test]
    fn a_second_screen_keeps_a_person_reachable() {
        let mut presence = Presence::default();
        let (console, tablet) = (Heard::default(), Heard::default());
        console.note(at(0));
        tablet.note(at(0));
        presence.enter(ALICE, alice(), console);
        presence.enter(SocketId(2), alice(), tablet.clone());
        presence.leave(ALICE, at(1));
        tablet.note(at(10));
        assert_eq!(presence.reachable(&alice(), at(12)), Ok(()));
    }

    #[test]
    fn a_room_is_there_while_its_camera_is() {
        let mut presence = Presence::default();
        let heard = Heard::default();
        heard.note(at(0));
        presence.enter(ALICE, hall(), heard);
        presence.media_flows(EndpointId::from("hall"));
        presence.leave(ALICE, at(1));
        assert_eq!(
            presence.reachable(&hall(), at(30)),
            Ok(()),
            "control is lost, media is not"
        );
        presence.media_silent(EndpointId::from("hall"), at(31));
        assert_eq!(presence.reachable(&hall(), at(35)), Err(at(31)));
        presence.media_gone(&EndpointId::from("hall"));
        assert_eq!(presence.reachable(&hall(), at(35)), Err(at(0)));
    }

    #[test]
    fn a_room_with_a_socket_but_a_dead_camera_is_lost() {
        let mut presence = Presence::default();
        let heard = Heard::default();
        heard.note(at(10));
        presence.enter(ALICE, hall(), heard);
        assert_eq!(
            presence.reachable(&hall(), at(11)),
            Ok(()),
            "it has not offered its camera yet"
        );
        presence.media_flows(EndpointId::from("hall"));
        presence.media_silent(EndpointId::from("hall"), at(12));
        assert_eq!(presence.reachable(&hall(), at(16)), Err(at(12)));
    }
}
