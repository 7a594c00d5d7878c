//! From the plan and the estimates to connections: which layer of whose camera flows in which slot.
//!
//! The plan says whose camera; how much of it is decided here, receiver by receiver, a few times a second. It lives on the
//! receiver's side: a camera of another unit has its layers here as well.

use std::time::{Duration, Instant};

use crate::allocate::{Case, Layer, Layers, Verdict, decide};
use crate::offer::{Codec, Kind};
use crate::plan::SessionId;
use crate::report::SenderClock;
use crate::scale::WHOLE;
use crate::session::Session;
use crate::sfu::Sfu;
use crate::slot::Slot;
use crate::track::Track;

/// Layers are chosen this often.
const OFTEN: Duration = Duration::from_millis(100);
/// What one voice takes until it was measured, bit/s.
const VOICE: u32 = 40_000;
/// Room is kept for so many voices, whether they speak or not.
const VOICES: u32 = 1;
/// What is left of a voice without its redundancy: half of it, and the headers of its packets, bit/s.
const HEADERS: u32 = 6_000;
/// The first estimates of a line are a beginning, not a finding: for so long nothing is paused.
const NEW: Duration = Duration::from_millis(1500);

impl Sfu {
    /// Chooses the layers of all receivers, when it is time.
    pub(crate) fn choose_layers(&mut self, now: Instant) {
        if now < self.layers_due {
            return;
        }
        self.layers_due = now + OFTEN;
        let mut has_changed = false;
        for place in 0..self.sessions.len() {
            has_changed |= self.choose(place, now);
        }
        if has_changed {
            self.connect(now);
        }
    }

    /// Chooses the layers of one receiver; `true` when a slot's connections changed.
    pub(crate) fn choose(&mut self, place: usize, now: Instant) -> bool {
        let Some(session) = self.sessions[place].as_ref().filter(|session| session.ended.is_none()) else {
            return false;
        };
        let speaking: u32 = self.speaking(session, now);
        let mut cases = std::mem::take(&mut self.cases);
        cases.clear();
        let mut voices = 0;
        for (index, slot) in session.slots.iter().enumerate() {
            match (slot.kind, slot.wanted) {
                (_, None) => {}
                (Kind::Audio, Some(_)) => voices += 1,
                (Kind::Video, Some(id)) => {
                    let current = slot.next.or(slot.source).map(|source| (source, slot.aim));
                    cases.push(Case {
                        slot: index,
                        wish: slot.wish,
                        layers: self.layers(id, current, now),
                        current,
                        held: slot.held,
                        verdict: Verdict::Empty,
                    });
                }
            }
        }
        let sound = speaking.max(VOICE * voices.min(VOICES));
        let is_measured = session.slots.iter().any(Slot::is_stamped);
        let expected = session.downlink.expected(now).filter(|_| is_measured);
        let room = expected.map(|expected| expected.saturating_sub(sound));
        let is_new = session.downlink.known_for(now).is_none_or(|known| known < NEW);
        // Twice only where that takes no picture away.
        let least = cases.iter().filter_map(|case| case.layers.all().first());
        let least: u32 = least.map(|layer| layer.bitrate).fold(0, u32::saturating_add);
        let is_room = room.is_some_and(|room| room / 2 >= least.saturating_add(least / 4));
        let doubles = is_room && session.downlink.doubles(now);
        let times = 1 + u32::from(doubles);
        let needed = decide(&mut cases, room.map(|room| room / times), is_new, now);
        let needed = needed.saturating_mul(times);
        let mut has_changed = false;
        for case in &cases {
            has_changed |= self.follow(place, case);
        }
        self.cases = cases;
        if let Some(session) = self.sessions[place].as_mut() {
            session.downlink.needed = needed.saturating_add(needed / 5).saturating_add(sound);
            session.downlink.tick(now);
            for slot in &mut session.slots {
                slot.is_doubled = doubles && slot.kind == Kind::Video;
            }
            for slot in session.slots.iter_mut().filter(|slot| slot.kind == Kind::Audio) {
                let track = slot.source.and_then(|(at, _)| self.tracks[at].as_ref());
                let has_red = slot.has_red() && track.is_some_and(|track| track.format.codec == Codec::Red);
                slot.copies = session.downlink.copies(speaking, has_red, now);
                slot.speak_plainly(session.downlink.is_narrow());
            }
        }
        has_changed
    }

