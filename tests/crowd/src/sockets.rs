//! `crowd sockets`: how long a change of the queue takes to reach a hundred screens.
//!
//! A chair and a secretary open a sitting, delegates register, and the chair changes the queue while every socket notes when
//! each change arrived. Everything runs on one clock, in one process beside the hub. The council comes from
//! [`council`], because a sample council has fewer people than sockets are wanted.

use crate::client::{Client, News};
use crate::demo::{PersonalLink, links};
use crate::http::Hub;
use anyhow::{Context, Result, bail, ensure};
use meeting::command::Command;
use meeting::id::RequestId;
use meeting::refusal::Refusal;
use meeting::setup::{ItemKind, RequestKind};
use protocol::view::{Act, AudienceKind, Phase, RequestState, Shared};
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// A council of invented people for load: a hall, nine bridge points, `delegates` delegates, one chair, one secretary.
#[must_use]
pub fn council(delegates: usize) -> String {
    let mut text = String::from(
        "title = \"Kỳ họp thử tải\"\nbodies = [\"Thành phố An Bình\", \"Hội đồng nhân dân thành phố An Bình\"]\n\
         presiding = \"chu-toa\"\ngroups = [{ id = \"to-1\", name = \"Tổ đại biểu số 1\" }]\nsites = [\n",
    );
    let mut endpoints = String::new();
    for site in 0..10 {
        let kind = if site == 0 { "hall" } else { "remote" };
        let _ = writeln!(
            text,
            "  {{ id = \"s{site}\", name = \"Điểm cầu {site}\", short = \"Điểm {site}\", kind = \"{kind}\" }},"
        );
        let _ = writeln!(endpoints, "  {{ id = \"s{site}\", site = \"s{site}\" }},");
    }
    let _ = write!(
        text,
        "]\nendpoints = [\n{endpoints}]\n\
         agenda = [{{ id = \"thao-luan\", title = \"Thảo luận\", kind = \"debate\", minutes = 60 }}]\npeople = [\n  \
         {{ id = \"chu-toa\", name = \"Chủ Tọa Thử\", roles = [\"chair\", \"delegate\"], group = \"to-1\", site = \"s0\" }},\n  \
         {{ id = \"thu-ky\", name = \"Thư Ký Thử\", roles = [\"secretary\"], site = \"s0\" }},\n"
    );
    for number in 1..=delegates {
        let site = number % 10;
        let _ = writeln!(
            text,
            "  {{ id = \"d{number:03}\", name = \"Đại Biểu {number:03}\", roles = [\"delegate\"], group = \"to-1\", site = \"s{site}\" }},"
        );
    }
    let _ = writeln!(
        text,
        "]\n[rules]\npack = \"quoc-hoi-2022\"\ntotal = {}\ntotal_reference = \"Thử tải\"",
        delegates + 1
    );
    text
}

/// What was measured.
#[derive(Debug)]
pub struct Report {
    /// Command sent → change seen, for every change and every socket.
    pub seen: Vec<Duration>,
    /// Grant sent → accepted.
    pub granted: Vec<Duration>,
    /// Changes that were made.
    pub changes: usize,
    /// Sockets that watched.
    pub sockets: usize,
    /// Changes that some socket never saw.
    pub missed: usize,
}

/// `p` per cent of `sorted` are at most this.
#[must_use]
pub fn percentile(sorted: &[Duration], p: usize) -> Duration {
    let last = sorted.len().saturating_sub(1);
    sorted
        .get((sorted.len() * p).div_ceil(100).saturating_sub(1).min(last))
        .copied()
        .unwrap_or_default()
}

impl Report {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |name: &str, times: &[Duration]| {
            let mut sorted = times.to_vec();
            sorted.sort();
            let ms = |p| percentile(&sorted, p).as_secs_f64() * 1000.0;
            format!(
                "{name}: p50 {:.1} ms, p95 {:.1} ms, max {:.1} ms (n = {})\n",
                ms(50),
                ms(95),
                ms(100),
                sorted.len()
            )
        };
        format!(
            "{} changes of the queue, {} sockets, {} not seen\n{}{}",
            self.changes,
            self.sockets,
            self.missed,
            line("command sent -> update seen by each socket", &self.seen),
            line("grant sent -> accepted", &self.granted),
        )
    }
}

/// What one socket saw of the queue, and when.
type Diary = Vec<(u64, Instant)>;

/// A mark of the queue as a view shows it: who has the floor, who waits and where. Equal queues have equal marks.
fn mark(shared: &serde_json::Value) -> u64 {
    let mut hash = DefaultHasher::new();
    shared["turn"]["id"].as_str().hash(&mut hash);
    for (id, request) in shared["requests"].as_object().into_iter().flatten() {
        (id, request["state"].as_str(), request["position"].as_u64()).hash(&mut hash);
    }
    hash.finish()
}

