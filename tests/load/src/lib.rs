//! Load on the media plane, and what it costs.
//!
//! The `bench` binary runs the forwarding unit as a process of its own, with its real thread and socket, fills it with
//! calls of an independent WebRTC implementation, and counts the CPU time of each forwarded packet. In the same run it
//! does so with [`floor`]: the least that any such program must do. It knows nothing of meetings.

pub mod crowd;
pub mod floor;
pub mod measure;
pub mod serve;
pub mod traffic;
// The hub's own thread, without its web server and database: so the bench builds in a minute and measures the same code.
#[path = "../../../server/hub/src/media/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "the bench needs only a part of the hub's media thread"
)]
mod worker;
