//! Load on the media plane, and what it costs.
//!
//! The `bench` binary runs the forwarding unit as a process of its own, with the hub's real threads and sockets, fills it
//! with participants of an independent WebRTC implementation, and counts the CPU time of each forwarded packet. In the same
//! run it does so with [`floor`]: the least that any such program must do. `ladder` asks how many a core can hold. It knows
//! nothing of sittings.

pub mod crowd;
pub mod engine;
pub mod floor;
pub mod measure;
pub mod peer;
pub mod plot;
pub mod port;
pub mod serve;
pub mod traffic;
// The hub's own threads, without its web server and database: so the bench builds in a minute and measures the same code.
#[path = "../../../server/hub/src/media/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "the bench needs only a part of the hub's media threads"
)]
mod worker;

/// Counts what is allocated, in every process of the bench; the engine's counts are asked for.
#[global_allocator]
static ALLOCATOR: &stats_alloc::StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

/// What a binary of the bench does when it is started as an engine; `None` when it is started by a person.
pub fn engine(arguments: &[String]) -> Option<anyhow::Result<()>> {
    match arguments.first().map(String::as_str) {
        Some("unit") => Some(serve::run(&arguments[1..])),
        Some("floor") => Some(floor::run(&arguments[1..])),
        _ => None,
    }
}
