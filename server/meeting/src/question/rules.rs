//! The rules of questioning in force. Every one is a default that a council changes in its file.

use crate::id::Time;
use serde::{Deserialize, Serialize};

/// The rules of questioning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct QuestionRules {
    /// So many askers, then an answer: what is proposed to the chair (1 to 20).
    pub block: u32,
    /// Days until an answer in writing is due.
    pub due_days: u32,
    /// … in a complex matter.
    pub complex_days: u32,
    /// Delegates see the questions of all, not only their own.
    pub visible: bool,
}

impl Default for QuestionRules {
    fn default() -> Self {
        Self {
            block: 3,
            due_days: 15,
            complex_days: 30,
            visible: true,
        }
    }
}

impl QuestionRules {
    /// The first rule that is out of range, by its name in the file.
    pub(crate) fn out_of_range(&self) -> Option<&'static str> {
        [
            ("question.block", (1..=20).contains(&self.block)),
            ("question.due_days", (1..=365).contains(&self.due_days)),
            (
                "question.complex_days",
                (self.due_days..=365).contains(&self.complex_days),
            ),
        ]
        .into_iter()
        .find_map(|(name, holds)| (!holds).then_some(name))
    }

    /// Until when an answer in writing is due.
    pub(crate) fn due(&self, complex: bool, now: Time) -> Time {
        const DAY_S: u32 = 86_400;
        let days = if complex { self.complex_days } else { self.due_days };
        now.plus_seconds(days.saturating_mul(DAY_S))
    }
}
