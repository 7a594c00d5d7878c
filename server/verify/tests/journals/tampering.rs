//! T-56: whoever has the database but not the key alters a journal ten thousand times, as cleverly as that allows, and is found
//! ten thousand times.

use crate::sitting::{at, body, honest, reseal, sign, signer};
use journal::{Checkpoint, Hash, PublicKey, Record, Signer};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use verify::examine::{Examined, Found, examine};
use verify::export;
use verify::source::Journal;

/// Alterations, unless ALTERATIONS says otherwise.
const ALTERATIONS: u32 = 10_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// What an inspector with the key and a secretary's newest checkpoint makes of a file.
fn look(file: &[u8], key: PublicKey, witness: &[Checkpoint]) -> Option<Examined> {
    Some(examine(&export::read(file).ok()?, Some(key), witness))
}

/// Something that can be done to a journal.
type Alteration = fn(&mut Journal, &mut StdRng);

const WAYS: &[(&str, Alteration)] = &[
    ("a record is taken out", |journal, random| {
        let place = random.random_range(0..journal.records.len());
        journal.records.remove(place);
    }),
    ("a record is taken out and the rest sealed again", |journal, random| {
        let place = random.random_range(0..journal.records.len() - 1);
        journal.records.remove(place);
        reseal(journal, place);
    }),
    ("two records change places", |journal, random| {
        let (one, other) = two(journal.records.len(), random);
        journal.records.swap(one, other);
    }),
    (
        "two records change places and all is sealed again",
        |journal, random| {
            let (one, other) = two(journal.records.len(), random);
            journal.records.swap(one, other);
            reseal(journal, one.min(other));
        },
    ),
    ("a record is put in", |journal, random| {
        let place = random.random_range(0..journal.records.len());
        let copy = journal.records.choose(random).unwrap().clone();
        journal.records.insert(place, copy);
    }),
    ("a record is put in and the rest sealed again", |journal, random| {
        let place = random.random_range(0..journal.records.len());
        let seq = 900 + place as u64;
        journal
            .records
            .insert(place, Record::seal(seq, Hash::GENESIS, body(seq).into_bytes()));
        reseal(journal, place);
    }),
    ("a body is changed", |journal, random| {
        let record = journal.records.choose_mut(random);
        let byte = record.body.choose_mut(random);
        *byte ^= 1 << random.random_range(0..8);
    }),
    ("a body is changed and the rest sealed again", |journal, random| {
        let place = random.random_range(0..journal.records.len());
        let byte = journal.records[place].body.choose_mut(random);
        *byte ^= 1 << random.random_range(0..8);
        reseal(journal, place);
    }),
    ("the tail is cut off", |journal, random| {
        let left = random.random_range(0..journal.records.len());
        journal.records.truncate(left);
    }),
    ("an older state is put back", |journal, random| {
        let signed = random.random_range(0..journal.checkpoints.len());
        journal.checkpoints.truncate(signed);
        journal.records.truncate(signed * 8 + random.random_range(0..8));
    }),
    ("the newest checkpoints are thrown away", |journal, random| {
        let left = random.random_range(0..journal.checkpoints.len());
        journal.checkpoints.truncate(left);
    }),
    ("a checkpoint is taken out", |journal, random| {
        let place = random.random_range(0..journal.checkpoints.len());
        journal.checkpoints.remove(place);
    }),
    ("two checkpoints change places", |journal, random| {
        let (one, other) = two(journal.checkpoints.len(), random);
        journal.checkpoints.swap(one, other);
    }),
    ("a checkpoint is doubled", |journal, random| {
        let place = random.random_range(0..journal.checkpoints.len());
        journal.checkpoints.insert(place, journal.checkpoints[place].clone());
    }),
    ("a checkpoint is changed", |journal, random| {
        let place = random.random_range(0..journal.checkpoints.len());
        let mut bytes = journal.checkpoints[place].clone().into_bytes();
        *bytes.choose_mut(random) ^= 1 << random.random_range(0..7);
        journal.checkpoints[place] = String::from_utf8(bytes).unwrap();
    }),
    ("a checkpoint is signed by another", |journal, random| {
        let place = random.random_range(0..journal.checkpoints.len());
        let says = Checkpoint::read(&journal.checkpoints[place]).unwrap().says;
        journal.checkpoints[place] = Checkpoint::sign(says, &Signer::from_seed(&random.random())).text();
    }),
    ("all is written anew and signed by another", |journal, random| {
        let from = random.random_range(0..journal.records.len());
        journal.records[from].body = body(777).into_bytes();
        reseal(journal, from);
        let forger = Signer::from_seed(&random.random());
        let (records, ends) = (
            std::mem::take(&mut journal.records),
            std::mem::take(&mut journal.checkpoints),
        );
        for text in ends {
            let seq = Checkpoint::read(&text).unwrap().says.head.seq;
            journal.records = records[..seq as usize].to_vec();
            sign(journal, &forger);
        }
    }),
    ("a command is given once more", |journal, random| {
        let seq = random.random_range(2..journal.records.len() as u64);
        let again = body(seq).replace(&at(seq).to_string(), &at(5_000).to_string());
        append(journal, again);
    }),
    ("the clock is set back by an hour", |journal, _| {
        let seq = journal.records.len() as u64 + 1;
        append(
            journal,
            body(seq).replace(&at(seq).to_string(), &(at(seq) - 3_600_000).to_string()),
        );
    }),
];

