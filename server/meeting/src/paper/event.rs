//! What happened to ballots on paper. It knows sums only.

use crate::id::{PersonId, SiteId};
use crate::paper::Poll;
use crate::paper::count::Count;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that can happen to ballots on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum PaperEvent {
    /// The sitting has a counting board.
    BoardElected {
        /// Trưởng ban.
        head: PersonId,
        /// The members.
        members: BTreeSet<PersonId>,
    },
    /// Ballots were given out.
    Issued {
        /// On what.
        poll: Poll,
        /// Where.
        site: SiteId,
        /// How many in all.
        ballots: u32,
    },
    /// A box was closed.
    BoxClosed {
        /// On what.
        poll: Poll,
        /// Where.
        site: SiteId,
    },
    /// The boxes are opened and counted.
    CountingStarted {
        /// On what.
        poll: Poll,
        /// Boxes of few voters, and where their ballots are counted.
        carried: BTreeMap<SiteId, SiteId>,
    },
    /// A member of the board entered a count.
    Entered {
        /// On what.
        poll: Poll,
        /// Of which box.
        site: SiteId,
        /// What was found.
        count: Count,
    },
    /// … and another one had entered the same.
    Agreed {
        /// On what.
        poll: Poll,
        /// Of which box.
        site: SiteId,
    },
    /// Every box stands: the minutes can be signed.
    Counted {
        /// On what.
        poll: Poll,
    },
    /// A member signed the minutes.
    Signed {
        /// On what.
        poll: Poll,
    },
}
