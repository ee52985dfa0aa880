//! The two enumerations in a message record. Each keeps unknown values as text.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that this version doesn't know. It is written back as it was read.
///
/// Only [`FromStr`] and `Deserialize` create one, so it never hides a known value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<str>);

/// An enumeration of strings, with a variant for unknown values.
macro_rules! vocabulary {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident { $($(#[doc = $doc:literal])* $variant:ident = $text:literal,)* }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $(#[doc = ""] #[doc = $doc])* $variant,)*
            /// A value that this version doesn't know.
            Unknown(UnknownValue),
        }

        impl $name {
            /// Every value that this version knows, in alphabetical order.
            pub const KNOWN: &[Self] = &[$(Self::$variant),*];

            /// Returns the value as Courier writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(UnknownValue(text)) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    unknown => Self::Unknown(UnknownValue(unknown.into())),
                }
            }
        }

        /// Never fails: unknown values become [`Unknown`](Self::Unknown).
        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(text: &str) -> Result<Self, Infallible> {
                Ok(text.into())
            }
        }

        /// Writes the value as Courier does. Unknown values come from a server, and are escaped.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::Unknown(UnknownValue(text)) => f.pad(&text.escape_debug().to_string()),
                    known => f.pad(known.as_str()),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                std::borrow::Cow::<str>::deserialize(deserializer).map(|text| Self::from(&*text))
            }
        }
    };
}

vocabulary! {
    /// The current status of a message.
    ///
    /// `Display` writes Courier's name for it; [`meaning`](Self::meaning) explains it.
    pub enum MessageStatus {
        Canceled = "CANCELED",
        Clicked = "CLICKED",
        Delayed = "DELAYED",
        Delivered = "DELIVERED",
        Digested = "DIGESTED",
        Enqueued = "ENQUEUED",
        Filtered = "FILTERED",
        Opened = "OPENED",
        Routed = "ROUTED",
        Sent = "SENT",
        Simulated = "SIMULATED",
        Throttled = "THROTTLED",
        Undeliverable = "UNDELIVERABLE",
        Unmapped = "UNMAPPED",
        Unroutable = "UNROUTABLE",
    }
}

impl MessageStatus {
    /// Returns what the status means, in the words of Courier's documentation; `None` if it doesn't say.
    ///
    /// Source: the fields of `MessageDetails` in the
    /// [API reference](https://www.courier.com/docs/api-reference/sent-messages/cancel-message).
    #[must_use]
    pub fn meaning(&self) -> Option<&'static str> {
        match self {
            Self::Enqueued => Some("Courier received the message request"),
            Self::Sent => Some("Courier passed the message to the integration provider"),
            Self::Delivered => Some("the integration provider delivered the message"),
            Self::Opened => Some("the recipient opened the message"),
            Self::Clicked => Some("the recipient clicked on a tracked link"),
            Self::Canceled => Some("the message was cancelled while it was being delivered"),
            Self::Delayed
            | Self::Digested
            | Self::Filtered
            | Self::Routed
            | Self::Simulated
            | Self::Throttled
            | Self::Undeliverable
            | Self::Unmapped
            | Self::Unroutable
            | Self::Unknown(_) => None,
        }
    }
}

vocabulary! {
    /// Why a message has its status.
    pub enum Reason {
        Bounced = "BOUNCED",
        Failed = "FAILED",
        Filtered = "FILTERED",
        NoChannels = "NO_CHANNELS",
        NoProviders = "NO_PROVIDERS",
        OptInRequired = "OPT_IN_REQUIRED",
        ProviderError = "PROVIDER_ERROR",
        Unpublished = "UNPUBLISHED",
        Unsubscribed = "UNSUBSCRIBED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_value_is_known_and_round_trips() {
        let statuses = "CANCELED CLICKED DELAYED DELIVERED DIGESTED ENQUEUED FILTERED OPENED ROUTED SENT SIMULATED \
                        THROTTLED UNDELIVERABLE UNMAPPED UNROUTABLE";
        let reasons = "BOUNCED FAILED FILTERED NO_CHANNELS NO_PROVIDERS OPT_IN_REQUIRED PROVIDER_ERROR UNPUBLISHED \
                       UNSUBSCRIBED";
        assert!(statuses.split_whitespace().eq(MessageStatus::KNOWN.iter().map(MessageStatus::as_str)));
        assert!(reasons.split_whitespace().eq(Reason::KNOWN.iter().map(Reason::as_str)));
        for status in MessageStatus::KNOWN {
            let json = serde_json::to_string(status).expect("JSON");
            assert_eq!(&serde_json::from_str::<MessageStatus>(&json).expect("a status"), status);
        }
        for reason in Reason::KNOWN {
            assert_eq!(&Reason::from(reason.as_str()), reason);
        }
    }

    #[test]
    fn an_unknown_value_is_kept_as_text() {
        let json = r#""TELEPORTED \u001b[31m""#;
        let status: MessageStatus = serde_json::from_str(json).expect("a status");
        assert!(matches!(status, MessageStatus::Unknown(_)));
        assert_eq!(status.as_str(), "TELEPORTED \u{1b}[31m");
        assert_eq!(serde_json::to_string(&status).expect("JSON"), json);
        assert_eq!(status.to_string(), "TELEPORTED \\u{1b}[31m", "no control character reaches a terminal");
        assert_eq!("SENT".parse(), Ok(MessageStatus::Sent));
        assert_eq!(format!("[{:>6}]", MessageStatus::Sent), "[  SENT]");
    }
}
