//! `kill -9` in the middle of a busy sitting, again and again: whatever was acknowledged is there, once, in its place.

use crate::bench::{Door, PATIENCE, config, open_sitting};
use hub::ledger::Ledger;
use journal::verify;
use meeting::event::Entry;
use meeting::id::SittingId;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use sqlx::Connection;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use store::{Options, Store};
use tempfile::TempDir;
use tokio::time::sleep;

/// Kills, unless KILLS says otherwise.
const KILLS: u32 = 20;

/// A hub as a process of its own, with the ports of the one before it.
pub struct Process(Child);

impl Process {
    pub fn start(data: &Path, ports: [SocketAddr; 3]) -> Self {
        let council = config(data).council;
        let child = Command::new(env!("CARGO_BIN_EXE_hub"))
            .arg("run")
            .env("HUB_DATA", data)
            .env("HUB_COUNCIL", council)
            .env("HUB_SERVER__HTTPS", ports[0].to_string())
            .env("HUB_SERVER__HTTP", ports[1].to_string())
            .env("HUB_MEDIA__UDP", ports[2].to_string())
            .env("HUB_LOG__FILTER", "warn")
            .stdout(Stdio::null())
            .spawn()
            .expect("the hub's binary");
        Self(child)
    }

    pub fn kill(&mut self) {
        // SIGKILL: no destructor, no flush, no farewell.
        self.0.kill().expect("it was alive");
        self.0.wait().expect("it is dead");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _already_dead = self.0.kill();
        let _already_dead = self.0.wait();
    }
}

