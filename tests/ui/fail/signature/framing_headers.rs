//! Headers of the connection and of the message's frame are set.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200, header("Connection" = "close"), header("host" = "example.com"))]
    async fn post(
        &self,
        #[header("upgrade")] upgrade: &str,
        #[header("transfer-encoding")] coding: &str,
    ) -> Result<String>;
}

fn main() {}
