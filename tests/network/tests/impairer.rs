//! The bad network against itself: what is asked is measured between real sockets in real namespaces, and nothing is left
//! behind, not even by a run that was killed. Needs root, as the namespaces do.

#![allow(clippy::unwrap_used, reason = "a test says what failed by its line")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

struct Bench {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    prefix: String,
}

impl Bench {
    fn hold() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_network"))
            .args(["hold", "--sites", "hall,ward", "--seed", "7"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let prefix = format!("diemcau{}-", child.id());
        let mut bench = Self {
            child,
            orders,
            answers,
            prefix,
        };
        let ready = bench.hear();
        assert!(ready.starts_with("ready seed=7 "), "{ready:?}: see the complaint above");
        bench
    }

    fn hear(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    fn ask(&mut self, order: &str) -> String {
        writeln!(self.orders, "{order}").unwrap();
        self.hear()
    }

    /// Datagrams from the ward to an echo at the hub: how many come back.
    fn back(&self, count: u32) -> usize {
        let me = env!("CARGO_BIN_EXE_network");
        let inside = |end: &str| {
            let mut command = Command::new("ip");
            command.args(["netns", "exec", &format!("{}{end}", self.prefix), me]);
            command
        };
        let mut echo = inside("hub")
            .args(["echo", "10.98.250.2:7007"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(echo.stdout.take().unwrap())
            .read_line(&mut ready)
            .unwrap();
        let probe = [
            "probe",
            "10.98.250.2:7007",
            "--count",
            &count.to_string(),
            "--gap-us",
            "2000",
        ];
        let output = inside("ward").args(probe).output().unwrap();
        echo.kill().unwrap();
        echo.wait().unwrap();
        String::from_utf8(output.stdout).unwrap().lines().count()
    }

    fn end(mut self) -> String {
        drop(self.orders);
        assert!(self.child.wait().unwrap().success());
        self.prefix
    }
}

fn namespaces() -> String {
    let output = Command::new("ip").args(["netns", "list"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// One test, because the second half needs the first one's bench to be gone.
#[test]
fn a_bad_network_is_as_bad_as_asked_and_leaves_nothing_behind() {
    // It has measured delay, spread, loss, bursts, doubles and order by itself before it was ready.
    let mut bench = Bench::hold();
    assert_eq!(bench.back(100), 100, "a clean link loses nothing");

    assert_eq!(bench.ask("impair ward both loss=1"), "ok");
    assert_eq!(bench.back(50), 0);
    assert_eq!(bench.ask("impair ward both"), "ok");

    assert_eq!(bench.ask("firewall ward no-udp"), "ok");
    assert_eq!(bench.back(50), 0, "UDP is blocked");
    assert_eq!(bench.ask("firewall ward open"), "ok");

    for nat in ["preserving", "symmetric", "double", "none"] {
        assert_eq!(bench.ask(&format!("nat ward {nat}")), "ok");
        assert_eq!(bench.back(50), 50, "translated: {nat}");
    }

    assert_eq!(bench.ask("change ward"), "ok");
    assert_eq!(bench.back(50), 50, "from another address");

    // 100 packets of 228 bytes each 2 ms are 912 kbit/s; the queue holds 50 ms of what the link takes away.
    assert_eq!(bench.ask("rate ward up 300 50"), "ok");
    let back = bench.back(200);
    assert!(
        (60..140).contains(&back),
        "{back} of 200 through a third of the bandwidth"
    );
    assert_eq!(bench.ask("rate ward up off"), "ok");

    // Begins at once, takes 200 ms of 600.
    assert_eq!(bench.ask("outage ward 100 200"), "ok");
    let back = bench.back(300);
    assert!((180..260).contains(&back), "{back} of 300 with an outage of a third");

    assert!(bench.ask("weather ward rain").starts_with("error "));
    assert!(bench.ask("counts ward up").contains("overrun=0"));
    let prefix = bench.end();
    assert!(!namespaces().contains(&prefix), "{}", namespaces());

    // As if the power failed: the next run removes what this one could not.
    let mut killed = Bench::hold();
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    assert!(namespaces().contains(&killed.prefix));
    assert!(
        Command::new(env!("CARGO_BIN_EXE_network"))
            .arg("clean")
            .status()
            .unwrap()
            .success()
    );
    assert!(!namespaces().contains(&killed.prefix), "{}", namespaces());
}
