//! Sliding replay windows (RFC 3711 §3.3.2) and the guess of a packet's full index (§3.3.1).

/// Remembers which of the last `WORDS * 64` indices were accepted.
#[derive(Clone, Debug)]
pub(crate) struct Window<const WORDS: usize> {
    highest: Option<u64>,
    seen: [u64; WORDS],
}

/// SRTP: 256 packets.
pub(crate) type RtpWindow = Window<4>;
/// SRTCP: 128 packets.
pub(crate) type RtcpWindow = Window<2>;

impl<const WORDS: usize> Window<WORDS> {
    pub(crate) const SIZE: u64 = WORDS as u64 * 64;

    pub(crate) fn new() -> Self {
        Window {
            highest: None,
            seen: [0; WORDS],
        }
    }

    pub(crate) fn highest(&self) -> Option<u64> {
        self.highest
    }

    /// Whether a packet with this index may still be accepted. Changes nothing: an unauthenticated packet must not
    /// move the window.
    pub(crate) fn is_fresh(&self, index: u64) -> bool {
        match self.highest {
            None => true,
            Some(highest) if index > highest => true,
            Some(highest) => highest - index < Self::SIZE && !self.bit(index),
        }
    }

    /// Records an authenticated packet.
    pub(crate) fn accept(&mut self, index: u64) {
        let highest = self.highest.unwrap_or(index);
        if self.highest.is_none() || index > highest {
            let ahead = index - highest;
            if ahead >= Self::SIZE {
                self.seen = [0; WORDS];
            } else {
                for skipped in highest + 1..=index {
                    self.set(skipped, false);
                }
            }
            self.highest = Some(index);
        }
        self.set(index, true);
    }

    fn place(index: u64) -> (usize, u64) {
        let position = index % Self::SIZE;
        ((position / 64) as usize, 1 << (position % 64))
    }

    fn bit(&self, index: u64) -> bool {
        let (word, mask) = Self::place(index);
        self.seen[word] & mask != 0
    }

    fn set(&mut self, index: u64, on: bool) {
        let (word, mask) = Self::place(index);
        if on {
            self.seen[word] |= mask;
        } else {
            self.seen[word] &= !mask;
        }
    }
}

/// The full index of a 16-bit sequence number, nearest to the highest one known (RFC 3711 §3.3.1). `None` when it would
/// lie before the first packet of the stream.
pub(crate) fn full_index(highest: Option<u64>, sequence: u16) -> Option<u64> {
    let Some(highest) = highest else {
        return Some(u64::from(sequence));
    };
    let ahead = sequence.wrapping_sub(highest as u16) as i16;
    highest.checked_add_signed(i64::from(ahead))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_windows_have_the_sizes_the_threat_model_asks_for() {
        assert_eq!(RtpWindow::SIZE, 256);
        assert_eq!(RtcpWindow::SIZE, 128);
    }

    #[test]
    fn sequence_numbers_wrap_into_the_next_rollover_and_back() {
        assert_eq!(full_index(None, 65_535), Some(65_535));
        assert_eq!(full_index(Some(65_535), 0), Some(65_536));
        assert_eq!(full_index(Some(65_536), 65_535), Some(65_535));
        assert_eq!(full_index(Some(3), 65_535), None);
    }

    proptest! {
        #[test]
        fn nothing_is_accepted_twice(steps in proptest::collection::vec(0u64..2000, 1..400)) {
            let mut window = RtpWindow::new();
            let mut accepted = std::collections::HashSet::new();
            for index in steps {
                if window.is_fresh(index) {
                    prop_assert!(accepted.insert(index), "{index} twice");
                    window.accept(index);
                }
            }
        }

        #[test]
        fn reordering_within_the_window_loses_nothing(start in 0u64..100_000, mut order in Just((0u64..64).collect::<Vec<_>>()).prop_shuffle()) {
            let mut window = RtcpWindow::new();
            order.iter_mut().for_each(|step| *step += start);
            for index in order {
                prop_assert!(window.is_fresh(index));
                window.accept(index);
                prop_assert!(!window.is_fresh(index));
            }
        }
    }
}
