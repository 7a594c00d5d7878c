//! What is put to the vote: the text, the choices, the lines of a list, the method and the threshold. All of it is data.

use crate::id::{ChoiceId, ItemId, LineId, SiteId, VoteId};
use crate::refusal::Refusal;
use crate::vote::Marks;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The only line of a vote that is not on a list.
pub const PLAIN: &str = "1";

/// Longest text, in characters.
const LONGEST_TEXT: usize = 20_000;
/// Longest title, label or reference, in characters.
const LONGEST_LABEL: usize = 300;
/// At most so many choices: the keys 1 to 9.
const MOST_CHOICES: usize = 9;
/// At most so many lines on a list.
const MOST_LINES: usize = 60;

/// How the choices come in (PRODUCT 3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "VoteMethod"))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Điện tử.
    Electronic,
    /// Giơ tay, counted at each bridge point.
    Hands,
    /// Hỗn hợp: on devices, and by hands where there are none.
    Mixed,
    /// Bằng lời, called by name.
    Oral,
}

/// What the text is, beside a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "VotePart"))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The whole text, or something that stands for itself.
    Whole,
    /// An amendment of another text.
    Amendment,
    /// A disputed point of another text.
    Point,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "VoteChoice"))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name for the machine.
    pub id: ChoiceId,
    /// As it is read, e.g. "Tán thành".
    pub label: String,
    /// Counts towards the threshold.
    pub in_favour: bool,
}

/// A line of a list: a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "VoteLine"))]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its name for the machine.
    pub id: LineId,
    /// As it is read.
    pub label: String,
}

/// How many must be in favour, of the legal total of delegates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "VoteThreshold"))]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// As it is read, e.g. "Quá nửa tổng số đại biểu".
    pub name: String,
    /// Numerator of the share.
    pub of: u32,
    /// Denominator, never zero.
    pub out_of: u32,
    /// More than the share (quá nửa), or at least the share (ít nhất hai phần ba).
    pub above: bool,
}

impl Threshold {
    /// Votes in favour that are needed: ⌊total · of / out_of⌋ + 1 if more than the share is asked for, else
    /// ⌈total · of / out_of⌉. Of 35, more than a half is 18, at least two thirds is 24.
    #[must_use]
    pub fn needed(&self, total: u32) -> u32 {
        let (part, whole) = (u64::from(total) * u64::from(self.of), u64::from(self.out_of.max(1)));
        let needed = if self.above {
            part / whole + 1
        } else {
            part.div_ceil(whole)
        };
        u32::try_from(needed).unwrap_or(u32::MAX)
    }
}

/// What is put to the vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "VoteContent"))]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Title, for lists and large screens.
    pub title: String,
    /// The text exactly as it is voted on.
    pub text: String,
    /// The document and its version; may be empty.
    #[serde(default)]
    pub reference: String,
    /// A whole text, an amendment, a disputed point.
    pub part: Part,
    /// The vote on the whole text to which an amendment or point belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub of: Option<VoteId>,
    /// The item of the agenda for which it is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub item: Option<ItemId>,
    /// How the choices come in.
    pub method: Method,
    /// Bridge points that raise their hands in a mixed vote.
    #[serde(default)]
    pub hand_sites: BTreeSet<SiteId>,
    /// The choices, in order; two to nine.
    pub choices: Vec<Choice>,
    /// The lines of a list; empty = a plain vote.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// On a list: at most so many lines may be in favour; 0 = any number.
    #[serde(default)]
    pub at_most: u32,
    /// On a list: a line may be left without a choice.
    #[serde(default)]
    pub blanks: bool,
    /// How many must be in favour.
    pub threshold: Threshold,
    /// How long it is planned to be open, in seconds (10 to 3600).
    pub duration_s: u32,
    /// The decision by which this vote is an open one (PRODUCT 6 R3); not empty.
    pub decision: String,
}

impl Content {
    /// The lines of the ballot: those of the list, or the one of a plain vote.
    #[must_use]
    pub fn ballot_lines(&self) -> Vec<LineId> {
        if self.lines.is_empty() {
            vec![LineId::from(PLAIN)]
        } else {
            self.lines.iter().map(|line| line.id.clone()).collect()
        }
    }

