//! Cables, tablets, rooms and the server itself: what a loss does, and above all what it does not (PRODUCT 3.3.6).

use crate::sitting::{Sitting, council, defer, invite, on_deck};
use meeting::StageMode;
use meeting::command::{Attendance, Command};
use meeting::event::{PauseReason, TurnEnd};
use meeting::refusal::Refusal;
use meeting::request::RequestState;
use meeting::setup::RequestKind;

fn paused(s: &Sitting) -> Option<PauseReason> {
    s.meeting.turn().and_then(|turn| turn.paused())
}

#[test]
fn a_waiting_delegates_tablet_dies() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    s.go("lan", 15);
    assert_eq!(s.queue(), ["lan"]);
    assert_eq!(
        s.attendance("lan"),
        Attendance::PresentSite,
        "she sits in a room that is there"
    );
    s.invite(&lan);
    assert_eq!(
        s.heard(),
        ["hall-1", "hoa-binh-1"],
        "she just speaks into the room's microphone"
    );
}

#[test]
fn the_speakers_line_is_gone_for_a_moment() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.after(60);
    s.lose("hoa-binh-1", 15);
    assert_eq!(paused(&s), Some(PauseReason::LineLost));
    assert_eq!(s.spoken(), 45, "what nobody heard is not counted");
    assert_eq!(s.heard(), ["hall-1"]);
    assert_eq!(s.meeting.stage().mode, StageMode::Overview);
    assert_eq!(s.meeting.stage().primary, Some("hall-1".into()));
    s.after(4);
    s.back("hoa-binh-1");
    assert_eq!(paused(&s), None, "less than 20 s: it goes on by itself");
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
    s.after(10);
    assert_eq!(s.spoken(), 55);
}

#[test]
fn after_a_longer_loss_the_chair_taps_continue() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.after(60);
    s.lose("hoa-binh-1", 15);
    assert_eq!(s.refused("an", Command::ContinueTurn), Refusal::RoomOffline);
    s.after(75);
    s.back("hoa-binh-1");
    assert_eq!(paused(&s), Some(PauseReason::LineLost));
    assert_eq!(s.heard(), ["hall-1"], "back, but muted");
    s.after(300);
    assert!(
        s.meeting
            .turn()
            .and_then(|turn| turn.hold())
            .is_some_and(|hold| !hold.over),
        "the hold no longer runs"
    );
    s.may("an", Command::ContinueTurn);
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
    assert_eq!(s.spoken(), 45);
}

#[test]
fn a_lost_speaker_is_heard_by_telephone_until_the_camera_is_back() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.after(60);
    assert_eq!(
        s.refused("an", Command::ContinueByPhone),
        Refusal::TurnState,
        "she is heard"
    );
    s.lose("hoa-binh-1", 15);
    assert_eq!(s.refused("lan", Command::ContinueByPhone), Refusal::NotAllowed);
    s.may("an", Command::ContinueByPhone);
    let by_phone = |s: &Sitting| s.meeting.turn().is_some_and(|turn| s.meeting.by_phone(turn));
    assert!(by_phone(&s));
    assert_eq!(s.heard(), ["hall-1"], "the telephone lies in the hall");
    s.after(30);
    assert_eq!(s.spoken(), 75, "her clock runs");
    assert_eq!(
        s.refused("an", Command::ContinueTurn),
        Refusal::TurnState,
        "there is no camera yet"
    );

    s.back("hoa-binh-1");
    assert!(by_phone(&s), "nothing is switched under her while she speaks");
    s.may("an", Command::ContinueTurn);
    assert!(!by_phone(&s));
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
    s.after(5);
    assert_eq!(s.spoken(), 80);
}

#[test]
fn somebody_whose_room_is_away_is_invited_by_telephone() {
    let mut s = Sitting::debate();
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    s.lose("hoa-binh-1", 15);
    assert_eq!(s.refused("an", crate::sitting::invite(&lan)), Refusal::RoomOffline);
    let by_phone = |request: &meeting::id::RequestId| Command::InviteByPhone {
        request: request.clone(),
    };
    assert_eq!(s.refused("cuong", by_phone(&lan)), Refusal::NotAllowed);
    s.may("an", by_phone(&lan));
    let turn = s.meeting.turn().expect("she has the floor");
    assert!(s.meeting.by_phone(turn));
    assert_eq!(turn.site, "hoa-binh".into());
    assert_eq!(s.heard(), ["hall-1"]);
    s.invite(&cuong);
    assert_eq!(
        s.meeting.request(&lan).map(|request| request.state),
        Some(RequestState::Done)
    );
}

