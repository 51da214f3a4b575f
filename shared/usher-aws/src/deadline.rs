//! The time budget of one request: every step gets a share of what is left, so that together they never outlast the
//! provider's patience.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, timeout};
use usher_core::delivery::Delivery;
use usher_core::ledger::{Claim, Fence, Ledger, LedgerError, Transition};
use usher_core::queue::{Message, Queue, QueueError};

/// Within this a request is answered, a cold start's own waits included. Luma allows 5 s; the design 4.
pub const ANSWER_WITHIN: Duration = Duration::from_millis(3400);

/// The longest that INIT waits for connections and secrets. What isn't there by then is tried again when needed.
pub const INIT_WITHIN: Duration = Duration::from_secs(1);

/// The longest wait for Secrets Manager.
pub const SECRETS_WITHIN: Duration = Duration::from_millis(800);

/// A ledger or queue under a deadline.
pub struct Within<'a, T> {
    pub inner: &'a T,
    pub deadline: Instant,
}

impl<T> Within<'_, T> {
    /// A part, in percent, of the time left.
    fn share(&self, percent: u32) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()) * percent / 100
    }
}

impl<L: Ledger> Ledger for Within<'_, L> {
    /// Less than half: the claim comes first, and a hanging ledger must leave time for the queue.
    async fn claim(&self, delivery: &Delivery) -> Result<Claim, LedgerError> {
        timeout(self.share(45), self.inner.claim(delivery))
            .await
            .unwrap_or_else(|_| Err(LedgerError::new("OutOfTime")))
    }

    async fn settle(
        &self,
        fence: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        timeout(self.share(100), self.inner.settle(fence, sent, expires))
            .await
            .unwrap_or_else(|_| Err(LedgerError::new("OutOfTime")))
    }
}

impl<Q: Queue> Queue for Within<'_, Q> {
    /// Most of what is left; the rest is for settling.
    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        timeout(self.share(65), self.inner.send(message))
            .await
            .unwrap_or_else(|_| Err(QueueError::new("OutOfTime")))
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        timeout(self.share(65), self.inner.send_batch(messages))
            .await
            .unwrap_or_else(|_| vec![Err(QueueError::new("OutOfTime")); messages.len()])
    }
}
