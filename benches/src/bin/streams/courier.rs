//! The transfers with this library.

use anyhow::Result;
use courier_core::{Body, Download, ReqwestTransport, Transport, endpoint};

use super::{Files, Transfer, Upload, pieces};

trait Transfers: Transport {
    #[endpoint(GET, "/plain", ok = 200)]
    async fn plain(&self) -> courier_core::Result<Download>;

    #[endpoint(GET, "/gzip", ok = 200)]
    async fn gzip(&self) -> courier_core::Result<Download>;

    #[endpoint(PUT, "/upload", ok = 200)]
    async fn upload(&self, #[raw("application/octet-stream")] content: Body) -> courier_core::Result<Upload>;
}
impl<T: Transport + ?Sized> Transfers for T {}

pub(crate) async fn transfer(transfer: Transfer, url: &str, files: &Files) -> Result<u64> {
    let client = ReqwestTransport::builder(url).build()?;
    match transfer {
        Transfer::Download => length(client.plain().await?).await,
        Transfer::DownloadInGzip => length(client.gzip().await?).await,
        Transfer::DownloadToFile => Ok(client.plain().await?.save_to(&files.saved).await?),
        Transfer::Upload => Ok(client.upload(Body::from_stream(pieces())).await?.length),
        Transfer::UploadOfFile => Ok(client.upload(Body::from_file(&files.sent)?).await?.length),
    }
}

async fn length(mut download: Download) -> Result<u64> {
    let mut length = 0;
    while let Some(chunk) = download.chunk().await? {
        length += chunk.len() as u64;
    }
    Ok(length)
}
