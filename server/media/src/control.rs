//! What is said between the packets: reports, requests for key frames and repairs, feedback; and the passing of time.

use std::time::{Duration, Instant};

use crate::answer::ceiling;
use crate::arena::Arena;
use crate::offer::Kind;
use crate::replay::RtcpWindow;
use crate::report::{SenderClock, ntp, round_trip};
use crate::rtcp::{Block, Blocks, Compound, Item, Writer, intra_targets, nacked};
use crate::session::{MAX_RTCP_SENDERS, MAX_TRACKS, Session};
use crate::sfu::{Event, Sfu, TICK};
use crate::stats::Totals;
use crate::track::Owner;

/// Sender and receiver reports, and the bandwidth ceiling, go out this often.
const REPORTS: Duration = Duration::from_secs(1);
/// Arrival times go back this often,
pub(crate) const FEEDBACK: Duration = Duration::from_millis(50);
/// on a line that carries little less often.
const SELDOM: Duration = Duration::from_millis(200);
/// so that a report of 800 bits takes no more than a twentieth of what comes.
const FEEDBACK_BITS: u32 = 800 * 20;
/// Sender reports in one datagram.
const REPORTS_PER_DATAGRAM: usize = 16;
/// Repairs granted to one request.
const REPAIRS_PER_REQUEST: usize = 64;

/// What a sender report says of one slot.
#[derive(Clone, Copy)]
struct Report {
    ssrc: u32,
    timestamp: u32,
    packets: u32,
    octets: u32,
}

impl Sfu {
    pub(crate) fn on_rtcp(&mut self, place: usize, data: &mut [u8], now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let Some(length) = open(session, data) else { return };
        if !session.allowance.report(now) {
            session.drops.limited += 1;
            return;
        }
        session.up.add(data.len());
        self.heard(place, now);
        for item in Compound(&data[..length]) {
            match item {
                Item::SenderReport {
                    ssrc,
                    ntp,
                    timestamp,
                    blocks,
                } => {
                    self.on_sender_report(
                        place,
                        ssrc,
                        SenderClock {
                            ntp,
                            timestamp,
                            at: now,
                        },
                    );
                    self.on_blocks(place, blocks, now);
                }
                Item::ReceiverReport { blocks } => self.on_blocks(place, blocks, now),
                Item::Nack { media, pairs } => self.on_nack(place, media, pairs, now),
                Item::PictureLoss { media } => self.on_picture_loss(place, media, now),
                Item::FullIntra { targets } => {
                    for media in intra_targets(targets).take(REPAIRS_PER_REQUEST) {
                        self.on_picture_loss(place, media, now);
                    }
                }
                Item::TransportFeedback { body } => self.on_transport_feedback(place, body, now),
                Item::Other => {}
            }
        }
    }

