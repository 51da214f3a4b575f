//! The relay and events that end it: out of memory, out of stack, out of time. Each is parked in the end, and the others
//! of its batch are sent.

mod support;

use std::time::Duration;

use futures_executor::block_on;
use futures_util::FutureExt as _;
use jiff::Timestamp;
use support::fakes::FakeLedger;
use support::now;
use support::relaying::{READERS, World};
use usher_core::ledger::operator::OperatorLedger as _;
use usher_core::ledger::{Backlog as _, GRACE, LEASE, Lease, MAX_ATTEMPTS, MAX_LEASES, Transition, shard};
use usher_core::memory::MemoryLedger;
use usher_core::parsed_body::ParsedBody;
use usher_core::policy::Policy;
use usher_core::provider::{Read, Reading};
use usher_core::queue::{Message, Queue, QueueError};
use usher_core::relay::Relay;

const MINUTE: Duration = Duration::from_mins(1);

/// Events of which the sending ends a relay, in the shard of [`World::stored_in_one_shard`].
fn deadly(world: &World, count: usize) -> Vec<String> {
    let keys = (0..).map(|number| format!("luma#deadly_{number}")).filter(|key| shard(key) == 0);
    let keys: Vec<String> = keys.take(count).map(|key| world.stored(&key)).collect();
    world.queue.deadly.borrow_mut().push("deadly".to_owned());
    keys
}

/// The times at which one of the events was sent, in minutes of the relay's schedule.
fn runs_until_all_are_sent(world: &World, keys: &[String], most: u32) -> u32 {
    for run in 1..=most {
        world.run_that_may_die();
        if keys.iter().all(|key| world.item(key).sent.is_some()) {
            return run;
        }
        world.later(MINUTE);
    }
    panic!("not all are sent after {most} runs");
}

#[test]
fn an_event_that_ends_the_relay_is_parked_before_it_is_worked_on_once_more() {
    let world = World::new();
    let killer = &deadly(&world, 1)[0];
    world.later(GRACE);
    for deaths in 1..=MAX_ATTEMPTS {
        assert_eq!(world.run_that_may_die(), None, "it ends the relay");
        assert_eq!(world.item(killer).attempt, deaths, "which is counted");
        world.later(LEASE);
    }
    let report = world.run_that_may_die().expect("nothing is worked on");
    assert_eq!((report.parked, report.abandoned, report.oldest), (1, 1, None));
    assert!(report.failures[0].reason.contains("20 failures"), "{report:?}");
    let item = world.item(killer);
    assert_eq!((item.due, item.parked, item.lease), (None, Some(world.clock.get()), None));
}

#[test]
fn what_was_leased_with_it_is_sent_by_the_next_run() {
    let world = World::new();
    let killer = &deadly(&world, 1)[0];
    let others = world.stored_in_one_shard(9);
    world.later(GRACE);
    assert_eq!(world.run_that_may_die(), None);
    assert!(others.iter().all(|key| world.item(key).attempt == 1), "they were in its batch");
    world.later(LEASE);
    // By its key the killer is the first of those that were left. So it ends one more run.
    assert_eq!(runs_until_all_are_sent(&world, &others, 3), 2);
    assert!(others.iter().all(|key| world.item(key).setbacks.failed == 1));
    assert!(world.item(killer).sent.is_none());
    assert_eq!(world.queue.bodies().len(), 9, "each once");
}

#[test]
fn several_of_them_are_parked_and_hold_up_nothing() {
    let world = World::new();
    let killers = deadly(&world, 3);
    let others = world.stored_in_one_shard(50);
    world.later(GRACE);
    let runs = runs_until_all_are_sent(&world, &others, 60);
    assert!(runs <= 12, "{runs}");
    for _ in 0..3 * MAX_ATTEMPTS {
        world.later(MINUTE);
        let late = world.stored(&format!("luma#late_{}", world.runs.get()));
        world.later(GRACE);
        world.run_that_may_die();
        assert!(world.item(&late).sent.is_some(), "what is new is sent first");
    }
    assert!(killers.iter().all(|key| world.item(key).parked.is_some()));
    assert!(killers.iter().all(|key| world.item(key).attempt == MAX_ATTEMPTS + 1), "21 leases, 20 deaths");
}

#[test]
fn what_was_abandoned_goes_alone_after_all_others() {
    let world = World::new();
    deadly(&world, 1);
    world.stored_in_one_shard(2);
    world.later(GRACE);
    world.run_that_may_die();
    world.queue.deadly.borrow_mut().clear();
    world.later(LEASE);
    world.stored("luma#new_1");
    world.later(GRACE);
    let before = world.ledger.log.calls().len();
    let report = world.run();
    assert_eq!((report.sent, report.abandoned), (4, 3));
    let calls = world.ledger.log.calls()[before..].to_vec();
    let calls: Vec<&str> = calls.into_iter().filter(|call| *call != "pending").collect();
    let first = calls.iter().position(|call| *call == "retake").expect("they are retaken");
    assert_eq!(
        calls[..first].iter().filter(|call| **call == "settle").count(),
        1,
        "the new one is sent by then"
    );
    let alone = ["retake", "send_batch", "settle"];
    assert_eq!(calls[first..], [alone, alone, alone].concat(), "nothing else is leased meanwhile");
}

