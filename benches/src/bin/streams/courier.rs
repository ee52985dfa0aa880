//! The transfers with this library.

use std::path::Path;

use anyhow::Result;
use courier_core::{Body, Download, Request, ReqwestTransport, Transport, endpoint};

use super::{Transfer, pieces};

trait Files: Transport {
    #[endpoint(GET, "/plain", ok = 200)]
    async fn plain(&self) -> courier_core::Result<Download>;

    #[endpoint(GET, "/gzip", ok = 200)]
    async fn gzip(&self) -> courier_core::Result<Download>;
}
impl<T: Transport + ?Sized> Files for T {}

pub(crate) async fn transfer(transfer: Transfer, url: &str, file: &Path) -> Result<u64> {
    let client = ReqwestTransport::builder(url).build()?;
    match transfer {
        Transfer::Download => length(client.plain().await?).await,
        Transfer::DownloadInGzip => length(client.gzip().await?).await,
        Transfer::DownloadToFile => Ok(client.plain().await?.save_to(file).await?),
        Transfer::Upload => upload(&client, Body::from_stream(pieces())).await,
    }
}

async fn upload(client: &ReqwestTransport, body: Body) -> Result<u64> {
    let request: Request = http::Request::put("/upload").body(body)?;
    let response = client.send(request).await?;
    super::length_in(response.body().as_bytes().unwrap())
}

async fn length(mut download: Download) -> Result<u64> {
    let mut length = 0;
    while let Some(chunk) = download.chunk().await? {
        length += chunk.len() as u64;
    }
    Ok(length)
}
