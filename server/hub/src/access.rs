//! The ways in: a personal key for a ticket, a room's code and a PIN for a key, and what a room needs to trust the hub.

use crate::app::{App, lock};
use crate::auth::{self, Who};
use crate::http::refuse;
use crate::room::ToRoom;
use crate::{keys, links, pairing};
use axum::extract::{ConnectInfo, Json, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use meeting::id::PersonId;
use protocol::view::AudienceKind;
use serde::Deserialize;
use serde_json::json;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Access, AccessKey, AccessKind, StoreError};
use tokio::sync::oneshot;

/// `POST /api/ticket`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketFor {
    key: String,
}

/// A personal key for a ticket.
pub async fn ticket(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(asked): Json<TicketFor>,
) -> Response {
    let who = match owner(&app, &asked.key, from.ip()).await {
        Ok(who) => who,
        Err(refusal) => return refusal,
    };
    let ticket = lock(&app.tickets).issue(who.clone(), Instant::now());
    let setup = &app.setup;
    let about = match &who {
        Who::Person { id, .. } => {
            let person = setup.people.get(id);
            json!({
                "kind": "person",
                "id": id,
                "name": person.map(|person| &person.name),
                "title": person.map(|person| &person.title),
                "audiences": auth::audiences(setup, &who),
            })
        }
        Who::Room { id, .. } => {
            let room = setup.endpoints.get(id);
            let site = room.and_then(|room| setup.sites.get(&room.site));
            let own = room.map(|room| room.name.as_str()).unwrap_or_default();
            let name = if own.is_empty() {
                site.map(|site| site.name.as_str()).unwrap_or_default()
            } else {
                own
            };
            json!({ "kind": "room", "id": id, "name": name, "site": room.map(|room| &room.site) })
        }
        Who::Kiosk { id, site, .. } => {
            let name = setup.sites.get(site).map(|site| &site.name);
            json!({ "kind": "kiosk", "id": id, "name": name, "site": site })
        }
    };
    let sitting = json!({ "title": setup.title, "bodies": setup.bodies });
    Json(json!({ "ticket": ticket, "who": about, "sitting": sitting })).into_response()
}

/// Whose key it is, or the answer to somebody who has none.
pub(crate) async fn owner(app: &App, key: &str, from: IpAddr) -> Result<Who, Response> {
    match auth::who(&app.store, &app.setup, key).await {
        Ok(Some(who)) => Ok(who),
        // Whoever has a right key comes in, even from the address of somebody who guesses.
        Ok(None) => Err(match lock(&app.wrong_keys).take(by_network(from), Instant::now()) {
            Ok(()) => refuse(StatusCode::UNAUTHORIZED, "bad_key"),
            Err(wait) => too_fast(wait),
        }),
        Err(error) => Err(unavailable(&error)),
    }
}

/// `POST /api/pairing`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairingBy {
    code: String,
}

/// The six digits of a room's screen for a pairing and the names of its roster.
pub async fn pairing(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(asked): Json<PairingBy>,
) -> Response {
    // Six digits can be guessed: right or wrong, each try counts.
    if let Err(wait) = lock(&app.pairing_tries).take(by_network(from.ip()), Instant::now()) {
        return too_fast(wait);
    }
    let rooms = app.setup.endpoints.keys();
    let room = pairing::room_of(&app.secret, rooms, asked.code.trim(), app.clock.now());
    let site = room
        .and_then(|room| app.setup.endpoints.get(room))
        .map(|room| room.site.clone());
    let Some((id, site)) = site.and_then(|id| Some((id.clone(), app.setup.sites.get(&id)?))) else {
        return refuse(StatusCode::NOT_FOUND, "bad_code");
    };
    let (answer, roster) = oneshot::channel();
    if app
        .room
        .send(ToRoom::Roster {
            site: id.clone(),
            answer,
        })
        .await
        .is_err()
    {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    }
    let Ok(roster) = roster.await else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    };
    let people: Vec<_> = roster
        .iter()
        .filter_map(|id| Some((id, app.setup.people.get(id)?)))
        .filter(|(_, person)| auth::has_tablet(person))
        .map(|(id, person)| {
            let group = person
                .group
                .as_ref()
                .and_then(|group| app.setup.groups.get(group))
                .map(|group| &group.name);
            json!({ "id": id, "name": person.name, "title": person.title, "group": group })
        })
        .collect();
    let Some(pairing) = lock(&app.pairings).begin(id.clone(), Instant::now()) else {
        return too_fast(Duration::from_secs(30));
    };
    Json(json!({ "pairing": pairing, "site": { "id": id, "name": site.name }, "people": people })).into_response()
}

/// `POST /api/pairing/confirm`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    pairing: String,
    person: PersonId,
    pin: String,
}

/// Name and PIN for a key of this tablet's own.
pub async fn confirm(State(app): State<Arc<App>>, Json(asked): Json<Confirmation>) -> Response {
    let Some(site) = lock(&app.pairings).site(&asked.pairing, Instant::now()) else {
        return refuse(StatusCode::NOT_FOUND, "bad_pairing");
    };
    let person = asked.person.0.as_str();
    if let Err(refusal) = open_by_pin(&app, person, asked.pin).await {
        return refusal;
    }
    let access = Access {
        kind: AccessKind::Person,
        subject: asked.person.0.clone(),
        site: Some(site.0),
    };
    let key = match new_key(&app, access).await {
        Ok(key) => key,
        Err(refusal) => return refusal,
    };
    lock(&app.pairings).end(&asked.pairing);
    tracing::info!(person, "a tablet was paired");
    Json(json!({ "key": key })).into_response()
}

