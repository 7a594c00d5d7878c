//! Checkpoints: one form to the last byte, and what signatures and witnesses find that the chain alone cannot.

#![allow(clippy::unwrap_used)]

use journal::{
    Chain, Checkpoint, CheckpointFault, Evidence, Finding, Hash, Head, Inspection, PublicKey, Record, Signer,
    Statement, inspect,
};

const SITTING: &str = "phien-1";

/// A hub that writes and signs.
struct Hub {
    signer: Signer,
    chain: Chain,
    records: Vec<Record>,
    checkpoints: Vec<Checkpoint>,
}

impl Hub {
    fn new(seed: u8) -> Self {
        let signer = Signer::from_seed(&[seed; 32]);
        Self {
            signer,
            chain: Chain::after(Head::EMPTY),
            records: Vec::new(),
            checkpoints: Vec::new(),
        }
    }

    fn write(&mut self, bodies: &[&str]) {
        for body in bodies {
            let record = self.chain.next(body.as_bytes().to_vec());
            assert!(self.chain.advance(&record));
            self.records.push(record);
        }
    }

    fn sign(&mut self, next: Option<&Signer>) {
        let last = self.checkpoints.last();
        let says = Statement {
            sitting: SITTING.to_owned(),
            number: self.checkpoints.len() as u64 + 1,
            head: self.chain.head(),
            at: 1_772_413_200_000 + self.checkpoints.len() as u64 * 60_000,
            after: last.map_or(Hash::GENESIS, Checkpoint::digest),
            key: self.signer.public(),
            next: next.map(Signer::public),
        };
        self.checkpoints.push(Checkpoint::sign(says, &self.signer));
    }

    fn key(&self) -> PublicKey {
        self.signer.public()
    }
}

/// Nine records, signed at the third, the sixth and the ninth.
fn morning() -> Hub {
    let mut hub = Hub::new(1);
    for bodies in [
        ["mở phiên", "điểm danh", "chốt"],
        ["mời", "xong", "mời"],
        ["xong", "nghỉ", "bế mạc"],
    ] {
        hub.write(&bodies);
        hub.sign(None);
    }
    hub
}

fn look(hub: &Hub, trusted: Option<PublicKey>, witnessed: &[Checkpoint]) -> Inspection {
    let checkpoints: Vec<String> = hub.checkpoints.iter().map(Checkpoint::text).collect();
    inspect(&Evidence {
        sitting: SITTING,
        records: &hub.records,
        checkpoints: &checkpoints,
        successions: &[],
        trusted,
        witnessed,
    })
}

fn faults(inspection: &Inspection) -> Vec<(u64, &CheckpointFault)> {
    let fault = |finding| match finding {
        &Finding::Checkpoint { number, ref fault } => Some((number, fault)),
        _other => None,
    };
    inspection.found.iter().filter_map(fault).collect()
}

#[test]
fn an_honest_journal_is_whole_and_its_witnesses_agree() {
    let hub = morning();
    let inspection = look(&hub, Some(hub.key()), &hub.checkpoints[1..]);
    assert_eq!(inspection.found, []);
    assert_eq!(
        (inspection.signed, inspection.confirmed, inspection.head.seq),
        (9, 2, 9)
    );
    assert_eq!(inspection.keys, [hub.key()]);
}

#[test]
fn the_form_of_a_checkpoint_is_fixed_for_ever() {
    // Computed apart from this crate, from its README, in Python: hashlib.sha256 for the records, `cryptography` for
    // Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)).sign(text of the first eight lines).
    let expected = "diem-cau/checkpoint/1\n\
        sitting phien-1\n\
        number 1\n\
        seq 3\n\
        hash 0496555b737344237940495bbae361ffc3f08e7305b0e53557318fef091abf0c\n\
        at 1772413200000\n\
        after 0000000000000000000000000000000000000000000000000000000000000000\n\
        key 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c\n\
        signature bb45b04fea744c694a3fed4c791c5257bdd49e12a261b5b9a392266d6be7999b\
        fea88faadad1efda10668ee1297c71b1127e7193db6f973f679538aca523d60a\n";
    let hub = morning();
    assert_eq!(hub.checkpoints[0].text(), expected);
    assert_eq!(Checkpoint::read(expected).as_ref(), Some(&hub.checkpoints[0]));
    assert_eq!(hub.checkpoints[0].says.head.short(), "0496-555B-7373-4423-7940");
}

