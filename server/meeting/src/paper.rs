//! Phiếu giấy: ballots on paper, in boxes, counted twice by Ban kiểm phiếu (PRODUCT 3.5, 3.6).
//!
//! Who decides what is voted on is another file's business (`confidence`); here stand the boxes: how many ballots were given
//! out at each, that it is closed, and what was found in it. Nothing here knows a voter's choice, so nothing can betray it.
//! Two members of the board enter each count apart from one another; it stands when both have entered the same and its sums
//! hold. No box is counted while another is open, and a box of few voters is never counted by itself, because it would betray
//! them: its ballots are carried, sealed, to another box.
//!
//! What PRODUCT leaves open, and how it is settled here:
//! - The sitting has one counting board, which it may elect anew. Whoever leaves it takes along what did not stand yet.
//! - Ballots are given out as long as the box is open: for who comes late, and to put right what was mistyped.
//! - Sealed ballots of a small box go to the hall's box; if that is too small itself, to the largest.
//! - At a box outside the hall only those members enter who sit there: they alone have the paper before them.
//! - What two members enter differently stays open until two are alike: each counts again.
//! - The minutes stand when the head of the board and more than half of its members have signed.

pub(crate) mod apply;
pub(crate) mod board;
pub mod command;
pub mod count;
pub(crate) mod decide;
pub mod event;
pub mod rules;

use crate::id::{PersonId, SiteId};
use count::Count;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// On what the ballots are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "poll", rename_all = "snake_case", deny_unknown_fields)]
pub enum Poll {
    /// Lấy phiếu tín nhiệm.
    Confidence,
}

/// Ban kiểm phiếu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Trưởng ban, one of the members.
    pub head: PersonId,
    /// Everybody of it.
    pub members: BTreeSet<PersonId>,
}

/// One box.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BallotBox {
    /// Ballots given out, never none.
    pub issued: u32,
    /// Closed and sealed.
    pub closed: bool,
    /// Too few voters: the sealed ballots are counted with those of this box.
    pub carried_to: Option<SiteId>,
    /// What members of the board have entered, by who did.
    pub entries: BTreeMap<PersonId, Count>,
    /// What two members have entered alike.
    pub agreed: Option<Count>,
}

/// All boxes of a poll.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Boxes {
    /// By where they stand.
    pub all: BTreeMap<SiteId, BallotBox>,
    /// Who of the board has signed the minutes.
    pub signed: BTreeSet<PersonId>,
}

/// How far the paper has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Ballots are given out and cast.
    Casting,
    /// Every box is closed, and counted.
    Counting,
    /// Every count stands: the board signs.
    Minutes,
}

impl BallotBox {
    /// Counts were entered by two at least, and no two are alike.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.entries.len() > 1 && self.agreed.is_none()
    }
}

impl Boxes {
    /// Ballots given out, at all boxes together.
    #[must_use]
    pub fn issued(&self) -> u32 {
        let each = self.all.values().map(|one| one.issued);
        each.fold(0, u32::saturating_add)
    }

    /// Ballots that were given out for what is counted at this box: its own, and those carried to it.
    #[must_use]
    pub fn issued_for(&self, site: &SiteId) -> u32 {
        let counted_here = |(id, one): &(&SiteId, &BallotBox)| one.carried_to.as_ref().unwrap_or(id) == site;
        let each = self.all.iter().filter(counted_here).map(|(_, one)| one.issued);
        each.fold(0, u32::saturating_add)
    }

    /// Boxes that are counted by themselves.
    pub fn counted(&self) -> impl Iterator<Item = (&SiteId, &BallotBox)> {
        self.all.iter().filter(|(_, one)| one.carried_to.is_none())
    }

    /// The counts of all boxes together; none before every one stands.
    #[must_use]
    pub fn merged(&self) -> Option<Count> {
        let mut all = Count::default();
        for (_, one) in self.counted() {
            all.add(one.agreed.as_ref()?);
        }
        Some(all)
    }

    /// Signatures that the minutes still lack: the head's, and those of more than half of the board.
    #[must_use]
    pub fn unsigned(&self, board: &Board) -> u32 {
        let signed = board.members.intersection(&self.signed).count();
        let lacking = (board.members.len() / 2 + 1).saturating_sub(signed);
        let head = usize::from(!self.signed.contains(&board.head));
        u32::try_from(lacking.max(head)).unwrap_or(u32::MAX)
    }
}
