//! The way down to one receiver: numbers on what leaves, an estimate from what comes back, a pace, and probes for more.
//!
//! It joins the parts and hands each its input; what they decide is theirs. It does not know which pictures are worth their
//! bits. A receiver that negotiated no transport-wide numbers, or never speaks of them, has no estimate, and nothing is held
//! back from it.

use std::time::{Duration, Instant};

use crate::arena::Arena;
use crate::bandwidth::{Bandwidth, START};
use crate::departures::Departures;
use crate::fanout::forward;
use crate::pace::{Pacer, STEP};
use crate::probe::Prober;
use crate::repeats::Repeats;
use crate::session::Session;
use crate::sfu::Sfu;
use crate::trend::Standing;

/// Until reports tell it.
const ROUND_TRIP: Duration = Duration::from_millis(100);
/// Feedback comes within this time, or never.
const EARLY: Duration = Duration::from_secs(2);
/// Below this estimate a line's loss is its own queue's, bit/s;
const NARROW: u32 = 200_000;
/// it is not narrow any more from this one on.
const WIDE: u32 = 300_000;
/// A queue that grew so lately may be what lost a packet,
const CROWDED: Duration = Duration::from_secs(5);
/// and on a line where one grew within this time, larger pictures are worth more than the same one twice.
const ROOMY: Duration = Duration::from_secs(30);
/// Round trips that are longer by so much than the shortest are spent in a queue, µs;
const LONG_WAY: i64 = 150_000;
/// of so many of them the shortest counts.
const ROUND_TRIPS: usize = 6;
/// Padding in one packet: what browsers take, one byte counts it.
const PADDING: u8 = 224;

/// What one session knows of its way down.
pub(crate) struct Downlink {
    departures: Departures,
    bandwidth: Bandwidth,
    prober: Prober,
    pub(crate) pacer: Pacer,
    /// When feedback first told a rate.
    told: Option<Instant>,
    /// When the first numbered packet left.
    begun: Option<Instant>,
    /// What would be sent if the estimate allowed, bit/s.
    pub(crate) needed: u32,
    /// It stands in the list of those who are paced.
    is_listed: bool,
    /// How often voices have to be sent.
    pub(crate) repeats: Repeats,
    is_narrow: bool,
    start: Instant,
    round_trips: Standing<ROUND_TRIPS>,
}

impl Downlink {
    pub(crate) fn new(start: Instant) -> Downlink {
        Downlink {
            departures: Departures::new(start),
            bandwidth: Bandwidth::new(),
            prober: Prober::new(),
            pacer: Pacer::default(),
            told: None,
            begun: None,
            needed: 0,
            is_listed: false,
            repeats: Repeats::default(),
            is_narrow: false,
            start,
            round_trips: Standing::default(),
        }
    }

