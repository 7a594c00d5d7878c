//! What each screen is shown of a confidence vote: nobody what another member of the board has entered, nobody a number before
//! the announcement but those who run the sitting and those who sign.

#[allow(dead_code, reason = "the stories of the rules need more of it")]
#[path = "../../meeting/tests/stories/sitting.rs"]
mod sitting;

#[allow(dead_code, reason = "the stories of the rules need more of it")]
#[path = "../../meeting/tests/stories/boxes.rs"]
mod boxes;

use boxes::{LEADERS, POLL, boxes_closed, casting, confidence, counted, enter, issue, listed, marks, of_47, paper};
use meeting::confidence::command::ConfidenceCommand as C;
use meeting::confidence::{Mode, Step};
use meeting::paper::command::PaperCommand as P;
use meeting::refusal::Refusal;
use protocol::project::{mine, shared};
use protocol::view::confidence::ConfidenceView;
use protocol::view::{Act, AudienceKind, Mine};
use sitting::{Sitting, person};

const AUDIENCES: [AudienceKind; 5] = [
    AudienceKind::Chair,
    AudienceKind::Secretary,
    AudienceKind::Technician,
    AudienceKind::Room,
    AudienceKind::Delegate,
];

fn runs(audience: AudienceKind) -> bool {
    matches!(audience, AudienceKind::Chair | AudienceKind::Secretary)
}

fn view(s: &Sitting, audience: AudienceKind) -> Option<ConfidenceView> {
    shared(&s.meeting, audience, s.now).confidence
}

fn own(s: &Sitting, who: &str, audience: AudienceKind) -> Mine {
    mine(&s.meeting, &person(who), audience, s.now)
}

#[test]
fn a_list_that_is_made_is_the_desks_business_and_everybody_sees_it_once_ballots_are_out() {
    let mut s = listed(of_47(), Mode::Hall);
    for audience in AUDIENCES {
        assert_eq!(view(&s, audience).is_some(), runs(audience), "{audience:?}");
    }
    let chair = own(&s, "an", AudienceKind::Chair);
    assert!(chair.can.contains(&Act::ElectBoard));
    assert_eq!(chair.cannot.get(&Act::StartCasting), Some(&Refusal::NoBoard));
    assert!(
        own(&s, "thu", AudienceKind::Secretary)
            .can
            .contains(&Act::PrepareConfidence)
    );
    s = casting(of_47(), Mode::Hall);
    for audience in AUDIENCES {
        let view = view(&s, audience).expect("ballots are out");
        assert_eq!((view.step, view.total, view.present), (Step::Casting, 47, 47));
        assert_eq!(view.rows[&LEADERS[0].into()].place, 1);
    }
    let secretary = own(&s, "thu", AudienceKind::Secretary);
    assert!(secretary.can.contains(&Act::IssueBallots));
    assert_eq!(
        secretary.cannot.get(&Act::PrepareConfidence),
        Some(&Refusal::ConfidenceState)
    );
    assert_eq!(
        own(&s, "an", AudienceKind::Chair).cannot.get(&Act::StartCounting),
        Some(&Refusal::BoxesOpen { count: 0 })
    );
}

#[test]
fn who_was_given_a_ballot_is_told_that_it_is_cancelled() {
    let cancel = || {
        confidence(C::Cancel {
            reason: "Phiếu in sai".to_owned(),
        })
    };
    let mut listed = listed(of_47(), Mode::Hall);
    listed.may("an", cancel());
    let mut cast = casting(of_47(), Mode::Hall);
    cast.may("an", cancel());
    for audience in AUDIENCES {
        assert_eq!(view(&listed, audience).is_some(), runs(audience), "{audience:?}");
        let told = view(&cast, audience).expect("ballots were out");
        assert_eq!((told.step, told.reason.as_str()), (Step::Cancelled, "Phiếu in sai"));
    }
}

#[test]
fn the_second_who_enters_is_not_told_what_the_first_has_found() {
    let mut s = casting(of_47(), Mode::Hall);
    issue(&mut s, "hall", 45);
    let papers = |s: &Sitting, who: &str| own(s, who, AudienceKind::Delegate).papers;
    assert!(papers(&s, "giang").is_empty(), "not of the board");
    assert!(papers(&s, "ha")["confidence"].boxes[&"hall".into()].may_close);
    boxes_closed(&mut s, &[("ha", "hall")]);
    let one = counted(45, 0, 0, [marks(45, 0, 0, 0), marks(40, 4, 1, 0)]);
    let other = counted(45, 0, 0, [marks(44, 1, 0, 0), marks(40, 4, 1, 0)]);
    s.may("ha", enter("hall", &one));

    let first = &papers(&s, "ha")["confidence"].boxes[&"hall".into()];
    assert_eq!(first.entered.as_ref(), Some(&one), "the own entry");
    let second = &papers(&s, "lan")["confidence"].boxes[&"hall".into()];
    assert!(second.may_enter && second.entered.is_none());
    s.may("lan", enter("hall", &other));
    for audience in AUDIENCES {
        let view = view(&s, audience).expect("ballots are out");
        let one = &view.paper.boxes[&"hall".into()];
        assert_eq!((one.entered, one.differs, one.agreed), (2, true, false));
        assert_eq!((view.paper.count, view.result.len()), (None, 0), "{audience:?}");
        let text = serde_json::to_string(&shared(&s.meeting, audience, s.now).confidence).expect("a view is JSON");
        assert!(!text.contains("\"high\":4"), "{audience:?}: {text}");
    }
    let third = serde_json::to_string(&own(&s, "minh", AudienceKind::Delegate)).expect("a view is JSON");
    assert!(!third.contains("\"high\":4"), "{third}");
}

#[test]
fn numbers_are_known_to_the_desks_and_the_board_when_they_stand_and_to_everybody_when_announced() {
    let mut s = casting(of_47(), Mode::Hall);
    issue(&mut s, "hall", 45);
    boxes_closed(&mut s, &[("ha", "hall")]);
    let found = counted(45, 0, 0, [marks(45, 0, 0, 0), marks(3, 10, 32, 0)]);
    s.may("ha", enter("hall", &found));
    s.may("lan", enter("hall", &found));
    for audience in AUDIENCES {
        let view = view(&s, audience).expect("ballots are out");
        assert_eq!(view.paper.count.is_some(), runs(audience), "{audience:?}");
        assert_eq!(view.result.is_empty(), !runs(audience), "{audience:?}");
    }
    let minh = own(&s, "minh", AudienceKind::Delegate).papers["confidence"].clone();
    assert_eq!(
        (minh.count.as_ref(), minh.may_sign, minh.signed),
        (Some(&found), true, false)
    );
    s.may("minh", paper(P::Sign { poll: POLL }));
    assert!(own(&s, "minh", AudienceKind::Delegate).papers["confidence"].signed);
    for member in ["ha", "lan", "cuong", "dung"] {
        s.may(member, paper(P::Sign { poll: POLL }));
    }
    s.may("an", confidence(C::Announce));
    for audience in AUDIENCES {
        let view = view(&s, audience).expect("announced");
        let second = &view.result[&LEADERS[1].into()];
        assert_eq!(second.shares[&"low".into()], 6809, "{audience:?}");
        assert!(!second.consequence.is_empty());
    }
    assert!(
        own(&s, "ha", AudienceKind::Delegate).papers.is_empty(),
        "nothing is left to do"
    );
    assert!(
        own(&s, "thu", AudienceKind::Secretary)
            .can
            .contains(&Act::ConfirmConfidence)
    );
}
