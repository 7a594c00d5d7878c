//! The table of links: who opens which address. It goes to the terminal and to the page `/lien-ket` of this machine itself.

use crate::keys::Secret;
use meeting::id::PersonId;
use meeting::setup::{Person, Role, Setup};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde::Serialize;
use std::fmt::Write;
use store::AccessKind;

/// For what kind of screen a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Bàn chủ tọa.
    Chair,
    /// Bàn thư ký.
    Secretary,
    /// Bàn kỹ thuật.
    Technician,
    /// A room.
    Room,
    /// A delegate.
    Delegate,
    /// A guest.
    Guest,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What kind of screen.
    pub group: Group,
    /// The person or the bridge point.
    pub label: String,
    /// Office, or the room's name.
    pub detail: String,
    /// The address with the personal key in its fragment, which no browser sends to a server.
    pub url: String,
    /// The first PIN, for pairing by a room's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
}

/// The whole table, in the order in which a secretary hands it out.
#[must_use]
pub fn table(setup: &Setup, secret: &Secret, base_url: &str) -> Vec<Link> {
    let mut people: Vec<(&PersonId, &Person)> = setup.people.iter().collect();
    people.sort_by_key(|(_, person)| person.order);
    let mut links = Vec::new();
    for (id, person) in people {
        let key = secret.key(AccessKind::Person, &id.0);
        for (group, path) in screens(person) {
            let pin = matches!(group, Group::Delegate | Group::Guest).then(|| secret.pin(&id.0));
            let (label, detail) = (person.name.clone(), person.title.clone());
            links.push(Link {
                group,
                label,
                detail,
                url: format!("{base_url}/{path}#{key}"),
                pin,
            });
        }
    }
    let mut rooms: Vec<_> = setup.endpoints.iter().collect();
    rooms.sort_by_key(|(_, room)| setup.sites.get(&room.site).map(|site| site.order));
    for (id, room) in rooms {
        let key = secret.key(AccessKind::Room, &id.0);
        let label = setup
            .sites
            .get(&room.site)
            .map_or_else(|| id.to_string(), |site| site.name.clone());
        let url = format!("{base_url}/phong#{key}");
        links.push(Link {
            group: Group::Room,
            label,
            detail: room.name.clone(),
            url,
            pin: None,
        });
    }
    links.sort_by_key(|link| link.group);
    links
}

fn screens(person: &Person) -> Vec<(Group, &'static str)> {
    let mut screens: Vec<(Group, &'static str)> = person
        .roles
        .iter()
        .map(|role| match role {
            Role::Chair => (Group::Chair, "chu-toa"),
            Role::Secretary => (Group::Secretary, "thu-ky"),
            Role::CentralTechnician => (Group::Technician, "ky-thuat"),
            Role::Delegate => (Group::Delegate, "dai-bieu"),
            Role::Guest | Role::Questioned | Role::SiteLead | Role::SiteTechnician => (Group::Guest, "dai-bieu"),
        })
        .collect();
    screens.sort_unstable();
    // A delegate who leads a bridge point too has one page for both.
    screens.dedup_by_key(|(_, path)| *path);
    screens
}

/// The table for a terminal.
#[must_use]
pub fn for_terminal(links: &[Link]) -> String {
    let width = links.iter().map(|link| link.label.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    let mut group = None;
    for link in links {
        if group != Some(link.group) {
            group = Some(link.group);
            let _infallible = write!(text, "\n  {}\n", heading(link.group));
        }
        let pin = link.pin.as_ref().map(|pin| format!("   PIN {pin}")).unwrap_or_default();
        let space = " ".repeat(width - link.label.chars().count());
        let _infallible = writeln!(text, "    {}{space}  {}{pin}", link.label, link.url);
    }
    text
}

fn heading(group: Group) -> &'static str {
    match group {
        Group::Chair => "CHAIR · chủ tọa",
        Group::Secretary => "SECRETARY · thư ký",
        Group::Technician => "TECHNICIAN · kỹ thuật",
        Group::Room => "ROOMS · điểm cầu",
        Group::Delegate => "DELEGATES · đại biểu",
        Group::Guest => "GUESTS · khách mời",
    }
}

/// A QR code for a terminal, dark on light as cameras want it; empty if the text is too long for one.
#[must_use]
pub fn qr(text: &str) -> String {
    QrCode::new(text).map_or_else(
        |_| String::new(),
        |code| {
            code.render::<Dense1x2>()
                .dark_color(Dense1x2::Light)
                .light_color(Dense1x2::Dark)
                .build()
        },
    )
}
