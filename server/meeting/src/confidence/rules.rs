//! The rules of confidence votes in force: every one is a default that a council changes in its file (PRODUCT 3.6, 6).

use crate::id::ChoiceId;
use crate::vote::content::Threshold;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A level of confidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "ConfidenceLevel"))]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its name for the machine.
    pub id: ChoiceId,
    /// As it stands on the ballot.
    pub label: String,
    /// Counts towards the consequences.
    pub low: bool,
}

/// What follows when so many have marked a low level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "ConfidenceConsequence"))]
#[serde(deny_unknown_fields)]
pub struct Consequence {
    /// How many of the legal total.
    pub threshold: Threshold,
    /// What follows, as it is announced.
    pub then: String,
}

/// The rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct ConfidenceRules {
    /// The levels, in the order of the ballot; two to five.
    pub levels: Vec<Level>,
    /// What follows; of those that are reached, the one with the highest threshold.
    pub consequences: Vec<Consequence>,
}

impl Default for ConfidenceRules {
    fn default() -> Self {
        let level = |id: &str, label: &str, low| Level {
            id: ChoiceId::from(id),
            label: label.to_owned(),
            low,
        };
        let consequence = |name: &str, of, out_of, above, then: &str| Consequence {
            threshold: Threshold {
                name: name.to_owned(),
                of,
                out_of,
                above,
            },
            then: then.to_owned(),
        };
        Self {
            levels: vec![
                level("high", "Tín nhiệm cao", false),
                level("middle", "Tín nhiệm", false),
                level("low", "Tín nhiệm thấp", true),
            ],
            consequences: vec![
                consequence(
                    "Quá nửa tổng số đại biểu đánh giá tín nhiệm thấp",
                    1,
                    2,
                    true,
                    "Có thể xin từ chức; nếu không, trình Hội đồng nhân dân bỏ phiếu tín nhiệm",
                ),
                consequence(
                    "Từ hai phần ba tổng số đại biểu trở lên đánh giá tín nhiệm thấp",
                    2,
                    3,
                    false,
                    "Trình Hội đồng nhân dân bỏ phiếu tín nhiệm hoặc miễn nhiệm",
                ),
            ],
        }
    }
}

impl ConfidenceRules {
    /// The first rule that is out of range, by its name in the file.
    pub(crate) fn out_of_range(&self) -> Option<&'static str> {
        let ids: BTreeSet<_> = self.levels.iter().map(|level| &level.id).collect();
        let named = self
            .levels
            .iter()
            .all(|level| !level.id.0.is_empty() && !level.label.trim().is_empty());
        let share = |one: &Consequence| one.threshold.of > 0 && one.threshold.of <= one.threshold.out_of;
        [
            (
                "confidence.levels",
                (2..=5).contains(&self.levels.len()) && ids.len() == self.levels.len() && named,
            ),
            ("confidence.consequences", self.consequences.iter().all(share)),
        ]
        .into_iter()
        .find_map(|(name, holds)| (!holds).then_some(name))
    }
}
