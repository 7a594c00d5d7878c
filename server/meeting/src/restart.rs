//! The hub was stopped and starts again: what ran is paused where it stood, and nobody is lost because of us
//! (PRODUCT 3.3.6).

use crate::event::{Event, PauseReason};
use crate::id::Time;
use crate::meeting::Meeting;
use crate::turn::Clock;

/// After a restart, rooms and devices have this long to return before they count as lost, seconds: the network baseline of
/// PRODUCT 3.0 (offline after 15 s without a heartbeat).
pub(crate) const RETURN_S: u32 = 15;

impl Meeting {
    /// The hub starts again: what ran is paused where it stood, and every line has some seconds to return. Nobody is
    /// counted as lost because of our own restart.
    pub(crate) fn report_restart(&self, last_alive: Time, now: Time) -> Vec<Event> {
        let last_alive = last_alive.min(now);
        let mut events = vec![Event::Restarted {
            last_alive,
            awaited_until: now.plus_seconds(RETURN_S),
        }];
        if let Some(turn) = &self.turn
            && matches!(turn.clock, Clock::Invited { .. } | Clock::Running { .. })
        {
            events.push(Event::TurnPaused {
                turn: turn.id.clone(),
                reason: PauseReason::Restart,
                at: last_alive,
                hold_until: None,
                resumes: false,
            });
        }
        events.extend(self.votes_wait(last_alive, now));
        events
    }

    /// Who has not come back in time after a restart.
    pub(crate) fn missing_after_restart(&self, now: Time) -> Vec<Event> {
        let endpoints = self.endpoints.iter().filter(|(_, line)| line.awaited && line.online);
        let people = self.people.iter().filter(|(_, line)| line.awaited && line.online);
        let since = self.restarted_at.unwrap_or(now);
        self.lost(
            &endpoints.map(|(id, _)| id.clone()).collect(),
            &people.map(|(id, _)| id.clone()).collect(),
            since,
            now,
        )
    }

    pub(crate) fn apply_restarted(&mut self, at: Time, last_alive: Time, awaited_until: Time) {
        self.restarted_at = Some(at);
        self.last_alive = Some(last_alive);
        self.watching.clear();
        let lines = self.people.values_mut().chain(self.endpoints.values_mut());
        let mut any = false;
        for line in lines.filter(|line| line.online) {
            line.awaited = true;
            any = true;
        }
        self.awaited_until = any.then_some(awaited_until);
    }
}
