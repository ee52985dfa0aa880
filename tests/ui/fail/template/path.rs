//! The path isn't a whole path, or another one than it seems.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "messages", ok = 200)]
    async fn no_slash(&self) -> Result<String>;

    #[endpoint(GET, "", ok = 200)]
    async fn empty(&self) -> Result<String>;

    #[endpoint(GET, "https://api.courier.com/messages", ok = 200)]
    async fn whole_url(&self) -> Result<String>;

    #[endpoint(GET, "https://api.courier.com", ok = 200)]
    async fn host_alone(&self) -> Result<String>;

    #[endpoint(GET, "/messages//all", ok = 200)]
    async fn two_slashes(&self) -> Result<String>;

    #[endpoint(GET, "//messages", ok = 200)]
    async fn two_slashes_first(&self) -> Result<String>;

    #[endpoint(GET, "/messages/../users/./all", ok = 200)]
    async fn dot_segments(&self) -> Result<String>;

    #[endpoint(GET, "/messages%2Fall%5c", ok = 200)]
    async fn encoded_slash(&self) -> Result<String>;

    #[endpoint(GET, "/messages\\all", ok = 200)]
    async fn backslash(&self) -> Result<String>;

    #[endpoint(GET, "/messages#top", ok = 200)]
    async fn fragment(&self) -> Result<String>;

    #[endpoint(GET, "/messages and mail/ü|%\n", ok = 200)]
    async fn characters(&self) -> Result<String>;
}

fn main() {}
