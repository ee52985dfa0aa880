//! Audiences: users selected by a filter.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared};

pub(crate) trait Audiences: Transport {
    /// Lists the audiences of the workspace, one page at a time.
    #[endpoint(GET, "/audiences?<cursor>", ok = 200)]
    async fn list(&self, cursor: Option<&str>) -> Result<Value>;

    /// Deletes an audience.
    #[endpoint(DELETE, "/audiences/<audience_id>", ok = 204)]
    async fn delete(&self, audience_id: &str) -> Result<()>;

    /// Returns an audience with its filter.
    #[endpoint(GET, "/audiences/<audience_id>", ok = 200)]
    async fn retrieve(&self, audience_id: &str) -> Result<Value>;

    /// Creates an audience, or replaces its name, description and filter.
    #[endpoint(PUT, "/audiences/<audience_id>", ok = 200)]
    async fn update(&self, audience_id: &str, #[body] body: Option<&Value>) -> Result<Value>;

    /// Lists the users that an audience's filter selects.
    #[endpoint(GET, "/audiences/<audience_id>/members?<cursor>", ok = 200)]
    async fn list_members(&self, audience_id: &str, cursor: Option<&str>) -> Result<Value>;
}
impl<T: Transport> Audiences for T {}

pub(crate) fn declared(audiences: &dyn Audiences) -> Vec<Declared> {
    vec![
        Declared::new("audiences.list", audiences.list(Some("cursor"))).without(audiences.list(None)),
        Declared::new("audiences.delete", audiences.delete("audience_id")),
        Declared::new("audiences.retrieve", audiences.retrieve("audience_id")),
        Declared::new("audiences.update", audiences.update("audience_id", Some(&BODY)))
            .without(audiences.update("audience_id", None)),
        Declared::new("audiences.list_members", audiences.list_members("audience_id", Some("cursor")))
            .without(audiences.list_members("audience_id", None)),
    ]
}
