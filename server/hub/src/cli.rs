//! The commands of the program `hub`.

use crate::config::Config;
use crate::evidence::{ExportWhat, KeyWhat};
use crate::keys::{PIN_TRIES, Secret};
use crate::start::{Running, start};
use crate::tokens::TokenWhat;
use crate::{addresses, app, council, evidence, links, recovery, web};
use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use meeting::Meeting;
use meeting::event::Entry;
use meeting::id::{EndpointId, PersonId, SittingId, Time};
use meeting::setup::Setup;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use store::{AccessKind, Options, Store};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Điểm Cầu: a hub for hybrid council meetings.
#[derive(Debug, Parser)]
#[command(name = "hub", version)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Starts the hub.
    Run(With),
    /// Looks at the configuration.
    Config {
        #[command(subcommand)]
        what: ConfigWhat,
    },
    /// Checks journals, and says what is not as it was written; `hub-verify` is the same without the hub.
    Verify(verify::ask::Ask),
    /// Writes the journal of a sitting to a file, for an inspector.
    Export {
        #[command(flatten)]
        what: ExportWhat,
        #[command(flatten)]
        with: With,
    },
    /// Who keeps which checkpoint of the newest sitting.
    Witnesses(With),
    /// The key that signs journals.
    Key {
        #[command(subcommand)]
        what: KeyWhat,
        #[command(flatten)]
        with: With,
    },
    /// Prints the table of links again.
    Links {
        #[command(subcommand)]
        what: Option<LinksWhat>,
        #[command(flatten)]
        with: With,
    },
    /// Tokens for equipment that publishes by WHIP, and for players that view by WHEP.
    Token {
        #[command(subcommand)]
        what: TokenWhat,
        #[command(flatten)]
        with: With,
    },
    /// Sittings.
    Sitting {
        #[command(subcommand)]
        what: SittingWhat,
    },
    /// PINs for pairing a tablet.
    Pin {
        #[command(subcommand)]
        what: PinWhat,
    },
}

#[derive(Debug, clap::Args)]
struct With {
    /// The configuration; without it every key has its default.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum ConfigWhat {
    /// Says what is wrong with the configuration and the council's file, and where.
    Check(With),
}

#[derive(Debug, Subcommand)]
enum LinksWhat {
    /// Makes the link of a person or a room worthless, with all tablets paired for that person and all screens enrolled for that
    /// room; or takes a kiosk back. Their screens are closed.
    Revoke {
        /// The id of the person, of the room or of the kiosk.
        who: String,
    },
}

#[derive(Debug, Subcommand)]
enum SittingWhat {
    /// Makes a new sitting from the council's file. A hub that runs goes on with the old one until it is started again.
    New(With),
}

#[derive(Debug, Subcommand)]
enum PinWhat {
    /// Unlocks a person's PIN, and prints it.
    Reset {
        /// The person's id.
        person: String,
        #[command(flatten)]
        with: With,
    },
}

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("hub: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli.what.go()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hub: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl What {
    async fn go(self) -> Result<()> {
        match self {
            Self::Run(with) => run(with.load()?).await,
            Self::Config {
                what: ConfigWhat::Check(with),
            } => check(&with.load()?),
            Self::Verify(ask) => check_journals(&ask).await,
            Self::Export { what, with } => what.go(&open(&with.load()?).await?).await,
            Self::Witnesses(with) => evidence::witnesses(&open(&with.load()?).await?).await,
            Self::Key { what, with } => what.go(&with.load()?.data),
            Self::Links {
                what: Some(LinksWhat::Revoke { who }),
                with,
            } => revoke(&with.load()?, &who).await,
            Self::Token { what, with } => {
                let config = with.load()?;
                let base_url = app::base_url(&config, &addresses::hosts(&config));
                let now = crate::clock::Clock::start(Time(0)).now();
                what.go(&open(&config).await?, &setup(&config).await?, &base_url, now.0)
                    .await
            }
            Self::Links { what: None, with } => {
                let config = with.load()?;
                let setup = setup(&config).await?;
                let base_url = app::base_url(&config, &addresses::hosts(&config));
                print!(
                    "{}",
                    links::for_terminal(&links::table(&setup, &Secret::open(&config.data)?, &base_url))
                );
                Ok(())
            }
            Self::Sitting {
                what: SittingWhat::New(with),
            } => {
                let config = with.load()?;
                let store = open(&config).await?;
                let now = crate::clock::Clock::start(Time(0)).now();
                let ledger = recovery::new_sitting(&store, &config.council, now).await?;
                println!("{}", ledger.meeting().setup().sitting);
                Ok(())
            }
            Self::Pin {
                what: PinWhat::Reset { person, with },
            } => {
                let config = with.load()?;
                open(&config)
                    .await?
                    .set_tries(&person, PIN_TRIES)
                    .await
                    .with_context(|| format!("`{person}`"))?;
                println!("{}", Secret::open(&config.data)?.pin(&person));
                Ok(())
            }
        }
    }
}

