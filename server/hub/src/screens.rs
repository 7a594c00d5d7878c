//! What every screen shows: one view and one patch for all screens of an audience, and each screen's own part.
//!
//! A view has a version of its own, counted from 1 in each run of the hub (`boot`). It moves when the shared view changed,
//! by a command or by the clock. A screen that returns gets the patches it missed, if they are still kept.

use crate::auth::KeyHash;
use crate::outbox::{Outbox, text};
use axum::extract::ws::Utf8Bytes;
use meeting::Meeting;
use meeting::command::Actor;
use meeting::id::{DeviceId, Time};
use protocol::message::{Resume, ServerMessage};
use protocol::patch;
use protocol::project;
use protocol::view::AudienceKind;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::OnceLock;

/// How many patches of an audience are kept for screens that return.
const KEPT: usize = 512;
/// … and how many bytes.
const KEPT_BYTES: usize = 4 << 20;

/// Names one open socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SocketId(pub u64);

/// A screen that says hello.
#[derive(Debug)]
pub struct Arrival {
    /// Who is in front of it.
    pub actor: Actor,
    /// What kind of screen it is.
    pub audience: AudienceKind,
    /// On which device.
    pub device: DeviceId,
    /// Where messages go.
    pub outbox: Outbox,
    /// Where its mirror stands.
    pub resume: Option<Resume>,
    /// The key with which it came, of a screen that belongs to a place.
    pub key: Option<KeyHash>,
}

/// A screen that has said hello.
#[derive(Debug)]
pub struct Screen {
    /// Who is in front of it.
    pub actor: Actor,
    /// What kind of screen it is.
    pub audience: AudienceKind,
    /// On which device.
    pub device: DeviceId,
    /// Where messages go.
    pub outbox: Outbox,
    /// The key with which it came, of a screen that belongs to a place.
    pub key: Option<KeyHash>,
    sight: Sight,
    mine: Value,
}

/// What a screen is shown: what its audience is, or the outside of closed doors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sight {
    audience: AudienceKind,
    outside: bool,
}

impl Sight {
    fn of(meeting: &Meeting, actor: &Actor, audience: AudienceKind) -> Self {
        Self {
            audience,
            outside: project::is_outside(meeting, actor),
        }
    }

    fn project(self, meeting: &Meeting, now: Time) -> Value {
        to_json(&if self.outside {
            project::outside(meeting)
        } else {
            project::shared(meeting, self.audience, now)
        })
    }

    /// The first version of its view. Those of the outside are counted from so far off that no patch of one view is ever taken
    /// for one of the other.
    fn first_version(self) -> u64 {
        if self.outside { 1 << 40 } else { 1 }
    }
}

/// One audience's view.
#[derive(Debug)]
struct View {
    version: u64,
    value: Value,
    /// The value as text, once somebody needed it whole: a council that comes back all at once is written once.
    whole: OnceLock<String>,
    /// As they were sent: text takes a fraction of the memory of the same patch as values.
    patches: VecDeque<String>,
    bytes: usize,
}

/// All screens and all views.
#[derive(Debug)]
pub struct Screens {
    boot: String,
    screens: BTreeMap<SocketId, Screen>,
    views: BTreeMap<Sight, View>,
}

impl Screens {
    /// No screen yet, in the run of this name.
    #[must_use]
    pub fn new(boot: String) -> Self {
        Self {
            boot,
            screens: BTreeMap::new(),
            views: BTreeMap::new(),
        }
    }

    /// One screen.
    #[must_use]
    pub fn get(&self, socket: SocketId) -> Option<&Screen> {
        self.screens.get(&socket)
    }

    /// All screens.
    pub fn iter(&self) -> impl Iterator<Item = (SocketId, &Screen)> {
        self.screens.iter().map(|(socket, screen)| (*socket, screen))
    }

    /// Takes in a screen and sends it what it does not know. Its view is as new as that of the others of its audience; the
    /// next [`Screens::publish`] brings all of them up to date.
    pub fn enter(&mut self, socket: SocketId, arrival: Arrival, meeting: &Meeting, now: Time) {
        let Arrival {
            actor,
            audience,
            device,
            outbox,
            resume,
            key,
        } = arrival;
        let sight = Sight::of(meeting, &actor, audience);
        let alone = !self.screens.values().any(|screen| screen.sight == sight);
        let view = self.views.entry(sight).or_insert_with(|| View::of(meeting, sight, now));
        if alone {
            // Nobody has looked for a while.
            view.advance(sight.project(meeting, now));
        }
        let mine = to_json(&project::mine(meeting, &actor, audience, now));
        let missed = resume
            .filter(|resume| resume.boot == self.boot)
            .and_then(|resume| view.since(resume.seq));
        outbox.send_text(view.welcome(&self.boot, &mine, missed.as_deref(), now));
        self.screens.insert(
            socket,
            Screen {
                actor,
                audience,
                device,
                outbox,
                key,
                sight,
                mine,
            },
        );
        self.count(audience);
    }

    /// Forgets a screen.
    pub fn leave(&mut self, socket: SocketId) -> Option<Screen> {
        let screen = self.screens.remove(&socket)?;
        self.count(screen.audience);
        Some(screen)
    }

