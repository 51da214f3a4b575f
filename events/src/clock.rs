//! The time of this machine.

/// Returns the seconds since 1970; 0 where the clock is set to an earlier time.
#[must_use]
pub fn unix_now() -> i64 {
    jiff::Timestamp::now().as_second().max(0)
}
