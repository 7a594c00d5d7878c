//! From the arguments of the command line to the answer.

use crate::examine::{Examined, examine, missing};
use crate::source;
use crate::words;
use anyhow::{Context, Result};
use journal::{Checkpoint, PublicKey};
use std::path::PathBuf;

/// What is asked.
#[derive(Debug, clap::Args)]
pub struct Ask {
    /// Cơ sở dữ liệu (hub.sqlite) hoặc tệp xuất nhật ký. The database, or an exported journal.
    journal: PathBuf,
    /// Tệp khóa công khai của hệ thống (journal.pub) hoặc 64 chữ số của khóa. The hub's public key: its file, or its digits.
    #[arg(long)]
    key: Option<String>,
    /// Tệp của một nhân chứng: thư ký hoặc điểm cầu; có thể lặp lại. A witness's file; may be repeated.
    #[arg(long = "witness")]
    witnesses: Vec<PathBuf>,
}

/// The answer.
#[derive(Debug)]
pub struct Answer {
    /// Nothing was found.
    pub whole: bool,
    /// For people.
    pub text: String,
}

impl Ask {
    /// Reads what is named and says what is found.
    ///
    /// # Errors
    /// A file cannot be read, or is not what it should be.
    pub async fn answer(&self) -> Result<Answer> {
        let trusted = self.key.as_deref().map(key).transpose()?;
        let (mut witnessed, mut unread) = (Vec::new(), 0);
        for path in &self.witnesses {
            let file = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
            let (checkpoints, bad) = Checkpoint::read_all(&file);
            witnessed.extend(checkpoints);
            unread += bad;
        }
        let journals = source::open(&self.journal).await?;
        let mut examined: Vec<Examined> = journals
            .iter()
            .map(|journal| examine(journal, trusted, &witnessed))
            .collect();
        let missing = missing(&examined, trusted, &witnessed);
        examined.extend(missing);
        Ok(Answer {
            whole: unread == 0 && examined.iter().all(|one| one.found.is_empty()),
            text: words::report(&examined, trusted, unread),
        })
    }
}

/// A key given by its file or by its digits.
fn key(given: &str) -> Result<PublicKey> {
    if let Some(key) = PublicKey::from_hex(given) {
        return Ok(key);
    }
    let file = std::fs::read_to_string(given).with_context(|| format!("the key {given}"))?;
    PublicKey::from_file(&file).with_context(|| format!("{given} holds no key"))
}
