//! The part of a call that is the same for every return type.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::{NoRequest, curl};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::outcome::Download;
use crate::outcome::reader::{self, Reader};
use crate::request::{CallLimits, CallOptions, Expiry, InvalidRequest, Request, RequestBuilder, Streaming, header};
use crate::secret::{Secret, Secrets};
use crate::transport::deadline::send_within;
use crate::transport::whole::Wanted;
use crate::transport::{BoxFuture, Response, Transport, TransportError};

/// A request and what becomes of it, up to the response.
pub(super) struct Sending<'a> {
    pub(super) stage: Stage<'a>,
    pub(super) deadline: Option<Duration>,
    max_body_bytes: Option<u64>,
}

#[expect(clippy::large_enum_variant, reason = "boxing the request would add an allocation to each call")]
pub(super) enum Stage<'a> {
    Unsent(Unsent<'a>),
    Sent(Sent<'a>),
    /// There is a future in place of the call.
    Fake,
    Done,
}

pub(super) struct Unsent<'a> {
    transport: &'a dyn Transport,
    endpoint: &'static Endpoint,
    request: Result<Request, InvalidRequest>,
    streaming: Streaming,
}

pub(super) struct Sent<'a> {
    transport: &'a dyn Transport,
    endpoint: &'static Endpoint,
    response: BoxFuture<'a, Result<Response, TransportError>>,
    streaming: Streaming,
    /// The options of the call, if any of its outcomes reads a stream.
    options: Option<Box<CallOptions>>,
}

impl Stage<'_> {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Unsent(_) => "unsent",
            Self::Sent(_) => "sent",
            Self::Fake => "fake",
            Self::Done => "done",
        }
    }
}

impl<'a> Sending<'a> {
    /// `identity` is the address of the function that reads the outcomes.
    pub(super) fn new(
        transport: &'a dyn Transport,
        request: RequestBuilder,
        identity: usize,
        reader: &mut dyn Reader,
    ) -> Self {
        let endpoint = request.endpoint;
        let (accept, streaming) = reader::asked_for(endpoint, identity, reader);
        let request = request.finish(accept);
        Self::at(Stage::Unsent(Unsent { transport, endpoint, request, streaming }))
    }

    pub(super) const fn fake() -> Self {
        Self::at(Stage::Fake)
    }

    const fn at(stage: Stage<'a>) -> Self {
        Self { stage, deadline: None, max_body_bytes: None }
    }

    pub(super) fn set_max_body_bytes(&mut self, limit: u64) {
        self.max_body_bytes = Some(limit);
        self.limit(|limits| limits.max_body_bytes = Some(limit));
    }

    pub(super) fn set_max_attempts(&mut self, attempts: u32) {
        if let Some(options) = self.options_mut() {
            options.max_attempts = Some(attempts);
        }
    }

    pub(super) fn limit(&mut self, change: impl FnOnce(&mut CallLimits)) {
        if let Some(options) = self.options_mut() {
            change(options.limits_mut());
        }
    }

    fn options_mut(&mut self) -> Option<&mut CallOptions> {
        match &mut self.stage {
            Stage::Unsent(Unsent { request, endpoint, streaming, .. }) => {
                Some(CallOptions::of_call(request.as_mut().ok()?, endpoint, *streaming))
            }
            Stage::Sent(_) | Stage::Fake | Stage::Done => None,
        }
    }

    pub(super) fn set_header(&mut self, name: &str, value: &str) {
        if let Stage::Unsent(Unsent { request, .. }) = &mut self.stage {
            let set = |built: &mut Request| header::set(built.headers_mut(), name, value);
            if let Err(invalid) = request.as_mut().map_or(Ok(()), set) {
                *request = Err(invalid);
            }
        }
    }

    pub(super) fn set_secret_header(&mut self, name: &str, value: &Secret) {
        self.set_header(name, value.expose());
        if let Stage::Unsent(Unsent { request: Ok(request), .. }) = &mut self.stage {
            if let Some(value) = request.headers_mut().get_mut(name) {
                value.set_sensitive(true);
            }
        }
    }

