//! The council of the world: thirty-five delegates in a hall and eight wards, and those who serve it. All are invented.

use crate::chance::Chance;
use meeting::id::{PersonId, SittingId};
use meeting::setup::{AgendaItem, Endpoint, Group, Person, Role, Rules, Setup, Site, SiteKind, TieBreak};

/// Delegates in office: the legal total.
pub(crate) const TOTAL: u32 = 35;
/// Who presides at first.
pub(crate) const CHAIR: &str = "d01";
/// A delegate whose device is in bad hands.
pub(crate) const HOSTILE: &str = "d35";
/// Somebody of whom the roster knows nothing.
pub(crate) const STRANGER: &str = "la";
/// What is on the agenda, in order.
pub(crate) const ITEMS: [&str; 3] = ["bao-cao", "thao-luan", "chat-van"];

/// `w1` … `w8`.
pub(crate) fn wards() -> impl Iterator<Item = String> {
    (1..=8).map(|ward| format!("w{ward}"))
}

/// Three delegates sit in the hall, four in each ward; the first of a ward leads it.
pub(crate) fn setup(chance: &mut Chance) -> Setup {
    let mut people: Vec<(PersonId, Person)> = (1..=TOTAL).map(delegate).collect();
    for (order, (id, role)) in [
        ("thu", Role::Secretary),
        ("hanh", Role::Secretary),
        ("ky", Role::CentralTechnician),
        ("khach", Role::Guest),
        ("nguoi-tra-loi", Role::Questioned),
    ]
    .into_iter()
    .enumerate()
    {
        people.push((id.into(), person(id, vec![role], "hall", TOTAL + 1 + order as u32)));
    }
    let sites = || std::iter::once("hall".to_owned()).chain(wards());
    Setup {
        sitting: SittingId::from("the-gioi"),
        title: "Kỳ họp giả định".to_owned(),
        bodies: vec!["HĐND giả định".to_owned()],
        people: people.into_iter().collect(),
        groups: (1..=4)
            .map(|group| {
                let name = format!("Tổ {group}");
                (format!("to-{group}").as_str().into(), Group { name, order: group })
            })
            .collect(),
        sites: sites()
            .enumerate()
            .map(|(order, id)| (id.as_str().into(), site(&id, order as u32)))
            .collect(),
        endpoints: sites()
            .map(|id| {
                let room = Endpoint {
                    site: id.as_str().into(),
                    name: String::new(),
                };
                (format!("{id}-1").as_str().into(), room)
            })
            .collect(),
        agenda: ITEMS
            .into_iter()
            .zip(["report", "debate", "questioning"])
            .enumerate()
            .map(|(order, (id, kind))| (id.into(), item(id, kind, order as u32)))
            .collect(),
        presiding: CHAIR.into(),
        starts_at: None,
        rules: Rules {
            total: TOTAL,
            tie_break: *chance
                .pick(&[TieBreak::RoundRobin, TieBreak::Random, TieBreak::LeastTime])
                .unwrap(),
            window_s: *chance.pick(&[0, 10]).unwrap(),
            cut_after_s: *chance.pick(&[0, 20]).unwrap(),
            ..Rules::default()
        },
    }
}

fn delegate(number: u32) -> (PersonId, Person) {
    let id = format!("d{number:02}");
    let mut roles = vec![Role::Delegate];
    let site = if number <= 3 {
        "hall".to_owned()
    } else {
        format!("w{}", 1 + (number - 4) / 4)
    };
    if number <= 2 {
        roles.push(Role::Chair);
    }
    if number > 3 && (number - 4).is_multiple_of(4) {
        roles.push(Role::SiteLead);
    }
    let mut person = person(&id, roles, &site, number);
    person.group = Some(format!("to-{}", 1 + number % 4).as_str().into());
    (id.as_str().into(), person)
}

fn person(id: &str, roles: Vec<Role>, site: &str, order: u32) -> Person {
    Person {
        name: format!("Người {id}"),
        title: String::new(),
        roles,
        group: None,
        site: site.into(),
        order,
    }
}

fn site(id: &str, order: u32) -> Site {
    Site {
        name: format!("Điểm cầu {id}"),
        short: id.to_owned(),
        kind: if id == "hall" { SiteKind::Hall } else { SiteKind::Remote },
        phone: String::new(),
        order,
    }
}

fn item(id: &str, kind: &str, order: u32) -> AgendaItem {
    AgendaItem {
        title: id.to_owned(),
        kind: kind.into(),
        minutes: 10,
        order,
        ceremony: None,
    }
}