pub fn free_ports() -> [SocketAddr; 3] {
    let free = [(); 3].map(|()| std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    free.each_ref().map(|listener| listener.local_addr().unwrap())
}

pub async fn answers(door: &Door) {
    let started = Instant::now();
    while door.request("GET", "/healthz", "", "").await.is_err() {
        assert!(started.elapsed() < PATIENCE, "the hub does not come back");
        sleep(Duration::from_millis(10)).await;
    }
}

/// What the hub has acknowledged: command id → place in the journal.
type Acknowledged = Arc<Mutex<BTreeMap<String, u64>>>;

/// A delegate who registers and withdraws without end, whatever happens to the hub; each command keeps its id until it is
/// answered.
async fn restless(door: Door, who: String, acknowledged: Acknowledged) {
    let device = format!("{who}-tablet");
    let mut number = 0;
    let mut pending: Option<(String, Value)> = None;
    let mut resume = None;
    loop {
        let Some(mut screen) = door.try_open(&who, "delegate", &device, resume.take()).await else {
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        loop {
            let (id, command) = pending.take().unwrap_or_else(|| {
                number += 1;
                let command = match screen.request_of(&who) {
                    Some((request, _)) => json!({ "do": "withdraw", "request": request }),
                    None => json!({ "do": "register", "kind": "speech", "subject": "Đường" }),
                };
                (format!("{who}/{number}"), command)
            });
            let Some(answer) = screen.ask_as(&id, command.clone()).await else {
                pending = Some((id, command));
                break;
            };
            match answer["type"].as_str() {
                Some("accepted") => {
                    let seq = answer["seq"].as_u64().unwrap();
                    let before = acknowledged.lock().unwrap().insert(id, seq);
                    assert!(before.is_none_or(|before| before == seq), "one command, two places");
                }
                Some("refused") => {}
                Some("unavailable") => pending = Some((id, command)),
                _other => panic!("{answer}"),
            }
        }
        resume = Some(screen.resume());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_dash_nine_loses_nothing_and_doubles_nothing() {
    let seed: u64 = std::env::var("SEED")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or_else(rand::random);
    let kills: u32 = std::env::var("KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(KILLS);
    println!("SEED={seed} KILLS={kills}");
    let mut random = StdRng::seed_from_u64(seed);
    let folder = TempDir::new().unwrap();
    let ports = free_ports();
    let door = Door::new(ports[1], folder.path());
    let mut process = Process::start(folder.path(), ports);
    answers(&door).await;
    drop(open_sitting(&door).await);

    let acknowledged: Acknowledged = Arc::default();
    let restless: Vec<_> = (3..=14)
        .map(|delegate| {
            tokio::spawn(restless(
                door.clone(),
                format!("dai-bieu-{delegate:02}"),
                Arc::clone(&acknowledged),
            ))
        })
        .collect();
    let mut back = Vec::new();
    for round in 0..kills {
        let busy = acknowledged.lock().unwrap().len();
        while acknowledged.lock().unwrap().len() < busy + 20 {
            assert!(
                restless.iter().all(|delegate| !delegate.is_finished()),
                "a delegate found a fault in round {round}"
            );
            sleep(Duration::from_millis(5)).await;
        }
        sleep(Duration::from_millis(random.random_range(0..150))).await;
        process.kill();
        let started = Instant::now();
        process = Process::start(folder.path(), ports);
        answers(&door).await;
        back.push(started.elapsed());
    }
    for delegate in &restless {
        assert!(!delegate.is_finished(), "a delegate found a fault");
        delegate.abort();
    }

    // The queue that everybody sees now …
    let mut secretary = door.open("thu-ky-01", "secretary", "desk", None).await;
    for person in 3..=14 {
        let person = format!("dai-bieu-{person:02}");
        secretary
            .until("everybody has gone", |desk| {
                desk.view["people"][&person]["online"] == false
            })
            .await;
    }
    let mut shown: Vec<(u64, String)> = secretary.view["requests"]
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(id, request)| Some((request["position"].as_u64()?, id.clone())))
        .collect();
    shown.sort();
    process.kill();

    // … is the queue of the journal, and every command that was acknowledged stands in it once, in its place.
    let (store, _writer) = Store::open(&folder.path().join("hub.sqlite"), &Options::default())
        .await
        .unwrap();
    let sitting = store.sittings().await.unwrap().pop().unwrap();
    let records = store.journal(&sitting).await.unwrap();
    verify(&records, None).unwrap();
    let mut places: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for record in &records {
        let entry: Entry = serde_json::from_slice(&record.body).unwrap();
        if let Some(command) = entry.command {
            places.entry(command.0).or_default().push(record.seq);
        }
    }
    let acknowledged = acknowledged.lock().unwrap().clone();
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|(id, seq)| places.get(*id) != Some(&vec![**seq]))
        .collect();
    let doubled: Vec<_> = places.iter().filter(|(_, seqs)| seqs.len() > 1).collect();
    back.sort();
    println!(
        "{} acknowledged, {} records, {kills} kills: {} lost, {} doubled; answering again after {:?} (median), {:?} (longest)",
        acknowledged.len(),
        records.len(),
        lost.len(),
        doubled.len(),
        back[back.len() / 2],
        back[back.len() - 1],
    );
    assert!(lost.is_empty(), "{lost:?}");
    assert!(doubled.is_empty(), "{doubled:?}");
    let ledger = Ledger::open(store, SittingId(sitting)).await.unwrap();
    let kept: Vec<String> = ledger
        .meeting()
        .queue()
        .iter()
        .map(|request| request.0.clone())
        .collect();
    assert_eq!(shown.into_iter().map(|(_, id)| id).collect::<Vec<_>>(), kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_was_tampered_with_is_not_taken_up() {
    let folder = TempDir::new().unwrap();
    let ports = free_ports();
    let door = Door::new(ports[1], folder.path());
    let mut process = Process::start(folder.path(), ports);
    answers(&door).await;
    drop(open_sitting(&door).await);
    process.kill();

    let database = folder.path().join("hub.sqlite");
    let hub = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_hub"))
            .args(arguments)
            .env("HUB_DATA", folder.path())
            .env("HUB_COUNCIL", config(folder.path()).council)
            .env("HUB_SERVER__HTTPS", ports[0].to_string())
            .env("HUB_SERVER__HTTP", ports[1].to_string())
            .env("HUB_MEDIA__UDP", ports[2].to_string())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), text)
    };
    let path = database.to_str().unwrap();
    let (good, said) = hub(&["verify", path]);
    assert!(good && said.contains("whole"), "{said}");

    // Somebody with the database in their hands takes the guard away and changes one letter of one body.
    sqlite(&database, "DROP TRIGGER record_is_never_changed").await;
    let change =
        "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), '\"at\":1', '\"at\":2') AS BLOB) WHERE seq = 12";
    sqlite(&database, change).await;
    let (good, said) = hub(&["verify", path]);
    assert!(
        !good && said.contains("record 12") && said.contains("altered"),
        "{said}"
    );
    let (good, said) = hub(&["run"]);
    assert!(!good && said.contains("record 12") && said.contains("broken"), "{said}");
}

/// The database without the store in between.
async fn sqlite(database: &Path, statement: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
