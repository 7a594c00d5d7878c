//! A signed statement of where a journal stands (PRODUCT 3.18).
//!
//! A checkpoint is a short text. The text itself is what is signed, stored, sent to witnesses and drawn as a QR code, so that
//! there is one form and an inspector can read it:
//!
//! ```text
//! diem-cau/checkpoint/1
//! sitting 019373…
//! number 12
//! seq 345
//! hash 9f86d0…
//! at 1772413200000
//! after 60303a…
//! key d75a98…
//! signature e55643…
//! ```
//!
//! `after` is the hash of the whole text before it, so that checkpoints are a chain of their own. When the key changes, a line
//! `next` names the new one; what follows is signed by that.

use crate::chain::Head;
use crate::key::{PublicKey, Signer, bytes, hash};
use crate::record::Hash;
use sha2::{Digest, Sha256};

const DOMAIN: &str = "diem-cau/checkpoint/1";

/// What a checkpoint says, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Whose journal; one line.
    pub sitting: String,
    /// Which checkpoint of this sitting, from 1, without gaps.
    pub number: u64,
    /// Where the journal stands: how many records, and the hash of the last.
    pub head: Head,
    /// When it was signed, milliseconds since the Unix epoch.
    pub at: u64,
    /// The hash of the checkpoint before; [`Hash::GENESIS`] for the first.
    pub after: Hash,
    /// Who signs.
    pub key: PublicKey,
    /// Who signs from the next one on, if that is another.
    pub next: Option<PublicKey>,
}

/// A statement with its signature. That the signature is good is for [`Checkpoint::is_signed`] to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// What it says.
    pub says: Statement,
    signature: [u8; 64],
}

impl Statement {
    fn text(&self) -> String {
        let Self {
            sitting,
            number,
            head,
            at,
            after,
            key,
            next,
        } = self;
        let next = next.map_or_else(String::new, |next| format!("next {next}\n"));
        format!(
            "{DOMAIN}\nsitting {sitting}\nnumber {number}\nseq {}\nhash {}\nat {at}\nafter {after}\nkey {key}\n{next}",
            head.seq, head.hash
        )
    }
}

impl Checkpoint {
    /// Signs a statement; its `key` becomes the signer's.
    #[must_use]
    pub fn sign(statement: Statement, signer: &Signer) -> Self {
        let says = Statement {
            key: signer.public(),
            ..statement
        };
        let signature = signer.sign(&says.text());
        Self { says, signature }
    }

    /// The whole text, its last line end included.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}signature {}\n", self.says.text(), hex::encode(self.signature))
    }

    /// Reads a text; none if it differs by so much as a space from what [`Checkpoint::text`] writes.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().peekable();
        if lines.next()? != DOMAIN {
            return None;
        }
        let mut value = |name: &str| {
            lines
                .next_if(|line| line.starts_with(name))?
                .strip_prefix(name)?
                .strip_prefix(' ')
        };
        let says = Statement {
            sitting: value("sitting")?.to_owned(),
            number: value("number")?.parse().ok()?,
            head: Head {
                seq: value("seq")?.parse().ok()?,
                hash: hash(value("hash")?)?,
            },
            at: value("at")?.parse().ok()?,
            after: hash(value("after")?)?,
            key: PublicKey::from_hex(value("key")?)?,
            next: match value("next") {
                Some(next) => Some(PublicKey::from_hex(next)?),
                None => None,
            },
        };
        let checkpoint = Self {
            says,
            signature: bytes(value("signature")?)?,
        };
        (checkpoint.text() == text).then_some(checkpoint)
    }

    /// Reads a file of witnesses: texts one after another, empty lines between them allowed. The second value counts what is
    /// no checkpoint.
    #[must_use]
    pub fn read_all(file: &str) -> (Vec<Self>, usize) {
        let file = file.replace("\r\n", "\n");
        let parts = file.split(DOMAIN);
        let read = |part: &str| Self::read(&format!("{DOMAIN}\n{}\n", part.trim()));
        let (mut good, mut bad) = (Vec::new(), 0);
        for (place, part) in parts.enumerate().filter(|(_, part)| !part.trim().is_empty()) {
            match read(part).filter(|_| place > 0) {
                Some(checkpoint) => good.push(checkpoint),
                None => bad += 1,
            }
        }
        (good, bad)
    }

    /// Whether the key that it names signed it. Whose key that is, is another question.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.says.key.signed(&self.says.text(), &self.signature)
    }

    /// What the next checkpoint stands after.
    #[must_use]
    pub fn digest(&self) -> Hash {
        Hash(Sha256::digest(self.text()).into())
    }
}

impl Head {
    /// The first 80 bits of the hash in groups of four digits: what is printed and read aloud (PRODUCT 3.18).
    #[must_use]
    pub fn short(&self) -> String {
        let digits = hex::encode_upper(&self.hash.0[..10]);
        let groups: Vec<&str> = (0..5).map(|group| &digits[group * 4..group * 4 + 4]).collect();
        groups.join("-")
    }
}
