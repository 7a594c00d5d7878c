//! Lấy phiếu tín nhiệm: who is on the list, what follows from a share of the legal total, and what a sitting waits for.

use crate::boxes::{
    LEADERS, POLL, board, boxes_closed, casting, confidence, counted, enter, issue, listed, marks, of_47, paper,
    prepare, resign, signed, subjects,
};
use crate::sitting::Sitting;
use meeting::command::Command;
use meeting::confidence::command::ConfidenceCommand as C;
use meeting::confidence::result::{Outcome, share};
use meeting::confidence::{Mode, Step};
use meeting::paper::command::PaperCommand as P;
use meeting::refusal::Refusal;
use std::collections::BTreeMap;

fn one(s: &Sitting) -> &meeting::confidence::Confidence {
    s.meeting.confidence().expect("there is one")
}

fn shares(outcome: &Outcome) -> [u32; 3] {
    ["high", "middle", "low"].map(|level| outcome.shares[&level.into()])
}

#[test]
fn forty_seven_delegates_in_one_hall() {
    let mut s = casting(of_47(), Mode::Hall);
    issue(&mut s, "hall", 45);
    boxes_closed(&mut s, &[("ha", "hall")]);
    let found = counted(44, 1, 1, [marks(21, 14, 8, 0), marks(3, 7, 32, 1)]);
    s.may("ha", enter("hall", &found));
    assert_eq!(one(&s).step, Step::Counting, "one member is not enough");
    s.may("lan", enter("hall", &found));
    assert_eq!(one(&s).step, Step::Minutes);
    assert_eq!(
        s.refused("an", confidence(C::Announce)),
        Refusal::NotSigned { count: 3 }
    );
    signed(&mut s);
    s.may("an", confidence(C::Announce));
    let result = &one(&s).result;
    // Of 47, whatever came back: 21 are 44.68 %, 14 are 29.79 %, 8 are 17.02 %.
    assert_eq!(shares(&result[0]), [4468, 2979, 1702]);
    assert_eq!(result[0].consequence, "");
    // 32 of 47 are 68.09 %: two thirds and more.
    assert_eq!(shares(&result[1]), [638, 1489, 6809]);
    assert_eq!(
        result[1].consequence,
        "Trình Hội đồng nhân dân bỏ phiếu tín nhiệm hoặc miễn nhiệm"
    );
    let order: Vec<_> = result.iter().map(|outcome| outcome.line.0.as_str()).collect();
    assert_eq!(order, LEADERS, "in the order of the ballot: nobody is ranked");
    s.may(
        "thu",
        confidence(C::Confirm {
            resolution: "Nghị quyết số 12/NQ-HĐND".to_owned(),
        }),
    );
    assert_eq!(one(&s).step, Step::Confirmed);
}

#[test]
fn what_follows_begins_at_exactly_so_many_of_the_legal_total() {
    let rules = of_47().rules.confidence;
    let follows = |low: u32| {
        let mut s = casting(of_47(), Mode::Hall);
        issue(&mut s, "hall", 47);
        boxes_closed(&mut s, &[("ha", "hall")]);
        let found = counted(47, 0, 0, [marks(47 - low, 0, low, 0), marks(47, 0, 0, 0)]);
        s.may("ha", enter("hall", &found));
        s.may("lan", enter("hall", &found));
        signed(&mut s);
        s.may("an", confidence(C::Announce));
        one(&s).result[0].consequence.clone()
    };
    assert_eq!(follows(23), "");
    assert_eq!(follows(24), rules.consequences[0].then, "more than a half");
    assert_eq!(follows(31), rules.consequences[0].then);
    assert_eq!(follows(32), rules.consequences[1].then, "two thirds");
    assert_eq!(
        (share(1, 3), share(2, 3), share(47, 47), share(0, 47)),
        (3333, 6667, 10_000, 0)
    );
}

