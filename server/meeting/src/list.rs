//! The list of speakers as a whole: open, closing with notice, closed (PRODUCT 3.3.3 no. 2 and 5).

use crate::event::Event;
use crate::id::Time;
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::setup::TieBreak;

/// State of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Registration is open (also during the notice before it closes).
    pub open: bool,
    /// Until when requests count as simultaneous.
    pub window_until: Option<Time>,
    /// When the announced close takes effect.
    pub closes_at: Option<Time>,
    /// When it was closed last.
    pub closed_at: Option<Time>,
    /// How simultaneous requests are put in order.
    pub tie_break: TieBreak,
    /// Seed of a random order.
    pub seed: Option<u64>,
}

impl List {
    pub(crate) fn closed(tie_break: TieBreak) -> Self {
        Self {
            open: false,
            window_until: None,
            closes_at: None,
            closed_at: None,
            tie_break,
            seed: None,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open
    }
}

impl Meeting {
    /// Mở đăng ký, with a window in which all requests count as simultaneous.
    pub(crate) fn open_list(&self, now: Time, seed: u64) -> Result<Vec<Event>, Refusal> {
        if self.item.is_none() {
            return Err(Refusal::NoItem);
        }
        if self.list.is_open() {
            return Err(Refusal::NoChange);
        }
        let rules = &self.setup.rules;
        Ok(vec![Event::ListOpened {
            window_until: (rules.window_s > 0).then(|| now.plus_seconds(rules.window_s)),
            tie_break: rules.tie_break,
            // In text: a seed of 64 bits does not fit the numbers of every reader of a journal.
            seed: (rules.window_s > 0 && rules.tie_break == TieBreak::Random).then(|| format!("{seed:016x}")),
        }])
    }

    /// Đóng đăng ký: announced first, so that nobody is shut out by a second.
    pub(crate) fn close_list(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        if !self.list.is_open() {
            return Err(Refusal::ListClosed);
        }
        if self.list.closes_at.is_some() {
            return Err(Refusal::NoChange);
        }
        let notice = self.setup.rules.closing_notice_s;
        if notice > 0 {
            return Ok(vec![Event::ListClosing {
                closes_at: now.plus_seconds(notice),
            }]);
        }
        Ok(self.list_closes(now))
    }

    pub(crate) fn keep_list_open(&self) -> Result<Vec<Event>, Refusal> {
        if self.list.closes_at.is_some() {
            Ok(vec![Event::ListKeptOpen])
        } else {
            Err(Refusal::NoChange)
        }
    }

    /// The close itself; a window that still runs ends with it.
    pub(crate) fn list_closes(&self, at: Time) -> Vec<Event> {
        let window = self.list.window_until.is_some().then(|| self.close_window());
        window.into_iter().chain([Event::ListClosed { at }]).collect()
    }

    pub(crate) fn apply_list_closed(&mut self, at: Time) {
        self.list.open = false;
        self.list.closes_at = None;
        self.list.window_until = None;
        self.list.closed_at = Some(at);
    }
}
