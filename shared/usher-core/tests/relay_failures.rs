//! The relay when things go wrong: what fails is tried again, ever more rarely, and stops nothing else.

mod support;

use std::time::Duration;

use futures_executor::block_on;
use support::relaying::{READERS, World};
use support::{at, now};
use usher_core::ledger::{GRACE, MAX_ATTEMPTS, MAX_LEASES};
use usher_core::parsed_body::ParsedBody;
use usher_core::provider::Read;
use usher_core::provider::Reading;
use usher_core::relay::{Failure, MAX_FAILURES, Report, backoff};

const DAY: Duration = Duration::from_hours(24);

#[test]
fn a_send_that_fails_is_postponed() {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    world.queue.down.set(true);
    world.later(GRACE);
    let failure =
        Failure { ledger_key: Some(ledger_key.clone()), attempt: 1, reason: "queue down".to_owned() };
    let expected = Report { failed: 1, oldest: Some(now()), failures: vec![failure], ..Report::default() };
    assert_eq!(world.run(), expected);
    assert_eq!(world.item(&ledger_key).due, Some(world.clock.get() + backoff(1)));

    world.queue.down.set(false);
    world.later(backoff(1));
    assert_eq!(world.run().sent, 1);
    assert_eq!(world.item(&ledger_key).attempt, 2);
}

#[test]
fn the_wait_doubles_from_a_minute_to_an_hour() {
    let minutes: Vec<u64> = (1..=9).map(|attempt| backoff(attempt).as_secs() / 60).collect();
    assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert_eq!(backoff(0), backoff(1));
    assert_eq!(backoff(u32::MAX), Duration::from_hours(1));
}

#[test]
fn after_twenty_failed_sends_an_event_is_parked_and_kept() {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    world.queue.rejected.borrow_mut().push("evt_1".to_owned());
    for attempt in 1..MAX_ATTEMPTS {
        world.later(DAY);
        let report = world.run();
        assert_eq!((report.failed, report.parked, world.item(&ledger_key).attempt), (1, 0, attempt));
    }
    world.later(DAY);
    let report = world.run();
    assert_eq!((report.failed, report.parked, report.oldest), (0, 1, None));
    let item = world.item(&ledger_key);
    assert_eq!((item.due, item.parked, item.expires), (None, Some(world.clock.get()), None));
    assert_eq!(item.attempt, 20);

    world.queue.rejected.borrow_mut().clear();
    world.later(DAY);
    assert_eq!(world.run(), Report::default(), "until an operator replays it");
}

#[test]
fn an_attempt_is_counted_before_it_is_made() {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    world.later(GRACE);
    world.ledger.break_calls(&["settle", "postpone", "park"]);
    world.queue.down.set(true);
    world.run();
    assert_eq!(world.item(&ledger_key).attempt, 1, "a relay that dies at work counts too");
}

/// Reads one body as a bug of ours would.
fn panics_at_bombs(document: &ParsedBody<'_>) -> Reading {
    assert!(!document.bytes().starts_with(b"bomb"), "a bug");
    Reading::unrecognized()
}

