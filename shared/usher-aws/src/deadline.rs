//! The time budget of one request, dealt out: every call of the ledger or the queue gets its share of what is left, and
//! what it took is noted.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, timeout};
use usher_core::budget::{CLAIM_SHARE, SEND_SHARE, SETTLE_SHARE};
use usher_core::delivery::Delivery;
use usher_core::ledger::{Claim, Fence, Ledger, LedgerError, Transition};
use usher_core::queue::{Message, Queue, QueueError};

use crate::timings::{Step, Timings};

/// The longest that INIT waits for connections and secrets. What isn't there by then is tried again when needed.
pub const INIT_WITHIN: Duration = Duration::from_secs(1);

/// A ledger or queue under a deadline.
pub struct Within<'a, T> {
    pub inner: &'a T,
    pub deadline: Instant,
    pub timings: &'a Timings,
}

impl<T> Within<'_, T> {
    /// Waits for a call no longer than its share, in percent, of the time left.
    async fn share<R>(&self, percent: u32, step: Step, call: impl Future<Output = R>) -> Option<R> {
        let began = Instant::now();
        let left = self.deadline.saturating_duration_since(began);
        let answer = timeout(left * percent / 100, call).await;
        self.timings.add(step, began.elapsed());
        answer.ok()
    }
}

/// What a call failed of that had its share of the time and no answer.
const OUT_OF_TIME: &str = "OutOfTime";

impl<L: Ledger> Ledger for Within<'_, L> {
    async fn claim(&self, delivery: &Delivery) -> Result<Claim, LedgerError> {
        let claim = self.share(CLAIM_SHARE, Step::Claim, self.inner.claim(delivery)).await;
        claim.unwrap_or_else(|| Err(LedgerError::new(OUT_OF_TIME)))
    }

    async fn settle(
        &self,
        fence: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        let settled = self.share(SETTLE_SHARE, Step::Settle, self.inner.settle(fence, sent, expires)).await;
        settled.unwrap_or_else(|| Err(LedgerError::new(OUT_OF_TIME)))
    }
}

impl<Q: Queue> Queue for Within<'_, Q> {
    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        let sent = self.share(SEND_SHARE, Step::Send, self.inner.send(message)).await;
        sent.unwrap_or_else(|| Err(QueueError::new(OUT_OF_TIME)))
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        let sent = self.share(SEND_SHARE, Step::Send, self.inner.send_batch(messages)).await;
        sent.unwrap_or_else(|| vec![Err(QueueError::new(OUT_OF_TIME)); messages.len()])
    }
}
