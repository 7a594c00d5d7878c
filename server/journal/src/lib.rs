//! The journal of a sitting as a chain of hashes: what was written, in which order, and that nothing of it was changed.
//!
//! A record's body is the bytes that are stored; they are never parsed and written again, so that they are their own
//! canonical form. The crate does **not** know what a body says, where records are kept or what time it is. Bodies come
//! from the hub, records go to the store; whoever reads them back asks [`verify`].
//!
//! Architecture invariant: pure. No I/O, no clock, no randomness (`clippy.toml`).

mod chain;
mod record;
mod verify;

pub use chain::{Chain, Head};
pub use record::{Hash, Record};
pub use verify::{Broken, Fault, verify};
