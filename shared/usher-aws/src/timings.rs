//! How long the calls of one request took, for its log line.

use std::cell::Cell;
use std::time::Duration;

/// A call of another service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Secrets,
    Claim,
    Send,
    Settle,
}

/// What each step took, all its calls and their retries together; `None` for what was not called.
///
/// Cells, as the wrappers that write here see the request by shared reference; a function handles one at a time.
#[derive(Debug, Default)]
pub struct Timings {
    secrets: Cell<Option<Duration>>,
    claim: Cell<Option<Duration>>,
    send: Cell<Option<Duration>>,
    settle: Cell<Option<Duration>>,
}

impl Timings {
    pub fn add(&self, step: Step, took: Duration) {
        let cell = self.cell(step);
        cell.set(Some(cell.get().unwrap_or_default() + took));
    }

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
