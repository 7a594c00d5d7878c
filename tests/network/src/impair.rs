//! The provider's bad side: takes packets out of the kernel's NFQUEUE, throws [`model`](crate::model)'s dice, holds the
//! verdict of each that goes on until its time has come, and sends a second copy of those that come twice.
//!
//! One thread, one loop, in the provider's namespace. Orders come as lines on the standard input: `set QUEUE words…`,
//! `outage QUEUE FROM_MS FOR_MS`, `counts`; each is answered by one line. When the process ends, the kernel drops whatever
//! it would have queued: the worst link is the one without an impairer.

use crate::model::{Direction, Fate, Impairment};
use anyhow::{Context, Result, bail};
use nfq::{Message, Queue, Verdict};
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use std::collections::BTreeMap;
use std::io::{BufRead, ErrorKind};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

/// How many packets the kernel keeps for one direction: those that are delayed, and those that have not been read yet.
const KEPT: u32 = 30_000;
/// A packet of an Ethernet link and its headers; longer ones are not copied whole, only let through.
const COPIED: u16 = 2048;
/// Protocol number for raw packets with their own IP header.
const RAW: i32 = 255;

/// How often the queue is looked at: the crate's queue can be waited for, but not together with a deadline.
const LOOK: Duration = Duration::from_micros(400);
/// … after a while in which nothing came and nothing is held.
const IDLE: Duration = Duration::from_millis(2);
/// That while.
const QUIET: Duration = Duration::from_millis(100);

/// What happened in one direction so far.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    seen: u64,
    lost: u64,
    twice: u64,
    /// Packets that went on more than 5 ms after their time, because this machine was busy.
    late: u64,
    /// The worst of them.
    latest: Duration,
}

struct Held {
    message: Message,
    queue: u16,
    twice: bool,
}

struct Impairer {
    queue: Queue,
    directions: BTreeMap<u16, (Direction, Counts)>,
    held: BTreeMap<(Duration, u64), Held>,
    number: u64,
    began: Instant,
    copies: Socket,
}

/// Impairs these queues until the standard input ends.
///
/// # Errors
/// Without NFQUEUE in the kernel, or without the right to use it.
pub fn run(queues: &[u16], seed: u64) -> Result<()> {
    let mut queue = Queue::open().context("NFQUEUE cannot be opened (CONFIG_NETFILTER_NETLINK_QUEUE, and root)")?;
    for number in queues {
        queue.bind(*number).context("a queue cannot be taken")?;
        queue.set_queue_max_len(*number, KEPT)?;
        queue.set_copy_range(*number, COPIED)?;
    }
    queue.set_nonblocking(true);
    let orders = listen();
    let copies = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::from(RAW)))?;
    let of = |number: &u16| {
        (
            *number,
            (Direction::new(seed ^ u64::from(*number) << 32), Counts::default()),
        )
    };
    let mut impairer = Impairer {
        queue,
        directions: queues.iter().map(of).collect(),
        held: BTreeMap::new(),
        number: 0,
        began: Instant::now(),
        copies,
    };
    println!("ready");
    let mut last = Instant::now();
    loop {
        impairer.release()?;
        if impairer.take()? || !impairer.held.is_empty() {
            last = Instant::now();
        }
        loop {
            match orders.try_recv() {
                Ok(line) => match impairer.obey(&line) {
                    Ok(answer) => println!("{answer}"),
                    Err(error) => println!("error {error:#}"),
                },
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return Ok(()),
            }
        }
        std::thread::sleep(if last.elapsed() < QUIET { LOOK } else { IDLE });
    }
}

/// Reads orders beside the loop.
fn listen() -> Receiver<String> {
    let (say, hear) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if say.send(line).is_err() {
                return;
            }
        }
    });
    hear
}

