//! Files: `PUT` stores one, `GET` returns it or a part of it.

use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use http_range_header::{RangeUnsatisfiableError, parse_range_header};

use super::{INVALID_REQUEST, Id, bad_request, not_found, problem};
use crate::files::{Files, Problem, StoredFile};

/// RFC 9530, 3: the checksum of the whole file, also in a response with a part of it. A `content-digest` would be that of
/// the part, which doesn't show whether the parts belong together.
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

pub(super) fn router<S>() -> Router<S> {
    Router::new().route("/files/{name}", put(store).get(read)).with_state(Files::default())
}

async fn store(State(files): State<Files>, name: Id, headers: HeaderMap, body: Body) -> Response {
    let Ok(Path(name)) = name else {
        return bad_request("Invalid name: it isn't UTF-8".to_owned());
    };
    // RFC 9110, 14.5: what is sent as a part must not be taken for the whole.
    if headers.contains_key(header::CONTENT_RANGE) {
        return bad_request("Content-Range isn't supported: send the whole file".to_owned());
    }
    match StoredFile::receive(body).await {
        Ok(file) => {
            let file = Arc::new(file);
            let version = version(&file);
            let is_new = files.store(name, file);
            (if is_new { StatusCode::CREATED } else { StatusCode::NO_CONTENT }, version).into_response()
        }
        Err(Problem::Body(error)) => bad_request(format!("Incomplete file: {error}")),
        Err(Problem::Disk(error)) => failed(&error),
    }
}

async fn read(State(files): State<Files>, name: Id, method: Method, headers: HeaderMap) -> Response {
    let Some(file) = name.ok().and_then(|Path(name)| files.find(&name)) else {
        return not_found("File");
    };
    match Selection::of(&method, &headers, &file) {
        Selection::Whole => whole(&file).await,
        Selection::Part(part) => self::part(&file, part, headers.contains_key(header::IF_RANGE)).await,
        Selection::Unsatisfiable => {
            let length = format!("bytes */{}", file.length());
            let refusal = problem(StatusCode::RANGE_NOT_SATISFIABLE, "The file has no such range", INVALID_REQUEST);
            ([(header::CONTENT_RANGE, length)], refusal).into_response()
        }
    }
}

/// What a request selects of a file.
enum Selection {
    Whole,
    Part(RangeInclusive<u64>),
    Unsatisfiable,
}

impl Selection {
    /// RFC 9110, 14.2: a `range` counts only for `GET`. One that is invalid, in another unit, or for several parts may be
    /// ignored, and is.
    fn of(method: &Method, headers: &HeaderMap, file: &StoredFile) -> Self {
        let range = headers.get(header::RANGE).and_then(|range| parse_range_header(range.to_str().ok()?).ok());
        let Some(range) = range.filter(|_| *method == Method::GET && is_current(headers, file)) else {
            return Self::Whole;
        };
        match range.validate(file.length()).as_deref() {
            Ok([part]) => Self::Part(part.clone()),
            Err(RangeUnsatisfiableError::Unsatisfiable) => Self::Unsatisfiable,
            Ok(_) | Err(_) => Self::Whole,
        }
    }
}

/// Whether the client has a part of this version, or doesn't say which version it has (RFC 9110, 13.1.5). A weak `ETag`
/// never matches, nor does a date: the file has none.
fn is_current(headers: &HeaderMap, file: &StoredFile) -> bool {
    headers.get(header::IF_RANGE).is_none_or(|version| *version == *file.etag())
}

async fn whole(file: &StoredFile) -> Response {
    let body = match file.length().checked_sub(1) {
        Some(last) => file.read(0..=last).await,
        None => Ok(Body::empty()),
    };
    let head = [
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_LENGTH, file.length().to_string()),
        (header::CONTENT_TYPE, OCTET_STREAM.to_owned()),
    ];
    body.map_or_else(|error| failed(&error), |body| (version(file), head, body).into_response())
}

/// If the client has shown with `if-range` that it has the other headers, they aren't repeated (RFC 9110, 15.3.7).
async fn part(file: &StoredFile, part: RangeInclusive<u64>, is_continued: bool) -> Response {
    let (first, last) = (part.start(), part.end());
    let head = [
        (header::CONTENT_LENGTH, (last - first + 1).to_string()),
        (header::CONTENT_RANGE, format!("bytes {first}-{last}/{}", file.length())),
    ];
    let body = match file.read(part).await {
        Ok(body) => body,
        Err(error) => return failed(&error),
    };
    let part = (StatusCode::PARTIAL_CONTENT, head, body);
    if is_continued {
        ([(header::ETAG, file.etag())], part).into_response()
    } else {
        (version(file), [(header::CONTENT_TYPE, OCTET_STREAM)], part).into_response()
    }
}

const OCTET_STREAM: &str = "application/octet-stream";

fn version(file: &StoredFile) -> [(HeaderName, String); 2] {
    [(header::ETAG, file.etag()), (REPR_DIGEST, file.digest())]
}

fn failed(error: &std::io::Error) -> Response {
    problem(StatusCode::INTERNAL_SERVER_ERROR, format!("The sandbox's disk: {error}"), "api_error")
}

#[cfg(test)]
mod tests;
