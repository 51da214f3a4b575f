//! The work on events that are leased: make their messages, send them, store each result.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use jiff::Timestamp;

use super::{Relay, Report, wait};
use crate::ledger::{Backlog, KEPT_AT_LEAST, Leased, LedgerError, MAX_ATTEMPTS, MAX_LEASES, Pending, later};
use crate::normalize;
use crate::queue::{Message, Queue, QueueError, SendFailure};

/// The reason of a failure that a panic caused. The panic's own words could hold something of the body.
const PANICKED: &str = "panicked";

/// The result of one batch.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) report: Report,
    /// The items that an earlier relay left without a result; nothing was done about them.
    pub(super) abandoned: Vec<Pending>,
    /// `true` if the queue was asked, took nothing, and the messages were not to blame.
    fruitless: bool,
}

/// The reason why an event was not sent.
struct Unsent {
    failure: SendFailure,
    reason: String,
}

impl<B: Backlog, Q: Queue, C: Fn() -> Timestamp> Relay<'_, B, Q, C> {
    /// Makes the message of each event, sends all, then settles, postpones or parks each by its own result.
    pub(super) async fn work_on(&self, leased: Vec<Leased>) -> Batch {
        let mut messages = Vec::new();
        let mut sending = Vec::new();
        let mut finished = Vec::new();
        let mut report = Report::default();
        for leased in leased {
            if leased.is_used_up() {
                report = report.and(self.park(&leased, leased.reason_to_park()).await);
                continue;
            }
            match self.message(&leased) {
                Ok(message) => {
                    messages.push(message);
                    sending.push(leased);
                }
                Err(reason) => {
                    finished.push((leased, Err(Unsent { failure: SendFailure::Rejected, reason })));
                }
            }
        }
        let results = self.send_messages(&messages).await;
        let fruitless = results.iter().all(Result::is_err) && !results.iter().all(is_rejected);
        let results = results.into_iter().map(|result| result.map_err(Unsent::from));
        finished.extend(sending.into_iter().zip(results));
        let reports = join_all(finished.into_iter().map(|(leased, result)| self.finish(leased, result)));
        let report = reports.await.into_iter().fold(report, Report::and);
        Batch { report, abandoned: Vec::new(), fruitless }
    }

    /// Makes the message of a stored event, with today's mapping.
    fn message(&self, leased: &Leased) -> Result<Message, String> {
        let make = || normalize::rebuild(&leased.delivery, self.readers, self.max_body_bytes);
        match catch_unwind(AssertUnwindSafe(make)) {
            Ok(made) => made.map(|(_, message)| message).map_err(|error| error.to_string()),
            Err(_) => Err(PANICKED.to_owned()),
        }
    }

    /// Sends the messages at once. A request that is rejected as a whole is made again for each message by itself: one
    /// that no queue takes must not hold up the others.
    async fn send_messages(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        if messages.is_empty() {
            return Vec::new();
        }
        let results = self.queue.send_batch(messages).await;
        if messages.len() == 1 || !results.iter().all(is_rejected) {
            return results;
        }
        let each = messages.iter().map(|message| self.queue.send_batch(std::slice::from_ref(message)));
        join_all(each).await.into_iter().flatten().collect()
    }

    /// Settles, parks or postpones an event by the result of its send. A panic on the way is this event's alone.
    async fn finish(&self, leased: Leased, result: Result<(), Unsent>) -> Report {
        let (ledger_key, attempt) = (leased.fence.ledger_key.clone(), leased.fence.attempt);
        let finished = async {
            match result {
                Ok(()) => self.settle(&leased).await,
                Err(unsent) => self.leave(&leased, unsent).await,
            }
        };
        AssertUnwindSafe(finished).catch_unwind().await.unwrap_or_else(|_| {
            let mut report = Report::default();
            report.fail(Some(ledger_key), attempt, PANICKED.to_owned());
            report
        })
    }

    async fn settle(&self, leased: &Leased) -> Report {
        let now = (self.clock)();
        let mut report = Report { sent: 1, ..Report::default() };
        // Kept for a while however late it was sent, so that a retry of its provider still is a duplicate.
        let expires = later(leased.delivery.received, self.retention).max(later(now, KEPT_AT_LEAST));
        let settled = self.backlog.settle(&leased.fence, now, expires).await;
        if !report.stored(&leased.fence, settled) {
            report.pending_since(Some(leased.delivery.received));
        }
        report
    }

    /// Postpones an event that was not sent, or parks it.
    async fn leave(&self, leased: &Leased, unsent: Unsent) -> Report {
        let Leased { fence, setbacks, delivery } = leased;
        let (setbacks, wait) =
            wait::after_failure(unsent.failure, fence.attempt, *setbacks, self.queue.drops_copies());
        let Some(wait) = wait else { return self.park(leased, unsent.reason).await };
        let mut report = Report { failed: 1, ..Report::default() };
        report.pending_since(Some(delivery.received));
        report.fail(Some(fence.ledger_key.clone()), fence.attempt, unsent.reason);
        let postponed = self.backlog.postpone(fence, later((self.clock)(), wait), setbacks).await;
        report.stored(fence, postponed);
        report
    }

    async fn park(&self, leased: &Leased, reason: String) -> Report {
        let Leased { fence, delivery, .. } = leased;
        let mut report = Report::default();
        report.fail(Some(fence.ledger_key.clone()), fence.attempt, reason);
        let parked = self.backlog.park(fence, (self.clock)()).await;
        if report.stored(fence, parked) {
            report.parked = 1;
        } else {
            report.failed = 1;
            report.pending_since(Some(delivery.received));
        }
        report
    }
}

fn is_rejected(result: &Result<(), QueueError>) -> bool {
    matches!(result, Err(error) if error.failure == SendFailure::Rejected)
}

impl From<QueueError> for Unsent {
    fn from(error: QueueError) -> Self {
        Self { failure: error.failure, reason: error.error_code }
    }
}

impl Leased {
    /// Returns whether it has used up its attempts without a result that parked it: relays died at work on it, or were
    /// not answered.
    fn is_used_up(&self) -> bool {
        self.setbacks.failed >= MAX_ATTEMPTS || self.fence.attempt > MAX_LEASES
    }

    fn reason_to_park(&self) -> String {
        format!("left without a result by earlier relays: {} failures of its own", self.setbacks.failed)
    }
}

impl Batch {
    /// Makes the result of a line that could not be leased.
    pub(super) fn unleased(pending: &Pending, error: LedgerError) -> Self {
        let mut report = Report::default();
        report.pending_since(Some(pending.received));
        report.fail(Some(pending.ledger_key.clone()), 0, error.error_code);
        Self { report, ..Self::default() }
    }

    /// Returns the number of fruitless batches in a row, after this one. A batch that another relay leased says nothing
    /// about the queue, and neither does one that was rejected.
    pub(super) fn fruitless_after(&self, before: usize) -> usize {
        match (self.fruitless, self.report.sent) {
            (true, _) => before + 1,
            (false, 0) => before,
            (false, _) => 0,
        }
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.abandoned.extend(other.abandoned);
        Self {
            report: self.report.and(other.report),
            abandoned: self.abandoned,
            fruitless: self.fruitless || other.fruitless,
        }
    }
}
