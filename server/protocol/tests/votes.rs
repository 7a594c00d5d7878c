//! What each screen is shown of a vote: who has voted, never what, until the close; names and numbers to those whose business
//! they are.

#[allow(dead_code, reason = "the stories of the rules need more of it")]
#[path = "../../meeting/tests/stories/sitting.rs"]
mod sitting;

#[path = "../../meeting/tests/stories/ballot.rs"]
mod ballot;

use ballot::{cast, content, marks, vote};
use meeting::id::VoteId;
use meeting::refusal::Refusal;
use meeting::vote::command::VoteCommand as V;
use meeting::vote::content::{Method, PLAIN};
use meeting::vote::{Channel, VotePhase};
use protocol::project::{mine, shared};
use protocol::view::vote::VoteView;
use protocol::view::{Act, AudienceKind, Mine, VoterState};
use sitting::{Sitting, at_kiosk, person};

const AUDIENCES: [AudienceKind; 6] = [
    AudienceKind::Chair,
    AudienceKind::Secretary,
    AudienceKind::Technician,
    AudienceKind::Room,
    AudienceKind::Delegate,
    AudienceKind::Kiosk,
];

fn runs(audience: AudienceKind) -> bool {
    matches!(audience, AudienceKind::Chair | AudienceKind::Secretary)
}

fn id() -> VoteId {
    VoteId::from("v1")
}

/// Ready, and nothing else.
fn prepared(method: Method) -> Sitting {
    let mut s = Sitting::debate();
    let mut content = content("nghị quyết về nước sạch", method);
    if method == Method::Mixed {
        content.hand_sites = ["hoa-binh".into()].into();
    }
    s.may(
        "thu",
        vote(V::Prepare {
            content: Box::new(content),
        }),
    );
    s.may("thu", vote(V::Ready { vote: id() }));
    s
}

fn opened(method: Method) -> Sitting {
    let mut s = prepared(method);
    s.may(
        "an",
        vote(V::Open {
            vote: id(),
            override_quorum: String::new(),
        }),
    );
    s
}

fn view(s: &Sitting, audience: AudienceKind) -> VoteView {
    shared(&s.meeting, audience, s.now).votes[&id()].clone()
}

fn own(s: &Sitting, who: &str, audience: AudienceKind) -> Mine {
    mine(&s.meeting, &person(who), audience, s.now)
}

#[test]
fn what_is_prepared_is_known_to_those_who_run_the_sitting() {
    let s = prepared(Method::Electronic);
    for audience in AUDIENCES {
        let shared = shared(&s.meeting, audience, s.now);
        assert_eq!(shared.votes.contains_key(&id()), runs(audience), "{audience:?}");
        assert_eq!(shared.vote_rules.is_some(), runs(audience), "{audience:?}");
        assert_eq!(shared.vote, None);
    }
    let ready = view(&s, AudienceKind::Chair);
    assert_eq!(
        (ready.state, ready.total, ready.needed, ready.present),
        (VotePhase::Ready, 9, 5, 9)
    );
    let chair = own(&s, "an", AudienceKind::Chair);
    assert_eq!(chair.openable, [id()]);
    assert!(own(&s, "thu", AudienceKind::Secretary).can.contains(&Act::PrepareVote));
    let co_chair = own(&s, "binh", AudienceKind::Chair);
    assert_eq!(co_chair.not_openable[&id()], Refusal::NotPresiding);
}

