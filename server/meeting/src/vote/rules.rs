//! The rules of voting in force: label sets, thresholds, times. Every one is a default that a council changes in its file.

use crate::id::ChoiceId;
use crate::vote::content::{Choice, Threshold};
use serde::{Deserialize, Serialize};

/// A set of choices that a vote can take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ChoiceSet {
    /// As it is listed.
    pub name: String,
    /// The choices, in order.
    pub choices: Vec<Choice>,
}

/// The rules of voting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct VoteRules {
    /// Label sets, the usual one first.
    pub choices: Vec<ChoiceSet>,
    /// Thresholds on the legal total, the usual one first.
    pub thresholds: Vec<Threshold>,
    /// How long a vote is open, seconds (10 to 3600).
    pub duration_s: u32,
    /// What an extension adds, seconds (5 to 600).
    pub extend_s: u32,
    /// How long a pause should last at most, seconds (30 to 900).
    pub pause_s: u32,
    /// How long ballots may be checked before the announcement, seconds; 0 = not at all.
    pub check_s: u32,
    /// A ballot may be changed until the close; the last one counts.
    pub may_change: bool,
    /// The decision by which votes are open ones, as it is proposed to the secretary.
    pub decision: String,
}

impl Default for VoteRules {
    fn default() -> Self {
        let choice = |id: &str, label: &str, in_favour| Choice {
            id: ChoiceId::from(id),
            label: label.to_owned(),
            in_favour,
        };
        let threshold = |name: &str, of, out_of, above| Threshold {
            name: name.to_owned(),
            of,
            out_of,
            above,
        };
        Self {
            choices: vec![
                ChoiceSet {
                    name: "Tán thành / Không tán thành / Không biểu quyết".to_owned(),
                    choices: vec![
                        choice("for", "Tán thành", true),
                        choice("against", "Không tán thành", false),
                        choice("abstain", "Không biểu quyết", false),
                    ],
                },
                ChoiceSet {
                    name: "Đồng ý / Không đồng ý".to_owned(),
                    choices: vec![choice("for", "Đồng ý", true), choice("against", "Không đồng ý", false)],
                },
            ],
            thresholds: vec![
                threshold("Quá nửa tổng số đại biểu", 1, 2, true),
                threshold("Ít nhất hai phần ba tổng số đại biểu", 2, 3, false),
            ],
            duration_s: 60,
            extend_s: 30,
            pause_s: 300,
            check_s: 30,
            may_change: true,
            decision: "Hội đồng nhân dân quyết định biểu quyết công khai".to_owned(),
        }
    }
}

impl VoteRules {
    /// The first rule that is out of range, by its name in the file.
    pub(crate) fn out_of_range(&self) -> Option<&'static str> {
        let set = |set: &ChoiceSet| {
            let in_favour = set.choices.iter().filter(|choice| choice.in_favour).count();
            (2..=9).contains(&set.choices.len()) && (1..set.choices.len()).contains(&in_favour)
        };
        let share = |threshold: &Threshold| {
            let Threshold { of, out_of, above, .. } = *threshold;
            of > 0 && out_of > 0 && (of < out_of || (of == out_of && !above))
        };
        [
            ("vote.choices", !self.choices.is_empty() && self.choices.iter().all(set)),
            (
                "vote.thresholds",
                !self.thresholds.is_empty() && self.thresholds.iter().all(share),
            ),
            ("vote.duration_s", (10..=3600).contains(&self.duration_s)),
            ("vote.extend_s", (5..=600).contains(&self.extend_s)),
            ("vote.pause_s", (30..=900).contains(&self.pause_s)),
            ("vote.check_s", self.check_s <= 600),
        ]
        .into_iter()
        .find_map(|(name, holds)| (!holds).then_some(name))
    }
}
