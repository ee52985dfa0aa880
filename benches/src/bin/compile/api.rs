//! The API whose calls are written in each way: resources with five operations each, and their types.

/// A number of operations.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Api {
    pub(crate) operations: usize,
}

/// What an operation does. Each way writes all of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// `POST /items/{id}/cancel` with a header: 200 and 409 are outcomes with a body.
    Cancel,
    /// `GET /items/{id}`: 200 has a body, and 404 none.
    Find,
    /// `GET /items` with an optional and a required parameter.
    List,
    /// `POST /items` with a body.
    Create,
    /// `DELETE /items/{id}`, without a body in either direction.
    Delete,
}

const OPERATIONS: [Operation; 5] =
    [Operation::Cancel, Operation::Find, Operation::List, Operation::Create, Operation::Delete];

impl Api {
    /// The resources: a number, and the operations. The last one may have fewer.
    pub(crate) fn resources(self) -> impl Iterator<Item = (usize, &'static [Operation])> {
        let whole = OPERATIONS.len();
        let operations = move |resource: usize| &OPERATIONS[..whole.min(self.operations - resource * whole)];
        (0..self.operations.div_ceil(whole)).map(move |resource| (resource, operations(resource)))
    }

    /// The types of all bodies, the same for each way.
    pub(crate) fn types(self) -> String {
        TYPES_OF_ALL.to_owned() + &self.each(|_| TYPES.to_owned())
    }

    /// What `write` makes of each resource, one after the other. `{n}` is its number.
    pub(crate) fn each(self, write: impl Fn(&'static [Operation]) -> String) -> String {
        self.resources().map(|(resource, operations)| write(operations).replace("{n}", &resource.to_string())).collect()
    }
}

const TYPES_OF_ALL: &str = "
#[derive(Debug, serde::Deserialize)]
pub struct Problem {
    pub message: String,
}
";

const TYPES: &str = "
#[derive(Debug, serde::Deserialize)]
pub struct Item{n} {
    pub id: String,
    pub name: String,
    pub status: String,
    pub created: u64,
    pub tags: Option<Vec<String>>,
}

#[derive(Debug, serde::Serialize)]
pub struct Draft{n} {
    pub name: String,
    pub tags: Vec<String>,
}

#[derive(Debug, serde::Deserialize)]
pub struct Page{n} {
    pub items: Vec<Item{n}>,
    pub cursor: Option<String>,
}

#[derive(Debug)]
pub enum Cancellation{n} {
    Ok(Item{n}),
    Conflict(Problem),
}
";