impl With {
    fn load(self) -> Result<Config> {
        Config::load(self.config.as_deref(), std::env::vars())
    }
}

async fn open(config: &Config) -> Result<Store> {
    let path = config.database();
    if !path.exists() {
        bail!("{} is not there: start the hub once", path.display());
    }
    Ok(Store::open(&path, &Options::default()).await?.0)
}

/// The council of the newest sitting.
async fn setup(config: &Config) -> Result<Setup> {
    let store = open(config).await?;
    let sitting = store
        .sittings()
        .await?
        .pop()
        .context("there is no sitting yet: start the hub once")?;
    let first = store
        .record(&sitting, 1)
        .await?
        .context("the sitting has no record yet")?;
    let mut meeting = Meeting::new();
    meeting.apply(&serde_json::from_slice::<Entry>(&first.body)?);
    Ok(meeting.setup().clone())
}

async fn revoke(config: &Config, who: &str) -> Result<()> {
    let setup = setup(config).await?;
    let store = open(config).await?;
    let kiosks = store.keys_of_places().await?;
    let kind = if setup.people.contains_key(&PersonId::from(who)) {
        AccessKind::Person
    } else if setup.endpoints.contains_key(&EndpointId::from(who)) {
        AccessKind::Room
    } else if kiosks
        .iter()
        .any(|key| key.access.kind == AccessKind::Kiosk && key.access.subject == who)
    {
        AccessKind::Kiosk
    } else {
        bail!("`{who}` is neither a person nor a room of this council, nor a kiosk");
    };
    store.revoke_keys_of(kind, who).await?;
    println!("{who}");
    Ok(())
}

fn check(config: &Config) -> Result<()> {
    let setup = council::read(&config.council, SittingId::from("check"))?;
    let (people, rooms) = (setup.people.len(), setup.endpoints.len());
    Meeting::create(setup).map_err(|error| anyhow::anyhow!("{}: {error}", config.council.display()))?;
    println!(
        "good: {people} people and {rooms} rooms in {}",
        config.council.display()
    );
    Ok(())
}

async fn check_journals(ask: &verify::ask::Ask) -> Result<()> {
    let answer = ask.answer().await?;
    print!("{}", answer.text);
    if answer.whole { Ok(()) } else { bail!("not whole") }
}

async fn run(config: Config) -> Result<()> {
    log(&config);
    let running = start(config, &Options::default()).await?;
    greet(&running);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

fn log(config: &Config) {
    let filter = EnvFilter::try_new(&config.log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if config.log.json {
        log.json().init();
    } else {
        log.with_target(false).with_ansi(std::io::stderr().is_terminal()).init();
    }
}

/// What an operator needs to see once: where, whom to trust, and who opens which link.
fn greet(running: &Running) {
    let app = &running.app;
    let base_url = app.base_url();
    let table = links::table(&app.setup, &app.secret, &base_url);
    println!("\n{}\n{}", app.setup.title, app.setup.bodies.join(" · "));
    println!("{}", links::for_terminal(&table));
    if std::io::stdout().is_terminal() {
        for group in [links::Group::Chair, links::Group::Room] {
            if let Some(link) = table.iter().find(|link| link.group == group) {
                println!("  {}\n{}", link.label, links::qr(&link.url));
            }
        }
        println!("  {base_url}/tin-cay\n{}", links::qr(&format!("{base_url}/tin-cay")));
    }
    println!(
        "  for the network        {base_url}   (HTTPS; also {})",
        app.hosts.join(", ")
    );
    println!("  on this machine        http://{}", running.http);
    println!("  every link as a card   http://{}/lien-ket", running.http);
    if let Some(authority) = &app.authority {
        println!("  to trust this hub      {base_url}/tin-cay");
        println!("  authority, SHA-256     {}", authority.fingerprint);
    }
    println!("  journal key, SHA-256   {}", app.signed_by.fingerprint());
    if !web::is_built() {
        println!("\n  The web client was not built: no page can be shown. Run `make run`, or build web-client first.");
    }
    println!();
}
