//! The beginning: a setup is checked as a whole before it becomes the first event of a journal.

use crate::event::Event;
use crate::id::{EndpointId, GroupId, ItemId, PersonId, SiteId};
use crate::item::ItemKind;
use crate::meeting::Meeting;
use crate::setup::{Role, Setup, SiteKind};
use std::collections::BTreeMap;
use std::fmt;

/// Why a setup cannot become a sitting. For an operator who reads a configuration, so it names what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupError {
    /// An id is empty.
    EmptyId,
    /// There is nobody who could be counted.
    NoDelegates,
    /// There is no hall.
    NoHall,
    /// There is no secretary, so the sitting could never be opened.
    NoSecretary,
    /// Who presides is not on the roster, or may not preside.
    NotAChair(PersonId),
    /// A person sits at a site that is not there.
    PersonSite(PersonId, SiteId),
    /// A person belongs to a group that is not there.
    PersonGroup(PersonId, GroupId),
    /// A delegate without a group.
    NoGroup(PersonId),
    /// An endpoint stands at a site that is not there.
    EndpointSite(EndpointId, SiteId),
    /// An item of a kind that the rules do not know.
    ItemKind(ItemId, ItemKind),
    /// Two people of the same name whom no title tells apart (PRODUCT 3.1).
    SameName(PersonId, PersonId),
    /// Fewer delegates in office than on the roster, and no document that says why.
    Total {
        /// The legal total.
        total: u32,
        /// Delegates on the roster.
        roster: u32,
    },
    /// A number of the rules is out of its range.
    Rule(&'static str),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyId => write!(f, "an id is empty"),
            Self::NoDelegates => write!(f, "the roster has no delegate"),
            Self::NoHall => write!(f, "no site is the hall"),
            Self::NoSecretary => write!(f, "the roster has no secretary"),
            Self::NotAChair(id) => write!(f, "{id} is to preside but is no chair of the roster"),
            Self::PersonSite(id, site) => write!(f, "{id} sits at {site}, which is no site"),
            Self::PersonGroup(id, group) => write!(f, "{id} belongs to {group}, which is no group"),
            Self::NoGroup(id) => write!(f, "the delegate {id} belongs to no group"),
            Self::EndpointSite(id, site) => write!(f, "the endpoint {id} stands at {site}, which is no site"),
            Self::ItemKind(id, kind) => write!(f, "the item {id} is of the kind {kind}, which the rules do not know"),
            Self::SameName(a, b) => write!(f, "{a} and {b} have the same name and no title that tells them apart"),
            Self::Total { total, roster } => {
                write!(
                    f,
                    "the total is {total} but the roster has {roster} delegates, and no document says why"
                )
            }
            Self::Rule(name) => write!(f, "the rule `{name}` is out of range"),
        }
    }
}

impl std::error::Error for SetupError {}

impl Meeting {
    /// The first entry of a journal.
    pub fn create(setup: Setup) -> Result<Vec<Event>, SetupError> {
        places(&setup)?;
        people(&setup)?;
        rules(&setup)?;
        agenda(&setup)?;
        Ok(vec![Event::SittingCreated { setup: Box::new(setup) }])
    }
}

fn places(setup: &Setup) -> Result<(), SetupError> {
    let ids = setup
        .people
        .keys()
        .map(|id| &id.0)
        .chain(setup.sites.keys().map(|id| &id.0))
        .chain(setup.endpoints.keys().map(|id| &id.0))
        .chain(setup.groups.keys().map(|id| &id.0))
        .chain(setup.agenda.keys().map(|id| &id.0));
    if ids.chain([&setup.sitting.0]).any(|id| id.trim().is_empty()) {
        return Err(SetupError::EmptyId);
    }
    if !setup.sites.values().any(|site| site.kind == SiteKind::Hall) {
        return Err(SetupError::NoHall);
    }
    for (id, endpoint) in &setup.endpoints {
        if !setup.sites.contains_key(&endpoint.site) {
            return Err(SetupError::EndpointSite(id.clone(), endpoint.site.clone()));
        }
    }
    Ok(())
}

