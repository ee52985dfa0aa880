//! A connector of the application's own, in place of TCP.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;

use http::Uri;
use hyper::rt::{Read, Write};
use tower_service::Service;

use super::BoxFuture;

type BoxError = Box<dyn StdError + Send + Sync>;

/// What a connection reads and writes: a socket, TLS over one, or what an own connector opened.
pub(super) type Io = Box<dyn Stream>;

pub(super) trait Stream: Read + Write + Send + Unpin {}

impl<S: Read + Write + Send + Unpin> Stream for S {}

/// A service that opens connections. Clones share it.
#[derive(Clone)]
pub(crate) struct Connector(Arc<dyn Open>);

trait Open: Send + Sync {
    fn open(&self, uri: Uri) -> BoxFuture<'_, Result<Io, BoxError>>;
}

impl<S> Open for S
where
    S: Service<Uri, Error: Into<BoxError>, Future: Send> + Clone + Send + Sync,
    S::Response: Read + Write + Send + Unpin + 'static,
{
    fn open(&self, uri: Uri) -> BoxFuture<'_, Result<Io, BoxError>> {
        // A service is called by `&mut`, and several connections may be opened at a time.
        let mut service = self.clone();
        Box::pin(async move {
            poll_fn(|context| service.poll_ready(context)).await.map_err(Into::into)?;
            let io = service.call(uri).await.map_err(Into::into)?;
            Ok::<Io, _>(Box::new(io))
        })
    }
}

impl Connector {
    pub(crate) fn new<S>(service: S) -> Self
    where
        S: Service<Uri, Error: Into<BoxError>, Future: Send> + Clone + Send + Sync + 'static,
        S::Response: Read + Write + Send + Unpin + 'static,
    {
        Self(Arc::new(service))
    }

    pub(super) async fn open(&self, uri: Uri) -> Result<Io, BoxError> {
        self.0.open(uri).await
    }
}

/// The service isn't shown, since it may have credentials.
impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connector").finish_non_exhaustive()
    }
}