#[test]
fn nobody_sees_a_choice_before_the_close() {
    let mut s = opened(Method::Electronic);
    s.may("lan", cast(&id(), "against"));
    s.may("minh", cast(&id(), "for"));
    for audience in AUDIENCES {
        let view = view(&s, audience);
        assert_eq!(
            (view.voted, view.electors),
            (2, 9),
            "how many is everybody's: {audience:?}"
        );
        assert_eq!(
            (view.sites[&"hoa-binh".into()].voted, view.sites[&"hall".into()].voted),
            (2, 0)
        );
        assert!(
            view.result.is_empty() && view.names.is_empty() && view.hands.is_empty(),
            "{audience:?}"
        );
        assert_eq!(view.missing.len(), if runs(audience) { 7 } else { 0 }, "{audience:?}");
        let said = serde_json::to_string(&shared(&s.meeting, audience, s.now)).expect("a view is JSON");
        assert!(
            !said.contains(r#""1":"against""#),
            "{audience:?} is told what Lan chose"
        );
    }
    let hers = own(&s, "lan", AudienceKind::Delegate);
    let receipt = hers.ballot.expect("she has voted");
    assert_eq!((receipt.marks, receipt.at), (marks("against"), Some(s.now)));
    assert!(hers.can.contains(&Act::CastBallot), "she may change it");
    let his = own(&s, "ha", AudienceKind::Delegate).ballot.expect("an elector");
    assert!(his.marks.is_empty());
    assert!(
        own(&s, "phuc", AudienceKind::Delegate).ballot.is_none(),
        "a guest has no ballot"
    );
}

#[test]
fn after_the_close_those_who_run_it_see_it_first_and_everybody_after_the_announcement() {
    let mut s = opened(Method::Electronic);
    for who in ["an", "lan", "minh", "cuong", "dung"] {
        s.may(who, cast(&id(), "for"));
    }
    s.may(
        "an",
        vote(V::Close {
            vote: id(),
            early: true,
        }),
    );
    for audience in AUDIENCES {
        let view = view(&s, audience);
        assert_eq!(!view.result.is_empty(), runs(audience), "{audience:?}");
        assert_eq!(!view.names.is_empty(), runs(audience), "{audience:?}");
        assert_eq!(view.state, VotePhase::Checking);
    }
    let hers = own(&s, "lan", AudienceKind::Delegate);
    assert!(hers.can.contains(&Act::ObjectBallot));
    assert_eq!(hers.cannot[&Act::CastBallot], Refusal::VoteClosed);
    let chair = own(&s, "an", AudienceKind::Chair);
    assert_eq!(chair.cannot[&Act::AnnounceVote], Refusal::CheckRunning { seconds: 30 });
    s.after(30);
    s.may("an", vote(V::Announce { vote: id() }));
    for audience in AUDIENCES {
        let view = view(&s, audience);
        let line = &view.result[&PLAIN.into()];
        assert_eq!(
            (line.in_favour, line.not_voting, line.carried),
            (5, 4, true),
            "{audience:?}"
        );
        let named = runs(audience) || audience == AudienceKind::Delegate;
        assert_eq!(
            !view.names.is_empty(),
            named,
            "technicians and rooms have no names: {audience:?}"
        );
    }
}

#[test]
fn a_vote_cancelled_while_it_was_open_tells_nobody_how_it_stood() {
    let mut s = opened(Method::Electronic);
    s.may("lan", cast(&id(), "for"));
    s.may(
        "an",
        vote(V::Cancel {
            vote: id(),
            reason: "Sai tờ trình".to_owned(),
        }),
    );
    // The kiosk shows what is on the screens alone.
    assert!(shared(&s.meeting, AudienceKind::Kiosk, s.now).votes.is_empty());
    for audience in AUDIENCES
        .into_iter()
        .filter(|audience| *audience != AudienceKind::Kiosk)
    {
        let view = view(&s, audience);
        assert!(view.result.is_empty() && view.names.is_empty(), "{audience:?}");
        assert_eq!(view.reason, "Sai tờ trình");
    }
}

#[test]
fn a_site_lead_counts_hands_and_numbers_wait_for_the_close() {
    let mut s = opened(Method::Mixed);
    let lead = own(&s, "minh", AudienceKind::Delegate);
    let hands = lead.hands.expect("Minh leads Hòa Bình");
    assert_eq!(hands.people, ["lan".into(), "minh".into()]);
    assert!(lead.can.contains(&Act::EnterHands));
    assert!(own(&s, "lan", AudienceKind::Delegate).hands.is_none());
    let lan = own(&s, "lan", AudienceKind::Delegate);
    assert_eq!(lan.ballot.map(|ballot| ballot.channel), Some(Channel::Hands));
    assert_eq!(lan.cannot[&Act::CastBallot], Refusal::NotByDevice);
    s.may(
        "minh",
        vote(V::EnterHands {
            vote: id(),
            site: "hoa-binh".into(),
            counts: [(PLAIN.into(), [("for".into(), 2)].into())].into(),
            explanation: String::new(),
        }),
    );
    for audience in AUDIENCES {
        let view = view(&s, audience);
        let site = &view.sites[&"hoa-binh".into()];
        assert_eq!(
            (site.electors, site.voted, site.by_hand, site.counted),
            (2, 2, 2, true),
            "{audience:?}"
        );
        assert!(view.hands.is_empty(), "{audience:?}");
    }
    s.may(
        "an",
        vote(V::Close {
            vote: id(),
            early: true,
        }),
    );
    assert_eq!(view(&s, AudienceKind::Secretary).hands.len(), 1);
    assert!(view(&s, AudienceKind::Technician).hands.is_empty());
}

#[test]
fn nobody_votes_without_having_been_there() {
    let mut s = prepared(Method::Electronic);
    s.lose("home-1", 20);
    s.go("khoa", 20);
    assert_eq!(s.meeting.quorum().present, 8, "the only line of Khoa is lost");
    s.may(
        "an",
        vote(V::Open {
            vote: id(),
            override_quorum: String::new(),
        }),
    );
    assert_eq!(
        (
            view(&s, AudienceKind::Room).present,
            s.meeting.votes()[&id()].electors.len()
        ),
        (8, 9)
    );
    s.back("home-1");
    s.come("khoa");
    for who in ["an", "binh", "giang", "ha", "lan", "minh", "cuong", "dung", "khoa"] {
        s.may(who, cast(&id(), "for"));
    }
    assert_eq!(
        view(&s, AudienceKind::Room).present,
        9,
        "nine of eight would be 112.5 %"
    );
}

#[test]
fn the_kiosk_knows_who_votes_there_and_never_what() {
    let mut s = opened(Method::Electronic);
    let kiosk = |s: &Sitting| mine(&s.meeting, &at_kiosk("hoa-binh", None), AudienceKind::Kiosk, s.now);
    let states = |s: &Sitting| -> Vec<(String, VoterState)> {
        let voters = kiosk(s).kiosk.expect("a kiosk has its part").voters;
        voters.into_iter().map(|(id, state)| (id.0, state)).collect()
    };
    let of = |lan, minh| vec![("lan".to_owned(), lan), ("minh".to_owned(), minh)];
    assert_eq!(states(&s), of(VoterState::Waiting, VoterState::Waiting));
    s.may("lan", cast(&id(), "for"));
    s.ask_as(at_kiosk("hoa-binh", Some("minh")), cast(&id(), "against"))
        .expect("it is taken");
    assert_eq!(states(&s), of(VoterState::OwnDevice, VoterState::Voted));
    assert!(kiosk(&s).can.is_empty() && kiosk(&s).ballot.is_none());

    let shown = shared(&s.meeting, AudienceKind::Kiosk, s.now);
    assert_eq!(shown.votes.keys().collect::<Vec<_>>(), [&id()]);
    assert!(shown.votes[&id()].names.is_empty() && shown.votes[&id()].result.is_empty());
    assert!(
        shown.people.contains_key(&"lan".into()) && !shown.people.contains_key(&"phuc".into()),
        "delegates alone"
    );
    assert!(shown.requests.is_empty() && shown.agenda.is_empty() && shown.questions.is_empty() && shown.turn.is_none());
}

#[test]
fn outside_closed_doors_the_kiosk_is_shown_nothing() {
    let mut s = Sitting::debate();
    s.may(
        "thu",
        meeting::command::Command::ProposeClosed {
            ground: meeting::privacy::Ground::StandingCommittee,
            reason: "Bí mật nhà nước".to_owned(),
        },
    );
    s.may(
        "an",
        meeting::command::Command::CloseDoors {
            decision: "Họp kín".to_owned(),
            vote: None,
        },
    );
    assert!(protocol::project::is_outside(&s.meeting, &at_kiosk("hoa-binh", None)));
    assert!(!protocol::project::is_outside(&s.meeting, &at_kiosk("hall", None)));
    let out = mine(&s.meeting, &at_kiosk("hoa-binh", None), AudienceKind::Kiosk, s.now);
    assert!(out.kiosk.is_none());
}
