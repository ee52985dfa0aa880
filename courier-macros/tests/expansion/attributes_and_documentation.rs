trait Old: Transport {
    /// Gets the old thing.
    #[cfg(feature = "old")]
    #[deprecated(note = "use `new`")]
    #[endpoint(GET, "/old", ok = 200)]
    async fn r#type(&self) -> Result<()>;
}