fn watch(
    hub: &Hub,
    link: &PersonalLink,
    wants: bool,
    ready: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
) -> JoinHandle<Diary> {
    let mut client = Client::open(hub, link.key(), AudienceKind::Delegate);
    tokio::spawn(async move {
        let mut diary = Diary::new();
        let (mut here, mut asked) = (false, !wants);
        let mut glance = tokio::time::interval(Duration::from_millis(200));
        while !stop.load(Ordering::Relaxed) {
            tokio::select! {
                news = client.next() => match news {
                    News::Changed { at, .. } => {
                        if diary.is_empty() {
                            ready.fetch_add(1, Ordering::Relaxed);
                        }
                        diary.push((mark(client.mirror.shared_json()), at));
                    }
                    News::Ended(_) => break,
                    News::Answered { .. } | News::Other(_) | News::Lost => {}
                },
                _ = glance.tick(), if !here || !asked => {
                    let Some((shared, mine)) = client.mirror.view() else { continue };
                    if !here && shared.roll.is_some() && mine.can.contains(&Act::CheckIn) {
                        here = true;
                        client.command(Command::CheckIn);
                    } else if !asked && mine.kinds.contains(&RequestKind::Speech) {
                        asked = true;
                        let subject = "Thử tải".to_owned();
                        client.command(Command::Register { kind: RequestKind::Speech, subject, person: None });
                    }
                }
            }
        }
        diary
    })
}

/// A console that gives one command after the other.
pub(crate) struct Console {
    client: Client,
}

impl Console {
    pub(crate) fn open(hub: &Hub, link: &PersonalLink, audience: AudienceKind) -> Self {
        Self {
            client: Client::open(hub, link.key(), audience),
        }
    }

    /// The view as it is now.
    pub(crate) fn shared(&mut self) -> Option<Shared> {
        self.client.mirror.view().map(|(shared, _)| shared.clone())
    }

