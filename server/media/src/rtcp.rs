//! The RTCP we read and write (RFC 3550 §6, RFC 4585, RFC 5104, goog-remb): only what a forwarding unit needs.

pub(crate) const SENDER_REPORT: u8 = 200;
pub(crate) const RECEIVER_REPORT: u8 = 201;
const SOURCE_DESCRIPTION: u8 = 202;
const TRANSPORT_FEEDBACK: u8 = 205;
const PAYLOAD_FEEDBACK: u8 = 206;

/// One packet of a compound, as far as we understand it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item<'a> {
    /// NTP and RTP time of the sender's clock, then report blocks.
    SenderReport {
        ssrc: u32,
        ntp: u64,
        timestamp: u32,
        blocks: Blocks<'a>,
    },
    ReceiverReport {
        blocks: Blocks<'a>,
    },
    Nack {
        media: u32,
        pairs: &'a [u8],
    },
    PictureLoss {
        media: u32,
    },
    FullIntra {
        targets: &'a [u8],
    },
    TransportFeedback {
        body: &'a [u8],
    },
    Other,
}

/// Report blocks, read lazily.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Blocks<'a>(&'a [u8]);

/// What a receiver says of one stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) ssrc: u32,
    pub(crate) fraction_lost: u8,
    pub(crate) lost: i32,
    pub(crate) highest: u32,
    pub(crate) jitter: u32,
    pub(crate) last_report: u32,
    pub(crate) delay: u32,
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let (block, rest) = self.0.split_first_chunk::<24>()?;
        self.0 = rest;
        Some(Block {
            ssrc: word(block, 0)?,
            fraction_lost: block[4],
            lost: ((word(block, 4)? << 8) as i32) >> 8,
            highest: word(block, 8)?,
            jitter: word(block, 12)?,
            last_report: word(block, 16)?,
            delay: word(block, 20)?,
        })
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_be_bytes(*chunk))
}

/// Walks a compound packet; stops at the first thing that does not fit.
pub(crate) struct Compound<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Compound<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let head: &[u8; 4] = self.0.first_chunk()?;
        let length = 4 + 4 * usize::from(u16::from_be_bytes([head[2], head[3]]));
        if head[0] >> 6 != 2 || length > self.0.len() {
            return None;
        }
        let (packet, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(item(packet).unwrap_or(Item::Other))
    }
}

fn item(packet: &[u8]) -> Option<Item<'_>> {
    let count = usize::from(packet[0] & 0x1f);
    match packet[1] {
        SENDER_REPORT => {
            let blocks = packet.get(28..28 + 24 * count)?;
            Some(Item::SenderReport {
                ssrc: word(packet, 4)?,
                ntp: u64::from(word(packet, 8)?) << 32 | u64::from(word(packet, 12)?),
                timestamp: word(packet, 16)?,
                blocks: Blocks(blocks),
            })
        }
        RECEIVER_REPORT => Some(Item::ReceiverReport {
            blocks: Blocks(packet.get(8..8 + 24 * count)?),
        }),
        TRANSPORT_FEEDBACK if count == 1 => Some(Item::Nack {
            media: word(packet, 8)?,
            pairs: packet.get(12..)?,
        }),
        TRANSPORT_FEEDBACK if count == 15 => Some(Item::TransportFeedback {
            body: packet.get(12..)?,
        }),
        PAYLOAD_FEEDBACK if count == 1 => Some(Item::PictureLoss {
            media: word(packet, 8)?,
        }),
        PAYLOAD_FEEDBACK if count == 4 => Some(Item::FullIntra {
            targets: packet.get(12..)?,
        }),
        _ => None,
    }
}

/// The sequence numbers of a NACK.
pub(crate) fn nacked(pairs: &[u8]) -> impl Iterator<Item = u16> + '_ {
    pairs.chunks_exact(4).flat_map(|pair| {
        let first = u16::from_be_bytes([pair[0], pair[1]]);
        let mask = u16::from_be_bytes([pair[2], pair[3]]);
        let following = (0..16u16)
            .filter(move |bit| mask & (1 << bit) != 0)
            .map(move |bit| first.wrapping_add(bit + 1));
        std::iter::once(first).chain(following)
    })
}

/// The streams a full intra request names.
pub(crate) fn intra_targets(targets: &[u8]) -> impl Iterator<Item = u32> + '_ {
    targets.chunks_exact(8).filter_map(|entry| word(entry, 0))
}

