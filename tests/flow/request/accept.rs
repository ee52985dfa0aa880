//! The `accept` header lists exactly the types that the declared outcomes can read.

use courier_core::messages::{Cancellation, MessageDetails, Problem};
use courier_core::{
    DecodeError, FromResponse, MemoryTransport, Raw, Request, Result, Text, Transport, WholeResponse, endpoint,
};

struct Csv;

impl FromResponse for Csv {
    const ACCEPT: &'static str = "text/csv";

    fn from_response(_: &WholeResponse) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

/// Reads anything.
struct Anything;

impl FromResponse for Anything {
    const ACCEPT: &'static str = "*/*";

    fn from_response(_: &WholeResponse) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

#[expect(dead_code, reason = "the test only needs the types of the fields")]
mod outcomes {
    use super::{Anything, Csv, MessageDetails, Problem};

    pub(super) enum Export {
        Ready(Csv),
        Failed(Problem),
        Pending,
    }
    pub(super) enum Deletion {
        Gone,
        NotFound,
    }
    pub(super) enum Lookup {
        Missing,
        Found(MessageDetails),
        Moved(MessageDetails),
    }
    pub(super) enum Download {
        Ok(Anything),
        Failed(Csv),
    }
}

trait Accepting: Transport {
    #[endpoint(GET, "/", ok = 200)]
    async fn json(&self) -> Result<MessageDetails>;
    #[endpoint(GET, "/", ok = 200)]
    async fn text(&self) -> Result<Csv>;
    #[endpoint(GET, "/", ok = 200)]
    async fn anything(&self) -> Result<()>;
    #[endpoint(GET, "/", ok = 200, conflict = 409)]
    async fn the_same_twice(&self) -> Result<Cancellation>;
    #[endpoint(GET, "/", ready = 200, failed = 422, pending = 202)]
    async fn text_or_json_or_nothing(&self) -> Result<outcomes::Export>;
    #[endpoint(GET, "/", gone = 204, not_found = 404)]
    async fn only_statuses(&self) -> Result<outcomes::Deletion>;
    #[endpoint(GET, "/", missing = 404, found = 200, moved = 409)]
    async fn nothing_or_json(&self) -> Result<outcomes::Lookup>;
    #[endpoint(GET, "/", ok = 200, failed = 422)]
    async fn anything_or_text(&self) -> Result<outcomes::Download>;
}

impl Accepting for MemoryTransport {}

/// The only `accept` header of a call's request.
fn accept(request: Option<&Request>) -> String {
    let headers = request.expect("a valid request").headers();
    let values: Vec<_> = headers.get_all("accept").iter().map(|value| value.to_str().expect("ASCII")).collect();
    assert_eq!(values.len(), 1, "{values:?}");
    values[0].to_owned()
}

#[test]
fn one_outcome_accepts_its_own_type() {
    let transport = MemoryTransport::new();
    assert_eq!(accept(transport.json().request()), "application/json");
    assert_eq!(accept(transport.text().request()), "text/csv");
    assert_eq!(accept(transport.anything().request()), "*/*");
}

#[test]
fn several_outcomes_accept_each_type_once() {
    let transport = MemoryTransport::new();
    assert_eq!(accept(transport.the_same_twice().request()), "application/json");
    assert_eq!(accept(transport.text_or_json_or_nothing().request()), "text/csv, application/json");
    assert_eq!(accept(transport.only_statuses().request()), "*/*");
}

#[test]
fn an_outcome_without_a_body_adds_no_type_and_one_that_reads_anything_adds_any() {
    let transport = MemoryTransport::new();
    assert_eq!(accept(transport.nothing_or_json().request()), "application/json");
    assert_eq!(accept(transport.anything_or_text().request()), "*/*, text/csv");
}

/// The first call finds out what an endpoint accepts, and the others reuse it.
#[test]
fn each_return_type_of_a_generic_method_asks_for_its_own_media_type() {
    trait Documents<S>: Transport {
        #[endpoint(GET, "/documents/<id>", ok = 200)]
        async fn read<T: FromResponse>(&self, id: u64) -> Result<T>;

        #[endpoint(GET, "/documents/<id>", some = 200, gone = 410)]
        async fn several(&self, id: u64) -> Result<Stored<S>>
        where
            S: FromResponse;
    }
    impl<S, T: Transport> Documents<S> for T {}
    #[expect(dead_code, reason = "nothing is received")]
    enum Stored<S> {
        Some(S),
        Gone(Text),
    }

    let transport = &MemoryTransport::new();
    for _ in 0..2 {
        assert_eq!(accept(Documents::<()>::read::<String>(transport, 1).request()), "application/json");
        assert_eq!(accept(Documents::<()>::read::<Text>(transport, 1).request()), "text/*");
        assert_eq!(accept(Documents::<()>::read::<Raw>(transport, 1).request()), "*/*");
        assert_eq!(accept(Documents::<String>::several(transport, 1).request()), "application/json, text/*");
        assert_eq!(accept(Documents::<Text>::several(transport, 1).request()), "text/*");
        assert_eq!(accept(Documents::<Raw>::several(transport, 1).request()), "*/*, text/*");
    }
}
