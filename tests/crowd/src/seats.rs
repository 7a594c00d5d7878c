//! `crowd seats`: every room and every delegate of a council whom nobody plays by hand: each delegate with a device that does at
//! once what its owner is asked to do, over a line that may flap.
//!
//! A delegate checks in when the roll is taken by devices, and votes by its number ([`choice`]), so that the right result is
//! known beforehand. The devices that flap lose their line just after the ballot has left, before its answer can come, and
//! some more times while the vote is open. What becomes of each ballot is told as a line of JSON on the standard output: whoever
//! runs the program counts these and compares them with what the chair announces.

use crate::asset::Show;
use crate::camera::Device;
use crate::client::{Client, News};
use crate::demo::{PersonalLink, links};
use crate::http::Hub;
use crate::room::Room;
use anyhow::{Result, ensure};
use meeting::command::Command;
use meeting::id::{ChoiceId, CommandId, LineId, VoteId};
use meeting::refusal::Refusal;
use meeting::vote::command::VoteCommand;
use meeting::vote::content::PLAIN;
use protocol::view::{Act, AudienceKind, Mine, RollState, Shared};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Serialize;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What became of a ballot.
#[derive(Debug, Serialize)]
struct Told<'a> {
    seat: &'a str,
    vote: &'a VoteId,
    choice: &'a ChoiceId,
    /// Absent = it was taken.
    refused: Option<Refusal>,
    /// How many times the line was lost meanwhile.
    lost: u32,
}

/// What the delegate of this number chooses in a vote of these choices: mostly the first.
fn choice(number: usize, choices: usize) -> usize {
    match (number.is_multiple_of(7), number.is_multiple_of(3)) {
        (true, _) => 2.min(choices.saturating_sub(1)),
        (false, true) => 1.min(choices.saturating_sub(1)),
        (false, false) => 0,
    }
}

/// A ballot on its way.
struct Ballot {
    id: CommandId,
    vote: VoteId,
    choice: ChoiceId,
    lost: u32,
}

/// A delegate and the device.
struct Seat {
    label: String,
    number: usize,
    client: Client,
    dice: StdRng,
    flaps: bool,
    /// The roll that was answered.
    answered: Option<u32>,
    /// The vote that was thought about, and when to vote in it.
    due: Option<(VoteId, Instant)>,
    ballot: Option<Ballot>,
    /// The vote in which it was sent last: once, for the client repeats it until it is answered.
    voted: Option<VoteId>,
    /// When the line is lost next.
    cut_at: Option<Instant>,
}

/// How often a delegate looks up while nothing happens.
const GLANCE: Duration = Duration::from_millis(100);
/// A ballot is sent after so long a thought.
const THOUGHT: (u64, u64) = (200, 4_000);
/// A line that flaps is cut for so long.
const OUTAGE: (u64, u64) = (300, 2_500);

impl Seat {
    fn wait(&mut self, (least, most): (u64, u64)) -> Duration {
        Duration::from_millis(self.dice.random_range(least..=most))
    }

    /// What the delegate is asked for and does, if anything.
    fn step(&mut self, now: Instant) {
        if !self.client.is_open() || !self.client.is_idle() {
            return;
        }
        let Some((shared, mine)) = self.client.mirror.view() else {
            return;
        };
        if let Some(roll) = asked_by_roll(shared, mine).filter(|number| self.answered != Some(*number)) {
            self.answered = Some(roll);
            self.client.command(Command::CheckIn);
            return;
        }
        let Some((vote, choices, lines)) = asked_by_vote(shared, mine) else {
            return;
        };
        match &self.due {
            Some((known, due)) if *known == vote => {
                if *due <= now && self.voted.as_ref() != Some(&vote) {
                    self.cast(vote, &choices, lines);
                }
            }
            Some(_) | None => {
                let thought = self.wait(THOUGHT);
                self.due = Some((vote, now + thought));
            }
        }
    }

    fn cast(&mut self, vote: VoteId, choices: &[ChoiceId], lines: Vec<LineId>) {
        let choice = choices[choice(self.number, choices.len())].clone();
        let marks = lines.into_iter().map(|line| (line, choice.clone())).collect();
        let command = VoteCommand::Cast {
            vote: vote.clone(),
            marks,
        };
        let id = self.client.command(Command::Vote(command));
        self.voted = Some(vote.clone());
        self.ballot = Some(Ballot {
            id,
            vote,
            choice,
            lost: 0,
        });
        if self.flaps {
            self.cut_at = Some(Instant::now() + self.wait((0, 30)));
        }
    }

