trait Books: Transport {
    #[endpoint(GET, "/books/<isbn>", ok = 200)]
    async fn get(&self, isbn: Isbn) -> courier_core::Result<Book, MyError>;
}
