//! Which events are legal acts: what a journal is signed for at once, instead of with the next minute (PRODUCT 3.18).

use crate::confidence::event::ConfidenceEvent;
use crate::event::Event;
use crate::paper::event::PaperEvent;
use crate::question::event::QuestionEvent;
use crate::vote::event::VoteEvent;

impl Event {
    /// Something that the minutes will state as done: that the sitting began, broke or ended, who presides, who was there, how
    /// many count, what was voted on and with which result.
    #[must_use]
    pub fn is_legal_act(&self) -> bool {
        match self {
            Self::SittingOpened { .. }
            | Self::SittingSuspended { .. }
            | Self::SittingResumed
            | Self::SittingClosed
            | Self::TotalChanged { .. }
            | Self::ChairChanged { .. }
            | Self::RollFrozen(_)
            | Self::DoorsClosed { .. }
            | Self::RoomAdmitted { .. }
            | Self::PersonAdmitted { .. }
            | Self::DoorsOpened
            | Self::CorrectionRefused { .. } => true,
            Self::AttendanceChanged { correction, .. } => *correction,
            Self::Question(event) => event.is_legal_act(),
            Self::Vote(event) => event.is_legal_act(),
            Self::Confidence(event) => event.is_legal_act(),
            Self::Paper(event) => event.is_legal_act(),
            Self::SittingCreated { .. }
            | Self::TechnicalCheckStarted
            | Self::LobbyOpened
            | Self::RecordingChanged { .. }
            | Self::ClosedProposed { .. }
            | Self::ClosedDropped
            | Self::ChairOffered { .. }
            | Self::ChairOfferWithdrawn
            | Self::ClaimOpened
            | Self::ChairClaimed { .. }
            | Self::ClaimDropped
            | Self::ConsoleTaken { .. }
            | Self::CoordinationSet { .. }
            | Self::ItemOpened { .. }
            | Self::ItemClosed { .. }
            | Self::CaptionShown { .. }
            | Self::ListOpened { .. }
            | Self::WindowClosed { .. }
            | Self::ListClosing { .. }
            | Self::ListKeptOpen
            | Self::ListClosed { .. }
            | Self::Requested(_)
            | Self::LateAnswered { .. }
            | Self::Withdrawn { .. }
            | Self::KindChanged { .. }
            | Self::CalledOnDeck { .. }
            | Self::OnDeckCancelled { .. }
            | Self::Deferred { .. }
            | Self::Restored { .. }
            | Self::RequestRefused { .. }
            | Self::Moved { .. }
            | Self::SentInWriting { .. }
            | Self::Voided { .. }
            | Self::FloorGranted(_)
            | Self::ClockStarted { .. }
            | Self::TurnPaused { .. }
            | Self::SpeakerBack { .. }
            | Self::HoldEnded { .. }
            | Self::TurnContinued { .. }
            | Self::Extended { .. }
            | Self::ExtensionAsked { .. }
            | Self::Reminded { .. }
            | Self::MicrophoneCut { .. }
            | Self::TurnEnded { .. }
            | Self::TurnReopened { .. }
            | Self::MicrophoneOpened { .. }
            | Self::MicrophoneClosed { .. }
            | Self::CheckAsked { .. }
            | Self::RoomChecked { .. }
            | Self::CheckVoided { .. }
            | Self::StageArranged { .. }
            | Self::StageGivesWay { .. }
            | Self::StageReleased
            | Self::Silenced { .. }
            | Self::SilenceLifted { .. }
            | Self::RollStarted { .. }
            | Self::ElectronicEnded
            | Self::CallingStarted { .. }
            | Self::CallAnswered { .. }
            | Self::PresenceConfirmed { .. }
            | Self::RollCancelled
            | Self::LeaveAsked { .. }
            | Self::LeaveAnswered { .. }
            | Self::CorrectionAsked { .. }
            | Self::SiteProposed { .. }
            | Self::ProposalAnswered { .. }
            | Self::Seated { .. }
            | Self::TurnNoted { .. }
            | Self::ScriptWritten { .. }
            | Self::DeviceBound { .. }
            | Self::PersonOnline { .. }
            | Self::PersonOffline { .. }
            | Self::LineUp { .. }
            | Self::LineLost { .. }
            | Self::WatchBegan { .. }
            | Self::WatchEnded { .. }
            | Self::Restarted { .. }
            | Self::ReturnsOver => false,
        }
    }
}

impl VoteEvent {
    /// What frames a vote and what it led to; ballots themselves are signed with the close.
    fn is_legal_act(&self) -> bool {
        match self {
            Self::Opened { .. }
            | Self::Admitted { .. }
            | Self::Closed { .. }
            | Self::Corrected { .. }
            | Self::Announced { .. }
            | Self::Cancelled { .. }
            | Self::Repeated { .. } => true,
            Self::Prepared { .. }
            | Self::Readied { .. }
            | Self::Extended { .. }
            | Self::Paused { .. }
            | Self::Continued { .. }
            | Self::Routed { .. }
            | Self::Cast { .. }
            | Self::SpokenEntered { .. }
            | Self::SpokenAnswered { .. }
            | Self::HandsEntered { .. }
            | Self::HandsConfirmed { .. }
            | Self::Objected { .. }
            | Self::SecretaryAgreed { .. }
            | Self::ChairAgreed { .. }
            | Self::ObjectionRefused { .. }
            | Self::Locked { .. }
            | Self::Delayed { .. } => false,
        }
    }
}

impl QuestionEvent {
    /// That somebody else answered, and what the chair said of an answer.
    fn is_legal_act(&self) -> bool {
        match self {
            Self::AnswererReplaced { .. } | Self::Judged { .. } => true,
            Self::Sent { .. }
            | Self::Raised { .. }
            | Self::Revised { .. }
            | Self::Withdrawn { .. }
            | Self::Received { .. }
            | Self::Returned { .. }
            | Self::Forwarded { .. }
            | Self::Filed { .. }
            | Self::Chosen { .. }
            | Self::PutInWriting { .. }
            | Self::CarriedOver { .. }
            | Self::AnswererCalled { .. }
            | Self::Asked { .. }
            | Self::Noted { .. }
            | Self::NoteChanged { .. }
            | Self::NoteDropped { .. } => false,
        }
    }
}

impl ConfidenceEvent {
    fn is_legal_act(&self) -> bool {
        match self {
            Self::CastingStarted { .. } | Self::Announced { .. } | Self::Confirmed { .. } | Self::Cancelled { .. } => {
                true
            }
            Self::Prepared { .. } | Self::ReportSent { .. } | Self::AbsenceNoted { .. } | Self::Resigned { .. } => {
                false
            }
        }
    }
}

impl PaperEvent {
    fn is_legal_act(&self) -> bool {
        match self {
            Self::BoardElected { .. }
            | Self::BoxClosed { .. }
            | Self::CountingStarted { .. }
            | Self::Agreed { .. }
            | Self::Counted { .. }
            | Self::Signed { .. } => true,
            Self::Issued { .. } | Self::Entered { .. } => false,
        }
    }
}
