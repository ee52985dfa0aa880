trait Writing: Transport {
    #[endpoint(POST, "/a", ok = 204, header("api-version" = "2"))]
    async fn json(&self, #[header("Idempotency-Key")] key: Option<&str>, #[body] message: &Message) -> Result<()>;
    #[endpoint(POST, "/b", ok = 204)]
    async fn optional(&self, #[body("application/scim+json")] message: Option<&Message>) -> Result<()>;
    #[endpoint(POST, "/c", ok = 204)]
    async fn form(&self, #[form] message: impl Serialize) -> Result<()>;
    #[endpoint(POST, "/d", ok = 204)]
    async fn raw(&self, #[raw("text/markdown")] text: String) -> Result<()>;
    #[endpoint(POST, "/e", ok = 204)]
    async fn multipart(&self, #[multipart] form: Multipart) -> Result<()>;
}
