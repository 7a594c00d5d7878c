//! The meeting: its state, and the two roads through it. `decide` and `due` ask the files of each subject what happens;
//! `apply` makes it so. This file only routes.

use crate::agenda::ItemTimes;
use crate::attendance::{Change, Leave, Record};
use crate::chair::Claim;
use crate::command::{Actor, Asked, Command};
use crate::event::{Entry, Event};
use crate::id::{CommandId, DeviceId, EndpointId, GroupId, ItemId, PersonId, RequestId, SiteId, SittingId, Time};
use crate::links::Line;
use crate::list::List;
use crate::refusal::Refusal;
use crate::request::{Request, RequestState};
use crate::rights::Capacity;
use crate::roll::{Roll, RollPhase, Snapshot};
use crate::setup::{Rules, Setup};
use crate::sitting::Phase;
use crate::turn::{PastTurn, Turn};
use std::collections::{BTreeMap, BTreeSet};

/// What a command leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// These events, as one entry of the journal; never empty.
    Events(Vec<Event>),
    /// Nothing new: the entry of this sequence answered the same command id before.
    Repeated(u64),
}

/// A site lead's proposal that waits for a secretary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who proposes.
    pub by: PersonId,
    /// When.
    pub at: Time,
    /// Who is there.
    pub present: Vec<PersonId>,
}

/// One sitting: the fold of its journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    pub(crate) seq: u64,
    pub(crate) created_at: Time,
    pub(crate) setup: Setup,
    pub(crate) phase: Phase,
    pub(crate) phase_since: Time,
    pub(crate) opened_at: Option<Time>,
    pub(crate) resume_at: Option<Time>,
    pub(crate) unrecorded: bool,
    pub(crate) recording: bool,
    pub(crate) override_quorum: String,

    pub(crate) presiding: PersonId,
    pub(crate) console: Option<DeviceId>,
    pub(crate) offered_to: Option<PersonId>,
    pub(crate) claim: Option<Claim>,
    pub(crate) claim_open: bool,
    pub(crate) secretary_coordinates: bool,

    pub(crate) item: Option<ItemId>,
    pub(crate) items: BTreeMap<ItemId, ItemTimes>,
    pub(crate) list: List,
    pub(crate) requests: BTreeMap<RequestId, Request>,
    pub(crate) queue: Vec<RequestId>,
    pub(crate) requests_made: u32,
    pub(crate) next_sequence: u32,
    pub(crate) turn: Option<Turn>,
    pub(crate) interrupted: Option<Turn>,
    pub(crate) past: Vec<PastTurn>,
    pub(crate) turns_made: u32,
    pub(crate) open_microphones: BTreeSet<EndpointId>,

    pub(crate) records: BTreeMap<PersonId, Record>,
    pub(crate) proposals: BTreeMap<SiteId, Proposal>,
    pub(crate) roll: Option<Roll>,
    pub(crate) snapshots: Vec<Snapshot>,

    pub(crate) people: BTreeMap<PersonId, Line>,
    pub(crate) endpoints: BTreeMap<EndpointId, Line>,
    pub(crate) devices: BTreeMap<PersonId, DeviceId>,
    pub(crate) seats: BTreeMap<PersonId, SiteId>,
    pub(crate) restarted_at: Option<Time>,
    pub(crate) last_alive: Option<Time>,
    pub(crate) awaited_until: Option<Time>,

    commands: BTreeMap<(Asker, CommandId), u64>,
}

/// Who remembers a command id: the person or the room, whichever device a retry comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Asker {
    Person(PersonId),
    Room(EndpointId),
}

impl Default for Meeting {
    fn default() -> Self {
        Self::new()
    }
}

impl Meeting {
    /// A meeting before its first event.
    #[must_use]
    pub fn new() -> Self {
        let rules = Rules::default();
        Self {
            seq: 0,
            created_at: Time::default(),
            list: List::closed(rules.tie_break),
            setup: Setup {
                sitting: SittingId::from(""),
                title: String::new(),
                bodies: Vec::new(),
                people: BTreeMap::new(),
                groups: BTreeMap::<GroupId, _>::new(),
                sites: BTreeMap::new(),
                endpoints: BTreeMap::new(),
                agenda: BTreeMap::new(),
                presiding: PersonId::from(""),
                rules,
            },
            phase: Phase::Preparing,
            phase_since: Time::default(),
            opened_at: None,
            resume_at: None,
            unrecorded: false,
            recording: false,
            override_quorum: String::new(),
            presiding: PersonId::from(""),
            console: None,
            offered_to: None,
            claim: None,
            claim_open: false,
            secretary_coordinates: false,
            item: None,
            items: BTreeMap::new(),
            requests: BTreeMap::new(),
            queue: Vec::new(),
            requests_made: 0,
            next_sequence: 1,
            turn: None,
            interrupted: None,
            past: Vec::new(),
            turns_made: 0,
            open_microphones: BTreeSet::new(),
            records: BTreeMap::new(),
            proposals: BTreeMap::new(),
            roll: None,
            snapshots: Vec::new(),
            people: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            devices: BTreeMap::new(),
            seats: BTreeMap::new(),
            restarted_at: None,
            last_alive: None,
            awaited_until: None,
            commands: BTreeMap::new(),
        }
    }

