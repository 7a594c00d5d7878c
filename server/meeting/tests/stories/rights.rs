//! Who may do what.

use crate::sitting::{
    Sitting, council, defer, direct, invite, microphone, on_deck, person_at, refuse, register, register_for, seat,
    withdraw,
};
use meeting::command::{Actor, Command};
use meeting::refusal::Refusal;
use meeting::setup::RequestKind;

#[test]
fn a_delegate_does_not_run_the_sitting() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    for command in [
        Command::Suspend { resume_at: None },
        Command::CloseList,
        invite(&lan),
        defer(&lan),
        refuse(&lan, "?"),
        direct("lan", RequestKind::Speech),
        Command::StartRoll,
        Command::FreezeRoll,
        Command::Remind,
        microphone("hoa-binh-1", true),
        seat("lan", "hall"),
        Command::SetTotal {
            total: 1,
            reason: "?".to_owned(),
        },
    ] {
        assert_eq!(s.refused("lan", command), Refusal::NotAllowed);
    }
}

#[test]
fn a_co_chair_sees_the_console_but_does_not_preside() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    assert_eq!(s.refused("binh", invite(&lan)), Refusal::NotPresiding);
    assert_eq!(s.refused("binh", Command::TakeConsole), Refusal::NotPresiding);
}

#[test]
fn a_technician_has_media_but_no_floor_and_no_roll() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    assert_eq!(s.refused("ky", invite(&lan)), Refusal::NotAllowed);
    assert_eq!(s.refused("ky", Command::StartRoll), Refusal::NotAllowed);
    assert_eq!(s.refused("ky", microphone("tan-lap-1", true)), Refusal::NotAllowed);
    s.may("an", microphone("tan-lap-1", true));
    s.may("ky", microphone("tan-lap-1", false));
    s.invite(&lan);
    s.may("ky", Command::PauseTurn);
    assert_eq!(s.refused("ky", Command::ContinueTurn), Refusal::NotAllowed);
}

#[test]
fn a_technician_tries_microphones_before_the_opening() {
    let mut s = Sitting::in_the_lobby(council());
    s.may("ky", microphone("tan-lap-1", true));
    assert_eq!(s.heard(), ["hall-1", "tan-lap-1"]);
    s.may(
        "an",
        Command::OpenSitting {
            unrecorded: true,
            override_quorum: String::new(),
        },
    );
    assert_eq!(s.heard(), ["hall-1"], "nobody is left on the air by a test");
}

#[test]
fn the_secretary_runs_the_queue_when_the_chair_says_so() {
    let mut s = Sitting::debate();
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    assert_eq!(s.refused("thu", invite(&lan)), Refusal::NotAllowed);
    s.may("an", Command::SetCoordination { secretary: true });
    assert_eq!(
        s.refused("an", Command::SetCoordination { secretary: true }),
        Refusal::NoChange
    );
    s.may("thu", on_deck(&cuong));
    s.may("thu", invite(&lan));
    assert_eq!(s.speaker(), Some("lan"));
    assert_eq!(
        s.refused("thu", direct("ha", RequestKind::Speech)),
        Refusal::NotAllowed,
        "off the list only the chair"
    );
    s.may("an", Command::SetCoordination { secretary: false });
    assert_eq!(s.refused("thu", defer(&cuong)), Refusal::NotAllowed);
    s.may("thu", Command::EndTurn);
}

#[test]
fn requests_are_entered_for_people_without_a_device() {
    let mut s = Sitting::debate();
    s.may("minh", register_for("lan", RequestKind::Speech));
    assert_eq!(
        s.refused("minh", register_for("cuong", RequestKind::Speech)),
        Refusal::NotAllowed,
        "not his site"
    );
    s.may("thu", register_for("cuong", RequestKind::Speech));
    s.may("an", register_for("giang", RequestKind::Speech));
    assert_eq!(
        s.refused("lan", register_for("ha", RequestKind::Speech)),
        Refusal::NotAllowed
    );
    assert_eq!(s.queue(), ["lan", "cuong", "giang"]);
    let by = s.meeting.waiting().next().map(|request| request.by.clone());
    assert_eq!(by, Some(crate::sitting::person("minh")), "who entered it is kept");
}

#[test]
fn a_request_is_withdrawn_by_its_owner_or_a_proxy() {
    let mut s = Sitting::debate();
    let [lan, cuong, ha] = s.speeches(["lan", "cuong", "ha"]);
    assert_eq!(s.refused("cuong", withdraw(&lan)), Refusal::NotAllowed);
    assert_eq!(s.refused("minh", withdraw(&cuong)), Refusal::NotAllowed);
    s.may("minh", withdraw(&lan));
    s.may("cuong", withdraw(&cuong));
    s.may("thu", withdraw(&ha));
    assert_eq!(s.refused("thu", withdraw(&ha)), Refusal::RequestState);
    assert_eq!(s.refused("thu", withdraw(&"r99".into())), Refusal::Unknown);
}

#[test]
fn one_companion_is_active_and_requests_stay_when_it_changes() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    s.hub(Command::BindDevice {
        person: "lan".into(),
        device: "lan-2".into(),
        site: None,
    })
    .expect("a new tablet");
    assert_eq!(s.refused("lan", withdraw(&lan)), Refusal::OtherDevice);
    assert_eq!(s.queue(), ["lan"]);
    s.ask_as(person_at("lan", "lan-2"), withdraw(&lan))
        .expect("the new tablet is the active one");
}

#[test]
fn only_the_hub_reports() {
    let mut s = Sitting::debate();
    let since = s.now;
    for who in ["an", "thu", "ky", "lan"] {
        let report = Command::ReportPerson {
            person: "lan".into(),
            online: false,
            since,
        };
        assert_eq!(s.refused(who, report), Refusal::NotAllowed);
    }
    assert_eq!(
        s.hub(Command::Resume),
        Err(Refusal::NotAllowed),
        "and the hub does nothing else (P4)"
    );
    assert_eq!(s.hub(Command::EndTurn), Err(Refusal::NotAllowed));
}

#[test]
fn rooms_and_strangers_ask_for_nothing() {
    let mut s = Sitting::debate();
    let room = Actor::Room {
        id: "hoa-binh-1".into(),
    };
    assert_eq!(s.ask_as(room, register(RequestKind::Speech)), Err(Refusal::NotAllowed));
    assert_eq!(s.refused("ai-do", register(RequestKind::Speech)), Refusal::Unknown);
}

#[test]
fn a_screen_learns_which_buttons_work() {
    let s = Sitting::debate();
    let chair = crate::sitting::person("an");
    assert_eq!(s.meeting.preview(&chair, &Command::CloseList, s.now), Ok(()));
    assert_eq!(
        s.meeting.preview(&chair, &Command::OpenList, s.now),
        Err(Refusal::NoChange)
    );
    assert_eq!(
        s.meeting.preview(&chair, &Command::EndTurn, s.now),
        Err(Refusal::NoTurn)
    );
    let tablet = crate::sitting::person("lan");
    assert_eq!(
        s.meeting.preview(&tablet, &Command::CloseList, s.now),
        Err(Refusal::NotAllowed)
    );
}
