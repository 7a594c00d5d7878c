//! Figures of this process for Prometheus. One recorder for the whole process, as the `metrics` crate wants it.

use anyhow::{Context, Result};
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Seconds; from one sync of a good disk to what people notice.
const BUCKETS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// The recorder of this process.
///
/// # Errors
/// Another recorder was installed.
pub fn recorder() -> Result<PrometheusHandle> {
    if let Some(handle) = RECORDER.get() {
        return Ok(handle.clone());
    }
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder();
    let handle = recorder.handle();
    if RECORDER.set(handle.clone()).is_ok() {
        metrics::set_global_recorder(recorder).context("another recorder of figures is installed")?;
        describe();
    }
    Ok(RECORDER.get().cloned().unwrap_or(handle))
}

fn describe() {
    describe_counter!("hub_commands_total", "Commands, by what became of them");
    describe_histogram!(
        "hub_command_seconds",
        Unit::Seconds,
        "From the socket to decided and durable"
    );
    describe_histogram!(
        "hub_append_seconds",
        Unit::Seconds,
        "One entry of the journal, until it is on the disk"
    );
    describe_counter!("hub_append_failures_total", "Entries that could not be made durable");
    describe_histogram!(
        "hub_publish_seconds",
        Unit::Seconds,
        "Projecting the meeting for all screens once"
    );
    describe_gauge!("hub_screens", "Open screens, by audience");
    describe_counter!("hub_byes_total", "Sockets that the hub closed, by reason");
}
