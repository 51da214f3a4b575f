//! The relay: sends what is pending and no handler can still own.

use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;

use crate::ledger::{Backlog, LEASE, Leased, MAX_ATTEMPTS, Pending, SHARDS};
use crate::normalize;
use crate::provider::reading::Read;
use crate::queue::{MAX_BATCH, Message, Queue};

/// One relay run: its work and its surroundings.
pub struct Relay<'a, B, Q, C> {
    /// The relay's side of the ledger.
    pub backlog: &'a B,
    /// The queue that events go to.
    pub queue: &'a Q,
    /// The clock. It is read again at every step: a run lasts long enough for that to matter.
    pub clock: C,
    /// The providers by name, each with the function that reads its bodies.
    pub readers: &'a [(&'static str, Read)],
    /// The length in bytes above which a stored body is not unpacked.
    pub max_body_bytes: usize,
    /// The time for which a sent event is kept, from its receipt.
    pub retention: Duration,
    /// The moment after which no further batch is begun.
    pub stop: Timestamp,
}

/// The result of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The number of events sent.
    pub sent: usize,
    /// The number of sends that failed and will be tried again.
    pub failed: usize,
    /// The number of events parked.
    pub parked: usize,
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

/// The number of pending items asked for at once.
const PAGE: usize = 100;

/// The number of shards drained side by side. It bounds the memory, at [`MAX_BATCH`] largest events each.
const SIDE_BY_SIDE: usize = 4;

/// The number of batches in a row that the queue refused as a whole, after which a shard is left for the next run. The
/// queue is down then, and going on would use up every event's attempts within minutes.
const MAX_FRUITLESS: usize = 3;

/// Returns the wait after a failed send: a minute, doubled each time, an hour at most. The first two resends stay within
/// the five minutes in which a FIFO queue drops a second copy.
pub fn backoff(attempt: u32) -> Duration {
    let minutes = 1_u64 << attempt.saturating_sub(1).min(6);
    Duration::from_mins(minutes.min(60))
}

/// The result of one batch.
struct Batch {
    report: Report,
    /// Whether the queue was asked and took none of it.
    refused: bool,
}

