//! T-45: who may give which command, about whom, and when. Every command of the enum × everybody who might ask × whom it is
//! about × every phase, asked of the meeting itself and compared with the table in `tests/rights.txt`.
//!
//! A new command does not compile without saying whom it is about (`commands::about`), and does not pass without an example and a row.
//! `RIGHTS=write` writes the table anew; then read what has changed.

mod commands;

use crate::boxes::board;
use crate::question::{promise, send};
use crate::sitting::{Sitting, at_kiosk, council, device, person, person_at};
use crate::vote::content;
use commands::{About, about, examples};
use meeting::command::{Actor, Asked, Command, Leftover};
use meeting::confidence::command::ConfidenceCommand;
use meeting::confidence::{Mode, Subject};
use meeting::id::{CommandId, EndpointId, PersonId, QuestionId, RequestId, SiteId};
use meeting::refusal::Refusal;
use meeting::setup::{Person, Role, Setup};
use meeting::vote::content::Method;
use std::collections::BTreeSet;

const TABLE: &str = include_str!("../../rights.txt");

/// The phases, by the letters of the table.
const PHASES: [char; 6] = ['P', 'T', 'L', 'O', 'S', 'C'];

/// Somebody who might ask, and the head of their column.
type Asker = (&'static str, fn() -> Actor);

/// Everybody who might ask.
const ASKERS: [Asker; 19] = [
    ("chair", || person("an")),
    ("chair2", || person_at("an", "an-2")),
    ("cochr", || person("binh")),
    ("secr", || person("thu")),
    ("coord", || person("thu")),
    ("tech", || person("ky")),
    ("s.tech", || person("son")),
    ("lead", || person("luu")),
    ("deleg", || person("lan")),
    ("deleg2", || person_at("lan", "lan-2")),
    ("speakr", || person("cuong")),
    ("guest", || person("phuc")),
    ("questd", || person("quang")),
    ("room", || Actor::Room {
        id: "hoa-binh-1".into(),
    }),
    ("kiosk", || at_kiosk("hoa-binh", Some("lan"))),
    ("kiosk0", || at_kiosk("hoa-binh", None)),
    ("hub", || Actor::System),
    ("strngr", || person("nguoi-la")),
    ("str.rm", || Actor::Room { id: "phong-la".into() }),
];

/// Whom a command is about, seen from who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// Oneself, the own request, the own site, the own room.
    Own,
    /// Another person of the same site.
    Colleague,
    /// Somebody of another site, for whom others are responsible.
    Elsewhere,
}

const RELATIONS: [(&str, Relation); 3] = [
    ("own", Relation::Own),
    ("colleague", Relation::Colleague),
    ("elsewhere", Relation::Elsewhere),
];

/// Whom a command is about.
pub(crate) struct Target {
    pub(crate) person: PersonId,
    pub(crate) site: SiteId,
    pub(crate) room: EndpointId,
    pub(crate) request: RequestId,
    pub(crate) question: QuestionId,
}

/// The council of the stories, with a site lead and a site's technician who are nothing else.
fn people() -> Setup {
    let mut setup = council();
    for (id, name, role, order) in [
        ("luu", "Trịnh Văn Lưu", Role::SiteLead, 15),
        ("son", "Lý Hồng Sơn", Role::SiteTechnician, 16),
    ] {
        let person = Person {
            name: name.to_owned(),
            title: String::new(),
            roles: vec![role],
            group: None,
            site: "hoa-binh".into(),
            order,
        };
        setup.people.insert(id.into(), person);
    }
    setup
}

