//! Messages and views of the websocket, and the source of the browser's TypeScript types.
//!
//! `project` is the only way from a meeting to a screen. The crate knows the meeting's vocabulary and JSON; it does **not**
//! know sockets, sessions or media packets.

pub mod message;
pub mod patch;
pub mod project;
pub mod view;
