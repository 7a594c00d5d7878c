//! The states of a sitting and what each step needs.

use crate::sitting::{Sitting, council, microphone, open_item};
use meeting::Phase;
use meeting::command::{Command, Leftover};
use meeting::refusal::Refusal;
use meeting::setup::RequestKind;

fn open(unrecorded: bool, override_quorum: &str) -> Command {
    Command::OpenSitting {
        unrecorded,
        override_quorum: override_quorum.to_owned(),
    }
}

#[test]
fn a_sitting_is_prepared_in_order() {
    let mut s = Sitting::created(council());
    assert_eq!(s.refused("an", Command::OpenLobby), Refusal::WrongOrder);
    s.may("ky", Command::StartTechnicalCheck);
    assert_eq!(s.refused("thu", Command::StartTechnicalCheck), Refusal::WrongOrder);
    assert_eq!(s.refused("an", open(true, "")), Refusal::WrongPhase);
    s.may("thu", Command::OpenLobby);
    assert_eq!(s.meeting.phase(), Phase::Lobby);
}

#[test]
fn opening_needs_chair_secretary_recording_roll_and_quorum() {
    let mut s = Sitting::created(council());
    s.may("an", Command::StartTechnicalCheck);
    s.may("an", Command::OpenLobby);
    assert_eq!(s.refused("an", open(true, "")), Refusal::ChairOffline);
    s.come("an");
    assert_eq!(s.refused("an", open(true, "")), Refusal::NoSecretary);
    s.come("hanh");
    assert_eq!(s.refused("an", open(false, "")), Refusal::NotRecorded);
    assert_eq!(s.refused("an", open(true, "")), Refusal::NoRoll);
    s.may("hanh", Command::StartRoll);
    s.may("an", Command::CheckIn);
    s.may("hanh", Command::FreezeRoll);
    assert_eq!(
        s.refused("an", open(true, "  ")),
        Refusal::NoQuorum { present: 1, needed: 6 }
    );
    s.may("an", open(true, "Thường trực đã hội ý"));
    assert_eq!(s.meeting.override_quorum(), "Thường trực đã hội ý");
    assert!(s.meeting.unrecorded());
}

#[test]
fn a_running_recording_needs_no_word() {
    let mut s = Sitting::in_the_lobby(council());
    s.hub(Command::ReportRecording { running: true })
        .expect("it was not running");
    s.may("an", open(false, "không cần"));
    assert!(!s.meeting.unrecorded());
    assert_eq!(
        s.meeting.override_quorum(),
        "",
        "there was a quorum: no override is recorded"
    );
}

#[test]
fn a_break_pauses_the_turn_and_nobody_is_heard() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.after(60);
    s.may("an", microphone("tan-lap-1", true));
    s.may("an", Command::Suspend { resume_at: None });
    assert!(s.heard().is_empty(), "{:?}", s.heard());
    s.may("an", microphone("hall-1", true));
    assert_eq!(s.heard(), ["hall-1"], "only by an explicit act");
    s.after(900);
    assert_eq!(s.spoken(), 60);
    s.may("an", Command::Resume);
    assert_eq!(s.heard(), ["hall-1"], "the chair's room; the speaker waits for a tap");
    s.may("an", Command::ContinueTurn);
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
    s.after(5);
    assert_eq!(s.spoken(), 65);
}

#[test]
fn a_break_cannot_be_planned_into_the_past() {
    let mut s = Sitting::debate();
    let earlier = s.ago(1);
    assert_eq!(
        s.refused(
            "an",
            Command::Suspend {
                resume_at: Some(earlier)
            }
        ),
        Refusal::OutOfRange
    );
    assert_eq!(s.refused("an", Command::Resume), Refusal::WrongPhase);
}

