//! Generic methods and traits, lifetimes, `impl Trait` arguments and associated types.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display};

use courier_core::Error;
use serde::de::DeserializeOwned;

use super::{MemoryTransport, Result, Transport, endpoint, targets};

/// Its names are those that an expansion might choose for its own parameters.
trait Methods: Transport {
    #[endpoint(GET, "/<id>/<kind>", some = 200, none = 404)]
    async fn find<R, T: Display>(&self, id: T, kind: impl Display) -> Result<Option<R>>
    where
        R: DeserializeOwned;

    #[endpoint(GET, "/<first>/<second>", ok = 200)]
    async fn borrowed<'a, 'q>(&'a self, first: &'a str, second: &'q &'a dyn Display) -> Result<u8>;

    #[endpoint(GET, "/<text>/<name>/<number>", ok = 200)]
    async fn values(&self, text: Cow<'_, str>, name: Box<dyn Display + Send>, number: &mut i128) -> Result<u8>;

    #[endpoint(GET, "/<pieces>", ok = 200)]
    async fn pieces(&self, pieces: Pieces<'_, char>) -> Result<u8>;

    #[endpoint(GET, "/<nested>", ok = 200)]
    async fn nested(&self, nested: &impl Display) -> Result<u8>;

    #[endpoint(GET, "/sized/<length>", ok = 200)]
    async fn array<const N: usize>(&self, length: Length<N>) -> Result<u8>;

    #[endpoint(GET, "/explicit/<id>", ok = 200)]
    #[expect(clippy::needless_arbitrary_self_type, reason = "both spellings are in use")]
    async fn explicit(self: &Self, id: char) -> Result<u8>;
}

impl<T: Transport + ?Sized> Methods for T {}

/// Writes itself in several pieces, some of them not ASCII.
struct Pieces<'p, T>(&'p [T]);

impl<T: Display> Display for Pieces<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| write!(f, "{piece}/"))
    }
}

struct Length<const N: usize>;

impl<const N: usize> Display for Length<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{N}")
    }
}

#[tokio::test]
async fn methods_can_be_generic_and_borrow_their_arguments() {
    let transport = MemoryTransport::new().answer(200, "[7]").answer(404, "");
    let found: Option<Vec<u8>> = transport.find(1_u64, "a/b").await.expect("200");
    assert_eq!(found, Some(vec![7]));
    assert_eq!(transport.find::<String, _>(&&"x", 'ü').await.expect("404"), None);
    assert_eq!(targets(&transport), ["/1/a%2Fb", "/x/%C3%BC"]);

    let transport = MemoryTransport::from_fn(|_| Ok(courier_core::Response::new("7".into())));
    let second: &dyn Display = &2.5;
    assert_eq!(transport.borrowed("a", &second).await.expect("200"), 7);
    let name: Box<dyn Display + Send> = Box::new(true);
    assert_eq!(transport.values(Cow::Borrowed("a b"), name, &mut -1).await.expect("200"), 7);
    assert_eq!(transport.pieces(Pieces(&['a', 'ü', '/'])).await.expect("200"), 7);
    assert_eq!(transport.nested(&format_args!("{}-{}", 1, 2)).await.expect("200"), 7);
    assert_eq!(transport.array(Length::<32>).await.expect("200"), 7);
    assert_eq!(transport.explicit('%').await.expect("200"), 7);
    let expected = ["/a/2.5", "/a%20b/true/-1", "/a%2F%C3%BC%2F%2F%2F", "/1-2", "/sized/32", "/explicit/%25"];
    assert_eq!(targets(&transport), expected);
}

/// A trait with parameters, and with types that each implementation chooses.
trait Store<'k, K: Display + 'k, const VERSION: u8>: Transport {
    type Item: DeserializeOwned + Debug;
    type Failure: From<Error> + Debug;

    #[endpoint(GET, "/items/<key>", ok = 200)]
    async fn get(&self, key: &'k K) -> Result<Self::Item, Self::Failure>;

    #[endpoint(GET, "/items/<key>/old", some = 200, none = 404)]
    async fn old(&self, key: K) -> std::result::Result<Option<Self::Item>, Self::Failure>;
}

#[derive(Debug, PartialEq)]
struct Gone(Option<u16>);

impl From<Error> for Gone {
    fn from(error: Error) -> Self {
        Self(error.status().map(|status| status.as_u16()))
    }
}

impl Store<'_, u32, 2> for MemoryTransport {
    type Item = Vec<String>;
    type Failure = Gone;
}

#[tokio::test]
async fn a_trait_can_have_parameters_and_associated_types() {
    let transport = MemoryTransport::new().answer(200, r#"["a"]"#).answer(410, "").answer(404, "").answer(200, "[]");
    assert_eq!(Store::<u32, 2>::get(&transport, &7).await, Ok(vec!["a".to_owned()]));
    assert_eq!(Store::<u32, 2>::get(&transport, &8).await, Err(Gone(Some(410))));
    let store: &dyn Store<'_, u32, 2, Item = Vec<String>, Failure = Gone> = &transport;
    assert_eq!(store.old(9).await, Ok(None));
    assert_eq!(store.old(10).await, Ok(Some(Vec::new())));
    assert_eq!(targets(&transport), ["/items/7", "/items/8", "/items/9/old", "/items/10/old"]);
    assert_eq!(<MemoryTransport as Store<'_, u32, 2>>::get_endpoint().name(), "get");
}

/// Rust requires this clause on a generic method if the trait is to be dyn-compatible.
trait Mixed: Transport {
    #[endpoint(GET, "/<id>", ok = 200)]
    async fn fetch<T: DeserializeOwned>(&self, id: impl Display) -> Result<T>
    where
        Self: Sized;

    #[endpoint(DELETE, "/<id>", ok = 204)]
    async fn delete(&self, id: u8) -> Result<()>;
}

impl<T: Transport> Mixed for T {}

#[tokio::test]
async fn a_where_clause_is_kept() {
    let transport = MemoryTransport::new().answer(204, "").answer(200, "7");
    let mixed: &dyn Mixed = &transport;
    mixed.delete(1).await.expect("204");
    assert_eq!(transport.fetch::<u64>(2).await.expect("200"), 7);
    assert_eq!(targets(&transport), ["/1", "/2"]);
}
