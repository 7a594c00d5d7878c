//! The engine under test as a process: the hub's media thread, told what to do over standard input.
//!
//! `accept ID LENGTH` and the offer → `answer LENGTH` and the answer. `plan` with lines `ID v ID,ID a ID,ID` → `ok`.

use std::io::{BufRead, BufReader, Read, Write, stdin, stdout};

use anyhow::{Context, Result, bail};
use media::{Config, Plan, Receive, SessionId};

use crate::worker::Worker;

/// Runs until standard input ends.
pub fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (events, _) = tokio::sync::mpsc::unbounded_channel();
    let bind = "127.0.0.1:0".parse()?;
    let worker = Worker::spawn(
        bind,
        1,
        Config {
            candidates: vec![bind],
            ..Config::default()
        },
        events,
    )?;
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
            ["plan", ref lines @ ..] => {
                let mut plan = Plan::default();
                for entry in lines {
                    let mut parts = entry.split('/');
                    let mut part = || parts.next().context("ID/video/audio");
                    let id = SessionId(part()?.parse()?);
                    let ids = |list: &str| {
                        list.split(',')
                            .filter(|id| !id.is_empty())
                            .map(|id| Some(SessionId(id.parse().ok()?)))
                            .collect()
                    };
                    plan.receives.insert(
                        id,
                        Receive {
                            video: ids(part()?),
                            audio: ids(part()?),
                        },
                    );
                }
                worker.set_plan(plan);
                println!("ok");
            }
            ["figures"] => {
                let figures = runtime.block_on(worker.figures())?;
                println!("{:?} unsent {}", figures.totals, figures.unsent);
            }
            _ => bail!("unknown command: {line}"),
        }
        stdout().flush()?;
        line.clear();
    }
    Ok(())
}
