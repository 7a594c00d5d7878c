//! The edges of rules: exactly at a limit, and each half of a condition by itself. Every test here was written because a rule
//! could be changed at that place and no other test noticed (see `tests/MUTANTS.md`).

use crate::sitting::{Sitting, council, direct, mark, move_before, person_at, seat};
use crate::vote::{announce, cast, close, confirm_spoken, content, hands, marks, open, route, spoken, vote};
use meeting::command::{Attendance, Command};
use meeting::event::TurnEnd;
use meeting::id::{ChoiceId, LineId, VoteId};
use meeting::refusal::Refusal;
use meeting::setup::{RequestKind, Role};
use meeting::vote::Channel;
use meeting::vote::command::VoteCommand as V;
use meeting::vote::content::{Choice, Content, Line, Method, PLAIN, Part};

// --- the quorum ---

#[test]
fn a_quorum_is_met_by_exactly_so_many() {
    let mut s = Sitting::debate();
    assert_eq!((s.meeting.quorum().needed, s.present()), (6, 9));
    for who in ["ha", "lan", "khoa"] {
        s.may("thu", mark(who, Attendance::SteppedOut, ""));
    }
    assert_eq!(s.present(), 6);
    assert!(s.meeting.quorum().met(), "six of nine are two thirds");
    s.may("thu", mark("dung", Attendance::SteppedOut, ""));
    assert!(!s.meeting.quorum().met());
}

// --- the floor ---

#[test]
fn by_telephone_is_heard_who_is_disconnected_and_not_who_has_left_the_room() {
    let mut s = Sitting::debate();
    let phone = |request: &meeting::id::RequestId| Command::InviteByPhone {
        request: request.clone(),
    };
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    s.may("thu", mark("lan", Attendance::SteppedOut, ""));
    assert_eq!(s.refused("an", phone(&lan)), Refusal::NotPresent);
    s.lose("tan-lap-1", 5);
    s.lose("tan-lap-2", 5);
    s.go("cuong", 20);
    assert_eq!(s.attendance("cuong"), Attendance::Disconnected);
    s.may("an", phone(&cuong));
    assert_eq!(s.speaker(), Some("cuong"));
}

#[test]
fn who_changes_seats_in_the_middle_of_a_turn_is_not_on_the_telephone() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("thu", seat("lan", "hall"));
    let turn = s.meeting.turn().expect("lan speaks");
    assert!(
        !s.meeting.by_phone(turn),
        "the camera is still the one of the turn's site"
    );
}

#[test]
fn who_spoke_last_may_go_on_by_the_chairs_word() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("cuong");
    s.may("cuong", Command::EndTurn);
    assert_eq!(
        s.refused("an", direct("lan", RequestKind::Continuation)),
        Refusal::KindNotOpen
    );
    s.may("an", direct("cuong", RequestKind::Continuation));
    assert_eq!(s.speaker(), Some("cuong"));
}

#[test]
fn one_point_of_order_after_another_ends_the_first() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("cuong");
    let first = s.register("lan", RequestKind::PointOfOrder);
    let second = s.register("ha", RequestKind::PointOfOrder);
    s.invite(&first);
    s.invite(&second);
    assert_eq!(s.speaker(), Some("ha"));
    let past = s.meeting.past().last().expect("the first has ended");
    assert_eq!((past.turn.person.0.as_str(), past.how), ("lan", TurnEnd::Next));
    let beneath = s.meeting.interrupted().map(|turn| turn.person.0.as_str());
    assert_eq!(beneath, Some("cuong"));
}

#[test]
fn a_turn_that_is_taken_up_again_goes_on_at_the_camera_that_is_there() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("cuong");
    let turn = s.turn();
    s.may("cuong", Command::EndTurn);
    s.lose("tan-lap-1", 5);
    s.may("an", Command::UndoEnd { turn });
    assert_eq!(s.meeting.turn().expect("taken up").endpoint.0, "tan-lap-2");
}

#[test]
fn a_microphone_that_was_cut_is_open_when_the_turn_is_taken_up_again() {
    let mut setup = council();
    setup.rules.cut_after_s = 20;
    let mut s = Sitting::debate_with(setup);
    s.gives_the_floor_to("cuong");
    let turn = s.turn();
    s.after(450);
    assert!(s.meeting.turn().expect("still has the floor").cut);
    s.may("an", Command::EndTurn);
    s.may("an", Command::UndoEnd { turn });
    assert!(!s.meeting.turn().expect("taken up").cut);
    assert!(s.heard().contains(&"tan-lap-1".to_owned()));
}

