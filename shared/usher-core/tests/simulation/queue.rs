//! The queue as a process sees it: across a network that fails.

use std::rc::Rc;

use usher_core::budget::SEND_SHARE;
use usher_core::queue::{Message, Queue, QueueError};

use crate::broker::event_id;
use crate::deadline::Deadline;
use crate::evidence::{Ask, Owner};
use crate::executor::Millis;
use crate::faults::{Operation, Process, Site};
use crate::ledger::Owners;
use crate::mutants;
use crate::network::{call, within};
use crate::world::World;

pub struct SimQueue {
    pub world: Rc<World>,
    pub process: Process,
    pub deadline: Option<Deadline>,
    pub owners: Owners,
}

/// One message on its way.
struct Parcel {
    message: Message,
    owner: Owner,
    refused: bool,
}

impl SimQueue {
    async fn deliver(&self, operation: Operation, parcels: Vec<Parcel>) -> Vec<Result<(), QueueError>> {
        let world = &self.world;
        let (process, asked) = (self.process, world.executor.now());
        world.evidence.borrow_mut().asked.insert(process);
        let ids: Vec<String> = parcels.iter().map(|parcel| event_id(&parcel.message).to_owned()).collect();
        let owners: Vec<Owner> = parcels.iter().map(|parcel| parcel.owner.clone()).collect();
        for owner in &owners {
            let ask = Ask { owner: owner.clone(), process, asked, unconfirmed: true };
            world.evidence.borrow_mut().asks.push(ask);
        }
        let site = Site::new(process, operation, &ids.join(" "));
        if owners.iter().any(|owner| world.is_deadly(owner)) {
            return world.die(site).await;
        }
        let served = move |world: &Rc<World>| {
            parcels.iter().map(|parcel| parcel.taken(world, process, asked)).collect()
        };
        let limit = self.deadline.map(|deadline| deadline.share(asked, SEND_SHARE));
        let sent = within(world, limit, call(world, site, served)).await;
        let mut evidence = world.evidence.borrow_mut();
        if sent.as_ref().err().is_none_or(|failure| failure.refused) {
            let own = evidence.asks.iter_mut().filter(|ask| ask.process == process && ask.asked == asked);
            own.filter(|ask| owners.contains(&ask.owner)).for_each(|ask| ask.unconfirmed = false);
        }
        let results: Vec<Result<(), QueueError>> =
            sent.unwrap_or_else(|failure| vec![Err(mutants::unsent(world, failure)); ids.len()]);
        for (id, _) in ids.iter().zip(&results).filter(|(_, result)| result.is_ok()) {
            let own = evidence.copies.iter_mut().filter(|copy| copy.process == process);
            own.filter(|copy| event_id(&copy.message) == id).for_each(|copy| copy.told = true);
        }
        results
    }

    fn parcel(&self, message: &Message, refused: bool) -> Parcel {
        let owner = self.owners.borrow().get(event_id(message)).cloned();
        let message = mutants::message(&self.world, self.process, message);
        Parcel { message, owner: owner.expect("nothing is sent that wasn't asked for"), refused }
    }

    fn entry_refused(&self, message: &Message) -> bool {
        self.world.fault(&Site::new(self.process, Operation::Entry, event_id(message))).is_some()
    }
}

impl Parcel {
    fn taken(&self, world: &World, process: Process, asked: Millis) -> Result<(), QueueError> {
        if self.refused {
            return Err(QueueError::rejected("EntryRejected"));
        }
        world.broker.take(world, &self.message, process, &self.owner, asked);
        Ok(())
    }
}

impl Queue for SimQueue {
    fn drops_copies(&self) -> bool {
        self.world.scenario.fifo
    }

    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        let mut results = self.deliver(Operation::Send, vec![self.parcel(message, false)]).await;
        results.pop().expect("one result for one message")
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        let parcels = messages.iter().map(|message| self.parcel(message, self.entry_refused(message)));
        self.deliver(Operation::SendBatch, parcels.collect()).await
    }
}
