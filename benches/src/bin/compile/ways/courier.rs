//! Declarations with this library: a trait for each resource.

use super::{HEADER, IMPORTS, Way, output, uses};
use crate::api::{Api, Operation};

pub(super) const WAY: Way = Way {
    name: "courier",
    dependencies: concat!(
        "serde = { version = \"1\", features = [\"derive\"] }\n",
        "courier-core = { path = \"",
        env!("CARGO_MANIFEST_DIR"),
        "/../courier-core\", default-features = false, features = [\"reqwest\"] }\n"
    ),
    files: |api| vec![("src/lib.rs", source(api))],
};

fn source(api: Api) -> String {
    let traits = api.each(|operations| {
        let methods: String = operations.iter().map(|&operation| method(operation)).collect();
        format!("pub trait Items{{n}}: Transport {{ {methods} }}\nimpl<T: Transport + ?Sized> Items{{n}} for T {{}}\n")
    });
    let uses = uses(api, &format!("use crate::Items{{n}} as _;\n{IMPORTS}"), output);
    [HEADER, IMPORTED, &api.types(), &traits, &uses].concat()
}

const IMPORTED: &str =
    "use courier_core::{Result, Transport, endpoint};\npub use courier_core::ReqwestTransport as Client;\n";

fn method(operation: Operation) -> &'static str {
    match operation {
        Operation::Cancel => {
            r#"
    /// Cancels an item.
    #[endpoint(POST, "/items{n}/<id>/cancel", ok = 200, conflict = 409)]
    async fn cancel{n}(&self, id: &str, #[header("idempotency-key")] key: &str) -> Result<Cancellation{n}>;
"#
        }
        Operation::Find => {
            r#"
    /// Finds an item.
    #[endpoint(GET, "/items{n}/<id>", some = 200, none = 404)]
    async fn find{n}(&self, id: &str) -> Result<Option<Item{n}>>;
"#
        }
        Operation::List => {
            r#"
    /// Lists items.
    #[endpoint(GET, "/items{n}?<cursor>&<limit>", ok = 200)]
    async fn list{n}(&self, cursor: Option<&str>, limit: u32) -> Result<Page{n}>;
"#
        }
        Operation::Create => {
            r#"
    /// Creates an item.
    #[endpoint(POST, "/items{n}", ok = 201)]
    async fn create{n}(&self, #[body] draft: &Draft{n}) -> Result<Item{n}>;
"#
        }
        Operation::Delete => {
            r#"
    /// Deletes an item.
    #[endpoint(DELETE, "/items{n}/<id>", ok = 204)]
    async fn delete{n}(&self, id: &str) -> Result<()>;
"#
        }
    }
}
