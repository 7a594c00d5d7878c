//! A screen's copy of the view that the hub made: JSON kept current by merge patches (RFC 7396), read as types on demand.
//!
//! It holds no rule of the meeting. Input: `welcome` and `update`; output: [`Shared`] and [`Mine`].

use meeting::id::Time;
use protocol::message::{Resume, ServerMessage};
use protocol::patch::merge;
use protocol::view::{Mine, Shared};
use serde_json::Value;
use std::time::Instant;

/// The copy.
#[derive(Debug, Default)]
pub struct Mirror {
    boot: String,
    seq: u64,
    shared: Value,
    mine: Value,
    shared_read: Option<Shared>,
    mine_read: Option<Mine>,
    clock: Option<(Instant, Time)>,
}

/// What a message did to the mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Took {
    /// Nothing: it was not about the view.
    Nothing,
    /// The view has changed.
    Changed,
    /// A message is missing: everything must be asked for again.
    Gap,
}

impl Mirror {
    /// Where the mirror stands, for `hello`; absent while it holds nothing.
    #[must_use]
    pub fn resume(&self) -> Option<Resume> {
        self.shared.is_object().then(|| Resume {
            boot: self.boot.clone(),
            seq: self.seq,
        })
    }

    /// The run of the hub that the mirror comes from.
    #[must_use]
    pub fn boot(&self) -> &str {
        &self.boot
    }

    /// The last sequence number it holds.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Takes a message in.
    pub fn take(&mut self, message: &ServerMessage, received: Instant) -> Took {
        match message {
            ServerMessage::Welcome {
                boot,
                seq,
                now,
                shared,
                patches,
                mine,
            } => {
                self.boot.clone_from(boot);
                self.seq = *seq;
                self.clock = Some((received, *now));
                if let Some(shared) = shared {
                    self.shared = serde_json::to_value(shared).unwrap_or_default();
                } else if !self.shared.is_object() {
                    return Took::Gap;
                }
                for patch in patches {
                    merge(&mut self.shared, patch);
                }
                self.mine = serde_json::to_value(mine).unwrap_or_default();
            }
            ServerMessage::Update {
                after,
                seq,
                shared,
                mine,
            } => {
                if *after != self.seq {
                    return Took::Gap;
                }
                self.seq = *seq;
                if let Some(patch) = shared {
                    merge(&mut self.shared, patch);
                }
                if let Some(patch) = mine {
                    merge(&mut self.mine, patch);
                }
            }
            ServerMessage::Pong { now, .. } => {
                self.clock = Some((received, *now));
                return Took::Nothing;
            }
            ServerMessage::Accepted { .. }
            | ServerMessage::Refused { .. }
            | ServerMessage::Unavailable { .. }
            | ServerMessage::Answer { .. }
            | ServerMessage::OfferRefused { .. }
            | ServerMessage::Slots { .. }
            | ServerMessage::Links { .. }
            | ServerMessage::Trend { .. }
            | ServerMessage::Pairing { .. }
            | ServerMessage::Relay { .. }
            | ServerMessage::Checkpoint { .. }
            | ServerMessage::Return { .. }
            | ServerMessage::Bye { .. } => return Took::Nothing,
        }
        self.shared_read = None;
        self.mine_read = None;
        Took::Changed
    }

    /// Forgets the view, so that the next `hello` asks for everything.
    pub fn forget(&mut self) {
        self.shared = Value::Null;
        self.shared_read = None;
    }

    /// The shared view and the own part, once there is one.
    pub fn view(&mut self) -> Option<(&Shared, &Mine)> {
        if !self.shared.is_object() {
            return None;
        }
        if self.shared_read.is_none() {
            self.shared_read = Shared::deserialize_from(&self.shared);
        }
        if self.mine_read.is_none() {
            self.mine_read = serde_json::from_value(self.mine.clone()).ok();
        }
        Some((self.shared_read.as_ref()?, self.mine_read.as_ref()?))
    }

    /// The shared view as JSON.
    #[must_use]
    pub fn shared_json(&self) -> &Value {
        &self.shared
    }

    /// The server's clock now, as far as this screen knows it.
    #[must_use]
    pub fn now(&self) -> Option<Time> {
        let (at, time) = self.clock?;
        Some(Time(time.0 + u64::try_from(at.elapsed().as_millis()).unwrap_or(0)))
    }
}

trait ReadFrom: Sized {
    fn deserialize_from(value: &Value) -> Option<Self>;
}

impl ReadFrom for Shared {
    fn deserialize_from(value: &Value) -> Option<Self> {
        match serde::Deserialize::deserialize(value) {
            Ok(read) => Some(read),
            Err(error) => {
                tracing::warn!(%error, "the view cannot be read");
                None
            }
        }
    }
}
