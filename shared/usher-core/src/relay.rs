//! The relay: sends what is pending and no handler can still own.
//!
//! One event must not harm another, not even one that ends the process (out of memory, out of stack, out of time):
//!
//! - Everything that is done for one event is caught for that event.
//! - What an earlier relay left without a result is worked on last, one at a time, with nothing else leased. The others
//!   that were leased with it are sent in the same way, each by itself.
//! - What has used up its attempts is parked before it is worked on.

mod report;
mod wait;
mod work;

use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;

use crate::ledger::{Backlog, LEASE, Lease, Pending, SHARDS, later};
use crate::provider::reading::Read;
use crate::queue::{MAX_BATCH, Queue};

pub use report::{Failure, MAX_FAILURES, Report};
pub use wait::{CLOSE_SENDS, after_failure, backoff, confirmation_wait};
use work::Batch;

/// One relay run: its work and its surroundings.
pub struct Relay<'a, B, Q, C> {
    /// The relay's side of the ledger.
    pub backlog: &'a B,
    /// The queue that events go to.
    pub queue: &'a Q,
    /// The clock. It is read again at every step: a run lasts long enough for that to matter.
    pub clock: C,
    /// The mark of this run on what it leases: the id of its invocation. No other run has it at the same time.
    pub token: &'a str,
    /// The providers by name, each with the function that reads its bodies.
    pub readers: &'a [(&'static str, Read)],
    /// The length in bytes above which a stored body is not unpacked.
    pub max_body_bytes: usize,
    /// The time for which a sent event is kept, from its receipt.
    pub retention: Duration,
    /// The moment after which no further batch is begun.
    pub stop: Timestamp,
}

/// The number of pending items asked for at once.
const PAGE: usize = 100;

/// The number of shards drained side by side. It bounds the memory, at [`MAX_BATCH`] largest events each.
const SIDE_BY_SIDE: usize = 4;

/// The number of batches in a row of which the queue took nothing, after which a shard is left for the next run. The
/// queue is down then, and going on would use up every event's attempts within minutes.
const MAX_FRUITLESS: usize = 3;

/// The number of abandoned items of one shard that a run remembers. The rest is for the next run.
const MAX_ABANDONED: usize = 100;

/// The result of draining shards.
#[derive(Default)]
struct Drained {
    report: Report,
    abandoned: Vec<Pending>,
}

impl<B: Backlog, Q: Queue, C: Fn() -> Timestamp> Relay<'_, B, Q, C> {
    /// Drains all shards and then works on what was abandoned, as far as the time goes.
    pub async fn run(&self) -> Report {
        let drained = stream::iter(0..SHARDS)
            .map(|shard| self.drain(shard))
            .buffer_unordered(SIDE_BY_SIDE)
            .fold(Drained::default(), async |all, shard| all.and(shard))
            .await;
        let mut abandoned = drained.abandoned;
        // Those that waited longest first: what ends a relay once more goes behind the others.
        abandoned.sort_by_key(|pending| pending.due);
        drained.report.and(self.retake_each(abandoned).await)
    }

    /// Sends what is due in one shard, page by page.
    async fn drain(&self, shard: u32) -> Drained {
        let mut drained = Drained::default();
        let mut after = None;
        let mut fruitless = 0;
        loop {
            let page = match self.backlog.pending(shard, after.as_ref(), PAGE).await {
                Ok(page) => page,
                Err(error) => {
                    drained.report.unread = 1;
                    drained.report.fail(None, 0, error.error_code);
                    return drained;
                }
            };
            for lines in page.chunks(MAX_BATCH) {
                let now = (self.clock)();
                let due: Vec<&Pending> = lines.iter().filter(|pending| pending.due <= now).collect();
                // Left alone: a handler, a lease or a wait still holds these. They count into the age of the oldest.
                let waiting = lines.iter().filter(|pending| pending.due > now);
                drained.report.pending_since(waiting.map(|pending| pending.received).min());
                if self.gives_up(now, fruitless) {
                    drained.report.pending_since(due.iter().map(|pending| pending.received).min());
                } else if !due.is_empty() {
                    let batch = self.send(&due).await;
                    fruitless = batch.fruitless_after(fruitless);
                    drained = drained.and(Drained { report: batch.report, abandoned: batch.abandoned });
                    drained.forget_beyond(MAX_ABANDONED);
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
                _ => return drained,
            }
        }
    }

    /// Works on abandoned items, one at a time: whichever ends this relay, too, takes no other with it.
    async fn retake_each(&self, abandoned: Vec<Pending>) -> Report {
        let mut report = Report { abandoned: abandoned.len(), ..Report::default() };
        let mut fruitless = 0;
        for pending in abandoned {
            let now = (self.clock)();
            if self.gives_up(now, fruitless) {
                report.pending_since(Some(pending.received));
                continue;
            }
            let batch = match self.backlog.retake(&pending, self.token, later(now, LEASE)).await {
                Ok(Some(leased)) => self.work_on(vec![leased]).await,
                Ok(None) => Batch::default(),
                Err(error) => Batch::unleased(&pending, error),
            };
            fruitless = batch.fruitless_after(fruitless);
            report = report.and(batch.report);
        }
        report
    }

    /// Returns whether the shard is left for the next run: the time is up, or the queue is down.
    fn gives_up(&self, now: Timestamp, fruitless: usize) -> bool {
        now >= self.stop || fruitless >= MAX_FRUITLESS
    }

    /// Leases each line of a batch and works on what it got.
    async fn send(&self, lines: &[&Pending]) -> Batch {
        let until = later((self.clock)(), LEASE);
        let leases = lines.iter().map(|pending| self.backlog.lease(pending, self.token, until));
        let leases = join_all(leases).await;
        let mut batch = Batch::default();
        let mut taken = Vec::new();
        for (pending, lease) in lines.iter().zip(leases) {
            match lease {
                Ok(Lease::Taken(leased)) => taken.push(*leased),
                Ok(Lease::Abandoned) => batch.abandoned.push((*pending).clone()),
                // Sent, leased or replayed by another since the index was read.
                Ok(Lease::Gone) => {}
                Err(error) => batch = batch.and(Batch::unleased(pending, error)),
            }
        }
        batch.and(self.work_on(taken).await)
    }
}

impl Drained {
    fn and(mut self, other: Self) -> Self {
        self.abandoned.extend(other.abandoned);
        Self { report: self.report.and(other.report), abandoned: self.abandoned }
    }

    /// Drops what is beyond the number, and counts it as still waiting.
    fn forget_beyond(&mut self, number: usize) {
        let beyond = self.abandoned.drain(number.min(self.abandoned.len())..);
        let oldest = beyond.map(|pending| pending.received).min();
        self.report.pending_since(oldest);
    }
}
