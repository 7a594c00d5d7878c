//! The technical check of bridge points: who may ask, what figures are worth, and how long a result says something.

use crate::sitting::{Sitting, council};
use meeting::check::{
    CheckClass, CheckFigures, CheckItem, CheckRules, Echo, Grade, Picture, PictureState, Transport, Voice, class,
    grades,
};
use meeting::command::{Actor, Command};
use meeting::refusal::Refusal;

/// A good room on a good line.
pub(crate) fn good() -> CheckFigures {
    CheckFigures {
        up_kbps: Some(4_000),
        down_kbps: Some(9_000),
        loss_permille: Some(2),
        rtt_ms: Some(24),
        transport: Some(Transport::Udp),
        picture: Some(Picture {
            width: 1280,
            height: 720,
            fps: 25,
            state: PictureState::Moving,
        }),
        voice: Some(Voice {
            level_db: -24,
            clipped: false,
        }),
        echo: Some(Echo {
            return_db: -52,
            delay_ms: 120,
        }),
        framed: true,
        audible: true,
        consent: true,
    }
}

pub(crate) fn room(id: &str) -> Actor {
    Actor::Room { id: id.into() }
}

pub(crate) fn ask(endpoint: Option<&str>) -> Command {
    Command::AskCheck {
        endpoint: endpoint.map(Into::into),
    }
}

pub(crate) fn record(device: &str, figures: CheckFigures) -> Command {
    Command::RecordCheck {
        device: device.into(),
        figures,
    }
}

fn worth(change: impl FnOnce(&mut CheckFigures)) -> (Vec<(CheckItem, Grade)>, CheckClass) {
    let mut figures = good();
    change(&mut figures);
    let grades = grades(&figures, &CheckRules::default());
    let class = class(&grades);
    let low = grades.into_iter().filter(|(_, grade)| *grade != Grade::Good).collect();
    (low, class)
}

#[test]
fn the_thresholds_of_the_house() {
    use CheckClass::{Conditional, Failed, Passed};
    use CheckItem as I;
    use Grade::{Bad, Fair};
    assert_eq!(worth(|_| ()), (vec![], Passed));
    assert_eq!(worth(|f| f.loss_permille = Some(9)), (vec![], Passed));
    assert_eq!(
        worth(|f| f.loss_permille = Some(10)),
        (vec![(I::Loss, Fair)], Conditional)
    );
    assert_eq!(worth(|f| f.loss_permille = Some(50)), (vec![(I::Loss, Bad)], Failed));
    assert_eq!(worth(|f| f.rtt_ms = Some(150)), (vec![(I::Rtt, Fair)], Conditional));
    assert_eq!(worth(|f| f.rtt_ms = Some(400)), (vec![(I::Rtt, Bad)], Failed));
    assert_eq!(worth(|f| f.up_kbps = Some(2499)), (vec![(I::Up, Fair)], Conditional));
    assert_eq!(worth(|f| f.up_kbps = Some(599)), (vec![(I::Up, Bad)], Failed));
    assert_eq!(worth(|f| f.down_kbps = None), (vec![(I::Down, Bad)], Failed));
    assert_eq!(
        worth(|f| f.transport = Some(Transport::Tcp)),
        (vec![(I::Transport, Fair)], Conditional)
    );
    assert_eq!(worth(|f| f.consent = false), (vec![(I::Consent, Fair)], Conditional));
}

#[test]
fn a_black_camera_a_dead_microphone_and_an_echo_fail() {
    use CheckItem as I;
    let picture = |f: &mut CheckFigures, state| f.picture = good().picture.map(|seen| Picture { state, ..seen });
    let voice = |f: &mut CheckFigures, level_db| {
        f.voice = Some(Voice {
            level_db,
            clipped: false,
        })
    };
    let echo = |f: &mut CheckFigures, return_db| {
        f.echo = Some(Echo {
            return_db,
            delay_ms: 90,
        })
    };
    let bad = |item| (vec![(item, Grade::Bad)], CheckClass::Failed);
    let fair = |item| (vec![(item, Grade::Fair)], CheckClass::Conditional);
    assert_eq!(worth(|f| picture(f, PictureState::Black)), bad(I::Picture));
    assert_eq!(worth(|f| picture(f, PictureState::Frozen)), bad(I::Picture));
    assert_eq!(worth(|f| f.picture = None), bad(I::Picture));
    assert_eq!(worth(|f| voice(f, -60)), bad(I::Voice));
    assert_eq!(worth(|f| voice(f, -50)), fair(I::Voice));
    assert_eq!(worth(|f| voice(f, -4)), fair(I::Voice));
    assert_eq!(worth(|f| echo(f, -29)), bad(I::Echo));
    assert_eq!(worth(|f| echo(f, -35)), fair(I::Echo));
    assert_eq!(worth(|f| f.echo = None), fair(I::Echo));
}

