//! The wait after a send that failed, and the end of all waits.
//!
//! | the send | counts as a failure of its own | the wait before the next |
//! |---|---|---|
//! | rejected, or no message could be made | yes | [`backoff`] of such failures |
//! | refused | no | [`backoff`] of all attempts |
//! | unconfirmed, on a queue that drops copies | no | [`confirmation_wait`] of such sends |
//! | unconfirmed, on any other queue | no | [`backoff`] of all attempts |
//!
//! An event is parked after [`MAX_ATTEMPTS`] failures of its own in a row or [`MAX_LEASES`] leases. An outage of the
//! queue causes no failures of an event's own: one that was refused or not confirmed was neither rejected nor did it end
//! the relay. By these waits it takes more than [`PARKED_AFTER`](crate::ledger::PARKED_AFTER) to use up the leases.

use std::time::Duration;

use crate::ledger::{MAX_ATTEMPTS, MAX_LEASES, Setbacks};
use crate::queue::SendFailure;

/// The number of unconfirmed sends that follow each other within the five minutes in which a FIFO queue drops a second
/// copy. They take about an hour.
pub const CLOSE_SENDS: u32 = 15;

/// Returns the wait after a send that certainly put no message on the queue: a minute, doubled each time, an hour at most.
pub fn backoff(failures: u32) -> Duration {
    let minutes = 1_u64 << failures.saturating_sub(1).min(6);
    Duration::from_mins(minutes.min(60))
}

/// Returns the wait after an unconfirmed send, by the number of those so far, this one included.
///
/// The relay comes back while a FIFO queue still drops a second copy, a minute's schedule and a run included. The first
/// wait is shorter, so that two sends after the handler's own are within five minutes of that one, too.
///
/// A queue that takes messages and answers too late gets one more copy each time the five minutes are over. So after
/// [`CLOSE_SENDS`], sends come in pairs: one each hour, and one within five minutes of it.
pub fn confirmation_wait(unconfirmed: u32) -> Duration {
    match unconfirmed {
        0 | 1 => Duration::from_mins(1),
        number if number <= CLOSE_SENDS || number.is_multiple_of(2) => Duration::from_mins(3),
        _ => Duration::from_hours(1),
    }
}

/// Returns the setbacks after one more failed send, and the wait before the next; no wait if the event is to be parked.
pub fn after_failure(
    failure: SendFailure,
    attempt: u32,
    earlier: Setbacks,
    queue_drops_copies: bool,
) -> (Setbacks, Option<Duration>) {
    let mut setbacks = earlier;
    let wait = match failure {
        SendFailure::Rejected => {
            setbacks.failed += 1;
            backoff(setbacks.failed)
        }
        SendFailure::Refused => {
            setbacks.failed = 0;
            // The next unconfirmed send begins a pair.
            setbacks.unconfirmed = setbacks.unconfirmed.min(CLOSE_SENDS);
            backoff(attempt)
        }
        SendFailure::Unconfirmed => {
            setbacks.failed = 0;
            setbacks.unconfirmed += 1;
            if queue_drops_copies { confirmation_wait(setbacks.unconfirmed) } else { backoff(attempt) }
        }
    };
    let is_used_up = setbacks.failed >= MAX_ATTEMPTS || attempt >= MAX_LEASES;
    (setbacks, (!is_used_up).then_some(wait))
}
