//! Where the meeting and the media meet, and the only place: who is seen and heard in which room.
//!
//! From the meeting it takes the stage, who may be heard and who has the floor; from the media, which rooms are connected.
//! It gives slots by room. It does **not** know sessions, packets or sockets, and decides nothing that the meeting has not.
//!
//! Slots are negotiated once (ARCHITECTURE, "Fixed receive slots"): pictures 0 = large, 1 = beside it, 2–5 = tiles; sound 0 = the
//! chair's room, 1 = the speaker's, 2 = whoever else is heard. A room never receives itself. Who keeps being heard keeps the
//! slot, so that no sound is torn.

use ::media::{PLACES, Rank, Wish};
use meeting::id::EndpointId;
use meeting::{Meeting, StageMode};
use protocol::message::ServerMessage;
use std::collections::{BTreeMap, BTreeSet};

/// Tiles beside the stage.
const TILES: usize = 4;
/// Slots for sound; beyond them nobody can be heard, so the chair's room and the speaker's come first.
const SOUNDS: usize = 3;

/// What one room receives, by slot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receives {
    /// Whose camera.
    pub video: Vec<Option<EndpointId>>,
    /// Whose microphone.
    pub audio: Vec<Option<EndpointId>>,
    /// How each picture is shown.
    pub shown: Vec<Wish>,
}

impl Receives {
    /// Which room flows where, for a screen whose slots have these names; of the pictures, these slots stand still, and of
    /// these rooms there is sound alone.
    #[must_use]
    pub fn told(
        &self,
        video: &[String],
        audio: &[String],
        paused: &[usize],
        heard_only: &BTreeSet<EndpointId>,
    ) -> ServerMessage {
        let by_mid = |mids: &[String], rooms: &[Option<EndpointId>]| {
            mids.iter()
                .zip(rooms)
                .filter_map(|(mid, room)| Some((mid.clone(), room.clone()?)))
                .collect()
        };
        ServerMessage::Slots {
            video: by_mid(video, &self.video),
            audio: by_mid(audio, &self.audio),
            paused: paused.iter().filter_map(|slot| video.get(*slot).cloned()).collect(),
            heard_only: heard_only
                .iter()
                .filter(|room| self.video.contains(&Some((*room).clone())))
                .cloned()
                .collect(),
        }
    }
}

/// What every connected room receives.
#[must_use]
pub fn arrange(meeting: &Meeting, connected: &BTreeSet<EndpointId>) -> BTreeMap<EndpointId, Receives> {
    connected
        .iter()
        .map(|room| (room.clone(), receives(meeting, connected, room)))
        .collect()
}

fn receives(meeting: &Meeting, connected: &BTreeSet<EndpointId>, room: &EndpointId) -> Receives {
    // Outside the doors of a closed sitting nothing is seen or heard (PRODUCT 3.13).
    if !meeting.admits_room(room) {
        return Receives::default();
    }
    // A room whose line is lost would only show its last picture.
    let other = |candidate: &EndpointId| {
        candidate != room
            && connected.contains(candidate)
            && meeting.line_up(candidate)
            && meeting.admits_room(candidate)
    };
    let video = pictures(meeting, connected, &other);
    Receives {
        shown: sizes(meeting.stage().mode, video.iter().flatten().count()),
        video,
        audio: sounds(meeting, &other),
    }
}

/// How large a room shows each of its pictures. Lines beyond these nobody sees, so nobody's line has to carry them.
fn sizes(mode: StageMode, pictures: usize) -> Vec<Wish> {
    let (large, beside, tile) = match mode {
        // One alone fills the screen, then they share it in equal parts.
        StageMode::Waiting | StageMode::Overview => match pictures {
            0 | 1 => (720, 360, 180),
            2..=4 => (360, 360, 360),
            _ => (360, 360, 180),
        },
        StageMode::TwoUp => (540, 540, 180),
        StageMode::Speaker
        | StageMode::Single
        | StageMode::Ceremony
        | StageMode::RollCall
        | StageMode::Break
        | StageMode::Closed => (720, 360, 180),
    };
    let wish = |rank, height| Wish { rank, height };
    let mut sizes = vec![wish(Rank::Stage, large), wish(Rank::Beside, beside)];
    sizes.extend([wish(Rank::Tile, tile); TILES]);
    sizes
}