/// Writes packets one behind the other.
pub(crate) struct Writer<'a> {
    buffer: &'a mut [u8],
    at: usize,
    overflow: bool,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(buffer: &'a mut [u8]) -> Writer<'a> {
        Writer {
            buffer,
            at: 0,
            overflow: false,
        }
    }

    /// The length written; `None` when nothing was written or it did not fit.
    pub(crate) fn finish(self) -> Option<usize> {
        (!self.overflow && self.at > 0).then_some(self.at)
    }

    fn put(&mut self, bytes: &[u8]) {
        match self.buffer.get_mut(self.at..self.at + bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.at += bytes.len();
            }
            None => self.overflow = true,
        }
    }

    fn put_word(&mut self, word: u32) {
        self.put(&word.to_be_bytes());
    }

    fn packet(&mut self, count: u8, kind: u8, write: impl FnOnce(&mut Self)) {
        let start = self.at;
        self.put(&[0x80 | count, kind, 0, 0]);
        write(self);
        while !(self.at - start).is_multiple_of(4) && !self.overflow {
            self.put(&[0]);
        }
        let words = ((self.at - start) / 4).saturating_sub(1) as u16;
        if let Some(place) = self.buffer.get_mut(start + 2..start + 4) {
            place.copy_from_slice(&words.to_be_bytes());
        }
    }

    pub(crate) fn sender_report(&mut self, ssrc: u32, ntp: u64, timestamp: u32, packets: u32, octets: u32) {
        self.packet(0, SENDER_REPORT, |out| {
            out.put_word(ssrc);
            out.put_word((ntp >> 32) as u32);
            out.put_word(ntp as u32);
            out.put_word(timestamp);
            out.put_word(packets);
            out.put_word(octets);
        });
    }

    pub(crate) fn source_description(&mut self, ssrc: u32, cname: &str) {
        self.packet(1, SOURCE_DESCRIPTION, |out| {
            out.put_word(ssrc);
            out.put(&[1, cname.len() as u8]);
            out.put(cname.as_bytes());
            out.put(&[0]);
        });
    }

    pub(crate) fn receiver_report(&mut self, sender: u32, blocks: &[Block]) {
        self.packet(blocks.len() as u8, RECEIVER_REPORT, |out| {
            out.put_word(sender);
            for block in blocks {
                out.put_word(block.ssrc);
                out.put_word(u32::from(block.fraction_lost) << 24 | (block.lost as u32 & 0x00ff_ffff));
                out.put_word(block.highest);
                out.put_word(block.jitter);
                out.put_word(block.last_report);
                out.put_word(block.delay);
            }
        });
    }

    /// `sequences` in ascending order.
    pub(crate) fn nack(&mut self, sender: u32, media: u32, sequences: &[u16]) {
        self.packet(1, TRANSPORT_FEEDBACK, |out| {
            out.put_word(sender);
            out.put_word(media);
            let mut rest = sequences;
            while let [first, tail @ ..] = rest {
                let mut mask = 0u16;
                let mut taken = 0;
                for sequence in tail {
                    let ahead = sequence.wrapping_sub(*first);
                    if !(1..=16).contains(&ahead) {
                        break;
                    }
                    mask |= 1 << (ahead - 1);
                    taken += 1;
                }
                out.put(&first.to_be_bytes());
                out.put(&mask.to_be_bytes());
                rest = &tail[taken..];
            }
        });
    }

    pub(crate) fn picture_loss(&mut self, sender: u32, media: u32) {
        self.packet(1, PAYLOAD_FEEDBACK, |out| {
            out.put_word(sender);
            out.put_word(media);
        });
    }

    /// Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb).
    pub(crate) fn remb(&mut self, sender: u32, bitrate: u32, media: &[u32]) {
        self.packet(15, PAYLOAD_FEEDBACK, |out| {
            let exponent = (32 - bitrate.leading_zeros()).saturating_sub(18);
            out.put_word(sender);
            out.put_word(0);
            out.put(b"REMB");
            out.put_word((media.len() as u32) << 24 | exponent << 18 | bitrate >> exponent);
            for ssrc in media {
                out.put_word(*ssrc);
            }
        });
    }

    /// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1); `body` holds all behind the
    /// SSRCs.
    pub(crate) fn transport_feedback(&mut self, sender: u32, media: u32, body: &[u8]) {
        self.packet(15, TRANSPORT_FEEDBACK, |out| {
            out.put_word(sender);
            out.put_word(media);
            out.put(body);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rtc_rtcp::payload_feedbacks::receiver_estimated_maximum_bitrate::ReceiverEstimatedMaximumBitrate;
    use rtc_rtcp::receiver_report::ReceiverReport;
    use rtc_rtcp::transport_feedbacks::transport_layer_nack::TransportLayerNack;

    /// Another implementation reads what we write.
    fn oracle(bytes: &[u8]) -> Vec<Box<dyn rtc_rtcp::packet::Packet>> {
        rtc_rtcp::packet::unmarshal(&mut &bytes[..]).expect("valid RTCP")
    }

    #[test]
    fn reports_are_understood_by_another_implementation() {
        let block = Block {
            ssrc: 5,
            fraction_lost: 64,
            lost: -3,
            highest: 70_000,
            jitter: 9,
            last_report: 1,
            delay: 2,
        };
        let mut buffer = [0u8; 200];
        let mut writer = Writer::new(&mut buffer);
        writer.sender_report(1, 0x0102_0304_0506_0708, 9, 10, 11);
        writer.source_description(1, "slots");
        writer.receiver_report(2, &[block]);
        writer.remb(2, 1_500_000, &[5]);
        writer.picture_loss(2, 5);
        let length = writer.finish().expect("room");
        let packets = oracle(&buffer[..length]);
        assert_eq!(packets.len(), 5);
        let report = packets[2]
            .as_any()
            .downcast_ref::<ReceiverReport>()
            .expect("a receiver report");
        assert_eq!((report.reports[0].fraction_lost, report.reports[0].jitter), (64, 9));
        let remb = packets[3]
            .as_any()
            .downcast_ref::<ReceiverEstimatedMaximumBitrate>()
            .expect("REMB");
        assert!((1_490_000.0..=1_500_000.0).contains(&remb.bitrate), "{}", remb.bitrate);
        let mut items = Compound(&buffer[..length]);
        assert!(matches!(
            items.next(),
            Some(Item::SenderReport {
                ssrc: 1,
                ntp: 0x0102_0304_0506_0708,
                timestamp: 9,
                ..
            })
        ));
        assert_eq!(items.next(), Some(Item::Other));
        let Some(Item::ReceiverReport { mut blocks }) = items.next() else {
            panic!("a receiver report")
        };
        assert_eq!(blocks.next(), Some(block));
        assert_eq!(items.next(), Some(Item::Other));
        assert_eq!(items.next(), Some(Item::PictureLoss { media: 5 }));
        assert_eq!(items.next(), None);
    }

    proptest! {
        #[test]
        fn a_nack_names_exactly_what_is_missing(first: u16, steps in proptest::collection::vec(1u16..40, 0..60)) {
            let mut sequences = vec![first];
            for step in steps {
                sequences.push(sequences[sequences.len() - 1].wrapping_add(step));
            }
            let mut buffer = [0u8; 400];
            let mut writer = Writer::new(&mut buffer);
            writer.nack(1, 2, &sequences);
            let length = writer.finish().expect("room");
            let packets = oracle(&buffer[..length]);
            let nack = packets[0].as_any().downcast_ref::<TransportLayerNack>().expect("a NACK");
            let theirs: Vec<u16> = nack.nacks.iter().flat_map(|pair| pair.packet_list()).collect();
            prop_assert_eq!(&theirs, &sequences);
            let Some(Item::Nack { media: 2, pairs }) = Compound(&buffer[..length]).next() else { panic!("a NACK") };
            prop_assert_eq!(nacked(pairs).collect::<Vec<_>>(), sequences);
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for item in Compound(&bytes) {
                match item {
                    Item::SenderReport { blocks, .. } | Item::ReceiverReport { blocks } => drop(blocks.count()),
                    Item::Nack { pairs, .. } => drop(nacked(pairs).count()),
                    Item::FullIntra { targets } => drop(intra_targets(targets).count()),
                    Item::PictureLoss { .. } | Item::TransportFeedback { .. } | Item::Other => {}
                }
            }
        }

        #[test]
        fn too_little_room_is_noticed(room in 0usize..80) {
            let mut buffer = vec![0u8; room];
            let mut writer = Writer::new(&mut buffer);
            writer.sender_report(1, 2, 3, 4, 5);
            writer.source_description(1, "slots");
            prop_assert_eq!(writer.finish().is_some(), room >= 44);
        }
    }
}