/// A key that opens this from now on; only its hash is kept.
pub(crate) async fn new_key(app: &App, access: Access) -> Result<String, Response> {
    let key = keys::random();
    let kept = AccessKey {
        hash: keys::hash(&key),
        access,
        made_at: app.clock.now().0,
    };
    let kept = app.store.put_key(kept).await;
    kept.map(|()| key).map_err(|error| unavailable(&error))
}

/// `POST /api/pin`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinFor {
    key: String,
    person: PersonId,
}

/// A secretary unlocks somebody's PIN and is told it (PRODUCT 3.1).
pub async fn pin(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(asked): Json<PinFor>,
) -> Response {
    let who = match owner(&app, &asked.key, from.ip()).await {
        Ok(who) => who,
        Err(refusal) => return refusal,
    };
    if !auth::audiences(&app.setup, &who).contains(&AudienceKind::Secretary) {
        return refuse(StatusCode::FORBIDDEN, "not_allowed");
    }
    if !app.setup.people.get(&asked.person).is_some_and(auth::has_tablet) {
        return refuse(StatusCode::NOT_FOUND, "unknown");
    }
    match app.store.set_tries(&asked.person.0, keys::PIN_TRIES).await {
        Ok(()) => {
            tracing::info!(person = %asked.person, by = ?who, "a PIN was unlocked");
            Json(json!({ "pin": app.secret.pin(&asked.person.0) })).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

/// Looks at a PIN, at a tablet's pairing and at a kiosk alike: five tries, then it is locked until a secretary resets it. A right
/// one gives all tries back.
pub(crate) async fn open_by_pin(app: &App, person: &str, pin: String) -> Result<(), Response> {
    // The try is used up, durably, before the PIN is looked at: neither haste nor a crash gives another.
    let left = match take_try(app, person).await {
        Ok(Some(left)) => left,
        Ok(None) => return Err(refuse(StatusCode::FORBIDDEN, "pin_locked")),
        Err(error) => return Err(unavailable(&error)),
    };
    let right = match app.store.pin(person).await {
        Ok(Some(kept)) => is_right(app, pin, kept.hash).await,
        Ok(None) => false,
        Err(error) => return Err(unavailable(&error)),
    };
    if !right {
        let body = Json(json!({ "code": "bad_pin", "left": left }));
        return Err((StatusCode::FORBIDDEN, body).into_response());
    }
    let reset = app.store.set_tries(person, keys::PIN_TRIES).await;
    reset.map_err(|error| unavailable(&error))
}

/// Uses up a try; how many are left after it, none if there was none.
async fn take_try(app: &App, person: &str) -> Result<Option<u32>, StoreError> {
    match app.store.take_try(person).await {
        Ok(()) => Ok(Some(app.store.pin(person).await?.map_or(0, |pin| pin.tries))),
        Err(StoreError::Conflict) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn is_right(app: &App, pin: String, hash: String) -> bool {
    let _turn = app.hashing.acquire().await;
    tokio::task::spawn_blocking(move || keys::pin_is(pin.trim(), &hash))
        .await
        .unwrap_or(false)
}

/// `GET /api/trust`: what a room needs to trust the hub.
pub async fn trust(State(app): State<Arc<App>>) -> Response {
    let fingerprint = app
        .authority
        .as_ref()
        .map(|authority| authority.fingerprint.as_str())
        .unwrap_or_default();
    let ours = app.authority.is_some();
    Json(json!({ "fingerprint": fingerprint, "own_ca": ours, "ca_url": "/ca.crt", "hosts": app.hosts })).into_response()
}

/// `GET /ca.crt`: the authority's certificate.
pub async fn authority(State(app): State<Arc<App>>) -> Response {
    match &app.authority {
        Some(authority) => {
            let disposition = "attachment; filename=\"diem-cau-ca.crt\"";
            let headers = [
                (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
                (header::CONTENT_DISPOSITION, disposition),
            ];
            (headers, authority.der.clone()).into_response()
        }
        None => refuse(StatusCode::NOT_FOUND, "no_ca"),
    }
}

/// `GET /api/links`, on this machine only.
pub async fn links(State(app): State<Arc<App>>) -> Response {
    let links = links::table(&app.setup, &app.secret, &app.base_url());
    Json(json!({ "links": links })).into_response()
}

pub(crate) fn too_fast(wait: Duration) -> Response {
    let seconds = wait.as_secs() + 1;
    let body = axum::Json(json!({ "code": "too_fast", "retry_after_s": seconds }));
    (
        StatusCode::TOO_MANY_REQUESTS,
        [(header::RETRY_AFTER, seconds.to_string())],
        body,
    )
        .into_response()
}

pub(crate) fn unavailable(error: &StoreError) -> Response {
    tracing::error!(%error, "the database did not answer a way in");
    refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
}

/// One subscriber has a whole /64 of IPv6 addresses to try from.
pub(crate) fn by_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}
