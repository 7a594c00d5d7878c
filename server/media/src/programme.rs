//! The programme: a virtual publisher that shows what the plan puts on stage. It has places, the large picture with whoever
//! has the floor and what stands beside it, and each place has a picture and a sound of its own.
//!
//! A place of the programme is a track like any other: with a history, numbers that never jump, and any number of slots that
//! receive it. What differs is where its packets come from. They are those of the track that the plan names at the moment,
//! shared and not copied, under the numbers of the programme. A switch stops the old source at once and begins the new one
//! at a key frame. It happens here, once, and not in every slot; who receives the programme sees one camera.
//!
//! It does not know who has the floor, nor why a source changes. Every unit has a programme of its own, fed by relayed tracks
//! where the source lives elsewhere; the numbers need to go on only for those who receive them.

use std::time::Instant;

use crate::fanout::Pending;
use crate::offer::Kind;
use crate::plan::{PLACES, Plan, SessionId};
use crate::rewrite::Continuity;
use crate::sfu::Sfu;
use crate::track::{Owner, Part};
use crate::vp8;

/// A picture and a sound for each place.
pub(crate) const FEEDS: usize = 2 * PLACES;

/// One picture or sound of the programme.
pub(crate) struct Feed {
    /// Place of its own track.
    track: usize,
    /// The track whose packets it takes, and its epoch.
    source: Option<(usize, u64)>,
    stream: Continuity,
}

impl Plan {
    /// Whose camera or microphone a name in a slot stands for at the moment.
    pub(crate) fn behind(&self, named: SessionId, kind: Kind) -> Option<SessionId> {
        let Some(place) = place(named) else { return Some(named) };
        let shown = self.programme[place];
        match kind {
            Kind::Audio => shown.audio,
            Kind::Video => shown.video,
        }
    }
}

fn place(named: SessionId) -> Option<usize> {
    SessionId::PROGRAMME.iter().position(|place| *place == named)
}

fn number(place: usize, kind: Kind) -> usize {
    match kind {
        Kind::Audio => place,
        Kind::Video => PLACES + place,
    }
}

impl Sfu {
    /// Makes the programme's tracks when a plan names them first.
    pub(crate) fn prepare_programme(&mut self) {
        let names = |list: &[Option<SessionId>]| list.iter().flatten().any(|named| place(*named).is_some());
        let is_named = |plan: &Plan| {
            plan.receives
                .values()
                .any(|list| names(&list.video) || names(&list.audio))
        };
        if !self.feeds.is_empty() || !is_named(&self.plan) {
            return;
        }
        for number in 0..FEEDS {
            let kind = if number < PLACES { Kind::Audio } else { Kind::Video };
            let part = if number < PLACES {
                Part::Microphone
            } else {
                Part::Camera(0)
            };
            let track = self.add_track(Owner::Programme(number), part);
            let (first, picture) = (self.number() as u16, self.number() as u16);
            self.feeds.push(Feed {
                track,
                source: None,
                stream: Continuity::new(kind.clock_rate(), first, picture),
            });
        }
    }

    /// The programme's track of this name.
    pub(crate) fn programme_track(&self, named: SessionId, kind: Kind) -> Option<usize> {
        let feed = self.feeds.get(number(place(named)?, kind))?;
        Some(feed.track)
    }

    /// Connects what is received of the programme with what the plan shows; the cameras that begin.
    pub(crate) fn follow_programme(&mut self, now: Instant) -> Vec<usize> {
        for track in self.tracks.iter_mut().flatten() {
            track.feeds = 0;
        }
        let mut newly_shown = Vec::new();
        for number in 0..self.feeds.len() {
            let (place, kind) = (number % PLACES, if number < PLACES { Kind::Audio } else { Kind::Video });
            let is_received = self.tracks[self.feeds[number].track]
                .as_ref()
                .is_some_and(|track| track.is_received());
            let shown = self
                .plan
                .behind(SessionId::PROGRAMME[place], kind)
                .filter(|_| is_received);
            let source = shown.and_then(|id| self.source(id, kind, now));
            let feed = &mut self.feeds[number];
            if feed.source != source {
                feed.source = source;
                feed.stream.stop();
                newly_shown.extend(source.filter(|_| kind == Kind::Video).map(|(track, _)| track));
            }
            if let Some(track) = source.and_then(|(track, _)| self.tracks[track].as_mut()) {
                track.feeds |= 1 << number;
            }
        }
        newly_shown
    }

