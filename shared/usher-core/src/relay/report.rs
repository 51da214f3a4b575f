//! The result of a run.

use jiff::Timestamp;

use crate::ledger::{Fence, LedgerError, Transition};

/// The result of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The number of events sent.
    pub sent: usize,
    /// The number of sends that failed and will be tried again.
    pub failed: usize,
    /// The number of events parked.
    pub parked: usize,
    /// The number of events that an earlier relay had leased and left without a result: it died, or the ledger did not
    /// answer it.
    pub abandoned: usize,
    /// The number of results that the ledger no longer took, because the event belonged to another attempt by then. There
    /// may be a second copy of each.
    pub overtaken: usize,
    /// The earliest time of receipt of anything still pending that the run saw. (The metric made of it is an age.)
    pub oldest: Option<Timestamp>,
    /// The number of shards of the pending index that could not be read: what waits in them is unknown.
    pub unread: usize,
    /// Some of the failures, each once: at most [`MAX_FAILURES`].
    pub failures: Vec<Failure>,
}

/// The number of failures that a report lists; all are counted.
pub const MAX_FAILURES: usize = 10;

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The key of the item, if it is one item's failure.
    pub ledger_key: Option<String>,
    /// The attempt that failed, from 1; 0 where there was none.
    pub attempt: u32,
    /// The reason, for the log: a service's error code, or why no event could be made.
    pub reason: String,
}

/// The reason of a result that came too late: the event belonged to another attempt by then.
const OVERTAKEN: &str = "overtaken by another attempt";

impl Report {
    pub(super) fn fail(&mut self, ledger_key: Option<String>, attempt: u32, reason: String) {
        if self.failures.len() < MAX_FAILURES {
            self.failures.push(Failure { ledger_key, attempt, reason });
        }
    }

    /// Notes how the ledger took an event's result. Returns whether it was stored.
    pub(super) fn stored(&mut self, fence: &Fence, transition: Result<Transition, LedgerError>) -> bool {
        let reason = match transition {
            Ok(Transition::Done) => return true,
            Ok(Transition::Overtaken) => {
                self.overtaken += 1;
                OVERTAKEN.to_owned()
            }
            Err(error) => error.error_code,
        };
        self.fail(Some(fence.ledger_key.clone()), fence.attempt, reason);
        false
    }

    pub(super) fn pending_since(&mut self, received: Option<Timestamp>) {
        self.oldest = self.oldest.into_iter().chain(received).min();
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.sent += other.sent;
        self.failed += other.failed;
        self.parked += other.parked;
        self.abandoned += other.abandoned;
        self.overtaken += other.overtaken;
        self.unread += other.unread;
        self.pending_since(other.oldest);
        self.failures.extend(other.failures);
        self.failures.truncate(MAX_FAILURES);
        self
    }
}
