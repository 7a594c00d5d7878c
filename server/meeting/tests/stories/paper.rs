//! Phiếu giấy: who counts, what has to add up, and what a box of few voters must not betray.

use crate::boxes::{
    LEADERS, POLL, board, boxes_closed, casting, close, confidence, counted, enter, issue, issued, listed, marks,
    of_47, paper, prepare,
};
use crate::sitting::Sitting;
use meeting::confidence::Mode;
use meeting::confidence::command::ConfidenceCommand as C;
use meeting::paper::command::PaperCommand as P;
use meeting::paper::count::{Count, Sum};
use meeting::refusal::Refusal;
use std::collections::BTreeMap;

fn in_the_hall() -> Sitting {
    let mut s = casting(of_47(), Mode::Hall);
    issue(&mut s, "hall", 45);
    boxes_closed(&mut s, &[("ha", "hall")]);
    s
}

fn agreed(s: &Sitting, site: &str) -> bool {
    let confidence = s.meeting.confidence().expect("there is one");
    confidence.boxes.all[&site.into()].agreed.is_some()
}

#[test]
fn nobody_counts_ballots_about_themselves_and_few_are_no_board() {
    let mut s = listed(of_47(), Mode::Hall);
    let conflict = Refusal::BoardConflict { person: "an".into() };
    assert_eq!(s.refused("an", paper(board(["an", "ha", "lan"]))), conflict);
    assert_eq!(
        s.refused("an", paper(board(["ha", "lan"]))),
        Refusal::BoardTooFew { needed: 3 }
    );
    assert_eq!(
        s.refused("an", paper(board(["ha", "lan", "phuc"]))),
        Refusal::Unknown,
        "a guest"
    );
    let headless = P::ElectBoard {
        head: "minh".into(),
        members: ["ha", "lan", "cuong"].map(Into::into).into(),
    };
    assert_eq!(s.refused("an", paper(headless)), Refusal::Unknown);
    assert_eq!(
        s.refused("thu", paper(board(["ha", "lan", "cuong"]))),
        Refusal::NotAllowed
    );
    s.may("an", paper(board(["ha", "lan", "cuong"])));
    assert_eq!(s.refused("an", paper(board(["ha", "lan", "cuong"]))), Refusal::NoChange);
}

#[test]
fn a_member_of_the_board_is_not_put_on_the_list() {
    let mut s = Sitting::on_item(of_47(), "thao-luan");
    s.may("an", paper(board(["an", "lan", "cuong"])));
    assert_eq!(
        s.refused("thu", prepare(Mode::Hall)),
        Refusal::BoardConflict { person: "an".into() }
    );
}

#[test]
fn every_sum_has_to_hold() {
    let mut s = in_the_hall();
    let right = counted(44, 1, 1, [marks(21, 14, 8, 0), marks(3, 7, 32, 1)]);
    let wrong = |change: fn(&mut Count)| {
        let mut count = right.clone();
        change(&mut count);
        enter("hall", &count)
    };
    let sum = |sum| Refusal::CountWrong { sum };
    assert_eq!(
        s.refused("ha", wrong(|count| count.missing = 2)),
        sum(Sum::Issued { issued: 45, found: 46 })
    );
    assert_eq!(
        s.refused("ha", wrong(|count| count.invalid = 0)),
        sum(Sum::Returned {
            returned: 44,
            found: 43
        })
    );
    let high = |count: &mut Count| {
        count
            .marks
            .get_mut(&LEADERS[0].into())
            .and_then(|row| row.insert("high".into(), 22))
    };
    assert_eq!(high(&mut right.clone()), Some(21));
    let of = |found| {
        sum(Sum::Marks {
            line: LEADERS[0].into(),
            valid: 43,
            found,
        })
    };
    let mut more = right.clone();
    high(&mut more);
    assert_eq!(s.refused("ha", enter("hall", &more)), of(44));
    assert_eq!(
        s.refused(
            "ha",
            wrong(|count| {
                count.spoilt.insert(LEADERS[0].into(), u32::MAX);
            })
        ),
        of(u32::MAX)
    );
    for invalid in [
        wrong(|count| {
            count.marks.insert("ai-do".into(), BTreeMap::new());
        }),
        wrong(|count| {
            count.marks.remove(&LEADERS[0].into());
        }),
        wrong(|count| {
            count.spoilt.insert("ai-do".into(), 0);
        }),
    ] {
        assert_eq!(s.refused("ha", invalid), Refusal::BallotInvalid);
    }
    for other in ["thu", "an", "giang"] {
        let refusal = s.refused(other, enter("hall", &right));
        assert!(matches!(refusal, Refusal::NotAllowed), "{other}: {refusal:?}");
    }
    s.may("ha", enter("hall", &right));
}