    pub(super) fn endpoint(&self) -> Option<&'static Endpoint> {
        match &self.stage {
            Stage::Unsent(Unsent { endpoint, .. }) | Stage::Sent(Sent { endpoint, .. }) => Some(endpoint),
            Stage::Fake | Stage::Done => None,
        }
    }

    /// The request, or the reason for its absence.
    pub(super) fn request(&self) -> Result<&Request, NoRequest> {
        match &self.stage {
            Stage::Unsent(Unsent { request, .. }) => request.as_ref().map_err(|invalid| invalid.clone().into()),
            Stage::Fake => Err(NoRequest::Fake),
            Stage::Sent(_) | Stage::Done => Err(NoRequest::Sent),
        }
    }

    pub(super) fn into_request(self) -> Result<Request, NoRequest> {
        match self.stage {
            Stage::Unsent(Unsent { request, endpoint, streaming, .. }) => {
                let mut request = request?;
                CallOptions::of_call(&mut request, endpoint, streaming).deadline = self.deadline.map(Expiry::new);
                Ok(request)
            }
            Stage::Fake => Err(NoRequest::Fake),
            Stage::Sent(_) | Stage::Done => Err(NoRequest::Sent),
        }
    }

    pub(super) fn curl(&self) -> Result<String, NoRequest> {
        let base_url = match &self.stage {
            Stage::Unsent(Unsent { transport, .. }) => transport.base_url(),
            Stage::Sent(_) | Stage::Fake | Stage::Done => None,
        };
        Ok(curl(self.request()?, base_url))
    }

    /// Sends the request at the first poll, and passes the response to `reader`, or the error: one of the two has been read when
    /// this is ready. `see` gets the response before.
    pub(super) fn poll(
        &mut self,
        context: &mut Context<'_>,
        reader: &mut dyn Reader,
        see: &mut dyn FnMut(&Response),
    ) -> Poll<()> {
        loop {
            match &mut self.stage {
                Stage::Sent(sent) => {
                    let Sent { transport, endpoint, streaming, .. } = *sent;
                    let response = ready!(sent.response.as_mut().poll(context));
                    let options = sent.options.take();
                    // Drop what the transport holds for this call before the caller continues.
                    self.stage = Stage::Done;
                    let response = match response {
                        Ok(mut response) => {
                            note_secrets(transport, &mut response);
                            if let Some(options) = options {
                                if let Some(outcome) = reader::streams(endpoint, streaming, &response, reader) {
                                    see(&response);
                                    let download = Download::new(endpoint, response, &options, transport.base_url());
                                    reader::read_stream(endpoint, outcome, download, reader);
                                    return Poll::Ready(());
                                }
                            }
                            if response.body().as_bytes().is_none() {
                                // The transport left it to its caller to read the body.
                                let max_body_bytes = self.max_body_bytes;
                                let wanted = Wanted { endpoint: Some(endpoint), streaming, max_body_bytes };
                                let response = Box::pin(wanted.read(response));
                                self.stage =
                                    Stage::Sent(Sent { transport, endpoint, response, streaming, options: None });
                                continue;
                            }
                            see(&response);
                            Ok(response)
                        }
                        Err(error) => Err(Error::from_transport(endpoint, error)),
                    };
                    reader::read(endpoint, response, reader);
                    return Poll::Ready(());
                }
                Stage::Fake | Stage::Done => panic!("a call was polled after it had completed"),
                Stage::Unsent(_) => {}
            }
            // `Unsent` becomes `Sent`, which the next iteration polls.
            let Stage::Unsent(Unsent { transport, endpoint, request, streaming }) =
                std::mem::replace(&mut self.stage, Stage::Done)
            else {
                unreachable!("all other stages returned")
            };
            match request {
                Ok(mut request) => {
                    let options = CallOptions::of_call(&mut request, endpoint, streaming);
                    let options = streaming.is_any().then(|| Box::new(options.clone()));
                    let response = self.send(transport, request);
                    self.stage = Stage::Sent(Sent { transport, endpoint, response, streaming, options });
                }
                Err(source) => {
                    reader::read(endpoint, Err(Error::Invalid { endpoint, source }), reader);
                    return Poll::Ready(());
                }
            }
        }
    }

    /// Passes the error to `reader`.
    pub(super) fn fail(self, error: TransportError, reader: &mut dyn Reader) {
        let endpoint = self.endpoint().expect("a call was polled after it had completed");
        reader::read(endpoint, Err(Error::from_transport(endpoint, error)), reader);
    }

    /// Passes the request to the transport. The deadline starts here.
    fn send(
        &mut self,
        transport: &'a dyn Transport,
        request: Request,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        let secrets = Secrets::of_request(&request);
        let response = match self.deadline.map(Expiry::new) {
            Some(deadline) => send_within(deadline, transport, request),
            None => transport.send(request),
        };
        if secrets.is_empty() {
            return response;
        }
        // The transport itself may not do this.
        Box::pin(async move {
            let mut response = response.await?;
            secrets.note(&mut response);
            Ok(response)
        })
    }
}

/// Adds the transport's secrets to a response, because a wrapper may have rebuilt it without its extensions.
fn note_secrets(transport: &dyn Transport, response: &mut Response) {
    if let Some(secrets) = transport.__secrets() {
        if response.extensions().get::<Secrets>().is_none() {
            secrets.note(response);
        }
    }
}
