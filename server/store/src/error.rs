//! Why something is not durable.

use thiserror::Error;

/// Why the store could not do what was asked. Whatever was asked has not happened.
#[derive(Debug, Clone, Error)]
pub enum StoreError {
    /// The disk, or the space that the database may take, is full.
    #[error("the database is full: {0}")]
    Full(String),
    /// The record does not follow the last one that is stored: somebody else writes to this journal.
    #[error("the journal has another record in this place")]
    Conflict,
    /// Too much waits to be written.
    #[error("the writer is busy")]
    Busy,
    /// The writer has stopped.
    #[error("the store is closed")]
    Closed,
    /// Anything else: the file is gone, damaged or locked.
    #[error("the database failed: {0}")]
    Database(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLite's primary result codes; the extended ones carry them in the low byte.
        const FULL: i64 = 13;
        const CONSTRAINT: i64 = 19;
        let code = error
            .as_database_error()
            .and_then(|error| error.code()?.parse::<i64>().ok())
            .map(|code| code & 0xff);
        match code {
            Some(FULL) => Self::Full(error.to_string()),
            Some(CONSTRAINT) => Self::Conflict,
            Some(_) | None => Self::Database(error.to_string()),
        }
    }
}
