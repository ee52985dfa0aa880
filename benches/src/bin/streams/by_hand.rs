//! The transfers with reqwest alone, as its documentation shows them.

use std::path::Path;

use anyhow::Result;
use futures_util::TryStreamExt as _;
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Body, Client, RequestBuilder, Response};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio_util::io::ReaderStream;

use super::{Files, Transfer, Upload, pieces};

pub(crate) async fn transfer(transfer: Transfer, url: &str, files: &Files) -> Result<u64> {
    let client = Client::builder().build()?;
    let get = async |path| client.get(format!("{url}{path}")).send().await?.error_for_status();
    let put = client.put(format!("{url}/upload"));
    match transfer {
        Transfer::Download => length(get("/plain").await?).await,
        Transfer::DownloadInGzip => length(get("/gzip").await?).await,
        Transfer::DownloadToFile => save(get("/plain").await?, &files.saved).await,
        Transfer::Upload => upload(put.body(Body::wrap_stream(pieces()))).await,
        Transfer::UploadOfFile => {
            let file = File::open(&files.sent).await?;
            let length = file.metadata().await?.len();
            // As much at once as this library reads.
            let stream = ReaderStream::with_capacity(file, 256 * 1024);
            upload(put.header(CONTENT_LENGTH, length).body(Body::wrap_stream(stream))).await
        }
    }
}

async fn upload(request: RequestBuilder) -> Result<u64> {
    let upload: Upload = request.send().await?.error_for_status()?.json().await?;
    Ok(upload.length)
}

async fn save(response: Response, path: &Path) -> Result<u64> {
    let mut stream = response.bytes_stream();
    let mut file = File::create(path).await?;
    let mut length = 0;
    while let Some(chunk) = stream.try_next().await? {
        file.write_all(&chunk).await?;
        length += chunk.len() as u64;
    }
    file.flush().await?;
    Ok(length)
}

async fn length(response: Response) -> Result<u64> {
    let mut stream = response.bytes_stream();
    let mut length = 0;
    while let Some(chunk) = stream.try_next().await? {
        length += chunk.len() as u64;
    }
    Ok(length)
}
