//! A real hub on loopback ports, and real websockets to it. What is random prints its seed.

#![allow(unreachable_pub, clippy::unwrap_used)]

mod aiortc;
mod bench;
mod closed;
mod crash;
mod devices;
mod disk;
mod doors;
mod endpoints;
mod evidence;
mod hostile;
mod kiosk;
mod mirror;
mod paper;
mod policy;
mod reach;
mod readme;
mod votes;
mod whip;
