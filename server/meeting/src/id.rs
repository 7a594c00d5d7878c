//! Names of things: one newtype for each kind, so that a bridge point is never taken for a delegate.
//!
//! Ids are opaque strings on the wire (`JSON.parse` never yields a `bigint`). Ids of people, groups, sites, endpoints and
//! agenda items come from the council's configuration; ids of requests, turns, votes and snapshots are counted by the meeting
//! itself, so that the same journal gives the same ids for ever; command ids are made by clients.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

id! {
    /// One sitting (phiên): the unit that has a journal of its own.
    SittingId,
    /// A person of the roster, delegate or not.
    PersonId,
    /// A delegate group (tổ đại biểu).
    GroupId,
    /// A bridge point (điểm cầu): the hall, a second central room, a ward.
    SiteId,
    /// A room endpoint: camera, microphone and screen of one site.
    EndpointId,
    /// An agenda item.
    ItemId,
    /// A request to speak, counted by the meeting: `r1`, `r2`, …
    RequestId,
    /// A turn at the microphone, counted by the meeting: `t1`, `t2`, …
    TurnId,
    /// A vote, counted by the meeting: `v1`, `v2`, …
    VoteId,
    /// A choice of a vote; from the rules, or made by whoever prepares it. At most 64 characters.
    ChoiceId,
    /// A line of a ballot; made by whoever prepares the vote. At most 64 characters.
    LineId,
    /// A question to somebody, counted by the meeting: `q1`, `q2`, …
    QuestionId,
    /// A note in the record, counted by the meeting: `n1`, `n2`, …
    NoteId,
    /// A client's name for one command; a retry carries the same one (PRODUCT 3.0 P3). At most 64 characters.
    CommandId,
    /// A shared tablet on which delegates without a device vote (bàn phiếu); made by the hub when it is enrolled.
    KioskId,
    /// One device (browser profile and tab) of a person; made by the client, at most 64 characters.
    DeviceId,
}

/// A moment on the server's clock: milliseconds since the Unix epoch. Fits a JavaScript number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Time(#[cfg_attr(feature = "typescript", ts(type = "number"))] pub u64);

impl Time {
    /// The moment `seconds` after this one.
    #[must_use]
    pub fn plus_seconds(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(u64::from(seconds) * 1000))
    }

    /// Milliseconds from `earlier` to this moment, zero if it is not later.
    #[must_use]
    pub fn since(self, earlier: Self) -> u32 {
        u32::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(u32::MAX)
    }
}
