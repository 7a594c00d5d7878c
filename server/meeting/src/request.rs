//! A request to speak: what it is, who may register which kind, and when (PRODUCT 3.3.1, 3.3.2).
//!
//! A request is keyed on the person, never on a device or a line: no disconnect moves it.

use crate::command::{Actor, Asked};
use crate::event::{Event, Place, Registration};
use crate::id::{ItemId, PersonId, RequestId, Time};
use crate::item::Scene;
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::rights::Capacity;
use crate::setup::{RequestKind, Role};
use serde::{Deserialize, Serialize};

/// The longest subject, in characters.
const LONGEST_SUBJECT: usize = 200;

/// State of a request (PRODUCT 3.3.2). Whether a turn is paused is a state of the turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Chờ.
    Waiting,
    /// Gửi trước khi đóng: waits for the chair's word.
    Late,
    /// Mời chuẩn bị.
    OnDeck,
    /// Đang phát biểu.
    Speaking,
    /// Gác lại.
    Deferred,
    /// Kết thúc.
    Done,
    /// Đã rút.
    Withdrawn,
    /// Từ chối.
    Refused,
    /// Chuyển gửi văn bản.
    InWriting,
    /// Vô hiệu.
    Void,
    /// Discarded when the item closed.
    Discarded,
}

impl RequestState {
    /// Still hopes for the floor.
    #[must_use]
    pub fn is_pending(self) -> bool {
        match self {
            Self::Waiting | Self::Late | Self::OnDeck | Self::Deferred => true,
            Self::Speaking
            | Self::Done
            | Self::Withdrawn
            | Self::Refused
            | Self::InWriting
            | Self::Void
            | Self::Discarded => false,
        }
    }
}

/// A request to speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Who wants to speak.
    pub person: PersonId,
    /// Who entered it.
    pub by: Actor,
    /// What for.
    pub kind: RequestKind,
    /// Subject; may be empty.
    pub subject: String,
    /// The item it belongs to.
    pub item: ItemId,
    /// Where it stands.
    pub state: RequestState,
    /// When it was received.
    pub at: Time,
    /// Priority class, 0 = first.
    pub class: u8,
    /// Rank within the class, 0 = first.
    pub rank: u8,
    /// Sequence.
    pub sequence: u32,
    /// A second or later turn of this kind on the item.
    pub second: bool,
    /// Tied in the registration window that still runs.
    pub tied: bool,
    /// Moved by hand: the chair's order stands above the rules'.
    pub moved: bool,
    /// Came in time but was received after the close.
    pub late: bool,
    /// Given the floor outside the list.
    pub direct: bool,
    /// Time left of a turn that was broken off, milliseconds.
    pub left_ms: Option<u32>,
    /// Why refused or discarded; may be empty.
    pub reason: String,
}

/// Priority class (PRODUCT 3.3.1): 0 is served first. Kinds that go by programme follow those that go by the list, and
/// `Xin nói thêm` is the chair's choice, so it is never suggested before anybody else.
pub(crate) fn class(kind: RequestKind) -> u8 {
    match kind {
        RequestKind::PointOfOrder => 0,
        RequestKind::Answer => 1,
        RequestKind::Rebuttal => 2,
        RequestKind::Question | RequestKind::Speech => 3,
        RequestKind::Paper | RequestKind::Report | RequestKind::Directive | RequestKind::Conclusion => 4,
        RequestKind::Continuation => 5,
    }
}

impl Meeting {
    /// A request by its id, for a command that names it.
    pub(crate) fn find_request(&self, id: &RequestId) -> Result<&Request, Refusal> {
        self.requests.get(id).ok_or(Refusal::Unknown)
    }

    /// Đăng ký phát biểu, for oneself or for somebody without a device.
    pub(crate) fn register(
        &self,
        capacity: Capacity,
        by: &PersonId,
        asked: &Asked,
        wish: (RequestKind, &str, Option<&PersonId>),
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        let (kind, subject, person) = wish;
        let person = person.unwrap_or(by);
        if !self.setup.people.contains_key(person) {
            return Err(Refusal::Unknown);
        }
        let subject = subject.trim();
        if subject.chars().count() > LONGEST_SUBJECT {
            return Err(Refusal::OutOfRange);
        }
        let item = self.item.clone().ok_or(Refusal::NoItem)?;
        self.not_doubled(person, kind, None)?;
        self.kind_open(capacity, person, kind)?;
        self.present_to_speak(person)?;
        let late = self.list_takes(capacity, kind, asked.given_at, now)?;
        let (rank, second) = self.rank(person, kind, &item);
        let (class, sequence) = (class(kind), self.next_sequence);
        let place = if late {
            Place::Late
        } else {
            Place::Queue {
                before: self.place_for((class, rank, sequence), None),
            }
        };
        Ok(vec![Event::Requested(Registration {
            request: self.next_request_id(),
            person: person.clone(),
            kind,
            subject: subject.to_owned(),
            item,
            class,
            rank,
            sequence,
            second,
            tied: !late && self.list.window_until.is_some(),
            place,
        })])
    }

