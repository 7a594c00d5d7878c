//! What every screen shows and which rooms may be heard: the meeting's word to the media (PRODUCT 3.2, 3.12).
//!
//! Derived, never stored, so that after a restart the same rooms are live as before.

use crate::event::PauseReason;
use crate::id::{EndpointId, PersonId, SiteId};
use crate::item::Scene;
use crate::meeting::Meeting;
use crate::setup::{RequestKind, SiteKind};
use crate::sitting::Phase;
use crate::turn::Turn;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What kind of picture the stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum StageMode {
    /// Chờ: before the opening.
    Waiting,
    /// The hall: nobody has the floor, or the speaker's line is lost.
    Overview,
    /// One speaker.
    Speaker,
    /// One room, put there by hand.
    Single,
    /// Two-up: question and answer, rebuttal.
    TwoUp,
    /// Nghi lễ: the hall, its whole picture and nothing over it but the names that are honoured.
    Ceremony,
    /// A name is being called.
    RollCall,
    /// Tạm nghỉ.
    Break,
    /// Bế mạc.
    Closed,
}

/// What every screen shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Kind of picture.
    pub mode: StageMode,
    /// The room in the large picture.
    pub primary: Option<EndpointId>,
    /// The room beside it.
    pub secondary: Option<EndpointId>,
}

impl Meeting {
    /// The rooms that may be heard now (PRODUCT 3.2 no. 3): {speaker's room, chair's room} and those opened by hand;
    /// in a roll call by name also the room of the one who is called ("Có mặt!").
    ///
    /// Silenced by hand, only the chair's room is heard, and what is opened afterwards.
    ///
    /// A turn paused by a restart or by hand stays live; paused by a lost line, a point of order or a break it is not
    /// heard until the chair lets it go on.
    #[must_use]
    pub fn heard(&self) -> BTreeSet<EndpointId> {
        let mut heard = BTreeSet::new();
        match self.phase {
            Phase::Preparing | Phase::Suspended => {}
            // The anthem is played in the hall; nothing is opened beside it.
            Phase::Open if self.is_solemn() => return self.hall().into_iter().collect(),
            Phase::TechnicalCheck | Phase::Lobby | Phase::Open if self.silence.is_some() => {
                heard.extend(self.chair_room());
            }
            Phase::TechnicalCheck | Phase::Lobby => {
                heard.extend(self.hall());
                heard.extend(self.called_room());
            }
            Phase::Open => {
                heard.extend(self.chair_room());
                heard.extend(
                    self.turn
                        .as_ref()
                        .filter(|turn| is_live(turn))
                        .map(|turn| turn.endpoint.clone()),
                );
                heard.extend(self.called_room());
            }
            Phase::Closed => return heard,
        }
        heard.extend(self.open_microphones.iter().cloned());
        heard.retain(|room| self.admits_room(room));
        heard
    }

    /// What every screen shows.
    #[must_use]
    pub fn stage(&self) -> Stage {
        let alone = |mode, primary| Stage {
            mode,
            primary,
            secondary: None,
        };
        let idle = match self.phase {
            Phase::Closed => return alone(StageMode::Closed, None),
            Phase::Preparing | Phase::TechnicalCheck | Phase::Lobby => StageMode::Waiting,
            Phase::Suspended => StageMode::Break,
            Phase::Open => match self.scene() {
                Scene::Floor => StageMode::Overview,
                Scene::Ceremony | Scene::Solemn => StageMode::Ceremony,
            },
        };
        if let Some(room) = self.called_room() {
            return alone(StageMode::RollCall, Some(room));
        }
        if let Some(arranged) = self.arranged_stage().filter(|_| self.phase == Phase::Open) {
            return arranged;
        }
        match self.turn.as_ref().filter(|_| self.phase == Phase::Open) {
            Some(turn) if self.line_up(&turn.endpoint) => {
                let beside = self.counterpart(turn).filter(|room| *room != turn.endpoint);
                let mode = if beside.is_some() {
                    StageMode::TwoUp
                } else {
                    StageMode::Speaker
                };
                Stage {
                    mode,
                    primary: Some(turn.endpoint.clone()),
                    secondary: beside,
                }
            }
            Some(_) | None => alone(idle, self.hall()),
        }
    }

    /// The flag is saluted: nobody is given the word.
    pub(crate) fn is_solemn(&self) -> bool {
        self.phase == Phase::Open && self.scene() == Scene::Solemn
    }

    /// The other half of question, answer and rebuttal: whoever the speaker speaks with.
    fn counterpart(&self, turn: &Turn) -> Option<EndpointId> {
        let with = |kinds: &[RequestKind]| {
            self.turns_so_far()
                .rev()
                .find(|other| other.id != turn.id && other.item == turn.item && kinds.contains(&other.kind))
                .and_then(|other| self.room_of(&other.person))
        };
        match turn.kind {
            RequestKind::Question => {
                let answerer = self
                    .answerer
                    .as_ref()
                    .filter(|_| Some(&turn.item) == self.item.as_ref());
                answerer
                    .and_then(|person| self.room_of(person))
                    .or_else(|| with(&[RequestKind::Answer]))
            }
            RequestKind::Answer => with(&[RequestKind::Question, RequestKind::Rebuttal]),
            RequestKind::Rebuttal => with(&[RequestKind::Answer, RequestKind::Speech, RequestKind::Rebuttal]),
            RequestKind::PointOfOrder
            | RequestKind::Speech
            | RequestKind::Continuation
            | RequestKind::Paper
            | RequestKind::Report
            | RequestKind::Directive
            | RequestKind::Conclusion => None,
        }
    }

    /// The room where the presiding chair sits.
    #[must_use]
    pub fn chair_room(&self) -> Option<EndpointId> {
        self.room_of(&self.presiding)
            .or_else(|| self.first_room(self.seat(&self.presiding)?))
    }

    /// The hall's room: the one that is up, else the first.
    #[must_use]
    pub fn hall(&self) -> Option<EndpointId> {
        let halls = || {
            self.setup
                .sites
                .iter()
                .filter(|(_, site)| site.kind == SiteKind::Hall)
                .map(|(id, _)| id)
        };
        halls()
            .flat_map(|site| self.rooms_of_site(site))
            .find(|room| self.line_up(room))
            .cloned()
            .or_else(|| halls().find_map(|site| self.first_room(site)))
    }

    pub(crate) fn first_room(&self, site: &SiteId) -> Option<EndpointId> {
        self.rooms_of_site(site).next().cloned()
    }

    /// Whose name is being called, and the room where they sit.
    #[must_use]
    pub fn called(&self) -> Option<&PersonId> {
        self.roll.as_ref().and_then(|roll| roll.calling())
    }

    fn called_room(&self) -> Option<EndpointId> {
        self.room_of(self.called()?)
    }
}

fn is_live(turn: &Turn) -> bool {
    if turn.cut {
        return false;
    }
    match turn.paused() {
        None | Some(PauseReason::Restart | PauseReason::Technical) => true,
        Some(PauseReason::PointOfOrder | PauseReason::LineLost | PauseReason::Suspended) => false,
    }
}
