//! A second ballot box, kept beside the meeting's from the commands that were accepted, and counted by hand.
//!
//! It knows what a delegate sent, not what the meeting made of it: a ballot that is lost, doubled, moved or counted after the
//! close makes the two boxes differ.

use meeting::command::{Actor, Command};
use meeting::id::{ChoiceId, LineId, PersonId, SiteId, VoteId};
use meeting::vote::command::VoteCommand;
use meeting::vote::event::VoteEvent;
use meeting::vote::{Channel, Counts, Marks, Vote};
use meeting::{Entry, Event, Meeting};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
struct Box {
    electors: BTreeMap<PersonId, (SiteId, Channel)>,
    ballots: BTreeMap<PersonId, Marks>,
    spoken: BTreeMap<PersonId, (Marks, PersonId)>,
    objected: BTreeMap<PersonId, (Marks, BTreeSet<PersonId>)>,
    hands: BTreeMap<SiteId, (Counts, PersonId)>,
    confirmed: BTreeSet<SiteId>,
    open: bool,
    closed: bool,
    total: u32,
}

/// All boxes of a sitting.
#[derive(Debug, Default)]
pub(crate) struct Ballots(BTreeMap<VoteId, Box>);

fn who(by: &Actor) -> PersonId {
    match by {
        Actor::Person { id, .. } | Actor::Kiosk { voter: Some(id), .. } => id.clone(),
        Actor::Kiosk { voter: None, .. } | Actor::Room { .. } | Actor::System => PersonId::from(""),
    }
}

impl Ballots {
    /// An entry was applied; afterwards both boxes must hold the same.
    pub(crate) fn after(&mut self, meeting: &Meeting, entry: &Entry, command: Option<&Command>) {
        if let Some(Command::Vote(command)) = command {
            self.sent(command, &entry.by);
        }
        let mut touched = BTreeSet::new();
        for event in &entry.events {
            if let Event::Vote(event) = event {
                touched.extend(self.happened(meeting, event, &entry.by));
            }
        }
        for id in touched {
            self.0[&id].compare(&meeting.votes()[&id]);
        }
    }

    /// What somebody sent, and the meeting took.
    fn sent(&mut self, command: &VoteCommand, from: &Actor) {
        let by = who(from);
        let mut open = |vote: &VoteId| {
            let one = self.0.get_mut(vote).expect("nothing is cast before the opening");
            assert!(
                one.open && !one.closed,
                "{vote} took a ballot that came after its close"
            );
            std::mem::take(one)
        };
        match command {
            VoteCommand::Cast { vote, marks } => {
                let mut one = open(vote);
                let elector = one.electors.get_mut(&by).expect("an elector votes");
                if matches!(from, Actor::Kiosk { .. }) {
                    // Whoever comes to the kiosk leaves the own device for it, unless the ballot came from there.
                    let free = elector.1 == Channel::Device && !one.ballots.contains_key(&by);
                    assert!(free || elector.1 == Channel::Kiosk, "{by} at the kiosk");
                    elector.1 = Channel::Kiosk;
                } else {
                    assert_eq!(elector.1, Channel::Device, "{by}");
                }
                one.ballots.insert(by, marks.clone());
                self.0.insert(vote.clone(), one);
            }
            VoteCommand::EnterSpoken { vote, person, marks } => {
                let mut one = open(vote);
                assert_eq!(one.electors.get(person).map(|elector| elector.1), Some(Channel::Oral));
                one.spoken.insert(person.clone(), (marks.clone(), by));
                self.0.insert(vote.clone(), one);
            }
            VoteCommand::ConfirmSpoken { vote, person, confirm } => {
                let mut one = open(vote);
                let (marks, entered_by) = one.spoken.remove(person).expect("somebody entered it");
                if *confirm {
                    assert_ne!(entered_by, by, "two persons hear the same");
                    one.ballots.insert(person.clone(), marks);
                }
                self.0.insert(vote.clone(), one);
            }
            VoteCommand::EnterHands { vote, site, counts, .. } => {
                let one = self.0.get_mut(vote).expect("nothing is counted before the opening");
                assert!(!one.confirmed.contains(site), "what was confirmed is not counted again");
                one.hands.insert(site.clone(), (counts.clone(), by));
            }
            VoteCommand::ConfirmHands { vote, site } => {
                let one = self.0.get_mut(vote).unwrap();
                assert_ne!(one.hands[site].1, by, "two persons count the same");
                one.confirmed.insert(site.clone());
            }
            VoteCommand::Object { vote, person, marks } => {
                let one = self.0.get_mut(vote).unwrap();
                assert!(one.closed, "ballots are checked after the close");
                let whose = person.clone().unwrap_or_else(|| by.clone());
                // What a secretary enters for another has the secretary's word already.
                let agreed = person.iter().filter(|person| **person != by).map(|_| by.clone());
                one.objected.insert(whose, (marks.clone(), agreed.collect()));
            }
            VoteCommand::AnswerObjection { vote, person, agree } => {
                let one = self.0.get_mut(vote).unwrap();
                if *agree {
                    one.objected.get_mut(person).unwrap().1.insert(by);
                } else {
                    one.objected.remove(person);
                }
            }
            VoteCommand::Prepare { .. }
            | VoteCommand::Edit { .. }
            | VoteCommand::Ready { .. }
            | VoteCommand::Discard { .. }
            | VoteCommand::Open { .. }
            | VoteCommand::Extend { .. }
            | VoteCommand::Pause { .. }
            | VoteCommand::Continue { .. }
            | VoteCommand::Admit { .. }
            | VoteCommand::Route { .. }
            | VoteCommand::Close { .. }
            | VoteCommand::Announce { .. }
            | VoteCommand::Lock { .. }
            | VoteCommand::Cancel { .. }
            | VoteCommand::Repeat { .. } => {}
        }
    }

