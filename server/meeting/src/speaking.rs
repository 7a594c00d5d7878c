//! The turn that has the floor: its clock, its pauses, its end, and taking the end back (PRODUCT 3.3.4, 3.3.6).

use crate::event::{ClockStart, Event, PauseReason, TurnEnd};
use crate::id::{EndpointId, PersonId, Time, TurnId};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::rights::Capacity;
use crate::setup::RequestKind;
use crate::sitting::Phase;
use crate::turn::{Clock, Hold, PastTurn, Turn};

impl Meeting {
    pub(crate) fn start_clock(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        let turn = self.turn.as_ref().ok_or(Refusal::NoTurn)?;
        match turn.clock {
            Clock::Invited { .. } => Ok(vec![Event::ClockStarted {
                turn: turn.id.clone(),
                at: now,
                how: ClockStart::Hand,
            }]),
            Clock::Running { .. } | Clock::Paused { .. } => Err(Refusal::TurnState),
        }
    }

    /// Tạm dừng (sự cố kỹ thuật).
    pub(crate) fn pause_turn(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        let turn = self.turn.as_ref().ok_or(Refusal::NoTurn)?;
        match turn.clock {
            Clock::Invited { .. } | Clock::Running { .. } => Ok(vec![pause(turn, PauseReason::Technical, now)]),
            Clock::Paused { .. } => Err(Refusal::TurnState),
        }
    }

    /// Tiếp tục: the paused turn goes on, by another camera of its site if its own is away. One that is heard by telephone
    /// goes back to the camera as soon as there is one.
    pub(crate) fn continue_turn(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        let turn = self.turn.as_ref().ok_or(Refusal::NoTurn)?;
        let (by_phone, camera) = (self.by_phone(turn), self.room_of(&turn.person));
        if turn.paused().is_none() && !(by_phone && camera.is_some()) {
            return Err(Refusal::TurnState);
        }
        let as_before = self.line_up(&turn.endpoint).then(|| turn.endpoint.clone());
        let endpoint = if by_phone {
            camera.or(as_before)
        } else {
            as_before.or(camera)
        };
        Ok(vec![continued(turn, endpoint.ok_or(Refusal::RoomOffline)?, now)])
    }

    /// Nghe qua điện thoại: a turn that is paused goes on with the voice coming by telephone.
    pub(crate) fn continue_by_phone(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        let turn = self.turn.as_ref().ok_or(Refusal::NoTurn)?;
        if turn.paused().is_none() {
            return Err(Refusal::TurnState);
        }
        let endpoint = self.phone_room().ok_or(Refusal::RoomOffline)?;
        Ok(vec![continued(turn, endpoint, now)])
    }

    pub(crate) fn extend(&self, minutes: u32) -> Result<Vec<Event>, Refusal> {
        let turn = self.turn.as_ref().ok_or(Refusal::NoTurn)?;
        if !(1..=10).contains(&minutes) {
            return Err(Refusal::OutOfRange);
        }
        if turn.limit_ms.is_none() {
            return Err(Refusal::TurnState);
        }
        Ok(vec![Event::Extended {
            turn: turn.id.clone(),
            minutes,
        }])
    }

