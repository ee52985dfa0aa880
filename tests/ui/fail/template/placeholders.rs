//! A placeholder is written in another way.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/{id}", ok = 200)]
    async fn braces(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages/{{id}}", ok = 200)]
    async fn two_braces(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages/${id}", ok = 200)]
    async fn dollar(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages/:id", ok = 200)]
    async fn colon(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/files/*path", ok = 200)]
    async fn wildcard(&self, path: &str) -> Result<String>;

    #[endpoint(GET, "/files/{*path}", ok = 200)]
    async fn wildcard_in_braces(&self, path: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<<id>>", ok = 200)]
    async fn two_brackets(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<int:id>", ok = 200)]
    async fn converter(&self, id: u64) -> Result<String>;

    #[endpoint(GET, "/messages/<id: u64>", ok = 200)]
    async fn type_after_it(&self, id: u64) -> Result<String>;

    #[endpoint(GET, "/messages/<id?>", ok = 200)]
    async fn optional(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<ids:comma>", ok = 200)]
    async fn style_in_the_path(&self, ids: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<r#type>", ok = 200)]
    async fn raw_identifier(&self, r#type: &str) -> Result<String>;

    #[endpoint(GET, "/files/<path...>", ok = 200)]
    async fn three_dots(&self, path: &str) -> Result<String>;

    #[endpoint(GET, "/files/v<path..>", ok = 200)]
    async fn part_of_a_segment(&self, path: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<message id>/< kind >", ok = 200)]
    async fn spaces(&self, message_id: &str, kind: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<1st>/<>/{}/<self>", ok = 200)]
    async fn not_a_name(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<id", ok = 200)]
    async fn not_closed(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages/id>", ok = 200)]
    async fn not_opened(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<id>/copies/<id>", ok = 200)]
    async fn twice(&self, id: &str) -> Result<String>;
}

fn main() {}
