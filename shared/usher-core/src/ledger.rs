//! The ledger: one item per delivery, and what may happen to it.
//!
//! ```text
//!             claim (only if there is no item, or an expired one)
//!               │
//!               ▼
//!   ┌──────► pending ──── settle ────► sent ─── after RETENTION_DAYS ──► (deleted)
//!   │         │  ▲                      │
//!   │  lease  │  │ postpone             │
//!   │ (relay) └──┘ (a send failed)      │
//!   │          │                        │
//!   │          └── park ──► parked ─────┤
//!   │           (20 failed sends)       │
//!   └──────────────── replay ◄──────────┘
//! ```
//!
//! - **The claim is the outbox.** One write stores the key and everything needed to send the event, so a duplicate can
//!   be answered at once: whatever became of the first delivery's handler, the relay finishes its work. There is no
//!   in-progress lock that a crash could leave behind or a slow owner could lose.
//! - **Every transition is conditional** on the token and attempt it read ([`Fence`]), so whoever was overtaken, however
//!   slow, can't settle, postpone or park what now belongs to another's attempt.
//! - **Nothing unsent expires.** The expiry time is written by settle alone.
//! - A pending item says when it is [due](Pending::due): after the grace in which its handler may still be at work, or
//!   after a lease, or after the wait that a failed send has earned it.

use std::time::Duration;

use jiff::Timestamp;

use crate::delivery::Delivery;
use crate::normalize::Kept;
use crate::packed::Packed;

/// How long a claimed delivery is left to its handler. Longer than any handler can live, so that the relay never
/// sends what a handler may still be sending.
pub const GRACE: Duration = Duration::from_secs(30);

/// How long a leased event is left to the relay that leased it. Longer than any relay run can live.
pub const LEASE: Duration = Duration::from_mins(1);

/// Failed sends after which an event is parked.
pub const MAX_ATTEMPTS: u32 = 20;

/// How many parts the index of pending items is spread over, so that none of DynamoDB's partitions gets all writes.
pub const SHARDS: u32 = 8;

/// Which part of the pending index an item is listed in.
pub fn shard(pk: &str) -> u32 {
    // FNV-1a: it must be the same for ever and everywhere, which std's hasher doesn't promise.
    let hash =
        pk.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % SHARDS
}

/// Which item, and whose attempt of it: every transition holds only while the item still says the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    pub pk: String,
    /// The claim's token.
    pub token: String,
    /// How often the relay has leased it; 0 is the handler's own attempt.
    pub attempt: u32,
}

impl Fence {
    /// The handler's: the delivery it has just claimed.
    pub fn claimed(delivery: &Delivery) -> Self {
        Self { pk: delivery.pk.clone(), token: delivery.token.clone(), attempt: 0 }
    }
}

/// What a claim found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The delivery is stored now, and the caller's to send.
    New,
    /// It was stored before.
    Duplicate(Earlier),
}

/// What the item of an earlier delivery says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    pub state: State,
    /// Whether its body was the same. A provider's id that comes with another body is worth a look.
    pub same_body: bool,
    /// Until when it counts as the same delivery, if not always.
    pub same_until: Option<Timestamp>,
}

impl Earlier {
    /// The earlier delivery is over, and only not replaced because it has still to be sent.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.same_until.is_some_and(|until| until < now)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Pending,
    Sent,
    Parked,
}

impl State {
    /// The state of an item that is listed as pending, or holds when it was parked, or neither.
    pub const fn of(pending: bool, parked: bool) -> Self {
        match (pending, parked) {
            (true, _) => Self::Pending,
            (false, true) => Self::Parked,
            (false, false) => Self::Sent,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Parked => "parked",
        }
    }
}

/// What a transition found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    Done,
    /// The item is another's by now; nothing was changed.
    Overtaken,
}

/// One line of the pending index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub pk: String,
    /// From when on the relay may lease it.
    pub due: Timestamp,
    pub received: Timestamp,
}

/// A pending event leased to one relay: all it needs to send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    pub fence: Fence,
    /// Still packed: a body that doesn't unpack is the event's failure, not the ledger's.
    pub body: Packed,
    pub received: Timestamp,
    pub same_until: Option<Timestamp>,
    /// How often it was replayed.
    pub replay: u32,
}

impl Leased {
    /// What its event is made from.
    pub fn kept(&self) -> Kept<'_> {
        Kept {
            pk: &self.fence.pk,
            body: &self.body,
            received: self.received,
            same_until: self.same_until,
            replay: self.replay,
        }
    }

    /// The id of the event, the same as on the first way through.
    pub fn event_id(&self) -> String {
        self.kept().event_id()
    }
}

/// What a handler does with the ledger: two operations, two permissions (`PutItem`, `UpdateItem`).
pub trait Ledger {
    /// Stores the delivery unless it is there. Atomic: of any number at once, one is [`Claim::New`].
    ///
    /// Answers `New` as well if the item there carries the delivery's own token: an earlier try of the same claim was
    /// applied, and only its answer was lost.
    fn claim(&self, delivery: &Delivery) -> impl Future<Output = Result<Claim, LedgerError>>;

    /// Marks a pending item sent, to be kept until `expires`.
    fn settle(
        &self,
        fence: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> impl Future<Output = Result<Transition, LedgerError>>;
}

/// What the relay does with the ledger, besides settling.
pub trait Backlog: Ledger {
    /// Pending items of one shard, those due first, from after `last` on; at most `limit`.
    fn pending(
        &self,
        shard: u32,
        after: Option<&Pending>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Pending>, LedgerError>>;

    /// Takes an item for one attempt, which it counts at once: what kills a relay is counted, too. `None` if it is no
    /// longer as `pending` shows it.
    fn lease(
        &self,
        pending: &Pending,
        until: Timestamp,
    ) -> impl Future<Output = Result<Option<Leased>, LedgerError>>;

    /// Leaves an item pending, due at `due`.
    fn postpone(
        &self,
        fence: &Fence,
        due: Timestamp,
    ) -> impl Future<Output = Result<Transition, LedgerError>>;

    /// Takes an item out of the pending index until an operator replays it.
    fn park(&self, fence: &Fence, parked: Timestamp)
    -> impl Future<Output = Result<Transition, LedgerError>>;
}

/// The ledger didn't answer as it should. What was asked of it may have been done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ledger did not answer: {cause}")]
pub struct LedgerError {
    /// A short name, such as a service's error code: for the log.
    pub cause: String,
}

impl LedgerError {
    pub fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into() }
    }
}
