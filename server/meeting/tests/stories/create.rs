//! A council's file is checked as a whole before a sitting begins.

use crate::sitting::council;
use meeting::setup::{Role, Setup, SiteKind};
use meeting::{Event, Meeting, SetupError};

#[track_caller]
fn wrong(change: impl FnOnce(&mut Setup), expected: SetupError) {
    let mut setup = council();
    change(&mut setup);
    assert_eq!(Meeting::create(setup), Err(expected.clone()));
    assert!(!expected.to_string().is_empty());
}

#[test]
fn a_sound_council_is_the_first_event() {
    let events = Meeting::create(council()).expect("sound");
    assert_eq!(
        events,
        [Event::SittingCreated {
            setup: Box::new(council())
        }]
    );
}

#[test]
fn what_is_wrong_is_named() {
    wrong(
        |setup| setup.presiding = "lan".into(),
        SetupError::NotAChair("lan".into()),
    );
    wrong(
        |setup| setup.presiding = "ai-do".into(),
        SetupError::NotAChair("ai-do".into()),
    );
    wrong(|setup| setup.rules.total = 0, SetupError::Total { total: 0, roster: 9 });
    wrong(|setup| setup.rules.total = 8, SetupError::Total { total: 8, roster: 9 });
    wrong(|setup| setup.rules.quorum.out_of = 0, SetupError::Rule("quorum"));
    wrong(|setup| setup.rules.floor_hold_s = 59, SetupError::Rule("floor_hold_s"));
    wrong(|setup| setup.rules.undo_end_s = 9, SetupError::Rule("undo_end_s"));
    wrong(|setup| setup.sitting.0.clear(), SetupError::EmptyId);
    wrong(
        |setup| {
            setup.sites.remove(&"home".into());
        },
        SetupError::EndpointSite("home-1".into(), "home".into()),
    );
    wrong(
        |setup| {
            setup.groups.remove(&"to-2".into());
        },
        SetupError::PersonGroup("dung".into(), "to-2".into()),
    );
    wrong(
        |setup| {
            for site in setup.sites.values_mut() {
                site.kind = SiteKind::Remote;
            }
        },
        SetupError::NoHall,
    );
    wrong(
        |setup| {
            setup
                .people
                .retain(|_, person| !person.roles.contains(&Role::Secretary))
        },
        SetupError::NoSecretary,
    );
    wrong(
        |setup| setup.people.get_mut(&"lan".into()).expect("lan").site = "mars".into(),
        SetupError::PersonSite("lan".into(), "mars".into()),
    );
    wrong(
        |setup| setup.people.get_mut(&"lan".into()).expect("lan").group = None,
        SetupError::NoGroup("lan".into()),
    );
}

#[test]
fn two_delegates_of_one_name_need_a_title_that_tells_them_apart() {
    let rename = |setup: &mut Setup| {
        let name = setup.people[&"dung".into()].name.clone();
        setup.people.get_mut(&"lan".into()).expect("lan").name = name;
    };
    wrong(rename, SetupError::SameName("dung".into(), "lan".into()));
    let mut setup = council();
    rename(&mut setup);
    setup.people.get_mut(&"lan".into()).expect("lan").title = "Phó Trưởng Ban Pháp chế".to_owned();
    Meeting::create(setup).expect("told apart");
}

#[test]
fn fewer_in_office_than_on_the_roster_needs_a_document() {
    let mut setup = council();
    setup.rules.total = 8;
    setup.rules.total_reference = "NQ 03/NQ-HĐND cho thôi làm nhiệm vụ 01 đại biểu".to_owned();
    Meeting::create(setup).expect("documented");
}
