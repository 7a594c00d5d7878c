//! `network hold`: makes the topology, proves the impairer, then carries out one order a line until its standard input ends,
//! and takes everything away again. Whoever started it dies with it gone, so nothing is left behind.
//!
//! | order | effect |
//! |---|---|
//! | `impair SITE up\|down\|both words…` | see [`Impairment::read`](crate::model::Impairment::read); without words: nothing |
//! | `outage SITE FROM_MS FOR_MS` | both ways are dead, from so many milliseconds from now on |
//! | `rate SITE up\|down\|both KBPS\|off [QUEUE_MS]` | bandwidth, with a queue of 300 ms unless said |
//! | `nat SITE none\|preserving\|symmetric\|double` | translation, for flows that begin from now on |
//! | `firewall SITE open\|no-udp\|only-https\|only-proxy` | blocking, at once |
//! | `change SITE` | the other cable, another address |
//! | `counts SITE up\|down` | what the impairer has done |

use crate::check::{self, TRIALS};
use crate::shape::{self, Firewall, Nat, Rules, Way};
use crate::topology::{AHEAD, HUB, Site, Topology};
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Bandwidth is limited with a queue of so many milliseconds unless another is asked for (RFC 8867 §4.2).
const QUEUE_MS: u32 = 300;
/// A machine that is busy for a moment gets other chances …
const CHANCES: u32 = 40;
/// … after so long.
const CALM: Duration = Duration::from_secs(2);

/// The impairer's process; it ends with this value.
struct Impairer {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Impairer {
    fn start(topology: &Topology, seed: u64) -> Result<Self> {
        let me = std::env::current_exe().context("this program's own file")?;
        let me = me.to_str().context("this program's own name")?;
        let isp = topology.namespace("isp");
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &isp]).args(AHEAD);
        command.args([me, "impair", "--seed", &seed.to_string()]);
        for site in &topology.sites {
            command.args(["--queue", &site.up().to_string(), "--queue", &site.down().to_string()]);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let orders = child.stdin.take().context("the impairer's input")?;
        let answers = BufReader::new(child.stdout.take().context("the impairer's output")?);
        let mut impairer = Self { child, orders, answers };
        ensure!(impairer.hear()? == "ready", "the impairer does not start");
        Ok(impairer)
    }

    fn hear(&mut self) -> Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        ensure!(!line.is_empty(), "the impairer is gone");
        Ok(line.trim().to_owned())
    }

    fn ask(&mut self, order: &str) -> Result<String> {
        writeln!(self.orders, "{order}")?;
        let answer = self.hear()?;
        match answer.strip_prefix("error ") {
            Some(error) => bail!("{error}"),
            None => Ok(answer),
        }
    }
}

impl Drop for Impairer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Bench {
    // The impairer goes before the namespace in which it runs.
    impairer: Impairer,
    topology: Topology,
    rules: Vec<Rules>,
}

/// Holds a bench with these sites. Prints `ready seed=… prefix=… hub=…`, then one line for each order.
///
/// # Errors
/// When this machine cannot make a bad network, or makes another one than was asked for.
pub fn run(sites: &[String], seed: u64) -> Result<()> {
    ensure!((1..=200).contains(&sites.len()), "1…200 sites");
    let topology = Topology::build(sites)?;
    let impairer = Impairer::start(&topology, seed)?;
    shape::queue(&topology)?;
    let rules = vec![Rules::default(); topology.sites.len()];
    let mut bench = Bench {
        impairer,
        topology,
        rules,
    };
    bench.enforce()?;
    bench.prove()?;
    println!("ready seed={seed} prefix={} hub={HUB}", bench.topology.namespace(""));
    for line in std::io::stdin().lock().lines() {
        match bench.obey(&line?) {
            Ok(answer) => println!("{answer}"),
            Err(error) => println!("error {}", format!("{error:#}").replace('\n', " ")),
        }
    }
    Ok(())
}