#[test]
fn the_hold_ends_and_the_chair_chooses() {
    let mut s = Sitting::debate();
    let lan = s.gives_the_floor_to("lan");
    s.after(60);
    s.lose("hoa-binh-1", 0);
    s.after(119);
    let over = |s: &Sitting| {
        s.meeting
            .turn()
            .and_then(|turn| turn.hold())
            .is_some_and(|hold| hold.over)
    };
    assert!(!over(&s));
    s.after(1);
    assert!(over(&s));
    assert_eq!(s.speaker(), Some("lan"), "nothing is taken from her by a clock");

    let [cuong] = s.speeches(["cuong"]);
    s.invite(&cuong);
    let request = s.meeting.request(&lan).expect("kept");
    assert_eq!(
        (request.state, request.left_ms),
        (RequestState::Deferred, Some(360_000))
    );
    assert_eq!(s.meeting.past().last().map(|past| past.how), Some(TurnEnd::Held));

    s.back("hoa-binh-1");
    assert_eq!(s.speaker(), Some("cuong"));
    s.may("cuong", Command::EndTurn);
    s.may("an", crate::sitting::restore(&lan));
    s.invite(&lan);
    let turn = s.meeting.turn().expect("she speaks again");
    assert_eq!(turn.limit_ms, Some(360_000), "the time that was left");
    s.may("an", Command::EndTurn);
    let [again] = s.speeches(["lan"]);
    assert!(s.meeting.request(&again).expect("registered").second);
}

#[test]
fn a_held_turn_can_be_set_aside_without_a_next_one() {
    let mut s = Sitting::debate();
    let lan = s.gives_the_floor_to("lan");
    assert_eq!(s.refused("an", defer(&lan)), Refusal::RequestState, "only a lost one");
    s.lose("hoa-binh-1", 0);
    s.may("an", defer(&lan));
    assert_eq!(s.speaker(), None);
    assert_eq!(
        s.meeting.request(&lan).map(|request| request.state),
        Some(RequestState::Deferred)
    );
}

#[test]
fn lost_again_while_waiting_for_the_tap_is_held_again() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.lose("hoa-binh-1", 0);
    s.after(30);
    s.back("hoa-binh-1");
    s.after(10);
    s.lose("hoa-binh-1", 0);
    let hold = s.meeting.turn().and_then(|turn| turn.hold()).cloned().expect("held");
    assert_eq!((hold.until, hold.back_at), (s.now.plus_seconds(120), None));
    s.after(5);
    s.back("hoa-binh-1");
    assert_eq!(
        paused(&s),
        Some(PauseReason::LineLost),
        "the chair has not yet let it go on"
    );
}

#[test]
fn another_camera_of_the_site_takes_over() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("cuong");
    assert_eq!(s.heard(), ["hall-1", "tan-lap-1"]);
    s.lose("tan-lap-1", 0);
    s.may("an", Command::ContinueTurn);
    assert_eq!(s.heard(), ["hall-1", "tan-lap-2"]);
    assert_eq!(s.attendance("cuong"), Attendance::PresentSite);
    let [dung] = s.speeches(["dung"]);
    s.invite(&dung);
    assert_eq!(s.heard(), ["hall-1", "tan-lap-2"]);
}

#[test]
fn a_room_that_is_away_is_not_invited_and_the_next_one_is_suggested() {
    let mut s = Sitting::debate();
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    s.may("an", on_deck(&lan));
    s.lose("hoa-binh-1", 0);
    assert_eq!(s.queue(), ["lan", "cuong"], "she stays at her place");
    assert_eq!(s.meeting.suggested().map(|request| &request.id), Some(&cuong));
    assert_eq!(s.refused("an", invite(&lan)), Refusal::RoomOffline);
    s.back("hoa-binh-1");
    assert_eq!(s.meeting.suggested().map(|request| &request.id), Some(&lan));
    s.lose("hoa-binh-1", 0);
    s.may("an", Command::CancelOnDeck { request: lan.clone() });
    assert_eq!(s.refused("an", on_deck(&lan)), Refusal::RoomOffline);
}