    /// What opened, moved and closed the box; the vote it is about, if there is a box for it.
    fn happened(&mut self, meeting: &Meeting, event: &VoteEvent, by: &Actor) -> Option<VoteId> {
        match event {
            VoteEvent::Opened {
                vote,
                electors,
                total,
                needed,
                present,
                ..
            } => {
                assert_eq!(*by, presiding(meeting, by), "the chair alone opens a vote");
                assert!(!self.0.values().any(|one| one.open), "one vote at a time");
                let electors = electors
                    .iter()
                    .map(|(id, elector)| (id.clone(), (elector.site.clone(), elector.channel)));
                let one = Box {
                    electors: electors.collect(),
                    open: true,
                    total: *total,
                    ..Box::default()
                };
                assert!(one.electors.len() as u32 >= *present, "who is present may vote");
                assert_eq!(*needed, needed_by_hand(&meeting.votes()[vote], *total));
                self.0.insert(vote.clone(), one);
                Some(vote.clone())
            }
            VoteEvent::Admitted { vote, person, elector } => {
                let one = self.0.get_mut(vote)?;
                assert!(!one.closed);
                one.electors
                    .insert(person.clone(), (elector.site.clone(), elector.channel));
                Some(vote.clone())
            }
            VoteEvent::Routed { vote, person, channel } => {
                let one = self.0.get_mut(vote)?;
                // At the kiosk the road changes with the first ballot.
                let with_ballot = matches!(by, Actor::Kiosk { .. }) && *channel == Channel::Kiosk;
                assert!(!one.closed && (with_ballot || !one.ballots.contains_key(person)));
                one.electors.get_mut(person)?.1 = *channel;
                Some(vote.clone())
            }
            VoteEvent::Paused { vote, .. } | VoteEvent::Continued { vote, .. } => {
                self.0.get_mut(vote)?.open = matches!(event, VoteEvent::Continued { .. });
                Some(vote.clone())
            }
            VoteEvent::Closed { vote, .. } => {
                let one = self.0.get_mut(vote)?;
                (one.open, one.closed) = (false, true);
                Some(vote.clone())
            }
            VoteEvent::Cancelled { vote, .. } => {
                let one = self.0.get_mut(vote)?;
                (one.open, one.closed) = (false, true);
                Some(vote.clone())
            }
            VoteEvent::Corrected { vote, person, marks } => {
                let one = self.0.get_mut(vote)?;
                let (asked, agreed) = one.objected.remove(person).expect("somebody objected");
                assert!(
                    one.closed && asked == *marks && agreed.len() == 2,
                    "two persons agree: {agreed:?}"
                );
                one.ballots.insert(person.clone(), asked);
                Some(vote.clone())
            }
            VoteEvent::Announced { vote, result } => {
                let one = &self.0[vote];
                assert!(one.closed && one.hands.keys().all(|site| one.confirmed.contains(site)));
                assert_eq!(*result, meeting.votes()[vote].tally(), "one number for all");
                Some(vote.clone())
            }
            VoteEvent::Cast { vote, .. }
            | VoteEvent::SpokenEntered { vote, .. }
            | VoteEvent::SpokenAnswered { vote, .. }
            | VoteEvent::HandsEntered { vote, .. }
            | VoteEvent::HandsConfirmed { vote, .. }
            | VoteEvent::Objected { vote, .. }
            | VoteEvent::SecretaryAgreed { vote, .. }
            | VoteEvent::ChairAgreed { vote, .. }
            | VoteEvent::ObjectionRefused { vote, .. }
            | VoteEvent::Extended { vote, .. }
            | VoteEvent::Locked { vote }
            | VoteEvent::Repeated { vote, .. }
            | VoteEvent::Delayed { vote, .. } => self.0.contains_key(vote).then(|| vote.clone()),
            VoteEvent::Prepared { .. } | VoteEvent::Readied { .. } => None,
        }
    }
}

