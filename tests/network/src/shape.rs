//! Bandwidth (`tbf`), address translation and blocking (nft), and the way of the packets into the impairer's queues
//! (`iptables-nft`, because these kernels do not have nft's own queue).

use crate::topology::{Site, Topology, feed, run};
use anyhow::{Context, Result, bail};

/// How a site's addresses are translated on their way to the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nat {
    /// Not at all.
    #[default]
    None,
    /// The port stays where it can, as in a usual home router.
    Preserving,
    /// Every flow has a port of its own, thrown by dice (symmetric).
    Symmetric,
    /// A usual router, and the carrier's symmetric translation behind it.
    Double,
}

/// What a site's firewall lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Firewall {
    /// Everything.
    #[default]
    Open,
    /// No UDP.
    NoUdp,
    /// TCP to port 443 and nothing else.
    OnlyHttps,
    /// TCP to the provider's proxy (port 3128) and nothing else.
    OnlyProxy,
}

/// What is set for one site.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules {
    /// Translation.
    pub nat: Nat,
    /// Blocking.
    pub firewall: Firewall,
}

impl Nat {
    /// By its name.
    ///
    /// # Errors
    /// There is none.
    pub fn read(word: &str) -> Result<Self> {
        Ok(match word {
            "none" => Self::None,
            "preserving" => Self::Preserving,
            "symmetric" => Self::Symmetric,
            "double" => Self::Double,
            other => bail!("{other} is no translation"),
        })
    }
}

impl Firewall {
    /// By its name.
    ///
    /// # Errors
    /// There is none.
    pub fn read(word: &str) -> Result<Self> {
        Ok(match word {
            "open" => Self::Open,
            "no-udp" => Self::NoUdp,
            "only-https" => Self::OnlyHttps,
            "only-proxy" => Self::OnlyProxy,
            other => bail!("{other} is no firewall"),
        })
    }
}

/// Leads every packet from and to a site through its two queues.
///
/// # Errors
/// Without iptables, or without NFQUEUE in the kernel.
pub fn queue(topology: &Topology) -> Result<()> {
    let isp = topology.namespace("isp");
    for site in &topology.sites {
        for device in [site.name.clone(), format!("{}-b", site.name)] {
            for (way, number) in [("-i", site.up()), ("-o", site.down())] {
                for program in ["iptables-nft", "ip6tables-nft"] {
                    let number = number.to_string();
                    let rule = ["-A", "FORWARD", way, &device, "-j", "NFQUEUE", "--queue-num", &number];
                    run(&[&["ip", "netns", "exec", &isp, program], &rule[..]].concat()).context(
                        "packets cannot be queued: this needs iptables and a kernel with \
                         CONFIG_NETFILTER_XT_TARGET_NFQUEUE and CONFIG_NETFILTER_NETLINK_QUEUE",
                    )?;
                }
            }
        }
    }
    Ok(())
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the site.
    Up,
    /// To the site.
    Down,
}

/// Limits one way of a site to so many kbit/s, with a queue of `queue_ms` in front of it; `None` = no limit.
///
/// # Errors
/// Without `tbf` in the kernel.
pub fn rate(topology: &Topology, site: &Site, way: Way, kbps: Option<u32>, queue_ms: u32) -> Result<()> {
    let (namespace, devices) = match way {
        Way::Up => (topology.namespace(&site.name), ["net0".to_owned(), "net1".to_owned()]),
        Way::Down => (
            topology.namespace("isp"),
            [site.name.clone(), format!("{}-b", site.name)],
        ),
    };
    for device in devices {
        let at = ["tc", "-n", &namespace, "qdisc"];
        let Some(kbps) = kbps else {
            // Without one there is nothing to remove.
            let _ = run(&[&at[..], &["del", "dev", &device, "root"]].concat());
            continue;
        };
        let rate = format!("{kbps}kbit");
        // Ten milliseconds at once, at least two packets.
        let burst = (kbps * 10 / 8).max(3100).to_string();
        let latency = format!("{queue_ms}ms");
        let limit = [
            "replace", "dev", &device, "root", "tbf", "rate", &rate, "burst", &burst, "latency", &latency,
        ];
        run(&[&at[..], &limit].concat()).context("bandwidth cannot be limited (CONFIG_NET_SCH_TBF)")?;
    }
    Ok(())
}

/// Puts translation and blocking of all sites into force.
///
/// # Errors
/// Without nft.
pub fn enforce(topology: &Topology, rules: &[(Site, Rules)]) -> Result<()> {
    let (mut forward, mut home, mut carrier) = (String::new(), String::new(), String::new());
    for (site, rules) in rules {
        let devices = format!("{{ \"{0}\", \"{0}-b\" }}", site.name);
        forward += &block(&devices, rules.firewall);
        let number = site.number;
        let outside = format!("10.98.200.{number}");
        let from = format!("{{ 10.98.{number}.0/24, 10.99.{number}.0/24 }}");
        home += &match rules.nat {
            Nat::None => String::new(),
            Nat::Preserving | Nat::Double => format!("oifname \"carrier\" ip saddr {from} snat to {outside}\n"),
            Nat::Symmetric => format!("oifname \"carrier\" ip saddr {from} snat to {outside} random,fully-random\n"),
        };
        if rules.nat == Nat::Double {
            carrier += &format!("oifname \"hub\" ip saddr {outside} masquerade random,fully-random\n");
        }
    }
    // Chains are emptied, not made anew: a flow keeps the translation with which it began, and so it must be known from the
    // beginning, before anything is translated.
    let table = |forward: &str, nat: &str| {
        let made = "table inet bench { chain forward { type filter hook forward priority -10; policy accept; }; }\n\
                    table ip bench { chain nat { type nat hook postrouting priority 100; policy accept; }; }\n";
        let emptied = "flush chain inet bench forward\nflush chain ip bench nat\n";
        let filled = format!(
            "table inet bench {{ chain forward {{\n{forward}}}; }}\ntable ip bench {{ chain nat {{\n{nat}}}; }}\n"
        );
        format!("{made}{emptied}{filled}")
    };
    for (end, text) in [("isp", table(&forward, &home)), ("carrier", table("", &carrier))] {
        let namespace = topology.namespace(end);
        feed(&["ip", "netns", "exec", &namespace, "nft", "-f", "-"], &text).context(
            "nft does not take the rules (Debian: nftables; CONFIG_NF_TABLES_INET, CONFIG_NFT_NAT, CONFIG_NFT_MASQ)",
        )?;
    }
    Ok(())
}

fn block(devices: &str, firewall: Firewall) -> String {
    match firewall {
        Firewall::Open => String::new(),
        Firewall::NoUdp => {
            format!("iifname {devices} meta l4proto udp drop\noifname {devices} meta l4proto udp drop\n")
        }
        Firewall::OnlyHttps => format!(
            "iifname {devices} tcp dport 443 accept\noifname {devices} tcp sport 443 accept\n\
             iifname {devices} drop\noifname {devices} drop\n"
        ),
        // The proxy stands at the provider: nothing is forwarded.
        Firewall::OnlyProxy => format!("iifname {devices} drop\noifname {devices} drop\n"),
    }
}
