//! From a stored or just verified body to the message that goes on the queue. Handler and relay both come through here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use jiff::Timestamp;

use crate::attribute;
use crate::delivery::{self, event_id};
use crate::document::Document;
use crate::event::{Deduplication, Event, Origin};
use crate::packed::{Packed, UnpackError};
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

/// What the ledger keeps of a delivery for its event to be made from.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    pub pk: &'a str,
    pub body: &'a Packed,
    pub received: Timestamp,
    pub same_until: Option<Timestamp>,
    /// How often it was replayed.
    pub replay: u32,
}

/// Why no event can be made of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    #[error("no such provider")]
    Provider,
    #[error(transparent)]
    Body(#[from] UnpackError),
    #[error("reads as a ping")]
    Ping,
}

impl Kept<'_> {
    /// The id of the event, the same as on the first way through.
    pub fn event_id(&self) -> String {
        event_id(self.pk, self.same_until.map(|_| self.received))
    }

    /// The event as it is made today: a mapping mended since is used.
    pub fn afresh(
        &self,
        readers: &[(&'static str, Read)],
        max_body_bytes: usize,
    ) -> Result<(Event, Message), Unsendable> {
        let name = delivery::provider(self.pk);
        let (provider, reader) =
            readers.iter().find(|(provider, _)| *provider == name).ok_or(Unsendable::Provider)?;
        let body: Bytes = self.body.unpack(max_body_bytes)?;
        let origin = Origin {
            provider,
            id: self.event_id(),
            received: self.received,
            deduplication: Deduplication::Checked,
            replay: self.replay,
        };
        let document = Document::parse(&body);
        message(read(*reader, &document), &document, self.pk, &origin).ok_or(Unsendable::Ping)
    }
}
