//! A screen without a browser: a mirror of the view, commands that are repeated until they are answered, and a socket that
//! comes back.
//!
//! It knows the protocol, not the meeting: whoever owns a client decides what to ask. Input: [`Client::next`]; output:
//! [`Client::command`] and [`Client::send`].

use crate::http::Hub;
use crate::mirror::{Mirror, Took};
use crate::socket::{self, Heard, Say};
use meeting::command::Command;
use meeting::id::{CommandId, DeviceId};
use meeting::refusal::Refusal;
use protocol::message::{ByeReason, ClientMessage, ServerMessage};
use protocol::view::AudienceKind;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Something that a screen would show or act on.
#[derive(Debug)]
pub enum News {
    /// The view has changed.
    Changed {
        /// When the message arrived.
        at: Instant,
        /// After a `welcome` from another run of the hub than before (also the first one): media must be offered again.
        new_boot: bool,
    },
    /// A command was answered.
    Answered {
        /// Which.
        id: CommandId,
        /// `None` = accepted.
        refusal: Option<Refusal>,
        /// When the answer arrived.
        at: Instant,
    },
    /// Another message: media, links, pairing.
    Other(Box<ServerMessage>),
    /// The connection is lost.
    Lost,
    /// The hub does not want this screen any more.
    Ended(Option<ByeReason>),
}

/// A screen.
#[derive(Debug)]
pub struct Client {
    hub: Hub,
    key: String,
    audience: AudienceKind,
    device: DeviceId,
    say: mpsc::Sender<Say>,
    heard: mpsc::Receiver<Heard>,
    /// The connection that is open, if one is.
    run: Option<u32>,
    pending: Vec<(CommandId, Command)>,
    /// The hub could not write a command down; it is asked again with the next heartbeat.
    again: bool,
    commands: u64,
    /// The view.
    pub mirror: Mirror,
}

impl Client {
    /// Opens a screen with a personal key. Must be called inside a tokio runtime.
    #[must_use]
    pub fn open(hub: &Hub, key: &str, audience: AudienceKind) -> Self {
        let (say, heard) = socket::start(hub.clone(), key.to_owned(), Duration::ZERO);
        let device = DeviceId(format!("bot-{:016x}", rand::random::<u64>()));
        Self {
            hub: hub.clone(),
            key: key.to_owned(),
            audience,
            device,
            say,
            heard,
            run: None,
            pending: Vec::new(),
            again: false,
            commands: 0,
            mirror: Mirror::default(),
        }
    }

    /// This screen's device.
    #[must_use]
    pub fn device(&self) -> &DeviceId {
        &self.device
    }

    /// A connection is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.run.is_some()
    }

    /// No command waits for its answer.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.pending.is_empty()
    }

    /// Loses the line, whatever is on its way; it comes back after `outage`.
    pub fn cut(&mut self, outage: Duration) {
        self.run = None;
        (self.say, self.heard) = socket::start(self.hub.clone(), self.key.clone(), outage);
    }

    /// Asks for something; it is repeated after every loss until it is answered.
    pub fn command(&mut self, command: Command) -> CommandId {
        self.commands += 1;
        let id = CommandId(format!("{}-{}", self.device, self.commands));
        self.pending.push((id.clone(), command.clone()));
        self.send(ClientMessage::Command {
            id: id.clone(),
            given_at: self.mirror.now(),
            command,
        });
        id
    }

    /// Sends a message on the open connection; without one, or when it does not drain, the message is dropped.
    pub fn send(&mut self, message: ClientMessage) {
        if let Some(run) = self.run {
            let _ = self.say.try_send(Say { run, message });
        }
    }

    /// Waits for the next news. May be dropped and called again without losing any.
    pub async fn next(&mut self) -> News {
        loop {
            let Some(heard) = self.heard.recv().await else {
                return News::Ended(None);
            };
            match heard {
                Heard::Opened { run } => {
                    self.run = Some(run);
                    self.hello();
                }
                Heard::Lost => {
                    self.run = None;
                    return News::Lost;
                }
                Heard::Ended { reason } => {
                    self.run = None;
                    return News::Ended(reason);
                }
                Heard::Message { message, at } => {
                    if let Some(news) = self.take(message, at) {
                        return news;
                    }
                }
            }
        }
    }

    fn hello(&mut self) {
        let hello = ClientMessage::Hello {
            audience: self.audience,
            device: self.device.clone(),
            resume: self.mirror.resume(),
        };
        self.send(hello);
    }

    fn repeat(&mut self) {
        for (id, command) in self.pending.clone() {
            self.send(ClientMessage::Command {
                id,
                given_at: None,
                command,
            });
        }
    }

    fn take(&mut self, message: Box<ServerMessage>, at: Instant) -> Option<News> {
        let boot = self.mirror.boot().to_owned();
        match self.mirror.take(&message, at) {
            Took::Changed => {
                if matches!(*message, ServerMessage::Welcome { .. }) {
                    self.repeat();
                }
                return Some(News::Changed {
                    at,
                    new_boot: self.mirror.boot() != boot,
                });
            }
            Took::Gap => {
                self.mirror.forget();
                self.hello();
                return None;
            }
            Took::Nothing => {}
        }
        match *message {
            ServerMessage::Accepted { id, .. } => {
                self.pending.retain(|(waiting, _)| *waiting != id);
                Some(News::Answered { id, refusal: None, at })
            }
            ServerMessage::Refused { id, refusal } => {
                self.pending.retain(|(waiting, _)| *waiting != id);
                Some(News::Answered {
                    id,
                    refusal: Some(refusal),
                    at,
                })
            }
            ServerMessage::Unavailable { .. } => {
                self.again = true;
                None
            }
            ServerMessage::Pong { .. } => {
                if std::mem::take(&mut self.again) {
                    self.repeat();
                }
                None
            }
            ServerMessage::Welcome { .. }
            | ServerMessage::Update { .. }
            | ServerMessage::Answer { .. }
            | ServerMessage::OfferRefused { .. }
            | ServerMessage::Slots { .. }
            | ServerMessage::Links { .. }
            | ServerMessage::Trend { .. }
            | ServerMessage::Pairing { .. }
            | ServerMessage::Relay { .. }
            | ServerMessage::Checkpoint { .. }
            | ServerMessage::Return { .. }
            | ServerMessage::Bye { .. } => Some(News::Other(message)),
        }
    }
}
