//! The store of the events that were handled.
//!
//! ```text
//!              begin
//!   (unknown) ───────► being handled ── finish ──► handled ── after its expiry ──► (unknown)
//!       ▲                 │    │
//!       └──── release ────┘    └── begin, once the lease is over (its owner died)
//! ```
//!
//! - **The mark is set before the work, and completed after it.** A process that dies in between leaves a lease that ends.
//!   Then the event is handled again: it is never lost.
//! - **Every change is fenced** by the owner's token. An owner whose lease ended, and whose event another has taken over,
//!   changes nothing.
//! - **A lost answer costs nothing**: the second try of a change that was applied is told that it succeeded.

use jiff::Timestamp;

/// An event's key and one attempt at it. A change holds only while the store still says the same (a fencing token).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The event's `id` and `replay`.
    pub key: String,
    /// The mark that tells this attempt from any other.
    pub token: String,
}

/// The result of [`Seen::begin`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// The event is the caller's to handle.
    Yours,
    /// The event was handled before.
    Handled,
    /// Another attempt is at work on it.
    Held,
}

/// The result of [`Seen::finish`] and [`Seen::release`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The change was made.
    Done,
    /// The event belongs to another attempt by now; nothing was changed.
    Overtaken,
}

/// The times of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The present.
    pub now: Timestamp,
    /// The end of the lease: the moment at which the caller's process has certainly ended.
    pub until: Timestamp,
    /// The moment at which the store may forget the event.
    pub expires: Timestamp,
}

/// The store of the events that were handled.
pub trait Seen {
    /// Leases an event unless it was handled, or another attempt's lease has not ended. Atomic: of any number at once, one
    /// is [`Begin::Yours`].
    fn begin(&self, attempt: &Attempt, times: Times) -> impl Future<Output = Result<Begin, SeenError>>;

    /// Marks an event handled, as long as the lease is still the attempt's.
    fn finish(&self, attempt: &Attempt, times: Times) -> impl Future<Output = Result<Finish, SeenError>>;

    /// Gives an event up, so that the next attempt may begin at once.
    fn release(&self, attempt: &Attempt) -> impl Future<Output = Result<Finish, SeenError>>;
}

/// The store did not answer as it should. The change may have been made all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the store of handled events did not answer: {error_code}")]
pub struct SeenError {
    /// A short name for the log, such as a service's error code.
    pub error_code: String,
}
