//! From sections to tracks and slots: what an offer sends and receives, and what stays when it is renegotiated.

use crate::answer::Use;
use crate::offer::{Codec, Direction, Format, Kind, Section};
use crate::session::Device;
use crate::sfu::Sfu;
use crate::slot::Slot;
use crate::track::{Inbound, Owner, Part, Track};

impl Sfu {
    /// Makes the session's tracks and slots follow the offer. What keeps its section keeps its numbers.
    pub(crate) fn arrange(&mut self, place: usize, sections: &[Section], directions: &[Option<Direction>]) -> Vec<Use> {
        let session = self.sessions[place]
            .as_mut()
            .expect("the caller just opened or found it");
        let mut old_slots = std::mem::take(&mut session.slots);
        let old_tracks: Vec<usize> = session.tracks().collect();
        session.devices.clear();
        session.extensions = Default::default();
        let (mut video, mut audio, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        let mut sent = (0, 0);
        let mut uses = Vec::with_capacity(sections.len());
        for (section, direction) in sections.iter().zip(directions) {
            let (Some(kind), Some(direction)) = (section.kind, *direction) else {
                uses.push(Use::Rejected);
                continue;
            };
            uses.push(match direction {
                Direction::SendOnly => {
                    let number = match kind {
                        Kind::Audio => &mut sent.0,
                        Kind::Video => &mut sent.1,
                    };
                    self.arrange_device(place, *number, kind, section, &old_tracks, &mut kept);
                    *number += 1;
                    Use::Track
                }
                Direction::ReceiveOnly => {
                    let mut known = video.iter().chain(&audio).map(|slot: &Slot| &slot.formats);
                    let same = known.find(|formats| formats[..] == section.formats[..]).cloned();
                    let formats = same.unwrap_or_else(|| section.formats.as_slice().into());
                    let old = old_slots
                        .iter()
                        .position(|slot| slot.mid == section.mid && slot.kind == kind);
                    let mut slot = match old {
                        Some(index) => {
                            let mut slot = old_slots.swap_remove(index);
                            slot.take_formats(formats);
                            slot
                        }
                        None => {
                            let numbers = std::array::from_fn(|_| self.number());
                            Slot::new(section.mid.clone(), kind, formats, numbers, self.now)
                        }
                    };
                    slot.transport_cc = match kind {
                        Kind::Video => section.extensions.transport_cc,
                        // A repair of a voice must be byte for byte what was sent before: the same (SSRC, index) is
                        // never sealed twice with other bytes. So it carries no number of its own.
                        Kind::Audio => 0,
                    };
                    slot.dependency = section.extensions.dependency;
                    let used = Use::Slot {
                        ssrc: slot.ssrc,
                        rtx_ssrc: slot.rtx_ssrc,
                    };
                    match kind {
                        Kind::Video => video.push(slot),
                        Kind::Audio => audio.push(slot),
                    }
                    used
                }
                Direction::Both | Direction::Inactive => Use::Inactive,
            });
        }
        for gone in old_tracks.into_iter().filter(|track| !kept.contains(track)) {
            self.tracks[gone] = None;
        }
        let session = self.sessions[place]
            .as_mut()
            .expect("the caller just opened or found it");
        session.inbound.retain(|inbound| kept.contains(&inbound.track));
        session.video_slots = video.len();
        session.slots = video;
        session.slots.append(&mut audio);
        session.slots.shrink_to_fit();
        uses
    }

    /// A section that sends: one more microphone, or a camera with its layers.
    fn arrange_device(
        &mut self,
        place: usize,
        number: usize,
        kind: Kind,
        section: &Section,
        old: &[usize],
        kept: &mut Vec<usize>,
    ) {
        for part in Part::all(kind).take(section.rids.len().max(1)) {
            let track = self.arrange_track(place, number, part, section, old);
            let session = self.sessions[place]
                .as_mut()
                .expect("the caller just opened or found it");
            if session.devices.len() <= number {
                session.devices.resize_with(number + 1, Device::default);
            }
            let device = &mut session.devices[number];
            device.set_track(part, track);
            if kind == Kind::Video {
                device.rids.clone_from(&section.rids);
            }
            kept.push(track);
        }
    }

    fn arrange_track(&mut self, place: usize, device: usize, part: Part, section: &Section, old: &[usize]) -> usize {
        let format = section.formats[0].clone();
        let plain = section
            .formats
            .get(1)
            .filter(|format| format.codec == Codec::Opus)
            .cloned();
        let same = old.iter().copied().find(|track| {
            self.tracks[*track]
                .as_ref()
                .is_some_and(|track| track.mid == section.mid && track.part == part)
        });
        let place_of_track = match same {
            Some(track) => {
                if let Some(track) = self.tracks[track].as_mut() {
                    track.device = device;
                    track.format = format;
                    track.plain = plain;
                }
                track
            }
            None => {
                let epoch = self.epoch();
                let mut track = Track::new(Owner::Here(place), part, section.mid.clone(), format, epoch, self.start);
                track.device = device;
                track.plain = plain;
                let vacant = vacancy(&mut self.tracks);
                self.tracks[vacant] = Some(Box::new(track));
                vacant
            }
        };
        let session = self.sessions[place]
            .as_mut()
            .expect("the caller just opened or found it");
        let own = section.extensions;
        let ids = &mut session.extensions;
        for (id, offered) in [
            (&mut ids.mid, own.mid),
            (&mut ids.audio_level, own.audio_level),
            (&mut ids.transport_cc, own.transport_cc),
            (&mut ids.rid, own.rid),
            (&mut ids.repaired_rid, own.repaired_rid),
            (&mut ids.dependency, own.dependency),
        ] {
            if offered != 0 {
                *id = offered;
            }
        }
        for (ssrc, is_rtx) in [(section.ssrc, false), (section.rtx_ssrc, true)] {
            let Some(ssrc) = ssrc else { continue };
            if !session.inbound.iter().any(|inbound| inbound.ssrc == ssrc) {
                session.inbound.push(Inbound::new(ssrc, place_of_track, is_rtx));
            }
        }
        place_of_track
    }

    /// A track that comes from elsewhere; its packets say their codec themselves.
    pub(crate) fn add_track(&mut self, owner: Owner, part: Part) -> usize {
        let kind = part.kind();
        let format = Format {
            codec: kind.codec(),
            payload_type: 0,
            rtx: None,
            nack: false,
            fmtp: None,
        };
        let epoch = self.epoch();
        let vacant = vacancy(&mut self.tracks);
        self.tracks[vacant] = Some(Box::new(Track::new(
            owner,
            part,
            String::new(),
            format,
            epoch,
            self.start,
        )));
        vacant
    }

    /// Higher than any before in this unit, and than any older one of a session that has moved here.
    pub(crate) fn epoch(&mut self) -> u64 {
        let elapsed = self.now.saturating_duration_since(self.start).as_micros() as u64;
        self.epochs = (self.epochs + 1).max(elapsed << 8 | self.neighbours.unit() as u64);
        self.epochs
    }

    /// A track whose browser began a new stream: nothing of the old one may be mixed with it.
    pub(crate) fn renew_track(&mut self, track: usize) {
        let epoch = self.epoch();
        if let Some(old) = self.tracks[track].take() {
            let Track {
                owner,
                device,
                part,
                mid,
                format,
                plain,
                ..
            } = *old;
            let mut fresh = Track::new(owner, part, mid, format, epoch, self.start);
            fresh.device = device;
            fresh.plain = plain;
            self.tracks[track] = Some(Box::new(fresh));
        }
        self.apply_plan(self.now);
    }
}

/// The first free place, or a new one.
pub(crate) fn vacancy<T>(places: &mut Vec<Option<T>>) -> usize {
    match places.iter().position(Option::is_none) {
        Some(place) => place,
        None => {
            places.push(None);
            places.len() - 1
        }
    }
}
