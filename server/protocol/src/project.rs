//! From the meeting to a screen: the only way. What an audience may not see is left out here, and nowhere else.
//!
//! `shared` is the part that all screens of one audience have in common, `mine` what belongs to one person or one room. Both
//! read the meeting and change nothing; the rules stay in the `meeting` crate, so that a view never says what a command
//! would not.

mod acts;
mod alerts;
mod confidence;
mod desk;
mod doors;
mod floor;
mod kiosk;
mod notes;
mod paper;
mod question;
mod vote;
mod vote_acts;

use crate::view::{
    AudienceKind, CaptionView, CorrectionView, EndpointView, FairnessView, GroupView, ItemView, LeaveView, PaceView,
    PersonView, ProposalView, QuorumView, RollState, RollView, Shared, SiteView, SittingView, SnapshotView, StageView,
};
use meeting::Meeting;
use meeting::id::{EndpointId, ItemId, PersonId, SiteId, Time};
use meeting::roll::RollPhase;
use meeting::setup::{RequestKind, Role};
use std::collections::BTreeMap;

pub use acts::mine;
pub use doors::{is_outside, outside};

/// Chair and secretary: those who see reasons, proposals and counts of others.
fn runs_the_sitting(audience: AudienceKind) -> bool {
    match audience {
        AudienceKind::Chair | AudienceKind::Secretary => true,
        AudienceKind::Technician | AudienceKind::Room | AudienceKind::Delegate | AudienceKind::Kiosk => false,
    }
}

/// The part that every screen of one audience shares.
#[must_use]
pub fn shared(m: &Meeting, audience: AudienceKind, now: Time) -> Shared {
    if audience == AudienceKind::Kiosk {
        return kiosk::shared(m);
    }
    let inside = runs_the_sitting(audience);
    Shared {
        sitting: sitting(m),
        doors: doors::doors(m, audience),
        people: m
            .setup()
            .people
            .keys()
            .filter_map(|id| Some((id.clone(), person(m, id, inside)?)))
            .collect(),
        groups: m
            .setup()
            .groups
            .iter()
            .map(|(id, group)| {
                (
                    id.clone(),
                    GroupView {
                        name: group.name.clone(),
                        order: group.order,
                    },
                )
            })
            .collect(),
        sites: sites(m, audience),
        endpoints: endpoints(m),
        agenda: agenda(m),
        caption: caption(m),
        list: floor::list(m),
        requests: floor::requests(m, inside),
        turn: m.turn().map(|turn| floor::turn(m, turn, inside)),
        interrupted: m.interrupted().map(|turn| floor::turn(m, turn, inside)),
        ended: floor::ended(m, now),
        turns: floor::past_turns(m, audience),
        notes: if inside { notes::turns(m) } else { BTreeMap::new() },
        scripts: if inside { notes::scripts(m) } else { BTreeMap::new() },
        stage: stage(m),
        fairness: if inside { fairness(m) } else { BTreeMap::new() },
        quorum: quorum(m),
        roll: roll(m),
        snapshots: snapshots(m, inside),
        proposals: if inside { proposals(m) } else { BTreeMap::new() },
        leaves: if inside { leaves(m) } else { BTreeMap::new() },
        corrections: if inside { corrections(m) } else { BTreeMap::new() },
        checks: desk::checks(m, audience, now),
        check_rules: desk::check_rules(m, audience),
        silence: desk::silence(m),
        watching: desk::watching(m, audience),
        questions: question::questions(m, audience),
        block: question::block(m),
        undertakings: question::undertakings(m, audience),
        votes: vote::votes(m, audience),
        vote: m.vote_on_screen().map(|vote| vote.id.clone()),
        vote_rules: vote::rules(m, audience),
        confidence: confidence::confidence(m, audience),
        board: paper::board(m),
        paper_rules: paper::rules(m, audience),
        alerts: alerts::alerts(m, audience, now),
    }
}

