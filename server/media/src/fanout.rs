//! One packet in, many out: destination by destination, so that what goes to one receiver lies together and leaves in
//! one system call.

use std::time::Instant;

use crate::arena::Arena;
use crate::history::Packet;
use crate::offer::Kind;
use crate::pace::Waiting;
use crate::session::Session;
use crate::sfu::Sfu;
use crate::slot::Withheld;
use crate::stats::Totals;
use crate::track::Track;

/// A packet that came in and was not yet forwarded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pending {
    pub(crate) track: usize,
    pub(crate) epoch: u64,
    pub(crate) index: u64,
    pub(crate) at: Instant,
}

/// A voice is sent again within a quarter of a second, in units of its clock, or not at all.
const SOON: u32 = 12_000;
/// So many bytes are sealed before they are sent: then they still lie in the processor's nearer memory.
const TOGETHER: usize = 64 << 10;
/// More than any socket gives in one batch.
pub(crate) const MAX_PENDING: usize = 1024;

impl Sfu {
    /// Queues a packet for all who receive its track.
    pub(crate) fn enqueue(&mut self, pending: Pending) {
        if self.pending.len() == MAX_PENDING {
            self.totals.no_room += 1;
            return;
        }
        self.pending.push(pending);
    }

    /// Seals as much as the arena holds. The rest stays for the next call.
    pub(crate) fn fan_out(&mut self) {
        while !self.pending.is_empty() {
            if self.work.is_empty() {
                self.plan_work();
            }
            self.do_work();
            if self.worked < self.work.len() {
                return;
            }
            self.work.clear();
            self.worked = 0;
            // What came in while the arena was full was not planned yet.
            self.pending.drain(..self.planned);
            self.planned = 0;
        }
    }

    fn do_work(&mut self) {
        let mut before = None;
        while self.worked < self.work.len() && self.arena.has_room() {
            let work = self.work[self.worked];
            // What goes to one receiver leaves in one run.
            let is_other = before.replace(work >> 32) != Some(work >> 32);
            if is_other && self.arena.written() > TOGETHER {
                return;
            }
            self.worked += 1;
            // It leaves now, however long it waited for the thread: estimates live on this.
            let pending = Pending {
                at: self.now,
                ..self.pending[(work & 0xffff) as usize]
            };
            let slot = (work >> 16 & 0xffff) as usize;
            let Some(session) = self.sessions[(work >> 32) as usize].as_mut() else {
                continue;
            };
            let Some(track) = self.tracks[pending.track].as_ref() else {
                continue;
            };
            let waiting = Waiting {
                slot: slot as u16,
                pending,
            };
            if track.kind == Kind::Video && session.downlink.pacer.holds(pending.at) {
                if !session.downlink.pacer.queue(waiting) {
                    session.give_up(slot);
                }
                self.list((work >> 32) as usize, pending.at);
                continue;
            }
            forward(&mut self.arena, &mut self.totals, session, slot, track, &pending);
        }
    }

    /// Orders the work by destination, then slot, then arrival; as many packets as there is room for.
    fn plan_work(&mut self) {
        self.planned = self.pending.len();
        for (order, pending) in self.pending.iter().enumerate() {
            let Some(track) = self.tracks[pending.track]
                .as_ref()
                .filter(|track| track.epoch == pending.epoch)
            else {
                continue;
            };
            let room = self.work.capacity() - self.work.len();
            if order > 0 && track.subscribers.len() > room {
                self.planned = order;
                break;
            }
            // A packet for more receivers than there is ever room for does not reach all of them.
            self.totals.no_room += track.subscribers.len().saturating_sub(room) as u64;
            for subscriber in track.subscribers.iter().take(room) {
                let destination = u64::from(subscriber.session) << 32 | u64::from(subscriber.slot) << 16;
                self.work.push(destination | order as u64);
            }
        }
        self.work.sort_unstable();
    }
}

