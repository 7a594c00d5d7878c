//! Who may ask for what, and when: one table, role × command × phase (PRODUCT 3.0, 3.3.2, 3.4.1), which both `decide` and
//! `preview` read, and so every screen's buttons.
//!
//! It answers in which *capacity* somebody acts, and in which phases of the sitting; whether the act makes sense now is for the
//! files of each subject. The whole of it, asked of the meeting, stands in `tests/rights.txt`.

use crate::command::{Actor, Command};
use crate::confidence::command::ConfidenceCommand;
use crate::id::{DeviceId, PersonId, SiteId};
use crate::meeting::Meeting;
use crate::paper::command::PaperCommand;
use crate::question::command::QuestionCommand;
use crate::refusal::Refusal;
use crate::setup::Role;
use crate::sitting::Phase;
use crate::vote::command::VoteCommand;

/// In which capacity somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Capacity {
    /// Chủ tọa điều hành, at the chair's console.
    Presiding,
    /// Đồng chủ tọa.
    CoChair,
    /// Thư ký điều phối: a secretary to whom the chair has left the queue.
    Coordinator,
    /// Thư ký.
    Secretary,
    /// Kỹ thuật trung tâm.
    Technician,
    /// Trưởng điểm cầu, for people of the own site.
    SiteLead,
    /// For oneself, with the active device.
    Own,
    /// Who has the floor, with the active device.
    Speaker,
    /// Who stands at the bridge point's kiosk, by PIN, for this one act.
    AtKiosk,
    /// Ban kiểm phiếu, with the active device.
    Board,
    /// A room, for itself.
    Room,
    /// The hub.
    Hub,
}

use Capacity::{
    AtKiosk, Board, CoChair, Coordinator, Hub, Own, Presiding, Room, Secretary, SiteLead, Speaker, Technician,
};

/// The table. Within a row, the first capacity that fits is the one in which somebody acts.
pub(crate) fn capacities(command: &Command) -> &'static [Capacity] {
    match command {
        Command::StartTechnicalCheck | Command::OpenLobby => &[Presiding, Secretary, Technician],
        Command::OpenSitting { .. }
        | Command::Suspend { .. }
        | Command::Resume
        | Command::CloseSitting
        | Command::OfferChair { .. }
        | Command::WithdrawChairOffer
        | Command::TakeConsole
        | Command::SetCoordination { .. }
        | Command::OpenItem { .. }
        | Command::CloseItem { .. } => &[Presiding],
        Command::ShowCaption { .. } => &[Presiding, Secretary],
        Command::AcceptChair | Command::ClaimChair => &[CoChair],
        Command::CloseDoors { .. } | Command::AdmitRoom { .. } | Command::AdmitPerson { .. } | Command::OpenDoors => {
            &[Presiding]
        }
        Command::DropClosed => &[Presiding, Secretary],
        Command::ProposeClosed { .. } | Command::AnswerClaim { .. } => &[Secretary],
        Command::SetTotal { .. } => &[Presiding, Secretary],

        Command::OpenList | Command::CloseList | Command::KeepListOpen => &[Presiding, Coordinator],
        Command::Register { .. } => &[Own, Presiding, Secretary, SiteLead],
        Command::Withdraw { .. } | Command::ChangeKind { .. } => &[Own, Secretary, SiteLead],
        Command::AnswerLate { .. } | Command::InviteDirect { .. } | Command::SendAllInWriting => &[Presiding],
        Command::CallOnDeck { .. }
        | Command::CancelOnDeck { .. }
        | Command::Invite { .. }
        | Command::InviteByPhone { .. }
        | Command::Defer { .. }
        | Command::RefuseRequest { .. }
        | Command::Move { .. } => &[Presiding, Coordinator],
        Command::Restore { .. } => &[Presiding, Coordinator, Secretary],

        Command::StartClock => &[Presiding, Secretary],
        Command::PauseTurn => &[Presiding, Secretary, Technician],
        Command::ContinueTurn | Command::ContinueByPhone | Command::Extend { .. } => &[Presiding, Coordinator],
        Command::AskExtension => &[Speaker],
        Command::EndTurn => &[Presiding, Speaker, Secretary],
        Command::UndoEnd { .. } | Command::Remind => &[Presiding],
        Command::OpenMicrophone { .. }
        | Command::ArrangeStage { .. }
        | Command::ReleaseStage
        | Command::SilenceAll
        | Command::LiftSilence => &[Presiding, Technician],
        Command::AskCheck { .. } => &[Presiding, Secretary, Technician, Room],
        Command::RecordCheck { .. } => &[Room],

        Command::StartRoll => &[Presiding, Secretary],
        Command::StartCalling { .. }
        | Command::AnswerCall { .. }
        | Command::StartSecondRound
        | Command::FreezeRoll
        | Command::CancelRoll
        | Command::AnswerProposal { .. }
        | Command::Mark { .. }
        | Command::Seat { .. } => &[Secretary],
        Command::CheckIn | Command::AskLeave { .. } => &[Own],
        Command::AnswerLeave { .. } | Command::AnswerCorrection { .. } => &[Presiding],
        Command::ProposeSite { .. } => &[SiteLead],

        Command::NoteTurn { .. } => &[Secretary],
        Command::WriteScript { .. } => &[Presiding, Secretary],

        Command::Question(command) => question_capacities(command),
        Command::Vote(command) => vote_capacities(command),
        Command::Confidence(command) => confidence_capacities(command),
        Command::Paper(command) => paper_capacities(command),

        Command::ReportPerson { .. }
        | Command::BindDevice { .. }
        | Command::ReportEndpoint { .. }
        | Command::ReportRestart { .. }
        | Command::ReportVoice { .. }
        | Command::ReportRoomDevice { .. }
        | Command::ReportWatching { .. }
        | Command::ReportRecording { .. } => &[Hub],
    }
}

