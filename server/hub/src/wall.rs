//! Consoles that receive the rooms' pictures and send nothing: the technician's wall (PRODUCT 3.11).
//!
//! A watcher's session stands in nobody's plan as a source, so whatever its browser sends is forwarded to nobody. And it
//! receives nothing before the meeting knows of it: whoever receives is known to those who run the sitting. It lives as long as
//! its socket. What a watcher wants to see it says by itself, so that a wall of many sites costs as much as what is looked at.

use crate::policy::Receives;
use crate::screens::SocketId;
use ::media::{Rank, Receive, SessionId, Wish};
use meeting::id::{EndpointId, PersonId};
use protocol::message::ServerMessage;
use std::collections::{BTreeMap, BTreeSet};

/// How a picture on the wall is shown.
const TILE: Wish = Wish {
    rank: Rank::Tile,
    height: 180,
};

/// Numbers of watchers' sessions begin here, far above those of the rooms.
const FIRST: u32 = 1 << 24;
/// At most so many consoles watch at a time.
const WATCHERS: usize = 8;
/// At most so many pictures on one wall.
pub const PICTURES: usize = 16;

/// All watchers.
#[derive(Debug)]
pub struct Watchers {
    next: u32,
    watchers: BTreeMap<SocketId, Watcher>,
}

#[derive(Debug)]
struct Watcher {
    number: SessionId,
    person: PersonId,
    connected: bool,
    slots: Vec<String>,
    wanted: Vec<EndpointId>,
    receives: Vec<Option<EndpointId>>,
    /// It has not been told what flows since its answer.
    untold: bool,
}

impl Default for Watchers {
    fn default() -> Self {
        Self {
            next: FIRST,
            watchers: BTreeMap::new(),
        }
    }
}

impl Watchers {
    /// The session of a screen that offers to watch; none when enough watch already. A new offer is a new session, and the number
    /// of the one before it, which ends.
    pub fn admit(&mut self, socket: SocketId, person: &PersonId) -> Option<(SessionId, Option<SessionId>)> {
        let before = self.watchers.remove(&socket);
        if self.watchers.len() >= WATCHERS {
            return None;
        }
        let number = SessionId(self.next);
        // Numbers of this run only; four thousand millions of offers do not come.
        self.next = self.next.wrapping_add(1).max(FIRST);
        let ended = before.as_ref().map(|before| before.number);
        let watcher = Watcher {
            number,
            person: person.clone(),
            connected: false,
            slots: Vec::new(),
            wanted: before.map(|before| before.wanted).unwrap_or_default(),
            receives: Vec::new(),
            untold: true,
        };
        self.watchers.insert(socket, watcher);
        Some((number, ended))
    }

    /// A watcher's offer was answered: its pictures flow in these slots.
    pub fn answered(&mut self, socket: SocketId, video_slots: &[String]) {
        if let Some(watcher) = self.watchers.get_mut(&socket) {
            watcher.slots = video_slots.iter().take(PICTURES).cloned().collect();
        }
    }

    /// Forgets a watcher; the number of its session, if it had one.
    pub fn leave(&mut self, socket: SocketId) -> Option<SessionId> {
        self.watchers.remove(&socket).map(|watcher| watcher.number)
    }

    /// Which rooms a watcher wants to see now, first things first.
    pub fn want(&mut self, socket: SocketId, rooms: Vec<EndpointId>) {
        if let Some(watcher) = self.watchers.get_mut(&socket) {
            watcher.wanted = rooms;
        }
    }

    /// A session is there, or gone; `false` = it is no watcher's.
    pub fn connected(&mut self, number: SessionId, connected: bool) -> bool {
        match self.watchers.values_mut().find(|watcher| watcher.number == number) {
            Some(watcher) => {
                watcher.connected = connected;
                true
            }
            None => false,
        }
    }

    /// Whose consoles are ready to receive.
    #[must_use]
    pub fn people(&self) -> BTreeSet<PersonId> {
        let ready = self.watchers.values().filter(|watcher| watcher.connected);
        ready.map(|watcher| watcher.person.clone()).collect()
    }

    /// What flows to each watcher that is `known` to watch, by session.
    pub fn receive(
        &mut self,
        known: impl Fn(&PersonId) -> bool,
        numbers: &BTreeMap<EndpointId, SessionId>,
        there: &BTreeSet<EndpointId>,
    ) -> Vec<(SessionId, Receive)> {
        let mut plan = Vec::new();
        for watcher in self.watchers.values_mut() {
            let slots = if watcher.connected && known(&watcher.person) {
                let wanted: Vec<&EndpointId> = watcher.wanted.iter().filter(|room| there.contains(*room)).collect();
                keep_places(&watcher.receives, &wanted, watcher.slots.len())
            } else {
                Vec::new()
            };
            if slots != watcher.receives {
                watcher.receives = slots;
                watcher.untold = true;
            }
            let video = watcher.receives.iter().map(|room| numbers.get(room.as_ref()?).copied());
            let receive = Receive {
                video: video.collect(),
                audio: Vec::new(),
                // Many small pictures: the smallest layer of each will do.
                shown: vec![TILE; watcher.receives.len()],
            };
            plan.push((watcher.number, receive));
        }
        plan
    }

