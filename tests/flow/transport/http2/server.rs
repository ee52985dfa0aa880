//! An HTTP/2 server that writes single frames (RFC 9113, section 4.1), so that it can break every rule.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::flow::key_search;

/// Frame types (section 6).
pub(in crate::flow::transport) mod frame {
    pub(in crate::flow::transport) const DATA: u8 = 0;
    pub(in crate::flow::transport) const HEADERS: u8 = 1;
    pub(in crate::flow::transport) const RST_STREAM: u8 = 3;
    pub(in crate::flow::transport) const SETTINGS: u8 = 4;
    pub(in crate::flow::transport) const PING: u8 = 6;
    pub(in crate::flow::transport) const GOAWAY: u8 = 7;
    pub(in crate::flow::transport) const WINDOW_UPDATE: u8 = 8;
    pub(in crate::flow::transport) const CONTINUATION: u8 = 9;
}

/// Frame flags. `ACK` has the value of `END_STREAM`.
pub(in crate::flow::transport) const NONE: u8 = 0;
pub(in crate::flow::transport) const ACK: u8 = 1;
pub(in crate::flow::transport) const END_STREAM: u8 = 1;
pub(in crate::flow::transport) const END_HEADERS: u8 = 4;

/// `:status: 200` in the static table of HPACK (RFC 7541, appendix A).
pub(in crate::flow::transport) const STATUS_200: &[u8] = &[0x88];

/// A field that is never indexed (RFC 7541, section 6.2.2), with name and value shorter than 127 bytes.
pub(in crate::flow::transport) fn literal(name: &str, value: &str) -> Vec<u8> {
    let length = |text: &str| u8::try_from(text.len()).expect("a short text");
    [&[0, length(name)], name.as_bytes(), &[length(value)], value.as_bytes()].concat()
}

pub(in crate::flow::transport) struct Listener(TcpListener);

impl Listener {
    pub(in crate::flow::transport) async fn bind() -> Self {
        key_search::begin();
        Self(TcpListener::bind("127.0.0.1:0").await.expect("a free port"))
    }

    pub(in crate::flow::transport) fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().expect("a bound listener"))
    }

    /// The next connection, with default settings.
    pub(in crate::flow::transport) async fn accept(&self) -> Connection {
        self.accept_with(&[]).await
    }

    /// The next connection, with these settings (section 6.5.1).
    pub(in crate::flow::transport) async fn accept_with(&self, settings: &[u8]) -> Connection {
        let (stream, _) = self.0.accept().await.expect("a connection");
        let mut connection = Connection { stream };
        let mut preface = [0; 24];
        connection.stream.read_exact(&mut preface).await.expect("a preface");
        assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        connection.send(frame::SETTINGS, NONE, 0, settings).await.expect("a client that reads");
        connection
    }
}

/// A connection after its preface. Dropping it closes it.
pub(in crate::flow::transport) struct Connection {
    stream: TcpStream,
}

impl Connection {
    /// Reads until the end of the next request, and returns its stream.
    pub(in crate::flow::transport) async fn request(&mut self) -> u32 {
        loop {
            let (kind, flags, stream, _) = self.read().await.expect("a request");
            if matches!(kind, frame::HEADERS | frame::DATA) && flags & END_STREAM != 0 {
                return stream;
            }
        }
    }

    /// The stream of the next frame of this type.
    pub(in crate::flow::transport) async fn next(&mut self, wanted: u8) -> u32 {
        loop {
            let (kind, _, stream, _) = self.read().await.expect("a frame");
            if kind == wanted {
                return stream;
            }
        }
    }

    /// The header block of the next request, as HPACK encoded it.
    pub(in crate::flow::transport) async fn headers(&mut self) -> Vec<u8> {
        loop {
            let (kind, _, _, payload) = self.read().await.expect("a request");
            if kind == frame::HEADERS {
                return payload;
            }
        }
    }

    /// A frame's type, flags, stream and payload. Acknowledges the client's settings.
    async fn read(&mut self) -> io::Result<(u8, u8, u32, Vec<u8>)> {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head).await?;
        let [a, b, c, kind, flags, stream @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        self.stream.read_exact(&mut payload).await?;
        if (kind, flags) == (frame::SETTINGS, NONE) {
            self.send(frame::SETTINGS, ACK, 0, &[]).await?;
        }
        Ok((kind, flags, u32::from_be_bytes(stream), payload))
    }

    pub(in crate::flow::transport) async fn send(
        &mut self,
        kind: u8,
        flags: u8,
        stream: u32,
        payload: &[u8],
    ) -> io::Result<()> {
        let [_, a, b, c] = u32::try_from(payload.len()).expect("a short payload").to_be_bytes();
        let head = [&[a, b, c, kind, flags][..], &stream.to_be_bytes()].concat();
        self.stream.write_all(&[&head, payload].concat()).await
    }

    pub(in crate::flow::transport) async fn go_away(&mut self, last_stream: u32, code: u32, debug_data: &[u8]) {
        let payload = [&last_stream.to_be_bytes(), &code.to_be_bytes(), debug_data].concat();
        self.send(frame::GOAWAY, NONE, 0, &payload).await.expect("a client that reads");
    }

    pub(in crate::flow::transport) async fn reset(&mut self, stream: u32, code: u32) {
        self.send(frame::RST_STREAM, NONE, stream, &code.to_be_bytes()).await.expect("a client that reads");
    }

    /// Sends a complete 200 with this body.
    pub(in crate::flow::transport) async fn respond(&mut self, stream: u32, body: &str) {
        self.send(frame::HEADERS, END_HEADERS, stream, STATUS_200).await.expect("a client that reads");
        self.send(frame::DATA, END_STREAM, stream, body.as_bytes()).await.expect("a client that reads");
    }

    /// Ends the connection with a TCP reset.
    pub(in crate::flow::transport) fn abort(self) {
        self.stream.set_zero_linger().expect("a socket that can be reset");
    }
}
