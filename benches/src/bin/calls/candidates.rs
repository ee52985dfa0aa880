//! Who makes the call: a module for each candidate, a line for each row of the table.

mod courier;
mod hyper;
mod hyper_util;
mod reqwest;
#[cfg(feature = "retrofit")]
mod retrofit;
mod rustify;

use std::time::Duration;

use ::courier_core::{Courier, HyperTransport, ReqwestTransport};
use anyhow::{Context as _, Result};
use http::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

use crate::messages::Message;
use crate::work::{self, Work};

/// The rows of the table. The others are compared with the first.
pub const CANDIDATES: &[Candidate] = &[
    Candidate::of::<reqwest::Client>("reqwest", "reqwest alone"),
    Candidate::of::<reqwest::Roomy>("reqwest-1024", "reqwest alone, with room for 1,024 headers"),
    Candidate::of::<ReqwestTransport>("transport-reqwest", "own trait over `ReqwestTransport`"),
    Candidate::of::<courier::ThroughReqwest>("courier-reqwest", "`Courier` through reqwest: retry, deadline, limits"),
    Candidate::of::<HyperTransport>("transport-hyper", "own trait over `HyperTransport`"),
    Candidate::of::<Courier>("courier-hyper", "`Courier` over hyper: retry, deadline, limits"),
    Candidate::of::<hyper_util::Client>("hyper-util", "hyper-util's client alone"),
    Candidate::of::<hyper::Client>("hyper", "hyper's connections alone, without a pool's rules"),
    Candidate::of::<rustify::Client>("rustify", "rustify"),
    #[cfg(feature = "retrofit")]
    Candidate::of::<retrofit::Client>("retrofit", "retrofit-rs, over reqwest 0.11"),
];

/// A row of the table.
pub struct Candidate {
    pub name: &'static str,
    pub description: &'static str,
    work: fn(&str, &Work) -> Result<()>,
}

impl Candidate {
    const fn of<C: Client>(name: &'static str, description: &'static str) -> Self {
        Self { name, description, work: work::run::<C> }
    }

    /// Does this work with the server at a URL, and prints what it cost if that is measured in this process.
    pub fn work(&self, url: &str, work: &Work) -> Result<()> {
        (self.work)(url, work)
    }
}

pub fn candidate(name: &str) -> Result<&'static Candidate> {
    CANDIDATES.iter().find(|candidate| candidate.name == name).with_context(|| format!("unknown candidate: {name}"))
}

/// A client as an application has it: made once, and called often.
pub trait Client: Sized + Send + Sync + 'static {
    fn new(url: &str) -> Result<Self>;

    /// Cancels a message. A conflict is an error.
    fn cancel(&self, message_id: &str) -> impl Future<Output = Result<Message>> + Send;
}

const KEY: &str = "pk_test_0123456789";
const USER_AGENT: &str = "courier-benches/0.0.0";
const ATTEMPT: Duration = Duration::from_secs(20);

/// What is encoded in a segment of a path: all but the unreserved characters, as this library does.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The headers that a client sends with each request, next to its own `user-agent`.
fn headers() -> Result<HeaderMap> {
    let mut key = HeaderValue::try_from(format!("Bearer {KEY}"))?;
    key.set_sensitive(true);
    Ok(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json")), (AUTHORIZATION, key)]))
}
