//! The 5-tuples of one session: which addresses proved that they know our password, and which one we send to.
//!
//! ICE-lite (RFC 8445 §2.5): we never check, we only answer; the peer's candidates are learned from checks that
//! authenticate. A tuple that stops checking is forgotten (consent, RFC 7675).

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use ring::hmac;

use crate::stream::StreamId;

/// Both ends of a path, and what carries it. A stream's number is never used twice, so a new connection from an old
/// address has to prove itself again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tuple {
    pub(crate) remote: SocketAddr,
    pub(crate) local: SocketAddr,
    /// `None` for UDP.
    pub(crate) stream: Option<StreamId>,
}

const MAX_TUPLES: usize = 8;

/// Our credentials, and those the peer must show.
pub(crate) struct Credentials {
    pub(crate) ufrag: String,
    pub(crate) pwd: String,
    pub(crate) key: hmac::Key,
    pub(crate) remote_ufrag: String,
}

impl Credentials {
    pub(crate) fn new(ufrag: String, pwd: String, remote_ufrag: String) -> Credentials {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, pwd.as_bytes());
        Credentials {
            ufrag,
            pwd,
            key,
            remote_ufrag,
        }
    }
}

struct Known {
    tuple: Tuple,
    checked: Instant,
}

/// What a valid check changed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// The tuple was not known before.
    pub(crate) is_new: bool,
    /// A tuple that had to make room.
    pub(crate) forgotten: Option<Tuple>,
    /// We send somewhere else now.
    pub(crate) moved: bool,
}

/// A path that was checked so lately still lives.
const LIVELY: Duration = Duration::from_secs(7);

/// Checks remembered, so that a captured one cannot be replayed from elsewhere: some minutes' worth.
const MAX_CHECKS: usize = 128;

