//! How the rooms' links are: what the media thread measured, with what a room says of its own devices.

use super::Calls;
use crate::line;
use crate::media::Figures;
use ::media::SessionStats;
use meeting::id::EndpointId;
use protocol::message::{DeviceReport, Link};
use std::collections::BTreeMap;

/// Loudness from which a microphone carries a voice rather than a room, dBov.
const VOICE: i8 = -45;

impl Calls {
    /// What a room knows of its own devices.
    pub fn device(&mut self, room: &EndpointId, report: DeviceReport) {
        self.devices.insert(room.clone(), report);
    }

    /// Asks the media thread how the links are.
    pub async fn measure(&mut self) {
        if self.calls.is_empty() && self.outside.is_empty() {
            self.figures.clear();
            return;
        }
        if let Ok(Figures {
            sessions,
            totals,
            unsent,
            uncrossed,
        }) = self.worker.figures().await
        {
            self.figures = sessions.into_iter().collect();
            metrics::gauge!("hub_media_sessions").set(self.calls.len() as f64);
            metrics::gauge!("hub_whip_publishers").set(self.outside.published().count() as f64);
            metrics::gauge!("hub_whep_viewers").set(self.outside.viewers().count() as f64);
            metrics::counter!("hub_media_forwarded_packets_total").absolute(totals.forwarded);
            metrics::counter!("hub_media_unsent_datagrams_total").absolute(unsent);
            metrics::counter!("hub_media_uncrossed_packets_total").absolute(uncrossed);
        }
    }

    /// Whether a voice is heard from a room.
    #[must_use]
    pub fn speaks(&self, room: &EndpointId) -> bool {
        self.stats(room)
            .is_some_and(|stats| stats.connected && !stats.silent && stats.microphone_level > VOICE)
    }

    /// The state of every room's link. `has_socket` says whether its screen is there.
    #[must_use]
    pub fn links(&self, has_socket: impl Fn(&EndpointId) -> bool) -> BTreeMap<EndpointId, Link> {
        self.numbers
            .keys()
            .map(|room| (room.clone(), self.link(room, has_socket(room))))
            .collect()
    }

    fn link(&self, room: &EndpointId, has_socket: bool) -> Link {
        let stats = self.stats(room).unwrap_or_default();
        line::link(&stats, self.devices.get(room), has_socket)
    }

    /// Whether a room is heard and cannot be seen.
    pub(super) fn is_heard_only(&self, room: &EndpointId) -> bool {
        // Whoever publishes a picture in the room's place has another camera.
        let is_own = self.outside.publisher(room).is_none_or(|(_, sends)| sends.video == 0);
        let device = self.devices.get(room).filter(|_| is_own);
        self.stats(room)
            .is_some_and(|stats| line::is_heard_only(&stats, device))
    }

    /// Upwards by whoever stands for the room, downwards by its own session.
    pub(super) fn stats(&self, room: &EndpointId) -> Option<SessionStats> {
        let own = self
            .calls
            .get(room)
            .and_then(|_| self.figures.get(self.numbers.get(room)?));
        let Some((publisher, sends)) = self.outside.publisher(room) else {
            return own.cloned();
        };
        let up = self.figures.get(&publisher).cloned().unwrap_or_default();
        let eyes = own.filter(|_| sends.video == 0).unwrap_or(&up);
        let ears = own.filter(|_| sends.audio == 0).unwrap_or(&up);
        Some(SessionStats {
            video_age: eyes.video_age,
            audio_age: ears.audio_age,
            microphone_level: ears.microphone_level,
            loss_down: own.map_or(up.loss_down, |own| own.loss_down),
            bitrate_down: own.map_or(up.bitrate_down, |own| own.bitrate_down),
            estimate_down: own.and_then(|own| own.estimate_down),
            layer: own.and_then(|own| own.layer),
            paused: own.map(|own| own.paused.clone()).unwrap_or_default(),
            ..up.clone()
        })
    }
}
