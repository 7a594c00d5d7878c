//! The meeting and its journal, held as one: the only way from events to `apply` leads through the disk.
//!
//! Nobody outside this file has the meeting mutably, so nothing can be acknowledged, shown or let be heard before it is
//! durable (PRODUCT 3.0 P3).

use journal::{Chain, Checkpoint, CheckpointFault, Evidence, Finding, Head, Record};
use meeting::command::{Actor, Asked};
use meeting::event::{Entry, Event};
use meeting::id::{CommandId, SittingId, Time};
use meeting::refusal::Refusal;
use meeting::setup::Setup;
use meeting::{Decision, Meeting, SetupError};
use store::{Store, StoreError};
use thiserror::Error;

/// One sitting and where it is kept.
#[derive(Debug)]
pub struct Ledger {
    sitting: SittingId,
    store: Store,
    meeting: Meeting,
    chain: Chain,
    /// When each entry was decided, by its number from 1.
    times: Vec<Time>,
    /// The last record with a legal act; 0 = none.
    legal: u64,
    /// When the journal was signed last before it was taken up.
    signed_at: Time,
    /// An entry of which nobody knows whether the disk has it.
    unsure: Option<(Record, Entry)>,
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its place in the journal.
    pub seq: u64,
    /// When it was decided.
    pub at: Time,
    /// It had been answered before; nothing happened now.
    pub repeated: bool,
}

/// Why nothing happened.
#[derive(Debug, Error)]
pub enum Denied {
    /// The meeting refuses.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// It could not be made durable.
    #[error(transparent)]
    Unavailable(#[from] StoreError),
}

/// Why a journal cannot be taken up.
#[derive(Debug, Error)]
pub enum Unfit {
    /// The database cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The chain is broken.
    #[error(
        "the journal of sitting {sitting} is broken at {broken}; nothing was changed. Restore a backup, or look with `hub verify`"
    )]
    Broken {
        /// Which sitting.
        sitting: String,
        /// Where and how.
        broken: journal::Broken,
    },
    /// The chain is whole, and is not the one that was signed.
    #[error(
        "the journal of sitting {sitting} is not the one that was signed: {finding}; nothing was changed. Restore a backup, or look with `hub verify`"
    )]
    Forged {
        /// Which sitting.
        sitting: String,
        /// What is wrong.
        finding: journal::Finding,
    },
    /// A whole record that this version cannot read.
    #[error("record {seq} of sitting {sitting} cannot be read by this version of the hub: {why}")]
    Unreadable {
        /// Which sitting.
        sitting: String,
        /// Which record.
        seq: u64,
        /// Why.
        why: String,
    },
    /// The council's file makes no sitting.
    #[error("the council's file makes no sitting: {0}")]
    Setup(SetupError),
}

impl Ledger {
    /// Makes a new sitting. Its first record carries the whole setup.
    ///
    /// # Errors
    /// The setup makes no sense, or it could not be made durable.
    pub async fn create(store: Store, setup: Setup, now: Time) -> Result<Self, Unfit> {
        let sitting = setup.sitting.clone();
        // Checked before anything is written.
        Meeting::create(setup.clone()).map_err(Unfit::Setup)?;
        store.create_sitting(&sitting.0, now.0).await?;
        let mut ledger = Self::empty(store, sitting);
        ledger.begin(setup, now).await?;
        Ok(ledger)
    }

    /// Writes the first record of a sitting that has none yet.
    ///
    /// # Errors
    /// As for [`Ledger::create`].
    pub async fn begin(&mut self, setup: Setup, now: Time) -> Result<(), Unfit> {
        let events = Meeting::create(setup).map_err(Unfit::Setup)?;
        self.write(Entry {
            at: now,
            by: Actor::System,
            command: None,
            events,
        })
        .await?;
        Ok(())
    }

