//! The return type isn't a `Result` of what the outcomes are read as.
use courier_core::{Error, Transport, endpoint};

struct Message {
    id: String,
}

struct MyError;

enum Found {
    Ok(String),
    NotFound(Message),
}

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn no_result(&self, id: &str) -> Message;

    #[endpoint(GET, "/messages/<id>", ok = 200, not_found = 404)]
    async fn enum_alone(&self, id: &str) -> Found;

    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn body(&self, id: &str) -> Result<Message, Error>;

    #[endpoint(GET, "/messages/<id>", some = 200, none = 404)]
    async fn option(&self, id: &str) -> Result<Option<Message>, Error>;

    #[endpoint(GET, "/messages/<id>", ok = 200, not_found = 404)]
    async fn field(&self, id: &str) -> Result<Found, Error>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn type_parameter<T>(&self) -> Result<T, Error>;

    // The error can't hold the error of a call.
    #[endpoint(GET, "/messages", ok = 200)]
    async fn error(&self) -> Result<String, MyError>;

    #[endpoint(DELETE, "/messages", some = 200, none = 404)]
    async fn error_of_several_outcomes(&self) -> Result<Option<String>, MyError>;
}

fn main() {}
