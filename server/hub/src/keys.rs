//! Personal keys and PINs.
//!
//! A personal key is 128 bits of HMAC-SHA-256 over whom it is for, with a secret that lies in a file of its own: the table
//! of links can be printed again at any time, while the database holds hashes only. A tablet that is paired gets a random
//! key instead.

use crate::identity::write_secret;
use anyhow::{Context, Result};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use ring::hmac;
use sha2::{Digest, Sha256};
use std::path::Path;
use store::AccessKind;

/// Digits of a PIN (PRODUCT 3.1).
pub const PIN_DIGITS: usize = 6;
/// Wrong PINs until it is locked (PRODUCT 3.1).
pub const PIN_TRIES: u32 = 5;

/// The secret behind all personal links of this hub.
pub struct Secret(hmac::Key);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Reads the secret from the data folder; makes it if it is not there.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn open(folder: &Path) -> Result<Self> {
        let file = folder.join("links.secret");
        let bytes = if file.exists() {
            hex::decode(std::fs::read_to_string(&file)?.trim()).context("links.secret is damaged")?
        } else {
            let bytes: [u8; 32] = rand::random();
            write_secret(&file, hex::encode(bytes).as_bytes())?;
            bytes.to_vec()
        };
        anyhow::ensure!(bytes.len() == 32, "links.secret is damaged");
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The personal key of a person or a room. A kiosk's is random: it is no use on paper.
    #[must_use]
    pub fn key(&self, kind: AccessKind, subject: &str) -> String {
        let kind = match kind {
            AccessKind::Person => "person",
            AccessKind::Room => "room",
            AccessKind::Kiosk => "kiosk",
        };
        hex::encode(&self.sign(&format!("key/{kind}/{subject}"))[..16])
    }

    /// A person's PIN.
    #[must_use]
    pub fn pin(&self, person: &str) -> String {
        self.digits(&format!("pin/{person}"))
    }

    /// Six digits that follow from the secret and from this.
    #[must_use]
    pub fn digits(&self, what: &str) -> String {
        let bits = self.sign(what)[..8]
            .iter()
            .fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        format!("{:0PIN_DIGITS$}", bits % 10u64.pow(PIN_DIGITS as u32))
    }

    fn sign(&self, what: &str) -> Vec<u8> {
        hmac::sign(&self.0, what.as_bytes()).as_ref().to_vec()
    }
}

/// 128 random bits, for a paired tablet's key, a ticket or a pairing.
#[must_use]
pub fn random() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

/// Six random digits, for a code that somebody types.
#[must_use]
pub fn random_digits() -> String {
    format!("{:0PIN_DIGITS$}", rand::random_range(0..10u32.pow(PIN_DIGITS as u32)))
}

/// What is kept of a key.
#[must_use]
pub fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// What is kept of a PIN. Takes tens of milliseconds and 19 MiB: call it where blocking is allowed.
///
/// # Errors
/// No randomness for the salt.
pub fn hash_pin(pin: &str) -> Result<String> {
    let hash = Argon2::default()
        .hash_password(pin.as_bytes())
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(hash.to_string())
}

/// Whether this is the PIN. Takes as long as [`hash_pin`].
#[must_use]
pub fn pin_is(pin: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_the_same_and_differ_by_person_and_hub() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secret = Secret::open(here.path()).unwrap();
        let key = secret.key(AccessKind::Person, "dai-bieu-01");
        assert_eq!(key.len(), 32);
        assert_eq!(
            key,
            Secret::open(here.path())
                .unwrap()
                .key(AccessKind::Person, "dai-bieu-01")
        );
        assert_ne!(key, secret.key(AccessKind::Room, "dai-bieu-01"));
        assert_ne!(key, secret.key(AccessKind::Person, "dai-bieu-02"));
        assert_ne!(
            key,
            Secret::open(there.path())
                .unwrap()
                .key(AccessKind::Person, "dai-bieu-01")
        );
        assert_eq!(secret.pin("dai-bieu-01").len(), 6);
    }

    #[test]
    fn a_pin_is_known_by_its_hash_only() {
        let hash = hash_pin("004711").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(pin_is("004711", &hash));
        assert!(!pin_is("004712", &hash) && !pin_is("", &hash) && !pin_is("004711", "nonsense"));
    }
}
