//! Which pages may open a websocket (RFC 6455 §10.2). A page of somebody else's, open in a delegate's browser, may not.

use crate::config::Config;
use std::collections::BTreeSet;

/// The origins of our own pages.
#[derive(Debug, Clone)]
pub struct Origins(BTreeSet<String>);

impl Origins {
    /// Our hosts by HTTPS, this machine itself by both, and what the operator adds.
    #[must_use]
    pub fn new(config: &Config, hosts: &[String]) -> Self {
        let mut origins: BTreeSet<String> = config
            .server
            .origins
            .iter()
            .map(|origin| origin.trim_end_matches('/').to_lowercase())
            .collect();
        let local = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        for host in hosts.iter().chain(&local) {
            origins.insert(origin("https", host, config.server.https.port()));
        }
        for host in &local {
            origins.insert(origin("http", host, config.server.http.port()));
        }
        Self(origins)
    }

    /// Whether a page of this origin is one of ours.
    #[must_use]
    pub fn allow(&self, origin: &str) -> bool {
        self.0.contains(&origin.to_lowercase())
    }
}

fn origin(scheme: &str, host: &str, port: u16) -> String {
    let host = crate::addresses::in_url(host).to_lowercase();
    match (scheme, port) {
        ("https", 443) | ("http", 80) => format!("{scheme}://{host}"),
        _other_port => format!("{scheme}://{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages() {
        let config = Config::default();
        let origins = Origins::new(
            &config,
            &[
                "192.0.2.7".to_owned(),
                "2001:db8::7".to_owned(),
                "Hop.Example".to_owned(),
            ],
        );
        for ours in [
            "https://192.0.2.7:8443",
            "https://[2001:db8::7]:8443",
            "https://hop.example:8443",
            "https://localhost:8443",
            "http://localhost:8080",
            "http://127.0.0.1:8080",
        ] {
            assert!(origins.allow(ours), "{ours}");
        }
        for foreign in [
            "",
            "null",
            "https://192.0.2.7",
            "https://192.0.2.7:8444",
            "http://192.0.2.7:8443",
            "http://192.0.2.7:8080",
            "https://192.0.2.70:8443",
            "https://evil.hop.example:8443",
            "https://hop.example.evil:8443",
            "https://hop.example:8443.evil",
            "https://hop.example:8443/",
            "https://hop.example:8443@evil",
            "file://",
            "chrome-extension://abc",
            "wss://hop.example:8443",
        ] {
            assert!(!origins.allow(foreign), "{foreign}");
        }
    }

    #[test]
    fn the_default_port_is_not_written() {
        let mut config = Config::default();
        config.server.https.set_port(443);
        config.server.origins = vec!["https://Proxy.example/".to_owned()];
        let origins = Origins::new(&config, &["hop.example".to_owned()]);
        assert!(origins.allow("https://hop.example") && origins.allow("https://proxy.example"));
        assert!(!origins.allow("https://hop.example:8443"));
    }
}
