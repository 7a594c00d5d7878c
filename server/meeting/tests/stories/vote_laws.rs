//! Laws of votes, tried with votes nobody would hold: anybody votes, counts, moves, closes and corrects at any time, lines
//! come and go, commands arrive twice and the hub is restarted. Proptest prints the seed of what fails.

use crate::sitting::{Sitting, at_kiosk, council, device, person_at};
use crate::vote::{
    announce, cast, close, confirm_hands, confirm_spoken, content, hands, marks, open, route, spoken, vote,
};
use meeting::command::{Actor, Asked, Attendance, Command};
use meeting::id::{CommandId, PersonId, VoteId};
use meeting::vote::command::VoteCommand as V;
use meeting::vote::content::Method;
use meeting::vote::{Channel, Vote, VotePhase};
use meeting::{Decision, Meeting};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: [&str; 14] = [
    "an", "binh", "giang", "ha", "lan", "minh", "cuong", "dung", "khoa", "thu", "hanh", "ky", "phuc", "quang",
];
const SITES: [&str; 4] = ["hall", "hoa-binh", "tan-lap", "home"];
const CHOICES: [&str; 4] = ["for", "against", "abstain", "perhaps"];
const ROADS: [Channel; 4] = [Channel::Device, Channel::Kiosk, Channel::Hands, Channel::Oral];

