//! The time budget of one request, as `usher-aws` deals it out: a share of what is left for every step.

use crate::executor::Millis;

/// Within this a request is answered, a cold start's own waits included.
pub const ANSWER_WITHIN: Millis = 3_400;

/// The longest wait for the secrets.
pub const SECRETS_WITHIN: Millis = 800;

/// Lambda's own limit for a handler, and how long a provider's patience is promised to be respected.
pub const HANDLER_LIVES: Millis = 10_000;
pub const PROMISED_WITHIN: Millis = 4_000;

#[derive(Clone, Copy)]
pub struct Deadline(pub Millis);

impl Deadline {
    /// A part, in percent, of the time left.
    pub fn share(self, now: Millis, percent: u64) -> Millis {
        self.0.saturating_sub(now) * percent / 100
    }
}
