//! Ballots given out, boxes closed, counts entered twice, minutes signed.

use crate::command::Actor;
use crate::event::Event;
use crate::id::{PersonId, SiteId};
use crate::meeting::Meeting;
use crate::paper::command::PaperCommand;
use crate::paper::count::{Count, Form};
use crate::paper::event::PaperEvent;
use crate::paper::{BallotBox, Boxes, Poll, Stage};
use crate::refusal::Refusal;
use crate::setup::SiteKind;
use crate::vote::person_of;
use std::collections::BTreeMap;

/// A decision about ballots on paper.
pub(crate) type Decided = Result<Vec<PaperEvent>, Refusal>;

/// A poll as far as its paper goes.
pub(crate) struct Sheet<'a> {
    /// How far it has come.
    pub(crate) stage: Stage,
    /// Its boxes.
    pub(crate) boxes: &'a Boxes,
    /// No more ballots than so many are given out.
    pub(crate) most: u32,
    /// There is one box, in the hall.
    pub(crate) one_hall: bool,
    /// What stands on a ballot.
    pub(crate) form: Form,
}

impl Meeting {
    pub(crate) fn decide_paper(&self, by: &Actor, command: &PaperCommand) -> Result<Vec<Event>, Refusal> {
        let who = person_of(by);
        let events = match command {
            PaperCommand::ElectBoard { head, members } => self.elect_board(head, members),
            PaperCommand::Issue { poll, site, ballots } => self.issue_ballots(poll, site, *ballots),
            PaperCommand::CloseBox { poll, site } => self.close_box(poll, site, &who),
            PaperCommand::Enter { poll, site, count } => self.enter_count(poll, site, &who, count),
            PaperCommand::Sign { poll } => self.sign_count(poll, &who),
        };
        Ok(events?.into_iter().map(Event::Paper).collect())
    }

