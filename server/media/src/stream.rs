//! Datagrams over a connection: ICE-TCP (RFC 6544) in the frames of RFC 4571, and what a relay's client sends and gets.
//!
//! The unit sees a stream as one more thing that carries a path; who opened it, and how its bytes are protected, it does
//! not know. A stream proves itself as an address does: by a check that authenticates.

use std::net::SocketAddr;
use std::time::Instant;

use crate::ice::Tuple;
use crate::sfu::Sfu;
use crate::stun;

/// Names a connection. The caller chooses it and never uses it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(pub u32);

impl Sfu {
    /// Takes in one datagram that came over a stream; see [`Sfu::handle_datagram`].
    pub fn handle_streamed(
        &mut self,
        now: Instant,
        stream: StreamId,
        from: SocketAddr,
        to: SocketAddr,
        data: &mut [u8],
    ) {
        let (remote, local, stream) = (from, to, Some(stream));
        self.handle(now, Tuple { remote, local, stream }, data);
    }

    /// The stream is gone; what it carried goes another way, if there is one.
    pub fn close_stream(&mut self, stream: StreamId) {
        let Sfu { tuples, sessions, .. } = self;
        tuples.retain(|tuple, place| {
            let stays = tuple.stream != Some(stream);
            if !stays && let Some(session) = sessions[*place].as_mut() {
                session.paths.forget(*tuple);
            }
            stays
        });
    }

    /// Whether a check that authenticated came over this stream, and not too long ago.
    pub fn is_proven(&self, stream: StreamId) -> bool {
        self.tuples.keys().any(|tuple| tuple.stream == Some(stream))
    }
}

/// Our user fragment, if this is a well-formed check that names one: whose it is, before anything in it is believed.
pub fn local_ufrag(datagram: &[u8]) -> Option<&[u8]> {
    stun::Request::parse(datagram).map(|request| request.local_ufrag)
}

/// The characters of a user fragment (RFC 8839 §5.4).
pub(crate) const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// How the user fragments of one of several units begin.
pub(crate) fn mark(unit: usize) -> String {
    char::from(ALPHABET[unit % ALPHABET.len()]).to_string()
}

/// To which of several units a user fragment of ours belongs.
pub fn unit_of(local_ufrag: &[u8]) -> Option<usize> {
    let first = local_ufrag.first()?;
    ALPHABET.iter().position(|character| character == first)
}

/// Longest datagram that is taken from a stream; browsers keep to 1500 bytes.
pub(crate) const LONGEST: usize = 2048;

/// How many bytes of `bytes` are the first frame, its header of two included (RFC 4571 §2); `None` while it is not whole.
///
/// # Errors
/// The length is one that no datagram of ours has: this is something else, or hostile.
pub fn first_frame(bytes: &[u8]) -> Result<Option<usize>, Unframed> {
    let Some([high, low]) = bytes.first_chunk() else {
        return Ok(None);
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if length > LONGEST {
        return Err(Unframed);
    }
    Ok((bytes.len() >= length + 2).then_some(length + 2))
}

/// The bytes are not in frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stream is not in frames")]
pub struct Unframed;

/// Puts a datagram into a frame, behind what is in `out`.
pub fn frame(datagram: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(datagram.len() as u16).to_be_bytes());
    out.extend_from_slice(datagram);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_framed_is_found_again(datagrams in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..1500), 1..8)) {
            let mut bytes = Vec::new();
            datagrams.iter().for_each(|datagram| frame(datagram, &mut bytes));
            prop_assert_eq!(first_frame(&bytes[..datagrams[0].len() + 1]), Ok(None), "a byte is missing");
            let (mut rest, mut found) = (&bytes[..], Vec::new());
            while let Some(length) = first_frame(rest).expect("frames") {
                found.push(rest[2..length].to_vec());
                rest = &rest[length..];
            }
            prop_assert_eq!(found, datagrams);
        }
    }

    #[test]
    fn a_tls_hello_and_a_web_request_are_not_frames() {
        assert_eq!(first_frame(&[0x16, 0x03, 0x01]), Err(Unframed));
        assert_eq!(first_frame(b"GET / HTTP/1.1"), Err(Unframed));
        assert_eq!(first_frame(&[0]), Ok(None));
    }
}
