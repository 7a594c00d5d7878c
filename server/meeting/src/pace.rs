//! Whether a sitting is late or early against its agenda (PRODUCT 3.9; FEATURES 2.7).
//!
//! Derived from when items were open; nothing here is stored, nobody is hurried by it. An item that was left out of its order
//! shifts nothing: what counts is how much of the plan is behind us.

use crate::id::{ItemId, Time};
use crate::meeting::Meeting;
use crate::sitting::Phase;
use std::collections::BTreeMap;

/// How late a sitting is, as a clock that a screen can run by itself: `late_ms`, and from `grows_from` on as much more as has passed
/// since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Milliseconds behind the plan; negative = ahead of it.
    pub late_ms: i64,
    /// From when it grows with the clock: the planned end of the open item, or the end of the last one.
    pub grows_from: Time,
}

impl Meeting {
    /// When each item is planned to begin; empty before there is anything to count from.
    #[must_use]
    pub fn planned_at(&self) -> BTreeMap<ItemId, Time> {
        let Some(mut at) = self.plan_begins() else {
            return BTreeMap::new();
        };
        let mut items: Vec<_> = self.setup.agenda.iter().collect();
        items.sort_by_key(|(id, item)| (item.order, *id));
        items
            .into_iter()
            .map(|(id, item)| {
                let begins = at;
                at = Time(at.0.saturating_add(length_ms(item.minutes)));
                (id.clone(), begins)
            })
            .collect()
    }

    /// How late the sitting is; none before it opens, and after its last item or its end.
    #[must_use]
    pub fn pace(&self) -> Option<Pace> {
        match self.phase {
            Phase::Open | Phase::Suspended => {}
            Phase::Preparing | Phase::TechnicalCheck | Phase::Lobby | Phase::Closed => return None,
        }
        let begins = self.plan_begins()?;
        let behind_us = |id: &ItemId| self.items.get(id).is_some_and(|times| times.closed_at.is_some());
        let mut done_ms: u64 = self
            .setup
            .agenda
            .iter()
            .filter(|(id, _)| behind_us(id))
            .map(|(_, item)| length_ms(item.minutes))
            .sum();
        let (from, grows_from) = match (&self.item, self.open_agenda_item()) {
            (Some(id), Some(item)) => {
                let since = self.item_since.unwrap_or(begins);
                // What was open before has used up its time.
                let before = self.items.get(id).is_some_and(|times| times.opened_at != since);
                let planned_ms = length_ms(item.minutes);
                let grows_from = if before {
                    since
                } else {
                    Time(since.0.saturating_add(planned_ms))
                };
                done_ms += if before { planned_ms } else { 0 };
                (since, grows_from)
            }
            (Some(_) | None, _) => {
                if self.setup.agenda.keys().all(behind_us) {
                    return None;
                }
                let last = self.items.values().filter_map(|times| times.closed_at).max();
                let since = last.or(self.opened_at)?;
                (since, since)
            }
        };
        let ms = |time: Time| i64::try_from(time.0).unwrap_or(i64::MAX);
        let late_ms = ms(from) - ms(begins) - i64::try_from(done_ms).unwrap_or(i64::MAX);
        Some(Pace { late_ms, grows_from })
    }

    /// From when the plan is counted: the hour of the invitation, else when the sitting was opened.
    fn plan_begins(&self) -> Option<Time> {
        self.setup.starts_at.or(self.opened_at)
    }
}

fn length_ms(minutes: u32) -> u64 {
    u64::from(minutes) * 60_000
}
