//! From the plan to connections: whose tracks flow in which slot.

use std::time::Instant;

use crate::allocate::Held;
use crate::offer::Kind;
use crate::plan::{SessionId, Wish};
use crate::sfu::Sfu;
use crate::track::{MAX_LAYERS, Part, Subscriber};

impl Sfu {
    /// Makes every slot follow the plan. Only what changed is touched, so a plan may be set as often as one likes.
    pub(crate) fn apply_plan(&mut self, now: Instant) {
        self.prepare_programme();
        self.follow_wants();
        for place in 0..self.sessions.len() {
            let slots = self.sessions[place].as_ref().map_or(0, |session| session.slots.len());
            (0..slots).for_each(|slot| self.follow_plan(place, slot, now));
            self.choose(place, now);
        }
        self.connect(now);
        self.show_programme(now);
        self.follow_exports();
    }

    /// The one track that a name in the plan stands for: of a camera, the largest layer that flows.
    pub(crate) fn source(&self, id: SessionId, kind: Kind, now: Instant) -> Option<(usize, u64)> {
        let size = |at: usize| {
            let track = self.tracks[at].as_ref();
            track.map(|track| (track.is_live(now), track.height, track.bitrate))
        };
        // Of equals the first.
        self.sources(id, kind)
            .reduce(|best, other| if size(other.0) > size(best.0) { other } else { best })
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

    /// The places and epochs of the tracks of a session, here or in another unit.
    pub(crate) fn sources(&self, id: SessionId, kind: Kind) -> impl Iterator<Item = (usize, u64)> + '_ {
        Part::all(kind).filter_map(move |part| {
            let at = match self.ids.get(&id) {
                Some(place) => {
                    let session = self.sessions[*place].as_ref();
                    session.filter(|session| session.ended.is_none())?.track(part)?
                }
                None => match (self.programme_track(id, kind), part) {
                    (Some(at), Part::Microphone | Part::Camera(0)) => at,
                    (Some(_), Part::Camera(_)) => return None,
                    (None, _) => *self.neighbours.relayed.get(&(id, part))?,
                },
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

    /// Makes the programme follow the plan, and the layers that flow.
    pub(crate) fn show_programme(&mut self, now: Instant) {
        for track in self.follow_programme(now) {
            self.ask_key_frame(track, true, now);
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
