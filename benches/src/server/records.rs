//! A server of small records, for thousands of calls at a time: one thread, and hardly more work for each request than to read it and
//! to write the response.

use std::cell::Cell;
use std::io::{self, Result, copy, sink};
use std::rc::Rc;
use std::time::Duration;
use std::{process, thread};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::sleep;

/// The argument that makes a program [`serve`] and hold every request.
pub const HOLD: &str = "serve-and-hold";

/// How a request begins, before a number, whose response is sent when the server holds so many others.
const HELD: &str = "GET /held/";

/// How many connections may wait to be accepted: all that are opened at once.
const BACKLOG: u32 = 4096;

/// Responds to every request with this JSON, or holds it. Serves on a free port, prints the URL, and ends with standard input.
///
/// A request has no body. More than one in flight on a connection isn't supported.
///
/// # Errors
///
/// Returns an error if no port can be opened.
pub fn serve(body: &str, hold: bool) -> Result<()> {
    thread::spawn(|| {
        let _result = copy(&mut io::stdin(), &mut sink());
        process::exit(0);
    });
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    let server = Rc::new(Records { response: (head + body).into_bytes(), hold, held: Cell::new(0) });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let listener = socket.listen(BACKLOG)?;
        println!("http://{}", listener.local_addr()?);
        loop {
            let (connection, _) = listener.accept().await?;
            let server = Rc::clone(&server);
            // An error is a client that has gone.
            spawn_local(async move { server.respond_to_all(connection).await });
        }
    })
}

/// Waits until a server with this address holds so many requests.
///
/// # Errors
///
/// Returns an error if the connection fails.
pub async fn held(address: &str, calls: usize) -> Result<()> {
    let mut connection = TcpStream::connect(address).await?;
    connection.write_all(format!("{HELD}{calls} HTTP/1.1\r\n\r\n").as_bytes()).await?;
    match connection.read(&mut [0; 1024]).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}

struct Records {
    response: Vec<u8>,
    hold: bool,
    held: Cell<usize>,
}

impl Records {
    async fn respond_to_all(&self, mut connection: TcpStream) -> Result<()> {
        connection.set_nodelay(true)?;
        let mut head = Vec::with_capacity(1024);
        while connection.read_buf(&mut head).await? > 0 {
            if !head.ends_with(b"\r\n\r\n") {
                continue;
            }
            if let Some(calls) = held_calls(&head) {
                while self.held.get() < calls {
                    sleep(Duration::from_millis(5)).await;
                }
            } else if self.hold {
                self.held.update(|held| held + 1);
                head.clear();
                continue;
            }
            connection.write_all(&self.response).await?;
            head.clear();
        }
        Ok(())
    }
}

fn held_calls(head: &[u8]) -> Option<usize> {
    let rest = std::str::from_utf8(head).ok()?.strip_prefix(HELD)?;
    rest.split(' ').next()?.parse().ok()
}
