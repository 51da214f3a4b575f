//! What a deployer may set, as the pipeline sees it.

use std::time::Duration;

/// The settings of one provider's function. Where each comes from is `usher-aws`'s `config`.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// How far a signed timestamp may be off, either way.
    pub tolerance: Duration,
    /// Bodies above this many bytes are answered 413.
    pub max_body_bytes: usize,
    /// How long a delivered event is kept in the ledger.
    pub retention: Duration,
    /// Lunacal only: take deliveries that carry neither a signature nor a token.
    pub allow_unsigned: bool,
    /// Luma only: take the Standard Webhooks scheme, too, in case Luma moves to it.
    pub accept_standard_webhooks: bool,
}

impl Policy {
    /// 256 KiB: an incompressible body of this size still fits a DynamoDB item (400 KB) and, as base64 in its
    /// envelope, an SQS message (1 MiB). Providers send 2–20 KB.
    pub const MAX_BODY_BYTES: usize = 256 * 1024;

    /// 35 days: beyond every provider's retries (a day) and manual resends (Svix keeps messages for 30 days or less).
    pub const RETENTION: Duration = Duration::from_hours(35 * 24);

    /// The default settings for a provider with this timestamp tolerance.
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
