//! Ban kiểm phiếu: who counts. Nobody counts ballots about themselves (PRODUCT 3.6).

use crate::id::PersonId;
use crate::meeting::Meeting;
use crate::paper::Board;
use crate::paper::decide::Decided;
use crate::paper::event::PaperEvent;
use crate::refusal::Refusal;
use crate::setup::Role;
use std::collections::BTreeSet;

impl Meeting {
    /// Ban kiểm phiếu of this sitting, if it has elected one.
    #[must_use]
    pub fn board(&self) -> Option<&Board> {
        self.board.as_ref()
    }

    /// Whether this person counts ballots.
    pub(crate) fn on_the_board(&self, id: &PersonId) -> bool {
        self.board.as_ref().is_some_and(|board| board.members.contains(id))
    }

    pub(crate) fn elect_board(&self, head: &PersonId, members: &BTreeSet<PersonId>) -> Decided {
        if !members.contains(head) || !members.iter().all(|member| self.has_role(member, Role::Delegate)) {
            return Err(Refusal::Unknown);
        }
        if let Some(person) = self.voted_about().find(|person| members.contains(*person)) {
            return Err(Refusal::BoardConflict { person: person.clone() });
        }
        if members.len() < self.setup.rules.paper.board as usize {
            return Err(Refusal::BoardTooFew {
                needed: self.setup.rules.paper.board,
            });
        }
        let elected = Board {
            head: head.clone(),
            members: members.clone(),
        };
        if self.board.as_ref() == Some(&elected) {
            return Err(Refusal::NoChange);
        }
        Ok(vec![PaperEvent::BoardElected {
            head: head.clone(),
            members: members.clone(),
        }])
    }

    /// The board, if it may count ballots about these people.
    pub(crate) fn board_for<'a>(&self, mut about: impl Iterator<Item = &'a PersonId>) -> Result<&Board, Refusal> {
        let board = self.board.as_ref().ok_or(Refusal::NoBoard)?;
        match about.find(|person| board.members.contains(*person)) {
            Some(person) => Err(Refusal::BoardConflict { person: person.clone() }),
            None => Ok(board),
        }
    }

    /// Everybody about whom there are, or will be, ballots that are not announced yet.
    fn voted_about(&self) -> impl Iterator<Item = &PersonId> {
        let confidence = self.confidence.iter().filter(|one| !one.is_over());
        confidence.flat_map(|one| one.people())
    }
}