impl<B: Backlog, Q: Queue, C: Fn() -> Timestamp> Relay<'_, B, Q, C> {
    /// Drains all shards, as far as the time goes.
    pub async fn run(&self) -> Report {
        stream::iter(0..SHARDS)
            .map(|shard| self.drain(shard))
            .buffer_unordered(SIDE_BY_SIDE)
            .fold(Report::default(), async |report, shard| report.and(shard))
            .await
    }

    /// Sends what is due in one shard, page by page.
    async fn drain(&self, shard: u32) -> Report {
        let mut report = Report::default();
        let mut after = None;
        let mut fruitless = 0;
        loop {
            let page = match self.backlog.pending(shard, after.as_ref(), PAGE).await {
                Ok(page) => page,
                Err(error) => {
                    report.unread = 1;
                    report.fail(None, 0, error.error_code);
                    return report;
                }
            };
            for batch in page.chunks(MAX_BATCH) {
                let now = (self.clock)();
                let due: Vec<&Pending> = batch.iter().filter(|pending| pending.due <= now).collect();
                // Left alone: a handler, a lease or a wait still holds these. They count into the age of the oldest.
                let waiting = batch.iter().filter(|pending| pending.due > now);
                report.pending_since(waiting.map(|pending| pending.received).min());
                if self.gives_up(now, fruitless) {
                    report.pending_since(due.iter().map(|pending| pending.received).min());
                } else if !due.is_empty() {
                    let Batch { report: sent, refused } = self.send(&due).await;
                    // A batch that was leased by another relay says nothing about the queue, so it changes nothing.
                    fruitless = match (refused, sent.sent) {
                        (true, _) => fruitless + 1,
                        (false, 0) => fruitless,
                        (false, _) => 0,
                    };
                    report = report.and(sent);
                }
            }
            let is_last = page.len() < PAGE;
            match page.into_iter().next_back() {
                // The index is sorted by due time: behind an item that is not due, none is.
                Some(last)
                    if !is_last
                        && !self.gives_up((self.clock)(), fruitless)
                        && last.due <= (self.clock)() =>
                {
                    after = Some(last);
                }
                _ => return report,
            }
        }
    }

    /// Returns whether the shard is left for the next run: the time is up, or the queue is down.
    fn gives_up(&self, now: Timestamp, fruitless: usize) -> bool {
        now >= self.stop || fruitless >= MAX_FRUITLESS
    }

    /// Leases each of a batch, makes its message, sends all, then settles, postpones or parks each by its own result.
    async fn send(&self, batch: &[&Pending]) -> Batch {
        let until = (self.clock)() + LEASE;
        let leases = join_all(batch.iter().map(|pending| self.backlog.lease(pending, until))).await;
        let mut report = Report::default();
        let mut messages = Vec::new();
        let mut sending = Vec::new();
        let mut unsendable = Vec::new();
        for (pending, lease) in batch.iter().zip(leases) {
            match lease {
                Ok(Some(leased)) => match self.message(&leased) {
                    Ok(message) => {
                        messages.push(message);
                        sending.push(leased);
                    }
                    Err(reason) => unsendable.push((leased, Err(reason))),
                },
                // Sent, leased or replayed by another since the index was read.
                Ok(None) => {}
                Err(error) => {
                    report.pending_since(Some(pending.received));
                    report.fail(Some(pending.ledger_key.clone()), 0, error.error_code);
                }
            }
        }
        let results = if messages.is_empty() { Vec::new() } else { self.queue.send_batch(&messages).await };
        let refused = !messages.is_empty() && results.iter().all(Result::is_err);
        let results = results.into_iter().map(|result| result.map_err(|error| error.error_code));
        let finished = sending.into_iter().zip(results).chain(unsendable);
        let finished = join_all(finished.map(|(leased, result)| self.finish(leased, result))).await;
        Batch { report: finished.into_iter().fold(report, Report::and), refused }
    }

    /// Makes the message of a stored event, with today's mapping.
    fn message(&self, leased: &Leased) -> Result<Message, String> {
        let made = normalize::rebuild(&leased.delivery, self.readers, self.max_body_bytes);
        made.map(|(_, message)| message).map_err(|error| error.to_string())
    }

    /// Settles, parks or postpones an event by the result of its send.
    async fn finish(&self, leased: Leased, result: Result<(), String>) -> Report {
        let now = (self.clock)();
        let mut report = Report::default();
        let Leased { fence, delivery } = &leased;
        let transition = match result {
            Ok(()) => {
                report.sent = 1;
                self.backlog.settle(fence, now, delivery.received + self.retention).await
            }
            Err(reason) if fence.attempt >= MAX_ATTEMPTS => {
                report.parked = 1;
                report.fail(Some(fence.ledger_key.clone()), fence.attempt, reason);
                self.backlog.park(fence, now).await
            }
            Err(reason) => {
                report.failed = 1;
                report.pending_since(Some(delivery.received));
                report.fail(Some(fence.ledger_key.clone()), fence.attempt, reason);
                self.backlog.postpone(fence, now + backoff(fence.attempt)).await
            }
        };
        if let Err(error) = transition {
            report.pending_since(Some(delivery.received));
            report.fail(Some(fence.ledger_key.clone()), fence.attempt, error.error_code);
        }
        report
    }
}

impl Report {
    fn fail(&mut self, ledger_key: Option<String>, attempt: u32, reason: String) {
        if self.failures.len() < MAX_FAILURES {
            self.failures.push(Failure { ledger_key, attempt, reason });
        }
    }

    fn pending_since(&mut self, received: Option<Timestamp>) {
        self.oldest = self.oldest.into_iter().chain(received).min();
    }

    fn and(mut self, other: Self) -> Self {
        self.sent += other.sent;
        self.failed += other.failed;
        self.parked += other.parked;
        self.unread += other.unread;
        self.pending_since(other.oldest);
        self.failures.extend(other.failures);
        self.failures.truncate(MAX_FAILURES);
        self
    }
}