#[test]
fn a_move_changes_nobody_elses_order() {
    let mut s = Sitting::debate();
    let [_, _, third] = s.speeches(["lan", "minh", "cuong"]);
    let first = s.meeting.queue()[0].clone();
    s.may("an", move_before(&third, Some(&first)));
    assert_eq!(s.queue(), ["cuong", "lan", "minh"]);
}

// --- ballots by word of mouth and by hands ---

fn oral(may_change: bool) -> (Sitting, VoteId) {
    let mut setup = council();
    setup.rules.vote.may_change = may_change;
    let mut s = Sitting::debate_with(setup);
    let id = s.opened(content("nghị quyết", Method::Oral));
    (s, id)
}

#[test]
fn what_was_heard_once_may_be_heard_again_if_ballots_may_change() {
    let (mut s, id) = oral(true);
    s.may("thu", spoken(&id, "lan", "for"));
    assert_eq!(s.refused("thu", spoken(&id, "lan", "for")), Refusal::NoChange);
    s.may("thu", spoken(&id, "lan", "against"));
    s.may("hanh", confirm_spoken(&id, "lan", true));
    s.may("thu", spoken(&id, "lan", "for"));
    s.may("hanh", confirm_spoken(&id, "lan", true));
    assert_eq!(s.counted(&id)[0], 1, "the last one counts");
}

#[test]
fn what_was_heard_once_stands_if_ballots_may_not_change() {
    let (mut s, id) = oral(false);
    s.may("thu", spoken(&id, "lan", "for"));
    s.may("hanh", confirm_spoken(&id, "lan", true));
    assert_eq!(s.refused("thu", spoken(&id, "lan", "against")), Refusal::AlreadyVoted);
}

#[test]
fn where_hands_were_counted_others_still_change_between_device_and_voice() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết", Method::Mixed));
    s.may("thu", route(&id, "cuong", Channel::Device));
    s.may("thu", hands(&id, "tan-lap", [1, 0, 0], ""));
    assert_eq!(
        s.refused("thu", route(&id, "cuong", Channel::Hands)),
        Refusal::AlreadyVoted
    );
    s.may("thu", route(&id, "cuong", Channel::Oral));
    let sites: Vec<_> = s.vote(&id).hand_sites().map(|site| site.0.as_str()).collect();
    assert_eq!(sites, ["tan-lap"]);
}

#[test]
fn hands_are_counted_for_choices_that_there_are() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết", Method::Hands));
    let counts = [(LineId::from(PLAIN), [(ChoiceId::from("perhaps"), 0)].into())].into();
    let enter = vote(V::EnterHands {
        vote: id,
        site: "tan-lap".into(),
        counts,
        explanation: "Không rõ".to_owned(),
    });
    assert_eq!(s.refused("thu", enter), Refusal::BallotInvalid);
}

#[test]
fn who_arrives_before_the_count_raises_a_hand_like_the_others_there() {
    let mut s = Sitting::debate();
    s.may("thu", mark("dung", Attendance::SteppedOut, ""));
    s.may("thu", mark("lan", Attendance::SteppedOut, ""));
    let id = s.opened(content("nghị quyết", Method::Mixed));
    s.may("thu", mark("dung", Attendance::PresentSite, ""));
    let arrived: Vec<_> = s.meeting.arrived_since(s.vote(&id)).map(|who| who.0.clone()).collect();
    assert_eq!(arrived, ["dung"], "neither who voted already nor who is still outside");
    let admit = |who: &str| {
        vote(V::Admit {
            vote: id.clone(),
            person: who.into(),
        })
    };
    s.may("an", admit("dung"));
    assert_eq!(s.vote(&id).electors[&"dung".into()].channel, Channel::Hands);
    s.may("thu", hands(&id, "tan-lap", [2, 0, 0], ""));
    s.may("thu", mark("lan", Attendance::PresentSite, ""));
    s.may("an", admit("lan"));
    assert_eq!(s.vote(&id).electors[&"lan".into()].channel, Channel::Device);
}

// --- checking ballots ---

