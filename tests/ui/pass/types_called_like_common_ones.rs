//! Types named like those of the standard library, through the module that they are in.
use courier_core::{Transport, endpoint};

pub mod shop {
    pub type Vec<T> = courier_core::Result<T>;

    pub enum Option {
        Ok(u64),
        Conflict(std::string::String),
    }

    pub enum Result {
        Ok(u64),
        Gone,
    }

    /// Read from the headers: it needs no body.
    pub struct String(pub std::string::String);

    use courier_core::{DecodeError, WholeResponse};

    impl courier_core::outcome::NoBody for String {}

    impl courier_core::FromResponse for String {
        const ACCEPT: &'static str = "*/*";

        fn from_response(_: &WholeResponse) -> std::result::Result<Self, DecodeError> {
            Ok(Self(std::string::String::new()))
        }
    }
}

pub trait Api: Transport {
    #[endpoint(GET, "/things", ok = 200)]
    async fn list(&self) -> shop::Vec<u64>;
    #[endpoint(POST, "/things", ok = 200, conflict = 409)]
    async fn create(&self) -> courier_core::Result<shop::Option>;
    #[endpoint(GET, "/things/<id>", ok = 200, gone = 410)]
    async fn get(&self, id: u64) -> courier_core::Result<shop::Result>;
    #[endpoint(HEAD, "/things/<id>", ok = 200)]
    async fn head(&self, id: u64) -> courier_core::Result<shop::String>;
}
