//! Tokens for an application's users.

use courier_core::{Result, Transport, endpoint};
use serde::Serialize;
use serde_json::Value;

use super::declared::Declared;

pub(crate) trait Auth: Transport {
    /// Issues a token that lets a user's browser or phone call the API.
    #[endpoint(POST, "/auth/issue-token", ok = 200)]
    async fn issue_token(&self, #[body] token: &TokenRequest<'_>) -> Result<Value>;
}
impl<T: Transport> Auth for T {}

#[derive(Serialize)]
pub(crate) struct TokenRequest<'t> {
    /// What the token permits, such as `user_id:ada read:messages`.
    scope: &'t str,
    /// How long the token is valid, such as `2 days`.
    expires_in: &'t str,
}

pub(crate) fn declared(auth: &dyn Auth) -> Vec<Declared> {
    vec![Declared::new(
        "auth.issue_token",
        auth.issue_token(&TokenRequest { scope: "scope", expires_in: "expires_in" }),
    )]
}
