//! The last ten minutes of every room's line, in a ring of fixed size: what a technician looks at when somebody says "it was bad
//! a moment ago". Pure: it is told the time.

use meeting::id::{EndpointId, Time};
use protocol::message::{Link, LinkState, ServerMessage};
use std::collections::{BTreeMap, VecDeque};

/// A sample every so often, milliseconds.
const EVERY_MS: u32 = 2000;
/// So many are kept: ten minutes.
const KEPT: usize = 300;

/// All rooms' samples.
#[derive(Debug, Default)]
pub struct Trends {
    rooms: BTreeMap<EndpointId, VecDeque<Sample>>,
    sampled: Option<Time>,
}

#[derive(Debug, Clone)]
struct Sample {
    at: Time,
    /// Absent while nothing is measured: a gap, not a zero.
    line: Option<Line>,
}

#[derive(Debug, Clone)]
struct Line {
    loss_up: f32,
    loss_down: f32,
    rtt_ms: Option<u32>,
    up_kbps: u32,
    down_kbps: u32,
}

impl Trends {
    /// Whether it is time for the next sample.
    #[must_use]
    pub fn due(&self, now: Time) -> bool {
        self.sampled.is_none_or(|sampled| now.since(sampled) >= EVERY_MS)
    }

    /// Takes a sample of every room.
    pub fn sample(&mut self, links: &BTreeMap<EndpointId, Link>, now: Time) {
        self.sampled = Some(now);
        for (room, link) in links {
            let ring = self
                .rooms
                .entry(room.clone())
                .or_insert_with(|| VecDeque::with_capacity(KEPT));
            if ring.len() == KEPT {
                ring.pop_front();
            }
            ring.push_back(Sample {
                at: now,
                line: line(link),
            });
        }
    }

    /// What was sampled of a room after `since`, oldest first.
    #[must_use]
    pub fn told(&self, room: &EndpointId, since: Option<Time>) -> ServerMessage {
        let samples: Vec<&Sample> = self
            .rooms
            .get(room)
            .into_iter()
            .flatten()
            .filter(|sample| since.is_none_or(|since| sample.at > since))
            .collect();
        fn column<T>(samples: &[&Sample], of: impl Fn(&Line) -> Option<T>) -> Vec<Option<T>> {
            samples.iter().map(|sample| of(sample.line.as_ref()?)).collect()
        }
        ServerMessage::Trend {
            room: room.clone(),
            at: samples.iter().map(|sample| sample.at).collect(),
            loss_up: column(&samples, |line| Some(line.loss_up)),
            loss_down: column(&samples, |line| Some(line.loss_down)),
            rtt_ms: column(&samples, |line| line.rtt_ms),
            up_kbps: column(&samples, |line| Some(line.up_kbps)),
            down_kbps: column(&samples, |line| Some(line.down_kbps)),
        }
    }
}

fn line(link: &Link) -> Option<Line> {
    match link.state {
        LinkState::Offline | LinkState::Connecting => None,
        LinkState::Good | LinkState::Degraded | LinkState::SoundOnly | LinkState::NoPicture | LinkState::NoSound => {
            Some(Line {
                loss_up: link.loss_up,
                loss_down: link.loss_down,
                rtt_ms: link.rtt_ms,
                up_kbps: link.up_kbps,
                down_kbps: link.down_kbps,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(state: LinkState, up_kbps: u32) -> BTreeMap<EndpointId, Link> {
        let link = Link {
            state,
            level: -127,
            loss_up: 0.5,
            loss_down: 0.0,
            rtt_ms: None,
            up_kbps,
            down_kbps: 0,
            estimate_kbps: None,
            layer: None,
            still: 0,
            device: None,
        };
        [("hall".into(), link)].into()
    }

    fn columns(trends: &Trends, since: Option<Time>) -> (Vec<Time>, Vec<Option<u32>>) {
        match trends.told(&"hall".into(), since) {
            ServerMessage::Trend { at, up_kbps, .. } => (at, up_kbps),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn ten_minutes_are_kept_and_no_more() {
        let mut trends = Trends::default();
        for n in 0..1000_u32 {
            let now = Time(u64::from(n) * 2000);
            assert!(trends.due(now));
            trends.sample(&link(LinkState::Good, n), now);
            assert!(!trends.due(Time(now.0 + 1999)));
        }
        let (at, up) = columns(&trends, None);
        assert_eq!((at.len(), up[0], up[KEPT - 1]), (KEPT, Some(700), Some(999)));
        let (at, _) = columns(&trends, Some(Time(998 * 2000)));
        assert_eq!(at, [Time(999 * 2000)], "only what is new");
    }

    #[test]
    fn a_lost_line_is_a_gap() {
        let mut trends = Trends::default();
        trends.sample(&link(LinkState::Good, 5), Time(0));
        trends.sample(&link(LinkState::Offline, 0), Time(2000));
        assert_eq!(columns(&trends, None).1, [Some(5), None]);
    }

    #[test]
    fn ten_minutes_fit_into_one_message() {
        let mut trends = Trends::default();
        for n in 0..KEPT as u64 {
            let mut links = link(LinkState::Good, 123_456);
            for link in links.values_mut() {
                (link.loss_up, link.loss_down, link.rtt_ms) = (12.3, 45.6, Some(12_345));
            }
            trends.sample(&links, Time(1_795_341_731_000 + n * 2000));
        }
        let message = serde_json::to_string(&trends.told(&"hall".into(), None)).unwrap();
        assert!(
            message.len() < protocol::message::MESSAGE_LIMIT / 2,
            "{}",
            message.len()
        );
    }
}
