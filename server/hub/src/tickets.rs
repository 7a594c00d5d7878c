//! Tickets: what carries the proof of who somebody is to the websocket. A ticket is good once and not for long, because it
//! stands in an address, and addresses end up in logs. Whoever is here already gets one for coming back, over the socket
//! itself, which is good for longer.
//!
//! Each subject has a few at most, the newest; so nobody's tickets can keep anybody else out.

use crate::auth::Who;
use crate::keys;
use crate::presence::Subject;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

/// How long a ticket is good.
const TICKET: Duration = Duration::from_secs(30);
/// How long a ticket for coming back is good.
const RETURN: Duration = Duration::from_secs(600);
/// It is replaced this often.
pub const RENEWAL: Duration = Duration::from_secs(300);
/// At most so many tickets of one subject wait to be used: each of its screens holds one, and so does each that came back
/// another way and left its own behind.
const EACH: usize = 32;

/// Tickets that wait to be used.
#[derive(Debug, Default)]
pub struct Tickets {
    waiting: HashMap<String, (Who, Instant)>,
    /// The tickets of each subject, oldest first.
    order: BTreeMap<Subject, VecDeque<String>>,
}

impl Tickets {
    /// A ticket for somebody.
    pub fn issue(&mut self, who: Who, now: Instant) -> String {
        self.issue_until(now + TICKET, who)
    }

    /// A ticket for coming back, in place of the one that this screen had before.
    pub fn renew(&mut self, before: Option<&str>, who: Who, now: Instant) -> String {
        if let Some(before) = before {
            self.remove(before);
        }
        self.issue_until(now + RETURN, who)
    }

    fn issue_until(&mut self, until: Instant, who: Who) -> String {
        let ticket = keys::random();
        let order = self.order.entry(who.subject()).or_default();
        if order.len() >= EACH
            && let Some(oldest) = order.pop_front()
        {
            self.waiting.remove(&oldest);
        }
        order.push_back(ticket.clone());
        self.waiting.insert(ticket.clone(), (who, until));
        ticket
    }

    /// Tears up what waits for somebody who may not come in any more.
    pub fn forget(&mut self, subject: &Subject) {
        for ticket in self.order.remove(subject).into_iter().flatten() {
            self.waiting.remove(&ticket);
        }
    }

    /// Uses a ticket up.
    pub fn take(&mut self, ticket: &str, now: Instant) -> Option<Who> {
        let (who, until) = self.remove(ticket)?;
        (until > now).then_some(who)
    }

    fn remove(&mut self, ticket: &str) -> Option<(Who, Instant)> {
        let found = self.waiting.remove(ticket)?;
        if let Some(order) = self.order.get_mut(&found.0.subject()) {
            order.retain(|waiting| waiting != ticket);
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meeting::id::{EndpointId, PersonId};

    fn hall() -> Who {
        Who::Room {
            id: EndpointId::from("hall"),
            key: [0; 32],
        }
    }

    fn delegate(n: usize) -> Who {
        Who::Person {
            id: PersonId(format!("d{n}")),
            site: None,
        }
    }

    #[test]
    fn a_ticket_is_good_once_and_for_thirty_seconds() {
        let mut tickets = Tickets::default();
        let start = Instant::now();
        let ticket = tickets.issue(hall(), start);
        assert_eq!(tickets.take(&ticket, start), Some(hall()));
        assert_eq!(tickets.take(&ticket, start), None);
        let late = tickets.issue(hall(), start);
        assert_eq!(tickets.take(&late, start + TICKET), None);
        assert_eq!(tickets.take("guess", start), None);
    }

    #[test]
    fn a_screen_comes_back_once_with_the_last_ticket_it_was_given() {
        let mut tickets = Tickets::default();
        let start = Instant::now();
        let first = tickets.renew(None, hall(), start);
        let second = tickets.renew(Some(&first), hall(), start + RENEWAL);
        assert_eq!(tickets.take(&first, start + RENEWAL), None);
        let later = start + RENEWAL + RETURN / 2;
        assert_eq!(tickets.take(&second, later), Some(hall()));
        assert_eq!(tickets.take(&second, later), None);
        let revoked = tickets.renew(None, hall(), start);
        tickets.forget(&hall().subject());
        assert_eq!(tickets.take(&revoked, start), None);
    }

    #[test]
    fn a_flapping_screen_fills_its_own_places_and_nobody_elses() {
        let mut tickets = Tickets::default();
        let start = Instant::now();
        let theirs = tickets.issue(delegate(1), start);
        let kept: Vec<String> = (0..1_000 * EACH).map(|_| tickets.renew(None, hall(), start)).collect();
        assert_eq!(tickets.waiting.len(), EACH + 1);
        assert_eq!(tickets.take(&kept[0], start), None);
        assert_eq!(tickets.take(kept.last().unwrap(), start), Some(hall()));
        assert_eq!(tickets.take(&theirs, start), Some(delegate(1)));
    }
}
