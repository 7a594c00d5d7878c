//! A client that shares no code with the hub carries media through it: aiortc publishes a hall and a ward by WHIP and views the
//! programme by WHEP, while the chair gives the floor in a hub that is a process of its own. It guards against both ends of
//! ours being wrong in the same way.
//!
//! `tests/prepare test` installs aiortc in target/aiortc; AIORTC names another Python that has it.

use crate::bench::{Door, PATIENCE, config, open_sitting};
use crate::crash::{Process, answers, free_ports};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn python() -> PathBuf {
    let installed = root().join("target/aiortc/bin/python");
    std::env::var_os("AIORTC").map_or(installed, PathBuf::from)
}

/// One process of tests/whip/client.py.
struct Client {
    child: Child,
    says: mpsc::UnboundedReceiver<Value>,
}

impl Client {
    async fn start(words: &[&str]) -> Self {
        let mut child = Command::new(python())
            .arg(root().join("tests/whip/client.py"))
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("aiortc is installed by `tests/prepare test`");
        let (line, says) = mpsc::unbounded_channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for said in output.lines().map_while(Result::ok) {
                let _test_is_over = line.send(serde_json::from_str(&said).expect("JSON"));
            }
        });
        let mut client = Self { child, says };
        client.until("an answer", |said| said["status"] == 201).await;
        client.until("a connection", |said| said["state"] == "connected").await;
        client
    }

    async fn publish(door: &Door, room: &str, token: &str, colour: &str, tone: &str) -> Self {
        let address = format!("http://{}/whip/current/{room}", door.http);
        Self::start(&["publish", &address, token, colour, tone]).await
    }

    async fn until(&mut self, what: &str, shown: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let waited = timeout(PATIENCE, async {
            while let Some(said) = self.says.recv().await {
                last = said;
                assert_eq!(last["went_back"].as_u64().unwrap_or(0), 0, "time runs back: {last}");
                if shown(&last) {
                    return true;
                }
            }
            false
        });
        assert_eq!(waited.await, Ok(true), "never: {what}; the last word was {last}");
        last
    }

    /// Sees this colour and hears this tone, with frames that a decoder accepted.
    async fn sees(&mut self, colour: &str, tone: i64) {
        let is_it = |said: &Value| {
            let near = (said["tone"].as_i64().unwrap_or(0) - tone).abs() <= tone / 10;
            said["colour"] == colour && said["frames"].as_u64().unwrap_or(0) >= 3 && near
        };
        self.until(&format!("{colour} and {tone} Hz"), is_it).await;
    }

    /// Closes in good order: the client deletes its session.
    async fn leave(mut self) {
        drop(self.child.stdin.take());
        let said = self.until("deleted", |said| !said["deleted"].is_null()).await;
        assert_eq!(said["deleted"], 200);
        self.child.wait().unwrap();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _already_dead = self.child.kill();
        let _already_dead = self.child.wait();
    }
}

fn token(folder: &Path, way: &str, source: &str) -> String {
    let words = ["token", "new", way, source, "--label", "aiortc"];
    let made = terminal(folder, &words);
    made.lines().next().expect("a token").to_owned()
}

fn terminal(folder: &Path, words: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hub"));
    let command = command
        .args(words)
        .env("HUB_DATA", folder)
        .env("HUB_COUNCIL", config(folder).council);
    String::from_utf8(command.output().expect("the hub's binary").stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_client_publishes_rooms_and_views_the_programme() {
    let folder = TempDir::new().unwrap();
    let ports = free_ports();
    let door = Door::new(ports[1], folder.path());
    let _process = Process::start(folder.path(), ports);
    answers(&door).await;
    let (hall_token, ward_token) = (
        token(folder.path(), "--publish", "hoi-truong"),
        token(folder.path(), "--publish", "hoa-binh"),
    );
    let view_token = token(folder.path(), "--view", "programme");

    let hall = Client::publish(&door, "hoi-truong", &hall_token, "red", "440").await;
    let ward = Client::publish(&door, "hoa-binh", &ward_token, "blue", "1000").await;
    let address = format!("http://{}/whep/current/programme", door.http);
    let mut viewer = Client::start(&["view", &address, &view_token]).await;
    let (mut chair, _secretary) = open_sitting(&door).await;
    viewer.sees("red", 440).await;

    // The ward has a camera that only WHIP brings; the floor opens it as it opens any room's.
    let mut delegate = door.open("dai-bieu-20", "delegate", "tablet", None).await;
    delegate
        .act(json!({ "do": "register", "kind": "speech", "subject": "Thoát nước" }))
        .await;
    chair
        .until("the request", |chair| chair.request_of("dai-bieu-20").is_some())
        .await;
    let (request, _) = chair.request_of("dai-bieu-20").unwrap();
    chair.act(json!({ "do": "invite", "request": request })).await;
    viewer.sees("blue", 1000).await;

    // Its encoder dies and another takes its place with the same token.
    drop(ward);
    let ward = Client::publish(&door, "hoa-binh", &ward_token, "green", "700").await;
    viewer.sees("green", 700).await;

    // Two frames are two pictures for a player with room for them; who shows one sees the speaker go on.
    let mut wall = Client::start(&["view", &address, &view_token, "2", "2"]).await;
    chair
        .act(json!({ "do": "arrange_stage", "preset": { "show": "two_up" } }))
        .await;
    wall.until("both", |said| said["colours"] == json!(["green", "red"]))
        .await;
    wall.leave().await;
    viewer.sees("green", 700).await;
    chair.act(json!({ "do": "release_stage" })).await;
    delegate.act(json!({ "do": "end_turn" })).await;
    viewer.sees("red", 440).await;

    // The hall's mixer comes back with two cameras; a player of the hall shows both, one with no picture hears it.
    drop(hall);
    let address = format!("http://{}/whip/current/hoi-truong", door.http);
    let hall = Client::start(&["publish", &address, &hall_token, "red", "440", "blue"]).await;
    let room_token = token(folder.path(), "--view", "hoi-truong");
    let address = format!("http://{}/whep/current/hoi-truong", door.http);
    let mut both = Client::start(&["view", &address, &room_token, "2", "1"]).await;
    both.until("two cameras", |said| said["colours"] == json!(["red", "blue"]))
        .await;
    both.leave().await;
    let mut ears = Client::start(&["view", &address, &room_token, "0", "1"]).await;
    ears.until("the hall's voice", |said| {
        (400..480).contains(&said["tone"].as_i64().unwrap_or(0))
    })
    .await;
    ears.leave().await;

    terminal(folder.path(), &["token", "revoke", &view_token]);
    viewer
        .until("the end of what was taken back", |said| said["frames"] == 0)
        .await;
    ward.leave().await;
    hall.leave().await;
}
