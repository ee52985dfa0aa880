trait Listing: Transport {
    #[endpoint(GET, "/messages/<path..>?<cursor>&messageId=<id>&<ids:comma>&<words:space>&<tags:pipe>&<filter:json>&limit=50", ok = 200)]
    async fn list(
        &self,
        path: &str,
        cursor: Option<&str>,
        id: &str,
        ids: &[u32],
        words: &[&str],
        tags: &[&str],
        filter: &Filter,
        #[query] more: &More,
    ) -> Result<Page>;
}
