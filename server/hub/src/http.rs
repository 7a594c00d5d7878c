//! The routes, and what every answer carries. Two listeners have the same routes: HTTPS for the network, and plain HTTP for
//! this machine itself, which also shows the table of links and the figures.

use crate::app::{App, lock};
use crate::{access, enrol, kiosk, probe, web, whip, ws};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{MethodRouter, any, get, post};
use axum::{Extension, Router};
use protocol::message::MESSAGE_LIMIT;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use store::Scope;

/// Through which door somebody came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// HTTPS, from the network.
    Network,
    /// HTTP, from this machine.
    Local,
}

/// Requests have small bodies.
const BODY: usize = 16 * 1024;

/// Every route behind one door, by its path. Whoever adds one says in `tests/hub/endpoints.rs` who may use it.
pub fn routes(door: Door) -> Vec<(String, MethodRouter<Arc<App>>)> {
    let mut routes: Vec<(String, MethodRouter<Arc<App>>)> = vec![
        ("/api/ticket".into(), post(access::ticket)),
        ("/api/pairing".into(), post(access::pairing)),
        ("/api/pairing/confirm".into(), post(access::confirm)),
        ("/api/pin".into(), post(access::pin)),
        ("/api/enrol".into(), post(enrol::enrol)),
        ("/api/enrol/code".into(), post(enrol::code)),
        ("/api/enrol/list".into(), post(enrol::list)),
        ("/api/enrol/revoke".into(), post(enrol::revoke)),
        ("/api/kiosk/unlock".into(), post(kiosk::unlock)),
        ("/api/kiosk/ballot".into(), post(kiosk::ballot)),
        (
            "/api/probe".into(),
            get(probe::down)
                .post(probe::up)
                .layer(DefaultBodyLimit::max(probe::LARGEST)),
        ),
        ("/api/trust".into(), get(access::trust)),
        ("/ca.crt".into(), get(access::authority)),
        ("/ws".into(), get(websocket)),
        ("/healthz".into(), get(health)),
    ];
    for (way, scope) in [("whip", Scope::Publish), ("whep", Scope::View)] {
        let endpoint = move |app, from, path, request| whip::endpoint(scope, app, from, path, request);
        routes.push((format!("/{way}/{{meeting}}/{{source}}"), any(endpoint)));
        routes.push((format!("/{way}/{{meeting}}/{{source}}/{{session}}"), any(whip::session)));
    }
    if door == Door::Local {
        routes.push(("/api/links".into(), get(access::links)));
        routes.push(("/metrics".into(), get(metrics)));
    }
    routes
}

/// All that one door answers.
pub fn router(app: Arc<App>, door: Door) -> Router {
    let routes = routes(door).into_iter();
    let router = routes
        .fold(Router::new(), |router, (path, answer)| router.route(&path, answer))
        .fallback(get(web::serve))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(Extension(door))
        .layer(middleware::from_fn(secure));
    match door {
        Door::Network => router,
        Door::Local => router.layer(middleware::from_fn(only_this_machine)),
    }
    .with_state(app)
}

/// An answer that is no success: a stable code, for the client to put into words.
pub(crate) fn refuse(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({ "code": code }))).into_response()
}

#[derive(Debug, Deserialize)]
struct Entrance {
    ticket: Option<String>,
}

async fn websocket(
    State(app): State<Arc<App>>,
    Extension(door): Extension<Door>,
    Query(entrance): Query<Entrance>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_ours(&app, door, &headers) {
        return refuse(StatusCode::FORBIDDEN, "bad_origin");
    }
    if app.open.fetch_add(1, Ordering::Relaxed) >= app.config.limits.sockets {
        app.open.fetch_sub(1, Ordering::Relaxed);
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "full");
    }
    let leaving = Leaving(Arc::clone(&app));
    let who = entrance
        .ticket
        .and_then(|ticket| lock(&app.tickets).take(&ticket, Instant::now()));
    upgrade
        .max_message_size(MESSAGE_LIMIT)
        .max_frame_size(MESSAGE_LIMIT)
        .on_upgrade(async move |socket| {
            ws::talk(socket, who, app).await;
            drop(leaving);
        })
}

/// Counts a socket out, however its task ends.
struct Leaving(Arc<App>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A page of ours, or of the very host that the browser asked for by HTTPS; its certificate has proved that name.
fn is_ours(app: &App, door: Door, headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let (Some(origin), None) = (origins.next().and_then(|origin| origin.to_str().ok()), origins.next()) else {
        return false;
    };
    let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let same = asked.is_some_and(|host| origin.strip_prefix("https://") == Some(host));
    app.origins.allow(origin) || (door == Door::Network && same)
}

async fn health(State(app): State<Arc<App>>) -> Response {
    if app.room.is_closed() || app.store.sittings().await.is_err() {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "failing" }))).into_response();
    }
    Json(json!({ "status": "ok" })).into_response()
}

async fn metrics(State(app): State<Arc<App>>) -> Response {
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        app.metrics.render(),
    )
        .into_response()
}

/// Headers of every answer (OWASP ASVS 3.4).
async fn secure(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 6] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; connect-src 'self'; \
             object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(self), microphone=(self), geolocation=(), payment=()",
        ),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let private = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if private {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// A page of a stranger whose name was made to point to this machine (DNS rebinding) asks for the stranger's name.
async fn only_this_machine(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    if matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        next.run(request).await
    } else {
        refuse(StatusCode::MISDIRECTED_REQUEST, "not_here")
    }
}
