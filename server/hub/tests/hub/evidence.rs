//! The journal as evidence (PRODUCT 3.18, T-56): what a hub signs, who holds it, and what an inspector says afterwards.

use crate::bench::{Hub, Screen, config, open_sitting};
use hub::notary::Notary;
use hub::signing::{self, Signing};
use journal::{Chain, Checkpoint, Head, PublicKey};
use meeting::id::Time;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use store::{Options, Store};
use tempfile::TempDir;
use verify::examine::{Examined, examine};
use verify::source;

/// Reads until a checkpoint with this number, or a later one, comes.
async fn signed(screen: &mut Screen, number: u64) -> Value {
    loop {
        let message = screen.next().await;
        if message["type"] == "checkpoint" && message["number"].as_u64() >= Some(number) {
            return message;
        }
    }
}

fn text(checkpoint: &Value) -> Checkpoint {
    Checkpoint::read(checkpoint["text"].as_str().unwrap()).expect("a checkpoint, to the last byte")
}

fn published(folder: &Path) -> PublicKey {
    PublicKey::from_file(&std::fs::read_to_string(folder.join("journal.pub")).unwrap()).unwrap()
}

/// What an inspector makes of the newest sitting.
async fn inspected(folder: &Path, key: PublicKey, witnesses: &[Checkpoint]) -> Examined {
    let journals = source::open(&folder.join("hub.sqlite")).await.unwrap();
    examine(journals.last().unwrap(), Some(key), witnesses)
}

