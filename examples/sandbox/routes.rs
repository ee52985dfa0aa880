//! HTTP: the routes and their responses.

#[cfg(feature = "files")]
mod files;

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use courier_core::messages::{Cancellation, Problem};
use serde::Serialize;

use crate::query::{HistoryQuery, ListQuery};
use crate::store::Store;

pub(crate) fn router(store: Arc<Store>) -> Router {
    let routes = Router::new()
        .route("/messages", get(messages))
        .route("/messages/{id}", get(message))
        .route("/messages/{id}/output", get(output))
        .route("/messages/{id}/history", get(history))
        .route("/messages/{id}/cancel", post(cancel))
        .route("/messages/{id}/resend", post(resend))
        .route("/requests/{id}/archive", put(archive));
    #[cfg(feature = "files")]
    let routes = routes.merge(files::router());
    routes
        .fallback(unknown_route)
        .method_not_allowed_fallback(wrong_method)
        // Outermost: without a key, a client can't learn which routes and messages exist.
        .layer(middleware::from_fn(require_key))
        .with_state(store)
}

/// An id that isn't UTF-8 needs no error of its own: no message has such an id.
type Id = Result<Path<String>, PathRejection>;

async fn messages(State(store): State<Arc<Store>>, RawQuery(query): RawQuery) -> Response {
    match ListQuery::parse(&query.unwrap_or_default()) {
        Ok(query) => Json(store.page(&query)).into_response(),
        Err(error) => bad_request(error),
    }
}

async fn message(State(store): State<Arc<Store>>, id: Id) -> Response {
    found(id.ok().and_then(|Path(id)| store.message(&id)))
}

async fn output(State(store): State<Arc<Store>>, id: Id) -> Response {
    found(id.ok().and_then(|Path(id)| store.content(&id)))
}

async fn history(State(store): State<Arc<Store>>, id: Id, RawQuery(query): RawQuery) -> Response {
    match HistoryQuery::parse(&query.unwrap_or_default()) {
        Ok(query) => found(id.ok().and_then(|Path(id)| store.history(&id, &query))),
        Err(error) => bad_request(error),
    }
}

async fn cancel(State(store): State<Arc<Store>>, id: Id) -> Response {
    match id.ok().and_then(|Path(id)| store.cancel(&id)) {
        Some(Cancellation::Ok(details)) => Json(details).into_response(),
        Some(Cancellation::Conflict(details)) => (StatusCode::CONFLICT, Json(details)).into_response(),
        None => not_found("Message"),
    }
}

async fn resend(State(store): State<Arc<Store>>, id: Id) -> Response {
    found(id.ok().and_then(|Path(id)| store.resend(&id)))
}

async fn archive(State(store): State<Arc<Store>>, id: Id) -> Response {
    match id.ok().and_then(|Path(id)| store.archive(&id)) {
        Some(()) => StatusCode::NO_CONTENT.into_response(),
        None => not_found("Request"),
    }
}

fn found(of_message: Option<impl Serialize>) -> Response {
    of_message.map_or_else(|| not_found("Message"), |body| Json(body).into_response())
}

fn not_found(what: &str) -> Response {
    problem(StatusCode::NOT_FOUND, format!("{what} not found"), INVALID_REQUEST)
}

fn bad_request(error: String) -> Response {
    problem(StatusCode::BAD_REQUEST, error, INVALID_REQUEST)
}

async fn unknown_route(method: Method, uri: Uri) -> Response {
    problem(StatusCode::NOT_FOUND, format!("No such route: {method} {}", uri.path()), INVALID_REQUEST)
}

async fn wrong_method(method: Method, uri: Uri) -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, format!("Method not allowed: {method} {}", uri.path()), INVALID_REQUEST)
}

async fn require_key(request: Request, next: Next) -> Response {
    if has_key(request.headers()) {
        return next.run(request).await;
    }
    let refusal = problem(StatusCode::UNAUTHORIZED, "Unauthorized: no bearer key", AUTHENTICATION);
    // RFC 9110, 15.5.2: a 401 names the scheme to authenticate with.
    ([(header::WWW_AUTHENTICATE, "Bearer")], refusal).into_response()
}

/// Any key is accepted. The scheme is case-insensitive (RFC 9110, 11.1).
fn has_key(headers: &HeaderMap) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .is_some_and(|(scheme, key)| scheme.eq_ignore_ascii_case("bearer") && !key.trim().is_empty())
}

const AUTHENTICATION: &str = "authentication_error";
const INVALID_REQUEST: &str = "invalid_request_error";

fn problem(status: StatusCode, message: impl Into<String>, kind: &str) -> Response {
    (status, Json(Problem::new(message, kind))).into_response()
}

#[cfg(test)]
mod tests;
