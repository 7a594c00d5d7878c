//! What is sent and who receives it: the same for every engine.

use std::time::Duration;

/// One stream of a publisher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Camera or microphone.
    pub is_video: bool,
    /// Bytes of each RTP payload, at least.
    pub payload: usize,
    /// Up to so many bytes more: an encoder of voice does not give equal packets.
    pub spread: usize,
    /// Packets sent back to back.
    pub burst: usize,
    /// Time between bursts.
    pub interval: Duration,
}

/// 2.5 Mbit/s, paced as a browser does: three packets at a time.
const HD: Stream = Stream {
    is_video: true,
    payload: 1157,
    spread: 0,
    burst: 3,
    interval: Duration::from_micros(11_111),
};
/// 600 kbit/s at 25 pictures a second.
const MEDIUM: Stream = Stream {
    is_video: true,
    payload: 1000,
    spread: 0,
    burst: 3,
    interval: Duration::from_millis(40),
};
/// 150 kbit/s at 15 pictures a second.
const TILE: Stream = Stream {
    is_video: true,
    payload: 625,
    spread: 0,
    burst: 2,
    interval: Duration::from_micros(66_667),
};
/// Opus at about 32 kbit/s.
const VOICE: Stream = Stream {
    is_video: false,
    payload: 60,
    spread: 40,
    burst: 1,
    interval: Duration::from_millis(20),
};

/// A load: some publishers with their streams, and who receives them.
#[derive(Clone, Debug)]
pub struct Load {
    /// For the table.
    pub name: &'static str,
    /// By publisher.
    pub publishers: Vec<Vec<Stream>>,
    /// Participants that only receive.
    pub subscribers: usize,
    /// Whether every publisher receives all others too.
    pub is_mutual: bool,
    /// The first so many cameras and microphones are forwarded; the others only arrive.
    pub forwarded: (usize, usize),
}

impl Load {
    fn new(name: &'static str, publishers: Vec<Vec<Stream>>, subscribers: usize) -> Load {
        Load {
            name,
            publishers,
            subscribers,
            is_mutual: false,
            forwarded: (usize::MAX, usize::MAX),
        }
    }

    /// Ten speakers, thirty listeners.
    pub fn audio(subscribers: usize) -> Load {
        Load::new("audio", vec![vec![VOICE]; 10], subscribers)
    }

    /// One HD camera with its sound.
    pub fn livestream(subscribers: usize) -> Load {
        Load::new("livestream", vec![vec![HD, VOICE]], subscribers)
    }

    /// Everybody sees and hears everybody else.
    pub fn meeting(participants: usize) -> Load {
        Load {
            is_mutual: true,
            ..Load::new("meeting", vec![vec![MEDIUM, VOICE]; participants], 0)
        }
    }

    /// The hall in HD, twelve tiles, and three open microphones.
    pub fn council(subscribers: usize) -> Load {
        let mut publishers = vec![vec![HD, VOICE]];
        publishers.extend((0..12).map(|ward| if ward < 2 { vec![TILE, VOICE] } else { vec![TILE] }));
        Load::new("council", publishers, subscribers)
    }

    /// A sitting of so many sites: each sends camera and microphone, each receives the first one's camera and the first
    /// three microphones.
    pub fn sites(count: usize) -> Load {
        Load {
            is_mutual: true,
            forwarded: (1, 3),
            ..Load::new("sites", vec![vec![MEDIUM, VOICE]; count], 0)
        }
    }

    /// How long it takes until every stream's ring of packets has been filled once.
    pub fn fills(&self) -> Duration {
        let streams = self.publishers.iter().flatten();
        let time = |stream: &Stream| {
            let ring = if stream.is_video { 512 } else { 64 };
            stream.interval * (ring / stream.burst) as u32
        };
        streams.map(time).max().unwrap_or_default() + Duration::from_secs(1)
    }

    /// All participants; the publishers come first.
    pub fn participants(&self) -> usize {
        self.publishers.len() + self.subscribers
    }

    /// Whose cameras (or microphones) a participant receives.
    pub fn sources(&self, participant: usize, is_video: bool) -> Vec<usize> {
        let is_publisher = participant < self.publishers.len();
        if is_publisher && !self.is_mutual {
            return Vec::new();
        }
        let senders = (0..self.publishers.len()).filter(|sender| self.is_forwarded(*sender, is_video));
        senders.filter(|sender| *sender != participant).collect()
    }

    /// Whether anybody receives this stream of a publisher.
    pub fn is_forwarded(&self, publisher: usize, is_video: bool) -> bool {
        let has = |list: &[Stream]| list.iter().any(|stream| stream.is_video == is_video);
        let limit = if is_video { self.forwarded.0 } else { self.forwarded.1 };
        let before = self.publishers[..publisher].iter().filter(|list| has(list)).count();
        has(&self.publishers[publisher]) && before < limit
    }

    /// How many receive a stream of this publisher.
    pub fn copies(&self, publisher: usize, is_video: bool) -> usize {
        let mutual = if self.is_mutual { self.publishers.len() - 1 } else { 0 };
        let all = self.subscribers + mutual;
        if self.is_forwarded(publisher, is_video) { all } else { 0 }
    }
}

/// A burst that is due.
#[derive(Clone, Copy, Debug)]
pub struct Burst {
    /// Whose.
    pub publisher: usize,
    /// Of which stream.
    pub stream: Stream,
    /// Bytes of each payload.
    pub payload: usize,
}

/// When each stream is due next.
pub struct Schedule {
    due: Vec<(Duration, Stream, usize)>,
    dice: u32,
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
        Schedule { due, dice: 1 }
    }

    /// Time of the next burst since the start.
    pub fn next(&self) -> Duration {
        self.due.iter().map(|(at, _, _)| *at).min().unwrap_or(Duration::MAX)
    }

    /// A burst that is due.
    pub fn take(&mut self, elapsed: Duration) -> Option<Burst> {
        let (at, stream, publisher) = self.due.iter_mut().find(|(at, _, _)| *at <= elapsed)?;
        *at += stream.interval;
        self.dice = self.dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(Burst {
            publisher: *publisher,
            stream: *stream,
            payload: stream.payload + (self.dice >> 16) as usize % (stream.spread + 1),
        })
    }
}