/// The same council in each phase, with everybody at their devices; while it is open Cường speaks and five others wait. With
/// `coordinated` the chair has left the queue to the secretaries.
fn sittings(coordinated: bool) -> [Sitting; 6] {
    let queue_left = |s: &mut Sitting| {
        if coordinated {
            s.may("an", Command::SetCoordination { secretary: true });
        }
    };
    let mut preparing = Sitting::created(people());
    for room in preparing.rooms() {
        preparing.back(&room);
    }
    for person in preparing.persons() {
        preparing.come(&person);
    }
    queue_left(&mut preparing);
    let mut check = preparing.clone();
    check.may("an", Command::StartTechnicalCheck);
    let mut lobby = Sitting::in_the_lobby(people());
    queue_left(&mut lobby);
    let mut open = Sitting::debate_with(people());
    queue_left(&mut open);
    open.gives_the_floor_to("cuong");
    open.speeches(["lan", "minh", "giang", "dung", "ha"]);
    open.may("thu", promise("làm xong"));
    open.may(
        "thu",
        Command::Confidence(ConfidenceCommand::Prepare {
            mode: Mode::Hall,
            decision: "Nghị quyết".to_owned(),
            subjects: vec![on_the_list()],
        }),
    );
    open.may("an", Command::Paper(board(["lan", "minh", "dung"])));
    let mut suspended = open.clone();
    suspended.may("an", Command::Suspend { resume_at: None });
    let mut closed = open.clone();
    closed.may("an", Command::EndTurn);
    closed.may(
        "an",
        Command::CloseItem {
            leftover: Some(Leftover::InWriting),
        },
    );
    closed.may("an", Command::CloseSitting);
    let mut sittings = [preparing, check, lobby, open, suspended, closed];
    for s in &mut sittings[..5] {
        for asker in ["lan", "minh", "cuong", "dung", "giang"] {
            s.may(asker, send("quang", "Ngập úng", false));
        }
        s.ready(content("nghị quyết", Method::Electronic));
    }
    sittings
}

/// Who is voted on by the confidence votes of the table.
pub(crate) fn on_the_list() -> Subject {
    Subject {
        id: "1".into(),
        name: "Ông Một".to_owned(),
        office: String::new(),
        person: None,
    }
}

fn target(s: &Sitting, asker: &Actor, relation: Relation) -> Target {
    let own = match asker {
        Actor::Person { id, .. } => id.0.as_str(),
        Actor::Kiosk { voter, .. } => voter.as_ref().map_or("", |voter| voter.0.as_str()),
        Actor::Room { .. } | Actor::System => "",
    };
    let home = match asker {
        Actor::Person { id, .. } => s.meeting.seat(id).map(|site| site.0.as_str()),
        Actor::Room { id } => s.meeting.setup().endpoints.get(id).map(|room| room.site.0.as_str()),
        Actor::Kiosk { site, .. } => Some(site.0.as_str()),
        Actor::System => None,
    };
    let (colleague, elsewhere) = match home {
        Some("hoa-binh") => (if own == "lan" { "minh" } else { "lan" }, "dung"),
        Some("tan-lap") => ("dung", "lan"),
        Some(_) | None => ("giang", "lan"),
    };
    let about = match relation {
        Relation::Own => own,
        Relation::Colleague => colleague,
        Relation::Elsewhere => elsewhere,
    };
    let site = s
        .meeting
        .seat(&about.into())
        .cloned()
        .or(home.map(SiteId::from))
        .unwrap_or_else(|| SiteId::from("hall"));
    let room = match (asker, relation) {
        (Actor::Room { id }, Relation::Own) => id.clone(),
        _others => EndpointId(format!("{site}-1")),
    };
    let request = s.meeting.requests().values().find(|request| request.person.0 == about);
    let question = s
        .meeting
        .questions()
        .values()
        .find(|question| question.asker.0 == about);
    Target {
        person: about.into(),
        site,
        room,
        request: request.map_or_else(|| "r0".into(), |request| request.id.clone()),
        question: question.map_or_else(|| "q1".into(), |question| question.id.clone()),
    }
}

/// Whether the rights allow it, whatever else may be in the way; and that asking in earnest gives the same answer.
fn may(s: &Sitting, by: &Actor, command: &Command) -> bool {
    let previewed = s.meeting.preview(by, command, s.now);
    let asked = Asked {
        id: CommandId::from("ask"),
        by: by.clone(),
        given_at: None,
        command: command.clone(),
    };
    let decided = s.meeting.decide(&asked, s.now, 0).map(|_| ());
    assert_eq!(previewed, decided, "{by:?}: {command:?}");
    !matches!(
        previewed,
        Err(Refusal::NotAllowed
            | Refusal::NotPresiding
            | Refusal::OtherConsole
            | Refusal::OtherDevice
            | Refusal::WrongPhase
            | Refusal::WrongOrder
            | Refusal::Unknown)
    )
}

