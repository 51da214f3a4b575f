//! Moving the messages of the dead-letter queue.

use std::collections::HashSet;

use super::letters::{DeadLetters, Moved};
use crate::terminal::interrupt::Interrupt;
use crate::terminal::{Failure, progress};

/// The result of moving messages until there are none left.
#[derive(Default)]
pub(crate) struct Transfer {
    pub(crate) moved: usize,
    pub(crate) rejected: usize,
    pub(crate) held_back: usize,
    pub(crate) unconfirmed: usize,
    pub(crate) undeleted: usize,
    /// The number that became dead letters again while it ran.
    pub(crate) dead_again: usize,
    pub(crate) is_interrupted: bool,
    pub(crate) stopped: Option<Failure>,
}

impl Transfer {
    /// Returns the number of messages that are not where they should be.
    pub(crate) fn amiss(&self) -> usize {
        self.rejected + self.held_back + self.unconfirmed + self.undeleted
    }

    fn add(&mut self, batch: Moved) {
        self.moved += batch.ids.len();
        self.rejected += batch.rejected;
        self.held_back += batch.held_back;
        self.unconfirmed += batch.unconfirmed;
        self.undeleted += batch.undeleted;
        self.stopped = batch.stopped;
    }
}

/// Moves messages back to the queue until there are none left, or `limit` is reached.
pub(crate) async fn move_back(letters: &DeadLetters, waiting: usize, limit: Option<usize>) -> Transfer {
    let limit = limit.unwrap_or(usize::MAX);
    let interrupt = Interrupt::listen();
    let bar = progress("Moving", waiting.min(limit) as u64);
    let mut transfer = Transfer::default();
    let mut moved = HashSet::new();
    // The queue would reject the same messages again, so they are left alone, hidden for a minute.
    while transfer.stopped.is_none() && !interrupt.is_pressed() {
        let tried = transfer.moved + transfer.rejected + transfer.held_back;
        if tried >= limit {
            break;
        }
        let received = match letters.receive(limit - tried).await {
            Ok(received) if received.is_empty() => break,
            Ok(received) => received,
            Err(failure) => {
                transfer.stopped = Some(failure);
                break;
            }
        };
        let (again, dead): (Vec<_>, Vec<_>) = received
            .into_iter()
            .partition(|message| message.message_id().is_some_and(|id| moved.contains(id)));
        transfer.dead_again += again.len();
        let batch = letters.move_to_queue(&dead).await;
        bar.inc(batch.ids.len() as u64);
        moved.extend(batch.ids.iter().cloned());
        transfer.add(batch);
    }
    bar.finish_and_clear();
    transfer.is_interrupted = interrupt.is_pressed();
    transfer
}
