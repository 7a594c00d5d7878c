//! The meeting: its state, and the two roads through it. `decide` and `due` ask the files of each subject what happens;
//! `apply` makes it so. This file only routes.

use crate::agenda::ItemTimes;
use crate::attendance::Record;
use crate::ceremony::Caption;
use crate::chair::Claim;
use crate::check::Checked;
use crate::command::{Actor, Asked, Command};
use crate::confidence::Confidence;
use crate::cut::{Arranged, Silence};
use crate::event::{Entry, Event};
use crate::id::{
    CommandId, DeviceId, EndpointId, GroupId, ItemId, NoteId, PersonId, QuestionId, RequestId, SiteId, SittingId, Time,
    VoteId,
};
use crate::links::Line;
use crate::list::List;
use crate::note::Notes;
use crate::paper::Board;
use crate::privacy::{ClosedPart, Privacy};
use crate::question::{Note, Question};
use crate::refusal::Refusal;
use crate::request::Request;
use crate::rights::{Capacity, phases};
use crate::roll::{Roll, Snapshot};
use crate::setup::{Rules, Setup};
use crate::sitting::Phase;
use crate::turn::{PastTurn, Turn};
use crate::vote::Vote;
use std::collections::{BTreeMap, BTreeSet};

/// What a command leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// These events, as one entry of the journal; never empty.
    Events(Vec<Event>),
    /// Nothing new: the entry of this sequence answered the same command id before.
    Repeated(u64),
}

/// A site lead's proposal that waits for a secretary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who proposes.
    pub by: PersonId,
    /// When.
    pub at: Time,
    /// Who is there.
    pub present: Vec<PersonId>,
}

/// One sitting: the fold of its journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    pub(crate) seq: u64,
    pub(crate) created_at: Time,
    pub(crate) setup: Setup,
    pub(crate) phase: Phase,
    pub(crate) phase_since: Time,
    pub(crate) opened_at: Option<Time>,
    pub(crate) resume_at: Option<Time>,
    pub(crate) unrecorded: bool,
    pub(crate) recording: bool,
    pub(crate) override_quorum: String,

    pub(crate) privacy: Privacy,
    pub(crate) closed_parts: Vec<ClosedPart>,

    pub(crate) presiding: PersonId,
    pub(crate) console: Option<DeviceId>,
    pub(crate) offered_to: Option<PersonId>,
    pub(crate) claim: Option<Claim>,
    pub(crate) claim_open: bool,
    pub(crate) secretary_coordinates: bool,

    pub(crate) item: Option<ItemId>,
    pub(crate) item_since: Option<Time>,
    pub(crate) items: BTreeMap<ItemId, ItemTimes>,
    pub(crate) caption: Option<Caption>,
    pub(crate) list: List,
    pub(crate) requests: BTreeMap<RequestId, Request>,
    pub(crate) queue: Vec<RequestId>,
    pub(crate) requests_made: u32,
    pub(crate) next_sequence: u32,
    pub(crate) turn: Option<Turn>,
    pub(crate) interrupted: Option<Turn>,
    pub(crate) past: Vec<PastTurn>,
    pub(crate) turns_made: u32,
    pub(crate) open_microphones: BTreeSet<EndpointId>,
    pub(crate) silence: Option<Silence>,
    pub(crate) arranged: Option<Arranged>,
    pub(crate) checks: BTreeMap<EndpointId, Checked>,
    pub(crate) checks_asked: BTreeMap<EndpointId, Time>,
    pub(crate) watching: BTreeMap<PersonId, Time>,

    pub(crate) records: BTreeMap<PersonId, Record>,
    pub(crate) proposals: BTreeMap<SiteId, Proposal>,
    pub(crate) roll: Option<Roll>,
    pub(crate) snapshots: Vec<Snapshot>,

    pub(crate) questions: BTreeMap<QuestionId, Question>,
    pub(crate) questions_made: u32,
    pub(crate) answerer: Option<PersonId>,
    pub(crate) undertakings: BTreeMap<NoteId, Note>,

    pub(crate) votes: BTreeMap<VoteId, Vote>,
    pub(crate) votes_made: u32,
    pub(crate) notes: Notes,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) board: Option<Board>,

    pub(crate) people: BTreeMap<PersonId, Line>,
    pub(crate) endpoints: BTreeMap<EndpointId, Line>,
    pub(crate) devices: BTreeMap<PersonId, DeviceId>,
    pub(crate) seats: BTreeMap<PersonId, SiteId>,
    pub(crate) restarted_at: Option<Time>,
    pub(crate) last_alive: Option<Time>,
    pub(crate) awaited_until: Option<Time>,

    commands: BTreeMap<(Asker, CommandId), u64>,
}

/// Who remembers a command id: the person or the room, whichever device a retry comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Asker {
    Person(PersonId),
    Room(EndpointId),
}

impl Default for Meeting {
    fn default() -> Self {
        Self::new()
    }
}

