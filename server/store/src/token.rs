//! Bearer tokens for equipment and players: whom they let publish or view one source, and until when.

use crate::access::hash;
use crate::error::StoreError;
use crate::open::Store;
use crate::read::unsigned;
use crate::writer::Work;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// To send one source.
    Publish,
    /// To receive one source.
    View,
}

impl Scope {
    /// As it is kept and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::View => "view",
        }
    }
}

/// A token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// To publish or to view,
    pub scope: Scope,
    /// this source: the id of a room endpoint, or `programme`.
    pub source: String,
    /// What the operator wrote on it.
    pub label: String,
    /// When it was made, milliseconds since the Unix epoch.
    pub made_at: u64,
    /// Until when it is good, milliseconds since the Unix epoch.
    pub until: u64,
    /// It was taken back.
    pub revoked: bool,
}

impl Token {
    /// Whether it opens anything at this moment.
    #[must_use]
    pub fn is_good(&self, now: u64) -> bool {
        !self.revoked && now < self.until
    }
}

impl Store {
    /// Keeps a new token.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is one with this hash.
    pub async fn put_token(&self, token: Token) -> Result<(), StoreError> {
        self.ask(|done| Work::PutToken { token, done }).await
    }

    /// Takes a token back. Once more does no harm.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is none.
    pub async fn revoke_token(&self, hash: [u8; 32]) -> Result<(), StoreError> {
        self.ask(|done| Work::RevokeToken { hash, done }).await
    }

    /// The token with this hash.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn token(&self, hash: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        let row = sqlx::query("SELECT * FROM token WHERE hash = ?1")
            .bind(&hash[..])
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(token).transpose()
    }

    /// All tokens, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let rows = sqlx::query("SELECT * FROM token ORDER BY made_at, rowid")
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(token).collect()
    }
}

fn token(row: &SqliteRow) -> Result<Token, StoreError> {
    let scope: String = row.try_get("scope")?;
    let scope = if scope == Scope::Publish.as_str() {
        Scope::Publish
    } else {
        Scope::View
    };
    Ok(Token {
        hash: hash(row)?,
        scope,
        source: row.try_get("source")?,
        label: row.try_get("label")?,
        made_at: unsigned(row.try_get("made_at")?),
        until: unsigned(row.try_get("until")?),
        revoked: row.try_get::<i64, _>("revoked")? != 0,
    })
}
