//! CPU time and memory of another process, as the kernel accounts for them.

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
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// Packets that the receivers should have got.
    pub expected: u64,
    /// Packets that they got.
    pub received: u64,
    /// CPU time of the engine's process.
    pub cpu: Duration,
    /// Its resident memory at the end, in bytes.
    pub resident: u64,
}

impl Figures {
    /// CPU time per forwarded packet, in microseconds.
    pub fn microseconds(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.received.max(1) as f64
    }

    /// Share of packets that never arrived, 0.0 to 1.0.
    pub fn loss(&self) -> f64 {
        1.0 - self.received as f64 / self.expected.max(1) as f64
    }
}

/// The middle one of several measurements.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
