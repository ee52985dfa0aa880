//! The call with this library: an own trait over a transport.

use anyhow::{Result, bail};
use courier_core::{Courier, ReqwestTransport, Transport};

use super::{ATTEMPT, Client, KEY, USER_AGENT};
use crate::messages::{Cancellation, Message, Messages};

/// A transport of this library, with the settings that the other candidates have.
pub trait Declared: Transport + Sized + 'static {
    fn over(url: &str) -> Result<Self>;
}

impl Declared for ReqwestTransport {
    fn over(url: &str) -> Result<Self> {
        Ok(Self::builder(url).bearer_token(KEY).user_agent(USER_AGENT).attempt_timeout(ATTEMPT).build()?)
    }
}

impl Declared for Courier {
    fn over(url: &str) -> Result<Self> {
        Ok(Self::builder().base_url(url).api_key(KEY).attempt_timeout(ATTEMPT).build()?)
    }
}

impl<T: Declared> Client for T {
    fn new(url: &str) -> Result<Self> {
        Self::over(url)
    }

    async fn cancel(&self, message_id: &str) -> Result<Message> {
        match Messages::cancel(self, message_id).await? {
            Cancellation::Ok(message) => Ok(message),
            Cancellation::Conflict(_) => bail!("a conflict"),
        }
    }
}
