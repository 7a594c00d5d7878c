//! The one task that writes, with group commit.

use crate::access::{AccessKey, AccessKind};
use crate::checkpoint::Witness;
use crate::error::StoreError;
use crate::token::Token;
use journal::Record;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

/// At most so much goes into one transaction.
const BATCH: usize = 256;

type Done = oneshot::Sender<Result<(), StoreError>>;

/// Something to write, and who waits for it.
#[derive(Debug)]
pub(crate) enum Work {
    CreateSitting {
        sitting: String,
        at: u64,
        done: Done,
    },
    Append {
        sitting: String,
        record: Record,
        done: Done,
    },
    PutCheckpoint {
        sitting: String,
        number: u64,
        text: String,
        done: Done,
    },
    NoteWitness {
        sitting: String,
        witness: Witness,
        done: Done,
    },
    Alive {
        sitting: String,
        at: u64,
        done: Done,
    },
    PutKey {
        key: AccessKey,
        done: Done,
    },
    RevokeKey {
        hash: [u8; 32],
        done: Done,
    },
    RevokeKeysOf {
        kind: AccessKind,
        subject: String,
        done: Done,
    },
    PutToken {
        token: Token,
        done: Done,
    },
    RevokeToken {
        hash: [u8; 32],
        done: Done,
    },
    PutPin {
        person: String,
        hash: String,
        tries: u32,
        done: Done,
    },
    TakeTry {
        person: String,
        done: Done,
    },
    SetTries {
        person: String,
        tries: u32,
        done: Done,
    },
}

/// Writes until the last handle is gone, then closes the readers and itself: whoever closes last folds the log into the
/// file, and may be seen doing it by whoever looks at the files.
pub(crate) async fn run(database: SqlitePool, readers: SqlitePool, mut queue: mpsc::Receiver<Work>) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        if let Err(error) = write(&database, &batch).await {
            tracing::error!(%error, count = batch.len(), "nothing of this batch was written");
            if batch.len() == 1 {
                answer(&mut batch, &Err(error));
            } else {
                // One bad apple must not spoil the others: each gets its own transaction and its own answer.
                for work in batch.drain(..) {
                    let result = write(&database, std::slice::from_ref(&work)).await;
                    tell(work, result);
                }
            }
        } else {
            answer(&mut batch, &Ok(()));
        }
    }
    readers.close().await;
    database.close().await;
}

