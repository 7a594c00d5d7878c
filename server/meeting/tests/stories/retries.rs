//! Retries never double (PRODUCT 3.0 P3).

use crate::sitting::{Sitting, person, person_at, register};
use meeting::Decision;
use meeting::command::{Asked, Command};
use meeting::id::CommandId;
use meeting::refusal::Refusal;
use meeting::setup::RequestKind;

fn asked(id: &str, who: &str, command: Command) -> Asked {
    Asked {
        id: CommandId(id.to_owned()),
        by: person(who),
        given_at: None,
        command,
    }
}

#[test]
fn the_same_command_is_answered_by_the_same_entry() {
    let mut s = Sitting::debate();
    let wish = asked("a", "lan", register(RequestKind::Speech));
    assert!(matches!(s.send(&wish), Ok(Decision::Events(_))));
    let seq = s.meeting.seq();
    s.after(5);
    let before = s.meeting.clone();
    for _ in 0..3 {
        assert_eq!(s.send(&wish), Ok(Decision::Repeated(seq)));
    }
    assert_eq!(s.meeting, before);
    s.gives_the_floor_to("cuong");
    assert_eq!(s.send(&wish), Ok(Decision::Repeated(seq)), "also much later");
}

#[test]
fn a_retry_after_a_restart_is_known_from_the_journal() {
    let mut s = Sitting::debate();
    let wish = asked("a", "lan", register(RequestKind::Speech));
    s.send(&wish).expect("allowed");
    let seq = s.meeting.seq();
    assert_eq!(s.replayed().decide(&wish, s.now, 0), Ok(Decision::Repeated(seq)));
}

#[test]
fn the_id_is_the_persons_whatever_the_device_and_nobody_elses() {
    let mut s = Sitting::debate();
    let wish = asked("a", "lan", register(RequestKind::Speech));
    s.send(&wish).expect("allowed");
    let moved = Asked {
        by: person_at("lan", "lan-2"),
        ..wish.clone()
    };
    assert!(matches!(s.send(&moved), Ok(Decision::Repeated(_))));
    let other = asked("a", "cuong", register(RequestKind::Speech));
    assert!(
        matches!(s.send(&other), Ok(Decision::Events(_))),
        "two tablets may count alike"
    );
}

#[test]
fn a_refused_command_may_be_tried_again() {
    let mut s = Sitting::debate();
    let wish = asked("a", "an", Command::StartClock);
    assert_eq!(s.send(&wish), Err(Refusal::NoTurn));
    let request = s.register("lan", RequestKind::Speech);
    s.invite(&request);
    assert!(matches!(s.send(&wish), Ok(Decision::Events(_))));
}

#[test]
fn an_id_has_its_length() {
    let mut s = Sitting::debate();
    assert_eq!(s.send(&asked("", "an", Command::CloseList)), Err(Refusal::OutOfRange));
    assert_eq!(
        s.send(&asked(&"x".repeat(65), "an", Command::CloseList)),
        Err(Refusal::OutOfRange)
    );
    let device = "x".repeat(65);
    let long = person_at("an", &device);
    assert_eq!(s.ask_as(long, Command::CloseList), Err(Refusal::OutOfRange));
    let bind = Command::BindDevice {
        person: "lan".into(),
        device: device.as_str().into(),
        site: None,
    };
    assert_eq!(s.hub(bind), Err(Refusal::OutOfRange));
}

#[test]
fn saying_the_same_again_fills_no_journal() {
    let mut s = Sitting::debate();
    let ask = Command::AskLeave {
        reason: "Đi khám bệnh".to_owned(),
    };
    s.may("lan", ask.clone());
    assert_eq!(s.refused("lan", ask), Refusal::NoChange);
    let propose = Command::ProposeSite {
        site: "hoa-binh".into(),
        present: vec!["lan".into(), "minh".into()],
    };
    s.may("minh", propose.clone());
    assert_eq!(s.refused("minh", propose), Refusal::NoChange);
}
