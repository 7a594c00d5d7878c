//! The namespaces and the cables between them; made when they are needed, removed when this is dropped, and what a run that
//! died has left behind is removed when the next one starts.
//!
//! ```text
//! hall ─┐
//! ward ─┼─ isp ── carrier ── hub
//!  …   ─┘
//! ```
//!
//! Each site has two cables to the provider, of which one is plugged in: `net0` (10.98.N.2 and fd00:98:N::2) and `net1`
//! (10.99.N.2), which is another network with another address. Names carry the number of the process that owns them.

use anyhow::{Context, Result, ensure};
use std::process::{Command, Stdio};

/// How names of namespaces begin: this, the owner's process number, a hyphen.
const PREFIX: &str = "diemcau";
/// Where the hub is.
pub const HUB: &str = "10.98.250.2";
/// Where the hub is, by IPv6.
pub const HUB_6: &str = "fd00:98:250::2";

/// Runs what must not be late ahead of everything else on this machine: a verdict, or a measurement, that waits for a browser
/// would be a delay that nobody asked for.
pub const AHEAD: [&str; 3] = ["chrt", "--fifo", "10"];

/// Runs a command to its end; its words and what it complained of are the error.
///
/// # Errors
/// It cannot be started, or fails.
pub fn run(words: &[&str]) -> Result<String> {
    feed(words, "")
}

