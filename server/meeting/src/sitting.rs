//! The states of a sitting and what each step needs (PRODUCT 3.0).
//!
//! Every step is an act of the presiding chair, or of those who prepare; none is brought about by a clock or a lost line (P4).

use crate::event::{Event, PauseReason, TurnEnd};
use crate::id::Time;
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Where a sitting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Chuẩn bị.
    Preparing,
    /// Kiểm tra kỹ thuật.
    TechnicalCheck,
    /// Phòng chờ.
    Lobby,
    /// Đang họp.
    Open,
    /// Tạm nghỉ.
    Suspended,
    /// Bế mạc.
    Closed,
}

impl Meeting {
    pub(crate) fn in_phase(&self, allowed: &[Phase]) -> Result<(), Refusal> {
        if allowed.contains(&self.phase) {
            Ok(())
        } else {
            Err(Refusal::WrongPhase)
        }
    }

    pub(crate) fn start_technical_check(&self) -> Result<Vec<Event>, Refusal> {
        if self.phase == Phase::Preparing {
            Ok(vec![Event::TechnicalCheckStarted])
        } else {
            Err(Refusal::WrongOrder)
        }
    }

    pub(crate) fn open_lobby(&self) -> Result<Vec<Event>, Refusal> {
        if self.phase == Phase::TechnicalCheck {
            Ok(vec![Event::LobbyOpened])
        } else {
            Err(Refusal::WrongOrder)
        }
    }

    /// Khai mạc: chair and a secretary online, recorded or knowingly not, attendance taken, quorum or a typed reason.
    pub(crate) fn open_sitting(&self, unrecorded: bool, override_quorum: &str) -> Result<Vec<Event>, Refusal> {
        if !self.presiding_online() {
            return Err(Refusal::ChairOffline);
        }
        if !self.secretary_online() {
            return Err(Refusal::NoSecretary);
        }
        if !self.recording && !unrecorded {
            return Err(Refusal::NotRecorded);
        }
        if self.snapshots.is_empty() {
            return Err(Refusal::NoRoll);
        }
        let quorum = self.quorum();
        let reason = override_quorum.trim();
        if !quorum.met() && reason.is_empty() {
            return Err(Refusal::NoQuorum {
                present: quorum.present,
                needed: quorum.needed,
            });
        }
        Ok(vec![Event::SittingOpened {
            unrecorded: !self.recording,
            present: quorum.present,
            needed: quorum.needed,
            override_quorum: if quorum.met() { String::new() } else { reason.to_owned() },
        }])
    }

    /// Tạm nghỉ. The running turn is paused, not ended.
    pub(crate) fn suspend(&self, resume_at: Option<Time>, now: Time) -> Result<Vec<Event>, Refusal> {
        self.no_vote_under_way()?;
        if resume_at.is_some_and(|at| at <= now) {
            return Err(Refusal::OutOfRange);
        }
        let mut events = vec![Event::SittingSuspended { resume_at }];
        if let Some(turn) = &self.turn {
            events.push(Event::TurnPaused {
                turn: turn.id.clone(),
                reason: PauseReason::Suspended,
                at: now,
                hold_until: None,
                resumes: false,
            });
        }
        Ok(events)
    }

    /// Tiếp tục. A paused turn waits for the chair; one whose room is away is held from now on.
    pub(crate) fn resume(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        let mut events = vec![Event::SittingResumed];
        if let Some(turn) = &self.turn
            && !self.line_up(&turn.endpoint)
        {
            events.push(self.hold(turn, now, now, false));
        }
        Ok(events)
    }

    /// Bế mạc. Items, requests and roll calls must have been dealt with; a turn still open ends here.
    pub(crate) fn close_sitting(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        if self.item.is_some() {
            return Err(Refusal::ItemOpen);
        }
        self.no_vote_under_way()?;
        self.no_confidence_under_way()?;
        if self.roll.is_some() {
            return Err(Refusal::RollOpen);
        }
        let left = self.unserved().len();
        if left > 0 {
            return Err(Refusal::QueueNotEmpty {
                left: u32::try_from(left).unwrap_or(u32::MAX),
            });
        }
        let mut events: Vec<Event> = self
            .turn
            .iter()
            .chain(&self.interrupted)
            .map(|turn| end(turn, now))
            .collect();
        events.extend(self.announced_votes_lock());
        events.push(Event::SittingClosed);
        Ok(events)
    }

    pub(crate) fn set_total(&self, total: u32, reason: &str) -> Result<Vec<Event>, Refusal> {
        if total == 0 {
            return Err(Refusal::OutOfRange);
        }
        if total == self.setup.rules.total {
            return Err(Refusal::NoChange);
        }
        let reason = given(reason)?;
        Ok(vec![Event::TotalChanged {
            from: self.setup.rules.total,
            to: total,
            reason,
        }])
    }

    pub(crate) fn enter(&mut self, phase: Phase, at: Time) {
        self.phase = phase;
        self.phase_since = at;
        self.resume_at = None;
        // A microphone opened by hand belongs to the state in which it was opened: nobody is left on the air by mistake.
        self.open_microphones.clear();
        self.silence = None;
        self.arranged = None;
    }
}

fn end(turn: &crate::turn::Turn, now: Time) -> Event {
    Event::TurnEnded {
        turn: turn.id.clone(),
        at: now,
        how: TurnEnd::Closed,
    }
}

/// The longest reason or subject that is kept, in characters.
const LONGEST_REASON: usize = 1000;

/// A compulsory reason, trimmed.
pub(crate) fn given(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(Refusal::OutOfRange);
    }
    Ok(reason.to_owned())
}