/// The rows of questions: a delegate asks, a secretary sorts and notes, the chair chooses, invites and judges (PRODUCT 3.7).
fn question_capacities(command: &QuestionCommand) -> &'static [Capacity] {
    match command {
        QuestionCommand::Send { .. } | QuestionCommand::Revise { .. } | QuestionCommand::Withdraw { .. } => {
            &[Own, Secretary]
        }
        QuestionCommand::Receive { .. }
        | QuestionCommand::Return { .. }
        | QuestionCommand::Forward { .. }
        | QuestionCommand::File { .. }
        | QuestionCommand::Note { .. }
        | QuestionCommand::ChangeNote { .. }
        | QuestionCommand::DropNote { .. } => &[Secretary],
        QuestionCommand::PutInWriting { .. } => &[Presiding, Secretary],
        QuestionCommand::Ask { .. } => &[Presiding, Coordinator],
        QuestionCommand::Choose { .. }
        | QuestionCommand::Call { .. }
        | QuestionCommand::ReadOut { .. }
        | QuestionCommand::Answer { .. }
        | QuestionCommand::Judge { .. } => &[Presiding],
    }
}

/// The rows of votes: a secretary prepares and counts, the chair opens and announces, a delegate votes (PRODUCT 3.0, 3.5).
fn vote_capacities(command: &VoteCommand) -> &'static [Capacity] {
    match command {
        VoteCommand::Prepare { .. } | VoteCommand::Edit { .. } | VoteCommand::Ready { .. } => &[Secretary],
        VoteCommand::Discard { .. } => &[Presiding, Secretary],
        VoteCommand::Open { .. }
        | VoteCommand::Extend { .. }
        | VoteCommand::Pause { .. }
        | VoteCommand::Continue { .. }
        | VoteCommand::Admit { .. }
        | VoteCommand::Announce { .. }
        | VoteCommand::Cancel { .. }
        | VoteCommand::Repeat { .. } => &[Presiding],
        VoteCommand::Close { .. } | VoteCommand::Lock { .. } | VoteCommand::AnswerObjection { .. } => {
            &[Presiding, Secretary]
        }
        VoteCommand::Route { .. } | VoteCommand::EnterSpoken { .. } => &[Secretary],
        VoteCommand::ConfirmSpoken { .. } | VoteCommand::ConfirmHands { .. } => &[Presiding, Secretary],
        VoteCommand::EnterHands { .. } => &[Secretary, SiteLead],
        VoteCommand::Cast { .. } => &[Own, AtKiosk],
        VoteCommand::Object { .. } => &[Own, Secretary],
    }
}

