//! The floor: one turn at a time, its clock, and the ways it goes on and ends.

use crate::sitting::{Sitting, council, direct, invite, microphone, register};
use meeting::command::Command;
use meeting::event::{PauseReason, TurnEnd};
use meeting::refusal::Refusal;
use meeting::request::RequestState;
use meeting::setup::RequestKind;

fn undo(s: &Sitting) -> Command {
    Command::UndoEnd {
        turn: s.meeting.past().last().expect("a turn has ended").turn.id.clone(),
    }
}

#[test]
fn inviting_is_one_step() {
    let mut s = Sitting::debate();
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    s.invite(&lan);
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
    let before = s.meeting.seq();
    s.invite(&cuong);
    assert_eq!(
        s.meeting.seq(),
        before + 1,
        "one entry: the turn before ends and the next begins"
    );
    assert_eq!(s.heard(), ["hall-1", "tan-lap-1"]);
    assert_eq!(
        s.meeting.request(&lan).map(|request| request.state),
        Some(RequestState::Done)
    );
    assert_eq!(s.meeting.past().last().map(|past| past.how), Some(TurnEnd::Next));
    assert_eq!(s.refused("an", invite(&lan)), Refusal::RequestState);
}

#[test]
fn the_clock_starts_by_itself_by_voice_or_by_hand() {
    let mut s = Sitting::debate();
    let [lan, cuong, ha] = s.speeches(["lan", "cuong", "ha"]);
    s.invite(&lan);
    s.after(2);
    assert_eq!(s.spoken(), 0);
    s.after(11);
    assert_eq!(s.spoken(), 10, "three seconds to begin");

    s.invite(&cuong);
    s.after(1);
    let voice = |room: &str| Command::ReportVoice { endpoint: room.into() };
    assert_eq!(s.hub(voice("hall-1")), Err(Refusal::NoChange), "not the speaker's room");
    s.hub(voice("tan-lap-1")).expect("the speaker's voice");
    s.after(10);
    assert_eq!(s.spoken(), 10);

    s.invite(&ha);
    s.may("thu", Command::StartClock);
    assert_eq!(s.refused("an", Command::StartClock), Refusal::TurnState);
}

#[test]
fn time_runs_out_and_counts_up_and_nobody_is_cut() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    let turn = |s: &Sitting| s.meeting.turn().cloned().expect("lan speaks");
    assert_eq!(turn(&s).deadline(), Some(s.now.plus_seconds(420)));
    s.after(500);
    assert_eq!(s.speaker(), Some("lan"));
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
    s.may("lan", Command::AskExtension);
    assert_eq!(s.refused("lan", Command::AskExtension), Refusal::NoChange);
    assert_eq!(s.refused("an", Command::Extend { minutes: 0 }), Refusal::OutOfRange);
    assert_eq!(s.refused("an", Command::Extend { minutes: 11 }), Refusal::OutOfRange);
    s.may("an", Command::Extend { minutes: 3 });
    assert!(!turn(&s).asks_extension);
    assert_eq!(turn(&s).deadline(), Some(s.now.plus_seconds(100)));
}

#[test]
fn where_the_rules_cut_there_is_grace_and_some_are_never_cut() {
    let mut setup = council();
    setup.rules.cut_after_s = 30;
    let mut s = Sitting::debate_with(setup);
    s.gives_the_floor_to("lan");
    s.after(449);
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
    s.after(1);
    assert_eq!(s.heard(), ["hall-1"]);
    assert_eq!(s.speaker(), Some("lan"), "the floor is still hers");
    s.may("an", Command::Extend { minutes: 1 });
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
    s.may("an", direct("cuong", RequestKind::Answer));
    s.after(4000);
    assert_eq!(s.heard(), ["hall-1", "tan-lap-1"], "an answer is not cut off");
}

#[test]
fn who_is_invited_without_limit_has_no_deadline() {
    let mut s = Sitting::debate();
    s.may("an", direct("phuc", RequestKind::Directive));
    s.may("an", Command::StartClock);
    let turn = s.meeting.turn().cloned().expect("the guest speaks");
    assert_eq!((turn.limit_ms, turn.deadline()), (None, None));
    assert_eq!(s.refused("an", Command::Extend { minutes: 1 }), Refusal::TurnState);
}

