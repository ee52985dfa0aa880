//! A module in which every name of the prelude means something else.

#![expect(dead_code, reason = "the types only shadow others")]

struct Some;
struct None;
struct Ok;
struct Err;
struct Box;
struct String;
struct Vec;
struct Result;
struct Sized;
struct Send;
struct Sync;
struct Fn;
struct FnOnce;
struct From;
struct Into;
struct Default;
struct Future;
struct Call;
struct Endpoint;
struct Error;
struct Transport;
struct Method;
struct Display;
mod core {}
mod std {}
mod alloc {}
mod http {}
mod serde {}
mod courier_core {}

/// The outcome's type shadows the prelude's too.
#[derive(Debug, PartialEq)]
enum Option {
    Some(u8),
    None,
}

trait Shadowed: ::courier_core::Transport {
    #[::courier_core::endpoint(GET, "/<id>/<name>", some = 200, none = 404)]
    async fn find(&self, id: u32, name: &str) -> ::courier_core::Result<Option>;

    #[::courier_core::endpoint(GET, "/<id>", ok = 200)]
    async fn get(&self, id: u32) -> ::courier_core::Result<u8>;
}

impl<T: ::courier_core::Transport + ?::core::marker::Sized> Shadowed for T {}

#[tokio::test]
async fn a_declaration_does_not_use_the_prelude() {
    let transport = ::courier_core::MemoryTransport::new().answer(200, "7").answer(404, "").answer(200, "8");
    assert_eq!(transport.find(1, "a").await.expect("200"), Option::Some(7));
    assert_eq!(transport.find(1, "b").await.expect("404"), Option::None);
    assert_eq!(transport.get(1).await.expect("200"), 8);
    assert_eq!(super::targets(&transport), ["/1/a", "/1/b", "/1"]);
}
