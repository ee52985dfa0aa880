trait Messages: Transport {
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    fn cancel(&self, message_id: &str) -> Result<Cancellation>;
}
