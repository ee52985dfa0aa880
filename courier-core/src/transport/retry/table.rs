//! What is sent again: the table in [`Retry`](super::Retry)'s documentation, as one function.

use std::fmt;

use http::{Method, StatusCode};

use crate::endpoint::Endpoint;
use crate::request::Request;
use crate::transport::{Response, TimeLimit, TransportError, TransportErrorKind};

/// Which requests may be sent again after what happened to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// Whatever the method is: the server has not acted on it.
    Every,
    /// Those that may take effect twice without harm.
    Repeatable,
    /// None: it is an outcome, or it would happen again.
    Never,
}

/// What is known of a request beside its answer.
#[derive(Debug)]
pub(super) struct Asked {
    endpoint: Option<&'static Endpoint>,
    method: Method,
    /// Whether a 503 is taken as proof that nothing was done.
    trusts_unavailable: bool,
}

impl Asked {
    pub(super) fn of(request: &Request, trusts_unavailable: bool) -> Self {
        Self { endpoint: Endpoint::of(request), method: request.method().clone(), trusts_unavailable }
    }

    /// The table.
    pub(super) fn again(&self, result: &Result<Response, TransportError>) -> Again {
        if let Err(error) = result {
            match error.kind() {
                TransportErrorKind::Refused
                | TransportErrorKind::TooLarge { .. }
                | TransportErrorKind::Timeout { limit: TimeLimit::Deadline, .. } => return Again::Never,
                TransportErrorKind::Connect
                | TransportErrorKind::Interrupted
                | TransportErrorKind::ContentEncoding
                | TransportErrorKind::Timeout { limit: TimeLimit::Connect | TimeLimit::Attempt, .. } => {}
            }
        }
        // A status is final from the moment it came, whether or not its body did.
        match (status(result), result) {
            (Some(status), _) if self.declares(status) => Again::Never,
            (Some(status), _) => match status.as_u16() {
                // It is about the number of requests (RFC 6585, section 4), and said before one is processed or passed on.
                429 => Again::Every,
                503 if self.trusts_unavailable => Again::Every,
                // A proxy says each of these too when the server behind it has acted. A 408 may be about the connection before this
                // request (RFC 9110, section 15.5.9) or about this one.
                408 | 425 | 500 | 502 | 503 | 504 => Again::Repeatable,
                _ => Again::Never,
            },
            (None, Err(error)) if !error.may_have_arrived() => Again::Every,
            (None, _) => Again::Repeatable,
        }
    }

    /// Whether this request is one of those that may be sent again.
    pub(super) fn allows(&self, again: Again) -> bool {
        match again {
            Again::Every => true,
            Again::Repeatable => self.is_repeatable(),
            Again::Never => false,
        }
    }

    fn declares(&self, status: StatusCode) -> bool {
        self.endpoint.is_some_and(|endpoint| endpoint.outcomes().of(status).is_some())
    }

    fn is_repeatable(&self) -> bool {
        match self.endpoint {
            // What the declaration says holds for the method that it declares: the request may have been given another one.
            Some(endpoint) if *endpoint.method() == self.method => endpoint.may_be_retried(),
            Some(_) | None => self.method.is_safe(),
        }
    }
}

/// Without the path: it may hold what is personal.
impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.endpoint {
            Some(endpoint) => write!(f, "{} {}", self.method, endpoint.template()),
            None => write!(f, "{} (no endpoint)", self.method),
        }
    }
}

