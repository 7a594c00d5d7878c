//! A delegate's device in bad hands: every command there is, about everybody, with names and numbers that are not its own; and
//! what others have said, said again.

use super::{Person, any_marks, any_person, any_request, register, secretary};
use crate::chance::Chance;
use meeting::command::{Actor, Asked, Attendance, CallAnswer, Command, Leftover};
use meeting::cut::Preset;
use meeting::id::{SiteId, VoteId};
use meeting::setup::RequestKind;
use meeting::vote::Channel;
use meeting::vote::command::VoteCommand as V;

pub(super) fn wants(me: &Person<'_>, chance: &mut Chance) -> Command {
    let m = me.m;
    match chance.below(5) {
        0 => serving(me, chance),
        1 => reporting(me, chance),
        2 => voting(me, chance),
        _own => {
            let (request, person) = (any_request(m, chance), any_person(m, chance));
            match chance.below(12) {
                0 => register(RequestKind::Speech, None),
                1 => register(RequestKind::PointOfOrder, Some(person)),
                2 => register(RequestKind::Directive, None),
                3 => Command::Withdraw { request },
                4 => Command::ChangeKind {
                    request,
                    kind: RequestKind::PointOfOrder,
                },
                5 => Command::CheckIn,
                6 => Command::AskLeave {
                    reason: "x".repeat(chance.below(3_000) as usize),
                },
                7 => Command::EndTurn,
                8 => Command::AskExtension,
                9 => Command::ProposeSite {
                    site: any_site(chance),
                    present: vec![person],
                },
                10 => Command::Register {
                    kind: RequestKind::Speech,
                    subject: "x".repeat(chance.below(400) as usize),
                    person: None,
                },
                _eleven => Command::CheckIn,
            }
        }
    }
}

/// What belongs to those who serve the sitting.
fn serving(me: &Person<'_>, chance: &mut Chance) -> Command {
    let m = me.m;
    let (request, person) = (any_request(m, chance), any_person(m, chance));
    match chance.below(26) {
        0 => Command::OpenSitting {
            unrecorded: true,
            override_quorum: "vì tôi muốn".to_owned(),
        },
        1 => Command::CloseSitting,
        2 => Command::Suspend { resume_at: None },
        3 => Command::TakeConsole,
        4 => Command::ClaimChair,
        5 => Command::AcceptChair,
        6 => Command::OfferChair { to: me.id.clone() },
        7 => Command::SetTotal {
            total: 1,
            reason: "x".to_owned(),
        },
        8 => Command::CloseItem {
            leftover: Some(Leftover::Discard { reason: "x".to_owned() }),
        },
        9 => Command::CloseList,
        10 => Command::Invite {
            request,
            out_of_order: None,
        },
        11 => Command::InviteDirect {
            person: me.id.clone(),
            kind: RequestKind::Speech,
        },
        12 => Command::Move { request, before: None },
        13 => Command::RefuseRequest {
            request,
            reason: "x".to_owned(),
        },
        14 => Command::Mark {
            person,
            attendance: Attendance::Absent,
            reason: "x".to_owned(),
        },
        15 => Command::FreezeRoll,
        16 => Command::AnswerCall {
            person,
            answer: CallAnswer::NoAnswer,
        },
        17 => Command::Seat {
            person,
            site: any_site(chance),
        },
        18 => Command::SilenceAll,
        19 => Command::OpenMicrophone {
            endpoint: "w8-1".into(),
            open: true,
        },
        20 => Command::ArrangeStage { preset: Preset::Hall },
        21 => Command::AnswerClaim { confirm: true },
        22 => Command::SetCoordination { secretary: true },
        23 => Command::AnswerProposal {
            site: any_site(chance),
            accept: true,
        },
        24 => Command::EndTurn,
        _last => Command::SendAllInWriting,
    }
}

/// What the hub alone says.
fn reporting(me: &Person<'_>, chance: &mut Chance) -> Command {
    let (person, since) = (any_person(me.m, chance), me.now);
    match chance.below(6) {
        0 => Command::ReportPerson {
            person,
            online: false,
            since,
        },
        1 => Command::BindDevice {
            person,
            device: me.device.clone(),
            site: None,
        },
        2 => Command::ReportEndpoint {
            endpoint: "hall-1".into(),
            online: false,
            since,
        },
        3 => Command::ReportRestart { last_alive: since },
        4 => Command::ReportRecording { running: true },
        _last => Command::ReportWatching { person, watching: true },
    }
}

fn voting(me: &Person<'_>, chance: &mut Chance) -> Command {
    let votes: Vec<_> = me.m.votes().values().collect();
    let Some(one) = chance.pick(&votes) else {
        return Command::Vote(V::Prepare {
            content: Box::new(secretary::content(chance)),
        });
    };
    let (vote, marks) = (one.id.clone(), any_marks(one, chance));
    let person = any_person(me.m, chance);
    Command::Vote(match chance.below(18) {
        0..3 => V::Cast { vote, marks },
        3 => V::Cast {
            vote,
            marks: [("1".into(), "khong-co".into())].into(),
        },
        4 => V::Cast {
            vote: VoteId::from("v99"),
            marks,
        },
        5 => V::Object {
            vote,
            person: Some(person),
            marks,
        },
        6 => V::AnswerObjection {
            vote,
            person,
            agree: true,
        },
        7 => V::EnterSpoken { vote, person, marks },
        8 => V::ConfirmSpoken {
            vote,
            person,
            confirm: true,
        },
        9 => V::Route {
            vote,
            person: me.id.clone(),
            channel: Channel::Oral,
        },
        10 => V::Admit { vote, person },
        11 => V::Close { vote, early: true },
        12 => V::Announce { vote },
        13 => V::Cancel {
            vote,
            reason: "x".to_owned(),
        },
        14 => V::ConfirmHands {
            vote,
            site: any_site(chance),
        },
        15 => V::Open {
            vote,
            override_quorum: String::new(),
        },
        16 => V::Repeat {
            vote,
            reason: "x".to_owned(),
        },
        _last => V::Lock { vote },
    })
}

fn any_site(chance: &mut Chance) -> SiteId {
    (*chance.pick(&["hall", "w1", "w8", "khong-co"]).unwrap()).into()
}

/// What somebody else asked, asked again in the own name, under the same id and from any device.
pub(crate) fn replay(heard: &Asked, by: &Actor, chance: &mut Chance) -> Asked {
    let by = match by {
        Actor::Person { id, .. } if chance.one_in(3) => Actor::Person {
            id: id.clone(),
            device: "thiet-bi-khac".into(),
        },
        own => own.clone(),
    };
    Asked { by, ..heard.clone() }
}
