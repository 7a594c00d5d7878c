//! How a screen that belongs to a place comes in (PRODUCT 3.1, 3.12): a desk shows six digits, somebody types them at the room's
//! large screen or at the kiosk, and that machine has a key of its own, which the desk takes back when it likes.
//!
//! A code is good once and for five minutes, and is kept in memory alone: whoever restarts the hub asks for another. What is
//! enrolled stands in the database, by the key's hash, and outlives everything. What a key opens is said in [`crate::auth`].

use crate::access::{by_network, new_key, owner, too_fast, unavailable};
use crate::app::{App, lock};
use crate::auth::{self, KeyHash, Who};
use crate::http::refuse;
use crate::keys;
use crate::kiosk::seat;
use crate::room::ToRoom;
use axum::extract::{ConnectInfo, Json, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use meeting::id::{EndpointId, PersonId, SiteId};
use meeting::setup::{Role, Setup};
use protocol::view::AudienceKind;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Access, AccessKey, AccessKind};
use tokio::sync::oneshot;

/// How long a code is good.
const CODE: Duration = Duration::from_secs(300);
/// At most so many codes wait to be typed.
const CODES: usize = 500;

/// What is enrolled: a machine of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Machine {
    /// A room's camera, microphone and large screen.
    Room(EndpointId),
    /// A shared tablet at a bridge point, on which delegates vote.
    Kiosk(SiteId),
}

impl Machine {
    fn site<'a>(&'a self, setup: &'a Setup) -> Option<&'a SiteId> {
        match self {
            Self::Room(room) => setup.endpoints.get(room).map(|room| &room.site),
            Self::Kiosk(site) => setup.sites.contains_key(site).then_some(site),
        }
    }
}

/// Codes that wait to be typed.
#[derive(Debug, Default)]
pub struct Enrolments(HashMap<String, (Machine, Instant)>);

impl Enrolments {
    /// A code for a machine; none if too many wait.
    pub fn begin(&mut self, machine: Machine, now: Instant) -> Option<String> {
        self.0.retain(|_, (_, until)| *until > now);
        if self.0.len() >= CODES {
            return None;
        }
        // Few of a million are taken.
        let code = loop {
            let code = keys::random_digits();
            if !self.0.contains_key(&code) {
                break code;
            }
        };
        self.0.insert(code.clone(), (machine, now + CODE));
        Some(code)
    }

    /// Uses a code up.
    pub fn take(&mut self, code: &str, now: Instant) -> Option<Machine> {
        let (machine, until) = self.0.remove(code)?;
        (until > now).then_some(machine)
    }
}

/// Whose machines somebody at a desk may let in and take back.
enum Reach {
    All,
    Site(SiteId),
}

impl Reach {
    fn has(&self, site: Option<&SiteId>) -> bool {
        match self {
            Self::All => site.is_some(),
            Self::Site(own) => site == Some(own),
        }
    }
}

/// Secretaries and central technicians: all sites. Who leads a site or looks after its technique: the own one.
async fn reach(app: &App, key: &str, from: IpAddr) -> Result<Reach, Response> {
    let who = owner(app, key, from).await?;
    let denied = || refuse(StatusCode::FORBIDDEN, "not_allowed");
    let audiences = auth::audiences(&app.setup, &who);
    if audiences.contains(&AudienceKind::Secretary) || audiences.contains(&AudienceKind::Technician) {
        return Ok(Reach::All);
    }
    let Who::Person { id, .. } = &who else {
        return Err(denied());
    };
    if !looks_after_a_site(&app.setup, id) {
        return Err(denied());
    }
    seat(app, id).await?.map(Reach::Site).ok_or_else(denied)
}

fn looks_after_a_site(setup: &Setup, id: &PersonId) -> bool {
    let roles = setup
        .people
        .get(id)
        .map(|person| person.roles.as_slice())
        .unwrap_or_default();
    roles
        .iter()
        .any(|role| matches!(role, Role::SiteLead | Role::SiteTechnician))
}

/// `POST /api/enrol/code`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeFor {
    key: String,
    machine: Machine,
}

/// A desk asks for a code.
pub async fn code(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(asked): Json<CodeFor>,
) -> Response {
    let reach = match reach(&app, &asked.key, from.ip()).await {
        Ok(reach) => reach,
        Err(refusal) => return refusal,
    };
    if !reach.has(asked.machine.site(&app.setup)) {
        return refuse(StatusCode::NOT_FOUND, "unknown");
    }
    match lock(&app.enrolments).begin(asked.machine, Instant::now()) {
        Some(code) => {
            let page = format!("{}/ghi-danh", app.base_url());
            Json(json!({ "code": code, "page": page, "seconds": CODE.as_secs() })).into_response()
        }
        None => too_fast(CODE),
    }
}

/// `POST /api/enrol`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    code: String,
}