    fn on_sender_report(&mut self, place: usize, ssrc: u32, clock: SenderClock) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let Some(inbound) = session
            .inbound
            .iter()
            .find(|inbound| inbound.ssrc == ssrc && !inbound.is_rtx)
        else {
            return;
        };
        let at = inbound.track;
        let mut relays = 0;
        if let Some(track) = self.tracks[at].as_mut() {
            track.clock = Some(clock);
            relays = track.relays;
        }
        // The report that travelled fastest tells the difference of the clocks best.
        let offset = ntp(self.start, clock.at).wrapping_sub(clock.ntp) as i64;
        session.clock_offset = Some(session.clock_offset.map_or(offset, |known| known.min(offset)));
        self.tell_clock(at, relays);
    }

    fn on_blocks(&mut self, place: usize, blocks: Blocks<'_>, now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let mut rtt_ms = None;
        for block in blocks {
            if let Some(slot) = session.slots.iter_mut().find(|slot| slot.ssrc == block.ssrc) {
                slot.loss = f32::from(block.fraction_lost) / 256.0;
                if slot.kind == Kind::Audio {
                    session.downlink.missed(slot.loss, slot.copies.len(), now);
                }
                rtt_ms = round_trip(&block, ntp(self.start, now)).or(rtt_ms);
            }
        }
        if let Some(rtt_ms) = rtt_ms {
            session.downlink.took(rtt_ms, now);
            session.rtt_ms = Some(rtt_ms);
        }
    }

    fn on_nack(&mut self, place: usize, media: u32, pairs: &[u8], now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let Some(path) = session.paths.selected() else { return };
        let Some(crypto) = session.crypto.as_mut() else { return };
        let Some(slot) = session.slots.iter_mut().find(|slot| slot.ssrc == media) else {
            return;
        };
        let track = slot.source.and_then(|(track, _)| self.tracks[track].as_deref());
        let history = track.and_then(|track| track.history.as_ref());
        for (count, sequence) in nacked(pairs).enumerate() {
            let index = slot.stream.origin(sequence);
            let found = index.and_then(|index| history?.get(index));
            let Some((packet, payload)) = found.filter(|_| count < REPAIRS_PER_REQUEST) else {
                // It may have been lost between two units.
                if let (Some(Owner::There(origin)), Some(index)) = (track.map(|track| &track.owner), index)
                    && slot.budget.allows(sequence, now)
                {
                    self.neighbours.miss(origin, index);
                }
                session.drops.repairs_refused += 1;
                continue;
            };
            let is_too_much = slot.kind == Kind::Video && session.downlink.pacer.is_overdrawn(now);
            if is_too_much || !slot.budget.allows(sequence, now) {
                session.drops.repairs_refused += 1;
                continue;
            }
            let number = session.downlink.number();
            let written = self.arena.push(path, |buffer| match slot.kind {
                Kind::Audio => slot.write_again(&packet, payload, &mut crypto.sealer, buffer),
                Kind::Video => slot.write_repair(&packet, payload, number, &mut crypto.sealer, buffer),
            });
            match written {
                Some(length) => {
                    session.downlink.left(slot.is_stamped(), length, now);
                    session.repairs_down += 1;
                    session.down.add(length);
                }
                None => session.drops.no_room += 1,
            }
        }
    }

    fn on_picture_loss(&mut self, place: usize, media: u32, now: Instant) {
        let Some(session) = self.sessions[place].as_ref() else {
            return;
        };
        let slot = session
            .slots
            .iter()
            .find(|slot| slot.ssrc == media && slot.kind == Kind::Video);
        if let Some((track, _)) = slot.and_then(|slot| slot.source) {
            self.ask_key_frame(track, false, now);
        }
    }

    /// Asks a camera for a key frame, as far as the throttle lets it.
    pub(crate) fn ask_key_frame(&mut self, at: usize, is_fresh: bool, now: Instant) {
        let Some(track) = self.tracks[at].as_mut() else { return };
        let place = match &track.owner {
            Owner::Here(place) => *place,
            Owner::There(origin) => {
                let now_is_the_time = if is_fresh {
                    track.keyframe.fresh(now)
                } else {
                    track.keyframe.again(now)
                };
                if now_is_the_time {
                    self.neighbours.wish(origin, is_fresh);
                }
                return;
            }
        };
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        // Before the first packet there is nobody to ask; a stream begins with a key frame anyway.
        let Some(media) = track.ssrc.filter(|_| session.crypto.is_some()) else {
            return;
        };
        let now_is_the_time = if is_fresh {
            track.keyframe.fresh(now)
        } else {
            track.keyframe.again(now)
        };
        if now_is_the_time {
            track.key_frames_asked += 1;
            let sender = session.ssrc;
            send(&mut self.arena, &mut self.totals, session, |out| {
                out.picture_loss(sender, media)
            });
        }
    }

    /// Time passes for everybody.
    pub(crate) fn tick(&mut self, now: Instant) {
        if now < self.next_tick {
            return;
        }
        self.next_tick = now + TICK;
        let feedback = now >= self.feedback_due;
        if feedback {
            self.feedback_due = now + FEEDBACK;
        }
        self.repeat_wants(now);
        for place in 0..self.sessions.len() {
            let Some(session) = self.sessions[place].as_mut().filter(|session| session.ended.is_none()) else {
                continue;
            };
            let progress = session.dtls.handle_timeout(now);
            self.progress(place, progress, now);
            self.expire_paths(place, now);
            self.watch(place, now);
            self.ask_for_repairs(place, now);
            self.consider_probe(place, now);
            if feedback {
                self.send_feedback(place, now);
            }
            if self.sessions[place]
                .as_ref()
                .is_some_and(|session| session.crypto.is_some() && now >= session.report_due)
            {
                self.send_reports(place, now);
            }
        }
        for at in 0..self.tracks.len() {
            let Some(track) = self.tracks[at].as_mut() else {
                continue;
            };
            track.tick(now);
            if track.kind == Kind::Video {
                let is_awaited = self.is_awaited(at);
                self.repeat_key_frame(at, is_awaited, now);
            }
        }
        self.choose_layers(now);
    }

    /// Whether somebody waits for a track's key frame: for a first picture, or for another layer.
    fn is_awaited(&self, at: usize) -> bool {
        let Some(track) = self.tracks[at].as_ref() else {
            return false;
        };
        let source = (at, track.epoch);
        track.subscribers.iter().any(|subscriber| {
            let session = self.sessions[subscriber.session as usize].as_ref();
            session
                .filter(|session| session.crypto.is_some() && session.paths.selected().is_some())
                .is_some_and(|session| {
                    let slot = session.slots.get(usize::from(subscriber.slot));
                    slot.is_some_and(|slot| slot.awaits(source))
                })
        })
    }

    fn repeat_key_frame(&mut self, at: usize, is_awaited: bool, now: Instant) {
        let Some(track) = self.tracks[at].as_mut() else { return };
        let place = match &track.owner {
            Owner::Here(place) => *place,
            Owner::There(origin) => {
                if track.keyframe.tick(is_awaited, now) {
                    self.neighbours.wish(origin, is_awaited);
                }
                return;
            }
        };
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let Some(media) = track.ssrc.filter(|_| session.crypto.is_some()) else {
            return;
        };
        if track.keyframe.tick(is_awaited, now) {
            track.key_frames_asked += 1;
            let sender = session.ssrc;
            send(&mut self.arena, &mut self.totals, session, |out| {
                out.picture_loss(sender, media)
            });
        }
    }

    /// Notices who fell silent.
    fn watch(&mut self, place: usize, now: Instant) {
        let silent_after = self.config.silent_after;
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let is_late = now.saturating_duration_since(session.heard) >= silent_after;
        if session.crypto.is_some() && is_late && !session.is_silent {
            session.is_silent = true;
            let event = Event::Silent {
                id: session.id,
                since: session.heard,
            };
            self.event(event);
        }
    }

    fn ask_for_repairs(&mut self, place: usize, now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let spacing = session.downlink.spacing(session.rtt_ms);
        for at in session.tracks() {
            let Some(track) = self.tracks[at].as_mut() else {
                continue;
            };
            let (Some(media), true) = (track.ssrc, session.crypto.is_some()) else {
                continue;
            };
            track.holes.due(now, spacing, &mut self.sequences);
            let sender = session.ssrc;
            if !self.sequences.is_empty() {
                track.misses(now);
                let sequences = &self.sequences;
                send(&mut self.arena, &mut self.totals, session, |out| {
                    out.nack(sender, media, sequences)
                });
            }
            if let Some(due) = track.holes.poll_timeout() {
                self.next_tick = self.next_tick.min(due.max(now + Duration::from_millis(1)));
            }
        }
    }

    fn send_feedback(&mut self, place: usize, now: Instant) {
        let is_due = |session: &Session| session.crypto.is_some() && now >= session.feedback_due;
        let Some(session) = self.sessions[place].as_deref_mut().filter(|session| is_due(session)) else {
            return;
        };
        session.feedback_due = now + feedback_interval(session.up.bitrate());
        let sender = session.ssrc;
        let media = session.inbound.first().map_or(0, |inbound| inbound.ssrc);
        while session.arrivals.is_due() {
            if session.arrivals.report(&mut self.body) {
                let body = &self.body;
                send(&mut self.arena, &mut self.totals, session, |out| {
                    out.transport_feedback(sender, media, body)
                });
            }
        }
    }

    fn send_reports(&mut self, place: usize, now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        session.report_due = now + REPORTS;
        session.up.tick(now);
        session.down.tick(now);
        let mut blocks = [Block::default(); MAX_TRACKS];
        let mut count = 0;
        let mut cameras = [0; MAX_TRACKS];
        let mut shown = 0;
        for at in session.tracks() {
            let Some(track) = self.tracks[at].as_mut() else {
                continue;
            };
            track.level = (127, track.level.0);
            let Some(ssrc) = track.ssrc else { continue };
            if track.kind == Kind::Video {
                cameras[shown] = ssrc;
                shown += 1;
            }
            if let Some(mut block) = track.reception.block(ssrc, track.clock.as_ref(), now) {
                block.fraction_lost = track.loss_to_tell(block.fraction_lost, now);
                blocks[count] = block;
                count += 1;
            }
        }
        let sender = session.ssrc;
        let cameras_of = session.devices.iter().filter(|device| device.video[0].is_some());
        let ceiling = cameras_of.fold(0u32, |sum, device| {
            sum.saturating_add(ceiling(self.config.max_video_bitrate, device.rids.len()))
        });
        send(&mut self.arena, &mut self.totals, session, |out| {
            out.receiver_report(sender, &blocks[..count]);
            if shown > 0 {
                out.remb(sender, ceiling, &cameras[..shown]);
            }
        });

        let time = ntp(self.start, now);
        let mut first = 0;
        while let Some(mut reports) = self.sender_reports(place, &mut first, time) {
            let Some(session) = self.sessions[place].as_mut() else {
                return;
            };
            send(&mut self.arena, &mut self.totals, session, |out| {
                for report in reports.iter_mut().map_while(Option::take) {
                    out.sender_report(report.ssrc, time, report.timestamp, report.packets, report.octets);
                    out.source_description(report.ssrc, "slots");
                }
            });
        }
    }

    /// The next few sender reports, from slot `first` on; `None` when all slots have had their turn.
    fn sender_reports(
        &self,
        place: usize,
        first: &mut usize,
        time: u64,
    ) -> Option<[Option<Report>; REPORTS_PER_DATAGRAM]> {
        let slots = &self.sessions[place].as_ref()?.slots;
        let mut reports = [None; REPORTS_PER_DATAGRAM];
        let mut count = 0;
        while count < reports.len() {
            let Some(slot) = slots.get(*first) else { break };
            if let Some(timestamp) = self.report_timestamp(place, *first, time) {
                reports[count] = Some(Report {
                    ssrc: slot.ssrc,
                    timestamp,
                    packets: slot.packets,
                    octets: slot.octets,
                });
                count += 1;
            }
            *first += 1;
        }
        (count > 0).then_some(reports)
    }

    /// The RTP time of a slot at `time`, by the clock of whoever flows in it: so picture and voice of one room, which
    /// share a clock, stay together.
    fn report_timestamp(&self, place: usize, slot: usize, time: u64) -> Option<u32> {
        let slot = self.sessions[place].as_ref()?.slots.get(slot)?;
        let (at, _) = slot.source.filter(|_| slot.packets > 0)?;
        slot.stream.timestamp(self.track_timestamp(at, time)?)
    }

    /// The RTP time of a track at `time`.
    fn track_timestamp(&self, at: usize, time: u64) -> Option<u32> {
        let track = self.tracks[at].as_ref()?;
        let clock = track.clock?;
        let offset = match &track.owner {
            Owner::Here(place) => self.sessions[*place].as_ref()?.clock_offset?,
            Owner::There(origin) => origin.offset?,
        };
        let elapsed = time.wrapping_sub(clock.ntp.wrapping_add_signed(offset)) as i64;
        let units = (i128::from(elapsed) * i128::from(track.kind.clock_rate())) >> 32;
        Some(clock.timestamp.wrapping_add(units as u32))
    }
}

