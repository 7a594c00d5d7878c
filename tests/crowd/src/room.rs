//! A room without people: its screen's socket and its camera, kept together as a room's page would keep them.
//!
//! The room speaks while its own delegate has the floor and its microphone is live; otherwise it sends silence. It answers
//! "Có mặt" when somebody seated in it is called by name. It obeys what the view says and decides nothing.

use crate::asset::Show;
use crate::camera::{Camera, Device, Voice};
use crate::client::{Client, News};
use crate::http::Hub;
use meeting::id::PersonId;
use protocol::message::{ClientMessage, DeviceReport, ServerMessage};
use protocol::view::{AudienceKind, Mine, Shared, TurnState};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use webrtc::peer_connection::RTCPeerConnectionState;

/// A room.
pub struct Room {
    client: Client,
    show: Arc<Show>,
    /// Where the UDP socket is bound.
    address: String,
    device: Device,
    camera: Option<Camera>,
    attempt: u32,
    offered_at: Option<Instant>,
    broken_since: Option<Instant>,
    /// Who was called last, and when.
    called: Option<(PersonId, Instant)>,
    frames: u64,
}

/// How long an offer may go unanswered, or a connection stay broken, before the room offers again.
const RETRY: Duration = Duration::from_secs(3);
/// How long a delegate takes to answer a call by name, and to have answered.
const ANSWER: (Duration, Duration) = (Duration::from_millis(900), Duration::from_millis(3500));

impl Room {
    /// A room with its personal key. Must be called inside a tokio runtime.
    #[must_use]
    pub fn open(hub: &Hub, key: &str, show: Show, address: &str, device: Device) -> Self {
        Self {
            client: Client::open(hub, key, AudienceKind::Room),
            show: Arc::new(show),
            address: address.to_owned(),
            device,
            camera: None,
            attempt: 0,
            offered_at: None,
            broken_since: None,
            called: None,
            frames: 0,
        }
    }

    /// Plays the room until the hub does not want this screen any more.
    pub async fn play(mut self) {
        let mut beat = tokio::time::interval(Duration::from_millis(500));
        let mut beats = 0_u32;
        loop {
            tokio::select! {
                news = self.client.next() => match news {
                    News::Changed { new_boot: true, .. } => self.offer().await,
                    News::Changed { .. } => self.obey(),
                    News::Other(message) => self.media(*message).await,
                    News::Ended(reason) => {
                        tracing::info!(?reason, "a room's screen was taken over or closed");
                        self.hang_up().await;
                        return;
                    }
                    News::Answered { .. } | News::Lost => {}
                },
                _ = beat.tick() => {
                    beats = beats.wrapping_add(1);
                    self.obey();
                    self.mend().await;
                    if beats.is_multiple_of(4) {
                        self.report();
                    }
                }
            }
        }
    }

    async fn offer(&mut self) {
        self.hang_up().await;
        self.attempt += 1;
        self.offered_at = Some(Instant::now());
        match Camera::offer(Arc::clone(&self.show), &self.address, self.device).await {
            Ok((camera, sdp)) => {
                self.camera = Some(camera);
                self.client.send(ClientMessage::Offer {
                    attempt: self.attempt,
                    sdp,
                });
            }
            Err(error) => tracing::warn!(%error, "the camera cannot be opened"),
        }
    }

    async fn hang_up(&mut self) {
        self.broken_since = None;
        if let Some(camera) = self.camera.take() {
            camera.close().await;
        }
    }

    async fn media(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::Answer { attempt, sdp, .. } if attempt == self.attempt => {
                if let Some(camera) = &mut self.camera
                    && let Err(error) = camera.answer(sdp).await
                {
                    tracing::warn!(%error, "the hub's answer cannot be used");
                }
            }
            ServerMessage::OfferRefused { attempt, code } => tracing::warn!(attempt, code, "the offer was refused"),
            _ => {}
        }
    }

    /// A connection that is broken, or never came about, is offered anew while the socket is open.
    async fn mend(&mut self) {
        if !self.client.is_open() || self.offered_at.is_none_or(|at| at.elapsed() < RETRY) {
            return;
        }
        let stands = self
            .camera
            .as_ref()
            .is_some_and(|camera| camera.state() == RTCPeerConnectionState::Connected);
        if stands {
            self.broken_since = None;
            return;
        }
        let since = *self.broken_since.get_or_insert_with(Instant::now);
        if since.elapsed() >= RETRY {
            self.offer().await;
        }
    }

    fn obey(&mut self) {
        let voice = match self.client.mirror.view() {
            Some((shared, mine)) => voice(shared, mine, &mut self.called),
            None => Voice::Silent,
        };
        if let Some(camera) = &self.camera {
            camera.say(voice);
        }
    }

    fn report(&mut self) {
        let Some(camera) = &self.camera else { return };
        let frames: u64 = camera
            .received()
            .values()
            .map(|slot| slot.frames.load(Ordering::Relaxed))
            .sum();
        // The report speaks of one second and is sent every two.
        let lately = u32::try_from(frames.saturating_sub(self.frames) / 2).unwrap_or(0);
        self.frames = frames;
        let report = DeviceReport {
            camera: "crowd".to_owned(),
            microphone: "crowd".to_owned(),
            level: camera.level(),
            consent: true,
            frames: lately,
            concealed_ms: 0,
            sound_only: false,
            transport: None,
        };
        self.client.send(ClientMessage::Device { report });
    }

    /// Packets received so far, by `mid`.
    #[must_use]
    pub fn received(&self) -> BTreeMap<String, u64> {
        let Some(camera) = &self.camera else {
            return BTreeMap::new();
        };
        camera
            .received()
            .into_iter()
            .map(|(mid, slot)| (mid, slot.packets.load(Ordering::Relaxed)))
            .collect()
    }
}

/// What the microphone of this room carries now.
fn voice(shared: &Shared, mine: &Mine, called: &mut Option<(PersonId, Instant)>) -> Voice {
    let Some(me) = &mine.endpoint else { return Voice::Silent };
    let Some(endpoint) = shared.endpoints.get(me) else {
        return Voice::Silent;
    };
    if !endpoint.live {
        return Voice::Silent;
    }
    let has_floor = shared
        .turn
        .as_ref()
        .is_some_and(|turn| turn.endpoint.as_ref() == Some(me) && turn.state != TurnState::Paused);
    if has_floor {
        return Voice::Speaking;
    }
    let calling = shared.roll.as_ref().and_then(|roll| roll.calling.as_ref());
    let Some(name) = calling.filter(|name| {
        shared
            .people
            .get(*name)
            .is_some_and(|person| person.site == endpoint.site)
    }) else {
        *called = None;
        return Voice::Silent;
    };
    if called.as_ref().is_none_or(|(known, _)| known != name) {
        *called = Some((name.clone(), Instant::now()));
    }
    let since = called.as_ref().map_or(Duration::ZERO, |(_, at)| at.elapsed());
    if (ANSWER.0..ANSWER.1).contains(&since) {
        Voice::Present
    } else {
        Voice::Silent
    }
}
