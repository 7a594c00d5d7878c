//! The hub's media threads with real sockets: a meeting whose participants are spread over two threads.

use std::time::Duration;

use load::crowd;
use load::engine::Place;
use load::peer::Care;
use load::traffic::Load;

#[test]
fn a_meeting_on_two_threads_reaches_everybody() {
    let place = Place {
        program: env!("CARGO_BIN_EXE_bench").into(),
        threads: 2,
        core: None,
    };
    let load = Load::meeting(4);
    let figures = crowd::load_unit(&load, Duration::from_secs(2), Care::Whole, &place).expect("the meeting is held");
    assert!(figures.expected > 2000, "{figures:?}");
    // Two of three streams come from the other thread. How few are lost is for the bench, on a machine that does nothing else.
    assert!(figures.loss() < 0.5, "{figures:?}");
}