#[test]
fn technical_trouble_stops_the_clock() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.after(20);
    s.may("ky", Command::PauseTurn);
    assert_eq!(s.refused("an", Command::PauseTurn), Refusal::TurnState);
    s.after(100);
    assert_eq!(
        s.heard(),
        ["hall-1", "hoa-binh-1"],
        "still live: somebody has to say that it works again"
    );
    s.may("an", Command::ContinueTurn);
    s.after(10);
    assert_eq!(s.spoken(), 30);
    assert_eq!(s.refused("an", Command::ContinueTurn), Refusal::TurnState);
}

#[test]
fn a_point_of_order_interrupts_and_the_chair_lets_the_speaker_go_on() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.after(50);
    let order = s.register("cuong", RequestKind::PointOfOrder);
    s.invite(&order);
    assert_eq!(s.speaker(), Some("cuong"));
    assert_eq!(s.heard(), ["hall-1", "tan-lap-1"]);
    s.after(40);
    s.may("cuong", Command::EndTurn);
    assert_eq!(s.speaker(), Some("lan"));
    assert_eq!(
        s.meeting.turn().and_then(|turn| turn.paused()),
        Some(PauseReason::PointOfOrder)
    );
    assert_eq!(s.heard(), ["hall-1"], "until the chair says so");
    s.after(5);
    s.may("an", Command::ContinueTurn);
    s.after(10);
    assert_eq!(s.spoken(), 60);
}

#[test]
fn one_point_of_order_after_another_leaves_one_turn_beneath() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    let first = s.register("cuong", RequestKind::PointOfOrder);
    let second = s.register("ha", RequestKind::PointOfOrder);
    s.invite(&first);
    s.invite(&second);
    assert_eq!(s.speaker(), Some("ha"));
    assert_eq!(s.meeting.interrupted().map(|turn| turn.person.0.as_str()), Some("lan"));
    s.may("an", Command::EndTurn);
    assert_eq!(s.speaker(), Some("lan"));
}

#[test]
fn inviting_the_next_over_a_point_of_order_ends_both() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    let order = s.register("cuong", RequestKind::PointOfOrder);
    s.invite(&order);
    let [ha] = s.speeches(["ha"]);
    s.invite(&ha);
    assert_eq!(s.speaker(), Some("ha"));
    assert_eq!(s.meeting.interrupted(), None);
    assert_eq!(s.meeting.past().len(), 2);
}

#[test]
fn an_end_is_undone_for_some_seconds() {
    let mut s = Sitting::debate();
    let lan = s.gives_the_floor_to("lan");
    s.after(30);
    s.may("lan", Command::EndTurn);
    s.after(15);
    let back = undo(&s);
    assert_eq!(s.refused("thu", back.clone()), Refusal::NotAllowed);
    s.may("an", back);
    assert_eq!(s.speaker(), Some("lan"));
    assert_eq!(
        s.meeting.request(&lan).map(|request| request.state),
        Some(RequestState::Speaking)
    );
    s.after(5);
    assert_eq!(s.spoken(), 35, "the silence between is not counted");
    assert!(s.meeting.past().is_empty());

    s.may("an", Command::EndTurn);
    let back = undo(&s);
    s.after_ms(15_001);
    assert_eq!(s.refused("an", back), Refusal::UndoExpired);
    assert_eq!(
        s.refused("an", Command::UndoEnd { turn: "t9".into() }),
        Refusal::Unknown
    );
}

#[test]
fn an_end_is_not_undone_under_the_next_speaker() {
    let mut s = Sitting::debate();
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    s.invite(&lan);
    s.invite(&cuong);
    let back = undo(&s);
    assert_eq!(s.refused("an", back), Refusal::FloorTaken);
}

#[test]
fn a_point_of_order_that_ended_too_soon_is_taken_up_again() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    let order = s.register("cuong", RequestKind::PointOfOrder);
    s.invite(&order);
    s.may("an", Command::EndTurn);
    let back = undo(&s);
    s.may("an", back);
    assert_eq!(s.speaker(), Some("cuong"));
    assert_eq!(s.meeting.interrupted().map(|turn| turn.person.0.as_str()), Some("lan"));
}

