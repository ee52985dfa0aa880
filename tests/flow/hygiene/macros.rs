//! Declarations inside `macro_rules!`, with each part passed in, written by the macro, or both under the same name.

use std::num::NonZero;

use super::{MemoryTransport, Result, Transport, always_ok, endpoint, targets};

/// The caller writes every part.
macro_rules! resource {
    ($trait:ident { $(
        $method:ident $template:literal $name:ident($($argument:ident: $type:ty),*)
        $($outcome:ident = $status:literal),+ => $return:ty;
    )* }) => {
        trait $trait: Transport {
            $(
                #[endpoint($method, $template, $($outcome = $status),+)]
                async fn $name(&self $(, $argument: $type)*) -> $return;
            )*
        }
        impl<T: Transport> $trait for T {}
    };
}

#[derive(Debug, PartialEq)]
enum Found {
    Yes(u8),
    No,
}

resource!(Passed {
    GET "/passed/<id>/<kind>" find(id: &str, kind: &NonZero<u8>) yes = 200, no = 4xx => Result<Found>;
    DELETE "/passed" clear() ok = 204 => Result<()>;
});

/// The macro writes both the placeholder and its argument.
macro_rules! by_id {
    ($trait:ident, $name:ident, $prefix:literal, $return:ty) => {
        trait $trait: Transport {
            #[endpoint(GET, $prefix, ok = 200)]
            async fn $name(&self, id: &str, request: &str) -> $return;
        }
        impl<T: Transport> $trait for T {}
    };
}

by_id!(Users, user, "/users/<id>/<request>", Result<u8>);
by_id!(Groups, group, "/groups/<request>/<id>", Result<Vec<u8>>);

/// The caller and the macro each write an argument.
macro_rules! mixed {
    ($trait:ident, $argument:ident) => {
        trait $trait: Transport {
            #[endpoint(GET, "/mixed/<id>/<name>", ok = 200)]
            async fn mixed(&self, id: u8, $argument: u8) -> Result<()>;
        }
        impl<T: Transport> $trait for T {}
    };
}

mixed!(Mixed, name);

/// The whole attribute and signature are passed as tokens.
macro_rules! tokens {
    ($($token:tt)*) => {
        trait Tokens: Transport {
            $($token)*
        }
        impl<T: Transport> Tokens for T {}
    };
}

tokens! {
    #[endpoint(PUT, "/tokens/<id>", idempotent, yes = 200 | 202, no = 404)]
    async fn put(&self, id: u8) -> Result<Found>;
}

#[tokio::test]
async fn a_macro_can_pass_on_every_part_of_a_declaration() {
    let transport = MemoryTransport::new().answer(200, "7").answer(404, "").answer(499, "").answer(204, "");
    assert_eq!(transport.find("a", &NonZero::<u8>::MIN).await.expect("200"), Found::Yes(7));
    assert_eq!(transport.find("b", &NonZero::<u8>::MIN).await.expect("404"), Found::No);
    assert_eq!(transport.find("c", &NonZero::<u8>::MAX).await.expect("499"), Found::No);
    transport.clear().await.expect("204");
    assert_eq!(targets(&transport), ["/passed/a/1", "/passed/b/1", "/passed/c/255", "/passed"]);
    assert_eq!(MemoryTransport::find_endpoint().outcomes().to_string(), "200 yes, 4xx no");
}

#[tokio::test]
async fn a_macro_can_write_its_own_arguments() {
    let transport = MemoryTransport::new().answer(200, "7").answer(200, "[7]");
    assert_eq!(transport.user("a", "b").await.expect("200"), 7);
    assert_eq!(transport.group("a", "b").await.expect("200"), [7]);
    assert_eq!(targets(&transport), ["/users/a/b", "/groups/b/a"]);

    let transport = always_ok();
    transport.mixed(1, 2).await.expect("200");
    assert_eq!(targets(&transport), ["/mixed/1/2"]);
}

#[tokio::test]
async fn a_macro_can_pass_on_a_whole_declaration() {
    let transport = MemoryTransport::new().answer(202, "7").answer(404, "");
    assert_eq!(transport.put(1).await.expect("202"), Found::Yes(7));
    assert_eq!(transport.put(2).await.expect("404"), Found::No);
    assert!(MemoryTransport::put_endpoint().may_be_retried());
}