    /// Projects the meeting and sends every screen what changed.
    pub fn publish(&mut self, meeting: &Meeting, now: Time) {
        let started = std::time::Instant::now();
        let mut shared_patches: BTreeMap<Sight, (u64, String)> = BTreeMap::new();
        let mut updates: BTreeMap<Sight, Utf8Bytes> = BTreeMap::new();
        let mut looking: BTreeSet<Sight> = BTreeSet::new();
        let mut moved: BTreeSet<SocketId> = BTreeSet::new();
        for (socket, screen) in &mut self.screens {
            let sight = Sight::of(meeting, &screen.actor, screen.audience);
            if sight != screen.sight {
                screen.sight = sight;
                moved.insert(*socket);
            }
            looking.insert(sight);
        }
        for sight in &looking {
            let view = self
                .views
                .entry(*sight)
                .or_insert_with(|| View::of(meeting, *sight, now));
            let after = view.version;
            if let Some(patch) = view.advance(sight.project(meeting, now)) {
                updates.insert(*sight, update(after, view.version, Some(&patch), None));
                shared_patches.insert(*sight, (after, patch));
            }
        }
        for (socket, screen) in &mut self.screens {
            let mine = to_json(&project::mine(meeting, &screen.actor, screen.audience, now));
            if moved.contains(socket)
                && let Some(view) = self.views.get(&screen.sight)
            {
                // The doors closed before this screen, or opened: everything it held is another's.
                screen.outbox.send_text(view.welcome(&self.boot, &mine, None, now));
                screen.mine = mine;
                continue;
            }
            let own = patch::diff(&screen.mine, &mine);
            screen.mine = mine;
            match (own, updates.get(&screen.sight)) {
                (None, None) => {}
                (None, Some(update)) => screen.outbox.send_text(update.clone()),
                (Some(own), _) => {
                    let version = self.views.get(&screen.sight).map_or(0, |view| view.version);
                    let (after, shared) = match shared_patches.get(&screen.sight) {
                        Some((after, patch)) => (*after, Some(patch.as_str())),
                        None => (version, None),
                    };
                    screen
                        .outbox
                        .send_text(update(after, version, shared, Some(&own.to_string())));
                }
            }
        }
        metrics::histogram!("hub_publish_seconds").record(started.elapsed());
    }

    /// Sends a message to the screens for which it is.
    pub fn send(&self, message: &ServerMessage, to: impl Fn(&Screen) -> bool) {
        let text = text(message);
        for screen in self.screens.values().filter(|screen| to(screen)) {
            screen.outbox.send_text(text.clone());
        }
    }

    fn count(&self, audience: AudienceKind) {
        let count = self
            .screens
            .values()
            .filter(|screen| screen.audience == audience)
            .count();
        let name = to_json(&audience).as_str().unwrap_or_default().to_owned();
        metrics::gauge!("hub_screens", "audience" => name).set(count as f64);
    }
}

impl View {
    fn of(meeting: &Meeting, sight: Sight, now: Time) -> Self {
        Self {
            version: sight.first_version(),
            value: sight.project(meeting, now),
            whole: OnceLock::new(),
            patches: VecDeque::new(),
            bytes: 0,
        }
    }

    /// The whole view, or the patches that were missed, with the screen's own part.
    fn welcome(&self, boot: &str, mine: &Value, missed: Option<&[&str]>, now: Time) -> Utf8Bytes {
        let seq = self.version;
        let mut text = format!(
            r#"{{"type":"welcome","boot":{},"seq":{seq},"now":{}"#,
            json!(boot),
            json!(now)
        );
        let part = match missed {
            Some(patches) => format!(r#","patches":[{}]"#, patches.join(",")),
            None => format!(
                r#","patches":[],"shared":{}"#,
                self.whole.get_or_init(|| self.value.to_string())
            ),
        };
        text.push_str(&part);
        text.push_str(&format!(r#","mine":{mine}}}"#));
        text.into()
    }

    /// Takes a new value; the patch that leads to it, if there is a difference.
    fn advance(&mut self, value: Value) -> Option<String> {
        let text = patch::diff(&self.value, &value)?.to_string();
        self.value = value;
        self.whole.take();
        self.version += 1;
        self.bytes += text.len();
        self.patches.push_back(text.clone());
        while self.patches.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.patches.pop_front() else {
                break;
            };
            self.bytes -= oldest.len();
        }
        Some(text)
    }

    /// The patches after this version, oldest first; none if they are not all kept.
    fn since(&self, version: u64) -> Option<Vec<&str>> {
        let missed = usize::try_from(self.version.checked_sub(version)?).ok()?;
        let first = self.patches.len().checked_sub(missed)?;
        Some(self.patches.range(first..).map(String::as_str).collect())
    }
}

/// An update with parts that are JSON already, so that a patch is serialised once for all.
fn update(after: u64, seq: u64, shared: Option<&str>, mine: Option<&str>) -> Utf8Bytes {
    let mut text = format!(r#"{{"type":"update","after":{after},"seq":{seq}"#);
    for (name, part) in [("shared", shared), ("mine", mine)] {
        if let Some(part) = part {
            text.push_str(&format!(r#","{name}":{part}"#));
        }
    }
    text.push('}');
    text.into()
}

fn to_json<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("views have string keys and finite numbers")
}
