//! The sessions that came by WHIP and WHEP: who publishes in place of a room's camera and microphone, and who views from outside.
//!
//! It knows tokens by their hash and resources by their unguessable names; it does **not** know HTTP, nor who may be heard: a
//! publisher is forwarded as far as the floor lets its room, a viewer receives what the plan gives it. The room's task owns
//! it and asks the media worker.
//!
//! A room's publisher has one number for the whole run. Whoever comes back with the same token takes the old session's place
//! under this number, so that whoever watches sees one stream that goes on.

use crate::keys;
use crate::media::{NoAnswer, Worker};
use crate::tokens::Source;
use crate::whip_sdp::{self, Ice, Unfit};
use ::media::{Event, OfferRefusal, SessionId};
use meeting::id::{EndpointId, Time};
use std::collections::{BTreeMap, BTreeSet};
use store::Scope;

/// SHA-256 of a token.
pub type TokenHash = [u8; 32];

/// A session that never connected, or of which nothing was heard for this long, is ended (RFC 7675 §5.1), seconds.
const GIVEN_UP_S: u32 = 30;
/// Viewers are numbered from here, above all rooms and publishers.
const FIRST_VIEWER: u32 = 1 << 20;

/// Why a request about a session is not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Somebody with another token publishes this source.
    Taken,
    /// As many viewers as may be are there.
    Full,
    /// There is no such session, or no longer.
    NoSession,
    /// It belongs to another token.
    NotYours,
    /// Somebody may not publish the programme.
    NotPublished,
    /// The entity tag is of an ICE session that is past.
    Stale,
    /// The description cannot be answered.
    Unfit(Unfit),
    /// Only a part of the offer could be carried, and that would mislead.
    Partial,
    /// The media unit refuses the offer.
    Offer(OfferRefusal),
    /// The media worker does not answer.
    Unavailable,
}

/// A session that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its name: 128 random bits.
    pub resource: String,
    /// Names its ICE session.
    pub etag: String,
    /// The answer.
    pub sdp: String,
    /// Its number in the media unit.
    pub number: SessionId,
}

/// What became of a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Patched {
    /// Candidates were taken note of.
    Trickled,
    /// ICE begins anew.
    Restarted {
        /// Names the new ICE session.
        etag: String,
        /// Our credentials and candidates.
        fragment: String,
    },
}

/// What a publisher sends. A mixer without a camera leaves the room its own picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sends {
    /// So many microphones.
    pub audio: usize,
    /// So many cameras.
    pub video: usize,
}

/// For which ICE session a fragment is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// Whichever there is: a restart.
    Any,
    /// One of these.
    Tags(Vec<String>),
}

#[derive(Debug)]
struct Session {
    number: SessionId,
    scope: Scope,
    source: Source,
    token: TokenHash,
    /// The peer's credentials.
    remote: Option<Ice>,
    etag: String,
    /// Which of its sections the unit takes in.
    sends: Sends,
    /// It carries media, or took the place of one that did.
    stands: bool,
    /// Its own handshake is done.
    arrived: bool,
    /// Since when nothing was heard; from the beginning, until it connects.
    quiet_since: Option<Time>,
}

/// All of them.
#[derive(Debug)]
pub struct Sessions {
    by_resource: BTreeMap<String, Session>,
    publishers: BTreeMap<EndpointId, SessionId>,
    next_viewer: u32,
    viewers: usize,
    /// Sessions that are over and that nobody was told of yet.
    ended: Vec<SessionId>,
}

impl Sessions {
    /// None yet. The numbers of publishers follow those of the rooms; at most so many `viewers` at once.
    pub fn new(rooms: impl ExactSizeIterator<Item = EndpointId>, viewers: usize) -> Self {
        let first = rooms.len() as u32 + 1;
        Self {
            by_resource: BTreeMap::new(),
            publishers: rooms.zip((first..).map(SessionId)).collect(),
            next_viewer: FIRST_VIEWER,
            viewers,
            ended: Vec::new(),
        }
    }