/// Six digits from a desk, typed at the machine, for a key of its own.
pub async fn enrol(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(asked): Json<Typed>,
) -> Response {
    // Six digits can be guessed: right or wrong, each try counts.
    if let Err(wait) = lock(&app.enrol_tries).take(by_network(from.ip()), Instant::now()) {
        return too_fast(wait);
    }
    let taken = lock(&app.enrolments).take(asked.code.trim(), Instant::now());
    let Some(machine) = taken else {
        return refuse(StatusCode::NOT_FOUND, "bad_code");
    };
    let (access, audience) = match &machine {
        Machine::Room(room) => (access(AccessKind::Room, &room.0, None), AudienceKind::Room),
        Machine::Kiosk(site) => {
            let name = format!("ban-phieu-{}", &keys::random()[..6]);
            (access(AccessKind::Kiosk, &name, Some(&site.0)), AudienceKind::Kiosk)
        }
    };
    let subject = access.subject.clone();
    let key = match new_key(&app, access).await {
        Ok(key) => key,
        Err(refusal) => return refusal,
    };
    tracing::info!(subject, "a screen was enrolled");
    Json(json!({ "key": key, "audience": audience })).into_response()
}

fn access(kind: AccessKind, subject: &str, site: Option<&str>) -> Access {
    Access {
        kind,
        subject: subject.to_owned(),
        site: site.map(str::to_owned),
    }
}

/// `POST /api/enrol/list`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListFor {
    key: String,
}

/// What is enrolled: a desk's list.
pub async fn list(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(asked): Json<ListFor>,
) -> Response {
    let kept = match reach(&app, &asked.key, from.ip()).await {
        Ok(reach) => kept(&app, &reach).await,
        Err(refusal) => return refusal,
    };
    let (kept, open) = match (kept, open(&app).await) {
        (Ok(kept), Ok(open)) => (kept, open),
        (Err(refusal), _) | (_, Err(refusal)) => return refusal,
    };
    let machines: Vec<_> = kept
        .iter()
        .map(|(machine, key)| {
            let subject = &key.access.subject;
            // The link of the printed table, which is there from the start.
            let printed = key.hash == keys::hash(&app.secret.key(key.access.kind, subject));
            json!({
                "id": hex::encode(key.hash),
                "machine": machine,
                "site": machine.site(&app.setup),
                "name": subject,
                "at": key.made_at,
                "printed": printed,
                "open": open.contains(&key.hash),
            })
        })
        .collect();
    Json(json!({ "machines": machines })).into_response()
}

/// `POST /api/enrol/revoke`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoking {
    key: String,
    id: String,
}

/// A desk takes a machine back. Its screen is closed within half a second ([`crate::watch`]).
pub async fn revoke(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(asked): Json<Revoking>,
) -> Response {
    let kept = match reach(&app, &asked.key, from.ip()).await {
        Ok(reach) => kept(&app, &reach).await,
        Err(refusal) => return refusal,
    };
    let found = kept.map(|kept| kept.into_iter().find(|(_, key)| hex::encode(key.hash) == asked.id));
    let key = match found {
        Ok(Some((_, key))) => key,
        Ok(None) => return refuse(StatusCode::NOT_FOUND, "unknown"),
        Err(refusal) => return refusal,
    };
    if let Err(error) = app.store.revoke_key(key.hash).await {
        return unavailable(&error);
    }
    tracing::info!(subject = key.access.subject, "a screen was taken back");
    Json(json!({})).into_response()
}

/// The machines within reach whose keys open something.
async fn kept(app: &App, reach: &Reach) -> Result<Vec<(Machine, AccessKey)>, Response> {
    let keys = app.store.keys_of_places().await.map_err(|error| unavailable(&error))?;
    let machine = |key: AccessKey| {
        let machine = match key.access.kind {
            AccessKind::Person => return None,
            AccessKind::Room => Machine::Room(EndpointId(key.access.subject.clone())),
            AccessKind::Kiosk => Machine::Kiosk(SiteId(key.access.site.clone()?)),
        };
        Some((machine, key))
    };
    let machines = keys.into_iter().filter_map(machine);
    Ok(machines
        .filter(|(machine, _)| reach.has(machine.site(&app.setup)))
        .collect())
}

/// The keys of machines whose screens are open.
async fn open(app: &App) -> Result<BTreeSet<KeyHash>, Response> {
    let (answer, open) = oneshot::channel();
    let unavailable = || refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    let asked = app.room.send(ToRoom::Open { answer }).await;
    asked.map_err(|_| unavailable())?;
    open.await.map_err(|_| unavailable())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once_and_for_five_minutes() {
        let mut codes = Enrolments::default();
        let now = Instant::now();
        let machine = Machine::Kiosk(SiteId::from("ward"));
        let code = codes.begin(machine.clone(), now).unwrap();
        assert_eq!(code.len(), keys::PIN_DIGITS);
        assert_eq!(codes.take(&code, now), Some(machine.clone()));
        assert_eq!(codes.take(&code, now), None);
        let late = codes.begin(machine.clone(), now).unwrap();
        assert_eq!(codes.take(&late, now + CODE), None);
        assert!((0..CODES).all(|_| codes.begin(machine.clone(), now).is_some()));
        assert_eq!(codes.begin(machine.clone(), now), None, "too many wait");
        assert!(codes.begin(machine, now + CODE).is_some(), "they were never typed");
    }
}
