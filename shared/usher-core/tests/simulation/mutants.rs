//! The pipeline with one of its safeguards taken out: each mistake that its order and its conditions are there to
//! prevent. A harness that doesn't find them would prove nothing.

use std::rc::Rc;

use jiff::Timestamp;
use usher_core::ledger::Delivery;
use usher_core::ledger::operator::Item;
use usher_core::ledger::{Claim, Fence, Leased, Ledger as _, LedgerError, Pending, Transition};
use usher_core::policy::Policy;
use usher_core::queue::Message;

use crate::deadline::Deadline;
use crate::faults::Process;
use crate::ledger::SimLedger;
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
    let claim = world.store.claim(delivery);
    if world.is(Mutant::OverwritingClaim) {
        return Claim::New;
    }
    if world.is(Mutant::NoGrace) && claim == Claim::New {
        world.store.postpone(world, &Fence::claimed(delivery), delivery.received);
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

pub fn lease(world: &Rc<World>, pending: &Pending, until: Timestamp) -> Option<Leased> {
    if !world.is(Mutant::NoLease) {
        return world.store.lease(world, pending, until);
    }
    let item = world.store.memory.item(&pending.ledger_key).filter(|item| item.due.is_some())?;
    let delivery = item.delivery()?;
    let fence = Fence { ledger_key: pending.ledger_key.clone(), token: item.token, attempt: item.attempt };
    Some(Leased { fence, delivery })
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