    /// Answers an offer. The session of the same publisher is replaced.
    ///
    /// # Errors
    /// Nothing has begun, and what was there goes on, except that a publisher whose new offer could be answered in part only
    /// has lost the old session too.
    pub async fn open(
        &mut self,
        worker: &Worker,
        scope: Scope,
        source: Source,
        token: TokenHash,
        offer: &str,
        now: Time,
    ) -> Result<Opened, Refused> {
        let offer = whip_sdp::one_way(offer, scope).map_err(Refused::Unfit)?;
        let before = match scope {
            Scope::Publish => self.by_resource.iter().find(|(_, other)| other.publishes(&source)),
            Scope::View => None,
        };
        if before.is_some_and(|(_, other)| other.token != token) {
            return Err(Refused::Taken);
        }
        let before = before.map(|(resource, other)| (resource.clone(), other.stands));
        let number = self.number(scope, &source)?;
        let remote = whip_sdp::ice(&offer);
        let answer = worker.accept(number, offer).await.map_err(refused)?;
        if let Some((replaced, _)) = &before {
            self.by_resource.remove(replaced);
        }
        if !whip_sdp::is_whole(&answer.sdp, scope) {
            close(worker, number);
            return Err(Refused::Partial);
        }
        let etag = etag(&answer.sdp).ok_or(Refused::Unavailable)?;
        let sends = Sends {
            audio: answer.sends_audio.len(),
            video: answer.sends_video.len(),
        };
        let session = Session {
            sends,
            number,
            scope,
            source,
            token,
            remote,
            etag: etag.clone(),
            // Whoever watches a publisher that comes back goes on watching: its track is kept.
            stands: before.is_some_and(|(_, stands)| stands),
            arrived: false,
            quiet_since: Some(now),
        };
        let resource = keys::random();
        self.by_resource.insert(resource.clone(), session);
        Ok(Opened {
            resource,
            etag,
            sdp: answer.sdp,
            number,
        })
    }

    fn number(&mut self, scope: Scope, source: &Source) -> Result<SessionId, Refused> {
        match (scope, source) {
            (Scope::Publish, Source::Programme) => Err(Refused::NotPublished),
            (Scope::Publish, Source::Room(room)) => self.publishers.get(room).copied().ok_or(Refused::NotPublished),
            (Scope::View, _) => {
                if self.viewers().count() >= self.viewers {
                    return Err(Refused::Full);
                }
                let number = SessionId(self.next_viewer);
                self.next_viewer = self.next_viewer.checked_add(1).unwrap_or(FIRST_VIEWER);
                Ok(number)
            }
        }
    }

    /// Takes note of candidates, or begins ICE anew. Our side is ICE-lite: it learns the peer's addresses from checks that
    /// prove who sent them, so candidates need no more than this.
    ///
    /// # Errors
    /// Nothing has changed.
    pub async fn patch(
        &mut self,
        worker: &Worker,
        resource: &str,
        token: &TokenHash,
        meant: &Match,
        ice: Option<Ice>,
    ) -> Result<Patched, Refused> {
        let session = self.yours(resource, token)?;
        if let Match::Tags(tags) = meant
            && !tags.contains(&session.etag)
        {
            return Err(Refused::Stale);
        }
        let Some(ice) = ice.filter(|ice| session.remote.as_ref() != Some(ice)) else {
            return Ok(Patched::Trickled);
        };
        let fragment = worker
            .restart_ice(session.number, ice.ufrag.clone())
            .await
            .map_err(refused)?;
        let fragment = fragment.ok_or(Refused::NoSession)?;
        let etag = etag(&fragment).ok_or(Refused::Unavailable)?;
        session.remote = Some(ice);
        session.etag.clone_from(&etag);
        Ok(Patched::Restarted { etag, fragment })
    }

    /// Ends a session; the room whose publisher it was.
    ///
    /// # Errors
    /// There is no such session, or it is somebody else's.
    pub fn close(&mut self, worker: &Worker, resource: &str, token: &TokenHash) -> Result<Option<EndpointId>, Refused> {
        self.yours(resource, token)?;
        Ok(self.end(worker, |name, _| name == resource).pop())
    }

    /// Ends all sessions of these tokens; the rooms whose publishers they were.
    pub fn end_tokens(&mut self, worker: &Worker, tokens: &BTreeSet<TokenHash>) -> Vec<EndpointId> {
        self.end(worker, |_, session| tokens.contains(&session.token))
    }

    /// Ends the sessions that never came, or went without a word; the rooms whose publishers they were.
    pub fn tidy(&mut self, worker: &Worker, now: Time) -> Vec<EndpointId> {
        let given_up = |since: Time| now.since(since) > GIVEN_UP_S * 1000;
        self.end(worker, |_, session| session.quiet_since.is_some_and(given_up))
    }