#[test]
fn the_room_of_a_paused_speaker_went_away_during_the_break() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("an", Command::Suspend { resume_at: None });
    s.after(300);
    s.lose("hoa-binh-1", 15);
    s.after(600);
    s.may("an", Command::Resume);
    let hold = s
        .meeting
        .turn()
        .and_then(|turn| turn.hold())
        .expect("the floor is held from now on");
    assert_eq!(hold.until, s.now.plus_seconds(120));
    assert_eq!(s.refused("an", Command::ContinueTurn), Refusal::RoomOffline);
}

#[test]
fn items_close_before_the_next_opens_and_before_the_sitting_does() {
    let mut s = Sitting::debate();
    assert_eq!(s.refused("an", open_item("chat-van")), Refusal::ItemOpen);
    assert_eq!(s.refused("an", open_item("khong-co")), Refusal::Unknown);
    assert_eq!(s.refused("an", Command::CloseSitting), Refusal::ItemOpen);
    s.may("an", Command::CloseItem { leftover: None });
    assert!(!s.meeting.list().open, "the list closes with its item");
    s.may("an", Command::CloseSitting);
    assert_eq!(s.meeting.phase(), Phase::Closed);
    assert!(s.heard().is_empty());
    assert_eq!(s.refused("an", open_item("chat-van")), Refusal::WrongPhase);
    assert_eq!(
        s.refused("an", Command::Resume),
        Refusal::WrongPhase,
        "there is no way back"
    );
}

#[test]
fn what_becomes_of_the_queue_when_an_item_closes() {
    let mut s = Sitting::debate();
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    s.may("an", crate::sitting::defer(&cuong));
    assert_eq!(
        s.refused("an", Command::CloseItem { leftover: None }),
        Refusal::QueueNotEmpty { left: 2 }
    );
    let discard = |reason: &str| Command::CloseItem {
        leftover: Some(Leftover::Discard {
            reason: reason.to_owned(),
        }),
    };
    assert_eq!(s.refused("an", discard(" ")), Refusal::ReasonMissing);
    s.may(
        "an",
        Command::CloseItem {
            leftover: Some(Leftover::CarryOver),
        },
    );
    assert_eq!(s.queue(), ["lan"]);
    s.may("an", open_item("chat-van"));
    let item = |s: &Sitting, id| s.meeting.request(id).map(|request| request.item.0.clone());
    assert_eq!(item(&s, &lan).as_deref(), Some("chat-van"));
    assert_eq!(item(&s, &cuong).as_deref(), Some("chat-van"), "also what was set aside");
    s.may(
        "an",
        Command::CloseItem {
            leftover: Some(Leftover::InWriting),
        },
    );
    assert!(s.queue().is_empty());

    s.may("an", open_item("thao-luan"));
    s.may("an", Command::OpenList);
    let ha = s.register("ha", RequestKind::Speech);
    s.may("an", discard("Hết thời gian"));
    assert_eq!(
        s.meeting.request(&ha).map(|request| request.reason.as_str()),
        Some("Hết thời gian")
    );
}

#[test]
fn an_item_does_not_close_under_a_speaker() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    assert_eq!(
        s.refused("an", Command::CloseItem { leftover: None }),
        Refusal::FloorTaken
    );
}

#[test]
fn the_legal_total_changes_with_a_reason() {
    let mut s = Sitting::debate();
    assert_eq!(
        s.refused(
            "thu",
            Command::SetTotal {
                total: 8,
                reason: String::new()
            }
        ),
        Refusal::ReasonMissing
    );
    assert_eq!(
        s.refused(
            "thu",
            Command::SetTotal {
                total: 0,
                reason: "?".to_owned()
            }
        ),
        Refusal::OutOfRange
    );
    s.may(
        "thu",
        Command::SetTotal {
            total: 12,
            reason: "NQ 12/NQ-HĐND".to_owned(),
        },
    );
    assert_eq!(s.meeting.quorum().needed, 8);
    assert_eq!(s.meeting.setup().rules.total_reference, "NQ 12/NQ-HĐND");
}