    fn cut(&mut self) {
        let outage = self.wait(OUTAGE);
        self.client.cut(outage);
        if let Some(ballot) = &mut self.ballot {
            ballot.lost += 1;
        }
        // Again while the ballot is not answered, and now and then afterwards.
        self.cut_at = self
            .dice
            .random_bool(0.6)
            .then(|| Instant::now() + outage + Duration::from_millis(700));
    }

    fn answered(&mut self, id: &CommandId, refused: Option<Refusal>) {
        if self.ballot.as_ref().is_none_or(|ballot| ballot.id != *id) {
            return;
        }
        let Some(ballot) = self.ballot.take() else { return };
        let told = Told {
            seat: &self.label,
            vote: &ballot.vote,
            choice: &ballot.choice,
            refused,
            lost: ballot.lost,
        };
        println!("{}", serde_json::json!(told));
    }

    /// Plays until the hub does not want this screen any more.
    async fn play(mut self) {
        let mut glance = tokio::time::interval(GLANCE);
        loop {
            tokio::select! {
                news = self.client.next() => match news {
                    News::Ended(reason) => {
                        tracing::info!(?reason, seat = self.label, "a delegate's screen was closed");
                        return;
                    }
                    News::Answered { id, refusal, .. } => self.answered(&id, refusal),
                    News::Changed { .. } | News::Other(_) | News::Lost => {}
                },
                _ = glance.tick() => {}
            }
            let now = Instant::now();
            if self.cut_at.is_some_and(|at| at <= now) {
                self.cut();
            }
            self.step(now);
        }
    }
}

fn asked_by_roll(shared: &Shared, mine: &Mine) -> Option<u32> {
    let roll = shared.roll.as_ref()?;
    let asked = matches!(roll.state, RollState::Electronic) && mine.active && mine.can.contains(&Act::CheckIn);
    asked.then_some(roll.number)
}

/// The vote with its choices and its lines, while this device may vote in it and has not.
fn asked_by_vote(shared: &Shared, mine: &Mine) -> Option<(VoteId, Vec<ChoiceId>, Vec<LineId>)> {
    let ballot = mine.ballot.as_ref().filter(|ballot| ballot.marks.is_empty())?;
    if !mine.active || !mine.can.contains(&Act::CastBallot) {
        return None;
    }
    let vote = shared.votes.get(&ballot.vote)?;
    let plain = vote.lines.is_empty().then(|| LineId::from(PLAIN));
    Some((
        ballot.vote.clone(),
        vote.choices.iter().map(|choice| choice.id.clone()).collect(),
        vote.lines.iter().map(|line| line.id.clone()).chain(plain).collect(),
    ))
}

/// Plays every room and seats every delegate whose name is not among `except`, until the hub ends; `flapping` of a hundred
/// devices have a line that flaps.
///
/// # Errors
/// When the hub or its table of links cannot be used.
pub async fn run(
    hub: Hub,
    file: Option<&std::path::Path>,
    except: &BTreeSet<String>,
    flapping: usize,
    seed: u64,
) -> Result<()> {
    let links = links(&hub, file).await?;
    let of = |group: &str| -> Vec<PersonalLink> {
        let ours = |link: &&PersonalLink| link.group == group && !except.contains(&link.label);
        links.iter().filter(ours).cloned().collect()
    };
    let seats = of("delegate");
    ensure!(!seats.is_empty(), "nobody is left to be seated");
    // At least one, and evenly among the seats.
    let every = 100_usize.checked_div(flapping).unwrap_or(usize::MAX).min(seats.len());
    let mut tasks = tokio::task::JoinSet::new();
    for (number, link) in seats.into_iter().enumerate() {
        let seat = Seat {
            client: Client::open(&hub, link.key(), AudienceKind::Delegate),
            label: link.label,
            number,
            dice: StdRng::seed_from_u64(seed.wrapping_add(number as u64)),
            flaps: flapping > 0 && number % every == every - 1,
            answered: None,
            due: None,
            ballot: None,
            voted: None,
            cut_at: None,
        };
        tasks.spawn(seat.play());
        // A council does not arrive in one instant.
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    for (number, link) in of("room").into_iter().enumerate() {
        let room = Room::open(&hub, link.key(), Show::of(number + 1)?, "127.0.0.1:0", Device::New);
        tasks.spawn(room.play());
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    while tasks.join_next().await.is_some() {}
    Ok(())
}
