//! The relay: sends what is pending and due, once, and keeps to its time.

mod support;

use std::time::Duration;

use futures_executor::block_on;
use futures_util::future::join;
use support::now;
use support::pipeline::{accepted, deliver_now};
use support::relaying::{READERS, World};
use support::signing::Signs;
use usher_core::event::Deduplication;
use usher_core::ledger::{GRACE, KEPT_AT_LEAST, LEASE};
use usher_core::policy::Policy;
use usher_core::providers::Allfly;
use usher_core::relay::{CLOSE_SENDS, Report, confirmation_wait};

const SECOND: Duration = Duration::from_secs(1);
/// How often the relay is run.
const SCHEDULE: Duration = Duration::from_mins(1);

fn sent(count: usize) -> Report {
    Report { sent: count, ..Report::default() }
}

#[test]
fn an_empty_ledger_is_nothing_to_do() {
    let world = World::new();
    assert_eq!(world.run(), Report::default());
    assert_eq!(world.ledger.log.count("send_batch"), 0);
}

#[test]
fn a_pending_event_is_sent_and_settled_once_the_grace_is_over() {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    world.later(GRACE);
    assert_eq!(world.run(), sent(1));

    let item = world.item(&ledger_key);
    assert_eq!((item.due, item.sent, item.attempt), (None, Some(now() + GRACE), 1));
    assert_eq!(item.expires, Some(now() + Policy::RETENTION), "counted from when it was received");
    assert_eq!(world.queue.bodies().len(), 1);
    assert_eq!(world.run(), Report::default(), "and not again");
}

/// The retention is counted from the receipt, which may have been long ago. A retry must still find the item.
#[test]
fn what_is_sent_late_is_kept_for_two_days_at_least() {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    world.later(Policy::RETENTION * 2);
    assert_eq!(world.run(), sent(1));
    assert_eq!(world.item(&ledger_key).expires, Some(world.clock.get() + KEPT_AT_LEAST));
}

#[test]
fn an_event_whose_handler_may_still_be_at_work_is_left_alone() {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    world.clock.set(now() + GRACE - SECOND);
    assert_eq!(world.run(), Report { oldest: Some(now()), ..Report::default() });
    assert_eq!((world.item(&ledger_key).attempt, world.ledger.log.count("lease")), (0, 0));
    assert!(world.queue.bodies().is_empty());
}

#[test]
fn the_relay_sends_the_very_message_the_handler_would_have_sent() {
    let world = World::new();
    let (ledger, queue) = support::fakes::fakes();
    deliver_now::<Allfly>(&Allfly::genuine(support::NOW), &ledger, &queue);

    world.queue.down.set(true);
    accepted(deliver_now::<Allfly>(&Allfly::genuine(support::NOW), &world.ledger, &world.queue));
    world.queue.down.set(false);
    world.later(GRACE);
    assert_eq!(world.run(), sent(1));
    assert_eq!(world.queue.memory.messages(), queue.memory.messages());
}

#[test]
fn what_the_ledger_holds_is_sent_as_checked() {
    let world = World::new();
    world.stored("luma#evt_1");
    world.later(GRACE);
    world.run();
    let event: usher_core::event::Event =
        serde_json::from_str(&world.queue.bodies()[0]).expect("the message is an event");
    assert_eq!(event.deduplication, Deduplication::Checked);
    assert_eq!((event.id.as_str(), event.receivedtime, event.replay), ("luma:evt_1", now(), None));
}

#[test]
fn two_relays_at_once_send_once() {
    let world = World::new();
    for number in 0..25 {
        world.stored(&format!("luma#evt_{number}"));
    }
    world.later(GRACE);
    let stop = world.clock.get() + SCHEDULE;
    let (one, other) = block_on(join(world.run_with(READERS, stop), world.run_with(READERS, stop)));

    assert_eq!(one.sent + other.sent, 25);
    let mut bodies = world.queue.bodies();
    bodies.sort();
    bodies.dedup();
    assert_eq!((bodies.len(), world.queue.bodies().len()), (25, 25));
    assert!(world.ledger.log.count("lease") > 25, "they were at it at once");
}

