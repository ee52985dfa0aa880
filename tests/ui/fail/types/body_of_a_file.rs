//! A file is given as the body.
use courier_core::{Result, Transport, endpoint};
use std::fs::File;

trait Api: Transport {
    #[endpoint(PUT, "/report", ok = 204)]
    async fn upload(&self, #[body] file: File) -> Result<()>;

    #[endpoint(PUT, "/report/text", ok = 204)]
    async fn text(&self, #[raw("text/plain")] file: File) -> Result<()>;
}

fn main() {}
