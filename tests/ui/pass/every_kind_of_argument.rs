//! Every way to send an argument, each optional too, `async` and blocking, without a warning.
use std::collections::BTreeMap;

use courier_core::{Body, Multipart, Result, Text, Transport, endpoint};

#[derive(serde::Serialize)]
pub struct Filter {
    pub recipient: Option<String>,
}

pub trait Api: Transport {
    #[endpoint(GET, "/files/<path..>?<at>&version=<v>&raw=true&<ids:comma>&<filter:json>&flag", ok = 200)]
    async fn file(&self, path: &str, at: Option<u64>, v: bool, ids: &[u8], filter: &Filter) -> Result<Text>;
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[query] filter: &Filter, #[query] more: Option<BTreeMap<String, u8>>) -> Result<Text>;
    #[endpoint(POST, "/messages", ok = 200, header("x-version" = "2"), idempotent)]
    async fn post(&self, #[header("x-key")] key: Option<&str>, #[body] message: &[Filter]) -> Result<()>;
    #[endpoint(PUT, "/messages", ok = 200)]
    async fn put(&self, #[body("application/scim+json")] message: Option<&Filter>) -> Result<()>;
    #[endpoint(PATCH, "/messages", ok = 200)]
    async fn patch(&self, #[form] message: &Option<Filter>) -> Result<()>;
    #[endpoint(POST, "/raw", ok = 200)]
    async fn raw(&self, #[raw("text/x-markdown")] text: Option<Vec<u8>>) -> Result<()>;
    #[endpoint(POST, "/raw", ok = 200)]
    async fn stream(&self, #[raw("text/x-markdown")] body: Body) -> Result<()>;
    #[endpoint(POST, "/raw", ok = 200)]
    async fn maybe_stream(
        &self,
        #[header("content-type")] kind: &str,
        #[raw("text/x-markdown")] body: Option<Body>,
    ) -> Result<()>;
    #[endpoint(POST, "/upload", ok = 200)]
    async fn upload(&self, #[multipart] form: &Multipart) -> Result<()>;
    #[endpoint(POST, "/upload", ok = 200)]
    async fn maybe_upload(&self, #[multipart] form: Option<Multipart>) -> Result<()>;
}

pub trait BlockingApi: Transport {
    #[endpoint(POST, "/messages?<cursor>", some = 200, none = 404)]
    fn post(&self, cursor: &str, #[body] message: &Filter) -> Result<Option<String>>;
    #[endpoint(POST, "/raw", ok = 200)]
    fn stream(&self, #[raw("text/x-markdown")] body: Body) -> Result<()>;
    #[endpoint(POST, "/upload", ok = 200)]
    fn upload(&self, #[multipart] form: Multipart) -> Result<()>;
}

impl<T: Transport + ?Sized> Api for T {}
impl<T: Transport + ?Sized> BlockingApi for T {}
