//! The hub's clock: the machine's time when the hub started, and from then on only forward. A wall clock that jumps during
//! a sitting (NTP, a hand) moves no timer; one that was set back while the hub was down cannot make a journal run backwards.

use meeting::id::Time;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Tells the time.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: Instant,
    at: u64,
}

impl Clock {
    /// A clock that starts at the machine's time, or at `not_before` if that is later.
    #[must_use]
    pub fn start(not_before: Time) -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis);
        if wall + 1000 < not_before.0 {
            tracing::warn!(
                behind_ms = not_before.0 - wall,
                "this machine's clock is behind the journal; the journal's time goes on"
            );
        }
        Self {
            started: Instant::now(),
            at: wall.max(not_before.0),
        }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Time {
        Time(self.at + millis(self.started.elapsed()))
    }

    /// When this moment was, or will be, for the runtime's timers.
    #[must_use]
    pub fn instant(&self, at: Time) -> Instant {
        self.started + Duration::from_millis(at.0.saturating_sub(self.at))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
