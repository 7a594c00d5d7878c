//! What a screen may know of votes. Numbers are withheld from everybody until the close, names from everybody but those who
//! run the sitting until the announcement; technicians never see who chose what (PRODUCT 3.5, 3.11).

use meeting::id::{ChoiceId, ItemId, LineId, PersonId, SiteId, Time, VoteId};
use meeting::vote::content::{Choice, Line, Method, Part, Threshold};
use meeting::vote::{Channel, VotePhase};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// A vote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct VoteView {
    /// Title.
    pub title: String,
    /// The text exactly as it is voted on.
    pub text: String,
    /// The document and its version; may be empty.
    pub reference: String,
    /// SHA-256 of what delegates read, in hexadecimal.
    pub hash: String,
    /// A whole text, an amendment, a disputed point.
    pub part: Part,
    /// The vote on the whole text to which it belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub of: Option<VoteId>,
    /// The item of the agenda: at the opening, or for which it is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub item: Option<ItemId>,
    /// How choices come in.
    pub method: Method,
    /// Bridge points that raise hands in a mixed vote.
    pub hand_sites: BTreeSet<SiteId>,
    /// The choices, in order.
    pub choices: Vec<Choice>,
    /// The lines of a list; empty = a plain vote, whose one line is "1".
    pub lines: Vec<Line>,
    /// On a list: at most so many lines in favour; 0 = any number.
    pub at_most: u32,
    /// On a list: lines may be left without a choice.
    pub blanks: bool,
    /// The threshold.
    pub threshold: Threshold,
    /// How long it is planned to be open, seconds.
    pub duration_s: u32,
    /// The decision by which it is an open vote.
    pub decision: String,
    /// Where it stands.
    pub state: VotePhase,
    /// Since when.
    pub since: Time,
    /// Legal total of delegates: at the opening, or now if it is not open yet.
    pub total: u32,
    /// Delegates present, likewise.
    pub present: u32,
    /// Votes in favour that are needed, likewise.
    pub needed: u32,
    /// Why it was opened without a quorum; empty when there was one.
    pub override_quorum: String,
    /// When its time is over; nothing happens by itself then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub until: Option<Time>,
    /// In a pause: until when it should go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pause_until: Option<Time>,
    /// Until when ballots may be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub check_until: Option<Time>,
    /// Entitled delegates: at the opening, or who would be now.
    pub electors: u32,
    /// … whose choice is in.
    pub voted: u32,
    /// The same by bridge point.
    pub sites: BTreeMap<SiteId, VoteSiteView>,
    /// Who has not voted yet; only for chair and secretary.
    pub missing: BTreeMap<PersonId, MissingView>,
    /// Delegates who arrived after the opening and may be admitted; only for chair and secretary.
    pub arrived: BTreeSet<PersonId>,
    /// Choices by word of mouth that wait for a second person; only for chair and secretary.
    pub spoken: BTreeMap<PersonId, SpokenView>,
    /// Counts of hands; after the close, only for chair and secretary.
    pub hands: BTreeMap<SiteId, HandsView>,
    /// Objections that wait; only for chair and secretary.
    pub objections: BTreeMap<PersonId, ObjectionView>,
    /// How many ballots were corrected.
    pub corrections: u32,
    /// Who chose what: after the close for chair and secretary, after the announcement for delegates, too.
    pub names: BTreeMap<PersonId, NameView>,
    /// The result: after the close for chair and secretary, after the announcement for all.
    pub result: BTreeMap<LineId, ResultView>,
    /// Why it was cancelled or repeated; empty when neither.
    pub reason: String,
    /// The vote that it repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub repeats: Option<VoteId>,
    /// The vote by which it is repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub repeated_by: Option<VoteId>,
}

/// A vote at one bridge point.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct VoteSiteView {
    /// Entitled delegates.
    pub electors: u32,
    /// … whose choice is in.
    pub voted: u32,
    /// … whose hands are counted there.
    pub by_hand: u32,
    /// Hands were counted.
    pub counted: bool,
}

/// An elector who has not voted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MissingView {
    /// By which road the choice would come.
    pub channel: Channel,
    /// A device of this person is connected.
    pub online: bool,
}

/// A choice by word of mouth that waits for a second person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SpokenView {
    /// What was heard.
    pub marks: BTreeMap<LineId, ChoiceId>,
    /// Who entered it, and does not confirm it.
    pub by: PersonId,
}

/// Hands counted at a bridge point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HandsView {
    /// How many, by line and choice.
    pub counts: BTreeMap<LineId, BTreeMap<ChoiceId, u32>>,
    /// Why fewer than sit there; empty when nobody is missing.
    pub explanation: String,
    /// Who entered them, and does not confirm them.
    pub by: PersonId,
    /// When.
    pub at: Time,
    /// Confirmed by somebody else.
    pub confirmed: bool,
}

/// A ballot that somebody says is recorded wrongly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ObjectionView {
    /// What it should be.
    pub marks: BTreeMap<LineId, ChoiceId>,
    /// What is recorded; empty = nothing.
    pub recorded: BTreeMap<LineId, ChoiceId>,
    /// Who says so.
    pub by: PersonId,
    /// A secretary agrees.
    pub secretary: bool,
    /// The chair agrees.
    pub chair: bool,
}

/// Who chose what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct NameView {
    /// The choice for each line; empty = did not vote.
    pub marks: BTreeMap<LineId, ChoiceId>,
    /// By which road.
    pub channel: Channel,
}

/// The result of one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ResultView {
    /// Votes for each choice.
    pub votes: BTreeMap<ChoiceId, u32>,
    /// Votes in favour.
    pub in_favour: u32,
    /// Không tham gia biểu quyết.
    pub not_voting: u32,
    /// Carried.
    pub carried: bool,
}

/// One's own ballot in the vote that stands on the screens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MyBallot {
    /// Which vote.
    pub vote: VoteId,
    /// By which road one's choice comes in.
    pub channel: Channel,
    /// What is recorded; empty = nothing.
    pub marks: BTreeMap<LineId, ChoiceId>,
    /// When it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub at: Option<Time>,
    /// One's own objection, as it waits; empty = none.
    pub objection: BTreeMap<LineId, ChoiceId>,
}

/// The hands that a site lead has to count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MyHands {
    /// In which vote.
    pub vote: VoteId,
    /// Where.
    pub site: SiteId,
    /// Whose hands, in the order of the roster.
    pub people: Vec<PersonId>,
    /// What was entered; empty = nothing yet.
    pub counts: BTreeMap<LineId, BTreeMap<ChoiceId, u32>>,
    /// Why fewer than sit there.
    pub explanation: String,
}
