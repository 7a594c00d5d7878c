//! From the votes of a meeting to a screen.

use super::runs_the_sitting;
use crate::view::AudienceKind;
use crate::view::vote::{
    HandsView, MissingView, MyBallot, MyHands, NameView, ObjectionView, ResultView, SpokenView, VoteSiteView, VoteView,
};
use meeting::Meeting;
use meeting::id::{LineId, PersonId, SiteId, VoteId};
use meeting::setup::Role;
use meeting::vote::rules::VoteRules;
use meeting::vote::{Channel, Vote, VotePhase};
use std::collections::{BTreeMap, BTreeSet};

/// The votes that this audience may see: all for those who run the sitting, what was opened for the others.
pub(super) fn votes(m: &Meeting, audience: AudienceKind) -> BTreeMap<VoteId, VoteView> {
    m.votes()
        .values()
        .filter(|vote| runs_the_sitting(audience) || vote.opening.is_some())
        .map(|vote| (vote.id.clone(), view(m, vote, audience)))
        .collect()
}

/// The rules from which a vote is prepared; for chair and secretary.
pub(super) fn rules(m: &Meeting, audience: AudienceKind) -> Option<VoteRules> {
    runs_the_sitting(audience).then(|| m.setup().rules.vote.clone())
}

fn view(m: &Meeting, vote: &Vote, audience: AudienceKind) -> VoteView {
    let inside = runs_the_sitting(audience);
    let content = &vote.content;
    let quorum = m.quorum();
    let opening = vote.opening.as_ref();
    let total = opening.map_or(quorum.total, |opening| opening.total);
    let (sites, electors, voted) = sites(vote);
    // A vote that is long over tells delegates its result, not two thousand names.
    let on_screen = m.vote_on_screen().is_some_and(|shown| shown.id == vote.id);
    VoteView {
        title: content.title.clone(),
        text: content.text.clone(),
        reference: content.reference.clone(),
        hash: vote.hash.clone(),
        part: content.part,
        of: content.of.clone(),
        item: opening.map_or_else(|| content.item.clone(), |opening| opening.item.clone()),
        method: content.method,
        hand_sites: content.hand_sites.clone(),
        choices: content.choices.clone(),
        lines: content.lines.clone(),
        at_most: content.at_most,
        blanks: content.blanks,
        threshold: content.threshold.clone(),
        duration_s: content.duration_s,
        decision: content.decision.clone(),
        state: vote.phase,
        since: vote.since,
        total,
        // Whoever has voted was there: a line that was lost at the opening, or who was let in later.
        present: opening.map_or(quorum.present, |opening| opening.present.max(voted)),
        needed: opening.map_or_else(|| content.threshold.needed(total), |opening| opening.needed),
        override_quorum: opening.map_or_else(String::new, |opening| opening.override_quorum.clone()),
        until: vote.until.filter(|_| vote.phase == VotePhase::Open),
        pause_until: vote.pause_until,
        check_until: vote.check_until.filter(|_| vote.phase == VotePhase::Checking),
        electors,
        voted,
        sites,
        missing: if inside { missing(m, vote) } else { BTreeMap::new() },
        arrived: if inside { arrived(m, vote) } else { BTreeSet::new() },
        spoken: if inside { spoken(vote) } else { BTreeMap::new() },
        hands: if inside && is_closed(vote) {
            hands(vote)
        } else {
            BTreeMap::new()
        },
        objections: if inside { objections(vote) } else { BTreeMap::new() },
        corrections: count(vote.corrections.len()),
        names: if may_see_names(vote, audience, on_screen) {
            names(vote)
        } else {
            BTreeMap::new()
        },
        result: if may_see_result(vote, inside) {
            result(vote)
        } else {
            BTreeMap::new()
        },
        reason: vote.reason.clone(),
        repeats: vote.repeats.clone(),
        repeated_by: vote.repeated_by.clone(),
    }
}

/// Nothing can be cast any more. A vote that was cancelled while it was open tells nobody how it stood.
fn is_closed(vote: &Vote) -> bool {
    match vote.phase {
        VotePhase::Checking | VotePhase::Announced | VotePhase::Locked => true,
        VotePhase::Draft | VotePhase::Ready | VotePhase::Open | VotePhase::Paused => false,
        VotePhase::Cancelled => vote.closed_at.is_some(),
    }
}

fn is_announced(vote: &Vote) -> bool {
    match vote.phase {
        VotePhase::Announced | VotePhase::Locked => true,
        VotePhase::Draft
        | VotePhase::Ready
        | VotePhase::Open
        | VotePhase::Paused
        | VotePhase::Checking
        | VotePhase::Cancelled => false,
    }
}

/// PRODUCT 3.5: hidden from everybody, the chair included, until the close.
fn may_see_result(vote: &Vote, inside: bool) -> bool {
    is_announced(vote) || (inside && is_closed(vote))
}

fn may_see_names(vote: &Vote, audience: AudienceKind, on_screen: bool) -> bool {
    match audience {
        AudienceKind::Chair | AudienceKind::Secretary => is_closed(vote),
        AudienceKind::Delegate => is_announced(vote) && on_screen,
        // The large screen shows numbers; technicians have no business with choices (PRODUCT 3.11).
        AudienceKind::Room | AudienceKind::Technician | AudienceKind::Kiosk => false,
    }
}

