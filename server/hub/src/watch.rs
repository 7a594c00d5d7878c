//! Looks after what was taken back: `hub token revoke` and `hub links revoke` write to the database from another process, a desk
//! takes a screen back from a page, and what they are about must end within half a second. Tokens also end by themselves.
//!
//! Input: the database, a few times a second. Output: word to the room's task, which ends sessions and closes screens.

use crate::app::{App, lock};
use crate::auth::KeyHash;
use crate::presence::Subject;
use crate::room::ToRoom;
use crate::whip_sessions::TokenHash;
use meeting::id::{EndpointId, KioskId, PersonId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use store::{AccessKind, RevokedKey, StoreError};
use tokio::time::{MissedTickBehavior, interval};

/// How often it looks.
const LOOK: Duration = Duration::from_millis(200);

/// What was seen at the last look.
#[derive(Debug, Default)]
struct Seen {
    /// Tokens that open nothing any more.
    ended: BTreeSet<TokenHash>,
    /// Personal keys that no longer do.
    revoked: BTreeSet<[u8; 32]>,
}

/// Looks until the room is closed.
pub async fn run(app: Arc<App>) {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // What was taken back before the hub began has nothing open.
    let mut seen: Option<Seen> = None;
    loop {
        tokio::select! {
            () = app.room.closed() => return,
            _ = look.tick() => {}
        }
        match what_is(&app).await {
            Ok((now, revoked)) => {
                if let Some(before) = &seen {
                    tell(&app, before, &now, revoked).await;
                }
                seen = Some(now);
            }
            // The next look compares with the last one that saw something.
            Err(error) => tracing::error!(%error, "it cannot be seen what was taken back"),
        }
    }
}

async fn what_is(app: &App) -> Result<(Seen, Vec<RevokedKey>), StoreError> {
    let now = app.clock.now().0;
    let tokens = app.store.tokens().await?;
    let revoked = app.store.revoked_keys().await?;
    let seen = Seen {
        ended: tokens
            .iter()
            .filter(|token| !token.is_good(now))
            .map(|token| token.hash)
            .collect(),
        revoked: revoked.iter().map(|key| key.hash).collect(),
    };
    Ok((seen, revoked))
}

async fn tell(app: &App, before: &Seen, now: &Seen, revoked: Vec<RevokedKey>) {
    let tokens: BTreeSet<TokenHash> = now.ended.difference(&before.ended).copied().collect();
    let mut news = Vec::new();
    if !tokens.is_empty() {
        news.push(ToRoom::TokensEnd { tokens });
    }
    let mut fresh: BTreeMap<Subject, BTreeSet<KeyHash>> = BTreeMap::new();
    for key in revoked.into_iter().filter(|key| !before.revoked.contains(&key.hash)) {
        fresh.entry(whose(key.kind, key.subject)).or_default().insert(key.hash);
    }
    for (who, keys) in fresh {
        lock(&app.tickets).forget(&who);
        news.push(ToRoom::Revoked { who, keys });
    }
    for word in news {
        // The room has gone only when the hub stops.
        let _gone = app.room.send(word).await;
    }
}

fn whose(kind: AccessKind, subject: String) -> Subject {
    match kind {
        AccessKind::Person => Subject::Person(PersonId(subject)),
        AccessKind::Room => Subject::Room(EndpointId(subject)),
        AccessKind::Kiosk => Subject::Kiosk(KioskId(subject)),
    }
}