    /// Which earlier packets go with each packet of a voice. `sound` is what all voices take once, bit/s.
    pub(crate) fn copies(&self, sound: u32, has_red: bool, now: Instant) -> &'static [u64] {
        let affordable = match self.estimate() {
            // What a narrow line loses it has no room for; more would be lost with more.
            Some(estimate) if self.is_narrow || estimate < NARROW => 0,
            Some(estimate) => (estimate / 5 * 4 / sound.max(1)).saturating_sub(1) as usize,
            None => usize::MAX,
        };
        // Copies may be what fills it; they arrive beside what is measured, and would keep the estimate up.
        let most = if self.bandwidth.has_stood(ROOMY, now) {
            0
        } else if self.bandwidth.was_full(CROWDED, now) {
            1
        } else {
            usize::MAX
        };
        self.repeats.copies(has_red, affordable.min(most))
    }

    /// Time passes.
    pub(crate) fn tick(&mut self, now: Instant) {
        self.pacer.tick(now);
        self.repeats.tick(self.bandwidth.fresh_loss(now), now);
        self.is_narrow = self.estimate().is_some_and(|estimate| {
            let is_crowded = self.is_narrow || self.bandwidth.was_full(ROOMY, now);
            is_crowded && estimate < if self.is_narrow { WIDE } else { NARROW }
        });
    }

    /// Whether the line has no room for anything twice.
    pub(crate) fn is_narrow(&self) -> bool {
        self.is_narrow
    }

    /// The least time between two requests for the same packet: on a narrow line they have to have had time to be obeyed.
    pub(crate) fn spacing(&self, rtt_ms: Option<u32>) -> Duration {
        if self.is_narrow {
            rtt_ms.map_or(ROUND_TRIP, |rtt| Duration::from_millis(rtt.into()))
        } else {
            Duration::ZERO
        }
    }

    /// Whether pictures are worth sending twice: the line loses much, and not because it is full.
    pub(crate) fn doubles(&self, now: Instant) -> bool {
        let is_wide = self.estimate().is_some_and(|estimate| estimate >= NARROW);
        is_wide && !self.is_narrow && self.repeats.is_lossy() && !self.bandwidth.was_full(ROOMY, now)
    }

    /// A report tells how long the way there and back took.
    pub(crate) fn took(&mut self, rtt_ms: u32, now: Instant) {
        let at = now.saturating_duration_since(self.start).as_micros() as i64;
        self.round_trips.took(i64::from(rtt_ms) * 1000, at);
        if self.round_trips.wait() >= LONG_WAY {
            self.bandwidth.stands(now);
        }
    }

    /// A receiver says which share of a voice it missed, of which each packet was sent once and then in so many copies.
    pub(crate) fn missed(&mut self, share: f32, copies: usize, now: Instant) {
        let lost = self.repeats.missed(share, copies);
        self.bandwidth.lost_beside(lost.into(), now);
    }

    /// An earlier packet of a voice left once more. It takes room, but is not what has to flow.
    pub(crate) fn repeated(&mut self, size: usize) {
        self.pacer.left(size);
    }

    /// The number for the packet that is being written.
    pub(crate) fn number(&self) -> u16 {
        self.departures.number()
    }

    /// A packet left, with the number or without one.
    pub(crate) fn left(&mut self, is_stamped: bool, size: usize, now: Instant) {
        self.pacer.left(size);
        if !is_stamped {
            self.bandwidth.beside(size);
        } else {
            let mark = self.prober.mark();
            if mark != 0 {
                self.prober.accompanied();
            }
            self.departures.left(size, mark, now);
            self.begun.get_or_insert(now);
        }
    }

    /// Bit/s; `None` while nothing is known.
    pub(crate) fn estimate(&self) -> Option<u32> {
        self.told.map(|_| self.bandwidth.target())
    }

    /// What to count on, bit/s: the estimate, or before the first one what every line is taken for. `None` = a receiver that
    /// gives no account of what arrives.
    pub(crate) fn expected(&self, now: Instant) -> Option<u32> {
        let is_early = self
            .begun
            .is_none_or(|begun| now.saturating_duration_since(begun) < EARLY);
        self.estimate().or(is_early.then_some(START))
    }

    /// How long feedback has been coming.
    pub(crate) fn known_for(&self, now: Instant) -> Option<Duration> {
        self.told.map(|told| now.saturating_duration_since(told))
    }

    fn learn(&mut self, body: &[u8], round_trip: Duration, now: Instant) {
        let Downlink {
            departures,
            bandwidth,
            prober,
            ..
        } = self;
        let (mut found, mut is_news) = (None, false);
        departures.told(body, now, |fate| {
            is_news = true;
            bandwidth.learned(&fate);
            if fate.probe != 0 {
                found = prober.learned(&fate, bandwidth.target(), now).or(found);
            }
        });
        if !is_news {
            return;
        }
        self.bandwidth.conclude(round_trip, now);
        if self.bandwidth.has_measured() {
            self.told.get_or_insert(now);
        }
        if let Some(rate) = found {
            self.bandwidth.probed(rate);
        }
        self.pacer.follow(self.estimate());
    }

    fn wants_to_probe(&mut self, now: Instant) -> bool {
        let (Some(estimate), is_calm) = (self.estimate(), self.bandwidth.is_calm(now)) else {
            return false;
        };
        let is_crowded = self.is_narrow || self.bandwidth.was_full(ROOMY, now);
        self.prober.consider(estimate, self.needed, is_calm, is_crowded, now)
    }
}

