//! A screen of the world: it keeps a command until it is answered and sends it again meanwhile, as the browser's mirror does.

use crate::hub::Answer;
use meeting::command::{Actor, Asked, Command};
use meeting::id::{CommandId, Time};
use std::collections::BTreeMap;

/// Who sits in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Presides, or may preside.
    Chair,
    Secretary,
    Technician,
    Delegate,
    /// Tries whatever comes to mind.
    Hostile,
    /// A room's screen, which asks for nothing.
    Room,
    /// A shared tablet, at which one delegate after the other votes.
    Kiosk,
}

/// One screen.
pub(crate) struct Device {
    pub(crate) by: Actor,
    pub(crate) part: Part,
    /// Its line carries.
    pub(crate) line_up: bool,
    /// The last moment at which the hub heard of it.
    pub(crate) heard_at: Time,
    /// Given and not yet answered.
    pub(crate) waiting: BTreeMap<CommandId, Asked>,
    /// What it was told is on the disk.
    pub(crate) acknowledged: BTreeMap<CommandId, u64>,
    given: u32,
}

impl Device {
    pub(crate) fn new(by: Actor, part: Part, now: Time) -> Self {
        Self {
            by,
            part,
            line_up: true,
            heard_at: now,
            waiting: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            given: 0,
        }
    }

    /// Gives a command; its id is the device's own.
    pub(crate) fn give(&mut self, command: Command, now: Time) -> CommandId {
        self.give_as(self.by.clone(), command, now)
    }

    /// … for whoever stands in front of it. A shared tablet's ids are not those of the delegates' own devices.
    pub(crate) fn give_as(&mut self, by: Actor, command: Command, now: Time) -> CommandId {
        self.given += 1;
        let id = match &by {
            Actor::Kiosk { id, .. } => CommandId(format!("{id}-{}", self.given)),
            Actor::Person { .. } | Actor::Room { .. } | Actor::System => CommandId(format!("c{}", self.given)),
        };
        self.keep(Asked {
            id: id.clone(),
            by,
            given_at: Some(now),
            command,
        });
        id
    }

    pub(crate) fn keep(&mut self, asked: Asked) {
        self.waiting.insert(asked.id.clone(), asked);
    }

    /// An answer has come in, perhaps for the tenth time, perhaps an old one.
    pub(crate) fn hears(&mut self, id: &CommandId, answer: &Answer) {
        match answer {
            Answer::Accepted { seq, .. } => {
                self.waiting.remove(id);
                let before = self.acknowledged.insert(id.clone(), *seq);
                assert!(
                    before.is_none_or(|before| before == *seq),
                    "{:?} was told that {id} stands at {before:?} and at {seq}",
                    self.by
                );
            }
            Answer::Refused(_) => {
                self.waiting.remove(id);
            }
            Answer::Unavailable => {}
        }
    }
}
