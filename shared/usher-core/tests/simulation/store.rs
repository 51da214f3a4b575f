//! The ledger's own side: the one in memory, whose every change is checked when it happens.

use std::cell::RefCell;

use futures_util::future::FutureExt as _;
use jiff::Timestamp;
use usher_core::ledger::operator::Item;
use usher_core::ledger::{
    Backlog as _, Claim, Delivery, Fence, Lease, Leased, Ledger as _, LedgerError, Pending, Setbacks,
    Transition, shard,
};
use usher_core::memory::MemoryLedger;

use crate::evidence::{Owner, Violation};
use crate::executor::Millis;
use crate::world::{World, millis};

#[derive(Default)]
pub struct Store {
    pub memory: MemoryLedger,
    /// The pending index, as it was after each change.
    index: RefCell<Vec<(Millis, Vec<Pending>)>>,
}

/// What is in memory answers at once and never fails.
pub fn at_once<T>(answer: impl Future<Output = Result<T, LedgerError>>) -> T {
    answer.now_or_never().expect("it waits for nothing").expect("it can't fail")
}

impl Store {
    pub fn items(&self) -> Vec<(String, Item)> {
        let keys = self.memory.keys().into_iter();
        keys.filter_map(|ledger_key| self.memory.item(&ledger_key).map(|item| (ledger_key, item))).collect()
    }

    /// Remembers the pending index after a change, and tells when the first of what is in it is due.
    pub fn changed(&self, now: Millis) -> Option<Millis> {
        let items = self.items().into_iter();
        let lines = items.filter_map(|(ledger_key, Item { due, received, .. })| {
            due.map(|due| Pending { ledger_key, due, received })
        });
        let mut lines: Vec<Pending> = lines.collect();
        lines.sort_by_key(|pending| pending.due);
        let first = lines.first().map(|pending| millis(pending.due));
        self.index.borrow_mut().push((now, lines));
        first
    }

    pub fn claim(&self, delivery: &Delivery) -> Claim {
        at_once(self.memory.claim(delivery))
    }

    /// `fence` is who asks, and `shown` what the ledger is shown: another's only in a mutant.
    pub fn settle_for(
        &self,
        world: &World,
        fence: &Fence,
        shown: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> Transition {
        let is_done = |item: &Item| item.sent.is_some();
        let change = || self.memory.settle(shown, sent, expires);
        let transition = self.audited(world, "settled", fence, is_done, change);
        if transition == Transition::Done {
            world.evidence.borrow_mut().settlings.entry(Owner::of(fence)).or_default().effective = true;
        }
        transition
    }

    pub fn postpone(&self, world: &World, fence: &Fence, due: Timestamp, setbacks: Setbacks) -> Transition {
        let change = || self.memory.postpone(fence, due, setbacks);
        self.audited(world, "postponed", fence, |_| false, change)
    }

    pub fn park(&self, world: &World, fence: &Fence, parked: Timestamp) -> Transition {
        let is_done = |item: &Item| item.parked.is_some();
        self.audited(world, "parked", fence, is_done, || self.memory.park(fence, parked))
    }

    pub fn pending(&self, of: u32, after: Option<&Pending>, limit: usize) -> Vec<Pending> {
        at_once(self.memory.pending(of, after, limit))
    }

    /// The index as it was at a moment: a few lines, which fit one page.
    pub fn pending_at(&self, of: u32, moment: Millis) -> Vec<Pending> {
        let index = self.index.borrow();
        let then = index.iter().rev().find(|(changed, _)| *changed <= moment);
        let lines = then.into_iter().flat_map(|(_, lines)| lines);
        lines.filter(|pending| shard(&pending.ledger_key) == of).cloned().collect()
    }

    /// A transition takes effect if, and only if, it is the present owner's. One that took effect is done, however often
    /// it is asked for.
    fn audited<F: Future<Output = Result<Transition, LedgerError>>>(
        &self,
        world: &World,
        what: &str,
        fence: &Fence,
        is_done: impl FnOnce(&Item) -> bool,
        change: impl FnOnce() -> F,
    ) -> Transition {
        let item = self.memory.item(&fence.ledger_key);
        let owned = item.is_some_and(|item| {
            (item.due.is_some() || is_done(&item))
                && (&item.token, item.attempt) == (&fence.token, fence.attempt)
        });
        let transition = at_once(change());
        if (transition == Transition::Done) != owned {
            world.violated(Violation::Overtaken(format!(
                "{} was {what} by attempt {} of {}: {transition:?}",
                fence.ledger_key, fence.attempt, fence.token
            )));
        }
        transition
    }
}

/// Only what is due may be leased, and only by one who has seen what it is now. What was leased to this very run until
/// that moment stays leased to it.
pub fn leasing(
    world: &World,
    pending: &Pending,
    relay: &str,
    until: Timestamp,
    lease: impl FnOnce() -> Lease,
) -> Lease {
    let before = world.store.memory.item(&pending.ledger_key);
    let lease = lease();
    let expected = match before.as_ref().map(|item| Seen::of(item, world, pending, relay, until)) {
        Some(Seen::Own | Seen::Free) => matches!(lease, Lease::Taken(_)),
        Some(Seen::Abandoned) => lease == Lease::Abandoned,
        Some(Seen::Changed) | None => lease == Lease::Gone,
    };
    if !expected {
        world.violated(Violation::Overtaken(format!("{} was leased: {lease:?}", pending.ledger_key)));
    }
    lease
}

/// The same of what was abandoned.
pub fn retaking(
    world: &World,
    pending: &Pending,
    relay: &str,
    until: Timestamp,
    retake: impl FnOnce() -> Option<Leased>,
) -> Option<Leased> {
    let before = world.store.memory.item(&pending.ledger_key);
    let leased = retake();
    let seen = before.as_ref().map(|item| Seen::of(item, world, pending, relay, until));
    if leased.is_some() != matches!(seen, Some(Seen::Own | Seen::Abandoned)) {
        world.violated(Violation::Overtaken(format!("{} was retaken: {leased:?}", pending.ledger_key)));
    }
    leased
}

/// An item as a lease finds it.
enum Seen {
    Own,
    Free,
    Abandoned,
    Changed,
}

impl Seen {
    fn of(item: &Item, world: &World, pending: &Pending, relay: &str, until: Timestamp) -> Self {
        if (item.due, item.lease.as_deref()) == (Some(until), Some(relay)) {
            return Self::Own;
        }
        if item.due != Some(pending.due) || pending.due > world.timestamp() {
            return Self::Changed;
        }
        if item.lease.is_some() { Self::Abandoned } else { Self::Free }
    }
}

impl Owner {
    pub fn of(fence: &Fence) -> Self {
        Self { token: fence.token.clone(), attempt: fence.attempt }
    }
}
