//! What chair, secretary and the people themselves do with requests that wait (PRODUCT 3.3.2, 3.3.5).
//!
//! The queue is a permutation of the waiting requests and changes only here and in `request`, `order` and `floor`, always
//! by somebody's act: no line and no clock moves it, except that the registration window puts its own requests in order.

use crate::event::{Event, TurnEnd};
use crate::id::{RequestId, Time};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::request::{Request, RequestState, class};
use crate::rights::Capacity;
use crate::setup::RequestKind;
use crate::sitting::given;

impl Meeting {
    fn request_in(&self, id: &RequestId, states: &[RequestState]) -> Result<&Request, Refusal> {
        let request = self.find_request(id)?;
        if states.contains(&request.state) {
            Ok(request)
        } else {
            Err(Refusal::RequestState)
        }
    }

    pub(crate) fn answer_late(&self, id: &RequestId, accept: bool) -> Result<Vec<Event>, Refusal> {
        let request = self.request_in(id, &[RequestState::Late])?;
        let before = if accept {
            self.place_for(request.key(), None)
        } else {
            None
        };
        Ok(vec![Event::LateAnswered {
            request: id.clone(),
            accepted: accept,
            before,
        }])
    }

    /// Hủy đăng ký.
    pub(crate) fn withdraw(&self, id: &RequestId) -> Result<Vec<Event>, Refusal> {
        if !self.find_request(id)?.state.is_pending() {
            return Err(Refusal::RequestState);
        }
        Ok(vec![Event::Withdrawn { request: id.clone() }])
    }

    /// Wrong button. The sequence is kept only if the new class is not higher (PRODUCT 3.3.6).
    pub(crate) fn change_kind(
        &self,
        capacity: Capacity,
        id: &RequestId,
        kind: RequestKind,
    ) -> Result<Vec<Event>, Refusal> {
        let request = self.request_in(id, &[RequestState::Waiting])?;
        if request.kind == kind {
            return Err(Refusal::NoChange);
        }
        self.not_doubled(&request.person, kind, Some(id))?;
        self.kind_open(capacity, &request.person, kind)?;
        let class = class(kind);
        let (rank, second) = self.rank(&request.person, kind, &request.item);
        let sequence = if class < request.class {
            self.next_sequence
        } else {
            request.sequence
        };
        Ok(vec![Event::KindChanged {
            request: id.clone(),
            kind,
            class,
            rank,
            second,
            sequence,
            before: self.place_for((class, rank, sequence), Some(id)),
        }])
    }

    /// Mời chuẩn bị: the room gets its banner and its level check, so it must be there.
    pub(crate) fn call_on_deck(&self, id: &RequestId) -> Result<Vec<Event>, Refusal> {
        let request = self.request_in(id, &[RequestState::Waiting])?;
        self.may_be_heard(&request.person)?;
        Ok(vec![Event::CalledOnDeck { request: id.clone() }])
    }

    pub(crate) fn cancel_on_deck(&self, id: &RequestId) -> Result<Vec<Event>, Refusal> {
        self.request_in(id, &[RequestState::OnDeck])?;
        Ok(vec![Event::OnDeckCancelled { request: id.clone() }])
    }

    /// Gác lại. A turn whose room is lost can be set aside too: its request keeps the time left.
    pub(crate) fn defer(&self, id: &RequestId, now: Time) -> Result<Vec<Event>, Refusal> {
        if let Some(turn) = self.turn.as_ref().filter(|turn| turn.request == *id && turn.is_held()) {
            return Ok(self.end_turn_events(&turn.id.clone(), TurnEnd::Held, now));
        }
        self.request_in(id, &[RequestState::Waiting, RequestState::OnDeck])?;
        Ok(vec![Event::Deferred { request: id.clone() }])
    }

    /// A deferred or void request waits again, at its old place.
    pub(crate) fn restore(&self, capacity: Capacity, id: &RequestId) -> Result<Vec<Event>, Refusal> {
        // What the secretary made void the secretary may restore; the rest belongs to who runs the queue.
        let states: &[RequestState] = if capacity == Capacity::Secretary {
            &[RequestState::Void]
        } else {
            &[RequestState::Void, RequestState::Deferred]
        };
        let request = self.find_request(id)?;
        if capacity == Capacity::Secretary && request.state == RequestState::Deferred {
            return Err(Refusal::NotAllowed);
        }
        if !states.contains(&request.state) {
            return Err(Refusal::RequestState);
        }
        if request.state == RequestState::Void {
            if self.item.as_ref() != Some(&request.item) {
                return Err(Refusal::NoItem);
            }
            self.not_doubled(&request.person, request.kind, Some(id))?;
            if !self.attendance(&request.person).is_present() {
                return Err(Refusal::NotPresent);
            }
        }
        Ok(vec![Event::Restored {
            request: id.clone(),
            before: self.place_for(request.key(), None),
        }])
    }

    /// Từ chối, with a reason.
    pub(crate) fn refuse_request(&self, id: &RequestId, reason: &str) -> Result<Vec<Event>, Refusal> {
        if !self.find_request(id)?.state.is_pending() {
            return Err(Refusal::RequestState);
        }
        Ok(vec![Event::RequestRefused {
            request: id.clone(),
            reason: given(reason)?,
        }])
    }

    /// Kéo đổi thứ tự.
    pub(crate) fn move_request(&self, id: &RequestId, before: Option<&RequestId>) -> Result<Vec<Event>, Refusal> {
        let from = self
            .queue
            .iter()
            .position(|other| other == id)
            .ok_or(match self.requests.get(id) {
                Some(_) => Refusal::RequestState,
                None => Refusal::Unknown,
            })?;
        let follower = match before {
            Some(before) => Some(self.queue.iter().position(|other| other == before).ok_or(
                match self.requests.get(before) {
                    Some(_) => Refusal::RequestState,
                    None => Refusal::Unknown,
                },
            )?),
            None => None,
        };
        let stays = follower.unwrap_or(self.queue.len());
        if stays == from || stays == from + 1 {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::Moved {
            request: id.clone(),
            before: before.cloned(),
        }])
    }

    pub(crate) fn apply_kind_changed(&mut self, id: &RequestId, kind: RequestKind, key: (u8, u8, u32), second: bool) {
        self.next_sequence = self.next_sequence.max(key.2.saturating_add(1));
        if let Some(request) = self.requests.get_mut(id) {
            request.kind = kind;
            (request.class, request.rank, request.sequence) = key;
            request.second = second;
        }
    }

    pub(crate) fn wait_again(&mut self, id: &RequestId, before: Option<&RequestId>) {
        self.put_before(id, before);
        if let Some(request) = self.requests.get_mut(id) {
            request.state = RequestState::Waiting;
        }
    }
}