/// What failed in an outage was not abandoned: a backlog of any size goes on in batches.
#[test]
fn what_an_outage_held_up_goes_in_batches() {
    let world = World::new();
    let keys = world.stored_in_one_shard(300);
    world.queue.down.set(true);
    world.later(GRACE);
    // All have failed at least once: a run that finds the queue down leaves most of a backlog alone.
    for key in &keys {
        world.refused(key, 1);
    }
    world.queue.down.set(false);
    world.later(Duration::from_mins(2));
    let report = world.run();
    assert_eq!((report.sent, report.abandoned), (300, 0));
    assert_eq!(world.ledger.log.count("send_batch"), 30);
}

/// One message a minute and thirty in a row: an outage must not be taken for their fault.
#[test]
fn with_the_queue_down_what_was_abandoned_is_left_after_a_few_sends() {
    let world = World::new();
    let keys = world.stored_in_one_shard(8);
    world.later(GRACE);
    world.ledger.break_calls(&["settle"]);
    world.run();
    world.ledger.repair();
    world.queue.down.set(true);
    world.later(LEASE);
    let report = world.run();
    assert_eq!((report.failed, report.abandoned, report.parked), (3, 8, 0));
    assert_eq!(report.oldest, Some(now()));
    let untouched = keys.iter().filter(|key| world.item(key).attempt == 1).count();
    assert_eq!(untouched, 5);
}

#[test]
fn what_has_used_up_its_leases_is_parked_before_it_is_worked_on() {
    let world = World::new();
    let key = world.stored("luma#evt_1");
    world.refused(&key, MAX_LEASES);
    world.later(MINUTE);
    let report = world.run();
    assert_eq!((report.sent, report.failed, report.parked), (0, 0, 1));
    assert!(world.item(&key).parked.is_some());
    assert!(world.queue.bodies().is_empty());
}

/// A panic that drops a second one: it leaves the reader, which catches only the first.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a bug elsewhere");
    }
}

fn panics_at_bombs(document: &ParsedBody<'_>) -> Reading {
    if document.bytes().starts_with(b"bomb") {
        std::panic::panic_any(Bomb);
    }
    Reading::unrecognized()
}

#[test]
fn a_panic_anywhere_while_a_message_is_made_is_that_events_own() {
    let world = World::new();
    let bomb = world.stored_body("luma#evt_1", b"bomb");
    world.stored_body("luma#evt_2", b"harmless");
    world.later(GRACE);
    let readers: &[(&str, Read)] = &[("luma", panics_at_bombs)];
    let report = block_on(world.run_with(readers, world.clock.get() + MINUTE));
    assert_eq!((report.sent, report.failed), (1, 1));
    assert_eq!(report.failures[0].ledger_key, Some(bomb.clone()));
    assert_eq!(report.failures[0].reason, "panicked");
    assert_eq!(world.item(&bomb).setbacks.failed, 1);
}

#[test]
fn a_panic_while_a_result_is_stored_is_that_events_own() {
    let world = World::new();
    let keys = world.stored_in_one_shard(3);
    world.ledger.panics_at.replace(Some(keys[1].clone()));
    world.later(GRACE);
    let report = world.run_that_may_die().expect("it is caught");
    assert_eq!((report.sent, report.failures.len()), (2, 1));
    assert_eq!(report.failures[0].ledger_key.as_ref(), Some(&keys[1]));
    assert!(world.item(&keys[0]).sent.is_some() && world.item(&keys[2]).sent.is_some());
    assert_eq!(world.item(&keys[1]).lease.as_deref(), Some("run 1"), "it counts as abandoned");
}

#[test]
fn an_event_whose_times_lie_at_the_end_of_all_times_stops_no_other() {
    let world = World::new();
    world.clock.set(Timestamp::MAX - GRACE * 2);
    let late = world.stored("luma#evt_1");
    world.clock.set(now());
    let good = world.stored("luma#evt_2");
    world.clock.set(Timestamp::MAX - GRACE);
    let report = block_on(world.run_with(READERS, Timestamp::MAX));
    assert_eq!((report.sent, report.failures), (2, vec![]));
    assert!(world.item(&good).sent.is_some());
    assert_eq!(world.item(&late).expires, Some(Timestamp::MAX));
}

