//! `crowd ballots`: as many delegates as there are sockets vote within some seconds. Is the count exact, and how long does an
//! acknowledgement take?
//!
//! Each delegate has a socket of its own and chooses by its number, so that the right result is known beforehand. The sockets
//! keep no mirror: what is measured is the hub, not two thousand views in one process.

use crate::demo::{PersonalLink, links};
use crate::http::Hub;
use crate::socket::{self, Heard, Say};
use crate::sockets::{Console, percentile};
use anyhow::{Context, Result, bail, ensure};
use meeting::command::Command;
use meeting::id::{ChoiceId, CommandId, DeviceId, LineId, VoteId};
use meeting::vote::command::VoteCommand;
use meeting::vote::content::{Content, Method, PLAIN, Part};
use protocol::message::{ClientMessage, ServerMessage};
use protocol::view::{AudienceKind, Shared};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What was measured.
#[derive(Debug)]
pub struct Report {
    /// Ballot sent → acknowledged, for every ballot.
    pub acknowledged: Vec<Duration>,
    /// From the first ballot sent to the last acknowledged.
    pub took: Duration,
    /// Votes for each choice, as announced to the chair.
    pub counted: BTreeMap<ChoiceId, u32>,
}

impl Report {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut sorted = self.acknowledged.clone();
        sorted.sort();
        let ms = |p| percentile(&sorted, p).as_secs_f64() * 1000.0;
        format!(
            "{} ballots in {:.1} s, counted {:?}\nballot sent -> acknowledged: p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, max {:.1} ms\n",
            sorted.len(),
            self.took.as_secs_f64(),
            self.counted
                .iter()
                .map(|(choice, votes)| format!("{choice} {votes}"))
                .collect::<Vec<_>>(),
            ms(50),
            ms(95),
            ms(99),
            ms(100),
        )
    }
}

/// What the delegate of this number chooses.
fn choice(number: usize) -> &'static str {
    match (number.is_multiple_of(7), number.is_multiple_of(3)) {
        (true, _) => "abstain",
        (false, true) => "against",
        (false, false) => "for",
    }
}

/// What the delegates are told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cue {
    Wait,
    CheckIn,
    Vote,
}

/// One delegate: comes in, answers the roll, and votes `at` after the cue; when it was sent and how long the answer took.
fn delegate(
    hub: &Hub,
    link: &PersonalLink,
    number: usize,
    at: Duration,
    ready: Arc<AtomicUsize>,
    mut cue: watch::Receiver<Cue>,
) -> JoinHandle<Result<(Instant, Duration)>> {
    let (say, mut heard) = socket::start(hub.clone(), link.key().to_owned(), Duration::ZERO);
    let device = DeviceId(format!("ballot-{number}"));
    tokio::spawn(async move {
        let hello = ClientMessage::Hello {
            audience: AudienceKind::Delegate,
            device,
            resume: None,
        };
        let run = loop {
            match heard.recv().await.context("the socket's task is gone")? {
                Heard::Opened { run } => break run,
                Heard::Ended { reason } => bail!("not let in: {reason:?}"),
                Heard::Lost | Heard::Message { .. } => {}
            }
        };
        say.send(Say { run, message: hello })
            .await
            .context("the socket is gone")?;
        let mut sent: Option<(CommandId, Instant)> = None;
        let mut due: Option<tokio::time::Instant> = None;
        loop {
            tokio::select! {
                changed = cue.changed() => {
                    changed.context("the measurement is over")?;
                    let told = *cue.borrow_and_update();
                    match told {
                        Cue::Wait => {}
                        Cue::CheckIn => {
                            let id = CommandId(format!("in-{number}"));
                            give(&say, run, id, Command::CheckIn).await?;
                        }
                        Cue::Vote => due = Some(tokio::time::Instant::now() + at),
                    }
                }
                () = tokio::time::sleep_until(due.unwrap_or_else(tokio::time::Instant::now)), if due.is_some() => {
                    due = None;
                    let id = CommandId(format!("ballot-{number}"));
                    let marks = [(LineId::from(PLAIN), ChoiceId::from(choice(number)))].into();
                    let cast = VoteCommand::Cast { vote: VoteId::from("v1"), marks };
                    sent = Some((id.clone(), Instant::now()));
                    give(&say, run, id, Command::Vote(cast)).await?;
                }
                message = heard.recv() => match message.context("the socket's task is gone")? {
                    Heard::Message { message, at } => match *message {
                        ServerMessage::Welcome { .. } => { ready.fetch_add(1, Ordering::Relaxed); }
                        ServerMessage::Accepted { id, .. } => if let Some((ballot, since)) = &sent && *ballot == id {
                            return Ok((*since, at.duration_since(*since)));
                        },
                        ServerMessage::Refused { id, refusal } => bail!("{id} was refused: {refusal:?}"),
                        ServerMessage::Unavailable { id } => bail!("{id} could not be written"),
                        ServerMessage::Update { .. }
                        | ServerMessage::Answer { .. }
                        | ServerMessage::OfferRefused { .. }
                        | ServerMessage::Slots { .. }
                        | ServerMessage::Links { .. }
                        | ServerMessage::Trend { .. }
                        | ServerMessage::Pairing { .. }
                        | ServerMessage::Relay { .. }
                        | ServerMessage::Return { .. }
                        | ServerMessage::Checkpoint { .. }
                        | ServerMessage::Pong { .. }
                        | ServerMessage::Bye { .. } => {}
                    },
                    Heard::Opened { .. } | Heard::Lost => bail!("the line was lost"),
                    Heard::Ended { reason } => bail!("the socket was closed: {reason:?}"),
                }
            }
        }
    })
}

