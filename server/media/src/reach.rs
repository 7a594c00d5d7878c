//! How a session is reached: checks that authenticate, the handshake over the paths that they prove, and its end.

use std::time::{Duration, Instant};

use crate::dtls::Progress;
use crate::ice::Tuple;
use crate::seal::{Opener, Sealer};
use crate::session::Crypto;
use crate::sfu::{ClosedReason, Event, Sfu};
use crate::stun;

/// Of whom nothing came for this long, nothing was heard there either, and more was missed than is worth repairing.
const AWAY: Duration = Duration::from_secs(3);

impl Sfu {
    pub(crate) fn on_stun(&mut self, tuple: Tuple, data: &[u8], now: Instant) {
        let Some((request, place)) = stun::Request::parse(data)
            .and_then(|request| self.ufrags.get(request.local_ufrag).map(|place| (request, *place)))
        else {
            self.totals.stun_unknown += 1;
            return;
        };
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let is_current = session.credentials.ufrag.as_bytes() == request.local_ufrag;
        let credentials = if is_current {
            Some(&session.credentials)
        } else {
            session.previous.as_ref()
        };
        let Some(credentials) = credentials.filter(|credentials| {
            credentials.remote_ufrag.as_bytes() == request.remote_ufrag && request.is_authentic(&credentials.key)
        }) else {
            self.totals.stun_unauthentic += 1;
            return;
        };
        if session.paths.is_replayed(request.transaction(), tuple) {
            self.totals.stun_unauthentic += 1;
            return;
        }
        // Only what authenticated counts: whoever merely knows the name must not use up the peer's share.
        if !session.allowance.check(now) {
            session.drops.limited += 1;
            return;
        }
        let answered = self.arena.push(tuple, |buffer| {
            stun::respond(&request, tuple.remote, &credentials.key, buffer)
        });
        if answered.is_none() {
            self.totals.no_room += 1;
        }
        let was_lost = session.crypto.is_some() && session.paths.selected().is_none();
        if is_current {
            session.paths.follow();
        }
        let checked = session.paths.checked(tuple, request.nominates, now);
        if is_current
            && request.nominates
            && let Some(previous) = session.previous.take()
        {
            self.ufrags.remove(previous.ufrag.as_bytes());
        }
        if let Some(forgotten) = checked.forgotten {
            self.tuples.remove(&forgotten);
        }
        if checked.is_new
            && let Some(before) = self.tuples.insert(tuple, place)
            && before != place
            && let Some(other) = self.sessions[before].as_mut()
        {
            other.paths.forget(tuple);
        }
        self.heard(place, now);
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let progress = session.dtls.begin(now);
        self.progress(place, progress, now);
        if was_lost {
            self.greet(place, now);
        }
    }

    pub(crate) fn on_dtls(&mut self, place: usize, data: &[u8], now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let progress = session.dtls.read(data, now);
        self.progress(place, progress, now);
    }

    /// Follows up on a step of the handshake, and sends what it left.
    pub(crate) fn progress(&mut self, place: usize, progress: Progress, now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        if let Some(path) = session.paths.selected() {
            while let Some(message) = session.dtls.poll_transmit() {
                let pushed = self.arena.push(path, |buffer| {
                    buffer.get_mut(..message.len())?.copy_from_slice(&message);
                    Some(message.len())
                });
                if pushed.is_none() {
                    self.totals.no_room += 1;
                }
            }
        }
        match progress {
            Progress::Quiet => {}
            Progress::Keys(masters) => {
                let (seal, open) = *masters;
                let sealer = Sealer::new(&seal, self.identity.provider.as_ref());
                let opener = Opener::new(&open, &self.identity.provider);
                let (Some(sealer), Some(opener)) = (sealer, opener) else {
                    return self.end(place, ClosedReason::HandshakeFailed);
                };
                session.crypto = Some(Crypto { sealer, opener });
                session.report_due = now;
                let id = session.id;
                self.heard(place, now);
                self.event(Event::Connected { id });
                self.greet(place, now);
            }
            Progress::Closed => self.end(place, ClosedReason::PeerClosed),
            Progress::Impostor => self.end(place, ClosedReason::FingerprintMismatch),
            Progress::Failed => self.end(place, ClosedReason::HandshakeFailed),
        }
    }

    /// A session ends by itself: it keeps its id until the caller closes it or brings a new offer.
    fn end(&mut self, place: usize, reason: ClosedReason) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        session.crypto = None;
        session.ended = Some(reason);
        let id = session.id;
        self.forget_paths(place);
        self.apply_plan(self.now);
        self.event(Event::Closed { id, reason });
    }

    pub(crate) fn forget_paths(&mut self, place: usize) {
        self.tuples.retain(|_, owner| *owner != place);
        self.ufrags.retain(|_, owner| *owner != place);
    }

    /// Something authentic came from this session.
    pub(crate) fn heard(&mut self, place: usize, now: Instant) {
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        let before = std::mem::replace(&mut session.heard, now);
        if session.is_silent {
            session.is_silent = false;
            let id = session.id;
            self.event(Event::Alive { id });
        }
        if now.saturating_duration_since(before) >= AWAY {
            self.renew_pictures(place, now);
        }
    }

    /// Forgets 5-tuples without consent.
    pub(crate) fn expire_paths(&mut self, place: usize, now: Instant) {
        let consent = self.config.consent;
        while let Some(tuple) = self.sessions[place]
            .as_mut()
            .and_then(|session| session.paths.expire(now, consent))
        {
            self.tuples.remove(&tuple);
        }
    }
}