    pub(crate) fn ask_extension(&self) -> Result<Vec<Event>, Refusal> {
        let turn = self.turn.as_ref().ok_or(Refusal::NoTurn)?;
        if turn.limit_ms.is_none() {
            return Err(Refusal::TurnState);
        }
        if turn.asks_extension {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::ExtensionAsked { turn: turn.id.clone() }])
    }

    pub(crate) fn end_turn(&self, capacity: Capacity, by: &PersonId, now: Time) -> Result<Vec<Event>, Refusal> {
        let turn = self.turn.as_ref().ok_or(Refusal::NoTurn)?;
        let how = if turn.person == *by {
            TurnEnd::Speaker
        } else if capacity == Capacity::Presiding {
            TurnEnd::Chair
        } else {
            TurnEnd::Secretary
        };
        Ok(self.end_turn_events(&turn.id, how, now))
    }

    /// The turn ends; one beneath it comes back paused, and the floor is held from now on if its room is away.
    pub(crate) fn end_turn_events(&self, id: &TurnId, how: TurnEnd, now: Time) -> Vec<Event> {
        let mut events = vec![Event::TurnEnded {
            turn: id.clone(),
            at: now,
            how,
        }];
        if let Some(beneath) = &self.interrupted
            && self.phase == Phase::Open
            && !self.line_up(&beneath.endpoint)
        {
            events.push(self.hold(beneath, now, now, false));
        }
        events
    }

    /// Cho nói tiếp: an end can be undone for some seconds (PRODUCT 3.3.2, P7).
    pub(crate) fn undo_end(&self, id: &TurnId, now: Time) -> Result<Vec<Event>, Refusal> {
        let known = self.past.iter().any(|past| past.turn.id == *id);
        let past = self.past.last().filter(|past| past.turn.id == *id).ok_or(match known {
            true => Refusal::UndoExpired,
            false => Refusal::Unknown,
        })?;
        if !self.undo_open(past, now) {
            return Err(Refusal::UndoExpired);
        }
        let interrupts = match &self.turn {
            None => None,
            Some(turn)
                if past.turn.kind == RequestKind::PointOfOrder
                    && turn.kind != RequestKind::PointOfOrder
                    && turn.paused().is_some() =>
            {
                Some(turn.id.clone())
            }
            Some(_) => return Err(Refusal::FloorTaken),
        };
        if self.item.as_ref() != Some(&past.turn.item) {
            return Err(Refusal::NoItem);
        }
        if past.how == TurnEnd::Held {
            // Its request waits already, with the time left.
            return Err(Refusal::TurnState);
        }
        let endpoint = if self.line_up(&past.turn.endpoint) {
            past.turn.endpoint.clone()
        } else {
            self.room_of(&past.turn.person).ok_or(Refusal::RoomOffline)?
        };
        Ok(vec![Event::TurnReopened {
            turn: id.clone(),
            request: past.turn.request.clone(),
            endpoint,
            limit_ms: past.turn.limit_ms,
            interrupts,
        }])
    }

    pub(crate) fn undo_open(&self, past: &PastTurn, now: Time) -> bool {
        now.since(past.ended_at) <= self.setup.rules.undo_end_s.saturating_mul(1000)
    }

    pub(crate) fn remind(&self) -> Result<Vec<Event>, Refusal> {
        let turn = self.turn.as_ref().ok_or(Refusal::NoTurn)?;
        Ok(vec![Event::Reminded { turn: turn.id.clone() }])
    }

    /// The pause of a turn whose room is away, with the floor held for it.
    pub(crate) fn hold(&self, turn: &Turn, lost_at: Time, now: Time, resumes: bool) -> Event {
        Event::TurnPaused {
            turn: turn.id.clone(),
            reason: PauseReason::LineLost,
            at: lost_at,
            hold_until: Some(now.plus_seconds(self.setup.rules.floor_hold_s)),
            resumes,
        }
    }

    pub(crate) fn turn_mut(&mut self, id: &TurnId) -> Option<&mut Turn> {
        self.turn
            .iter_mut()
            .chain(&mut self.interrupted)
            .find(|turn| turn.id == *id)
    }

    pub(crate) fn apply_turn_paused(
        &mut self,
        id: &TurnId,
        reason: PauseReason,
        at: Time,
        hold_until: Option<Time>,
        resumes: bool,
    ) {
        let hold = hold_until.map(|until| Hold {
            lost_at: at,
            until,
            over: false,
            back_at: None,
            resumes,
        });
        if let Some(turn) = self.turn_mut(id) {
            turn.pause(reason, at, hold);
        }
    }
}

fn continued(turn: &Turn, endpoint: EndpointId, at: Time) -> Event {
    Event::TurnContinued {
        turn: turn.id.clone(),
        endpoint,
        at,
    }
}

/// A pause of a turn that runs, or is about to.
pub(crate) fn pause(turn: &Turn, reason: PauseReason, now: Time) -> Event {
    Event::TurnPaused {
        turn: turn.id.clone(),
        reason,
        at: now,
        hold_until: None,
        resumes: false,
    }
}
