//! Giving the floor, taking it, giving it back: the turn of the moment (PRODUCT 3.2, 3.3.4, 3.3.6).
//!
//! At most one turn has the floor. A point of order lays it over the turn it interrupts, and that turn waits, paused,
//! until the chair lets it go on.

use crate::command::{Asked, Attendance, OutOfOrder};
use crate::event::{Event, Grant, PauseReason, Place, Registration, TurnEnd};
use crate::id::{EndpointId, PersonId, RequestId, Time, TurnId};
use crate::item::Scene;
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::request::{Request, RequestState, class};
use crate::setup::{RequestKind, Role};
use crate::speaking::pause;
use crate::turn::{Clock, PastTurn, Turn};

impl Meeting {
    /// A delegate must be recorded as present, and a room of the site must be there.
    pub(crate) fn may_be_heard(&self, person: &PersonId) -> Result<EndpointId, Refusal> {
        let endpoint = self.room_of(person).ok_or(Refusal::RoomOffline)?;
        let attendance = self.attendance(person);
        if self.has_role(person, Role::Delegate) && !attendance.is_present() {
            return Err(Refusal::NotPresent);
        }
        Ok(endpoint)
    }

    /// By which room somebody is heard whose own is away: the chair's, where a telephone lies beside the microphone. A
    /// delegate whose line is lost is not absent (PRODUCT 3.4.1).
    fn may_be_heard_by_phone(&self, person: &PersonId) -> Result<EndpointId, Refusal> {
        let attendance = self.attendance(person);
        if self.has_role(person, Role::Delegate) && !attendance.is_present() && attendance != Attendance::Disconnected {
            return Err(Refusal::NotPresent);
        }
        self.phone_room().ok_or(Refusal::RoomOffline)
    }

    /// The room into which a telephone speaks.
    pub(crate) fn phone_room(&self) -> Option<EndpointId> {
        [self.chair_room(), self.hall()]
            .into_iter()
            .flatten()
            .find(|room| self.line_up(room))
    }

    /// Whether a turn is heard by telephone: in a room at whose site the speaker does not sit.
    #[must_use]
    pub fn by_phone(&self, turn: &Turn) -> bool {
        let heard_at = self.site_of_endpoint(&turn.endpoint);
        heard_at.as_ref() != Some(&turn.site) && heard_at.as_ref() != self.seat(&turn.person)
    }

    /// Present and reachable: the floor could be given now.
    #[must_use]
    pub fn reachable(&self, person: &PersonId) -> bool {
        self.may_be_heard(person).is_ok()
    }

    /// Mời phát biểu, from the list.
    pub(crate) fn invite(
        &self,
        id: &RequestId,
        out_of_order: Option<OutOfOrder>,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        let request = self.may_be_invited(id)?;
        let endpoint = self.may_be_heard(&request.person)?;
        self.grant(request, endpoint, self.skipped(request), out_of_order, now)
    }

    /// Mời qua điện thoại, from the list.
    pub(crate) fn invite_by_phone(&self, id: &RequestId, now: Time) -> Result<Vec<Event>, Refusal> {
        let request = self.may_be_invited(id)?;
        let endpoint = self.may_be_heard_by_phone(&request.person)?;
        self.grant(request, endpoint, self.skipped(request), None, now)
    }

    fn may_be_invited(&self, id: &RequestId) -> Result<&Request, Refusal> {
        let request = self.waits(id)?;
        if request.kind == RequestKind::Answer {
            self.answers_personally(&request.person)?;
        }
        Ok(request)
    }

    /// A request that could be served now.
    fn waits(&self, id: &RequestId) -> Result<&Request, Refusal> {
        let request = self.find_request(id)?;
        match request.state {
            RequestState::Waiting | RequestState::OnDeck | RequestState::Deferred => {}
            RequestState::Late
            | RequestState::Speaking
            | RequestState::Done
            | RequestState::Withdrawn
            | RequestState::Refused
            | RequestState::InWriting
            | RequestState::Void
            | RequestState::Discarded => return Err(Refusal::RequestState),
        }
        if self.item.as_ref() != Some(&request.item) {
            return Err(Refusal::NoItem);
        }
        Ok(request)
    }

