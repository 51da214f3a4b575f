//! The time until every function accepts a secret that was just stored. Pure.

use std::time::Duration;

use jiff::Timestamp;
use usher_core::budget::SECRETS_WITHIN;
use usher_core::ledger::operator::CLOCK_SKEW;
use usher_core::secret::REREAD_AFTER;

/// The time from a change of the document until every function accepts a new secret.
///
/// A sandbox that has read its secrets before the change may refuse the new one as long as it must not read them again.
/// After that, the first delivery that does not match makes it read them, and is verified with what it has read.
const KNOWN_AFTER: Duration = REREAD_AFTER.saturating_add(SECRETS_WITHIN);

/// Returns the rest of that time. `stored` is the time at which the document was stored, by the clock of Secrets Manager,
/// and `read` is how long ago this tool has read it.
///
/// An operator's clock may be off, and must not make the wait shorter. So the wait is counted from the moment at which the
/// document was read, unless that was certainly stored long before.
pub(crate) fn rest(stored: Option<Timestamp>, now: Timestamp, read: Duration) -> Duration {
    let certain = i64::try_from((KNOWN_AFTER + CLOCK_SKEW).as_secs()).unwrap_or(i64::MAX);
    if stored.is_some_and(|stored| now.as_second().saturating_sub(stored.as_second()) > certain) {
        return Duration::ZERO;
    }
    KNOWN_AFTER.saturating_sub(read)
}
