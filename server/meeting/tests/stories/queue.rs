//! The list of speakers: who may register what, in which order, and what becomes of a request.

use crate::sitting::{
    Sitting, council, defer, direct, invite, mark, move_before, on_deck, person, refuse, register, register_for,
    restore,
};
use meeting::command::{Asked, Attendance, Command, OutOfOrder};
use meeting::id::{CommandId, Time};
use meeting::refusal::Refusal;
use meeting::request::RequestState;
use meeting::setup::{RequestKind, Setup, TieBreak};

fn with_window(tie_break: TieBreak) -> Setup {
    let mut setup = council();
    setup.rules.window_s = 10;
    setup.rules.tie_break = tie_break;
    setup
}

fn state(s: &Sitting, id: &meeting::id::RequestId) -> RequestState {
    s.meeting.request(id).expect("it was registered").state
}

#[test]
fn first_come_first_served_after_points_of_order() {
    let mut s = Sitting::debate();
    s.speeches(["lan", "cuong"]);
    s.register("ha", RequestKind::PointOfOrder);
    s.speeches(["giang"]);
    s.register("dung", RequestKind::PointOfOrder);
    assert_eq!(s.queue(), ["ha", "dung", "lan", "cuong", "giang"]);
    assert_eq!(
        s.meeting.suggested().map(|request| request.person.0.as_str()),
        Some("ha")
    );
}

#[test]
fn a_second_speech_waits_for_all_first_ones_and_is_shorter() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    assert_eq!(s.meeting.turn().and_then(|turn| turn.limit_ms), Some(420_000));
    s.may("lan", Command::EndTurn);
    let [again, cuong] = s.speeches(["lan", "cuong"]);
    assert_eq!(s.queue(), ["cuong", "lan"]);
    s.invite(&cuong);
    s.invite(&again);
    assert_eq!(s.meeting.turn().and_then(|turn| turn.limit_ms), Some(180_000));
}

#[test]
fn on_another_item_everybody_begins_anew() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("lan", Command::EndTurn);
    s.may("an", Command::CloseItem { leftover: None });
    s.may("an", crate::sitting::open_item("chat-van"));
    s.may("an", Command::OpenList);
    let [lan] = s.speeches(["lan"]);
    assert!(!s.meeting.request(&lan).expect("registered").second);
}

#[test]
fn each_kind_is_open_to_whom_it_belongs() {
    let mut s = Sitting::debate();
    for (who, kind) in [
        ("lan", RequestKind::Question),
        ("lan", RequestKind::Rebuttal),
        ("lan", RequestKind::Answer),
        ("lan", RequestKind::Report),
        ("lan", RequestKind::Directive),
        ("lan", RequestKind::Conclusion),
        ("lan", RequestKind::Continuation),
        ("phuc", RequestKind::Speech),
        ("phuc", RequestKind::PointOfOrder),
        ("quang", RequestKind::Answer),
    ] {
        assert_eq!(s.refused(who, register(kind)), Refusal::KindNotOpen, "{who} {kind:?}");
    }
    s.register("phuc", RequestKind::Paper);
    s.may("thu", register_for("quang", RequestKind::Report));
    assert_eq!(s.queue(), ["phuc", "quang"], "by programme, in the order of entry");
}

#[test]
fn questions_belong_to_questioning_and_no_speech_to_a_ceremony() {
    let mut s = Sitting::on_item(council(), "chat-van");
    s.may("an", Command::OpenList);
    s.register("lan", RequestKind::Question);
    let mut s = Sitting::on_item(council(), "chao-co");
    s.may("an", Command::OpenList);
    assert_eq!(s.refused("lan", register(RequestKind::Speech)), Refusal::KindNotOpen);
}

