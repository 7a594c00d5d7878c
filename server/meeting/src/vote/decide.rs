//! From a command about a vote to the file that knows what it means. No rule stands here.

use crate::command::Actor;
use crate::event::Event;
use crate::id::{Time, VoteId};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::rights::Capacity;
use crate::vote::command::VoteCommand;
use crate::vote::event::VoteEvent;
use crate::vote::{Vote, VotePhase, person_of};

impl Meeting {
    pub(crate) fn decide_vote(
        &self,
        capacity: Capacity,
        by: &Actor,
        command: &VoteCommand,
        now: Time,
    ) -> Result<Vec<Event>, Refusal> {
        let who = person_of(by);
        let events = match command {
            VoteCommand::Prepare { content } => self.prepare_vote(content, None),
            VoteCommand::Edit { vote, content } => self.edit_vote(vote, content),
            VoteCommand::Ready { vote } => self.ready_vote(vote),
            VoteCommand::Discard { vote } => self.discard_vote(vote),
            VoteCommand::Open { vote, override_quorum } => self.open_vote(vote, override_quorum, now),
            VoteCommand::Extend { vote } => self.extend_vote(vote, now),
            VoteCommand::Pause { vote } => self.pause_vote(vote, now),
            VoteCommand::Continue { vote } => self.continue_vote(vote, now),
            VoteCommand::Admit { vote, person } => self.admit_to_vote(vote, person),
            VoteCommand::Route { vote, person, channel } => self.route_elector(vote, person, *channel),
            VoteCommand::Cast { vote, marks } => self.cast_ballot(vote, by, marks),
            VoteCommand::EnterSpoken { vote, person, marks } => self.enter_spoken(vote, person, marks),
            VoteCommand::ConfirmSpoken { vote, person, confirm } => self.confirm_spoken(vote, person, &who, *confirm),
            VoteCommand::EnterHands {
                vote,
                site,
                counts,
                explanation,
            } => self.enter_hands(capacity, vote, site, counts, explanation),
            VoteCommand::ConfirmHands { vote, site } => self.confirm_hands(vote, site, &who),
            VoteCommand::Close { vote, early } => self.close_vote(capacity, vote, *early, now),
            VoteCommand::Object { vote, person, marks } => {
                self.object(capacity, vote, person.as_ref().unwrap_or(&who), &who, marks, now)
            }
            VoteCommand::AnswerObjection { vote, person, agree } => {
                self.answer_objection(capacity, vote, person, &who, *agree)
            }
            VoteCommand::Announce { vote } => self.announce_vote(vote, now),
            VoteCommand::Lock { vote } => self.lock_vote(vote),
            VoteCommand::Cancel { vote, reason } => self.cancel_vote(vote, reason),
            VoteCommand::Repeat { vote, reason } => self.repeat_vote(vote, reason),
        };
        Ok(events?.into_iter().map(Event::Vote).collect())
    }

    /// A vote in one of these states.
    pub(crate) fn vote_in(&self, id: &VoteId, states: &[VotePhase]) -> Result<&Vote, Refusal> {
        let vote = self.votes.get(id).ok_or(Refusal::Unknown)?;
        if states.contains(&vote.phase) {
            Ok(vote)
        } else {
            Err(Refusal::VoteState)
        }
    }
}

/// A decision about votes.
pub(crate) type Decided = Result<Vec<VoteEvent>, Refusal>;
