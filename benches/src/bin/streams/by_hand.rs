//! The transfers with reqwest alone, as its documentation shows them.

use std::path::Path;

use anyhow::Result;
use futures_util::TryStreamExt as _;
use reqwest::{Body, Client, Response};
use tokio::io::AsyncWriteExt as _;

use super::{Transfer, pieces};

pub(crate) async fn transfer(transfer: Transfer, url: &str, file: &Path) -> Result<u64> {
    let client = Client::builder().build()?;
    let get = async |path| client.get(format!("{url}{path}")).send().await?.error_for_status();
    let upload = async |body: Body| {
        let response = client.put(format!("{url}/upload")).body(body).send().await?;
        super::length_in(&response.error_for_status()?.bytes().await?)
    };
    match transfer {
        Transfer::Download => length(get("/plain").await?).await,
        Transfer::DownloadInGzip => length(get("/gzip").await?).await,
        Transfer::DownloadToFile => save(get("/plain").await?, file).await,
        Transfer::Upload => upload(Body::wrap_stream(pieces())).await,
    }
}

async fn save(response: Response, path: &Path) -> Result<u64> {
    let mut stream = response.bytes_stream();
    let mut file = tokio::fs::File::create(path).await?;
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
