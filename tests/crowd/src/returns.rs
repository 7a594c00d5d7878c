//! `crowd returns`: the hub is killed with so many sockets open, and started again. How long until every screen is back
//! (RELIABILITY T-28)?
//!
//! It starts the hub itself, because it has to kill it. Each socket comes back as a browser does: with a growing wait and
//! jitter, over a new ticket, since those of before are gone with the hub.

use crate::demo::{PersonalLink, links};
use crate::http::Hub;
use crate::socket::{self, Heard, Say};
use crate::sockets::percentile;
use anyhow::{Context, Result, bail, ensure};
use meeting::id::DeviceId;
use protocol::message::{ClientMessage, ServerMessage};
use protocol::view::AudienceKind;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

/// How long is waited for everybody, the first time and after the kill.
const PATIENCE: Duration = Duration::from_secs(120);

/// What was measured.
#[derive(Debug)]
pub struct Report {
    /// Killed → welcome, for every socket.
    pub back: Vec<Duration>,
    /// Hello → welcome after the kill, for every socket.
    pub welcomed: Vec<Duration>,
    /// Killed → the hub answers again.
    pub up: Duration,
    /// Resident memory of the hub with everybody in, before the kill and after, KiB.
    pub memory: [u64; 2],
}

impl Report {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |name: &str, times: &[Duration]| {
            let mut sorted = times.to_vec();
            sorted.sort();
            let s = |p| percentile(&sorted, p).as_secs_f64();
            format!(
                "{name}: p50 {:.2} s, p95 {:.2} s, p99 {:.2} s, max {:.2} s (n = {})\n",
                s(50),
                s(95),
                s(99),
                s(100),
                sorted.len()
            )
        };
        let [before, after] = self.memory;
        format!(
            "the hub answers {:.2} s after the kill\n{}{}memory with everybody in: {before} KiB before, {after} KiB after\n",
            self.up.as_secs_f64(),
            line("killed -> back on the screen", &self.back),
            line("hello -> welcome, after the kill", &self.welcomed),
        )
    }
}

/// One delegate's socket: tells when it was welcomed, each time.
async fn screen(hub: Hub, link: PersonalLink, number: usize, told: mpsc::Sender<Welcomed>) -> Result<()> {
    let (say, mut heard) = socket::start(hub, link.key().to_owned(), Duration::ZERO);
    let mut hello_at = Instant::now();
    loop {
        match heard.recv().await.context("the socket's task is gone")? {
            Heard::Opened { run } => {
                hello_at = Instant::now();
                let message = ClientMessage::Hello {
                    audience: AudienceKind::Delegate,
                    device: DeviceId(format!("returns-{number}")),
                    resume: None,
                };
                say.send(Say { run, message }).await.context("the socket is gone")?;
            }
            Heard::Message { message, at } => {
                if let ServerMessage::Welcome { .. } = *message {
                    let took = at.duration_since(hello_at);
                    told.send(Welcomed { at, took }).await.context("nobody counts")?;
                }
            }
            Heard::Lost => {}
            Heard::Ended { reason } => bail!("the socket was closed for good: {reason:?}"),
        }
    }
}

struct Welcomed {
    at: Instant,
    took: Duration,
}

/// Opens `count` sockets at the hub that `program` starts, kills it, starts it again, and waits for all of them.
///
/// # Errors
/// When somebody does not come back, or the hub cannot be started.
pub async fn run(hub: Hub, program: &[String], count: usize) -> Result<Report> {
    let mut child = started(program)?;
    answers(&hub).await?;
    let all = links(&hub, None).await?;
    let seats: Vec<_> = all
        .into_iter()
        .filter(|link| link.group == "delegate")
        .take(count)
        .collect();
    ensure!(
        seats.len() == count,
        "the council has {} delegates for {count} sockets",
        seats.len()
    );
    let (told, mut welcomed) = mpsc::channel(count.max(1));
    let (fail, mut failed) = watch::channel(None);
    for (number, link) in seats.into_iter().enumerate() {
        let (hub, told, fail) = (hub.clone(), told.clone(), fail.clone());
        tokio::spawn(async move {
            if let Err(error) = screen(hub, link, number, told).await {
                fail.send_replace(Some(format!("{error:#}")));
            }
        });
        if number % 20 == 19 {
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
    everybody(&mut welcomed, &mut failed, count)
        .await
        .context("before the kill")?;
    // What the last to come in has to be shown is out of the way.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = resident(&child);

    let killed = Instant::now();
    child.kill().context("the hub cannot be killed")?;
    child.wait()?;
    let mut child = started(program)?;
    answers(&hub).await?;
    let up = killed.elapsed();
    let came = everybody(&mut welcomed, &mut failed, count)
        .await
        .context("after the kill")?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let after = resident(&child);
    child.kill()?;
    child.wait()?;
    Ok(Report {
        back: came.iter().map(|one| one.at.duration_since(killed)).collect(),
        welcomed: came.iter().map(|one| one.took).collect(),
        up,
        memory: [before, after],
    })
}

fn started(program: &[String]) -> Result<Child> {
    let (name, arguments) = program.split_first().context("no program to start")?;
    Command::new(name)
        .args(arguments)
        // Its table of links is for people.
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("{name} cannot be started"))
}

async fn answers(hub: &Hub) -> Result<()> {
    let started = Instant::now();
    while hub.get("/api/links").await.is_err() {
        ensure!(started.elapsed() < PATIENCE, "the hub does not answer");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

async fn everybody(
    welcomed: &mut mpsc::Receiver<Welcomed>,
    failed: &mut watch::Receiver<Option<String>>,
    count: usize,
) -> Result<Vec<Welcomed>> {
    let mut came = Vec::with_capacity(count);
    let all = async {
        while came.len() < count {
            tokio::select! {
                one = welcomed.recv() => came.push(one.context("nobody is there")?),
                _ = failed.changed() => bail!("{:?}", failed.borrow_and_update().clone()),
            }
        }
        Ok(())
    };
    let waited = tokio::time::timeout(PATIENCE, all).await;
    match waited {
        Ok(done) => done.map(|()| came),
        Err(_) => bail!("{} of {count} came", came.len()),
    }
}

/// Resident memory of a process, KiB; 0 where the system does not tell.
fn resident(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
