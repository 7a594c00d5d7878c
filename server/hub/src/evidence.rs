//! The commands of the program that hand evidence over: the journal as a file, who witnesses it, and the key that signs it.

use crate::signing::{self, Signing};
use anyhow::{Context, Result, ensure};
use clap::Subcommand;
use std::path::{Path, PathBuf};
use store::Store;
use verify::{export, source};

/// What is exported, and to where.
#[derive(Debug, clap::Args)]
pub struct ExportWhat {
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    journal: PathBuf,
    /// Which sitting; without it the newest.
    #[arg(long)]
    sitting: Option<String>,
}

/// What is asked of the key.
#[derive(Debug, Subcommand)]
pub enum KeyWhat {
    /// Prints the public key and its fingerprint.
    Show,
    /// Makes a new key. At the hub's next start the old one signs it in, and is gone.
    Rotate,
}

impl ExportWhat {
    pub(crate) async fn go(self, store: &Store) -> Result<()> {
        let sittings = store.sittings().await?;
        let sitting = match self.sitting {
            Some(sitting) => {
                ensure!(sittings.contains(&sitting), "there is no sitting `{sitting}`");
                sitting
            }
            None => sittings.last().context("there is no sitting yet")?.clone(),
        };
        let journal = source::of_sitting(store, &sitting).await?;
        export::save(&journal, &self.journal)?;
        let (records, checkpoints) = (journal.records.len(), journal.checkpoints.len());
        println!(
            "{sitting}: {records} records, {checkpoints} checkpoints in {}",
            self.journal.display()
        );
        Ok(())
    }
}

impl KeyWhat {
    pub(crate) fn go(&self, folder: &Path) -> Result<()> {
        let key = match self {
            Self::Show => Signing::open(folder)?.signer.public(),
            Self::Rotate => signing::prepare(folder)?,
        };
        println!("{key}\nSHA-256 {}", key.fingerprint());
        Ok(())
    }
}

/// Prints who keeps which checkpoint of the newest sitting.
pub(crate) async fn witnesses(store: &Store) -> Result<()> {
    let sitting = store.sittings().await?.pop().context("there is no sitting yet")?;
    let newest = store.checkpoints(&sitting).await?.len();
    println!("{sitting}: {newest} checkpoints");
    for witness in store.witnesses(&sitting).await? {
        println!("  {:>6}  {}", witness.number, witness.name);
    }
    Ok(())
}
