//! The rules of one sitting, as a fold over events.
//!
//! `Meeting::decide` turns a command into events or a refusal and changes nothing; `Meeting::apply` takes events and cannot
//! fail. The crate knows people, bridge points, the floor and the roll. It does **not** know sockets, files, clocks or
//! randomness: the hub gives it the time with every call, and a seed where chance is asked for.

pub mod command;
pub mod id;
pub mod refusal;
pub mod setup;
