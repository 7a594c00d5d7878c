//! One record and its hash.

use sha2::{Digest, Sha256};
use std::fmt;

/// Separates these hashes from any other use of SHA-256, and this form of the record from later ones.
const DOMAIN: &[u8] = b"diem-cau/journal/1\n";

/// A SHA-256 hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What the first record of a chain links to.
    pub const GENESIS: Self = Self([0; 32]);

    /// The hash with these 32 bytes; none if the length is another.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The low 64 bits: the published chance of a random order (PRODUCT 3.3.3 no. 2b).
    #[must_use]
    pub fn low_bits(&self) -> u64 {
        self.0[24..].iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place, from 1, without gaps.
    pub seq: u64,
    /// The hash of the record before; [`Hash::GENESIS`] for the first.
    pub prev: Hash,
    /// The hash of this record.
    pub hash: Hash,
    /// What is recorded: exactly the bytes that are stored.
    pub body: Vec<u8>,
}

impl Record {
    /// The record at this place with the hash that belongs to it.
    #[must_use]
    pub fn seal(seq: u64, prev: Hash, body: Vec<u8>) -> Self {
        let hash = digest(seq, &prev, &body);
        Self { seq, prev, hash, body }
    }

    /// Whether the hash belongs to the other parts.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        digest(self.seq, &self.prev, &self.body) == self.hash
    }
}

/// SHA-256(domain ‖ prev ‖ seq ‖ length ‖ body), numbers as 8 bytes, big-endian. Every part but the last has a fixed
/// length, so no two different records have the same input.
fn digest(seq: u64, prev: &Hash, body: &[u8]) -> Hash {
    let mut sha = Sha256::new();
    sha.update(DOMAIN);
    sha.update(prev.0);
    sha.update(seq.to_be_bytes());
    sha.update((body.len() as u64).to_be_bytes());
    sha.update(body);
    Hash(sha.finalize().into())
}
