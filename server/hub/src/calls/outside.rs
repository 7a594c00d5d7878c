//! The calls' part in WHIP and WHEP: who publishes in a room's place, and what a viewer may have of a source. The sessions
//! themselves are kept by [`crate::whip_sessions`].

use super::Calls;
use crate::app::lock;
use crate::policy::Outside;
use crate::tokens::Source;
use crate::whip::Ask;
use crate::whip_sessions::TokenHash;
use ::media::{Event, Receive, SessionId};
use meeting::id::{EndpointId, Time};
use std::collections::BTreeSet;
use std::time::Instant;
use store::Scope;

impl Calls {
    /// Answers a question from outside; the room that lost its publisher by it.
    pub async fn whip(&mut self, ask: Ask, now: Time) -> Option<EndpointId> {
        let room = self.answer(ask, now).await;
        self.void_ended();
        room
    }

    async fn answer(&mut self, ask: Ask, now: Time) -> Option<EndpointId> {
        let Self {
            worker, outside, gate, ..
        } = self;
        // Whoever asked may have gone. A viewer that nobody was told of ends when it does not connect.
        match ask {
            Ask::Open {
                scope,
                source,
                token,
                offer,
                answer,
            } => {
                let room = match (scope, &source) {
                    (Scope::Publish, Source::Room(room)) => Some(room.clone()),
                    (Scope::Publish | Scope::View, _) => None,
                };
                let opened = outside.open(worker, scope, source, token, &offer, now).await;
                let opened = opened.map(|opened| {
                    let pass = lock(gate.relay()).pass(opened.number, Instant::now());
                    (opened, pass)
                });
                let _gone = answer.send(opened);
                room.filter(|room| !outside.stands_for(room))
            }
            Ask::Patch {
                resource,
                token,
                meant,
                ice,
                answer,
            } => {
                let _gone = answer.send(outside.patch(worker, &resource, &token, &meant, ice).await);
                None
            }
            Ask::Close {
                resource,
                token,
                answer,
            } => {
                let closed = outside.close(worker, &resource, &token);
                let room = closed.clone().unwrap_or_default();
                let _gone = answer.send(closed.map(|_| ()));
                room
            }
        }
    }

    /// Takes note of what the media unit says of a session from outside; the room whose publisher it is.
    pub fn outside(&mut self, event: &Event, now: Time) -> Option<EndpointId> {
        self.outside.note(&self.worker, event, now)
    }

    /// Ends what these tokens opened; the rooms that lost their publishers.
    pub fn end_tokens(&mut self, tokens: &BTreeSet<TokenHash>) -> Vec<EndpointId> {
        let rooms = self.outside.end_tokens(&self.worker, tokens);
        self.void_ended();
        rooms
    }

    /// Ends sessions from outside of which nothing is heard; the rooms that lost their publishers.
    pub fn tidy_outside(&mut self, now: Time) -> Vec<EndpointId> {
        let rooms = self.outside.tidy(&self.worker, now);
        self.void_ended();
        rooms
    }

    /// What is over leads through the relay no longer.
    pub(super) fn void_ended(&mut self) {
        for number in self.outside.ended() {
            lock(self.gate.relay()).void(number, Instant::now());
        }
    }

    /// Whether somebody publishes in place of this room's camera.
    #[must_use]
    pub fn is_published(&self, room: &EndpointId) -> bool {
        self.outside.publisher(room).is_some()
    }

    /// What a viewer of this source may have of it.
    pub(super) fn viewed(&self, viewed: &Source, outside: &Outside) -> Receive {
        match viewed {
            Source::Programme => Receive {
                video: SessionId::PROGRAMME.map(Some).to_vec(),
                audio: SessionId::PROGRAMME.map(Some).to_vec(),
                ..Receive::default()
            },
            Source::Room(room) => {
                // A room has one of each; whoever publishes in its place may have more.
                let sends = self.outside.publisher(room).map(|(_, sends)| sends).unwrap_or_default();
                let all = |first: Option<SessionId>, count: usize| {
                    let devices = 0..count.max(1) as u32;
                    devices.map(|number| first.map(|first| first.device(number))).collect()
                };
                Receive {
                    video: all(self.camera(room).filter(|_| outside.seen.contains(room)), sends.video),
                    audio: all(
                        self.microphone(room).filter(|_| outside.heard.contains(room)),
                        sends.audio,
                    ),
                    ..Receive::default()
                }
            }
        }
    }
}
