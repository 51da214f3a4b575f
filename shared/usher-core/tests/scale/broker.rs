//! A queue that counts what it is given, and refuses some of it every time.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::task::Poll;

use serde_json::Value;
use usher_core::queue::{Message, Queue, QueueError};

pub struct CountingQueue {
    refuses: fn(&str) -> bool,
    copies: RefCell<HashMap<String, usize>>,
    in_flight: Cell<usize>,
    most_in_flight: Cell<usize>,
}

impl CountingQueue {
    /// Refuses the events whose ids this is true of, and takes the others of the same batch.
    pub fn refusing(refuses: fn(&str) -> bool) -> Self {
        Self {
            refuses,
            copies: RefCell::default(),
            in_flight: Cell::default(),
            most_in_flight: Cell::default(),
        }
    }

    /// How many copies it has of each event.
    pub fn copies(&self) -> Vec<usize> {
        self.copies.borrow().values().copied().collect()
    }

    /// The most messages that were being sent at one time.
    pub fn most_in_flight(&self) -> usize {
        self.most_in_flight.get()
    }
}

impl Queue for CountingQueue {
    fn drops_copies(&self) -> bool {
        false
    }

    async fn send(&self, _: &Message) -> Result<(), QueueError> {
        unreachable!("a relay sends batches")
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        self.in_flight.update(|count| count + messages.len());
        self.most_in_flight.update(|most| most.max(self.in_flight.get()));
        give_way().await;
        self.in_flight.update(|count| count - messages.len());
        messages
            .iter()
            .map(|message| {
                let event: Value = serde_json::from_str(&message.body).expect("an event");
                let id = event["id"].as_str().expect("an id");
                if (self.refuses)(id) {
                    return Err(QueueError::rejected("InvalidMessageContents"));
                }
                *self.copies.borrow_mut().entry(id.to_owned()).or_default() += 1;
                Ok(())
            })
            .collect()
    }
}

/// Lets every other task run before this one goes on.
pub async fn give_way() {
    let mut given = false;
    poll_fn(|context| {
        if std::mem::replace(&mut given, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
