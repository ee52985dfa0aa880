//! The method returns something other than a `Result`.
use courier_core::{Result, Transport, endpoint};

use futures_util::Stream;

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn nothing(&self);

    #[endpoint(GET, "/messages", ok = 200)]
    async fn unit(&self) -> ();

    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> String;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn future(&self) -> impl Future<Output = String>;

    #[endpoint(GET, "/messages", ok = 200)]
    fn blocking_future(&self) -> impl Future<Output = Result<String>>;

    #[endpoint(GET, "/messages", ok = 200)]
    fn boxed_future(&self) -> std::pin::Pin<Box<dyn Future<Output = Result<String>> + Send + '_>>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn stream(&self) -> impl Stream<Item = String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn stream_in_a_result(&self) -> Result<Box<dyn Stream<Item = String>>>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn unnamed(&self) -> Result<impl Iterator<Item = String>>;
}

fn main() {}
