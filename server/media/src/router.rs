//! From the plan to connections: which track flows in which slot.

use std::time::Instant;

use crate::offer::Kind;
use crate::sfu::Sfu;
use crate::track::Subscriber;

impl Sfu {
    /// Makes every slot follow the plan. Only what changed is touched, so a plan may be set as often as one likes.
    pub(crate) fn apply_plan(&mut self, now: Instant) {
        self.prepare_programme();
        self.follow_wants();
        for track in self.tracks.iter_mut().flatten() {
            track.subscribers.clear();
        }
        let mut newly_shown = Vec::new();
        for place in 0..self.sessions.len() {
            let Some(session) = self.sessions[place].as_ref() else {
                continue;
            };
            let receive = self.plan.receives.get(&session.id).filter(|_| session.ended.is_none());
            let wanted: Vec<_> = session
                .slots
                .iter()
                .enumerate()
                .map(|(index, slot)| {
                    let list = receive.map(|receive| match slot.kind {
                        Kind::Video => (&receive.video, index),
                        Kind::Audio => (&receive.audio, index - session.video_slots),
                    });
                    let id = list.and_then(|(list, index)| list.get(index).copied().flatten());
                    (id, id.and_then(|id| self.source(id, slot.kind)))
                })
                .collect();
            let Some(session) = self.sessions[place].as_mut() else {
                continue;
            };
            for (index, (slot, (id, source))) in session.slots.iter_mut().zip(wanted).enumerate() {
                slot.wanted = id;
                if slot.source != source {
                    slot.source = source;
                    slot.stream.stop();
                    slot.loss = 0.0;
                    if let Some((track, _)) = source.filter(|_| slot.kind == Kind::Video) {
                        newly_shown.push(track);
                    }
                }
                if let Some(track) = source.and_then(|(track, _)| self.tracks[track].as_mut()) {
                    track.subscribers.push(Subscriber {
                        session: place as u32,
                        slot: index as u16,
                    });
                }
            }
        }
        newly_shown.extend(self.follow_programme());
        for track in newly_shown {
            self.ask_key_frame(track, true, now);
        }
        self.follow_exports();
    }

    /// The track that a name in the plan stands for.
    pub(crate) fn source(&self, id: crate::SessionId, kind: Kind) -> Option<(usize, u64)> {
        let programme = self.programme_track(id, kind);
        let place = match self.ids.get(&id) {
            None if programme.is_some() => programme?,
            Some(place) => self.sessions[*place]
                .as_ref()
                .filter(|session| session.ended.is_none())?
                .track(kind)?,
            None => *self.neighbours.relayed.get(&(id, kind))?,
        };
        Some((place, self.tracks[place].as_ref()?.epoch))
    }

    /// A receiver has just connected: the cameras in its slots owe it a key frame.
    pub(crate) fn greet(&mut self, place: usize, now: Instant) {
        let Some(session) = self.sessions[place].as_ref() else {
            return;
        };
        let tracks: Vec<usize> = session
            .slots
            .iter()
            .filter(|slot| slot.awaits_key_frame())
            .filter_map(|slot| Some(slot.source?.0))
            .collect();
        for track in tracks {
            self.ask_key_frame(track, true, now);
        }
    }
}