#[test]
fn what_a_dead_relay_had_leased_is_sent_when_the_lease_is_over() {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    world.later(GRACE);
    // It sends, and dies before it settles.
    world.ledger.break_calls(&["settle"]);
    assert_eq!(world.run().sent, 1);
    world.ledger.repair();

    world.clock.set(world.clock.get() + LEASE - SECOND);
    assert_eq!(world.run().sent, 0, "the lease holds");
    world.later(SECOND);
    let report = world.run();
    assert_eq!((report.sent, report.abandoned), (1, 1));
    assert_eq!(world.item(&ledger_key).attempt, 2);
    let messages = world.queue.memory.messages();
    assert_eq!(messages[0], messages[1], "the copies are one for a FIFO queue");
}

#[test]
fn a_backlog_of_any_size_is_drained() {
    let world = World::new();
    world.stored_in_one_shard(250);
    world.later(GRACE);
    assert_eq!(world.run(), sent(250));
    assert_eq!(world.queue.bodies().len(), 250);
}

#[test]
fn those_that_waited_longest_go_first() {
    let world = World::new();
    let ledger_keys = world.stored_in_one_shard(10);
    world.later(SECOND);
    world.stored_body("luma#evt_late", br#"{"type":"late"}"#);
    world.later(GRACE);
    world.run();
    let late = world.queue.bodies().iter().position(|body| body.contains("late")).expect("it was sent");
    assert_eq!(ledger_keys.len() + 1, world.queue.bodies().len());
    assert!(late > 0);
}

#[test]
fn no_batch_is_begun_after_the_time_to_stop() {
    let world = World::new();
    world.stored_in_one_shard(50);
    world.later(GRACE);
    let stop = world.clock.get();
    let report = block_on(world.run_with(READERS, stop));
    assert_eq!(report, Report { oldest: Some(now()), ..Report::default() });
    assert_eq!(world.ledger.log.count("lease"), 0, "nothing is leased that can't be sent");
}

#[test]
fn a_run_whose_time_is_up_leaves_the_rest_to_the_next() {
    let world = World::new();
    world.stored_in_one_shard(50);
    world.later(GRACE);
    world.tick.set(Duration::from_millis(500));
    let report = block_on(world.run_with(READERS, world.clock.get() + Duration::from_secs(10)));
    assert!(report.sent > 0 && report.sent < 50, "{report:?}");
    assert_eq!(report.oldest, Some(now()), "and says that something still waits");
    world.tick.set(Duration::ZERO);
    assert_eq!(world.run().sent, 50 - report.sent);
    assert_eq!(world.queue.bodies().len(), 50);
}

#[test]
fn the_oldest_of_what_still_waits_is_told() {
    let world = World::new();
    world.stored("luma#evt_1");
    world.later(GRACE);
    let waiting = world.clock.get();
    world.stored("luma#evt_2");
    world.later(SECOND);
    world.stored("luma#evt_3");
    assert_eq!(world.run(), Report { sent: 1, oldest: Some(waiting), ..Report::default() });
}

/// The design's tie: a FIFO queue drops a second copy for five minutes after the first. The first copy is the handler's
/// at the earliest, at once; the second is the relay's, even when one relay dies on the way, or one send of it is not
/// confirmed either.
#[test]
fn a_resend_comes_within_the_five_minutes_of_a_fifo_queue() {
    let five_minutes = Duration::from_mins(5);
    let first_run = GRACE + SCHEDULE;
    assert!(first_run + LEASE + SCHEDULE < five_minutes, "even when one relay dies");
    assert!(
        first_run + confirmation_wait(1) + SCHEDULE < five_minutes,
        "even when one send is not confirmed"
    );
    // The wait begins when the send has been given up and the item is postponed, and ends within a run.
    let run = Duration::from_secs(40);
    let calls = 5 * SECOND;
    for unconfirmed in 1..=CLOSE_SENDS {
        assert!(calls + confirmation_wait(unconfirmed) + SCHEDULE + run < five_minutes, "{unconfirmed}");
    }
}

#[test]
fn a_handler_and_a_relay_never_send_at_once() {
    let longest_handler = Duration::from_secs(10);
    assert!(longest_handler < GRACE);
    assert!(SCHEDULE <= LEASE, "a relay that is run each minute has a minute");
}
