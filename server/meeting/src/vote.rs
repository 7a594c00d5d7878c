//! Biểu quyết: a text is put to the vote, delegates answer, the chair closes and announces (PRODUCT 3.5).
//!
//! A vote belongs to the sitting, not to who prepared or opened it: nothing here asks whether somebody is online, and no lost
//! line moves a ballot. Opening freezes the text's hash, the legal total and the electorate; closing is a cut in the order of
//! the journal; the result is made once, from whole numbers, and every screen and paper shows that one. No clock opens,
//! closes or announces a vote (PRODUCT 3.0 P4): when its time is over it waits for the chair's word.
//!
//! It does not know secret ballots: what is recorded here is open, by name where the ballot has a name.
//!
//! What PRODUCT leaves open, and how it is settled here:
//! - One vote is under way at a time; from its opening to its announcement no other opens and neither item nor sitting closes.
//! - A secretary may close a vote whose time is over or in which everybody has voted; closing earlier is the chair's alone.
//! - Hands that are counted stay unknown until the close, then somebody else than who entered them confirms each count.
//! - A delegate who could not vote in time may still be entered between close and announcement, as a correction: by the
//!   delegate or a secretary, with the consent of a secretary and of the chair, who are two persons.
//! - A ballot on a list that breaks the list's rules is refused before it is recorded, so none is invalid afterwards.

mod apply;
mod cast;
mod check;
pub mod command;
pub mod content;
mod decide;
pub mod event;
mod hands;
mod prepare;
mod read;
pub mod rules;
mod run;
pub mod tally;

use crate::command::Actor;
use crate::id::{ChoiceId, ItemId, LineId, PersonId, SiteId, Time, VoteId};
use content::Content;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tally::LineResult;

/// A choice for each line of the ballot; a plain vote has the one line [`content::PLAIN`].
pub type Marks = BTreeMap<LineId, ChoiceId>;

/// How often each choice was taken, for each line.
pub type Counts = BTreeMap<LineId, BTreeMap<ChoiceId, u32>>;

/// Where a vote stands (PRODUCT 3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "VoteState"))]
#[serde(rename_all = "snake_case")]
pub enum VotePhase {
    /// Soạn.
    Draft,
    /// Sẵn sàng: the chair may open it.
    Ready,
    /// Mở.
    Open,
    /// Tạm dừng.
    Paused,
    /// Đóng, kiểm tra phiếu.
    Checking,
    /// Công bố.
    Announced,
    /// Khoá.
    Locked,
    /// Huỷ.
    Cancelled,
}

impl VotePhase {
    /// From the opening to the announcement.
    #[must_use]
    pub fn is_under_way(self) -> bool {
        match self {
            Self::Open | Self::Paused | Self::Checking => true,
            Self::Draft | Self::Ready | Self::Announced | Self::Locked | Self::Cancelled => false,
        }
    }
}

/// By which road an elector's choice comes in; exactly one at a time (PRODUCT 3.5, mixed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "VoteChannel"))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Điện tử: on the own device.
    Device,
    /// Bàn phiếu: on the bridge point's shared tablet, by PIN.
    Kiosk,
    /// Giơ tay: counted at the bridge point.
    Hands,
    /// Bằng lời: called by name, entered by a secretary, confirmed by another person.
    Oral,
}

/// Somebody entitled to vote, frozen at the opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elector {
    /// Where the delegate sat at the opening.
    pub site: SiteId,
    /// By which road the choice comes in.
    pub channel: Channel,
}

/// A ballot that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// What was chosen.
    pub marks: Marks,
    /// When it was recorded.
    pub at: Time,
    /// By which road it came.
    pub channel: Channel,
}

/// A choice heard by word of mouth that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// What was heard.
    pub marks: Marks,
    /// Who entered it.
    pub by: PersonId,
}

/// Hands counted at one bridge point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hands {
    /// How many for each choice.
    pub counts: Counts,
    /// Why fewer were counted than sit there; empty when nobody is missing.
    pub explanation: String,
    /// Who entered them.
    pub by: PersonId,
    /// When.
    pub at: Time,
    /// Who confirmed them.
    pub confirmed_by: Option<PersonId>,
}

/// "Ghi sai": a ballot that somebody says is recorded wrongly, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// What it should be.
    pub marks: Marks,
    /// Who says so.
    pub by: PersonId,
    /// When.
    pub at: Time,
    /// The secretary who agrees.
    pub secretary: Option<PersonId>,
    /// The chair who agrees.
    pub chair: Option<PersonId>,
}