    /// A packet that came in, for the places of the programme that show its track.
    pub(crate) fn feed(&mut self, pending: &Pending) {
        let Some(track) = self.tracks[pending.track].as_ref().filter(|track| track.feeds != 0) else {
            return;
        };
        let feeds = track.feeds;
        for number in (0..self.feeds.len()).filter(|number| feeds & 1 << number != 0) {
            let was_flowing = self.feeds[number].stream.is_flowing();
            self.pass(number, pending.index, pending);
            if !was_flowing && self.feeds[number].stream.is_flowing() {
                self.catch_up(number, pending);
            }
        }
    }

    /// The key frame's first packet came late: the rest of the frame is here already.
    fn catch_up(&mut self, number: usize, first: &Pending) {
        let history = |sfu: &Sfu, index| {
            let history = sfu.tracks[first.track].as_ref()?.history.as_ref()?;
            Some((history.get(index)?.0.arrival, history.highest()?))
        };
        let Some((arrival, highest)) = history(self, first.index) else {
            return;
        };
        for index in first.index + 1..=highest {
            if history(self, index).is_some_and(|(earlier, _)| earlier < arrival) {
                self.pass(number, index, first);
            }
        }
    }

    /// Passes one packet on under the programme's numbers. Nothing comes of it before a key frame, nor of packets from before.
    fn pass(&mut self, number: usize, index: u64, pending: &Pending) -> Option<()> {
        let history = self.tracks[pending.track].as_ref()?.history.as_ref()?;
        let (packet, payload) = history.get(index)?;
        let (shared, counters) = (history.share(index)?, packet.counters(payload));
        let (length, height) = (
            payload.len(),
            packet.key_start.then(|| vp8::height(packet.codec, payload)),
        );
        let feed = self.feeds.get_mut(number)?;
        if feed.source != Some((pending.track, pending.epoch)) {
            return None;
        }
        if !feed.stream.is_flowing() {
            if !packet.key_start {
                return None;
            }
            feed.stream.begin(&packet, counters, pending.at);
        }
        let place = feed.stream.place(&packet, counters)?;
        let track = self.tracks[feed.track].as_mut()?;
        if !track.history().adopt_as(packet.renumbered(&place), shared) {
            return None;
        }
        track.heard = Some(pending.at);
        track.flowed(length, height.flatten());
        feed.stream.sent(&place, pending.at);
        let passed = Pending {
            track: feed.track,
            epoch: track.epoch,
            index: place.index,
            at: pending.at,
        };
        self.enqueue(passed);
        Some(())
    }

    /// The track that answers for this one: itself, or what the programme shows.
    pub(crate) fn origin(&self, at: usize) -> Option<usize> {
        match self.tracks[at].as_ref()?.owner {
            Owner::Programme(number) => Some(self.feeds.get(number)?.source?.0),
            Owner::Here(_) | Owner::There(_) => Some(at),
        }
    }

    /// Whether a place of the programme has its source and no picture of it yet.
    pub(crate) fn awaits_source(&self, at: usize) -> bool {
        let Some(Owner::Programme(number)) = self.tracks[at].as_ref().map(|track| &track.owner) else {
            return false;
        };
        self.feeds
            .get(*number)
            .is_some_and(|feed| feed.source.is_some() && !feed.stream.is_flowing())
    }

    /// Translates a time of the source into the programme's.
    pub(crate) fn programme_time(&self, number: usize, timestamp: u32) -> Option<u32> {
        self.feeds.get(number)?.stream.timestamp(timestamp)
    }
}
