//! Taking up the sitting after the hub was stopped, killed or lost its power: verify the chain, fold it, say how long the hub
//! was away, go on. There is no other road into a running hub; a first start folds a chain of one record.

use crate::clock::Clock;
use crate::council;
use crate::ledger::{Denied, Ledger, Unfit};
use crate::notary::Notary;
use crate::signing::Signing;
use anyhow::{Context, Result};
use meeting::command::Command;
use meeting::id::{SittingId, Time};
use std::path::Path;
use store::Store;

/// A sitting that goes on: what is kept of it, who signs it, and its time.
#[derive(Debug)]
pub struct Book {
    /// The meeting and its journal.
    pub ledger: Ledger,
    /// Who signs it.
    pub notary: Notary,
    /// Its time.
    pub clock: Clock,
}

/// Takes up the newest sitting, or makes the first one from the council's file.
///
/// # Errors
/// The chain is broken, the database or the council's file cannot be read, or nothing can be made durable.
pub async fn take_up(store: &Store, council: &Path, signing: Signing) -> Result<Book> {
    let (ledger, clock) = match store.sittings().await?.pop() {
        Some(sitting) => go_on(store, council, sitting).await?,
        None => {
            let clock = Clock::start(Time(0));
            (new_sitting(store, council, clock.now()).await?, clock)
        }
    };
    let sitting = ledger.meeting().setup().sitting.clone();
    let notary = Notary::open(store.clone(), &sitting.0, signing, ledger.head(), clock.now()).await?;
    Ok(Book { ledger, notary, clock })
}

async fn go_on(store: &Store, council: &Path, sitting: String) -> Result<(Ledger, Clock)> {
    let started = std::time::Instant::now();
    let mut ledger = Ledger::open(store.clone(), SittingId(sitting.clone())).await?;
    if ledger.meeting().seq() == 0 {
        // The hub died between the row of the sitting and its first record: nothing was ever shown of it.
        let setup = council::read(council, SittingId(sitting))?;
        ledger.begin(setup, Clock::start(Time(0)).now()).await?;
    }
    let last_alive = ledger.last_alive().await?;
    // What was signed in the meantime must not be in the future either.
    let clock = Clock::start(last_alive.max(ledger.last_signed()));
    match ledger.report(Command::ReportRestart { last_alive }, clock.now()).await {
        Ok(_) => {}
        Err(Denied::Unavailable(error)) => return Err(error).context("the restart could not be written down"),
        Err(Denied::Refused(refusal)) => tracing::warn!(?refusal, "the restart was not noted"),
    }
    let (seq, away_ms) = (ledger.meeting().seq(), clock.now().since(last_alive));
    tracing::info!(
        seq,
        away_ms,
        took_ms = started.elapsed().as_millis() as u64,
        "the sitting goes on"
    );
    Ok((ledger, clock))
}

/// Makes a sitting from the council's file.
///
/// # Errors
/// The file cannot be read, makes no sitting, or nothing can be made durable.
pub async fn new_sitting(store: &Store, council: &Path, now: Time) -> Result<Ledger> {
    let setup = council::read(council, SittingId(uuid::Uuid::now_v7().to_string()))?;
    let ledger = Ledger::create(store.clone(), setup, now)
        .await
        .map_err(|error| match error {
            Unfit::Setup(setup) => anyhow::anyhow!("{}: {setup}", council.display()),
            Unfit::Store(_) | Unfit::Broken { .. } | Unfit::Forged { .. } | Unfit::Unreadable { .. } => error.into(),
        })?;
    tracing::info!(sitting = %ledger.meeting().setup().sitting, "a sitting begins");
    Ok(ledger)
}
