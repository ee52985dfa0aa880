//! The ways to write the calls of an API, each as the source of a crate.

mod by_hand;
mod courier;
mod inline;
mod progenitor;

use crate::api::{Api, Operation};

/// A way to write the calls.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    /// The name of the crate.
    pub(crate) name: &'static str,
    pub(crate) dependencies: &'static str,
    /// The files of the crate: their paths, and what is in them.
    pub(crate) files: fn(Api) -> Vec<(&'static str, String)>,
}

/// Only the types of the bodies, without a call.
const TYPES: Way =
    Way { name: "types", dependencies: SERDE, files: |api| vec![("src/lib.rs", HEADER.to_owned() + &api.types())] };

pub(crate) const WAYS: [Way; 5] = [TYPES, by_hand::WAY, courier::WAY, inline::WAY, progenitor::WAY];

const HEADER: &str = "#![allow(dead_code, unused_imports)]\n";
const SERDE: &str = "serde = { version = \"1\", features = [\"derive\"] }\n";
const REQWEST: &str = "serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
reqwest = { version = \"0.13\", default-features = false, features = [\"json\", \"query\"] }\n";

/// A function for each call, which the caller can poll. Otherwise, most of its code would never be compiled. `imports` is what a module
/// with the calls of one resource needs.
fn uses(api: Api, imports: &str, output: impl Fn(Operation) -> &'static str) -> String {
    api.each(|operations| {
        let functions = operations.iter().map(|&operation| {
            let (name, arguments) = call(operation);
            let output = output(operation);
            format!(
                "pub fn {name}(api: &Client) -> Pin<Box<dyn Future<Output = {output}> + Send + '_>> {{
                    Box::pin(api.{name}{{n}}({arguments}))
                }}\n"
            )
        });
        let functions: String = functions.collect();
        format!("#[cfg(feature = \"uses\")]\npub mod uses{{n}} {{ use std::pin::Pin; {imports}\n{functions} }}\n")
    })
}

/// A method's name, and the arguments of a call.
pub(crate) fn call(operation: Operation) -> (&'static str, &'static str) {
    match operation {
        Operation::Cancel => ("cancel", r#""a/b", "key""#),
        Operation::Find => ("find", r#""a/b""#),
        Operation::List => ("list", r#"Some("next"), 50"#),
        Operation::Create => ("create", "draft()"),
        Operation::Delete => ("delete", r#""a/b""#),
    }
}

/// What a method returns, by the types of `Api::types`.
fn output(operation: Operation) -> &'static str {
    match operation {
        Operation::Cancel => "Result<Cancellation{n}>",
        Operation::Find => "Result<Option<Item{n}>>",
        Operation::List => "Result<Page{n}>",
        Operation::Create => "Result<Item{n}>",
        Operation::Delete => "Result<()>",
    }
}

/// The imports of a module with calls, and the draft that it sends.
const IMPORTS: &str = "use crate::{Client, Result, Cancellation{n}, Draft{n}, Item{n}, Page{n}};
    const fn draft() -> &'static Draft{n} { const { &Draft{n} { name: String::new(), tags: Vec::new() } } }";
