//! The queue that events go to, and the message an event travels in.

use sha2::{Digest as _, Sha256};

use crate::document::Document;
use crate::event::Event;

/// One message, complete: whoever sends it has nothing left to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The event's JSON.
    pub body: String,
    /// Names and values that consumers filter by. Never empty strings: SQS refuses those.
    pub attributes: Vec<(&'static str, String)>,
    /// On a FIFO queue: what stays in order with what.
    pub group: String,
    /// On a FIFO queue: copies with the same id within five minutes are one.
    pub deduplication_id: String,
}

impl Message {
    /// The event's id and `replay` make the deduplication id: every copy of one delivery has the same, a replay
    /// another. Not `pk`, which a later delivery may have again: the queue would drop it as a copy of the first.
    pub fn new(event: &Event, group: Option<&str>, document: &Document<'_>, pk: &str) -> Self {
        let entity = group.or(event.subject.as_deref()).unwrap_or(pk);
        let attributes = [
            ("provider", event.provider.as_str()),
            ("type", event.event_type.as_str()),
            ("providertype", event.providertype.as_deref().unwrap_or_default()),
        ];
        Self {
            body: event.encode(document),
            attributes: attributes
                .into_iter()
                .map(|(name, value)| (name, attribute(value)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            group: hash(&[&event.provider, entity]),
            deduplication_id: hash(&[&event.id, &event.replay.unwrap_or(0).to_string()]),
        }
    }
}

/// Longer names are cut: an attribute counts into the message's size, and no provider's type comes near.
const MAX_ATTRIBUTE_BYTES: usize = 128;

/// Visible ASCII only: the provider's type is its own free text, and a filter policy matches exact strings.
fn attribute(value: &str) -> String {
    value.chars().filter(char::is_ascii_graphic).take(MAX_ATTRIBUTE_BYTES).collect()
}

/// 64 hexadecimal digits: what FIFO ids may hold (128 of alphanumeric and punctuation), whatever went in.
fn hash(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.as_bytes());
        sha.update([0]);
    }
    base16ct::lower::encode_string(&sha.finalize())
}

/// Where messages go. A 200 of the queue's is its promise to keep the message.
pub trait Queue {
    fn send(&self, message: &Message) -> impl Future<Output = Result<(), QueueError>>;

    /// Sends up to [`MAX_BATCH`] messages at once; the results are in the messages' order.
    fn send_batch(&self, messages: &[Message]) -> impl Future<Output = Vec<Result<(), QueueError>>>;
}

/// What SQS takes in one request.
pub const MAX_BATCH: usize = 10;

/// The queue didn't confirm that it took the message. It may have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the queue did not take the message: {cause}")]
pub struct QueueError {
    /// A short name, such as a service's error code: for the log.
    pub cause: String,
}

impl QueueError {
    pub fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into() }
    }
}
