//! What belongs to one screen: which of its buttons work now, and why the others do not.
//!
//! Every answer is the meeting's own: the command that a button would send is tried with `Meeting::preview`.

use super::confidence::{self, ConfidenceAct};
use super::doors;
use super::kiosk;
use super::question::{self, LoopAct};
use super::vote_acts::{self, VoteAct};
use super::{paper, runs_the_sitting, vote};
use crate::view::{Act, AudienceKind, Mine};
use meeting::Meeting;
use meeting::ceremony::Caption;
use meeting::command::{Actor, Attendance, CallAnswer, CallOrder, Command};
use meeting::cut::Preset;
use meeting::id::{EndpointId, ItemId, PersonId, RequestId, SiteId, Time, TurnId};
use meeting::privacy::Ground;
use meeting::refusal::Refusal;
use meeting::setup::{RequestKind, Role};

/// The part that belongs to one person's, or one room's, screen.
#[must_use]
pub fn mine(m: &Meeting, who: &Actor, audience: AudienceKind, now: Time) -> Mine {
    let mut mine = Mine {
        active: true,
        ..Mine::default()
    };
    if doors::is_outside(m, who) {
        return doors::nothing_of(who);
    }
    let (id, device) = match who {
        Actor::Person { id, device } => (id, device),
        Actor::Room { id } => {
            mine.endpoint = Some(id.clone());
            let own = Command::AskCheck {
                endpoint: Some(id.clone()),
            };
            match m.preview(who, &own, now) {
                Ok(()) => mine.can.push(Act::AskCheck),
                Err(refusal) => {
                    mine.cannot.insert(Act::AskCheck, refusal);
                }
            }
            return mine;
        }
        Actor::Kiosk { id, site, .. } => {
            mine.kiosk = Some(kiosk::mine(m, id, site));
            return mine;
        }
        Actor::System => return mine,
    };
    mine.person = Some(id.clone());
    let settled = match audience {
        AudienceKind::Chair if id == m.presiding() => m.console(),
        AudienceKind::Delegate => m.device(id),
        AudienceKind::Chair
        | AudienceKind::Secretary
        | AudienceKind::Technician
        | AudienceKind::Room
        | AudienceKind::Kiosk => None,
    };
    mine.active = settled.is_none_or(|settled| settled == device);
    let of_votes = vote_acts::belongs(m, id, audience);
    let of_confidence = confidence::belongs(m, audience).iter().copied();
    let usual = belongs(m, id, audience).iter().copied();
    for act in usual.chain(of_votes).chain(of_confidence) {
        match possible(m, who, id, act, now) {
            Ok(()) => mine.can.push(act),
            Err(refusal) => {
                mine.cannot.insert(act, refusal);
            }
        }
    }
    mine.questions = question::mine(m, who, id, audience, now);
    match audience {
        AudienceKind::Chair => {
            mine.ballot = vote::my_ballot(m, id);
            (mine.openable, mine.not_openable) = vote_acts::openable(m, who, now);
        }
        AudienceKind::Delegate => {
            mine.ballot = vote::my_ballot(m, id);
            mine.hands = vote::my_hands(m, id);
            mine.papers = paper::mine(m, who, id, now);
        }
        AudienceKind::Secretary | AudienceKind::Technician | AudienceKind::Room | AudienceKind::Kiosk => {}
    }
    if audience == AudienceKind::Delegate {
        for kind in kinds(m, id) {
            let register = Command::Register {
                kind: *kind,
                subject: String::new(),
                person: None,
            };
            match m.preview(who, &register, now) {
                Ok(()) => mine.kinds.push(*kind),
                Err(refusal) => {
                    mine.closed_kinds.insert(*kind, refusal);
                }
            }
        }
    }
    mine.reminded_at = m
        .turn()
        .filter(|turn| turn.person == *id)
        .and_then(|turn| turn.reminded_at);
    if !runs_the_sitting(audience) {
        mine.reasons = m
            .requests()
            .values()
            .filter(|request| request.person == *id && !request.reason.is_empty() && m.item() == Some(&request.item))
            .map(|request| (request.id.clone(), request.reason.clone()))
            .collect();
    }
    mine
}

