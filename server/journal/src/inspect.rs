//! A whole inspection: the chain, the checkpoints over it, and what witnesses hold against both.
//!
//! The chain alone finds accidents: whoever can write to it can write it anew. Checkpoints bind it to a key that does not lie
//! in the database; witnesses hold checkpoints that nobody can take from them, and so find a tail that was cut off, and an
//! older state that was put back. What no checkpoint covers yet, at most a minute, is bound by the chain alone.

use crate::chain::Head;
use crate::checkpoint::Checkpoint;
use crate::key::PublicKey;
use crate::record::{Hash, Record};
use crate::verify::{Broken, verify};
use std::collections::BTreeMap;
use thiserror::Error;

/// What lies before an inspector.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// Whose journal it should be.
    pub sitting: &'a str,
    /// The records, in the order in which they were found.
    pub records: &'a [Record],
    /// The texts of the checkpoints, in the order in which they were found.
    pub checkpoints: &'a [String],
    /// Checkpoints of any sitting of this hub that name a new key.
    pub successions: &'a [Checkpoint],
    /// The key that the inspector brought along; without one the first checkpoint is taken at its word.
    pub trusted: Option<PublicKey>,
    /// What witnesses hold of this sitting.
    pub witnessed: &'a [Checkpoint],
}

/// What an inspection has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Where the chain ends, or the last good record before it breaks.
    pub head: Head,
    /// How many records are covered by good signatures.
    pub signed: u64,
    /// Who signed, in order.
    pub keys: Vec<PublicKey>,
    /// How many of the witnesses' checkpoints stand in this journal.
    pub confirmed: usize,
    /// Everything that is not as it should be; empty = whole.
    pub found: Vec<Finding>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Finding {
    /// The chain is broken.
    #[error(transparent)]
    Chain(#[from] Broken),
    /// A checkpoint is not as it was signed, or does not belong to this journal.
    #[error("checkpoint {number}: {fault}")]
    Checkpoint {
        /// The place where a good one was expected.
        number: u64,
        /// What is wrong there.
        fault: CheckpointFault,
    },
    /// There are records, and not one signature.
    #[error("nothing is signed: there is no checkpoint at all")]
    Unsigned,
    /// A witness holds a checkpoint of records that are not there any more: the tail was cut off, or an older state put back.
    #[error("records are missing at the end: checkpoint {number}, held by a witness, covers {known}")]
    Truncated {
        /// Which checkpoint.
        number: u64,
        /// How many records it covers.
        known: u64,
    },
    /// A witness holds a checkpoint of another record at this place.
    #[error(
        "record {seq} is not the one that checkpoint {number}, held by a witness, was signed for: history was rewritten"
    )]
    Rewritten {
        /// Which checkpoint.
        number: u64,
        /// Its record.
        seq: u64,
    },
    /// A witness holds a checkpoint that is stored no more, or not in this form.
    #[error("checkpoint {number}, held by a witness, is not stored any more")]
    Removed {
        /// Which checkpoint.
        number: u64,
    },
    /// What a witness shows was not signed by this hub. It says nothing about the journal.
    #[error("what a witness shows as checkpoint {number} was not signed by this hub")]
    FalseWitness {
        /// Which checkpoint it should be.
        number: u64,
    },
}