    /// SHA-256 over title, text, reference and the labels of lines and choices, each with its length before it, in
    /// hexadecimal: what delegates read when they vote.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        let lines = self.lines.iter().map(|line| &line.label);
        let choices = self.choices.iter().map(|choice| &choice.label);
        for part in [&self.title, &self.text, &self.reference]
            .into_iter()
            .chain(lines)
            .chain(choices)
        {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether this can be put to the vote, apart from what it names in the sitting.
    pub(crate) fn sound(&self) -> Result<(), Refusal> {
        for compulsory in [&self.title, &self.text, &self.decision, &self.threshold.name] {
            if compulsory.trim().is_empty() {
                return Err(Refusal::TextMissing);
            }
        }
        let labels = self.choices.iter().map(|choice| (&choice.id.0, &choice.label));
        let lines = self.lines.iter().map(|line| (&line.id.0, &line.label));
        for (id, label) in labels.chain(lines) {
            if id.trim().is_empty() || label.trim().is_empty() {
                return Err(Refusal::TextMissing);
            }
            if id.chars().count() > 64 || label.chars().count() > LONGEST_LABEL {
                return Err(Refusal::OutOfRange);
            }
        }
        let share = &self.threshold;
        let in_favour = self.choices.iter().filter(|choice| choice.in_favour).count();
        let holds = [
            self.text.chars().count() <= LONGEST_TEXT,
            [&self.title, &self.reference, &self.decision, &share.name]
                .iter()
                .all(|text| text.chars().count() <= LONGEST_LABEL),
            (2..=MOST_CHOICES).contains(&self.choices.len()),
            (1..self.choices.len()).contains(&in_favour),
            unique(self.choices.iter().map(|choice| &choice.id.0)),
            self.lines.len() <= MOST_LINES && unique(self.lines.iter().map(|line| &line.id.0)),
            usize::try_from(self.at_most).is_ok_and(|most| most <= self.lines.len()),
            share.out_of > 0 && share.of > 0 && (share.of < share.out_of || (share.of == share.out_of && !share.above)),
            (10..=3600).contains(&self.duration_s),
            (self.part == Part::Whole) == self.of.is_none(),
            (self.method == Method::Mixed) != self.hand_sites.is_empty(),
        ];
        if holds.iter().all(|holds| *holds) {
            Ok(())
        } else {
            Err(Refusal::OutOfRange)
        }
    }

    /// Whether these marks are a ballot: known lines and choices, none too many in favour, none blank where none may be.
    pub(crate) fn ballot(&self, marks: &Marks) -> Result<(), Refusal> {
        let lines = self.ballot_lines();
        let known = marks
            .iter()
            .all(|(line, choice)| lines.contains(line) && self.choices.iter().any(|known| known.id == *choice));
        let in_favour = marks.values().filter(|choice| self.is_in_favour(choice)).count();
        let too_many = self.at_most > 0 && u32::try_from(in_favour).unwrap_or(u32::MAX) > self.at_most;
        let compulsory = self.lines.is_empty() || !self.blanks;
        let blank = compulsory && marks.len() < lines.len();
        if !known || too_many || blank || marks.is_empty() {
            return Err(Refusal::BallotInvalid);
        }
        Ok(())
    }

    /// Whether a choice counts towards the threshold.
    #[must_use]
    pub fn is_in_favour(&self, choice: &ChoiceId) -> bool {
        self.choices.iter().any(|known| known.id == *choice && known.in_favour)
    }

    /// No vote for each line and choice.
    pub(crate) fn nothing_counted(&self) -> BTreeMap<LineId, BTreeMap<ChoiceId, u32>> {
        let none: BTreeMap<ChoiceId, u32> = self.choices.iter().map(|choice| (choice.id.clone(), 0)).collect();
        self.ballot_lines()
            .into_iter()
            .map(|line| (line, none.clone()))
            .collect()
    }
}

fn unique<'a>(ids: impl Iterator<Item = &'a String>) -> bool {
    let mut seen = BTreeSet::new();
    ids.into_iter().all(|id| seen.insert(id))
}
