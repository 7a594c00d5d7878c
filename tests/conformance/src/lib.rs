//! What the house promises about its own shape: arrows between crates, purity of the lower floors, the browser's types.
//!
//! Everything is in `tests/`; this crate has no code of its own.