    /// What a command leads to: events to be journaled and applied, the entry that answered it before, or a refusal.
    ///
    /// `now` is the server's clock. `seed` is the low bits of the journal head's hash; it is used only where chance is asked
    /// for, and then stands in the event.
    pub fn decide(&self, asked: &Asked, now: Time, seed: u64) -> Result<Decision, Refusal> {
        if let Some(asker) = asker(&asked.by) {
            if asked.id.0.is_empty() || asked.id.0.chars().count() > LONGEST_ID {
                return Err(Refusal::OutOfRange);
            }
            if let Some(seq) = self.commands.get(&(asker, asked.id.clone())) {
                return Ok(Decision::Repeated(*seq));
            }
        }
        self.wish(asked, now, seed).map(Decision::Events)
    }

    /// Whether `actor` could give `command` now: for a screen that wants to know which of its buttons work, and why not.
    pub fn preview(&self, actor: &Actor, command: &Command, now: Time) -> Result<(), Refusal> {
        let asked = Asked {
            id: CommandId(String::new()),
            by: actor.clone(),
            given_at: None,
            command: command.clone(),
        };
        self.wish(&asked, now, 0).map(|_| ())
    }

    fn wish(&self, asked: &Asked, now: Time, seed: u64) -> Result<Vec<Event>, Refusal> {
        let capacity = self.capacity(&asked.by, &asked.command)?;
        let events = self.route(asked, capacity, now, seed)?;
        // The first act of the presiding chair says which device is the console.
        if capacity == Capacity::Presiding
            && self.console.is_none()
            && asked.command != Command::TakeConsole
            && let Actor::Person { device, .. } = &asked.by
        {
            let taken = Event::ConsoleTaken { device: device.clone() };
            return Ok([taken].into_iter().chain(events).collect());
        }
        Ok(events)
    }

