//! Bulk jobs: one message to many users.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared};

pub(crate) trait Bulk: Transport {
    /// Creates a job that sends one message to many users.
    #[endpoint(POST, "/bulk", ok = 201)]
    async fn create_job(&self, #[body] body: &Value) -> Result<Value>;

    /// Returns a job and its progress.
    #[endpoint(GET, "/bulk/<job_id>", ok = 200)]
    async fn retrieve_job(&self, job_id: &str) -> Result<Value>;

    /// Adds users to a job that hasn't started.
    #[endpoint(POST, "/bulk/<job_id>", ok = 200)]
    async fn add_users(&self, job_id: &str, #[body] body: &Value) -> Result<()>;

    /// Starts a job.
    #[endpoint(POST, "/bulk/<job_id>/run", ok = 202 | 204)]
    async fn run_job(&self, job_id: &str) -> Result<()>;

    /// Lists the users of a job.
    #[endpoint(GET, "/bulk/<job_id>/users?<cursor>", ok = 200)]
    async fn list_users(&self, job_id: &str, cursor: Option<&str>) -> Result<Value>;
}
impl<T: Transport> Bulk for T {}

pub(crate) fn declared(bulk: &dyn Bulk) -> Vec<Declared> {
    vec![
        Declared::new("bulk.create_job", bulk.create_job(&BODY)),
        Declared::new("bulk.retrieve_job", bulk.retrieve_job("job_id")),
        Declared::new("bulk.add_users", bulk.add_users("job_id", &BODY)),
        Declared::new("bulk.run_job", bulk.run_job("job_id")),
        Declared::new("bulk.list_users", bulk.list_users("job_id", Some("cursor")))
            .without(bulk.list_users("job_id", None)),
    ]
}
