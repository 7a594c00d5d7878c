//! One browser's peer connection: its credentials, paths, keys, the tracks it sends and the slots it receives.

use std::time::Instant;

use crate::allowance::Allowance;
use crate::downlink::Downlink;
use crate::dtls::Dtls;
use crate::feedback::Arrivals;
use crate::ice::{Credentials, Paths, Tuple};
use crate::offer::{Extensions, Kind};
use crate::plan::{DEVICES, SessionId};
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

/// The n-th microphone and the n-th camera of a session, in the order of its offer.
#[derive(Default)]
pub(crate) struct Device {
    /// Place of the microphone's track.
    pub(crate) audio: Option<usize>,
    /// Places of the camera's layers.
    pub(crate) video: [Option<usize>; MAX_LAYERS],
    /// Names of the layers; empty without simulcast.
    pub(crate) rids: Vec<String>,
}

impl Device {
    pub(crate) fn track(&self, part: Part) -> Option<usize> {
        match part {
            Part::Microphone => self.audio,
            Part::Camera(layer) => *self.video.get(usize::from(layer))?,
        }
    }

    pub(crate) fn set_track(&mut self, part: Part, place: usize) {
        match part {
            Part::Microphone => self.audio = Some(place),
            Part::Camera(layer) => {
                if let Some(video) = self.video.get_mut(usize::from(layer)) {
                    *video = Some(place);
                }
            }
        }
    }
}

/// Tracks of one session at most.
pub(crate) const MAX_TRACKS: usize = DEVICES * (1 + MAX_LAYERS);

/// All that is kept of one session.
pub(crate) struct Session {
    pub(crate) id: SessionId,
    /// Of the offer: tells a renegotiation from a new peer connection.
    pub(crate) origin: (String, u64),
    pub(crate) answers: u64,
    /// Names the section at the head of its bundle.
    pub(crate) head: String,
    pub(crate) number: u64,
    pub(crate) credentials: Credentials,
    /// Valid until a path is nominated under the new ones (ICE restart).
    pub(crate) previous: Option<Credentials>,
    pub(crate) paths: Paths,
    pub(crate) dtls: Dtls,
    pub(crate) crypto: Option<Crypto>,
    pub(crate) extensions: Extensions,
    pub(crate) inbound: Vec<Inbound>,
    /// What it sends; empty when it only receives.
    pub(crate) devices: Vec<Device>,
    /// Video slots, then audio slots, each in offer order.
    pub(crate) slots: Vec<Slot>,
    pub(crate) video_slots: usize,
    /// The SSRC in whose name we send feedback.
    pub(crate) ssrc: u32,
    pub(crate) rtcp_windows: Vec<(u32, RtcpWindow)>,
    pub(crate) arrivals: Arrivals,
    /// When the next arrival times go back.
    pub(crate) feedback_due: Instant,
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
pub(crate) const MAX_INBOUND: usize = DEVICES * (1 + 2 * MAX_LAYERS);

impl Session {
    /// Place of a track that it sends.
    pub(crate) fn track(&self, device: usize, part: Part) -> Option<usize> {
        self.devices.get(device)?.track(part)
    }

    /// Places of all it sends: of each device the microphone, then the layers of the camera.
    pub(crate) fn tracks(&self) -> impl Iterator<Item = usize> + use<> {
        let mut all = [None; MAX_TRACKS];
        for (places, device) in all.chunks_mut(1 + MAX_LAYERS).zip(&self.devices) {
            places[0] = device.audio;
            places[1..].copy_from_slice(&device.video);
        }
        all.into_iter().flatten()
    }

    /// The path does not take what flows in this slot: what waits is dropped, and the picture goes on at a key frame.
    pub(crate) fn give_up(&mut self, slot: usize) {
        self.drops.unpaced += self.downlink.pacer.forget(slot as u16) + 1;
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.stream.stop();
        }
    }

    /// Pictures in some slots stop here and go on at a key frame.
    pub(crate) fn cut_pictures(&mut self, wanted: impl Fn(&Slot) -> bool) {
        for slot in self
            .slots
            .iter_mut()
            .filter(|slot| slot.kind == Kind::Video && wanted(slot))
        {
            slot.stream.stop();
        }
    }

    /// Where to send, if there are keys to send with.
    pub(crate) fn ready(&mut self) -> Option<(Tuple, &mut Crypto)> {
        let path = self.paths.selected()?;
        Some((path, self.crypto.as_mut()?))
    }
}
