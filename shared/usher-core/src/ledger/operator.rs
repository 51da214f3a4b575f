//! The operator's side of the ledger: look at what it keeps, send it once more, erase it.
//!
//! ```text
//!   sent, parked ──── replay ────► pending (due at once, another token, attempt 0, replay + 1)
//!   sent, parked, pending ──── forget ────► a tombstone: key, digest and times, and no body
//!               (unless it is being sent)
//! ```
//!
//! - **A tombstone is never pending**, so no relay leases one, and it can't be replayed. A duplicate still meets it as
//!   the earlier delivery, until it expires.
//! - Both operations are conditional on what the operator has seen, as every [transition](crate::ledger) is. Of two
//!   replays at once, one is counted. An item that was sent, leased or replaced meanwhile is left alone.
//! - **A lost answer costs nothing**: the second try of either finds that it was applied, and is told so.
//! - **What is being sent is not forgotten**: a handler in its grace or a relay with a lease may have it on its way, and
//!   an operator must not be told that it is never sent.
//! - **An operator's clock may be off** by [`CLOCK_SKEW`]. No result depends on it by more than that, and where the item
//!   has times of its own, those decide.

use std::time::Duration;

use jiff::Timestamp;

use super::delivery::{self, StoredDelivery, event_id};
use super::packed::Packed;
use super::{KEPT_AT_LEAST, LedgerError, Setbacks, State, Transition, later};
use crate::digest::Digest;
use crate::signature::VerifiedBy;
use crate::trace::Trace;

/// The time by which an operator's clock may be off. AWS refuses what is signed by a clock that is further off.
pub const CLOCK_SKEW: Duration = Duration::from_mins(5);

/// One item of the ledger, with everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// `<provider>#<key>`.
    pub ledger_key: String,
    /// The claim's token, or the last replay's.
    pub token: String,
    /// The number of times the relay has leased it since it was received or last replayed.
    pub attempt: u32,
    /// The mark of the relay that leased it, until the lease has a result.
    pub lease: Option<String>,
    /// The earlier sends of it that did not succeed.
    pub setbacks: Setbacks,
    /// The number of times it was replayed.
    pub replay: u32,
    /// The digest of the body.
    pub digest: Option<Digest>,
    /// The time of receipt.
    pub received: Timestamp,
    /// The time from which the relay may lease it, while it is pending.
    pub due: Option<Timestamp>,
    /// The time at which it was last sent. A replay removes it until the relay has sent the item again.
    pub sent: Option<Timestamp>,
    /// The time at which it was parked.
    pub parked: Option<Timestamp>,
    /// The time at which it was last replayed.
    pub replayed: Option<Timestamp>,
    /// The time at which its body was erased.
    pub forgotten: Option<Timestamp>,
    /// The time at which the ledger drops it. Nothing unsent has one.
    pub expires: Option<Timestamp>,
    /// The traces of the request that brought it; none once erased.
    pub trace: Trace,
    /// The secrets that verified it, as far as its [mark](super::mark) says: not the newest of an account without a name.
    pub verified_by: VerifiedBy,
    /// The body; `None` once erased.
    pub body: Option<Packed>,
}

/// The reason why a delivery can't be replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReplayable {
    #[error("it is pending already: the relay will send it")]
    Pending,
    #[error("its body was erased")]
    Forgotten,
    #[error("it was replayed since")]
    Replayed,
    #[error("it was sent or parked since")]
    Later,
}

impl Item {
    /// Returns the provider's name.
    pub fn provider(&self) -> &str {
        delivery::provider(&self.ledger_key)
    }

    /// Returns the id of its event.
    pub fn event_id(&self) -> String {
        event_id(&self.ledger_key)
    }

    /// Returns the state that its attributes say.
    pub fn state(&self) -> State {
        State::of(self.due.is_some(), self.parked.is_some())
    }

    /// Returns the last moment at which anything happened to it, as far as the ledger keeps that.
    pub fn changed(&self) -> Timestamp {
        [self.sent, self.parked, self.replayed].into_iter().flatten().fold(self.received, Timestamp::max)
    }

    /// Returns whether a handler or a relay may be sending it, at the time `now` of a clock that is at most [`CLOCK_SKEW`]
    /// off.
    pub fn is_being_sent(&self, now: Timestamp) -> bool {
        // A handler has no lease: it owns the item from the claim until the item is due. Nothing replayed is a handler's.
        let is_owned = self.lease.is_some() || (self.attempt == 0 && self.replayed.is_none());
        is_owned && self.due.is_some_and(|due| due > earlier(now, CLOCK_SKEW))
    }

    /// Returns the time at which it is due when it is replayed: at once, even if the operator's clock is fast.
    pub fn due_when_replayed(&self, now: Timestamp) -> Timestamp {
        self.last_worked_on().min(now)
    }