    /// Whether a person, acting so, may have a request of this kind now (PRODUCT 3.3.1, columns "Who" and "Notes").
    pub(crate) fn kind_open(&self, capacity: Capacity, person: &PersonId, kind: RequestKind) -> Result<(), Refusal> {
        let delegate = self.has_role(person, Role::Delegate);
        let on_item = self.item_rule().is_some_and(|rule| rule.requests.contains(&kind));
        let open = match kind {
            RequestKind::PointOfOrder => delegate && self.scene() != Scene::Solemn,
            RequestKind::Question | RequestKind::Speech => delegate && on_item,
            RequestKind::Rebuttal => delegate && self.rebuttal_open(),
            RequestKind::Continuation => self.last_speaker() == Some(person),
            RequestKind::Paper => true,
            // Created by the chair's or the programme's word, never by the one who wants to speak.
            RequestKind::Answer | RequestKind::Report | RequestKind::Directive | RequestKind::Conclusion => {
                matches!(capacity, Capacity::Presiding | Capacity::Secretary)
            }
        };
        if open { Ok(()) } else { Err(Refusal::KindNotOpen) }
    }

    /// Two requests of one person of the same kind on the same item are one (PRODUCT 3.3.6).
    pub(crate) fn not_doubled(
        &self,
        person: &PersonId,
        kind: RequestKind,
        except: Option<&RequestId>,
    ) -> Result<(), Refusal> {
        match self.pending_request(person, kind) {
            Some(request) if Some(&request.id) != except => Err(Refusal::AlreadyRegistered {
                request: request.id.clone(),
                position: self.position(&request.id).unwrap_or(0),
            }),
            Some(_) | None => Ok(()),
        }
    }

    pub(crate) fn pending_request(&self, person: &PersonId, kind: RequestKind) -> Option<&Request> {
        self.requests
            .values()
            .find(|request| request.person == *person && request.kind == kind && request.state.is_pending())
    }

    /// Delegates speak when they are recorded as present. A lost connection is not an absence; guests have no roll.
    fn present_to_speak(&self, person: &PersonId) -> Result<(), Refusal> {
        let attendance = self.attendance(person);
        let disconnected = attendance == crate::command::Attendance::Disconnected;
        if attendance.is_present() || disconnected || !self.has_role(person, Role::Delegate) {
            Ok(())
        } else {
            Err(Refusal::NotPresent)
        }
    }

    /// Whether the list takes this request; `true` = only as a late one (PRODUCT 3.3.3 no. 5).
    ///
    /// A point of order and a rebuttal answer to what is happening and do not wait for a list; what was said last is
    /// continued by the chair's choice.
    fn list_takes(
        &self,
        capacity: Capacity,
        kind: RequestKind,
        given_at: Option<Time>,
        now: Time,
    ) -> Result<bool, Refusal> {
        let outside = matches!(
            kind,
            RequestKind::PointOfOrder | RequestKind::Rebuttal | RequestKind::Continuation
        );
        if self.list.is_open() || outside || capacity == Capacity::Presiding {
            return Ok(false);
        }
        let grace_ms = self.setup.rules.late_grace_s.saturating_mul(1000);
        match (self.list.closed_at, given_at) {
            (Some(closed), Some(given)) if given <= closed && now.since(closed) <= grace_ms => Ok(true),
            (Some(_) | None, Some(_) | None) => Err(Refusal::ListClosed),
        }
    }

    pub(crate) fn next_request_id(&self) -> RequestId {
        RequestId(format!("r{}", self.requests_made + 1))
    }

    pub(crate) fn apply_requested(&mut self, registration: &Registration, by: &Actor, at: Time) {
        if let Place::Queue { before } = &registration.place {
            self.put_before(&registration.request, before.as_ref());
        }
        self.requests_made += 1;
        self.next_sequence = self.next_sequence.max(registration.sequence.saturating_add(1));
        self.requests
            .insert(registration.request.clone(), Request::registered(registration, by, at));
    }
}

impl Request {
    /// A request as it was registered.
    pub(crate) fn registered(registration: &Registration, by: &Actor, at: Time) -> Self {
        let (late, direct) = match &registration.place {
            Place::Queue { .. } => (false, false),
            Place::Late => (true, false),
            Place::Direct => (false, true),
        };
        Self {
            id: registration.request.clone(),
            person: registration.person.clone(),
            by: by.clone(),
            kind: registration.kind,
            subject: registration.subject.clone(),
            item: registration.item.clone(),
            state: if late {
                RequestState::Late
            } else {
                RequestState::Waiting
            },
            at,
            class: registration.class,
            rank: registration.rank,
            sequence: registration.sequence,
            second: registration.second,
            tied: registration.tied,
            moved: false,
            late,
            direct,
            left_ms: None,
            reason: String::new(),
        }
    }
}
