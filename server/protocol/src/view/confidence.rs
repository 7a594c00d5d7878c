//! A confidence vote as screens see it: the list, how far it is; shares only once they are announced.

use super::paper::PaperView;
use meeting::confidence::rules::{Consequence, Level};
use meeting::confidence::{Mode, Step};
use meeting::id::{ChoiceId, LineId, PersonId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A confidence vote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConfidenceView {
    /// Where it stands.
    pub step: Step,
    /// Since when.
    pub since: Time,
    /// In one hall, or at the bridge points.
    pub mode: Mode,
    /// By which decision.
    pub decision: String,
    /// The list.
    pub rows: BTreeMap<LineId, ConfidenceRow>,
    /// The levels, in the order of the ballot.
    pub levels: Vec<Level>,
    /// From how many of the legal total what follows.
    pub consequences: Vec<Consequence>,
    /// The legal total, the base of every share: when ballots were given out, or now.
    pub total: u32,
    /// Delegates present, likewise.
    pub present: u32,
    /// The boxes.
    pub paper: PaperView,
    /// The result, once announced, and before for those who run the sitting; its order is that of the list.
    pub result: BTreeMap<LineId, ConfidenceResult>,
    /// The resolution that confirms it; empty before.
    pub resolution: String,
    /// Why it was cancelled; empty if it was not.
    pub reason: String,
}

/// Somebody on the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConfidenceRow {
    /// Place on the ballot, from 1.
    pub place: u32,
    /// Full name.
    pub name: String,
    /// The office.
    pub office: String,
    /// Who it is, if on the roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub person: Option<PersonId>,
    /// The report was sent.
    pub report_sent: bool,
    /// Not there.
    pub absent: bool,
    /// Why the row is locked; empty = it is voted on.
    pub resigned: String,
}

/// The result for one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConfidenceResult {
    /// How often each level was marked.
    pub marks: BTreeMap<ChoiceId, u32>,
    /// Share of each level of the legal total, in hundredths of a per cent.
    pub shares: BTreeMap<ChoiceId, u32>,
    /// What follows; empty = nothing.
    pub consequence: String,
}
