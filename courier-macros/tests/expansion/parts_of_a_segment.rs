trait Files: Transport {
    #[endpoint(GET, "/files/v<major>.<minor>/<name>.json", ok = 2xx)]
    async fn file(&self, name: &str, minor: u8, major: u8) -> Result<File>;
}
