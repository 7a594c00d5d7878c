//! The agenda as the spine of a sitting: kinds of items, planned and actual time, ceremonies.

use crate::sitting::{MORNING, Sitting, council, direct, microphone, open_item, register};
use meeting::ceremony::{Caption, Ceremony, Name, NameList};
use meeting::command::{Command, Leftover};
use meeting::id::Time;
use meeting::item::{ItemRule, Scene};
use meeting::refusal::Refusal;
use meeting::setup::{AgendaItem, RequestKind, Setup};
use meeting::{Meeting, SetupError, StageMode};

/// The council of the stories, with an award ceremony at the end.
pub(crate) fn with_awards() -> Setup {
    let name = |name: &str| Name {
        name: name.to_owned(),
        detail: "Giấy khen".to_owned(),
    };
    let awards = AgendaItem {
        title: "Trao giấy khen".to_owned(),
        kind: "awards".into(),
        minutes: 15,
        order: 4,
        ceremony: Some(Ceremony {
            document: "Quyết định số 31/QĐ-HĐND".to_owned(),
            hash: String::new(),
            lists: vec![
                NameList {
                    title: "Tập thể".to_owned(),
                    names: vec![name("Tổ đại biểu số 1"), name("Văn phòng")],
                },
                NameList {
                    title: "Cá nhân".to_owned(),
                    names: (1..=8).map(|n| name(&format!("Người thứ {n}"))).collect(),
                },
            ],
        }),
    };
    let mut setup = council();
    setup.agenda.insert("trao-thuong".into(), awards);
    setup
}

pub(crate) fn caption(list: u32, from: u32, count: u32) -> Command {
    Command::ShowCaption {
        caption: Some(Caption { list, from, count }),
    }
}

fn close() -> Command {
    Command::CloseItem { leftover: None }
}

/// How late the sitting is now, in minutes.
fn late(s: &Sitting) -> i64 {
    let pace = s.meeting.pace().expect("there is something to be late for");
    (pace.late_ms + i64::from(s.now.since(pace.grows_from))) / 60_000
}