/// The rows of confidence votes: a secretary makes the list, the chair leads (PRODUCT 3.0, 3.6).
fn confidence_capacities(command: &ConfidenceCommand) -> &'static [Capacity] {
    match command {
        ConfidenceCommand::Prepare { .. }
        | ConfidenceCommand::SendReport { .. }
        | ConfidenceCommand::NoteAbsent { .. }
        | ConfidenceCommand::Resign { .. } => &[Secretary],
        ConfidenceCommand::StartCasting
        | ConfidenceCommand::StartCounting
        | ConfidenceCommand::Announce
        | ConfidenceCommand::Cancel { .. } => &[Presiding],
        ConfidenceCommand::Confirm { .. } => &[Presiding, Secretary],
    }
}

/// The rows of ballots on paper: the counting board counts, and nobody for it.
fn paper_capacities(command: &PaperCommand) -> &'static [Capacity] {
    match command {
        PaperCommand::ElectBoard { .. } => &[Presiding],
        PaperCommand::Issue { .. } => &[Secretary, Board],
        PaperCommand::CloseBox { .. } | PaperCommand::Enter { .. } | PaperCommand::Sign { .. } => &[Board],
    }
}

/// The phases of the table.
pub(crate) fn phases(command: &Command) -> &'static [Phase] {
    match command {
        Command::OpenSitting { .. } => &[Phase::Lobby],
        Command::Resume => &[Phase::Suspended],
        Command::Suspend { .. }
        | Command::CloseDoors { .. }
        | Command::OpenItem { .. }
        | Command::ShowCaption { .. }
        | Command::OpenList
        | Command::CallOnDeck { .. }
        | Command::Invite { .. }
        | Command::InviteByPhone { .. }
        | Command::InviteDirect { .. }
        | Command::StartClock
        | Command::PauseTurn
        | Command::ContinueTurn
        | Command::ContinueByPhone
        | Command::AskExtension
        | Command::UndoEnd { .. }
        | Command::Remind
        | Command::ArrangeStage { .. }
        | Command::ReportVoice { .. } => &[Phase::Open],
        Command::CloseSitting
        | Command::CloseItem { .. }
        | Command::CloseList
        | Command::Register { .. }
        | Command::AnswerLate { .. }
        | Command::Withdraw { .. }
        | Command::ChangeKind { .. }
        | Command::CancelOnDeck { .. }
        | Command::Defer { .. }
        | Command::Restore { .. }
        | Command::RefuseRequest { .. }
        | Command::Move { .. }
        | Command::SendAllInWriting
        | Command::Extend { .. }
        | Command::EndTurn => UNDER_WAY,
        Command::StartRoll | Command::ProposeClosed { .. } => &[Phase::Lobby, Phase::Open, Phase::Suspended],
        Command::OpenMicrophone { .. } | Command::SilenceAll | Command::CheckIn | Command::ProposeSite { .. } => {
            &[Phase::TechnicalCheck, Phase::Lobby, Phase::Open, Phase::Suspended]
        }
        Command::OfferChair { .. }
        | Command::AcceptChair
        | Command::ClaimChair
        | Command::SetTotal { .. }
        | Command::SetCoordination { .. }
        | Command::DropClosed
        | Command::AdmitRoom { .. }
        | Command::AdmitPerson { .. }
        | Command::OpenDoors
        | Command::AskCheck { .. }
        | Command::RecordCheck { .. }
        | Command::AskLeave { .. }
        | Command::AnswerLeave { .. }
        | Command::Seat { .. }
        | Command::WriteScript { .. } => UNTIL_CLOSED,
        Command::Question(command) => question_phases(command),
        Command::Vote(command) => vote_phases(command),
        Command::Confidence(command) => confidence_phases(command),
        Command::Paper(command) => paper_phases(command),
        // Each finds its own words when there is nothing to do, or belongs to the record, which stays open for corrections.
        Command::StartTechnicalCheck
        | Command::OpenLobby
        | Command::WithdrawChairOffer
        | Command::AnswerClaim { .. }
        | Command::TakeConsole
        | Command::KeepListOpen
        | Command::ReleaseStage
        | Command::LiftSilence
        | Command::StartCalling { .. }
        | Command::AnswerCall { .. }
        | Command::StartSecondRound
        | Command::FreezeRoll
        | Command::CancelRoll
        | Command::AnswerCorrection { .. }
        | Command::AnswerProposal { .. }
        | Command::Mark { .. }
        | Command::NoteTurn { .. }
        | Command::ReportPerson { .. }
        | Command::BindDevice { .. }
        | Command::ReportEndpoint { .. }
        | Command::ReportRestart { .. }
        | Command::ReportRoomDevice { .. }
        | Command::ReportWatching { .. }
        | Command::ReportRecording { .. } => ALWAYS,
    }
}

