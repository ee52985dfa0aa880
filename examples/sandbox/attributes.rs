/// Attributes of a message that its record doesn't show, but that a list can be filtered by.
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
    /// The id of the list that the message was sent to.
    pub list: Option<String>,
    /// The key of the provider that delivers the message. If `None`, the provider is `sendgrid` once the message is
    /// routed.
    pub provider: Option<String>,
    /// The tags of the message.
    pub tags: Vec<String>,
    /// The id of the tenant that the message was sent for.
    pub tenant_id: Option<String>,
    /// The trace id of the request that sent the message.
    pub trace_id: Option<String>,
}

impl Attributes {
    /// No attributes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the list that the message was sent to.
    #[must_use]
    pub fn list(mut self, id: impl Into<String>) -> Self {
        self.list = Some(id.into());
        self
    }

    /// Sets the provider that delivers the message.
    #[must_use]
    pub fn provider(mut self, key: impl Into<String>) -> Self {
        self.provider = Some(key.into());
        self
    }

    /// Adds a tag.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Sets the tenant that the message was sent for.
    #[must_use]
    pub fn tenant_id(mut self, id: impl Into<String>) -> Self {
        self.tenant_id = Some(id.into());
        self
    }

    /// Sets the trace id of the request that sent the message.
    #[must_use]
    pub fn trace_id(mut self, id: impl Into<String>) -> Self {
        self.trace_id = Some(id.into());
        self
    }
}