fn hub(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hub"))
        .args(arguments)
        .env("HUB_DATA", folder)
        .env("HUB_COUNCIL", config(folder).council)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_legal_act_is_signed_at_once_and_every_screen_holds_it() {
    // The roll is called faster here than any hand does it.
    let hub = Hub::start_with(&Options::default(), |config| config.limits.burst = 1000).await;
    let mut hall = hub.open("hoi-truong", "room").await;
    let (mut chair, mut secretary) = open_sitting(&hub.door).await;
    let before = signed(&mut hall, 3).await;
    let answer = chair.act(json!({ "do": "suspend" })).await;
    let number = before["number"].as_u64().unwrap() + 1;
    let held = text(&signed(&mut secretary, number).await);
    assert_eq!(held, text(&signed(&mut hall, number).await), "all hold the same");
    assert!(held.is_signed() && held.says.head.seq >= answer["seq"].as_u64().unwrap());
    // Who comes later is shown the last one, and says that it keeps it; a tablet is not asked to.
    let late = hub.open("ky-thuat-01", "technician").await;
    // Another device of the same desk is the same witness: no client makes rows by making up names.
    let again = hub.door.open("thu-ky-01", "secretary", "made-up", None).await;
    let mut screens = [hall, secretary, late, again, hub.open("dai-bieu-07", "delegate").await];
    for screen in &mut screens {
        let (sitting, number) = (held.says.sitting.as_str(), held.says.number);
        screen
            .send(&json!({ "type": "witnessed", "sitting": sitting, "number": number }))
            .await;
        screen
            .send(&json!({ "type": "witnessed", "sitting": sitting, "number": number + 1000 }))
            .await;
        screen
            .send(&json!({ "type": "witnessed", "sitting": "another", "number": 1 }))
            .await;
        screen.send(&json!({ "type": "ping", "n": 1 })).await;
        while screen.next().await["type"] != "pong" {}
        // Its own command comes after what it has said.
        screen.ask(json!({ "do": "open_list" })).await;
    }
    let folder = hub.stop().await;
    let store = Store::open_to_read(&folder.path().join("hub.sqlite")).await.unwrap();
    let kept = store.witnesses(&held.says.sitting).await.unwrap();
    let names: Vec<_> = kept
        .iter()
        .map(|witness| (witness.name.as_str(), witness.number))
        .collect();
    let number = held.says.number;
    assert_eq!(
        names,
        [
            ("person ky-thuat-01 at the technician's desk", number),
            ("person thu-ky-01 at the secretary's desk", number),
            ("room hoi-truong", number),
        ]
    );
    let examined = inspected(folder.path(), published(folder.path()), &[held]).await;
    assert_eq!((examined.found, examined.inspection.confirmed), (vec![], 1));
    assert_eq!(
        examined.inspection.signed, examined.records as u64,
        "an orderly end leaves nothing unsigned"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_backup_goes_on_as_if_nothing_were_missing_and_a_witness_tells() {
    let hub = Hub::start().await;
    let (chair, secretary) = open_sitting(&hub.door).await;
    drop((chair, secretary));
    let folder = hub.stop().await;
    let backup = TempDir::new().unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), backup.path().join(file.file_name())).unwrap();
    }
    let hub = Hub::start_in(folder, &Options::default(), |_| {}).await;
    // What an act is signed with comes before its answer, so somebody else listens.
    let mut secretary = hub.open("thu-ky-01", "secretary").await;
    let mut hall = hub.open("hoi-truong", "room").await;
    let number = signed(&mut hall, 1).await["number"].as_u64().unwrap();
    secretary.act(json!({ "do": "start_roll" })).await;
    secretary
        .act(json!({ "do": "start_calling", "order": "roster", "everybody": false }))
        .await;
    secretary.act(json!({ "do": "freeze_roll" })).await;
    let held = text(&signed(&mut hall, number + 1).await);
    drop(hub.stop().await);

    let hub = Hub::start_in(backup, &Options::default(), |_| {}).await;
    let mut secretary = hub.open("thu-ky-01", "secretary").await;
    let shown = text(&signed(&mut secretary, 1).await);
    assert!(shown.says.number <= held.says.number, "the page sees it, too");
    let backup = hub.stop().await;
    let key = published(backup.path());
    assert_eq!(inspected(backup.path(), key, &[]).await.found, [], "honest in itself");
    assert!(!inspected(backup.path(), key, &[held]).await.found.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_changes_hands_and_the_first_one_still_vouches_for_all() {
    let folder = Hub::start().await.stop().await;
    let first = published(folder.path());
    let (good, said) = hub(folder.path(), &["key", "rotate"]);
    assert!(good, "{said}");
    assert_eq!(published(folder.path()), first, "until the next start");
    let hub_again = Hub::start_in(folder, &Options::default(), |_| {}).await;
    drop(hub_again.open("thu-ky-01", "secretary").await);
    let folder = hub_again.stop().await;
    let second = published(folder.path());
    assert!(second != first && said.contains(&second.to_string()), "{said}");
    let examined = inspected(folder.path(), first, &[]).await;
    assert_eq!(
        (examined.found, examined.inspection.keys),
        (vec![], vec![first, second])
    );

    // A sitting that begins under the new key, exported, with nothing but the first key at hand.
    let (good, said) = hub(folder.path(), &["sitting", "new"]);
    assert!(good, "{said}");
    let folder = Hub::start_in(folder, &Options::default(), |_| {}).await.stop().await;
    let file = folder.path().join("phien.journal");
    let (good, said) = hub(folder.path(), &["export", "--journal", file.to_str().unwrap()]);
    assert!(good, "{said}");
    let (good, said) = hub(
        folder.path(),
        &["verify", file.to_str().unwrap(), "--key", &first.to_string()],
    );
    assert!(
        good && said.contains("Kết luận: nguyên vẹn") && said.contains("whole"),
        "{said}"
    );
    let (good, said) = hub(folder.path(), &["witnesses"]);
    assert!(good && said.contains("checkpoints"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_before_anything_was_signed_goes_on_and_is_signed() {
    let hub = Hub::start().await;
    drop(open_sitting(&hub.door).await);
    let folder = hub.stop().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("hub.sqlite"));
    let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options)
        .await
        .unwrap();
    for statement in [
        "DROP TABLE checkpoint",
        "DROP TABLE witness",
        "DELETE FROM _sqlx_migrations WHERE version = 3",
    ] {
        sqlx::query(statement).execute(&mut database).await.unwrap();
    }
    sqlx::Connection::close(database).await.unwrap();
    std::fs::remove_file(folder.path().join("journal.key")).unwrap();
    let hub = Hub::start_in(folder, &Options::default(), |_| {}).await;
    let mut secretary = hub.open("thu-ky-01", "secretary").await;
    assert_eq!(signed(&mut secretary, 1).await["number"], 1);
    let folder = hub.stop().await;
    assert_eq!(inspected(folder.path(), published(folder.path()), &[]).await.found, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_is_not_the_one_that_was_signed_is_not_taken_up() {
    let hub_once = Hub::start().await;
    drop(open_sitting(&hub_once.door).await);
    let folder = hub_once.stop().await;
    // Cut off cleverly: the chain is whole, and shorter than what was signed.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("hub.sqlite"));
    let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options)
        .await
        .unwrap();
    for statement in [
        "DROP TRIGGER record_is_never_removed",
        "DELETE FROM record WHERE seq > 10",
    ] {
        sqlx::query(statement).execute(&mut database).await.unwrap();
    }
    sqlx::Connection::close(database).await.unwrap();
    let error = hub::start::start(config(folder.path()), &Options::default())
        .await
        .unwrap_err();
    assert!(
        format!("{error:#}").contains("is not the one that was signed"),
        "{error:#}"
    );
}

/// A store with a journal, and its notary.
async fn notary(folder: &TempDir, records: u64) -> (Store, Chain, Notary) {
    let store = Store::open(&folder.path().join("hub.sqlite"), &Options::default())
        .await
        .unwrap()
        .0;
    store.create_sitting("s1", 7).await.unwrap();
    let mut chain = Chain::after(Head::EMPTY);
    for number in 0..records {
        write(&store, &mut chain, number).await;
    }
    let signing = Signing::open(folder.path()).unwrap();
    let notary = Notary::open(store.clone(), "s1", signing, chain.head(), Time(0))
        .await
        .unwrap();
    (store, chain, notary)
}

async fn write(store: &Store, chain: &mut Chain, number: u64) {
    let record = chain.next(format!("việc {number}").into_bytes());
    store.append("s1", record.clone()).await.unwrap();
    assert!(chain.advance(&record));
}

#[tokio::test]
async fn a_minute_in_which_something_happened_is_signed_and_an_idle_one_is_not() {
    let folder = TempDir::new().unwrap();
    let (store, mut chain, mut notary) = notary(&folder, 1).await;
    let start = 1_772_413_200_000;
    assert!(
        notary.seal(chain.head(), 0, Time(start)).await,
        "what was never signed is due"
    );
    write(&store, &mut chain, 2).await;
    assert!(!notary.seal(chain.head(), 0, Time(start + 59_999)).await);
    assert!(notary.seal(chain.head(), 0, Time(start + 60_000)).await);
    assert!(
        !notary.seal(chain.head(), 0, Time(start + 600_000)).await,
        "nothing happened"
    );
    write(&store, &mut chain, 3).await;
    assert!(notary.seal(chain.head(), 3, Time(start + 600_001)).await);
    write(&store, &mut chain, 4).await;
    assert!(
        !notary.seal(chain.head(), 3, Time(start + 600_002)).await,
        "a legal act is signed once"
    );
    notary.close(chain.head(), Time(start + 600_003)).await;
    assert_eq!(notary.last().unwrap().says.head, chain.head());
    assert_eq!(store.checkpoints("s1").await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_start_that_died_between_the_hand_over_and_the_new_key_is_made_good() {
    let folder = TempDir::new().unwrap();
    let (store, chain, mut first) = notary(&folder, 2).await;
    first.close(chain.head(), Time(1)).await;
    let new = signing::prepare(folder.path()).unwrap();
    let waiting = std::fs::read(folder.path().join("journal.next.key")).unwrap();
    let old = std::fs::read(folder.path().join("journal.key")).unwrap();
    let open = async || {
        let signing = Signing::open(folder.path()).unwrap();
        Notary::open(store.clone(), "s1", signing, chain.head(), Time(2))
            .await
            .unwrap()
    };
    assert_eq!(open().await.key(), new);
    // As if the files had not been changed yet.
    std::fs::write(folder.path().join("journal.next.key"), waiting).unwrap();
    std::fs::write(folder.path().join("journal.key"), old).unwrap();
    assert_eq!(open().await.key(), new);
    assert_eq!(store.checkpoints("s1").await.unwrap().len(), 2, "handed over once");
}