/// How long to wait between two reports of arrival times to somebody who sends so much, bit/s; 0 = unknown.
fn feedback_interval(bitrate: u32) -> Duration {
    match FEEDBACK_BITS.saturating_mul(1000).checked_div(bitrate) {
        None => FEEDBACK,
        Some(ms) => Duration::from_millis(ms.into()).clamp(FEEDBACK, SELDOM),
    }
}

/// Replay check, authentication, decryption of SRTCP.
fn open(session: &mut Session, data: &mut [u8]) -> Option<usize> {
    let Some(crypto) = session.crypto.as_mut() else {
        session.drops.malformed += 1;
        return None;
    };
    let sender = data
        .get(4..8)
        .and_then(|bytes| Some(u32::from_be_bytes(bytes.try_into().ok()?)));
    let (Some(sender), Some(index)) = (sender, crypto.opener.rtcp_index(data)) else {
        session.drops.malformed += 1;
        return None;
    };
    let index = u64::from(index);
    let known = session.rtcp_windows.iter().position(|(ssrc, _)| *ssrc == sender);
    if known.is_some_and(|known| !session.rtcp_windows[known].1.is_fresh(index)) {
        session.drops.replayed += 1;
        return None;
    }
    let Some(length) = crypto.opener.open_rtcp(known.is_some(), data) else {
        session.drops.unauthentic += 1;
        return None;
    };
    match known {
        Some(known) => session.rtcp_windows[known].1.accept(index),
        None if session.rtcp_windows.len() < MAX_RTCP_SENDERS => {
            let mut window = RtcpWindow::new();
            window.accept(index);
            session.rtcp_windows.push((sender, window));
        }
        None => {
            session.drops.unknown_ssrc += 1;
            return None;
        }
    }
    Some(length)
}

/// Writes and seals one datagram of RTCP.
fn send(arena: &mut Arena, totals: &mut Totals, session: &mut Session, write: impl FnOnce(&mut Writer<'_>)) {
    let Some((path, crypto)) = session.ready() else { return };
    let mut was_empty = false;
    let pushed = arena.push(path, |buffer| {
        let room = buffer.len() - crate::seal::OVERHEAD;
        let mut writer = Writer::new(&mut buffer[..room]);
        write(&mut writer);
        let length = writer.finish();
        was_empty = length.is_none();
        crypto.sealer.seal_rtcp(length?, buffer)
    });
    match pushed {
        Some(length) => session.down.add(length),
        None if was_empty => {}
        None => totals.no_room += 1,
    }
}
