//! Puts the parts together, in the order in which they need each other, and takes them apart again.

use crate::app::{App, base_url};
use crate::calls::Calls;
use crate::carry::Gate;
use crate::config::Config;
use crate::front::Front;
use crate::http::{Door, router};
use crate::identity::Identity;
use crate::keys::{self, Secret};
use crate::media::Worker;
use crate::origin::Origins;
use crate::room::{self, Room, ToRoom};
use crate::signing::Signing;
use crate::throttle::{Rate, Throttle};
use crate::{addresses, auth, figures, probe, recovery, watch};
use ::media::turn::Relay;
use anyhow::{Context, Result};
use axum_server::accept::NoDelayAcceptor;
use axum_server::{Handle, Server};
use futures_util::future::try_join_all;
use hyper_util::rt::TokioTimer;
use meeting::setup::Setup;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::time::{Duration, Instant};
use store::{Access, AccessKey, AccessKind, Options, Pin, Store, StoreError, Try};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

/// Wrong keys from one network: ten at once, then ten a minute.
const WRONG_KEYS: Rate = Rate {
    burst: 10,
    per_s: 10.0 / 60.0,
};
/// Room codes from one network: a whole site pairs its tablets behind one address.
const CODES: Rate = Rate { burst: 20, per_s: 0.5 };
/// Codes for machines from one network: few machines, and a code opens more than a seat.
const ENROLMENTS: Rate = Rate { burst: 20, per_s: 0.1 };
/// Offers by WHIP and WHEP from one network: a gateway may bring many viewers at once.
const OFFERS: Rate = Rate {
    burst: 1000,
    per_s: 100.0,
};
/// So many keys are written at a time.
const TOGETHER: usize = 256;
/// How long open connections may take to end.
const GRACE: Duration = Duration::from_secs(2);
/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);

/// A running hub.
#[derive(Debug)]
pub struct Running {
    /// Where it listens for the network.
    pub https: SocketAddr,
    /// Where it listens for this machine.
    pub http: SocketAddr,
    /// Where media comes in.
    pub media: SocketAddr,
    /// What its handlers share.
    pub app: Arc<App>,
    doors: [Handle<SocketAddr>; 2],
    tasks: Vec<JoinHandle<()>>,
}

/// Starts a hub.
///
/// # Errors
/// A port is taken, a file cannot be read or written, or the journal is broken; the message says which.
pub async fn start(mut config: Config, options: &Options) -> Result<Running> {
    let metrics = figures::recorder()?;
    std::fs::create_dir_all(&config.data).with_context(|| format!("cannot make {}", config.data.display()))?;
    config.server.https = addresses::listening(config.server.https);
    config.media.udp = addresses::listening(config.media.udp);
    let (https, http) = (listen(config.server.https)?, listen(config.server.http)?);
    (config.server.https, config.server.http) = (https.local_addr()?, http.local_addr()?);

    let hosts = addresses::hosts(&config);
    let identity = if config.server.certificate.as_os_str().is_empty() {
        Identity::own(&config.data, &hosts)?
    } else {
        Identity::from_files(&config.server.certificate, &config.server.private_key)?
    };
    let secret = Arc::new(Secret::open(&config.data)?);
    let (store, writer) = Store::open(&config.database(), options).await.context("the database")?;
    let signing = Signing::open(&config.data).context("the key that signs the journal")?;
    let book = recovery::take_up(&store, &config.council, signing).await?;
    let (signed_by, clock) = (book.notary.key(), book.clock);
    let setup = Arc::new(book.ledger.meeting().setup().clone());
    put_keys(&store, &setup, &secret, clock.now().0)
        .await
        .context("the personal links")?;
    let pins = tokio::spawn(put_pins(store.clone(), Arc::clone(&setup), Arc::clone(&secret)));

    let (room, inbox) = mpsc::channel(room::QUEUE);
    let base_url = base_url(&config, &hosts);
    let https_port = config.server.https.port();
    let boot = keys::random();
    let (events, media) = mpsc::unbounded_channel();
    let worker = media_worker(&config, events)?;
    config.media.udp = worker.address();
    let gate = Arc::new(gate(&config, &worker)?);
    let calls = Calls::new(worker, book.ledger.meeting(), config.limits.viewers, Arc::clone(&gate));
    let sitting = Room::new(book, calls, Arc::clone(&secret), base_url, https_port, boot);
    let sitting = tokio::spawn(sitting.run(inbox, media));

    let app = Arc::new(App {
        origins: Origins::new(&config, &hosts),
        hosts,
        authority: identity.authority,
        secret,
        setup,
        signed_by,
        clock,
        store,
        room,
        metrics,
        hashing: Semaphore::new(2),
        probing: Arc::new(Semaphore::new(probe::AT_ONCE)),
        open: AtomicUsize::new(0),
        sockets: AtomicU64::new(1),
        tickets: Default::default(),
        pairings: Default::default(),
        enrolments: Default::default(),
        voters: Default::default(),
        wrong_keys: Throttle::new(WRONG_KEYS).into(),
        pairing_tries: Throttle::new(CODES).into(),
        enrol_tries: Throttle::new(ENROLMENTS).into(),
        offers: Throttle::new(OFFERS).into(),
        probes: Throttle::new(probe::RATE).into(),
        config,
    });
    let doors = [Handle::new(), Handle::new()];
    let (network, local) = (Arc::clone(&app), Arc::clone(&app));
    let front = Front::new(identity.tls, gate);
    let (https_address, http_address) = (app.config.server.https, app.config.server.http);
    let network = patient(axum_server::from_tcp(https)?)
        .acceptor(front)
        .handle(doors[0].clone())
        .serve(router(network, Door::Network).into_make_service_with_connect_info::<SocketAddr>());
    let local = patient(axum_server::from_tcp(http)?)
        .acceptor(NoDelayAcceptor::new())
        .handle(doors[1].clone())
        .serve(router(local, Door::Local).into_make_service_with_connect_info::<SocketAddr>());
    let tasks = vec![
        tokio::spawn(door(network)),
        tokio::spawn(door(local)),
        sitting,
        pins,
        tokio::spawn(watch::run(Arc::clone(&app))),
        writer,
    ];
    let media = app.config.media.udp;
    tracing::info!(https = %https_address, http = %http_address, %media, "the hub is open");
    Ok(Running {
        https: https_address,
        http: http_address,
        media,
        app,
        doors,
        tasks,
    })
}