    /// Takes up a sitting: verify the chain, then fold.
    ///
    /// # Errors
    /// The journal cannot be read, was tampered with, or comes from a later version.
    pub async fn open(store: Store, sitting: SittingId) -> Result<Self, Unfit> {
        let records = store.journal(&sitting.0).await?;
        let checkpoints = store.checkpoints(&sitting.0).await?;
        let head = inspect(&sitting, &records, &checkpoints)?;
        let mut ledger = Self::empty(store, sitting);
        for record in &records {
            let entry: Entry = serde_json::from_slice(&record.body).map_err(|error| Unfit::Unreadable {
                sitting: ledger.sitting.0.clone(),
                seq: record.seq,
                why: error.to_string(),
            })?;
            ledger.note(record.seq, &entry);
        }
        ledger.chain = Chain::after(head);
        let signed = checkpoints.last().and_then(|text| Checkpoint::read(text));
        ledger.signed_at = Time(signed.map_or(0, |last| last.says.at));
        Ok(ledger)
    }

    fn empty(store: Store, sitting: SittingId) -> Self {
        let (meeting, chain) = (Meeting::new(), Chain::after(Head::EMPTY));
        Self {
            sitting,
            store,
            meeting,
            chain,
            times: Vec::new(),
            legal: 0,
            signed_at: Time(0),
            unsure: None,
        }
    }

    /// When the journal was signed last before it was taken up; 0 = never.
    #[must_use]
    pub fn last_signed(&self) -> Time {
        self.signed_at
    }

    /// Where the journal stands on the disk.
    #[must_use]
    pub fn head(&self) -> Head {
        self.chain.head()
    }

    /// The last record with a legal act; 0 = none.
    #[must_use]
    pub fn last_legal_act(&self) -> u64 {
        self.legal
    }

    /// The meeting as it is on the disk.
    #[must_use]
    pub fn meeting(&self) -> &Meeting {
        &self.meeting
    }

    /// When the last entry was decided.
    #[must_use]
    pub fn last_at(&self) -> Time {
        self.times.last().copied().unwrap_or_default()
    }

