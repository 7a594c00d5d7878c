//! Kiểm tra kỹ thuật điểm cầu: figures that a room has measured, and what they are worth (PRODUCT 3.8).
//!
//! A room's page measures and reports; what passes, the rules of the sitting say ([`CheckRules`]), here and nowhere else. It
//! does **not** know how anything is measured. A result stands in the journal with its figures, so that a later change of the
//! rules does not change what was found.

use crate::command::Actor;
use crate::event::Event;
use crate::id::{DeviceId, EndpointId, Time};
use crate::meeting::{LONGEST_ID, Meeting};
use crate::refusal::Refusal;
use crate::sitting::Phase;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By which way packets travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// UDP, straight to the hub.
    Udp,
    /// TCP, because UDP is blocked: what is lost comes late.
    Tcp,
    /// Through a relay, because even that is blocked.
    Relay,
}

/// What a camera shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PictureState {
    /// Something that moves.
    Moving,
    /// Black.
    Black,
    /// The same picture all the time.
    Frozen,
}

/// The camera's picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Pictures in a second.
    pub fps: u32,
    /// What it shows.
    pub state: PictureState,
}

/// The microphone while somebody speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// Level of the loudest second, dBFS, −127…0.
    pub level_db: i32,
    /// Samples stood against the end of the scale.
    pub clipped: bool,
}

/// What came back of a chirp from the room's own loudspeaker, after echo cancellation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Echo {
    /// Level of what came back against what was played, dB, −127…20.
    pub return_db: i32,
    /// How much later, milliseconds.
    pub delay_ms: u32,
}

/// What a room's page has measured; what is absent could not be measured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct CheckFigures {
    /// To the hub, kbit/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub up_kbps: Option<u32>,
    /// From the hub, kbit/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub down_kbps: Option<u32>,
    /// Packets lost, the worse of both ways, per mille.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub loss_permille: Option<u32>,
    /// Round trip, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub rtt_ms: Option<u32>,
    /// By which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub transport: Option<Transport>,
    /// The camera.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub picture: Option<Picture>,
    /// The microphone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub voice: Option<Voice>,
    /// The echo.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub echo: Option<Echo>,
    /// ☐ The whole delegation, its plates and the flag are seen, says who stands there.
    pub framed: bool,
    /// ☐ The loudspeaker is heard, says who stands there.
    pub audible: bool,
    /// ☐ The hub may open and close the microphone.
    pub consent: bool,
}

/// What is looked at, in the order in which it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckItem {
    /// Speed to the hub.
    Up,
    /// Speed from the hub.
    Down,
    /// Lost packets.
    Loss,
    /// Round trip.
    Rtt,
    /// The way of the packets.
    Transport,
    /// The camera.
    Picture,
    /// The microphone.
    Voice,
    /// The echo.
    Echo,
    /// ☐ What the camera sees.
    Framed,
    /// ☐ The loudspeaker.
    Audible,
    /// ☐ The microphone may be opened from afar.
    Consent,
}

/// What one figure is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Good enough for everything.
    Good,
    /// It will do.
    Fair,
    /// It will not do.
    Bad,
}

/// What a room is worth as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckClass {
    /// Đạt.
    Passed,
    /// Đạt có điều kiện.
    Conditional,
    /// Không đạt.
    Failed,
}

/// A line as good as this, or better.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct LineLimits {
    /// Fewer packets lost than this, per mille.
    pub loss_permille: u32,
    /// A shorter round trip than this, milliseconds.
    pub rtt_ms: u32,
    /// At least this much to the hub, kbit/s.
    pub up_kbps: u32,
    /// At least this much from the hub, kbit/s.
    pub down_kbps: u32,
}

/// From where on a room passes. Defaults of PRODUCT 3.8; a council changes them in its pack of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct CheckRules {
    /// Đạt.
    pub good: LineLimits,
    /// Đạt có điều kiện.
    pub fair: LineLimits,
    /// A picture of at least so many lines is good.
    pub picture_height: u32,
    /// So many pictures in a second are good.
    pub picture_fps: u32,
    /// A voice as loud as this is good, dBFS …
    pub voice_from_db: i32,
    /// … up to this.
    pub voice_to_db: i32,
    /// Whatever is fainter is no voice at all, dBFS.
    pub silence_db: i32,
    /// An echo louder than this, against what was played, disturbs everybody, dB.
    pub echo_db: i32,
    /// How long a room that was asked for a check has to answer, seconds.
    pub patience_s: u32,
}

