//! A journal as a file to hand over: one JSON object a line, records first, then checkpoints, then those checkpoints of other
//! sittings by which the hub's key changed.
//!
//! ```text
//! {"export":{"version":1,"sitting":"019373…"}}
//! {"record":{"seq":1,"prev":"00…","hash":"9f…","body":"{\"at\":…}"}}
//! {"checkpoint":"diem-cau/checkpoint/1\nsitting 019373…\n…"}
//! {"succession":"diem-cau/checkpoint/1\n…"}
//! ```
//!
//! A body is the very text that was hashed. There is one way to write each journal down: a file that differs from it by a byte
//! has been altered, whatever it still says.

use crate::source::Journal;
use anyhow::{Context, Result, bail};
use journal::{Hash, Record};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// The form described above.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Export(Title),
    Record(Row),
    Checkpoint(String),
    Succession(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    version: u32,
    sitting: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    seq: u64,
    prev: String,
    hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// Instead of `body`, when that is no text: nothing a hub writes, but an inspector wants to see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_hex: Option<String>,
}

/// The file of a journal.
#[must_use]
pub fn write(journal: &Journal) -> String {
    let mut file = String::new();
    let mut line = |line: &Line| {
        let line = serde_json::to_string(line).expect("strings and whole numbers");
        writeln!(file, "{line}").expect("a string takes all");
    };
    line(&Line::Export(Title {
        version: VERSION,
        sitting: journal.sitting.clone(),
    }));
    for record in &journal.records {
        line(&Line::Record(row(record)));
    }
    for text in &journal.checkpoints {
        line(&Line::Checkpoint(text.clone()));
    }
    for text in &journal.successions {
        line(&Line::Succession(text.clone()));
    }
    file
}

fn row(record: &Record) -> Row {
    let (body, body_hex) = match String::from_utf8(record.body.clone()) {
        Ok(text) => (Some(text), None),
        Err(_) => (None, Some(hex::encode(&record.body))),
    };
    Row {
        seq: record.seq,
        prev: record.prev.to_string(),
        hash: record.hash.to_string(),
        body,
        body_hex,
    }
}

/// Reads a file back. Lines that cannot be read are left out; the journal names the first place that is not as it was
/// written.
///
/// # Errors
/// The file is no export, or one of a later form.
pub fn read(file: &[u8]) -> Result<Journal> {
    let text = String::from_utf8_lossy(file);
    let mut lines = text.lines();
    let title = lines.next().and_then(|line| serde_json::from_str(line).ok());
    let Some(Line::Export(Title { version, sitting })) = title else {
        bail!("neither a database nor an export of a journal");
    };
    if version != VERSION {
        bail!("an export of form {version}; this program reads form {VERSION}");
    }
    let mut journal = Journal {
        sitting,
        ..Journal::default()
    };
    for line in lines {
        match serde_json::from_str(line) {
            Ok(Line::Record(row)) => journal.records.extend(record(row)),
            Ok(Line::Checkpoint(text)) => journal.checkpoints.push(text),
            Ok(Line::Succession(text)) => journal.successions.push(text),
            Ok(Line::Export(_)) | Err(_) => {}
        }
    }
    journal.successions.sort_unstable();
    journal.damaged = first_difference(write(&journal).as_bytes(), file);
    Ok(journal)
}

fn record(row: Row) -> Option<Record> {
    let hash = |digits: &str| Hash::from_slice(&hex::decode(digits).ok()?);
    let body = match (row.body, row.body_hex) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(digits)) => hex::decode(digits).ok()?,
        (None, None) | (Some(_), Some(_)) => return None,
    };
    Some(Record {
        seq: row.seq,
        prev: hash(&row.prev)?,
        hash: hash(&row.hash)?,
        body,
    })
}

/// The line, from 1, in which two files differ.
fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    Some(1 + other[..same].iter().filter(|byte| **byte == b'\n').count())
}

/// Writes the file of a journal to a path.
///
/// # Errors
/// The file cannot be written.
pub fn save(journal: &Journal, path: &std::path::Path) -> Result<()> {
    std::fs::write(path, write(journal)).with_context(|| format!("cannot write {}", path.display()))
}