async fn give(say: &tokio::sync::mpsc::Sender<Say>, run: u32, id: CommandId, command: Command) -> Result<()> {
    let message = ClientMessage::Command {
        id,
        given_at: None,
        command,
    };
    say.send(Say { run, message }).await.context("the socket is gone")
}

/// Lets `count` delegates vote within `seconds`, in a sitting that has not begun, and checks the count.
///
/// # Errors
/// When a ballot is lost or doubled, or the hub does not do what the sitting needs.
pub async fn run(hub: Hub, file: Option<&std::path::Path>, count: usize, seconds: u32) -> Result<Report> {
    let all = links(&hub, file).await?;
    let first = |group: &str| all.iter().find(|link| link.group == group).cloned();
    let chair = first("chair").context("no chair's link")?;
    let secretary = first("secretary").context("no secretary's link")?;
    let mut seats = all
        .iter()
        .filter(|link| link.group == "delegate" && link.label != chair.label);
    let seats: Vec<_> = seats.by_ref().take(count).cloned().collect();
    ensure!(
        seats.len() == count,
        "the council has {} delegates for {count} sockets",
        seats.len()
    );

    let (tell, cue) = watch::channel(Cue::Wait);
    let ready = Arc::new(AtomicUsize::new(0));
    let span = Duration::from_secs(u64::from(seconds));
    let mut delegates = Vec::with_capacity(count);
    for (number, link) in seats.iter().enumerate() {
        // Evenly over the time, in an order that has nothing to do with the roster's.
        let at = span.mul_f64((number * 7919 % count) as f64 / count as f64);
        delegates.push(delegate(&hub, link, number, at, Arc::clone(&ready), cue.clone()));
        if number % 20 == 19 {
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
    let mut chair = Console::open(&hub, &chair, AudienceKind::Chair);
    let mut book = Console::open(&hub, &secretary, AudienceKind::Secretary);
    let came = async {
        while ready.load(Ordering::Relaxed) < count {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(300), came)
        .await
        .context("not every socket came in")?;

    chair.wait("the view", |_| true).await?;
    book.wait("the view", |_| true).await?;
    for command in [Command::StartTechnicalCheck, Command::OpenLobby] {
        chair.must(command).await?;
    }
    book.must(Command::StartRoll).await?;
    tell.send(Cue::CheckIn).context("nobody is there")?;
    let present = u32::try_from(count).unwrap_or(u32::MAX);
    book.wait("everybody in the roll", |shared| shared.quorum.present >= present)
        .await?;
    book.must(Command::FreezeRoll).await?;
    let opening = Command::OpenSitting {
        unrecorded: true,
        override_quorum: "Thử tải".to_owned(),
    };
    chair.must(opening).await?;
    let content = book.shared().map(content).context("no view")??;
    book.must(Command::Vote(VoteCommand::Prepare {
        content: Box::new(content),
    }))
    .await?;
    let vote = VoteId::from("v1");
    book.must(Command::Vote(VoteCommand::Ready { vote: vote.clone() }))
        .await?;
    let open = VoteCommand::Open {
        vote: vote.clone(),
        override_quorum: "Thử tải".to_owned(),
    };
    chair.must(Command::Vote(open)).await?;
    // What the opening itself has to show is out of the way.
    chair.settle(Duration::from_secs(2)).await;

    tell.send(Cue::Vote).context("nobody is there")?;
    let (mut acknowledged, mut first, mut last) = (Vec::with_capacity(count), None, None);
    for delegate in delegates {
        let (sent, took) = delegate.await??;
        acknowledged.push(took);
        first = Some(first.map_or(sent, |first: Instant| first.min(sent)));
        last = last.max(Some(sent + took));
    }
    let close = VoteCommand::Close {
        vote: vote.clone(),
        early: true,
    };
    chair.must(Command::Vote(close)).await?;
    let closed = |shared: &Shared| shared.votes.get(&vote).is_some_and(|vote| !vote.result.is_empty());
    chair.wait("the count", closed).await?;
    let result = chair
        .shared()
        .and_then(|shared| shared.votes.get(&vote)?.result.get(&LineId::from(PLAIN)).cloned());
    let counted = result.context("no result")?.votes;
    for wanted in ["for", "against", "abstain"] {
        let right = (0..count).filter(|number| choice(*number) == wanted).count();
        let found = counted.get(&ChoiceId::from(wanted)).copied().unwrap_or(0);
        ensure!(
            usize::try_from(found)? == right,
            "{wanted}: {found} were counted, {right} were cast"
        );
    }
    let took = match (first, last) {
        (Some(first), Some(last)) => last.duration_since(first),
        (_, _) => Duration::ZERO,
    };
    Ok(Report {
        acknowledged,
        took,
        counted,
    })
}

fn content(shared: Shared) -> Result<Content> {
    let rules = shared.vote_rules.context("a secretary sees the rules")?;
    Ok(Content {
        title: "Nghị quyết thử tải".to_owned(),
        text: "Thông qua nghị quyết thử tải.".to_owned(),
        reference: String::new(),
        part: Part::Whole,
        of: None,
        item: None,
        method: Method::Electronic,
        hand_sites: Default::default(),
        choices: rules.choices.into_iter().next().context("no choices")?.choices,
        lines: Vec::new(),
        at_most: 0,
        blanks: false,
        threshold: rules.thresholds.into_iter().next().context("no threshold")?,
        duration_s: 3600,
        decision: rules.decision,
    })
}
