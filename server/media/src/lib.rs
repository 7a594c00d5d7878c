//! A selective forwarding unit as a pure machine: datagrams and times go in, datagrams, events and figures come out.
//!
//! It knows sessions (one browser's peer connection), tracks (a microphone or a camera that a session sends), slots (a
//! stream that a session receives, negotiated once) and the [`Plan`] that says whose track flows in which slot. It does
//! **not** know who may speak, nor why a plan changes; it opens no socket, reads no clock and starts no thread.
//!
//! Input comes from whoever owns the UDP socket and the offers: [`Sfu::accept`], [`Sfu::set_plan`],
//! [`Sfu::handle_datagram`], [`Sfu::handle_timeout`]. Output is taken with [`Sfu::poll_transmit`] until it says `None`,
//! then [`Sfu::poll_event`] and [`Sfu::poll_timeout`].
//!
//! Several units may share one plan, each with its own thread and address: what a session of one receives from a session
//! of another travels as [`Relay`] from [`Sfu::poll_relay`] to [`Sfu::handle_relay`].
//!
//! Architecture invariant: what no [`Plan`] names is never forwarded, whatever its browser sends.

// A test makes the one instant from which its virtual time runs.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod admit;
mod allocate;
mod allowance;
mod answer;
mod arena;
mod arrange;
mod bandwidth;
mod config;
mod control;
mod demux;
mod departures;
mod dependency;
mod downlink;
mod dtls;
mod fanout;
mod feedback;
mod history;
mod ice;
mod keyframe;
mod keys;
mod layers;
mod offer;
mod pace;
mod plan;
mod probe;
mod reach;
mod receive;
mod red;
mod relay;
mod repair;
mod repeats;
mod replay;
mod report;
mod rewrite;

mod router;
mod rtcp;
mod rtp;
mod scale;
mod seal;
#[cfg(feature = "seams")]
pub mod seams;
mod section;
mod session;
mod sfu;
mod slot;
mod stats;
mod stream;
mod stun;
mod track;
mod trend;
pub mod turn;
mod vp8;
mod vp9;

pub use answer::Answer;
pub use arena::Transmit;
pub use config::Config;
pub use offer::OfferRefusal;
pub use plan::{DEVICES, PLACES, Plan, Rank, Receive, SessionId, Shown, Wish};
pub use relay::Relay;
pub use sfu::{ClosedReason, Event, Sfu, SfuError};
pub use stats::{Drops, SessionStats, Totals};
pub use stream::{StreamId, Unframed, first_frame, frame, local_ufrag, unit_of};
