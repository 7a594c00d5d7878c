//! How a tablet without a personal link comes in: six digits from a room's screen, a name of the roster, a PIN.
//!
//! The digits change every minute and are good for one more, so that a photo sent home is of no use; they follow from the
//! hub's secret, so that a restart does not change what a screen shows.

use crate::keys::{self, Secret};
use meeting::id::{EndpointId, SiteId, Time};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// How long one code is shown, milliseconds.
pub const ROTATION_MS: u64 = 60_000;
/// How long somebody may take to choose a name and type the PIN.
const PAIRING: Duration = Duration::from_secs(300);
/// At most so many pairings are under way.
const PAIRINGS: usize = 2_000;

/// The codes of all rooms in the minute of `now`. No two rooms have the same.
#[must_use]
pub fn codes<'a>(
    secret: &Secret,
    rooms: impl Iterator<Item = &'a EndpointId>,
    now: Time,
) -> BTreeMap<String, &'a EndpointId> {
    let period = now.0 / ROTATION_MS;
    let mut codes = BTreeMap::new();
    for room in rooms {
        let mut attempt = 0;
        loop {
            let code = secret.digits(&format!("pairing/{room}/{period}/{attempt}"));
            if let std::collections::btree_map::Entry::Vacant(free) = codes.entry(code) {
                free.insert(room);
                break;
            }
            attempt += 1;
        }
    }
    codes
}

/// The room whose screen shows this code now, or did a minute ago.
#[must_use]
pub fn room_of<'a>(
    secret: &Secret,
    rooms: impl Iterator<Item = &'a EndpointId> + Clone,
    code: &str,
    now: Time,
) -> Option<&'a EndpointId> {
    let before = Time(now.0.saturating_sub(ROTATION_MS));
    [now, before]
        .into_iter()
        .find_map(|at| codes(secret, rooms.clone(), at).get(code).copied())
}

/// Until when the code of this moment is shown.
#[must_use]
pub fn shown_until(now: Time) -> Time {
    Time((now.0 / ROTATION_MS + 1) * ROTATION_MS)
}

/// Pairings under way: a code was right, name and PIN are to come.
#[derive(Debug, Default)]
pub struct Pairings(HashMap<String, (SiteId, Instant)>);

impl Pairings {
    /// A code was right.
    pub fn begin(&mut self, site: SiteId, now: Instant) -> Option<String> {
        if self.0.len() >= PAIRINGS {
            self.0.retain(|_, (_, until)| *until > now);
            if self.0.len() >= PAIRINGS {
                return None;
            }
        }
        let pairing = keys::random();
        self.0.insert(pairing.clone(), (site, now + PAIRING));
        Some(pairing)
    }

    /// The site of a pairing under way.
    #[must_use]
    pub fn site(&self, pairing: &str, now: Instant) -> Option<SiteId> {
        let (site, until) = self.0.get(pairing)?;
        (*until > now).then(|| site.clone())
    }

    /// The PIN was right.
    pub fn end(&mut self, pairing: &str) {
        self.0.remove(pairing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_leads_to_its_room_for_its_minute_and_one_more() {
        let folder = tempfile::tempdir().unwrap();
        let secret = Secret::open(folder.path()).unwrap();
        let rooms: Vec<EndpointId> = (0..200).map(|room| EndpointId(format!("room-{room}"))).collect();
        let start = Time(1_000 * ROTATION_MS + 10);
        let shown = codes(&secret, rooms.iter(), start);
        assert_eq!(shown.len(), rooms.len(), "every room has a code of its own");
        for (code, room) in &shown {
            assert_eq!(code.len(), 6);
            assert_eq!(room_of(&secret, rooms.iter(), code, start), Some(*room));
            let end = Time(shown_until(start).0 + ROTATION_MS);
            assert!(room_of(&secret, rooms.iter(), code, Time(end.0 - 1)).is_some());
            assert_ne!(room_of(&secret, rooms.iter(), code, end), Some(*room));
        }
    }

    #[test]
    fn a_pairing_ends_after_five_minutes() {
        let mut pairings = Pairings::default();
        let start = Instant::now();
        let pairing = pairings.begin(SiteId::from("ward"), start).unwrap();
        assert_eq!(pairings.site(&pairing, start), Some(SiteId::from("ward")));
        assert_eq!(pairings.site(&pairing, start + PAIRING), None);
        pairings.end(&pairing);
        assert_eq!(pairings.site(&pairing, start), None);
    }
}