/// What can be wrong with a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointFault {
    /// Not a checkpoint's text, to the last byte.
    #[error("it cannot be read: it was altered")]
    Unreadable,
    /// The signature does not belong to the text.
    #[error("its signature does not fit: it was altered")]
    Signature,
    /// Signed by a key that was never introduced, or had been given up.
    #[error("it is signed by a key that is not this hub's, {key}")]
    Key {
        /// By which.
        key: PublicKey,
    },
    /// Made for another sitting.
    #[error("it belongs to another sitting, {sitting}")]
    Sitting {
        /// Which.
        sitting: String,
    },
    /// Checkpoints are missing before it.
    #[error("missing; checkpoint {found} follows")]
    Gap {
        /// The number that was found.
        found: u64,
    },
    /// It had its place before, or was doubled.
    #[error("checkpoint {found} stands in its place")]
    Order {
        /// The number that was found.
        found: u64,
    },
    /// It was made to follow another one.
    #[error("it does not follow the one before it")]
    Link,
    /// It covers less than the one before it, or was signed earlier.
    #[error("it goes back behind the one before it")]
    Backwards,
    /// It was signed for another record.
    #[error("it was signed for another record {seq}: the journal was altered")]
    OtherRecord {
        /// Its record.
        seq: u64,
    },
    /// It covers more records than there are.
    #[error("it covers {covers} records, and there are only {there}: the journal was cut off")]
    Truncated {
        /// How many it covers.
        covers: u64,
        /// How many there are.
        there: u64,
    },
}

/// Looks at everything. The findings come in the order chain, checkpoints, witnesses.
#[must_use]
pub fn inspect(evidence: &Evidence<'_>) -> Inspection {
    let mut found = Vec::new();
    let head = match verify(evidence.records, None) {
        Ok(head) => head,
        Err(broken) => {
            let whole = sound(evidence.records, broken.seq);
            found.push(Finding::Chain(broken));
            whole
        }
    };
    let read: Vec<Option<Checkpoint>> = evidence.checkpoints.iter().map(|text| Checkpoint::read(text)).collect();
    if read.is_empty() && evidence.trusted.is_some() && !evidence.records.is_empty() {
        found.push(Finding::Unsigned);
    }
    let known = Known::of(evidence, &read);
    let walk = checkpoints(evidence, &read, &known, found.is_empty());
    found.extend(walk.found);
    let mut confirmed = 0;
    for witnessed in evidence.witnessed {
        match against(evidence, &read, &known, witnessed) {
            Ok(()) => confirmed += 1,
            Err(finding) => found.push(finding),
        }
    }
    found.dedup();
    Inspection {
        head,
        signed: walk.signed,
        keys: walk.keys,
        confirmed,
        found,
    }
}

/// The last good record before the place where a chain breaks.
fn sound(records: &[Record], broken: u64) -> Head {
    let before = usize::try_from(broken.saturating_sub(1)).unwrap_or(usize::MAX);
    before
        .checked_sub(1)
        .and_then(|last| records.get(last))
        .map_or(Head::EMPTY, |record| Head {
            seq: record.seq,
            hash: record.hash,
        })
}

/// The keys of this hub, by those that were introduced by one that was known, with the moment at which each was given up.
struct Known(BTreeMap<PublicKey, Option<u64>>);

impl Known {
    fn of(evidence: &Evidence<'_>, read: &[Option<Checkpoint>]) -> Self {
        // Without a key that was brought along, whoever speaks first is taken at their word.
        let first = || {
            read.iter()
                .flatten()
                .chain(evidence.witnessed)
                .next()
                .map(|first| first.says.key)
        };
        let mut known: BTreeMap<_, _> = evidence
            .trusted
            .or_else(first)
            .map(|key| (key, None))
            .into_iter()
            .collect();
        let own = read.iter().flatten();
        let mut handing: Vec<_> = evidence
            .successions
            .iter()
            .chain(own)
            .filter(|one| one.says.next.is_some())
            .collect();
        handing.sort_by_key(|one| one.says.at);
        for one in handing {
            if let (Some(next), Some(None)) = (one.says.next, known.get(&one.says.key))
                && one.is_signed()
            {
                known.insert(one.says.key, Some(one.says.at));
                known.insert(next, None);
            }
        }
        Self(known)
    }

    /// Whether this key was the hub's at this moment.
    fn held(&self, key: &PublicKey, at: u64) -> bool {
        self.0
            .get(key)
            .is_some_and(|until| until.is_none_or(|until| at <= until))
    }
}

struct Walk {
    signed: u64,
    keys: Vec<PublicKey>,
    found: Vec<Finding>,
}

