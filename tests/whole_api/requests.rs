//! Send requests.

use courier_core::{Result, Transport, endpoint};

use super::declared::Declared;

pub(crate) trait Requests: Transport {
    /// Archives a send request, so that its messages are no longer listed.
    #[endpoint(PUT, "/requests/<request_id>/archive", ok = 202 | 204)]
    async fn archive(&self, request_id: &str) -> Result<()>;
}
impl<T: Transport> Requests for T {}

pub(crate) fn declared(requests: &dyn Requests) -> Vec<Declared> {
    vec![Declared::new("requests.archive", requests.archive("request_id"))]
}