#[test]
fn levels_and_what_follows_are_data() {
    let mut setup = of_47();
    setup.rules.confidence.levels.remove(1);
    setup.rules.confidence.consequences.clear();
    let mut s = casting(setup, Mode::Hall);
    issue(&mut s, "hall", 47);
    boxes_closed(&mut s, &[("ha", "hall")]);
    let mut found = counted(47, 0, 0, [marks(0, 0, 47, 0), marks(40, 0, 7, 0)]);
    assert_eq!(s.refused("ha", enter("hall", &found)), Refusal::BallotInvalid);
    for marks in found.marks.values_mut() {
        marks.remove(&"middle".into());
    }
    s.may("ha", enter("hall", &found));
    s.may("lan", enter("hall", &found));
    signed(&mut s);
    s.may("an", confidence(C::Announce));
    assert_eq!(
        one(&s).result[0].shares,
        BTreeMap::from([("high".into(), 0), ("low".into(), 10_000)])
    );
    assert_eq!(one(&s).result[0].consequence, "");
}

#[test]
fn no_ballots_are_given_out_about_nobody() {
    let mut s = listed(of_47(), Mode::Hall);
    s.may("thu", resign(LEADERS[1]));
    // Made anew with the one row alone that is locked.
    s.may(
        "thu",
        confidence(C::Prepare {
            mode: Mode::Hall,
            decision: "Nghị quyết về lấy phiếu tín nhiệm".to_owned(),
            subjects: subjects().split_off(1),
        }),
    );
    s.may("an", paper(board(["ha", "lan", "cuong"])));
    assert_eq!(s.refused("an", confidence(C::StartCasting)), Refusal::OutOfRange);
}

#[test]
fn who_resigns_leaves_the_ballot_and_who_is_absent_stays() {
    let mut s = listed(of_47(), Mode::Hall);
    let absent = confidence(C::NoteAbsent {
        line: LEADERS[0].into(),
        absent: true,
    });
    s.may("thu", absent.clone());
    assert_eq!(s.refused("thu", absent), Refusal::NoChange);
    s.may("thu", resign(LEADERS[1]));
    assert_eq!(s.refused("thu", resign(LEADERS[1])), Refusal::NoChange);
    assert_eq!(
        s.refused("thu", resign(LEADERS[0])),
        Refusal::OutOfRange,
        "somebody is voted on"
    );
    let report = |line: &str| confidence(C::SendReport { line: line.into() });
    assert_eq!(
        s.refused("thu", report(LEADERS[1])),
        Refusal::NoChange,
        "the row is locked"
    );
    assert_eq!(s.refused("thu", report("ai-do")), Refusal::Unknown);
    s.may("an", paper(board(["ha", "lan", "cuong"])));
    s.may("an", confidence(C::StartCasting));
    issue(&mut s, "hall", 40);
    boxes_closed(&mut s, &[("ha", "hall")]);
    let both = counted(40, 0, 0, [marks(40, 0, 0, 0), marks(40, 0, 0, 0)]);
    assert_eq!(s.refused("ha", enter("hall", &both)), Refusal::BallotInvalid);
    let mut alone = both;
    alone.marks.remove(&LEADERS[1].into());
    alone.spoilt.remove(&LEADERS[1].into());
    s.may("ha", enter("hall", &alone));
    assert_eq!(
        s.refused("thu", resign(LEADERS[0])),
        Refusal::ConfidenceState,
        "too late"
    );
    assert!(one(&s).rows[0].absent, "absent, and voted on");
}

