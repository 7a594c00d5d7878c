//! What must not be lost: the journals of sittings, and who may come in. SQLite, with every commit synced to the disk.
//!
//! One task writes. It takes all that waits, writes it in one transaction, and answers only when the disk has it (group
//! commit), so that many delegates who press at once share one sync. The crate knows records, hashes and rows; it does
//! **not** know what a record says, what a command is, or what time it is. Input comes from the hub; output goes to the file
//! and back to whoever waits.
//!
//! Architecture invariant: nothing here says "done" before it is durable, and a batch that fails leaves nothing behind.

mod access;
mod checkpoint;
mod error;
mod open;
mod read;
mod token;
mod writer;

pub use access::{Access, AccessKey, AccessKind, Pin, RevokedKey, Try};
pub use checkpoint::Witness;
pub use error::StoreError;
pub use open::{Options, Store};
pub use token::{Scope, Token};
