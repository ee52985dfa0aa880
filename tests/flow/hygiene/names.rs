//! Arguments, methods, outcomes and items with names that an expansion might use.

use std::fmt::Display;

use super::{MemoryTransport, Result, Transport, always_ok, endpoint, targets};

trait Names: Transport {
    #[endpoint(GET, "/<self_>/<this>/<request>/<response>/<endpoint>/<path>", ok = 200)]
    async fn first(&self, self_: u8, this: u8, request: u8, response: u8, endpoint: u8, path: u8) -> Result<()>;

    #[endpoint(GET, "/<question>/<outcome>/<reader>/<transport>/<call>/<answer>", ok = 200, conflict = 409)]
    async fn second(
        &self,
        question: u8,
        outcome: u8,
        reader: u8,
        transport: u8,
        call: u8,
        answer: u8,
    ) -> Result<Variants>;

    #[endpoint(GET, "/<values>/<value>/<path_value>/<path_values>/<body>/<variants>", ok = 200)]
    async fn third(&self, values: u8, value: u8, path_value: u8, path_values: u8, body: u8, variants: u8)
    -> Result<()>;

    #[endpoint(GET, "/<courier_core>/<core>/<std>/<alloc>/<__private>/<crate_>", ok = 200)]
    async fn fourth(&self, courier_core: u8, core: u8, std: u8, alloc: u8, __private: u8, crate_: u8) -> Result<()>;

    #[endpoint(GET, "/<type>/<async>/<match>/<fn>/<loop>/<union>", ok = 200)]
    async fn fifth(&self, r#type: u8, r#async: u8, r#match: u8, r#fn: u8, r#loop: u8, union: u8) -> Result<()>;

    #[endpoint(GET, "/<unused_>/<ok>/<result>/<future>/<accept>/<größe>", ok = 200)]
    async fn sixth(&self, unused_: u8, ok: u8, result: u8, future: u8, accept: u8, größe: u8) -> Result<()>;

    /// The template decides the order, not the arguments.
    #[endpoint(GET, "/<c>/<a>/<b>", ok = 200)]
    async fn turned(&self, a: u8, b: u8, c: u8) -> Result<()>;
}

impl Names for MemoryTransport {}

#[derive(Debug, PartialEq)]
enum Variants {
    Ok,
    Conflict,
}

#[tokio::test]
async fn an_argument_can_have_any_name() {
    let transport = always_ok();
    transport.first(1, 2, 3, 4, 5, 6).await.expect("200");
    assert_eq!(transport.second(1, 2, 3, 4, 5, 6).await.expect("200"), Variants::Ok);
    transport.third(1, 2, 3, 4, 5, 6).await.expect("200");
    transport.fourth(1, 2, 3, 4, 5, 6).await.expect("200");
    transport.fifth(1, 2, 3, 4, 5, 6).await.expect("200");
    transport.sixth(1, 2, 3, 4, 5, 6).await.expect("200");
    assert_eq!(targets(&transport), ["/1/2/3/4/5/6"; 6]);

    let transport = MemoryTransport::new().answer(409, "");
    assert_eq!(transport.second(1, 2, 3, 4, 5, 6).await.expect("409"), Variants::Conflict);
    let transport = always_ok();
    transport.turned(1, 2, 3).await.expect("200");
    assert_eq!(targets(&transport), ["/3/1/2"]);
}

/// Methods named like the functions that an expansion calls, in a trait whose `self` has them as methods.
trait Functions: Transport {
    #[endpoint(GET, "/call", ok = 200)]
    async fn call(&self) -> Result<()>;
    #[endpoint(GET, "/transport", ok = 200)]
    async fn transport(&self) -> Result<()>;
    #[endpoint(GET, "/endpoint", ok = 200)]
    async fn endpoint(&self) -> Result<()>;
    #[endpoint(GET, "/request/<id>", ok = 200)]
    async fn request(&self, id: &str) -> Result<()>;
    #[endpoint(GET, "/variant", ok = 200, conflict = 409)]
    async fn variant(&self) -> Result<Variants>;
    #[endpoint(GET, "/to_string", ok = 200)]
    async fn to_string(&self) -> Result<()>;
    #[endpoint(GET, "/as_dyn", ok = 200)]
    async fn as_dyn(&self) -> Result<()>;
}

impl Functions for MemoryTransport {}

#[tokio::test]
async fn a_method_can_have_the_name_of_a_function_in_the_expansion() {
    let transport = always_ok();
    Functions::call(&transport).await.expect("200");
    Functions::transport(&transport).await.expect("200");
    Functions::endpoint(&transport).await.expect("200");
    Functions::request(&transport, "1").await.expect("200");
    Functions::variant(&transport).await.expect("200");
    Functions::to_string(&transport).await.expect("200");
    Functions::as_dyn(&transport).await.expect("200");
    let expected = ["/call", "/transport", "/endpoint", "/request/1", "/variant", "/to_string", "/as_dyn"];
    assert_eq!(targets(&transport), expected);
}

/// Outcomes named after keywords, several words, or the prelude's variants.
#[derive(Debug, PartialEq)]
enum Outcomes {
    Type,
    Match,
    Some,
    None,
    Err,
    NotYetReady,
    Http2,
}

trait Outcome: Transport {
    #[endpoint(
        GET,
        "/",
        r#type = 200,
        r#match = 201,
        some = 202,
        none = 203,
        err = 409,
        not_yet_ready = 425,
        http2 = 505
    )]
    async fn outcome(&self) -> Result<Outcomes>;
}
impl Outcome for MemoryTransport {}

#[tokio::test]
async fn an_outcome_can_have_any_name() {
    use Outcomes::{Err, Http2, Match, None, NotYetReady, Some, Type};
    for (status, outcome) in
        [(200, Type), (201, Match), (202, Some), (203, None), (409, Err), (425, NotYetReady), (505, Http2)]
    {
        assert_eq!(MemoryTransport::new().answer(status, "").outcome().await.expect("declared"), outcome);
    }
}

/// Items in scope of the declaration, named like the expansion's local variables.
mod items {
    #![expect(non_camel_case_types, non_upper_case_globals, dead_code, reason = "the test is about the names")]

    use super::{Display, MemoryTransport, Result, Transport, Variants, always_ok, targets};

    struct call;
    struct transport;
    struct path_value(u8);
    const endpoint: u8 = 2;
    const question: u8 = 1;
    static outcome: u8 = 1;
    struct reader;
    fn body() {}
    fn variants() {}
    mod core {}
    mod courier_core {}

    trait Api: Transport {
        #[::courier_core::endpoint(GET, "/<id>", ok = 200, conflict = 409)]
        async fn get(&self, id: impl Display) -> Result<Variants>;
    }
    impl Api for MemoryTransport {}

    #[tokio::test]
    async fn items_can_have_any_name() {
        let memory = always_ok();
        assert_eq!(memory.get("1").await.expect("200"), Variants::Ok);
        assert_eq!(targets(&memory), ["/1"]);
    }
}

/// Named like the methods by which a transport is known to the crate, and to a call.
trait Likely: Transport {
    #[endpoint(GET, "/secrets", ok = 200)]
    async fn secrets(&self) -> Result<()>;
    #[endpoint(GET, "/wait", ok = 200)]
    async fn wait(&self) -> Result<()>;
}

impl<T: Transport + ?Sized> Likely for T {}

#[tokio::test]
async fn an_endpoint_can_have_a_name_that_a_transport_might_use() {
    let transport = always_ok();
    transport.secrets().await.expect("200");
    transport.wait().await.expect("200");
    assert_eq!(targets(&transport), ["/secrets", "/wait"]);
}