#[test]
fn the_one_who_asked_rebuts_first() {
    let mut s = Sitting::on_item(council(), "chat-van");
    s.may("an", Command::OpenList);
    assert_eq!(
        s.refused("lan", register(RequestKind::Rebuttal)),
        Refusal::KindNotOpen,
        "nobody has said anything yet"
    );
    let lan = s.register("lan", RequestKind::Question);
    let dung = s.register("dung", RequestKind::Question);
    s.invite(&lan);
    s.invite(&dung);
    s.may("an", direct("quang", RequestKind::Answer));
    s.may("an", Command::CloseList);
    s.after(30);
    // A rebuttal answers to what is said and does not wait for the list.
    s.register("ha", RequestKind::Rebuttal);
    s.register("dung", RequestKind::Rebuttal);
    s.register("lan", RequestKind::Rebuttal);
    assert_eq!(s.queue(), ["dung", "lan", "ha"], "both asked in this block");
}

#[test]
fn the_same_request_twice_is_one_and_a_different_kind_is_another() {
    let mut s = Sitting::debate();
    s.speeches(["cuong"]);
    let [lan] = s.speeches(["lan"]);
    let doubled = Refusal::AlreadyRegistered {
        request: lan.clone(),
        position: 2,
    };
    assert_eq!(s.refused("lan", register(RequestKind::Speech)), doubled);
    assert_eq!(
        s.refused("thu", register_for("lan", RequestKind::Speech)),
        doubled,
        "a proxy finds it there too"
    );
    s.register("lan", RequestKind::PointOfOrder);
    assert_eq!(s.queue(), ["lan", "cuong", "lan"]);
}

#[test]
fn the_wrong_button_is_mended_and_jumps_no_queue() {
    let mut s = Sitting::on_item(council(), "chat-van");
    s.may("an", Command::OpenList);
    let lan = s.register("lan", RequestKind::Question);
    s.register("cuong", RequestKind::Speech);
    s.register("ha", RequestKind::PointOfOrder);
    let change = |kind| Command::ChangeKind {
        request: lan.clone(),
        kind,
    };
    s.may("lan", change(RequestKind::Speech));
    assert_eq!(s.queue(), ["ha", "lan", "cuong"], "the same class: the same place");
    s.may("lan", change(RequestKind::PointOfOrder));
    assert_eq!(
        s.queue(),
        ["ha", "lan", "cuong"],
        "a higher class: after those who were there before"
    );
    assert_eq!(s.refused("lan", change(RequestKind::PointOfOrder)), Refusal::NoChange);
    assert_eq!(s.refused("lan", change(RequestKind::Conclusion)), Refusal::KindNotOpen);
    s.may("thu", change(RequestKind::Paper));
    assert_eq!(s.queue(), ["ha", "cuong", "lan"]);
}

#[test]
fn only_the_chair_adds_to_a_closed_list() {
    let mut s = Sitting::on_item(council(), "thao-luan");
    assert_eq!(s.refused("lan", register(RequestKind::Speech)), Refusal::ListClosed);
    assert_eq!(
        s.refused("thu", register_for("lan", RequestKind::Speech)),
        Refusal::ListClosed
    );
    s.may("an", register_for("lan", RequestKind::Speech));
    s.register("cuong", RequestKind::PointOfOrder);
    assert_eq!(s.queue(), ["cuong", "lan"]);
}

#[test]
fn closing_is_announced_and_can_be_called_off() {
    let mut s = Sitting::debate();
    s.may("an", Command::CloseList);
    s.after(29);
    s.register("lan", RequestKind::Speech);
    s.may("an", Command::KeepListOpen);
    s.after(60);
    s.register("cuong", RequestKind::Speech);
    s.may("an", Command::CloseList);
    assert_eq!(s.refused("an", Command::CloseList), Refusal::NoChange);
    s.after(30);
    assert_eq!(s.refused("ha", register(RequestKind::Speech)), Refusal::ListClosed);
    assert_eq!(s.queue(), ["lan", "cuong"]);
}

/// `given` and `received` in milliseconds after the close.
fn late(s: &mut Sitting, who: &str, given: i64, received: u64) -> Result<meeting::Decision, Refusal> {
    s.may("an", Command::CloseList);
    s.after(30);
    let closed = s.now;
    s.after_ms(received);
    let given_at = Some(Time(closed.0.checked_add_signed(given).expect("after 1970")));
    let (id, command) = (CommandId(format!("late-{who}")), register(RequestKind::Speech));
    let asked = Asked {
        id,
        by: person(who),
        given_at,
        command,
    };
    s.send(&asked)
}

