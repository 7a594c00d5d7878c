//! Under which names and addresses this machine is reached.

use crate::config::Config;
use std::net::IpAddr;

/// Names and addresses for links, the certificate and the check of origins, best first: what the operator named, or else
/// every address of this machine that others can reach.
#[must_use]
pub fn hosts(config: &Config) -> Vec<String> {
    if !config.server.hosts.is_empty() {
        return config.server.hosts.clone();
    }
    let bound = config.server.https.ip();
    let mut hosts: Vec<String> = if bound.is_unspecified() {
        of_this_machine()
    } else {
        vec![bound]
    }
    .iter()
    .map(ToString::to_string)
    .collect();
    if hosts.is_empty() {
        hosts.push("localhost".to_owned());
    }
    hosts
}

/// Addresses under which browsers reach the media port, as announced to them.
#[must_use]
pub fn announced(config: &Config) -> Vec<IpAddr> {
    if !config.media.announce.is_empty() {
        return config.media.announce.clone();
    }
    let bound = config.media.udp.ip();
    if !bound.is_unspecified() {
        return vec![bound];
    }
    let mut addresses = of_this_machine();
    addresses.retain(|address| address.is_ipv4() == bound.is_ipv4() || bound.is_ipv6());
    addresses.push(IpAddr::from([127, 0, 0, 1]));
    addresses
}

/// IPv4 first, because that is what people type; link-local addresses are of no use in a link.
fn of_this_machine() -> Vec<IpAddr> {
    let mut addresses: Vec<IpAddr> = if_addrs::get_if_addrs()
        .unwrap_or_default()
        .into_iter()
        .filter(|interface| !interface.is_loopback() && !interface.is_link_local())
        .map(|interface| interface.ip())
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

/// A host as it stands in a URL: an IPv6 address in brackets.
#[must_use]
pub fn in_url(host: &str) -> String {
    if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}
