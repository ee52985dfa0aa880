//! The queries of requests.

use courier_core::messages::{MessageFilter, Timestamp};
use serde::{Deserialize, de::DeserializeOwned};

use crate::cursor::{InvalidCursor, Position};
use crate::record::Record;

/// The query of `GET /messages`.
#[derive(Debug)]
pub(crate) struct ListQuery {
    pub(crate) filter: MessageFilter,
    /// Where the previous page ended.
    pub(crate) after: Option<Position>,
}

#[derive(Deserialize)]
struct CursorParameter {
    cursor: Option<String>,
}

impl ListQuery {
    /// # Errors
    ///
    /// A message that says what is wrong with the query.
    pub(crate) fn parse(query: &str) -> Result<Self, String> {
        // Parsed twice, because `flatten` would lose repeated keys and numbers.
        let filter = parse(query)?;
        let CursorParameter { cursor } = parse(query)?;
        let after = cursor
            .map(|cursor| cursor.parse())
            .transpose()
            .map_err(|InvalidCursor| "Invalid cursor: use the one from the previous page".to_owned())?;
        Ok(Self { filter, after })
    }
}

/// The query of `GET /messages/{id}/history`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct HistoryQuery {
    /// Selects events of this type only.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
}

impl HistoryQuery {
    /// # Errors
    ///
    /// A message that says what is wrong with the query.
    pub(crate) fn parse(query: &str) -> Result<Self, String> {
        parse(query)
    }
}

/// A list's key may be repeated. Unknown keys are ignored.
fn parse<T: DeserializeOwned>(query: &str) -> Result<T, String> {
    serde_html_form::from_str(query).map_err(|error| format!("Invalid query: {error}"))
}

/// Whether the message, in its current state, matches the filter.
pub(crate) fn admits(filter: &MessageFilter, record: &Record, now: Timestamp) -> bool {
    let (details, attributes) = (record.details(now), record.attributes());
    (filter.archived == Some(true) || !record.is_archived())
        && filter.enqueued_after.is_none_or(|moment| details.enqueued >= moment)
        && is(filter.event.as_deref(), Some(&details.event))
        && is(filter.list.as_deref(), attributes.list.as_deref())
        && is(filter.message_id.as_deref(), Some(&details.id))
        && is(filter.notification.as_deref(), Some(&details.notification))
        && is_one_of(&filter.provider, record.provider(now))
        && is(filter.recipient.as_deref(), Some(&details.recipient))
        && (filter.status.is_empty() || filter.status.contains(&details.status))
        && has_one_of(filter.tag.iter().map(String::as_str), &attributes.tags)
        && has_one_of(filter.tags.iter().flat_map(|tags| tags.split(',')).map(str::trim), &attributes.tags)
        && is(filter.tenant_id.as_deref(), attributes.tenant_id.as_deref())
        && is(filter.trace_id.as_deref(), attributes.trace_id.as_deref())
}

fn is(wanted: Option<&str>, value: Option<&str>) -> bool {
    wanted.is_none() || wanted == value
}

fn is_one_of(wanted: &[String], value: Option<&str>) -> bool {
    wanted.is_empty() || wanted.iter().any(|wanted| Some(wanted.as_str()) == value)
}

fn has_one_of<'w>(wanted: impl Iterator<Item = &'w str>, values: &[String]) -> bool {
    let mut wanted = wanted.peekable();
    wanted.peek().is_none() || wanted.any(|wanted| values.iter().any(|value| value == wanted))
}

#[cfg(test)]
mod tests {
    use courier_core::messages::{MessageDetails, MessageStatus};

    use super::*;
    use crate::Attributes;

    const NOW: Timestamp = Timestamp::from_millis(1_686_752_793_725);

    fn record() -> Record {
        let details = MessageDetails::new("1", MessageStatus::Sent, NOW, "ada", "welcome", "welcome-email");
        let attributes = Attributes::new()
            .list("customers")
            .provider("twilio")
            .tag("new")
            .tag("vip")
            .tenant_id("acme")
            .trace_id("1a3b9d40d64fbf34");
        Record::at_rest(details, attributes, NOW)
    }

    fn finds(query: &str) -> bool {
        let ListQuery { filter, .. } = ListQuery::parse(query).expect("a query");
        admits(&filter, &record(), NOW)
    }

    #[test]
    fn every_parameter_filters_by_its_own_condition() {
        for (right, wrong) in [
            ("", "messageId=2"),
            ("archived=false", "recipient=grace"),
            ("enqueued_after=1686752793725", "enqueued_after=1686752793726"),
            ("event=welcome", "event=welcom"),
            ("list=customers", "list=welcome"),
            ("messageId=1", "messageId=11"),
            ("notification=welcome-email", "notification=welcome"),
            ("provider=twilio", "provider=sendgrid"),
            ("provider=sendgrid&provider=twilio", "provider=sendgrid&provider=slack"),
            ("recipient=ada", "recipient=Ada"),
            ("status=SENT", "status=ENQUEUED"),
            ("status=CANCELED&status=SENT", "status=CANCELED&status=TELEPORTED"),
            ("tag=vip", "tag=new%2Cvip"),
            ("tag=old&tag=new", "tag=old&tag=odd"),
            ("tags=old%2C+new", "tags=old%2Codd"),
            ("tenant_id=acme", "tenant_id=umbrella"),
            ("traceId=1a3b9d40d64fbf34", "traceId=0"),
            ("recipient=ada&status=SENT&tag=vip", "recipient=ada&status=SENT&tag=odd"),
        ] {
            assert!(finds(right), "{right}");
            assert!(!finds(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_archived_message_is_found_only_on_request() {
        let mut record = record();
        record.archive();
        let finds = |filter: MessageFilter| admits(&filter, &record, NOW);
        assert!(!finds(MessageFilter::new()));
        assert!(!finds(MessageFilter::new().archived(false)));
        assert!(finds(MessageFilter::new().archived(true)));
    }

    #[test]
    fn a_filter_that_a_client_writes_is_read_back_unchanged() {
        let written = MessageFilter::new()
            .archived(true)
            .enqueued_after(NOW)
            .event("a&b=c")
            .list("l")
            .message_id("1")
            .notification("n")
            .provider("p")
            .provider("q")
            .recipient("grüß dich")
            .status(MessageStatus::Sent)
            .tag("x,y")
            .tags("x,y")
            .tenant_id("t")
            .trace_id("+");
        let query = serde_html_form::to_string(&written).expect("pairs");
        assert_eq!(ListQuery::parse(&query).expect("a query").filter, written, "{query}");
        assert_eq!(serde_html_form::to_string(MessageFilter::new()).expect("pairs"), "");
    }

    #[test]
    fn an_unknown_parameter_is_ignored_and_an_invalid_value_is_an_error() {
        assert!(finds("unknown=1&limit=x"));
        for query in ["cursor=", "archived=maybe", "enqueued_after=yesterday", "recipient=a&recipient=b", "cursor=x"] {
            let error = ListQuery::parse(query).expect_err(query);
            assert!(error.starts_with("Invalid "), "{query}: {error}");
        }
    }
}