fn sites(vote: &Vote) -> (BTreeMap<SiteId, VoteSiteView>, u32, u32) {
    let mut sites: BTreeMap<SiteId, VoteSiteView> = BTreeMap::new();
    let (mut electors, mut voted) = (0, 0);
    for (person, elector) in &vote.electors {
        let came = u32::from(vote.is_in(person));
        let site = sites.entry(elector.site.clone()).or_default();
        site.electors += 1;
        site.voted += came;
        site.by_hand += u32::from(elector.channel == Channel::Hands);
        site.counted = vote.hands.contains_key(&elector.site);
        electors += 1;
        voted += came;
    }
    (sites, electors, voted)
}

fn missing(m: &Meeting, vote: &Vote) -> BTreeMap<PersonId, MissingView> {
    if !vote.phase.is_under_way() {
        return BTreeMap::new();
    }
    vote.missing()
        .filter_map(|person| {
            let view = MissingView {
                channel: vote.electors.get(person)?.channel,
                online: m.person_online(person),
            };
            Some((person.clone(), view))
        })
        .collect()
}

fn arrived(m: &Meeting, vote: &Vote) -> BTreeSet<PersonId> {
    match vote.phase {
        VotePhase::Open | VotePhase::Paused => m.arrived_since(vote).cloned().collect(),
        VotePhase::Draft
        | VotePhase::Ready
        | VotePhase::Checking
        | VotePhase::Announced
        | VotePhase::Locked
        | VotePhase::Cancelled => BTreeSet::new(),
    }
}

fn spoken(vote: &Vote) -> BTreeMap<PersonId, SpokenView> {
    let view = |spoken: &meeting::vote::Spoken| SpokenView {
        marks: spoken.marks.clone(),
        by: spoken.by.clone(),
    };
    vote.spoken
        .iter()
        .map(|(person, spoken)| (person.clone(), view(spoken)))
        .collect()
}

fn hands(vote: &Vote) -> BTreeMap<SiteId, HandsView> {
    let view = |hands: &meeting::vote::Hands| HandsView {
        counts: hands.counts.clone(),
        explanation: hands.explanation.clone(),
        by: hands.by.clone(),
        at: hands.at,
        confirmed: hands.confirmed_by.is_some(),
    };
    vote.hands
        .iter()
        .map(|(site, hands)| (site.clone(), view(hands)))
        .collect()
}

fn objections(vote: &Vote) -> BTreeMap<PersonId, ObjectionView> {
    vote.objections
        .iter()
        .map(|(person, objection)| {
            let view = ObjectionView {
                marks: objection.marks.clone(),
                recorded: vote
                    .ballots
                    .get(person)
                    .map(|ballot| ballot.marks.clone())
                    .unwrap_or_default(),
                by: objection.by.clone(),
                secretary: objection.secretary.is_some(),
                chair: objection.chair.is_some(),
            };
            (person.clone(), view)
        })
        .collect()
}

fn names(vote: &Vote) -> BTreeMap<PersonId, NameView> {
    vote.electors
        .iter()
        .filter(|(_, elector)| elector.channel != Channel::Hands)
        .map(|(person, elector)| {
            let view = NameView {
                marks: vote
                    .ballots
                    .get(person)
                    .map(|ballot| ballot.marks.clone())
                    .unwrap_or_default(),
                channel: elector.channel,
            };
            (person.clone(), view)
        })
        .collect()
}

/// What was announced; before that, how it stands.
fn result(vote: &Vote) -> BTreeMap<LineId, ResultView> {
    let lines = if is_announced(vote) {
        vote.result.clone()
    } else {
        vote.tally()
    };
    lines
        .into_iter()
        .map(|line| {
            let view = ResultView {
                votes: line.votes,
                in_favour: line.in_favour,
                not_voting: line.not_voting,
                carried: line.carried,
            };
            (line.line, view)
        })
        .collect()
}

/// One's own ballot in the vote on the screens; none for whoever is not an elector of it.
pub(super) fn my_ballot(m: &Meeting, id: &PersonId) -> Option<MyBallot> {
    let vote = m.vote_on_screen()?;
    let elector = vote.electors.get(id)?;
    let ballot = vote.ballots.get(id);
    let objection = vote.objections.get(id);
    Some(MyBallot {
        vote: vote.id.clone(),
        channel: elector.channel,
        marks: ballot.map(|ballot| ballot.marks.clone()).unwrap_or_default(),
        at: ballot.map(|ballot| ballot.at),
        objection: objection.map(|objection| objection.marks.clone()).unwrap_or_default(),
    })
}

/// The hands that this site lead counts now.
pub(super) fn my_hands(m: &Meeting, id: &PersonId) -> Option<MyHands> {
    let vote = m.vote_under_way()?;
    let lead = m.setup().people.get(id)?.roles.contains(&Role::SiteLead);
    let site = m.seat(id).filter(|site| lead && vote.hands_at(site) > 0)?;
    let mut people: Vec<PersonId> = vote
        .electors
        .iter()
        .filter(|(_, elector)| elector.channel == Channel::Hands && elector.site == *site)
        .map(|(person, _)| person.clone())
        .collect();
    people.sort_by_key(|person| m.setup().people.get(person).map(|person| person.order));
    let hands = vote.hands.get(site);
    Some(MyHands {
        vote: vote.id.clone(),
        site: site.clone(),
        people,
        counts: hands.map(|hands| hands.counts.clone()).unwrap_or_default(),
        explanation: hands.map(|hands| hands.explanation.clone()).unwrap_or_default(),
    })
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