/// A correction that was made between close and announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// Whose ballot.
    pub person: PersonId,
    /// What stood there; absent = nothing.
    pub from: Option<Marks>,
    /// What stands there now.
    pub to: Marks,
    /// When.
    pub at: Time,
}

/// What was true when the vote was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// When.
    pub at: Time,
    /// The open item of the agenda.
    pub item: Option<ItemId>,
    /// The legal total of delegates: the base of the threshold.
    pub total: u32,
    /// Delegates present.
    pub present: u32,
    /// Votes in favour that are needed.
    pub needed: u32,
    /// Why it was opened without a quorum; empty when there was one.
    pub override_quorum: String,
}

/// A vote, from its preparation to its lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// Its id.
    pub id: VoteId,
    /// What is put to the vote.
    pub content: Content,
    /// SHA-256 of the text as it is voted on, in hexadecimal.
    pub hash: String,
    /// Who prepared it.
    pub prepared_by: PersonId,
    /// Where it stands.
    pub phase: VotePhase,
    /// Since when.
    pub since: Time,
    /// What was true at the opening.
    pub opening: Option<Opening>,
    /// When its time is over; moves with extensions, stands still in a pause.
    pub until: Option<Time>,
    /// In a pause: until when it should go on.
    pub pause_until: Option<Time>,
    /// Who may vote, and how.
    pub electors: BTreeMap<PersonId, Elector>,
    /// Ballots that count, by name.
    pub ballots: BTreeMap<PersonId, Ballot>,
    /// Choices by word of mouth that wait for a second person.
    pub spoken: BTreeMap<PersonId, Spoken>,
    /// Hands, by bridge point.
    pub hands: BTreeMap<SiteId, Hands>,
    /// Objections that wait for an answer.
    pub objections: BTreeMap<PersonId, Objection>,
    /// Corrections made.
    pub corrections: Vec<Corrected>,
    /// When it was closed.
    pub closed_at: Option<Time>,
    /// Until when ballots may be checked.
    pub check_until: Option<Time>,
    /// The result, once announced; never changes.
    pub result: Vec<LineResult>,
    /// Why it was cancelled, or repeated; empty when neither.
    pub reason: String,
    /// The vote that this one repeats.
    pub repeats: Option<VoteId>,
    /// The vote by which this one is repeated.
    pub repeated_by: Option<VoteId>,
}

impl Vote {
    /// Electors whose hands are counted at a bridge point.
    #[must_use]
    pub fn hands_at(&self, site: &SiteId) -> u32 {
        let there = |elector: &&Elector| elector.channel == Channel::Hands && elector.site == *site;
        u32::try_from(self.electors.values().filter(there).count()).unwrap_or(u32::MAX)
    }

    /// Bridge points at which hands are to be counted.
    pub fn hand_sites(&self) -> impl Iterator<Item = &SiteId> {
        let sites: std::collections::BTreeSet<&SiteId> = self
            .electors
            .values()
            .filter(|elector| elector.channel == Channel::Hands)
            .map(|elector| &elector.site)
            .collect();
        sites.into_iter()
    }

    /// Whether this elector's choice is in: a ballot by name, or hands counted at the bridge point.
    #[must_use]
    pub fn is_in(&self, person: &PersonId) -> bool {
        self.electors.get(person).is_some_and(|elector| match elector.channel {
            Channel::Device | Channel::Kiosk | Channel::Oral => self.ballots.contains_key(person),
            Channel::Hands => self.hands.contains_key(&elector.site),
        })
    }

    /// Electors whose choice is not in yet.
    pub fn missing(&self) -> impl Iterator<Item = &PersonId> {
        self.electors.keys().filter(|person| !self.is_in(person))
    }

    /// Names stand beside choices: somebody votes otherwise than by hands.
    #[must_use]
    pub fn by_name(&self) -> bool {
        self.electors.values().any(|elector| elector.channel != Channel::Hands)
    }
}

/// The person who asks, on a device or at the kiosk; a vote is no room's and no clock's business.
pub(crate) fn person_of(by: &Actor) -> PersonId {
    match by {
        Actor::Person { id, .. } => id.clone(),
        Actor::Kiosk { voter: Some(id), .. } => id.clone(),
        Actor::Kiosk { voter: None, .. } | Actor::Room { .. } | Actor::System => PersonId::from(""),
    }
}
