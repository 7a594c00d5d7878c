//! Ballots on paper as screens see them: boxes and how far they are; what was counted only once it is announced.

use meeting::id::{PersonId, SiteId};
use meeting::paper::Poll;
use meeting::paper::count::Count;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// Ban kiểm phiếu.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BoardView {
    /// Trưởng ban, one of the members.
    pub head: PersonId,
    /// The members.
    pub members: BTreeSet<PersonId>,
}

/// The boxes of a poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PaperView {
    /// By where they stand.
    pub boxes: BTreeMap<SiteId, BoxView>,
    /// Ballots given out, at all boxes together.
    pub issued: u32,
    /// Who of the board has signed the minutes.
    pub signed: BTreeSet<PersonId>,
    /// Signatures that the minutes lack.
    pub unsigned: u32,
    /// All boxes together, once every one stands; before the announcement for those who run the sitting alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub count: Option<Count>,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BoxView {
    /// Ballots given out here.
    pub issued: u32,
    /// Ballots given out for what is counted here, carried ones included.
    pub to_count: u32,
    /// Closed and sealed.
    pub closed: bool,
    /// Where its ballots are counted, if not here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub carried_to: Option<SiteId>,
    /// How many members have entered a count.
    pub entered: u32,
    /// Counts were entered, and no two are alike.
    pub differs: bool,
    /// Two members have entered the same.
    pub agreed: bool,
}

/// What a member of the counting board has to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MyPaper {
    /// On what the ballots are.
    pub poll: Poll,
    /// The boxes that this member may close or count, while there is something to do.
    pub boxes: BTreeMap<SiteId, MyBox>,
    /// All boxes together, once every one stands: what is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub count: Option<Count>,
    /// Signing is possible now.
    pub may_sign: bool,
    /// Has signed.
    pub signed: bool,
}

/// A box, as a member of the board who stands by it sees it. What others have entered is not told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MyBox {
    /// It can be closed now.
    pub may_close: bool,
    /// A count can be entered now.
    pub may_enter: bool,
    /// What this member has entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub entered: Option<Count>,
}
