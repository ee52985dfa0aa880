trait Jobs: Transport {
    #[endpoint(DELETE, "/jobs/<id>", gone = 200 | 202 | 204, not_found = 404, failed = 5xx)]
    async fn delete(&self, id: u64) -> Result<Deletion>;
}