    fn route(&self, asked: &Asked, capacity: Capacity, now: Time, seed: u64) -> Result<Vec<Event>, Refusal> {
        let nobody = (PersonId::from(""), DeviceId::from(""));
        let (by, device) = match &asked.by {
            Actor::Person { id, device } => (id, device),
            Actor::Room { .. } | Actor::System => (&nobody.0, &nobody.1),
        };
        match &asked.command {
            Command::StartTechnicalCheck => self.start_technical_check(),
            Command::OpenLobby => self.open_lobby(),
            Command::OpenSitting {
                unrecorded,
                override_quorum,
            } => self.open_sitting(*unrecorded, override_quorum),
            Command::Suspend { resume_at } => self.suspend(*resume_at, now),
            Command::Resume => self.resume(now),
            Command::CloseSitting => self.close_sitting(now),
            Command::SetTotal { total, reason } => self.set_total(*total, reason),

            Command::OfferChair { to } => self.offer_chair(to),
            Command::WithdrawChairOffer => self.withdraw_chair_offer(),
            Command::AcceptChair => self.accept_chair(by, device),
            Command::ClaimChair => self.claim_chair(by, device, now),
            Command::AnswerClaim { confirm } => self.answer_claim(by, *confirm),
            Command::TakeConsole => self.take_console(device),
            Command::SetCoordination { secretary } => self.set_coordination(*secretary),

            Command::OpenItem { item } => self.open_item(item),
            Command::CloseItem { leftover } => self.close_item(leftover.as_ref(), now),

            Command::OpenList => self.open_list(now, seed),
            Command::CloseList => self.close_list(now),
            Command::KeepListOpen => self.keep_list_open(),
            Command::Register { kind, subject, person } => {
                self.register(capacity, by, asked, (*kind, subject, person.as_ref()), now)
            }
            Command::AnswerLate { request, accept } => self.answer_late(request, *accept),
            Command::Withdraw { request } => self.withdraw(request),
            Command::ChangeKind { request, kind } => self.change_kind(capacity, request, *kind),
            Command::CallOnDeck { request } => self.call_on_deck(request),
            Command::CancelOnDeck { request } => self.cancel_on_deck(request),
            Command::Invite { request, out_of_order } => self.invite(request, *out_of_order, now),
            Command::InviteDirect { person, kind } => self.invite_direct(asked, person, *kind, now),
            Command::Defer { request } => self.defer(request, now),
            Command::Restore { request } => self.restore(capacity, request),
            Command::RefuseRequest { request, reason } => self.refuse_request(request, reason),
            Command::Move { request, before } => self.move_request(request, before.as_ref()),
            Command::SendAllInWriting => self.send_all_in_writing(),

            Command::StartClock => self.start_clock(now),
            Command::PauseTurn => self.pause_turn(now),
            Command::ContinueTurn => self.continue_turn(now),
            Command::Extend { minutes } => self.extend(*minutes),
            Command::AskExtension => self.ask_extension(),
            Command::EndTurn => self.end_turn(capacity, by, now),
            Command::UndoEnd { turn } => self.undo_end(turn, now),
            Command::Remind => self.remind(),
            Command::OpenMicrophone { endpoint, open } => self.open_microphone(capacity, endpoint, *open),

            Command::StartRoll => self.start_roll(now),
            Command::StartCalling { order, everybody } => self.start_calling(*order, *everybody),
            Command::AnswerCall { person, answer } => self.answer_call(person, *answer, now),
            Command::StartSecondRound => self.start_second_round(),
            Command::FreezeRoll => self.freeze_roll(now),
            Command::CancelRoll => self.cancel_roll(),
            Command::CheckIn => self.check_in(by, now),
            Command::AskLeave { reason } => self.ask_leave(by, reason),
            Command::AnswerLeave { person, approve } => self.answer_leave(person, *approve, now),
            Command::ProposeSite { site, present } => self.propose_site(by, site, present),
            Command::AnswerProposal { site, accept } => self.answer_proposal(site, *accept, now),
            Command::Mark {
                person,
                attendance,
                reason,
            } => self.mark(person, *attendance, reason, now),
            Command::Seat { person, site } => self.seat_person(person, site, crate::command::Method::Secretary, now),

            Command::ReportPerson { person, online, since } => self.report_person(person, *online, *since, now),
            Command::BindDevice { person, device, site } => self.bind_device(person, device, site.as_ref(), now),
            Command::ReportEndpoint {
                endpoint,
                online,
                since,
            } => self.report_endpoint(endpoint, *online, *since, now),
            Command::ReportRestart { last_alive } => Ok(self.report_restart(*last_alive, now)),
            Command::ReportVoice { endpoint } => self.report_voice(endpoint, now),
            Command::ReportRecording { running } if *running == self.recording => Err(Refusal::NoChange),
            Command::ReportRecording { running } => Ok(vec![Event::RecordingChanged { running: *running }]),
        }
    }

    /// Makes an entry of the journal so. Total: it cannot fail, and it counts the sequence itself, from 1.
    pub fn apply(&mut self, entry: &Entry) {
        self.seq += 1;
        if let (Some(asker), Some(command)) = (asker(&entry.by), &entry.command) {
            self.commands.insert((asker, command.clone()), self.seq);
        }
        for event in &entry.events {
            self.apply_event(event, &entry.by, entry.at);
        }
    }

