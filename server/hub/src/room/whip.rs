//! The room's part in WHIP and WHEP, and in what is taken back: it asks the calls, and keeps presence true.

use super::Room;
use crate::auth::KeyHash;
use crate::calls;
use crate::presence::Subject;
use crate::screens::Screen;
use crate::whip::Ask;
use crate::whip_sessions::TokenHash;
use ::media::Event as Media;
use meeting::command::Actor;
use meeting::id::EndpointId;
use protocol::message::ByeReason;
use std::collections::BTreeSet;

impl Room {
    pub(super) async fn whip(&mut self, ask: Ask) {
        if let Some(room) = self.calls.whip(ask, self.clock.now()).await {
            self.publisher_gone(&room).await;
        }
        self.changed = true;
    }

    /// What tokens opened ends with them.
    pub(super) async fn tokens_end(&mut self, tokens: &BTreeSet<TokenHash>) {
        for room in self.calls.end_tokens(tokens) {
            self.publisher_gone(&room).await;
        }
        // The others of this room's audience are shown it with the rest; whoever may not watch any more is cut off now.
        self.follow();
        self.changed = true;
    }

    /// A link was taken back: its screens are closed, and a room's camera with them.
    ///
    /// A place may have another screen with a key of its own, which stays as it is.
    pub(super) async fn revoked(&mut self, who: Subject, keys: &BTreeSet<KeyHash>) {
        let is_meant = |screen: &Screen| match (&screen.actor, &who) {
            (Actor::Person { id, .. }, Subject::Person(person)) => id == person,
            (Actor::Room { .. }, Subject::Room(_)) | (Actor::Kiosk { .. }, Subject::Kiosk(_)) => {
                screen.key.is_some_and(|key| keys.contains(&key))
            }
            (Actor::Person { .. } | Actor::Room { .. } | Actor::Kiosk { .. } | Actor::System, _) => false,
        };
        for (_, screen) in self.screens.iter().filter(|(_, screen)| is_meant(screen)) {
            screen.outbox.close(ByeReason::Revoked);
        }
        if let Subject::Room(room) = &who
            && self.room_devices.get(room).is_none_or(|(_, key)| keys.contains(key))
        {
            self.calls.expel(room);
            self.media_gone(room);
        }
        self.changed = true;
    }

    /// What the media unit says of whoever publishes in place of a room's camera.
    pub(super) async fn publisher(&mut self, room: EndpointId, event: Media) {
        match event {
            Media::Connected { .. } | Media::Alive { .. } => self.presence.media_flows(room.clone()),
            Media::Silent { since, .. } => {
                let since = calls::since(&self.clock, since);
                self.presence.media_silent(room.clone(), since);
            }
            Media::Closed { .. } => return self.publisher_gone(&room).await,
        }
        self.report(&Subject::Room(room)).await;
        self.changed = true;
    }

    /// A room has only its own camera again, if it has one.
    pub(super) async fn publisher_gone(&mut self, room: &EndpointId) {
        if self.calls.is_connected(room) {
            self.presence.media_flows(room.clone());
        } else {
            self.media_gone(room);
        }
        self.report(&Subject::Room(room.clone())).await;
        self.changed = true;
    }

    /// A room's own session is over; that is no loss while somebody publishes in its place.
    pub(super) fn media_gone(&mut self, room: &EndpointId) {
        if !self.calls.is_published(room) {
            self.presence.media_gone(room);
        }
    }
}
