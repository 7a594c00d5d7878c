//! Plays people and rooms against a hub: `crowd demo` for a lively sitting, `crowd seats` for a council that votes, `crowd sockets`,
//! `crowd ballots` and `crowd returns` for measurements.

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use crowd::camera::Device;
use crowd::http::Hub;
use protocol::view::AudienceKind;
use std::path::PathBuf;

#[derive(Parser)]
#[command(name = "crowd", about = "Plays people and rooms against a hub")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A city hall, three bridge points and their delegates, until they are stopped.
    Demo {
        /// The hub's plain listener on this machine.
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        hub: String,
        /// The table of links as a file; otherwise the hub is asked for it.
        #[arg(long)]
        links: Option<PathBuf>,
        /// How many delegates take part in the debate; the others answer the roll.
        #[arg(long, default_value_t = 12)]
        delegates: usize,
        /// Seed of the delegates' dice.
        #[arg(long)]
        seed: Option<u64>,
        /// The rooms' devices know AES-CM and HMAC-SHA1 only, not AES-GCM.
        #[arg(long)]
        old: bool,
    },
    /// Time from a chair's command to the update on every screen.
    Sockets {
        /// The hub's plain listener on this machine.
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        hub: String,
        /// The table of links as a file; otherwise the hub is asked for it.
        #[arg(long)]
        links: Option<PathBuf>,
        /// How many delegates' sockets watch.
        #[arg(long, default_value_t = 100)]
        count: usize,
        /// How many times the chair changes the queue.
        #[arg(long, default_value_t = 45)]
        changes: usize,
    },
    /// Ballots of many delegates within some seconds: counted exactly, and how fast they are acknowledged.
    Ballots {
        /// The hub's plain listener on this machine.
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        hub: String,
        /// The table of links as a file; otherwise the hub is asked for it.
        #[arg(long)]
        links: Option<PathBuf>,
        /// How many delegates vote.
        #[arg(long, default_value_t = 2000)]
        count: usize,
        /// Within how many seconds.
        #[arg(long, default_value_t = 10)]
        seconds: u32,
    },
    /// The hub is killed with many sockets open and started again: how long until every screen is back.
    Returns {
        /// The hub's plain listener on this machine.
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        hub: String,
        /// How many delegates' sockets come back.
        #[arg(long, default_value_t = 1000)]
        count: usize,
        /// The program that is the hub, with its arguments.
        #[arg(last = true, required = true)]
        program: Vec<String>,
    },
    /// Rooms, and delegates' devices that answer the roll and vote at once, over lines of which some flap, until they are
    /// stopped. Tells what became of each ballot.
    Seats {
        /// The hub's plain listener on this machine.
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        hub: String,
        /// The table of links as a file; otherwise the hub is asked for it.
        #[arg(long)]
        links: Option<PathBuf>,
        /// A person or a room played by somebody else; as often as needed.
        #[arg(long)]
        except: Vec<String>,
        /// How many of a hundred devices have a line that flaps.
        #[arg(long, default_value_t = 10)]
        flapping: usize,
        /// Seed of the delegates' dice.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Prints what somebody's screen shows of the sitting, as JSON.
    View {
        /// The hub's plain listener on this machine.
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        hub: String,
        /// The name at the link of a secretary.
        who: String,
    },
    /// Writes a council for `sockets`, `ballots` and `returns` to the standard output.
    Council {
        /// How many delegates.
        #[arg(long, default_value_t = 100)]
        delegates: usize,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("crowd=info,webrtc=off,rtc=off"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match Arguments::parse().what {
        What::Demo {
            hub,
            links,
            delegates,
            seed,
            old,
        } => {
            let seed = seed.unwrap_or_else(rand::random);
            println!("crowd: seed {seed}");
            crowd::demo::run(
                Hub::new(&hub)?,
                links.as_deref(),
                delegates,
                seed,
                if old { Device::Old } else { Device::New },
            )
            .await
        }
        What::Sockets {
            hub,
            links,
            count,
            changes,
        } => {
            let report = crowd::sockets::run(Hub::new(&hub)?, links.as_deref(), count, changes).await?;
            print!("{}", report.text());
            anyhow::ensure!(report.missed == 0, "{} updates were never seen", report.missed);
            Ok(())
        }
        What::Ballots {
            hub,
            links,
            count,
            seconds,
        } => {
            let report = crowd::ballots::run(Hub::new(&hub)?, links.as_deref(), count, seconds).await?;
            print!("{}", report.text());
            Ok(())
        }
        What::Returns { hub, count, program } => {
            let report = crowd::returns::run(Hub::new(&hub)?, &program, count).await?;
            print!("{}", report.text());
            Ok(())
        }
        What::Seats {
            hub,
            links,
            except,
            flapping,
            seed,
        } => {
            let seed = seed.unwrap_or_else(rand::random);
            tracing::info!(seed, "seated");
            let except = except.into_iter().collect();
            crowd::seats::run(Hub::new(&hub)?, links.as_deref(), &except, flapping, seed).await
        }
        What::View { hub, who } => {
            let hub = Hub::new(&hub)?;
            let links = crowd::demo::links(&hub, None).await?;
            let secretary = links.iter().find(|link| link.group == "secretary" && link.label == who);
            let key = secretary.context("no secretary of this name")?.key().to_owned();
            println!("{}", crowd::demo::look(&hub, &key, AudienceKind::Secretary).await?);
            Ok(())
        }
        What::Council { delegates } => {
            print!("{}", crowd::sockets::council(delegates));
            Ok(())
        }
    }
}
