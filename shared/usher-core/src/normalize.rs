//! From the facts of a body to the message that goes on the queue. Handler and relay both come through here.

use crate::event::{Event, Facts, Origin};
use crate::ledger::packed::UnpackError;
use crate::ledger::{StoredDelivery, sender};
use crate::parsed_body::ParsedBody;
use crate::provider::{Read, Reading};
use crate::queue::Message;

/// Makes the event of some facts, and the message that carries it.
pub fn message(
    facts: Facts,
    body: &ParsedBody<'_>,
    ledger_key: &str,
    origin: &Origin<'_>,
) -> (Event, Message) {
    // The name is part of the key, so that the relay, which knows only what is stored, makes the same event.
    let facts = facts.of_sender(sender(ledger_key));
    let group = facts.group();
    let event = Event::new(facts, origin);
    let message = Message::new(&event, group.as_deref(), body, ledger_key, &origin.trace);
    (event, message)
}

/// The reason why no event can be made of a stored delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    #[error("no such provider")]
    Provider,
    #[error(transparent)]
    Body(#[from] UnpackError),
    #[error("reads as a ping")]
    Ping,
}

/// Makes the event of a stored delivery as today's mapping has it: a mapping that was fixed since is used.
pub fn rebuild(
    stored: &StoredDelivery,
    readers: &[(&'static str, Read)],
    max_body_bytes: usize,
) -> Result<(Event, Message), Unsendable> {
    let (provider, read) =
        readers.iter().find(|(name, _)| *name == stored.provider()).ok_or(Unsendable::Provider)?;
    let body = stored.body.unpack(max_body_bytes)?;
    let origin = Origin {
        provider,
        id: stored.event_id(),
        received: stored.received,
        deduplication: stored.deduplication(),
        replay: stored.replay,
        trace: stored.trace,
    };
    let body = ParsedBody::parse(&body);
    let facts = Reading::attempt(*read, &body).into_facts().ok_or(Unsendable::Ping)?;
    Ok(message(facts, &body, &stored.ledger_key, &origin))
}