/// Papers come and are sorted until the end; the loop needs an open sitting; the record is finished after the close.
fn question_phases(command: &QuestionCommand) -> &'static [Phase] {
    match command {
        QuestionCommand::Call { .. }
        | QuestionCommand::Ask { .. }
        | QuestionCommand::ReadOut { .. }
        | QuestionCommand::Answer { .. } => &[Phase::Open],
        QuestionCommand::Judge { .. } => UNDER_WAY,
        QuestionCommand::Note { .. } | QuestionCommand::ChangeNote { .. } | QuestionCommand::DropNote { .. } => {
            &[Phase::Open, Phase::Suspended, Phase::Closed]
        }
        QuestionCommand::Send { .. }
        | QuestionCommand::Revise { .. }
        | QuestionCommand::Withdraw { .. }
        | QuestionCommand::Receive { .. }
        | QuestionCommand::Return { .. }
        | QuestionCommand::Forward { .. }
        | QuestionCommand::File { .. }
        | QuestionCommand::Choose { .. }
        | QuestionCommand::PutInWriting { .. } => UNTIL_CLOSED,
    }
}

/// Opening and going on need an open sitting; neither ends nor rests while a vote is under way, so the rest finds it open.
fn vote_phases(command: &VoteCommand) -> &'static [Phase] {
    match command {
        VoteCommand::Open { .. } | VoteCommand::Continue { .. } => &[Phase::Open],
        VoteCommand::Prepare { .. } | VoteCommand::Repeat { .. } => UNTIL_CLOSED,
        VoteCommand::Edit { .. }
        | VoteCommand::Ready { .. }
        | VoteCommand::Discard { .. }
        | VoteCommand::Extend { .. }
        | VoteCommand::Pause { .. }
        | VoteCommand::Admit { .. }
        | VoteCommand::Route { .. }
        | VoteCommand::Cast { .. }
        | VoteCommand::EnterSpoken { .. }
        | VoteCommand::ConfirmSpoken { .. }
        | VoteCommand::EnterHands { .. }
        | VoteCommand::ConfirmHands { .. }
        | VoteCommand::Close { .. }
        | VoteCommand::Object { .. }
        | VoteCommand::AnswerObjection { .. }
        | VoteCommand::Announce { .. }
        | VoteCommand::Lock { .. }
        | VoteCommand::Cancel { .. } => ALWAYS,
    }
}

/// What is put to the delegates and told to them needs an open sitting.
fn confidence_phases(command: &ConfidenceCommand) -> &'static [Phase] {
    match command {
        ConfidenceCommand::StartCasting | ConfidenceCommand::Announce => &[Phase::Open],
        ConfidenceCommand::StartCounting => UNDER_WAY,
        ConfidenceCommand::Prepare { .. }
        | ConfidenceCommand::SendReport { .. }
        | ConfidenceCommand::NoteAbsent { .. }
        | ConfidenceCommand::Resign { .. }
        | ConfidenceCommand::Cancel { .. } => UNTIL_CLOSED,
        ConfidenceCommand::Confirm { .. } => ALWAYS,
    }
}