    fn end(&mut self, worker: &Worker, is_over: impl Fn(&str, &Session) -> bool) -> Vec<EndpointId> {
        let over: Vec<String> = self
            .by_resource
            .iter()
            .filter(|(name, session)| is_over(name, session))
            .map(|(name, _)| name.clone())
            .collect();
        let mut rooms = Vec::new();
        for name in over {
            let Some(session) = self.by_resource.remove(&name) else {
                continue;
            };
            close(worker, session.number);
            self.ended.push(session.number);
            rooms.extend(session.room().cloned());
        }
        rooms
    }

    /// The sessions that were ended since this was last asked.
    pub fn ended(&mut self) -> Vec<SessionId> {
        std::mem::take(&mut self.ended)
    }

    fn yours(&mut self, resource: &str, token: &TokenHash) -> Result<&mut Session, Refused> {
        let session = self.by_resource.get_mut(resource).ok_or(Refused::NoSession)?;
        if session.token != *token {
            return Err(Refused::NotYours);
        }
        Ok(session)
    }

    /// Takes note of what the media unit says; the room whose publisher it is about.
    pub fn note(&mut self, worker: &Worker, event: &Event, now: Time) -> Option<EndpointId> {
        let (Event::Connected { id } | Event::Silent { id, .. } | Event::Alive { id } | Event::Closed { id, .. }) =
            event;
        let (name, session) = self.by_resource.iter_mut().find(|(_, session)| session.number == *id)?;
        let room = session.room().cloned();
        match event {
            Event::Connected { .. } | Event::Alive { .. } => {
                (session.stands, session.arrived) = (true, true);
                session.quiet_since = None;
            }
            Event::Silent { .. } => session.quiet_since = Some(now),
            // The farewell of the session whose place it took, which was on its way.
            Event::Closed { .. } if session.stands && !session.arrived => {}
            Event::Closed { .. } => {
                // A publisher may come back under its number, and the unit remembers what went wrong; a viewer does not.
                if session.scope == Scope::View {
                    close(worker, *id);
                }
                let name = name.clone();
                self.by_resource.remove(&name);
            }
        }
        room
    }

    /// Who publishes in place of a room's own camera, microphone or both, and how many of each.
    #[must_use]
    pub fn publisher(&self, room: &EndpointId) -> Option<(SessionId, Sends)> {
        self.by_resource
            .values()
            .find(|session| session.stands && session.room() == Some(room))
            .map(|session| (session.number, session.sends))
    }

    /// Whether somebody publishes, or is about to, in place of a room's camera.
    #[must_use]
    pub fn stands_for(&self, room: &EndpointId) -> bool {
        self.by_resource.values().any(|session| session.room() == Some(room))
    }

    /// The rooms that somebody publishes for.
    pub fn published(&self) -> impl Iterator<Item = &EndpointId> {
        self.by_resource
            .values()
            .filter(|session| session.stands)
            .filter_map(Session::room)
    }

    /// Who views what.
    pub fn viewers(&self) -> impl Iterator<Item = (SessionId, &Source)> {
        let views = |session: &&Session| session.scope == Scope::View;
        self.by_resource
            .values()
            .filter(views)
            .map(|session| (session.number, &session.source))
    }

    /// No session at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_resource.is_empty()
    }
}

impl Session {
    fn publishes(&self, source: &Source) -> bool {
        self.scope == Scope::Publish && self.source == *source
    }

    /// The room for which it publishes.
    fn room(&self) -> Option<&EndpointId> {
        match (&self.scope, &self.source) {
            (Scope::Publish, Source::Room(room)) => Some(room),
            (Scope::Publish | Scope::View, _) => None,
        }
    }
}

/// The name of an ICE session: our user fragment, which is new with every session and every restart.
fn etag(answer: &str) -> Option<String> {
    Some(format!("\"{}\"", whip_sdp::ice(answer)?.ufrag))
}

fn refused(why: NoAnswer) -> Refused {
    match why {
        NoAnswer::Refused(why) => Refused::Offer(why),
        NoAnswer::Unavailable => Refused::Unavailable,
    }
}

fn close(worker: &Worker, number: SessionId) {
    if worker.close(number).is_err() {
        tracing::error!(number = number.0, "the media thread does not take commands");
    }
}