#[derive(Debug, Clone)]
enum Step {
    Ask(&'static str, Command),
    /// Somebody votes at the kiosk of a site.
    AtKiosk(&'static str, &'static str, &'static str),
    Again(usize),
    Wait(u32),
    Line(&'static str, bool),
    Restart(u32),
}

fn of<T: Copy + std::fmt::Debug + 'static>(set: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(set)
}

fn command() -> impl Strategy<Value = Command> {
    let id = || prop_oneof![9 => Just(VoteId::from("v1")), 1 => Just(VoteId::from("v2"))];
    prop_oneof![
        20 => (id(), of(&CHOICES)).prop_map(|(id, choice)| cast(&id, choice)),
        3 => (id(), of(&PEOPLE), of(&CHOICES)).prop_map(|(id, who, choice)| spoken(&id, who, choice)),
        3 => (id(), of(&PEOPLE), any::<bool>()).prop_map(|(id, who, yes)| confirm_spoken(&id, who, yes)),
        4 => (id(), of(&PEOPLE), of(&ROADS)).prop_map(|(id, who, road)| route(&id, who, road)),
        5 => (id(), of(&SITES), [0..4_u32, 0..2, 0..2], of(&["", "Ra ngoài"]))
            .prop_map(|(id, site, counts, why)| hands(&id, site, counts, why)),
        3 => (id(), of(&SITES)).prop_map(|(id, site)| confirm_hands(&id, site)),
        1 => (id(), any::<bool>()).prop_map(|(id, early)| close(&id, early)),
        1 => id().prop_map(|vote_id| vote(V::Pause { vote: vote_id })),
        2 => id().prop_map(|vote_id| vote(V::Continue { vote: vote_id })),
        1 => id().prop_map(|vote_id| vote(V::Extend { vote: vote_id })),
        2 => (id(), of(&PEOPLE)).prop_map(|(id, who)| vote(V::Admit { vote: id, person: who.into() })),
        2 => (id(), proptest::option::of(of(&PEOPLE)), of(&CHOICES)).prop_map(|(id, who, choice)| {
            vote(V::Object { vote: id, person: who.map(PersonId::from), marks: marks(choice) })
        }),
        3 => (id(), of(&PEOPLE), any::<bool>())
            .prop_map(|(id, who, agree)| vote(V::AnswerObjection { vote: id, person: who.into(), agree })),
        2 => id().prop_map(|id| announce(&id)),
        1 => id().prop_map(|id| vote(V::Repeat { vote: id, reason: "Lại".to_owned() })),
        1 => id().prop_map(|id| open(&id)),
        2 => (of(&PEOPLE), of(&[Attendance::PresentSite, Attendance::LeftEarly, Attendance::SteppedOut]))
            .prop_map(|(who, attendance)| Command::Mark { person: who.into(), attendance, reason: String::new() }),
        1 => (of(&PEOPLE), of(&SITES)).prop_map(|(who, site)| Command::Seat { person: who.into(), site: site.into() }),
        1 => (5..12_u32).prop_map(|total| Command::SetTotal { total, reason: "?".to_owned() }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => (of(&PEOPLE), command()).prop_map(|(who, command)| Step::Ask(who, command)),
        // Those whose business it mostly is.
        8 => (of(&["an", "thu", "hanh"]), command()).prop_map(|(who, command)| Step::Ask(who, command)),
        6 => (of(&SITES), of(&PEOPLE), of(&CHOICES)).prop_map(|(site, who, choice)| Step::AtKiosk(site, who, choice)),
        3 => any::<usize>().prop_map(Step::Again),
        2 => (0..40_u32).prop_map(Step::Wait),
        3 => (of(&PEOPLE), any::<bool>()).prop_map(|(who, up)| Step::Line(who, up)),
        1 => (0..200_u32).prop_map(Step::Restart),
    ]
}

/// What is true of every vote at every moment.
fn sound(m: &Meeting) {
    assert!(m.votes().values().filter(|vote| vote.phase.is_under_way()).count() <= 1);
    for vote in m.votes().values() {
        one_voice_each(vote);
        if let (Some(opening), VotePhase::Announced | VotePhase::Locked) = (&vote.opening, vote.phase) {
            assert_eq!(vote.result, vote.tally(), "one number for all");
            assert_eq!(vote.result[0].carried, vote.result[0].in_favour >= opening.needed);
            assert_eq!(opening.needed, opening.total / 2 + 1);
            assert!(vote.objections.is_empty() && vote.spoken.is_empty());
            for hands in vote.hands.values() {
                assert!(hands.confirmed_by.as_ref().is_some_and(|by| *by != hands.by));
            }
        }
    }
}

/// Ballots come from electors alone, each elector is counted by one road at most, and nothing comes from nowhere.
fn one_voice_each(vote: &Vote) {
    for person in vote.ballots.keys() {
        let elector = vote.electors.get(person).expect("no ballot but an elector's");
        assert_ne!(elector.channel, Channel::Hands, "{person} would be counted twice");
    }
    let mut by_hand = 0;
    for (site, hands) in &vote.hands {
        let counted: u32 = hands.counts.values().flat_map(BTreeMap::values).sum();
        assert!(
            counted <= vote.hands_at(site),
            "{counted} hands of {} at {site}",
            vote.hands_at(site)
        );
        by_hand += counted;
    }
    for line in vote.tally() {
        let cast: u32 = line.votes.values().sum();
        assert_eq!(
            cast,
            u32::try_from(vote.ballots.len()).expect("a small council") + by_hand
        );
        assert_eq!(
            cast + line.not_voting,
            u32::try_from(vote.electors.len()).expect("a small council")
        );
    }
}

/// After the close nothing changes a count but a correction to which two persons have agreed.
fn only_corrections(before: &Vote, after: &Vote) {
    let closed = |vote: &Vote| vote.closed_at.is_some() || vote.phase == VotePhase::Cancelled && vote.opening.is_some();
    if !closed(before) {
        return;
    }
    assert_eq!(before.electors, after.electors);
    let corrected: BTreeSet<&PersonId> = after.corrections[before.corrections.len()..]
        .iter()
        .map(|correction| &correction.person)
        .collect();
    for person in before.electors.keys().filter(|person| !corrected.contains(person)) {
        assert_eq!(
            before.ballots.get(person),
            after.ballots.get(person),
            "{person} after the close"
        );
    }
    for (site, hands) in &after.hands {
        let same = before.hands.get(site).is_some_and(|old| old.counts == hands.counts);
        assert!(same || (before.phase == VotePhase::Checking && !hands.explanation.is_empty()));
    }
    if before.phase != VotePhase::Checking {
        assert_eq!(before.tally(), after.tally());
    }
}

fn take(s: &mut Sitting, step: &Step, n: usize, sent: &mut Vec<Asked>) {
    let before = s.meeting.clone();
    match step {
        Step::Wait(seconds) => {
            s.after(*seconds);
            assert_eq!(before.votes(), s.meeting.votes(), "no clock moves a vote");
        }
        Step::Line(who, up) => {
            let since = s.now;
            let _unchanged = s.hub(Command::ReportPerson {
                person: (*who).into(),
                online: *up,
                since,
            });
            assert_eq!(before.votes(), s.meeting.votes(), "no line moves a vote");
        }
        Step::Restart(seconds) => {
            let last_alive = s.now;
            s.now = s.now.plus_seconds(*seconds);
            s.hub(Command::ReportRestart { last_alive })
                .expect("a restart is always taken");
            for (id, vote) in before.votes() {
                assert_eq!(vote.ballots, s.meeting.votes()[id].ballots);
                assert_eq!(vote.phase, s.meeting.votes()[id].phase);
            }
        }
        Step::Again(which) => {
            if let Some(asked) = sent.get(which % sent.len().max(1)).cloned() {
                assert!(matches!(s.send(&asked), Ok(Decision::Repeated(_))), "{asked:?}");
                assert_eq!(before, s.meeting, "what is sent again changes nothing");
            }
        }
        Step::Ask(who, command) => wish(s, person_at(who, &device(who).0), command.clone(), n, sent),
        Step::AtKiosk(site, who, choice) => wish(s, at_kiosk(site, Some(who)), cast(&"v1".into(), choice), n, sent),
    }
    for (id, vote) in before.votes() {
        only_corrections(vote, &s.meeting.votes()[id]);
    }
}

fn wish(s: &mut Sitting, by: Actor, command: Command, n: usize, sent: &mut Vec<Asked>) {
    let before = s.meeting.clone();
    let asked = Asked {
        id: CommandId(format!("law-{n}")),
        by,
        given_at: None,
        command,
    };
    match s.send(&asked) {
        Err(_) => assert_eq!(before, s.meeting, "a refusal changes nothing"),
        Ok(_) => {
            counted_rightly(&before, &s.meeting, &asked);
            sent.push(asked);
        }
    }
}

/// A ballot that was taken is the only change, it is its owner's, and it says what was sent.
fn counted_rightly(before: &Meeting, after: &Meeting, asked: &Asked) {
    let (Actor::Person { id, .. } | Actor::Kiosk { voter: Some(id), .. }) = &asked.by else {
        return;
    };
    let Command::Vote(V::Cast { vote, marks }) = &asked.command else {
        return;
    };
    let (old, new) = (&before.votes()[vote], &after.votes()[vote]);
    assert_eq!(old.phase, VotePhase::Open);
    assert_eq!(new.ballots[id].marks, *marks);
    let at_kiosk = matches!(asked.by, Actor::Kiosk { .. });
    assert_eq!(new.ballots[id].channel == Channel::Kiosk, at_kiosk);
    let others = |vote: &Vote| {
        vote.ballots
            .iter()
            .filter(|(who, _)| *who != id)
            .map(|(w, b)| (w.clone(), b.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(others(old), others(new));
}

proptest! {
    #[test]
    fn hold_in_every_vote(
        method in of(&[Method::Electronic, Method::Mixed, Method::Hands, Method::Oral]),
        may_change in any::<bool>(),
        steps in proptest::collection::vec(step(), 1..150),
    ) {
        let mut setup = council();
        setup.rules.vote.may_change = may_change;
        let mut s = Sitting::debate_with(setup);
        s.opened(content("nghị quyết", method));
        let mut sent = Vec::new();
        for (n, step) in steps.iter().enumerate() {
            take(&mut s, step, n, &mut sent);
            sound(&s.meeting);
        }
        prop_assert_eq!(s.replayed(), s.meeting);
    }

    #[test]
    fn thresholds_are_exact(total in 1..5_000_u32, of in 1..20_u32, more in 1..20_u32) {
        let out_of = of + more;
        let threshold = |above| meeting::vote::content::Threshold { name: String::new(), of, out_of, above };
        let (least, most) = (threshold(false).needed(total), threshold(true).needed(total));
        let reaches = |votes: u32| u64::from(votes) * u64::from(out_of) >= u64::from(total) * u64::from(of);
        let exceeds = |votes: u32| u64::from(votes) * u64::from(out_of) > u64::from(total) * u64::from(of);
        prop_assert!(reaches(least) && (least == 0 || !reaches(least - 1)));
        prop_assert!(exceeds(most) && (most == 0 || !exceeds(most - 1)));
        prop_assert!(most <= total, "it can always be reached");
    }

    #[test]
    fn the_order_of_ballots_does_not_matter(choices in proptest::collection::vec(0..3_usize, 9), turn in 0..9_usize) {
        let tally = |shift: usize| {
            let mut s = Sitting::debate();
            let id = s.opened(content("nghị quyết", Method::Electronic));
            for n in 0..9 {
                let who = (n + shift) % 9;
                s.may(PEOPLE[who], cast(&id, CHOICES[choices[who]]));
            }
            s.vote(&id).tally()
        };
        prop_assert_eq!(tally(0), tally(turn));
    }
}
