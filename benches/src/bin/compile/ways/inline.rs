//! Calls that share nothing: each is written with reqwest in full.

use super::{HEADER, IMPORTS, REQWEST, Way, output, uses};
use crate::api::{Api, Operation};

pub(super) const WAY: Way =
    Way { name: "inline", dependencies: REQWEST, files: |api| vec![("src/lib.rs", source(api))] };

fn source(api: Api) -> String {
    let methods = api.each(|operations| {
        let methods: String = operations.iter().map(|&operation| method(operation)).collect();
        format!("impl Client {{ {methods} }}\n")
    });
    [HEADER, SHARED, &api.types(), &methods, &uses(api, IMPORTS, output)].concat()
}

const SHARED: &str = "
pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug)]
pub enum Error {
    Invalid(String),
    Transport(reqwest::Error),
    Status(reqwest::StatusCode, String),
    Decode(serde_json::Error),
}

pub struct Client {
    http: reqwest::Client,
    base: reqwest::Url,
}
";

const WITH_ID: &str = r#"
        if matches!(id, "" | "." | "..") {
            return Err(Error::Invalid(id.to_owned()));
        }
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| Error::Invalid("the base URL".to_owned()))?.extend(["items{n}", id]);
"#;

fn method(operation: Operation) -> String {
    match operation {
        Operation::Cancel => {
            r#"
    /// Cancels an item.
    pub async fn cancel{n}(&self, id: &str, key: &str) -> Result<Cancellation{n}> {
        {with_id}
        url.path_segments_mut().map_err(|()| Error::Invalid("the base URL".to_owned()))?.push("cancel");
        let request = self.http.post(url).header("accept", "application/json").header("idempotency-key", key);
        let response = request.send().await.map_err(Error::Transport)?;
        let status = response.status();
        let body = response.bytes().await.map_err(Error::Transport)?;
        match status.as_u16() {
            200 => serde_json::from_slice(&body).map(Cancellation{n}::Ok).map_err(Error::Decode),
            409 => serde_json::from_slice(&body).map(Cancellation{n}::Conflict).map_err(Error::Decode),
            _ => Err(Error::Status(status, String::from_utf8_lossy(&body).into_owned())),
        }
    }
"#
        }
        Operation::Find => {
            r#"
    /// Finds an item.
    pub async fn find{n}(&self, id: &str) -> Result<Option<Item{n}>> {
        {with_id}
        let request = self.http.get(url).header("accept", "application/json");
        let response = request.send().await.map_err(Error::Transport)?;
        let status = response.status();
        let body = response.bytes().await.map_err(Error::Transport)?;
        match status.as_u16() {
            200 => serde_json::from_slice(&body).map(Some).map_err(Error::Decode),
            404 => Ok(None),
            _ => Err(Error::Status(status, String::from_utf8_lossy(&body).into_owned())),
        }
    }
"#
        }
        Operation::List => {
            r#"
    /// Lists items.
    pub async fn list{n}(&self, cursor: Option<&str>, limit: u32) -> Result<Page{n}> {
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| Error::Invalid("the base URL".to_owned()))?.push("items{n}");
        let request = self.http.get(url).header("accept", "application/json");
        let request = request.query(&[("cursor", cursor)]).query(&[("limit", limit)]);
        let response = request.send().await.map_err(Error::Transport)?;
        let status = response.status();
        let body = response.bytes().await.map_err(Error::Transport)?;
        match status.as_u16() {
            200 => serde_json::from_slice(&body).map_err(Error::Decode),
            _ => Err(Error::Status(status, String::from_utf8_lossy(&body).into_owned())),
        }
    }
"#
        }
        Operation::Create => {
            r#"
    /// Creates an item.
    pub async fn create{n}(&self, draft: &Draft{n}) -> Result<Item{n}> {
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| Error::Invalid("the base URL".to_owned()))?.push("items{n}");
        let request = self.http.post(url).header("accept", "application/json").json(draft);
        let response = request.send().await.map_err(Error::Transport)?;
        let status = response.status();
        let body = response.bytes().await.map_err(Error::Transport)?;
        match status.as_u16() {
            201 => serde_json::from_slice(&body).map_err(Error::Decode),
            _ => Err(Error::Status(status, String::from_utf8_lossy(&body).into_owned())),
        }
    }
"#
        }
        Operation::Delete => {
            "
    /// Deletes an item.
    pub async fn delete{n}(&self, id: &str) -> Result<()> {
        {with_id}
        let response = self.http.delete(url).send().await.map_err(Error::Transport)?;
        let status = response.status();
        let body = response.bytes().await.map_err(Error::Transport)?;
        match status.as_u16() {
            204 => Ok(()),
            _ => Err(Error::Status(status, String::from_utf8_lossy(&body).into_owned())),
        }
    }
"
        }
    }
    .replace("{with_id}", WITH_ID)
}
