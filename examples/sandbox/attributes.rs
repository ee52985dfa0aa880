/// What a message was sent with and its record doesn't say, but a list of messages can be filtered by.
///
/// ```
/// use courier_sandbox::Attributes;
///
/// let attributes = Attributes::new().tag("onboarding").tenant_id("acme").provider("twilio");
/// assert_eq!(attributes.tags, ["onboarding"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attributes {
    /// The identifier of the list that the message was sent to.
    pub list: Option<String>,
    /// The key of the provider that the message is given to. If none is given, it is `sendgrid` once the message is
    /// routed, and there is none before.
    pub provider: Option<String>,
    /// The tags of the message.
    pub tags: Vec<String>,
    /// The identifier of the tenant in whose context the message was sent.
    pub tenant_id: Option<String>,
    /// The identifier that traces the request.
    pub trace_id: Option<String>,
}

impl Attributes {
    /// None of them.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The message was sent to this list.
    #[must_use]
    pub fn list(mut self, id: impl Into<String>) -> Self {
        self.list = Some(id.into());
        self
    }

    /// The message is given to this provider.
    #[must_use]
    pub fn provider(mut self, key: impl Into<String>) -> Self {
        self.provider = Some(key.into());
        self
    }

    /// The message has this tag, beside those that it already has.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// The message was sent in the context of this tenant.
    #[must_use]
    pub fn tenant_id(mut self, id: impl Into<String>) -> Self {
        self.tenant_id = Some(id.into());
        self
    }

    /// The message is of the request with this trace identifier.
    #[must_use]
    pub fn trace_id(mut self, id: impl Into<String>) -> Self {
        self.trace_id = Some(id.into());
        self
    }
}
