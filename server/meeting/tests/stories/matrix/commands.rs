//! One example of every command, and whom it is about.

use super::Target;
use crate::check::good;
use crate::vote::{content, marks};
use meeting::command::{Attendance, CallAnswer, CallOrder, Command};
use meeting::confidence::Mode;
use meeting::confidence::command::ConfidenceCommand;
use meeting::cut::Preset;
use meeting::id::{PersonId, SiteId, Time, VoteId};
use meeting::note::Mark;
use meeting::paper::Poll;
use meeting::paper::command::PaperCommand;
use meeting::paper::count::Count;
use meeting::privacy::Ground;
use meeting::question::command::QuestionCommand;
use meeting::question::{NoteKind, NoteText};
use meeting::setup::RequestKind;
use meeting::vote::command::VoteCommand;
use meeting::vote::content::Method;
use meeting::vote::{Channel, Counts};
use std::collections::BTreeSet;

/// What the rights of a command may depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Nobody in particular, or the one who asks.
    Nobody,
    /// A person, or a person's request.
    Person,
    /// A site.
    Site,
    /// A room.
    Room,
}

/// Whom a command is about. A new command has to say it here.
pub(super) fn about(command: &Command) -> About {
    match command {
        Command::StartTechnicalCheck
        | Command::OpenLobby
        | Command::OpenSitting { .. }
        | Command::Suspend { .. }
        | Command::Resume
        | Command::CloseSitting
        | Command::WithdrawChairOffer
        | Command::AcceptChair
        | Command::ClaimChair
        | Command::AnswerClaim { .. }
        | Command::TakeConsole
        | Command::SetTotal { .. }
        | Command::SetCoordination { .. }
        | Command::ProposeClosed { .. }
        | Command::DropClosed
        | Command::CloseDoors { .. }
        | Command::OpenDoors
        | Command::OpenItem { .. }
        | Command::CloseItem { .. }
        | Command::ShowCaption { .. }
        | Command::OpenList
        | Command::CloseList
        | Command::KeepListOpen
        | Command::SendAllInWriting
        | Command::StartClock
        | Command::PauseTurn
        | Command::ContinueTurn
        | Command::ContinueByPhone
        | Command::Extend { .. }
        | Command::AskExtension
        | Command::EndTurn
        | Command::UndoEnd { .. }
        | Command::Remind
        | Command::ArrangeStage { .. }
        | Command::ReleaseStage
        | Command::SilenceAll
        | Command::LiftSilence
        | Command::StartRoll
        | Command::StartCalling { .. }
        | Command::StartSecondRound
        | Command::FreezeRoll
        | Command::CancelRoll
        | Command::CheckIn
        | Command::AskLeave { .. }
        | Command::RecordCheck { .. }
        | Command::NoteTurn { .. }
        | Command::WriteScript { .. }
        | Command::ReportRestart { .. }
        | Command::ReportRecording { .. } => About::Nobody,
        Command::OfferChair { .. }
        | Command::AdmitPerson { .. }
        | Command::Register { .. }
        | Command::AnswerLate { .. }
        | Command::Withdraw { .. }
        | Command::ChangeKind { .. }
        | Command::CallOnDeck { .. }
        | Command::CancelOnDeck { .. }
        | Command::Invite { .. }
        | Command::InviteByPhone { .. }
        | Command::InviteDirect { .. }
        | Command::Defer { .. }
        | Command::Restore { .. }
        | Command::RefuseRequest { .. }
        | Command::Move { .. }
        | Command::AnswerCall { .. }
        | Command::AnswerLeave { .. }
        | Command::AnswerCorrection { .. }
        | Command::Mark { .. }
        | Command::Seat { .. }
        | Command::ReportPerson { .. }
        | Command::BindDevice { .. }
        | Command::ReportWatching { .. } => About::Person,
        Command::ProposeSite { .. } | Command::AnswerProposal { .. } => About::Site,
        Command::OpenMicrophone { .. }
        | Command::AdmitRoom { .. }
        | Command::AskCheck { .. }
        | Command::ReportEndpoint { .. }
        | Command::ReportVoice { .. }
        | Command::ReportRoomDevice { .. } => About::Room,
        Command::Question(command) => about_question(command),
        Command::Vote(command) => about_vote(command),
        Command::Confidence(_) | Command::Paper(_) => About::Nobody,
    }
}