#[test]
fn a_list_that_is_changed_keeps_what_was_done_for_the_rows_that_stay() {
    let mut s = listed(of_47(), Mode::Hall);
    let mut list = subjects();
    list[1].office = "Phó Chủ tịch".to_owned();
    let again = |subjects| {
        confidence(C::Prepare {
            mode: Mode::Sites,
            decision: "Nghị quyết số 3".to_owned(),
            subjects,
        })
    };
    s.may("thu", again(list.clone()));
    let sent: Vec<bool> = one(&s).rows.iter().map(|row| row.report_sent).collect();
    assert_eq!(sent, [true, false], "another office is another row");
    let mut twice = list.clone();
    twice[1].id = twice[0].id.clone();
    assert_eq!(s.refused("thu", again(twice)), Refusal::OutOfRange);
    assert_eq!(s.refused("thu", again(vec![])), Refusal::OutOfRange);
    let mut nameless = list.clone();
    nameless[0].name = " ".to_owned();
    assert_eq!(s.refused("thu", again(nameless)), Refusal::OutOfRange);
    let mut stranger = list;
    stranger[0].person = Some("ai-do".into());
    assert_eq!(s.refused("thu", again(stranger)), Refusal::Unknown);
    assert_eq!(
        s.refused(
            "thu",
            confidence(C::Prepare {
                mode: Mode::Hall,
                decision: " ".to_owned(),
                subjects: subjects(),
            })
        ),
        Refusal::ReasonMissing
    );
}

#[test]
fn casting_waits_for_the_board_the_reports_and_a_quorum() {
    let mut s = Sitting::on_item(of_47(), "thao-luan");
    let start = || confidence(C::StartCasting);
    assert_eq!(s.refused("an", start()), Refusal::ConfidenceState);
    s.may("thu", prepare(Mode::Hall));
    assert_eq!(s.refused("an", start()), Refusal::NoBoard);
    s.may("an", paper(board(["ha", "lan", "cuong"])));
    assert_eq!(s.refused("an", start()), Refusal::ReportsMissing { count: 2 });
    s.may(
        "thu",
        confidence(C::SendReport {
            line: LEADERS[0].into(),
        }),
    );
    s.may("thu", resign(LEADERS[1]));
    let total = |total| Command::SetTotal {
        total,
        reason: "Bầu bổ sung".to_owned(),
    };
    s.may("thu", total(90));
    assert_eq!(
        s.refused("an", start()),
        Refusal::NoQuorum {
            present: 47,
            needed: 60
        }
    );
    s.may("thu", total(50));
    s.may("an", start());
    assert_eq!((one(&s).total, one(&s).present), (50, 47));
    s.may("thu", total(47));
    assert_eq!(one(&s).total, 50, "the legal total is frozen");
}

#[test]
fn the_sitting_does_not_end_under_the_count_and_a_restart_forgets_nothing() {
    let mut s = casting(of_47(), Mode::Hall);
    issue(&mut s, "hall", 45);
    s.may("an", Command::CloseItem { leftover: None });
    assert_eq!(s.refused("an", Command::CloseSitting), Refusal::ConfidenceState);
    s.may("an", Command::Suspend { resume_at: None });
    boxes_closed(&mut s, &[("lan", "hall")]);
    let found = counted(45, 0, 0, [marks(45, 0, 0, 0), marks(45, 0, 0, 0)]);
    s.may("ha", enter("hall", &found));
    let before = s.meeting.confidence().cloned();
    s.after(600);
    let last_alive = s.now;
    s.hub(Command::ReportRestart { last_alive }).expect("always taken");
    assert_eq!(s.meeting.confidence().cloned(), before, "the first count is there");
    s.may("lan", enter("hall", &found));
    s.may("an", Command::Resume);
    let reason = "Hoãn".to_owned();
    s.may("an", confidence(C::Cancel { reason: reason.clone() }));
    assert_eq!(
        s.refused("an", confidence(C::Cancel { reason })),
        Refusal::ConfidenceState
    );
    assert_eq!(s.refused("ha", paper(P::Sign { poll: POLL })), Refusal::PaperState);
    s.may("thu", prepare(Mode::Hall));
    assert_eq!(
        one(&s).step,
        Step::Listing,
        "prepared anew, and a list alone keeps nobody"
    );
    s.may("an", Command::CloseSitting);
}
