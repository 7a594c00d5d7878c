//! Bad networks, made on this machine: sites in network namespaces, joined over a provider that delays, loses, doubles and
//! reorders what they send, has a bandwidth and outages, translates addresses and blocks what closed networks block.
//!
//! [`topology`] makes the namespaces and takes them away again, [`shape`] sets bandwidth, translation and blocking,
//! [`impair`] is the provider's bad side (NFQUEUE, because these kernels have no netem), [`model`] its dice, [`check`] the
//! proof before every use that what is asked is what happens. It knows nothing of conferences; whoever wants one starts
//! programs inside. Input: lines on the standard input ([`hold`]); output: one line for each.

pub mod check;
pub mod hold;
pub mod impair;
pub mod model;
pub mod probe;
pub mod shape;
pub mod topology;
