//! From an event to the state it changes. Total: whatever stands in a journal is applied, and nothing here decides.

use crate::attendance::{Change, Correction, Leave};
use crate::chair::Claim;
use crate::check::Checked;
use crate::command::Actor;
use crate::cut::{Arranged, Silence};
use crate::event::Event;
use crate::id::{RequestId, Time};
use crate::links::Line;
use crate::list::List;
use crate::meeting::{Meeting, Proposal};
use crate::note::{Script, TurnNote};
use crate::privacy::{Privacy, Proposed};
use crate::request::RequestState;
use crate::roll::{Roll, RollPhase};
use crate::setup::Setup;
use crate::sitting::Phase;
use crate::turn::Turn;
use crate::vote::person_of;
use std::collections::BTreeMap;

impl Meeting {
    pub(crate) fn apply_event(&mut self, event: &Event, by: &Actor, at: Time) {
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
                if self.is_behind_doors() {
                    self.apply_doors_opened();
                }
                self.privacy = Privacy::Public;
                self.offered_to = None;
                self.claim = None;
            }
            Event::RecordingChanged { running } => self.recording = *running,
            Event::TotalChanged { to, reason, .. } => {
                self.setup.rules.total = *to;
                self.setup.rules.total_reference.clone_from(reason);
            }

            Event::ClosedProposed { ground, reason } => {
                self.privacy = Privacy::Proposed(Proposed {
                    ground: ground.clone(),
                    reason: reason.clone(),
                    by: person_of(by),
                    at,
                });
            }
            Event::ClosedDropped => self.privacy = Privacy::Public,
            Event::DoorsClosed { decision, vote } => self.apply_doors_closed(decision, vote.as_ref(), at),
            Event::RoomAdmitted {
                endpoint,
                admitted,
                reason,
            } => self.apply_room_admitted(endpoint, *admitted, reason),
            Event::PersonAdmitted {
                person,
                admitted,
                reason,
            } => self.apply_person_admitted(person, *admitted, reason),
            Event::DoorsOpened => self.apply_doors_opened(),

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
            Event::CaptionShown { caption } => self.caption = *caption,

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

            Event::CheckAsked { endpoint } => {
                self.checks_asked.insert(endpoint.clone(), at);
            }
            Event::RoomChecked {
                endpoint,
                device,
                figures,
                grades,
                class,
            } => {
                let checked = Checked {
                    at,
                    device: device.clone(),
                    figures: figures.clone(),
                    grades: grades.clone(),
                    class: *class,
                    number: 0,
                    void: false,
                };
                self.apply_room_checked(endpoint, checked);
            }
            Event::CheckVoided { endpoint } => {
                if let Some(checked) = self.checks.get_mut(endpoint) {
                    checked.void = true;
                }
            }
            Event::StageArranged { preset, by } => {
                self.arranged = Some(Arranged {
                    preset: preset.clone(),
                    by: by.clone(),
                    at,
                    until: None,
                });
            }
            Event::StageGivesWay { at } => {
                if let Some(arranged) = &mut self.arranged {
                    arranged.until = Some(*at);
                }
            }
            Event::StageReleased => self.arranged = None,
            Event::Silenced { by, closed } => {
                for room in closed {
                    self.open_microphones.remove(room);
                }
                self.silence = Some(Silence {
                    by: by.clone(),
                    at,
                    closed: closed.clone(),
                });
            }
            Event::SilenceLifted { reopened } => {
                self.silence = None;
                self.open_microphones.extend(reopened.iter().cloned());
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
            Event::CorrectionAsked { person, to, reason } => {
                let correction = Correction {
                    at,
                    to: *to,
                    reason: reason.clone(),
                };
                self.records.entry(person.clone()).or_default().correction = Some(correction);
            }
            Event::CorrectionRefused { person } => {
                if let Some(record) = self.records.get_mut(person) {
                    record.correction = None;
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

            Event::TurnNoted {
                turn,
                summary,
                marks,
                by,
            } => {
                let note = TurnNote {
                    summary: summary.clone(),
                    marks: marks.clone(),
                    by: by.clone(),
                    at,
                };
                self.apply_turn_noted(turn, note);
            }
            Event::ScriptWritten { item, text, by } => {
                let script = Script {
                    text: text.clone(),
                    by: by.clone(),
                    at,
                };
                self.apply_script_written(item, script);
            }

            Event::Question(event) => self.apply_question(event, by, at),
            Event::Vote(event) => self.apply_vote(event, by, at),
            Event::Confidence(event) => self.apply_confidence(event, at),
            Event::Paper(event) => self.apply_paper(event, by, at),

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
            Event::WatchBegan { person } => {
                self.watching.insert(person.clone(), at);
            }
            Event::WatchEnded { person } => {
                self.watching.remove(person);
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