/// The buttons of each kind of screen.
fn belongs(m: &Meeting, id: &PersonId, audience: AudienceKind) -> &'static [Act] {
    match audience {
        AudienceKind::Chair => &[
            Act::StartTechnicalCheck,
            Act::OpenLobby,
            Act::OpenSitting,
            Act::Suspend,
            Act::Resume,
            Act::CloseSitting,
            Act::OfferChair,
            Act::AcceptChair,
            Act::ClaimChair,
            Act::TakeConsole,
            Act::OpenItem,
            Act::CloseItem,
            Act::ShowCaption,
            Act::DropClosed,
            Act::CloseDoors,
            Act::AdmitRoom,
            Act::OpenDoors,
            Act::OpenList,
            Act::CloseList,
            Act::RunQueue,
            Act::InviteDirect,
            Act::CallAnswerer,
            Act::GiveAnswer,
            Act::StartClock,
            Act::PauseTurn,
            Act::ContinueTurn,
            Act::ContinueByPhone,
            Act::Extend,
            Act::EndTurn,
            Act::UndoEnd,
            Act::Remind,
            Act::OpenMicrophone,
            Act::ArrangeStage,
            Act::ReleaseStage,
            Act::SilenceAll,
            Act::LiftSilence,
            Act::StartRoll,
            Act::CheckIn,
            Act::SetTotal,
        ],
        AudienceKind::Secretary => &[
            Act::StartTechnicalCheck,
            Act::OpenLobby,
            Act::AnswerClaim,
            Act::ProposeClosed,
            Act::DropClosed,
            Act::ShowCaption,
            Act::OpenList,
            Act::CloseList,
            Act::RunQueue,
            Act::StartClock,
            Act::PauseTurn,
            Act::ContinueTurn,
            Act::ContinueByPhone,
            Act::Extend,
            Act::EndTurn,
            Act::StartRoll,
            Act::StartCalling,
            Act::AnswerCall,
            Act::StartSecondRound,
            Act::FreezeRoll,
            Act::CancelRoll,
            Act::CheckIn,
            Act::Mark,
            Act::SendQuestion,
            Act::TakeNote,
            Act::SetTotal,
        ],
        AudienceKind::Technician => &[
            Act::StartTechnicalCheck,
            Act::OpenLobby,
            Act::PauseTurn,
            Act::OpenMicrophone,
            Act::AskCheck,
            Act::ArrangeStage,
            Act::ReleaseStage,
            Act::SilenceAll,
            Act::LiftSilence,
        ],
        AudienceKind::Room | AudienceKind::Kiosk => &[],
        AudienceKind::Delegate if has(m, id, Role::SiteLead) => &[
            Act::CheckIn,
            Act::AskLeave,
            Act::AskExtension,
            Act::EndTurn,
            Act::ProposeSite,
            Act::SendQuestion,
        ],
        AudienceKind::Delegate if has(m, id, Role::Delegate) => &[
            Act::CheckIn,
            Act::AskLeave,
            Act::AskExtension,
            Act::EndTurn,
            Act::SendQuestion,
        ],
        AudienceKind::Delegate => &[Act::CheckIn, Act::AskLeave, Act::AskExtension, Act::EndTurn],
    }
}

/// The kinds of request a person might ever register for themselves.
fn kinds(m: &Meeting, id: &PersonId) -> &'static [RequestKind] {
    if has(m, id, Role::Delegate) {
        &[
            RequestKind::PointOfOrder,
            RequestKind::Rebuttal,
            RequestKind::Question,
            RequestKind::Speech,
            RequestKind::Continuation,
            RequestKind::Paper,
        ]
    } else {
        &[RequestKind::Continuation, RequestKind::Paper]
    }
}

pub(super) fn has(m: &Meeting, id: &PersonId, role: Role) -> bool {
    m.setup()
        .people
        .get(id)
        .is_some_and(|person| person.roles.contains(&role))
}