impl Meeting {
    /// A meeting before its first event.
    #[must_use]
    pub fn new() -> Self {
        let rules = Rules::default();
        Self {
            seq: 0,
            created_at: Time::default(),
            list: List::closed(rules.tie_break),
            setup: Setup {
                sitting: SittingId::from(""),
                title: String::new(),
                bodies: Vec::new(),
                people: BTreeMap::new(),
                groups: BTreeMap::<GroupId, _>::new(),
                sites: BTreeMap::new(),
                endpoints: BTreeMap::new(),
                agenda: BTreeMap::new(),
                presiding: PersonId::from(""),
                starts_at: None,
                rules,
            },
            phase: Phase::Preparing,
            phase_since: Time::default(),
            opened_at: None,
            resume_at: None,
            unrecorded: false,
            recording: false,
            override_quorum: String::new(),
            privacy: Privacy::Public,
            closed_parts: Vec::new(),
            presiding: PersonId::from(""),
            console: None,
            offered_to: None,
            claim: None,
            claim_open: false,
            secretary_coordinates: false,
            item: None,
            item_since: None,
            items: BTreeMap::new(),
            caption: None,
            requests: BTreeMap::new(),
            queue: Vec::new(),
            requests_made: 0,
            next_sequence: 1,
            turn: None,
            interrupted: None,
            past: Vec::new(),
            turns_made: 0,
            open_microphones: BTreeSet::new(),
            silence: None,
            arranged: None,
            checks: BTreeMap::new(),
            checks_asked: BTreeMap::new(),
            watching: BTreeMap::new(),
            records: BTreeMap::new(),
            proposals: BTreeMap::new(),
            roll: None,
            snapshots: Vec::new(),
            questions: BTreeMap::new(),
            questions_made: 0,
            answerer: None,
            undertakings: BTreeMap::new(),
            votes: BTreeMap::new(),
            votes_made: 0,
            notes: Notes::default(),
            confidence: None,
            board: None,
            people: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            devices: BTreeMap::new(),
            seats: BTreeMap::new(),
            restarted_at: None,
            last_alive: None,
            awaited_until: None,
            commands: BTreeMap::new(),
        }
    }

    /// What a command leads to: events to be journaled and applied, the entry that answered it before, or a refusal.
    ///
    /// `now` is the server's clock. `seed` is the low bits of the journal head's hash; it is used only where chance is asked
    /// for, and then stands in the event.
    pub fn decide(&self, asked: &Asked, now: Time, seed: u64) -> Result<Decision, Refusal> {
        if let Some(asker) = asker(&asked.by) {
            let device = match &asked.by {
                Actor::Person { device, .. } => device.0.as_str(),
                Actor::Room { .. } | Actor::Kiosk { .. } | Actor::System => "",
            };
            if asked.id.0.is_empty()
                || [asked.id.0.as_str(), device]
                    .iter()
                    .any(|id| id.chars().count() > LONGEST_ID)
            {
                return Err(Refusal::OutOfRange);
            }
            if let Some(seq) = self.commands.get(&(asker, asked.id.clone())) {
                return Ok(Decision::Repeated(*seq));
            }
        }
        self.wish(asked, now, seed).map(Decision::Events)
    }

    /// Whether `actor` could give `command` now: for a screen that wants to know which of its buttons work, and why not.
    pub fn preview(&self, actor: &Actor, command: &Command, now: Time) -> Result<(), Refusal> {
        let asked = Asked {
            id: CommandId(String::new()),
            by: actor.clone(),
            given_at: None,
            command: command.clone(),
        };
        self.wish(&asked, now, 0).map(|_| ())
    }

    fn wish(&self, asked: &Asked, now: Time, seed: u64) -> Result<Vec<Event>, Refusal> {
        let capacity = self.capacity(&asked.by, &asked.command)?;
        self.in_phase(phases(&asked.command))?;
        let mut events = self.route(asked, capacity, now, seed)?;
        // What the hub reports gives nobody the word: a line that is back does not lift a silence.
        if capacity != Capacity::Hub {
            events.extend(self.questions_raised(&events));
            events.extend(self.floor_moves(&events, now));
        }
        // The first act of the presiding chair says which device is the console.
        if capacity == Capacity::Presiding
            && self.console.is_none()
            && asked.command != Command::TakeConsole
            && let Actor::Person { device, .. } = &asked.by
        {
            let taken = Event::ConsoleTaken { device: device.clone() };
            return Ok([taken].into_iter().chain(events).collect());
        }
        Ok(events)
    }

    /// Makes an entry of the journal so. Total: it cannot fail, and it counts the sequence itself, from 1.
    pub fn apply(&mut self, entry: &Entry) {
        self.seq += 1;
        if let (Some(asker), Some(command)) = (asker(&entry.by), &entry.command) {
            self.commands.insert((asker, command.clone()), self.seq);
        }
        for event in &entry.events {
            self.apply_event(event, &entry.by, entry.at);
        }
    }
}

/// The longest id that a client may make, of a command or a device, in characters.
pub(crate) const LONGEST_ID: usize = 64;

/// The hub's own commands are remembered by nobody: it reports what it sees, and a report that changes nothing is refused.
fn asker(by: &Actor) -> Option<Asker> {
    match by {
        Actor::Person { id, .. } => Some(Asker::Person(id.clone())),
        Actor::Room { id } => Some(Asker::Room(id.clone())),
        Actor::Kiosk { voter, .. } => voter.clone().map(Asker::Person),
        Actor::System => None,
    }
}
