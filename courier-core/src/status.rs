//! Status: selects the declared outcome of a response, without I/O.

use http::StatusCode;

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::transport::WholeResponse;

/// Returns the position of the outcome that declares this status; `None` if no outcome does.
pub(crate) fn outcome_of(endpoint: &'static Endpoint, status: StatusCode) -> Option<usize> {
    endpoint.outcomes().of(status).map(|(outcome, _)| outcome)
}

/// The error of a response whose status no outcome declares. The body doesn't matter.
#[cold]
pub(crate) fn undeclared(endpoint: &'static Endpoint, response: WholeResponse) -> Error {
    Error::Status { endpoint, response: Box::new(response) }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::endpoint::Outcome;

    #[test]
    fn an_undeclared_status_is_an_error_that_keeps_the_response() {
        static ENDPOINT: Endpoint =
            Endpoint::new("get", Method::GET, "/", &[], &[Outcome::new("ok", &[200..=200])], false);
        let mut response = WholeResponse::new("made".into());
        *response.status_mut() = StatusCode::CREATED;

        assert_eq!(outcome_of(&ENDPOINT, response.status()), None);
        let error = undeclared(&ENDPOINT, response);
        assert!(matches!(error, Error::Status { .. }), "{error:?}");
        assert_eq!(error.status(), Some(StatusCode::CREATED));
        assert_eq!(error.body().map(|body| &body[..]), Some(&b"made"[..]));
    }
}
