//! The promises of every store of handled events, as a suite: the one in memory and DynamoDB's both pass it.
//!
//! Each check uses keys of its own behind `unique`, so the suite can run on a table that others use, too.

use std::time::Duration;

use jiff::Timestamp;

use crate::seen::{Attempt, Begin, Finish, Seen, Times};

const LEASE: Duration = Duration::from_secs(30);
const DAY: Duration = Duration::from_hours(24);

/// Runs all checks of a store.
///
/// # Panics
///
/// If a check does not hold.
pub async fn check(seen: &impl Seen, unique: &str) {
    let attempt =
        |name: &str, token: &str| Attempt { key: format!("{unique}/{name}"), token: token.to_owned() };
    of_two_attempts_one_handles(seen, [attempt("two", "a"), attempt("two", "b")]).await;
    what_was_handled_is_known_until_it_expires(seen, [attempt("handled", "a"), attempt("handled", "b")])
        .await;
    what_was_given_up_is_free_at_once(seen, [attempt("released", "a"), attempt("released", "b")]).await;
    what_its_owner_left_is_free_when_the_lease_ends(seen, [attempt("left", "a"), attempt("left", "b")]).await;
    an_overtaken_owner_changes_nothing(seen, [attempt("over", "a"), attempt("over", "b")]).await;
    a_lost_answer_costs_nothing(seen, &attempt("lost", "a")).await;
}

/// Returns the times of an attempt that begins so long after the suite's beginning.
fn after(wait: Duration) -> Times {
    let now = Timestamp::from_millisecond(1_767_225_600_123).expect("in range") + wait;
    Times { now, until: now + LEASE, expires: now + DAY }
}

async fn begin(seen: &impl Seen, attempt: &Attempt, wait: Duration) -> Begin {
    seen.begin(attempt, after(wait)).await.expect("it answers")
}

async fn finish(seen: &impl Seen, attempt: &Attempt, wait: Duration) -> Finish {
    seen.finish(attempt, after(wait)).await.expect("it answers")
}

async fn release(seen: &impl Seen, attempt: &Attempt) -> Finish {
    seen.release(attempt).await.expect("it answers")
}

async fn of_two_attempts_one_handles(seen: &impl Seen, [first, second]: [Attempt; 2]) {
    assert_eq!(begin(seen, &first, Duration::ZERO).await, Begin::Yours);
    assert_eq!(begin(seen, &second, Duration::ZERO).await, Begin::Held);
    assert_eq!(finish(seen, &second, Duration::ZERO).await, Finish::Overtaken);
    assert_eq!(finish(seen, &first, Duration::ZERO).await, Finish::Done);
    assert_eq!(begin(seen, &second, Duration::ZERO).await, Begin::Handled);
}

async fn what_was_handled_is_known_until_it_expires(seen: &impl Seen, [first, second]: [Attempt; 2]) {
    assert_eq!(begin(seen, &first, Duration::ZERO).await, Begin::Yours);
    assert_eq!(finish(seen, &first, LEASE / 2).await, Finish::Done);
    assert_eq!(begin(seen, &second, LEASE * 2).await, Begin::Handled, "a lease's end is not its expiry");
    assert_eq!(begin(seen, &second, DAY).await, Begin::Handled, "finishing counts, not beginning");
    assert_eq!(begin(seen, &second, DAY + LEASE).await, Begin::Yours);
}

async fn what_was_given_up_is_free_at_once(seen: &impl Seen, [first, second]: [Attempt; 2]) {
    assert_eq!(begin(seen, &first, Duration::ZERO).await, Begin::Yours);
    assert_eq!(release(seen, &second).await, Finish::Overtaken);
    assert_eq!(release(seen, &first).await, Finish::Done);
    assert_eq!(begin(seen, &second, Duration::ZERO).await, Begin::Yours);
}

async fn what_its_owner_left_is_free_when_the_lease_ends(seen: &impl Seen, [first, second]: [Attempt; 2]) {
    assert_eq!(begin(seen, &first, Duration::ZERO).await, Begin::Yours);
    assert_eq!(begin(seen, &second, LEASE * 29 / 30).await, Begin::Held);
    assert_eq!(begin(seen, &second, LEASE).await, Begin::Yours);
}

async fn an_overtaken_owner_changes_nothing(seen: &impl Seen, [first, second]: [Attempt; 2]) {
    assert_eq!(begin(seen, &first, Duration::ZERO).await, Begin::Yours);
    assert_eq!(begin(seen, &second, LEASE).await, Begin::Yours);
    assert_eq!(release(seen, &first).await, Finish::Overtaken);
    assert_eq!(finish(seen, &first, LEASE).await, Finish::Overtaken);
    assert_eq!(finish(seen, &second, LEASE).await, Finish::Done);
    assert_eq!(release(seen, &second).await, Finish::Overtaken, "what was handled stays so");
    assert_eq!(begin(seen, &first, LEASE).await, Begin::Handled);
}

async fn a_lost_answer_costs_nothing(seen: &impl Seen, attempt: &Attempt) {
    for _ in 0..2 {
        assert_eq!(begin(seen, attempt, Duration::ZERO).await, Begin::Yours);
    }
    for _ in 0..2 {
        assert_eq!(release(seen, attempt).await, Finish::Done);
    }
    assert_eq!(begin(seen, attempt, Duration::ZERO).await, Begin::Yours);
    for _ in 0..2 {
        assert_eq!(finish(seen, attempt, Duration::ZERO).await, Finish::Done);
    }
}