#[test]
fn a_council_with_poorer_lines_sets_its_own_thresholds() {
    let mut setup = council();
    setup.rules.check.good.up_kbps = 800;
    let mut s = Sitting::in_the_lobby(setup);
    let figures = CheckFigures {
        up_kbps: Some(900),
        ..good()
    };
    s.ask_as(room("hoa-binh-1"), record("d1", figures))
        .expect("a room tells what it has measured");
    let checked = &s.meeting.checks()[&"hoa-binh-1".into()];
    assert_eq!(checked.class, CheckClass::Passed);
}

#[test]
fn the_technician_asks_all_rooms_and_each_answers_for_itself() {
    let mut s = Sitting::in_the_lobby(council());
    s.lose("tan-lap-2", 0);
    s.may("ky", ask(None));
    let asked = |s: &Sitting, room: &str| s.meeting.check_asked(&room.into(), s.now).is_some();
    assert!(asked(&s, "hall-1") && asked(&s, "hoa-binh-1") && asked(&s, "home-1"));
    assert!(!asked(&s, "tan-lap-2"), "who is not there is not asked");
    s.ask_as(room("hoa-binh-1"), record("d1", good())).expect("its own");
    assert!(!asked(&s, "hoa-binh-1") && asked(&s, "hall-1"));
    s.after(90);
    assert!(
        !asked(&s, "hall-1"),
        "a room that does not answer is not waited for for ever"
    );
    assert_eq!(s.meeting.checks().len(), 1);
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn a_room_asks_for_itself_only() {
    let mut s = Sitting::in_the_lobby(council());
    s.ask_as(room("hoa-binh-1"), ask(Some("hoa-binh-1"))).expect("its own");
    for command in [ask(Some("hall-1")), ask(None)] {
        assert_eq!(s.ask_as(room("hoa-binh-1"), command), Err(Refusal::NotAllowed));
    }
    assert_eq!(s.refused("lan", ask(Some("hoa-binh-1"))), Refusal::NotAllowed);
    assert_eq!(s.refused("ky", record("d1", good())), Refusal::NotAllowed);
    assert_eq!(
        s.ask_as(room("nowhere"), record("d1", good())),
        Err(Refusal::NotAllowed)
    );
    assert_eq!(s.refused("ky", ask(Some("nowhere"))), Refusal::Unknown);
}

#[test]
fn nobody_chirps_into_a_speech() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    assert_eq!(s.refused("ky", ask(Some("hoa-binh-1"))), Refusal::RoomLive);
    assert_eq!(
        s.refused("ky", ask(Some("hall-1"))),
        Refusal::RoomLive,
        "the chair sits there"
    );
    s.may("ky", ask(Some("tan-lap-1")));
    s.lose("tan-lap-2", 0);
    assert_eq!(s.refused("ky", ask(Some("tan-lap-2"))), Refusal::RoomOffline);
}

#[test]
fn another_laptop_is_another_room() {
    let mut s = Sitting::in_the_lobby(council());
    let device = |device: &str| Command::ReportRoomDevice {
        endpoint: "hoa-binh-1".into(),
        device: device.into(),
    };
    assert_eq!(s.hub(device("old")), Err(Refusal::NoChange), "never checked");
    s.ask_as(room("hoa-binh-1"), record("old", good())).expect("checked");
    assert_eq!(
        s.hub(device("old")),
        Err(Refusal::NoChange),
        "the page was loaded again"
    );
    s.hub(device("new")).expect("the laptop was changed");
    assert!(s.meeting.checks()[&"hoa-binh-1".into()].void);
    assert_eq!(s.hub(device("new")), Err(Refusal::NoChange));
    s.ask_as(room("hoa-binh-1"), record("new", good()))
        .expect("checked again");
    let checked = &s.meeting.checks()[&"hoa-binh-1".into()];
    assert_eq!((checked.void, checked.number), (false, 2));
}

#[test]
fn figures_that_no_page_could_measure_are_refused() {
    let mut s = Sitting::in_the_lobby(council());
    for change in [
        |f: &mut CheckFigures| f.loss_permille = Some(1001),
        |f: &mut CheckFigures| f.up_kbps = Some(u32::MAX),
        |f: &mut CheckFigures| {
            f.voice = Some(Voice {
                level_db: 90,
                clipped: false,
            })
        },
    ] {
        let mut figures = good();
        change(&mut figures);
        assert_eq!(
            s.ask_as(room("hall-1"), record("d1", figures)),
            Err(Refusal::OutOfRange)
        );
    }
    let long = "x".repeat(65);
    assert_eq!(
        s.ask_as(room("hall-1"), record(&long, good())),
        Err(Refusal::OutOfRange)
    );
}
