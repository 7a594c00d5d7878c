//! What is sent: the same for every engine.

use std::time::Duration;

/// One stream of a publisher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Camera or microphone.
    pub is_video: bool,
    /// Bytes of each RTP payload.
    pub payload: usize,
    /// Packets sent back to back.
    pub burst: usize,
    /// Time between bursts.
    pub interval: Duration,
}

/// A load: some publishers with their streams, and how many receive all of them.
#[derive(Clone, Debug)]
pub struct Load {
    /// For the table.
    pub name: &'static str,
    /// By publisher.
    pub publishers: Vec<Vec<Stream>>,
    /// Receivers of every stream.
    pub subscribers: usize,
}

/// One camera at 1000 packets a second in bursts of ten, to twenty.
pub fn one_camera() -> Load {
    let camera = Stream {
        is_video: true,
        payload: 1172,
        burst: 10,
        interval: Duration::from_millis(10),
    };
    Load {
        name: "one camera, 1000 pps, burst 10, N=20",
        publishers: vec![vec![camera]],
        subscribers: 20,
    }
}

/// The same without bursts: the worst case for batching.
pub fn one_camera_even() -> Load {
    let camera = Stream {
        is_video: true,
        payload: 1172,
        burst: 1,
        interval: Duration::from_millis(1),
    };
    Load {
        name: "one camera, 1000 pps, burst 1, N=20",
        publishers: vec![vec![camera]],
        subscribers: 20,
    }
}

/// A sitting: two cameras on stage (1.2 Mbit/s each), five open microphones, twenty rooms.
pub fn meeting() -> Load {
    let camera = Stream {
        is_video: true,
        payload: 1100,
        burst: 5,
        interval: Duration::from_millis(36),
    };
    let microphone = Stream {
        is_video: false,
        payload: 110,
        burst: 1,
        interval: Duration::from_millis(20),
    };
    let publishers = (0..5)
        .map(|n| {
            if n < 2 {
                vec![camera, microphone]
            } else {
                vec![microphone]
            }
        })
        .collect();
    Load {
        name: "2 cameras + 5 microphones, N=20",
        publishers,
        subscribers: 20,
    }
}

/// When each stream is due next.
pub struct Schedule {
    due: Vec<(Duration, Stream, usize)>,
}

impl Schedule {
    /// Streams of `load` by publisher, spread over their intervals.
    pub fn new(load: &Load) -> Schedule {
        let streams = load.publishers.iter().enumerate();
        let all: Vec<_> = streams
            .flat_map(|(place, list)| list.iter().map(move |stream| (place, *stream)))
            .collect();
        let count = all.len() as u32;
        let due = all
            .into_iter()
            .enumerate()
            .map(|(order, (place, stream))| (stream.interval * order as u32 / count, stream, place))
            .collect();
        Schedule { due }
    }

    /// Time of the next burst since the start.
    pub fn next(&self) -> Duration {
        self.due.iter().map(|(at, _, _)| *at).min().unwrap_or(Duration::MAX)
    }

    /// A burst that is due: whose, and of which stream.
    pub fn take(&mut self, elapsed: Duration) -> Option<(usize, Stream)> {
        let (at, stream, place) = self.due.iter_mut().find(|(at, _, _)| *at <= elapsed)?;
        *at += stream.interval;
        Some((*place, *stream))
    }
}