impl Bench {
    /// Measures what the impairer does, in each way of the first site, before anybody believes it.
    fn prove(&mut self) -> Result<()> {
        let site = self.topology.sites[0].clone();
        for trial in TRIALS {
            let mut chance = 1;
            loop {
                // The first trial is of nothing; the second goes up, the third down.
                let queue = if trial.asked.contains("bursts") {
                    site.down()
                } else {
                    site.up()
                };
                self.impairer.ask(&format!("set {queue} {}", trial.asked))?;
                let measured = check::measure(&self.topology, &site.name, check::COUNT, check::GAP_US)?;
                self.impairer.ask(&format!("set {queue}"))?;
                match trial.judge(&measured) {
                    Ok(()) => {
                        eprintln!("asked {:?}: {measured}", trial.asked);
                        break;
                    }
                    Err(error) if chance == CHANCES => {
                        return Err(error)
                            .context("the impairer does not do what it is asked; no figure of it would be true");
                    }
                    Err(error) => eprintln!("again: {error:#}"),
                }
                std::thread::sleep(CALM);
                chance += 1;
            }
        }
        Ok(())
    }

    fn obey(&mut self, line: &str) -> Result<String> {
        let mut words = line.split_whitespace();
        let order = words.next().context("an order")?;
        let name = words.next().context("a site")?;
        let site = self.topology.site(name)?.clone();
        match order {
            "impair" => {
                let asked = words.clone().skip(1).collect::<Vec<_>>().join(" ");
                for queue in queues(&site, words.next().context("up, down or both")?)? {
                    self.impairer.ask(&format!("set {queue} {asked}"))?;
                }
            }
            "outage" => {
                let times = words.collect::<Vec<_>>().join(" ");
                for queue in [site.up(), site.down()] {
                    self.impairer.ask(&format!("outage {queue} {times}"))?;
                }
            }
            "rate" => {
                let ways = ways(words.next().context("up, down or both")?)?;
                let kbps = match words.next().context("kbit/s or off")? {
                    "off" => None,
                    number => Some(number.parse().context("kbit/s")?),
                };
                let queue_ms = words.next().map_or(Ok(QUEUE_MS), str::parse).context("milliseconds")?;
                for way in ways {
                    shape::rate(&self.topology, &site, *way, kbps, queue_ms)?;
                }
            }
            "nat" => self.rules(&site).nat = Nat::read(words.next().context("a translation")?)?,
            "firewall" => self.rules(&site).firewall = Firewall::read(words.next().context("a firewall")?)?,
            "change" => self.topology.change(name)?,
            "counts" => {
                let [queue, ..] = queues(&site, words.next().context("up or down")?)?[..] else {
                    bail!("up or down");
                };
                return self.impairer.ask(&format!("counts {queue}"));
            }
            other => bail!("{other} is no order"),
        }
        if matches!(order, "nat" | "firewall") {
            self.enforce()?;
        }
        Ok("ok".to_owned())
    }

    fn enforce(&self) -> Result<()> {
        let sites = self.topology.sites.iter().cloned();
        let rules: Vec<(Site, Rules)> = sites.zip(self.rules.iter().copied()).collect();
        shape::enforce(&self.topology, &rules)
    }

    fn rules(&mut self, site: &Site) -> &mut Rules {
        &mut self.rules[usize::from(site.number) - 1]
    }
}

fn ways(word: &str) -> Result<&'static [Way]> {
    Ok(match word {
        "up" => &[Way::Up],
        "down" => &[Way::Down],
        "both" => &[Way::Up, Way::Down],
        other => bail!("{other}: up, down or both"),
    })
}

fn queues(site: &Site, word: &str) -> Result<Vec<u16>> {
    let of = |way: &Way| match way {
        Way::Up => site.up(),
        Way::Down => site.down(),
    };
    Ok(ways(word)?.iter().map(of).collect())
}