#[test]
fn every_changed_byte_of_a_checkpoint_is_found() {
    let hub = morning();
    let text = hub.checkpoints[1].text();
    for place in 0..text.len() {
        for other in [b'0', b'a', b'F', b' ', b'\n'] {
            let mut bytes = text.clone().into_bytes();
            if bytes[place] == other {
                continue;
            }
            bytes[place] = other;
            let changed = String::from_utf8(bytes).unwrap();
            assert!(
                Checkpoint::read(&changed).is_none_or(|read| !read.is_signed()),
                "{changed}"
            );
        }
        let (before, after) = text.split_at(place);
        assert!(Checkpoint::read(&format!("{before} {after}")).is_none_or(|read| !read.is_signed()));
        assert_eq!(Checkpoint::read(before), None);
    }
}

#[test]
fn a_chain_written_anew_is_not_the_one_that_was_signed() {
    let mut hub = morning();
    let signed = std::mem::take(&mut hub.checkpoints);
    let mut anew = Hub::new(1);
    anew.write(&[
        "mở phiên",
        "điểm danh",
        "chốt",
        "mời",
        "XONG",
        "mời",
        "xong",
        "nghỉ",
        "bế mạc",
    ]);
    anew.checkpoints = signed;
    let inspection = look(&anew, Some(hub.key()), &[]);
    assert_eq!(
        faults(&inspection),
        [
            (2, &CheckpointFault::OtherRecord { seq: 6 }),
            (3, &CheckpointFault::OtherRecord { seq: 9 })
        ]
    );
    assert_eq!(inspection.signed, 3, "what was signed before the change still stands");
}

#[test]
fn a_chain_signed_anew_by_another_key_is_not_this_hubs() {
    let hub = morning();
    let mut forger = Hub::new(2);
    forger.write(&["mở phiên", "điểm danh", "chốt", "đã sửa"]);
    forger.sign(None);
    let inspection = look(&forger, Some(hub.key()), &[]);
    assert_eq!(faults(&inspection), [(1, &CheckpointFault::Key { key: forger.key() })]);
    // Whoever brought no key along, but has a witness, sees it as well.
    let inspection = look(&forger, None, &hub.checkpoints);
    assert!(!inspection.found.is_empty());
    // In the middle of a journal another key needs no comparison.
    let mut hub = morning();
    hub.signer = Signer::from_seed(&[2; 32]);
    hub.write(&["thêm"]);
    hub.sign(None);
    assert_eq!(
        faults(&look(&hub, None, &[])),
        [(4, &CheckpointFault::Key { key: hub.key() })]
    );
}

#[test]
fn the_old_key_may_name_a_new_one_and_is_worth_nothing_afterwards() {
    let mut hub = morning();
    let (old, new) = (hub.key(), Signer::from_seed(&[2; 32]));
    hub.write(&["đổi khóa"]);
    hub.sign(Some(&new));
    hub.signer = new;
    hub.write(&["tiếp tục"]);
    hub.sign(None);
    let inspection = look(&hub, Some(old), &hub.checkpoints);
    assert_eq!(inspection.found, []);
    assert_eq!(inspection.keys, [old, hub.key()]);
    // A later sitting under the new key leads back to the old one by the checkpoint that changed them.
    let mut later = Hub::new(2);
    later.write(&["phiên sau"]);
    later.sign(None);
    let checkpoints = [later.checkpoints[0].text()];
    let mut evidence = Evidence {
        sitting: SITTING,
        records: &later.records,
        checkpoints: &checkpoints,
        successions: &hub.checkpoints[3..4],
        trusted: Some(old),
        witnessed: &[],
    };
    assert_eq!(inspect(&evidence).found, []);
    evidence.successions = &[];
    assert_eq!(
        faults(&inspect(&evidence)),
        [(1, &CheckpointFault::Key { key: later.key() })]
    );
    // The old key again, after it was given up.
    hub.signer = Signer::from_seed(&[1; 32]);
    hub.write(&["giả"]);
    hub.sign(None);
    assert_eq!(
        faults(&look(&hub, Some(old), &[])),
        [(6, &CheckpointFault::Key { key: old })]
    );
}

