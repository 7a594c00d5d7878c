//! Signs where the journal stands: every minute in which something happened, and at once after a legal act (PRODUCT 3.18).
//!
//! It reads the ledger's head and writes checkpoints beside the chain; what stands in the records it does **not** know. A
//! checkpoint that cannot be written is tried again; the sitting does not wait for it.

use crate::signing::Signing;
use anyhow::Result;
use journal::{Checkpoint, Hash, Head, Statement};
use meeting::id::Time;
use std::collections::BTreeMap;
use store::{Store, StoreError, Witness};

/// The longest time in which records stay unsigned, milliseconds.
const EVERY: u64 = 60_000;
/// When the disk fails, a checkpoint is tried again after this, milliseconds.
const AGAIN: u64 = 1_000;

/// Who signs one sitting's journal.
#[derive(Debug)]
pub struct Notary {
    store: Store,
    sitting: String,
    signing: Signing,
    last: Option<Checkpoint>,
    /// The newest checkpoint that each witness was noted for.
    noted: BTreeMap<String, u64>,
    not_before: Time,
    /// A checkpoint of which nobody knows whether the disk has it.
    unsure: bool,
}

impl Notary {
    /// Takes up the checkpoints of a sitting; if a new key waits, the old one hands over to it.
    ///
    /// # Errors
    /// The database cannot be read, or the hand-over cannot be made durable.
    pub async fn open(store: Store, sitting: &str, signing: Signing, head: Head, now: Time) -> Result<Self> {
        let sitting = sitting.to_owned();
        let mut notary = Self {
            store,
            sitting,
            signing,
            last: None,
            noted: BTreeMap::new(),
            not_before: Time(0),
            unsure: false,
        };
        notary.last = notary.stored().await?;
        let key = notary.signing.signer.public();
        let last = notary.last.as_ref().map(|last| last.says.next.unwrap_or(last.says.key));
        let next = notary.signing.next.as_ref().map(journal::Signer::public);
        match (last, next) {
            // The hub died between the hand-over and the change of the file.
            (Some(last), Some(next)) if last == next => notary.signing.take_over()?,
            (_, Some(next)) if head.seq > 0 => {
                notary.write(head, now, Some(next)).await?;
                notary.signing.take_over()?;
            }
            (Some(last), _) if last != key => tracing::error!(
                signed_by = last.fingerprint(),
                here = key.fingerprint(),
                "the key that signed this journal is not the one in the data folder: an inspector will see that it changed"
            ),
            (Some(_) | None, _) => {}
        }
        Ok(notary)
    }

    /// By which its signatures are checked.
    #[must_use]
    pub fn key(&self) -> journal::PublicKey {
        self.signing.signer.public()
    }

    /// The newest checkpoint.
    #[must_use]
    pub fn last(&self) -> Option<&Checkpoint> {
        self.last.as_ref()
    }

    /// Signs, if it is due; whether it did. `legal` is the number of the last record with a legal act.
    pub async fn seal(&mut self, head: Head, legal: u64, now: Time) -> bool {
        let (signed, at) = self
            .last
            .as_ref()
            .map_or((0, 0), |last| (last.says.head.seq, last.says.at));
        let due = legal > signed || now.0 >= at.saturating_add(EVERY);
        head.seq > signed && due && now >= self.not_before && self.sign(head, now).await
    }

    /// Signs all that is not signed yet: the hub stops.
    pub async fn close(&mut self, head: Head, now: Time) {
        if self.last.as_ref().is_none_or(|last| last.says.head.seq < head.seq) {
            self.sign(head, now).await;
        }
    }

    /// Notes that a witness keeps a checkpoint; nobody waits for it. Whoever claims more than there is is not believed, and
    /// whoever says the same again costs no write.
    pub fn witnessed(&mut self, name: String, sitting: &str, number: u64, now: Time) {
        let there = self.last.as_ref().map_or(0, |last| last.says.number);
        if sitting != self.sitting || number == 0 || number > there {
            return;
        }
        let noted = self.noted.entry(name.clone()).or_default();
        if number <= *noted {
            return;
        }
        *noted = number;
        let (store, sitting) = (self.store.clone(), sitting.to_owned());
        let witness = Witness {
            name,
            number,
            at: now.0,
        };
        tokio::spawn(async move {
            if let Err(error) = store.note_witness(&sitting, witness).await {
                tracing::warn!(%error, "what a witness keeps could not be noted");
            }
        });
    }

    async fn sign(&mut self, head: Head, now: Time) -> bool {
        match self.write(head, now, None).await {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, "a checkpoint could not be made durable");
                metrics::counter!("hub_checkpoint_failures_total").increment(1);
                self.not_before = Time(now.0.saturating_add(AGAIN));
                false
            }
        }
    }

    async fn write(&mut self, head: Head, now: Time, next: Option<journal::PublicKey>) -> Result<(), StoreError> {
        if self.unsure {
            // A commit that failed half-way may have reached the disk all the same.
            self.last = self.stored().await?;
            self.unsure = false;
        }
        let last = self.last.as_ref();
        let statement = Statement {
            sitting: self.sitting.clone(),
            number: last.map_or(1, |last| last.says.number + 1),
            head,
            at: last.map_or(now.0, |last| last.says.at.max(now.0)),
            after: last.map_or(Hash::GENESIS, Checkpoint::digest),
            key: self.signing.signer.public(),
            next,
        };
        let checkpoint = Checkpoint::sign(statement, &self.signing.signer);
        self.unsure = true;
        self.store
            .put_checkpoint(&self.sitting, checkpoint.says.number, checkpoint.text())
            .await?;
        self.unsure = false;
        metrics::counter!("hub_checkpoints_total").increment(1);
        self.last = Some(checkpoint);
        Ok(())
    }

    async fn stored(&self) -> Result<Option<Checkpoint>, StoreError> {
        let texts = self.store.checkpoints(&self.sitting).await?;
        let Some(last) = texts.last() else { return Ok(None) };
        let unread = || StoreError::Database("what should be a checkpoint is none".to_owned());
        Checkpoint::read(last).map(Some).ok_or_else(unread)
    }
}
