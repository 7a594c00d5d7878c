//! Under which names and addresses this machine is reached.

use crate::config::Config;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

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

/// Where to listen: all addresses of both families, or of IPv4 alone on a machine without IPv6.
#[must_use]
pub fn listening(address: SocketAddr) -> SocketAddr {
    let has_v6 = || UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).is_ok();
    if address.ip() == Ipv6Addr::UNSPECIFIED && !has_v6() {
        return SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
    }
    address
}

/// Addresses at which browsers may open a TCP connection for media: the HTTPS port of the announced ones.
#[must_use]
pub fn over_tcp(config: &Config) -> Vec<SocketAddr> {
    let https = config.server.https;
    announced(config)
        .into_iter()
        .filter(|address| https.ip().is_unspecified() || !config.media.announce.is_empty() || *address == https.ip())
        .map(|address| SocketAddr::new(address, https.port()))
        .collect()
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
