//! The result of reading a verified body.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::event::Facts;
use crate::parsed_body::ParsedBody;

/// The result of reading a body. Reading can't fail: verified input is never refused for its shape (promise 5 in
/// DELIVERY.md).
#[derive(Debug, Clone)]
pub enum Reading {
    /// A known type, with what could be read of it.
    Event(Box<Facts>),
    /// A test of the connection: answered and counted, not queued.
    Ping,
    /// Anything else: queued with its bytes, under the type the provider gave it, if it gave one.
    Unrecognized { provider_type: Option<String> },
}

/// The function that reads a provider's bodies: [`Provider::read`](super::Provider::read).
pub type Read = fn(&ParsedBody<'_>) -> Reading;

impl Reading {
    /// Returns the reading of a body that names no type.
    pub fn unrecognized() -> Self {
        Self::Unrecognized { provider_type: None }
    }

    /// Returns the facts that an event is made of; `None` for a ping, which is not queued.
    pub fn into_facts(self) -> Option<Facts> {
        match self {
            Self::Event(facts) => Some(*facts),
            Self::Ping => None,
            Self::Unrecognized { provider_type } => Some(Facts::unrecognized(provider_type)),
        }
    }

    /// Reads a body, and takes one that makes the provider's module panic for unrecognized: refusing it would lose it,
    /// and a retry would panic again.
    pub fn attempt(read: Read, body: &ParsedBody<'_>) -> Self {
        catch_unwind(AssertUnwindSafe(|| read(body))).unwrap_or_else(|_| Self::unrecognized())
    }
}
