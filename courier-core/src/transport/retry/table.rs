//! Decides what is retried: the table in the documentation of [`Retry`](super::Retry), as one function.

use std::fmt;

use http::{Method, StatusCode};

use crate::endpoint::Endpoint;
use crate::transport::{Response, TimeLimit, TransportError, TransportErrorKind};

/// Which requests may be retried after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// All, because the server hasn't acted on the request.
    Every,
    /// Those that may take effect twice without harm.
    Repeatable,
    /// None: the result is an outcome, or it would be the same again.
    Never,
}

/// What a retry costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    /// A wait, and a token of the budget.
    Token,
    /// A wait. An attempt without a connection puts no load on the service.
    Wait,
    /// Nothing. One event, the end of a shared connection, failed all calls on it, and says nothing about the service. The next
    /// connection has to work before its end is free too.
    Nothing,
}

impl Cost {
    pub(super) fn of(result: &Result<Response, TransportError>) -> Self {
        match result {
            Err(error) if error.status().is_some() => Self::Token,
            Err(error) if error.is_of_shared_connection => Self::Nothing,
            Err(error) if error.is_connect() => Self::Wait,
            Ok(_) | Err(_) => Self::Token,
        }
    }
}

/// What the decision needs to know about a request.
#[derive(Debug)]
pub(super) struct Asked {
    endpoint: Option<&'static Endpoint>,
    method: Method,
    /// Whether a 503 proves that nothing was done.
    trusts_unavailable: bool,
}

impl Asked {
    pub(super) fn new(endpoint: Option<&'static Endpoint>, method: Method, trusts_unavailable: bool) -> Self {
        Self { endpoint, method, trusts_unavailable }
    }

    /// The table.
    pub(super) fn again(&self, result: &Result<Response, TransportError>) -> Again {
        if let Err(error) = result {
            if error.are_credentials_refused {
                return Again::Never;
            }
            match error.kind() {
                TransportErrorKind::Tls
                | TransportErrorKind::Refused
                | TransportErrorKind::RequestBody
                | TransportErrorKind::TooLarge { .. }
                | TransportErrorKind::Timeout {
                    limit: TimeLimit::Deadline | TimeLimit::Idle | TimeLimit::Stream,
                    ..
                } => {
                    return Again::Never;
                }
                TransportErrorKind::Connect
                | TransportErrorKind::Interrupted
                | TransportErrorKind::ContentEncoding
                | TransportErrorKind::Timeout { limit: TimeLimit::Connect | TimeLimit::Attempt, .. } => {}
            }
        }
        // A status is final once it has arrived, even if its body hasn't.
        match (status(result), result) {
            (Some(status), _) if self.declares(status) => Again::Never,
            (Some(status), _) => match status.as_u16() {
                // The limit is on the number of requests (RFC 6585, section 4), and is checked before one is processed
                // or forwarded.
                429 => Again::Every,
                503 if self.trusts_unavailable => Again::Every,
                // Proxies also send each of these when the server behind them has acted. A 408 may be about the idle
                // connection (RFC 9110, section 15.5.9) or about this request.
                408 | 425 | 500 | 502 | 503 | 504 => Again::Repeatable,
                _ => Again::Never,
            },
            (None, Err(error)) if !error.may_have_arrived() => Again::Every,
            (None, _) => Again::Repeatable,
        }
    }

    /// Whether this request may be retried.
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
            // The declaration speaks for the declared method only; the request may have been given another.
            Some(endpoint) if *endpoint.method() == self.method => endpoint.may_be_retried(),
            Some(_) | None => self.method.is_safe(),
        }
    }
}

/// Leaves out the path, which may hold personal data.
impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.endpoint {
            Some(endpoint) => write!(f, "{} {}", self.method, endpoint.template()),
            None => write!(f, "{} (no endpoint)", self.method),
        }
    }
}

