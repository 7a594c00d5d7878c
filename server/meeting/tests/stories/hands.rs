//! Hands: counted at each bridge point, adding up or explained, confirmed by somebody else, and nobody counted twice.

use crate::sitting::{Sitting, seat};
use crate::vote::{announce, cast, close, confirm_hands, confirm_spoken, content, hands, route, spoken, vote};
use meeting::refusal::Refusal;
use meeting::vote::command::VoteCommand as V;
use meeting::vote::content::{Content, Line, Method};
use meeting::vote::{Channel, VotePhase};

#[test]
fn every_site_counts_and_somebody_else_confirms() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về giống cây", Method::Hands));
    assert_eq!(s.refused("lan", cast(&id, "for")), Refusal::NotByDevice);
    assert_eq!(
        s.refused("lan", hands(&id, "hoa-binh", [2, 0, 0], "")),
        Refusal::NotAllowed,
        "not the site lead"
    );
    assert_eq!(
        s.refused("minh", hands(&id, "tan-lap", [2, 0, 0], "")),
        Refusal::NotAllowed,
        "not his site"
    );
    s.may("minh", hands(&id, "hoa-binh", [1, 0, 0], "Bà Lan ra ngoài"));
    s.may("minh", hands(&id, "hoa-binh", [1, 1, 0], ""));
    s.may("thu", hands(&id, "hall", [3, 1, 0], ""));
    assert_eq!(
        s.refused("thu", hands(&id, "tan-lap", [3, 0, 0], "")),
        Refusal::TooManyHands {
            counted: 3,
            electors: 2
        },
        "more hands than delegates"
    );
    assert_eq!(
        s.refused("thu", hands(&id, "tan-lap", [1, 0, 0], "")),
        Refusal::ReasonMissing,
        "one is missing: why?"
    );
    s.may("thu", hands(&id, "tan-lap", [1, 0, 0], "Ông Cường ra ngoài"));
    assert_eq!(
        s.refused("thu", hands(&id, "home", [2, 0, 0], "")),
        Refusal::TooManyHands {
            counted: 2,
            electors: 1
        }
    );
    assert_eq!(s.refused("an", close(&id, false)), Refusal::NotAllVoted { missing: 1 });
    s.may("an", close(&id, true));
    assert_eq!(s.counted(&id), [5, 2, 0, 2]);

    assert_eq!(s.refused("an", announce(&id)), Refusal::HandsUnconfirmed { count: 3 });
    s.may("thu", confirm_hands(&id, "hoa-binh"));
    assert_eq!(s.refused("thu", confirm_hands(&id, "hall")), Refusal::SamePerson);
    s.may("an", confirm_hands(&id, "hall"));
    s.may("hanh", confirm_hands(&id, "tan-lap"));
    s.may("an", announce(&id));
    assert_eq!(
        s.vote(&id).phase,
        VotePhase::Announced,
        "hands have no names: nothing to wait for"
    );
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn a_count_is_put_right_before_it_is_confirmed() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về giống cây", Method::Hands));
    s.may("minh", hands(&id, "hoa-binh", [2, 0, 0], ""));
    s.may("an", close(&id, true));
    assert_eq!(
        s.refused("minh", hands(&id, "hoa-binh", [1, 1, 0], "Nhầm")),
        Refusal::VoteClosed,
        "a close is a cut"
    );
    assert_eq!(
        s.refused("thu", hands(&id, "hoa-binh", [1, 1, 0], "")),
        Refusal::ReasonMissing
    );
    s.may("thu", hands(&id, "hoa-binh", [1, 1, 0], "Trưởng điểm cầu báo ghi nhầm"));
    assert_eq!(s.refused("thu", confirm_hands(&id, "hoa-binh")), Refusal::SamePerson);
    s.may("hanh", confirm_hands(&id, "hoa-binh"));
    assert_eq!(
        s.refused("thu", hands(&id, "hoa-binh", [2, 0, 0], "Lại nhầm")),
        Refusal::AlreadyVoted
    );
    assert_eq!(s.counted(&id), [1, 1, 0, 7]);
}