fn checkpoints(evidence: &Evidence<'_>, read: &[Option<Checkpoint>], known: &Known, whole: bool) -> Walk {
    let mut walk = Walk {
        signed: 0,
        keys: Vec::new(),
        found: Vec::new(),
    };
    let (mut expected, mut before): (u64, Option<&Checkpoint>) = (1, None);
    for checkpoint in read {
        let faults = match checkpoint {
            None => vec![CheckpointFault::Unreadable],
            Some(checkpoint) => faults(evidence, checkpoint, expected, before, known, whole),
        };
        if let Some(Checkpoint { says, .. }) = checkpoint {
            if faults.is_empty() {
                walk.signed = walk.signed.max(says.head.seq);
            }
            if walk.keys.last() != Some(&says.key) {
                walk.keys.push(says.key);
            }
        }
        walk.found.extend(faults.into_iter().map(|fault| Finding::Checkpoint {
            number: expected,
            fault,
        }));
        expected = checkpoint
            .as_ref()
            .map_or(expected, |found| found.says.number)
            .saturating_add(1);
        before = checkpoint.as_ref();
    }
    walk
}

/// Everything that is wrong with one checkpoint; `before` is absent for the first, and behind one that cannot be read.
fn faults(
    evidence: &Evidence<'_>,
    checkpoint: &Checkpoint,
    expected: u64,
    before: Option<&Checkpoint>,
    known: &Known,
    whole: bool,
) -> Vec<CheckpointFault> {
    let (says, mut faults) = (&checkpoint.says, Vec::new());
    if says.sitting != evidence.sitting {
        faults.push(CheckpointFault::Sitting {
            sitting: says.sitting.clone(),
        });
    }
    if says.number > expected {
        faults.push(CheckpointFault::Gap { found: says.number });
    } else if says.number < expected {
        faults.push(CheckpointFault::Order { found: says.number });
    } else if before.map_or(expected == 1 && says.after != Hash::GENESIS, |before| {
        says.after != before.digest()
    }) {
        faults.push(CheckpointFault::Link);
    }
    let follows = before.is_none_or(|before| before.says.next.unwrap_or(before.says.key) == says.key);
    if !follows || before.is_none() && !known.held(&says.key, says.at) {
        faults.push(CheckpointFault::Key { key: says.key });
    }
    if !checkpoint.is_signed() {
        faults.push(CheckpointFault::Signature);
    }
    if before.is_some_and(|before| says.head.seq < before.says.head.seq || says.at < before.says.at) {
        faults.push(CheckpointFault::Backwards);
    }
    match recorded(evidence.records, says.head.seq) {
        Some(record) if record.hash == says.head.hash => {}
        Some(_) => faults.push(CheckpointFault::OtherRecord { seq: says.head.seq }),
        // A chain that is broken has been named already.
        None if !whole => {}
        None => faults.push(CheckpointFault::Truncated {
            covers: says.head.seq,
            there: evidence.records.len() as u64,
        }),
    }
    faults
}

fn recorded(records: &[Record], seq: u64) -> Option<&Record> {
    records.get(usize::try_from(seq.checked_sub(1)?).ok()?)
}

/// Whether what a witness holds stands in this journal.
fn against(
    evidence: &Evidence<'_>,
    read: &[Option<Checkpoint>],
    known: &Known,
    witnessed: &Checkpoint,
) -> Result<(), Finding> {
    let says = &witnessed.says;
    let number = says.number;
    if says.sitting != evidence.sitting || !known.held(&says.key, says.at) || !witnessed.is_signed() {
        return Err(Finding::FalseWitness { number });
    }
    match recorded(evidence.records, says.head.seq) {
        None => Err(Finding::Truncated {
            number,
            known: says.head.seq,
        }),
        Some(record) if record.hash != says.head.hash => Err(Finding::Rewritten {
            number,
            seq: says.head.seq,
        }),
        Some(_) if !read.iter().flatten().any(|stored| stored == witnessed) => Err(Finding::Removed { number }),
        Some(_) => Ok(()),
    }
}