#[test]
fn a_request_on_its_way_while_the_list_closed_waits_for_the_chair() {
    let mut s = Sitting::debate();
    s.speeches(["cuong"]);
    late(&mut s, "lan", -800, 4900).expect("in time");
    assert_eq!(s.queue(), ["cuong"], "not in the queue yet");
    let lan = meeting::id::RequestId::from("r2");
    assert_eq!(state(&s, &lan), RequestState::Late);
    assert_eq!(s.refused("an", invite(&lan)), Refusal::RequestState);
    s.may(
        "an",
        Command::AnswerLate {
            request: lan.clone(),
            accept: true,
        },
    );
    assert_eq!(s.queue(), ["cuong", "lan"]);
    assert!(s.meeting.request(&lan).expect("kept").late, "the mark stays");
}

#[test]
fn too_late_is_too_late() {
    for (given, received) in [(1, 100), (-800, 5001)] {
        let mut s = Sitting::debate();
        assert_eq!(
            late(&mut s, "lan", given, received),
            Err(Refusal::ListClosed),
            "{given} {received}"
        );
    }
    let mut s = Sitting::debate();
    late(&mut s, "lan", 0, 0).expect("at the very moment");
    s.may(
        "an",
        Command::AnswerLate {
            request: "r1".into(),
            accept: false,
        },
    );
    assert_eq!(state(&s, &"r1".into()), RequestState::Refused);
}

#[test]
fn in_the_window_sites_take_turns_whatever_their_line() {
    let mut s = Sitting::debate_with(with_window(TieBreak::RoundRobin));
    // The hall's network is faster than the wards'.
    s.speeches(["an", "binh", "giang", "ha"]);
    s.after(5);
    s.speeches(["lan", "minh", "cuong"]);
    assert_eq!(s.queue().len(), 7);
    s.after(5);
    assert_eq!(s.queue(), ["an", "lan", "cuong", "binh", "minh", "giang", "ha"]);
    s.speeches(["dung"]);
    assert_eq!(s.queue().last(), Some(&"dung"), "after the window by arrival");
}

#[test]
fn in_the_window_points_of_order_still_come_first() {
    let mut s = Sitting::debate_with(with_window(TieBreak::RoundRobin));
    s.speeches(["an", "lan"]);
    s.register("cuong", RequestKind::PointOfOrder);
    s.after(10);
    assert_eq!(s.queue(), ["cuong", "an", "lan"]);
}

#[test]
fn in_the_window_a_published_seed_decides_and_anyone_can_recompute_it() {
    let order = |seed: u64| {
        let mut s = Sitting::on_item(with_window(TieBreak::Random), "thao-luan");
        s.seed = seed;
        s.may("an", Command::OpenList);
        s.speeches(["an", "lan", "cuong", "ha", "giang", "minh"]);
        s.after(10);
        s.queue().join(" ")
    };
    assert_eq!(order(1), order(1));
    assert_ne!(order(1), order(2));
    // Worked out apart from this program, by the description in `order.rs`.
    assert_eq!(
        order(0),
        shuffled_by_hand(0, &["an", "lan", "cuong", "ha", "giang", "minh"]).join(" ")
    );
}

