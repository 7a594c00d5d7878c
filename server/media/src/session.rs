//! One browser's peer connection: its credentials, paths, keys, the tracks it sends and the slots it receives.

use std::time::Instant;

use crate::allowance::Allowance;
use crate::downlink::Downlink;
use crate::dtls::Dtls;
use crate::feedback::Arrivals;
use crate::ice::{Credentials, Paths, Tuple};
use crate::offer::Extensions;
use crate::plan::SessionId;
use crate::replay::RtcpWindow;
use crate::report::Rate;
use crate::seal::{Opener, Sealer};
use crate::sfu::ClosedReason;
use crate::slot::Slot;
use crate::stats::Drops;
use crate::track::{Inbound, MAX_LAYERS, Part};

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
    /// Places of the microphone and of the camera's layers, in the order of the offer.
    pub(crate) audio: Option<usize>,
    pub(crate) video: [Option<usize>; MAX_LAYERS],
    /// Names of the layers; empty without simulcast.
    pub(crate) rids: Vec<String>,
    /// Video slots, then audio slots, each in offer order.
    pub(crate) slots: Vec<Slot>,
    pub(crate) video_slots: usize,
    /// The SSRC in whose name we send feedback.
    pub(crate) ssrc: u32,
    pub(crate) rtcp_windows: Vec<(u32, RtcpWindow)>,
    pub(crate) arrivals: Arrivals,
    pub(crate) downlink: Downlink,
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
pub(crate) const MAX_INBOUND: usize = 12;

impl Session {
    pub(crate) fn track(&self, part: Part) -> Option<usize> {
        match part {
            Part::Microphone => self.audio,
            Part::Camera(layer) => *self.video.get(usize::from(layer))?,
        }
    }

    pub(crate) fn set_track(&mut self, part: Part, place: Option<usize>) {
        match part {
            Part::Microphone => self.audio = place,
            Part::Camera(layer) => {
                if let Some(video) = self.video.get_mut(usize::from(layer)) {
                    *video = place;
                }
            }
        }
    }

    /// Places of all it sends: the microphone, then the layers of the camera.
    pub(crate) fn tracks(&self) -> impl Iterator<Item = usize> + use<> {
        let [first, second, third] = self.video;
        [self.audio, first, second, third].into_iter().flatten()
    }

    /// The path does not take what flows in this slot: what waits is dropped, and the picture goes on at a key frame.
    pub(crate) fn give_up(&mut self, slot: usize) {
        self.drops.unpaced += self.downlink.pacer.forget(slot as u16) + 1;
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.stream.stop();
        }
    }

    /// Where to send, if there are keys to send with.
    pub(crate) fn ready(&mut self) -> Option<(Tuple, &mut Crypto)> {
        let path = self.paths.selected()?;
        Some((path, self.crypto.as_mut()?))
    }
}
