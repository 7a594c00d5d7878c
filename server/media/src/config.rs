//! What the caller may choose.

use std::net::SocketAddr;
use std::time::Duration;

/// Settings of one [`Sfu`](crate::Sfu). Everything but the candidates has a sensible default.
#[derive(Clone, Debug)]
pub struct Config {
    /// Addresses under which browsers reach the socket, announced as ICE host candidates in this order.
    pub candidates: Vec<SocketAddr>,
    /// Addresses at which browsers may open TCP connections that carry the same datagrams (RFC 6544), announced after the
    /// others. Empty: none.
    pub tcp_candidates: Vec<SocketAddr>,
    /// What one camera may send, in bit/s: `b=TIAS` in the answer and the ceiling of the estimate given to the browser.
    pub max_video_bitrate: u32,
    /// A session is reported as silent when nothing authenticated came from it for this long.
    pub silent_after: Duration,
    /// A 5-tuple without a valid STUN check for this long is forgotten (RFC 7675: 30 s).
    pub consent: Duration,
    /// At most so many sessions at once; more are refused.
    pub max_sessions: usize,
    /// This unit's number among those that relay to each other, from 0. They are made with the same `now`, which is the
    /// beginning of the clock they share. User fragments begin with it.
    pub unit: usize,
    /// How many units there are, 1 to 64.
    pub units: usize,
    /// At most so many segments in one [`Transmit`](crate::Transmit); 1 when the socket has no segmentation offload.
    pub max_segments: usize,
    /// Packets of media that one session may send in a second; more are dropped.
    pub max_datagrams_per_s: u32,
    /// Bytes that one session may send in a second.
    pub max_bytes_per_s: u32,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            candidates: Vec::new(),
            tcp_candidates: Vec::new(),
            max_video_bitrate: 1_500_000,
            silent_after: Duration::from_secs(4),
            consent: Duration::from_secs(30),
            max_sessions: 512,
            unit: 0,
            units: 1,
            max_segments: 32,
            max_datagrams_per_s: 5_000,
            max_bytes_per_s: 5_000_000,
        }
    }
}
