//! A hub of the test's own, and screens that talk to it as a browser does: key, ticket, websocket, mirror.

use futures_util::{SinkExt, StreamExt};
use hub::config::Config;
use hub::keys::Secret;
use hub::start::{Running, start};
use protocol::patch;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::{AccessKind, Options};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Far longer than anything here takes; a test that hangs says where.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Hub {
    pub running: Option<Running>,
    pub folder: TempDir,
    pub door: Door,
}

/// Where to knock, and the secret with which the test makes the links.
#[derive(Clone)]
pub struct Door {
    pub http: SocketAddr,
    data: PathBuf,
}

pub fn config(data: &Path) -> Config {
    let mut config = Config::default();
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
    config.data = data.to_owned();
    config.council = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/council/sample.toml");
    (config.server.https, config.server.http, config.media.udp) = (nowhere, nowhere, nowhere);
    config
}

impl Hub {
    pub async fn start() -> Self {
        Self::start_with(&Options::default(), |_| {}).await
    }

    pub async fn start_with(options: &Options, change: impl FnOnce(&mut Config)) -> Self {
        Self::start_in(TempDir::new().unwrap(), options, change).await
    }

    pub async fn start_in(folder: TempDir, options: &Options, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = config(folder.path());
        change(&mut config);
        let running = start(config, options).await.expect("the hub starts");
        let door = Door {
            http: running.http,
            data: folder.path().to_owned(),
        };
        Self {
            running: Some(running),
            folder,
            door,
        }
    }

    /// Stops the hub in good order and keeps its folder.
    pub async fn stop(mut self) -> TempDir {
        self.running.take().expect("runs").stop().await;
        self.folder
    }

    pub async fn open(&self, who: &str, audience: &str) -> Screen {
        self.door.open(who, audience, &format!("{who}-{audience}"), None).await
    }
}

impl Door {
    pub fn new(http: SocketAddr, data: &Path) -> Self {
        Self {
            http,
            data: data.to_owned(),
        }
    }

    pub fn key(&self, kind: AccessKind, subject: &str) -> String {
        Secret::open(&self.data).unwrap().key(kind, subject)
    }

    pub async fn ticket(&self, who: &str) -> Option<String> {
        let kind = if is_room(who) {
            AccessKind::Room
        } else {
            AccessKind::Person
        };
        let (_, answer) = self
            .post("/api/ticket", &json!({ "key": self.key(kind, who) }))
            .await
            .ok()?;
        Some(answer["ticket"].as_str()?.to_owned())
    }

    pub async fn open(&self, who: &str, audience: &str, device: &str, resume: Option<Value>) -> Screen {
        self.try_open(who, audience, device, resume)
            .await
            .expect("the hub lets the screen in")
    }

    pub async fn try_open(&self, who: &str, audience: &str, device: &str, resume: Option<Value>) -> Option<Screen> {
        let mut screen = self.connect(&self.ticket(who).await?).await?;
        let mut hello = json!({ "type": "hello", "audience": audience, "device": device });
        if let Some(resume) = resume {
            hello["resume"] = resume;
        }
        screen.try_send(&hello).await?;
        loop {
            let message = screen.try_next().await?;
            if message["type"] == "welcome" {
                return Some(screen);
            }
        }
    }

    /// A websocket that has not said hello.
    pub async fn connect(&self, ticket: &str) -> Option<Screen> {
        let mut request = format!("ws://{}/ws?ticket={ticket}", self.http)
            .into_client_request()
            .unwrap();
        request
            .headers_mut()
            .insert("origin", format!("http://{}", self.http).parse().unwrap());
        let (socket, _) = tokio_tungstenite::connect_async(request).await.ok()?;
        Some(Screen {
            socket,
            seq: 0,
            boot: String::new(),
            view: Value::Null,
            mine: Value::Null,
            bye: None,
        })
    }

    pub async fn post(&self, path: &str, body: &Value) -> std::io::Result<(u16, Value)> {
        let body = body.to_string();
        let head = format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
        let (status, _, body) = self.request("POST", path, &head, &body).await?;
        Ok((status, serde_json::from_str(&body).unwrap_or(Value::Null)))
    }

    pub async fn get(&self, path: &str) -> (u16, String, String) {
        self.request("GET", path, "", "").await.unwrap()
    }

    /// Status, head and body of one request.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        head: &str,
        body: &str,
    ) -> std::io::Result<(u16, String, String)> {
        let mut stream = TcpStream::connect(self.http).await?;
        let host = if head.to_lowercase().contains("host:") {
            String::new()
        } else {
            format!("host: {}\r\n", self.http)
        };
        let connection = if head.contains("connection:") {
            ""
        } else {
            "connection: close\r\n"
        };
        let request = format!("{method} {path} HTTP/1.1\r\n{host}{connection}{head}\r\n{body}");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .ok_or(std::io::ErrorKind::InvalidData)?;
        Ok((status, head.to_lowercase(), body.to_owned()))
    }
}

fn is_room(who: &str) -> bool {
    !["dai-bieu-", "thu-ky-", "ky-thuat-", "khach-"]
        .iter()
        .any(|people| who.starts_with(people))
}

pub struct Screen {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub boot: String,
    pub seq: u64,
    pub view: Value,
    pub mine: Value,
    /// The hub's farewell, if it said one.
    pub bye: Option<String>,
}

