//! From marks to shares of the legal total, and to what follows. Whole numbers only.

use crate::confidence::rules::ConfidenceRules;
use crate::id::{ChoiceId, LineId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The result for one person; in the order of the list, never by rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// For whom.
    pub line: LineId,
    /// How often each level was marked.
    pub marks: BTreeMap<ChoiceId, u32>,
    /// Share of each level of the legal total, in hundredths of a per cent, rounded.
    pub shares: BTreeMap<ChoiceId, u32>,
    /// What follows, in the words of the rules; empty = nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub consequence: String,
}

/// A share of the legal total in hundredths of a per cent, rounded half up: 21 of 47 is 4468.
#[must_use]
pub fn share(votes: u32, total: u32) -> u32 {
    let total = u64::from(total.max(1));
    let hundredths = (u64::from(votes) * 20_000 + total) / (2 * total);
    u32::try_from(hundredths).unwrap_or(u32::MAX)
}

/// The result for one person, on the legal total.
pub(crate) fn outcome(line: &LineId, marks: BTreeMap<ChoiceId, u32>, total: u32, rules: &ConfidenceRules) -> Outcome {
    let low = rules.levels.iter().filter(|level| level.low);
    let low: u32 = low.filter_map(|level| marks.get(&level.id)).sum();
    let follows = rules
        .consequences
        .iter()
        .filter(|one| low >= one.threshold.needed(total))
        .max_by_key(|one| one.threshold.needed(total));
    Outcome {
        line: line.clone(),
        shares: marks
            .iter()
            .map(|(level, votes)| (level.clone(), share(*votes, total)))
            .collect(),
        marks,
        consequence: follows.map_or_else(String::new, |one| one.then.clone()),
    }
}
