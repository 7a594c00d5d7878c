//! The life of one websocket: hello, then messages both ways, then a reason to part.
//!
//! The socket knows the protocol's outer form, sizes and rates. It does **not** know what a command means: whatever is well
//! formed goes to the room, and whatever the outbox holds goes to the screen.

use crate::app::{App, lock};
use crate::auth::{self, Who};
use crate::outbox::{Farewell, Outbox, Parting, Pipe, outbox, text};
use crate::presence::Heard;
use crate::room::ToRoom;
use crate::screens::SocketId;
use crate::throttle::{Bucket, Rate};
use crate::tickets::RENEWAL;
use crate::wall::PICTURES;
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use meeting::id::DeviceId;
use protocol::message::{ByeReason, ClientMessage, ServerMessage};
use protocol::view::AudienceKind;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::timeout;

/// How long a screen may take to say who it is.
const HELLO: Duration = Duration::from_secs(10);
/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// A socket from which not even a heartbeat comes is closed after this; it was counted as lost long before.
const DEAD: Duration = Duration::from_secs(60);
/// Longest id of a device or a command.
const ID: usize = 64;

/// Talks with one screen until one of the two has enough.
pub async fn talk(socket: WebSocket, who: Option<Who>, app: Arc<App>) {
    let (sink, stream) = socket.split();
    let (outbox, pipe, farewell) = outbox(app.config.limits.outbox_bytes);
    let writer = tokio::spawn(write(sink, pipe, farewell.clone()));
    let socket = app.next_socket();
    let heard = Heard::default();
    let ended = match who {
        None => Err(ByeReason::BadTicket.into()),
        Some(who) => read(socket, stream, farewell, &outbox, who, &heard, &app).await,
    };
    if let Err(parting) = ended {
        outbox.close(parting);
        metrics::counter!("hub_byes_total", "reason" => format!("{:?}", parting.reason)).increment(1);
        tracing::debug!(?parting, socket = socket.0, "bye");
    }
    // A full room is emptied by the room itself; the socket's end must not be lost.
    let _stopped = app.room.send(ToRoom::Leave { socket }).await;
    drop(outbox);
    let _panicked = writer.await;
}

