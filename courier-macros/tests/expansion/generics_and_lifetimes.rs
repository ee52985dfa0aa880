trait Store<K>: Transport {
    #[endpoint(GET, "/<kind>/<key>", some = 200, none = 404)]
    async fn find<'a, T>(&'a self, kind: impl Display, key: &'a K) -> Result<Option<T>>
    where
        T: DeserializeOwned,
        K: Display;
}
