//! What an operator may choose: `hub.toml`, and `HUB_…` variables over it. `config/hub.toml` in the tree shows every key
//! with its default; a test compares the two. Paths are relative to the folder in which the hub is started.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// The whole configuration. Unknown keys are refused: a key with a slip of the pen must not be silently without effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The folder for the database, the certificates and the secret.
    pub data: PathBuf,
    /// The council: who, where, about what, by which rules.
    pub council: PathBuf,
    /// Web.
    pub server: Server,
    /// Camera and microphone.
    pub media: Media,
    /// Bounds.
    pub limits: Limits,
    /// Logs.
    pub log: Log,
}

/// `[server]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Where browsers of the network come in.
    pub https: SocketAddr,
    /// Where this machine itself comes in; a loopback address only.
    pub http: SocketAddr,
    /// Names and addresses under which browsers reach the hub; empty = all addresses of this machine.
    pub hosts: Vec<String>,
    /// Further origins whose pages may open a websocket, e.g. of a proxy.
    pub origins: Vec<String>,
    /// Certificate chain (PEM); empty = the hub makes its own.
    pub certificate: PathBuf,
    /// Its private key (PEM).
    pub private_key: PathBuf,
    /// STUN and TURN servers of other houses that WHIP and WHEP clients are told of, as in RFC 7064 and RFC 7065.
    pub ice_servers: Vec<String>,
}

/// `[media]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Media {
    /// The UDP port of the first media thread; the others have those behind it.
    pub udp: SocketAddr,
    /// Media threads; 0 = one for each core.
    pub threads: usize,
    /// Addresses under which browsers reach it; empty = all addresses of this machine, and 127.0.0.1.
    pub announce: Vec<IpAddr>,
    /// What one camera may send, kbit/s.
    pub camera_kbps: u32,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Messages that one screen may send in a second, over time.
    pub messages_per_s: u32,
    /// … and at once.
    pub burst: u32,
    /// Screens at the same time.
    pub sockets: usize,
    /// Bytes that may wait for one slow screen before it is cut off.
    pub outbox_bytes: usize,
    /// Viewers by WHEP at the same time.
    pub viewers: usize,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// What is logged, e.g. `info` or `info,hub=debug`.
    pub filter: String,
    /// One JSON object a line, for collectors.
    pub json: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: "data".into(),
            council: "config/council/sample.toml".into(),
            server: Server::default(),
            media: Media::default(),
            limits: Limits::default(),
            log: Log::default(),
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            https: SocketAddr::from((Ipv6Addr::UNSPECIFIED, 8443)),
            http: SocketAddr::from(([127, 0, 0, 1], 8080)),
            hosts: Vec::new(),
            origins: Vec::new(),
            certificate: PathBuf::new(),
            private_key: PathBuf::new(),
            ice_servers: Vec::new(),
        }
    }
}

impl Default for Media {
    fn default() -> Self {
        Self {
            udp: SocketAddr::from((Ipv6Addr::UNSPECIFIED, 8444)),
            threads: 0,
            announce: Vec::new(),
            camera_kbps: 1500,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages_per_s: 20,
            burst: 40,
            sockets: 2000,
            outbox_bytes: 1 << 20,
            viewers: 1000,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            filter: "info,rtc_dtls=error".to_owned(),
            json: false,
        }
    }
}