#[test]
fn of_a_request_that_is_rejected_as_a_whole_each_message_is_tried_by_itself() {
    let world = World::new();
    let keys = world.stored_in_one_shard(10);
    world.queue.rejects_requests.set(true);
    world.queue.rejected.borrow_mut().push(format!(r#""id":"{}""#, keys[4].replace('#', ":")));
    world.later(GRACE);
    let report = world.run();
    assert_eq!((report.sent, report.failed), (9, 1));
    assert_eq!(world.item(&keys[4]).setbacks.failed, 1);
    assert_eq!(world.ledger.log.count("send_batch"), 11);
}

/// A queue during whose sending another relay takes the event, or an operator tries to erase it.
struct Meanwhile<'a, F>(&'a World, F);

impl<F: Fn(&MemoryLedger)> Queue for Meanwhile<'_, F> {
    fn drops_copies(&self) -> bool {
        false
    }

    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        self.0.queue.send(message).await
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        (self.1)(&self.0.ledger.memory);
        self.0.queue.send_batch(messages).await
    }
}

/// What is in memory answers at once.
fn at_once<T>(answer: impl Future<Output = T>) -> T {
    answer.now_or_never().expect("it waits for nothing")
}

fn run_while(world: &World, meanwhile: impl Fn(&MemoryLedger)) -> usher_core::relay::Report {
    let relay = Relay::<FakeLedger, _, _> {
        backlog: &world.ledger,
        queue: &Meanwhile(world, meanwhile),
        clock: || world.clock.get(),
        token: "slow",
        readers: READERS,
        max_body_bytes: Policy::MAX_BODY_BYTES,
        retention: Policy::RETENTION,
        stop: world.clock.get() + MINUTE,
    };
    block_on(relay.run())
}

#[test]
fn a_result_that_comes_too_late_is_reported() {
    for down in [false, true] {
        let world = World::new();
        let key = world.stored("luma#evt_1");
        world.later(GRACE);
        world.queue.down.set(down);
        let report = run_while(&world, |memory| {
            world.later(LEASE);
            let until = world.clock.get() + LEASE;
            let retaken = at_once(memory.retake(&world.line(&key), "fast", until));
            assert!(matches!(retaken, Ok(Some(_))));
        });
        assert_eq!(
            (report.sent, report.failed, report.overtaken),
            (usize::from(!down), usize::from(down), 1)
        );
        let last = report.failures.last().expect("it is a failure");
        assert_eq!((last.ledger_key.as_ref(), last.attempt), (Some(&key), 1));
        assert!(last.reason.contains("overtaken"));
        assert_eq!(world.item(&key).lease.as_deref(), Some("fast"), "it is the other's still");
    }
}

/// "Parked" must not be reported of what another relay is sending.
#[test]
fn what_was_overtaken_is_not_reported_as_parked() {
    let world = World::new();
    let key = world.stored("luma#evt_1");
    world.rejected(&key, MAX_ATTEMPTS - 1);
    world.queue.rejected.borrow_mut().push("evt_1".to_owned());
    world.later(GRACE);
    let report = run_while(&world, |memory| {
        world.later(LEASE);
        let until = world.clock.get() + LEASE;
        assert!(matches!(at_once(memory.retake(&world.line(&key), "fast", until)), Ok(Some(_))));
    });
    assert_eq!((report.parked, report.overtaken), (0, 1));
    assert_eq!(world.item(&key).parked, None);
}

#[test]
fn what_a_relay_is_sending_is_not_said_to_be_erased_unsent() {
    let world = World::new();
    let key = world.stored("luma#evt_1");
    world.later(GRACE);
    let report = run_while(&world, |memory| {
        let seen = at_once(memory.get(&key)).expect("it answers").expect("it is stored");
        assert!(seen.is_being_sent(world.clock.get()));
        let forgotten = at_once(memory.forget(&seen, world.clock.get(), world.clock.get()));
        assert_eq!(forgotten, Ok(Transition::Overtaken));
    });
    assert_eq!((report.sent, report.overtaken), (1, 0));
}

/// The mark makes a lease its relay's; it is not on the item when nobody has a lease.
#[test]
fn every_result_takes_the_mark_off() {
    let world = World::new();
    let [sent, postponed, parked] = ["luma#evt_1", "luma#evt_2", "luma#evt_3"].map(|key| world.stored(key));
    world.rejected(&parked, MAX_ATTEMPTS - 1);
    world.queue.rejected.replace(vec!["evt_2".to_owned(), "evt_3".to_owned()]);
    world.later(GRACE);
    let report = world.run();
    assert_eq!((report.sent, report.failed, report.parked), (1, 1, 1));
    assert!([&sent, &postponed, &parked].iter().all(|key| world.item(key).lease.is_none()));
    world.later(Duration::from_hours(1));
    let leased = block_on(world.ledger.memory.lease(&world.line(&postponed), "next", world.clock.get()));
    assert!(matches!(leased, Ok(Lease::Taken(_))));
}
