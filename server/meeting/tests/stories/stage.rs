//! What every screen shows.

use crate::sitting::{Sitting, council, direct};
use meeting::StageMode;
use meeting::command::{CallOrder, Command};
use meeting::setup::RequestKind;

fn stage(s: &Sitting) -> (StageMode, Option<String>, Option<String>) {
    let stage = s.meeting.stage();
    (
        stage.mode,
        stage.primary.map(|room| room.0),
        stage.secondary.map(|room| room.0),
    )
}

fn of(mode: StageMode, primary: &str, secondary: &str) -> (StageMode, Option<String>, Option<String>) {
    let room = |room: &str| (!room.is_empty()).then(|| room.to_owned());
    (mode, room(primary), room(secondary))
}

#[test]
fn from_waiting_to_closed() {
    let mut s = Sitting::in_the_lobby(council());
    assert_eq!(stage(&s), of(StageMode::Waiting, "hall-1", ""));
    assert_eq!(s.heard(), ["hall-1"]);
    s.may(
        "an",
        Command::OpenSitting {
            unrecorded: true,
            override_quorum: String::new(),
        },
    );
    s.may("an", crate::sitting::open_item("thao-luan"));
    assert_eq!(stage(&s), of(StageMode::Overview, "hall-1", ""));
    s.may("an", Command::OpenList);
    s.gives_the_floor_to("lan");
    assert_eq!(stage(&s), of(StageMode::Speaker, "hoa-binh-1", ""));
    s.may("an", Command::Suspend { resume_at: None });
    assert_eq!(stage(&s), of(StageMode::Break, "hall-1", ""));
    s.may("an", Command::Resume);
    s.may("an", Command::EndTurn);
    s.may("an", Command::CloseItem { leftover: None });
    s.may("an", Command::CloseSitting);
    assert_eq!(stage(&s), of(StageMode::Closed, "", ""));
}

#[test]
fn question_and_answer_stand_side_by_side() {
    let mut s = Sitting::on_item(council(), "chat-van");
    s.may("an", Command::OpenList);
    let question = s.register("lan", RequestKind::Question);
    s.invite(&question);
    assert_eq!(
        stage(&s),
        of(StageMode::Speaker, "hoa-binh-1", ""),
        "nobody has answered yet"
    );
    s.may("an", direct("quang", RequestKind::Answer));
    assert_eq!(stage(&s), of(StageMode::TwoUp, "hall-1", "hoa-binh-1"));
    let rebuttal = s.register("cuong", RequestKind::Rebuttal);
    s.invite(&rebuttal);
    assert_eq!(stage(&s), of(StageMode::TwoUp, "tan-lap-1", "hall-1"));
    s.may("an", direct("quang", RequestKind::Answer));
    assert_eq!(
        stage(&s),
        of(StageMode::TwoUp, "hall-1", "tan-lap-1"),
        "to whom spoke last"
    );
    let hall = s.register("ha", RequestKind::Question);
    s.invite(&hall);
    assert_eq!(stage(&s), of(StageMode::Speaker, "hall-1", ""), "both sit in the hall");
}

#[test]
fn nobody_is_heard_before_the_check_and_the_hall_from_then_on() {
    let mut s = Sitting::created(council());
    assert!(s.heard().is_empty());
    s.may("ky", Command::StartTechnicalCheck);
    assert_eq!(s.heard(), ["hall-1"]);
}

#[test]
fn a_name_called_during_a_break_is_shown() {
    let mut s = Sitting::debate();
    s.may("an", Command::Suspend { resume_at: None });
    s.may("thu", Command::StartRoll);
    s.may("thu", crate::sitting::call(CallOrder::Roster, true));
    assert_eq!(stage(&s), of(StageMode::RollCall, "hall-1", ""));
    assert!(s.heard().is_empty(), "and still nobody is heard");
}

#[test]
fn the_chairs_room_is_where_the_chair_sits() {
    let mut s = Sitting::debate();
    s.may("thu", crate::sitting::seat("an", "tan-lap"));
    assert_eq!(s.heard(), ["tan-lap-1"]);
    s.gives_the_floor_to("lan");
    assert_eq!(s.heard(), ["hoa-binh-1", "tan-lap-1"]);
}