    /// The last moment that the hub is known to have lived through.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn last_alive(&self) -> Result<Time, StoreError> {
        let noted = self.store.alive_at(&self.sitting.0).await?.unwrap_or_default();
        Ok(Time(noted).max(self.last_at()))
    }

    /// Notes that the hub is alive; outside the chain, and nobody waits for it.
    pub fn note_alive(&self, now: Time) {
        self.store.note_alive(&self.sitting.0, now.0);
    }

    /// Decides a command, writes what follows, and makes it so. Resolves when it is durable and in force.
    ///
    /// # Errors
    /// Refused, or not durable; then nothing happened.
    pub async fn ask(&mut self, asked: &Asked, now: Time) -> Result<Done, Denied> {
        self.settle().await?;
        let seed = self.chain.head().hash.low_bits();
        let events = match self.meeting.decide(asked, now, seed).map_err(Denied::Refused)? {
            Decision::Events(events) => events,
            Decision::Repeated(seq) => {
                return Ok(Done {
                    seq,
                    at: self.at(seq),
                    repeated: true,
                });
            }
        };
        let command = match &asked.by {
            Actor::Person { .. } | Actor::Room { .. } | Actor::Kiosk { .. } => Some(asked.id.clone()),
            Actor::System => None,
        };
        let seq = self
            .write(Entry {
                at: now,
                by: asked.by.clone(),
                command,
                events,
            })
            .await?;
        Ok(Done {
            seq,
            at: now,
            repeated: false,
        })
    }

    /// A command of the hub itself. What would change nothing is no error.
    ///
    /// # Errors
    /// As for [`Ledger::ask`].
    pub async fn report(&mut self, command: meeting::command::Command, now: Time) -> Result<Option<Done>, Denied> {
        let asked = Asked {
            id: CommandId(String::new()),
            by: Actor::System,
            given_at: None,
            command,
        };
        match self.ask(&asked, now).await {
            Ok(done) => Ok(Some(done)),
            Err(Denied::Refused(Refusal::NoChange)) => Ok(None),
            Err(denied) => Err(denied),
        }
    }

    /// Writes and makes so what the clock has brought about.
    ///
    /// # Errors
    /// Not durable; it is still due.
    pub async fn tick(&mut self, now: Time) -> Result<bool, StoreError> {
        self.settle().await?;
        let events: Vec<Event> = self.meeting.due(now);
        if events.is_empty() {
            return Ok(false);
        }
        self.write(Entry {
            at: now,
            by: Actor::System,
            command: None,
            events,
        })
        .await?;
        Ok(true)
    }

    /// The road from events to the meeting: canonical bytes, disk, `apply`.
    async fn write(&mut self, entry: Entry) -> Result<u64, StoreError> {
        let body = serde_json::to_vec(&entry).expect("an entry has string keys and whole numbers");
        let record = self.chain.next(body);
        let started = std::time::Instant::now();
        let result = self.store.append(&self.sitting.0, record.clone()).await;
        metrics::histogram!("hub_append_seconds").record(started.elapsed());
        match result {
            Ok(()) => Ok(self.take(&record, &entry)),
            Err(error) => {
                metrics::counter!("hub_append_failures_total").increment(1);
                tracing::error!(%error, seq = record.seq, "an entry could not be made durable");
                self.unsure = Some((record, entry));
                // A commit that failed half-way may have reached the disk all the same: the database has the last word.
                let seq = self.chain.head().seq;
                if self.settle().await.is_ok() && self.chain.head().seq > seq {
                    Ok(seq + 1)
                } else {
                    Err(error)
                }
            }
        }
    }

    /// Finds out what became of an entry whose commit failed, before anything else is decided.
    async fn settle(&mut self) -> Result<(), StoreError> {
        let Some((record, _)) = &self.unsure else { return Ok(()) };
        let stored = self.store.record(&self.sitting.0, record.seq).await?;
        let Some((record, entry)) = self.unsure.take() else {
            return Ok(());
        };
        match stored {
            None => Ok(()),
            Some(stored) if stored == record => {
                self.take(&record, &entry);
                Ok(())
            }
            Some(_) => {
                self.unsure = Some((record, entry));
                Err(StoreError::Conflict)
            }
        }
    }

    fn take(&mut self, record: &Record, entry: &Entry) -> u64 {
        let follows = self.chain.advance(record);
        assert!(follows, "the record was made by this chain");
        self.note(record.seq, entry);
        record.seq
    }

    fn note(&mut self, seq: u64, entry: &Entry) {
        self.times.push(entry.at);
        if entry.events.iter().any(Event::is_legal_act) {
            self.legal = seq;
        }
        self.meeting.apply(entry);
    }

    fn at(&self, seq: u64) -> Time {
        let place = usize::try_from(seq).unwrap_or(usize::MAX).saturating_sub(1);
        self.times.get(place).copied().unwrap_or_default()
    }
}

/// Whether a journal is whole, and the one that was signed. By which keys, the notary looks at.
fn inspect(sitting: &SittingId, records: &[Record], checkpoints: &[String]) -> Result<Head, Unfit> {
    let inspection = journal::inspect(&Evidence {
        sitting: &sitting.0,
        records,
        checkpoints,
        successions: &[],
        trusted: None,
        witnessed: &[],
    });
    let sitting = sitting.0.clone();
    for finding in inspection.found {
        match finding {
            Finding::Chain(broken) => return Err(Unfit::Broken { sitting, broken }),
            // A key that was lost must not keep a council from its sitting; the inspector will be told.
            Finding::Checkpoint {
                fault: CheckpointFault::Key { .. },
                ..
            } => {}
            Finding::Checkpoint { .. }
            | Finding::Unsigned
            | Finding::Truncated { .. }
            | Finding::Rewritten { .. }
            | Finding::Removed { .. }
            | Finding::FalseWitness { .. } => return Err(Unfit::Forged { sitting, finding }),
        }
    }
    Ok(inspection.head)
}
