//! The error of a call as an I/O error, for the traits of `std::io` and tokio.

use std::error::Error as StdError;
use std::{io, iter};

use super::Error;
use crate::transport::TransportErrorKind;

/// For `std::io::Read` and `?` in a function that returns `io::Result`. The error is inside:
///
/// ```
/// use std::io::{self, Read as _};
///
/// use courier_core::{Body, Download, Error, MemoryTransport, Result, Transport, endpoint};
///
/// trait Exports: Transport {
///     #[endpoint(GET, "/export", ok = 200)]
///     fn export(&self) -> Result<Download>;
/// }
/// impl<T: Transport> Exports for T {}
///
/// let chunks = futures_util::stream::iter([Ok("1,2\n"), Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
/// let transport = MemoryTransport::new().answer(200, Body::from_stream(chunks));
///
/// let error = transport.export()?.read_to_end(&mut Vec::new()).expect_err("it breaks");
/// assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
/// let error: Error = error.downcast().expect("the error of the call");
/// assert_eq!(error.status().unwrap(), 200);
/// # Ok::<(), Error>(())
/// ```
///
/// Its kind is `TimedOut` for a time limit, `InvalidData` for a body that can't be decompressed or decoded, and `ConnectionReset` for a
/// connection that ended early. If the system or your own stream reported an I/O error, the kind is that error's. Otherwise, it is
/// `Other`.
///
/// It is never `UnexpectedEof`, which many readers of records take for the end of a file, and never `Interrupted` or `WouldBlock`,
/// after which they read on.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::new(kind(&error), error)
    }
}

fn kind(error: &Error) -> io::ErrorKind {
    match error {
        Error::Timeout { .. } => io::ErrorKind::TimedOut,
        Error::Decode { .. } => io::ErrorKind::InvalidData,
        Error::Transport { source, .. } if source.kind() == TransportErrorKind::ContentEncoding => {
            io::ErrorKind::InvalidData
        }
        Error::Transport { source, .. } => match io_error(source).map(io::Error::kind) {
            // Readers try again after these two.
            Some(io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => io::ErrorKind::Other,
            // A loop over `read_exact` takes this one for the end of a complete file.
            Some(io::ErrorKind::UnexpectedEof) => io::ErrorKind::ConnectionReset,
            Some(kind) => kind,
            None if source.kind() == TransportErrorKind::Interrupted && source.source().is_none() => {
                io::ErrorKind::ConnectionReset
            }
            None => io::ErrorKind::Other,
        },
        Error::Invalid { .. } | Error::TooLarge { .. } | Error::Status { .. } => io::ErrorKind::Other,
    }
}

fn io_error<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e io::Error> {
    iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
}
