//! Bàn phiếu: one tablet at a bridge point, at which each delegate votes with the own PIN, is counted there and nowhere else,
//! and at which nothing but a vote can be done (PRODUCT 3.1).

use crate::privacy::{admit_room, close_doors, propose};
use crate::sitting::{Sitting, at_kiosk, council, register};
use crate::vote::{announce, cast, close, content, route};
use meeting::command::{Asked, Attendance, Command};
use meeting::id::{CommandId, VoteId};
use meeting::privacy::Ground;
use meeting::refusal::Refusal;
use meeting::setup::RequestKind;
use meeting::vote::Channel;
use meeting::vote::content::Method;
use meeting::{Decision, Meeting};

impl Sitting {
    /// Somebody has given the PIN at the kiosk of this site and votes.
    fn votes_at(&mut self, site: &str, who: &str, command: Command) -> Result<Decision, Refusal> {
        self.ask_as(at_kiosk(site, Some(who)), command)
    }

    #[track_caller]
    fn turned_away(&mut self, site: &str, who: &str, command: Command) -> Refusal {
        let before = self.meeting.clone();
        let refusal = self.votes_at(site, who, command).expect_err("it is refused");
        assert_eq!(before, self.meeting, "a refusal changed something");
        refusal
    }
}

fn road(m: &Meeting, id: &VoteId, who: &str) -> Channel {
    m.votes()[id].electors[&who.into()].channel
}

#[test]
fn one_after_the_other_votes_and_each_is_counted_once() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về cấp nước", Method::Electronic));
    s.votes_at("hoa-binh", "lan", cast(&id, "for")).expect("it is taken");
    s.votes_at("hoa-binh", "minh", cast(&id, "against"))
        .expect("it is taken");
    assert_eq!(s.counted(&id), [1, 1, 0, 7]);
    assert_eq!(road(&s.meeting, &id, "lan"), Channel::Kiosk);
    assert_eq!(s.vote(&id).ballots[&"lan".into()].channel, Channel::Kiosk);
    assert_eq!(
        s.refused("lan", cast(&id, "against")),
        Refusal::NotByDevice,
        "the own tablet is no second voice"
    );
    s.votes_at("hoa-binh", "lan", cast(&id, "abstain"))
        .expect("before the close the mind may be changed, at the same place");
    assert_eq!(s.counted(&id), [0, 1, 1, 7]);

    s.may("cuong", cast(&id, "for"));
    assert_eq!(
        s.turned_away("tan-lap", "cuong", cast(&id, "against")),
        Refusal::AlreadyVoted,
        "the ballot came from the own tablet"
    );
    assert_eq!(road(&s.meeting, &id, "cuong"), Channel::Device);
    s.may("an", close(&id, true));
    assert_eq!(
        s.turned_away("tan-lap", "dung", cast(&id, "for")),
        Refusal::VoteClosed,
        "a close is a cut"
    );
    s.after(s.meeting.setup().rules.vote.check_s);
    s.may("an", announce(&id));
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn only_those_who_sit_there_and_vote_on_devices() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết", Method::Electronic));
    assert_eq!(s.turned_away("hoa-binh", "cuong", cast(&id, "for")), Refusal::OtherSite);
    s.may("thu", route(&id, "lan", Channel::Oral));
    assert_eq!(s.turned_away("hoa-binh", "lan", cast(&id, "for")), Refusal::NotByKiosk);
    s.may("thu", route(&id, "lan", Channel::Kiosk));
    s.votes_at("hoa-binh", "lan", cast(&id, "for")).expect("it is taken");
    assert_eq!(
        s.refused("thu", route(&id, "lan", Channel::Hands)),
        Refusal::AlreadyVoted,
        "what came in stays where it came in"
    );
    for (who, why) in [("phuc", "a guest"), ("thu", "a secretary"), ("nguoi-la", "a stranger")] {
        assert_eq!(
            s.turned_away("hall", who, cast(&id, "for")),
            Refusal::NotAllowed,
            "{why}"
        );
    }

    let mut hands = Sitting::debate();
    let id = hands.opened(content("nghị quyết", Method::Hands));
    assert_eq!(
        hands.turned_away("hoa-binh", "lan", cast(&id, "for")),
        Refusal::NotByKiosk
    );
}

#[test]
fn who_was_absent_at_the_opening_has_no_vote_there_either() {
    let mut s = Sitting::debate();
    s.may(
        "thu",
        Command::Mark {
            person: "lan".into(),
            attendance: Attendance::LeftEarly,
            reason: "Về sớm".to_owned(),
        },
    );
    let id = s.opened(content("nghị quyết", Method::Electronic));
    assert_eq!(s.turned_away("hoa-binh", "lan", cast(&id, "for")), Refusal::NotEntitled);
}

#[test]
fn where_a_ballot_is_final_it_is_final_at_the_kiosk_too() {
    let mut setup = council();
    setup.rules.vote.may_change = false;
    let mut s = Sitting::debate_with(setup);
    let id = s.opened(content("nghị quyết", Method::Electronic));
    s.votes_at("hoa-binh", "lan", cast(&id, "for")).expect("it is taken");
    assert_eq!(
        s.turned_away("hoa-binh", "lan", cast(&id, "against")),
        Refusal::AlreadyVoted
    );
}

#[test]
fn a_ballot_that_is_sent_twice_is_one_and_a_name_for_it_is_the_voters_own() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết", Method::Electronic));
    let asked = |who: &str, choice: &str| Asked {
        id: CommandId::from("phieu"),
        by: at_kiosk("hoa-binh", Some(who)),
        given_at: None,
        command: cast(&id, choice),
    };
    assert!(matches!(s.send(&asked("lan", "for")), Ok(Decision::Events(_))));
    let before = s.meeting.clone();
    assert!(matches!(s.send(&asked("lan", "for")), Ok(Decision::Repeated(_))));
    assert_eq!(before, s.meeting);
    assert!(
        matches!(s.send(&asked("minh", "for")), Ok(Decision::Events(_))),
        "the next person's ballot is not taken for the last one's"
    );
}

#[test]
fn a_kiosk_without_somebody_in_front_of_it_may_nothing_and_with_somebody_only_vote() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết", Method::Electronic));
    for (voter, command) in [
        (None, cast(&id, "for")),
        (None, register(RequestKind::Speech)),
        (Some("lan"), register(RequestKind::Speech)),
        (Some("lan"), Command::CheckIn),
        (Some("lan"), close(&id, true)),
        (Some("an"), close(&id, true)),
    ] {
        let refusal = s.ask_as(at_kiosk("hoa-binh", voter), command.clone());
        assert_eq!(
            refusal.expect_err("it is refused"),
            Refusal::NotAllowed,
            "{voter:?} {command:?}"
        );
    }
}

#[test]
fn outside_closed_doors_the_kiosk_takes_nothing() {
    let mut s = Sitting::debate();
    s.may("thu", propose(Ground::StandingCommittee));
    s.may("an", close_doors());
    assert!(s.meeting.admits_site(&"hall".into()) && !s.meeting.admits_site(&"hoa-binh".into()));
    let id = s.opened(content("nghị quyết", Method::Electronic));
    assert_eq!(s.turned_away("hoa-binh", "lan", cast(&id, "for")), Refusal::Outside);
    s.votes_at("hall", "ha", cast(&id, "for")).expect("it is taken");
    s.may("an", close(&id, true));
    s.after(s.meeting.setup().rules.vote.check_s);
    s.may("an", announce(&id));
    s.may("an", admit_room("hoa-binh-1", true));
    assert!(s.meeting.admits_site(&"hoa-binh".into()));
}