fn sitting(m: &Meeting) -> SittingView {
    let setup = m.setup();
    let away = m.chair_away_since();
    SittingView {
        id: setup.sitting.clone(),
        title: setup.title.clone(),
        bodies: setup.bodies.clone(),
        phase: m.phase(),
        since: m.phase_since(),
        opened_at: m.opened_at(),
        starts_at: setup.starts_at,
        pace: m.pace().map(|pace| PaceView {
            // Weeks fit.
            late_ms: i32::try_from(pace.late_ms).unwrap_or(if pace.late_ms < 0 { i32::MIN } else { i32::MAX }),
            grows_from: pace.grows_from,
        }),
        resume_at: m.resume_at(),
        unrecorded: m.unrecorded(),
        presiding: m.presiding().clone(),
        presiding_online: m.person_online(m.presiding()),
        presiding_away_since: away,
        claim_from: away.map(|away| away.plus_seconds(setup.rules.chair_offer_s)),
        offered_to: m.offered_to().cloned(),
        claimed_by: m.claim().map(|claim| claim.by.clone()),
        secretary_coordinates: m.secretary_coordinates(),
        item: m.item().cloned(),
    }
}

fn person(m: &Meeting, id: &PersonId, inside: bool) -> Option<PersonView> {
    let person = m.setup().people.get(id)?;
    let record = m.record(id);
    Some(PersonView {
        name: person.name.clone(),
        title: person.title.clone(),
        roles: person.roles.clone(),
        group: person.group.clone(),
        site: m.seat(id)?.clone(),
        order: person.order,
        online: m.person_online(id),
        attendance: m.attendance(id),
        attendance_at: record.and_then(|record| record.since),
        method: record.and_then(|record| record.method),
        reason: record
            .filter(|record| inside && !record.reason.is_empty())
            .map(|record| record.reason.clone()),
        answer: m.roll().and_then(|roll| roll.answers.get(id)).copied(),
    })
}

fn sites(m: &Meeting, audience: AudienceKind) -> BTreeMap<SiteId, SiteView> {
    let mut sites: BTreeMap<SiteId, SiteView> = m
        .setup()
        .sites
        .iter()
        .map(|(id, site)| {
            let (online, since) = m.site_line(id);
            let phone = match audience {
                AudienceKind::Delegate | AudienceKind::Kiosk => String::new(),
                AudienceKind::Chair | AudienceKind::Secretary | AudienceKind::Technician | AudienceKind::Room => {
                    site.phone.clone()
                }
            };
            let view = SiteView {
                name: site.name.clone(),
                short: site.short.clone(),
                kind: site.kind,
                phone,
                order: site.order,
                online,
                since,
                seated: 0,
                present: 0,
                waiting: 0,
            };
            (id.clone(), view)
        })
        .collect();
    for (id, person) in &m.setup().people {
        if person.roles.contains(&Role::Delegate)
            && let Some(site) = m.seat(id).and_then(|site| sites.get_mut(site))
        {
            site.seated += 1;
            site.present += u32::from(m.attendance(id).is_present());
        }
    }
    for request in m.waiting() {
        if let Some(site) = m.seat(&request.person).and_then(|site| sites.get_mut(site)) {
            site.waiting += 1;
        }
    }
    sites
}

fn endpoints(m: &Meeting) -> BTreeMap<EndpointId, EndpointView> {
    let heard = m.heard();
    let on_deck = m.on_deck_rooms();
    m.setup()
        .endpoints
        .iter()
        .map(|(id, endpoint)| {
            let line = m.room_line(id);
            let view = EndpointView {
                site: endpoint.site.clone(),
                name: endpoint.name.clone(),
                online: m.line_up(id),
                since: line.map(|line| line.since),
                live: heard.contains(id),
                opened: m.open_microphones().contains(id),
                on_deck: on_deck.contains(id),
            };
            (id.clone(), view)
        })
        .collect()
}

fn agenda(m: &Meeting) -> BTreeMap<ItemId, ItemView> {
    let planned = m.planned_at();
    m.setup()
        .agenda
        .iter()
        .map(|(id, item)| {
            let times = m.items().get(id);
            let rule = m.setup().rules.items.get(&item.kind);
            let view = ItemView {
                title: item.title.clone(),
                kind: item.kind.clone(),
                kind_name: rule.map_or_else(String::new, |rule| rule.name.clone()),
                asks: rule.is_some_and(|rule| rule.requests.contains(&RequestKind::Question)),
                planned_at: planned.get(id).copied(),
                ceremony: item.ceremony.clone(),
                minutes: item.minutes,
                order: item.order,
                opened_at: times.map(|times| times.opened_at),
                closed_at: times.and_then(|times| times.closed_at),
            };
            (id.clone(), view)
        })
        .collect()
}

