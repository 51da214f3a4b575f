//! The reasons for which a message comes again.

use crate::seen::SeenError;

/// A message that was not handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The message's id.
    pub message_id: String,
    /// The reason.
    pub failure: Failure,
}

/// The reason for which a message was not handled. It quotes nothing of the event but its version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// serde's own message could quote the body.
    #[error("the message is no event of Usher: line {line}, column {column}")]
    Unreadable { line: usize, column: usize },
    /// It stays in the dead-letter queue until the consumer can read it.
    #[error("the event is of another version: {0:?}")]
    UnknownVersion(String),
    #[error("another invocation is at work on the event")]
    Held,
    #[error("the lease ended before the event was handled, and another invocation has taken it over")]
    Overtaken,
    #[error(transparent)]
    Seen(#[from] SeenError),
    #[error("{0}")]
    Handler(String),
    #[error("the handler panicked")]
    Panicked,
    /// On a FIFO queue only.
    #[error("a message before it failed")]
    Behind,
}
