//! From an event about ballots on paper to the state it changes. Total: nothing here decides.

use crate::command::Actor;
use crate::confidence::Step;
use crate::id::{SiteId, Time};
use crate::meeting::Meeting;
use crate::paper::event::PaperEvent;
use crate::paper::{BallotBox, Board, Boxes, Poll};
use crate::vote::person_of;

impl Meeting {
    pub(crate) fn apply_paper(&mut self, event: &PaperEvent, by: &Actor, at: Time) {
        match event {
            PaperEvent::BoardElected { head, members } => {
                let board = Board {
                    head: head.clone(),
                    members: members.clone(),
                };
                for one in self.confidence.iter_mut().filter(|one| !one.is_over()) {
                    one.boxes.pass_to(&board);
                }
                self.board = Some(board);
            }
            PaperEvent::Issued { poll, site, ballots } => self.change_boxes(poll, |boxes| {
                if *ballots == 0 {
                    boxes.all.remove(site);
                } else {
                    boxes.all.entry(site.clone()).or_default().issued = *ballots;
                }
            }),
            PaperEvent::BoxClosed { poll, site } => self.change_box(poll, site, |one| one.closed = true),
            PaperEvent::CountingStarted { poll, carried } => {
                self.change_boxes(poll, |boxes| {
                    for (site, one) in &mut boxes.all {
                        one.carried_to = carried.get(site).cloned();
                    }
                });
                self.paper_enters(poll, Step::Counting, at);
            }
            PaperEvent::Entered { poll, site, count } => self.change_box(poll, site, |one| {
                one.entries.insert(person_of(by), count.clone());
            }),
            PaperEvent::Agreed { poll, site } => self.change_box(poll, site, |one| {
                one.agreed = one.entries.get(&person_of(by)).cloned();
            }),
            PaperEvent::Counted { poll } => self.paper_enters(poll, Step::Minutes, at),
            PaperEvent::Signed { poll } => self.change_boxes(poll, |boxes| {
                boxes.signed.insert(person_of(by));
            }),
        }
    }

    fn change_boxes(&mut self, poll: &Poll, change: impl FnOnce(&mut Boxes)) {
        match poll {
            Poll::Confidence => {
                if let Some(one) = &mut self.confidence {
                    change(&mut one.boxes);
                }
            }
        }
    }

    fn change_box(&mut self, poll: &Poll, site: &SiteId, change: impl FnOnce(&mut BallotBox)) {
        self.change_boxes(poll, |boxes| {
            if let Some(one) = boxes.all.get_mut(site) {
                change(one);
            }
        });
    }

    fn paper_enters(&mut self, poll: &Poll, step: Step, at: Time) {
        match poll {
            Poll::Confidence => {
                if let Some(one) = &mut self.confidence {
                    one.enter(step, at);
                }
            }
        }
    }
}

impl Boxes {
    /// Another board counts: what stands, stands; what only one who has left had entered or signed does not.
    fn pass_to(&mut self, board: &Board) {
        self.signed.retain(|member| board.members.contains(member));
        for one in self.all.values_mut().filter(|one| one.agreed.is_none()) {
            one.entries.retain(|member, _| board.members.contains(member));
        }
    }
}