/// A place that is altered.
trait ChooseMut<T> {
    fn choose_mut(&mut self, random: &mut StdRng) -> &mut T;
}

impl<T> ChooseMut<T> for Vec<T> {
    fn choose_mut(&mut self, random: &mut StdRng) -> &mut T {
        let place = random.random_range(0..self.len());
        &mut self[place]
    }
}

fn two(len: usize, random: &mut StdRng) -> (usize, usize) {
    let one = random.random_range(0..len);
    (one, (one + random.random_range(1..len)) % len)
}

/// A record behind the last one, whole in itself.
fn append(journal: &mut Journal, body: String) {
    let last = journal.records.last().unwrap();
    journal
        .records
        .push(Record::seal(last.seq + 1, last.hash, body.into_bytes()));
}

/// Bytes of the file itself: changed, taken out, put in.
fn blunt(file: &[u8], random: &mut StdRng) -> (&'static str, Vec<u8>) {
    let mut file = file.to_vec();
    let place = random.random_range(0..file.len());
    let count = random.random_range(1..40).min(file.len() - place);
    match random.random_range(0..4) {
        0 => {
            file[place] ^= 1 << random.random_range(0..8);
            ("a bit of the file flips", file)
        }
        1 => {
            file.drain(place..place + count);
            ("bytes of the file are gone", file)
        }
        2 => {
            file.truncate(place);
            ("the file ends early", file)
        }
        _byte => {
            file.insert(place, random.random());
            ("a byte is put into the file", file)
        }
    }
}

#[test]
fn ten_thousand_alterations_ten_thousand_found() {
    let seed = number("SEED").unwrap_or_else(rand::random);
    let alterations = number("ALTERATIONS").map_or(ALTERATIONS, |count| count as u32);
    println!("SEED={seed} ALTERATIONS={alterations}");
    let mut random = StdRng::seed_from_u64(seed);
    let (original, key) = (honest(44), signer().public());
    let file = export::write(&original).into_bytes();
    // The secretary's device holds the newest checkpoint; nothing else lies outside the database but the public key.
    let witness: Vec<_> = original
        .checkpoints
        .last()
        .and_then(|text| Checkpoint::read(text))
        .into_iter()
        .collect();
    let untouched = look(&file, key, &witness).unwrap();
    assert_eq!((untouched.found, untouched.inspection.confirmed), (vec![], 1));

    let mut done: BTreeMap<&str, u32> = BTreeMap::new();
    for number in 0..alterations {
        let (way, altered) = if number % 4 == 0 {
            blunt(&file, &mut random)
        } else {
            let (way, alter) = WAYS.choose(&mut random).unwrap();
            let mut journal = original.clone();
            alter(&mut journal, &mut random);
            (*way, export::write(&journal).into_bytes())
        };
        assert_ne!(altered, file, "SEED={seed}, number {number}: {way} changed nothing");
        let found = look(&altered, key, &witness).is_none_or(|examined| !examined.found.is_empty());
        if !found {
            let kept = std::env::temp_dir().join("unfound.journal");
            std::fs::write(&kept, &altered).unwrap();
            panic!(
                "SEED={seed}, number {number}: {way} was not found; see {}",
                kept.display()
            );
        }
        *done.entry(way).or_default() += 1;
    }
    println!("{done:#?}");
    assert_eq!(done.len(), WAYS.len() + 4, "every way was tried");
}

#[test]
fn what_is_wrong_is_named() {
    let (mut journal, key) = (honest(20), signer().public());
    append(&mut journal, body(9).replace(&at(9).to_string(), &at(18).to_string()));
    let found = examine(&journal, Some(key), &[]).found;
    assert_eq!(
        found,
        [
            Found::ClockBack { seq: 21, by: 10_000 },
            Found::Replayed { seq: 21, first: 9 }
        ]
    );
    let mut journal = honest(20);
    journal.sitting = "0193-phien-2".to_owned();
    let found = examine(&journal, Some(key), &[]).found;
    assert!(
        found.contains(&Found::OtherSitting {
            named: "0193-phien-1".to_owned()
        }),
        "{found:?}"
    );
}

#[test]
fn an_export_is_read_back_as_it_was_written_whatever_the_bodies_hold() {
    let mut journal = honest(9);
    journal
        .records
        .push(Record::seal(10, journal.records[8].hash, vec![0xff, 0x00, b'"']));
    journal
        .records
        .push(Record::seal(11, journal.records[9].hash, "dòng\nmới \"…\"".into()));
    assert_eq!(export::read(export::write(&journal).as_bytes()).unwrap(), journal);
}