fn people(setup: &Setup) -> Result<(), SetupError> {
    let mut names: BTreeMap<(&str, &str), &PersonId> = BTreeMap::new();
    for (id, person) in &setup.people {
        if !setup.sites.contains_key(&person.site) {
            return Err(SetupError::PersonSite(id.clone(), person.site.clone()));
        }
        match &person.group {
            Some(group) if !setup.groups.contains_key(group) => {
                return Err(SetupError::PersonGroup(id.clone(), group.clone()));
            }
            None if person.roles.contains(&Role::Delegate) && !setup.groups.is_empty() => {
                return Err(SetupError::NoGroup(id.clone()));
            }
            Some(_) | None => {}
        }
        if let Some(other) = names.insert((person.name.trim(), person.title.trim()), id) {
            return Err(SetupError::SameName(other.clone(), id.clone()));
        }
    }
    let with = |role| setup.people.values().filter(move |person| person.roles.contains(&role));
    if with(Role::Secretary).next().is_none() {
        return Err(SetupError::NoSecretary);
    }
    let presides = setup
        .people
        .get(&setup.presiding)
        .is_some_and(|person| person.roles.contains(&Role::Chair));
    if !presides {
        return Err(SetupError::NotAChair(setup.presiding.clone()));
    }
    let roster = u32::try_from(with(Role::Delegate).count()).unwrap_or(u32::MAX);
    if roster == 0 {
        return Err(SetupError::NoDelegates);
    }
    let total = setup.rules.total;
    if total == 0 || (total < roster && setup.rules.total_reference.trim().is_empty()) {
        return Err(SetupError::Total { total, roster });
    }
    Ok(())
}

fn agenda(setup: &Setup) -> Result<(), SetupError> {
    let known = |kind: &ItemKind| setup.rules.items.contains_key(kind);
    match setup.agenda.iter().find(|(_, item)| !known(&item.kind)) {
        Some((id, item)) => Err(SetupError::ItemKind(id.clone(), item.kind.clone())),
        None => Ok(()),
    }
}

fn rules(setup: &Setup) -> Result<(), SetupError> {
    let rules = &setup.rules;
    let in_range = [
        (
            "quorum",
            rules.quorum.out_of > 0 && rules.quorum.of <= rules.quorum.out_of,
        ),
        (
            "closing_share",
            rules.closing_share.out_of > 0 && rules.closing_share.of <= rules.closing_share.out_of,
        ),
        ("window_s", rules.window_s <= 600),
        ("closing_notice_s", rules.closing_notice_s <= 600),
        ("late_grace_s", rules.late_grace_s <= 60),
        ("floor_hold_s", (60..=300).contains(&rules.floor_hold_s)),
        ("auto_resume_s", rules.auto_resume_s <= rules.floor_hold_s),
        ("undo_end_s", (10..=60).contains(&rules.undo_end_s)),
        ("clock_start_s", rules.clock_start_s <= 60),
        ("roll_s", rules.roll_s > 0),
        ("cut_hold_s", rules.cut_hold_s <= 600),
        ("undo_silence_s", (10..=60).contains(&rules.undo_silence_s)),
        ("check.patience_s", (30..=600).contains(&rules.check.patience_s)),
        (
            "check.voice_from_db",
            rules.check.voice_from_db <= rules.check.voice_to_db,
        ),
    ];
    let out = in_range.into_iter().find_map(|(name, holds)| (!holds).then_some(name));
    match out
        .or_else(|| rules.question.out_of_range())
        .or_else(|| rules.vote.out_of_range())
        .or_else(|| rules.confidence.out_of_range())
        .or_else(|| rules.paper.out_of_range())
    {
        Some(name) => Err(SetupError::Rule(name)),
        None => Ok(()),
    }
}