impl Screen {
    pub async fn send(&mut self, message: &Value) {
        self.try_send(message).await.expect("the socket is open");
    }

    pub async fn try_send(&mut self, message: &Value) -> Option<()> {
        self.socket.send(Message::text(message.to_string())).await.ok()
    }

    /// The next message; the mirror has taken it in. None when the socket is closed.
    pub async fn try_next(&mut self) -> Option<Value> {
        loop {
            let message = timeout(PATIENCE, self.socket.next())
                .await
                .expect("the hub says something")?
                .ok()?;
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).expect("JSON");
            self.take(&message);
            return Some(message);
        }
    }

    pub async fn next(&mut self) -> Value {
        self.try_next().await.expect("the socket is open")
    }

    fn take(&mut self, message: &Value) {
        match message["type"].as_str() {
            Some("welcome") => {
                self.boot = message["boot"].as_str().unwrap().to_owned();
                if message["shared"].is_object() {
                    self.view = message["shared"].clone();
                }
                for change in message["patches"].as_array().unwrap() {
                    patch::merge(&mut self.view, change);
                }
                self.mine = message["mine"].clone();
                self.seq = message["seq"].as_u64().unwrap();
            }
            Some("update") => {
                assert_eq!(
                    message["after"].as_u64(),
                    Some(self.seq),
                    "a gap that the hub did not announce"
                );
                self.seq = message["seq"].as_u64().unwrap();
                if !message["shared"].is_null() {
                    patch::merge(&mut self.view, &message["shared"]);
                }
                if !message["mine"].is_null() {
                    patch::merge(&mut self.mine, &message["mine"]);
                }
            }
            Some("bye") => self.bye = message["reason"].as_str().map(str::to_owned),
            _others => {}
        }
    }

    /// Asks, and waits for the answer.
    pub async fn ask(&mut self, command: Value) -> Value {
        // A retry carries the same id; two commands never do, whichever screen they come from.
        static ASKED: AtomicU64 = AtomicU64::new(0);
        let id = format!("test-{}", ASKED.fetch_add(1, Ordering::Relaxed));
        self.ask_as(&id, command).await.expect("an answer")
    }

    pub async fn ask_as(&mut self, id: &str, command: Value) -> Option<Value> {
        self.try_send(&json!({ "type": "command", "id": id, "command": command }))
            .await?;
        loop {
            let message = self.try_next().await?;
            if message["id"] == id {
                return Some(message);
            }
        }
    }

    /// Asks for what must be granted.
    pub async fn act(&mut self, command: Value) -> Value {
        let answer = self.ask(command.clone()).await;
        assert_eq!(answer["type"], "accepted", "{command} → {answer}");
        answer
    }

    /// Waits until the mirror shows something.
    pub async fn until(&mut self, what: &str, shown: impl Fn(&Self) -> bool) {
        let waited = timeout(PATIENCE, async {
            while !shown(self) {
                self.next().await;
            }
        });
        waited.await.unwrap_or_else(|_| panic!("never shown: {what}"));
    }

    /// Reads until the hub has closed the socket; its farewell.
    pub async fn farewell(&mut self) -> String {
        while self.try_next().await.is_some() {}
        self.bye.clone().unwrap_or_default()
    }

    pub fn resume(&self) -> Value {
        json!({ "boot": self.boot, "seq": self.seq })
    }

    /// A person's request that still waits.
    pub fn request_of(&self, person: &str) -> Option<(String, Value)> {
        let mut requests = self.view["requests"].as_object()?.iter();
        let waits = |request: &Value| request["person"] == person && request["state"] == "waiting";
        requests
            .find(|(_, request)| waits(request))
            .map(|(id, request)| (id.clone(), request.clone()))
    }
}

/// A sitting with an open list: chair and secretary at their screens.
pub async fn open_sitting(door: &Door) -> (Screen, Screen) {
    let mut chair = door.open("dai-bieu-01", "chair", "console", None).await;
    let mut secretary = door.open("thu-ky-01", "secretary", "desk", None).await;
    chair.act(json!({ "do": "start_technical_check" })).await;
    chair.act(json!({ "do": "open_lobby" })).await;
    secretary.act(json!({ "do": "start_roll" })).await;
    for delegate in 1..=35 {
        let person = format!("dai-bieu-{delegate:02}");
        let site = secretary.view["people"][&person]["site"].as_str().unwrap();
        let attendance = if site == "hoi-truong" || site == "phong-hop-2" {
            "present_hall"
        } else {
            "present_site"
        };
        secretary
            .ask(json!({ "do": "mark", "person": person, "attendance": attendance, "reason": "" }))
            .await;
    }
    secretary
        .act(json!({ "do": "start_calling", "order": "roster", "everybody": false }))
        .await;
    secretary.act(json!({ "do": "freeze_roll" })).await;
    chair
        .act(json!({ "do": "open_sitting", "unrecorded": true, "override_quorum": "thử" }))
        .await;
    chair.act(json!({ "do": "open_item", "item": "thao-luan-kt-xh" })).await;
    chair.act(json!({ "do": "open_list" })).await;
    (chair, secretary)
}

/// Reads until both screens, of one audience, show the same version.
pub async fn same_moment(one: &mut Screen, other: &mut Screen) {
    while one.seq != other.seq {
        let behind = if one.seq < other.seq { &mut *one } else { &mut *other };
        behind.next().await;
    }
}
