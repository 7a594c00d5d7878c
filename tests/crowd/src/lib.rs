//! People and rooms that are played: for the demonstration, for load, and for tests that need a lively sitting.
//!
//! A [`client::Client`] is a screen without a browser: it holds a mirror of the view that the hub made, sends commands and
//! comes back after every loss. [`room::Room`] adds a camera and a microphone over the `webrtc` crate; [`delegate`] decides
//! what a delegate with a tablet would do next. The crate speaks only the public protocol: it knows no more of the hub than
//! a browser does.

pub mod asset;
pub mod ballots;
pub mod camera;
pub mod client;
pub mod delegate;
pub mod demo;
pub mod http;
pub mod keyframe;
pub mod mirror;
pub mod returns;
pub mod room;
pub mod seats;
pub mod socket;
pub mod sockets;