    /// What the voices take that are sent to a receiver now, bit/s.
    fn speaking(&self, session: &Session, now: Instant) -> u32 {
        let voices = session.slots.iter().filter(|slot| slot.kind == Kind::Audio);
        let tracks = voices.filter_map(|slot| Some((slot, self.tracks[slot.source?.0].as_deref()?)));
        tracks
            .filter(|(_, track)| track.is_live(now))
            .map(|(slot, track)| match track.bitrate {
                0 => VOICE,
                red if track.format.codec == Codec::Red && !slot.has_red() => red / 2 + HEADERS,
                bitrate => bitrate,
            })
            .fold(0, u32::saturating_add)
    }

    /// The layers of a camera that flow. A camera that is silent counts with the layer that flowed, or with its first.
    fn layers(&self, id: SessionId, current: Option<((usize, u64), u8)>, now: Instant) -> Layers {
        let mut layers = Layers::default();
        let mut silent = None;
        for source in self.sources(id, Kind::Video) {
            let Some(track) = self.tracks[source.0].as_ref() else {
                continue;
            };
            if silent.is_none() || current.is_some_and(|(current, _)| current == source) {
                silent = Some(source);
            }
            if track.is_live(now) && track.has_points() {
                for (point, height, bitrate) in track.meter.iter().flat_map(|meter| meter.points()) {
                    let bitrate = if bitrate > 0 { bitrate } else { usual(height) };
                    layers.add(Layer {
                        source,
                        point,
                        height,
                        bitrate,
                    });
                }
            } else if track.is_live(now) {
                layers.add(Layer {
                    source,
                    point: WHOLE,
                    height: track.height,
                    bitrate: if track.bitrate > 0 {
                        track.bitrate
                    } else {
                        usual(track.height)
                    },
                });
            }
        }
        if let (true, Some(source)) = (layers.all().is_empty(), silent) {
            layers.add(Layer {
                source,
                point: current.map_or(WHOLE, |(_, point)| point),
                height: 0,
                bitrate: 0,
            });
        }
        layers
    }

    /// Makes a slot follow its verdict; `true` when its connections changed.
    fn follow(&mut self, place: usize, case: &Case) -> bool {
        let wanted = match case.verdict {
            Verdict::Layer(layer) => Some((layer.source, layer.point)),
            Verdict::Paused | Verdict::Empty => None,
        };
        let shift = self.shift(place, case.slot, wanted.map(|(source, _)| source));
        let Some(session) = self.sessions[place].as_mut() else {
            return false;
        };
        let slot = &mut session.slots[case.slot];
        slot.held = case.held;
        slot.is_paused = case.verdict == Verdict::Paused;
        slot.shift = shift;
        let Some((wanted, point)) = wanted else {
            let was_connected = slot.source.is_some();
            slot.disconnect();
            if was_connected {
                session.drops.unpaced += session.downlink.pacer.forget(case.slot as u16);
            }
            return was_connected;
        };
        let meter = self.tracks[wanted.0].as_ref().and_then(|track| track.meter.as_deref());
        if slot.next.or(slot.source) == Some(wanted) {
            return slot.aim_at(point, meter);
        }
        slot.aim = point;
        if slot.stream.is_flowing() {
            slot.next = Some(wanted).filter(|wanted| slot.source != Some(*wanted));
        } else {
            slot.source = Some(wanted);
            slot.next = None;
        }
        true
    }

    /// What turns the timestamps of another layer into those of the one that flows: both were reported by one clock.
    fn shift(&self, place: usize, slot: usize, wanted: Option<(usize, u64)>) -> Option<u32> {
        let slot = self.sessions[place].as_ref()?.slots.get(slot)?;
        let clock = |(at, _): (usize, u64)| -> Option<(SenderClock, u32)> {
            let track: &Track = self.tracks[at].as_ref()?;
            Some((track.clock?, track.kind.clock_rate()))
        };
        let (here, rate) = clock(slot.source?)?;
        let (there, _) = clock(wanted?)?;
        let apart = there.ntp.wrapping_sub(here.ntp) as i64;
        let units = (i128::from(apart) * i128::from(rate)) >> 32;
        // At `there.ntp` the one that flows stands at `here.timestamp + units`.
        Some(here.timestamp.wrapping_add(units as u32).wrapping_sub(there.timestamp))
    }
}

/// What a layer takes that was not measured yet, bit/s, by its lines.
fn usual(height: u16) -> u32 {
    match height {
        0 => 0,
        1..=240 => 150_000,
        241..=480 => 500_000,
        481.. => 1_500_000,
    }
}
