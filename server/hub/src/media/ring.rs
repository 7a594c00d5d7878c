//! From thread to thread: a bounded ring for each direction between each two, with one who writes and one who reads.
//!
//! A full ring drops packets and counts them; the last places are kept for what is rare and worth more. Who sleeps is
//! woken, who works is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering, fence};

use ::media::Relay;
use mio::Waker;
use rtrb::{Consumer, Producer, RingBuffer};

use super::thread::Prepared;

/// Messages that one thread may be ahead of another: a fifth of a second of a large sitting.
const PLACES: usize = 4096;
/// Of these, kept free of packets.
const RESERVED: usize = 256;

/// Wakes a thread, if it sleeps.
#[derive(Clone)]
pub(super) struct Doorbell {
    waker: Arc<Waker>,
    asleep: Arc<AtomicBool>,
    errand: Arc<AtomicBool>,
}

impl Doorbell {
    pub(super) fn new(waker: Waker) -> Doorbell {
        Doorbell {
            waker: Arc::new(waker),
            asleep: Arc::default(),
            errand: Arc::default(),
        }
    }

    /// The hub wants something; the thread looks at its commands before it does anything else.
    pub(super) fn send_errand(&self) {
        self.errand.store(true, Ordering::Release);
        let _ = self.waker.wake();
    }

    /// Whether there is an errand; it is taken.
    pub(super) fn has_errand(&self) -> bool {
        self.errand.load(Ordering::Relaxed) && self.errand.swap(false, Ordering::Acquire)
    }

    /// What was written before this call is seen by the thread before it sleeps, or it is woken.
    pub(super) fn ring(&self) {
        fence(Ordering::SeqCst);
        if self.asleep.swap(false, Ordering::SeqCst) {
            // A waker fails only when its poll is gone, and with it the thread.
            let _ = self.waker.wake();
        }
    }

    /// The thread will sleep unless `has_news`, which looks at the rings after everybody has been told.
    pub(super) fn lie_down(&self, has_news: impl FnOnce() -> bool) -> bool {
        self.asleep.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        !has_news()
    }

    pub(super) fn get_up(&self) {
        self.asleep.store(false, Ordering::SeqCst);
    }
}

/// Another thread, as one thread sees it.
pub(super) struct Neighbour {
    unit: usize,
    out: Producer<Relay>,
    into: Consumer<Relay>,
    doorbell: Doorbell,
    is_told: bool,
}

/// All other threads, as one thread sees them.
#[derive(Default)]
pub(super) struct Neighbours {
    others: Vec<Neighbour>,
    /// What did not fit.
    pub(super) uncrossed: u64,
}

impl Neighbours {
    /// Puts a message into the ring of the thread `unit`.
    pub(super) fn tell(&mut self, unit: usize, relay: Relay) {
        let Some(other) = self.others.iter_mut().find(|other| other.unit == unit) else {
            return;
        };
        let is_full = relay.is_media() && other.out.slots() <= RESERVED;
        if is_full || other.out.push(relay).is_err() {
            self.uncrossed += 1;
        }
        other.is_told = true;
    }

    /// Wakes those who were told something.
    pub(super) fn knock(&mut self) {
        for other in self.others.iter_mut().filter(|other| other.is_told) {
            other.is_told = false;
            other.doorbell.ring();
        }
    }

    pub(super) fn have_news(&self) -> bool {
        self.others.iter().any(|other| !other.into.is_empty())
    }

    /// Hands over what the others have said so far.
    pub(super) fn listen(&mut self, mut each: impl FnMut(usize, Relay)) {
        for other in &mut self.others {
            for _ in 0..other.into.slots() {
                if let Ok(relay) = other.into.pop() {
                    each(other.unit, relay);
                }
            }
        }
    }
}

/// Lays the rings between all of them.
pub(super) fn connect(threads: &mut [Prepared]) {
    for a in 0..threads.len() {
        for b in a + 1..threads.len() {
            let (to_b, from_a) = RingBuffer::new(PLACES);
            let (to_a, from_b) = RingBuffer::new(PLACES);
            for (own, other, out, into) in [(a, b, to_b, from_b), (b, a, to_a, from_a)] {
                let neighbour = Neighbour {
                    unit: other,
                    out,
                    into,
                    doorbell: threads[other].doorbell.clone(),
                    is_told: false,
                };
                threads[own].neighbours.others.push(neighbour);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn who_is_told_something_while_lying_down_does_not_sleep() {
        let mut poll = mio::Poll::new().expect("a poll");
        let bell = Doorbell::new(Waker::new(poll.registry(), mio::Token(0)).expect("a waker"));
        let (mut out, into) = RingBuffer::new(4);
        let told = into.is_empty();
        assert!(told && bell.lie_down(|| !into.is_empty()));
        out.push(1u8).expect("room");
        bell.ring();
        let mut events = mio::Events::with_capacity(4);
        poll.poll(&mut events, Some(Duration::from_secs(60))).expect("woken");
        assert!(!events.is_empty());
        bell.get_up();
        assert!(!bell.lie_down(|| !into.is_empty()), "there is something to read");
    }
}