impl Impairer {
    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Takes what the kernel has queued; whether there was anything.
    fn take(&mut self) -> Result<bool> {
        let mut any = false;
        loop {
            let message = match self.queue.recv() {
                Ok(message) => message,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(any),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error).context("NFQUEUE is gone"),
            };
            any = true;
            let now = self.now();
            let queue = message.get_queue_num();
            let (direction, counts) = self.directions.get_mut(&queue).context("a queue of somebody else")?;
            counts.seen += 1;
            match direction.fate(now) {
                Fate::Lost => {
                    counts.lost += 1;
                    self.send(message, Verdict::Drop)?;
                }
                Fate::Goes { at, twice } => {
                    self.number += 1;
                    let held = Held { message, queue, twice };
                    if at <= now {
                        self.let_go(held)?;
                    } else {
                        self.held.insert((at, self.number), held);
                    }
                }
            }
        }
    }

    /// Lets go on what is due. What was on its way when the link died is lost with it.
    fn release(&mut self) -> Result<()> {
        while let Some(entry) = self.held.first_entry() {
            let now = self.began.elapsed();
            let at = entry.key().0;
            if at > now {
                return Ok(());
            }
            let held = entry.remove();
            let (direction, counts) = self
                .directions
                .get_mut(&held.queue)
                .context("a queue of somebody else")?;
            if direction.is_dead(now) {
                counts.lost += 1;
                self.send(held.message, Verdict::Drop)?;
                continue;
            }
            let late = now - at;
            counts.late += u64::from(late > Duration::from_millis(5));
            counts.latest = counts.latest.max(late);
            self.let_go(held)?;
        }
        Ok(())
    }

    fn let_go(&mut self, held: Held) -> Result<()> {
        let copy = held.twice.then(|| held.message.get_payload().to_vec());
        self.send(held.message, Verdict::Accept)?;
        if let Some(packet) = copy
            && let Some(to) = destination(&packet)
            && self
                .copies
                .send_to(&packet, &SockAddr::from(SocketAddrV4::new(to, 0)))
                .is_ok()
            && let Some((_, counts)) = self.directions.get_mut(&held.queue)
        {
            counts.twice += 1;
        }
        Ok(())
    }

    fn send(&mut self, mut message: Message, verdict: Verdict) -> Result<()> {
        message.set_verdict(verdict);
        self.queue.verdict(message).context("a verdict is not taken")
    }

    fn obey(&mut self, line: &str) -> Result<String> {
        let mut words = line.split_whitespace();
        let order = words.next().context("an order")?;
        let now = self.now();
        let direction = |word: Option<&str>| -> Result<u16> {
            let number = word.context("a queue")?.parse().context("a queue's number")?;
            anyhow::ensure!(self.directions.contains_key(&number), "there is no queue {number}");
            Ok(number)
        };
        match order {
            "set" => {
                let queue = direction(words.next())?;
                let asked = Impairment::read(words)?;
                self.directions
                    .entry(queue)
                    .and_modify(|(direction, _)| direction.set(asked));
                Ok("ok".to_owned())
            }
            "outage" => {
                let queue = direction(words.next())?;
                let mut ms =
                    || -> Result<Duration> { Ok(Duration::from_millis(words.next().context("from, for")?.parse()?)) };
                let begin = now + ms()?;
                let end = begin + ms()?;
                self.directions
                    .entry(queue)
                    .and_modify(|(direction, _)| direction.outage(begin, end));
                Ok("ok".to_owned())
            }
            "counts" => {
                let queue = direction(words.next())?;
                let counts = self
                    .directions
                    .get(&queue)
                    .map(|(_, counts)| *counts)
                    .unwrap_or_default();
                Ok(format!(
                    "seen={} lost={} twice={} late={} latest_ms={:.1} overrun={}",
                    counts.seen,
                    counts.lost,
                    counts.twice,
                    counts.late,
                    counts.latest.as_secs_f64() * 1000.0,
                    overrun(queue),
                ))
            }
            other => bail!("{other} is no order"),
        }
    }
}

/// Where an IPv4 packet goes; copies of others are not made.
fn destination(packet: &[u8]) -> Option<Ipv4Addr> {
    let address: [u8; 4] = packet.get(16..20)?.try_into().ok()?;
    (packet.first()? >> 4 == 4).then(|| Ipv4Addr::from(address))
}

/// How many packets the kernel has dropped because this process was too slow: those make no figure of a link.
fn overrun(queue: u16) -> u64 {
    let table = std::fs::read_to_string("/proc/net/netfilter/nfnetlink_queue").unwrap_or_default();
    let row = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .find(|row| row.first().and_then(|number| number.parse().ok()) == Some(queue));
    let Some(row) = row else { return 0 };
    // Columns: number, owner, waiting, copy mode, copy range, dropped by the queue, dropped by the socket, …
    [5, 6]
        .iter()
        .filter_map(|column| row.get(*column)?.parse::<u64>().ok())
        .sum()
}
