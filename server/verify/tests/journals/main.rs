//! Journals that were touched, and what the inspector says of them. What is random prints its seed.

#![allow(clippy::unwrap_used)]

mod program;
mod sitting;
mod tampering;
