//! Bàn kỹ thuật: a picture put on every screen by hand, and everybody but the chair silenced (PRODUCT 3.11).
//!
//! Neither gives nor takes the floor. A picture put there by hand gives way when the floor changes hands, though not within
//! the first seconds; silence gives way when the chair gives somebody the word.

use crate::event::Event;
use crate::id::{EndpointId, PersonId, Time};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::stage::{Stage, StageMode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A picture that is put on every screen by hand.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "show", rename_all = "snake_case", deny_unknown_fields)]
pub enum Preset {
    /// Cắt về hội trường: the hall, large.
    Hall,
    /// Toàn cảnh: the hall and the bridge points.
    Overview,
    /// Hai khung: who speaks, and the hall.
    TwoUp,
    /// One room, large.
    Room {
        /// Which.
        endpoint: EndpointId,
    },
}

/// What was put there, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arranged {
    /// What.
    pub preset: Preset,
    /// Who did it.
    pub by: PersonId,
    /// When.
    pub at: Time,
    /// When it gives way, because the floor has changed hands.
    pub until: Option<Time>,
}

/// Everybody but the chair is silenced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// By whom.
    pub by: PersonId,
    /// Since when.
    pub at: Time,
    /// Rooms that had been opened by hand.
    pub closed: BTreeSet<EndpointId>,
}

impl Meeting {
    pub(crate) fn arrange_stage(&self, by: &PersonId, preset: &Preset) -> Result<Vec<Event>, Refusal> {
        match preset {
            Preset::Room { endpoint } => {
                if !self.setup.endpoints.contains_key(endpoint) {
                    return Err(Refusal::Unknown);
                }
                if !self.admits_room(endpoint) {
                    return Err(Refusal::Outside);
                }
                if !self.line_up(endpoint) {
                    return Err(Refusal::RoomOffline);
                }
            }
            Preset::TwoUp if self.turn.is_none() => return Err(Refusal::NoTurn),
            Preset::TwoUp | Preset::Hall | Preset::Overview => {}
        }
        let same = self.arranged.as_ref().map(|arranged| &arranged.preset) == Some(preset);
        if same {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::StageArranged {
            preset: preset.clone(),
            by: by.clone(),
        }])
    }

    /// Theo điều hành: the stage follows the floor again.
    pub(crate) fn release_stage(&self) -> Result<Vec<Event>, Refusal> {
        match self.arranged {
            Some(_) => Ok(vec![Event::StageReleased]),
            None => Err(Refusal::NoChange),
        }
    }

    /// Im lặng tất cả trừ chủ tọa.
    pub(crate) fn silence_all(&self, by: &PersonId) -> Result<Vec<Event>, Refusal> {
        let chair = self.chair_room();
        if self.heard().iter().all(|room| Some(room) == chair.as_ref()) {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::Silenced {
            by: by.clone(),
            closed: self.open_microphones.clone(),
        }])
    }

    /// Mở lại tiếng. Who has the floor is heard again; rooms opened by hand only while it is a slip that is taken back: to open
    /// a microphone later is an act of its own (PRODUCT 3.11: unmute only if the floor allows).
    pub(crate) fn lift_silence(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        let silence = self.silence.as_ref().ok_or(Refusal::NoChange)?;
        let slip = now <= self.silence_slip_until(silence);
        let reopened = if slip { silence.closed.clone() } else { BTreeSet::new() };
        Ok(vec![Event::SilenceLifted { reopened }])
    }

    /// Until when taking the silence back restores everything.
    #[must_use]
    pub fn silence_slip_until(&self, silence: &Silence) -> Time {
        silence.at.plus_seconds(self.setup.rules.undo_silence_s)
    }

    /// What else happens when an act of somebody gives the floor: silence is lifted, a picture put there by hand gives way.
    pub(crate) fn floor_moves(&self, events: &[Event], now: Time) -> Vec<Event> {
        let given = |event: &Event| {
            matches!(
                event,
                Event::FloorGranted(_) | Event::TurnReopened { .. } | Event::TurnContinued { .. }
            )
        };
        let mut more = Vec::new();
        if !events.iter().any(given) {
            return more;
        }
        if self.silence.is_some() {
            more.push(Event::SilenceLifted {
                reopened: BTreeSet::new(),
            });
        }
        if let Some(arranged) = &self.arranged {
            // PRODUCT 3.11: a manual cut wins for some seconds.
            let until = arranged.at.plus_seconds(self.setup.rules.cut_hold_s);
            if until <= now {
                more.push(Event::StageReleased);
            } else if arranged.until.is_none() {
                more.push(Event::StageGivesWay { at: until });
            }
        }
        more
    }

    /// The stage as somebody has arranged it; none if nobody has, or if what they chose is not there.
    pub(crate) fn arranged_stage(&self) -> Option<Stage> {
        let arranged = self.arranged.as_ref()?;
        let up = |room: &EndpointId| self.line_up(room);
        let single = |primary| Stage {
            mode: StageMode::Single,
            primary: Some(primary),
            secondary: None,
        };
        match &arranged.preset {
            Preset::Hall => self.hall().filter(up).map(single),
            Preset::Room { endpoint } => Some(endpoint.clone()).filter(up).map(single),
            Preset::Overview => Some(Stage {
                mode: StageMode::Overview,
                primary: self.hall(),
                secondary: None,
            }),
            Preset::TwoUp => {
                let speaker = self.turn.as_ref().map(|turn| turn.endpoint.clone()).filter(up)?;
                let hall = self.hall().filter(|hall| up(hall) && *hall != speaker)?;
                Some(Stage {
                    mode: StageMode::TwoUp,
                    primary: Some(speaker),
                    secondary: Some(hall),
                })
            }
        }
    }

    /// What somebody has put on every screen.
    #[must_use]
    pub fn arranged(&self) -> Option<&Arranged> {
        self.arranged.as_ref()
    }

    /// Whether everybody but the chair is silenced.
    #[must_use]
    pub fn silence(&self) -> Option<&Silence> {
        self.silence.as_ref()
    }
}
