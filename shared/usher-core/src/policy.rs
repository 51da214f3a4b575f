//! The settings of one function, as the pipeline sees them.

use std::time::Duration;

/// The settings of one provider's function. `usher-aws`'s `config` reads them.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The time by which a signed timestamp may be off, either way.
    pub tolerance: Duration,
    /// The length in bytes above which a body is answered 413.
    pub max_body_bytes: usize,
    /// The time for which a delivered event is kept in the ledger, from its receipt.
    pub retention: Duration,
    /// Lunacal only: accepts deliveries that carry neither a signature nor a token.
    pub allow_unsigned: bool,
    /// Luma only: accepts the Standard Webhooks scheme, too, in case Luma moves to it.
    pub accept_standard_webhooks: bool,
}

impl Policy {
    /// 256 KiB: an incompressible body of this size still fits a DynamoDB item (400 KB) and, as base64 in its
    /// envelope, an SQS message (1 MiB). Providers send 2–20 KB.
    pub const MAX_BODY_BYTES: usize = 256 * 1024;

    /// 35 days: beyond every provider's retries (a day). Svix can resend a message by hand for 90 days. What is resent after
    /// the ledger has dropped it is a new event with the same id; whoever wants it dropped sets 95 days.
    pub const RETENTION: Duration = Duration::from_hours(35 * 24);

    /// Returns the default settings of a provider with this timestamp tolerance.
    pub const fn with_tolerance(tolerance: Duration) -> Self {
        Self {
            tolerance,
            max_body_bytes: Self::MAX_BODY_BYTES,
            retention: Self::RETENTION,
            allow_unsigned: false,
            accept_standard_webhooks: false,
        }
    }
}