impl Config {
    /// Reads a file (none = the defaults), puts `HUB_…` variables over it and checks the whole.
    ///
    /// # Errors
    /// The file cannot be read, a key is unknown, a value is wrong, or two values contradict each other.
    pub fn load(file: Option<&Path>, variables: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let mut table = match file {
            Some(path) => std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?
                .parse::<toml::Table>()
                .with_context(|| format!("{} is not TOML", path.display()))?,
            None => toml::Table::new(),
        };
        for (name, value) in variables {
            if let Some(key) = name.strip_prefix("HUB_") {
                put(&mut table, key, &value).with_context(|| format!("variable {name}"))?;
            }
        }
        let config: Self = table.try_into().context("the configuration")?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        if !self.server.http.ip().is_loopback() {
            bail!("server.http must be a loopback address: without TLS nothing leaves this machine");
        }
        if self.server.certificate.as_os_str().is_empty() != self.server.private_key.as_os_str().is_empty() {
            bail!("server.certificate and server.private_key belong together: give both, or neither");
        }
        let limits = &self.limits;
        if limits.messages_per_s == 0 || limits.burst == 0 || limits.sockets == 0 {
            bail!("a limit of 0 lets nobody in");
        }
        if limits.outbox_bytes < 4 * protocol::message::MESSAGE_LIMIT {
            bail!(
                "limits.outbox_bytes must hold some messages: at least {}",
                4 * protocol::message::MESSAGE_LIMIT
            );
        }
        Ok(())
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data.join("hub.sqlite")
    }
}

/// `HUB_SERVER__HTTPS=…` is `https` in `[server]`; `HUB_DATA=…` is `data`. The value is read as TOML, or else as text.
fn put(table: &mut toml::Table, key: &str, value: &str) -> Result<()> {
    let key = key.to_lowercase();
    let value = format!("value = {value}")
        .parse::<toml::Table>()
        .ok()
        .and_then(|mut parsed| parsed.remove("value"))
        .unwrap_or_else(|| toml::Value::String(value.to_owned()));
    match key.split_once("__") {
        None => {
            table.insert(key, value);
        }
        Some((section, key)) => {
            let section = table.entry(section).or_insert_with(|| toml::Table::new().into());
            section
                .as_table_mut()
                .context("is not a section")?
                .insert(key.to_owned(), value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hub.toml");
        std::fs::write(&file, text).unwrap();
        Config::load(Some(&file), std::iter::empty())
    }

    #[test]
    fn the_file_in_the_tree_says_every_key_and_its_default() {
        let text = include_str!("../../../config/hub.toml");
        assert_eq!(from(text).unwrap(), Config::default());
        let said: toml::Table = text.parse().unwrap();
        let built_in = toml::Table::try_from(Config::default()).unwrap();
        assert_eq!(
            said, built_in,
            "a key is missing in config/hub.toml, or has another value than the built-in default"
        );
    }

    #[test]
    fn every_key_has_a_comment_in_plain_words() {
        let text = include_str!("../../../config/hub.toml");
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            if line.contains(" = ") && !line.starts_with('#') {
                assert!(lines[number - 1].starts_with("# "), "no comment above `{line}`");
            }
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_refused_with_its_place() {
        for text in [
            "dota = \"x\"",
            "[server]\nhtps = \"0.0.0.0:1\"",
            "[log]\nlevel = \"info\"",
            "[extra]\na = 1",
        ] {
            let error = format!("{:#}", from(text).unwrap_err());
            assert!(error.contains("unknown field"), "{error}");
        }
    }

    #[test]
    fn contradictions_are_refused() {
        assert!(from("[server]\nhttp = \"0.0.0.0:8080\"").is_err());
        assert!(from("[server]\ncertificate = \"a.pem\"").is_err());
        assert!(from("[limits]\nburst = 0").is_err());
        assert!(from("[limits]\noutbox_bytes = 1000").is_err());
    }

    #[test]
    fn a_variable_goes_over_the_file() {
        let variables = [
            ("HUB_SERVER__HTTPS", "127.0.0.1:9"),
            ("HUB_LIMITS__BURST", "7"),
            ("HUB_DATA", "/srv/hub"),
            ("HOME", "/"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::load(None, variables.into_iter()).unwrap();
        assert_eq!(config.server.https.port(), 9);
        assert_eq!(config.limits.burst, 7);
        assert_eq!(config.data, Path::new("/srv/hub"));
        let unknown = [("HUB_LIMITS__BRUST".to_owned(), "7".to_owned())];
        assert!(Config::load(None, unknown.into_iter()).is_err());
    }
}
