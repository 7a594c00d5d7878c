//! What travels over the websocket. The contract in prose, with examples that tests execute, is in this crate's README.

use crate::view::{AudienceKind, Mine, Shared};
use meeting::check::Transport;
use meeting::command::Command;
use meeting::id::{CommandId, DeviceId, EndpointId, SittingId, Time};
use meeting::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The largest message either side sends, in bytes. A larger one from a client closes the socket with 1009.
pub const MESSAGE_LIMIT: usize = 64 * 1024;

/// From a screen to the hub.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// The first message: who this screen is. The ticket in the socket's address has said which person or room it is.
    Hello {
        /// Which screen.
        audience: AudienceKind,
        /// This device.
        device: DeviceId,
        /// Where the screen's mirror stands, to get only what is new; absent = everything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        resume: Option<Resume>,
    },
    /// A command; repeated with the same id until it is answered.
    Command {
        /// The client's name for it.
        id: CommandId,
        /// When it was given, on the server's clock as this client knows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        given_at: Option<Time>,
        /// What is asked.
        command: Command,
    },
    /// A room's offer of its camera and microphone, and of slots to receive. A newer attempt replaces an older one.
    Offer {
        /// Counted by the room; the answer carries it.
        attempt: u32,
        /// SDP (RFC 8866), complete: no trickle.
        sdp: String,
    },
    /// What a room knows of its own devices, at most once a second.
    Device {
        /// The report.
        report: DeviceReport,
    },
    /// Which rooms a technician's wall shows now, first things first; at most 16 count.
    Watch {
        /// The rooms.
        rooms: Vec<EndpointId>,
    },
    /// This screen keeps a checkpoint, so that nobody can make it undone (PRODUCT 3.18).
    Witnessed {
        /// Of which sitting.
        sitting: SittingId,
        /// Which.
        #[ts(type = "number")]
        number: u64,
    },
    /// How a room's line was in the last ten minutes; for technicians.
    AskTrend {
        /// Which room.
        room: EndpointId,
        /// Only what was measured later; absent = everything that is kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        since: Option<Time>,
    },
    /// Heartbeat, every 5 s.
    Ping {
        /// Any number; the answer carries it.
        n: u32,
    },
}

/// Where a mirror stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The run of the hub that the mirror comes from.
    pub boot: String,
    /// The version of the view that it holds.
    #[ts(type = "number")]
    pub seq: u64,
}

/// From the hub to a screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// The answer to `hello`: the whole view, or the changes since `resume`.
    Welcome {
        /// This run of the hub; another one means that media must be offered again.
        boot: String,
        /// The version of the view.
        #[ts(type = "number")]
        seq: u64,
        /// The server's clock.
        now: Time,
        /// The whole shared view; absent if `patches` bring the mirror up to date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        shared: Option<Box<Shared>>,
        /// Merge patches (RFC 7396) for the shared view since `resume`, oldest first.
        #[ts(type = "unknown[]")]
        patches: Vec<serde_json::Value>,
        /// The screen's own part, always whole.
        mine: Box<Mine>,
    },
    /// Something changed. A gap in `seq` (`after` is not the number that the mirror holds) means: ask again with `hello`.
    Update {
        /// The number that the patches apply to.
        #[ts(type = "number")]
        after: u64,
        /// The number afterwards.
        #[ts(type = "number")]
        seq: u64,
        /// Merge patch for the shared view; absent = unchanged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(type = "unknown", optional)]
        shared: Option<serde_json::Value>,
        /// Merge patch for the own part; absent = unchanged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(type = "unknown", optional)]
        mine: Option<serde_json::Value>,
    },
    /// The command is durable and in force.
    Accepted {
        /// Which command.
        id: CommandId,
        /// Its place in the journal.
        #[ts(type = "number")]
        seq: u64,
        /// When.
        at: Time,
    },
    /// The command was refused; nothing happened.
    Refused {
        /// Which command.
        id: CommandId,
        /// Why.
        refusal: Refusal,
    },
    /// The hub could not make a command durable (disk full, database gone). Nothing happened; the client may try again.
    Unavailable {
        /// Which command.
        id: CommandId,
    },
    /// The answer to an offer.
    Answer {
        /// The room's number of the attempt.
        attempt: u32,
        /// SDP.
        sdp: String,
        /// The m-lines in which pictures are received, stage first, by `mid`.
        video_slots: Vec<String>,
        /// The m-lines in which sound is received, by `mid`.
        audio_slots: Vec<String>,
    },
    /// The offer was refused; the code is stable (`media` crate, `OfferRefusal`).
    OfferRefused {
        /// The room's number of the attempt.
        attempt: u32,
        /// Why.
        code: String,
    },
    /// Which room's camera or microphone flows in each slot, by `mid`; a slot that is absent is empty.
    Slots {
        /// Pictures.
        video: BTreeMap<String, EndpointId>,
        /// Sound.
        audio: BTreeMap<String, EndpointId>,
        /// Pictures that stand still because the room's line does not carry them.
        paused: Vec<String>,
        /// Of the rooms in these slots, those of which there is sound and no picture: no camera, or by choice.
        heard_only: Vec<EndpointId>,
    },
    /// The state of the rooms' links, once a second, for technicians; a room gets its own line only.
    Links {
        /// By room.
        links: BTreeMap<EndpointId, Link>,
    },
    /// How a room's line was, oldest first: columns of equal length, one place for each sample, `null` where nothing was measured.
    Trend {
        /// Which room.
        room: EndpointId,
        /// When.
        at: Vec<Time>,
        /// Packets lost on the way to the hub, per cent.
        loss_up: Vec<Option<f32>>,
        /// Packets lost on the way to the room, per cent.
        loss_down: Vec<Option<f32>>,
        /// Round-trip time, milliseconds.
        rtt_ms: Vec<Option<u32>>,
        /// Received from the room, kbit/s.
        up_kbps: Vec<Option<u32>>,
        /// Sent to the room, kbit/s.
        down_kbps: Vec<Option<u32>>,
    },
    /// Where the journal stands, signed by the hub (PRODUCT 3.18): when a screen comes in, and whenever it was signed anew.
    Checkpoint {
        /// Of which sitting.
        sitting: SittingId,
        /// Which, from 1.
        #[ts(type = "number")]
        number: u64,
        /// How many records it covers.
        #[ts(type = "number")]
        seq: u64,
        /// When it was signed.
        at: Time,
        /// What people compare, `9F86-D081-884C-7D65-9A2F`.
        code: String,
        /// What was signed, with the signature: kept and handed over as it is, to the last byte.
        text: String,
    },
    /// A way for a room's media through networks that let out nothing but TLS: the relay on the hub's HTTPS port (TURN,
    /// RFC 8656), which leads to the hub and nowhere else. A later one takes the place of an earlier.
    Relay {
        /// The hub's HTTPS port, for pages that did not come through it.
        port: u16,
        /// The name to show.
        username: String,
        /// The password.
        password: String,
        /// How long it is good for, seconds.
        valid_s: u32,
    },
    /// The code that pairs a tablet with this room, for the room's screen.
    Pairing {
        /// Six digits.
        code: String,
        /// Address for the QR code, with the code in it.
        url: String,
        /// Until when.
        until: Time,
    },
    /// Heartbeat.
    Pong {
        /// The number of the ping.
        n: u32,
        /// The server's clock.
        now: Time,
    },
    /// A ticket for coming back without the way through `POST /api/ticket`, when the line falls silent. It serves once, within ten
    /// minutes; a later one takes the place of an earlier.
    Return {
        /// The ticket.
        ticket: String,
    },
    /// The hub closes this socket; the code says whether to come back.
    Bye {
        /// Why.
        reason: ByeReason,
    },
}

