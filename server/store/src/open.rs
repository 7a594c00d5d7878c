//! Opening the database, and the handle that the hub holds.

use crate::error::StoreError;
use crate::writer::{self, Work};
use journal::Record;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlSafeStr, SqlitePool};
use std::path::Path;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// How much may wait for the writer before [`StoreError::Busy`] is the answer.
const QUEUE: usize = 1024;

/// How long a lock of another process (a backup, `hub verify`) is waited for.
const BUSY: Duration = Duration::from_secs(5);

/// What may be chosen when a database is opened.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// At most so many pages of 4 KiB; absent = as many as the disk holds.
    pub max_pages: Option<u32>,
}

/// The store. Cheap to clone; all clones share one writer, which stops when the last clone is gone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) readers: SqlitePool,
    pub(crate) work: mpsc::Sender<Work>,
}

impl Store {
    /// Opens the database, makes it if it is not there, brings its tables up to date and starts the writer. The second
    /// value ends when the writer has written everything and every connection is closed: the files are left alone then.
    ///
    /// # Errors
    /// The file cannot be opened, or is not ours.
    pub async fn open(path: &Path, options: &Options) -> Result<(Self, JoinHandle<()>), StoreError> {
        let mut connect = connect(path).create_if_missing(true);
        if let Some(pages) = options.max_pages {
            connect = connect.pragma("max_page_count", pages.to_string());
        }
        // One connection, kept for ever: a pragma of the connection must hold for every write.
        let single = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None);
        let writer = single.connect_with(connect).await?;
        migrations()
            .run(&writer)
            .await
            .map_err(|error| StoreError::Database(error.to_string()))?;
        let readers = readers(path).await?;
        let (work, queue) = mpsc::channel(QUEUE);
        let task = tokio::spawn(writer::run(writer, readers.clone(), queue));
        Ok((Self { readers, work }, task))
    }

    /// Opens a database only to read it, as an inspector does. Nothing is written: a copy that lies alone, without the
    /// write-ahead log of a hub that runs, is read as it is, also from a disk that cannot be written.
    ///
    /// # Errors
    /// The file is not there, or is not ours.
    pub async fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .immutable(!Path::new(&log).exists())
            .busy_timeout(BUSY);
        let readers = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(connect)
            .await?;
        let (work, _nobody_writes) = mpsc::channel(1);
        Ok(Self { readers, work })
    }

    /// Makes a sitting with an empty journal.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is one with this id.
    pub async fn create_sitting(&self, sitting: &str, at: u64) -> Result<(), StoreError> {
        let sitting = sitting.to_owned();
        self.ask(|done| Work::CreateSitting { sitting, at, done }).await
    }

    /// Appends a record to a sitting's journal. Resolves when it is on the disk.
    ///
    /// # Errors
    /// Nothing was appended.
    pub async fn append(&self, sitting: &str, record: Record) -> Result<(), StoreError> {
        let sitting = sitting.to_owned();
        self.ask(|done| Work::Append { sitting, record, done }).await
    }

    /// Notes that the hub is alive at this moment. Nobody waits for it and nobody is told if it fails: the next one comes in
    /// a second.
    pub fn note_alive(&self, sitting: &str, at: u64) {
        let (done, _nobody_waits) = oneshot::channel();
        // A full queue means that the writer has better to do.
        let _dropped = self.work.try_send(Work::Alive {
            sitting: sitting.to_owned(),
            at,
            done,
        });
    }

    pub(crate) async fn ask(
        &self,
        work: impl FnOnce(oneshot::Sender<Result<(), StoreError>>) -> Work,
    ) -> Result<(), StoreError> {
        let (done, answer) = oneshot::channel();
        self.work.try_send(work(done)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }
}

/// The folder `migrations`, in order. A file that has been released is never changed: another one follows it.
fn migrations() -> Migrator {
    let file = |version, name: &'static str, sql: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![
        file(1, "journal", include_str!("../migrations/0001_journal.sql")),
        file(2, "token", include_str!("../migrations/0002_token.sql")),
        file(3, "checkpoint", include_str!("../migrations/0003_checkpoint.sql")),
        file(4, "kiosk", include_str!("../migrations/0004_kiosk.sql")),
    ])
}

fn connect(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        // WAL with NORMAL may lose the last commits when the power fails.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
}

async fn readers(path: &Path) -> Result<SqlitePool, StoreError> {
    let connect = connect(path).pragma("query_only", "ON");
    Ok(SqlitePoolOptions::new()
        .max_connections(4)
        .connect_with(connect)
        .await?)
}
