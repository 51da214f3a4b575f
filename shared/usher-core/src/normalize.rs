//! From a stored or just verified body to the message that goes on the queue. Handler and relay both come through here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::attribute;
use crate::document::Document;
use crate::event::{Event, Origin};
use crate::queue::Message;
use crate::reading::Reading;

/// How a provider's bodies are read: [`Provider::read`](crate::provider::Provider::read).
pub type Read = fn(&Document<'_>) -> Reading;

/// Reads a body and survives it: a body that makes a provider module panic is kept and queued as unrecognized, since
/// refusing it would lose it.
pub fn read(read: Read, document: &Document<'_>) -> Reading {
    catch_unwind(AssertUnwindSafe(|| read(document))).unwrap_or_else(|_| Reading::unrecognized())
}

/// The message of a reading; `None` for a ping, which is not queued.
pub fn message(
    reading: Reading,
    document: &Document<'_>,
    pk: &str,
    origin: &Origin<'_>,
) -> Option<(Event, Message)> {
    let group = match &reading {
        // As the subject of another event about the same is.
        Reading::Event(facts) => facts.group.clone().map(attribute::bounded),
        _ => None,
    };
    let event = Event::new(reading, origin)?;
    let message = Message::new(&event, group.as_deref(), document, pk);
    Some((event, message))
}