/// Who presides, at whatever device asked.
fn presiding(meeting: &Meeting, by: &Actor) -> Actor {
    match by {
        Actor::Person { device, .. } => Actor::Person {
            id: meeting.presiding().clone(),
            device: device.clone(),
        },
        Actor::Room { .. } | Actor::Kiosk { .. } | Actor::System => panic!("{by:?} opened a vote"),
    }
}

/// The least number of votes that reaches the threshold, found by counting.
fn needed_by_hand(vote: &Vote, total: u32) -> u32 {
    let threshold = &vote.content.threshold;
    let reaches = |votes: u32| {
        let (left, right) = (votes * threshold.out_of, total * threshold.of);
        if threshold.above { left > right } else { left >= right }
    };
    (0..).find(|votes| reaches(*votes)).unwrap()
}

impl Box {
    fn compare(&self, vote: &Vote) {
        let theirs: BTreeMap<_, _> = vote.ballots.iter().map(|(id, ballot)| (id, &ballot.marks)).collect();
        assert_eq!(theirs, self.ballots.iter().collect(), "{}: the ballots", vote.id);
        let roads = vote.electors.iter().map(|(id, elector)| (id, elector.channel));
        assert!(
            roads.eq(self.electors.iter().map(|(id, elector)| (id, elector.1))),
            "{}",
            vote.id
        );
        let mut counts: BTreeMap<(LineId, ChoiceId), u32> = BTreeMap::new();
        for (line, choice) in self.ballots.values().flatten() {
            *counts.entry((line.clone(), choice.clone())).or_default() += 1;
        }
        for (line, choices) in self.hands.values().flat_map(|hands| &hands.0) {
            for (choice, votes) in choices {
                *counts.entry((line.clone(), choice.clone())).or_default() += votes;
            }
        }
        for (site, (hands, _)) in &self.hands {
            let there = |(at, road): &&(SiteId, Channel)| at == site && *road == Channel::Hands;
            let there = self.electors.values().filter(there).count() as u32;
            let raised: u32 = hands.values().flat_map(BTreeMap::values).sum();
            assert!(raised <= there, "{raised} hands of {there} at {site}");
        }
        for line in vote.tally() {
            for (choice, votes) in &line.votes {
                assert_eq!(
                    *votes,
                    counts.remove(&(line.line.clone(), choice.clone())).unwrap_or_default(),
                    "{choice}"
                );
            }
            let voted: u32 = line.votes.values().sum();
            assert_eq!(
                voted + line.not_voting,
                self.electors.len() as u32,
                "nobody votes twice"
            );
            let in_favour = line.votes.get(&ChoiceId::from("for")).copied().unwrap_or_default();
            let (of, out_of) = (vote.content.threshold.of, vote.content.threshold.out_of);
            let carried = if vote.content.threshold.above {
                in_favour * out_of > self.total * of
            } else {
                in_favour * out_of >= self.total * of
            };
            assert_eq!((line.in_favour, line.carried), (in_favour, carried));
        }
        assert!(counts.values().all(|votes| *votes == 0), "counted nowhere: {counts:?}");
    }
}
