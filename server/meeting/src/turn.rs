//! A turn at the microphone and its clock (PRODUCT 3.3.4): a limit, time spent, and one of three states.
//!
//! Nothing ticks here. A running clock is the moment it started; what is left follows from the server's time.

use crate::command::OutOfOrder;
use crate::event::{Grant, PauseReason, TurnEnd};
use crate::id::{EndpointId, ItemId, PersonId, RequestId, SiteId, Time, TurnId};
use crate::setup::RequestKind;

/// The floor held for a room whose line is lost (PRODUCT 3.3.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The last moment the room was heard of.
    pub lost_at: Time,
    /// Until when the floor is held.
    pub until: Time,
    /// The hold is over: the chair must choose.
    pub over: bool,
    /// Since when the room is back, muted, waiting for the chair's tap.
    pub back_at: Option<Time>,
    /// A short outage resumes by itself.
    pub resumes: bool,
}

/// State of a turn's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clock {
    /// Invited; the clock starts by voice, by hand or at this moment.
    Invited {
        /// When it starts by itself.
        starts_at: Time,
    },
    /// Running.
    Running {
        /// Since when.
        since: Time,
    },
    /// Paused.
    Paused {
        /// Why.
        reason: PauseReason,
        /// Since when.
        since: Time,
        /// The hold, if the line is lost.
        hold: Option<Hold>,
    },
}

/// A turn that has the floor, or had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Its id.
    pub id: TurnId,
    /// The request it serves.
    pub request: RequestId,
    /// Given outside the list.
    pub direct: bool,
    /// Who speaks.
    pub person: PersonId,
    /// From which site.
    pub site: SiteId,
    /// By which camera and microphone.
    pub endpoint: EndpointId,
    /// What for.
    pub kind: RequestKind,
    /// Subject; may be empty.
    pub subject: String,
    /// On which item.
    pub item: ItemId,
    /// When the floor was given.
    pub granted_at: Time,
    /// When the clock first ran.
    pub started_at: Option<Time>,
    /// Time allowed, extensions included, milliseconds; absent = no limit.
    pub limit_ms: Option<u32>,
    /// Time spent before the clock's present state, milliseconds.
    pub spent_ms: u32,
    /// Its clock.
    pub clock: Clock,
    /// Minutes added so far.
    pub extended_min: u32,
    /// The speaker asks for more time.
    pub asks_extension: bool,
    /// When the speaker was last reminded.
    pub reminded_at: Option<Time>,
    /// The microphone was cut after time and grace.
    pub cut: bool,
    /// Requests that were passed over for it.
    pub skipped: Vec<RequestId>,
    /// The chair's reason.
    pub out_of_order: Option<OutOfOrder>,
}

/// A finished turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastTurn {
    /// The turn as it stood.
    pub turn: Turn,
    /// When it ended.
    pub ended_at: Time,
    /// How.
    pub how: TurnEnd,
}

impl Turn {
    pub(crate) fn granted(grant: &Grant, subject: String, direct: bool, at: Time) -> Self {
        Self {
            id: grant.turn.clone(),
            request: grant.request.clone(),
            direct,
            person: grant.person.clone(),
            site: grant.site.clone(),
            endpoint: grant.endpoint.clone(),
            kind: grant.kind,
            subject,
            item: grant.item.clone(),
            granted_at: at,
            started_at: None,
            limit_ms: grant.limit_ms,
            spent_ms: 0,
            clock: Clock::Invited {
                starts_at: grant.starts_at,
            },
            extended_min: 0,
            asks_extension: false,
            reminded_at: None,
            cut: false,
            skipped: grant.skipped.clone(),
            out_of_order: grant.out_of_order,
        }
    }

    /// Time on the clock at `now`, milliseconds.
    #[must_use]
    pub fn spoken_ms(&self, now: Time) -> u32 {
        match self.clock {
            Clock::Running { since } => self.spent_ms.saturating_add(now.since(since)),
            Clock::Invited { .. } | Clock::Paused { .. } => self.spent_ms,
        }
    }

    /// When the time allowed is over, if the clock runs and there is a limit.
    #[must_use]
    pub fn deadline(&self) -> Option<Time> {
        match (&self.clock, self.limit_ms) {
            (Clock::Running { since }, Some(limit)) => Some(Time(
                since
                    .0
                    .saturating_add(u64::from(limit))
                    .saturating_sub(u64::from(self.spent_ms)),
            )),
            (Clock::Running { .. }, None) | (Clock::Invited { .. } | Clock::Paused { .. }, _) => None,
        }
    }

    /// Time left of the limit when the turn is broken off, milliseconds; absent = no limit.
    #[must_use]
    pub fn left_ms(&self) -> Option<u32> {
        self.limit_ms.map(|limit| limit.saturating_sub(self.spent_ms))
    }

    /// Why it is paused, if it is.
    #[must_use]
    pub fn paused(&self) -> Option<PauseReason> {
        match self.clock {
            Clock::Paused { reason, .. } => Some(reason),
            Clock::Invited { .. } | Clock::Running { .. } => None,
        }
    }

    /// The hold for its lost room, if there is one.
    #[must_use]
    pub fn hold(&self) -> Option<&Hold> {
        match &self.clock {
            Clock::Paused { hold, .. } => hold.as_ref(),
            Clock::Invited { .. } | Clock::Running { .. } => None,
        }
    }

    /// Its room lost the line, and the chair has not yet let it go on.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.paused() == Some(PauseReason::LineLost)
    }

    pub(crate) fn start(&mut self, at: Time) {
        if matches!(self.clock, Clock::Running { .. }) {
            return;
        }
        self.started_at.get_or_insert(at);
        self.clock = Clock::Running { since: at };
    }

    /// Ends it: what is spent is spent. If it is ever taken up again, its clock starts at once.
    pub(crate) fn end(&mut self, at: Time) {
        self.spent_ms = self.spoken_ms(at);
        self.clock = Clock::Invited { starts_at: at };
    }

    /// Stops the clock at `at`, which may lie in the past: what came after the line was lost was not heard.
    pub(crate) fn pause(&mut self, reason: PauseReason, at: Time, hold: Option<Hold>) {
        self.spent_ms = self.spoken_ms(at);
        self.clock = Clock::Paused {
            reason,
            since: at,
            hold,
        };
    }

    /// More time; a microphone that was cut is open again.
    pub(crate) fn extend(&mut self, minutes: u32) {
        self.limit_ms = self
            .limit_ms
            .map(|limit| limit.saturating_add(minutes.saturating_mul(60_000)));
        self.extended_min = self.extended_min.saturating_add(minutes);
        self.asks_extension = false;
        self.cut = false;
    }

    pub(crate) fn hold_mut(&mut self) -> Option<&mut Hold> {
        match &mut self.clock {
            Clock::Paused { hold, .. } => hold.as_mut(),
            Clock::Invited { .. } | Clock::Running { .. } => None,
        }
    }

    /// Never cut, even where the rules cut: chỉ đạo, kết luận, trả lời (PRODUCT 3.3.4).
    pub(crate) fn may_be_cut(&self) -> bool {
        match self.kind {
            RequestKind::Directive | RequestKind::Conclusion | RequestKind::Answer => false,
            RequestKind::PointOfOrder
            | RequestKind::Rebuttal
            | RequestKind::Question
            | RequestKind::Speech
            | RequestKind::Continuation
            | RequestKind::Paper
            | RequestKind::Report => true,
        }
    }
}