#[test]
fn the_clock_says_how_late_we_are() {
    let mut s = Sitting::in_the_lobby(council());
    assert_eq!(s.meeting.pace(), None, "nothing to be late for yet");
    assert!(s.meeting.planned_at().is_empty());
    s.may(
        "an",
        Command::OpenSitting {
            unrecorded: true,
            override_quorum: String::new(),
        },
    );
    let opened = s.now;
    let planned = s.meeting.planned_at();
    assert_eq!(planned[&"chat-van".into()], opened.plus_seconds(30 * 60));
    s.after(5 * 60);
    assert_eq!(late(&s), 5, "five minutes and no item is open");
    s.may("an", open_item("thao-luan"));
    s.after(20 * 60);
    assert_eq!(late(&s), 5, "within its time an item makes nothing later");
    s.after(15 * 60);
    assert_eq!(late(&s), 10, "five minutes too long");
    s.may("an", close());
    s.may("an", open_item("chao-co"));
    s.after(10 * 60);
    s.may("an", close());
    assert_eq!(late(&s), -10, "twenty minutes won, out of the order");
    s.may("an", open_item("chat-van"));
    assert_eq!(late(&s), -10);
    s.after(30 * 60);
    s.may("an", close());
    assert_eq!(s.meeting.pace(), None, "all is done");
    s.may("an", open_item("chao-co"));
    s.after(2 * 60);
    assert_eq!(late(&s), -8, "what was open before has used up its time");
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn the_hour_of_the_invitation_counts_if_there_is_one() {
    let mut setup = council();
    setup.starts_at = Some(Time(MORNING.0 - 600_000));
    let s = Sitting::on_item(setup, "thao-luan");
    assert_eq!(late(&s), 10, "everybody came at ten past");
}

#[test]
fn a_kind_of_item_is_the_councils_own() {
    let mut setup = council();
    let item = setup.agenda.get_mut(&"chao-co".into()).expect("an item");
    item.kind = "dang-huong".into();
    let unknown = Meeting::create(setup.clone());
    assert_eq!(
        unknown,
        Err(SetupError::ItemKind("chao-co".into(), "dang-huong".into()))
    );
    let rule = ItemRule {
        name: "Dâng hương".to_owned(),
        requests: [].into(),
        scene: Scene::Ceremony,
        concludes: false,
    };
    setup.rules.items.insert("dang-huong".into(), rule);
    let mut s = Sitting::on_item(setup, "chao-co");
    assert_eq!(s.meeting.stage().mode, StageMode::Ceremony);
    s.may("an", Command::OpenList);
    assert_eq!(s.refused("lan", register(RequestKind::Speech)), Refusal::KindNotOpen);
    s.may("an", direct("lan", RequestKind::Speech));
    assert_eq!(s.speaker(), Some("lan"), "the chair may still give the word");
}

#[test]
fn while_the_flag_is_saluted_the_hall_alone_is_seen_and_heard() {
    let mut s = Sitting::on_item(council(), "thao-luan");
    s.may("an", microphone("tan-lap-1", true));
    s.may("an", close());
    s.may("an", open_item("chao-co"));
    let stage = s.meeting.stage();
    assert_eq!(
        (stage.mode, stage.primary),
        (StageMode::Ceremony, Some("hall-1".into()))
    );
    assert_eq!(s.heard(), ["hall-1"], "what was opened by hand is off");
    assert_eq!(s.refused("an", microphone("home-1", true)), Refusal::Ceremony);
    assert_eq!(s.refused("an", direct("lan", RequestKind::Speech)), Refusal::Ceremony);
    s.may("an", Command::OpenList);
    for kind in [RequestKind::Speech, RequestKind::PointOfOrder] {
        assert_eq!(s.refused("lan", register(kind)), Refusal::KindNotOpen);
    }
    s.may("an", close());
    assert_eq!(s.heard(), ["hall-1", "tan-lap-1"], "and on again afterwards");
}

#[test]
fn names_of_a_ceremony_stand_under_the_picture() {
    let mut s = Sitting::on_item(with_awards(), "thao-luan");
    assert_eq!(s.refused("an", caption(0, 0, 1)), Refusal::Unknown, "no ceremony");
    s.may("an", close());
    s.may("an", open_item("trao-thuong"));
    assert_eq!(s.refused("lan", caption(0, 0, 1)), Refusal::NotAllowed);
    for (list, from, count) in [
        (0, 0, 3),
        (0, 2, 1),
        (2, 0, 1),
        (1, 0, 0),
        (1, 0, 7),
        (0, u32::MAX, u32::MAX),
    ] {
        assert_eq!(
            s.refused("thu", caption(list, from, count)),
            Refusal::OutOfRange,
            "{list} {from} {count}"
        );
    }
    s.may("thu", caption(0, 0, 2));
    s.may("an", caption(1, 6, 2));
    let (ceremony, shown) = s.meeting.caption().expect("names");
    let (list, names) = ceremony.names(shown).expect("of the list");
    assert_eq!(
        (list.title.as_str(), names[1].name.as_str()),
        ("Cá nhân", "Người thứ 8")
    );
    assert_eq!(s.refused("an", caption(1, 6, 2)), Refusal::NoChange);
    s.may("an", Command::ShowCaption { caption: None });
    assert_eq!(s.meeting.caption(), None);
    s.may("an", caption(0, 0, 1));
    s.may("an", close());
    assert_eq!(s.meeting.caption(), None, "the names go with the item");
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn an_item_does_not_close_over_waiting_people_without_a_word() {
    let mut s = Sitting::debate();
    s.speeches(["lan", "ha"]);
    assert_eq!(s.refused("an", close()), Refusal::QueueNotEmpty { left: 2 });
    s.may(
        "an",
        Command::CloseItem {
            leftover: Some(Leftover::CarryOver),
        },
    );
    s.may("an", open_item("chat-van"));
    assert_eq!(s.queue(), ["lan", "ha"]);
}
