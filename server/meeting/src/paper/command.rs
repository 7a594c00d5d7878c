//! What people ask of a ballot on paper.

use crate::id::{PersonId, SiteId};
use crate::paper::Poll;
use crate::paper::count::Count;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Everything that can be asked of ballots on paper and of those who count them (PRODUCT 3.5, 3.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum PaperCommand {
    /// The sitting has elected its counting board, or another one.
    ElectBoard {
        /// Trưởng ban, one of the members.
        head: PersonId,
        /// The members; nobody on whom there are ballots.
        members: BTreeSet<PersonId>,
    },
    /// Phát phiếu: how many were given out at this box.
    Issue {
        /// On what.
        poll: Poll,
        /// Where.
        site: SiteId,
        /// How many in all.
        ballots: u32,
    },
    /// The box is closed and sealed.
    CloseBox {
        /// On what.
        poll: Poll,
        /// Where.
        site: SiteId,
    },
    /// A member's own count of a box.
    Enter {
        /// On what.
        poll: Poll,
        /// Which box.
        site: SiteId,
        /// What was found in it.
        count: Count,
    },
    /// A member signs the minutes of the count.
    Sign {
        /// On what.
        poll: Poll,
    },
}
