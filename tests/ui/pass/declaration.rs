//! The declaration of the documentation's first page.
use courier_core::{Result, Transport, endpoint, messages::Cancellation};

pub trait Messages: Transport {
    /// Cancels a message that is being delivered.
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self, message_id: &str) -> Result<Cancellation>;
}
impl<T: Transport> Messages for T {}