fn caption(m: &Meeting) -> Option<CaptionView> {
    let (ceremony, caption) = m.caption()?;
    let (list, names) = ceremony.names(caption)?;
    Some(CaptionView {
        caption,
        document: ceremony.document.clone(),
        title: list.title.clone(),
        names: names.to_vec(),
    })
}

fn stage(m: &Meeting) -> StageView {
    let stage = m.stage();
    StageView {
        mode: stage.mode,
        primary: stage.primary,
        secondary: stage.secondary,
        arranged: desk::arranged(m),
    }
}

fn fairness(m: &Meeting) -> BTreeMap<SiteId, FairnessView> {
    m.fairness(|turn| Some(turn.site.clone()), |person| m.seat(person).cloned())
        .into_iter()
        .map(|(site, share)| {
            let view = FairnessView {
                served: share.served,
                spoken_ms: share.spoken_ms,
                waiting: share.waiting,
            };
            (site, view)
        })
        .collect()
}

fn quorum(m: &Meeting) -> QuorumView {
    let quorum = m.quorum();
    QuorumView {
        total: quorum.total,
        present: quorum.present,
        hall: quorum.hall,
        sites: quorum.sites,
        online: quorum.online,
        needed: quorum.needed,
        met: quorum.met(),
        disconnected: quorum.disconnected,
        excused: quorum.excused,
        absent: quorum.absent,
        unknown: quorum.unknown,
    }
}

fn roll(m: &Meeting) -> Option<RollView> {
    let roll = m.roll()?;
    let electronic = roll.phase == RollPhase::Electronic;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Some(RollView {
        number: roll.number,
        state: match roll.phase {
            RollPhase::Electronic => RollState::Electronic,
            RollPhase::Collected => RollState::Collected,
            RollPhase::FirstRound => RollState::FirstRound,
            RollPhase::SecondRound => RollState::SecondRound,
        },
        until: electronic.then_some(roll.until),
        order: roll.order,
        calling: roll.calling().cloned(),
        next: roll.to_call().nth(1).cloned(),
        left: count(roll.to_call().count()),
        unanswered: count(roll.unanswered()),
    })
}

fn snapshots(m: &Meeting, inside: bool) -> BTreeMap<String, SnapshotView> {
    m.snapshots()
        .iter()
        .map(|snapshot| {
            let states = if inside {
                snapshot
                    .states
                    .iter()
                    .map(|(id, seated)| (id.clone(), seated.attendance))
                    .collect()
            } else {
                BTreeMap::new()
            };
            let view = SnapshotView {
                at: snapshot.at,
                present: snapshot.present,
                total: snapshot.total,
                met: snapshot.present >= snapshot.needed,
                states,
            };
            (snapshot.number.to_string(), view)
        })
        .collect()
}

fn proposals(m: &Meeting) -> BTreeMap<SiteId, ProposalView> {
    m.proposals()
        .iter()
        .map(|(site, proposal)| {
            let view = ProposalView {
                by: proposal.by.clone(),
                at: proposal.at,
                present: proposal.present.clone(),
            };
            (site.clone(), view)
        })
        .collect()
}

fn leaves(m: &Meeting) -> BTreeMap<PersonId, LeaveView> {
    m.leaves()
        .map(|(id, leave)| {
            (
                id.clone(),
                LeaveView {
                    at: leave.at,
                    reason: leave.reason.clone(),
                },
            )
        })
        .collect()
}

fn corrections(m: &Meeting) -> BTreeMap<PersonId, CorrectionView> {
    m.corrections()
        .map(|(id, asked)| {
            let view = CorrectionView {
                at: asked.at,
                to: asked.to,
                reason: asked.reason.clone(),
            };
            (id.clone(), view)
        })
        .collect()
}