/// Reads until the screen has gone (`Ok`) or must go (`Err`).
async fn read(
    socket: SocketId,
    mut stream: SplitStream<WebSocket>,
    mut farewell: Farewell,
    outbox: &Outbox,
    who: Who,
    heard: &Heard,
    app: &App,
) -> Result<(), Parting> {
    let limits = &app.config.limits;
    let rate = Rate {
        burst: limits.burst,
        per_s: f64::from(limits.messages_per_s),
    };
    let mut bucket = Bucket::full(rate, Instant::now());
    let mut hello: Option<(AudienceKind, DeviceId)> = None;
    // The ticket with which this screen can come back, and since when it has it.
    let mut return_ticket: Option<(String, Instant)> = None;
    loop {
        let known = hello.is_some();
        let patience = if known { DEAD } else { HELLO };
        let incoming = tokio::select! {
            incoming = timeout(patience, stream.next()) => incoming,
            // The hub wants to part; the writer says so.
            _reason = parting(&mut farewell) => return Ok(()),
        };
        let message = match incoming {
            Err(_) if known => return Ok(()),
            Err(_) => return Err(ByeReason::Malformed.into()),
            Ok(None) => return Ok(()),
            Ok(Some(Err(error))) => return broken(&error),
            Ok(Some(Ok(message))) => message,
        };
        heard.note(app.clock.now());
        bucket
            .take(rate, Instant::now())
            .map_err(|_| Parting::from(ByeReason::TooFast))?;
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(ByeReason::Malformed.into()),
            Message::Ping(_) | Message::Pong(_) => continue,
            Message::Close(_) => return Ok(()),
        };
        let message: ClientMessage = serde_json::from_str(&text).map_err(|_| Parting::from(ByeReason::Malformed))?;
        let to_room = match message {
            ClientMessage::Hello {
                audience,
                device,
                resume,
            } => {
                if device.0.is_empty() || device.0.chars().count() > ID {
                    return Err(ByeReason::Malformed.into());
                }
                if !auth::audiences(&app.setup, &who).contains(&audience) {
                    return Err(ByeReason::NotYourScreen.into());
                }
                // Again from the same screen: its mirror has a gap, and it asks for everything.
                let same = (audience, device.clone());
                if *hello.get_or_insert_with(|| same.clone()) != same {
                    return Err(ByeReason::Malformed.into());
                }
                let (who, outbox, heard) = (who.clone(), outbox.clone(), heard.clone());
                ToRoom::Enter {
                    socket,
                    who,
                    audience,
                    device,
                    resume,
                    outbox,
                    heard,
                }
            }
            ClientMessage::Ping { n } => {
                outbox.send(&ServerMessage::Pong {
                    n,
                    now: app.clock.now(),
                });
                let is_old = |(_, since): &(String, Instant)| since.elapsed() >= RENEWAL;
                if known && return_ticket.as_ref().is_none_or(is_old) {
                    let before = return_ticket.as_ref().map(|(ticket, _)| ticket.as_str());
                    let fresh = lock(&app.tickets).renew(before, who.clone(), Instant::now());
                    return_ticket = Some((fresh.clone(), Instant::now()));
                    outbox.send(&ServerMessage::Return { ticket: fresh });
                }
                continue;
            }
            ClientMessage::Command { .. }
            | ClientMessage::Offer { .. }
            | ClientMessage::Device { .. }
            | ClientMessage::Watch { .. }
            | ClientMessage::Witnessed { .. }
            | ClientMessage::AskTrend { .. }
                if !known =>
            {
                return Err(ByeReason::Malformed.into());
            }
            ClientMessage::Command { id, given_at, command } => ToRoom::Ask {
                socket,
                id,
                given_at,
                command,
                received: Instant::now(),
            },
            ClientMessage::Offer { attempt, sdp } => ToRoom::Offer { socket, attempt, sdp },
            ClientMessage::Device { report } => ToRoom::Device { socket, report },
            ClientMessage::Watch { mut rooms } => {
                rooms.truncate(PICTURES);
                ToRoom::Watch { socket, rooms }
            }
            ClientMessage::Witnessed { sitting, number } => ToRoom::Witnessed {
                socket,
                sitting,
                number,
            },
            ClientMessage::AskTrend { room, since } => ToRoom::Trend { socket, room, since },
        };
        match app.room.try_send(to_room) {
            Ok(()) => {}
            Err(TrySendError::Full(ToRoom::Ask { id, .. })) => outbox.send(&ServerMessage::Unavailable { id }),
            // Figures and offers come again by themselves.
            Err(TrySendError::Full(
                ToRoom::Device { .. }
                | ToRoom::Offer { .. }
                | ToRoom::Watch { .. }
                | ToRoom::Witnessed { .. }
                | ToRoom::Trend { .. },
            )) => {}
            Err(TrySendError::Full(_)) => return Err(ByeReason::TooFast.into()),
            Err(TrySendError::Closed(_)) => return Err(ByeReason::Stopping.into()),
        }
    }
}

/// The line ended without a farewell (`Ok`), or the protocol was broken.
fn broken(error: &axum::Error) -> Result<(), Parting> {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    // axum hides tungstenite's error; these are its words.
    if cause.contains("too long") {
        return Err(Parting {
            reason: ByeReason::Malformed,
            code: close_code::SIZE,
        });
    }
    let gone = ["closing handshake", "IO error", "onnection closed"]
        .iter()
        .any(|words| cause.contains(words));
    if gone { Ok(()) } else { Err(ByeReason::Malformed.into()) }
}

/// Writes until there is nothing left to say or a reason to part.
async fn write(mut sink: SplitSink<WebSocket, Message>, mut pipe: Pipe, mut farewell: Farewell) {
    let parting = loop {
        let sent = async {
            let text = pipe.next().await?;
            sink.send(Message::Text(text)).await.ok()
        };
        tokio::select! {
            biased;
            // Even in the middle of a message that a slow screen does not take.
            parting = parting(&mut farewell) => break parting,
            sent = sent => if sent.is_none() { break None },
        }
    };
    let Some(Parting { reason, code }) = parting else {
        let _gone = timeout(FAREWELL, sink.close()).await;
        return;
    };
    let goodbye = async {
        // What was acknowledged is not held back because of the farewell, except from those who do not read.
        if reason == ByeReason::Stopping {
            while let Ok(Some(text)) = timeout(Duration::ZERO, pipe.next()).await {
                sink.send(Message::Text(text)).await?;
            }
        }
        sink.send(Message::Text(text(&ServerMessage::Bye { reason }))).await?;
        sink.send(Message::Close(Some(CloseFrame {
            code,
            reason: "".into(),
        })))
        .await
    };
    let _gone = timeout(FAREWELL, goodbye).await;
}

/// Resolves when the hub wants to part, with the reason; none if nobody is left who could want anything.
async fn parting(farewell: &mut Farewell) -> Option<Parting> {
    farewell
        .wait_for(Option::is_some)
        .await
        .ok()
        .and_then(|parting| *parting)
}