/// The status of a response, even if only its head arrived.
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

    /// A request of every method, without an endpoint. The safe methods come first.
    fn by_hand() -> [Asked; 7] {
        METHODS.map(|method| Asked { endpoint: None, method, trusts_unavailable: false })
    }

    /// A request of an endpoint that declares no status, with or without the flag.
    fn declared(method: Method, idempotent: bool) -> Asked {
        declaring(method, &[], idempotent)
    }

    fn declaring(method: Method, outcomes: &'static [Outcome], idempotent: bool) -> Asked {
        let endpoint = Endpoint::new("name", method.clone(), "/<id>", &[], outcomes, idempotent);
        Asked { endpoint: Some(Box::leak(Box::new(endpoint))), method, trusts_unavailable: false }
    }

    fn is_retried(asked: &Asked, result: &Attempt) -> bool {
        asked.allows(asked.again(result))
    }

    #[expect(clippy::unnecessary_wraps, reason = "used next to errors, as the result of an attempt")]
    fn answer(status: u16) -> Attempt {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::from_u16(status).expect("a status");
        Ok(response)
    }

    /// The response's body was lost, or too slow.
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

    /// Asserts that safe methods and endpoints with the flag are retried, and no others.
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
    fn a_declared_status_is_final_for_every_method_even_if_its_body_is_lost() {
        for method in METHODS {
            let asked = declaring(method, &ANY, true);
            for result in (200..600).flat_map(all_forms) {
                assert!(!is_retried(&asked, &result), "{asked} {result:?}");
            }
        }
    }

    #[test]
    fn a_declared_status_does_not_affect_the_others() {
        let asked = declaring(Method::POST, &BUSY, false);
        assert_eq!([503, 429].map(|status| is_retried(&asked, &answer(status))), [false, true]);
    }

    #[test]
    fn what_was_not_sent_is_retried_for_every_method() {
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
    fn too_many_requests_is_retried_for_every_method() {
        for result in all_forms(429) {
            assert_for_all(&result, true);
        }
    }

    #[test]
    fn only_unavailable_is_retried_for_every_method_on_request() {
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
    fn a_server_failure_is_retried_only_for_repeatable_requests() {
        for result in [408, 425, 500, 502, 503, 504].into_iter().flat_map(all_forms) {
            assert_only_repeatable(&result);
        }
    }

    #[test]
    fn a_request_without_a_response_is_retried_only_if_repeatable() {
        for kind in [TransportErrorKind::Interrupted, timeout(TimeLimit::Attempt)] {
            assert_only_repeatable(&Err(TransportError::sent(kind)));
        }
    }

    #[test]
    fn what_would_fail_again_is_never_retried() {
        for kind in [
            TransportErrorKind::Tls,
            TransportErrorKind::Refused,
            TransportErrorKind::TooLarge { limit: 1 },
            timeout(TimeLimit::Deadline),
        ] {
            let of_status = TransportError::sent(kind).with_status(StatusCode::SERVICE_UNAVAILABLE);
            for error in [TransportError::not_sent(kind), TransportError::sent(kind), of_status] {
                assert_for_all(&Err(error), false);
            }
        }
    }

    #[test]
    #[cfg(feature = "__network")]
    fn a_proxy_that_refuses_the_credentials_is_not_asked_again() {
        assert_for_all(&Err(TransportError::not_sent(TransportErrorKind::Connect).of_refused_credentials()), false);
    }

    #[test]
    fn every_other_status_is_final() {
        let retried = [408, 425, 429, 500, 502, 503, 504];
        for result in (100..1000).filter(|status| !retried.contains(status)).flat_map(all_forms) {
            assert_for_all(&result, false);
        }
    }

    #[test]
    fn a_request_with_another_method_than_its_endpoint_is_judged_by_its_own() {
        let get = declared(Method::GET, true);
        let changed = Asked { method: Method::POST, ..get };
        assert!(!is_retried(&changed, &answer(500)));
        let changed = Asked { method: Method::GET, ..declared(Method::POST, false) };
        assert!(is_retried(&changed, &answer(500)));
    }
}
