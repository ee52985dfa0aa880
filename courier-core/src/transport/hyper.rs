//! The network transport directly over hyper.

mod dial;

pub(super) use self::dial::Connector;