#[test]
fn a_cut_tail_is_found_by_checkpoints_and_with_them_by_a_witness() {
    let honest = morning();
    let mut hub = morning();
    hub.records.truncate(8);
    let cut = CheckpointFault::Truncated { covers: 9, there: 8 };
    assert_eq!(faults(&look(&hub, None, &[])), [(3, &cut)]);
    // With its checkpoint it is an honest older state, which nobody but a witness can tell from the newest.
    hub.checkpoints.truncate(2);
    assert_eq!(look(&hub, Some(hub.key()), &[]).found, []);
    let found = look(&hub, Some(hub.key()), &honest.checkpoints).found;
    assert_eq!(found, [Finding::Truncated { number: 3, known: 9 }]);
}

#[test]
fn a_missing_a_doubled_and_an_exchanged_checkpoint_are_found() {
    let mut hub = morning();
    hub.checkpoints.remove(1);
    assert_eq!(
        faults(&look(&hub, None, &[])),
        [(2, &CheckpointFault::Gap { found: 3 })]
    );
    let mut hub = morning();
    hub.checkpoints.insert(1, hub.checkpoints[0].clone());
    assert_eq!(
        faults(&look(&hub, None, &[]))[0],
        (2, &CheckpointFault::Order { found: 1 })
    );
    let mut hub = morning();
    hub.checkpoints.swap(1, 2);
    assert_eq!(
        faults(&look(&hub, None, &[]))[0],
        (2, &CheckpointFault::Gap { found: 3 })
    );
    let mut hub = morning();
    hub.checkpoints.clear();
    assert_eq!(look(&hub, Some(hub.key()), &[]).found, [Finding::Unsigned]);
    assert_eq!(
        look(&hub, None, &[]).found,
        [],
        "a journal of before anything was signed"
    );
}

#[test]
fn a_false_witness_says_nothing_against_the_journal() {
    let hub = morning();
    let mut forger = Hub::new(2);
    forger.write(&["không có thật"]);
    forger.sign(None);
    let found = look(&hub, Some(hub.key()), &forger.checkpoints).found;
    assert_eq!(found, [Finding::FalseWitness { number: 1 }]);
}

#[test]
fn a_key_that_was_given_up_makes_no_witnesses_any_more() {
    let (mut hub, new) = (morning(), Signer::from_seed(&[3; 32]));
    let old = hub.key();
    hub.sign(Some(&new));
    let until = hub.checkpoints.clone();
    // Whoever found the old key signs another journal, at a later time.
    let mut forger = Hub::new(1);
    forger.checkpoints.clone_from(&until);
    forger.write(&["không có thật"]);
    forger.sign(None);
    let shown = forger.checkpoints.split_off(until.len());
    let number = shown[0].says.number;
    assert_eq!(look(&hub, Some(old), &shown).found, [Finding::FalseWitness { number }]);
    assert_eq!(
        look(&hub, Some(old), &until).found,
        [],
        "what it signed in its time stands"
    );
}

#[test]
fn a_file_of_witnesses_is_read_however_an_editor_left_it() {
    let hub = morning();
    let texts: Vec<String> = hub.checkpoints.iter().map(Checkpoint::text).collect();
    for file in [
        texts.concat(),
        texts.join("\n"),
        texts.concat().replace('\n', "\r\n"),
        format!("\n{}", texts.concat().trim_end()),
    ] {
        assert_eq!(Checkpoint::read_all(&file), (hub.checkpoints.clone(), 0));
    }
    let damaged = texts.concat().replacen("seq 6", "seq 7", 1);
    assert_eq!(Checkpoint::read_all(&damaged).0.len(), 3, "readable, and not signed");
    assert!(!Checkpoint::read_all(&damaged).0[1].is_signed());
    assert_eq!(
        Checkpoint::read_all(&texts.concat().replacen("number 2", "number hai", 1)).1,
        1
    );
    assert_eq!(Checkpoint::read_all("xin chào"), (vec![], 1));
}
