//! The ledger as a process sees it: across a network that fails.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;
use usher_core::budget::{CLAIM_SHARE, SETTLE_SHARE};
use usher_core::ledger::Delivery;
use usher_core::ledger::{Backlog, Claim, Fence, Leased, Ledger, LedgerError, Pending, Transition};

use crate::deadline::Deadline;
use crate::evidence::Owner;
use crate::faults::{Fault, Operation, Process, Site};
use crate::mutants;
use crate::network::{call, within};
use crate::relays;
use crate::world::World;

/// Who owns what a process sends, by the event's id.
pub type Owners = Rc<RefCell<BTreeMap<String, Owner>>>;

pub struct SimLedger {
    pub world: Rc<World>,
    pub process: Process,
    /// The handler's; the relay has none.
    pub deadline: Option<Deadline>,
    pub owners: Owners,
}

impl SimLedger {
    async fn call<R: 'static>(
        &self,
        operation: Operation,
        ledger_key: &str,
        percent: u32,
        served: impl Fn(&Rc<World>) -> R + 'static,
    ) -> Result<R, LedgerError> {
        self.ask(Site::new(self.process, operation, ledger_key), percent, move |world| {
            let answer = served(world);
            relays::plan(world);
            answer
        })
        .await
    }

    async fn ask<R: 'static>(
        &self,
        site: Site,
        percent: u32,
        served: impl Fn(&Rc<World>) -> R + 'static,
    ) -> Result<R, LedgerError> {
        let world = &self.world;
        world.evidence.borrow_mut().asked.insert(self.process);
        let limit = self.deadline.map(|deadline| deadline.share(world.executor.now(), percent));
        within(world, limit, call(world, site, served)).await.map_err(LedgerError::new)
    }

    fn noted<R: std::fmt::Debug>(world: &World, what: &str, ledger_key: &str, answer: R) -> R {
        world.trace.note(world.executor.now(), || format!("  ledger: {what} of {ledger_key}: {answer:?}"));
        answer
    }
}

impl Ledger for SimLedger {
    async fn claim(&self, delivery: &Delivery) -> Result<Claim, LedgerError> {
        mutants::before_claim(self);
        let owner = Owner { token: delivery.token.clone(), attempt: 0 };
        self.owners.borrow_mut().insert(delivery.event_id(), owner);
        let asked = delivery.clone();
        let claim = self
            .call(Operation::Claim, &delivery.ledger_key, CLAIM_SHARE, move |world| {
                Self::noted(world, "claim", &asked.ledger_key, mutants::claim(world, &asked))
            })
            .await;
        if claim.is_err() {
            self.world.evidence.borrow_mut().unclaimed.insert(self.process);
        }
        mutants::after_claim(self, delivery, claim).await
    }

    async fn settle(
        &self,
        fence: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        let asked = fence.clone();
        let settled = self
            .call(Operation::Settle, &fence.ledger_key, SETTLE_SHARE, move |world| {
                Self::noted(world, "settle", &asked.ledger_key, mutants::settle(world, &asked, sent, expires))
            })
            .await;
        if let Ok(transition) = settled {
            let mut evidence = self.world.evidence.borrow_mut();
            evidence.settlings.entry(Owner::of(fence)).or_default().told = Some(transition);
        }
        settled
    }
}

impl Backlog for SimLedger {
    async fn pending(
        &self,
        shard: u32,
        after: Option<&Pending>,
        limit: usize,
    ) -> Result<Vec<Pending>, LedgerError> {
        let after = after.cloned();
        let part = format!("shard {shard}");
        let lag = self.world.fault(&Site::new(self.process, Operation::Index, &part));
        self.ask(Site::new(self.process, Operation::ListPending, &part), 100, move |world| match lag {
            Some(Fault::Stale { by }) => {
                world.store.pending_at(shard, world.executor.now().saturating_sub(by))
            }
            _ => mutants::pending(world, shard, after.as_ref(), limit),
        })
        .await
    }

    async fn lease(&self, pending: &Pending, until: Timestamp) -> Result<Option<Leased>, LedgerError> {
        let asked = pending.clone();
        let leased = self
            .call(Operation::Lease, &pending.ledger_key, 100, move |world| {
                let leased = mutants::lease(world, &asked, until);
                Self::noted(
                    world,
                    "lease",
                    &asked.ledger_key,
                    leased.as_ref().map(|leased| leased.fence.attempt),
                );
                leased
            })
            .await?;
        if let Some(leased) = &leased {
            self.owners.borrow_mut().insert(leased.delivery.event_id(), Owner::of(&leased.fence));
        }
        Ok(leased)
    }

    async fn postpone(&self, fence: &Fence, due: Timestamp) -> Result<Transition, LedgerError> {
        let asked = fence.clone();
        self.call(Operation::Postpone, &fence.ledger_key, 100, move |world| {
            Self::noted(world, "postpone", &asked.ledger_key, world.store.postpone(world, &asked, due))
        })
        .await
    }

    async fn park(&self, fence: &Fence, parked: Timestamp) -> Result<Transition, LedgerError> {
        let asked = fence.clone();
        self.call(Operation::Park, &fence.ledger_key, 100, move |world| {
            Self::noted(world, "park", &asked.ledger_key, world.store.park(world, &asked, parked))
        })
        .await
    }
}