/// The shuffle as its description says, written a second time.
fn shuffled_by_hand<'a>(seed: u64, arrived: &[&'a str]) -> Vec<&'a str> {
    let mut order = arrived.to_vec();
    for (step, last) in (1..order.len()).rev().enumerate() {
        let golden = 0x9e37_79b9_7f4a_7c15_u64;
        let state = seed.wrapping_add(golden.wrapping_mul(step as u64 + 1));
        let a = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let b = (a ^ (a >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let c = b ^ (b >> 31);
        order.swap(last, (c % (last as u64 + 1)) as usize);
    }
    order
}

#[test]
fn in_the_window_who_has_spoken_least_goes_first() {
    let mut s = Sitting::on_item(with_window(TieBreak::LeastTime), "chat-van");
    s.may("an", direct("lan", RequestKind::Paper));
    s.may("an", Command::StartClock);
    s.after(300);
    s.may("an", direct("cuong", RequestKind::Paper));
    s.may("an", Command::StartClock);
    s.after(60);
    s.may("an", Command::EndTurn);
    s.may("an", Command::OpenList);
    s.speeches(["lan", "cuong", "ha", "dung"]);
    s.after(10);
    assert_eq!(s.queue(), ["ha", "dung", "cuong", "lan"]);
}

#[test]
fn the_chair_moves_invites_and_closes_within_the_window() {
    let mut s = Sitting::debate_with(with_window(TieBreak::RoundRobin));
    let [an, _, lan, cuong] = s.speeches(["an", "binh", "lan", "cuong"]);
    s.invite(&lan);
    s.speeches(["dung", "minh"]);
    s.may("an", move_before(&cuong, Some(&an)));
    assert_eq!(s.queue(), ["cuong", "an", "binh", "dung", "minh"]);
    s.after(10);
    assert_eq!(
        s.queue(),
        ["cuong", "an", "minh", "binh", "dung"],
        "who was moved stays, and takes the turn of the site"
    );
}

#[test]
fn the_list_closes_with_its_window() {
    let mut setup = with_window(TieBreak::RoundRobin);
    setup.rules.closing_notice_s = 5;
    let mut s = Sitting::debate_with(setup);
    s.speeches(["an", "binh", "lan"]);
    s.may("an", Command::CloseList);
    s.after(5);
    assert!(!s.meeting.list().open);
    assert_eq!(s.queue(), ["an", "lan", "binh"], "in order all the same");
    assert_eq!(s.meeting.list().window_until, None);
}

#[test]
fn the_chair_orders_by_hand() {
    let mut s = Sitting::debate();
    let [lan, cuong, ha] = s.speeches(["lan", "cuong", "ha"]);
    s.may("an", move_before(&ha, Some(&lan)));
    assert_eq!(s.queue(), ["ha", "lan", "cuong"]);
    assert_eq!(s.refused("an", move_before(&ha, Some(&lan))), Refusal::NoChange);
    assert_eq!(s.refused("an", move_before(&cuong, None)), Refusal::NoChange);
    s.may("an", move_before(&ha, None));
    s.speeches(["giang"]);
    assert_eq!(
        s.queue(),
        ["lan", "cuong", "ha", "giang"],
        "who comes later does not pass who was moved"
    );
}

#[test]
fn out_of_order_is_allowed_and_the_log_says_who_was_passed_over() {
    let mut s = Sitting::debate();
    let [lan, cuong, ha] = s.speeches(["lan", "cuong", "ha"]);
    s.may(
        "an",
        Command::Invite {
            request: ha,
            out_of_order: Some(OutOfOrder::BalanceSites),
        },
    );
    let turn = s.meeting.turn().expect("ha speaks");
    assert_eq!(turn.skipped, [lan, cuong]);
    assert_eq!(turn.out_of_order, Some(OutOfOrder::BalanceSites));
}

#[test]
fn set_aside_and_back_at_the_old_place() {
    let mut s = Sitting::debate();
    let [lan, _, _] = s.speeches(["lan", "cuong", "ha"]);
    s.may("an", defer(&lan));
    assert_eq!(s.queue(), ["cuong", "ha"]);
    let there = Refusal::AlreadyRegistered {
        request: lan.clone(),
        position: 0,
    };
    assert_eq!(s.refused("lan", register(RequestKind::Speech)), there);
    s.may("an", restore(&lan));
    assert_eq!(s.queue(), ["lan", "cuong", "ha"]);
    s.may("an", defer(&lan));
    s.may("an", invite(&lan));
    assert_eq!(s.speaker(), Some("lan"), "also straight from aside");
}

#[test]
fn refused_with_a_reason() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    assert_eq!(s.refused("an", refuse(&lan, "")), Refusal::ReasonMissing);
    s.may("an", refuse(&lan, "Không thuộc nội dung"));
    assert_eq!(state(&s, &lan), RequestState::Refused);
    assert_eq!(s.refused("an", refuse(&lan, "x")), Refusal::RequestState);
    s.register("lan", RequestKind::Speech);
}

