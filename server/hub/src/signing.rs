//! The key that signs the journal: a file of its own beside the database, which only the hub's user may read.
//!
//! `journal.key` holds the secret, `journal.pub` the public key for inspectors. `hub key rotate` lays a `journal.next.key` beside
//! them; at the next start the old key signs a checkpoint that names the new one, and the new one takes its place.

use crate::identity::write_secret;
use anyhow::{Context, Result, ensure};
use journal::{PublicKey, Signer};
use std::path::{Path, PathBuf};

const KEY: &str = "journal.key";
const NEXT: &str = "journal.next.key";
const PUBLIC: &str = "journal.pub";

/// Who signs now, and who will.
#[derive(Debug)]
pub struct Signing {
    folder: PathBuf,
    /// Who signs.
    pub signer: Signer,
    /// Who takes over at this start.
    pub next: Option<Signer>,
}

impl Signing {
    /// Reads the key from the data folder; makes it if it is not there. The public key is written beside it.
    ///
    /// # Errors
    /// A file cannot be read or written, or holds no key.
    pub fn open(folder: &Path) -> Result<Self> {
        let file = folder.join(KEY);
        let signer = if file.exists() { read(&file)? } else { make(&file)? };
        let next = folder.join(NEXT);
        let next = if next.exists() { Some(read(&next)?) } else { None };
        let signing = Self {
            folder: folder.to_owned(),
            signer,
            next,
        };
        signing.publish()?;
        Ok(signing)
    }

    /// The new key is the key from now on: the old one is overwritten.
    ///
    /// # Errors
    /// A file cannot be written; the old key stays.
    pub fn take_over(&mut self) -> Result<()> {
        let Some(next) = self.next.take() else { return Ok(()) };
        std::fs::rename(self.folder.join(NEXT), self.folder.join(KEY)).context(NEXT)?;
        std::fs::File::open(&self.folder)?.sync_all()?;
        self.signer = next;
        self.publish()
    }

    fn publish(&self) -> Result<()> {
        let file = self.folder.join(PUBLIC);
        std::fs::write(&file, self.signer.public().file()).with_context(|| file.display().to_string())
    }
}

/// Makes the key that takes over at the next start; one that waits already stays.
///
/// # Errors
/// A file cannot be read or written.
pub fn prepare(folder: &Path) -> Result<PublicKey> {
    let file = folder.join(NEXT);
    let next = if file.exists() { read(&file)? } else { make(&file)? };
    Ok(next.public())
}

fn make(file: &Path) -> Result<Signer> {
    let seed: [u8; 32] = rand::random();
    write_secret(file, hex::encode(seed).as_bytes())?;
    Ok(Signer::from_seed(&seed))
}

fn read(file: &Path) -> Result<Signer> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let seed = hex::decode(text.trim()).unwrap_or_default();
    ensure!(seed.len() == 32, "{} is damaged", file.display());
    Ok(Signer::from_seed(&seed.try_into().expect("the length was looked at")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_key_stays_is_nobody_elses_and_is_published() {
        let folder = tempfile::tempdir().unwrap();
        let key = Signing::open(folder.path()).unwrap().signer.public();
        assert_eq!(Signing::open(folder.path()).unwrap().signer.public(), key);
        let mode = std::fs::metadata(folder.path().join(KEY)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let public = std::fs::read_to_string(folder.path().join(PUBLIC)).unwrap();
        assert_eq!(PublicKey::from_file(&public), Some(key));
    }

    #[test]
    fn a_new_key_waits_for_the_start_and_then_is_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let old = Signing::open(folder.path()).unwrap().signer.public();
        let new = prepare(folder.path()).unwrap();
        assert_eq!(prepare(folder.path()).unwrap(), new, "asked for twice");
        let mut signing = Signing::open(folder.path()).unwrap();
        assert_eq!(signing.signer.public(), old);
        signing.take_over().unwrap();
        assert_eq!(signing.signer.public(), new);
        let again = Signing::open(folder.path()).unwrap();
        assert!(again.next.is_none() && again.signer.public() == new && old != new);
    }

    #[test]
    fn a_damaged_key_is_not_replaced_in_silence() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(KEY), "abc").unwrap();
        assert!(Signing::open(folder.path()).is_err());
    }
}
