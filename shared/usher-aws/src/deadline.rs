//! The time budget of one request: every call to the ledger or the queue may take its share of the time left, and the
//! time it took is recorded.

use jiff::Timestamp;
use tokio::time::{Instant, timeout};
use usher_core::budget::{CLAIM_SHARE, SEND_SHARE, SETTLE_SHARE};
use usher_core::ledger::Delivery;
use usher_core::ledger::{Claim, Fence, Ledger, LedgerError, Transition};
use usher_core::queue::{Message, Queue, QueueError};

use crate::error_code::OUT_OF_TIME;
use crate::timings::{Step, Timings};

/// A ledger or queue under a deadline.
pub struct Within<'a, T> {
    /// The ledger or queue itself.
    pub inner: &'a T,
    /// The moment by which the request must be answered.
    pub deadline: Instant,
    /// The record of how long each call took.
    pub timings: &'a Timings,
}

impl<T> Within<'_, T> {
    /// Waits for a call no longer than `percent` of the time left; `None` if it was not answered by then.
    async fn with_share_of_time_left<R>(
        &self,
        percent: u32,
        step: Step,
        call: impl Future<Output = R>,
    ) -> Option<R> {
        let began = Instant::now();
        let left = self.deadline.saturating_duration_since(began);
        let answer = timeout(left * percent / 100, call).await;
        self.timings.add(step, began.elapsed());
        answer.ok()
    }
}

impl<L: Ledger> Ledger for Within<'_, L> {
    async fn claim(&self, delivery: &Delivery) -> Result<Claim, LedgerError> {
        let call = self.inner.claim(delivery);
        let claim = self.with_share_of_time_left(CLAIM_SHARE, Step::Claim, call).await;
        claim.unwrap_or_else(|| Err(LedgerError::new(OUT_OF_TIME)))
    }

    async fn settle(
        &self,
        fence: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        let call = self.inner.settle(fence, sent, expires);
        let settled = self.with_share_of_time_left(SETTLE_SHARE, Step::Settle, call).await;
        settled.unwrap_or_else(|| Err(LedgerError::new(OUT_OF_TIME)))
    }
}

impl<Q: Queue> Queue for Within<'_, Q> {
    fn drops_copies(&self) -> bool {
        self.inner.drops_copies()
    }

    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        let call = self.inner.send(message);
        let sent = self.with_share_of_time_left(SEND_SHARE, Step::Send, call).await;
        sent.unwrap_or_else(|| Err(QueueError::unconfirmed(OUT_OF_TIME)))
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        let call = self.inner.send_batch(messages);
        let sent = self.with_share_of_time_left(SEND_SHARE, Step::Send, call).await;
        sent.unwrap_or_else(|| vec![Err(QueueError::unconfirmed(OUT_OF_TIME)); messages.len()])
    }
}