impl Default for CheckRules {
    fn default() -> Self {
        Self {
            good: LineLimits {
                loss_permille: 10,
                rtt_ms: 150,
                up_kbps: 2500,
                down_kbps: 2500,
            },
            fair: LineLimits {
                loss_permille: 50,
                rtt_ms: 400,
                up_kbps: 600,
                down_kbps: 600,
            },
            picture_height: 360,
            picture_fps: 10,
            voice_from_db: -38,
            voice_to_db: -10,
            silence_db: -60,
            echo_db: -30,
            patience_s: 90,
        }
    }
}

/// The last check of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// When.
    pub at: Time,
    /// On which device.
    pub device: DeviceId,
    /// What was measured.
    pub figures: CheckFigures,
    /// What each figure is worth.
    pub grades: BTreeMap<CheckItem, Grade>,
    /// What the room is worth.
    pub class: CheckClass,
    /// How many checks this room has had.
    pub number: u32,
    /// Another device is the room's now: what was found says nothing any more.
    pub void: bool,
}

/// What each figure is worth.
#[must_use]
pub fn grades(figures: &CheckFigures, rules: &CheckRules) -> BTreeMap<CheckItem, Grade> {
    let below = |value: Option<u32>, good: u32, fair: u32| match value {
        Some(value) if value < good => Grade::Good,
        Some(value) if value < fair => Grade::Fair,
        Some(_) | None => Grade::Bad,
    };
    let at_least = |value: Option<u32>, good: u32, fair: u32| match value {
        Some(value) if value >= good => Grade::Good,
        Some(value) if value >= fair => Grade::Fair,
        Some(_) | None => Grade::Bad,
    };
    let ticked = |ticked: bool| if ticked { Grade::Good } else { Grade::Fair };
    let (good, fair) = (&rules.good, &rules.fair);
    [
        (CheckItem::Up, at_least(figures.up_kbps, good.up_kbps, fair.up_kbps)),
        (
            CheckItem::Down,
            at_least(figures.down_kbps, good.down_kbps, fair.down_kbps),
        ),
        (
            CheckItem::Loss,
            below(figures.loss_permille, good.loss_permille, fair.loss_permille),
        ),
        (CheckItem::Rtt, below(figures.rtt_ms, good.rtt_ms, fair.rtt_ms)),
        (CheckItem::Transport, ticked(figures.transport == Some(Transport::Udp))),
        (CheckItem::Picture, picture(figures.picture.as_ref(), rules)),
        (CheckItem::Voice, voice(figures.voice.as_ref(), rules)),
        (CheckItem::Echo, echo(figures.echo.as_ref(), rules)),
        (CheckItem::Framed, ticked(figures.framed)),
        (CheckItem::Audible, ticked(figures.audible)),
        (CheckItem::Consent, ticked(figures.consent)),
    ]
    .into()
}

fn picture(picture: Option<&Picture>, rules: &CheckRules) -> Grade {
    match picture {
        Some(picture) if picture.state == PictureState::Moving => {
            if picture.height >= rules.picture_height && picture.fps >= rules.picture_fps {
                Grade::Good
            } else {
                Grade::Fair
            }
        }
        Some(_) | None => Grade::Bad,
    }
}

fn voice(voice: Option<&Voice>, rules: &CheckRules) -> Grade {
    match voice {
        Some(voice) if voice.level_db > rules.silence_db => {
            let fits = (rules.voice_from_db..=rules.voice_to_db).contains(&voice.level_db);
            if fits && !voice.clipped {
                Grade::Good
            } else {
                Grade::Fair
            }
        }
        Some(_) | None => Grade::Bad,
    }
}

fn echo(echo: Option<&Echo>, rules: &CheckRules) -> Grade {
    /// So near to the limit it is heard, though it does not disturb.
    const NEAR_DB: i32 = 10;
    match echo {
        Some(echo) if echo.return_db > rules.echo_db => Grade::Bad,
        Some(echo) if echo.return_db <= rules.echo_db.saturating_sub(NEAR_DB) => Grade::Good,
        Some(_) | None => Grade::Fair,
    }
}

/// What a room is worth: as much as the worst that was found.
#[must_use]
pub fn class(grades: &BTreeMap<CheckItem, Grade>) -> CheckClass {
    match grades.values().max() {
        Some(Grade::Good) => CheckClass::Passed,
        Some(Grade::Fair) => CheckClass::Conditional,
        Some(Grade::Bad) | None => CheckClass::Failed,
    }
}