    fn apply_event(&mut self, event: &Event, by: &Actor, at: Time) {
        match event {
            Event::SittingCreated { setup } => self.apply_created(setup, at),
            Event::TechnicalCheckStarted => self.enter(Phase::TechnicalCheck, at),
            Event::LobbyOpened => self.enter(Phase::Lobby, at),
            Event::SittingOpened {
                unrecorded,
                override_quorum,
                ..
            } => {
                self.enter(Phase::Open, at);
                self.opened_at = Some(at);
                self.unrecorded = *unrecorded;
                self.override_quorum.clone_from(override_quorum);
            }
            Event::SittingSuspended { resume_at } => {
                self.enter(Phase::Suspended, at);
                self.resume_at = *resume_at;
            }
            Event::SittingResumed => self.enter(Phase::Open, at),
            Event::SittingClosed => {
                self.enter(Phase::Closed, at);
                self.offered_to = None;
                self.claim = None;
            }
            Event::RecordingChanged { running } => self.recording = *running,
            Event::TotalChanged { to, reason, .. } => {
                self.setup.rules.total = *to;
                self.setup.rules.total_reference.clone_from(reason);
            }

            Event::ChairOffered { to } => self.offered_to = Some(to.clone()),
            Event::ChairOfferWithdrawn => self.offered_to = None,
            Event::ClaimOpened => self.claim_open = true,
            Event::ChairClaimed { by, device } => {
                self.claim = Some(Claim {
                    by: by.clone(),
                    device: device.clone(),
                    at,
                });
            }
            Event::ClaimDropped => self.claim = None,
            Event::ChairChanged { to, device, .. } => self.apply_chair_changed(to, device),
            Event::ConsoleTaken { device } => self.console = Some(device.clone()),
            Event::CoordinationSet { secretary } => self.secretary_coordinates = *secretary,

            Event::ItemOpened { item } => self.apply_item_opened(item, at),
            Event::ItemClosed { item, unserved } => self.apply_item_closed(item, unserved, at),

            Event::ListOpened {
                window_until,
                tie_break,
                seed,
            } => {
                let seed = seed.as_ref().and_then(|seed| u64::from_str_radix(seed, 16).ok());
                self.list = List {
                    open: true,
                    window_until: *window_until,
                    seed,
                    ..List::closed(*tie_break)
                };
            }
            Event::WindowClosed { order, queue } => self.apply_window_closed(order, queue),
            Event::ListClosing { closes_at } => self.list.closes_at = Some(*closes_at),
            Event::ListKeptOpen => self.list.closes_at = None,
            Event::ListClosed { at } => self.apply_list_closed(*at),

            Event::Requested(registration) => self.apply_requested(registration, by, at),
            Event::LateAnswered {
                request,
                accepted: true,
                before,
            } => self.wait_again(request, before.as_ref()),
            Event::LateAnswered {
                request,
                accepted: false,
                ..
            } => self.leave_queue(request, RequestState::Refused),
            Event::Withdrawn { request } => self.leave_queue(request, RequestState::Withdrawn),
            Event::KindChanged {
                request,
                kind,
                class,
                rank,
                second,
                sequence,
                before,
            } => {
                self.apply_kind_changed(request, *kind, (*class, *rank, *sequence), *second);
                self.put_before(request, before.as_ref());
            }
            Event::CalledOnDeck { request } => self.set_state(request, RequestState::OnDeck),
            Event::OnDeckCancelled { request } => self.set_state(request, RequestState::Waiting),
            Event::Deferred { request } => self.leave_queue(request, RequestState::Deferred),
            Event::Restored { request, before } => self.wait_again(request, before.as_ref()),
            Event::RequestRefused { request, reason } => {
                self.set_aside(std::slice::from_ref(request), RequestState::Refused, reason);
            }
            Event::Moved { request, before } => {
                self.put_before(request, before.as_ref());
                if let Some(request) = self.requests.get_mut(request) {
                    request.moved = true;
                }
            }
            Event::SentInWriting { requests } => self.set_aside(requests, RequestState::InWriting, ""),
            Event::Voided { request } => self.leave_queue(request, RequestState::Void),

            Event::FloorGranted(grant) => self.apply_floor_granted(grant, at),
            Event::ClockStarted { turn, at, .. } => {
                if let Some(turn) = self.turn_mut(turn) {
                    turn.start(*at);
                }
            }
            Event::TurnPaused {
                turn,
                reason,
                at,
                hold_until,
                resumes,
            } => {
                self.apply_turn_paused(turn, *reason, *at, *hold_until, *resumes);
            }
            Event::SpeakerBack { turn } => {
                if let Some(hold) = self.turn_mut(turn).and_then(Turn::hold_mut) {
                    hold.back_at = Some(at);
                }
            }
            Event::HoldEnded { turn } => {
                if let Some(hold) = self.turn_mut(turn).and_then(Turn::hold_mut) {
                    hold.over = true;
                }
            }
            Event::TurnContinued { turn, endpoint, at } => {
                if let Some(turn) = self.turn_mut(turn) {
                    turn.endpoint = endpoint.clone();
                    turn.start(*at);
                }
            }
            Event::Extended { turn, minutes } => {
                if let Some(turn) = self.turn_mut(turn) {
                    turn.extend(*minutes);
                }
            }
            Event::ExtensionAsked { turn } => {
                if let Some(turn) = self.turn_mut(turn) {
                    turn.asks_extension = true;
                }
            }
            Event::Reminded { turn } => {
                if let Some(turn) = self.turn_mut(turn) {
                    turn.reminded_at = Some(at);
                }
            }
            Event::MicrophoneCut { turn } => {
                if let Some(turn) = self.turn_mut(turn) {
                    turn.cut = true;
                }
            }
            Event::TurnEnded { turn, at, how } => self.apply_turn_ended(turn, *at, *how),
            Event::TurnReopened {
                turn,
                request,
                endpoint,
                limit_ms,
                interrupts,
            } => {
                self.apply_turn_reopened(turn, request, endpoint, *limit_ms, interrupts.as_ref(), at);
            }
            Event::MicrophoneOpened { endpoint } => {
                self.open_microphones.insert(endpoint.clone());
            }
            Event::MicrophoneClosed { endpoint } => {
                self.open_microphones.remove(endpoint);
            }

            Event::RollStarted {
                number,
                until,
                answered,
            } => {
                self.roll = Some(Roll {
                    number: *number,
                    phase: RollPhase::Electronic,
                    until: *until,
                    order: None,
                    names: Vec::new(),
                    answers: BTreeMap::new(),
                    answered: answered.clone(),
                });
            }
            Event::ElectronicEnded => {
                if let Some(roll) = &mut self.roll {
                    roll.phase = RollPhase::Collected;
                }
            }
            Event::CallingStarted { round, order, names } => self.apply_calling_started(*round, *order, names),
            Event::CallAnswered { person, answer } => self.apply_call_answered(person, *answer),
            Event::PresenceConfirmed { person, .. } => self.answered_in_roll(person),
            Event::RollFrozen(snapshot) => {
                self.snapshots.push(snapshot.clone());
                self.roll = None;
            }
            Event::RollCancelled => self.roll = None,
            Event::AttendanceChanged {
                person,
                from,
                to,
                at,
                method,
                site,
                reason,
                correction,
            } => {
                let change = Change {
                    at: *at,
                    from: *from,
                    to: *to,
                    by: by.clone(),
                    method: *method,
                    site: site.clone(),
                    reason: reason.clone(),
                    correction: *correction,
                };
                self.apply_attendance(person, change);
            }
            Event::LeaveAsked {
                person,
                reason,
                by_secretary,
            } => {
                let leave = Leave {
                    at,
                    reason: reason.clone(),
                    by_secretary: *by_secretary,
                    approved: None,
                };
                self.records.entry(person.clone()).or_default().leave = Some(leave);
            }
            Event::LeaveAnswered { person, approved } => {
                if let Some(leave) = self.records.get_mut(person).and_then(|record| record.leave.as_mut()) {
                    leave.approved = Some(*approved);
                }
            }
            Event::SiteProposed { site, by, present } => {
                let proposal = Proposal {
                    by: by.clone(),
                    at,
                    present: present.clone(),
                };
                self.proposals.insert(site.clone(), proposal);
            }
            Event::ProposalAnswered { site, .. } => {
                self.proposals.remove(site);
            }
            Event::Seated { person, site } => {
                self.seats.insert(person.clone(), site.clone());
            }

            Event::DeviceBound { person, device } => {
                self.devices.insert(person.clone(), device.clone());
            }
            Event::PersonOnline { person, since } => {
                let line = Line::change(self.people.get(person), true, *since);
                self.people.insert(person.clone(), line);
                if *person == self.presiding {
                    self.claim_open = false;
                }
            }
            Event::PersonOffline { person, since } => {
                let line = Line::change(self.people.get(person), false, *since);
                self.people.insert(person.clone(), line);
            }
            Event::LineUp { endpoint, since } => {
                let line = Line::change(self.endpoints.get(endpoint), true, *since);
                self.endpoints.insert(endpoint.clone(), line);
            }
            Event::LineLost { endpoint, since } => {
                let line = Line::change(self.endpoints.get(endpoint), false, *since);
                self.endpoints.insert(endpoint.clone(), line);
            }
            Event::Restarted {
                last_alive,
                awaited_until,
            } => self.apply_restarted(at, *last_alive, *awaited_until),
            Event::ReturnsOver => self.awaited_until = None,
        }
    }

    fn apply_created(&mut self, setup: &Setup, at: Time) {
        self.created_at = at;
        self.phase_since = at;
        self.presiding = setup.presiding.clone();
        self.secretary_coordinates = setup.rules.secretary_coordinates;
        self.list = List::closed(setup.rules.tie_break);
        self.setup = setup.clone();
    }

    fn set_state(&mut self, id: &RequestId, state: RequestState) {
        if let Some(request) = self.requests.get_mut(id) {
            request.state = state;
        }
    }
}

/// The longest command id, in characters.
const LONGEST_ID: usize = 64;

/// The hub's own commands are remembered by nobody: it reports what it sees, and a report that changes nothing is refused.
fn asker(by: &Actor) -> Option<Asker> {
    match by {
        Actor::Person { id, .. } => Some(Asker::Person(id.clone())),
        Actor::Room { id } => Some(Asker::Room(id.clone())),
        Actor::System => None,
    }
}
