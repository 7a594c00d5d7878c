//! Reading back.

use crate::error::StoreError;
use crate::open::Store;
use journal::{Hash, Record};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

impl Store {
    /// The sittings, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn sittings(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT id FROM sitting ORDER BY created_at, rowid")
            .fetch_all(&self.readers)
            .await?;
        Ok(rows.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>()?)
    }

    /// The whole journal of a sitting, in the order of its numbers, as it is stored: nothing has been verified.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn journal(&self, sitting: &str) -> Result<Vec<Record>, StoreError> {
        let rows = sqlx::query("SELECT seq, prev, hash, body FROM record WHERE sitting = ?1 ORDER BY seq")
            .bind(sitting)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(record).collect()
    }

    /// One record, if it is there.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn record(&self, sitting: &str, seq: u64) -> Result<Option<Record>, StoreError> {
        let row = sqlx::query("SELECT seq, prev, hash, body FROM record WHERE sitting = ?1 AND seq = ?2")
            .bind(sitting)
            .bind(i64::try_from(seq).unwrap_or(i64::MAX))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(record).transpose()
    }

    /// The last moment that the hub is known to have lived through, in milliseconds; absent if there is no such sitting.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn alive_at(&self, sitting: &str) -> Result<Option<u64>, StoreError> {
        let row = sqlx::query("SELECT alive_at FROM sitting WHERE id = ?1")
            .bind(sitting)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(unsigned(row.try_get("alive_at")?)))
    }
}

fn record(row: &SqliteRow) -> Result<Record, StoreError> {
    Ok(Record {
        seq: unsigned(row.try_get("seq")?),
        prev: hash(row, "prev")?,
        hash: hash(row, "hash")?,
        body: row.try_get("body")?,
    })
}

fn hash(row: &SqliteRow, column: &str) -> Result<Hash, StoreError> {
    let bytes: Vec<u8> = row.try_get(column)?;
    Hash::from_slice(&bytes).ok_or_else(|| StoreError::Database(format!("{column} is not a hash")))
}

/// A number that the tables do not let be negative; one that is nevertheless was put there by hand, and 0 breaks the chain.
pub(crate) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
