//! The API reference as data: `courier-endpoints.json`, derived from Courier's public SDKs.

use serde::Deserialize;

/// All operations in the file.
#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) count: usize,
    pub(crate) operations: Vec<Operation>,
}

/// One operation.
#[derive(Deserialize)]
pub(crate) struct Operation {
    /// Resource and name, such as `journeys.runs.list`.
    #[serde(rename = "operation")]
    pub(crate) name: String,
    pub(crate) method: String,
    /// With parameters in braces, such as `/journeys/runs/{run_id}`.
    pub(crate) path: String,
    pub(crate) path_params: Vec<String>,
    pub(crate) query: Vec<Parameter>,
    pub(crate) headers: Vec<String>,
    /// The fields of the JSON object, or only `<body>` if the body isn't an object.
    pub(crate) body: Vec<Parameter>,
    pub(crate) success: u16,
    /// Whether `success` is a guess. If so, a declaration should accept the whole class.
    pub(crate) success_inferred: bool,
    pub(crate) also_seen: Vec<u16>,
    pub(crate) other_statuses: Vec<u16>,
    /// The type of the response's body, or `None` without a body.
    pub(crate) response: Option<String>,
}

/// A query parameter or a field of the body.
#[derive(Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) required: bool,
    /// The annotation in the Python SDK, such as `Optional[str]`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

impl Reference {
    pub(crate) fn read() -> Self {
        serde_json::from_str(include_str!("courier-endpoints.json")).expect("the fixture has this shape")
    }
}

impl Operation {
    /// The path as the attribute's template writes it: `/journeys/runs/<run_id>`.
    pub(crate) fn template(&self) -> String {
        self.path.replace('{', "<").replace('}', ">")
    }

    /// The path of a request whose arguments contain their parameters' names: `/journeys/runs/run_id`.
    pub(crate) fn filled_path(&self) -> String {
        self.path.replace(['{', '}'], "")
    }

    /// The documented statuses that a declaration should distinguish. 400 isn't one of them: it is a mistake in the
    /// call, which is best reported as an error.
    pub(crate) fn outcomes(&self) -> Vec<u16> {
        let others = self.other_statuses.iter().filter(|status| **status != 400);
        [self.success].iter().chain(&self.also_seen).chain(others).copied().collect()
    }
}