    /// Returns the time at which it expires once its body was erased, if it has no expiry yet: `wanted`, but
    /// [`KEPT_AT_LEAST`] from now on, even if the operator's clock is slow.
    pub fn tombstone_expires(&self, now: Timestamp, wanted: Timestamp) -> Timestamp {
        wanted.max(later(self.last_worked_on().max(now), KEPT_AT_LEAST))
    }

    /// Returns the last moment that a handler or a relay has written, by their clocks.
    fn last_worked_on(&self) -> Timestamp {
        [self.sent, self.parked].into_iter().flatten().fold(self.received, Timestamp::max)
    }

    /// Returns whether it may be replayed, by a run that is resumed if it began at `resumed`. An interrupted run is resumed
    /// as of its beginning. So it replays nothing twice, and nothing that it found pending then: that was sent or parked
    /// since.
    pub fn replayable(&self, resumed: Option<Timestamp>) -> Result<(), NotReplayable> {
        let since =
            |time: Option<Timestamp>| time.zip(resumed).is_some_and(|(time, resumed)| time >= resumed);
        if since(self.replayed) {
            return Err(NotReplayable::Replayed);
        }
        if self.state() != State::Pending && (since(self.sent) || since(self.parked)) {
            return Err(NotReplayable::Later);
        }
        match (self.forgotten, self.state()) {
            (Some(_), _) => Err(NotReplayable::Forgotten),
            (None, State::Pending) => Err(NotReplayable::Pending),
            (None, State::Sent | State::Parked) => Ok(()),
        }
    }

    /// Returns the delivery that its event is made from; `None` once erased.
    pub fn delivery(&self) -> Option<StoredDelivery> {
        Some(StoredDelivery {
            ledger_key: self.ledger_key.clone(),
            body: self.body.clone()?,
            received: self.received,
            replay: self.replay,
            trace: self.trace,
        })
    }
}

/// Returns the time that much earlier, or the first that there is.
fn earlier(time: Timestamp, by: Duration) -> Timestamp {
    time.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

/// The conditions that a wanted item meets, all of them, and how the ledger is read for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The name of the provider.
    pub provider: Option<String>,
    /// The earliest time of receipt.
    pub since: Option<Timestamp>,
    /// The time before which it was received.
    pub until: Option<Timestamp>,
    /// The earliest time at which it was received, sent, parked or replayed.
    pub changed_since: Option<Timestamp>,
    /// `true` if only parked items are wanted.
    pub parked: bool,
    /// `true` if every write that was answered before the read must be seen. Such a read costs twice as much.
    pub consistent: bool,
}

impl Selection {
    /// Returns whether the item meets all conditions.
    pub fn takes(&self, item: &Item) -> bool {
        self.provider.as_ref().is_none_or(|provider| item.provider() == provider)
            && self.since.is_none_or(|since| item.received >= since)
            && self.until.is_none_or(|until| item.received < until)
            && self.changed_since.is_none_or(|since| item.changed() >= since)
            && (!self.parked || item.state() == State::Parked)
    }
}

/// One page of a scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The wanted items of the page; there may be none.
    pub items: Vec<Item>,
    /// The keys of the items that are not Usher's, or broken.
    pub unreadable: Vec<String>,
    /// The place after which the next page begins; `None` after the last.
    pub next: Option<String>,
    /// The price of the page in DynamoDB's read units, halves included. Everything read is paid, not only what was
    /// wanted.
    pub read_units: f64,
}

/// The operations of an operator.
pub trait OperatorLedger {
    /// Reads one item, as it is now.
    fn get(&self, ledger_key: &str) -> impl Future<Output = Result<Option<Item>, LedgerError>>;

    /// Reads a page of the wanted items, from after `after` on, in no particular order.
    ///
    /// A page may be empty and not the last. Every item of the ledger is read and paid for: there is no index by time.
    fn scan(
        &self,
        selection: &Selection,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page, LedgerError>>;

    /// Makes a sent or parked item pending again, under another token and without setbacks, as of
    /// [`due_when_replayed`](Item::due_when_replayed). Overtaken, and unchanged, if it is no longer as seen.
    fn replay(
        &self,
        seen: &Item,
        token: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Transition, LedgerError>>;

    /// Erases an item's body, whatever state it was seen in: a pending one is never sent.
    ///
    /// The item expires when it would have. If it had no expiry, [`tombstone_expires`](Item::tombstone_expires) says when.
    /// Overtaken, and unchanged, if it is no longer as seen or [is being sent](Item::is_being_sent).
    fn forget(
        &self,
        seen: &Item,
        now: Timestamp,
        expires: Timestamp,
    ) -> impl Future<Output = Result<Transition, LedgerError>>;
}
