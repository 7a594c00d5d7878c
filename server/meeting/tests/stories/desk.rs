//! The technician's desk: pictures by hand, silence, and who is known to watch.

use crate::sitting::{Sitting, council, microphone};
use meeting::StageMode;
use meeting::command::Command;
use meeting::cut::Preset;
use meeting::refusal::Refusal;
use meeting::setup::RequestKind;

fn cut(preset: Preset) -> Command {
    Command::ArrangeStage { preset }
}

fn shown(s: &Sitting) -> (StageMode, Option<String>) {
    let stage = s.meeting.stage();
    (stage.mode, stage.primary.map(|room| room.0))
}

fn of(mode: StageMode, primary: &str) -> (StageMode, Option<String>) {
    (mode, Some(primary.to_owned()))
}

#[test]
fn a_cut_to_the_hall_is_seen_and_the_speaker_still_heard() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("ky", cut(Preset::Hall));
    assert_eq!(shown(&s), of(StageMode::Single, "hall-1"));
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
    assert_eq!(s.refused("ky", cut(Preset::Hall)), Refusal::NoChange);
    s.may("ky", Command::ReleaseStage);
    assert_eq!(shown(&s), of(StageMode::Speaker, "hoa-binh-1"));
    assert_eq!(s.refused("ky", Command::ReleaseStage), Refusal::NoChange);
}

#[test]
fn a_cut_gives_way_when_the_floor_changes_hands_but_not_at_once() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("ky", cut(Preset::Hall));
    s.after(10);
    s.gives_the_floor_to("cuong");
    assert_eq!(shown(&s), of(StageMode::Single, "hall-1"), "a manual cut wins for 30 s");
    s.after(19);
    assert_eq!(shown(&s), of(StageMode::Single, "hall-1"));
    s.after(1);
    assert_eq!(shown(&s), of(StageMode::Speaker, "tan-lap-1"));
    assert_eq!(s.replayed(), s.meeting);

    s.may("ky", cut(Preset::Hall));
    s.after(300);
    assert_eq!(shown(&s), of(StageMode::Single, "hall-1"), "time alone changes nothing");
    s.gives_the_floor_to("lan");
    assert_eq!(shown(&s), of(StageMode::Speaker, "hoa-binh-1"));
}

#[test]
fn two_frames_need_somebody_who_speaks() {
    let mut s = Sitting::debate();
    assert_eq!(s.refused("ky", cut(Preset::TwoUp)), Refusal::NoTurn);
    s.gives_the_floor_to("lan");
    s.may("ky", cut(Preset::TwoUp));
    let stage = s.meeting.stage();
    let room = |room: &str| Some(room.into());
    assert_eq!(
        (stage.mode, stage.primary, stage.secondary),
        (StageMode::TwoUp, room("hoa-binh-1"), room("hall-1"))
    );
    s.gives_the_floor_to("ha");
    assert_eq!(
        shown(&s),
        of(StageMode::Speaker, "hall-1"),
        "who speaks in the hall needs no second frame of it"
    );
}

#[test]
fn one_room_large_while_its_line_is_there() {
    let mut s = Sitting::debate();
    let tan_lap = Preset::Room {
        endpoint: "tan-lap-1".into(),
    };
    s.may("ky", cut(tan_lap.clone()));
    assert_eq!(shown(&s), of(StageMode::Single, "tan-lap-1"));
    s.lose("tan-lap-1", 4);
    assert_eq!(
        shown(&s),
        of(StageMode::Overview, "hall-1"),
        "nobody looks at a lost line"
    );
    s.may("ky", Command::ReleaseStage);
    assert_eq!(s.refused("ky", cut(tan_lap)), Refusal::RoomOffline);
    let nowhere = Preset::Room {
        endpoint: "nowhere".into(),
    };
    assert_eq!(s.refused("ky", cut(nowhere)), Refusal::Unknown);
}

#[test]
fn pictures_by_hand_belong_to_an_open_sitting() {
    let mut s = Sitting::in_the_lobby(council());
    assert_eq!(s.refused("ky", cut(Preset::Overview)), Refusal::WrongPhase);
    let mut s = Sitting::debate();
    s.may("ky", cut(Preset::Overview));
    assert_eq!(shown(&s), of(StageMode::Overview, "hall-1"));
    s.may("an", Command::Suspend { resume_at: None });
    s.may("an", Command::Resume);
    assert_eq!(s.meeting.arranged(), None, "a break ends it");
    assert_eq!(s.refused("thu", cut(Preset::Hall)), Refusal::NotAllowed);
    assert_eq!(s.refused("lan", Command::SilenceAll), Refusal::NotAllowed);
}

#[test]
fn silence_leaves_the_chair_and_comes_back_whole_if_it_was_a_slip() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("an", microphone("tan-lap-1", true));
    s.may("ky", Command::SilenceAll);
    assert_eq!(s.heard(), ["hall-1"]);
    assert_eq!(s.speaker(), Some("lan"), "the floor is hers all the same");
    assert_eq!(s.refused("ky", Command::SilenceAll), Refusal::NoChange);
    s.after(10);
    s.may("ky", Command::LiftSilence);
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1", "tan-lap-1"]);
    assert_eq!(s.refused("ky", Command::LiftSilence), Refusal::NoChange);
}

#[test]
fn later_only_the_floor_is_heard_again() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("an", microphone("tan-lap-1", true));
    s.may("ky", Command::SilenceAll);
    s.after(13);
    s.may("ky", Command::LiftSilence);
    assert_eq!(
        s.heard(),
        ["hall-1", "hoa-binh-1"],
        "a technician opens no microphone in a sitting"
    );
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn who_is_given_the_word_is_heard() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("ky", Command::SilenceAll);
    s.may("an", microphone("tan-lap-2", true));
    assert_eq!(s.heard(), ["hall-1", "tan-lap-2"], "what the chair opens now is heard");
    s.gives_the_floor_to("cuong");
    assert_eq!(s.heard(), ["hall-1", "tan-lap-1", "tan-lap-2"]);
    assert_eq!(s.meeting.silence(), None);
}

#[test]
fn a_line_that_comes_back_by_itself_does_not_lift_the_silence() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.after(5);
    s.may("ky", Command::SilenceAll);
    s.lose("hoa-binh-1", 4);
    s.after(3);
    s.back("hoa-binh-1");
    assert_eq!(s.heard(), ["hall-1"]);
    s.may("an", Command::LiftSilence);
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
}

#[test]
fn silence_where_nobody_else_is_heard_is_none() {
    let mut s = Sitting::debate();
    assert_eq!(s.refused("ky", Command::SilenceAll), Refusal::NoChange);
    let point = s.register("ha", RequestKind::PointOfOrder);
    s.invite(&point);
    assert_eq!(
        s.refused("ky", Command::SilenceAll),
        Refusal::NoChange,
        "she sits with the chair"
    );
}

#[test]
fn who_receives_pictures_is_known() {
    let mut s = Sitting::debate();
    let watching = |watching| Command::ReportWatching {
        person: "ky".into(),
        watching,
    };
    s.hub(watching(true)).expect("the wall is there");
    assert_eq!(s.hub(watching(true)), Err(Refusal::NoChange));
    assert!(s.meeting.watching().contains_key(&"ky".into()));
    let last_alive = s.now;
    s.hub(Command::ReportRestart { last_alive })
        .expect("the hub starts again");
    assert!(s.meeting.watching().is_empty(), "and nobody watches yet");
    s.hub(watching(true)).expect("again");
    s.hub(watching(false)).expect("the page was closed");
    assert!(s.meeting.watching().is_empty());
}
