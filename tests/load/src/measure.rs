//! CPU time and memory of another process, as the kernel accounts for them, and what becomes of them in a table.

use std::time::Duration;

use anyhow::{Context, Result};

/// CPU time of all threads of a process since its start, user and system.
pub fn cpu(pid: u32) -> Result<Duration> {
    let mut nanoseconds = 0u64;
    for task in std::fs::read_dir(format!("/proc/{pid}/task")).context("the process is gone")? {
        let text = std::fs::read_to_string(task?.path().join("schedstat"))?;
        let time = text.split_whitespace().next().context("schedstat is empty")?;
        nanoseconds += time.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// Resident memory of a process in bytes.
pub fn resident(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}

/// What one engine did under one load.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Packets that the receivers should have got.
    pub expected: u64,
    /// Packets that they got, without repairs.
    pub received: u64,
    /// CPU time of the engine's process.
    pub cpu: Duration,
    /// How long it was measured.
    pub window: Duration,
    /// From the publisher's send to the arrival at a receiver's socket, microseconds; half and all but a hundredth of
    /// the packets were at least this fast.
    pub latency: (u32, u32),
    /// Of the unit: allocations while it was measured.
    pub allocations: u64,
    /// Of the unit: heap, in bytes, that each receiver took besides the streams' rings.
    pub heap: f64,
    /// Of the unit: resident memory that each receiver took, in bytes.
    pub resident: f64,
    /// Of the unit: CPU time of one participant's set-up, and the time that the participant waited.
    pub set_up: (Duration, Duration),
}

impl Figures {
    /// CPU time per forwarded packet, in microseconds.
    pub fn microseconds(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.received.max(1) as f64
    }

    /// Share of packets that never arrived, 0.0 to 1.0.
    pub fn loss(&self) -> f64 {
        (1.0 - self.received as f64 / self.expected.max(1) as f64).max(0.0)
    }

    /// Share of one core that was used.
    pub fn share(&self) -> f64 {
        self.cpu.as_secs_f64() / self.window.as_secs_f64().max(1e-9)
    }
}

/// The middle one of several measurements.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The 50th and the 99th percentile.
pub fn percentiles(mut values: Vec<u32>) -> (u32, u32) {
    values.sort_unstable();
    let at = |share: usize| values.get((values.len() * share / 100).min(values.len().saturating_sub(1)));
    (at(50).copied().unwrap_or(0), at(99).copied().unwrap_or(0))
}
