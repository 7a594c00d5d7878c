//! Which buttons of a vote work now. Each is tried with the vote on the screens, as its screen would send it.

use crate::view::{Act, AudienceKind};
use meeting::Meeting;
use meeting::command::{Actor, Command};
use meeting::id::{PersonId, Time, VoteId};
use meeting::refusal::Refusal;
use meeting::setup::Role;
use meeting::vote::command::VoteCommand;
use meeting::vote::content::{Content, Method, Part};
use meeting::vote::{Marks, Vote, VotePhase};
use std::collections::{BTreeMap, BTreeSet};

/// The buttons of each kind of screen; none without a vote on the screens, but to prepare one.
pub(super) fn belongs(m: &Meeting, id: &PersonId, audience: AudienceKind) -> Vec<Act> {
    let prepare = match audience {
        AudienceKind::Secretary => vec![Act::PrepareVote],
        AudienceKind::Chair
        | AudienceKind::Technician
        | AudienceKind::Room
        | AudienceKind::Delegate
        | AudienceKind::Kiosk => Vec::new(),
    };
    let Some(vote) = m.vote_on_screen() else { return prepare };
    let votes = vote.electors.contains_key(id);
    let own = if votes {
        vec![Act::CastBallot, Act::ObjectBallot]
    } else {
        Vec::new()
    };
    let run = match audience {
        AudienceKind::Chair => vec![
            Act::ExtendVote,
            Act::PauseVote,
            Act::ContinueVote,
            Act::CloseVote,
            Act::CloseVoteEarly,
            Act::AnnounceVote,
            Act::LockVote,
            Act::CancelVote,
            Act::RepeatVote,
        ],
        AudienceKind::Secretary => vec![Act::CloseVote, Act::LockVote, Act::EnterHands],
        AudienceKind::Delegate if is_lead(m, id) => vec![Act::EnterHands],
        AudienceKind::Delegate | AudienceKind::Technician | AudienceKind::Room | AudienceKind::Kiosk => Vec::new(),
    };
    match audience {
        AudienceKind::Chair | AudienceKind::Delegate => [own, prepare, run].concat(),
        AudienceKind::Secretary => [prepare, run].concat(),
        AudienceKind::Technician | AudienceKind::Room | AudienceKind::Kiosk => Vec::new(),
    }
}

/// The votes that the chair could open now, and why not the others.
pub(super) fn openable(m: &Meeting, who: &Actor, now: Time) -> (Vec<VoteId>, BTreeMap<VoteId, Refusal>) {
    let (mut can, mut cannot) = (Vec::new(), BTreeMap::new());
    for vote in m.votes_in_order().filter(|vote| vote.phase == VotePhase::Ready) {
        let open = Command::Vote(VoteCommand::Open {
            vote: vote.id.clone(),
            override_quorum: String::new(),
        });
        match m.preview(who, &open, now) {
            Ok(()) => can.push(vote.id.clone()),
            Err(refusal) => {
                cannot.insert(vote.id.clone(), refusal);
            }
        }
    }
    (can, cannot)
}

/// Tries what the button would send.
pub(super) fn possible(m: &Meeting, who: &Actor, id: &PersonId, act: VoteAct, now: Time) -> Result<(), Refusal> {
    let try_it = |command: VoteCommand| m.preview(who, &Command::Vote(command), now);
    if act == VoteAct::Prepare {
        return match example(m) {
            Some(content) => try_it(VoteCommand::Prepare {
                content: Box::new(content),
            }),
            None => Err(Refusal::VoteState),
        };
    }
    let shown = m.vote_on_screen().ok_or(Refusal::VoteState)?;
    let vote = shown.id.clone();
    let reason = || "?".to_owned();
    match act {
        VoteAct::Prepare => Ok(()),
        VoteAct::Cast => try_it(VoteCommand::Cast {
            vote,
            marks: some_ballot(shown, 0),
        }),
        VoteAct::Object => {
            let object = |choice| {
                try_it(VoteCommand::Object {
                    vote: vote.clone(),
                    person: None,
                    marks: some_ballot(shown, choice),
                })
            };
            // What is recorded already is no objection; another choice is.
            match object(0) {
                Err(Refusal::NoChange) => object(1),
                other => other,
            }
        }
        VoteAct::Extend => try_it(VoteCommand::Extend { vote }),
        VoteAct::Pause => try_it(VoteCommand::Pause { vote }),
        VoteAct::Continue => try_it(VoteCommand::Continue { vote }),
        VoteAct::Close => try_it(VoteCommand::Close { vote, early: false }),
        VoteAct::CloseEarly => try_it(VoteCommand::Close { vote, early: true }),
        VoteAct::Announce => try_it(VoteCommand::Announce { vote }),
        VoteAct::Lock => try_it(VoteCommand::Lock { vote }),
        VoteAct::Cancel => try_it(VoteCommand::Cancel { vote, reason: reason() }),
        VoteAct::Repeat => try_it(VoteCommand::Repeat { vote, reason: reason() }),
        VoteAct::EnterHands => {
            let own = m.seat(id).filter(|site| shown.hands_at(site) > 0);
            let any = || shown.hand_sites().next();
            let lead = is_lead(m, id);
            let site = if lead { own } else { any() }.ok_or(Refusal::NotEntitled)?;
            let counts = shown.content.choices.first().map(|choice| (choice.id.clone(), 0));
            let counts: BTreeMap<_, _> = counts.into_iter().collect();
            let lines = shown.content.ballot_lines();
            try_it(VoteCommand::EnterHands {
                vote,
                site: site.clone(),
                counts: lines.into_iter().map(|line| (line, counts.clone())).collect(),
                explanation: reason(),
            })
        }
    }
}

/// An act of a vote, apart from those of the rest of the sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VoteAct {
    Prepare,
    Cast,
    Object,
    Extend,
    Pause,
    Continue,
    Close,
    CloseEarly,
    Announce,
    Lock,
    Cancel,
    Repeat,
    EnterHands,
}

/// A ballot with this choice on its first lines, as many as may be in favour, and another on the rest.
fn some_ballot(vote: &Vote, choice: usize) -> Marks {
    let content = &vote.content;
    let choices = &content.choices;
    let against = choices.iter().find(|choice| !choice.in_favour);
    let limit = usize::try_from(content.at_most).unwrap_or(usize::MAX);
    content
        .ballot_lines()
        .into_iter()
        .enumerate()
        .filter_map(|(n, line)| {
            let free = content.at_most == 0 || n < limit;
            let choice = if free { choices.get(choice) } else { against };
            Some((line, choice?.id.clone()))
        })
        .collect()
}

/// Something to put to the vote, by the rules of this sitting.
fn example(m: &Meeting) -> Option<Content> {
    let rules = &m.setup().rules.vote;
    let text = || "?".to_owned();
    Some(Content {
        title: text(),
        text: text(),
        reference: String::new(),
        part: Part::Whole,
        of: None,
        item: None,
        method: Method::Electronic,
        hand_sites: BTreeSet::new(),
        choices: rules.choices.first()?.choices.clone(),
        lines: Vec::new(),
        at_most: 0,
        blanks: false,
        threshold: rules.thresholds.first()?.clone(),
        duration_s: rules.duration_s,
        decision: text(),
    })
}

fn is_lead(m: &Meeting, id: &PersonId) -> bool {
    m.setup()
        .people
        .get(id)
        .is_some_and(|person| person.roles.contains(&Role::SiteLead))
}
