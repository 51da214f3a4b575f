//! The pipeline with one of its safeguards taken out: each mistake that its order and its conditions are there to
//! prevent. A harness that doesn't find them would prove nothing.

use std::rc::Rc;

use jiff::Timestamp;
use usher_core::ledger::operator::Item;
use usher_core::ledger::{
    Backlog as _, Claim, Delivery, Fence, Lease, Leased, Ledger as _, LedgerError, Pending, Setbacks,
    Transition,
};
use usher_core::policy::Policy;
use usher_core::queue::{Message, QueueError};
use usher_core::trace::Trace;

use crate::deadline::Deadline;
use crate::faults::Process;
use crate::ledger::SimLedger;
use crate::network::Failure;
use crate::store::at_once;
use crate::world::World;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutant {
    SettleBeforeSend,
    /// Settling is an update without a condition.
    UnconditionalSettle,
    /// 2xx, then the work.
    AnswerBeforeClaim,
    /// Claiming is a put without a condition: whoever asks is told that the delivery is new.
    OverwritingClaim,
    /// The relay reads what is pending and sends it.
    NoLease,
    /// TTL's time is written when a delivery comes, not when it has been sent.
    ExpiryAtClaim,
    /// What is claimed may be leased at once.
    NoGrace,
    /// Every sender makes up a deduplication id of its own.
    OwnDeduplicationId,
    /// The deduplication id is made of the body, which a later event may have, too.
    DeduplicationIdOfBody,
    /// Every step takes as long as the SDK tries.
    NoDeadline,
    /// What an earlier relay left without a result is leased with everything else.
    AbandonedTogether,
    /// A lease without a result is not counted.
    DeathsUncounted,
    /// A relay is told that its own lease is another's.
    ForgetfulLease,
    /// An owner is told that its own settling was another's.
    ForgetfulSettle,
    /// A send without an answer counts as refused.
    UnconfirmedIsRefused,
    /// A send counts as refused if its last try was.
    LastTryCounts,
    /// The claim stores no trace.
    TraceUnstored,
}

impl World {
    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// What TTL has deleted by a moment although it was never sent.
    pub fn deleted_unsent(&self, item: &Item, now: Timestamp) -> bool {
        self.is(Mutant::ExpiryAtClaim) && item.sent.is_none() && item.received + Policy::RETENTION < now
    }
}

pub fn deadline(world: &World, deadline: Deadline) -> Option<Deadline> {
    (!world.is(Mutant::NoDeadline)).then_some(deadline)
}

pub fn before_claim(ledger: &SimLedger) {
    if ledger.world.is(Mutant::AnswerBeforeClaim) {
        ledger.world.answer(ledger.process, 200);
    }
}

pub fn claim(world: &Rc<World>, delivery: &Delivery) -> Claim {
    let mut stored = delivery.clone();
    if world.is(Mutant::TraceUnstored) {
        stored.trace = Trace::default();
    }
    let claim = world.store.claim(&stored);
    if world.is(Mutant::OverwritingClaim) {
        return Claim::New;
    }
    if world.is(Mutant::NoGrace) && claim == Claim::New {
        let none = Setbacks::default();
        world.store.postpone(world, &Fence::claimed(delivery), delivery.received, none);
    }
    claim
}

pub async fn after_claim(
    ledger: &SimLedger,
    delivery: &Delivery,
    claim: Result<Claim, LedgerError>,
) -> Result<Claim, LedgerError> {
    if ledger.world.is(Mutant::SettleBeforeSend) && claim == Ok(Claim::New) {
        let expires = delivery.received + Policy::RETENTION;
        let _settled = ledger.settle(&Fence::claimed(delivery), delivery.received, expires).await;
    }
    claim
}

pub fn settle(world: &Rc<World>, fence: &Fence, sent: Timestamp, expires: Timestamp) -> Transition {
    let item = world.store.memory.item(&fence.ledger_key);
    if world.is(Mutant::ForgetfulSettle) && item.as_ref().is_some_and(|item| item.due.is_none()) {
        return Transition::Overtaken;
    }
    match item.filter(|_| world.is(Mutant::UnconditionalSettle)) {
        Some(item) => {
            let present = Fence { token: item.token, attempt: item.attempt, ..fence.clone() };
            world.store.settle_for(world, fence, &present, sent, expires)
        }
        None => world.store.settle_for(world, fence, fence, sent, expires),
    }
}

pub fn pending(world: &Rc<World>, shard: u32, after: Option<&Pending>, limit: usize) -> Vec<Pending> {
    let mut pending = world.store.pending(shard, after, limit);
    pending.retain(|pending| {
        let item = world.store.memory.item(&pending.ledger_key);
        item.is_some_and(|item| !world.deleted_unsent(&item, world.timestamp()))
    });
    pending
}

pub fn lease(world: &Rc<World>, pending: &Pending, relay: &str, until: Timestamp) -> Lease {
    let item = world.store.memory.item(&pending.ledger_key);
    if world.is(Mutant::NoLease) {
        return item.and_then(|item| unleased(&item)).map_or(Lease::Gone, Lease::Taken);
    }
    if world.is(Mutant::ForgetfulLease) && item.is_some_and(|item| item.due != Some(pending.due)) {
        return Lease::Gone;
    }
    at_once(world.store.memory.lease(pending, relay, until))
}

pub async fn after_lease(ledger: &SimLedger, pending: &Pending, relay: &str, until: Timestamp) -> Lease {
    if !ledger.world.is(Mutant::AbandonedTogether) {
        return Lease::Abandoned;
    }
    let retaken = ledger.retake(pending, relay, until).await.ok().flatten();
    retaken.map_or(Lease::Gone, |leased| Lease::Taken(Box::new(leased)))
}

/// What a relay sends that leases nothing.
fn unleased(item: &Item) -> Option<Box<Leased>> {
    let (ledger_key, token) = (item.ledger_key.clone(), item.token.clone());
    let fence = Fence { ledger_key, token, attempt: item.attempt };
    item.due?;
    Some(Box::new(Leased { fence, setbacks: item.setbacks, delivery: item.delivery()? }))
}

pub fn retake(world: &Rc<World>, pending: &Pending, relay: &str, until: Timestamp) -> Option<Leased> {
    let leased = at_once(world.store.memory.retake(pending, relay, until))?;
    if world.is(Mutant::DeathsUncounted) {
        let none = Setbacks::default();
        at_once(world.store.memory.postpone(&leased.fence, pending.due, none));
        let lease = at_once(world.store.memory.lease(pending, relay, until));
        let Lease::Taken(leased) = lease else { panic!("it was free: {lease:?}") };
        return Some(*leased);
    }
    Some(leased)
}

/// A failed send as the queue's client reports it.
pub fn unsent(world: &World, failure: Failure) -> QueueError {
    let refused = failure.refused
        || world.is(Mutant::UnconfirmedIsRefused)
        || (world.is(Mutant::LastTryCounts) && failure.refused_at_last);
    if refused { QueueError::refused(failure.cause) } else { QueueError::unconfirmed(failure.cause) }
}

pub fn message(world: &World, process: Process, message: &Message) -> Message {
    let mut message = message.clone();
    if world.is(Mutant::OwnDeduplicationId) {
        message.deduplication_id = process.to_string();
    }
    if world.is(Mutant::DeduplicationIdOfBody) {
        let data = message.body.split_once("\"data\":").expect("an event has data").1;
        message.deduplication_id = data.to_owned();
    }
    message
}
