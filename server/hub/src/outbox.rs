//! What waits to be sent to one screen. Bounded: a screen that reads too slowly is cut off, and slows nobody else.

use axum::extract::ws::{Utf8Bytes, close_code};
use protocol::message::{ByeReason, ServerMessage};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{mpsc, watch};

/// At most so many messages wait, however small they are.
const MESSAGES: usize = 1024;

/// The end where messages go in. Never waits.
#[derive(Debug, Clone)]
pub struct Outbox {
    messages: mpsc::Sender<Utf8Bytes>,
    waiting: Arc<AtomicUsize>,
    limit: usize,
    bye: Arc<watch::Sender<Option<Parting>>>,
}

/// The end where the socket takes them out.
#[derive(Debug)]
pub struct Pipe {
    messages: mpsc::Receiver<Utf8Bytes>,
    waiting: Arc<AtomicUsize>,
}

/// Tells when the hub wants the socket closed, and why.
pub type Farewell = watch::Receiver<Option<Parting>>;

/// Why a socket is closed: for the screen, and for the websocket itself (RFC 6455 §7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parting {
    /// For the screen.
    pub reason: ByeReason,
    /// For the websocket.
    pub code: u16,
}

impl From<ByeReason> for Parting {
    fn from(reason: ByeReason) -> Self {
        let code = match reason {
            ByeReason::Malformed => close_code::PROTOCOL,
            ByeReason::Stopping | ByeReason::TooSlow => close_code::RESTART,
            ByeReason::BadTicket
            | ByeReason::NotYourScreen
            | ByeReason::TooFast
            | ByeReason::Replaced
            | ByeReason::Revoked => close_code::POLICY,
        };
        Self { reason, code }
    }
}

/// An outbox that holds this many bytes.
#[must_use]
pub fn outbox(limit: usize) -> (Outbox, Pipe, Farewell) {
    let (sender, receiver) = mpsc::channel(MESSAGES);
    let (bye, farewell) = watch::channel(None);
    let waiting = Arc::new(AtomicUsize::new(0));
    let pipe = Pipe {
        messages: receiver,
        waiting: Arc::clone(&waiting),
    };
    (
        Outbox {
            messages: sender,
            waiting,
            limit,
            bye: Arc::new(bye),
        },
        pipe,
        farewell,
    )
}

impl Outbox {
    /// Sends a message; over the bound the socket is closed instead.
    pub fn send(&self, message: &ServerMessage) {
        self.send_text(text(message));
    }

    /// Sends what is serialised already, e.g. once for many screens.
    pub fn send_text(&self, text: Utf8Bytes) {
        let length = text.len();
        // An empty outbox takes any message: the whole view of a large council may be larger than the bound.
        let before = self.waiting.fetch_add(length, Ordering::Relaxed);
        if (before > 0 && before + length > self.limit) || self.messages.try_send(text).is_err() {
            self.waiting.fetch_sub(length, Ordering::Relaxed);
            self.close(ByeReason::TooSlow);
        }
    }

    /// Sends what may as well be left out when the screen is behind: figures that come again in a second.
    pub fn send_if_idle(&self, text: Utf8Bytes) {
        if self.waiting.load(Ordering::Relaxed) <= self.limit / 8 {
            self.send_text(text);
        }
    }

    /// Closes the socket. The first reason counts.
    pub fn close(&self, why: impl Into<Parting>) {
        let parting = why.into();
        self.bye.send_if_modified(|bye| {
            let first = bye.is_none();
            bye.get_or_insert(parting);
            first
        });
    }
}

impl Pipe {
    /// The next message; none when nobody can send any more.
    pub async fn next(&mut self) -> Option<Utf8Bytes> {
        let text = self.messages.recv().await?;
        self.waiting.fetch_sub(text.len(), Ordering::Relaxed);
        Some(text)
    }
}

/// A message as it travels.
#[must_use]
pub fn text(message: &ServerMessage) -> Utf8Bytes {
    serde_json::to_string(message)
        .expect("messages have string keys and finite numbers")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_slow_screen_is_cut_off_and_keeps_little() {
        let (outbox, mut pipe, farewell) = outbox(10_000);
        let patch = Utf8Bytes::from("x".repeat(1000));
        for _ in 0..100 {
            outbox.send_text(patch.clone());
        }
        assert_eq!(*farewell.borrow(), Some(ByeReason::TooSlow.into()));
        outbox.close(ByeReason::Stopping);
        assert_eq!(
            *farewell.borrow(),
            Some(ByeReason::TooSlow.into()),
            "the first reason counts"
        );
        let mut kept = 0;
        drop(outbox);
        while let Some(text) = pipe.next().await {
            kept += text.len();
        }
        assert_eq!(kept, 10_000);
    }

    #[tokio::test]
    async fn a_screen_that_reads_gets_everything() {
        let (outbox, mut pipe, farewell) = outbox(10_000);
        outbox.send_text("y".repeat(50_000).into());
        assert_eq!(
            pipe.next().await.unwrap().len(),
            50_000,
            "the whole view of a large council"
        );
        for _ in 0..100 {
            outbox.send_text("x".repeat(1000).into());
            assert_eq!(pipe.next().await.unwrap().len(), 1000);
        }
        assert_eq!(*farewell.borrow(), None);
    }
}