#[test]
fn the_secretary_records_leaving_and_only_that_voids_a_request() {
    let mut s = Sitting::debate();
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    let order = s.register("lan", RequestKind::PointOfOrder);
    s.go("lan", 15);
    assert_eq!(s.queue(), ["lan", "lan", "cuong"], "a dead tablet changes nothing");
    s.may("thu", mark("lan", Attendance::LeftEarly, ""));
    assert_eq!(s.queue(), ["cuong"]);
    assert_eq!(
        (state(&s, &lan), state(&s, &order)),
        (RequestState::Void, RequestState::Void)
    );
    assert_eq!(s.refused("an", restore(&lan)), Refusal::NotPresent);
    s.come("lan");
    s.may("lan", Command::CheckIn);
    s.may("thu", restore(&lan));
    assert_eq!(s.queue(), ["lan", "cuong"]);
    s.may("an", defer(&cuong));
    assert_eq!(
        s.refused("thu", restore(&cuong)),
        Refusal::NotAllowed,
        "what the chair set aside the chair restores"
    );
}

#[test]
fn on_deck_and_back() {
    let mut s = Sitting::debate();
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    s.may("an", on_deck(&lan));
    assert_eq!(s.meeting.on_deck_rooms().len(), 1);
    assert_eq!(s.queue(), ["lan", "cuong"], "it keeps its place");
    s.may("an", Command::CancelOnDeck { request: lan.clone() });
    assert_eq!(state(&s, &lan), RequestState::Waiting);
    assert_eq!(
        s.refused("an", Command::CancelOnDeck { request: cuong }),
        Refusal::RequestState
    );
}

#[test]
fn absent_people_are_neither_registered_nor_invited() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    s.may("thu", mark("lan", Attendance::SteppedOut, ""));
    assert_eq!(s.queue(), ["lan"], "stepping out is not leaving");
    assert_eq!(s.refused("an", invite(&lan)), Refusal::NotPresent);
    assert_eq!(s.refused("an", direct("lan", RequestKind::Speech)), Refusal::NotPresent);
    s.may("thu", mark("cuong", Attendance::Absent, "Không rõ"));
    assert_eq!(s.refused("cuong", register(RequestKind::Speech)), Refusal::NotPresent);
}

#[test]
fn everything_unserved_goes_in_writing() {
    let mut s = Sitting::debate();
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    s.may("an", defer(&cuong));
    s.may("an", Command::SendAllInWriting);
    assert_eq!(
        (state(&s, &lan), state(&s, &cuong)),
        (RequestState::InWriting, RequestState::InWriting)
    );
    assert_eq!(s.refused("an", Command::SendAllInWriting), Refusal::NoChange);
}

#[test]
fn a_subject_has_its_length() {
    let mut s = Sitting::debate();
    let about = |subject: String| Command::Register {
        kind: RequestKind::Speech,
        subject,
        person: None,
    };
    assert_eq!(s.refused("lan", about("ờ".repeat(201))), Refusal::OutOfRange);
    s.may("lan", about("ờ".repeat(200)));
}

#[test]
fn nothing_is_registered_before_an_item_is_open() {
    let mut s = Sitting::in_the_lobby(council());
    assert_eq!(s.refused("lan", register(RequestKind::Speech)), Refusal::WrongPhase);
    s.may(
        "an",
        Command::OpenSitting {
            unrecorded: true,
            override_quorum: String::new(),
        },
    );
    assert_eq!(s.refused("lan", register(RequestKind::PointOfOrder)), Refusal::NoItem);
    assert_eq!(s.refused("an", Command::OpenList), Refusal::NoItem);
}