/// Sends a packet into a slot, if it belongs there.
pub(crate) fn forward(
    arena: &mut Arena,
    totals: &mut Totals,
    session: &mut Session,
    slot: usize,
    track: &Track,
    pending: &Pending,
) {
    let Some(receiving) = session.slots.get_mut(slot) else {
        return;
    };
    let before = receiving.source.filter(|_| receiving.stream.is_flowing());
    let source = (pending.track, pending.epoch);
    let held = || track.history.as_ref()?.get(pending.index);
    if !receiving.takes(source, || held().is_some_and(|(packet, _)| packet.key_start)) {
        return;
    }
    let was_flowing = before == Some(source);
    send(arena, totals, session, slot, track, pending.index, pending.at);
    if was_flowing || !session.slots[slot].stream.is_flowing() {
        return;
    }
    // The key frame's first packet came late: the rest of the frame is here already.
    let Some(history) = track.history.as_ref() else { return };
    let Some((first, _)) = history.get(pending.index) else {
        return;
    };
    let end = history.highest().map_or(0, |highest| highest + 1);
    for index in (first.index + 1..end).take(history.capacity()) {
        if history
            .get(index)
            .is_some_and(|(packet, _)| packet.arrival < first.arrival)
        {
            send(arena, totals, session, slot, track, index, pending.at);
        }
    }
}

fn send(
    arena: &mut Arena,
    totals: &mut Totals,
    session: &mut Session,
    at: usize,
    track: &Track,
    index: u64,
    now: Instant,
) {
    let meter = track.meter.as_deref();
    let Some((packet, payload)) = track.history.as_ref().and_then(|history| history.get(index)) else {
        totals.no_room += 1;
        return;
    };
    let Some(path) = session.paths.selected() else {
        // It is out of reach. When it comes back the stream goes on where it stopped: a receiver that is told of more than 2^15
        // packets that it never saw would count its keys' rollovers wrongly (RFC 3711 §3.3.1).
        session.slots[at].stream.stop();
        return;
    };
    let Some(crypto) = session.crypto.as_mut() else { return };
    let slot = &mut session.slots[at];
    let number = session.downlink.number();
    let place = match slot.admit(&packet, payload, meter, now) {
        Ok(place) => place,
        Err(Withheld::NotYet | Withheld::LeftOut) => return,
        Err(Withheld::Codec) => {
            session.drops.codec += 1;
            return;
        }
    };
    let written = arena.push(path, |buffer| {
        slot.write(&packet, payload, &place, number, now, &mut crypto.sealer, buffer)
    });
    match written {
        Some(length) => {
            session.downlink.left(slot.is_stamped(), length, now);
            totals.forwarded += 1;
            session.packets_down += 1;
            session.down.add(length);
        }
        None => session.drops.no_room += 1,
    }
    match track.kind {
        Kind::Audio => repeat(arena, session, at, track, &packet),
        Kind::Video => double(arena, session, at, track, &packet, now),
    }
}

/// Sends a picture's packets as repairs before anybody asks, where much is lost: each with the next one, the last of a picture at
/// once.
fn double(arena: &mut Arena, session: &mut Session, slot: usize, track: &Track, newest: &Packet, now: Instant) {
    let (Some(path), Some(history)) = (session.paths.selected(), track.history.as_ref()) else {
        return;
    };
    let Some(crypto) = session.crypto.as_mut() else { return };
    let slot = &mut session.slots[slot];
    if !slot.is_doubled {
        return;
    }
    let before = newest.index.checked_sub(1).and_then(|index| history.get(index));
    let before = before.filter(|(packet, _)| !packet.marker);
    let own = newest.marker.then(|| history.get(newest.index)).flatten();
    for (packet, payload) in before.into_iter().chain(own) {
        let number = session.downlink.number();
        let written = arena.push(path, |buffer| {
            slot.write_repair(&packet, payload, number, &mut crypto.sealer, buffer)
        });
        if let Some(length) = written {
            session.downlink.left(slot.is_stamped(), length, now);
            session.repairs_down += 1;
            session.down.add(length);
        }
    }
}

/// Sends earlier packets of a voice once more, on a line that loses some.
fn repeat(arena: &mut Arena, session: &mut Session, slot: usize, track: &Track, newest: &Packet) {
    let (Some(path), Some(history)) = (session.paths.selected(), track.history.as_ref()) else {
        return;
    };
    let Some(crypto) = session.crypto.as_mut() else { return };
    let slot = &mut session.slots[slot];
    for behind in slot.copies {
        let earlier = newest.index.checked_sub(*behind).and_then(|index| history.get(index));
        // In a silence packets are far apart, and nobody waits for what was said before it.
        let is_soon = |packet: &Packet| newest.timestamp.wrapping_sub(packet.timestamp) <= SOON;
        let Some((packet, payload)) = earlier.filter(|(packet, _)| is_soon(packet)) else {
            continue;
        };
        let written = arena.push(path, |buffer| {
            slot.write_again(&packet, payload, &mut crypto.sealer, buffer)
        });
        if let Some(length) = written {
            session.downlink.repeated(length);
            session.repairs_down += 1;
            session.down.add(length);
        }
    }
}
