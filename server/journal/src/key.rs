//! Who signs: Ed25519 keys (RFC 8032). The cryptography is ring's.

use crate::record::Hash;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use std::fmt;

/// First line of a file with a public key.
const DOMAIN: &str = "diem-cau/journal-key/1";

/// The key by which a hub's signatures are checked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// The key in 64 hexadecimal digits, lower case; none if it is anything else.
    #[must_use]
    pub fn from_hex(digits: &str) -> Option<Self> {
        let key = Self(bytes(digits)?);
        (key.to_string() == digits).then_some(key)
    }

    /// The key in a file that [`PublicKey::file`] made, or in bare digits; none if it holds neither.
    #[must_use]
    pub fn from_file(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix(DOMAIN).map_or(text, str::trim_start);
        Self::from_hex(digits.strip_prefix("key ").unwrap_or(digits))
    }

    /// What is exported for inspectors.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{DOMAIN}\nkey {self}\n")
    }

    /// What people compare: SHA-256 of the key, `AB:CD:…`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let pairs = Sha256::digest(self.0)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect::<Vec<_>>();
        pairs.join(":")
    }

    /// Whether the owner of this key signed this text.
    pub(crate) fn signed(&self, text: &str, signature: &[u8; 64]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0)
            .verify(text.as_bytes(), signature)
            .is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// Who can sign.
pub struct Signer(Ed25519KeyPair);

impl Signer {
    /// The signer of this secret. The randomness is the caller's.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(seed).expect("32 bytes are a seed"))
    }

    /// By which its signatures are checked.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(
            self.0
                .public_key()
                .as_ref()
                .try_into()
                .expect("an Ed25519 key has 32 bytes"),
        )
    }

    pub(crate) fn sign(&self, text: &str) -> [u8; 64] {
        self.0
            .sign(text.as_bytes())
            .as_ref()
            .try_into()
            .expect("an Ed25519 signature has 64 bytes")
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.public())
    }
}

/// So many bytes in hexadecimal digits.
pub(crate) fn bytes<const N: usize>(digits: &str) -> Option<[u8; N]> {
    hex::decode(digits).ok()?.try_into().ok()
}

/// A hash in hexadecimal digits.
pub(crate) fn hash(digits: &str) -> Option<Hash> {
    bytes(digits).map(Hash)
}