/// One row: for everybody the letters of the phases in which they may.
fn row(plain: &[Sitting; 6], coordinated: &[Sitting; 6], name: &str, relation: Relation) -> Vec<String> {
    let cell = |(head, asker): &Asker| {
        let by = asker();
        let sittings = if *head == "coord" { coordinated } else { plain };
        let letter = |(s, letter): (&Sitting, &char)| {
            let command = example(&target(s, &by, relation), name);
            if may(s, &by, &command) { *letter } else { '.' }
        };
        sittings.iter().zip(&PHASES).map(letter).collect()
    };
    ASKERS.iter().map(cell).collect()
}

fn example(target: &Target, name: &str) -> Command {
    let named = |command: &Command| commands::name(command) == name;
    examples(target)
        .into_iter()
        .find(named)
        .expect("every command has an example")
}

fn table() -> String {
    let (plain, coordinated) = (sittings(false), sittings(true));
    let mut text = String::from(include_str!("legend.txt"));
    text += &format!("{:24} {:10}", "command", "about");
    for (head, _) in ASKERS {
        text += &format!(" {head:6}");
    }
    text = text.trim_end().to_owned() + "\n";
    let anybody = target(&plain[3], &person("lan"), Relation::Own);
    for command in examples(&anybody) {
        let name = commands::name(&command);
        let relations = match about(&command) {
            About::Nobody => &RELATIONS[..1],
            About::Person | About::Site | About::Room => &RELATIONS[..],
        };
        let row = |(word, relation): &(&'static str, Relation)| (*word, row(&plain, &coordinated, &name, *relation));
        let mut rows: Vec<_> = relations.iter().map(row).collect();
        if rows.iter().all(|(_, cells)| *cells == rows[0].1) {
            rows = vec![("", rows[0].1.clone())];
        }
        for (word, cells) in rows {
            text += &format!("{name:24} {word:10}");
            for cell in cells {
                text += &format!(" {cell:6}");
            }
            text = text.trim_end().to_owned() + "\n";
        }
    }
    text
}

#[test]
fn every_command_has_an_example() {
    let s = Sitting::debate();
    let named: Vec<_> = examples(&target(&s, &person("lan"), Relation::Own))
        .iter()
        .map(commands::name)
        .collect();
    let unique: BTreeSet<_> = named.iter().cloned().collect();
    assert_eq!(named.len(), unique.len(), "each once");
    assert_eq!(unique, commands::all(), "left: the examples, right: the enum");
}

#[allow(clippy::disallowed_methods)] // not a rule of the meeting: whoever changes the rights asks for it by hand
fn write_if_asked(table: &str) {
    if std::env::var("RIGHTS").is_ok_and(|what| what == "write") {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rights.txt");
        std::fs::write(file, table).expect("the table can be written");
    }
}

#[test]
fn who_may_what_about_whom_and_when_is_as_it_is_written() {
    let table = table();
    write_if_asked(&table);
    let (now, then): (Vec<_>, Vec<_>) = (table.lines().collect(), TABLE.lines().collect());
    let news: Vec<_> = now.iter().filter(|line| !then.contains(line)).collect();
    let gone: Vec<_> = then.iter().filter(|line| !now.contains(line)).collect();
    assert!(
        news.is_empty() && gone.is_empty(),
        "the rights are not as written.\nnow:  {news:#?}\nthen: {gone:#?}"
    );
    assert_eq!(now, then, "rows stand in the order of the enum");
    println!("{} rows × {} askers × {} phases", now.len(), ASKERS.len(), PHASES.len());
}

/// Whoever is not of this sitting may nothing, in no phase and about nobody: the laws behind the table.
#[test]
fn strangers_may_nothing_and_only_the_hub_reports() {
    let rows = TABLE.lines().skip_while(|line| !line.starts_with("command ")).skip(1);
    for line in rows {
        let cells: Vec<_> = line[36..].split_whitespace().collect();
        assert_eq!(cells.len(), ASKERS.len(), "{line}");
        for ((head, asker), cell) in ASKERS.iter().zip(cells) {
            let nothing = cell == "......";
            let stranger = ["strngr", "str.rm"].contains(head);
            assert!(!stranger || nothing, "a stranger: {line}");
            let hub = asker() == Actor::System;
            let reports = line.starts_with("report_") || line.starts_with("bind_device");
            assert!(hub == reports || nothing, "{head}: {line}");
        }
    }
    assert_ne!(device("lan").0, "lan-2", "the second tablet is another one");
}
