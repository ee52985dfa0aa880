//! Whether the candidates send the same request.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;

use anyhow::{Context as _, Result, anyhow, ensure};

use crate::candidates::{CANDIDATES, Candidate};
use crate::messages::MESSAGE;
use crate::work::Work;

/// The head of a request as a server receives it.
#[derive(PartialEq, Eq)]
struct Head {
    line: String,
    /// In lower case, without what `host` and `user-agent` say: the port, and the client's name, which `Courier` sets itself.
    headers: BTreeSet<String>,
}

/// Ensures that each of these candidates sends what the first of all sends, and returns what one sends in addition.
pub fn compare(candidates: &[&Candidate]) -> Result<Vec<String>> {
    let expected = head(&CANDIDATES[0])?;
    let mut more = Vec::new();
    for candidate in candidates {
        let name = candidate.name;
        let Head { line, headers } = head(candidate)?;
        ensure!(line == expected.line, "{name} sends `{line}` instead of `{}`", expected.line);
        let missing: Vec<_> = expected.headers.difference(&headers).map(String::as_str).collect();
        ensure!(missing.is_empty(), "{name} doesn't send `{}`", missing.join("`, `"));
        let added: Vec<_> = headers.difference(&expected.headers).map(String::as_str).collect();
        if !added.is_empty() {
            more.push(format!("{name} also sends `{}`", added.join("`, `")));
        }
    }
    Ok(more)
}

/// The request of one call, to a server that receives nothing else.
fn head(candidate: &Candidate) -> Result<Head> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let server = thread::spawn(move || receive(&listener));
    candidate.work(&url, &Work::Repeat(1)).with_context(|| format!("{} failed", candidate.name))?;
    server.join().map_err(|_| anyhow!("the server panicked"))?
}

fn receive(listener: &TcpListener) -> Result<Head> {
    let (mut connection, _) = listener.accept()?;
    let mut lines = BufReader::new(connection.try_clone()?).lines();
    let line = lines.next().context("no request")??;
    let mut headers = BTreeSet::new();
    for header in lines {
        let header = header?;
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').context("a header without a colon")?;
        let name = name.to_ascii_lowercase();
        let value = if ["host", "user-agent"].contains(&&*name) { "…" } else { value.trim() };
        ensure!(headers.insert(format!("{name}: {value}")), "`{name}` is sent twice");
    }
    let length = MESSAGE.len();
    write!(
        connection,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{MESSAGE}"
    )?;
    Ok(Head { line, headers })
}
