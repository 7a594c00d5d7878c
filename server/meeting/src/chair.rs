//! Who presides, at which console, and how the chair goes from one person to another (PRODUCT 3.0, 3.3.6, 3.9).

use crate::event::{Event, HandOver};
use crate::id::{DeviceId, PersonId, Time};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::setup::Role;

/// A co-chair's claim that waits for a secretary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who claims the chair.
    pub by: PersonId,
    /// With which device; it becomes the console.
    pub device: DeviceId,
    /// Since when.
    pub at: Time,
}

impl Meeting {
    pub(crate) fn presiding_online(&self) -> bool {
        self.person_online(&self.presiding)
    }

    /// Since when the presiding chair is gone, if gone; from the start of the sitting if never there.
    #[must_use]
    pub fn chair_away_since(&self) -> Option<Time> {
        match self.people.get(&self.presiding) {
            Some(line) if line.online => None,
            Some(line) => Some(line.since),
            None => Some(self.created_at),
        }
    }

    pub(crate) fn offer_chair(&self, to: &PersonId) -> Result<Vec<Event>, Refusal> {
        if !self.setup.people.contains_key(to) {
            return Err(Refusal::Unknown);
        }
        if *to == self.presiding || self.offered_to.as_ref() == Some(to) {
            return Err(Refusal::NoChange);
        }
        if !self.has_role(to, Role::Chair) {
            return Err(Refusal::NotAllowed);
        }
        Ok(vec![Event::ChairOffered { to: to.clone() }])
    }

    pub(crate) fn withdraw_chair_offer(&self) -> Result<Vec<Event>, Refusal> {
        if self.offered_to.is_some() {
            Ok(vec![Event::ChairOfferWithdrawn])
        } else {
            Err(Refusal::NoHandOver)
        }
    }

    pub(crate) fn accept_chair(&self, by: &PersonId, device: &DeviceId) -> Result<Vec<Event>, Refusal> {
        if self.offered_to.as_ref() != Some(by) {
            return Err(Refusal::NoHandOver);
        }
        Ok(vec![self.hand_over(by, device, HandOver::Accepted)])
    }

    pub(crate) fn claim_chair(&self, by: &PersonId, device: &DeviceId, now: Time) -> Result<Vec<Event>, Refusal> {
        let wait_s = self.setup.rules.chair_claim_s;
        let Some(away) = self.chair_away_since() else {
            return Err(Refusal::ChairNotAway { seconds: wait_s });
        };
        let left_ms = u64::from(wait_s)
            .saturating_mul(1000)
            .saturating_sub(u64::from(now.since(away)));
        if left_ms > 0 {
            return Err(Refusal::ChairNotAway {
                seconds: u32::try_from(left_ms.div_ceil(1000)).unwrap_or(u32::MAX),
            });
        }
        if self.claim.as_ref().is_some_and(|claim| claim.by == *by) {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::ChairClaimed {
            by: by.clone(),
            device: device.clone(),
        }])
    }

    pub(crate) fn answer_claim(&self, by: &PersonId, confirm: bool) -> Result<Vec<Event>, Refusal> {
        let claim = self.claim.as_ref().ok_or(Refusal::NoHandOver)?;
        if !confirm {
            return Ok(vec![Event::ClaimDropped]);
        }
        // Two people, not one in two roles: nobody confirms a claim of their own.
        if claim.by == *by {
            return Err(Refusal::NotAllowed);
        }
        Ok(vec![self.hand_over(&claim.by, &claim.device, HandOver::Claimed)])
    }

    pub(crate) fn take_console(&self, device: &DeviceId) -> Result<Vec<Event>, Refusal> {
        if self.console.as_ref() == Some(device) {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::ConsoleTaken { device: device.clone() }])
    }

    pub(crate) fn set_coordination(&self, secretary: bool) -> Result<Vec<Event>, Refusal> {
        if self.secretary_coordinates == secretary {
            return Err(Refusal::NoChange);
        }
        Ok(vec![Event::CoordinationSet { secretary }])
    }

    pub(crate) fn apply_chair_changed(&mut self, to: &PersonId, device: &DeviceId) {
        self.presiding = to.clone();
        self.console = Some(device.clone());
        self.offered_to = None;
        self.claim = None;
        self.claim_open = false;
    }

    fn hand_over(&self, to: &PersonId, device: &DeviceId, how: HandOver) -> Event {
        Event::ChairChanged {
            from: self.presiding.clone(),
            to: to.clone(),
            device: device.clone(),
            how,
        }
    }
}