    pub(crate) async fn wait(
        &mut self,
        what: &str,
        mut until: impl FnMut(&protocol::view::Shared) -> bool,
    ) -> Result<()> {
        let search = async {
            loop {
                if self.client.mirror.view().is_some_and(|(shared, _)| until(shared)) {
                    return Ok(());
                }
                if let News::Ended(reason) = self.client.next().await {
                    bail!("the console was closed: {reason:?}");
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), search)
            .await
            .with_context(|| format!("waited in vain for {what}"))?
    }

    /// Sends a command; when it was sent, when it was answered, and why not.
    async fn ask(&mut self, command: Command) -> Result<(Instant, Instant, Option<Refusal>)> {
        let sent = Instant::now();
        let asked = self.client.command(command);
        let answer = async {
            loop {
                match self.client.next().await {
                    News::Answered { id, refusal, at } if id == asked => return Ok((sent, at, refusal)),
                    News::Ended(reason) => bail!("the console was closed: {reason:?}"),
                    News::Answered { .. } | News::Changed { .. } | News::Other(_) | News::Lost => {}
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), answer)
            .await
            .context("a command was not answered")?
    }

    pub(crate) async fn must(&mut self, command: Command) -> Result<(Instant, Instant)> {
        match self.ask(command.clone()).await? {
            (sent, answered, None) => Ok((sent, answered)),
            (_, _, Some(refusal)) => bail!("{command:?} was refused: {refusal:?}"),
        }
    }

    /// Takes in whatever comes within this time.
    pub(crate) async fn settle(&mut self, time: Duration) {
        let end = tokio::time::Instant::now() + time;
        while tokio::time::timeout_at(end, self.client.next()).await.is_ok() {}
    }
}

/// Runs the measurement against a hub whose sitting has not begun.
///
/// # Errors
/// When the hub does not do what the sitting needs.
pub async fn run(hub: Hub, file: Option<&std::path::Path>, count: usize, changes: usize) -> Result<Report> {
    let links = links(&hub, file).await?;
    let of = |group: &str| {
        links
            .iter()
            .filter(|link| link.group == group)
            .cloned()
            .collect::<Vec<_>>()
    };
    let chair = of("chair").into_iter().next().context("no chair's link")?;
    let secretary = of("secretary").into_iter().next().context("no secretary's link")?;
    let seats: Vec<_> = of("delegate")
        .into_iter()
        .filter(|link| link.label != chair.label)
        .take(count)
        .collect();
    ensure!(
        seats.len() == count,
        "the council has {} delegates for {count} sockets",
        seats.len()
    );
    let rooms = of("room");

    let stop = Arc::new(AtomicBool::new(false));
    let ready = Arc::new(AtomicUsize::new(0));
    // Requests are only in the queue's order of invitation when their rooms can be reached.
    let screens: Vec<Client> = rooms
        .iter()
        .map(|link| Client::open(&hub, link.key(), AudienceKind::Room))
        .collect();
    let keep = screens
        .into_iter()
        .map(|mut client| tokio::spawn(async move { while !matches!(client.next().await, News::Ended(_)) {} }));
    let keep: Vec<JoinHandle<()>> = keep.collect();
    let watchers: Vec<_> = seats
        .iter()
        .enumerate()
        .map(|(number, link)| watch(&hub, link, number % 3 == 0, Arc::clone(&ready), Arc::clone(&stop)))
        .collect();
    let mut chair = Console {
        client: Client::open(&hub, chair.key(), AudienceKind::Chair),
    };
    let mut book = Console {
        client: Client::open(&hub, secretary.key(), AudienceKind::Secretary),
    };
    let open = async {
        while ready.load(Ordering::Relaxed) < count {
            tokio::time::sleep(Duration::from_millis(50)).await
        }
    };
    tokio::time::timeout(Duration::from_secs(120), open)
        .await
        .context("not every socket came in")?;

    let present = u32::try_from(count).unwrap_or(u32::MAX);
    open_sitting(&mut chair, &mut book, present).await?;
    let wanted = u32::try_from(count.div_ceil(3)).unwrap_or(u32::MAX);
    chair.wait("the queue", |shared| shared.list.waiting >= wanted).await?;
    let (mut made, mut granted) = (Vec::new(), Vec::new());
    while made.len() < changes {
        let order = waiting(&mut chair);
        let [first, .., last] = order.as_slice() else {
            bail!("the queue has run dry after {} changes", made.len())
        };
        let grant = made.len() % 3 == 2;
        let command = if grant {
            Command::Invite {
                request: first.clone(),
                out_of_order: None,
            }
        } else {
            Command::Move {
                request: last.clone(),
                before: Some(first.clone()),
            }
        };
        let (sent, accepted) = chair.must(command).await?;
        if grant {
            granted.push(accepted.duration_since(sent));
        }
        // The chair's own view settles, and the updates of this change are out of the way of the next.
        chair.settle(Duration::from_millis(150)).await;
        made.push((sent, mark(chair.client.mirror.shared_json())));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    stop.store(true, Ordering::Relaxed);
    // One more change wakes every watcher, so that it sees that it may stop.
    chair.must(Command::EndTurn).await?;
    let (mut seen, mut missed) = (Vec::new(), 0);
    for watcher in watchers {
        let diary = watcher.await?;
        for (sent, wanted) in &made {
            match diary.iter().find(|(mark, at)| mark == wanted && at >= sent) {
                Some((_, at)) => seen.push(at.saturating_duration_since(*sent)),
                None => missed += 1,
            }
        }
    }
    for screen in keep {
        screen.abort();
    }
    Ok(Report {
        seen,
        granted,
        changes: made.len(),
        sockets: count,
        missed,
    })
}

fn waiting(chair: &mut Console) -> Vec<RequestId> {
    let Some((shared, _)) = chair.client.mirror.view() else {
        return Vec::new();
    };
    let mut order: Vec<_> = shared
        .requests
        .iter()
        .filter(|(_, request)| request.state == RequestState::Waiting)
        .filter_map(|(id, request)| Some((request.position?, id.clone())))
        .collect();
    order.sort();
    order.into_iter().map(|(_, id)| id).collect()
}

async fn open_sitting(chair: &mut Console, book: &mut Console, present: u32) -> Result<()> {
    chair.wait("the view", |_| true).await?;
    book.wait("the view", |_| true).await?;
    for command in [Command::StartTechnicalCheck, Command::OpenLobby] {
        chair.must(command).await?;
    }
    book.must(Command::StartRoll).await?;
    book.wait("everybody in the roll", |shared| shared.quorum.present >= present)
        .await?;
    book.must(Command::FreezeRoll).await?;
    chair
        .must(Command::OpenSitting {
            unrecorded: true,
            override_quorum: "Thử tải".to_owned(),
        })
        .await?;
    let (shared, _) = chair.client.mirror.view().context("no view")?;
    let item = shared
        .agenda
        .iter()
        .find(|(_, item)| item.kind == ItemKind::from("debate"))
        .map(|(id, _)| id.clone())
        .context("the agenda has no debate")?;
    chair.must(Command::OpenItem { item }).await?;
    // Opening an item may open the list with it.
    if let (_, _, Some(refusal)) = chair.ask(Command::OpenList).await?
        && refusal != Refusal::NoChange
    {
        bail!("the list stays closed: {refusal:?}");
    }
    chair
        .wait("an open sitting", |shared| shared.sitting.phase == Phase::Open)
        .await
}
