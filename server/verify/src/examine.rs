//! Looking at one journal: what its hashes and signatures say, and what its entries say of time and of commands.

use crate::source::Journal;
use journal::{Checkpoint, Evidence, Finding, Inspection, PublicKey, inspect};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What was found in one journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// Whose.
    pub sitting: String,
    /// How many records there are.
    pub records: usize,
    /// How many checkpoints there are.
    pub checkpoints: usize,
    /// When the last of them was signed, milliseconds since the Unix epoch.
    pub signed_at: Option<u64>,
    /// How many checkpoints of this sitting witnesses have shown.
    pub witnessed: usize,
    /// What the hashes and signatures say.
    pub inspection: Inspection,
    /// Everything that is not as it should be, theirs included; empty = whole.
    pub found: Vec<Found>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A line of an export is not as a hub writes it.
    Damaged {
        /// Which line, from 1.
        line: usize,
    },
    /// A record, a checkpoint, or what a witness holds against them.
    Journal(Finding),
    /// The first record makes another sitting.
    OtherSitting {
        /// Which.
        named: String,
    },
    /// A record says nothing that a hub would write.
    Unreadable {
        /// Which.
        seq: u64,
    },
    /// A record is older than the one before it: the clock was set back.
    ClockBack {
        /// Which.
        seq: u64,
        /// By how many milliseconds.
        by: u64,
    },
    /// A command that had been answered was answered again.
    Replayed {
        /// Which record.
        seq: u64,
        /// Where it was answered first.
        first: u64,
    },
    /// A witness has seen a sitting that is not here at all.
    Missing,
}

/// All that this program knows of an entry.
#[derive(Deserialize)]
struct Entry {
    at: u64,
    by: Value,
    #[serde(default)]
    command: Option<String>,
}

/// Looks at a journal, with the key and the witnesses that were brought along.
#[must_use]
pub fn examine(journal: &Journal, trusted: Option<PublicKey>, witnesses: &[Checkpoint]) -> Examined {
    let successions: Vec<_> = journal
        .successions
        .iter()
        .filter_map(|text| Checkpoint::read(text))
        .collect();
    let of_this = |checkpoint: &&Checkpoint| checkpoint.says.sitting == journal.sitting;
    let witnessed: Vec<_> = witnesses.iter().filter(of_this).cloned().collect();
    let inspection = inspect(&Evidence {
        sitting: &journal.sitting,
        records: &journal.records,
        checkpoints: &journal.checkpoints,
        successions: &successions,
        trusted,
        witnessed: &witnessed,
    });
    let mut found: Vec<_> = journal
        .damaged
        .map(|line| Found::Damaged { line })
        .into_iter()
        .collect();
    found.extend(inspection.found.iter().cloned().map(Found::Journal));
    found.extend(entries(journal));
    let signed = journal.checkpoints.iter().rev().find_map(|text| Checkpoint::read(text));
    Examined {
        sitting: journal.sitting.clone(),
        records: journal.records.len(),
        checkpoints: journal.checkpoints.len(),
        signed_at: signed.map(|last| last.says.at),
        witnessed: witnessed.len(),
        inspection,
        found,
    }
}

/// Sittings that witnesses know and that are in none of these journals. A witness counts if a key signed that is known here.
#[must_use]
pub fn missing(examined: &[Examined], trusted: Option<PublicKey>, witnesses: &[Checkpoint]) -> Vec<Examined> {
    let here = |sitting: &str| examined.iter().any(|one| one.sitting == sitting);
    let mut keys: Vec<_> = examined.iter().flat_map(|one| &one.inspection.keys).copied().collect();
    keys.extend(trusted);
    let mut gone: BTreeMap<&str, Vec<&Checkpoint>> = BTreeMap::new();
    for witness in witnesses.iter().filter(|witness| !here(&witness.says.sitting)) {
        gone.entry(&witness.says.sitting).or_default().push(witness);
    }
    gone.into_iter()
        .map(|(sitting, shown)| {
            let nothing = Journal {
                sitting: sitting.to_owned(),
                ..Journal::default()
            };
            let good = |one: &&&Checkpoint| one.is_signed() && (keys.is_empty() || keys.contains(&one.says.key));
            let found = match shown.iter().find(good) {
                Some(_) => Found::Missing,
                None => Found::Journal(Finding::FalseWitness {
                    number: shown[0].says.number,
                }),
            };
            Examined {
                witnessed: shown.len(),
                found: vec![found],
                ..examine(&nothing, None, &[])
            }
        })
        .collect()
}

/// What the entries say that no hub would write: its clock never goes back, and it answers a command once.
fn entries(journal: &Journal) -> Vec<Found> {
    let (mut found, mut last, mut answered) = (Vec::new(), 0, BTreeMap::new());
    for record in &journal.records {
        let seq = record.seq;
        let Ok(entry) = serde_json::from_slice::<Entry>(&record.body) else {
            found.push(Found::Unreadable { seq });
            continue;
        };
        if entry.at < last {
            found.push(Found::ClockBack {
                seq,
                by: last - entry.at,
            });
        }
        last = last.max(entry.at);
        if let Some(command) = entry.command {
            let first = *answered.entry((asker(&entry.by), command)).or_insert(seq);
            if first != seq {
                found.push(Found::Replayed { seq, first });
            }
        }
    }
    let named = journal
        .records
        .first()
        .and_then(|first| serde_json::from_slice::<Value>(&first.body).ok());
    if let Some(named) = named
        .as_ref()
        .and_then(|first| first["events"][0]["setup"]["sitting"].as_str())
        && named != journal.sitting
    {
        found.push(Found::OtherSitting {
            named: named.to_owned(),
        });
    }
    found
}

/// Whose command it was: a person keeps the name on another device.
fn asker(by: &Value) -> String {
    let whose = |kind: &str| Some(format!("{kind}:{}", by[kind]["id"].as_str()?));
    whose("person").or_else(|| whose("room")).unwrap_or_default()
}
