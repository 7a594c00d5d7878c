//! What the shared tablet of a bridge point shows: who votes there, and never what.

use meeting::id::{KioskId, PersonId, SiteId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The own part of a kiosk (PRODUCT 3.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct KioskView {
    /// Which tablet.
    pub id: KioskId,
    /// Where it stands.
    pub site: SiteId,
    /// A ballot may be changed until the close.
    pub may_change: bool,
    /// The electors of the vote on the screens who sit here; empty when there is none.
    pub voters: BTreeMap<PersonId, VoterState>,
}

/// Where the choice of an elector stands, seen from the kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VoterState {
    /// Nothing has come in: may vote here.
    Waiting,
    /// Has voted here.
    Voted,
    /// Has voted on the own device.
    OwnDevice,
    /// Is counted by hands or by word of mouth.
    Elsewhere,
}