    fn sheet(&self, poll: &Poll, stage: Stage) -> Result<Sheet<'_>, Refusal> {
        let sheet = match poll {
            Poll::Confidence => self.confidence_sheet(),
        };
        sheet.filter(|sheet| sheet.stage == stage).ok_or(Refusal::PaperState)
    }

    /// Phát phiếu. In one hall there is one box; elsewhere two of the board at least stand by it.
    fn issue_ballots(&self, poll: &Poll, site: &SiteId, ballots: u32) -> Decided {
        let sheet = self.sheet(poll, Stage::Casting)?;
        let kind = self.setup.sites.get(site).ok_or(Refusal::Unknown)?.kind;
        let before = sheet.boxes.all.get(site);
        if before.is_some_and(|one| one.closed) {
            return Err(Refusal::PaperState);
        }
        let before = before.map_or(0, |one| one.issued);
        if before == ballots {
            return Err(Refusal::NoChange);
        }
        let in_all = (sheet.boxes.issued() - before).saturating_add(ballots);
        let elsewhere = sheet.boxes.all.keys().any(|other| other != site);
        let second = sheet.one_hall && (kind != SiteKind::Hall || elsewhere);
        if second || in_all > sheet.most {
            return Err(Refusal::OutOfRange);
        }
        let needed = self.setup.rules.paper.at_box;
        if kind != SiteKind::Hall && self.board_at(site) < needed as usize {
            return Err(Refusal::BoardTooFew { needed });
        }
        Ok(vec![PaperEvent::Issued {
            poll: poll.clone(),
            site: site.clone(),
            ballots,
        }])
    }

    fn close_box(&self, poll: &Poll, site: &SiteId, by: &PersonId) -> Decided {
        let sheet = self.sheet(poll, Stage::Casting)?;
        if sheet.boxes.all.get(site).ok_or(Refusal::Unknown)?.closed {
            return Err(Refusal::NoChange);
        }
        self.at_the_box(site, by)?;
        Ok(vec![PaperEvent::BoxClosed {
            poll: poll.clone(),
            site: site.clone(),
        }])
    }

    /// From here on boxes are counted: none while another is open, and none of so few voters that it would betray them.
    pub(crate) fn start_counting(&self, poll: &Poll, secret: bool) -> Decided {
        let sheet = self.sheet(poll, Stage::Casting)?;
        let open = sheet.boxes.all.values().filter(|one| !one.closed).count();
        if open > 0 || sheet.boxes.all.is_empty() {
            return Err(Refusal::BoxesOpen {
                count: u32::try_from(open).unwrap_or(u32::MAX),
            });
        }
        let fewest = if secret { self.setup.rules.paper.fewest } else { 0 };
        Ok(vec![PaperEvent::CountingStarted {
            poll: poll.clone(),
            carried: self.carried(sheet.boxes, fewest),
        }])
    }

    /// Which boxes are too small to be counted by themselves, and where their ballots go: to the hall's box, unless that is
    /// too small with all of them; then to the largest.
    fn carried(&self, boxes: &Boxes, fewest: u32) -> BTreeMap<SiteId, SiteId> {
        let small = |one: &BallotBox| one.issued < fewest;
        let few: u32 = boxes.all.values().filter(|one| small(one)).map(|one| one.issued).sum();
        let hall = boxes.all.iter().find(|(site, one)| {
            let hall = self
                .setup
                .sites
                .get(*site)
                .is_some_and(|site| site.kind == SiteKind::Hall);
            hall && few.saturating_add(if small(one) { 0 } else { one.issued }) >= fewest
        });
        let target = hall.or_else(|| boxes.all.iter().max_by_key(|(_, one)| one.issued));
        let Some((target, _)) = target else {
            return BTreeMap::new();
        };
        let goes = |(site, one): &(&SiteId, &BallotBox)| small(one) && *site != target;
        let pair = |(site, _): (&SiteId, &BallotBox)| (site.clone(), target.clone());
        boxes.all.iter().filter(goes).map(pair).collect()
    }

    /// A member's own count. When another member's is the same, the box stands; when all stand, the minutes can be signed.
    fn enter_count(&self, poll: &Poll, site: &SiteId, by: &PersonId, count: &Count) -> Decided {
        let sheet = self.sheet(poll, Stage::Counting)?;
        let found = sheet.boxes.all.get(site).ok_or(Refusal::Unknown)?;
        if found.carried_to.is_some() || found.agreed.is_some() || found.entries.get(by) == Some(count) {
            return Err(Refusal::NoChange);
        }
        self.at_the_box(site, by)?;
        count.adds_up(sheet.boxes.issued_for(site), &sheet.form)?;
        let mut events = vec![PaperEvent::Entered {
            poll: poll.clone(),
            site: site.clone(),
            count: count.clone(),
        }];
        if found
            .entries
            .iter()
            .any(|(other, entered)| other != by && entered == count)
        {
            events.push(PaperEvent::Agreed {
                poll: poll.clone(),
                site: site.clone(),
            });
            if sheet
                .boxes
                .counted()
                .all(|(other, one)| other == site || one.agreed.is_some())
            {
                events.push(PaperEvent::Counted { poll: poll.clone() });
            }
        }
        Ok(events)
    }

    fn sign_count(&self, poll: &Poll, by: &PersonId) -> Decided {
        let sheet = self.sheet(poll, Stage::Minutes)?;
        if sheet.boxes.signed.contains(by) {
            return Err(Refusal::NoChange);
        }
        Ok(vec![PaperEvent::Signed { poll: poll.clone() }])
    }

    /// Members of the board who sit at this bridge point.
    fn board_at(&self, site: &SiteId) -> usize {
        let members = self.board.iter().flat_map(|board| &board.members);
        members.filter(|member| self.seat(member) == Some(site)).count()
    }

    /// Only who sits there has the paper; in the hall, where all may have gathered, the seats say nothing.
    fn at_the_box(&self, site: &SiteId, by: &PersonId) -> Result<(), Refusal> {
        let hall = self
            .setup
            .sites
            .get(site)
            .is_some_and(|site| site.kind == SiteKind::Hall);
        if hall || self.seat(by) == Some(site) {
            Ok(())
        } else {
            Err(Refusal::NotAtBox)
        }
    }
}
