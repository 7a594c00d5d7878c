//! The hub of the world: decide → durable → apply → answer, as `hub/src/ledger.rs` does it, and a disk that keeps what was
//! synced and nothing else.

use crate::laws::Laws;
use meeting::command::{Actor, Asked, Command};
use meeting::id::{CommandId, Time};
use meeting::refusal::Refusal;
use meeting::setup::Setup;
use meeting::{Decision, Entry, Event, Meeting};

/// How the writing of one entry ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Written, synced, applied, answered.
    Well,
    /// The disk refuses; nothing is there.
    Fails,
    /// The disk reports an error, and has it all the same.
    FailsWritten,
    /// The hub dies before a byte is written, or the file is cut off behind the last sync.
    DiesLosing,
    /// The hub dies with the entry durable, and nobody was told.
    DiesWritten,
}

/// What the asker hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is on the disk.
    Accepted { seq: u64, repeated: bool },
    /// The meeting refuses.
    Refused(Refusal),
    /// Not durable now; to be asked again.
    Unavailable,
}

/// The hub died on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Died;

/// One hub with its disk.
pub(crate) struct Hub {
    meeting: Meeting,
    /// The lines that were synced.
    disk: Vec<String>,
    /// What was asked for by the entry that was written when the hub died.
    on_its_way: Option<Command>,
    /// The last moment it is known to have lived through.
    alive: Time,
    pub(crate) laws: Laws,
}

impl Hub {
    pub(crate) fn create(setup: Setup, now: Time) -> Self {
        let events = Meeting::create(setup).expect("a sound council");
        let mut hub = Self {
            meeting: Meeting::new(),
            disk: Vec::new(),
            on_its_way: None,
            alive: now,
            laws: Laws::default(),
        };
        let entry = Entry {
            at: now,
            by: Actor::System,
            command: None,
            events,
        };
        let line = serde_json::to_string(&entry).unwrap();
        hub.disk.push(line);
        hub.meeting.apply(&entry);
        hub
    }

    pub(crate) fn meeting(&self) -> &Meeting {
        &self.meeting
    }

    pub(crate) fn disk(&self) -> &[String] {
        &self.disk
    }

    /// Somebody asks.
    pub(crate) fn ask(&mut self, asked: &Asked, now: Time, fate: Fate) -> Result<Answer, Died> {
        let seed = self.meeting.seq().wrapping_mul(0x9e37_79b9);
        let events = match self.meeting.decide(asked, now, seed) {
            Err(refusal) => return Ok(Answer::Refused(refusal)),
            Ok(Decision::Repeated(seq)) => return Ok(Answer::Accepted { seq, repeated: true }),
            Ok(Decision::Events(events)) => events,
        };
        let entry = Entry {
            at: now,
            by: asked.by.clone(),
            command: (asked.by != Actor::System).then(|| asked.id.clone()),
            events,
        };
        self.write(&entry, Some(&asked.command), fate)
    }

    /// What the hub itself sees. What would change nothing is no error.
    pub(crate) fn report(&mut self, command: Command, now: Time, fate: Fate) -> Result<(), Died> {
        let asked = Asked {
            id: CommandId(String::new()),
            by: Actor::System,
            given_at: None,
            command,
        };
        match self.ask(&asked, now, fate)? {
            Answer::Accepted { .. } | Answer::Unavailable | Answer::Refused(Refusal::NoChange) => Ok(()),
            Answer::Refused(refusal) => panic!("a report of the hub's own was refused: {refusal:?}, {asked:?}"),
        }
    }

    /// What the clock brings about.
    pub(crate) fn tick(&mut self, now: Time, fate: Fate) -> Result<(), Died> {
        let events: Vec<Event> = self.meeting.due(now);
        assert!(!events.is_empty(), "something was due at {now:?}");
        let entry = Entry {
            at: now,
            by: Actor::System,
            command: None,
            events,
        };
        self.write(&entry, None, fate).map(|_| ())
    }

    /// The heartbeat row: outside the journal, and lost without harm.
    pub(crate) fn note_alive(&mut self, now: Time) {
        self.alive = self.alive.max(now);
    }

    fn write(&mut self, entry: &Entry, command: Option<&Command>, fate: Fate) -> Result<Answer, Died> {
        let line = serde_json::to_string(entry).unwrap();
        match fate {
            Fate::Fails => return Ok(Answer::Unavailable),
            Fate::DiesLosing => return Err(Died),
            Fate::DiesWritten => {
                self.disk.push(line);
                self.on_its_way = command.cloned();
                return Err(Died);
            }
            Fate::Well | Fate::FailsWritten => self.disk.push(line),
        }
        // After an error the database has the last word: it is there, so it counts.
        self.take(command);
        let seq = self.disk.len() as u64;
        Ok(Answer::Accepted { seq, repeated: false })
    }

    /// Applies what the disk has, as the disk has it, under the eyes of the law.
    fn take(&mut self, command: Option<&Command>) {
        let entry: Entry = serde_json::from_str(self.disk.last().unwrap()).unwrap();
        let before = self.laws.before(&self.meeting);
        self.meeting.apply(&entry);
        self.laws.after(&before, &self.meeting, &entry, command);
    }

    /// The hub starts again: the fold of what the disk has.
    pub(crate) fn restart(&mut self, now: Time) {
        let known = self.meeting.seq();
        let folded = fold(&self.disk);
        if folded.seq() == known {
            assert_eq!(folded, self.meeting, "recovery is the fold");
        } else {
            assert_eq!(folded.seq(), known + 1, "at most one entry was on its way");
            let command = self.on_its_way.take();
            self.take(command.as_ref());
            assert_eq!(folded, self.meeting, "recovery is the fold");
        }
        let last: Entry = serde_json::from_str(self.disk.last().unwrap()).unwrap();
        self.alive = self.alive.max(last.at);
        let restart = Command::ReportRestart { last_alive: self.alive };
        let written = self.report(restart, now, Fate::Well);
        assert_eq!(written, Ok(()), "nothing stands against a start");
    }
}

/// The meeting that a journal tells of.
pub(crate) fn fold(journal: &[String]) -> Meeting {
    let mut meeting = Meeting::new();
    for line in journal {
        meeting.apply(&serde_json::from_str(line).unwrap());
    }
    meeting
}