/// The board counts while the sitting takes a break.
fn paper_phases(command: &PaperCommand) -> &'static [Phase] {
    match command {
        PaperCommand::ElectBoard { .. } => &[Phase::Open],
        PaperCommand::Issue { .. }
        | PaperCommand::CloseBox { .. }
        | PaperCommand::Enter { .. }
        | PaperCommand::Sign { .. } => UNDER_WAY,
    }
}

const UNDER_WAY: &[Phase] = &[Phase::Open, Phase::Suspended];
const UNTIL_CLOSED: &[Phase] = &[
    Phase::Preparing,
    Phase::TechnicalCheck,
    Phase::Lobby,
    Phase::Open,
    Phase::Suspended,
];
const ALWAYS: &[Phase] = &[
    Phase::Preparing,
    Phase::TechnicalCheck,
    Phase::Lobby,
    Phase::Open,
    Phase::Suspended,
    Phase::Closed,
];

/// Whom or where a command concerns, as far as rights depend on it.
enum Concern {
    /// A person.
    Person(PersonId),
    /// A site.
    Site(SiteId),
    /// Nobody in particular, or the one who asks.
    Asker,
}

impl Meeting {
    /// In which capacity `by` may give `command`, or why not.
    pub(crate) fn capacity(&self, by: &Actor, command: &Command) -> Result<Capacity, Refusal> {
        let row = capacities(command);
        let (id, device) = match by {
            Actor::System => {
                return if row.contains(&Hub) {
                    Ok(Hub)
                } else {
                    Err(Refusal::NotAllowed)
                };
            }
            Actor::Room { id } => {
                return if row.contains(&Room) && self.setup.endpoints.contains_key(id) {
                    Ok(Room)
                } else {
                    Err(Refusal::NotAllowed)
                };
            }
            Actor::Kiosk { voter, .. } => return self.at_kiosk(voter.as_ref(), row),
            Actor::Person { id, device } => (id, device),
        };
        if !self.setup.people.contains_key(id) {
            return Err(Refusal::Unknown);
        }
        if row.contains(&Hub) {
            return Err(Refusal::NotAllowed);
        }
        // PRODUCT 3.13: whoever is outside takes no part in what is not to be heard.
        if !self.admits_person(id) {
            return Err(Refusal::Outside);
        }
        let concern = self.concern(command)?;
        let mut why_not = None;
        for capacity in row {
            match self.holds(*capacity, id, device, &concern, command) {
                Ok(true) => return Ok(*capacity),
                Ok(false) => {}
                Err(refusal) => why_not = why_not.or(Some(refusal)),
            }
        }
        let chair_act = row.contains(&Presiding) && self.has_role(id, Role::Chair);
        Err(why_not.unwrap_or(if chair_act {
            Refusal::NotPresiding
        } else {
            Refusal::NotAllowed
        }))
    }

    /// A kiosk takes the votes of delegates and nothing else (PRODUCT 3.1); without somebody in front of it, nothing at all.
    fn at_kiosk(&self, voter: Option<&PersonId>, row: &[Capacity]) -> Result<Capacity, Refusal> {
        let voter = voter
            .filter(|voter| row.contains(&AtKiosk) && self.has_role(voter, Role::Delegate))
            .ok_or(Refusal::NotAllowed)?;
        if self.admits_person(voter) {
            Ok(AtKiosk)
        } else {
            Err(Refusal::Outside)
        }
    }

