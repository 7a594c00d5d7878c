//! The rules of one sitting, as a fold over events.
//!
//! `Meeting::decide` turns a command into events or a refusal and changes nothing; `Meeting::apply` takes events and cannot
//! fail. The crate knows people, bridge points, the floor and the roll. It does **not** know sockets, files, clocks or
//! randomness: the hub gives it the time with every call, and a seed where chance is asked for.
//!
//! One file, one idea:
//!
//! - the contract: [`id`], [`setup`], [`command`], [`event`], [`refusal`];
//! - who may: `rights`, one table of role × command;
//! - the sitting: [`sitting`] (states), [`chair`] (who presides), [`agenda`] (the open item), `create` (the beginning);
//! - the floor: [`list`], [`request`], `order` (window and tie-breaks), `queue`, `floor` (giving and taking it),
//!   [`turn`] (the clock), `microphone`;
//! - attendance: [`attendance`], [`roll`], [`quorum`];
//! - lines and time: [`links`], `due`;
//! - what others see: [`stage`], [`read`]; and [`meeting`], which only routes.

pub mod agenda;
pub mod attendance;
pub mod chair;
pub mod command;
mod create;
mod due;
pub mod event;
mod floor;
pub mod id;
pub mod links;
pub mod list;
pub mod meeting;
mod microphone;
mod order;
mod queue;
pub mod quorum;
pub mod read;
pub mod refusal;
pub mod request;
mod rights;
pub mod roll;
pub mod setup;
pub mod sitting;
pub mod stage;
pub mod turn;

pub use create::SetupError;
pub use event::{Entry, Event};
pub use meeting::{Decision, Meeting};
pub use sitting::Phase;
pub use stage::{Stage, StageMode};
