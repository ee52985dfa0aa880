//! A single outcome as the plain body, as `()`, with a lifetime, over an alias of `Result`, and with another error type.
use std::borrow::Cow;

use courier_core::{Error, Transport, endpoint};

#[derive(Debug)]
pub struct MyError(pub Error);

impl From<Error> for MyError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

type Answer<T> = Result<T, MyError>;
type Nothing = Result<(), MyError>;

pub trait Api: Transport {
    #[endpoint(GET, "/things/<id>", ok = 200 | 203)]
    async fn get(&self, id: u64) -> Answer<Vec<String>>;
    #[endpoint(DELETE, "/things/<id>", ok = 2xx)]
    async fn delete(&self, id: u64) -> Nothing;
    #[endpoint(GET, "/things/<id>/name", ok = 200)]
    async fn name(&self, id: u64) -> Answer<Cow<'_, str>>;
    #[endpoint(GET, "/things/<id>/alias", ok = 200)]
    async fn alias<'a>(&'a self, id: u64) -> Result<Option<Cow<'a, str>>, MyError>;
    #[endpoint(OPTIONS, "/", ok = 2XX)]
    async fn options(&self) -> Result<(), MyError>;
}

impl<T: Transport + ?Sized> Api for T {}