async fn write(database: &SqlitePool, batch: &[Work]) -> Result<(), StoreError> {
    let mut connection = database.acquire().await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for work in batch {
        execute(&mut transaction, work).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn execute(on: &mut SqliteConnection, work: &Work) -> Result<(), StoreError> {
    let changed = match work {
        Work::CreateSitting { sitting, at, .. } => {
            sqlx::query("INSERT INTO sitting (id, created_at, alive_at) VALUES (?1, ?2, ?2)")
                .bind(sitting)
                .bind(number(*at))
                .execute(on)
                .await?
        }
        // A record is taken only behind the one it links to; the first one links to nothing.
        Work::Append { sitting, record, .. } => {
            sqlx::query(
                "INSERT INTO record (sitting, seq, prev, hash, body)
                 SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?2 = 1
                 OR EXISTS (SELECT 1 FROM record WHERE sitting = ?1 AND seq = ?2 - 1 AND hash = ?3)",
            )
            .bind(sitting)
            .bind(number(record.seq))
            .bind(&record.prev.0[..])
            .bind(&record.hash.0[..])
            .bind(&record.body)
            .execute(on)
            .await?
        }
        Work::PutCheckpoint {
            sitting,
            number: place,
            text,
            ..
        } => {
            sqlx::query(
                "INSERT INTO checkpoint (sitting, number, text) SELECT ?1, ?2, ?3 WHERE ?2 = 1
                 OR EXISTS (SELECT 1 FROM checkpoint WHERE sitting = ?1 AND number = ?2 - 1)",
            )
            .bind(sitting)
            .bind(number(*place))
            .bind(text)
            .execute(on)
            .await?
        }
        Work::NoteWitness { sitting, witness, .. } => {
            sqlx::query(
                "INSERT INTO witness (sitting, name, number, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (sitting, name) DO UPDATE SET
                 at = iif(excluded.number > number, excluded.at, at), number = max(number, excluded.number)",
            )
            .bind(sitting)
            .bind(&witness.name)
            .bind(number(witness.number))
            .bind(number(witness.at))
            .execute(on)
            .await?
        }
        Work::Alive { sitting, at, .. } => {
            sqlx::query("UPDATE sitting SET alive_at = ?2 WHERE id = ?1")
                .bind(sitting)
                .bind(number(*at))
                .execute(on)
                .await?
        }
        Work::PutKey { key, .. } => {
            sqlx::query(
                "INSERT INTO access_key (hash, kind, subject, site, made_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (hash) DO UPDATE SET made_at = made_at",
            )
            .bind(&key.hash[..])
            .bind(key.access.kind.as_str())
            .bind(&key.access.subject)
            .bind(&key.access.site)
            .bind(number(key.made_at))
            .execute(on)
            .await?
        }
        Work::RevokeKey { hash, .. } => {
            sqlx::query("UPDATE access_key SET revoked = 1 WHERE hash = ?1")
                .bind(&hash[..])
                .execute(on)
                .await?
        }
        // However many there are: a personal link, and the tablets that were paired.
        Work::RevokeKeysOf { kind, subject, .. } => {
            let revoked = sqlx::query("UPDATE access_key SET revoked = 1 WHERE kind = ?1 AND subject = ?2")
                .bind(kind.as_str())
                .bind(subject)
                .execute(on)
                .await?;
            return if revoked.rows_affected() > 0 {
                Ok(())
            } else {
                Err(StoreError::Conflict)
            };
        }
        Work::PutToken { token, .. } => {
            sqlx::query(
                "INSERT INTO token (hash, scope, source, label, made_at, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .bind(&token.hash[..])
            .bind(token.scope.as_str())
            .bind(&token.source)
            .bind(&token.label)
            .bind(number(token.made_at))
            .bind(number(token.until))
            .execute(on)
            .await?
        }
        Work::RevokeToken { hash, .. } => {
            sqlx::query("UPDATE token SET revoked = 1 WHERE hash = ?1")
                .bind(&hash[..])
                .execute(on)
                .await?
        }
        Work::PutPin {
            person, hash, tries, ..
        } => {
            sqlx::query(
                "INSERT INTO pin (person, hash, tries) VALUES (?1, ?2, ?3)
                 ON CONFLICT (person) DO UPDATE SET hash = ?2, tries = ?3",
            )
            .bind(person)
            .bind(hash)
            .bind(*tries)
            .execute(on)
            .await?
        }
        Work::TakeTry { person, .. } => {
            sqlx::query("UPDATE pin SET tries = tries - 1 WHERE person = ?1 AND tries > 0")
                .bind(person)
                .execute(on)
                .await?
        }
        Work::SetTries { person, tries, .. } => {
            sqlx::query("UPDATE pin SET tries = ?2 WHERE person = ?1")
                .bind(person)
                .bind(*tries)
                .execute(on)
                .await?
        }
    };
    if changed.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}

fn answer(batch: &mut Vec<Work>, result: &Result<(), StoreError>) {
    for work in batch.drain(..) {
        tell(work, result.clone());
    }
}

fn tell(work: Work, result: Result<(), StoreError>) {
    let (Work::CreateSitting { done, .. }
    | Work::Append { done, .. }
    | Work::PutCheckpoint { done, .. }
    | Work::NoteWitness { done, .. }
    | Work::Alive { done, .. }
    | Work::PutKey { done, .. }
    | Work::RevokeKey { done, .. }
    | Work::RevokeKeysOf { done, .. }
    | Work::PutToken { done, .. }
    | Work::RevokeToken { done, .. }
    | Work::PutPin { done, .. }
    | Work::TakeTry { done, .. }
    | Work::SetTries { done, .. }) = work;
    // Whoever asked may have gone; what is written stays written.
    let _gone = done.send(result);
}

/// SQLite's integers are signed; times and sequence numbers never come near the end.
fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