fn about_question(command: &QuestionCommand) -> About {
    match command {
        QuestionCommand::Receive { .. }
        | QuestionCommand::Return { .. }
        | QuestionCommand::Forward { .. }
        | QuestionCommand::File { .. }
        | QuestionCommand::Choose { .. }
        | QuestionCommand::PutInWriting { .. }
        | QuestionCommand::Ask { .. }
        | QuestionCommand::ReadOut { .. }
        | QuestionCommand::Judge { .. }
        | QuestionCommand::Note { .. }
        | QuestionCommand::ChangeNote { .. }
        | QuestionCommand::DropNote { .. } => About::Nobody,
        QuestionCommand::Send { .. }
        | QuestionCommand::Revise { .. }
        | QuestionCommand::Withdraw { .. }
        | QuestionCommand::Call { .. }
        | QuestionCommand::Answer { .. } => About::Person,
    }
}

fn about_vote(command: &VoteCommand) -> About {
    match command {
        VoteCommand::Prepare { .. }
        | VoteCommand::Edit { .. }
        | VoteCommand::Ready { .. }
        | VoteCommand::Discard { .. }
        | VoteCommand::Open { .. }
        | VoteCommand::Extend { .. }
        | VoteCommand::Pause { .. }
        | VoteCommand::Continue { .. }
        | VoteCommand::Cast { .. }
        | VoteCommand::Close { .. }
        | VoteCommand::Announce { .. }
        | VoteCommand::Lock { .. }
        | VoteCommand::Cancel { .. }
        | VoteCommand::Repeat { .. } => About::Nobody,
        VoteCommand::Admit { .. }
        | VoteCommand::Route { .. }
        | VoteCommand::EnterSpoken { .. }
        | VoteCommand::ConfirmSpoken { .. }
        | VoteCommand::Object { .. }
        | VoteCommand::AnswerObjection { .. } => About::Person,
        VoteCommand::EnterHands { .. } | VoteCommand::ConfirmHands { .. } => About::Site,
    }
}

/// The name of a command, as it travels.
pub(super) fn name(command: &Command) -> String {
    let json = serde_json::to_value(command).expect("a command is JSON");
    let name = json["do"].as_str().expect("a command has a name");
    match json["act"].as_str() {
        Some(act) => format!("{name}_{act}"),
        None => name.to_owned(),
    }
}