#[test]
fn two_members_who_differ_enter_again() {
    let mut s = in_the_hall();
    let one = counted(45, 0, 0, [marks(45, 0, 0, 0), marks(45, 0, 0, 0)]);
    let other = counted(45, 0, 0, [marks(44, 1, 0, 0), marks(45, 0, 0, 0)]);
    s.may("ha", enter("hall", &one));
    assert_eq!(
        s.refused("ha", enter("hall", &one)),
        Refusal::NoChange,
        "not twice by one"
    );
    s.may("lan", enter("hall", &other));
    assert!(!agreed(&s, "hall"));
    s.may("ha", enter("hall", &other));
    assert!(agreed(&s, "hall"));
    assert_eq!(s.refused("minh", enter("hall", &one)), Refusal::PaperState, "it stands");
}

#[test]
fn a_line_with_two_marks_spoils_that_line_or_the_rules_say_otherwise() {
    let mut setup = of_47();
    setup.rules.paper.spoilt_alone = false;
    let mut s = casting(setup, Mode::Hall);
    issue(&mut s, "hall", 40);
    boxes_closed(&mut s, &[("ha", "hall")]);
    let spoilt = counted(40, 0, 0, [marks(39, 0, 0, 1), marks(40, 0, 0, 0)]);
    assert_eq!(s.refused("ha", enter("hall", &spoilt)), Refusal::BallotInvalid);
    let invalid = counted(40, 0, 1, [marks(39, 0, 0, 0), marks(39, 0, 0, 0)]);
    s.may("ha", enter("hall", &invalid));
}

#[test]
fn a_small_box_is_never_counted_alone_and_none_while_another_is_open() {
    let mut s = casting(of_47(), Mode::Sites);
    issue(&mut s, "hall", 20);
    issue(&mut s, "hoa-binh", 10);
    issue(&mut s, "tan-lap", 3);
    s.may("ha", close("hall"));
    assert_eq!(s.refused("ha", close("hall")), Refusal::NoChange);
    assert_eq!(s.refused("ha", close("hoa-binh")), Refusal::NotAtBox);
    s.may("lan", close("hoa-binh"));
    let start = || confidence(C::StartCounting);
    assert_eq!(s.refused("an", start()), Refusal::BoxesOpen { count: 1 });
    let early = counted(9, 1, 0, [marks(9, 0, 0, 0), marks(0, 9, 0, 0)]);
    assert_eq!(s.refused("lan", enter("hoa-binh", &early)), Refusal::PaperState);
    s.may("cuong", close("tan-lap"));
    s.may("an", start());
    let alone = counted(3, 0, 0, [marks(3, 0, 0, 0), marks(3, 0, 0, 0)]);
    assert_eq!(
        s.refused("cuong", enter("tan-lap", &alone)),
        Refusal::NoChange,
        "carried to the hall"
    );
    let hall = counted(23, 0, 0, [marks(20, 2, 1, 0), marks(23, 0, 0, 0)]);
    s.may("ha", enter("hall", &hall));
    // Whoever has carried the sealed ballots counts with the others in the hall.
    s.may("cuong", enter("hall", &hall));
    assert_eq!(s.refused("ha", enter("hoa-binh", &early)), Refusal::NotAtBox);
    s.may("lan", enter("hoa-binh", &early));
    assert_eq!(
        s.meeting.confidence().and_then(|one| one.boxes.merged()),
        None,
        "a box is not counted yet"
    );
    s.may("minh", enter("hoa-binh", &early));
    let all = s
        .meeting
        .confidence()
        .and_then(|one| one.boxes.merged())
        .expect("all stand");
    let both = counted(32, 1, 0, [marks(29, 2, 1, 0), marks(23, 9, 0, 0)]);
    assert_eq!(all, both);
}

