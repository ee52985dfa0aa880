//! What a careful developer writes over reqwest: a function for each call, and shared code for what all of them do.

use super::{HEADER, IMPORTS, REQWEST, Way, output, uses};
use crate::api::{Api, Operation};

pub(super) const WAY: Way =
    Way { name: "by-hand", dependencies: REQWEST, files: |api| vec![("src/lib.rs", source(api))] };

fn source(api: Api) -> String {
    let methods = api.each(|operations| {
        let methods: String = operations.iter().map(|&operation| method(operation)).collect();
        format!("impl Client {{ {methods} }}\n")
    });
    [HEADER, SHARED, &api.types(), &methods, &uses(api, IMPORTS, output)].concat()
}

const SHARED: &str = r#"
use reqwest::{Method, RequestBuilder, Url};
use serde::de::DeserializeOwned;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug)]
pub enum Error {
    Invalid(String),
    Transport(reqwest::Error),
    Status(Response),
    Decode(Response, serde_json::Error),
}

#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Response {
    fn read<T: DeserializeOwned>(self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| Error::Decode(self, error))
    }

    fn of(self, status: u16) -> Result<Self> {
        if self.status == status { Ok(self) } else { Err(Error::Status(self)) }
    }
}

pub struct Client {
    http: reqwest::Client,
    base: Url,
}

impl Client {
    /// Each segment is encoded, and none leads to another resource.
    fn request(&self, method: Method, segments: &[&str]) -> Result<RequestBuilder> {
        let mut url = self.base.clone();
        {
            let mut path = url.path_segments_mut().map_err(|()| Error::Invalid("the base URL".to_owned()))?;
            for segment in segments {
                if matches!(*segment, "" | "." | "..") {
                    return Err(Error::Invalid(segment.to_string()));
                }
                path.push(segment);
            }
        }
        Ok(self.http.request(method, url).header("accept", "application/json"))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response> {
        let response = request.send().await.map_err(Error::Transport)?;
        let status = response.status().as_u16();
        let body = response.bytes().await.map_err(Error::Transport)?.into();
        Ok(Response { status, body })
    }
}
"#;

fn method(operation: Operation) -> &'static str {
    match operation {
        Operation::Cancel => {
            r#"
    /// Cancels an item.
    pub async fn cancel{n}(&self, id: &str, key: &str) -> Result<Cancellation{n}> {
        let request = self.request(Method::POST, &["items{n}", id, "cancel"])?.header("idempotency-key", key);
        let response = self.send(request).await?;
        match response.status {
            200 => response.read().map(Cancellation{n}::Ok),
            409 => response.read().map(Cancellation{n}::Conflict),
            _ => Err(Error::Status(response)),
        }
    }
"#
        }
        Operation::Find => {
            r#"
    /// Finds an item.
    pub async fn find{n}(&self, id: &str) -> Result<Option<Item{n}>> {
        let response = self.send(self.request(Method::GET, &["items{n}", id])?).await?;
        match response.status {
            200 => response.read().map(Some),
            404 => Ok(None),
            _ => Err(Error::Status(response)),
        }
    }
"#
        }
        Operation::List => {
            r#"
    /// Lists items.
    pub async fn list{n}(&self, cursor: Option<&str>, limit: u32) -> Result<Page{n}> {
        let request = self.request(Method::GET, &["items{n}"])?.query(&[("cursor", cursor)]).query(&[("limit", limit)]);
        self.send(request).await?.of(200)?.read()
    }
"#
        }
        Operation::Create => {
            r#"
    /// Creates an item.
    pub async fn create{n}(&self, draft: &Draft{n}) -> Result<Item{n}> {
        let request = self.request(Method::POST, &["items{n}"])?.json(draft);
        self.send(request).await?.of(201)?.read()
    }
"#
        }
        Operation::Delete => {
            r#"
    /// Deletes an item.
    pub async fn delete{n}(&self, id: &str) -> Result<()> {
        self.send(self.request(Method::DELETE, &["items{n}", id])?).await?.of(204)?;
        Ok(())
    }
"#
        }
    }
}
