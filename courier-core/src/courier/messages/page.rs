use serde::{Deserialize, Serialize};

use super::MessageDetails;
use crate::paging::Page;

/// One page of a list of messages.
///
/// Source: [List messages](https://www.courier.com/docs/api-reference/sent-messages/list-messages).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessagePage {
    /// Where the list continues.
    pub paging: Paging,
    /// The messages, newest first.
    pub results: Vec<MessageDetails>,
}

impl MessagePage {
    /// Creates a page with these messages.
    #[must_use]
    pub fn new(results: Vec<MessageDetails>, paging: Paging) -> Self {
        Self { paging, results }
    }
}

/// Makes `paging::items(|cursor| courier.list(cursor.as_deref(), &filter))` the whole list.
impl Page for MessagePage {
    type Item = MessageDetails;

    fn into_parts(self) -> (Vec<MessageDetails>, Option<String>) {
        let next = self.paging.next_cursor().map(str::to_owned);
        (self.results, next)
    }
}

/// Where a list continues, or that it has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Paging {
    /// The cursor of the next page, to be passed on unchanged. It may be present after the last page too: only
    /// [`more`](Self::more) says whether there is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Whether there are messages after this page.
    pub more: bool,
}

impl Paging {
    /// The list continues at this cursor.
    #[must_use]
    pub fn more(cursor: impl Into<String>) -> Self {
        Self { cursor: Some(cursor.into()), more: true }
    }

    /// The list has ended.
    #[must_use]
    pub fn end() -> Self {
        Self { cursor: None, more: false }
    }

    /// Returns the cursor of the next page; `None` after the last one.
    #[must_use]
    pub fn next_cursor(&self) -> Option<&str> {
        // An empty cursor returns the first page, so following it would never end.
        self.cursor.as_deref().filter(|cursor| self.more && !cursor.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::messages::MessageStatus;

    #[test]
    fn a_documented_page_is_read_and_written_back() {
        let body = json!({
            "paging": { "cursor": "MTU4OTQ5NTI1ODY4NywxLTVlYmRjNWRhLTEwODZlYWFjMWRmMjEwMTNjM2I0ZjVhMA==", "more": true },
            "results": [{
                "id": "1-5e2b2615-05efbb3acab9172f88dd3f6f",
                "status": "DELIVERED",
                "enqueued": 1_562_611_073_426_i64,
                "sent": 1_562_611_074_138_i64,
                "delivered": 1_562_611_077_139_i64,
                "recipient": "CC607F6E84A34305AE98B72C",
                "event": "my-event",
                "notification": "TAFGNB3GNQ4MZVHW4WV4R8Q8ZVN4",
            }],
        });
        let page: MessagePage = serde_json::from_value(body.clone()).expect("a page");
        assert_eq!(page.results[0].status, MessageStatus::Delivered);
        assert_eq!(page.paging.next_cursor(), body["paging"]["cursor"].as_str());
        assert_eq!(serde_json::to_value(page).expect("JSON"), body);
    }

    #[test]
    fn only_more_decides_whether_there_is_another_page() {
        let paging = |body: Value| serde_json::from_value::<Paging>(body).expect("paging");
        for (body, next) in [
            (json!({ "cursor": "x", "more": true }), Some("x")),
            (json!({ "cursor": "x", "more": false }), None),
            (json!({ "cursor": "", "more": true }), None),
            (json!({ "cursor": null, "more": true }), None),
            (json!({ "more": true }), None),
        ] {
            assert_eq!(paging(body.clone()).next_cursor(), next, "{body}");
        }
        assert_eq!(paging(json!({ "cursor": null, "more": false, "new": 1 })), Paging::end());
        serde_json::from_value::<Paging>(json!({ "cursor": "x" })).expect_err("`more` is required");
    }
}
