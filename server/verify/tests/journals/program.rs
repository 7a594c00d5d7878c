//! The program itself, on real files: a database and an export, a key and a witness, and nothing else.

use crate::sitting::{SITTING, honest, reseal, sign, signer};
use journal::Signer;
use sqlx::Connection;
use std::path::{Path, PathBuf};
use std::process::Command;
use store::{Options, Store};
use tempfile::TempDir;
use verify::export;
use verify::source::Journal;

/// What lies on the inspector's desk.
struct Desk {
    folder: TempDir,
}

impl Desk {
    /// The journal as a database that a hub has left, its public key, and what the secretary's device holds.
    async fn with(journal: &Journal) -> Self {
        let folder = TempDir::new().unwrap();
        let desk = Self { folder };
        let (store, writer) = Store::open(&desk.file("hub.sqlite"), &Options::default())
            .await
            .unwrap();
        store.create_sitting(SITTING, 7).await.unwrap();
        for record in &journal.records {
            store.append(SITTING, record.clone()).await.unwrap();
        }
        for (place, text) in journal.checkpoints.iter().enumerate() {
            store
                .put_checkpoint(SITTING, place as u64 + 1, text.clone())
                .await
                .unwrap();
        }
        drop(store);
        writer.await.unwrap();
        std::fs::write(desk.file("journal.pub"), signer().public().file()).unwrap();
        std::fs::write(desk.file("witness.txt"), honest(44).checkpoints.concat()).unwrap();
        desk
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program; its status, and what it said.
    fn verify(&self, journal: &str, also: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_hub-verify"))
            .current_dir(self.folder.path())
            .arg(journal)
            .args(also)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.code().unwrap(), text)
    }

    async fn sql(&self, statements: &[&'static str]) {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.file("hub.sqlite"));
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        for statement in statements {
            sqlx::query(*statement).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
    }
}

const ALL: &[&str] = &["--key", "journal.pub", "--witness", "witness.txt"];

fn listing(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn an_honest_database_is_whole_and_is_not_touched() {
    let desk = Desk::with(&honest(44)).await;
    let before = listing(desk.folder.path());
    let (status, said) = desk.verify("hub.sqlite", ALL);
    assert_eq!(status, 0, "{said}");
    assert!(
        said.contains("Kết luận: nguyên vẹn") && said.contains("Conclusion: whole"),
        "{said}"
    );
    assert!(
        said.contains("44 bản ghi, 6 dấu kiểm có chữ ký, 6 dấu kiểm của nhân chứng (khớp 6)"),
        "{said}"
    );
    assert!(said.contains(&signer().public().fingerprint()), "{said}");
    assert!(listing(desk.folder.path()) == before, "evidence is only read");
    // By its digits the key is the same key; without one it says what it cannot know.
    let (status, said) = desk.verify("hub.sqlite", &["--key", &signer().public().to_string()]);
    assert!(status == 0 && said.contains("No witness"), "{said}");
    let (status, said) = desk.verify("hub.sqlite", &[]);
    assert!(status == 0 && said.contains("The key was not compared"), "{said}");
}

#[tokio::test]
async fn an_export_says_the_same_as_the_database() {
    let desk = Desk::with(&honest(44)).await;
    std::fs::write(desk.file("phien.journal"), export::write(&honest(44))).unwrap();
    assert_eq!(desk.verify("phien.journal", ALL), desk.verify("hub.sqlite", ALL));
}

#[tokio::test]
async fn a_flipped_letter_in_the_database_is_found_at_its_record() {
    let desk = Desk::with(&honest(44)).await;
    desk.sql(&[
        "DROP TRIGGER record_is_never_changed",
        "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), 'clock_kept', 'clock_keqt') AS BLOB) WHERE seq = 12",
    ])
    .await;
    let (status, said) = desk.verify("hub.sqlite", ALL);
    assert_eq!(status, 1, "{said}");
    assert!(
        said.contains("bản ghi 12: mã băm không khớp nội dung") && said.contains("record 12"),
        "{said}"
    );
}

#[tokio::test]
async fn a_history_written_anew_is_found_by_the_signatures() {
    let mut journal = honest(44);
    journal.records[20].body = crate::sitting::body(777).into_bytes();
    reseal(&mut journal, 20);
    let (status, said) = Desk::with(&journal)
        .await
        .verify("hub.sqlite", &["--key", "journal.pub"]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("dấu kiểm 3: được ký cho một bản ghi 24 khác"), "{said}");
    assert!(said.contains("Signed up to record 16"), "{said}");
}

#[tokio::test]
async fn signed_anew_by_another_key_it_is_not_this_hubs() {
    let mut journal = Journal {
        checkpoints: Vec::new(),
        ..honest(44)
    };
    sign(&mut journal, &Signer::from_seed(&[9; 32]));
    let desk = Desk::with(&journal).await;
    let (status, said) = desk.verify("hub.sqlite", &["--key", "journal.pub"]);
    assert!(
        status == 1 && said.contains("ký bằng khóa không phải của hệ thống này"),
        "{said}"
    );
    // Without the key the secretary's file is enough.
    let (status, said) = desk.verify("hub.sqlite", &["--witness", "witness.txt"]);
    assert!(status == 1, "{said}");
}

#[tokio::test]
async fn an_older_backup_is_found_by_a_witness_alone() {
    let desk = Desk::with(&honest(24)).await;
    let (status, said) = desk.verify("hub.sqlite", &["--key", "journal.pub"]);
    assert_eq!(status, 0, "an honest older state: {said}");
    let (status, said) = desk.verify("hub.sqlite", ALL);
    assert_eq!(status, 1, "{said}");
    assert!(
        said.contains("dấu kiểm 6 do nhân chứng giữ bao gồm 44 bản ghi"),
        "{said}"
    );
}

#[tokio::test]
async fn a_sitting_that_is_gone_altogether_is_found_by_a_witness() {
    let desk = Desk::with(&honest(44)).await;
    desk.sql(&[
        "DROP TRIGGER record_is_never_removed",
        "DROP TRIGGER checkpoint_is_never_removed",
        "DELETE FROM checkpoint",
        "DELETE FROM record",
        "DELETE FROM sitting",
    ])
    .await;
    let (status, said) = desk.verify("hub.sqlite", ALL);
    assert!(
        status == 1 && said.contains("nhân chứng đã thấy phiên họp này"),
        "{said}"
    );
    assert_eq!(
        desk.verify("hub.sqlite", &["--key", "journal.pub"]).0,
        0,
        "nobody has said what should be here"
    );
}

#[tokio::test]
async fn a_database_of_before_there_were_signatures_is_read() {
    let desk = Desk::with(&Journal {
        checkpoints: Vec::new(),
        ..honest(44)
    })
    .await;
    desk.sql(&["DROP TABLE checkpoint", "DROP TABLE witness"]).await;
    let (status, said) = desk.verify("hub.sqlite", &[]);
    assert!(
        status == 0 && said.contains("44 records, 0 signed checkpoints"),
        "{said}"
    );
    let (status, said) = desk.verify("hub.sqlite", &["--key", "journal.pub"]);
    assert!(status == 1 && said.contains("nothing is signed"), "{said}");
}

#[tokio::test]
async fn what_is_no_journal_is_refused_and_nothing_is_made() {
    let desk = Desk::with(&honest(8)).await;
    assert_eq!(desk.verify("journal.pub", &[]).0, 2);
    assert_eq!(desk.verify("nothing.sqlite", &[]).0, 2);
    assert_eq!(desk.verify("hub.sqlite", &["--key", "witness.txt"]).0, 2);
    assert!(!desk.file("nothing.sqlite").exists());
}