#[test]
fn in_a_mixed_vote_each_is_counted_by_one_road() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về chợ đêm", Method::Mixed));
    assert_eq!(
        s.refused("cuong", cast(&id, "for")),
        Refusal::NotByDevice,
        "Tân Lập raises hands"
    );
    for who in ["an", "binh", "giang", "ha", "khoa"] {
        s.may(who, cast(&id, "for"));
    }
    // Lan's tablet is dead: her hand is counted, and nobody else's there.
    s.may("thu", route(&id, "lan", Channel::Hands));
    s.may("minh", cast(&id, "against"));
    s.may("minh", hands(&id, "hoa-binh", [1, 0, 0], ""));
    assert_eq!(
        s.refused("thu", route(&id, "lan", Channel::Device)),
        Refusal::AlreadyVoted
    );
    s.may("thu", hands(&id, "tan-lap", [1, 0, 1], ""));
    s.may("thu", close(&id, false));
    s.may("an", confirm_hands(&id, "tan-lap"));
    s.may("an", confirm_hands(&id, "hoa-binh"));
    s.after(30);
    s.may("an", announce(&id));
    assert_eq!(s.counted(&id), [7, 1, 1, 0]);
}

#[test]
fn a_delegate_from_a_site_with_hands_votes_by_word_of_mouth() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về chợ đêm", Method::Mixed));
    s.may("thu", route(&id, "dung", Channel::Oral));
    s.may("thu", spoken(&id, "dung", "for"));
    s.may("an", confirm_spoken(&id, "dung", true));
    s.may("thu", hands(&id, "tan-lap", [1, 0, 0], ""));
    assert_eq!(s.counted(&id), [2, 0, 0, 7], "Cường's hand and Dung's word");
}

#[test]
fn who_moves_after_the_opening_is_counted_where_the_opening_found_them() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về giống cây", Method::Hands));
    s.may("thu", seat("cuong", "hall"));
    assert_eq!(
        s.refused("thu", hands(&id, "hall", [5, 0, 0], "")),
        Refusal::TooManyHands {
            counted: 5,
            electors: 4
        }
    );
    s.may("thu", hands(&id, "tan-lap", [2, 0, 0], ""));
    let late = vote(V::Admit {
        vote: id.clone(),
        person: "cuong".into(),
    });
    assert_eq!(s.refused("an", late), Refusal::NoChange);
}

#[test]
fn who_arrives_after_hands_were_counted_is_heard_by_name() {
    let mut s = Sitting::debate();
    s.may(
        "thu",
        crate::sitting::mark("lan", meeting::command::Attendance::SteppedOut, ""),
    );
    let id = s.opened(content("nghị quyết về giống cây", Method::Hands));
    s.may("minh", hands(&id, "hoa-binh", [1, 0, 0], ""));
    s.may("lan", meeting::command::Command::CheckIn);
    s.may(
        "an",
        vote(V::Admit {
            vote: id.clone(),
            person: "lan".into(),
        }),
    );
    assert_eq!(s.vote(&id).electors[&"lan".into()].channel, Channel::Oral);
}

#[test]
fn hands_on_a_list_are_no_more_than_seats() {
    let mut s = Sitting::debate();
    let line = |id: &str| Line {
        id: id.into(),
        label: format!("Ứng viên {id}"),
    };
    let id = s.opened(Content {
        lines: vec![line("a"), line("b")],
        at_most: 1,
        ..content("bầu một ủy viên", Method::Hands)
    });
    let count = |a: u32, b: u32| {
        let line = |name: &str, votes: u32| {
            let counted = [("for".into(), votes), ("against".into(), 2 - votes)];
            (name.into(), counted.into_iter().collect())
        };
        vote(V::EnterHands {
            vote: id.clone(),
            site: "hoa-binh".into(),
            counts: [line("a", a), line("b", b)].into_iter().collect(),
            explanation: String::new(),
        })
    };
    assert_eq!(
        s.refused("minh", count(2, 1)),
        Refusal::BallotInvalid,
        "two hands for two delegates, not three"
    );
    s.may("minh", count(1, 1));
}
