//! What is percent-encoded in a template is sent as it is written.
use courier_core::{MemoryTransport, Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/all%20messages/<id>?filter=a%26b", ok = 200)]
    async fn get(&self, id: &str) -> Result<String>;
}

impl<T: Transport> Api for T {}

#[test]
fn a_percent_encoded_template_is_sent_as_it_is_written() {
    let transport = MemoryTransport::new();
    assert_eq!(transport.get("1").request().expect("a request").uri(), "/all%20messages/1?filter=a%26b");
}
