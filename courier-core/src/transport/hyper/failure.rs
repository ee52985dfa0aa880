//! What a call's error says if the pool has no response for it.

use super::pool::Failure;
use crate::secret::Secrets;
use crate::transport::failure::{self, Stage};
use crate::transport::limits::Limits;
use crate::transport::network::Network;
use crate::transport::{TimeLimit, TransportError, TransportErrorKind};

/// An error before a response began.
pub(super) fn unanswered(failure: Failure, limits: Limits, network: &Network, secrets: &Secrets) -> TransportError {
    let timeout = |limit, after| TransportError::not_sent(TransportErrorKind::Timeout { limit, after });
    match failure {
        Failure::Dial(error) => error.into_error(secrets),
        Failure::Handshake(error) => {
            let failure = TransportError::not_sent(TransportErrorKind::Connect);
            failure::because_of(failure, error, Stage::Connecting, secrets)
        }
        Failure::ConnectTimeout => {
            let (limit, after) = limits.connecting();
            timeout(limit, after)
        }
        Failure::NoneFree => {
            let most = network.settings.max_connections.unwrap_or_default();
            let reason = format!("other calls used all connections (`.max_connections({most})`)");
            timeout(TimeLimit::Attempt, limits.attempt).with_reason(reason)
        }
        Failure::Lost { error, is_unsent, is_of_shared_connection } => {
            let is_shared = is_of_shared_connection && failure::is_unrelated_to_load(&error);
            let error = lost(error, is_unsent, secrets);
            if is_shared { error.of_shared_connection() } else { error }
        }
    }
}

fn lost(error: hyper::Error, is_unsent: bool, secrets: &Secrets) -> TransportError {
    // Over TLS 1.3, a server refuses a client's certificate after the handshake.
    if let Some(failure) = failure::of_tls(&error, false, secrets) {
        return failure;
    }
    let kind = TransportErrorKind::Interrupted;
    let (failure, stage) = if is_unsent {
        (TransportError::not_sent(kind), Stage::Unsent)
    } else if failure::is_unprocessed(&error) || failure::is_above_last_stream(&error) {
        (TransportError::not_processed(kind), Stage::Sent)
    } else {
        (TransportError::sent(kind), Stage::Sent)
    };
    failure::because_of(failure, error, stage, secrets)
}
