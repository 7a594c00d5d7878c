//! An inspector finds whatever a clever hand does to a journal.

#![allow(clippy::unwrap_used)]

use journal::{Broken, Chain, Fault, Hash, Head, Record, verify};

/// A morning of a sitting: bodies of different lengths, one of them empty, two of them equal.
fn morning() -> Vec<Record> {
    let bodies = [
        "mở phiên họp",
        "",
        "đại biểu 07 đăng ký",
        "đại biểu 07 đăng ký",
        "mời phát biểu",
        "kết thúc",
        "nghỉ",
    ];
    let mut chain = Chain::after(Head::EMPTY);
    bodies
        .iter()
        .map(|body| {
            let record = chain.next(body.as_bytes().to_vec());
            assert!(chain.advance(&record));
            record
        })
        .collect()
}

fn head(records: &[Record]) -> Head {
    verify(records, None).expect("an honest journal")
}

#[test]
fn an_honest_journal_is_whole_and_ends_at_its_head() {
    let records = morning();
    let last = records.last().unwrap();
    assert_eq!(
        head(&records),
        Head {
            seq: 7,
            hash: last.hash
        }
    );
    assert_eq!(verify(&records, Some(head(&records))), Ok(head(&records)));
    assert_eq!(
        verify(
            &records,
            Some(Head {
                seq: 3,
                hash: records[2].hash
            })
        ),
        Ok(head(&records))
    );
    assert_eq!(verify(&[], None), Ok(Head::EMPTY));
}

#[test]
fn the_form_of_a_record_is_fixed_for_ever() {
    // Computed apart from this crate:
    // python3 -c "import hashlib,struct; b='mở'.encode(); print(hashlib.sha256(
    //   b'diem-cau/journal/1\n'+bytes(32)+struct.pack('>QQ',1,len(b))+b).hexdigest())"
    let record = Chain::after(Head::EMPTY).next("mở".as_bytes().to_vec());
    assert_eq!(
        record.hash.to_string(),
        "3da6b6c9644a0967fbb1f5cb7330aec97d1fee3112b632d7361ea88fd8fda181"
    );
}

#[test]
fn every_flipped_bit_is_found_at_its_record() {
    let honest = morning();
    for place in 0..honest.len() {
        for bit in 0..honest[place].body.len() * 8 {
            let mut records = honest.clone();
            records[place].body[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                verify(&records, None),
                Err(Broken {
                    seq: place as u64 + 1,
                    fault: Fault::Altered
                })
            );
        }
        for bit in 0..256 {
            let mut records = honest.clone();
            records[place].hash.0[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                verify(&records, None),
                Err(Broken {
                    seq: place as u64 + 1,
                    fault: Fault::Altered
                })
            );
            let mut records = honest.clone();
            records[place].prev.0[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                verify(&records, None),
                Err(Broken {
                    seq: place as u64 + 1,
                    fault: Fault::Altered
                })
            );
        }
        for bit in 0..64 {
            let mut records = honest.clone();
            records[place].seq ^= 1 << bit;
            assert_eq!(verify(&records, None).unwrap_err().seq, place as u64 + 1);
        }
    }
}

#[test]
fn a_body_changed_and_sealed_again_breaks_the_next_link() {
    let honest = morning();
    for place in 0..honest.len() - 1 {
        let mut records = honest.clone();
        records[place] = Record::seal(records[place].seq, records[place].prev, b"khac".to_vec());
        let forged = records[place].hash;
        let next = Broken {
            seq: place as u64 + 2,
            fault: Fault::WrongLink {
                found: honest[place].hash,
            },
        };
        assert_eq!(verify(&records, None), Err(next));
        assert_ne!(forged, honest[place].hash);
    }
}

#[test]
fn every_deletion_is_found() {
    let honest = morning();
    for from in 0..honest.len() {
        for to in from + 1..honest.len() {
            let mut records = honest.clone();
            records.drain(from..to);
            let found = to as u64 + 1;
            assert_eq!(
                verify(&records, None),
                Err(Broken {
                    seq: from as u64 + 1,
                    fault: Fault::Gap { found }
                })
            );
        }
    }
}

#[test]
fn every_exchange_and_every_doubling_is_found() {
    let honest = morning();
    for one in 0..honest.len() {
        for other in one + 1..honest.len() {
            let mut records = honest.clone();
            records.swap(one, other);
            assert_eq!(verify(&records, None).unwrap_err().seq, one as u64 + 1);

            let mut renumbered = honest.clone();
            renumbered.swap(one, other);
            for (place, record) in renumbered.iter_mut().enumerate() {
                record.seq = place as u64 + 1;
            }
            assert_eq!(
                verify(&renumbered, None),
                Err(Broken {
                    seq: one as u64 + 1,
                    fault: Fault::Altered
                })
            );
        }
        let mut records = honest.clone();
        records.insert(one, honest[one].clone());
        let seq = one as u64 + 2;
        assert_eq!(
            verify(&records, None),
            Err(Broken {
                seq,
                fault: Fault::Order { found: seq - 1 }
            })
        );
    }
}

#[test]
fn a_cut_tail_is_found_by_whoever_has_seen_it() {
    let honest = morning();
    let witness = head(&honest);
    for left in 0..honest.len() {
        let cut = &honest[..left];
        assert!(verify(cut, None).is_ok(), "a shorter chain is whole in itself");
        let fault = Fault::Truncated { known: witness.seq };
        assert_eq!(
            verify(cut, Some(witness)),
            Err(Broken {
                seq: left as u64 + 1,
                fault
            })
        );
    }
}

#[test]
fn a_history_written_anew_is_found_by_whoever_has_seen_the_old_one() {
    let honest = morning();
    let seen = Head {
        seq: 4,
        hash: honest[3].hash,
    };
    let mut chain = Chain::after(Head::EMPTY);
    let anew: Vec<Record> = (1..=9)
        .map(|number| {
            let record = chain.next(format!("việc {number}").into_bytes());
            assert!(chain.advance(&record));
            record
        })
        .collect();
    assert!(verify(&anew, None).is_ok());
    let fault = Fault::OtherHistory { known: seen.hash };
    assert_eq!(verify(&anew, Some(seen)), Err(Broken { seq: 4, fault }));
}

#[test]
fn a_chain_takes_only_what_follows() {
    let records = morning();
    let mut chain = Chain::after(Head::EMPTY);
    assert!(!chain.advance(&records[1]));
    assert!(chain.advance(&records[0]));
    assert!(!chain.advance(&records[0]));
    assert!(!chain.advance(&Record::seal(2, Hash::GENESIS, Vec::new())));
    assert_eq!(
        chain.head(),
        Head {
            seq: 1,
            hash: records[0].hash
        }
    );
}
