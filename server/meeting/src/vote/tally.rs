//! From ballots and hands to a result. Whole numbers only; the threshold is a number of votes, never a percentage.

use crate::id::{ChoiceId, LineId};
use crate::vote::{Counts, Vote};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The result of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineResult {
    /// Which line; [`crate::vote::content::PLAIN`] in a plain vote.
    pub line: LineId,
    /// Votes for each choice.
    pub votes: BTreeMap<ChoiceId, u32>,
    /// Votes for choices in favour.
    pub in_favour: u32,
    /// Electors from whom nothing came: không tham gia biểu quyết. On a list also those who left this line blank.
    pub not_voting: u32,
    /// Votes in favour that were needed.
    pub needed: u32,
    /// Thông qua.
    pub carried: bool,
}

impl Vote {
    /// Votes for each line and choice at this moment: ballots by name, and hands of the bridge points.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = self.content.nothing_counted();
        let mut add = |line: &LineId, choice: &ChoiceId, votes: u32| {
            if let Some(count) = counts.get_mut(line).and_then(|line| line.get_mut(choice)) {
                *count = count.saturating_add(votes);
            }
        };
        for (line, choice) in self.ballots.values().flat_map(|ballot| &ballot.marks) {
            add(line, choice, 1);
        }
        for (line, choices) in self.hands.values().flat_map(|hands| &hands.counts) {
            for (choice, votes) in choices {
                add(line, choice, *votes);
            }
        }
        counts
    }

    /// The result as it stands: what the chair announces if nothing is corrected any more.
    #[must_use]
    pub fn tally(&self) -> Vec<LineResult> {
        let needed = self.opening.as_ref().map_or(0, |opening| opening.needed);
        let electors = u32::try_from(self.electors.len()).unwrap_or(u32::MAX);
        let mut counts = self.counts();
        self.content
            .ballot_lines()
            .into_iter()
            .map(|line| {
                let votes = counts.remove(&line).unwrap_or_default();
                let in_favour = votes
                    .iter()
                    .filter(|(choice, _)| self.content.is_in_favour(choice))
                    .map(|(_, votes)| votes)
                    .sum();
                let cast: u32 = votes.values().sum();
                LineResult {
                    line,
                    votes,
                    in_favour,
                    not_voting: electors.saturating_sub(cast),
                    needed,
                    carried: in_favour >= needed,
                }
            })
            .collect()
    }
}