/// Why the hub closes a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ByeReason {
    /// The ticket is unknown, used or too old: get a new one.
    BadTicket,
    /// The person may not use this screen.
    NotYourScreen,
    /// A message broke the protocol.
    Malformed,
    /// Too many messages.
    TooFast,
    /// The screen reads too slowly; come back and ask for everything.
    TooSlow,
    /// Another device of this person has taken over; do not come back by yourself.
    Replaced,
    /// The personal link was revoked; do not come back.
    Revoked,
    /// The hub stops; come back.
    Stopping,
}

/// What a room knows of its own devices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeviceReport {
    /// Camera in use; empty = none.
    pub camera: String,
    /// Microphone in use; empty = none.
    pub microphone: String,
    /// Level of the microphone before the floor's decision, dBFS, −127…0.
    pub level: i32,
    /// The operator has agreed, for this room, that the hub opens and closes the microphone (PRODUCT 3.8).
    pub consent: bool,
    /// Pictures that were decoded in the last second, over all slots.
    pub frames: u32,
    /// Milliseconds of sound that had to be concealed in the last second.
    pub concealed_ms: u32,
    /// The room has chosen to send and receive sound alone, to spare its line.
    #[serde(default)]
    pub sound_only: bool,
    /// By which way packets travel; absent until known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub transport: Option<Transport>,
}

/// State of one room's link, as the technician sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Link {
    /// In one word (PRODUCT 3.11).
    pub state: LinkState,
    /// Level of the microphone as received, dBov, −127…0.
    pub level: i32,
    /// Packets lost on the way to the hub, per cent of the last seconds.
    pub loss_up: f32,
    /// Packets lost on the way to the room, per cent.
    pub loss_down: f32,
    /// Round-trip time, milliseconds; absent until measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub rtt_ms: Option<u32>,
    /// Received from the room, kbit/s.
    pub up_kbps: u32,
    /// Sent to the room, kbit/s.
    pub down_kbps: u32,
    /// What the way to the room carries, by the hub's estimate, kbit/s; absent until its browser gave account of what arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub estimate_kbps: Option<u32>,
    /// Lines of the large picture as it flows to the room: which layer the room gets; absent while none flows, or nothing told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub layer: Option<u16>,
    /// So many of the room's pictures stand still, because its line does not carry them.
    pub still: u32,
    /// What the room reports of its devices; absent until it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub device: Option<DeviceReport>,
}

/// State of a room endpoint in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Ngoại tuyến.
    Offline,
    /// Đang nối: the screen is there, pictures not yet.
    Connecting,
    /// Tốt.
    Good,
    /// Suy giảm: loss, delay, or pictures that stand still because the line does not carry them.
    Degraded,
    /// Chỉ âm thanh: the room has chosen sound alone.
    SoundOnly,
    /// Mất hình: sound arrives, pictures do not.
    NoPicture,
    /// Mất tiếng: pictures arrive, sound does not.
    NoSound,
}
