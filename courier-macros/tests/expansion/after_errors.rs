trait Wrong: Transport {
    #[endpoint(GETT, "/wrong/<id>", ok = 200)]
    async fn wrong(&self, #[query] id: &str) -> Result<Wrong>;
    #[endpoint(GET, "/wrong", ok = 200)]
    const unsafe extern "C" fn wronger();
}
