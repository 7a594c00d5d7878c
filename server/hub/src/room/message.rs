//! What comes in to the room from the web's handlers: one message for each thing that a screen, a door or the operator can
//! bring. No meaning here; [`super::Room`] routes them.

use crate::auth::{KeyHash, Who};
use crate::ledger::{Denied, Done};
use crate::outbox::Outbox;
use crate::presence::{Heard, Subject};
use crate::screens::SocketId;
use crate::whip::Ask;
use crate::whip_sessions::TokenHash;
use meeting::command::Command;
use meeting::id::{CommandId, DeviceId, EndpointId, KioskId, PersonId, SiteId, SittingId, Time, VoteId};
use meeting::vote::Marks;
use protocol::message::{DeviceReport, Resume};
use protocol::view::AudienceKind;
use std::collections::BTreeSet;
use std::time::Instant;
use tokio::sync::oneshot;

/// A ballot from a kiosk.
#[derive(Debug)]
pub struct AtKiosk {
    /// Which tablet.
    pub kiosk: KioskId,
    /// Where it stands.
    pub site: SiteId,
    /// Who has given the PIN.
    pub voter: PersonId,
    /// The client's name for the ballot; a retry carries the same.
    pub id: CommandId,
    /// In which vote.
    pub vote: VoteId,
    /// What is chosen.
    pub marks: Marks,
    /// Where the answer goes, once the ballot is durable.
    pub answer: oneshot::Sender<Result<Done, Denied>>,
}

/// What comes in from the sockets.
#[derive(Debug)]
pub enum ToRoom {
    /// A screen has said hello.
    Enter {
        /// Its socket.
        socket: SocketId,
        /// Who is in front of it, by the ticket.
        who: Who,
        /// Which screen.
        audience: AudienceKind,
        /// Which device.
        device: DeviceId,
        /// Where its mirror stands.
        resume: Option<Resume>,
        /// Where messages go.
        outbox: Outbox,
        /// When it was heard.
        heard: Heard,
    },
    /// A socket was closed.
    Leave {
        /// Which.
        socket: SocketId,
    },
    /// A command.
    Ask {
        /// From which screen.
        socket: SocketId,
        /// The client's name for it.
        id: CommandId,
        /// When it was given, says the client.
        given_at: Option<Time>,
        /// What is asked.
        command: Command,
        /// When it came in.
        received: Instant,
    },
    /// A room's offer.
    Offer {
        /// From which screen.
        socket: SocketId,
        /// The room's number of the attempt.
        attempt: u32,
        /// SDP.
        sdp: String,
    },
    /// What a room knows of its devices.
    Device {
        /// From which screen.
        socket: SocketId,
        /// The report.
        report: DeviceReport,
    },
    /// Somebody publishes or views from outside.
    Whip(Ask),
    /// These tokens open nothing any more.
    TokensEnd {
        /// Their hashes.
        tokens: BTreeSet<TokenHash>,
    },
    /// A screen keeps a checkpoint.
    Witnessed {
        /// Which screen.
        socket: SocketId,
        /// Of which sitting.
        sitting: SittingId,
        /// Its number.
        number: u64,
    },
    /// A link was taken back.
    Revoked {
        /// Whose.
        who: Subject,
        /// Which keys open nothing any more.
        keys: BTreeSet<KeyHash>,
    },
    /// Somebody has given the PIN at a kiosk, and votes.
    Ballot(AtKiosk),
    /// Where somebody sits.
    Seat {
        /// Who.
        person: PersonId,
        /// Where the answer goes; none if nobody of that name has a seat.
        answer: oneshot::Sender<Option<SiteId>>,
    },
    /// Which screens of places are open.
    Open {
        /// Where the answer goes: their keys.
        answer: oneshot::Sender<BTreeSet<KeyHash>>,
    },
    /// Which rooms a console wants to see.
    Watch {
        /// From which screen.
        socket: SocketId,
        /// Which rooms, first things first.
        rooms: Vec<EndpointId>,
    },
    /// How a room's line was.
    Trend {
        /// From which screen.
        socket: SocketId,
        /// Which room.
        room: EndpointId,
        /// Only what was measured later; absent = everything that is kept.
        since: Option<Time>,
    },
    /// Who may be paired at a site: its own people first.
    Roster {
        /// Which site.
        site: SiteId,
        /// Where the answer goes.
        answer: oneshot::Sender<Vec<PersonId>>,
    },
    /// The hub stops: all screens are told.
    Stop {
        /// When it is done.
        done: oneshot::Sender<()>,
    },
}
