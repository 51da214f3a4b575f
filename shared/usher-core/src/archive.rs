//! What an operator does with the ledger: look at what it keeps, have it sent once more, erase it.
//!
//! ```text
//!   sent, parked ──── replay ────► pending (due at once, another token, attempt 0, replay + 1)
//!   sent, parked, pending ──── forget ────► a tombstone: key, digest and times, and no body
//! ```
//!
//! - **A tombstone is never pending**, so no relay ever leases one, and it can't be replayed. It still is the earlier
//!   delivery that a duplicate meets, until it expires.
//! - Both operations are conditional on what the operator has seen, as every [transition](crate::ledger) is: of two
//!   replays at once, one is counted, and what was sent, leased or replaced meanwhile is left alone.

use jiff::Timestamp;

use crate::delivery::{self, Digest, event_id};
use crate::ledger::{LedgerError, State, Transition};
use crate::normalize::Kept;
use crate::packed::Packed;

/// All that the ledger holds of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub pk: String,
    /// The claim's token, or the last replay's.
    pub token: String,
    /// How often the relay has leased it, since it was received or last replayed.
    pub attempt: u32,
    /// How often it was replayed.
    pub replay: u32,
    pub digest: Option<Digest>,
    pub received: Timestamp,
    pub same_until: Option<Timestamp>,
    /// When it is due, while it is pending.
    pub due: Option<Timestamp>,
    /// As of the last time through: a replay removes it until the relay has sent it again.
    pub sent: Option<Timestamp>,
    pub parked: Option<Timestamp>,
    /// When it was last replayed.
    pub replayed: Option<Timestamp>,
    /// When its body was erased.
    pub forgotten: Option<Timestamp>,
    /// When the ledger drops it. Nothing unsent has it.
    pub expires: Option<Timestamp>,
    /// The body; `None` once forgotten.
    pub body: Option<Packed>,
}

/// Why a delivery can't be replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReplayable {
    #[error("it is pending already: the relay will send it")]
    Pending,
    #[error("its body was erased")]
    Forgotten,
    #[error("it was replayed since")]
    Replayed,
}

impl Stored {
    /// The provider's name, as its key says.
    pub fn provider(&self) -> &str {
        delivery::provider(&self.pk)
    }

    /// The id of its event.
    pub fn event_id(&self) -> String {
        event_id(&self.pk, self.same_until.map(|_| self.received))
    }

    pub fn state(&self) -> State {
        State::of(self.due.is_some(), self.parked.is_some())
    }

    /// The last moment at which anything happened to it, as far as it is kept.
    pub fn changed(&self) -> Timestamp {
        [self.sent, self.parked, self.replayed].into_iter().flatten().fold(self.received, Timestamp::max)
    }

    /// Whether it may be replayed, by a run that leaves out what was replayed at `resumed` or later: a run that was
    /// interrupted is resumed as of its beginning, and replays nothing twice.
    pub fn replayable(&self, resumed: Option<Timestamp>) -> Result<(), NotReplayable> {
        if resumed.is_some_and(|resumed| self.replayed.is_some_and(|replayed| replayed >= resumed)) {
            return Err(NotReplayable::Replayed);
        }
        match (self.forgotten, self.state()) {
            (Some(_), _) => Err(NotReplayable::Forgotten),
            (None, State::Pending) => Err(NotReplayable::Pending),
            (None, State::Sent | State::Parked) => Ok(()),
        }
    }

    /// What its event is made from; `None` once forgotten.
    pub fn kept(&self) -> Option<Kept<'_>> {
        Some(Kept {
            pk: &self.pk,
            body: self.body.as_ref()?,
            received: self.received,
            same_until: self.same_until,
            replay: self.replay,
        })
    }
}

/// Which of the ledger's items are wanted: those of which all that is said here holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The name of the provider.
    pub provider: Option<String>,
    /// Received then or later.
    pub since: Option<Timestamp>,
    /// Received before.
    pub until: Option<Timestamp>,
    /// Received, sent, parked or replayed then or later.
    pub changed_since: Option<Timestamp>,
    /// Parked ones alone.
    pub parked: bool,
}

impl Selection {
    pub fn takes(&self, stored: &Stored) -> bool {
        self.provider.as_ref().is_none_or(|provider| stored.provider() == provider)
            && self.since.is_none_or(|since| stored.received >= since)
            && self.until.is_none_or(|until| stored.received < until)
            && self.changed_since.is_none_or(|since| stored.changed() >= since)
            && (!self.parked || stored.state() == State::Parked)
    }
}

/// A part of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub items: Vec<Stored>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
    /// What reading it cost, in DynamoDB's read units: by what was read, not by what was wanted of it.
    pub read_units: f64,
}

/// What an operator does with the ledger.
pub trait Archive {
    /// One item, as it is now.
    fn read(&self, pk: &str) -> impl Future<Output = Result<Option<Stored>, LedgerError>>;

    /// A page of the items wanted, from after `after` on, in no order that means anything. A page may be empty and not
    /// the last. Every item of the ledger is read for it, and paid: there is no index by time.
    fn scan(
        &self,
        selection: &Selection,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page, LedgerError>>;

    /// Makes a sent or parked item pending again, due at once, under another token. Overtaken, and unchanged, if it is
    /// no longer as seen.
    fn replay(
        &self,
        seen: &Stored,
        token: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Transition, LedgerError>>;

    /// Erases an item's body, whatever state it was seen in: what was pending is never sent. It expires when it would
    /// have, or at `expires` if nothing says when. Overtaken, and unchanged, if it is no longer as seen.
    fn forget(
        &self,
        seen: &Stored,
        now: Timestamp,
        expires: Timestamp,
    ) -> impl Future<Output = Result<Transition, LedgerError>>;
}
