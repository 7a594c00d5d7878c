//! What the clock brings about, and when. The hub asks, journals the answer as the system's entry and asks again.
//!
//! Nothing here is a legal act (PRODUCT 3.0 P4): clocks start, windows and notices end, microphones are cut where the
//! rules say so. Who has the floor and who is present is left alone.
//!
//! After a restart the hub reports it (`ReportRestart`) before it asks what is due, or the time it was away would count.

use crate::event::{ClockStart, Event};
use crate::id::Time;
use crate::meeting::Meeting;
use crate::roll::RollPhase;
use crate::sitting::Phase;
use crate::turn::Clock;

impl Meeting {
    /// What is due at `now`, oldest first. Empty when nothing is; ask again after it was applied.
    #[must_use]
    pub fn due(&self, now: Time) -> Vec<Event> {
        let mut due: Vec<(Time, Vec<Event>)> = self
            .deadlines()
            .filter(|(at, _)| *at <= now)
            .map(|(at, what)| (at, self.bring_about(what, at, now)))
            .collect();
        due.sort_by_key(|(at, _)| *at);
        due.into_iter().flat_map(|(_, events)| events).collect()
    }

    /// When to ask next; `None` = nothing is under way.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        self.deadlines().map(|(at, _)| at).min()
    }

    fn deadlines(&self) -> impl Iterator<Item = (Time, Deadline)> {
        let clock_start = self
            .turn
            .as_ref()
            .filter(|_| self.phase == Phase::Open)
            .and_then(|turn| match turn.clock {
                Clock::Invited { starts_at } => Some((starts_at, Deadline::ClockStart)),
                Clock::Running { .. } | Clock::Paused { .. } => None,
            });
        let hold = self
            .turn
            .as_ref()
            .and_then(|turn| turn.hold())
            .filter(|hold| !hold.over && hold.back_at.is_none())
            .map(|hold| (hold.until, Deadline::Hold));
        let grace_s = self.setup.rules.cut_after_s;
        let cut = self
            .turn
            .as_ref()
            .filter(|turn| grace_s > 0 && !turn.cut && turn.may_be_cut())
            .and_then(|turn| turn.deadline())
            .map(|deadline| (deadline.plus_seconds(grace_s), Deadline::Cut));
        // A list that closes takes its window with it.
        let window = match (self.list.window_until, self.list.closes_at) {
            (Some(window), Some(close)) if close <= window => None,
            (window, Some(_) | None) => window.map(|at| (at, Deadline::Window)),
        };
        let close = self.list.closes_at.map(|at| (at, Deadline::ListClose));
        let roll = self
            .roll
            .as_ref()
            .filter(|roll| roll.phase == RollPhase::Electronic)
            .map(|roll| (roll.until, Deadline::Roll));
        let awaited = self.awaited_until.map(|at| (at, Deadline::Awaited));
        let claim = self
            .chair_away_since()
            .filter(|_| !self.claim_open && matches!(self.phase, Phase::Lobby | Phase::Open | Phase::Suspended))
            .map(|away| (away.plus_seconds(self.setup.rules.chair_claim_s), Deadline::Claim));
        let stage = self
            .arranged
            .as_ref()
            .and_then(|arranged| arranged.until)
            .map(|at| (at, Deadline::Stage));
        [clock_start, hold, cut, window, close, roll, awaited, claim, stage]
            .into_iter()
            .flatten()
    }

    fn bring_about(&self, what: Deadline, at: Time, now: Time) -> Vec<Event> {
        let turn = self.turn.as_ref().map(|turn| turn.id.clone());
        match what {
            Deadline::ClockStart => turn
                .map(|turn| Event::ClockStarted {
                    turn,
                    at,
                    how: ClockStart::Delay,
                })
                .into_iter()
                .collect(),
            Deadline::Hold => turn.map(|turn| Event::HoldEnded { turn }).into_iter().collect(),
            Deadline::Cut => turn.map(|turn| Event::MicrophoneCut { turn }).into_iter().collect(),
            Deadline::Window => vec![self.close_window()],
            // A window that is over by now was closed just before.
            Deadline::ListClose if self.list.window_until.is_some_and(|window| window < at) => {
                vec![Event::ListClosed { at }]
            }
            Deadline::ListClose => self.list_closes(at),
            Deadline::Roll => vec![Event::ElectronicEnded],
            Deadline::Awaited => {
                let missing = self.missing_after_restart(now);
                [Event::ReturnsOver].into_iter().chain(missing).collect()
            }
            Deadline::Claim => vec![Event::ClaimOpened],
            Deadline::Stage => vec![Event::StageReleased],
        }
    }
}

/// What can be due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deadline {
    ClockStart,
    Hold,
    Cut,
    Window,
    ListClose,
    Roll,
    Awaited,
    Claim,
    Stage,
}