#[test]
fn the_interrupted_speakers_room_goes_away_meanwhile() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.after(10);
    let order = s.register("cuong", RequestKind::PointOfOrder);
    s.invite(&order);
    s.lose("hoa-binh-1", 0);
    assert_eq!(s.speaker(), Some("cuong"));
    s.may("cuong", Command::EndTurn);
    assert_eq!(paused(&s), Some(PauseReason::LineLost));
    let hold = s.meeting.turn().and_then(|turn| turn.hold()).expect("held from now on");
    assert_eq!(hold.until, s.now.plus_seconds(120));
}

#[test]
fn a_whole_site_is_gone_and_its_requests_stay() {
    let mut s = Sitting::debate();
    s.speeches(["lan", "cuong", "minh"]);
    s.go("lan", 5);
    s.go("minh", 5);
    assert_eq!(s.present(), 9, "the room is still there");
    s.lose("hoa-binh-1", 0);
    assert_eq!(s.attendance("lan"), Attendance::Disconnected);
    assert_eq!(s.attendance("minh"), Attendance::Disconnected);
    assert_eq!(s.present(), 7);
    assert_eq!(s.queue(), ["lan", "cuong", "minh"]);
    s.after(200);
    s.back("hoa-binh-1");
    assert_eq!(s.present(), 9, "back within the grace, without a tap");
}

#[test]
fn a_tablet_that_is_there_keeps_its_delegate_present() {
    let mut s = Sitting::debate();
    s.lose("hoa-binh-1", 0);
    assert_eq!(s.attendance("lan"), Attendance::PresentSite);
    s.go("lan", 0);
    assert_eq!(
        s.attendance("lan"),
        Attendance::Disconnected,
        "now the sole link is lost"
    );
    assert_eq!(s.attendance("minh"), Attendance::PresentSite);
}

#[test]
fn back_after_the_grace_asks_for_a_word() {
    let mut s = Sitting::debate();
    s.go("khoa", 0);
    assert_eq!(
        s.attendance("khoa"),
        Attendance::PresentOnline,
        "his camera is still there"
    );
    s.lose("home-1", 0);
    assert_eq!(s.attendance("khoa"), Attendance::Disconnected);
    s.after(301);
    s.come("khoa");
    s.back("home-1");
    assert_eq!(s.attendance("khoa"), Attendance::Disconnected);
    s.may("khoa", Command::CheckIn);
    assert_eq!(s.attendance("khoa"), Attendance::PresentOnline);
    let history = &s.meeting.record(&"khoa".into()).expect("recorded").history;
    let states: Vec<Attendance> = history.iter().map(|change| change.to).collect();
    assert_eq!(
        states,
        [
            Attendance::PresentOnline,
            Attendance::Disconnected,
            Attendance::PresentOnline
        ]
    );
}

#[test]
fn a_lost_connection_is_never_an_absence() {
    let mut s = Sitting::debate();
    s.go("khoa", 0);
    s.lose("home-1", 0);
    s.after(7200);
    assert_eq!(s.attendance("khoa"), Attendance::Disconnected);
    s.may("thu", crate::sitting::mark("khoa", Attendance::SteppedOut, ""));
    s.back("home-1");
    assert_eq!(
        s.attendance("khoa"),
        Attendance::SteppedOut,
        "what the secretary recorded stands"
    );
}

#[test]
fn the_server_is_restarted_while_somebody_speaks() {
    let mut s = Sitting::debate();
    let lan = s.gives_the_floor_to("lan");
    s.speeches(["cuong"]);
    s.after(60);
    let last_alive = s.now;
    s.now = last_alive.plus_seconds(40);
    s.hub(Command::ReportRestart { last_alive }).expect("always");
    assert_eq!(paused(&s), Some(PauseReason::Restart));
    assert_eq!(s.spoken(), 60, "the time we were away is not hers");
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"], "the same rooms are live as before");
    assert_eq!((s.queue(), s.present()), (vec!["cuong"], 9));
    for room in ["hall-1", "hoa-binh-1", "tan-lap-1", "tan-lap-2", "home-1"] {
        s.back(room);
    }
    for who in [
        "an", "binh", "giang", "ha", "lan", "minh", "cuong", "dung", "khoa", "thu", "hanh", "ky", "phuc", "quang",
    ] {
        s.come(who);
    }
    s.after(20);
    assert_eq!(s.present(), 9);
    s.may("an", Command::ContinueTurn);
    s.after(10);
    assert_eq!(s.spoken(), 70);
    assert_eq!(s.meeting.turn().map(|turn| &turn.request), Some(&lan));
}

