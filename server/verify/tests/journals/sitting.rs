//! An honest sitting, as a hub would have kept it.

use journal::{Chain, Checkpoint, Hash, Head, Signer, Statement};
use verify::source::Journal;

pub(crate) const SITTING: &str = "0193-phien-1";

/// The hub's key.
pub(crate) fn signer() -> Signer {
    Signer::from_seed(&[7; 32])
}

/// When a record was written.
pub(crate) fn at(seq: u64) -> u64 {
    1_772_413_200_000 + seq * 5_000
}

/// The body of a record: like the entries of a hub, with commands of two people that have the same names.
pub(crate) fn body(seq: u64) -> String {
    if seq == 1 {
        let did = format!(r#"{{"did":"sitting_created","setup":{{"sitting":"{SITTING}"}}}}"#);
        return format!(r#"{{"at":{},"by":"system","events":[{did}]}}"#, at(1));
    }
    let (who, command) = (["an", "bình"][(seq % 2) as usize], seq / 2);
    let by = format!(r#"{{"person":{{"id":"{who}","device":"tablet-{seq}"}}}}"#);
    format!(
        r#"{{"at":{},"by":{by},"command":"c{command}","events":[{{"did":"clock_kept_{seq}"}}]}}"#,
        at(seq)
    )
}

/// So many records, signed after every eighth and at the end.
pub(crate) fn honest(records: u64) -> Journal {
    let mut journal = Journal {
        sitting: SITTING.to_owned(),
        ..Journal::default()
    };
    let mut chain = Chain::after(Head::EMPTY);
    for seq in 1..=records {
        let record = chain.next(body(seq).into_bytes());
        assert!(chain.advance(&record));
        journal.records.push(record);
        if seq % 8 == 0 || seq == records {
            sign(&mut journal, &signer());
        }
    }
    journal
}

/// Signs the journal as it stands.
pub(crate) fn sign(journal: &mut Journal, signer: &Signer) {
    let last = journal.checkpoints.last().and_then(|text| Checkpoint::read(text));
    let record = journal.records.last().unwrap();
    let says = Statement {
        sitting: SITTING.to_owned(),
        number: journal.checkpoints.len() as u64 + 1,
        head: Head {
            seq: record.seq,
            hash: record.hash,
        },
        at: at(record.seq) + 100,
        after: last.as_ref().map_or(Hash::GENESIS, Checkpoint::digest),
        key: signer.public(),
        next: None,
    };
    journal.checkpoints.push(Checkpoint::sign(says, signer).text());
}

/// The links of the chain made anew from this place on, as whoever has the database can do.
pub(crate) fn reseal(journal: &mut Journal, from: usize) {
    let mut chain = Chain::after(Head::EMPTY);
    for (place, record) in journal.records.iter_mut().enumerate() {
        if place >= from {
            *record = chain.next(record.body.clone());
        }
        assert!(chain.advance(record));
    }
}
