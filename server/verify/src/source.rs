//! Where journals come from: a database, read without being touched, or an export.

use crate::export;
use anyhow::{Context, Result};
use journal::Record;
use std::path::Path;
use store::Store;

/// How a SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// One journal as it was found; nothing has been checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// Whose.
    pub sitting: String,
    /// Its records, by number.
    pub records: Vec<Record>,
    /// The texts of its checkpoints, by number.
    pub checkpoints: Vec<String>,
    /// Checkpoints of other sittings by which the hub's key changed, sorted.
    pub successions: Vec<String>,
    /// In an export: the first line that is not as a hub writes it.
    pub damaged: Option<usize>,
}

/// The journal of one sitting, from a store.
///
/// # Errors
/// The database cannot be read.
pub async fn of_sitting(store: &Store, sitting: &str) -> Result<Journal> {
    let checkpoints = store.checkpoints(sitting).await?;
    let mut successions = store.successions().await?;
    successions.retain(|text| !checkpoints.contains(text));
    successions.sort_unstable();
    Ok(Journal {
        sitting: sitting.to_owned(),
        records: store.journal(sitting).await?,
        checkpoints,
        successions,
        damaged: None,
    })
}

/// All journals in a file.
///
/// # Errors
/// It is neither a database of a hub nor an export, or cannot be read.
pub async fn open(path: &Path) -> Result<Vec<Journal>> {
    let file = std::fs::read(path).with_context(|| path.display().to_string())?;
    if !file.starts_with(SQLITE) {
        return Ok(vec![export::read(&file).with_context(|| path.display().to_string())?]);
    }
    drop(file);
    let store = Store::open_to_read(path)
        .await
        .with_context(|| path.display().to_string())?;
    let mut journals = Vec::new();
    for sitting in store.sittings().await? {
        journals.push(of_sitting(&store, &sitting).await?);
    }
    Ok(journals)
}
