//! Tenants: organizations with their own users, preferences and templates.

use courier_core::{Result, Transport, endpoint};
use serde::Serialize;
use serde_json::Value;

use super::declared::{BODY, Declared, LIMIT};
use super::version::Version;

pub(crate) trait Tenants: Transport {
    /// Lists the tenants of the workspace, or those under a parent.
    #[endpoint(GET, "/tenants?<cursor>&<limit>&<parent_tenant_id>", ok = 2xx)]
    async fn list(&self, cursor: Option<&str>, limit: Option<u32>, parent_tenant_id: Option<&str>) -> Result<Value>;

    /// Deletes a tenant.
    #[endpoint(DELETE, "/tenants/<tenant_id>", ok = 204)]
    async fn delete(&self, tenant_id: &str) -> Result<()>;

    /// Returns a tenant.
    #[endpoint(GET, "/tenants/<tenant_id>", ok = 2xx)]
    async fn retrieve(&self, tenant_id: &str) -> Result<Value>;

    /// Creates a tenant, or replaces it.
    #[endpoint(PUT, "/tenants/<tenant_id>", ok = 2xx)]
    async fn update(&self, tenant_id: &str, #[body] body: &Value) -> Result<Value>;

    /// Removes a tenant's default preference for a topic.
    #[endpoint(DELETE, "/tenants/<tenant_id>/default_preferences/items/<topic_id>", ok = 2xx)]
    async fn delete_default_preference(&self, tenant_id: &str, topic_id: &str) -> Result<()>;

    /// Sets a tenant's default preference for a topic.
    #[endpoint(PUT, "/tenants/<tenant_id>/default_preferences/items/<topic_id>", ok = 2xx)]
    async fn update_default_preference(
        &self,
        tenant_id: &str,
        topic_id: &str,
        #[body] preference: &DefaultPreference<'_>,
    ) -> Result<()>;

    /// Lists the templates of a tenant.
    #[endpoint(GET, "/tenants/<tenant_id>/templates?<cursor>&<limit>", ok = 2xx)]
    async fn list_templates(&self, tenant_id: &str, cursor: Option<&str>, limit: Option<u32>) -> Result<Value>;

    /// Deletes a tenant's template.
    #[endpoint(DELETE, "/tenants/<tenant_id>/templates/<template_id>", ok = 2xx)]
    async fn delete_template(&self, tenant_id: &str, template_id: &str) -> Result<()>;

    /// Returns a tenant's template.
    #[endpoint(GET, "/tenants/<tenant_id>/templates/<template_id>", ok = 2xx)]
    async fn retrieve_template(&self, tenant_id: &str, template_id: &str) -> Result<Value>;

    /// Creates a tenant's template, or replaces it.
    #[endpoint(PUT, "/tenants/<tenant_id>/templates/<template_id>", ok = 2xx)]
    async fn replace_template(&self, tenant_id: &str, template_id: &str, #[body] body: &Value) -> Result<Value>;

    /// Publishes the latest version of a template or an earlier one.
    #[endpoint(POST, "/tenants/<tenant_id>/templates/<template_id>/publish", ok = 2xx)]
    async fn publish_template(
        &self,
        tenant_id: &str,
        template_id: &str,
        #[body] version: Option<&Version<'_>>,
    ) -> Result<Value>;

    /// Returns a template in one version: `latest`, `published` or `v1`, `v2`, …
    #[endpoint(GET, "/tenants/<tenant_id>/templates/<template_id>/versions/<version>", ok = 2xx)]
    async fn retrieve_template_version(&self, tenant_id: &str, template_id: &str, version: &str) -> Result<Value>;

    /// Lists the users of a tenant.
    #[endpoint(GET, "/tenants/<tenant_id>/users?<cursor>&<limit>", ok = 2xx)]
    async fn list_users(&self, tenant_id: &str, cursor: Option<&str>, limit: Option<u32>) -> Result<Value>;
}
impl<T: Transport> Tenants for T {}

#[derive(Clone, Copy, Serialize)]
pub(crate) struct DefaultPreference<'p> {
    /// `OPTED_OUT`, `OPTED_IN` or `REQUIRED`.
    status: &'p str,
    /// Channels: `email`, `push`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_routing: Option<&'p [&'p str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_custom_routing: Option<bool>,
}

const PREFERENCE: DefaultPreference<'_> =
    DefaultPreference { status: "status", custom_routing: Some(&["custom_routing"]), has_custom_routing: Some(true) };

const VERSION: Option<&Version<'_>> = Some(&Version { version: "version" });

pub(crate) fn declared(tenants: &dyn Tenants) -> Vec<Declared> {
    vec![
        Declared::new("tenants.list", tenants.list(Some("cursor"), LIMIT, Some("parent_tenant_id")))
            .without(tenants.list(None, None, None)),
        Declared::new("tenants.delete", tenants.delete("tenant_id")),
        Declared::new("tenants.retrieve", tenants.retrieve("tenant_id")),
        Declared::new("tenants.update", tenants.update("tenant_id", &BODY)),
        Declared::new("tenants.preferences.items.delete", tenants.delete_default_preference("tenant_id", "topic_id")),
        Declared::new(
            "tenants.preferences.items.update",
            tenants.update_default_preference("tenant_id", "topic_id", &PREFERENCE),
        )
        .without(tenants.update_default_preference(
            "tenant_id",
            "topic_id",
            &DefaultPreference { custom_routing: None, has_custom_routing: None, ..PREFERENCE },
        )),
        Declared::new("tenants.templates.list", tenants.list_templates("tenant_id", Some("cursor"), LIMIT))
            .without(tenants.list_templates("tenant_id", None, None)),
        Declared::new("tenants.templates.delete", tenants.delete_template("tenant_id", "template_id")),
        Declared::new("tenants.templates.retrieve", tenants.retrieve_template("tenant_id", "template_id")),
        Declared::new("tenants.templates.replace", tenants.replace_template("tenant_id", "template_id", &BODY)),
        Declared::new("tenants.templates.publish", tenants.publish_template("tenant_id", "template_id", VERSION))
            .without(tenants.publish_template("tenant_id", "template_id", None)),
        Declared::new(
            "tenants.templates.versions.retrieve",
            tenants.retrieve_template_version("tenant_id", "template_id", "version"),
        ),
        Declared::new("tenants.list_users", tenants.list_users("tenant_id", Some("cursor"), LIMIT))
            .without(tenants.list_users("tenant_id", None, None)),
    ]
}
