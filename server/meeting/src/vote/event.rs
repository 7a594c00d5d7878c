//! What happened to a vote.

use crate::id::{ItemId, PersonId, SiteId, Time, VoteId};
use crate::vote::content::Content;
use crate::vote::tally::LineResult;
use crate::vote::{Channel, Counts, Elector, Marks};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What can happen to a vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum VoteEvent {
    /// A vote was drafted, or drafted anew.
    Prepared {
        /// Which.
        vote: VoteId,
        /// What is put to the vote.
        content: Box<Content>,
        /// SHA-256 of what delegates read.
        hash: String,
        /// The vote that it repeats.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repeats: Option<VoteId>,
    },
    /// The chair may open it.
    Readied {
        /// Which.
        vote: VoteId,
    },
    /// Opened: text, total and electorate are frozen.
    Opened {
        /// Which.
        vote: VoteId,
        /// The open item of the agenda.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<ItemId>,
        /// The hash of the text at this moment.
        hash: String,
        /// The legal total.
        total: u32,
        /// Delegates present.
        present: u32,
        /// Votes in favour that are needed.
        needed: u32,
        /// Why without a quorum; empty when there was one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        override_quorum: String,
        /// Who may vote, and how.
        electors: BTreeMap<PersonId, Elector>,
        /// When its time is over.
        until: Time,
    },
    /// More time.
    Extended {
        /// Which.
        vote: VoteId,
        /// When its time is over now.
        until: Time,
    },
    /// Paused.
    Paused {
        /// Which.
        vote: VoteId,
        /// Until when it should go on.
        resume_by: Time,
    },
    /// Goes on.
    Continued {
        /// Which.
        vote: VoteId,
        /// When its time is over now.
        until: Time,
    },
    /// Somebody who arrived later may vote.
    Admitted {
        /// In which vote.
        vote: VoteId,
        /// Who.
        person: PersonId,
        /// Where, and how.
        elector: Elector,
    },
    /// An elector's choice comes in by another road.
    Routed {
        /// In which vote.
        vote: VoteId,
        /// Who.
        person: PersonId,
        /// The road.
        channel: Channel,
    },
    /// A ballot was recorded; it replaces what this elector chose before.
    Cast {
        /// In which vote.
        vote: VoteId,
        /// Whose.
        person: PersonId,
        /// What was chosen.
        marks: Marks,
    },
    /// A choice by word of mouth waits for a second person.
    SpokenEntered {
        /// In which vote.
        vote: VoteId,
        /// Whose.
        person: PersonId,
        /// What was heard.
        marks: Marks,
    },
    /// … and was recorded, or dropped.
    SpokenAnswered {
        /// In which vote.
        vote: VoteId,
        /// Whose.
        person: PersonId,
        /// Recorded.
        confirmed: bool,
    },
    /// Hands were counted.
    HandsEntered {
        /// In which vote.
        vote: VoteId,
        /// Where.
        site: SiteId,
        /// How many.
        counts: Counts,
        /// Why fewer than sit there, or why after the close.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        explanation: String,
    },
    /// A count of hands was confirmed.
    HandsConfirmed {
        /// In which vote.
        vote: VoteId,
        /// Where.
        site: SiteId,
    },
    /// Closed: nothing that comes later counts.
    Closed {
        /// Which.
        vote: VoteId,
        /// Until when ballots may be checked.
        check_until: Time,
        /// Electors who did not vote.
        missing: u32,
    },
    /// Somebody says that a ballot is recorded wrongly.
    Objected {
        /// In which vote.
        vote: VoteId,
        /// Whose ballot.
        person: PersonId,
        /// What it should be.
        marks: Marks,
        /// Entered by a secretary, who thereby agrees.
        by_secretary: bool,
    },
    /// A secretary agrees.
    SecretaryAgreed {
        /// In which vote.
        vote: VoteId,
        /// Whose ballot.
        person: PersonId,
    },
    /// The chair agrees.
    ChairAgreed {
        /// In which vote.
        vote: VoteId,
        /// Whose ballot.
        person: PersonId,
    },
    /// An objection was turned down.
    ObjectionRefused {
        /// In which vote.
        vote: VoteId,
        /// Whose ballot.
        person: PersonId,
    },
    /// A ballot was corrected.
    Corrected {
        /// In which vote.
        vote: VoteId,
        /// Whose.
        person: PersonId,
        /// What counts now.
        marks: Marks,
    },
    /// Announced, with the result.
    Announced {
        /// Which.
        vote: VoteId,
        /// The result, line by line.
        result: Vec<LineResult>,
    },
    /// Locked.
    Locked {
        /// Which.
        vote: VoteId,
    },
    /// Cancelled.
    Cancelled {
        /// Which.
        vote: VoteId,
        /// Why.
        reason: String,
    },
    /// Repeated by another vote.
    Repeated {
        /// Which.
        vote: VoteId,
        /// By which.
        by: VoteId,
        /// Why.
        reason: String,
    },
    /// The hub was away: the time that is left starts anew.
    Delayed {
        /// Which.
        vote: VoteId,
        /// When its time is over now.
        until: Time,
    },
}
