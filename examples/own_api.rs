//! Learn how to declare the API of any other service: outcomes, your own error type, one transport for the whole
//! application, and tests without a network.
//!
//! `cargo run --example own_api` asks for three books from a library server in the same process.
//! `cargo test --example own_api` runs the tests at the end of this file.

use std::error;
use std::sync::Arc;
use std::time::Duration;

use courier_core::{ReqwestTransport, Transport, endpoint};
use serde::Deserialize;

/// The declaration. An outcome can have several statuses, and any `Display` argument can fill a placeholder.
trait Library: Transport {
    /// Borrows a book from a branch of the library.
    #[endpoint(POST, "/branches/<branch>/books/<isbn>/loans", lent = 200 | 201, taken = 409, unknown = 404)]
    async fn borrow_book(&self, branch: u32, isbn: &str) -> Result<Lending, LibraryError>;
}
impl<T: Transport> Library for T {}

/// The declared outcomes. A variant with a field holds the decoded body; one without ignores the body.
#[derive(Debug, PartialEq, Eq)]
enum Lending {
    Lent(Loan),
    Taken(Absence),
    Unknown,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
struct Loan {
    until: String,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
struct Absence {
    back: String,
}

/// Any error type works if it implements `From<courier_core::Error>`. Here the conversion gives a 503 its own meaning.
#[derive(Debug, thiserror::Error)]
enum LibraryError {
    #[error("the library is closed")]
    Closed,
    #[error(transparent)]
    Call(courier_core::Error),
}

impl From<courier_core::Error> for LibraryError {
    fn from(error: courier_core::Error) -> Self {
        match error {
            courier_core::Error::Status { response, .. } if response.status() == 503 => Self::Closed,
            error => Self::Call(error),
        }
    }
}

/// The application's state. Whoever creates it chooses the transport: a real one, or one for tests.
struct Reader {
    library: Arc<dyn Transport>,
}

impl Reader {
    async fn ask_for(&self, isbn: &str) -> Result<String, LibraryError> {
        Ok(match self.library.borrow_book(7, isbn).await? {
            Lending::Lent(loan) => format!("yours until {}", loan.until),
            Lending::Taken(absence) => format!("someone else has it until {}", absence.back),
            Lending::Unknown => "not in the catalogue".to_owned(),
        })
    }
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example prints its results")]
async fn main() -> Result<(), Box<dyn error::Error>> {
    let library = ReqwestTransport::builder(server::start().await?)
        .secret_header("x-library-card", "0123456789")
        .attempt_timeout(Duration::from_secs(2))
        .build()?;
    let reader = Reader { library: Arc::new(library) };

    for isbn in ["978-0-14-118776-1", "978-0-14-043207-7", "978-0-00-000000-2"] {
        println!("{isbn}  {}", reader.ask_for(isbn).await?);
    }
    Ok(())
}

/// The server, included so that the example needs no network.
mod server {
    use std::io;
    use std::net::Ipv4Addr;

    use axum::extract::Path;
    use axum::http::StatusCode;
    use axum::routing::post;
    use axum::{Json, Router};
    use serde_json::{Value, json};
    use tokio::net::TcpListener;

    /// Starts the server, which runs until the process ends, and returns its base URL. A base URL may have a path.
    pub(super) async fn start() -> io::Result<String> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let base_url = format!("http://{}/api/v1", listener.local_addr()?);
        let api = Router::new().route("/branches/{branch}/books/{isbn}/loans", post(lend));
        tokio::spawn(axum::serve(listener, Router::new().nest("/api/v1", api)).into_future());
        Ok(base_url)
    }

    async fn lend(Path((_branch, isbn)): Path<(u32, String)>) -> (StatusCode, Json<Value>) {
        match &*isbn {
            "978-0-14-118776-1" => (StatusCode::CREATED, Json(json!({ "until": "2031-05-02" }))),
            "978-0-14-043207-7" => (StatusCode::CONFLICT, Json(json!({ "back": "2031-04-20" }))),
            _ => (StatusCode::NOT_FOUND, Json(json!({ "title": "no such book" }))),
        }
    }
}

#[cfg(test)]
mod tests {
    use courier_core::MemoryTransport;

    use super::*;

    /// The reader gets a clone, which shares its recorded requests with the test's transport.
    fn reader(library: &MemoryTransport) -> Reader {
        Reader { library: Arc::new(library.clone()) }
    }

    #[tokio::test]
    async fn a_loan_is_requested_at_the_branch_and_has_an_end() {
        let library = MemoryTransport::new().answer(200, r#"{ "until": "2031-05-02" }"#);
        let reply = reader(&library).ask_for("978-0-14-118776-1").await.expect("an outcome");

        assert_eq!(reply, "yours until 2031-05-02");
        assert_eq!(library.requests()[0].method(), "POST");
        assert_eq!(library.requests()[0].uri(), "/branches/7/books/978-0-14-118776-1/loans");
    }

    #[tokio::test]
    async fn a_503_means_that_the_library_is_closed() {
        let library = MemoryTransport::new().answer(503, "");
        let error = reader(&library).ask_for("978-0-14-118776-1").await.expect_err("a 503");
        assert!(matches!(error, LibraryError::Closed), "{error}");
    }
}
