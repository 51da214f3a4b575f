//! The times that the calls of one request took, for its log line.

use std::cell::Cell;
use std::time::Duration;

/// A call to another service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The read of the secret document.
    Secrets,
    /// The delivery's first write to the ledger.
    Claim,
    /// The message to the queue.
    Send,
    /// The ledger's note that the event was sent.
    Settle,
}

/// The wall-clock time that each step took, with all its calls and their retries; `None` for a step without a call.
/// The log line gives each in milliseconds.
///
/// The times are in cells because those who write them share the request. A function handles one request at a time.
#[derive(Debug, Default)]
pub struct Timings {
    secrets: Cell<Option<Duration>>,
    claim: Cell<Option<Duration>>,
    send: Cell<Option<Duration>>,
    settle: Cell<Option<Duration>>,
}

impl Timings {
    /// Adds the time that one call of a step took to those before it.
    pub fn add(&self, step: Step, duration: Duration) {
        let cell = self.cell(step);
        cell.set(Some(cell.get().unwrap_or_default() + duration));
    }

    /// Returns the time that all calls of a step took together; `None` if there was none.
    pub fn of(&self, step: Step) -> Option<Duration> {
        self.cell(step).get()
    }

    fn cell(&self, step: Step) -> &Cell<Option<Duration>> {
        match step {
            Step::Secrets => &self.secrets,
            Step::Claim => &self.claim,
            Step::Send => &self.send,
            Step::Settle => &self.settle,
        }
    }
}
