//! The open item of the agenda, as much as the floor needs.

use crate::command::Leftover;
use crate::event::Event;
use crate::id::{ItemId, RequestId, Time};
use crate::item::{ItemRule, Scene};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::request::RequestState;
use crate::sitting::given;
use serde::{Deserialize, Serialize};

/// When an item was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemTimes {
    /// First opened.
    pub opened_at: Time,
    /// Last closed; absent while open.
    pub closed_at: Option<Time>,
}

/// What became of the requests that were not served when an item closed (PRODUCT 3.3.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unserved {
    /// There were none.
    Nothing,
    /// They wait for the next item, in the same order.
    CarriedOver {
        /// Which.
        requests: Vec<RequestId>,
    },
    /// They are handed in in writing.
    InWriting {
        /// Which.
        requests: Vec<RequestId>,
    },
    /// They are discarded.
    Discarded {
        /// Which.
        requests: Vec<RequestId>,
        /// Why.
        reason: String,
    },
}

impl Meeting {
    /// What holds for the open item; none if no item is open, or nobody knows its kind any more.
    pub(crate) fn item_rule(&self) -> Option<&ItemRule> {
        self.setup.rules.items.get(&self.open_agenda_item()?.kind)
    }

    /// What the screens show while nobody has the floor.
    pub(crate) fn scene(&self) -> Scene {
        self.item_rule().map_or(Scene::Floor, |rule| rule.scene)
    }

    pub(crate) fn open_item(&self, item: &ItemId) -> Result<Vec<Event>, Refusal> {
        if !self.setup.agenda.contains_key(item) {
            return Err(Refusal::Unknown);
        }
        if self.item.as_ref() == Some(item) {
            return Err(Refusal::NoChange);
        }
        if self.item.is_some() {
            return Err(Refusal::ItemOpen);
        }
        Ok(vec![Event::ItemOpened { item: item.clone() }])
    }

    /// Closes the open item. Whoever has the floor finishes first; requests left over need a word (PRODUCT 3.3.6).
    pub(crate) fn close_item(&self, leftover: Option<&Leftover>, now: Time) -> Result<Vec<Event>, Refusal> {
        let item = self.item.clone().ok_or(Refusal::NoItem)?;
        if self.turn.is_some() {
            return Err(Refusal::FloorTaken);
        }
        self.no_vote_under_way()?;
        if self.item_rule().is_some_and(|rule| rule.concludes) && !self.is_concluded() {
            return Err(Refusal::ConclusionMissing);
        }
        let (requests, questions) = (self.unserved(), self.unanswered_on(&item));
        let left = requests.len() + questions.len();
        let unserved = match (requests.is_empty(), leftover) {
            (_, None) if left > 0 => {
                return Err(Refusal::QueueNotEmpty {
                    left: u32::try_from(left).unwrap_or(u32::MAX),
                });
            }
            (true, _) | (_, None) => Unserved::Nothing,
            (false, Some(Leftover::CarryOver)) => Unserved::CarriedOver { requests },
            (false, Some(Leftover::InWriting)) => Unserved::InWriting { requests },
            (false, Some(Leftover::Discard { reason })) => Unserved::Discarded {
                requests,
                reason: given(reason)?,
            },
        };
        let mut events = if self.list.is_open() {
            self.list_closes(now)
        } else {
            Vec::new()
        };
        if let Unserved::InWriting { requests } = &unserved {
            events.extend(self.unspoken_questions(requests, now));
        }
        events.extend(self.questions_left(&questions, leftover == Some(&Leftover::CarryOver), now));
        events.push(Event::ItemClosed { item, unserved });
        Ok(events)
    }

    pub(crate) fn send_all_in_writing(&self, now: Time) -> Result<Vec<Event>, Refusal> {
        let requests = self.unserved();
        if requests.is_empty() {
            return Err(Refusal::NoChange);
        }
        let mut events = self.unspoken_questions(&requests, now);
        events.push(Event::SentInWriting { requests });
        Ok(events)
    }

    /// Requests that still hope for the floor: the queue in its order, then those set aside or awaiting a word.
    pub(crate) fn unserved(&self) -> Vec<RequestId> {
        let mut aside: Vec<_> = self
            .requests
            .values()
            .filter(|request| matches!(request.state, RequestState::Deferred | RequestState::Late))
            .collect();
        aside.sort_by_key(|request| request.sequence);
        self.queue
            .iter()
            .cloned()
            .chain(aside.into_iter().map(|request| request.id.clone()))
            .collect()
    }

    pub(crate) fn apply_item_opened(&mut self, item: &ItemId, at: Time) {
        self.item = Some(item.clone());
        self.item_since = Some(at);
        // Nobody was on their way to the list of this item yet.
        self.list.closed_at = None;
        self.items
            .entry(item.clone())
            .and_modify(|times| times.closed_at = None)
            .or_insert(ItemTimes {
                opened_at: at,
                closed_at: None,
            });
        // What was carried over belongs to this item now.
        for id in self.unserved() {
            if let Some(request) = self.requests.get_mut(&id) {
                request.item = item.clone();
            }
        }
    }

    pub(crate) fn apply_item_closed(&mut self, item: &ItemId, unserved: &Unserved, at: Time) {
        self.item = None;
        self.item_since = None;
        self.caption = None;
        self.answerer = None;
        if let Some(times) = self.items.get_mut(item) {
            times.closed_at = Some(at);
        }
        match unserved {
            Unserved::Nothing => {}
            Unserved::CarriedOver { requests } => {
                for id in requests {
                    if let Some(request) = self.requests.get_mut(id)
                        && request.state == RequestState::OnDeck
                    {
                        request.state = RequestState::Waiting;
                    }
                }
            }
            Unserved::InWriting { requests } => self.set_aside(requests, RequestState::InWriting, ""),
            Unserved::Discarded { requests, reason } => self.set_aside(requests, RequestState::Discarded, reason),
        }
    }
}