    /// Who stands before a request and is passed over when it is served now.
    fn skipped(&self, request: &Request) -> Vec<RequestId> {
        if request.state == RequestState::Deferred {
            return Vec::new();
        }
        self.waiting()
            .take_while(|other| other.id != request.id)
            .map(|other| other.id.clone())
            .collect()
    }

    /// Mời ngoài danh sách. A request of the same kind that waits is served by it.
    pub(crate) fn invite_direct(
        &self,
        asked: &Asked,
        person: &PersonId,
        kind: RequestKind,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        if kind == RequestKind::Answer {
            self.answers_personally(person)?;
        }
        self.invite_outside(asked, person, kind, now)
    }

    /// … whoever it is that answers.
    pub(crate) fn invite_outside(
        &self,
        asked: &Asked,
        person: &PersonId,
        kind: RequestKind,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.setup.people.contains_key(person) {
            return Err(Refusal::Unknown);
        }
        let item = self.item.clone().ok_or(Refusal::NoItem)?;
        if let Some(request) = self.pending_request(person, kind)
            && request.state != RequestState::Late
        {
            let (request, endpoint) = (self.waits(&request.id)?, self.may_be_heard(&request.person)?);
            return self.grant(request, endpoint, self.skipped(request), None, now);
        }
        if kind == RequestKind::Continuation && self.last_speaker() != Some(person) {
            return Err(Refusal::KindNotOpen);
        }
        let (rank, second) = self.rank(person, kind, &item);
        let registration = Registration {
            request: self.next_request_id(),
            person: person.clone(),
            kind,
            subject: String::new(),
            item,
            class: class(kind),
            rank,
            sequence: self.next_sequence,
            second,
            tied: false,
            place: Place::Direct,
        };
        let request = Request::registered(&registration, &asked.by, now);
        let granted = self.grant(&request, self.may_be_heard(person)?, Vec::new(), None, now)?;
        Ok([Event::Requested(registration)].into_iter().chain(granted).collect())
    }

    /// The one transaction of PRODUCT 3.2: the turn before ends or pauses, this one has the floor.
    fn grant(
        &self,
        request: &Request,
        endpoint: EndpointId,
        skipped: Vec<RequestId>,
        out_of_order: Option<OutOfOrder>,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        if self.scene() == Scene::Solemn {
            return Err(Refusal::Ceremony);
        }
        if request.kind == RequestKind::Continuation {
            return self.continue_last(request, endpoint);
        }
        let mut events = Vec::new();
        let mut interrupts = None;
        match &self.turn {
            Some(turn) if request.kind == RequestKind::PointOfOrder && turn.kind != RequestKind::PointOfOrder => {
                interrupts = Some(turn.id.clone());
                if matches!(turn.clock, Clock::Invited { .. } | Clock::Running { .. }) {
                    events.push(pause(turn, PauseReason::PointOfOrder, now));
                }
            }
            Some(turn) if request.kind == RequestKind::PointOfOrder => {
                // One point of order after another: the turn beneath goes on waiting.
                events.push(self.ended(turn, TurnEnd::Next, now));
                interrupts = self.interrupted.as_ref().map(|beneath| beneath.id.clone());
            }
            Some(turn) => {
                events.push(self.ended(turn, TurnEnd::Next, now));
                events.extend(
                    self.interrupted
                        .iter()
                        .map(|beneath| self.ended(beneath, TurnEnd::Next, now)),
                );
            }
            None => {}
        }
        let starts_at = now.plus_seconds(self.setup.rules.clock_start_s);
        events.push(Event::FloorGranted(Grant {
            turn: TurnId(format!("t{}", self.turns_made + 1)),
            request: request.id.clone(),
            person: request.person.clone(),
            site: self.seat(&request.person).cloned().ok_or(Refusal::Unknown)?,
            endpoint,
            kind: request.kind,
            item: request.item.clone(),
            limit_ms: self.limit_ms(request),
            starts_at,
            interrupts,
            skipped,
            out_of_order,
        }));
        Ok(events)
    }

