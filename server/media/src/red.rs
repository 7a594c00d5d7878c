//! Redundant audio (RFC 2198): each packet carries the voice of the one before it as well. Read, split for browsers without it,
//! and used where a packet is missing.

/// A block of a redundant packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    /// How many packets before this one; 0 = this one's own.
    pub(crate) back: u8,
    /// How much older than this packet, in units of its clock.
    pub(crate) older: u16,
    pub(crate) payload: &'a [u8],
}

/// A browser repeats one packet or two; more is not read.
const MAX_BLOCKS: usize = 8;

/// The blocks of a packet, oldest first; nothing when it is malformed.
pub(crate) fn blocks(payload: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let parsed = parse(payload).unwrap_or_default();
    let (count, blocks) = (parsed.count, parsed.blocks);
    blocks.into_iter().take(count).flatten()
}

/// This packet's own voice.
pub(crate) fn primary(payload: &[u8]) -> Option<&[u8]> {
    blocks(payload).last().map(|block| block.payload)
}

/// Names the format of every block as the receiver numbers it.
pub(crate) fn number(payload: &mut [u8], payload_type: u8) {
    let mut at = 0;
    while let Some(head) = payload.get_mut(at) {
        *head = *head & 0x80 | payload_type & 0x7f;
        if *head & 0x80 == 0 {
            return;
        }
        at += 4;
    }
}

#[derive(Default)]
struct Parsed<'a> {
    blocks: [Option<Block<'a>>; MAX_BLOCKS],
    count: usize,
}

fn parse(payload: &[u8]) -> Option<Parsed<'_>> {
    let mut heads = [(0u16, 0usize); MAX_BLOCKS];
    let (mut count, mut rest) = (0, payload);
    loop {
        let (first, tail) = rest.split_first()?;
        if first & 0x80 == 0 {
            rest = tail;
            break;
        }
        let (head, tail) = rest.split_first_chunk::<4>()?;
        let word = u32::from_be_bytes(*head);
        *heads.get_mut(count)? = ((word >> 10 & 0x3fff) as u16, (word & 0x3ff) as usize);
        count += 1;
        rest = tail;
    }
    let mut parsed = Parsed::default();
    for (at, (older, length)) in heads.iter().take(count).enumerate() {
        let (block, tail) = rest.split_at_checked(*length)?;
        parsed.blocks[at] = Some(Block {
            back: (count - at) as u8,
            older: *older,
            payload: block,
        });
        rest = tail;
    }
    *parsed.blocks.get_mut(count)? = Some(Block {
        back: 0,
        older: 0,
        payload: rest,
    });
    parsed.count = count + 1;
    Some(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One repetition, 960 units older, of three bytes; then two bytes of its own.
    const PACKET: [u8; 10] = [0x80 | 111, 0, 0, 0, 111, 1, 2, 3, 8, 9];

    #[test]
    fn a_packet_gives_its_own_voice_and_the_one_before() {
        let mut packet = PACKET;
        // The offset has 14 bits, the length 10.
        packet[1..4].copy_from_slice(&(960u32 << 10 | 3).to_be_bytes()[1..]);
        let found: Vec<_> = blocks(&packet)
            .map(|block| (block.back, block.older, block.payload.to_vec()))
            .collect();
        assert_eq!(found, [(1, 960, vec![1, 2, 3]), (0, 0, vec![8, 9])]);
        assert_eq!(primary(&packet), Some(&[8, 9][..]));
        number(&mut packet, 96);
        assert_eq!((packet[0], packet[4]), (0x80 | 96, 96));
        assert_eq!(primary(&packet), Some(&[8, 9][..]));
        assert_eq!(primary(&packet[..6]), None, "cut short");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..60), payload_type in 0u8..128) {
            let before: usize = blocks(&bytes).map(|block| block.payload.len()).sum();
            prop_assert!(before <= bytes.len());
            number(&mut bytes, payload_type);
            prop_assert_eq!(blocks(&bytes).map(|block| block.payload.len()).sum::<usize>(), before);
        }
    }
}
