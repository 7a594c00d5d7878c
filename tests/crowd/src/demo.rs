//! `crowd demo`: a city hall, three bridge points and a council of delegates, so that one person alone with one laptop sees
//! a lively sitting and can chair it.
//!
//! It takes the personal links from the hub's table of links. Who takes over a link, in a browser, takes over the seat: the
//! bot leaves it.

use crate::asset::Show;
use crate::camera::Device;
use crate::client::{Client, News};
use crate::http::Hub;
use crate::{delegate, room::Room};
use anyhow::{Context, Result, bail, ensure};
use meeting::id::{EndpointId, SiteId};
use meeting::setup::SiteKind;
use protocol::view::{AudienceKind, Shared};
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// One line of the table of links.
#[derive(Debug, Clone, Deserialize)]
pub struct PersonalLink {
    /// `chair`, `secretary`, `technician`, `room`, `delegate` or `guest`.
    pub group: String,
    /// Whose.
    pub label: String,
    /// The address with the personal key as its fragment.
    pub url: String,
}

impl PersonalLink {
    /// The personal key.
    #[must_use]
    pub fn key(&self) -> &str {
        self.url.split_once('#').map_or("", |(_, key)| key)
    }
}

#[derive(Deserialize)]
struct Links {
    links: Vec<PersonalLink>,
}

/// The table of links: from a file, or from the hub's localhost listener, for which it waits up to a minute.
///
/// # Errors
/// When there is none.
pub async fn links(hub: &Hub, file: Option<&std::path::Path>) -> Result<Vec<PersonalLink>> {
    if let Some(path) = file {
        let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        return Ok(serde_json::from_slice::<Links>(&text)?.links);
    }
    for _ in 0..120 {
        match hub.get("/api/links").await {
            Ok(answer) if answer.status == 200 => {
                return Ok(serde_json::from_slice::<Links>(&answer.body)?.links);
            }
            Ok(answer) => bail!("the hub gives no links: status {}", answer.status),
            Err(_) => tokio::time::sleep(Duration::from_millis(500)).await,
        }
    }
    bail!("the hub does not answer")
}

/// Plays the demonstration until every screen was taken over, or for ever.
///
/// # Errors
/// When the hub or its table of links cannot be used.
pub async fn run(hub: Hub, file: Option<&std::path::Path>, delegates: usize, seed: u64, device: Device) -> Result<()> {
    let links = links(&hub, file).await?;
    let rooms = rooms(&hub, &links).await?;
    let first = rooms.values().next().context("the council has no rooms")?.clone();
    let shared: Shared = serde_json::from_value(look(&hub, first.key(), AudienceKind::Room).await?)?;
    let chosen = choose(&shared);
    ensure!(!chosen.is_empty(), "the council has no hall and no bridge points");
    let mut tasks = tokio::task::JoinSet::new();
    let mut sites: BTreeSet<SiteId> = BTreeSet::new();
    for (number, (site, endpoint)) in chosen.into_iter().enumerate() {
        let Some(link) = rooms.get(&endpoint) else { continue };
        println!("  phòng    {}", link.label);
        sites.insert(site);
        let room = Room::open(&hub, link.key(), Show::of(number)?, "127.0.0.1:0", device);
        tasks.spawn(room.play());
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    let chairs: BTreeSet<&str> = links
        .iter()
        .filter(|link| link.group == "chair")
        .map(|link| link.label.as_str())
        .collect();
    let seats: Vec<&PersonalLink> = links
        .iter()
        .filter(|link| link.group == "delegate" && !chairs.contains(link.label.as_str()))
        .collect();
    println!("  đại biểu {} ({delegates} người phát biểu)", seats.len());
    for (number, link) in seats.into_iter().enumerate() {
        let seed = seed.wrapping_add(number as u64);
        tasks.spawn(delegate::play(
            hub.clone(),
            link.key().to_owned(),
            sites.clone(),
            delegates,
            seed,
        ));
        // A council does not arrive in one instant.
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    while tasks.join_next().await.is_some() {}
    Ok(())
}

/// The rooms' links by endpoint: only a ticket says which room a link belongs to.
async fn rooms(hub: &Hub, links: &[PersonalLink]) -> Result<BTreeMap<EndpointId, PersonalLink>> {
    let mut rooms = BTreeMap::new();
    for link in links.iter().filter(|link| link.group == "room") {
        let answer = hub.post("/api/ticket", &json!({ "key": link.key() })).await?;
        let body = answer.json()?;
        if let Some(id) = body["who"]["id"].as_str() {
            rooms.insert(EndpointId::from(id), link.clone());
        }
    }
    Ok(rooms)
}

/// A glance at the sitting through one screen: the part of the view that is the same for its audience.
///
/// # Errors
/// When the key is not taken, or the hub shows nothing for 20 s.
pub async fn look(hub: &Hub, key: &str, audience: AudienceKind) -> Result<serde_json::Value> {
    let mut client = Client::open(hub, key, audience);
    let glance = async {
        loop {
            match client.next().await {
                News::Changed { .. } if client.mirror.view().is_some() => {
                    return Ok(client.mirror.shared_json().clone());
                }
                News::Ended(reason) => bail!("the link is not taken: {reason:?}"),
                News::Changed { .. } | News::Answered { .. } | News::Other(_) | News::Lost => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), glance)
        .await
        .context("the hub shows nothing")?
}

/// The hall and the first three bridge points.
fn choose(shared: &Shared) -> Vec<(SiteId, EndpointId)> {
    let room_of = |site: &SiteId| {
        shared
            .endpoints
            .iter()
            .find(|(_, endpoint)| endpoint.site == *site)
            .map(|(id, _)| (site.clone(), id.clone()))
    };
    let of_kind = |kind: SiteKind| {
        let mut sites: Vec<_> = shared.sites.iter().filter(|(_, site)| site.kind == kind).collect();
        sites.sort_by_key(|(_, site)| site.order);
        sites.into_iter().filter_map(|(id, _)| room_of(id)).collect::<Vec<_>>()
    };
    of_kind(SiteKind::Hall)
        .into_iter()
        .take(1)
        .chain(of_kind(SiteKind::Remote).into_iter().take(3))
        .collect()
}
