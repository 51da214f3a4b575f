//! The queue that events go to, and the message an event travels in.

use sha2::{Digest as _, Sha256};

use crate::event::Event;
use crate::parsed_body::ParsedBody;
use crate::trace::Trace;

/// One message, complete: its sender has nothing left to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The event's JSON.
    pub body: String,
    /// The names and values that consumers filter by. Never empty strings: SQS refuses those.
    pub attributes: Vec<(&'static str, String)>,
    /// The X-Ray tracing header, by which X-Ray joins sender and consumer.
    pub trace_header: Option<String>,
    /// The group within which a FIFO queue keeps the order.
    pub group: String,
    /// The id by which a FIFO queue drops copies within five minutes.
    pub deduplication_id: String,
}

impl Message {
    /// Makes the message of an event.
    ///
    /// The event's id and `replay` make the deduplication id: every copy of one delivery has the same, a replay has
    /// another. `ledger_key` would not do, as a later delivery may have it again: the queue would drop that as a copy.
    pub fn new(
        event: &Event,
        group: Option<&str>,
        content: &ParsedBody<'_>,
        ledger_key: &str,
        trace: &Trace,
    ) -> Self {
        let entity = group.or(event.subject.as_deref()).unwrap_or(ledger_key);
        let attributes = [
            ("provider", event.provider.as_str()),
            ("type", event.event_type.as_str()),
            ("providertype", event.providertype.as_deref().unwrap_or_default()),
        ];
        Self {
            body: event.encode(content),
            attributes: attributes
                .into_iter()
                .map(|(name, value)| (name, attribute(value)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            trace_header: trace.xray_header(),
            group: hash(&[&event.provider, entity]),
            deduplication_id: hash(&[&event.id, &event.replay.unwrap_or(0).to_string()]),
        }
    }
}

/// The length in bytes at which an attribute is cut. It counts into the message's size, and no provider's type comes near.
const MAX_ATTRIBUTE_BYTES: usize = 128;

/// Keeps visible ASCII only: the provider's type is its own free text, and a filter policy matches exact strings.
fn attribute(value: &str) -> String {
    value.chars().filter(char::is_ascii_graphic).take(MAX_ATTRIBUTE_BYTES).collect()
}

/// Hashes parts to 64 hexadecimal digits. FIFO ids may hold 128 characters, alphanumeric and punctuation.
fn hash(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.as_bytes());
        sha.update([0]);
    }
    base16ct::lower::encode_string(&sha.finalize())
}

/// The queue that messages go to. Its 200 is the promise to keep the message.
pub trait Queue {
    /// Returns whether the queue drops a second copy of a message for five minutes, as a FIFO queue does.
    fn drops_copies(&self) -> bool;

    /// Sends one message.
    fn send(&self, message: &Message) -> impl Future<Output = Result<(), QueueError>>;

    /// Sends up to [`MAX_BATCH`] messages at once; the results are in the messages' order.
    fn send_batch(&self, messages: &[Message]) -> impl Future<Output = Vec<Result<(), QueueError>>>;
}

/// The number of messages that SQS takes in one request (SendMessageBatch).
pub const MAX_BATCH: usize = 10;

/// The queue didn't confirm that it took the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the queue did not take the message: {error_code}")]
pub struct QueueError {
    /// The knowledge of what became of the message.
    pub failure: SendFailure,
    /// A short name for the log, such as a service's error code.
    pub error_code: String,
}

/// The knowledge of what became of a message that was not confirmed. Where a request was tried more than once, it is that
/// of all tries together: one try without an answer makes the message unconfirmed, whatever the next try was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendFailure {
    /// The queue did not take it, because of the message itself: it will not take it later either.
    Rejected,
    /// The queue did not take it, for a reason of its own: it was throttled, out of reach, or not permitted.
    Refused,
    /// The queue may have taken it: there was no answer, or one that does not say.
    Unconfirmed,
}

impl QueueError {
    /// Makes the error of a message that the queue will never take.
    pub fn rejected(error_code: impl Into<String>) -> Self {
        Self { failure: SendFailure::Rejected, error_code: error_code.into() }
    }

    /// Makes the error of a message that the queue certainly did not take.
    pub fn refused(error_code: impl Into<String>) -> Self {
        Self { failure: SendFailure::Refused, error_code: error_code.into() }
    }

    /// Makes the error of a message that the queue may have taken.
    pub fn unconfirmed(error_code: impl Into<String>) -> Self {
        Self { failure: SendFailure::Unconfirmed, error_code: error_code.into() }
    }
}