#[test]
fn the_time_to_check_ends_with_its_last_moment() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết", Method::Electronic));
    s.may("lan", cast(&id, "for"));
    s.may("an", close(&id, true));
    let object = |choice: &str| {
        vote(V::Object {
            vote: id.clone(),
            person: None,
            marks: marks(choice),
        })
    };
    assert_eq!(s.refused("lan", object("perhaps")), Refusal::BallotInvalid);
    s.after(30);
    assert_eq!(s.vote(&id).check_until, Some(s.now));
    assert_eq!(s.refused("lan", object("against")), Refusal::VoteClosed);
    s.may("an", announce(&id));
}

#[test]
fn a_secretary_who_is_a_delegate_does_not_agree_with_the_own_objection_by_making_it() {
    let mut setup = council();
    let thu = setup.people.get_mut(&"thu".into()).expect("a secretary");
    thu.roles.push(Role::Delegate);
    thu.group = Some("to-1".into());
    setup.rules.total = 10;
    let mut s = Sitting::debate_with(setup);
    let id = s.opened(content("nghị quyết", Method::Electronic));
    s.may("thu", cast(&id, "for"));
    s.may("an", close(&id, true));
    let object = vote(V::Object {
        vote: id.clone(),
        person: None,
        marks: marks("against"),
    });
    // At the secretary's desk, which is not the tablet with which this person votes.
    s.ask_as(person_at("thu", "ban-thu-ky"), object)
        .expect("within the time");
    let objection = &s.vote(&id).objections[&"thu".into()];
    assert_eq!((objection.by.0.as_str(), &objection.secretary), ("thu", &None));
}

// --- what is put to the vote ---

fn prepare(content: Content) -> Command {
    vote(V::Prepare {
        content: Box::new(content),
    })
}

fn sound(change: impl FnOnce(&mut Content)) -> Result<(), Refusal> {
    let mut s = Sitting::debate();
    let mut plain = content("nghị quyết", Method::Electronic);
    change(&mut plain);
    s.ask("thu", prepare(plain)).map(|_| ())
}

fn choice(id: &str, label: &str) -> Choice {
    Choice {
        id: id.into(),
        label: label.to_owned(),
        in_favour: false,
    }
}

fn lines(count: usize) -> Vec<Line> {
    let line = |n: usize| Line {
        id: n.to_string().as_str().into(),
        label: format!("Ông {n}"),
    };
    (1..=count).map(line).collect()
}

#[test]
fn texts_are_as_long_as_they_may_be_and_no_longer() {
    let long = |n: usize| "ơ".repeat(n);
    assert_eq!(sound(|c| c.text = long(20_000)), Ok(()));
    assert_eq!(sound(|c| c.text = long(20_001)), Err(Refusal::OutOfRange));
    assert_eq!(sound(|c| c.title = long(300)), Ok(()));
    assert_eq!(sound(|c| c.title = long(301)), Err(Refusal::OutOfRange));
    assert_eq!(sound(|c| c.choices.push(choice(&long(64), &long(300)))), Ok(()));
    assert_eq!(
        sound(|c| c.choices.push(choice(&long(65), "x"))),
        Err(Refusal::OutOfRange)
    );
    assert_eq!(
        sound(|c| c.choices.push(choice("x", &long(301)))),
        Err(Refusal::OutOfRange)
    );
    assert_eq!(sound(|c| c.choices.push(choice("x", " "))), Err(Refusal::TextMissing));
    assert_eq!(sound(|c| c.choices.push(choice(" ", "x"))), Err(Refusal::TextMissing));
}

#[test]
fn choices_and_lines_are_there_once_and_not_too_many() {
    assert_eq!(sound(|c| c.choices.push(choice("for", "x"))), Err(Refusal::OutOfRange));
    assert_eq!(sound(|c| c.lines = lines(60)), Ok(()));
    assert_eq!(sound(|c| c.lines = lines(61)), Err(Refusal::OutOfRange));
    let twice = |c: &mut Content| {
        c.lines = lines(2);
        c.lines[1].id = c.lines[0].id.clone();
    };
    assert_eq!(sound(twice), Err(Refusal::OutOfRange));
}

#[test]
fn a_threshold_is_a_share_that_can_be_reached() {
    let share =
        |of, out_of, above| sound(|c| (c.threshold.of, c.threshold.out_of, c.threshold.above) = (of, out_of, above));
    assert_eq!(share(1, 1, false), Ok(()), "everybody");
    assert_eq!(share(1, 2, true), Ok(()));
    for (of, out_of, above) in [
        (1, 1, true),
        (3, 2, false),
        (3, 2, true),
        (0, 2, true),
        (0, 2, false),
        (0, 0, false),
        (1, 0, false),
    ] {
        assert_eq!(share(of, out_of, above), Err(Refusal::OutOfRange), "{of}/{out_of}");
    }
}

