//! Who may come in: personal keys by their hash, and PINs by theirs.

use crate::error::StoreError;
use crate::open::Store;
use crate::writer::Work;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// What a key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessKind {
    /// The screens of one person.
    Person,
    /// The screen of one room.
    Room,
    /// A shared tablet of a bridge point, on which delegates vote.
    Kiosk,
}

impl AccessKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Room => "room",
            Self::Kiosk => "kiosk",
        }
    }
}

/// For whom a key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Person, room or kiosk.
    pub kind: AccessKind,
    /// The id of the person, of the room endpoint or of the kiosk.
    pub subject: String,
    /// The site at which a tablet was paired, or a kiosk stands; absent for a personal link and for a room.
    pub site: Option<String>,
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// SHA-256 of the key.
    pub hash: [u8; 32],
    /// For whom.
    pub access: Access,
    /// When it was made, milliseconds.
    pub made_at: u64,
}

/// A key that opens nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedKey {
    /// SHA-256 of the key.
    pub hash: [u8; 32],
    /// For what kind of screen it was.
    pub kind: AccessKind,
    /// The id of the person, of the room endpoint or of the kiosk.
    pub subject: String,
}

/// What a key is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Try {
    /// It opens this.
    Open(Access),
    /// It was revoked.
    Revoked,
    /// There is no such key.
    Unknown,
}

/// A PIN as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Its argon2id hash.
    pub hash: String,
    /// Tries that are left; 0 = locked.
    pub tries: u32,
}

impl Store {
    /// Keeps a key; one that is there already stays as it is, revoked or not.
    ///
    /// # Errors
    /// Nothing was kept.
    pub async fn put_key(&self, key: AccessKey) -> Result<(), StoreError> {
        self.ask(|done| Work::PutKey { key, done }).await
    }

    /// Revokes a key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is none.
    pub async fn revoke_key(&self, hash: [u8; 32]) -> Result<(), StoreError> {
        self.ask(|done| Work::RevokeKey { hash, done }).await
    }

    /// Revokes every key of a person or a room: the personal link, and the tablets that were paired.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is none.
    pub async fn revoke_keys_of(&self, kind: AccessKind, subject: &str) -> Result<(), StoreError> {
        let subject = subject.to_owned();
        self.ask(|done| Work::RevokeKeysOf { kind, subject, done }).await
    }

    /// What the key with this hash opens.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn key(&self, hash: &[u8; 32]) -> Result<Try, StoreError> {
        let row = sqlx::query("SELECT kind, subject, site, revoked FROM access_key WHERE hash = ?1")
            .bind(&hash[..])
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(Try::Unknown) };
        if row.try_get::<i64, _>("revoked")? != 0 {
            return Ok(Try::Revoked);
        }
        Ok(Try::Open(Access {
            kind: kind(&row)?,
            subject: row.try_get("subject")?,
            site: row.try_get("site")?,
        }))
    }

    /// The keys of screens that belong to a place and not to a person, rooms and kiosks, as far as they open something;
    /// oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn keys_of_places(&self) -> Result<Vec<AccessKey>, StoreError> {
        let rows = sqlx::query(
            "SELECT hash, kind, subject, site, made_at FROM access_key
             WHERE kind IN ('room', 'kiosk') AND revoked = 0 ORDER BY made_at, hash",
        )
        .fetch_all(&self.readers)
        .await?;
        let key = |row: &SqliteRow| {
            Ok(AccessKey {
                hash: hash(row)?,
                access: Access {
                    kind: kind(row)?,
                    subject: row.try_get("subject")?,
                    site: row.try_get("site")?,
                },
                made_at: u64::try_from(row.try_get::<i64, _>("made_at")?).unwrap_or_default(),
            })
        };
        rows.iter().map(key).collect()
    }

    /// The keys that were revoked.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn revoked_keys(&self) -> Result<Vec<RevokedKey>, StoreError> {
        let rows = sqlx::query("SELECT hash, kind, subject FROM access_key WHERE revoked = 1")
            .fetch_all(&self.readers)
            .await?;
        let key = |row: &SqliteRow| {
            Ok(RevokedKey {
                hash: hash(row)?,
                kind: kind(row)?,
                subject: row.try_get("subject")?,
            })
        };
        rows.iter().map(key).collect()
    }

    /// Keeps a person's PIN, with all its tries.
    ///
    /// # Errors
    /// Nothing was kept.
    pub async fn put_pin(&self, person: &str, pin: Pin) -> Result<(), StoreError> {
        let person = person.to_owned();
        self.ask(|done| Work::PutPin {
            person,
            hash: pin.hash,
            tries: pin.tries,
            done,
        })
        .await
    }

    /// Uses up one try, before the PIN is looked at: two at the same moment never share one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if none is left, or there is no PIN.
    pub async fn take_try(&self, person: &str) -> Result<(), StoreError> {
        let person = person.to_owned();
        self.ask(|done| Work::TakeTry { person, done }).await
    }

    /// Sets how many tries are left.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the person has no PIN.
    pub async fn set_tries(&self, person: &str, tries: u32) -> Result<(), StoreError> {
        let person = person.to_owned();
        self.ask(|done| Work::SetTries { person, tries, done }).await
    }

    /// A person's PIN, if there is one.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn pin(&self, person: &str) -> Result<Option<Pin>, StoreError> {
        let row = sqlx::query("SELECT hash, tries FROM pin WHERE person = ?1")
            .bind(person)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Pin {
            hash: row.try_get("hash")?,
            tries: row.try_get::<u32, _>("tries")?,
        }))
    }
}

fn kind(row: &SqliteRow) -> Result<AccessKind, StoreError> {
    let kind: String = row.try_get("kind")?;
    [AccessKind::Person, AccessKind::Room, AccessKind::Kiosk]
        .into_iter()
        .find(|known| known.as_str() == kind)
        .ok_or_else(|| StoreError::Database("a key of a kind that nobody knows".to_owned()))
}

/// The 32 bytes under which a key or a token is kept.
pub(crate) fn hash(row: &SqliteRow) -> Result<[u8; 32], StoreError> {
    let hash: Vec<u8> = row.try_get("hash")?;
    <[u8; 32]>::try_from(hash).map_err(|_| StoreError::Database("what should be a hash is none".to_owned()))
}
