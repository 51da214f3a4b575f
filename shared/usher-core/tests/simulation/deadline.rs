//! The time budget of one request, dealt out on virtual time: a share of what is left for every step.

use std::time::Duration;

use usher_core::budget;

use crate::executor::Millis;

pub const ANSWER_WITHIN: Millis = millis(budget::ANSWER_WITHIN);
pub const SECRETS_WITHIN: Millis = millis(budget::SECRETS_WITHIN);

/// Lambda's own limit for a handler, and how long a provider's patience is promised to be respected.
pub const HANDLER_LIVES: Millis = 10_000;
pub const PROMISED_WITHIN: Millis = 4_000;

#[derive(Clone, Copy)]
pub struct Deadline(pub Millis);

impl Deadline {
    /// A part, in percent, of the time left.
    pub fn share(self, now: Millis, percent: u32) -> Millis {
        self.0.saturating_sub(now) * Millis::from(percent) / 100
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a budget is seconds, not ages")]
const fn millis(budget: Duration) -> Millis {
    budget.as_millis() as Millis
}
