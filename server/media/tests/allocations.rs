//! In steady state a unit asks nothing of the heap: whatever flows, every second again.

mod hall;

use std::alloc::System;
use std::time::Duration;

use hall::{Equipment, HALL, Hall, ROOM};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const SECOND: Duration = Duration::from_secs(1);

fn asked() -> usize {
    let stats = ALLOCATOR.stats();
    stats.allocations + stats.reallocations
}

/// One test only: others of this process would be counted too.
#[test]
fn a_sitting_that_goes_on_allocates_nothing() {
    let mut call = Hall::new();
    let hall = call.enter("Hội trường", HALL);
    let wards = [call.enter("Bình An", ROOM), call.enter("Phú Mỹ", HALL)];
    let player = Equipment {
        microphone: false,
        camera: false,
        ..ROOM
    };
    let players: Vec<usize> = (0..4)
        .map(|number| call.enter(&format!("Sảnh {number}"), player))
        .collect();
    call.settle();
    let everything = [Some(hall), Some(wards[1])];
    let mut lines: Vec<hall::Line<'_>> = players
        .iter()
        .map(|player| (*player, &everything[..], &everything[..]))
        .collect();
    lines.push((wards[0], &everything[..], &everything[..]));
    lines.push((hall, &[Some(1), Some(2)], &[Some(1), Some(2)]));
    call.plan(&lines);
    // Estimates, layers and rings find their size.
    call.run(40 * SECOND);
    call.hush();
    call.asked = Some(asked);
    call.asked_by_units = 0;
    let before = call.sfu.totals().forwarded;
    call.run(20 * SECOND);
    let forwarded = call.sfu.totals().forwarded - before;
    assert!(forwarded > 20_000, "{forwarded} packets");
    assert_eq!(call.asked_by_units, 0, "for {forwarded} packets");
}