    /// The watchers that have to be told what flows where.
    pub fn tell(&mut self) -> Vec<(SocketId, ServerMessage)> {
        let untold = self
            .watchers
            .iter_mut()
            .filter(|(_, watcher)| watcher.untold && watcher.connected);
        untold
            .map(|(socket, watcher)| {
                watcher.untold = false;
                let slots = Receives {
                    video: watcher.receives.clone(),
                    ..Receives::default()
                };
                (*socket, slots.told(&watcher.slots, &[], &[], &BTreeSet::new()))
            })
            .collect()
    }
}

/// Who is still wanted keeps the slot, so that no picture is torn; the others take what is free.
fn keep_places(before: &[Option<EndpointId>], wanted: &[&EndpointId], slots: usize) -> Vec<Option<EndpointId>> {
    let wanted = &wanted[..wanted.len().min(slots)];
    let mut after: Vec<Option<EndpointId>> = before
        .iter()
        .map(|room| room.clone().filter(|room| wanted.contains(&room)))
        .chain(std::iter::repeat(None))
        .take(slots)
        .collect();
    for room in wanted {
        if after.iter().flatten().any(|placed| placed == *room) {
            continue;
        }
        if let Some(free) = after.iter_mut().find(|slot| slot.is_none()) {
            *free = Some((*room).clone());
        }
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALL: SocketId = SocketId(7);

    fn rooms(names: &[&str]) -> Vec<EndpointId> {
        names.iter().map(|name| EndpointId::from(*name)).collect()
    }

    fn numbers(names: &[&str]) -> BTreeMap<EndpointId, SessionId> {
        rooms(names).into_iter().zip((1..).map(SessionId)).collect()
    }

    /// A wall with two slots that is connected and wants these rooms.
    fn wall(wanted: &[&str]) -> (Watchers, SessionId) {
        let mut watchers = Watchers::default();
        let (number, ended) = watchers.admit(WALL, &"ky".into()).expect("there is room");
        assert_eq!(ended, None);
        watchers.answered(WALL, &["0".to_owned(), "1".to_owned()]);
        assert!(watchers.connected(number, true));
        watchers.want(WALL, rooms(wanted));
        (watchers, number)
    }

    #[test]
    fn who_is_not_known_to_watch_receives_nothing() {
        let (mut watchers, number) = wall(&["an", "ba"]);
        let there = rooms(&["an", "ba"]).into_iter().collect();
        let plan = watchers.receive(|_| false, &numbers(&["an", "ba"]), &there);
        assert_eq!(plan, [(number, Receive::default())]);
        let plan = watchers.receive(|_| true, &numbers(&["an", "ba"]), &there);
        assert_eq!(plan[0].1.video, [Some(SessionId(1)), Some(SessionId(2))]);
        assert!(plan[0].1.audio.is_empty(), "a wall hears nobody");
    }

    #[test]
    fn a_picture_keeps_its_slot_when_another_goes() {
        let (mut watchers, _) = wall(&["an", "ba"]);
        let numbers = numbers(&["an", "ba", "ca"]);
        let there = rooms(&["an", "ba", "ca"]).into_iter().collect();
        watchers.receive(|_| true, &numbers, &there);
        assert_eq!(watchers.tell().len(), 1);
        assert!(watchers.tell().is_empty(), "told once");
        watchers.want(WALL, rooms(&["ba", "ca"]));
        let plan = watchers.receive(|_| true, &numbers, &there);
        assert_eq!(plan[0].1.video, [Some(SessionId(3)), Some(SessionId(2))]);
        assert_eq!(watchers.tell().len(), 1);
    }

    #[test]
    fn a_new_offer_ends_the_session_before_it() {
        let (mut watchers, number) = wall(&["an"]);
        let (newer, ended) = watchers.admit(WALL, &"ky".into()).expect("in its own place");
        assert_eq!(ended, Some(number));
        assert!(newer != number && !watchers.connected(number, true));
        assert_eq!(watchers.leave(WALL), Some(newer));
        assert!(watchers.people().is_empty());
    }

    #[test]
    fn a_crowd_of_walls_is_kept_out() {
        let mut watchers = Watchers::default();
        let admitted = (0..20).filter(|n| watchers.admit(SocketId(*n), &"ky".into()).is_some());
        assert_eq!(admitted.count(), WATCHERS);
    }
}