/// The status of an answer, of which only the head may have come.
pub(super) fn status(result: &Result<Response, TransportError>) -> Option<StatusCode> {
    result.as_ref().map_or_else(TransportError::status, |response| Some(response.status()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::endpoint::Outcome;

    type Attempt = Result<Response, TransportError>;

    static ANY: [Outcome; 1] = [Outcome::new("any", &[200..=599])];
    static BUSY: [Outcome; 1] = [Outcome::new("busy", &[503..=503])];

    const METHODS: [Method; 7] =
        [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

    /// A request of every method, by hand; the safe ones first.
    fn by_hand() -> [Asked; 7] {
        METHODS.map(|method| Asked { endpoint: None, method, trusts_unavailable: false })
    }

    /// A request of an endpoint that declares no status, with the flag and without it.
    fn declared(method: Method, idempotent: bool) -> Asked {
        declaring(method, &[], idempotent)
    }

    fn declaring(method: Method, outcomes: &'static [Outcome], idempotent: bool) -> Asked {
        let endpoint = Endpoint::new("name", method.clone(), "/<id>", outcomes, idempotent);
        Asked { endpoint: Some(Box::leak(Box::new(endpoint))), method, trusts_unavailable: false }
    }

    fn is_retried(asked: &Asked, result: &Attempt) -> bool {
        asked.allows(asked.again(result))
    }

    #[expect(clippy::unnecessary_wraps, reason = "it stands beside errors, as what an attempt came to")]
    fn answer(status: u16) -> Attempt {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::from_u16(status).expect("a status");
        Ok(response)
    }

    /// The answer's body was lost, or too slow.
    fn cut_short(status: u16) -> [Attempt; 2] {
        [TransportErrorKind::Interrupted, timeout(TimeLimit::Attempt)].map(|kind| {
            let status = StatusCode::from_u16(status).expect("a status");
            Err(TransportError::sent(kind).with_status(status))
        })
    }

    fn timeout(limit: TimeLimit) -> TransportErrorKind {
        TransportErrorKind::Timeout { limit, after: Duration::from_secs(1) }
    }

    fn all_forms(status: u16) -> impl Iterator<Item = Attempt> {
        std::iter::once(answer(status)).chain(cut_short(status))
    }

    /// Safe methods and endpoints with the flag, and no others.
    fn assert_only_repeatable(result: &Attempt) {
        assert_eq!(
            by_hand().map(|asked| is_retried(&asked, result)),
            [true, true, true, false, false, false, false],
            "{result:?}"
        );
        for method in METHODS {
            assert!(is_retried(&declared(method.clone(), true), result), "{method} {result:?}");
            let without_flag = is_retried(&declared(method.clone(), false), result);
            assert_eq!(without_flag, method.is_safe(), "{method} {result:?}");
        }
    }

    fn assert_for_all(result: &Attempt, expected: bool) {
        let declared = METHODS.into_iter().flat_map(|method| [true, false].map(|flag| declared(method.clone(), flag)));
        for asked in by_hand().into_iter().chain(declared) {
            assert_eq!(is_retried(&asked, result), expected, "{asked} {result:?}");
        }
    }

    #[test]
    fn a_declared_status_is_final_for_every_method_also_where_its_body_is_lost() {
        for method in METHODS {
            let asked = declaring(method, &ANY, true);
            for result in (200..600).flat_map(all_forms) {
                assert!(!is_retried(&asked, &result), "{asked} {result:?}");
            }
        }
    }

    #[test]
    fn a_declared_status_says_nothing_of_the_others() {
        let asked = declaring(Method::POST, &BUSY, false);
        assert_eq!([503, 429].map(|status| is_retried(&asked, &answer(status))), [false, true]);
    }

    #[test]
    fn what_was_not_sent_is_for_every_method() {
        for kind in [
            TransportErrorKind::Connect,
            TransportErrorKind::Interrupted,
            timeout(TimeLimit::Connect),
            timeout(TimeLimit::Attempt),
        ] {
            assert_for_all(&Err(TransportError::not_sent(kind)), true);
        }
    }

    #[test]
    fn too_many_requests_is_for_every_method() {
        for result in all_forms(429) {
            assert_for_all(&result, true);
        }
    }

    #[test]
    fn unavailable_is_for_every_method_if_the_program_says_so_and_nothing_else_is() {
        for method in METHODS {
            let asked = Asked { trusts_unavailable: true, ..declared(method.clone(), false) };
            assert!(all_forms(503).all(|result| is_retried(&asked, &result)), "{asked}");
            let others = [408, 425, 500, 502, 504].into_iter().flat_map(all_forms);
            assert!(others.into_iter().all(|result| is_retried(&asked, &result) == method.is_safe()), "{asked}");
            let asked = Asked { trusts_unavailable: true, ..declaring(method, &BUSY, true) };
            assert!(all_forms(503).all(|result| !is_retried(&asked, &result)), "{asked}");
        }
    }

    #[test]
    fn a_failure_of_the_server_is_for_what_may_be_repeated() {
        for result in [408, 425, 500, 502, 503, 504].into_iter().flat_map(all_forms) {
            assert_only_repeatable(&result);
        }
    }

    #[test]
    fn what_may_have_arrived_without_an_answer_is_for_what_may_be_repeated() {
        for kind in [TransportErrorKind::Interrupted, timeout(TimeLimit::Attempt)] {
            assert_only_repeatable(&Err(TransportError::sent(kind)));
        }
    }

    #[test]
    fn what_would_happen_again_is_never_retried() {
        for kind in
            [TransportErrorKind::Refused, TransportErrorKind::TooLarge { limit: 1 }, timeout(TimeLimit::Deadline)]
        {
            let of_status = TransportError::sent(kind).with_status(StatusCode::SERVICE_UNAVAILABLE);
            for error in [TransportError::not_sent(kind), TransportError::sent(kind), of_status] {
                assert_for_all(&Err(error), false);
            }
        }
    }

    #[test]
    fn every_other_status_is_an_answer() {
        let retried = [408, 425, 429, 500, 502, 503, 504];
        for result in (100..1000).filter(|status| !retried.contains(status)).flat_map(all_forms) {
            assert_for_all(&result, false);
        }
    }

    #[test]
    fn a_request_with_another_method_than_its_endpoints_goes_by_its_own() {
        let get = declared(Method::GET, true);
        let changed = Asked { method: Method::POST, ..get };
        assert!(!is_retried(&changed, &answer(500)));
        let changed = Asked { method: Method::GET, ..declared(Method::POST, false) };
        assert!(is_retried(&changed, &answer(500)));
    }
}
