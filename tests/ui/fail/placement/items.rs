//! The attribute is on an item that isn't a method.
use courier_core::{Result, Transport, endpoint};

#[endpoint(GET, "/messages", ok = 200)]
const LIST: &str = "/messages";

#[endpoint(GET, "/messages", ok = 200)]
static MESSAGES: &str = "/messages";

#[endpoint(GET, "/messages", ok = 200)]
struct Messages;

#[endpoint(GET, "/messages", ok = 200)]
enum Outcome {
    Ok,
}

#[endpoint(GET, "/messages", ok = 200)]
mod messages {}

#[endpoint(GET, "/messages", ok = 200)]
trait Whole: Transport {
    async fn list(&self) -> Result<String>;
}

#[endpoint(GET, "/messages", ok = 200)]
impl Messages {}

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    const PATH: &'static str;

    #[endpoint(GET, "/messages", ok = 200)]
    type Message;
}

fn main() {}
