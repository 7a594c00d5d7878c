//! The journal of a sitting as a chain of hashes with signed checkpoints: what was written, in which order, and that nothing
//! of it was changed.
//!
//! A record's body is the bytes that are stored; they are never parsed and written again, so that they are their own
//! canonical form. The crate does **not** know what a body says, where records are kept, what time it is or where a key comes
//! from. Bodies, times and seeds come from the hub, records and checkpoints go to the store; whoever reads them back asks
//! [`inspect`].
//!
//! Architecture invariant: pure. No I/O, no clock, no randomness (`clippy.toml`); no cryptography of our own.

mod chain;
mod checkpoint;
mod inspect;
mod key;
mod record;
mod verify;

pub use chain::{Chain, Head};
pub use checkpoint::{Checkpoint, Statement};
pub use inspect::{CheckpointFault, Evidence, Finding, Inspection, inspect};
pub use key::{PublicKey, Signer};
pub use record::{Hash, Record};
pub use verify::{Broken, Fault, verify};
