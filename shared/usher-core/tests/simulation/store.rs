//! The ledger's own side: the one in memory, whose every change is checked when it happens.

use std::cell::RefCell;

use futures_util::future::FutureExt as _;
use jiff::Timestamp;
use usher_core::ledger::Delivery;
use usher_core::ledger::operator::Item;
use usher_core::ledger::{
    Backlog as _, Claim, Fence, Leased, Ledger as _, LedgerError, Pending, Transition, shard,
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
        let transition = self.audited(world, "settled", fence, || self.memory.settle(shown, sent, expires));
        if transition == Transition::Done {
            world.evidence.borrow_mut().settlings.entry(Owner::of(fence)).or_default().effective = true;
        }
        transition
    }

    pub fn postpone(&self, world: &World, fence: &Fence, due: Timestamp) -> Transition {
        self.audited(world, "postponed", fence, || self.memory.postpone(fence, due))
    }

    pub fn park(&self, world: &World, fence: &Fence, parked: Timestamp) -> Transition {
        self.audited(world, "parked", fence, || self.memory.park(fence, parked))
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

    /// Only what is due may be leased, and only by one who has seen what it is now.
    pub fn lease(&self, world: &World, pending: &Pending, until: Timestamp) -> Option<Leased> {
        let due = self.memory.item(&pending.ledger_key).and_then(|item| item.due);
        let leased = at_once(self.memory.lease(pending, until));
        if leased.is_some() && (due != Some(pending.due) || pending.due > world.timestamp()) {
            world.violated(Violation::Overtaken(format!(
                "{} was leased before it was due",
                pending.ledger_key
            )));
        }
        leased
    }

    /// A transition takes effect if, and only if, it is the present owner's.
    fn audited<F: Future<Output = Result<Transition, LedgerError>>>(
        &self,
        world: &World,
        what: &str,
        fence: &Fence,
        change: impl FnOnce() -> F,
    ) -> Transition {
        let item = self.memory.item(&fence.ledger_key);
        let owned = item.is_some_and(|item| {
            item.due.is_some() && (&item.token, item.attempt) == (&fence.token, fence.attempt)
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

impl Owner {
    pub fn of(fence: &Fence) -> Self {
        Self { token: fence.token.clone(), attempt: fence.attempt }
    }
}