#[test]
fn a_small_box_in_the_hall_goes_to_the_largest() {
    let counted_at = |boxes: [(&str, &str, u32); 3]| {
        let mut s = casting(of_47(), Mode::Sites);
        for (_, site, ballots) in boxes {
            issue(&mut s, site, ballots);
        }
        boxes_closed(&mut s, &boxes.map(|(member, site, _)| (member, site)));
        let confidence = s.meeting.confidence().expect("there is one");
        let counted: Vec<_> = confidence
            .boxes
            .counted()
            .map(|(site, _)| (site.0.clone(), confidence.boxes.issued_for(site)))
            .collect();
        counted
    };
    let ballots = |hall, hoa_binh, tan_lap| {
        counted_at([
            ("ha", "hall", hall),
            ("lan", "hoa-binh", hoa_binh),
            ("cuong", "tan-lap", tan_lap),
        ])
    };
    let at = |site: &str, ballots| (site.to_owned(), ballots);
    assert_eq!(ballots(4, 10, 9), [at("hoa-binh", 14), at("tan-lap", 9)]);
    assert_eq!(ballots(4, 10, 1), [at("hall", 5), at("hoa-binh", 10)], "five together");
    assert_eq!(ballots(5, 5, 5), [at("hall", 5), at("hoa-binh", 5), at("tan-lap", 5)]);
    assert_eq!(ballots(1, 2, 1), [at("hoa-binh", 4)], "fewer there are not");
}

#[test]
fn a_hall_has_one_box_and_nobody_has_two_ballots() {
    let mut s = casting(of_47(), Mode::Hall);
    assert_eq!(
        s.refused("an", confidence(C::StartCounting)),
        Refusal::BoxesOpen { count: 0 }
    );
    assert_eq!(s.refused("thu", issued("hoa-binh", 5)), Refusal::OutOfRange);
    assert_eq!(s.refused("thu", issued("hall", 48)), Refusal::OutOfRange);
    assert_eq!(s.refused("thu", issued("o-dau", 5)), Refusal::Unknown);
    s.may("ha", issued("hall", 47));
    assert_eq!(s.refused("thu", issued("hall", 47)), Refusal::NoChange);
    s.may("thu", issued("hall", 46));
    s.may("ha", close("hall"));
    assert_eq!(s.refused("thu", issued("hall", 47)), Refusal::PaperState, "sealed");
}

#[test]
fn two_of_the_board_stand_by_each_box_outside_the_hall() {
    let mut s = casting(of_47(), Mode::Sites);
    s.may("an", paper(board(["ha", "lan", "minh", "cuong"])));
    assert_eq!(
        s.refused("thu", issued("tan-lap", 5)),
        Refusal::BoardTooFew { needed: 2 }
    );
    s.may("thu", issued("hoa-binh", 5));
    s.may("thu", issued("hoa-binh", 0));
    assert_eq!(
        s.refused("lan", close("hoa-binh")),
        Refusal::Unknown,
        "a box without ballots is none"
    );
}

#[test]
fn a_new_board_keeps_what_stands_and_counts_the_rest_itself() {
    let mut s = in_the_hall();
    let one = counted(45, 0, 0, [marks(45, 0, 0, 0), marks(45, 0, 0, 0)]);
    s.may("ha", enter("hall", &one));
    s.may("an", paper(board(["lan", "cuong", "minh"])));
    assert_eq!(s.refused("ha", enter("hall", &one)), Refusal::NotAllowed);
    s.may("lan", enter("hall", &one));
    assert!(!agreed(&s, "hall"), "the entry of who has left counts no more");
    s.may("cuong", enter("hall", &one));
    assert!(agreed(&s, "hall"));
    let sign = || paper(P::Sign { poll: POLL });
    let unsigned = |s: &mut Sitting| s.refused("an", confidence(C::Announce));
    s.may("cuong", sign());
    assert_eq!(s.refused("cuong", sign()), Refusal::NoChange);
    s.may("minh", sign());
    assert_eq!(unsigned(&mut s), Refusal::NotSigned { count: 1 }, "the head has not");
    s.may("an", paper(board(["cuong", "giang", "ha"])));
    assert_eq!(unsigned(&mut s), Refusal::NotSigned { count: 1 }, "one of three has");
    s.may("giang", sign());
    s.may("an", confidence(C::Announce));
}