#[test]
fn who_does_not_come_back_after_a_restart_is_lost() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    let last_alive = s.now;
    s.hub(Command::ReportRestart { last_alive }).expect("always");
    for room in ["hall-1", "tan-lap-1", "tan-lap-2"] {
        s.back(room);
    }
    for who in ["binh", "thu", "lan"] {
        s.come(who);
    }
    s.after(14);
    assert_eq!(s.present(), 9);
    s.after(1);
    assert_eq!(paused(&s), Some(PauseReason::LineLost), "her room did not return");
    assert_eq!(s.attendance("lan"), Attendance::PresentSite, "her tablet did");
    assert_eq!(s.attendance("minh"), Attendance::Disconnected);
    assert_eq!(s.attendance("khoa"), Attendance::Disconnected);
    assert_eq!(s.attendance("cuong"), Attendance::PresentSite);
    assert!(s.meeting.chair_away_since().is_some());
    assert_eq!(
        s.meeting.next_due(),
        Some(last_alive.plus_seconds(120)),
        "the chair may be claimed"
    );
}

#[test]
fn a_restart_while_invited_starts_no_clock() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    s.invite(&lan);
    let last_alive = s.now;
    s.now = s.now.plus_seconds(30);
    s.hub(Command::ReportRestart { last_alive }).expect("always");
    s.after(10);
    assert_eq!(s.spoken(), 0);
}

#[test]
fn a_secretary_leaves_and_another_goes_on() {
    let mut s = Sitting::in_the_lobby(council());
    s.may("thu", Command::StartRoll);
    s.go("thu", 0);
    s.may("hanh", Command::FreezeRoll);
    assert_eq!(s.meeting.snapshots().len(), 2);
}

#[test]
fn reports_say_something_once() {
    let mut s = Sitting::debate();
    let since = s.now;
    let up = Command::ReportEndpoint {
        endpoint: "hall-1".into(),
        online: true,
        since,
    };
    assert_eq!(s.hub(up), Err(Refusal::NoChange));
    s.lose("hall-1", 0);
    let down = Command::ReportEndpoint {
        endpoint: "hall-1".into(),
        online: false,
        since,
    };
    assert_eq!(s.hub(down), Err(Refusal::NoChange));
    let unknown = Command::ReportEndpoint {
        endpoint: "cellar".into(),
        online: true,
        since,
    };
    assert_eq!(s.hub(unknown), Err(Refusal::Unknown));
    let stranger = Command::ReportPerson {
        person: "ai-do".into(),
        online: true,
        since,
    };
    assert_eq!(s.hub(stranger), Err(Refusal::Unknown));
}

#[test]
fn a_lost_speaker_beneath_a_point_of_order() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.lose("hoa-binh-1", 0);
    let order = s.register("cuong", RequestKind::PointOfOrder);
    s.invite(&order);
    s.after(300);
    assert_eq!(s.speaker(), Some("cuong"));
    s.may("cuong", Command::EndTurn);
    let hold = s.meeting.turn().and_then(|turn| turn.hold()).cloned().expect("held");
    assert_eq!(
        (hold.over, hold.until),
        (false, s.now.plus_seconds(120)),
        "the interruption is not her loss"
    );

    let order = s.register("cuong", RequestKind::PointOfOrder);
    s.invite(&order);
    s.after(5);
    s.back("hoa-binh-1");
    assert_eq!(s.heard(), ["hall-1", "tan-lap-1"]);
    s.may("cuong", Command::EndTurn);
    s.after(600);
    assert!(
        s.meeting
            .turn()
            .and_then(|turn| turn.hold())
            .is_some_and(|hold| hold.back_at.is_some() && !hold.over)
    );
    s.may("an", Command::ContinueTurn);
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
}
