//! Họp kín: a sitting is public, proposed to be closed, or closed (PRODUCT 3.13). A flag beside the phase, not a phase.
//!
//! Two persons close the doors: a secretary enters who asks for it, the presiding chair enters the council's decision. From that event
//! on nothing is seen, heard or told outside: the hall and the central rooms are inside, every other room and every guest only by a
//! word of the chair about this one, with the reason. The doors open again by the chair's word alone.
//!
//! It knows who is inside, and nothing of pictures or sockets: the hub asks [`Meeting::admits_room`] and
//! [`Meeting::admits_person`] for everything that it forwards or shows.
//!
//! What PRODUCT leaves open, and how it is settled here:
//! - Delegates who sit outside are told that the sitting is closed, and act again when their room is admitted or they sit inside. A
//!   delegate does not vote on what was not to be heard.
//! - Who has the floor is inside when the doors close; else the turn is ended first.
//! - What happens behind closed doors stands in the same journal; [`Meeting::closed_parts`] says which records those are, so that
//!   whoever publishes leaves them out.

use crate::event::Event;
use crate::id::{EndpointId, PersonId, SiteId, Time, VoteId};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::setup::{Role, SiteKind};
use crate::sitting::given;
use crate::vote::VotePhase;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who asks that the sitting be closed (PRODUCT 6 R4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "ClosingGround"))]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ground {
    /// Thường trực Hội đồng nhân dân.
    StandingCommittee,
    /// Chủ tịch Ủy ban nhân dân.
    ExecutiveChair,
    /// So many delegates; at least the share of the rules.
    Delegates {
        /// How many.
        count: u32,
    },
}

/// A proposal to close the sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Who asks.
    pub ground: Ground,
    /// Why.
    pub reason: String,
    /// Who entered it.
    pub by: PersonId,
    /// When.
    pub at: Time,
}

/// A closed sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// What was decided, and how.
    pub decision: String,
    /// The vote by which it was decided.
    pub vote: Option<VoteId>,
    /// Since when.
    pub since: Time,
    /// Rooms admitted one by one, and why.
    pub rooms: BTreeMap<EndpointId, String>,
    /// People admitted one by one, and why.
    pub people: BTreeMap<PersonId, String>,
}

/// Whether the sitting is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Privacy {
    /// Công khai.
    Public,
    /// Đề nghị họp kín.
    Proposed(Proposed),
    /// Họp kín.
    Closed(Behind),
}

/// Records of the journal that belong to a closed part, first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedPart {
    /// The record in which the doors were closed.
    pub from: u64,
    /// The record in which they were opened; absent while they are closed.
    pub until: Option<u64>,
}

impl Meeting {
    /// Đề nghị họp kín: a secretary enters who asks for it.
    pub(crate) fn propose_closed(&self, ground: &Ground, reason: &str) -> Result<Vec<Event>, Refusal> {
        if self.privacy != Privacy::Public {
            return Err(Refusal::NoChange);
        }
        if let Ground::Delegates { count } = ground {
            let needed = self.setup.rules.closing_share.at_least(self.setup.rules.total);
            let delegates = u32::try_from(self.delegates().count()).unwrap_or(u32::MAX);
            if *count > delegates {
                return Err(Refusal::OutOfRange);
            }
            if *count < needed {
                return Err(Refusal::TooFew { count: *count, needed });
            }
        }
        Ok(vec![Event::ClosedProposed {
            ground: ground.clone(),
            reason: given(reason)?,
        }])
    }

    pub(crate) fn drop_closed(&self) -> Result<Vec<Event>, Refusal> {
        match self.privacy {
            Privacy::Proposed(_) => Ok(vec![Event::ClosedDropped]),
            Privacy::Public | Privacy::Closed(_) => Err(Refusal::NoChange),
        }
    }

    /// The council has decided; the chair closes the doors. Another person has entered the request.
    pub(crate) fn close_doors(
        &self,
        by: &PersonId,
        decision: &str,
        vote: Option<&VoteId>,
    ) -> Result<Vec<Event>, Refusal> {
        let proposed = match &self.privacy {
            Privacy::Proposed(proposed) => proposed,
            Privacy::Public => return Err(Refusal::NotProposed),
            Privacy::Closed(_) => return Err(Refusal::NoChange),
        };
        if proposed.by == *by {
            return Err(Refusal::SamePerson);
        }
        if let Some(vote) = vote {
            let carried = self.votes.get(vote).ok_or(Refusal::Unknown)?;
            let decided = matches!(carried.phase, VotePhase::Announced | VotePhase::Locked);
            if !decided || !carried.result.iter().all(|line| line.carried) {
                return Err(Refusal::VoteState);
            }
        }
        self.no_vote_under_way()?;
        let outside = |room: &EndpointId| !self.is_central(room);
        let speaks = self
            .turn
            .iter()
            .chain(&self.interrupted)
            .any(|turn| outside(&turn.endpoint));
        if speaks || self.chair_room().is_some_and(|room| outside(&room)) {
            return Err(Refusal::Outside);
        }
        Ok(vec![Event::DoorsClosed {
            decision: given(decision)?,
            vote: vote.cloned(),
        }])
    }

    /// Trở lại công khai.
    pub(crate) fn open_doors(&self) -> Result<Vec<Event>, Refusal> {
        self.behind()?;
        self.no_vote_under_way()?;
        if self.turn.is_some() {
            return Err(Refusal::FloorTaken);
        }
        Ok(vec![Event::DoorsOpened])
    }

