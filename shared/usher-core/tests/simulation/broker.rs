//! The queue's own side: standard, or FIFO, which drops a second message with one deduplication id within five minutes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use usher_core::queue::Message;

use crate::evidence::{Copy, Owner};
use crate::executor::Millis;
use crate::faults::Process;
use crate::scenario::MINUTE;
use crate::world::World;

/// From when the queue took the first on (Amazon SQS: "exactly-once processing").
pub const DEDUPLICATES_FOR: Millis = 5 * MINUTE;

pub struct Broker {
    fifo: bool,
    taken: RefCell<BTreeMap<String, Millis>>,
}

impl Broker {
    pub fn new(fifo: bool) -> Self {
        Self { fifo, taken: RefCell::default() }
    }

    /// Takes a message that was sent at `asked`. A duplicate is answered like any other.
    pub fn take(&self, world: &World, message: &Message, process: Process, owner: &Owner, asked: Millis) {
        let now = world.executor.now();
        let id = &message.deduplication_id;
        let earlier = self.taken.borrow().get(id).copied();
        if self.fifo && earlier.is_some_and(|earlier| now - earlier < DEDUPLICATES_FOR) {
            world.trace.note(now, || format!("  queue: drops the second copy of {}", event_id(message)));
            return;
        }
        self.taken.borrow_mut().insert(id.clone(), now);
        world.trace.note(now, || format!("  queue: takes {}", event_id(message)));
        world.evidence.borrow_mut().copies.push(Copy {
            process,
            owner: owner.clone(),
            asked,
            taken: now,
            told: false,
            message: message.clone(),
        });
    }
}

/// The event's id: an event's JSON has it near its beginning, and ids hold no quotation mark.
pub fn event_id(message: &Message) -> &str {
    let after = message.body.split_once(r#""id":""#).map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or_default()
}
