//! Why not. A refusal has a stable code and the numbers a message needs; the words belong to the client.

use crate::id::{PersonId, QuestionId, RequestId, VoteId};
use crate::paper::count::Sum;
use serde::{Deserialize, Serialize};

/// Why a command was refused. Nothing happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The role does not allow it.
    NotAllowed,
    /// Only the presiding chair may.
    NotPresiding,
    /// The chair's console is open on another device; take it over first.
    OtherConsole,
    /// This device was replaced by a newer one.
    OtherDevice,
    /// No such person, room, site, request or item.
    Unknown,
    /// Not in this state of the sitting.
    WrongPhase,
    /// A technical check or lobby cannot follow here.
    WrongOrder,
    /// Nobody presides who is online.
    ChairOffline,
    /// No secretary is online.
    NoSecretary,
    /// Attendance was never taken.
    NoRoll,
    /// Not recorded, and the chair has not said that this is intended.
    NotRecorded,
    /// Too few present.
    NoQuorum {
        /// Present.
        present: u32,
        /// Needed.
        needed: u32,
    },
    /// The list is closed.
    ListClosed,
    /// No item of the agenda is open.
    NoItem,
    /// Another item is open.
    ItemOpen,
    /// Requests are left; say what becomes of them.
    QueueNotEmpty {
        /// How many.
        left: u32,
    },
    /// The same kind of request for the same item is already there (PRODUCT 3.3.6).
    AlreadyRegistered {
        /// The request.
        request: RequestId,
        /// Its place in the queue, from 1.
        position: u32,
    },
    /// Not this kind of request, for this person, now.
    KindNotOpen,
    /// The delegate is not recorded as present.
    NotPresent,
    /// The delegate's room is not connected.
    RoomOffline,
    /// Everybody hears that room now; a check would be heard, too.
    RoomLive,
    /// The request is not in a state for this.
    RequestState,
    /// Nobody is speaking.
    NoTurn,
    /// The turn is not in a state for this.
    TurnState,
    /// Too late to take the turn up again.
    UndoExpired,
    /// Somebody else has the floor.
    FloorTaken,
    /// No roll call is open.
    NoRollOpen,
    /// A roll call is already open.
    RollOpen,
    /// That person is not being called.
    NotCalled,
    /// A reason is compulsory.
    ReasonMissing,
    /// A ceremony is under way in which nobody is given the word.
    Ceremony,
    /// Questions are put only to those whom the roster names for it.
    NotQuestioned,
    /// The question is not in a state for this.
    QuestionState,
    /// Questions wait for the answer of another person.
    AnswerFirst {
        /// One of them.
        question: QuestionId,
    },
    /// Who was asked answers personally; for somebody else a reason is compulsory.
    AnswersPersonally {
        /// Who was asked.
        person: PersonId,
    },
    /// The item does not close without a conclusion.
    ConclusionMissing,
    /// Secret: only in a closed sitting.
    ClosedOnly,
    /// Outside the doors of a closed sitting.
    Outside,
    /// Nobody has asked that the sitting be closed.
    NotProposed,
    /// The sitting is public.
    NotClosed,
    /// Too few ask for it.
    TooFew {
        /// How many.
        count: u32,
        /// How many must.
        needed: u32,
    },
    /// Too long, or out of range.
    OutOfRange,
    /// Nothing would change.
    NoChange,
    /// A hand-over or claim is not under way.
    NoHandOver,
    /// The presiding chair has not been away long enough.
    ChairNotAway {
        /// Seconds still to wait.
        seconds: u32,
    },
    /// Only for people who sit where the rules allow (trực tuyến cá nhân is off).
    PersonalNotAllowed,
    /// Title, text, decision or a label is missing.
    TextMissing,
    /// The vote is not in a state for this.
    VoteState,
    /// A vote is under way.
    VoteRunning {
        /// Which.
        vote: VoteId,
    },
    /// An amendment or a disputed point of this text is voted on before it.
    AmendmentFirst {
        /// Which.
        vote: VoteId,
    },
    /// The vote is closed: this came too late and does not count.
    VoteClosed,
    /// The vote is paused: nothing is taken now.
    VotePaused,
    /// Not among those who may vote here.
    NotEntitled,
    /// This choice does not come in on a device.
    NotByDevice,
    /// This choice does not come in at the kiosk.
    NotByKiosk,
    /// This delegate sits at another bridge point.
    OtherSite,
    /// This choice does not come in by word of mouth.
    NotByVoice,
    /// The choice is in already and is not changed any more.
    AlreadyVoted,
    /// Not a ballot of this vote: an unknown choice, too many in favour, or a line left blank.
    BallotInvalid,
    /// More hands than sit there.
    TooManyHands {
        /// Hands counted.
        counted: u32,
        /// Electors there.
        electors: u32,
    },
    /// Somebody else has to confirm it.
    SamePerson,
    /// The time is not over and some have not voted.
    NotAllVoted {
        /// How many.
        missing: u32,
    },
    /// Choices by word of mouth wait for a second person.
    SpokenWaits {
        /// How many.
        count: u32,
    },
    /// Counts of hands are not confirmed.
    HandsUnconfirmed {
        /// How many.
        count: u32,
    },
    /// Objections are not answered.
    ObjectionOpen {
        /// How many.
        count: u32,
    },
    /// Delegates still have time to check their ballots.
    CheckRunning {
        /// Seconds left.
        seconds: u32,
    },
    /// The confidence vote is not at the step for this, or there is none.
    ConfidenceState,
    /// Reports of people on the list were not sent yet.
    ReportsMissing {
        /// How many.
        count: u32,
    },
    /// The ballots on paper are not at the step for this.
    PaperState,
    /// The sitting has no counting board.
    NoBoard,
    /// Nobody counts ballots about themselves.
    BoardConflict {
        /// Who.
        person: PersonId,
    },
    /// Too few members of the counting board, in all or at this box.
    BoardTooFew {
        /// How many there have to be.
        needed: u32,
    },
    /// Only members who sit where the box is.
    NotAtBox,
    /// Boxes are not closed yet, or there is none.
    BoxesOpen {
        /// How many are not; 0 = there is none.
        count: u32,
    },
    /// A sum of the count does not hold.
    CountWrong {
        /// Which.
        sum: Sum,
    },
    /// Members of the board have not signed yet.
    NotSigned {
        /// How many are lacking.
        count: u32,
    },
}