/// The names of all commands there are, from the enum itself: serde lists what it would have understood.
pub(super) fn all() -> BTreeSet<String> {
    let known = |unknown: &str| -> Vec<String> {
        let error = serde_json::from_str::<Command>(unknown)
            .expect_err("no such command")
            .to_string();
        let (_, expected) = error.split_once("expected one of").expect("serde names what it knows");
        expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let families = ["confidence", "paper", "question", "vote"];
    let others = known(r#"{"do":"?"}"#)
        .into_iter()
        .filter(|name| !families.contains(&name.as_str()));
    let acts = families.iter().flat_map(|family| {
        known(&format!(r#"{{"do":"{family}","act":"?"}}"#))
            .into_iter()
            .map(move |act| format!("{family}_{act}"))
    });
    others.chain(acts).collect()
}

/// One of each, about this person, site, room or request.
pub(super) fn examples(target: &Target) -> Vec<Command> {
    [
        sitting(target),
        queue(target),
        turn(target),
        attendance(target),
        notes(),
        questions(target),
        votes(target),
        confidence(),
        paper(),
        hub(target),
    ]
    .concat()
}

fn confidence() -> Vec<Command> {
    [
        ConfidenceCommand::Prepare {
            mode: Mode::Hall,
            decision: why(),
            subjects: vec![super::on_the_list()],
        },
        ConfidenceCommand::SendReport { line: "1".into() },
        ConfidenceCommand::NoteAbsent {
            line: "1".into(),
            absent: true,
        },
        ConfidenceCommand::Resign {
            line: "1".into(),
            reason: why(),
        },
        ConfidenceCommand::StartCasting,
        ConfidenceCommand::StartCounting,
        ConfidenceCommand::Announce,
        ConfidenceCommand::Confirm { resolution: why() },
        ConfidenceCommand::Cancel { reason: why() },
    ]
    .map(Command::Confidence)
    .to_vec()
}

fn paper() -> Vec<Command> {
    let (poll, site) = (|| Poll::Confidence, || SiteId::from("hall"));
    [
        PaperCommand::ElectBoard {
            head: "lan".into(),
            members: ["lan", "minh", "dung"].map(PersonId::from).into(),
        },
        PaperCommand::Issue {
            poll: poll(),
            site: site(),
            ballots: 9,
        },
        PaperCommand::CloseBox {
            poll: poll(),
            site: site(),
        },
        PaperCommand::Enter {
            poll: poll(),
            site: site(),
            count: Count::default(),
        },
        PaperCommand::Sign { poll: poll() },
    ]
    .map(Command::Paper)
    .to_vec()
}

fn why() -> String {
    "vì công việc".to_owned()
}

fn sitting(target: &Target) -> Vec<Command> {
    vec![
        Command::StartTechnicalCheck,
        Command::OpenLobby,
        Command::OpenSitting {
            unrecorded: true,
            override_quorum: why(),
        },
        Command::Suspend { resume_at: None },
        Command::Resume,
        Command::CloseSitting,
        Command::OfferChair {
            to: target.person.clone(),
        },
        Command::WithdrawChairOffer,
        Command::AcceptChair,
        Command::ClaimChair,
        Command::AnswerClaim { confirm: true },
        Command::TakeConsole,
        Command::SetTotal {
            total: 10,
            reason: why(),
        },
        Command::ProposeClosed {
            ground: Ground::StandingCommittee,
            reason: why(),
        },
        Command::DropClosed,
        Command::CloseDoors {
            decision: why(),
            vote: None,
        },
        Command::AdmitRoom {
            endpoint: target.room.clone(),
            admit: true,
            reason: why(),
        },
        Command::AdmitPerson {
            person: target.person.clone(),
            admit: true,
            reason: why(),
        },
        Command::OpenDoors,
        Command::SetCoordination { secretary: true },
        Command::OpenItem {
            item: "thao-luan".into(),
        },
        Command::CloseItem { leftover: None },
        Command::ShowCaption { caption: None },
    ]
}

fn queue(target: &Target) -> Vec<Command> {
    let request = || target.request.clone();
    vec![
        Command::OpenList,
        Command::CloseList,
        Command::KeepListOpen,
        Command::Register {
            kind: RequestKind::Speech,
            subject: String::new(),
            person: Some(target.person.clone()),
        },
        Command::AnswerLate {
            request: request(),
            accept: true,
        },
        Command::Withdraw { request: request() },
        Command::ChangeKind {
            request: request(),
            kind: RequestKind::Question,
        },
        Command::CallOnDeck { request: request() },
        Command::CancelOnDeck { request: request() },
        Command::Invite {
            request: request(),
            out_of_order: None,
        },
        Command::InviteByPhone { request: request() },
        Command::InviteDirect {
            person: target.person.clone(),
            kind: RequestKind::Speech,
        },
        Command::Defer { request: request() },
        Command::Restore { request: request() },
        Command::RefuseRequest {
            request: request(),
            reason: why(),
        },
        Command::Move {
            request: request(),
            before: None,
        },
        Command::SendAllInWriting,
    ]
}

fn turn(target: &Target) -> Vec<Command> {
    let endpoint = || target.room.clone();
    vec![
        Command::StartClock,
        Command::PauseTurn,
        Command::ContinueTurn,
        Command::ContinueByPhone,
        Command::Extend { minutes: 1 },
        Command::AskExtension,
        Command::EndTurn,
        Command::UndoEnd { turn: "t1".into() },
        Command::Remind,
        Command::OpenMicrophone {
            endpoint: endpoint(),
            open: true,
        },
        Command::AskCheck {
            endpoint: Some(endpoint()),
        },
        Command::RecordCheck {
            device: "may".into(),
            figures: good(),
        },
        Command::ArrangeStage { preset: Preset::Hall },
        Command::ReleaseStage,
        Command::SilenceAll,
        Command::LiftSilence,
    ]
}

fn attendance(target: &Target) -> Vec<Command> {
    let person = || target.person.clone();
    vec![
        Command::StartRoll,
        Command::StartCalling {
            order: CallOrder::Roster,
            everybody: false,
        },
        Command::AnswerCall {
            person: person(),
            answer: CallAnswer::Present,
        },
        Command::StartSecondRound,
        Command::FreezeRoll,
        Command::CancelRoll,
        Command::CheckIn,
        Command::AskLeave { reason: why() },
        Command::AnswerLeave {
            person: person(),
            approve: true,
        },
        Command::AnswerCorrection {
            person: person(),
            approve: true,
        },
        Command::ProposeSite {
            site: target.site.clone(),
            present: Vec::new(),
        },
        Command::AnswerProposal {
            site: target.site.clone(),
            accept: true,
        },
        Command::Mark {
            person: person(),
            attendance: Attendance::SteppedOut,
            reason: why(),
        },
        Command::Seat {
            person: person(),
            site: "home".into(),
        },
    ]
}

fn notes() -> Vec<Command> {
    vec![
        Command::NoteTurn {
            turn: "t1".into(),
            summary: why(),
            marks: BTreeSet::from([Mark::Commitment]),
        },
        Command::WriteScript {
            item: "thao-luan".into(),
            text: why(),
        },
    ]
}

/// About the question of whom it is about, if there is one.
fn questions(target: &Target) -> Vec<Command> {
    let question = || target.question.clone();
    let text = || NoteText {
        what: "làm xong".to_owned(),
        who: "Sở Xây dựng".to_owned(),
        due: None,
        measure: String::new(),
    };
    let commands = vec![
        QuestionCommand::Send {
            to: "quang".into(),
            title: "Ngập úng".to_owned(),
            text: String::new(),
            secret: false,
            person: Some(target.person.clone()),
        },
        QuestionCommand::Revise {
            question: question(),
            title: "Ngập úng kéo dài".to_owned(),
            text: String::new(),
        },
        QuestionCommand::Withdraw { question: question() },
        QuestionCommand::Receive { question: question() },
        QuestionCommand::Return {
            question: question(),
            reason: why(),
        },
        QuestionCommand::Forward { question: question() },
        QuestionCommand::File {
            question: question(),
            title: "Thoát nước".to_owned(),
            group: "Đô thị".to_owned(),
            to: None,
            secret: false,
        },
        QuestionCommand::Choose {
            question: question(),
            item: "chat-van".into(),
        },
        QuestionCommand::PutInWriting {
            question: question(),
            complex: false,
        },
        QuestionCommand::Call {
            person: target.person.clone(),
        },
        QuestionCommand::Ask { question: question() },
        QuestionCommand::ReadOut { question: question() },
        QuestionCommand::Answer {
            person: target.person.clone(),
            reason: why(),
        },
        QuestionCommand::Judge {
            question: question(),
            satisfied: true,
            note: String::new(),
        },
        QuestionCommand::Note {
            kind: NoteKind::Commitment,
            text: text(),
            turn: None,
            question: None,
        },
        QuestionCommand::ChangeNote {
            note: "n1".into(),
            text: text(),
        },
        QuestionCommand::DropNote {
            note: "n1".into(),
            reason: why(),
        },
    ];
    commands.into_iter().map(Command::Question).collect()
}

/// About the vote that every sitting of the table has prepared.
fn votes(target: &Target) -> Vec<Command> {
    let vote = || VoteId::from("v1");
    let (person, site) = (|| target.person.clone(), || target.site.clone());
    let other = || Box::new(content("nghị quyết khác", Method::Electronic));
    let commands = vec![
        VoteCommand::Prepare { content: other() },
        VoteCommand::Edit {
            vote: vote(),
            content: other(),
        },
        VoteCommand::Ready { vote: vote() },
        VoteCommand::Discard { vote: vote() },
        VoteCommand::Open {
            vote: vote(),
            override_quorum: why(),
        },
        VoteCommand::Extend { vote: vote() },
        VoteCommand::Pause { vote: vote() },
        VoteCommand::Continue { vote: vote() },
        VoteCommand::Admit {
            vote: vote(),
            person: person(),
        },
        VoteCommand::Route {
            vote: vote(),
            person: person(),
            channel: Channel::Oral,
        },
        VoteCommand::Cast {
            vote: vote(),
            marks: marks("for"),
        },
        VoteCommand::EnterSpoken {
            vote: vote(),
            person: person(),
            marks: marks("for"),
        },
        VoteCommand::ConfirmSpoken {
            vote: vote(),
            person: person(),
            confirm: true,
        },
        VoteCommand::EnterHands {
            vote: vote(),
            site: site(),
            counts: Counts::new(),
            explanation: why(),
        },
        VoteCommand::ConfirmHands {
            vote: vote(),
            site: site(),
        },
        VoteCommand::Close {
            vote: vote(),
            early: true,
        },
        VoteCommand::Object {
            vote: vote(),
            person: Some(person()),
            marks: marks("for"),
        },
        VoteCommand::AnswerObjection {
            vote: vote(),
            person: person(),
            agree: true,
        },
        VoteCommand::Announce { vote: vote() },
        VoteCommand::Lock { vote: vote() },
        VoteCommand::Cancel {
            vote: vote(),
            reason: why(),
        },
        VoteCommand::Repeat {
            vote: vote(),
            reason: why(),
        },
    ];
    commands.into_iter().map(Command::Vote).collect()
}

fn hub(target: &Target) -> Vec<Command> {
    let (person, endpoint, since) = (|| target.person.clone(), || target.room.clone(), Time(0));
    vec![
        Command::ReportPerson {
            person: person(),
            online: false,
            since,
        },
        Command::BindDevice {
            person: person(),
            device: "may".into(),
            site: None,
        },
        Command::ReportEndpoint {
            endpoint: endpoint(),
            online: false,
            since,
        },
        Command::ReportRestart { last_alive: since },
        Command::ReportVoice { endpoint: endpoint() },
        Command::ReportRoomDevice {
            endpoint: endpoint(),
            device: "may".into(),
        },
        Command::ReportWatching {
            person: person(),
            watching: true,
        },
        Command::ReportRecording { running: true },
    ]
}