/// The same, with a standard input.
///
/// # Errors
/// It cannot be started, or fails.
pub fn feed(words: &[&str], input: &str) -> Result<String> {
    let mut child = Command::new(words[0])
        .args(&words[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started (Debian: iproute2, nftables, iptables)", words[0]))?;
    if let Some(mut stdin) = child.stdin.take() {
        std::io::Write::write_all(&mut stdin, input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {}", words.join(" "), complaint.trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// One site's place in the topology.
#[derive(Debug, Clone)]
pub struct Site {
    /// Name of the site, of its namespace's end, and of its cable in the provider's namespace.
    pub name: String,
    /// 1…200, in its addresses.
    pub number: u8,
    /// The second network is plugged in instead of the first.
    pub moved: bool,
}

impl Site {
    /// Queue of what the site sends.
    #[must_use]
    pub fn up(&self) -> u16 {
        u16::from(self.number) * 2
    }

    /// Queue of what the site receives.
    #[must_use]
    pub fn down(&self) -> u16 {
        self.up() + 1
    }
}

/// All of it.
#[derive(Debug)]
pub struct Topology {
    prefix: String,
    /// The sites, in the order of their numbers.
    pub sites: Vec<Site>,
}

impl Topology {
    /// Makes the namespaces, the cables and the routes.
    ///
    /// # Errors
    /// Without root, network namespaces or iproute2.
    pub fn build(names: &[String]) -> Result<Self> {
        remove_leftovers()?;
        let sites = names.iter().zip(1..).map(|(name, number)| Site {
            name: name.clone(),
            number,
            moved: false,
        });
        let topology = Self {
            prefix: format!("{PREFIX}{}-", std::process::id()),
            sites: sites.collect(),
        };
        for end in names.iter().map(String::as_str).chain(["isp", "carrier", "hub"]) {
            topology.add(end)?;
        }
        topology.cable("isp", "carrier", "carrier", "isp")?;
        topology.cable("carrier", "hub", "hub", "net0")?;
        topology.address("isp", "carrier", &["10.98.200.250/24", "fd00:98:200::250/64"])?;
        topology.address("carrier", "isp", &["10.98.200.254/24", "fd00:98:200::254/64"])?;
        topology.address("carrier", "hub", &["10.98.250.1/24", "fd00:98:250::1/64"])?;
        topology.address("hub", "net0", &[&format!("{HUB}/24"), &format!("{HUB_6}/64")])?;
        topology.route("hub", "default", "10.98.250.1")?;
        topology.route("hub", "default", "fd00:98:250::1")?;
        topology.route("isp", "default", "10.98.200.254")?;
        topology.route("isp", "default", "fd00:98:200::254")?;
        topology.route("carrier", "10.98.0.0/15", "10.98.200.250")?;
        topology.route("carrier", "fd00:98::/32", "fd00:98:200::250")?;
        for site in &topology.sites {
            topology.connect(site)?;
        }
        Ok(topology)
    }

    /// The namespace of a site, of `isp`, `carrier` or `hub`.
    #[must_use]
    pub fn namespace(&self, end: &str) -> String {
        format!("{}{end}", self.prefix)
    }

    /// A site by its name.
    ///
    /// # Errors
    /// There is none.
    pub fn site(&self, name: &str) -> Result<&Site> {
        let found = self.sites.iter().find(|site| site.name == name);
        found.with_context(|| format!("there is no site {name}"))
    }

    /// Unplugs the cable of a site and plugs in the other one: another network, another address (of IPv4; the other network has
    /// no IPv6).
    ///
    /// # Errors
    /// When iproute2 fails.
    pub fn change(&mut self, name: &str) -> Result<()> {
        let namespace = self.namespace(name);
        let site = self.sites.iter_mut().find(|site| site.name == name);
        let site = site.with_context(|| format!("there is no site {name}"))?;
        site.moved = !site.moved;
        let (from, to, net) = if site.moved {
            ("net0", "net1", 99)
        } else {
            ("net1", "net0", 98)
        };
        let gateway = format!("10.{net}.{}.1", site.number);
        let address = format!("10.{net}.{}.2/24", site.number);
        // The old address goes with its network, or the kernel would go on sending from it.
        run(&["ip", "-n", &namespace, "addr", "flush", "dev", from])?;
        run(&["ip", "-n", &namespace, "link", "set", from, "down"])?;
        run(&["ip", "-n", &namespace, "addr", "replace", &address, "dev", to])?;
        run(&["ip", "-n", &namespace, "link", "set", to, "up"])?;
        run(&["ip", "-n", &namespace, "route", "replace", "default", "via", &gateway])?;
        Ok(())
    }

    fn add(&self, end: &str) -> Result<()> {
        let namespace = self.namespace(end);
        run(&["ip", "netns", "add", &namespace])
            .context("no network namespace can be made; this needs root and CONFIG_NET_NS")?;
        run(&["ip", "-n", &namespace, "link", "set", "lo", "up"])?;
        let settings = "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; \
                        echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter; echo 0 > /proc/sys/net/ipv4/conf/default/rp_filter";
        run(&["ip", "netns", "exec", &namespace, "sh", "-c", settings])?;
        Ok(())
    }

    /// A cable from one namespace to another; each end has its name there and is up.
    fn cable(&self, near: &str, near_name: &str, far: &str, far_name: &str) -> Result<()> {
        let (here, there) = (self.namespace(near), self.namespace(far));
        let peer = ["type", "veth", "peer", "name", far_name, "netns", &there];
        let words = [&["ip", "link", "add", "name", near_name, "netns", &here], &peer[..]].concat();
        run(&words).context("no cable can be made (CONFIG_VETH)")?;
        run(&["ip", "-n", &here, "link", "set", "dev", near_name, "up"])?;
        run(&["ip", "-n", &there, "link", "set", "dev", far_name, "up"])?;
        Ok(())
    }

    fn address(&self, end: &str, device: &str, addresses: &[&str]) -> Result<()> {
        let namespace = self.namespace(end);
        for address in addresses {
            let mut words = vec!["ip", "-n", &namespace, "addr", "add", address, "dev", device];
            if address.contains(':') {
                words.push("nodad");
            }
            run(&words)?;
        }
        Ok(())
    }

    fn route(&self, end: &str, to: &str, via: &str) -> Result<()> {
        let family = if via.contains(':') { "-6" } else { "-4" };
        run(&["ip", family, "-n", &self.namespace(end), "route", "add", to, "via", via])?;
        Ok(())
    }

    fn connect(&self, site: &Site) -> Result<()> {
        let Site { name, number, .. } = site;
        let second = format!("{name}-b");
        self.cable("isp", name, name, "net0")?;
        self.cable("isp", &second, name, "net1")?;
        self.address(
            "isp",
            name,
            &[&format!("10.98.{number}.1/24"), &format!("fd00:98:{number}::1/64")],
        )?;
        self.address("isp", &second, &[&format!("10.99.{number}.1/24")])?;
        // What a translated site is called in the carrier's network.
        self.address("isp", "carrier", &[&format!("10.98.200.{number}/24")])?;
        self.address(
            name,
            "net0",
            &[&format!("10.98.{number}.2/24"), &format!("fd00:98:{number}::2/64")],
        )?;
        self.address(name, "net1", &[&format!("10.99.{number}.2/24")])?;
        run(&["ip", "-n", &self.namespace(name), "link", "set", "net1", "down"])?;
        self.route(name, "default", &format!("10.98.{number}.1"))?;
        self.route(name, "default", &format!("fd00:98:{number}::1"))
    }
}

impl Drop for Topology {
    fn drop(&mut self) {
        for end in self
            .sites
            .iter()
            .map(|site| site.name.as_str())
            .chain(["isp", "carrier", "hub"])
        {
            remove(&self.namespace(end));
        }
    }
}

/// Ends what still runs in a namespace of ours and removes it; its cables go with it.
fn remove(namespace: &str) {
    let inside = run(&["ip", "netns", "pids", namespace]).unwrap_or_default();
    for process in inside.split_whitespace() {
        let _ = run(&["kill", "-9", process]);
    }
    if let Err(error) = run(&["ip", "netns", "del", namespace]) {
        eprintln!("{error:#}");
    }
}

/// Removes the namespaces of runs whose process is gone.
///
/// # Errors
/// When the namespaces cannot be listed.
pub fn remove_leftovers() -> Result<()> {
    let listed = run(&["ip", "netns", "list"])?;
    for name in listed.lines().filter_map(|line| line.split_whitespace().next()) {
        let owner = name
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split_once('-'))
            .map(|(number, _)| number);
        let Some(owner) = owner.filter(|number| number.parse::<u32>().is_ok()) else {
            continue;
        };
        // A process number that was given to another program since then is no owner.
        let alive = std::fs::read_to_string(format!("/proc/{owner}/comm")).is_ok_and(|comm| comm.trim() == "network");
        if !alive {
            remove(name);
        }
    }
    Ok(())
}