#[test]
fn a_body_that_makes_the_reader_panic_is_sent_as_unrecognized_and_stops_nothing() {
    let world = World::new();
    world.stored_body("luma#evt_1", b"bomb 1");
    world.stored_body("luma#evt_2", b"harmless");
    world.stored_body("luma#evt_3", b"bomb 3");
    world.later(GRACE);
    let readers: &[(&str, Read)] = &[("luma", panics_at_bombs)];
    let report = block_on(world.run_with(readers, world.clock.get() + Duration::from_mins(1)));
    assert_eq!(report, Report { sent: 3, ..Report::default() });
    assert!(world.queue.bodies().iter().all(|body| body.contains(r#""type":"usher.unrecognized""#)));
}

/// Larger than the relay accepts: as a stored body that inflates without end would be.
fn too_large() -> Vec<u8> {
    vec![b' '; 256 * 1024 + 1]
}

#[test]
fn a_body_that_does_not_unpack_stops_no_other() {
    let world = World::new();
    let corrupt = world.stored_body("luma#evt_1", &too_large());
    let good = world.stored("luma#evt_2");
    world.later(GRACE);
    let report = world.run();
    assert_eq!((report.sent, report.failed), (1, 1));
    assert_eq!(report.failures[0].ledger_key.as_ref(), Some(&corrupt));
    assert!(world.item(&good).sent.is_some());
    assert_eq!(world.item(&corrupt).due, Some(world.clock.get() + backoff(1)));
}

#[test]
fn any_number_of_bodies_that_do_not_unpack_stop_no_other() {
    let world = World::new();
    let ledger_keys = world.stored_in_one_shard(41);
    let (good, bad) = ledger_keys.split_last().expect("there are some");
    let world = World::new();
    for ledger_key in bad {
        world.stored_body(ledger_key, &too_large());
    }
    world.later(Duration::from_secs(1));
    world.stored(good);
    world.later(GRACE);
    let report = world.run();
    assert_eq!((report.sent, report.failed), (1, 40), "the queue is not down, so nothing waits for it");
}

#[test]
fn an_event_of_a_provider_no_longer_known_is_kept_and_stops_no_other() {
    let world = World::new();
    let unknown = world.stored("stripe#evt_1");
    let nameless = world.stored("evt_1");
    world.stored("luma#evt_2");
    world.later(GRACE);
    let report = world.run();
    assert_eq!((report.sent, report.failed), (1, 2));
    assert!(report.failures.iter().all(|failure| failure.reason == "no such provider"));
    assert!(world.item(&unknown).due.is_some() && world.item(&nameless).due.is_some());
}

#[test]
fn of_a_batch_that_is_taken_in_part_the_rest_is_tried_again() {
    let world = World::new();
    let ledger_keys = world.stored_in_one_shard(4);
    world.queue.rejected.borrow_mut().push(format!(r#""id":"{}""#, ledger_keys[1].replace('#', ":")));
    world.later(GRACE);
    let report = world.run();
    assert_eq!((report.sent, report.failed), (3, 1));
    assert_eq!(report.failures[0].ledger_key.as_ref(), Some(&ledger_keys[1]));
    for (number, ledger_key) in ledger_keys.iter().enumerate() {
        assert_eq!(world.item(ledger_key).sent.is_some(), number != 1, "each by its own result");
    }
}

/// Otherwise an outage of the queue's would use up all attempts of a large backlog within minutes.
#[test]
fn with_the_queue_down_a_shard_is_left_after_a_few_batches() {
    let world = World::new();
    let ledger_keys = world.stored_in_one_shard(200);
    world.queue.down.set(true);
    world.later(GRACE);
    let report = world.run();
    assert_eq!((report.sent, report.failed), (0, 30));
    assert_eq!(report.oldest, Some(now()));
    assert_eq!(report.failures.len(), MAX_FAILURES);
    let untouched = ledger_keys.iter().filter(|ledger_key| world.item(ledger_key).attempt == 0).count();
    assert_eq!(untouched, 170);
}

/// The same when those that wait have only their last attempt left: it must not be spent on a queue that is down.
#[test]
fn with_the_queue_down_last_attempts_are_not_all_spent_at_once() {
    let world = World::new();
    let ledger_keys = world.stored_in_one_shard(100);
    for ledger_key in &ledger_keys {
        world.refused(ledger_key, MAX_LEASES - 1);
    }
    world.queue.down.set(true);
    world.later(DAY);
    let report = world.run();
    assert_eq!((report.sent, report.failed, report.parked), (0, 0, 30));
}

/// One bad batch after another is not a queue that is down.
#[test]
fn a_batch_that_is_taken_starts_the_count_anew() {
    let world = World::new();
    let ledger_keys = world.stored_in_one_shard(60);
    // As the index lists them: by key, where all are due at once.
    let mut listed = ledger_keys.clone();
    listed.sort();
    let taken = |number: usize| number / 10 == 2;
    let refused = listed.iter().enumerate().filter(|(number, _)| !taken(*number));
    let refused =
        refused.map(|(_, ledger_key)| format!(r#""id":"{}""#, ledger_key.replace('#', ":"))).collect();
    world.queue.refused.replace(refused);
    world.later(GRACE);
    let report = world.run();
    assert_eq!((report.sent, report.failed), (10, 50));
}

#[test]
fn an_index_that_can_not_be_read_is_told_for_each_shard() {
    let world = World::new();
    world.stored("luma#evt_1");
    world.ledger.break_calls(&["pending"]);
    let report = world.run();
    assert_eq!((report.sent, report.unread, report.failures.len()), (0, 8, 8));
    assert!(
        report.failures.iter().all(|failure| failure.reason == "ledger down" && failure.ledger_key.is_none())
    );
}

#[test]
fn an_event_that_can_not_be_leased_is_not_sent() {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    world.ledger.break_calls(&["lease"]);
    world.later(GRACE);
    let report = world.run();
    assert_eq!((report.sent, report.oldest), (0, Some(now())));
    assert_eq!(report.failures[0].ledger_key, Some(ledger_key));
    assert!(world.queue.bodies().is_empty());
}

#[test]
fn one_that_was_sent_and_could_not_be_settled_still_waits_and_is_told() {
    let world = World::new();
    world.stored("luma#evt_1");
    world.ledger.break_calls(&["settle"]);
    world.later(GRACE);
    let report = world.run();
    assert_eq!((report.sent, report.failures.len(), report.oldest), (1, 1, Some(now())));
}

#[test]
fn a_run_at_the_end_of_time_does_not_panic() {
    let world = World::new();
    world.stored("luma#evt_1");
    world.later(GRACE);
    world.queue.down.set(true);
    let report = block_on(world.run_with(READERS, at(i64::from(i32::MAX))));
    assert_eq!(report.failed, 1);
}
