//! From the plan to connections: whose tracks flow in which slot.

use std::time::Instant;

use crate::allocate::Held;
use crate::offer::Kind;
use crate::plan::{Plan, SessionId, Wish};
use crate::sfu::Sfu;
use crate::track::{MAX_LAYERS, Part, Subscriber};

impl Sfu {
    /// Makes every slot follow the plan. Only what changed is touched, so a plan may be set as often as one likes.
    pub(crate) fn apply_plan(&mut self, now: Instant) {
        self.follow_wants();
        for place in 0..self.sessions.len() {
            self.serve(place, now);
        }
        self.connect(now);
        self.follow_exports();
    }

    /// The same, where only the lines of a plan may have changed, or a receiver came or went: the others are not looked at.
    pub(crate) fn apply_changes(&mut self, before: Option<&Plan>, newcomer: Option<usize>, now: Instant) {
        self.follow_wants();
        let is_same_programme = before.is_none_or(|before| before.programme == self.plan.programme);
        for place in 0..self.sessions.len() {
            let Some(id) = self.sessions[place].as_ref().map(|session| session.id) else {
                continue;
            };
            let is_same_line = before.is_none_or(|before| before.receives.get(&id) == self.plan.receives.get(&id));
            if !is_same_programme || !is_same_line || newcomer == Some(place) {
                self.serve(place, now);
            }
        }
        self.connect(now);
        self.follow_exports();
    }

    /// Makes the slots of one receiver follow the plan.
    fn serve(&mut self, place: usize, now: Instant) {
        let slots = self.sessions[place].as_ref().map_or(0, |session| session.slots.len());
        (0..slots).for_each(|slot| self.follow_plan(place, slot, now));
        self.choose(place, now);
    }

    /// Takes the plan's word for whose camera or microphone a slot carries. What is no longer there is cut off.
    fn follow_plan(&mut self, place: usize, index: usize, now: Instant) {
        let Some(session) = self.sessions[place].as_ref() else {
            return;
        };
        let kind = session.slots[index].kind;
        let receive = self.plan.receives.get(&session.id).filter(|_| session.ended.is_none());
        let wanted = receive.and_then(|receive| match kind {
            Kind::Video => receive.video.get(index).copied().flatten(),
            Kind::Audio => receive.audio.get(index - session.video_slots).copied().flatten(),
        });
        // The programme is no camera of its own: when it shows another, the slot does.
        let wanted = wanted.and_then(|named| self.plan.behind(named, kind));
        let wish = receive.and_then(|receive| receive.shown.get(index).copied());
        self.turn(place, index, wanted, wish.unwrap_or_default(), now);
    }

    fn turn(&mut self, place: usize, index: usize, wanted: Option<SessionId>, wish: Wish, now: Instant) {
        let Some(kind) = self.sessions[place].as_ref().map(|session| session.slots[index].kind) else {
            return;
        };
        let mut there = [None; MAX_LAYERS];
        let sources = wanted.into_iter().flat_map(|id| self.sources(id, kind));
        there
            .iter_mut()
            .zip(sources)
            .for_each(|(place, source)| *place = Some(source));
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let slot = &mut session.slots[index];
        let is_other = std::mem::replace(&mut slot.wanted, wanted) != wanted;
        slot.wish = wish;
        if slot
            .source
            .is_some_and(|source| is_other || !there.contains(&Some(source)))
        {
            slot.disconnect();
            slot.held = Held::new(now);
            session.downlink.pacer.forget(index as u16);
        } else if slot.next.is_some_and(|next| !there.contains(&Some(next))) {
            slot.next = None;
        }
        if is_other {
            slot.loss = 0.0;
            slot.is_paused = false;
            slot.held = Held::new(now);
        }
        match kind {
            Kind::Audio => slot.source = slot.source.or(there[0]),
            // Which layer, the estimate decides.
            Kind::Video => {}
        }
    }

    /// The places and epochs of the tracks of a camera or a microphone, here or in another unit.
    pub(crate) fn sources(&self, named: SessionId, kind: Kind) -> impl Iterator<Item = (usize, u64)> + '_ {
        let known = named.named();
        Part::all(kind).filter_map(move |part| {
            let (id, device) = known?;
            let at = match self.ids.get(&id) {
                Some(place) => {
                    let session = self.sessions[*place].as_ref();
                    session.filter(|session| session.ended.is_none())?.track(device, part)?
                }
                None => *self.neighbours.relayed.get(&(named, part))?,
            };
            Some((at, self.tracks[at].as_ref()?.epoch))
        })
    }

    /// Lists for every track the slots that take it, and asks for the key frames that they newly wait for.
    pub(crate) fn connect(&mut self, now: Instant) {
        for track in self.tracks.iter_mut().flatten() {
            track.subscribers.clear();
        }
        let mut awaited = Vec::new();
        for place in 0..self.sessions.len() {
            let Some(session) = self.sessions[place].as_mut().filter(|session| session.ended.is_none()) else {
                continue;
            };
            for (index, slot) in session.slots.iter_mut().enumerate() {
                for (at, epoch) in [slot.source, slot.next].into_iter().flatten() {
                    if let Some(track) = self.tracks[at].as_mut().filter(|track| track.epoch == epoch) {
                        track.subscribers.push(Subscriber {
                            session: place as u32,
                            slot: index as u16,
                        });
                    }
                }
                awaited.extend(slot.newly_awaited());
            }
        }
        for (track, _) in awaited {
            self.ask_key_frame(track, true, now);
        }
    }

    /// A peer is back from an outage: the pictures that it is shown, and those that it shows, go on at a key frame. Until then its
    /// browser would ask for hundreds of packets one by one, and only after seconds for a key frame.
    pub(crate) fn renew_pictures(&mut self, place: usize, now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        // Some players are seldom heard though nothing is lost; whoever gives account of what arrives is heard often.
        if session.crypto.is_none() || session.downlink.estimate().is_none() {
            return;
        }
        let cameras = session.tracks();
        session.cut_pictures(|_| true);
        self.greet(place, now);
        for at in cameras {
            let Some(track) = self.tracks[at]
                .as_ref()
                .filter(|track| track.kind == Kind::Video && track.is_received())
            else {
                continue;
            };
            let source = Some((at, track.epoch));
            for subscriber in &track.subscribers {
                if let Some(viewer) = self.sessions[subscriber.session as usize].as_mut() {
                    viewer.cut_pictures(|slot| slot.source == source);
                }
            }
            self.ask_key_frame(at, true, now);
        }
    }

    /// A receiver has just connected: the cameras in its slots owe it a key frame.
    pub(crate) fn greet(&mut self, place: usize, now: Instant) {
        let Some(session) = self.sessions[place].as_ref() else {
            return;
        };
        let awaited: Vec<(usize, u64)> = session.slots.iter().flat_map(|slot| slot.awaited()).collect();
        for (track, _) in awaited {
            self.ask_key_frame(track, true, now);
        }
    }
}
