//! The rules of ballots on paper: every one is a default that a council changes in its file (PRODUCT 3.6, 6).

use serde::{Deserialize, Serialize};

/// The rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct PaperRules {
    /// Members of the counting board, at least (2 to 50).
    pub board: u32,
    /// Members of the board that sit at each box outside the hall, at least (2 to 10).
    pub at_box: u32,
    /// A secret ballot: a box of fewer voters is not counted by itself (1 to 50).
    pub fewest: u32,
    /// A line with two marks, or none, spoils that line alone and not the whole ballot.
    pub spoilt_alone: bool,
}

impl Default for PaperRules {
    fn default() -> Self {
        Self {
            board: 3,
            at_box: 2,
            fewest: 5,
            spoilt_alone: true,
        }
    }
}

impl PaperRules {
    /// The first rule that is out of range, by its name in the file.
    pub(crate) fn out_of_range(&self) -> Option<&'static str> {
        [
            // Two enter each count.
            ("paper.board", (2..=50).contains(&self.board)),
            ("paper.at_box", (2..=10).contains(&self.at_box)),
            ("paper.fewest", (1..=50).contains(&self.fewest)),
        ]
        .into_iter()
        .find_map(|(name, holds)| (!holds).then_some(name))
    }
}
