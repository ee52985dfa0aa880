//! The reference of the API as data: `courier-endpoints.json`, rebuilt from Courier's public SDKs.

use serde::Deserialize;

/// All operations, as the file has them.
#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) count: usize,
    pub(crate) operations: Vec<Operation>,
}

/// One operation.
#[derive(Deserialize)]
pub(crate) struct Operation {
    /// Resource and name: `journeys.runs.list`.
    #[serde(rename = "operation")]
    pub(crate) name: String,
    pub(crate) method: String,
    /// With parameters in braces: `/journeys/runs/{run_id}`.
    pub(crate) path: String,
    pub(crate) path_params: Vec<String>,
    pub(crate) query: Vec<Parameter>,
    pub(crate) headers: Vec<String>,
    /// The fields of the JSON object; or one, `<body>`, where the body is not an object.
    pub(crate) body: Vec<Parameter>,
    pub(crate) success: u16,
    /// Whether `success` was guessed: a declaration does well to accept the whole class then.
    pub(crate) success_inferred: bool,
    pub(crate) also_seen: Vec<u16>,
    pub(crate) other_statuses: Vec<u16>,
    /// The type of the answer's body; `None` where it has none.
    pub(crate) response: Option<String>,
}

/// A pair of the query or a field of the body.
#[derive(Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) required: bool,
    /// As the Python SDK annotates it: `Optional[str]`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

impl Reference {
    pub(crate) fn read() -> Self {
        serde_json::from_str(include_str!("courier-endpoints.json")).expect("the fixture has this shape")
    }
}

impl Operation {
    /// The path as a template of the attribute writes it: `/journeys/runs/<run_id>`.
    pub(crate) fn template(&self) -> String {
        self.path.replace('{', "<").replace('}', ">")
    }

    /// The path of a request whose arguments hold the names of their parameters: `/journeys/runs/run_id`.
    pub(crate) fn filled_path(&self) -> String {
        self.path.replace(['{', '}'], "")
    }

    /// The documented statuses that a declaration should tell apart. A 400 is a mistake of the caller's, which an error
    /// tells best.
    pub(crate) fn outcomes(&self) -> Vec<u16> {
        let others = self.other_statuses.iter().filter(|status| **status != 400);
        [self.success].iter().chain(&self.also_seen).chain(others).copied().collect()
    }
}
