//! The time budget of one request. Every step gets a share of the remaining time, so that together they never outlast the
//! provider's patience.
//!
//! The clock is the caller's; the simulation deals time out by the same numbers as the functions do.

use std::time::Duration;

/// The time within which a request is answered, a cold start's own waits included. Luma allows 5 s, and Usher promises 4 s
/// (promise 4 in DELIVERY.md).
pub const ANSWER_WITHIN: Duration = Duration::from_millis(3400);

/// The longest wait for the secrets.
pub const SECRETS_WITHIN: Duration = Duration::from_millis(800);

/// The percentage of the remaining time that the claim may take. Less than half: it comes first, and a hanging ledger must leave
/// time for the queue.
pub const CLAIM_SHARE: u32 = 45;

/// The percentage of what remains then that sending may take; the rest is for settling.
pub const SEND_SHARE: u32 = 65;

/// The percentage of what remains then that settling may take: nothing comes after it.
pub const SETTLE_SHARE: u32 = 100;