    fn concern(&self, command: &Command) -> Result<Concern, Refusal> {
        if let Command::Register {
            person: Some(person), ..
        } = command
        {
            return Ok(Concern::Person(person.clone()));
        }
        if let Command::Withdraw { request } | Command::ChangeKind { request, .. } = command {
            return Ok(Concern::Person(self.find_request(request)?.person.clone()));
        }
        if let Command::Question(command) = command {
            return Ok(match command {
                QuestionCommand::Send {
                    person: Some(person), ..
                } => Concern::Person(person.clone()),
                QuestionCommand::Revise { question, .. } | QuestionCommand::Withdraw { question } => {
                    Concern::Person(self.find_question(question)?.asker.clone())
                }
                QuestionCommand::Send { person: None, .. }
                | QuestionCommand::Receive { .. }
                | QuestionCommand::Return { .. }
                | QuestionCommand::Forward { .. }
                | QuestionCommand::File { .. }
                | QuestionCommand::Choose { .. }
                | QuestionCommand::PutInWriting { .. }
                | QuestionCommand::Call { .. }
                | QuestionCommand::Ask { .. }
                | QuestionCommand::ReadOut { .. }
                | QuestionCommand::Answer { .. }
                | QuestionCommand::Judge { .. }
                | QuestionCommand::Note { .. }
                | QuestionCommand::ChangeNote { .. }
                | QuestionCommand::DropNote { .. } => Concern::Asker,
            });
        }
        if let Command::Vote(VoteCommand::Object {
            person: Some(person), ..
        }) = command
        {
            return Ok(Concern::Person(person.clone()));
        }
        if let Command::ProposeSite { site, .. } | Command::Vote(VoteCommand::EnterHands { site, .. }) = command {
            return Ok(Concern::Site(site.clone()));
        }
        Ok(Concern::Asker)
    }

    /// Whether this person holds this capacity here; an error when only the device or the chair's absence forbids it.
    fn holds(
        &self,
        capacity: Capacity,
        id: &PersonId,
        device: &DeviceId,
        concern: &Concern,
        command: &Command,
    ) -> Result<bool, Refusal> {
        Ok(match capacity {
            Presiding => {
                if *id != self.presiding {
                    return Ok(false);
                }
                let taking = matches!(command, Command::TakeConsole);
                if !taking && self.console.as_ref().is_some_and(|console| console != device) {
                    return Err(Refusal::OtherConsole);
                }
                true
            }
            CoChair => self.has_role(id, Role::Chair) && *id != self.presiding,
            Coordinator => {
                if !(self.secretary_coordinates && self.has_role(id, Role::Secretary)) {
                    return Ok(false);
                }
                // PRODUCT 3.3.6, "Chair disconnects": who speaks may finish, nobody new is invited.
                let finishing = matches!(
                    command,
                    Command::ContinueTurn | Command::ContinueByPhone | Command::Extend { .. }
                );
                if !finishing && !self.presiding_online() {
                    return Err(Refusal::ChairOffline);
                }
                true
            }
            Secretary => self.has_role(id, Role::Secretary),
            Technician => self.has_role(id, Role::CentralTechnician),
            SiteLead => {
                self.has_role(id, Role::SiteLead)
                    && match concern {
                        Concern::Person(person) => self.seat(person).is_some_and(|site| self.seat(id) == Some(site)),
                        Concern::Site(site) => self.seat(id) == Some(site),
                        Concern::Asker => true,
                    }
            }
            Own => {
                let concerned = match concern {
                    Concern::Person(person) => person == id,
                    Concern::Site(_) => false,
                    Concern::Asker => true,
                };
                // Nobody but a delegate votes, and nobody for another (PRODUCT 3.0, 6 R2).
                let no_vote = matches!(command, Command::Vote(_)) && !self.has_role(id, Role::Delegate);
                concerned && !no_vote && self.active_device(id, device)?
            }
            Speaker => self.turn.as_ref().is_some_and(|turn| turn.person == *id) && self.active_device(id, device)?,
            Board => self.on_the_board(id) && self.active_device(id, device)?,
            AtKiosk | Room | Hub => false,
        })
    }

    /// One active companion per delegate (PRODUCT 3.1); before any is bound, every device is as good.
    fn active_device(&self, id: &PersonId, device: &DeviceId) -> Result<bool, Refusal> {
        match self.devices.get(id) {
            Some(active) if active != device => Err(Refusal::OtherDevice),
            Some(_) | None => Ok(true),
        }
    }

    pub(crate) fn has_role(&self, id: &PersonId, role: Role) -> bool {
        self.setup
            .people
            .get(id)
            .is_some_and(|person| person.roles.contains(&role))
    }
}
