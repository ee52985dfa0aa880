//! Status: selects the declared outcome of a response, without I/O.

use crate::endpoint::Endpoint;
use crate::error::{Error, Result};
use crate::transport::WholeResponse;

/// Returns the position of the outcome that declares the response's status. The body doesn't matter.
///
/// # Errors
///
/// Returns [`Error::Status`] with the whole response if no outcome declares the status.
pub(crate) fn outcome_of(endpoint: &'static Endpoint, response: WholeResponse) -> Result<(usize, WholeResponse)> {
    match endpoint.outcomes().of(response.status()) {
        Some((outcome, _)) => Ok((outcome, response)),
        None => Err(Error::Status { endpoint, response: Box::new(response) }),
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, StatusCode};

    use super::*;
    use crate::endpoint::Outcome;

    #[test]
    fn an_undeclared_status_is_an_error_that_keeps_the_response() {
        static ENDPOINT: Endpoint =
            Endpoint::new("get", Method::GET, "/", &[], &[Outcome::new("ok", &[200..=200])], false);
        let mut response = WholeResponse::new("made".into());
        *response.status_mut() = StatusCode::CREATED;

        let error = outcome_of(&ENDPOINT, response).expect_err("201 is not declared");
        assert!(matches!(error, Error::Status { .. }), "{error:?}");
        assert_eq!(error.status(), Some(StatusCode::CREATED));
        assert_eq!(error.body().map(|body| &body[..]), Some(&b"made"[..]));
    }
}
