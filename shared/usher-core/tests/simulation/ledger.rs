//! The ledger as a process sees it: across a network that fails.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;
use usher_core::budget::{CLAIM_SHARE, SETTLE_SHARE};
use usher_core::ledger::{
    Backlog, Claim, Delivery, Fence, Lease, Leased, Ledger, LedgerError, Pending, Setbacks, Transition,
};

use crate::deadline::Deadline;
use crate::evidence::Owner;
use crate::faults::{Fault, Operation, Process, Site};
use crate::mutants;
use crate::network::{call, within};
use crate::relays;
use crate::store;
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
        within(world, limit, call(world, site, served))
            .await
            .map_err(|failure| LedgerError::new(failure.cause))
    }

    fn owns(&self, leased: &Leased) {
        self.owners.borrow_mut().insert(leased.delivery.event_id(), Owner::of(&leased.fence));
    }

    fn noted<R: std::fmt::Debug>(world: &World, what: &str, ledger_key: &str, answer: R) -> R {
        world.trace.note(world.executor.now(), || format!("  ledger: {what} of {ledger_key}: {answer:?}"));
        answer
    }
}

/// A lease as the trace has it.
#[derive(Debug)]
#[expect(dead_code, reason = "it is printed")]
enum Attempt {
    Taken(u32),
    Abandoned,
    Gone,
}

impl Attempt {
    fn of(lease: &Lease) -> Self {
        match lease {
            Lease::Taken(leased) => Self::Taken(leased.fence.attempt),
            Lease::Abandoned => Self::Abandoned,
            Lease::Gone => Self::Gone,
        }
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

    async fn lease(&self, pending: &Pending, relay: &str, until: Timestamp) -> Result<Lease, LedgerError> {
        let (asked, name) = (pending.clone(), relay);
        let relay = relay.to_owned();
        let lease = self
            .call(Operation::Lease, &pending.ledger_key, 100, move |world| {
                let lease = store::leasing(world, &asked, &relay, until, || {
                    mutants::lease(world, &asked, &relay, until)
                });
                Self::noted(world, "lease", &asked.ledger_key, Attempt::of(&lease));
                lease
            })
            .await?;
        if let Lease::Taken(leased) = &lease {
            self.owns(leased);
        }
        if lease == Lease::Abandoned {
            return Ok(mutants::after_lease(self, pending, name, until).await);
        }
        Ok(lease)
    }

    async fn retake(
        &self,
        pending: &Pending,
        relay: &str,
        until: Timestamp,
    ) -> Result<Option<Leased>, LedgerError> {
        let (asked, relay) = (pending.clone(), relay.to_owned());
        let leased = self
            .call(Operation::Retake, &pending.ledger_key, 100, move |world| {
                let leased = store::retaking(world, &asked, &relay, until, || {
                    mutants::retake(world, &asked, &relay, until)
                });
                let attempt = leased.as_ref().map(|leased| leased.fence.attempt);
                Self::noted(world, "retake", &asked.ledger_key, attempt);
                leased
            })
            .await?;
        if let Some(leased) = &leased {
            self.owns(leased);
        }
        Ok(leased)
    }

    async fn postpone(
        &self,
        fence: &Fence,
        due: Timestamp,
        setbacks: Setbacks,
    ) -> Result<Transition, LedgerError> {
        let asked = fence.clone();
        self.call(Operation::Postpone, &fence.ledger_key, 100, move |world| {
            let postponed = world.store.postpone(world, &asked, due, setbacks);
            Self::noted(world, "postpone", &asked.ledger_key, postponed)
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
