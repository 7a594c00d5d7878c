//! The engine under test as a process: the hub's media threads, told what to do over standard input.
//!
//! `accept ID LENGTH` and the offer → `answer LENGTH` and the answer. `plan` with entries `ID/v,v/a,a` → `ok`. `allocations` → how
//! many so far. `figures` → bytes now in use, packets forwarded, packets that found no room.

use std::io::{BufRead, BufReader, Read, Write, stdin, stdout};

use anyhow::{Context, Result, bail};
use media::{Config, Plan, Receive, SessionId};

use crate::worker::Worker;

/// Runs until standard input ends. The argument is the number of threads.
pub fn run(arguments: &[String]) -> Result<()> {
    let threads = arguments.first().context("the number of threads")?.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (events, _) = tokio::sync::mpsc::unbounded_channel();
    let bind = "127.0.0.1:0".parse()?;
    let config = Config {
        candidates: vec![bind],
        max_sessions: 10_000,
        ..Config::default()
    };
    let worker = Worker::spawn(bind, threads, config, events)?;
    let mut input = BufReader::new(stdin());
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["accept", id, length] => {
                let mut offer = vec![0; length.parse()?];
                input.read_exact(&mut offer)?;
                let id = SessionId(id.parse()?);
                let answer = runtime.block_on(worker.accept(id, String::from_utf8(offer)?))?;
                println!("answer {}", answer.sdp.len());
                print!("{}", answer.sdp);
            }
            ["plan", ref entries @ ..] => {
                let receives = entries.iter().map(|entry| receive(entry)).collect::<Result<_>>()?;
                worker.set_plan(Plan {
                    receives,
                    ..Plan::default()
                });
                println!("ok");
            }
            ["allocations"] => {
                let heap = crate::ALLOCATOR.stats();
                println!("{}", heap.allocations + heap.reallocations);
            }
            ["figures"] => {
                let heap = crate::ALLOCATOR.stats();
                let figures = runtime.block_on(worker.figures())?;
                let drops: u64 = figures.sessions.iter().map(|(_, stats)| stats.drops.no_room).sum();
                println!(
                    "{} {} {}",
                    heap.bytes_allocated as i64 - heap.bytes_deallocated as i64,
                    figures.totals.forwarded,
                    figures.totals.no_room + figures.unsent + figures.uncrossed + drops,
                );
            }
            _ => bail!("unknown command: {line}"),
        }
        stdout().flush()?;
        line.clear();
    }
    Ok(())
}

/// `ID/v,v/a,a`.
fn receive(entry: &str) -> Result<(SessionId, Receive)> {
    let mut parts = entry.split('/');
    let mut part = || parts.next().context("ID/video/audio");
    let id = SessionId(part()?.parse()?);
    let ids = |list: &str| {
        list.split(',')
            .filter(|id| !id.is_empty())
            .map(|id| Some(SessionId(id.parse().ok()?)))
            .collect()
    };
    let receive = Receive {
        video: ids(part()?),
        audio: ids(part()?),
        ..Receive::default()
    };
    Ok((id, receive))
}