    /// Time a request's turn will have, milliseconds; absent = no limit.
    #[must_use]
    pub fn limit_ms(&self, request: &Request) -> Option<u32> {
        if request.left_ms.is_some() {
            return request.left_ms;
        }
        let profile = &self.setup.rules.profile;
        let seconds = if request.kind == RequestKind::Speech && request.second {
            profile.second_speech
        } else {
            profile.seconds.get(&request.kind).copied().unwrap_or(0)
        };
        (seconds > 0).then(|| seconds.saturating_mul(1000))
    }

    /// Xin nói thêm: the same turn goes on, with the time of a continuation on top of what was spoken.
    fn continue_last(&self, request: &Request, endpoint: EndpointId) -> Result<Vec<Event>, Refusal> {
        if self.turn.is_some() {
            return Err(Refusal::FloorTaken);
        }
        let Some(past) = self
            .past
            .last()
            .filter(|_| self.last_speaker() == Some(&request.person))
        else {
            return Err(Refusal::KindNotOpen);
        };
        let limit_ms = self
            .limit_ms(request)
            .map(|more| more.saturating_add(past.turn.spent_ms));
        Ok(vec![Event::TurnReopened {
            turn: past.turn.id.clone(),
            request: request.id.clone(),
            endpoint,
            limit_ms,
            interrupts: None,
        }])
    }

    /// The turn that ends so: one whose room is lost leaves its request waiting, with the time left (PRODUCT 3.3.6).
    fn ended(&self, turn: &Turn, how: TurnEnd, now: Time) -> Event {
        let how = if how == TurnEnd::Next && turn.is_held() {
            TurnEnd::Held
        } else {
            how
        };
        Event::TurnEnded {
            turn: turn.id.clone(),
            at: now,
            how,
        }
    }

    pub(crate) fn apply_floor_granted(&mut self, grant: &Grant, at: Time) {
        self.leave_queue(&grant.request, RequestState::Speaking);
        let (subject, direct) = self
            .requests
            .get(&grant.request)
            .map_or((String::new(), true), |request| {
                (request.subject.clone(), request.direct)
            });
        self.lay_over(grant.interrupts.as_ref());
        self.turns_made += 1;
        self.turn = Some(Turn::granted(grant, subject, direct, at));
    }

    /// Makes room for a turn: the one it interrupts, if it still has the floor, lies beneath from now on.
    fn lay_over(&mut self, interrupts: Option<&TurnId>) {
        if let Some(interrupted) = interrupts
            && self.turn.as_ref().is_some_and(|turn| turn.id == *interrupted)
        {
            self.interrupted = self.turn.take();
        }
    }

    pub(crate) fn apply_turn_ended(&mut self, id: &TurnId, at: Time, how: TurnEnd) {
        let ended = if self.turn.as_ref().is_some_and(|turn| turn.id == *id) {
            let next = self.interrupted.take();
            std::mem::replace(&mut self.turn, next)
        } else {
            self.interrupted.take_if(|turn| turn.id == *id)
        };
        let Some(mut turn) = ended else { return };
        turn.end(at);
        if let Some(request) = self.requests.get_mut(&turn.request) {
            if how == TurnEnd::Held {
                request.state = RequestState::Deferred;
                request.left_ms = turn.left_ms();
            } else {
                request.state = RequestState::Done;
            }
        }
        if turn.kind == RequestKind::Answer && how != TurnEnd::Held {
            self.apply_answer_ended(&turn.person, &turn.item, at);
        }
        self.past.push(PastTurn {
            turn,
            ended_at: at,
            how,
        });
    }

    pub(crate) fn apply_turn_reopened(
        &mut self,
        id: &TurnId,
        request: &RequestId,
        endpoint: &EndpointId,
        limit_ms: Option<u32>,
        interrupts: Option<&TurnId>,
        at: Time,
    ) {
        let Some(past) = self.past.pop_if(|past| past.turn.id == *id) else {
            return;
        };
        let mut turn = past.turn;
        self.lay_over(interrupts);
        self.leave_queue(request, RequestState::Speaking);
        turn.request = request.clone();
        turn.endpoint = endpoint.clone();
        turn.limit_ms = limit_ms;
        turn.cut = false;
        turn.clock = Clock::Invited { starts_at: at };
        turn.start(at);
        self.turn = Some(turn);
    }
}