    /// One room more, or one less, with the reason.
    pub(crate) fn admit_room(&self, room: &EndpointId, admit: bool, reason: &str) -> Result<Vec<Event>, Refusal> {
        let behind = self.behind()?;
        if !self.setup.endpoints.contains_key(room) {
            return Err(Refusal::Unknown);
        }
        if self.is_central(room) || behind.rooms.contains_key(room) == admit {
            return Err(Refusal::NoChange);
        }
        let speaks = self
            .turn
            .iter()
            .chain(&self.interrupted)
            .any(|turn| turn.endpoint == *room);
        if !admit && (speaks || self.chair_room().as_ref() == Some(room)) {
            return Err(Refusal::FloorTaken);
        }
        Ok(vec![Event::RoomAdmitted {
            endpoint: room.clone(),
            admitted: admit,
            reason: if admit {
                given(reason)?
            } else {
                reason.trim().to_owned()
            },
        }])
    }

    /// One person more, or one less: a guest, who is asked, who looks after the technique.
    pub(crate) fn admit_person(&self, person: &PersonId, admit: bool, reason: &str) -> Result<Vec<Event>, Refusal> {
        let behind = self.behind()?;
        if !self.setup.people.contains_key(person) {
            return Err(Refusal::Unknown);
        }
        if self.is_of_the_council(person) || behind.people.contains_key(person) == admit {
            return Err(Refusal::NoChange);
        }
        if !admit && self.turn.as_ref().is_some_and(|turn| turn.person == *person) {
            return Err(Refusal::FloorTaken);
        }
        Ok(vec![Event::PersonAdmitted {
            person: person.clone(),
            admitted: admit,
            reason: if admit {
                given(reason)?
            } else {
                reason.trim().to_owned()
            },
        }])
    }

    fn behind(&self) -> Result<&Behind, Refusal> {
        match &self.privacy {
            Privacy::Closed(behind) => Ok(behind),
            Privacy::Public | Privacy::Proposed(_) => Err(Refusal::NotClosed),
        }
    }

    /// Whether the sitting is public, and who is inside if it is not.
    #[must_use]
    pub fn privacy(&self) -> &Privacy {
        &self.privacy
    }

    /// The doors are closed.
    #[must_use]
    pub fn is_behind_doors(&self) -> bool {
        matches!(self.privacy, Privacy::Closed(_))
    }

    /// Whether this room may be shown and heard, and may see and hear.
    #[must_use]
    pub fn admits_room(&self, room: &EndpointId) -> bool {
        match &self.privacy {
            Privacy::Public | Privacy::Proposed(_) => true,
            Privacy::Closed(behind) => self.is_central(room) || behind.rooms.contains_key(room),
        }
    }

    /// Whether this person may be told what happens, and take part.
    #[must_use]
    pub fn admits_person(&self, person: &PersonId) -> bool {
        let Privacy::Closed(behind) = &self.privacy else {
            return true;
        };
        let runs = [Role::Chair, Role::Secretary]
            .iter()
            .any(|role| self.has_role(person, *role));
        let inside = || {
            self.seat(person)
                .into_iter()
                .flat_map(|site| self.rooms_of_site(site))
                .any(|room| self.admits_room(room))
        };
        runs || behind.people.contains_key(person) || (self.has_role(person, Role::Delegate) && inside())
    }

    /// Whether a screen that stands at this bridge point may show what happens.
    #[must_use]
    pub fn admits_site(&self, site: &SiteId) -> bool {
        !self.is_behind_doors() || self.rooms_of_site(site).any(|room| self.admits_room(room))
    }

    /// Which records of the journal belong to closed parts.
    #[must_use]
    pub fn closed_parts(&self) -> &[ClosedPart] {
        &self.closed_parts
    }

    /// The hall, or a second room of the house: inside without a word.
    fn is_central(&self, room: &EndpointId) -> bool {
        let site = self
            .setup
            .endpoints
            .get(room)
            .and_then(|room| self.setup.sites.get(&room.site));
        site.is_some_and(|site| matches!(site.kind, SiteKind::Hall | SiteKind::Central))
    }

    /// Inside by office, or by where they sit.
    fn is_of_the_council(&self, person: &PersonId) -> bool {
        [Role::Chair, Role::Secretary, Role::Delegate]
            .iter()
            .any(|role| self.has_role(person, *role))
    }

    pub(crate) fn apply_doors_closed(&mut self, decision: &str, vote: Option<&VoteId>, at: Time) {
        self.closed_parts.push(ClosedPart {
            from: self.seq,
            until: None,
        });
        self.privacy = Privacy::Closed(Behind {
            decision: decision.to_owned(),
            vote: vote.cloned(),
            since: at,
            rooms: BTreeMap::new(),
            people: BTreeMap::new(),
        });
        // What was opened or arranged in public stays in public.
        self.open_microphones.clear();
        self.arranged = None;
    }

    pub(crate) fn apply_doors_opened(&mut self) {
        self.privacy = Privacy::Public;
        if let Some(part) = self.closed_parts.last_mut() {
            part.until = Some(self.seq);
        }
        self.open_microphones.clear();
        self.arranged = None;
    }

    pub(crate) fn apply_room_admitted(&mut self, room: &EndpointId, admitted: bool, reason: &str) {
        let Privacy::Closed(behind) = &mut self.privacy else {
            return;
        };
        if admitted {
            behind.rooms.insert(room.clone(), reason.to_owned());
        } else {
            behind.rooms.remove(room);
            self.open_microphones.remove(room);
        }
    }

    pub(crate) fn apply_person_admitted(&mut self, person: &PersonId, admitted: bool, reason: &str) {
        let Privacy::Closed(behind) = &mut self.privacy else {
            return;
        };
        if admitted {
            behind.people.insert(person.clone(), reason.to_owned());
        } else {
            behind.people.remove(person);
        }
    }
}
