//! The growing end of a journal.

use crate::record::{Hash, Record};

/// The end of a chain: what a witness has to know to find a truncated tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many records there are.
    pub seq: u64,
    /// The hash of the last one; [`Hash::GENESIS`] if there is none.
    pub hash: Hash,
}

impl Head {
    /// The head of an empty chain.
    pub const EMPTY: Self = Self {
        seq: 0,
        hash: Hash::GENESIS,
    };
}

/// Makes the records that follow a head. A record counts only after [`Chain::advance`]: until it is durable, the chain
/// still ends where it did.
#[derive(Debug, Clone)]
pub struct Chain {
    head: Head,
}

impl Chain {
    /// The chain that goes on after `head`.
    #[must_use]
    pub fn after(head: Head) -> Self {
        Self { head }
    }

    /// Where the chain ends.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// The record that would come next.
    #[must_use]
    pub fn next(&self, body: Vec<u8>) -> Record {
        Record::seal(self.head.seq + 1, self.head.hash, body)
    }

    /// Takes a record as the new end; `false`, and nothing changes, if it does not follow.
    #[must_use]
    pub fn advance(&mut self, record: &Record) -> bool {
        let follows = record.seq == self.head.seq + 1 && record.prev == self.head.hash && record.is_whole();
        if follows {
            self.head = Head {
                seq: record.seq,
                hash: record.hash,
            };
        }
        follows
    }
}
