//! An HTTP/1.1 server that costs little, in a process of its own: it sends and takes bytes as fast as a client can.

mod content;
pub mod records;

use std::io::{BufRead, BufReader, Read, Result, Write, copy, sink};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::{io, thread};

use self::content::Content;
pub use self::content::SIZE;

/// The argument that makes a program call [`serve`].
pub const SERVE: &str = "serve";

/// This program as a server. It ends with this value, or with the process that holds it.
pub struct Server {
    url: String,
    process: Child,
    _input: ChildStdin,
}

impl Server {
    /// Starts this program again, as a server.
    ///
    /// # Errors
    ///
    /// Returns an error if the process can't be started.
    pub fn start() -> Result<Self> {
        Self::start_as(SERVE)
    }

    /// The same, with another argument than [`SERVE`].
    ///
    /// # Errors
    ///
    /// Returns an error if the process can't be started.
    pub fn start_as(argument: &str) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process = command.arg(argument).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (input, output) = process.stdin.take().zip(process.stdout.take()).ok_or(io::ErrorKind::BrokenPipe)?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        Ok(Self { url: url.trim().to_owned(), process, _input: input })
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _result = self.process.kill();
        let _result = self.process.wait();
    }
}

/// Serves the content of downloads, and takes uploads.
///
/// # Errors
///
/// Returns an error if no port can be opened.
pub fn serve() -> Result<()> {
    let content = Content::new()?;
    listen(move |request, reader, connection| match &*request.path {
        "/plain" => content.send(connection),
        "/gzip" => content.send_packed(connection),
        "/upload" => {
            let length = request.skip_body(reader)?;
            send_json(connection, &format!("{{\"length\":{length}}}"))
        }
        _ => write!(connection, "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
    })
}

/// Sends a response in one piece.
fn send_json(connection: &mut TcpStream, body: &str) -> Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    connection.write_all((head + body).as_bytes())
}

/// Serves on a free port, prints the URL, and returns when standard input ends.
fn listen(
    respond: impl Fn(&Request, &mut BufReader<TcpStream>, &mut TcpStream) -> Result<()> + Send + Sync + 'static,
) -> Result<()> {
    let respond = Arc::new(respond);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for connection in listener.incoming() {
            let respond = Arc::clone(&respond);
            // An error is a client that has gone.
            thread::spawn(move || connection.and_then(|connection| respond_to_all(connection, &*respond)));
        }
    });
    copy(&mut io::stdin(), &mut sink())?;
    Ok(())
}

/// Responds to the requests of a connection, until the client closes it.
fn respond_to_all(
    mut connection: TcpStream,
    respond: &impl Fn(&Request, &mut BufReader<TcpStream>, &mut TcpStream) -> Result<()>,
) -> Result<()> {
    connection.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(256 * 1024, connection.try_clone()?);
    while let Some(request) = Request::read(&mut reader)? {
        respond(&request, &mut reader, &mut connection)?;
    }
    Ok(())
}

/// What is needed of a request's head.
struct Request {
    path: String,
    /// `None` if the body comes in chunks.
    length: Option<u64>,
}

impl Request {
    /// Reads the next head; `None` if the connection has ended.
    fn read(reader: &mut impl BufRead) -> Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut length = Some(0);
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let header = line.trim_end().to_ascii_lowercase();
            match header.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().ok(),
                Some(("transfer-encoding", "chunked")) => length = None,
                Some(_) => {}
                None => return Ok(Some(Self { path, length })),
            }
        }
    }

    /// Reads the body, and returns its length.
    fn skip_body(&self, reader: &mut impl BufRead) -> Result<u64> {
        if let Some(length) = self.length {
            return copy(&mut reader.take(length), &mut sink());
        }
        let (mut total, mut line) = (0, String::new());
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim_end(), 16).map_err(io::Error::other)?;
            total += size;
            // With the line break.
            if copy(&mut reader.take(size + 2), &mut sink())? < size + 2 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if size == 0 {
                return Ok(total);
            }
        }
    }
}
