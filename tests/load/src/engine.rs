//! An engine as a child process, and how it is spoken to.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Where an engine runs.
#[derive(Clone, Debug)]
pub struct Place {
    /// The program that can be an engine: this one, or in a test the bench.
    pub program: PathBuf,
    /// Media threads.
    pub threads: usize,
    /// The only core that it may use, if any.
    pub core: Option<usize>,
}

impl Place {
    /// This program, one thread, any core.
    pub fn here() -> Result<Place> {
        Ok(Place {
            program: std::env::current_exe()?,
            threads: 1,
            core: None,
        })
    }
}

/// A running engine; it ends when dropped.
pub struct Engine {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What the unit says of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inside {
    /// Bytes in use on its heap.
    pub heap: i64,
    /// Packets sent, without repairs.
    pub forwarded: u64,
    /// Packets that found no room anywhere.
    pub no_room: u64,
}

impl Engine {
    /// Starts one with these arguments.
    pub fn start(place: &Place, arguments: &[String]) -> Result<Engine> {
        let mut command = match place.core {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.arg("-c").arg(core.to_string()).arg(&place.program);
                command
            }
            None => Command::new(&place.program),
        };
        let command = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("the engine does not start")?;
        let input = child.stdin.take().context("piped")?;
        let output = BufReader::new(child.stdout.take().context("piped")?);
        Ok(Engine { child, input, output })
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next line that it says.
    pub fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.output.read_line(&mut line)? > 0, "the engine ended");
        Ok(line.trim().to_owned())
    }

    /// Hands an offer to the unit.
    pub fn accept(&mut self, id: usize, offer: &str) -> Result<String> {
        write!(self.input, "accept {id} {}\n{offer}", offer.len())?;
        self.input.flush()?;
        let line = self.line()?;
        let length = line.strip_prefix("answer ").context("an answer")?.parse()?;
        let mut answer = vec![0; length];
        self.output.read_exact(&mut answer)?;
        Ok(String::from_utf8(answer)?)
    }

    /// Says something and waits for a line.
    pub fn tell(&mut self, command: &str) -> Result<String> {
        writeln!(self.input, "{command}")?;
        self.input.flush()?;
        self.line()
    }

    /// Allocations since the unit's start. Asking for its figures allocates; asking for this hardly does.
    pub fn allocations(&mut self) -> Result<u64> {
        Ok(self.tell("allocations")?.parse()?)
    }

    /// What the unit says of itself.
    pub fn figures(&mut self) -> Result<Inside> {
        let line = self.tell("figures")?;
        let numbers: Vec<i64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [heap, forwarded, no_room] = numbers[..] else {
            anyhow::bail!("three numbers, not {line}");
        };
        Ok(Inside {
            heap,
            forwarded: forwarded as u64,
            no_room: no_room as u64,
        })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
