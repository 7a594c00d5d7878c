//! The program: sockets, clocks, disk and tasks around the two machines, `meeting` and `media`.
//!
//! Reading order: [`start`] puts the parts together; [`room`] owns the sitting; [`ledger`] keeps it; [`screens`] shows it;
//! [`ws`] and [`http`] are the doors. The two machines meet in [`policy`] alone. What a command means, or a packet, is known
//! further down, never here.

pub mod access;
pub mod addresses;
pub mod app;
pub mod auth;
pub mod calls;
pub mod carry;
pub mod cli;
pub mod clock;
pub mod config;
pub mod council;
pub mod enrol;
pub mod evidence;
pub mod figures;
pub mod front;
pub mod http;
pub mod identity;
pub mod keys;
pub mod kiosk;
pub mod ledger;
pub mod line;
pub mod links;
pub mod media;
pub mod notary;
pub mod origin;
pub mod outbox;
pub mod pairing;
pub mod policy;
pub mod presence;
pub mod probe;
pub mod recovery;
pub mod room;
pub mod screens;
pub mod signing;
pub mod start;
pub mod throttle;
pub mod tickets;
pub mod tokens;
pub mod trend;
pub mod wall;
pub mod watch;
pub mod web;
pub mod whip;
pub mod whip_sdp;
pub mod whip_sessions;
pub mod ws;
