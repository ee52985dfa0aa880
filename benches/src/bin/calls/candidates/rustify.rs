//! The call with rustify, which declares an endpoint as a struct, over the same client of reqwest. It has one outcome: any status but
//! 200 to 208 is an error.

use anyhow::Result;
use http::header::{CONTENT_LENGTH, HeaderMap, HeaderValue};
use rustify::Endpoint as _;
use rustify_derive::Endpoint;

use super::reqwest::settings;
use crate::messages::Message;

#[derive(Endpoint)]
#[endpoint(path = "messages/{self.message_id}/cancel", method = "POST", response = "Message")]
struct Cancel {
    #[endpoint(skip)]
    message_id: String,
}

pub struct Client(rustify::Client);

impl super::Client for Client {
    fn new(url: &str) -> Result<Self> {
        // A request can't have a header of its own.
        let length = HeaderMap::from_iter([(CONTENT_LENGTH, HeaderValue::from_static("0"))]);
        let client = settings(reqwest::Client::builder())?.default_headers(length).build()?;
        Ok(Self(rustify::Client::new(url, client)))
    }

    async fn cancel(&self, message_id: &str) -> Result<Message> {
        let cancel = Cancel { message_id: message_id.to_owned() };
        Ok(cancel.exec(&self.0).await?.parse()?)
    }
}
