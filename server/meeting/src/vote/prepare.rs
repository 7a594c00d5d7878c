//! Soạn and sẵn sàng: what is put to the vote, before it is.

use crate::id::VoteId;
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::sitting::given;
use crate::vote::VotePhase;
use crate::vote::content::{Content, Part};
use crate::vote::decide::Decided;
use crate::vote::event::VoteEvent;

/// At most so many votes in a sitting.
const MOST: usize = 500;

impl Meeting {
    pub(crate) fn prepare_vote(&self, content: &Content, repeats: Option<VoteId>) -> Decided {
        let id = self.next_vote();
        if self.votes.len() >= MOST {
            return Err(Refusal::OutOfRange);
        }
        self.fits(&id, content)?;
        Ok(vec![VoteEvent::Prepared {
            vote: id,
            content: Box::new(content.clone()),
            hash: content.hash(),
            repeats,
        }])
    }

    /// Whatever was ready is a draft again: nobody opens what was changed since it was looked at.
    pub(crate) fn edit_vote(&self, id: &VoteId, content: &Content) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Draft, VotePhase::Ready])?;
        self.fits(id, content)?;
        if vote.content == *content {
            return Err(Refusal::NoChange);
        }
        Ok(vec![VoteEvent::Prepared {
            vote: id.clone(),
            content: Box::new(content.clone()),
            hash: content.hash(),
            repeats: vote.repeats.clone(),
        }])
    }

    pub(crate) fn ready_vote(&self, id: &VoteId) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Draft])?;
        self.fits(id, &vote.content)?;
        Ok(vec![VoteEvent::Readied { vote: id.clone() }])
    }

    pub(crate) fn discard_vote(&self, id: &VoteId) -> Decided {
        self.vote_in(id, &[VotePhase::Draft, VotePhase::Ready])?;
        Ok(vec![VoteEvent::Cancelled {
            vote: id.clone(),
            reason: String::new(),
        }])
    }

    /// Biểu quyết lại. What was not announced yet is cancelled by it; what was stays as it is, with its successor's name.
    pub(crate) fn repeat_vote(&self, id: &VoteId, reason: &str) -> Decided {
        let vote = self.vote_in(id, &[VotePhase::Checking, VotePhase::Announced, VotePhase::Cancelled])?;
        if vote.repeated_by.is_some() || vote.opening.is_none() {
            return Err(Refusal::VoteState);
        }
        let reason = given(reason)?;
        let mut events = Vec::new();
        if vote.phase == VotePhase::Checking {
            events.push(VoteEvent::Cancelled {
                vote: id.clone(),
                reason: reason.clone(),
            });
        }
        let next = self.next_vote();
        events.extend(self.prepare_vote(&vote.content, Some(id.clone()))?);
        events.push(VoteEvent::Readied { vote: next.clone() });
        events.push(VoteEvent::Repeated {
            vote: id.clone(),
            by: next,
            reason,
        });
        Ok(events)
    }

    fn next_vote(&self) -> VoteId {
        VoteId(format!("v{}", self.votes_made + 1))
    }

    /// Whether the content is sound and names what this sitting has.
    fn fits(&self, id: &VoteId, content: &Content) -> Result<(), Refusal> {
        content.sound()?;
        let items = content.item.iter().all(|item| self.setup.agenda.contains_key(item));
        let sites = content
            .hand_sites
            .iter()
            .all(|site| self.setup.sites.contains_key(site));
        if !items || !sites {
            return Err(Refusal::Unknown);
        }
        if let Some(of) = &content.of {
            let whole = self.votes.get(of).ok_or(Refusal::Unknown)?;
            let before = matches!(whole.phase, VotePhase::Draft | VotePhase::Ready);
            if of == id || whole.content.part != Part::Whole || !before {
                return Err(Refusal::VoteState);
            }
        }
        Ok(())
    }

    /// The first amendment or disputed point of this text that was neither decided nor left (PRODUCT 3.5: before the whole).
    pub(crate) fn amendment_before(&self, id: &VoteId) -> Option<&VoteId> {
        let undecided = |phase: VotePhase| match phase {
            VotePhase::Draft | VotePhase::Ready | VotePhase::Open | VotePhase::Paused | VotePhase::Checking => true,
            VotePhase::Announced | VotePhase::Locked | VotePhase::Cancelled => false,
        };
        self.votes_in_order()
            .find(|vote| vote.content.of.as_ref() == Some(id) && undecided(vote.phase))
            .map(|vote| &vote.id)
    }
}