/// Tries what the button would send, with an example where it needs a choice.
fn possible(m: &Meeting, who: &Actor, id: &PersonId, act: Act, now: Time) -> Result<(), Refusal> {
    let try_it = |command: Command| m.preview(who, &command, now);
    let reason = || "?".to_owned();
    let in_confidence = |act| confidence::possible(m, who, act, now);
    let in_vote = |act| vote_acts::possible(m, who, id, act, now);
    match act {
        Act::StartTechnicalCheck => try_it(Command::StartTechnicalCheck),
        Act::OpenLobby => try_it(Command::OpenLobby),
        Act::OpenSitting => try_it(Command::OpenSitting {
            unrecorded: true,
            override_quorum: String::new(),
        }),
        Act::Suspend => try_it(Command::Suspend { resume_at: None }),
        Act::Resume => try_it(Command::Resume),
        Act::CloseSitting => try_it(Command::CloseSitting),
        Act::OfferChair => try_it(Command::OfferChair { to: co_chair(m) }),
        Act::AcceptChair => try_it(Command::AcceptChair),
        Act::ClaimChair => try_it(Command::ClaimChair),
        Act::AnswerClaim => try_it(Command::AnswerClaim { confirm: false }),
        Act::TakeConsole => try_it(Command::TakeConsole),
        Act::OpenItem => try_it(Command::OpenItem { item: next_item(m) }),
        Act::CloseItem => try_it(Command::CloseItem { leftover: None }),
        Act::ProposeClosed => try_it(Command::ProposeClosed {
            ground: Ground::StandingCommittee,
            reason: reason(),
        }),
        Act::DropClosed => try_it(Command::DropClosed),
        Act::CloseDoors => try_it(Command::CloseDoors {
            decision: reason(),
            vote: None,
        }),
        Act::AdmitRoom => match try_it(Command::AdmitRoom {
            endpoint: closed_room(m),
            admit: true,
            reason: reason(),
        }) {
            // This one is inside already; others are not.
            Err(Refusal::NoChange) => Ok(()),
            other => other,
        },
        Act::OpenDoors => try_it(Command::OpenDoors),
        Act::ShowCaption => {
            let first = Caption {
                list: 0,
                from: 0,
                count: 1,
            };
            let caption = m.caption().is_none().then_some(first);
            try_it(Command::ShowCaption { caption })
        }
        Act::OpenList => try_it(Command::OpenList),
        Act::CloseList => try_it(Command::CloseList),
        Act::RunQueue => {
            let request = m.queue().first().cloned().unwrap_or_else(|| RequestId::from(""));
            somebody(try_it(Command::Invite {
                request,
                out_of_order: None,
            }))
        }
        Act::InviteDirect => somebody(try_it(Command::InviteDirect {
            person: m.presiding().clone(),
            kind: RequestKind::Conclusion,
        })),
        Act::StartClock => try_it(Command::StartClock),
        Act::PauseTurn => try_it(Command::PauseTurn),
        Act::ContinueTurn => try_it(Command::ContinueTurn),
        Act::ContinueByPhone => try_it(Command::ContinueByPhone),
        Act::Extend => try_it(Command::Extend { minutes: 1 }),
        Act::AskExtension => try_it(Command::AskExtension),
        Act::EndTurn => try_it(Command::EndTurn),
        Act::UndoEnd => {
            let turn = m
                .past()
                .last()
                .map_or_else(|| TurnId::from(""), |past| past.turn.id.clone());
            try_it(Command::UndoEnd { turn })
        }
        Act::Remind => try_it(Command::Remind),
        Act::OpenMicrophone => try_it(Command::OpenMicrophone {
            endpoint: closed_room(m),
            open: true,
        }),
        Act::AskCheck => try_it(Command::AskCheck { endpoint: None }),
        Act::ArrangeStage => match try_it(Command::ArrangeStage { preset: Preset::Hall }) {
            // The hall is there already; others are not.
            Err(Refusal::NoChange) => Ok(()),
            other => other,
        },
        Act::ReleaseStage => try_it(Command::ReleaseStage),
        Act::SilenceAll => try_it(Command::SilenceAll),
        Act::LiftSilence => try_it(Command::LiftSilence),
        Act::StartRoll => try_it(Command::StartRoll),
        Act::StartCalling => try_it(Command::StartCalling {
            order: CallOrder::Roster,
            everybody: false,
        }),
        Act::AnswerCall => {
            let person = m.called().cloned().unwrap_or_else(|| PersonId::from(""));
            try_it(Command::AnswerCall {
                person,
                answer: CallAnswer::NoAnswer,
            })
        }
        Act::StartSecondRound => try_it(Command::StartSecondRound),
        Act::FreezeRoll => try_it(Command::FreezeRoll),
        Act::CancelRoll => try_it(Command::CancelRoll),
        Act::CheckIn => try_it(Command::CheckIn),
        Act::AskLeave => try_it(Command::AskLeave { reason: reason() }),
        Act::ProposeSite => {
            let site = m.seat(id).cloned().unwrap_or_else(|| SiteId::from(""));
            try_it(Command::ProposeSite {
                site,
                present: Vec::new(),
            })
        }
        Act::Mark => {
            let aside = m.attendance(id) == Attendance::SteppedOut;
            let attendance = if aside {
                Attendance::LeftEarly
            } else {
                Attendance::SteppedOut
            };
            try_it(Command::Mark {
                person: id.clone(),
                attendance,
                reason: reason(),
            })
        }
        Act::SendQuestion if !has(m, id, Role::Delegate) => {
            let asker = m.setup().people.keys().find(|id| has(m, id, Role::Delegate));
            question::possible(m, who, LoopAct::SendFor(asker), now)
        }
        Act::SendQuestion => question::possible(m, who, LoopAct::SendFor(None), now),
        Act::CallAnswerer => question::possible(m, who, LoopAct::Call, now),
        Act::GiveAnswer => question::possible(m, who, LoopAct::Answer, now),
        Act::TakeNote => question::possible(m, who, LoopAct::Note, now),
        Act::PrepareVote => in_vote(VoteAct::Prepare),
        Act::CastBallot => in_vote(VoteAct::Cast),
        Act::ObjectBallot => in_vote(VoteAct::Object),
        Act::ExtendVote => in_vote(VoteAct::Extend),
        Act::PauseVote => in_vote(VoteAct::Pause),
        Act::ContinueVote => in_vote(VoteAct::Continue),
        Act::CloseVote => in_vote(VoteAct::Close),
        Act::CloseVoteEarly => in_vote(VoteAct::CloseEarly),
        Act::AnnounceVote => in_vote(VoteAct::Announce),
        Act::LockVote => in_vote(VoteAct::Lock),
        Act::CancelVote => in_vote(VoteAct::Cancel),
        Act::RepeatVote => in_vote(VoteAct::Repeat),
        Act::EnterHands => in_vote(VoteAct::EnterHands),
        Act::PrepareConfidence => in_confidence(ConfidenceAct::Prepare),
        Act::StartCasting => in_confidence(ConfidenceAct::StartCasting),
        Act::StartCounting => in_confidence(ConfidenceAct::StartCounting),
        Act::AnnounceConfidence => in_confidence(ConfidenceAct::Announce),
        Act::ConfirmConfidence => in_confidence(ConfidenceAct::Confirm),
        Act::CancelConfidence => in_confidence(ConfidenceAct::Cancel),
        Act::ElectBoard => paper::elects(m, who, now),
        Act::IssueBallots => paper::issues(m, who, now),
        Act::SetTotal => {
            let total = m.setup().rules.total.saturating_add(1);
            try_it(Command::SetTotal {
                total,
                reason: reason(),
            })
        }
    }
}

