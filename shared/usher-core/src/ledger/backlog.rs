//! The relay's side of the ledger: leases, and what it remembers of earlier sends.

use std::time::Duration;

use jiff::Timestamp;

use super::{Fence, Ledger, LedgerError, StoredDelivery, Transition};

/// The time for which a leased event is left to the relay that leased it. It is longer than any relay run can live.
pub const LEASE: Duration = Duration::from_mins(1);

/// The number of attempts in a row that fail by the event's own fault after which it is parked.
pub const MAX_ATTEMPTS: u32 = 20;

/// The number of leases after which an event is parked whatever made its sends fail. It bounds the copies that a queue
/// takes without confirming them. An outage has to last [`PARKED_AFTER`] at least before it uses up so many.
pub const MAX_LEASES: u32 = 100;

/// The length of an outage of the queue up to which nothing is parked because of it, whatever the outage is like.
pub const PARKED_AFTER: Duration = Duration::from_hours(40);

/// One line of the pending index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The item's key.
    pub ledger_key: String,
    /// The time from which the relay may lease it.
    pub due: Timestamp,
    /// The time of receipt.
    pub received: Timestamp,
}

/// The earlier sends of an event that did not succeed, since it was received or last replayed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Setbacks {
    /// The number of attempts in a row that failed by the event's own fault: the queue rejected the message, none could
    /// be made, or a relay ended without a result while it worked on the event.
    pub failed: u32,
    /// The number of sends that the queue may have taken without confirming it.
    pub unconfirmed: u32,
}

/// A pending event leased to one relay: all it needs to send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The relay's proof that the attempt is its own.
    pub fence: Fence,
    /// The earlier sends that did not succeed.
    pub setbacks: Setbacks,
    /// The delivery that its event is made from.
    pub delivery: StoredDelivery,
}

/// The result of asking for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lease {
    /// The item is the caller's until the lease ends.
    Taken(Box<Leased>),
    /// An earlier lease ended without a result. The relay that held it may have died of this very event, so the item is
    /// left unchanged, to be [retaken](Backlog::retake) alone.
    Abandoned,
    /// The item is no longer as the index showed it.
    Gone,
}

/// The relay's side of the ledger, besides settling.
pub trait Backlog: Ledger {
    /// Lists pending items of one shard, those due first, after the line `after`; at most `limit`.
    fn pending(
        &self,
        shard: u32,
        after: Option<&Pending>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Pending>, LedgerError>>;

    /// Takes an item for one attempt, which is counted at once, and marks it as leased to `relay`.
    ///
    /// Answers `Taken` as well if the item carries `relay` and is due at `until` already: an earlier try of the same
    /// lease was applied, and only its answer was lost.
    fn lease(
        &self,
        pending: &Pending,
        relay: &str,
        until: Timestamp,
    ) -> impl Future<Output = Result<Lease, LedgerError>>;

    /// Takes an abandoned item for one attempt, and counts one failure for the lease that ended without a result.
    ///
    /// Returns `None` if the item is no longer as the index showed it, or is not abandoned. A lost answer is treated as
    /// in [`Backlog::lease`].
    fn retake(
        &self,
        pending: &Pending,
        relay: &str,
        until: Timestamp,
    ) -> impl Future<Output = Result<Option<Leased>, LedgerError>>;

    /// Ends a lease. Leaves the item pending, due at `due`, with the setbacks so far.
    fn postpone(
        &self,
        fence: &Fence,
        due: Timestamp,
        setbacks: Setbacks,
    ) -> impl Future<Output = Result<Transition, LedgerError>>;

    /// Ends a lease. Takes the item out of the pending index until an operator replays it.
    ///
    /// Answers `Done` as well if this attempt has parked it already.
    fn park(&self, fence: &Fence, parked: Timestamp)
    -> impl Future<Output = Result<Transition, LedgerError>>;
}
