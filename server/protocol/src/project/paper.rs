//! From ballots on paper to a screen. What one member of the counting board has entered is told to nobody else.

use super::runs_the_sitting;
use crate::view::AudienceKind;
use crate::view::paper::{BoardView, BoxView, MyBox, MyPaper, PaperView};
use meeting::Meeting;
use meeting::command::{Actor, Command};
use meeting::id::{PersonId, SiteId, Time};
use meeting::paper::command::PaperCommand;
use meeting::paper::rules::PaperRules;
use meeting::paper::{BallotBox, Board, Boxes, Poll};
use meeting::refusal::Refusal;
use std::collections::BTreeMap;

pub(super) fn board(m: &Meeting) -> Option<BoardView> {
    m.board().map(|board| BoardView {
        head: board.head.clone(),
        members: board.members.clone(),
    })
}

pub(super) fn rules(m: &Meeting, audience: AudienceKind) -> Option<PaperRules> {
    runs_the_sitting(audience).then(|| m.setup().rules.paper.clone())
}

pub(super) fn paper(m: &Meeting, boxes: &Boxes, counts_shown: bool) -> PaperView {
    let one = |(site, one): (&SiteId, &BallotBox)| (site.clone(), ballot_box(boxes, site, one));
    PaperView {
        boxes: boxes.all.iter().map(one).collect(),
        issued: boxes.issued(),
        signed: boxes.signed.clone(),
        unsigned: m.board().map_or(0, |board| boxes.unsigned(board)),
        count: boxes.merged().filter(|_| counts_shown && !boxes.all.is_empty()),
    }
}

fn ballot_box(boxes: &Boxes, site: &SiteId, one: &BallotBox) -> BoxView {
    BoxView {
        issued: one.issued,
        to_count: boxes.issued_for(site),
        closed: one.closed,
        carried_to: one.carried_to.clone(),
        entered: u32::try_from(one.entries.len()).unwrap_or(u32::MAX),
        differs: one.differs(),
        agreed: one.agreed.is_some(),
    }
}

/// What a member of the board has to do, by poll; nothing for everybody else.
pub(super) fn mine(m: &Meeting, who: &Actor, id: &PersonId, now: Time) -> BTreeMap<String, MyPaper> {
    let member = |board: &Board| board.members.contains(id);
    if !m.board().is_some_and(member) {
        return BTreeMap::new();
    }
    let confidence = m.confidence().filter(|one| one.is_under_way());
    confidence
        .map(|one| {
            (
                "confidence".to_owned(),
                my_paper(m, who, id, &Poll::Confidence, &one.boxes, now),
            )
        })
        .into_iter()
        .collect()
}

fn my_paper(m: &Meeting, who: &Actor, id: &PersonId, poll: &Poll, boxes: &Boxes, now: Time) -> MyPaper {
    let can = |command: PaperCommand| m.preview(who, &Command::Paper(command), now);
    let my_box = |(site, one): (&SiteId, &BallotBox)| {
        let (poll, site) = (poll.clone(), site.clone());
        let entered = one.entries.get(id).cloned();
        let close = can(PaperCommand::CloseBox {
            poll: poll.clone(),
            site: site.clone(),
        });
        let enter = can(PaperCommand::Enter {
            poll,
            site: site.clone(),
            // What no box can hold, so that it is never the count that stands there already.
            count: meeting::paper::count::Count {
                missing: u32::MAX,
                ..Default::default()
            },
        });
        let view = MyBox {
            may_close: close.is_ok(),
            may_enter: counts_are_taken(&enter),
            entered,
        };
        (view.may_close || view.may_enter).then_some((site, view))
    };
    MyPaper {
        poll: poll.clone(),
        boxes: boxes.all.iter().filter_map(my_box).collect(),
        count: boxes.merged().filter(|_| !boxes.all.is_empty()),
        may_sign: can(PaperCommand::Sign { poll: poll.clone() }).is_ok(),
        signed: boxes.signed.contains(id),
    }
}

/// The example is no count of any ballots: that it is read at all says that another would be taken.
fn counts_are_taken(tried: &Result<(), Refusal>) -> bool {
    matches!(tried, Ok(()) | Err(Refusal::BallotInvalid | Refusal::CountWrong { .. }))
}

/// Whether this actor may elect some board now.
pub(super) fn elects(m: &Meeting, who: &Actor, now: Time) -> Result<(), Refusal> {
    let tried = m.preview(
        who,
        &Command::Paper(PaperCommand::ElectBoard {
            head: PersonId::from(""),
            members: [PersonId::from("")].into(),
        }),
        now,
    );
    match tried {
        // Not these; others.
        Err(Refusal::Unknown) => Ok(()),
        other => other,
    }
}

/// Whether this actor may say how many ballots were given out.
pub(super) fn issues(m: &Meeting, who: &Actor, now: Time) -> Result<(), Refusal> {
    let tried = m.preview(
        who,
        &Command::Paper(PaperCommand::Issue {
            poll: Poll::Confidence,
            site: SiteId::from(""),
            ballots: 0,
        }),
        now,
    );
    match tried {
        // Not at this box; at others.
        Err(Refusal::Unknown) => Ok(()),
        other => other,
    }
}