impl Sfu {
    pub(crate) fn on_transport_feedback(&mut self, place: usize, body: &[u8], now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let round_trip = session
            .rtt_ms
            .map_or(ROUND_TRIP, |rtt| Duration::from_millis(rtt.into()));
        session.downlink.learn(body, round_trip, now);
    }

    /// Puts a session among those whose packets or probes wait for their time.
    pub(crate) fn list(&mut self, place: usize, now: Instant) {
        if let Some(session) = self.sessions[place].as_mut()
            && !std::mem::replace(&mut session.downlink.is_listed, true)
        {
            self.paced.push(place);
        }
        let due = now + STEP;
        self.pace_due = Some(self.pace_due.map_or(due, |before| before.min(due)));
    }

    /// Begins probes where more is needed than the estimate allows.
    pub(crate) fn consider_probe(&mut self, place: usize, now: Instant) {
        let wants = self.sessions[place]
            .as_mut()
            .is_some_and(|session| session.crypto.is_some() && session.downlink.wants_to_probe(now));
        if wants {
            self.list(place, now);
        }
    }

    /// Lets out what waited for its time.
    pub(crate) fn pace(&mut self, now: Instant) {
        if self.pace_due.is_none_or(|due| now < due) {
            return;
        }
        self.pace_due = None;
        let mut at = 0;
        while let Some(place) = self.paced.get(at).copied() {
            if self.let_out(place, now) {
                at += 1;
                self.pace_due = Some(now + STEP);
            } else {
                self.paced.swap_remove(at);
            }
        }
    }

    /// `true` while something still waits.
    fn let_out(&mut self, place: usize, now: Instant) -> bool {
        let Some(session) = self.sessions[place].as_mut() else {
            return false;
        };
        while self.arena.has_room()
            && let Some(waiting) = session.downlink.pacer.next(now)
        {
            let mut pending = waiting.pending;
            pending.at = now;
            if let Some(track) = self.tracks[pending.track]
                .as_ref()
                .filter(|track| track.epoch == pending.epoch)
            {
                forward(
                    &mut self.arena,
                    &mut self.totals,
                    session,
                    usize::from(waiting.slot),
                    track,
                    &pending,
                );
            }
        }
        let is_probing = pad(&mut self.arena, session, now);
        let is_busy = is_probing || session.downlink.pacer.is_waiting();
        session.downlink.is_listed = is_busy;
        is_busy
    }
}

/// Sends the burst of padding that is due; `true` while more of the probe is to come.
fn pad(arena: &mut Arena, session: &mut Session, now: Instant) -> bool {
    let Some(bytes) = session.downlink.prober.burst(now) else {
        return false;
    };
    if bytes == 0 {
        return true;
    }
    let (Some(path), Some(crypto)) = (session.paths.selected(), session.crypto.as_mut()) else {
        return false;
    };
    let Some(slot) = session.slots.iter_mut().find(|slot| slot.can_pad()) else {
        return false;
    };
    let mark = session.downlink.prober.mark();
    let (mut packets, mut sent) = (0, 0);
    while sent < bytes {
        let number = session.downlink.number();
        let pushed = arena.push(path, |buffer| {
            slot.write_padding(PADDING, number, &mut crypto.sealer, buffer)
        });
        let Some(length) = pushed else { break };
        session.downlink.departures.left(length, mark, now);
        session.downlink.pacer.left(length);
        session.down.add(length);
        packets += 1;
        sent += length;
    }
    session.downlink.prober.sent(packets);
    true
}
