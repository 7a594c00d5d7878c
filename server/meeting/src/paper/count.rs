//! What a board counts, and the sums that must hold (PRODUCT 3.6). Whole numbers only.

use crate::id::{ChoiceId, LineId};
use crate::refusal::Refusal;
use crate::vote::Counts;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What was found in a box.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "PaperCount"))]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Phiếu thu vào.
    pub returned: u32,
    /// Phiếu không thu về.
    pub missing: u32,
    /// Phiếu hợp lệ.
    pub valid: u32,
    /// Phiếu không hợp lệ.
    pub invalid: u32,
    /// Marks for each line and choice; none is left out.
    pub marks: Counts,
    /// Valid ballots on which this line is not: two marks, or none. A line that is absent has none.
    #[serde(default)]
    pub spoilt: BTreeMap<LineId, u32>,
}

/// Which sum does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "PaperSum"))]
#[serde(tag = "sum", rename_all = "snake_case")]
pub enum Sum {
    /// Phát ra = thu vào + không thu về.
    Issued {
        /// Given out.
        issued: u32,
        /// Returned and missing together.
        found: u32,
    },
    /// Thu vào = hợp lệ + không hợp lệ.
    Returned {
        /// Returned.
        returned: u32,
        /// Valid and invalid together.
        found: u32,
    },
    /// Hợp lệ = all marks of a line, for each line.
    Marks {
        /// Which.
        line: LineId,
        /// Valid.
        valid: u32,
        /// All marks together, spoilt ones too.
        found: u32,
    },
}

/// What stands on a ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    /// Its lines.
    pub(crate) lines: BTreeSet<LineId>,
    /// What can be marked on each.
    pub(crate) choices: BTreeSet<ChoiceId>,
    /// A line with two marks, or none, spoils that line alone and not the whole ballot.
    pub(crate) spoilt_alone: bool,
}

impl Count {
    /// Adds what another box held.
    pub(crate) fn add(&mut self, other: &Self) {
        let add = |sum: &mut u32, more: u32| *sum = sum.saturating_add(more);
        add(&mut self.returned, other.returned);
        add(&mut self.missing, other.missing);
        add(&mut self.valid, other.valid);
        add(&mut self.invalid, other.invalid);
        for (line, marks) in &other.marks {
            let sums = self.marks.entry(line.clone()).or_default();
            for (choice, votes) in marks {
                add(sums.entry(choice.clone()).or_default(), *votes);
            }
        }
        for (line, ballots) in &other.spoilt {
            add(self.spoilt.entry(line.clone()).or_default(), *ballots);
        }
    }

    /// Whether this is a count of such ballots, of which so many were given out.
    ///
    /// # Errors
    /// The first sum that does not hold; `BallotInvalid` for a line or a choice that is not on the ballot or was left out.
    pub(crate) fn adds_up(&self, issued: u32, form: &Form) -> Result<(), Refusal> {
        self.stands_on(form)?;
        let both = |one: u32, other: u32| one.saturating_add(other);
        let wrong = |sum| Err(Refusal::CountWrong { sum });
        let found = both(self.returned, self.missing);
        if found != issued {
            return wrong(Sum::Issued { issued, found });
        }
        let found = both(self.valid, self.invalid);
        if found != self.returned {
            let returned = self.returned;
            return wrong(Sum::Returned { returned, found });
        }
        for (line, marks) in &self.marks {
            let spoilt = self.spoilt.get(line).copied().unwrap_or(0);
            let found = marks.values().copied().fold(spoilt, both);
            if found != self.valid {
                let (line, valid) = (line.clone(), self.valid);
                return wrong(Sum::Marks { line, valid, found });
            }
        }
        Ok(())
    }

    /// Every line and every choice of the ballot, and no other.
    fn stands_on(&self, form: &Form) -> Result<(), Refusal> {
        let lines = self.marks.keys().eq(form.lines.iter());
        let choices = self.marks.values().all(|marks| marks.keys().eq(form.choices.iter()));
        let may_be_spoilt =
            |(line, ballots): (&LineId, &u32)| form.lines.contains(line) && (form.spoilt_alone || *ballots == 0);
        if lines && choices && self.spoilt.iter().all(may_be_spoilt) {
            Ok(())
        } else {
            Err(Refusal::BallotInvalid)
        }
    }
}
