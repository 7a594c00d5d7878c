//! Checkpoints of the journals, and who keeps which. The store knows their texts, not what they say.

use crate::error::StoreError;
use crate::open::Store;
use crate::read::unsigned;
use crate::writer::Work;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Somebody outside who keeps checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// A room or a secretary's device, as the hub names them.
    pub name: String,
    /// The newest checkpoint that it keeps.
    pub number: u64,
    /// Since when, milliseconds since the Unix epoch.
    pub at: u64,
}

impl Store {
    /// Keeps a checkpoint. Resolves when it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is one with this number, or none before it; nothing was kept.
    pub async fn put_checkpoint(&self, sitting: &str, number: u64, text: String) -> Result<(), StoreError> {
        let sitting = sitting.to_owned();
        self.ask(|done| Work::PutCheckpoint {
            sitting,
            number,
            text,
            done,
        })
        .await
    }

    /// The checkpoints of a sitting, in order, as they are stored: nothing has been verified. A database of before there were
    /// any has none.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn checkpoints(&self, sitting: &str) -> Result<Vec<String>, StoreError> {
        if !self.has_checkpoints().await? {
            return Ok(Vec::new());
        }
        let rows = sqlx::query("SELECT text FROM checkpoint WHERE sitting = ?1 ORDER BY number")
            .bind(sitting)
            .fetch_all(&self.readers)
            .await?;
        Ok(rows.iter().map(|row| row.try_get("text")).collect::<Result<_, _>>()?)
    }

    /// The checkpoints of all sittings that name a new key, in no particular order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn successions(&self) -> Result<Vec<String>, StoreError> {
        if !self.has_checkpoints().await? {
            return Ok(Vec::new());
        }
        let rows = sqlx::query("SELECT text FROM checkpoint WHERE instr(text, char(10) || 'next ') > 0")
            .fetch_all(&self.readers)
            .await?;
        Ok(rows.iter().map(|row| row.try_get("text")).collect::<Result<_, _>>()?)
    }

    /// Notes what a witness keeps; an older one never takes the place of a newer.
    ///
    /// # Errors
    /// Nothing was noted.
    pub async fn note_witness(&self, sitting: &str, witness: Witness) -> Result<(), StoreError> {
        let sitting = sitting.to_owned();
        self.ask(|done| Work::NoteWitness { sitting, witness, done }).await
    }

    /// Who keeps what of a sitting, by name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn witnesses(&self, sitting: &str) -> Result<Vec<Witness>, StoreError> {
        let rows = sqlx::query("SELECT name, number, at FROM witness WHERE sitting = ?1 ORDER BY name")
            .bind(sitting)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(witness).collect()
    }

    /// An inspector may open a database that no newer hub has opened yet.
    async fn has_checkpoints(&self) -> Result<bool, StoreError> {
        let table = sqlx::query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'checkpoint'")
            .fetch_optional(&self.readers)
            .await?;
        Ok(table.is_some())
    }
}

fn witness(row: &SqliteRow) -> Result<Witness, StoreError> {
    Ok(Witness {
        name: row.try_get("name")?,
        number: unsigned(row.try_get("number")?),
        at: unsigned(row.try_get("at")?),
    })
}