fn pictures(
    meeting: &Meeting,
    connected: &BTreeSet<EndpointId>,
    other: &impl Fn(&EndpointId) -> bool,
) -> Vec<Option<EndpointId>> {
    let stage = meeting.stage();
    let on_stage = [stage.primary, stage.secondary.clone()];
    // The room on stage sees whom it speaks with, or the chair.
    let large = on_stage
        .into_iter()
        .chain([meeting.chair_room(), meeting.hall()])
        .flatten()
        .find(other);
    let beside = stage
        .secondary
        .filter(|room| other(room) && Some(room) != large.as_ref());
    let mut slots = vec![large, beside];
    let tiles = match stage.mode {
        StageMode::Waiting | StageMode::Overview | StageMode::RollCall | StageMode::Break => TILES,
        StageMode::Speaker | StageMode::Single | StageMode::TwoUp | StageMode::Ceremony | StageMode::Closed => 0,
    };
    let mut rooms: Vec<&EndpointId> = connected.iter().filter(|room| other(room)).collect();
    let on_deck = rooms_on_deck(meeting);
    rooms.sort_by_key(|room| (!on_deck.contains(*room), place(meeting, room)));
    rooms.retain(|room| !slots.iter().flatten().any(|shown| shown == *room));
    slots.extend(rooms.into_iter().take(tiles).cloned().map(Some));
    slots
}

fn sounds(meeting: &Meeting, other: &impl Fn(&EndpointId) -> bool) -> Vec<Option<EndpointId>> {
    let mut heard = meeting.heard();
    heard.retain(|room| other(room));
    let mut slots: Vec<Option<EndpointId>> = Vec::with_capacity(SOUNDS);
    for first in [meeting.chair_room(), meeting.turn().map(|turn| turn.endpoint.clone())] {
        slots.push(first.filter(|room| heard.remove(room)));
    }
    let mut others = heard.into_iter();
    slots.push(others.next());
    // Many rooms opened by hand: whoever finds no slot of their own takes a free one.
    for slot in slots.iter_mut().filter(|slot| slot.is_none()) {
        *slot = others.next();
    }
    slots
}

/// What those outside may have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outside {
    /// The programme's pictures: what is on stage, and what stands beside it.
    pub pictures: [Option<EndpointId>; PLACES],
    /// The programme's sounds: who has the floor, else the chair; and the chair, or whoever else is heard.
    pub sounds: [Option<EndpointId>; PLACES],
    /// The rooms whose picture some room of the sitting may see.
    pub seen: BTreeSet<EndpointId>,
    /// The rooms that may be heard.
    pub heard: BTreeSet<EndpointId>,
}

/// What those outside may have: nothing that the sitting itself does not show or hear.
#[must_use]
pub fn outside(meeting: &Meeting, connected: &BTreeSet<EndpointId>) -> Outside {
    if meeting.is_behind_doors() {
        return Outside::default();
    }
    let up = |room: &EndpointId| connected.contains(room) && meeting.line_up(room);
    let stage = meeting.stage();
    let is_closed = stage.mode == StageMode::Closed;
    let large = [stage.primary, meeting.hall().filter(|_| !is_closed)]
        .into_iter()
        .flatten()
        .find(up);
    let beside = stage.secondary.filter(|room| up(room) && Some(room) != large.as_ref());
    let seen = match stage.mode {
        StageMode::Waiting | StageMode::Overview | StageMode::RollCall | StageMode::Break => {
            connected.iter().filter(|room| up(room)).cloned().collect()
        }
        StageMode::Speaker | StageMode::Single | StageMode::TwoUp | StageMode::Ceremony | StageMode::Closed => {
            large.iter().chain(&beside).cloned().collect()
        }
    };
    let mut heard = meeting.heard();
    heard.retain(up);
    let called = large.clone().filter(|_| stage.mode == StageMode::RollCall);
    let speaker = called.or_else(|| meeting.turn().map(|turn| turn.endpoint.clone()));
    let mut sounds = Vec::new();
    for room in [speaker, meeting.chair_room()]
        .into_iter()
        .flatten()
        .chain(heard.iter().cloned())
    {
        if heard.contains(&room) && !sounds.contains(&room) {
            sounds.push(room);
        }
    }
    let mut sounds = sounds.into_iter();
    Outside {
        pictures: [large, beside],
        sounds: [sounds.next(), sounds.next()],
        seen,
        heard,
    }
}

fn rooms_on_deck(meeting: &Meeting) -> BTreeSet<EndpointId> {
    let on_deck = |request: &&meeting::request::Request| request.state == meeting::request::RequestState::OnDeck;
    meeting
        .requests()
        .values()
        .filter(on_deck)
        .filter_map(|request| meeting.room_of(&request.person))
        .collect()
}

/// Protocol order of the room's site.
fn place(meeting: &Meeting, room: &EndpointId) -> Option<u32> {
    let site = &meeting.setup().endpoints.get(room)?.site;
    Some(meeting.setup().sites.get(site)?.order)
}
