//! The relay: sends what is pending and no handler can still own.

use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;

use crate::ledger::{Backlog, LEASE, Leased, MAX_ATTEMPTS, Pending, SHARDS};
use crate::normalize::Read;
use crate::queue::{MAX_BATCH, Message, Queue};

/// One relay run's work and its surroundings.
pub struct Relay<'a, B, Q, C> {
    pub backlog: &'a B,
    pub queue: &'a Q,
    /// The time, asked anew at every step: a run lasts long enough for it to matter.
    pub clock: C,
    /// Each provider's name and how its bodies are read.
    pub readers: &'a [(&'static str, Read)],
    pub max_body_bytes: usize,
    pub retention: Duration,
    /// No further batch is begun after this moment.
    pub stop: Timestamp,
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub sent: usize,
    /// Sends that failed and will be tried again.
    pub failed: usize,
    pub parked: usize,
    /// The earliest receipt of anything still pending that the run saw.
    pub oldest: Option<Timestamp>,
    /// Shards of the pending index that could not be read: what waits in them, nobody knows.
    pub unread: usize,
    /// Some of what went wrong, each once: at most [`MAX_FAILURES`].
    pub failures: Vec<Failure>,
}

/// How many failures a report lists; all are counted.
pub const MAX_FAILURES: usize = 10;

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The item, if it is one item's failure.
    pub pk: Option<String>,
    pub attempt: u32,
    pub cause: String,
}

/// Pending items asked for at once.
const PAGE: usize = 100;

/// Shards drained side by side: bounds the memory, at [`MAX_BATCH`] largest events each.
const SIDE_BY_SIDE: usize = 4;

/// Batches in a row of which the queue took nothing, after which a shard is left for the next run: the queue is down
/// then, and going on would use up every event's attempts within minutes.
const MAX_FRUITLESS: usize = 3;

/// The wait after a failed send: a minute, doubled each time, an hour at most. The first two resends stay within the
/// five minutes in which a FIFO queue drops a second copy.
pub fn backoff(attempt: u32) -> Duration {
    let minutes = 1_u64 << attempt.saturating_sub(1).min(6);
    Duration::from_mins(minutes.min(60))
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

    async fn drain(&self, shard: u32) -> Report {
        let mut report = Report::default();
        let mut after = None;
        let mut fruitless = 0;
        loop {
            let page = match self.backlog.pending(shard, after.as_ref(), PAGE).await {
                Ok(page) => page,
                Err(error) => {
                    report.unread = 1;
                    report.fail(None, 0, error.cause);
                    return report;
                }
            };
            for batch in page.chunks(MAX_BATCH) {
                let now = (self.clock)();
                let due: Vec<&Pending> = batch.iter().filter(|pending| pending.due <= now).collect();
                let waiting = batch.iter().filter(|pending| pending.due > now);
                report.pending_since(waiting.map(|pending| pending.received).min());
                if now >= self.stop || fruitless >= MAX_FRUITLESS {
                    report.pending_since(due.iter().map(|pending| pending.received).min());
                } else if !due.is_empty() {
                    let (batch, refused) = self.send(&due).await;
                    fruitless = match (refused, batch.sent) {
                        (true, _) => fruitless + 1,
                        (false, 0) => fruitless,
                        (false, _) => 0,
                    };
                    report = report.and(batch);
                }
            }
            let finished = (self.clock)() >= self.stop || fruitless >= MAX_FRUITLESS || page.len() < PAGE;
            match page.into_iter().next_back() {
                Some(last) if !finished && last.due <= (self.clock)() => after = Some(last),
                _ => return report,
            }
        }
    }

    /// One batch: lease each, normalize each, send all, then settle, postpone or park each by its own result. Tells as
    /// well whether the queue was asked and took nothing.
    async fn send(&self, batch: &[&Pending]) -> (Report, bool) {
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
                    Err(cause) => unsendable.push((leased, Err(cause))),
                },
                // Sent, leased or replayed by somebody else since the index was read.
                Ok(None) => {}
                Err(error) => {
                    report.pending_since(Some(pending.received));
                    report.fail(Some(pending.pk.clone()), 0, error.cause);
                }
            }
        }
        let results = if messages.is_empty() { Vec::new() } else { self.queue.send_batch(&messages).await };
        let refused = !messages.is_empty() && results.iter().all(Result::is_err);
        let results = results.into_iter().map(|result| result.map_err(|error| error.cause));
        let finished = sending.into_iter().zip(results).chain(unsendable);
        let finished = join_all(finished.map(|(leased, result)| self.finish(leased, result))).await;
        (finished.into_iter().fold(report, Report::and), refused)
    }

    /// The message of a stored event, normalized afresh.
    fn message(&self, leased: &Leased) -> Result<Message, String> {
        let made = leased.kept().afresh(self.readers, self.max_body_bytes);
        made.map(|(_, message)| message).map_err(|error| error.to_string())
    }

    async fn finish(&self, leased: Leased, result: Result<(), String>) -> Report {
        let now = (self.clock)();
        let mut report = Report::default();
        let fence = &leased.fence;
        let transition = match result {
            Ok(()) => {
                report.sent = 1;
                self.backlog.settle(fence, now, leased.received + self.retention).await
            }
            Err(cause) if fence.attempt >= MAX_ATTEMPTS => {
                report.parked = 1;
                report.fail(Some(fence.pk.clone()), fence.attempt, cause);
                self.backlog.park(fence, now).await
            }
            Err(cause) => {
                report.failed = 1;
                report.pending_since(Some(leased.received));
                report.fail(Some(fence.pk.clone()), fence.attempt, cause);
                self.backlog.postpone(fence, now + backoff(fence.attempt)).await
            }
        };
        if let Err(error) = transition {
            report.pending_since(Some(leased.received));
            report.fail(Some(fence.pk.clone()), fence.attempt, error.cause);
        }
        report
    }
}

impl Report {
    fn fail(&mut self, pk: Option<String>, attempt: u32, cause: String) {
        if self.failures.len() < MAX_FAILURES {
            self.failures.push(Failure { pk, attempt, cause });
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
