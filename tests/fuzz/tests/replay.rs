//! The corpus, and some thousands of mutations of each of its files, through every target. What was once found stays in the
//! corpus, so it is found again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

const SEED: u64 = 0x0dd_b1a5_e5ba_11ad;
/// Mutations of each target; a coverage-guided run has no such bound.
const MUTATIONS: usize = 100_000;
/// Longer than anything that any target reads at once.
const LONGEST: usize = 16 * 1024;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides.max(1)
    }
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files.iter().map(|file| std::fs::read(file).expect("a file")).collect()
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice, corpus: &[Vec<u8>]) {
    for _ in 0..=dice.roll(4) {
        let length = bytes.len();
        match dice.roll(7) {
            0 if length > 0 => bytes[dice.roll(length)] ^= 1 << dice.roll(8),
            1 if length > 0 => bytes[dice.roll(length)] = dice.roll(256) as u8,
            2 => bytes.truncate(dice.roll(length + 1)),
            3 => bytes.extend(std::iter::repeat_n(dice.roll(256) as u8, dice.roll(40))),
            4 if length > 4 => {
                let at = dice.roll(length - 2);
                bytes[at..at + 2].copy_from_slice(&[[0, 0], [255, 255], [0, 1], [128, 0]][dice.roll(4)]);
            }
            5 => {
                let other = &corpus[dice.roll(corpus.len())];
                bytes.truncate(dice.roll(length + 1));
                bytes.extend_from_slice(&other[dice.roll(other.len())..]);
            }
            _ if length > 8 => {
                let (from, to) = (dice.roll(length), dice.roll(length));
                bytes.copy_within(from.max(to)..length, from.min(to));
            }
            _ => {}
        }
    }
    bytes.truncate(LONGEST);
}

#[test]
fn every_target_reads_its_corpus_and_what_becomes_of_it() {
    println!("seed {SEED:#x}");
    for (name, target) in fuzz::targets() {
        let corpus = corpus(name);
        let mut dice = Dice(SEED);
        let mutants = (0..MUTATIONS).map(|_| {
            let mut bytes = corpus[dice.roll(corpus.len())].clone();
            mutate(&mut bytes, &mut dice, &corpus);
            bytes
        });
        for bytes in corpus.iter().cloned().chain(mutants) {
            let outcome = catch_unwind(AssertUnwindSafe(|| target(&bytes)));
            assert!(outcome.is_ok(), "{name} fails with {bytes:02x?}; keep it in the corpus");
        }
    }
}

/// All but the bodies of WHIP: for a target that guides itself by coverage the whole hub would have to be built.
#[test]
fn every_target_can_be_given_to_the_fuzzer() {
    for (name, _) in fuzz::targets().filter(|(name, _)| *name != "whip") {
        let file = format!("{}/libfuzzer/fuzz_targets/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(&format!("fuzz::run(\"{name}\", bytes)")));
    }
}
