//! How fast a room's line is: some bytes up, some bytes down, for the technical check (PRODUCT 3.8).
//!
//! Bounded in every way: only those with a key, so much at once, so many in a minute, so many at the same time. The hub
//! measures what comes up, the page what goes down, both from the first byte on, so that the handshake does not count.

use crate::access::too_fast;
use crate::app::{App, lock};
use crate::auth::{self, Who};
use crate::http::refuse;
use crate::throttle::Rate;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

/// The most that travels in one probe, either way.
pub const LARGEST: usize = 4 << 20;
/// So many probes at the same time, or they would measure each other.
pub const AT_ONCE: usize = 2;
/// Others measure now; in a moment they do not.
const AGAIN: Duration = Duration::from_secs(1);
/// How often one room, or one person, may measure.
pub const RATE: Rate = Rate { burst: 40, per_s: 0.5 };
/// How long one probe may take.
const LONGEST: Duration = Duration::from_secs(12);

/// `POST /api/probe`: takes what comes and says how fast it came.
pub async fn up(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    let turn = match admit(&app, &headers).await {
        Ok(turn) => turn,
        Err(refused) => return refused,
    };
    let mut chunks = body.into_data_stream();
    let mut first: Option<(Instant, usize)> = None;
    let (mut bytes, mut last) = (0_usize, Instant::now());
    let taken = timeout(LONGEST, async {
        while let Some(Ok(chunk)) = chunks.next().await {
            bytes += chunk.len();
            last = Instant::now();
            first.get_or_insert((last, chunk.len()));
            if bytes > LARGEST {
                break;
            }
        }
    });
    // What came in time is a measurement, too.
    let _in_time = taken.await;
    drop(turn);
    let Some((began, head)) = first.filter(|_| bytes <= LARGEST) else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
    };
    let ms = u64::try_from((last - began).as_millis()).unwrap_or(u64::MAX);
    Json(json!({ "bytes": bytes - head, "ms": ms })).into_response()
}

/// How much is asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    bytes: usize,
}

/// `GET /api/probe?bytes=…`: so many bytes.
pub async fn down(State(app): State<Arc<App>>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    const CHUNK: usize = 16 << 10;
    let turn = match admit(&app, &headers).await {
        Ok(turn) => turn,
        Err(refused) => return refused,
    };
    let chunk = Bytes::from_static(&[0x5a; CHUNK]);
    let left = asked.bytes.min(LARGEST);
    let began = Instant::now();
    // The turn goes with the stream: it ends when the last byte was taken, or the browser has gone.
    let chunks = stream::unfold((left, turn), move |(left, turn)| {
        let chunk = chunk.slice(..left.min(CHUNK));
        let over = left == 0 || began.elapsed() > LONGEST;
        async move { (!over).then(|| (Ok::<_, std::io::Error>(chunk.clone()), (left - chunk.len(), turn))) }
    });
    (
        [(header::CONTENT_TYPE, "application/octet-stream")],
        Body::from_stream(chunks),
    )
        .into_response()
}

/// Lets somebody with a key measure, if nobody else does: what waited in a buffer meanwhile would look fast.
async fn admit(app: &Arc<App>, headers: &HeaderMap) -> Result<OwnedSemaphorePermit, Response> {
    let key = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .unwrap_or_default();
    let who = match auth::who(&app.store, &app.setup, key).await {
        Ok(Some(who)) => who,
        Ok(None) => return Err(refuse(StatusCode::UNAUTHORIZED, "bad_key")),
        Err(_) => return Err(refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable")),
    };
    let Ok(turn) = Arc::clone(&app.probing).try_acquire_owned() else {
        return Err(too_fast(AGAIN));
    };
    let name = match who {
        Who::Person { id, .. } => format!("person {id}"),
        Who::Room { id, .. } => format!("room {id}"),
        Who::Kiosk { id, .. } => format!("kiosk {id}"),
    };
    lock(&app.probes).take(name, Instant::now()).map_err(too_fast)?;
    Ok(turn)
}