impl CheckFigures {
    /// Whatever a page that works could measure.
    fn is_possible(&self) -> bool {
        const FASTEST_KBPS: u32 = 100_000_000;
        const LONGEST_MS: u32 = 60_000;
        let level = |db: i32| (-127..=20).contains(&db);
        [self.up_kbps, self.down_kbps]
            .into_iter()
            .flatten()
            .all(|speed| speed <= FASTEST_KBPS)
            && self.loss_permille.is_none_or(|loss| loss <= 1000)
            && self.rtt_ms.is_none_or(|rtt| rtt <= LONGEST_MS)
            && self
                .picture
                .as_ref()
                .is_none_or(|seen| seen.width.max(seen.height) <= 16_384 && seen.fps <= 1000)
            && self.voice.as_ref().is_none_or(|voice| level(voice.level_db))
            && self
                .echo
                .as_ref()
                .is_none_or(|echo| level(echo.return_db) && echo.delay_ms <= LONGEST_MS)
    }
}

impl Meeting {
    /// A check is asked for: of one room, or of all that can be checked now.
    pub(crate) fn ask_check(&self, by: &Actor, endpoint: Option<&EndpointId>) -> Result<Vec<Event>, Refusal> {
        let asked = |endpoint: &EndpointId| Event::CheckAsked {
            endpoint: endpoint.clone(),
        };
        if let Some(endpoint) = endpoint {
            if matches!(by, Actor::Room { id } if id != endpoint) {
                return Err(Refusal::NotAllowed);
            }
            self.may_be_checked(endpoint)?;
            return Ok(vec![asked(endpoint)]);
        }
        if matches!(by, Actor::Room { .. }) {
            return Err(Refusal::NotAllowed);
        }
        let rooms = self.setup.endpoints.keys();
        let all: Vec<Event> = rooms
            .filter(|room| self.may_be_checked(room).is_ok())
            .map(asked)
            .collect();
        if all.is_empty() {
            Err(Refusal::RoomOffline)
        } else {
            Ok(all)
        }
    }

    /// A chirp in a room that everybody hears would be part of the sitting.
    fn may_be_checked(&self, endpoint: &EndpointId) -> Result<(), Refusal> {
        if !self.setup.endpoints.contains_key(endpoint) {
            return Err(Refusal::Unknown);
        }
        if !self.line_up(endpoint) {
            return Err(Refusal::RoomOffline);
        }
        if self.phase == Phase::Open && self.heard().contains(endpoint) {
            return Err(Refusal::RoomLive);
        }
        Ok(())
    }

    /// A room tells what it has measured.
    pub(crate) fn record_check(
        &self,
        by: &Actor,
        device: &DeviceId,
        figures: &CheckFigures,
    ) -> Result<Vec<Event>, Refusal> {
        let Actor::Room { id } = by else {
            return Err(Refusal::NotAllowed);
        };
        if device.0.is_empty() || device.0.chars().count() > LONGEST_ID || !figures.is_possible() {
            return Err(Refusal::OutOfRange);
        }
        let grades = grades(figures, &self.setup.rules.check);
        Ok(vec![Event::RoomChecked {
            endpoint: id.clone(),
            device: device.clone(),
            figures: figures.clone(),
            class: class(&grades),
            grades,
        }])
    }

    /// Another device has become a room's screen: the check of the one before says nothing any more (PRODUCT 3.8).
    pub(crate) fn report_room_device(&self, endpoint: &EndpointId, device: &DeviceId) -> Result<Vec<Event>, Refusal> {
        let checked = self.checks.get(endpoint).ok_or(Refusal::NoChange)?;
        if checked.void || checked.device == *device {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::CheckVoided {
            endpoint: endpoint.clone(),
        }])
    }

    pub(crate) fn apply_room_checked(&mut self, endpoint: &EndpointId, checked: Checked) {
        let number = self.checks.get(endpoint).map_or(0, |before| before.number);
        self.checks_asked.remove(endpoint);
        self.checks.insert(
            endpoint.clone(),
            Checked {
                number: number.saturating_add(1),
                ..checked
            },
        );
    }

    /// The last check of each room.
    #[must_use]
    pub fn checks(&self) -> &BTreeMap<EndpointId, Checked> {
        &self.checks
    }

    /// Since when a room is being checked, if it is.
    #[must_use]
    pub fn check_asked(&self, endpoint: &EndpointId, now: Time) -> Option<Time> {
        let asked = *self.checks_asked.get(endpoint)?;
        (now < asked.plus_seconds(self.setup.rules.check.patience_s)).then_some(asked)
    }
}