fn number(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// The paths of one session.
#[derive(Default)]
pub(crate) struct Paths {
    known: Vec<Known>,
    /// Their transactions, and from where they came, as numbers.
    checks: VecDeque<(u64, u64)>,
    selected: Option<Tuple>,
    nominated: bool,
    is_restarting: bool,
}

impl Paths {
    /// Where to send, once anybody proved to be the peer.
    pub(crate) fn selected(&self) -> Option<Tuple> {
        self.selected
    }

    #[cfg(test)]
    fn tuples(&self) -> impl Iterator<Item = Tuple> + '_ {
        self.known.iter().map(|known| known.tuple)
    }

    /// Whether an authenticated check is a copy of one that came from elsewhere. A peer repeats its own from where it
    /// stands (RFC 8489 §6.2.1); somebody who only captured it does not stand there.
    pub(crate) fn is_replayed(&mut self, transaction: [u8; 12], tuple: Tuple) -> bool {
        let (transaction, tuple) = (number(&transaction), number(&tuple));
        if let Some((_, first)) = self.checks.iter().find(|(known, _)| *known == transaction) {
            return *first != tuple;
        }
        if self.checks.len() == MAX_CHECKS {
            self.checks.pop_front();
        }
        if self.checks.capacity() == 0 {
            self.checks.reserve_exact(MAX_CHECKS);
        }
        self.checks.push_back((transaction, tuple));
        false
    }

    /// The peer restarts ICE: the first way that it checks under the new credentials is taken, whatever it nominated before. It
    /// has a reason to look for another, and may nominate it only seconds later.
    pub(crate) fn restart(&mut self) {
        self.is_restarting = true;
    }

    /// A check under the credentials of now.
    pub(crate) fn follow(&mut self) {
        if std::mem::take(&mut self.is_restarting) {
            self.nominated = false;
            self.selected = None;
        }
    }

    /// Notes an authenticated check. The latest nomination wins: that is how a browser changes its network. But Firefox nominates
    /// each way that it checks, and means the best of them (RFC 5245 §8.1.1.2): a stream does not take the place of a living way
    /// by UDP.
    pub(crate) fn checked(&mut self, tuple: Tuple, nominates: bool, now: Instant) -> Checked {
        let mut result = Checked {
            is_new: false,
            forgotten: None,
            moved: false,
        };
        match self.known.iter_mut().find(|known| known.tuple == tuple) {
            Some(known) => known.checked = now,
            None => {
                if self.known.len() == MAX_TUPLES {
                    let stale = self
                        .known
                        .iter()
                        .enumerate()
                        .filter(|(_, known)| Some(known.tuple) != self.selected)
                        .min_by_key(|(_, known)| known.checked)
                        .map(|(index, _)| index);
                    if let Some(index) = stale {
                        result.forgotten = Some(self.known.swap_remove(index).tuple);
                    }
                }
                self.known.push(Known { tuple, checked: now });
                result.is_new = true;
            }
        }
        let is_second_best = tuple.stream.is_some() && self.nominated && self.has_living_udp(now);
        if nominates && !is_second_best || !self.nominated && self.selected.is_none() {
            self.nominated |= nominates;
            result.moved = self.selected != Some(tuple);
            self.selected = Some(tuple);
        }
        result
    }

    fn has_living_udp(&self, now: Instant) -> bool {
        let selected = self.known.iter().find(|known| Some(known.tuple) == self.selected);
        selected
            .is_some_and(|known| known.tuple.stream.is_none() && now.saturating_duration_since(known.checked) < LIVELY)
    }

    /// Gives up a tuple that proved to be somebody else's now.
    pub(crate) fn forget(&mut self, tuple: Tuple) {
        self.known.retain(|known| known.tuple != tuple);
        if self.selected == Some(tuple) {
            self.reselect();
        }
    }

    fn reselect(&mut self) {
        self.selected = self
            .known
            .iter()
            .max_by_key(|known| known.checked)
            .map(|known| known.tuple);
        self.nominated = false;
    }

    /// Forgets one tuple whose check is too old, if there is one.
    pub(crate) fn expire(&mut self, now: Instant, consent: Duration) -> Option<Tuple> {
        let index = self
            .known
            .iter()
            .position(|known| now.saturating_duration_since(known.checked) >= consent)?;
        let tuple = self.known.swap_remove(index).tuple;
        if self.selected == Some(tuple) {
            self.reselect();
        }
        Some(tuple)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tuple(port: u16) -> Tuple {
        Tuple {
            remote: SocketAddr::from(([10, 0, 0, 7], port)),
            local: SocketAddr::from(([10, 0, 0, 1], 5000)),
            stream: None,
        }
    }

    #[test]
    fn the_latest_nomination_wins_and_a_mere_check_does_not() {
        let now = Instant::now();
        let mut paths = Paths::default();
        assert!(
            paths.checked(tuple(1), false, now).moved,
            "something to talk to before the nomination"
        );
        assert!(paths.checked(tuple(2), true, now).moved);
        assert!(!paths.checked(tuple(3), false, now).moved);
        assert_eq!(paths.selected(), Some(tuple(2)));
        assert!(paths.checked(tuple(3), true, now).moved);
        assert_eq!(paths.selected(), Some(tuple(3)));
    }

    #[test]
    fn a_stream_does_not_take_the_place_of_udp_that_lives_unless_the_peer_has_restarted() {
        let start = Instant::now();
        let stream = Tuple {
            stream: Some(StreamId(7)),
            ..tuple(1)
        };
        let mut paths = Paths::default();
        paths.checked(stream, true, start);
        assert!(paths.checked(tuple(1), true, start).moved);
        assert!(!paths.checked(stream, true, start).moved, "nominated, but not the best");
        assert_eq!(paths.selected(), Some(tuple(1)));
        paths.restart();
        assert_eq!(paths.selected(), Some(tuple(1)), "until something else is known");
        paths.follow();
        assert!(
            paths.checked(stream, false, start).moved,
            "UDP died, and the peer knows"
        );
        paths.follow();
        assert_eq!(paths.selected(), Some(stream));
        paths.checked(tuple(1), true, start);
        assert!(
            paths.checked(stream, true, start + LIVELY).moved,
            "UDP died, and nobody said so"
        );
    }

    #[test]
    fn consent_runs_out_and_the_path_falls_back_to_one_that_lives() {
        let start = Instant::now();
        let consent = Duration::from_secs(30);
        let mut paths = Paths::default();
        paths.checked(tuple(1), true, start);
        paths.checked(tuple(2), false, start + Duration::from_secs(20));
        assert_eq!(paths.expire(start + Duration::from_secs(29), consent), None);
        assert_eq!(paths.expire(start + Duration::from_secs(30), consent), Some(tuple(1)));
        assert_eq!(paths.selected(), Some(tuple(2)));
        assert_eq!(paths.expire(start + Duration::from_secs(51), consent), Some(tuple(2)));
        assert_eq!(paths.selected(), None);
    }

    #[test]
    fn the_number_of_paths_is_bounded_and_the_one_in_use_stays() {
        let start = Instant::now();
        let mut paths = Paths::default();
        paths.checked(tuple(1), true, start);
        for port in 2..100 {
            paths.checked(tuple(port), false, start + Duration::from_millis(port.into()));
        }
        assert_eq!(paths.tuples().count(), MAX_TUPLES);
        assert_eq!(paths.selected(), Some(tuple(1)));
    }
}
