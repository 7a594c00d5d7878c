//! `network hold` makes bad networks for whoever talks to its standard input; the other commands are the parts that run
//! inside the namespaces.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::net::SocketAddr;
use std::time::Duration;

#[derive(Parser)]
#[command(name = "network", about = "Bad networks in namespaces of this machine")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Makes the namespaces, carries out the orders of the standard input, and removes everything when it ends.
    Hold {
        /// Names of the sites.
        #[arg(long, value_delimiter = ',', default_value = "hall,ward,attacker")]
        sites: Vec<String>,
        /// Seed of the dice; thrown and said when there is none.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Removes what runs that died have left behind.
    Clean,
    /// The impairer, in the provider's namespace.
    Impair {
        /// Numbers of the kernel's queues.
        #[arg(long)]
        queue: Vec<u16>,
        /// Seed of the dice.
        #[arg(long)]
        seed: u64,
    },
    /// Sends back what comes.
    Echo {
        /// Where.
        address: SocketAddr,
    },
    /// Sends numbered datagrams to an echo and prints when each came back.
    Probe {
        /// Where the echo is.
        to: SocketAddr,
        /// How many.
        #[arg(long, default_value_t = 100)]
        count: u32,
        /// Microseconds between two.
        #[arg(long, default_value_t = 10_000)]
        gap_us: u64,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().what {
        // The seed is held against 2^53, so that any reader of the results can write it down exactly.
        What::Hold { sites, seed } => network::hold::run(&sites, seed.unwrap_or_else(|| rand::random::<u64>() >> 11)),
        What::Clean => network::topology::remove_leftovers(),
        What::Impair { queue, seed } => network::impair::run(&queue, seed),
        What::Echo { address } => network::probe::echo(address),
        What::Probe { to, count, gap_us } => network::probe::probe(to, count, Duration::from_micros(gap_us)),
    }
}