#[test]
fn a_ballot_leaves_lines_blank_only_where_it_may() {
    let mut s = Sitting::debate();
    let list = |blanks| Content {
        lines: lines(3),
        blanks,
        ..content("danh sách", Method::Electronic)
    };
    let two = |vote_id: &VoteId| {
        let marks = ["1", "2"]
            .map(|line| (LineId::from(line), ChoiceId::from("for")))
            .into();
        vote(V::Cast {
            vote: vote_id.clone(),
            marks,
        })
    };
    let id = s.opened(list(false));
    assert_eq!(s.refused("lan", two(&id)), Refusal::BallotInvalid);
    s.may(
        "an",
        vote(V::Cancel {
            vote: id,
            reason: "Nhầm".to_owned(),
        }),
    );
    let id = s.opened(list(true));
    s.may("lan", two(&id));
}

#[test]
fn the_hash_is_of_every_word_and_of_where_it_stands() {
    let hash = |change: &dyn Fn(&mut Content)| {
        let mut one = content("nghị quyết", Method::Electronic);
        change(&mut one);
        one.hash()
    };
    let plain = hash(&|_| {});
    assert_ne!(
        plain,
        hash(&|c| c.text = c.text.replace('n', "m")),
        "another text of the same length"
    );
    let [before, after] = [("ab", "c"), ("a", "bc")]
        .map(|(title, text)| hash(&|c| (c.title, c.text) = (title.to_owned(), text.to_owned())));
    assert_ne!(before, after, "the same letters in other places");
}

#[test]
fn a_sitting_has_five_hundred_votes_at_most_in_the_order_in_which_they_were_prepared() {
    let mut s = Sitting::debate();
    for n in 0..500 {
        s.may("thu", prepare(content(&format!("nghị quyết {n}"), Method::Electronic)));
    }
    assert_eq!(
        s.refused("thu", prepare(content("một nữa", Method::Electronic))),
        Refusal::OutOfRange
    );
    let order: Vec<_> = s.meeting.votes_in_order().map(|vote| vote.id.0.clone()).collect();
    let counted: Vec<_> = (1..=500).map(|n| format!("v{n}")).collect();
    assert_eq!(order, counted, "v2 before v10");
}

#[test]
fn what_no_longer_fits_is_not_edited_nor_called_ready() {
    let mut s = Sitting::debate();
    s.may("thu", prepare(content("toàn văn", Method::Electronic)));
    let amendment = |of: &str| Content {
        part: Part::Amendment,
        of: Some(of.into()),
        ..content("sửa đổi", Method::Electronic)
    };
    s.may("thu", prepare(amendment("v1")));
    assert_eq!(
        s.refused("thu", prepare(amendment("v2"))),
        Refusal::VoteState,
        "of an amendment"
    );
    let edit = |id: &str, content: Content| {
        vote(V::Edit {
            vote: id.into(),
            content: Box::new(content),
        })
    };
    assert_eq!(
        s.refused("thu", edit("v1", amendment("v1"))),
        Refusal::VoteState,
        "of itself"
    );
    let mut empty = content("toàn văn", Method::Electronic);
    empty.text = String::new();
    assert_eq!(s.refused("thu", edit("v1", empty)), Refusal::TextMissing);
    s.may("thu", vote(V::Discard { vote: "v1".into() }));
    assert_eq!(
        s.refused("thu", vote(V::Ready { vote: "v2".into() })),
        Refusal::VoteState,
        "the text that it amends is gone"
    );
}

#[test]
fn on_the_screens_stands_the_vote_that_is_under_way_or_was_announced_last() {
    let mut s = Sitting::debate();
    let shown = |s: &Sitting| s.meeting.vote_on_screen().map(|vote| vote.id.clone());
    let id = s.ready(content("nghị quyết", Method::Electronic));
    assert_eq!(shown(&s), None);
    s.may("an", open(&id));
    assert_eq!(shown(&s), Some(id.clone()));
    s.may("an", close(&id, true));
    s.after(30);
    s.may("an", announce(&id));
    assert_eq!(shown(&s), Some(id.clone()));
    s.may("an", vote(V::Lock { vote: id }));
    assert_eq!(shown(&s), None);
}
