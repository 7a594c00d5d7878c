//! One screen's websocket: gets a ticket, connects, beats, and comes back after every loss, for ever.
//!
//! It does not know what the messages mean, except the heartbeat and `bye`. A task owns the socket; messages for a socket
//! that is gone are dropped by their `run`, because whoever sent them repeats what still matters after the next `Opened`.

use crate::http::Hub;
use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use protocol::message::{ByeReason, ClientMessage, ServerMessage};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, http::HeaderValue};

/// What the task tells.
#[derive(Debug)]
pub enum Heard {
    /// Connected; `hello` is due, with this `run`.
    Opened {
        /// Counts connections.
        run: u32,
    },
    /// A message and the moment it arrived.
    Message {
        /// The message.
        message: Box<ServerMessage>,
        /// When, before it was parsed.
        at: Instant,
    },
    /// The connection is lost; the task tries again.
    Lost,
    /// The hub said not to come back, or the key is not valid. The task has ended.
    Ended {
        /// What the hub said, if it did.
        reason: Option<ByeReason>,
    },
}

/// What the task is told.
#[derive(Debug)]
pub struct Say {
    /// For which connection.
    pub run: u32,
    /// What.
    pub message: ClientMessage,
}

/// The heartbeat: every 5 s.
const BEAT: Duration = Duration::from_secs(5);
/// Nothing at all for this long: the hub is lost.
const SILENCE: Duration = Duration::from_secs(10);

/// Starts the task, which connects after `later`. It ends when either channel's other side is dropped.
pub fn start(hub: Hub, key: String, later: Duration) -> (mpsc::Sender<Say>, mpsc::Receiver<Heard>) {
    let (say, to_send) = mpsc::channel(256);
    let (tell, heard) = mpsc::channel(1024);
    tokio::spawn(async move {
        tokio::time::sleep(later).await;
        run(hub, key, to_send, tell).await;
    });
    (say, heard)
}

async fn run(hub: Hub, key: String, mut to_send: mpsc::Receiver<Say>, tell: mpsc::Sender<Heard>) {
    let mut wait = Backoff::default();
    let mut run = 0;
    loop {
        match open(&hub, &key).await {
            Ok(socket) => {
                run += 1;
                wait = Backoff::default();
                if tell.send(Heard::Opened { run }).await.is_err() {
                    return;
                }
                match talk(socket, run, &mut to_send, &tell).await {
                    Talk::Lost => {}
                    Talk::Ended(reason) => {
                        let _ = tell.send(Heard::Ended { reason }).await;
                        return;
                    }
                    Talk::Dropped => return,
                }
                if tell.send(Heard::Lost).await.is_err() {
                    return;
                }
            }
            Err(Refused::Key) => {
                let _ = tell.send(Heard::Ended { reason: None }).await;
                return;
            }
            Err(Refused::Later(error)) => tracing::debug!(%error, "no connection yet"),
        }
        tokio::time::sleep(wait.next()).await;
        if tell.is_closed() {
            return;
        }
    }
}

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

enum Refused {
    /// The personal key is not valid: trying again would not help.
    Key,
    Later(anyhow::Error),
}

async fn open(hub: &Hub, key: &str) -> Result<Socket, Refused> {
    let answer = hub
        .post("/api/ticket", &json!({ "key": key }))
        .await
        .map_err(Refused::Later)?;
    if answer.status == 401 {
        return Err(Refused::Key);
    }
    connect(hub, &answer).await.map_err(Refused::Later)
}

async fn connect(hub: &Hub, answer: &crate::http::Response) -> Result<Socket> {
    if answer.status != 200 {
        bail!("no ticket: status {}", answer.status);
    }
    let body = answer.json()?;
    let ticket = body["ticket"].as_str().context("the answer has no ticket")?;
    let mut request = hub.socket(ticket).into_client_request()?;
    request
        .headers_mut()
        .insert("Origin", HeaderValue::from_str(&hub.origin())?);
    let (socket, _) = tokio_tungstenite::connect_async(request).await?;
    Ok(socket)
}

enum Talk {
    Lost,
    Ended(Option<ByeReason>),
    Dropped,
}

async fn talk(mut socket: Socket, run: u32, to_send: &mut mpsc::Receiver<Say>, tell: &mpsc::Sender<Heard>) -> Talk {
    let mut beat = tokio::time::interval(BEAT);
    beat.tick().await;
    let mut heard_at = Instant::now();
    let mut beats = 0;
    loop {
        tokio::select! {
            said = to_send.recv() => {
                let Some(say) = said else { return Talk::Dropped };
                if say.run != run {
                    continue;
                }
                let Ok(text) = serde_json::to_string(&say.message) else { continue };
                if socket.send(Message::text(text)).await.is_err() {
                    return Talk::Lost;
                }
            }
            frame = socket.next() => {
                let at = Instant::now();
                heard_at = at;
                let text = match frame {
                    Some(Ok(Message::Text(text))) => text,
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Binary(_) | Message::Frame(_) | Message::Close(_)) | Err(_)) | None => return Talk::Lost,
                };
                let message: Box<ServerMessage> = match serde_json::from_str(&text) {
                    Ok(message) => message,
                    Err(error) => {
                        tracing::warn!(%error, "a message that cannot be read");
                        continue;
                    }
                };
                if let ServerMessage::Bye { reason } = *message
                    && !comes_back(reason)
                {
                    return Talk::Ended(Some(reason));
                }
                if tell.send(Heard::Message { message, at }).await.is_err() {
                    return Talk::Dropped;
                }
            }
            _ = beat.tick() => {
                if heard_at.elapsed() > SILENCE {
                    return Talk::Lost;
                }
                beats += 1;
                let Ok(text) = serde_json::to_string(&ClientMessage::Ping { n: beats }) else { continue };
                if socket.send(Message::text(text)).await.is_err() {
                    return Talk::Lost;
                }
            }
        }
    }
}

fn comes_back(reason: ByeReason) -> bool {
    match reason {
        ByeReason::BadTicket | ByeReason::TooFast | ByeReason::TooSlow | ByeReason::Stopping | ByeReason::Malformed => {
            true
        }
        ByeReason::NotYourScreen | ByeReason::Replaced | ByeReason::Revoked => false,
    }
}

/// Waits between attempts: 0.5 s doubling to 8 s, with jitter so that a whole council does not return in one instant.
#[derive(Default)]
struct Backoff {
    tries: u32,
}

impl Backoff {
    fn next(&mut self) -> Duration {
        let base = 500u64 << self.tries.min(4);
        self.tries += 1;
        Duration::from_millis(rand::random_range(base / 2..=base))
    }
}
