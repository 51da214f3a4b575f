//! The ledger: one item per delivery, and the transitions between its states.
//!
//! ```text
//!             claim (only if there is no item, or an expired one)
//!               │
//!               ▼
//!   ┌──────► pending ──── settle ────► sent ─── after RETENTION_DAYS ──► (deleted)
//!   │         │  ▲                      │
//!   │  lease  │  │ postpone             │
//!   │ retake  │  │ (a send failed)      │
//!   │ (relay) └──┘                      │
//!   │          │                        │
//!   │          └── park ──► parked ─────┤
//!   │  (20 failures of its own in a     │
//!   │   row, or 100 leases)             │
//!   └──────────────── replay ◄──────────┘
//! ```
//!
//! - **The claim is the outbox.** One write stores the key and everything needed to send the event, so a duplicate can
//!   be answered at once: whatever became of the first delivery's handler, the relay finishes its work. There is no
//!   in-progress lock that a crash could leave behind or a slow owner could lose.
//! - **Every transition is conditional** on the token and attempt it read ([`Fence`]). A slow owner that was overtaken
//!   can't settle, postpone or park what now belongs to another attempt.
//! - **A lost answer costs nothing.** The second try of a claim, a lease, a settle or a park that was applied finds its
//!   own mark on the item, and is told that it succeeded.
//! - **A lease leaves a mark** on the item, and every result takes it off. An item that is due and still marked was
//!   abandoned: its relay died, perhaps of this event. It is retaken alone, after all others, and the abandoned lease
//!   counts as a failure of its own.
//! - **Nothing unsent expires.** Only settling writes the expiry time.
//! - A pending item says when it is [due](Pending::due): after the grace in which its handler may still be at work,
//!   after a lease, or after the wait that follows a failed send.
//!
//! The operator's side of the ledger is in [`operator`].

mod backlog;
mod delivery;
mod key;
pub mod mark;
pub mod operator;
pub mod packed;

use std::time::Duration;

use jiff::Timestamp;

pub use backlog::{Backlog, LEASE, Lease, Leased, MAX_ATTEMPTS, MAX_LEASES, PARKED_AFTER, Pending, Setbacks};
pub use delivery::{Delivery, StoredDelivery};
pub use key::Key;
pub(crate) use key::sender;
pub use packed::Packed;

/// The time for which a claimed delivery is left to its handler. It is longer than any handler can live, so the relay
/// never sends what a handler may still be sending.
pub const GRACE: Duration = Duration::from_secs(30);

/// The least time for which a sent or erased item is kept from then on, however long ago it was received. It is longer
/// than any provider goes on retrying (Svix: 28 hours), so a retry still meets the item.
pub const KEPT_AT_LEAST: Duration = Duration::from_hours(2 * 24);

/// The number of parts that the index of pending items is spread over, so that no single DynamoDB partition gets all
/// writes.
pub const SHARDS: u32 = 8;

/// Returns the part of the pending index that an item is listed in.
pub fn shard(ledger_key: &str) -> u32 {
    // FNV-1a: it has to be the same for ever and everywhere, which std's hasher doesn't promise.
    let hash = ledger_key
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % SHARDS
}

/// Returns the time that much later, or the last that there is: one item's strange time must not end a relay.
pub(crate) fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// An item and one attempt at it. A transition holds only while the item still says the same (a fencing token).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// The item's key.
    pub ledger_key: String,
    /// The claim's token, or the last replay's.
    pub token: String,
    /// The number of times the relay has leased it; 0 is the handler's own attempt.
    pub attempt: u32,
}

impl Fence {
    /// Returns the fence of the handler that has just claimed the delivery.
    pub fn claimed(delivery: &Delivery) -> Self {
        Self { ledger_key: delivery.ledger_key.clone(), token: delivery.token.clone(), attempt: 0 }
    }
}

/// The result of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The delivery is stored now, and the caller's to send.
    New,
    /// It was stored before.
    Duplicate(Earlier),
}

/// The facts that the item of an earlier delivery holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// The state of the item.
    pub state: State,
    /// `true` if its body was the same. A provider's id that comes with another body is worth a look.
    pub same_body: bool,
}

/// The state of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Stored, and still to be sent.
    Pending,
    /// Taken by the queue.
    Sent,
    /// Taken out of the pending index after [`MAX_ATTEMPTS`] failures of its own or [`MAX_LEASES`] leases, until an
    /// operator replays it.
    Parked,
}

impl State {
    /// Returns the state of an item that is listed as pending, or holds when it was parked, or neither.
    pub const fn of(pending: bool, parked: bool) -> Self {
        match (pending, parked) {
            (true, _) => Self::Pending,
            (false, true) => Self::Parked,
            (false, false) => Self::Sent,
        }
    }

    /// Returns the state's name, in logs and on the operator's terminal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Parked => "parked",
        }
    }
}

/// The result of a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// The item was changed.
    Done,
    /// The item belongs to another attempt by now; nothing was changed.
    Overtaken,
}

/// The handler's side of the ledger: two operations, two permissions (`PutItem`, `UpdateItem`).
pub trait Ledger {
    /// Stores the delivery unless it is there. Atomic: of any number at once, one is [`Claim::New`].
    ///
    /// Answers `New` as well if the item there carries the delivery's own token: an earlier try of the same claim was
    /// applied, and only its answer was lost.
    fn claim(&self, delivery: &Delivery) -> impl Future<Output = Result<Claim, LedgerError>>;

    /// Marks a pending item sent, to be kept until `expires`.
    ///
    /// Answers `Done` as well if this attempt has settled it already: an earlier try was applied, and only its answer was
    /// lost. `Overtaken` always means that another attempt owns the item.
    fn settle(
        &self,
        fence: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> impl Future<Output = Result<Transition, LedgerError>>;
}

/// The ledger didn't answer as it should. The operation may have been applied all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ledger did not answer: {error_code}")]
pub struct LedgerError {
    /// A short name for the log, such as a service's error code.
    pub error_code: String,
}

impl LedgerError {
    /// Makes the error of a service's error code.
    pub fn new(error_code: impl Into<String>) -> Self {
        Self { error_code: error_code.into() }
    }
}
