//! WHIP (RFC 9725) and WHEP: a mixer or an encoder publishes in place of a room's camera, a player views a room or the programme.
//!
//! Requests come from the router and are checked here: token, media type, size, haste. What they mean is asked of the room's
//! task. Every refusal is a problem document (RFC 9457) with a stable `code`. Any page may call, because nothing is granted by
//! where a page comes from: the bearer token alone opens, and a browser does not send one by itself.

use crate::access::by_network;
use crate::app::{App, lock};
use crate::keys;
use crate::room::ToRoom;
use crate::tokens::Source;
use crate::whip_sdp::{self, Unfit};
use crate::whip_sessions::{Match, Opened, Patched, Refused, TokenHash};
use ::media::OfferRefusal;
use ::media::turn::Pass;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Scope, StoreError};
use tokio::sync::oneshot;

/// A description or a fragment is not longer.
const BODY: usize = 64 * 1024;
const SDP: &str = "application/sdp";
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";
/// The sitting under way, where its id could stand.
const CURRENT: &str = "current";

/// A question to the room's task.
#[derive(Debug)]
pub enum Ask {
    /// Answer an offer.
    Open {
        /// To publish or to view,
        scope: Scope,
        /// this,
        source: Source,
        /// by this token.
        token: TokenHash,
        /// SDP.
        offer: String,
        /// Where the answer goes.
        answer: oneshot::Sender<Result<(Opened, Pass), Refused>>,
    },
    /// Go on with ICE.
    Patch {
        /// The session's name.
        resource: String,
        /// The token.
        token: TokenHash,
        /// The ICE session that is meant.
        meant: Match,
        /// The peer's credentials, if the fragment says some.
        ice: Option<whip_sdp::Ice>,
        /// Where the answer goes.
        answer: oneshot::Sender<Result<Patched, Refused>>,
    },
    /// End a session.
    Close {
        /// Its name.
        resource: String,
        /// The token.
        token: TokenHash,
        /// Where the answer goes.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
}

/// `/whip/{meeting}/{source}` and `/whep/{meeting}/{source}`.
pub async fn endpoint(
    scope: Scope,
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Path((meeting, source)): Path<(String, String)>,
    request: Request,
) -> Response {
    let allowed = "POST, OPTIONS";
    let answer = match *request.method() {
        Method::OPTIONS => Ok(options(allowed)),
        // They have no representation, says RFC 9725 §4.1, and that is no error.
        Method::GET | Method::HEAD => Ok(StatusCode::NO_CONTENT.into_response()),
        Method::POST => open(&app, scope, from.ip(), &meeting, &source, request).await,
        _ => Err(not_allowed(allowed)),
    };
    for_any_page(answer.unwrap_or_else(|problem| problem))
}

/// `/whip/{meeting}/{source}/{session}` and `/whep/{meeting}/{source}/{session}`.
pub async fn session(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Path((_, _, session)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let allowed = "PATCH, DELETE, OPTIONS";
    let answer = match *request.method() {
        Method::OPTIONS => Ok(options(allowed)),
        Method::GET | Method::HEAD => Ok(StatusCode::NO_CONTENT.into_response()),
        Method::PATCH => patch(&app, from.ip(), session, request).await,
        Method::DELETE => delete(&app, from.ip(), session, request.headers()).await,
        _ => Err(not_allowed(allowed)),
    };
    for_any_page(answer.unwrap_or_else(|problem| problem))
}

/// What is refused is an answer too.
type Answer = Result<Response, Response>;

async fn open(app: &App, scope: Scope, from: IpAddr, meeting: &str, source: &str, request: Request) -> Answer {
    lock(&app.offers)
        .take(by_network(from), Instant::now())
        .map_err(too_fast)?;
    let token = token(app, from, request.headers()).await?;
    let wanted = Source::named(source, &app.setup).filter(|_| meeting == CURRENT || meeting == app.setup.sitting.0);
    let Some(source) = wanted else {
        return Err(problem(StatusCode::NOT_FOUND, "no_source"));
    };
    if token.scope != scope || token.source != source.name() {
        return Err(problem(StatusCode::FORBIDDEN, "not_for_this"));
    }
    let (is_wanted, relay) = (accepts(request.headers(), SDP), relay(app, &request));
    let offer = text(request, SDP).await?;
    if !is_wanted {
        return Err(problem(StatusCode::NOT_ACCEPTABLE, "answer_is_sdp"));
    }
    let place = format!("/{}/{meeting}/{}", way(scope), source.name());
    let hash = token.hash;
    let (opened, pass) = ask(app, |answer| Ask::Open {
        scope,
        source,
        token: hash,
        offer,
        answer,
    })
    .await?;
    // Taken back while it was being used: whoever watches for that may have looked before there was a session.
    if !is_good(app, &hash).await? {
        let resource = opened.resource;
        let _gone = ask(app, |answer| Ask::Close {
            resource,
            token: hash,
            answer,
        })
        .await;
        return Err(unauthorized("bad_token"));
    }
    let mut response = (StatusCode::CREATED, [(header::CONTENT_TYPE, SDP)], opened.sdp).into_response();
    let headers = response.headers_mut();
    put(headers, header::LOCATION, &format!("{place}/{}", opened.resource));
    put(headers, header::ETAG, &opened.etag);
    put(headers, HeaderName::from_static("accept-patch"), FRAGMENT);
    for server in &app.config.server.ice_servers {
        let link = format!("<{server}>; rel=\"ice-server\"");
        if let Ok(link) = HeaderValue::from_str(&link) {
            headers.append(header::LINK, link);
        }
    }
    if let Some(relay) = relay {
        let Pass { username, password, .. } = pass;
        let link = format!(
            "<{relay}>; rel=\"ice-server\"; username=\"{username}\"; credential=\"{password}\"; credential-type=\"password\""
        );
        if let Ok(link) = HeaderValue::from_str(&link) {
            headers.append(header::LINK, link);
        }
    }
    Ok(response)
}

/// The relay's address (RFC 7065), under the name by which the client reached us: it answers on the port for HTTPS.
fn relay(app: &App, request: &Request) -> Option<String> {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let authority: Authority = named
        .or(request.uri().authority().map(Authority::as_str))?
        .parse()
        .ok()?;
    let (host, port) = (authority.host(), app.config.server.https.port());
    Some(format!("turns:{host}:{port}?transport=tcp"))
}

async fn patch(app: &App, from: IpAddr, resource: String, request: Request) -> Answer {
    let token = token(app, from, request.headers()).await?.hash;
    let meant =
        meant(request.headers()).ok_or_else(|| problem(StatusCode::PRECONDITION_REQUIRED, "which_ice_session"))?;
    let fragment = text(request, FRAGMENT).await?;
    let ice = whip_sdp::ice(&fragment);
    if !whip_sdp::is_fragment(&fragment) || (meant == Match::Any && ice.is_none()) {
        return Err(problem(StatusCode::BAD_REQUEST, "bad_fragment"));
    }
    let patched = ask(app, |answer| Ask::Patch {
        resource,
        token,
        meant,
        ice,
        answer,
    })
    .await?;
    Ok(match patched {
        Patched::Trickled => StatusCode::NO_CONTENT.into_response(),
        Patched::Restarted { etag, fragment } => {
            let mut response = ([(header::CONTENT_TYPE, FRAGMENT)], fragment).into_response();
            put(response.headers_mut(), header::ETAG, &etag);
            response
        }
    })
}

/// Entity tags are ignored here, as RFC 9725 §4.3.1 wants it.
async fn delete(app: &App, from: IpAddr, resource: String, headers: &HeaderMap) -> Answer {
    let token = token(app, from, headers).await?.hash;
    ask(app, |answer| Ask::Close {
        resource,
        token,
        answer,
    })
    .await?;
    Ok(StatusCode::OK.into_response())
}

/// Asks the room's task.
async fn ask<T>(app: &App, question: impl FnOnce(oneshot::Sender<Result<T, Refused>>) -> Ask) -> Result<T, Response> {
    let (answer, answered) = oneshot::channel();
    let gone = || problem(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    app.room
        .send(ToRoom::Whip(question(answer)))
        .await
        .map_err(|_| gone())?;
    answered.await.map_err(|_| gone())?.map_err(refused)
}

/// The bearer token of a request, if it is good for anything.
async fn token(app: &App, from: IpAddr, headers: &HeaderMap) -> Result<store::Token, Response> {
    let words = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(bearer) = words.and_then(|words| {
        let (scheme, bearer) = words.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(bearer.trim())
    }) else {
        return Err(unauthorized("no_token"));
    };
    let known = app
        .store
        .token(&keys::hash(bearer))
        .await
        .map_err(|error| unavailable(&error))?;
    match known.filter(|token| token.is_good(app.clock.now().0)) {
        Some(token) => Ok(token),
        // As with personal keys: whoever has a right one comes in, even from the address of somebody who guesses.
        None => match lock(&app.wrong_keys).take(by_network(from), Instant::now()) {
            Ok(()) => Err(unauthorized("bad_token")),
            Err(wait) => Err(too_fast(wait)),
        },
    }
}

async fn is_good(app: &App, hash: &TokenHash) -> Result<bool, Response> {
    let token = app.store.token(hash).await.map_err(|error| unavailable(&error))?;
    Ok(token.is_some_and(|token| token.is_good(app.clock.now().0)))
}

/// The body of a request of this type.
async fn text(request: Request, wanted: &str) -> Result<String, Response> {
    let (parts, body) = request.into_parts();
    let kind = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case(wanted) {
        return Err(problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad_type"));
    }
    let too_large = || problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
    let body: Body = body;
    let bytes = to_bytes(body, BODY).await.map_err(|_| too_large())?;
    String::from_utf8(bytes.into()).map_err(|_| problem(StatusCode::BAD_REQUEST, "not_text"))
}

/// Whether an answer of this type is welcome.
fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    let family = kind.split('/').next().unwrap_or_default();
    let is_it = |range: &str| {
        let range = range.split(';').next().unwrap_or_default().trim();
        range == "*/*" || range.eq_ignore_ascii_case(kind) || range.strip_suffix("/*") == Some(family)
    };
    let mut named = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .peekable();
    named.peek().is_none() || named.any(|ranges| ranges.split(',').any(is_it))
}

/// The ICE session that a request is about (RFC 9110 §13.1.1), if it says one. Weak tags never match.
fn meant(headers: &HeaderMap) -> Option<Match> {
    let mut tags = Vec::new();
    for value in headers.get_all(header::IF_MATCH) {
        tags.extend(
            value
                .to_str()
                .unwrap_or_default()
                .split(',')
                .map(|tag| tag.trim().to_owned()),
        );
    }
    if tags.is_empty() {
        return None;
    }
    // Clients are seen to put the star into quotes.
    let is_any = tags.iter().any(|tag| tag == "*" || tag == "\"*\"");
    Some(if is_any { Match::Any } else { Match::Tags(tags) })
}

fn options(allowed: &'static str) -> Response {
    let headers = [
        (header::ALLOW, allowed),
        (HeaderName::from_static("accept-post"), SDP),
        (HeaderName::from_static("accept-patch"), FRAGMENT),
        (header::ACCESS_CONTROL_ALLOW_METHODS, allowed),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Content-Type, If-Match",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "7200"),
    ];
    (StatusCode::OK, headers).into_response()
}

fn for_any_page(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let exposed = "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After";
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A refusal: the status, and a stable code for whoever has to put it into words.
fn problem(status: StatusCode, code: &str) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let body = json!({ "title": title, "status": status.as_u16(), "code": code });
    (
        status,
        [(header::CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response()
}

fn refused(why: Refused) -> Response {
    match why {
        Refused::Taken => problem(StatusCode::CONFLICT, "source_taken"),
        Refused::Full => later(problem(StatusCode::SERVICE_UNAVAILABLE, "full"), 10),
        Refused::NoSession => problem(StatusCode::NOT_FOUND, "no_session"),
        Refused::NotYours => problem(StatusCode::FORBIDDEN, "not_your_session"),
        Refused::NotPublished => problem(StatusCode::FORBIDDEN, "not_for_this"),
        Refused::Stale => problem(StatusCode::PRECONDITION_FAILED, "other_ice_session"),
        Refused::Unfit(Unfit::Malformed) => problem(StatusCode::BAD_REQUEST, "bad_sdp"),
        Refused::Unfit(Unfit::Direction) => problem(StatusCode::NOT_ACCEPTABLE, "wrong_direction"),
        Refused::Unfit(Unfit::TooMany) => problem(StatusCode::NOT_ACCEPTABLE, "too_many_sections"),
        Refused::Partial => problem(StatusCode::NOT_ACCEPTABLE, "only_in_part"),
        Refused::Offer(why) => offer_refused(why),
        Refused::Unavailable => later(problem(StatusCode::SERVICE_UNAVAILABLE, "unavailable"), 2),
    }
}

fn offer_refused(why: OfferRefusal) -> Response {
    let status = match why {
        OfferRefusal::Malformed => StatusCode::BAD_REQUEST,
        OfferRefusal::TooLarge | OfferRefusal::NoMedia => StatusCode::NOT_ACCEPTABLE,
        OfferRefusal::NoFingerprint
        | OfferRefusal::ConflictingFingerprints
        | OfferRefusal::WeakFingerprint
        | OfferRefusal::PlainMedia
        | OfferRefusal::NoIce
        | OfferRefusal::SetupActive
        | OfferRefusal::NotBundled => StatusCode::UNPROCESSABLE_ENTITY,
        OfferRefusal::Full => return later(problem(StatusCode::SERVICE_UNAVAILABLE, why.code()), 10),
    };
    problem(status, why.code())
}

fn not_allowed(allowed: &'static str) -> Response {
    let mut response = problem(StatusCode::METHOD_NOT_ALLOWED, "no_such_method");
    put(response.headers_mut(), header::ALLOW, allowed);
    response
}

fn unauthorized(code: &str) -> Response {
    let mut response = problem(StatusCode::UNAUTHORIZED, code);
    // RFC 6750 §3.1: nothing more for who brought no token at all.
    let challenge = if code == "no_token" {
        "Bearer realm=\"hub\""
    } else {
        "Bearer realm=\"hub\", error=\"invalid_token\""
    };
    put(response.headers_mut(), header::WWW_AUTHENTICATE, challenge);
    response
}

fn too_fast(wait: Duration) -> Response {
    later(problem(StatusCode::TOO_MANY_REQUESTS, "too_fast"), wait.as_secs() + 1)
}

fn unavailable(error: &StoreError) -> Response {
    tracing::error!(%error, "the database did not answer for a token");
    later(problem(StatusCode::SERVICE_UNAVAILABLE, "unavailable"), 2)
}

fn later(mut response: Response, seconds: u64) -> Response {
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// A header whose value is ours, or was checked.
fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn way(scope: Scope) -> &'static str {
    match scope {
        Scope::Publish => "whip",
        Scope::View => "whep",
    }
}