impl Running {
    /// Ends in good order: every screen is told to come back, what is under way is written, then the doors close.
    pub async fn stop(self) {
        let (done, told) = oneshot::channel();
        if self.app.room.send(ToRoom::Stop { done }).await.is_ok() {
            let _gone = told.await;
        }
        for door in &self.doors {
            door.graceful_shutdown(Some(GRACE));
        }
        let Self { app, tasks, .. } = self;
        drop(app);
        for task in tasks {
            // The writer ends when the last handler has let go of the store; nobody waits for one that does not.
            let _late = tokio::time::timeout(GRACE * 2, task).await;
        }
    }
}

fn media_worker(config: &Config, events: mpsc::UnboundedSender<::media::Event>) -> Result<Worker> {
    // Port 0 stands for the one that is bound.
    let candidates = addresses::announced(config)
        .into_iter()
        .map(|address| SocketAddr::new(address, 0))
        .collect();
    let max_video_bitrate = config.media.camera_kbps.saturating_mul(1000);
    let settings = ::media::Config {
        candidates,
        tcp_candidates: addresses::over_tcp(config),
        max_video_bitrate,
        max_sessions: ::media::Config::default().max_sessions + config.limits.viewers,
        ..::media::Config::default()
    };
    Worker::spawn(config.media.udp, config.media.threads, settings, events)
        .with_context(|| format!("cannot carry media on UDP {}", config.media.udp))
}

/// The way for datagrams that come over connections, and the relay to the addresses at which the media threads are reached.
fn gate(config: &Config, worker: &Worker) -> Result<Gate> {
    let (announced, inlets) = (addresses::announced(config), worker.inlets());
    let of_all = |ip: &IpAddr| {
        inlets
            .iter()
            .map(|(port, _)| SocketAddr::new(*ip, *port))
            .collect::<Vec<_>>()
    };
    let mut peers: Vec<SocketAddr> = announced.iter().flat_map(of_all).collect();
    // Who needs a relay is not on this machine.
    if peers.iter().any(|peer| !peer.ip().is_loopback()) {
        peers.retain(|peer| !peer.ip().is_loopback());
    }
    let relay = Relay::new(peers, Instant::now()).context("the relay")?;
    Ok(Gate::new(inlets, relay))
}

/// With a limit for the time in which a request's head has to come, which is also how long an idle connection is kept.
fn patient(mut server: Server<SocketAddr>) -> Server<SocketAddr> {
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD);
    server
}

fn listen(address: SocketAddr) -> Result<TcpListener> {
    let listener = TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn door(serving: impl Future<Output = std::io::Result<()>>) {
    if let Err(error) = serving.await {
        tracing::error!(%error, "a listener failed");
    }
}

/// Every person and every room has a key. One that is there stays, revoked or not.
async fn put_keys(store: &Store, setup: &Setup, secret: &Secret, now: u64) -> Result<()> {
    let people = setup.people.keys().map(|id| (AccessKind::Person, id.0.clone()));
    let rooms = setup.endpoints.keys().map(|id| (AccessKind::Room, id.0.clone()));
    let mut new = Vec::new();
    for (kind, subject) in people.chain(rooms) {
        let hash = keys::hash(&secret.key(kind, &subject));
        if store.key(&hash).await? == Try::Unknown {
            new.push(AccessKey {
                hash,
                access: Access {
                    kind,
                    subject,
                    site: None,
                },
                made_at: now,
            });
        }
    }
    put_together(store, new).await?;
    Ok(())
}

/// Many at a time share a sync; all at once would be more than the writer lets wait.
async fn put_together(store: &Store, mut new: Vec<AccessKey>) -> Result<(), StoreError> {
    while !new.is_empty() {
        let group = new.split_off(new.len().saturating_sub(TOGETHER));
        try_join_all(group.into_iter().map(|key| store.put_key(key))).await?;
    }
    Ok(())
}

/// Everybody with a tablet's page has a PIN. Hashing takes a second or two for a whole council, so the doors do not wait for it.
async fn put_pins(store: Store, setup: Arc<Setup>, secret: Arc<Secret>) {
    let with_tablet = setup.people.iter().filter(|(_, person)| auth::has_tablet(person));
    for (person, _) in with_tablet {
        match store.pin(&person.0).await {
            Ok(Some(_)) => {}
            Ok(None) => {
                let pin = secret.pin(&person.0);
                let Ok(Ok(hash)) = tokio::task::spawn_blocking(move || keys::hash_pin(&pin)).await else {
                    return;
                };
                if let Err(error) = store
                    .put_pin(
                        &person.0,
                        Pin {
                            hash,
                            tries: keys::PIN_TRIES,
                        },
                    )
                    .await
                {
                    tracing::error!(%error, "a PIN could not be kept");
                    return;
                }
            }
            Err(error) => {
                tracing::error!(%error, "PINs cannot be read");
                return;
            }
        }
    }
}
