//! From a command to the file that knows what it means. No rule stands here.

use crate::command::{Actor, Asked, Command, Method};
use crate::event::Event;
use crate::id::{DeviceId, PersonId, Time};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::rights::Capacity;

impl Meeting {
    pub(crate) fn route(&self, asked: &Asked, capacity: Capacity, now: Time, seed: u64) -> Result<Vec<Event>, Refusal> {
        let nobody = (PersonId::from(""), DeviceId::from(""));
        let (by, device) = match &asked.by {
            Actor::Person { id, device } => (id, device),
            Actor::Room { .. } | Actor::Kiosk { .. } | Actor::System => (&nobody.0, &nobody.1),
        };
        match &asked.command {
            Command::StartTechnicalCheck => self.start_technical_check(),
            Command::OpenLobby => self.open_lobby(),
            Command::OpenSitting {
                unrecorded,
                override_quorum,
            } => self.open_sitting(*unrecorded, override_quorum),
            Command::Suspend { resume_at } => self.suspend(*resume_at, now),
            Command::Resume => self.resume(now),
            Command::CloseSitting => self.close_sitting(now),
            Command::SetTotal { total, reason } => self.set_total(*total, reason),

            Command::OfferChair { to } => self.offer_chair(to),
            Command::WithdrawChairOffer => self.withdraw_chair_offer(),
            Command::AcceptChair => self.accept_chair(by, device),
            Command::ClaimChair => self.claim_chair(by, device, now),
            Command::AnswerClaim { confirm } => self.answer_claim(by, *confirm),
            Command::TakeConsole => self.take_console(device),
            Command::ProposeClosed { ground, reason } => self.propose_closed(ground, reason),
            Command::DropClosed => self.drop_closed(),
            Command::CloseDoors { decision, vote } => self.close_doors(by, decision, vote.as_ref()),
            Command::AdmitRoom {
                endpoint,
                admit,
                reason,
            } => self.admit_room(endpoint, *admit, reason),
            Command::AdmitPerson { person, admit, reason } => self.admit_person(person, *admit, reason),
            Command::OpenDoors => self.open_doors(),
            Command::SetCoordination { secretary } => self.set_coordination(*secretary),

            Command::OpenItem { item } => self.open_item(item),
            Command::CloseItem { leftover } => self.close_item(leftover.as_ref(), now),
            Command::ShowCaption { caption } => self.show_caption(*caption),

            Command::OpenList => self.open_list(now, seed),
            Command::CloseList => self.close_list(now),
            Command::KeepListOpen => self.keep_list_open(),
            Command::Register { kind, subject, person } => {
                self.register(capacity, by, asked, (*kind, subject, person.as_ref()), now)
            }
            Command::AnswerLate { request, accept } => self.answer_late(request, *accept),
            Command::Withdraw { request } => self.withdraw(request),
            Command::ChangeKind { request, kind } => self.change_kind(capacity, request, *kind),
            Command::CallOnDeck { request } => self.call_on_deck(request),
            Command::CancelOnDeck { request } => self.cancel_on_deck(request),
            Command::Invite { request, out_of_order } => self.invite(request, *out_of_order, now),
            Command::InviteByPhone { request } => self.invite_by_phone(request, now),
            Command::InviteDirect { person, kind } => self.invite_direct(asked, person, *kind, now),
            Command::Defer { request } => self.defer(request, now),
            Command::Restore { request } => self.restore(capacity, request),
            Command::RefuseRequest { request, reason } => self.refuse_request(request, reason),
            Command::Move { request, before } => self.move_request(request, before.as_ref()),
            Command::SendAllInWriting => self.send_all_in_writing(now),

            Command::StartClock => self.start_clock(now),
            Command::PauseTurn => self.pause_turn(now),
            Command::ContinueTurn => self.continue_turn(now),
            Command::ContinueByPhone => self.continue_by_phone(now),
            Command::Extend { minutes } => self.extend(*minutes),
            Command::AskExtension => self.ask_extension(),
            Command::EndTurn => self.end_turn(capacity, by, now),
            Command::UndoEnd { turn } => self.undo_end(turn, now),
            Command::Remind => self.remind(),
            Command::OpenMicrophone { endpoint, open } => self.open_microphone(capacity, endpoint, *open),

            Command::AskCheck { endpoint } => self.ask_check(&asked.by, endpoint.as_ref()),
            Command::RecordCheck { device, figures } => self.record_check(&asked.by, device, figures),
            Command::ArrangeStage { preset } => self.arrange_stage(by, preset),
            Command::ReleaseStage => self.release_stage(),
            Command::SilenceAll => self.silence_all(by),
            Command::LiftSilence => self.lift_silence(now),

            Command::StartRoll => self.start_roll(now),
            Command::StartCalling { order, everybody } => self.start_calling(*order, *everybody),
            Command::AnswerCall { person, answer } => self.answer_call(person, *answer, now),
            Command::StartSecondRound => self.start_second_round(),
            Command::FreezeRoll => self.freeze_roll(now),
            Command::CancelRoll => self.cancel_roll(),
            Command::CheckIn => self.check_in(by, now),
            Command::AskLeave { reason } => self.ask_leave(by, reason),
            Command::AnswerLeave { person, approve } => self.answer_leave(person, *approve, now),
            Command::AnswerCorrection { person, approve } => self.answer_correction(person, *approve, now),
            Command::ProposeSite { site, present } => self.propose_site(by, site, present),
            Command::AnswerProposal { site, accept } => self.answer_proposal(site, *accept, now),
            Command::Mark {
                person,
                attendance,
                reason,
            } => self.mark(person, *attendance, reason, now),
            Command::Seat { person, site } => self.seat_person(person, site, Method::Secretary, now),

            Command::NoteTurn { turn, summary, marks } => self.note_turn(by, turn, summary, marks),
            Command::WriteScript { item, text } => self.write_script(by, item, text),

            Command::Question(command) => self.decide_question(by, asked, command, now),
            Command::Confidence(command) => self.decide_confidence(command),
            Command::Paper(command) => self.decide_paper(&asked.by, command),
            Command::Vote(command) => self.decide_vote(capacity, &asked.by, command, now),

            Command::ReportPerson { person, online, since } => self.report_person(person, *online, *since, now),
            Command::BindDevice { person, device, site } => self.bind_device(person, device, site.as_ref(), now),
            Command::ReportEndpoint {
                endpoint,
                online,
                since,
            } => self.report_endpoint(endpoint, *online, *since, now),
            Command::ReportRestart { last_alive } => Ok(self.report_restart(*last_alive, now)),
            Command::ReportVoice { endpoint } => self.report_voice(endpoint, now),
            Command::ReportRoomDevice { endpoint, device } => self.report_room_device(endpoint, device),
            Command::ReportWatching { person, watching } => self.report_watching(person, *watching),
            Command::ReportRecording { running } if *running == self.recording => Err(Refusal::NoChange),
            Command::ReportRecording { running } => Ok(vec![Event::RecordingChanged { running: *running }]),
        }
    }
}