/// The act is possible, though not with the example.
pub(super) fn somebody(tried: Result<(), Refusal>) -> Result<(), Refusal> {
    match tried {
        Err(Refusal::Unknown | Refusal::RequestState | Refusal::RoomOffline | Refusal::NotPresent) => Ok(()),
        other => other,
    }
}

fn co_chair(m: &Meeting) -> PersonId {
    let free = |id: &&PersonId| *id != m.presiding() && m.offered_to() != Some(*id) && has(m, id, Role::Chair);
    m.setup()
        .people
        .keys()
        .find(free)
        .cloned()
        .unwrap_or_else(|| PersonId::from(""))
}

fn next_item(m: &Meeting) -> ItemId {
    let mut items: Vec<_> = m
        .setup()
        .agenda
        .iter()
        .filter(|(id, _)| m.item() != Some(*id))
        .collect();
    items.sort_by_key(|(id, item)| (m.items().contains_key(*id), item.order));
    items.first().map_or_else(|| ItemId::from(""), |(id, _)| (*id).clone())
}

fn closed_room(m: &Meeting) -> EndpointId {
    let open = m.open_microphones();
    m.setup()
        .endpoints
        .keys()
        .find(|id| !open.contains(*id))
        .cloned()
        .unwrap_or_else(|| EndpointId::from(""))
}
