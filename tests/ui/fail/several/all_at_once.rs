//! Every mistake of one declaration is told in one go.
use courier_core::{Transport, endpoint};

trait Api: Transport {
    #[endpoint(GTE, "messages/<mesage_id>/{part}/<>", ok = 99, Ok = 200, 404 = gone)]
    fn get(self, message_id: &str, extra: u8);
}

fn main() {}
