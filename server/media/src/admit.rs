//! Who comes and goes: offers and their answers, credentials, the end of a session.

use std::time::Instant;

use ring::rand::SecureRandom;

use crate::allowance::Allowance;
use crate::answer::{self, Answer, Local};
use crate::arrange::vacancy;
use crate::downlink::Downlink;
use crate::dtls::Dtls;
use crate::feedback::Arrivals;
use crate::ice::{Credentials, Paths};
use crate::keys::Protection;
use crate::offer::{Direction, Offer, OfferRefusal};
use crate::plan::SessionId;
use crate::report::Rate;
use crate::session::Session;
use crate::sfu::{ClosedReason, Sfu};
use crate::slot::Slot;
use crate::stats::Drops;
use crate::stream::{self, ALPHABET};
use crate::track::Part;

impl Sfu {
    /// Answers an offer. For a known id the same peer connection is renegotiated (also with an ICE restart); a new
    /// peer connection under a known id takes the place of the old one.
    pub fn accept(&mut self, id: SessionId, offer_sdp: &str, now: Instant) -> Result<Answer, OfferRefusal> {
        self.now = now;
        let offer = Offer::parse(offer_sdp)?;
        let directions = answer::classify(&offer.sections);
        if directions.iter().all(Option::is_none) {
            return Err(OfferRefusal::NoMedia);
        }
        let is_new = !self.ids.contains_key(&id);
        let continues = self.ids.get(&id).copied().filter(|place| {
            self.sessions[*place].as_ref().is_some_and(|session| {
                session.ended.is_none()
                    && session.origin == offer.origin
                    && *session.dtls.fingerprint() == offer.fingerprint
            })
        });
        let place = match continues {
            Some(place) => {
                self.renew_credentials(place, &offer.ufrag);
                place
            }
            None => {
                if is_new && self.ids.len() >= self.config.max_sessions {
                    return Err(OfferRefusal::Full);
                }
                // Whoever could not shake hands before is offered the old profile too.
                let old = self.ids.get(&id).and_then(|place| self.sessions[*place].as_ref());
                let has_failed = old.is_some_and(|session| session.ended == Some(ClosedReason::HandshakeFailed));
                // What we only take in costs one decryption, whichever it is, and many encoders and players know AES-CM
                // alone. Who numbers packets across the transport knows AES-GCM, and would choose the other if it could.
                let is_fanned_out = directions.contains(&Some(Direction::ReceiveOnly));
                let is_recent = offer
                    .sections
                    .iter()
                    .any(|section| section.extensions.transport_cc != 0);
                let protection = if has_failed || !is_fanned_out || !is_recent {
                    Protection::Legacy
                } else {
                    Protection::Modern
                };
                self.close(id);
                self.open(id, &offer, protection, now).ok_or(OfferRefusal::Malformed)?
            }
        };
        let uses = self.arrange(place, &offer.sections, &directions);
        let session = self.sessions[place].as_mut().expect("opened or found above");
        session.answers += 1;
        session.head = answer::head(&offer.sections, &uses);
        let session = self.sessions[place].as_deref().expect("opened or found above");
        let sdp = answer::write(&offer, &uses, &self.local(session));
        let mids = |slots: &[Slot]| slots.iter().map(|slot| slot.mid.clone()).collect();
        let mid = |track: usize| Some(self.tracks[track].as_ref()?.mid.clone());
        let sends = |part| {
            let places = session.devices.iter().filter_map(|device| device.track(part));
            places.filter_map(mid).collect()
        };
        let result = Answer {
            sdp,
            sends_audio: sends(Part::Microphone),
            sends_video: sends(Part::Camera(0)),
            video_slots: mids(&session.slots[..session.video_slots]),
            audio_slots: mids(&session.slots[session.video_slots..]),
        };
        let is_viewer = is_new && session.devices.is_empty();
        self.next_tick = now;
        if is_viewer {
            self.apply_changes(None, Some(place), now);
        } else {
            self.apply_plan(now);
        }
        Ok(result)
    }

