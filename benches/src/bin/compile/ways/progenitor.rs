//! A client that progenitor generates from an `OpenAPI` document.

use serde_json::{Map, Value, json};

use super::{HEADER, Way, uses};
use crate::api::{Api, Operation};

pub(super) const WAY: Way = Way {
    name: "progenitor",
    dependencies: concat!(
        "serde = { version = \"1\", features = [\"derive\"] }\n",
        "serde_json = \"1\"\n",
        "progenitor = \"0.15\"\n",
        "progenitor-client = \"0.15\"\n",
        "reqwest = { version = \"0.13\", default-features = false, features = [\"json\", \"query\", \"stream\"] }\n",
    ),
    files: |api| vec![("src/lib.rs", source(api)), ("openapi.json", document(api).to_string())],
};

const IMPORTS: &str = "use crate::{Client, ResponseValue, Error, types::{Draft{n}, Item{n}, Page{n}, Problem}};
    fn draft() -> &'static Draft{n} { const { &Draft{n} { name: String::new(), tags: Vec::new() } } }";

fn source(api: Api) -> String {
    let output = |operation| match operation {
        Operation::Cancel => "Result<ResponseValue<Item{n}>, Error<Problem>>",
        Operation::Find | Operation::Create => "Result<ResponseValue<Item{n}>, Error<()>>",
        Operation::List => "Result<ResponseValue<Page{n}>, Error<()>>",
        Operation::Delete => "Result<ResponseValue<()>, Error<()>>",
    };
    [HEADER, "progenitor::generate_api!(\"openapi.json\");\n", &uses(api, IMPORTS, output)].concat()
}

fn document(api: Api) -> Value {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    let text = || json!({ "type": "string" });
    schemas.insert("Problem".to_owned(), object(&json!({ "message": text() }), &["message"]));
    for (n, operations) in api.resources() {
        let strings = json!({ "type": "array", "items": text() });
        let count = json!({ "type": "integer", "format": "uint64" });
        let item = json!({ "id": text(), "name": text(), "status": text(), "created": count, "tags": strings });
        schemas.insert(format!("Item{n}"), object(&item, &["id", "name", "status", "created"]));
        let draft = json!({ "name": text(), "tags": strings });
        schemas.insert(format!("Draft{n}"), object(&draft, &["name", "tags"]));
        let items = json!({ "type": "array", "items": schema(&format!("Item{n}")) });
        schemas.insert(format!("Page{n}"), object(&json!({ "items": items, "cursor": text() }), &["items"]));
        for operation in operations {
            let (path, method, operation) = written(*operation, n);
            let operations = paths.entry(path).or_insert_with(|| json!({}));
            operations[method] = operation;
        }
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Items", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The path, the method, and the operation of resource `n`.
fn written(operation: Operation, n: usize) -> (String, &'static str, Value) {
    let parameter = |place: &str, name: &str, required: bool, ty: &str| json!({ "in": place, "name": name, "required": required, "schema": { "type": ty } });
    let id = || parameter("path", "id", true, "string");
    let body = |name: &str| json!({ "application/json": { "schema": schema(&format!("{name}{n}")) } });
    let with_body = |name: &str| json!({ "description": "", "content": body(name) });
    let without_body = json!({ "description": "" });
    let problem = json!({ "description": "", "content": { "application/json": { "schema": schema("Problem") } } });
    match operation {
        Operation::Cancel => (
            format!("/items{n}/{{id}}/cancel"),
            "post",
            json!({
                "operationId": format!("cancel{n}"), "summary": "Cancels an item.",
                "parameters": [id(), parameter("header", "idempotency-key", true, "string")],
                "responses": { "200": with_body("Item"), "409": problem },
            }),
        ),
        Operation::Find => (
            format!("/items{n}/{{id}}"),
            "get",
            json!({
                "operationId": format!("find{n}"), "summary": "Finds an item.",
                "parameters": [id()],
                "responses": { "200": with_body("Item"), "404": without_body },
            }),
        ),
        Operation::List => {
            let limit = parameter("query", "limit", true, "integer");
            (
                format!("/items{n}"),
                "get",
                json!({
                    "operationId": format!("list{n}"), "summary": "Lists items.",
                    "parameters": [parameter("query", "cursor", false, "string"), limit],
                    "responses": { "200": with_body("Page") },
                }),
            )
        }
        Operation::Create => (
            format!("/items{n}"),
            "post",
            json!({
                "operationId": format!("create{n}"), "summary": "Creates an item.",
                "requestBody": { "required": true, "content": body("Draft") },
                "responses": { "201": with_body("Item") },
            }),
        ),
        Operation::Delete => (
            format!("/items{n}/{{id}}"),
            "delete",
            json!({
                "operationId": format!("delete{n}"), "summary": "Deletes an item.",
                "parameters": [id()],
                "responses": { "204": without_body },
            }),
        ),
    }
}
