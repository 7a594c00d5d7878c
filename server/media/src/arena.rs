//! One buffer for everything that leaves, in runs of equal size to one destination (UDP GSO).

use std::net::SocketAddr;

use crate::ice::Tuple;
use crate::stream::StreamId;

/// Something to send. With a `segment_size` the contents are several datagrams of that size, the last may be shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transmit<'a> {
    /// Destination.
    pub to: SocketAddr,
    /// The local address the peer knows us by; the source address of the datagram.
    pub from: SocketAddr,
    /// One datagram, or several of equal size.
    pub contents: &'a [u8],
    /// Size of each datagram in `contents`; `None` when it is one.
    pub segment_size: Option<usize>,
    /// The stream that carries it; `None` for the UDP socket.
    pub stream: Option<StreamId>,
}

struct Run {
    path: Tuple,
    start: usize,
    length: usize,
    segment: usize,
    segments: usize,
    is_open: bool,
}

/// A UDP payload carries no more than this, also when it is segmented later.
const MAX_RUN: usize = 65_000;
/// Longest datagram that is ever written: 1500 bytes of payload, header and tag.
pub(crate) const DATAGRAM: usize = 1600;

pub(crate) struct Arena {
    bytes: Box<[u8]>,
    end: usize,
    runs: Vec<Run>,
    sent: usize,
    max_segments: usize,
}

impl Arena {
    pub(crate) fn new(capacity: usize, max_segments: usize) -> Arena {
        Arena {
            bytes: vec![0; capacity].into_boxed_slice(),
            end: 0,
            runs: Vec::with_capacity(capacity / 64),
            sent: 0,
            max_segments: max_segments.max(1),
        }
    }

    /// Whether another datagram fits.
    pub(crate) fn has_room(&self) -> bool {
        self.bytes.len() - self.end >= DATAGRAM && self.runs.len() < self.runs.capacity()
    }

    /// Bytes that were written since it was last cleared.
    pub(crate) fn written(&self) -> usize {
        self.end
    }

    /// Lets `write` put one datagram into the free space; it says how long it became. `None` when there is no room or
    /// nothing was written.
    pub(crate) fn push(&mut self, path: Tuple, write: impl FnOnce(&mut [u8]) -> Option<usize>) -> Option<usize> {
        if self.is_drained() {
            self.clear();
        }
        if !self.has_room() {
            return None;
        }
        let start = self.end;
        let length = write(&mut self.bytes[start..start + DATAGRAM])?;
        self.end += length;
        if let Some(run) = self.runs.last_mut() {
            let fits = run.is_open
                && run.path == path
                && length <= run.segment
                && run.segments < self.max_segments
                && run.length + length <= MAX_RUN
                && run.start + run.length == start;
            if fits && self.sent < self.runs.len() {
                let run = self.runs.last_mut().expect("there was a last run a line ago");
                run.length += length;
                run.segments += 1;
                run.is_open = length == run.segment;
                return Some(length);
            }
        }
        self.runs.push(Run {
            path,
            start,
            length,
            segment: length,
            segments: 1,
            is_open: true,
        });
        Some(length)
    }

    /// Whether everything was taken.
    pub(crate) fn is_drained(&self) -> bool {
        self.sent == self.runs.len()
    }

    /// Makes the whole buffer free again. Only when drained.
    pub(crate) fn clear(&mut self) {
        self.end = 0;
        self.sent = 0;
        self.runs.clear();
    }

    /// The next run to send.
    pub(crate) fn pop(&mut self) -> Option<Transmit<'_>> {
        let run = self.runs.get(self.sent)?;
        self.sent += 1;
        Some(Transmit {
            to: run.path.remote,
            from: run.path.local,
            contents: &self.bytes[run.start..run.start + run.length],
            segment_size: (run.segments > 1).then_some(run.segment),
            stream: run.path.stream,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(port: u16) -> Tuple {
        Tuple {
            remote: ([10, 0, 0, 7], port).into(),
            local: ([10, 0, 0, 1], 5000).into(),
            stream: None,
        }
    }

    fn fill(arena: &mut Arena, port: u16, length: usize) -> bool {
        arena
            .push(path(port), |buffer| {
                buffer[..length].fill(port as u8);
                Some(length)
            })
            .is_some()
    }

    #[test]
    fn equal_sizes_to_one_destination_leave_together_and_a_short_one_closes_the_run() {
        let mut arena = Arena::new(100_000, 4);
        for (port, length) in [(1, 900), (1, 900), (1, 700), (1, 700), (2, 700), (2, 800)] {
            assert!(fill(&mut arena, port, length));
        }
        let mut runs = Vec::new();
        while let Some(transmit) = arena.pop() {
            runs.push((transmit.to.port(), transmit.contents.len(), transmit.segment_size));
        }
        assert_eq!(
            runs,
            [(1, 2500, Some(900)), (1, 700, None), (2, 700, None), (2, 800, None)]
        );
        assert!(arena.is_drained());
    }

    #[test]
    fn a_run_has_at_most_the_segments_the_socket_takes() {
        let mut arena = Arena::new(100_000, 4);
        (0..10).for_each(|_| assert!(fill(&mut arena, 1, 100)));
        let lengths: Vec<usize> = std::iter::from_fn(|| arena.pop().map(|t| t.contents.len())).collect();
        assert_eq!(lengths, [400, 400, 200]);
    }

    #[test]
    fn a_full_arena_refuses_instead_of_growing() {
        let mut arena = Arena::new(4 * DATAGRAM, 4);
        let pushed = (0..100).filter(|_| fill(&mut arena, 1, 1500)).count();
        assert_eq!(pushed, 4);
        while arena.pop().is_some() {}
        arena.clear();
        assert!(fill(&mut arena, 1, 1500));
    }

    #[test]
    fn what_was_already_taken_is_not_extended() {
        let mut arena = Arena::new(100_000, 4);
        assert!(fill(&mut arena, 1, 100));
        assert_eq!(arena.pop().map(|t| t.contents.len()), Some(100));
        assert!(fill(&mut arena, 1, 100));
        assert_eq!(arena.pop().map(|t| t.contents.len()), Some(100));
    }
}
