//! The three plain requests a screen makes before its socket: a ticket, the table of links, health.
//!
//! The crowd runs on the hub's own machine and speaks to its localhost listener, so HTTP/1.1 without TLS suffices; one
//! request per connection. It knows nothing of what the answers mean.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Where a hub listens in plain HTTP, e.g. `127.0.0.1:8080`.
#[derive(Debug, Clone)]
pub struct Hub {
    authority: String,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Hub {
    /// From an address such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// When the address is not plain HTTP.
    pub fn new(address: &str) -> Result<Self> {
        let Some(rest) = address.strip_prefix("http://") else {
            bail!("{address}: bots use the hub's plain listener on localhost, e.g. http://127.0.0.1:8080");
        };
        let authority = rest.trim_end_matches('/').to_owned();
        ensure!(
            !authority.is_empty() && !authority.contains('/'),
            "{address} is not an address of a hub"
        );
        let authority = if authority.contains(':') {
            authority
        } else {
            format!("{authority}:80")
        };
        Ok(Self { authority })
    }

    /// The origin that this client names, as a page of the hub would.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// The address of the websocket for a ticket.
    #[must_use]
    pub fn socket(&self, ticket: &str) -> String {
        format!("ws://{}/ws?ticket={ticket}", self.authority)
    }

    /// Asks for a page.
    ///
    /// # Errors
    /// When the hub cannot be reached or does not speak HTTP.
    pub async fn get(&self, path: &str) -> Result<Response> {
        self.ask("GET", path, &[]).await
    }

    /// Sends JSON.
    ///
    /// # Errors
    /// When the hub cannot be reached or does not speak HTTP.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Response> {
        self.ask("POST", path, &serde_json::to_vec(body)?).await
    }

    async fn ask(&self, method: &str, path: &str, body: &[u8]) -> Result<Response> {
        let mut stream = TcpStream::connect(&self.authority)
            .await
            .context("the hub does not answer")?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.authority,
            self.origin(),
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Response::read(&answer)
    }
}

impl Response {
    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).context("the hub's answer is not JSON")
    }

    fn read(answer: &[u8]) -> Result<Self> {
        let end = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .context("no HTTP answer")?;
        let head = std::str::from_utf8(&answer[..end]).context("no HTTP answer")?;
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|code| code.parse().ok())
            .context("no HTTP status")?;
        let chunked = lines.any(|line| line.to_ascii_lowercase().replace(' ', "") == "transfer-encoding:chunked");
        let rest = &answer[end + 4..];
        let body = if chunked { unchunk(rest)? } else { rest.to_vec() };
        Ok(Self { status, body })
    }
}

/// RFC 9112 §7.1.
fn unchunk(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest
            .windows(2)
            .position(|two| two == b"\r\n")
            .context("a chunk without a size")?;
        let size = std::str::from_utf8(&rest[..end])?
            .split(';')
            .next()
            .unwrap_or("")
            .trim()
            .to_owned();
        let size = usize::from_str_radix(&size, 16).context("a chunk without a size")?;
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(rest.get(end + 2..end + 2 + size).context("a chunk is cut short")?);
        rest = rest.get(end + 2 + size + 2..).context("a chunk is cut short")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_and_in_chunks() {
        let plain = Response::read(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n{}").unwrap();
        assert_eq!((plain.status, plain.body.as_slice()), (401, b"{}".as_slice()));
        let parts = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n5;x=y\r\n\":1} \r\n0\r\n\r\n";
        assert_eq!(Response::read(parts).unwrap().json().unwrap()["a"], 1);
        assert!(Response::read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab").is_err());
    }

    #[test]
    fn only_the_plain_listener_is_used() {
        assert!(Hub::new("https://127.0.0.1:8443").is_err());
        assert_eq!(
            Hub::new("http://127.0.0.1:8080/").unwrap().origin(),
            "http://127.0.0.1:8080"
        );
    }
}
