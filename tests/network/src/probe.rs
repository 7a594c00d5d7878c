//! Two small programs for two ends of a link: one sends numbered datagrams and prints when each came back, the other sends
//! back what it gets. The clock is the sender's alone.

use anyhow::{Context, Result};
use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// How long the sender waits for the last ones.
const TAIL: Duration = Duration::from_millis(600);

/// Sends back whatever comes to `address`, until it is stopped.
///
/// # Errors
/// When the address cannot be had.
pub fn echo(address: SocketAddr) -> Result<()> {
    let socket = UdpSocket::bind(address).context("the echo's address cannot be had")?;
    println!("ready");
    let mut datagram = [0; 2048];
    loop {
        let (length, from) = socket.recv_from(&mut datagram)?;
        // A full queue on the way back is a loss like any other.
        let _ = socket.send_to(&datagram[..length], from);
    }
}

/// Sends `count` datagrams to an echo, one every `gap`, and prints `number microseconds` for each that comes back.
///
/// # Errors
/// When there is no way to the echo.
pub fn probe(to: SocketAddr, count: u32, gap: Duration) -> Result<()> {
    let socket = UdpSocket::bind(if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" })?;
    socket.connect(to).context("there is no way to the echo")?;
    let began = Instant::now();
    let mut text = String::new();
    let mut datagram = [0; 1200];
    for number in 0..=count {
        let next = if number < count {
            gap * number
        } else {
            gap * count + TAIL
        };
        while let Some(left) = next.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
            socket.set_read_timeout(Some(left.max(Duration::from_micros(100))))?;
            match socket.recv(&mut datagram) {
                Ok(length) => text += &line(&datagram[..length], began.elapsed()).unwrap_or_default(),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if number < count {
            let sent = u64::try_from(began.elapsed().as_micros())?;
            datagram[..4].copy_from_slice(&number.to_be_bytes());
            datagram[4..12].copy_from_slice(&sent.to_be_bytes());
            socket.send(&datagram[..200])?;
        }
    }
    print!("{text}");
    Ok(())
}

fn line(datagram: &[u8], now: Duration) -> Option<String> {
    let number = u32::from_be_bytes(datagram.get(..4)?.try_into().ok()?);
    let sent = u64::from_be_bytes(datagram.get(4..12)?.try_into().ok()?);
    let took = u64::try_from(now.as_micros()).ok()?.checked_sub(sent)?;
    Some(format!("{number} {took}\n"))
}
