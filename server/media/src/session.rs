//! One browser's peer connection: its credentials, paths, keys, the tracks it sends and the slots it receives.

use std::time::Instant;

use crate::allowance::Allowance;
use crate::dtls::Dtls;
use crate::feedback::Arrivals;
use crate::ice::{Credentials, Paths, Tuple};
use crate::offer::{Extensions, Kind};
use crate::plan::SessionId;
use crate::replay::RtcpWindow;
use crate::report::Rate;
use crate::seal::{Opener, Sealer};
use crate::sfu::ClosedReason;
use crate::slot::Slot;
use crate::stats::Drops;
use crate::track::Inbound;

/// Keys of a session whose handshake is done.
pub(crate) struct Crypto {
    pub(crate) sealer: Sealer,
    pub(crate) opener: Opener,
}

/// All that is kept of one session.
pub(crate) struct Session {
    pub(crate) id: SessionId,
    /// Of the offer: tells a renegotiation from a new peer connection.
    pub(crate) origin: (String, u64),
    pub(crate) answers: u64,
    pub(crate) number: u64,
    pub(crate) credentials: Credentials,
    /// Valid until a path is nominated under the new ones (ICE restart).
    pub(crate) previous: Option<Credentials>,
    pub(crate) paths: Paths,
    pub(crate) dtls: Dtls,
    pub(crate) crypto: Option<Crypto>,
    pub(crate) extensions: Extensions,
    pub(crate) inbound: Vec<Inbound>,
    /// Places of the microphone and the camera.
    pub(crate) audio: Option<usize>,
    pub(crate) video: Option<usize>,
    /// Video slots, then audio slots, each in offer order.
    pub(crate) slots: Vec<Slot>,
    pub(crate) video_slots: usize,
    /// The SSRC in whose name we send feedback.
    pub(crate) ssrc: u32,
    pub(crate) rtcp_windows: Vec<(u32, RtcpWindow)>,
    pub(crate) arrivals: Arrivals,
    /// The smallest difference seen between our clock and the peer's, in NTP units.
    pub(crate) clock_offset: Option<i64>,
    pub(crate) heard: Instant,
    pub(crate) is_silent: bool,
    /// Why it ended by itself; it then carries nothing until a new offer comes.
    pub(crate) ended: Option<ClosedReason>,
    pub(crate) report_due: Instant,
    pub(crate) rtt_ms: Option<u32>,
    pub(crate) up: Rate,
    pub(crate) down: Rate,
    pub(crate) packets_down: u64,
    pub(crate) repairs_down: u64,
    pub(crate) drops: Drops,
    pub(crate) allowance: Allowance,
}

/// RTCP senders remembered per session; a browser has one per stream.
pub(crate) const MAX_RTCP_SENDERS: usize = 64;
/// SSRCs one session may send.
pub(crate) const MAX_INBOUND: usize = 8;

impl Session {
    pub(crate) fn track(&self, kind: Kind) -> Option<usize> {
        match kind {
            Kind::Audio => self.audio,
            Kind::Video => self.video,
        }
    }

    pub(crate) fn set_track(&mut self, kind: Kind, place: Option<usize>) {
        match kind {
            Kind::Audio => self.audio = place,
            Kind::Video => self.video = place,
        }
    }

    /// Where to send, if there are keys to send with.
    pub(crate) fn ready(&mut self) -> Option<(Tuple, &mut Crypto)> {
        let path = self.paths.selected()?;
        Some((path, self.crypto.as_mut()?))
    }
}
