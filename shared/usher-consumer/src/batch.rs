//! A batch of messages, from the first to the list of those that failed.

use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::Timestamp;
use usher_core::event::{DATA_SCHEMA, Event};

use crate::failure::{Failed, Failure};
use crate::seen::{Attempt, Begin, Finish, Seen, Times};

/// One message of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The id by which a failure is reported.
    pub id: String,
    /// The event's JSON.
    pub body: String,
}

/// The order in which the queue delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Any: each message stands for itself.
    Standard,
    /// First in, first out: nothing behind a failed message is handled before it.
    Fifo,
}

/// One invocation's work on a batch, and its surroundings.
pub struct Consumer<'a, S, C> {
    /// The store of the events that were handled.
    pub seen: &'a S,
    /// The clock.
    pub clock: C,
    /// The mark of this invocation, such as its id. No other has it.
    pub token: &'a str,
    /// The moment at which this invocation has certainly ended.
    pub ends: Timestamp,
    /// The time for which a handled event is remembered: no shorter than Usher's own retention.
    pub retention: Duration,
}

impl<S: Seen, C: Fn() -> Timestamp> Consumer<'_, S, C> {
    /// Handles each event of a batch once. Returns the messages that failed, which the queue has to deliver again.
    ///
    /// A message whose event was handled before is dropped, as is the second copy in one batch. What the handler returns as
    /// an error, or panics with, fails its own message only.
    pub async fn consume<E: Display>(
        &self,
        messages: &[Message],
        order: Order,
        handler: impl AsyncFn(&Event) -> Result<(), E>,
    ) -> Vec<Failed> {
        let mut failed: Vec<Failed> = Vec::new();
        for message in messages {
            let result = if order == Order::Fifo && !failed.is_empty() {
                Err(Failure::Behind)
            } else {
                self.handle_once(message, &handler).await
            };
            if let Err(failure) = result {
                failed.push(Failed { message_id: message.id.clone(), failure });
            }
        }
        failed
    }

    /// Begins, handles and finishes: in this order, so that a process that dies leaves an event that comes again.
    async fn handle_once<E: Display>(
        &self,
        message: &Message,
        handler: &impl AsyncFn(&Event) -> Result<(), E>,
    ) -> Result<(), Failure> {
        let event = read(&message.body)?;
        // Two copies in one batch are two attempts.
        let attempt = Attempt { key: key(&event), token: format!("{}/{}", self.token, message.id) };
        match self.seen.begin(&attempt, self.times()).await? {
            Begin::Yours => {}
            Begin::Handled => return Ok(()),
            Begin::Held => return Err(Failure::Held),
        }
        let handled = AssertUnwindSafe(handler(&event)).catch_unwind().await;
        let failure = match handled {
            Ok(Ok(())) => {
                return match self.seen.finish(&attempt, self.times()).await? {
                    Finish::Done => Ok(()),
                    Finish::Overtaken => Err(Failure::Overtaken),
                };
            }
            Ok(Err(error)) => Failure::Handler(error.to_string()),
            Err(_) => Failure::Panicked,
        };
        // If this fails, the lease ends by itself.
        let _released = self.seen.release(&attempt).await;
        Err(failure)
    }

    fn times(&self) -> Times {
        let now = (self.clock)();
        let expires = now.saturating_add(self.retention).unwrap_or(Timestamp::MAX);
        Times { now, until: self.ends, expires }
    }
}

/// Returns the key by which copies of an event are told. A replay, which an operator asked for, has another.
fn key(event: &Event) -> String {
    format!("{}#{}", event.id, event.replay.unwrap_or(0))
}

fn read(body: &str) -> Result<Event, Failure> {
    let event: Event = serde_json::from_str(body)
        .map_err(|error| Failure::Unreadable { line: error.line(), column: error.column() })?;
    if event.dataschema == DATA_SCHEMA { Ok(event) } else { Err(Failure::UnknownVersion(event.dataschema)) }
}
