//! The door of the kiosk (bàn phiếu, PRODUCT 3.1): a delegate's PIN for one ballot.
//!
//! It knows whose tablet asks, by its key, and who stands in front of it, by the PIN. It does **not** know whether a ballot
//! counts: that is the meeting's, asked by way of the room. The tablet itself holds nothing of the person but a token that is
//! good for one ballot, for a minute and a half.

use crate::access::{open_by_pin, owner};
use crate::app::{App, lock};
use crate::auth::Who;
use crate::http::refuse;
use crate::keys;
use crate::ledger::Denied;
use crate::room::{AtKiosk, ToRoom};
use axum::extract::{ConnectInfo, Json, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use meeting::id::{CommandId, KioskId, PersonId, SiteId, VoteId};
use meeting::setup::Role;
use meeting::vote::Marks;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long somebody may take to choose, after the PIN.
const AT_MOST: Duration = Duration::from_secs(90);

/// Who stands in front of which kiosk: one person each, the last one who gave the PIN.
#[derive(Debug, Default)]
pub struct Voters(HashMap<KioskId, Voter>);

#[derive(Debug)]
struct Voter {
    token: String,
    person: PersonId,
    /// The ballot for which the PIN was given; sent again, it is the same one.
    ballot: Option<CommandId>,
    until: Instant,
}

impl Voters {
    /// Somebody has given the PIN; whoever was there before is not there any more.
    pub fn comes(&mut self, kiosk: KioskId, person: PersonId, now: Instant) -> String {
        let token = keys::random();
        let voter = Voter {
            token: token.clone(),
            person,
            ballot: None,
            until: now + AT_MOST,
        };
        self.0.insert(kiosk, voter);
        token
    }

    /// Who that is, for this ballot and no other.
    pub fn who(&mut self, kiosk: &KioskId, token: &str, ballot: &CommandId, now: Instant) -> Option<PersonId> {
        let voter = self.0.get_mut(kiosk)?;
        if voter.token != token || voter.until <= now {
            return None;
        }
        (voter.ballot.get_or_insert_with(|| ballot.clone()) == ballot).then(|| voter.person.clone())
    }
}

/// `POST /api/kiosk/unlock`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unlocking {
    key: String,
    person: PersonId,
    pin: String,
}

/// A delegate's PIN for a token that is good for one ballot.
pub async fn unlock(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(asked): Json<Unlocking>,
) -> Response {
    let (kiosk, site) = match at_kiosk(&app, &asked.key, from.ip()).await {
        Ok(there) => there,
        Err(refusal) => return refusal,
    };
    // Only those who sit here can use up each other's tries, and they see one another.
    let delegate = app.setup.people.get(&asked.person);
    let delegate = delegate.is_some_and(|person| person.roles.contains(&Role::Delegate));
    match seat(&app, &asked.person).await {
        Ok(seat) if delegate && seat.as_ref() == Some(&site) => {}
        Ok(_) => return refuse(StatusCode::NOT_FOUND, "unknown"),
        Err(refusal) => return refusal,
    }
    if let Err(refusal) = open_by_pin(&app, &asked.person.0, asked.pin).await {
        return refusal;
    }
    let token = lock(&app.voters).comes(kiosk, asked.person, Instant::now());
    Json(json!({ "token": token, "seconds": AT_MOST.as_secs() })).into_response()
}

/// `POST /api/kiosk/ballot`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ballot {
    key: String,
    token: String,
    id: CommandId,
    vote: VoteId,
    marks: Marks,
}

/// The ballot of whoever has given the PIN. The answer comes when it is durable; a retry carries the same id.
pub async fn ballot(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(asked): Json<Ballot>,
) -> Response {
    let (kiosk, site) = match at_kiosk(&app, &asked.key, from.ip()).await {
        Ok(there) => there,
        Err(refusal) => return refusal,
    };
    let Some(voter) = lock(&app.voters).who(&kiosk, &asked.token, &asked.id, Instant::now()) else {
        return refuse(StatusCode::NOT_FOUND, "nobody_there");
    };
    let (answer, done) = oneshot::channel();
    let ballot = AtKiosk {
        kiosk,
        site,
        voter,
        id: asked.id,
        vote: asked.vote,
        marks: asked.marks,
        answer,
    };
    if app.room.send(ToRoom::Ballot(ballot)).await.is_err() {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    }
    match done.await {
        Ok(Ok(done)) => Json(json!({ "seq": done.seq, "at": done.at })).into_response(),
        Ok(Err(Denied::Refused(refusal))) => {
            let body = Json(json!({ "code": "refused", "refusal": refusal }));
            (StatusCode::CONFLICT, body).into_response()
        }
        Ok(Err(Denied::Unavailable(_))) | Err(_) => refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    }
}

/// The kiosk that asks, and where it stands.
async fn at_kiosk(app: &App, key: &str, from: IpAddr) -> Result<(KioskId, SiteId), Response> {
    match owner(app, key, from).await? {
        Who::Kiosk { id, site, .. } => Ok((id, site)),
        Who::Person { .. } | Who::Room { .. } => Err(refuse(StatusCode::FORBIDDEN, "not_allowed")),
    }
}

/// Where somebody sits now.
pub(crate) async fn seat(app: &App, person: &PersonId) -> Result<Option<SiteId>, Response> {
    let (answer, seat) = oneshot::channel();
    let person = person.clone();
    let unavailable = || refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    let asked = app.room.send(ToRoom::Seat { person, answer }).await;
    asked.map_err(|_| unavailable())?;
    seat.await.map_err(|_| unavailable())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_stands_at_a_kiosk_for_one_ballot_and_not_for_long() {
        let mut voters = Voters::default();
        let now = Instant::now();
        let (here, there) = (KioskId::from("k1"), KioskId::from("k2"));
        let (first, second) = (CommandId::from("b1"), CommandId::from("b2"));
        let lan = voters.comes(here.clone(), PersonId::from("lan"), now);
        assert_eq!(voters.who(&there, &lan, &first, now), None, "at another tablet");
        assert_eq!(voters.who(&here, &lan, &first, now), Some(PersonId::from("lan")));
        assert_eq!(
            voters.who(&here, &lan, &first, now),
            Some(PersonId::from("lan")),
            "sent again"
        );
        assert_eq!(voters.who(&here, &lan, &second, now), None, "a second ballot");
        assert_eq!(voters.who(&here, &lan, &first, now + AT_MOST), None, "too late");
        let minh = voters.comes(here.clone(), PersonId::from("minh"), now);
        assert_eq!(voters.who(&here, &lan, &second, now), None, "the next one stands there");
        assert_eq!(voters.who(&here, &minh, &second, now), Some(PersonId::from("minh")));
    }
}
