//! Reading a chain back: the first record that is not as it was written, and why.

use crate::chain::{Chain, Head};
use crate::record::{Hash, Record};
use thiserror::Error;

/// The first record that breaks a chain.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("record {seq}: {fault}")]
pub struct Broken {
    /// The place where a good record was expected.
    pub seq: u64,
    /// What is wrong there.
    pub fault: Fault,
}

/// How a chain breaks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// Records are missing.
    #[error("missing; record {found} follows")]
    Gap {
        /// The number of the record that was found.
        found: u64,
    },
    /// A record that had its place before, or was doubled.
    #[error("record {found} stands in its place")]
    Order {
        /// The number of the record that was found.
        found: u64,
    },
    /// The body, or the hash itself, was changed.
    #[error("its hash does not belong to its content: it was altered")]
    Altered,
    /// Whole in itself, but made for another chain.
    #[error("it links to {found}, not to the record before it")]
    WrongLink {
        /// What it links to.
        found: Hash,
    },
    /// Nothing comes any more, though a witness has seen more.
    #[error("missing; a witness knows {known} records")]
    Truncated {
        /// How many records the witness knows.
        known: u64,
    },
    /// Whole in itself, but a witness has seen another record at this place.
    #[error("a witness has seen another record here, {known}")]
    OtherHistory {
        /// The hash that the witness knows.
        known: Hash,
    },
}

/// Follows a chain from its beginning. `witness` is a head that somebody else has seen; a chain that ends before it, or has
/// another record in its place, is broken too.
///
/// # Errors
/// The first record that is not as it was written.
pub fn verify<'a>(records: impl IntoIterator<Item = &'a Record>, witness: Option<Head>) -> Result<Head, Broken> {
    let mut chain = Chain::after(Head::EMPTY);
    for record in records {
        let Head {
            seq: before,
            hash: prev,
        } = chain.head();
        let seq = before + 1;
        let broken = |fault| Err(Broken { seq, fault });
        if record.seq > seq {
            return broken(Fault::Gap { found: record.seq });
        }
        if record.seq < seq {
            return broken(Fault::Order { found: record.seq });
        }
        if !record.is_whole() {
            return broken(Fault::Altered);
        }
        if record.prev != prev {
            return broken(Fault::WrongLink { found: record.prev });
        }
        if let Some(known) = witness
            && known.seq == seq
            && known.hash != record.hash
        {
            return broken(Fault::OtherHistory { known: known.hash });
        }
        let followed = chain.advance(record);
        debug_assert!(followed, "all that `advance` asks has just been checked");
    }
    let head = chain.head();
    match witness {
        Some(known) if known.seq > head.seq => Err(Broken {
            seq: head.seq + 1,
            fault: Fault::Truncated { known: known.seq },
        }),
        Some(_) | None => Ok(head),
    }
}
