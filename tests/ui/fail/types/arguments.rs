//! The type of an argument can't be sent in its place.
use courier_core::{Body, Result, Transport, endpoint};
use std::fmt::Debug;
use std::fs::File;

struct MessageId(u64);

struct Message;

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>/<part>", ok = 200)]
    async fn path(&self, id: &MessageId, part: Option<u8>) -> Result<String>;

    // Several segments are one string.
    #[endpoint(GET, "/files/<path..>", ok = 200)]
    async fn segments(&self, path: &[&str]) -> Result<String>;

    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn unnamed(&self, id: impl Debug) -> Result<String>;

    #[endpoint(GET, "/messages?<status>", ok = 200)]
    async fn query(&self, status: &[Message], #[query] filter: &Message) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn header(&self, #[header("x-key")] key: Message, #[header("x-keys")] keys: Option<Vec<u8>>) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn body(&self, #[body] message: &Message) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn optional_body(&self, #[body] message: Option<Message>) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn optional_form(&self, #[form] message: &Option<Message>) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn file(&self, #[body] file: File) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn raw(&self, #[raw("text/plain")] length: u64) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn raw_file(&self, #[raw("text/plain")] file: File) -> Result<String>;

    // A stream can be read only once.
    #[endpoint(POST, "/messages", ok = 200)]
    async fn borrowed_body(&self, #[raw("text/plain")] body: &Body) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn borrowed_file(&self, #[raw("text/plain")] file: Option<&File>) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn multipart(&self, #[multipart] form: &str) -> Result<String>;

    #[endpoint(POST, "/messages/<id>", ok = 200)]
    async fn type_parameters<I, B>(&self, id: I, #[body] body: B) -> Result<String>;
}

fn main() {}