    /// Begins a new ICE session for a peer that now has this user fragment: our side of it as a fragment (RFC 8840). The old
    /// paths carry on until a new one works. `None` = there is no such session.
    pub fn restart_ice(&mut self, id: SessionId, remote_ufrag: &str, now: Instant) -> Option<String> {
        self.now = now;
        let place = *self.ids.get(&id)?;
        self.sessions[place]
            .as_ref()
            .filter(|session| session.ended.is_none())?;
        self.renew_credentials(place, remote_ufrag);
        let session = self.sessions[place].as_deref()?;
        Some(answer::fragment(&session.head, &self.local(session)))
    }

    fn local<'a>(&'a self, session: &'a Session) -> Local<'a> {
        Local {
            session: session.number,
            version: session.answers,
            ufrag: &session.credentials.ufrag,
            pwd: &session.credentials.pwd,
            fingerprint: &self.identity.fingerprint,
            candidates: &self.config.candidates,
            tcp_candidates: &self.config.tcp_candidates,
            max_video_bitrate: self.config.max_video_bitrate,
        }
    }

    /// Ends a session; its id may be used again.
    pub fn close(&mut self, id: SessionId) {
        let Some(place) = self.ids.remove(&id) else { return };
        let Some(session) = self.sessions[place].take() else {
            return;
        };
        self.forget_paths(place);
        for track in session.tracks() {
            self.tracks[track] = None;
        }
        if session.devices.is_empty() {
            self.apply_changes(None, None, self.now);
        } else {
            self.apply_plan(self.now);
        }
    }

    fn open(&mut self, id: SessionId, offer: &Offer, protection: Protection, now: Instant) -> Option<usize> {
        let credentials = self.credentials(&offer.ufrag)?;
        let dtls = Dtls::new(&self.identity, offer.fingerprint.clone(), protection).ok()?;
        let session = Session {
            id,
            origin: offer.origin.clone(),
            answers: 0,
            head: String::new(),
            number: u64::from(self.number()) << 16 | u64::from(id.0 & 0xffff),
            credentials,
            previous: None,
            paths: Paths::default(),
            dtls,
            crypto: None,
            extensions: Default::default(),
            inbound: Vec::new(),
            devices: Vec::new(),
            slots: Vec::new(),
            video_slots: 0,
            ssrc: self.number(),
            rtcp_windows: Vec::new(),
            arrivals: Arrivals::new(self.start),
            feedback_due: now,
            downlink: Downlink::new(self.start),
            clock_offset: None,
            heard: now,
            is_silent: false,
            ended: None,
            report_due: now,
            rtt_ms: None,
            up: Rate::default(),
            down: Rate::default(),
            packets_down: 0,
            repairs_down: 0,
            drops: Drops::default(),
            allowance: Allowance::default(),
        };
        let place = vacancy(&mut self.sessions);
        self.ufrags
            .insert(session.credentials.ufrag.clone().into_bytes(), place);
        self.sessions[place] = Some(Box::new(session));
        self.ids.insert(id, place);
        Some(place)
    }

    fn credentials(&self, remote_ufrag: &str) -> Option<Credentials> {
        let ufrag = stream::mark(self.config.unit) + &self.word(8)?;
        Some(Credentials::new(ufrag, self.word(24)?, remote_ufrag.to_owned()))
    }

    /// RFC 8839 §5.4: letters and digits; 8 for the fragment (48 bits), 24 for the password (144 bits).
    fn word(&self, length: usize) -> Option<String> {
        let mut bytes = vec![0u8; length];
        self.random.fill(&mut bytes).ok()?;
        Some(
            bytes
                .iter()
                .map(|byte| char::from(ALPHABET[usize::from(byte & 63)]))
                .collect(),
        )
    }

    /// New credentials in the offer ask for new ones from us; the old paths carry on until the new ones work.
    fn renew_credentials(&mut self, place: usize, remote_ufrag: &str) {
        let Some(session) = self.sessions[place].as_ref() else {
            return;
        };
        if session.credentials.remote_ufrag == remote_ufrag {
            return;
        }
        let Some(credentials) = self.credentials(remote_ufrag) else {
            return;
        };
        self.ufrags.insert(credentials.ufrag.clone().into_bytes(), place);
        let Some(session) = self.sessions[place].as_mut() else {
            return;
        };
        session.paths.restart();
        let before = std::mem::replace(&mut session.credentials, credentials);
        if let Some(older) = session.previous.replace(before) {
            self.ufrags.remove(older.ufrag.as_bytes());
        }
    }
}
