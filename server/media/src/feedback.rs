//! When each packet of a session arrived, told back to its sender, whose bandwidth estimate lives on it
//! (draft-holmer-rmcat-transport-wide-cc-extensions-01).

use std::time::Instant;

use crate::replay::full_index;

const SPAN: usize = 512;
/// At most so many packets in one report.
const MAX_REPORTED: u64 = 256;

/// Arrival times by transport-wide sequence number.
pub(crate) struct Arrivals {
    start: Instant,
    times: Box<[Option<u64>]>,
    next: u64,
    highest: Option<u64>,
    reports: u8,
}

impl Arrivals {
    pub(crate) fn new(start: Instant) -> Arrivals {
        Arrivals {
            start,
            times: Box::default(),
            next: 0,
            highest: None,
            reports: 0,
        }
    }

    /// Notes a packet, in steps of 250 µs since the start.
    pub(crate) fn arrived(&mut self, sequence: u16, now: Instant) {
        // One rollover ahead, so that packets a little older than the first one have an index too.
        let Some(index) = full_index(self.highest.or(Some(u64::from(sequence) + 65_536)), sequence) else {
            return;
        };
        match self.highest {
            None => {
                // Who only receives never comes here and needs no room.
                self.times = vec![None; SPAN].into_boxed_slice();
                self.next = index;
                self.highest = Some(index);
            }
            Some(highest) if index > highest => {
                if index - self.next >= SPAN as u64 {
                    // Far ahead: what lies between was either reported or lost long ago.
                    self.times.fill(None);
                    self.next = index;
                }
                self.highest = Some(index);
            }
            Some(_) if index < self.next => return,
            Some(_) => {}
        }
        let ticks = now.saturating_duration_since(self.start).as_micros() as u64 / 250;
        self.times[(index % SPAN as u64) as usize] = Some(ticks);
    }

    /// Whether there is anything to report.
    pub(crate) fn is_due(&self) -> bool {
        self.highest.is_some_and(|highest| highest >= self.next)
    }

    /// Writes the report's body (all behind the SSRCs) and forgets what it covers.
    pub(crate) fn report(&mut self, body: &mut Vec<u8>) -> bool {
        body.clear();
        let Some(highest) = self.highest.filter(|highest| *highest >= self.next) else {
            return false;
        };
        let last = highest.min(self.next + MAX_REPORTED - 1);
        let count = last - self.next + 1;
        let time = |index: u64| self.times[(index % SPAN as u64) as usize];
        let Some(first_time) = (self.next..=last).find_map(time) else {
            self.next = last + 1;
            return false;
        };
        // Reference time counts 64 ms = 256 ticks.
        let reference = first_time / 256;
        body.extend_from_slice(&(self.next as u16).to_be_bytes());
        body.extend_from_slice(&(count as u16).to_be_bytes());
        body.extend_from_slice(&((reference as u32) << 8 | u32::from(self.reports)).to_be_bytes());
        self.reports = self.reports.wrapping_add(1);

        // Status vector chunks with two bits per packet: 0 lost, 1 small delta, 2 large delta.
        let mut before = reference * 256;
        let mut chunk = 0u16;
        for (position, index) in (self.next..=last).enumerate() {
            let symbol = match time(index) {
                None => 0u16,
                Some(ticks) => {
                    let delta = ticks as i64 - before as i64;
                    before = ticks;
                    if (0..=255).contains(&delta) { 1 } else { 2 }
                }
            };
            chunk |= symbol << (12 - 2 * (position % 7));
            if position % 7 == 6 || index == last {
                body.extend_from_slice(&(0xc000 | chunk).to_be_bytes());
                chunk = 0;
            }
        }
        let mut before = reference * 256;
        for index in self.next..=last {
            if let Some(ticks) = time(index) {
                let delta = ticks as i64 - before as i64;
                before = ticks;
                match u8::try_from(delta) {
                    Ok(small) => body.push(small),
                    Err(_) => {
                        let large = delta.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
                        body.extend_from_slice(&large.to_be_bytes());
                    }
                }
            }
        }
        for index in self.next..=last {
            self.times[(index % SPAN as u64) as usize] = None;
        }
        self.next = last + 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rtcp::Writer;
    use proptest::prelude::*;
    use rtc_rtcp::transport_feedbacks::transport_layer_cc::{PacketStatusChunk, SymbolTypeTcc, TransportLayerCc};
    use std::time::Duration;

    proptest! {
        /// Another implementation reads back which packets came, and when.
        #[test]
        fn every_arrival_is_told_once(first: u16, steps in proptest::collection::vec((1u16..4, 0u64..200_000), 1..120)) {
            let start = Instant::now();
            let mut arrivals = Arrivals::new(start);
            let mut sent = Vec::new();
            let (mut sequence, mut at) = (first, 0u64);
            for (step, wait) in steps {
                arrivals.arrived(sequence, start + Duration::from_micros(at));
                sent.push((sequence, at / 250));
                sequence = sequence.wrapping_add(step);
                at += wait;
            }
            let (mut body, mut seen) = (Vec::new(), Vec::new());
            while arrivals.is_due() {
                if !arrivals.report(&mut body) {
                    continue;
                }
                let mut buffer = [0u8; 1500];
                let mut writer = Writer::new(&mut buffer);
                writer.transport_feedback(1, 2, &body);
                let length = writer.finish().expect("room");
                let packets = rtc_rtcp::packet::unmarshal(&mut &buffer[..length]).expect("valid RTCP");
                let report = packets[0].as_any().downcast_ref::<TransportLayerCc>().expect("transport feedback");
                let mut ticks = u64::from(report.reference_time) * 256;
                let mut deltas = report.recv_deltas.iter();
                let symbols = report.packet_chunks.iter().flat_map(|chunk| match chunk {
                    PacketStatusChunk::StatusVectorChunk(vector) => vector.symbol_list.clone(),
                    PacketStatusChunk::RunLengthChunk(run) => vec![run.packet_status_symbol; run.run_length.into()],
                });
                for (offset, symbol) in symbols.take(report.packet_status_count.into()).enumerate() {
                    if symbol != SymbolTypeTcc::PacketNotReceived {
                        ticks = ticks.wrapping_add_signed(deltas.next().expect("a delta").delta / 250);
                        seen.push((report.base_sequence_number.wrapping_add(offset as u16), ticks));
                    }
                }
            }
            prop_assert_eq!(seen, sent);
        }
    }
}