#[test]
fn who_spoke_last_says_a_little_more_in_the_same_turn() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    let turn = s.turn();
    assert_eq!(
        s.refused("lan", register(RequestKind::Continuation)),
        Refusal::KindNotOpen,
        "she has the floor"
    );
    s.after(420);
    s.may("lan", Command::EndTurn);
    s.after(60);
    assert_eq!(
        s.refused("cuong", register(RequestKind::Continuation)),
        Refusal::KindNotOpen
    );
    let more = s.register("lan", RequestKind::Continuation);
    s.invite(&more);
    assert_eq!(s.turn(), turn, "not a new turn");
    assert_eq!(s.meeting.turn().and_then(|turn| turn.limit_ms), Some(420_000 + 120_000));
    s.after(10);
    s.may("lan", Command::EndTurn);
    assert_eq!(s.meeting.past().len(), 1);
    assert_eq!(s.meeting.spoken_ms(&"lan".into()), 430_000);

    let stale = s.register("lan", RequestKind::Continuation);
    s.gives_the_floor_to("cuong");
    assert_eq!(s.refused("an", invite(&stale)), Refusal::FloorTaken);
    s.may("an", Command::EndTurn);
    assert_eq!(
        s.refused("an", invite(&stale)),
        Refusal::KindNotOpen,
        "somebody else spoke since"
    );
}

#[test]
fn off_the_list_serves_the_request_that_waits() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    s.may("an", direct("lan", RequestKind::Speech));
    assert_eq!(s.meeting.turn().map(|turn| turn.request.clone()), Some(lan));
    assert!(s.queue().is_empty());
    s.may("an", direct("quang", RequestKind::Answer));
    assert!(s.meeting.turn().is_some_and(|turn| turn.direct));
}

#[test]
fn the_next_speaker_in_the_same_room_needs_no_switch() {
    let mut s = Sitting::debate();
    let [lan, minh] = s.speeches(["lan", "minh"]);
    s.invite(&lan);
    let (heard, stage) = (s.heard(), s.meeting.stage());
    s.invite(&minh);
    assert_eq!((s.heard(), s.meeting.stage()), (heard, stage));
}

#[test]
fn a_double_tap_invites_once() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    s.invite(&lan);
    assert_eq!(
        s.refused("an", invite(&lan)),
        Refusal::RequestState,
        "a second tap with a new id does no harm"
    );
}

#[test]
fn remind_is_for_who_has_the_floor() {
    let mut s = Sitting::debate();
    assert_eq!(s.refused("an", Command::Remind), Refusal::NoTurn);
    s.gives_the_floor_to("lan");
    s.may("an", Command::Remind);
    assert_eq!(s.meeting.turn().and_then(|turn| turn.reminded_at), Some(s.now));
}

#[test]
fn one_more_room_by_an_explicit_act() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("an", microphone("tan-lap-2", true));
    assert_eq!(s.refused("an", microphone("tan-lap-2", true)), Refusal::NoChange);
    assert_eq!(s.refused("an", microphone("nowhere", true)), Refusal::Unknown);
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1", "tan-lap-2"]);
    s.may("an", microphone("tan-lap-2", false));
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
}

#[test]
fn fairness_counts_turns_and_time_by_site() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.after(60);
    s.gives_the_floor_to("cuong");
    s.after(30);
    s.may("an", Command::EndTurn);
    s.speeches(["dung", "giang"]);
    let by_site = s.meeting.fairness(
        |turn| Some(turn.site.0.clone()),
        |who| s.meeting.seat(who).map(|site| site.0.clone()),
    );
    let of = |site: &str| by_site.get(site).copied().unwrap_or_default();
    assert_eq!(
        (of("hoa-binh").served, of("hoa-binh").spoken_ms, of("hoa-binh").waiting),
        (1, 60_000, 0)
    );
    assert_eq!(
        (of("tan-lap").served, of("tan-lap").spoken_ms, of("tan-lap").waiting),
        (1, 30_000, 1)
    );
    assert_eq!((of("hall").served, of("hall").waiting), (0, 1));
}

#[test]
fn the_floor_is_for_a_sitting_that_is_open() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    s.may("an", Command::Suspend { resume_at: None });
    assert_eq!(s.refused("an", invite(&lan)), Refusal::WrongPhase);
    assert_eq!(s.speaker(), None);
}
