//! The relay and sends whose answer is lost: it comes back while a FIFO queue still drops the second copy, and an outage
//! parks nothing.

mod support;

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use support::relaying::World;
use usher_core::ledger::{GRACE, MAX_LEASES, PARKED_AFTER, Setbacks};
use usher_core::queue::SendFailure;
use usher_core::relay::{CLOSE_SENDS, after_failure, backoff, confirmation_wait};

const MINUTE: Duration = Duration::from_mins(1);
const KEY: &str = "luma#evt_1";
const FIVE_MINUTES: Duration = Duration::from_mins(5);

fn fifo() -> (World, String) {
    let world = World::new();
    world.queue.drops_copies.set(true);
    let key = world.stored(KEY);
    world.later(GRACE);
    (world, key)
}

#[test]
fn the_wait_after_an_unconfirmed_send_ends_within_the_five_minutes() {
    let minutes = |number: u32| confirmation_wait(number).as_secs() / 60;
    let first: Vec<u64> = (1..=CLOSE_SENDS).map(minutes).collect();
    assert_eq!(first, [1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]);
    let then: Vec<u64> = (CLOSE_SENDS + 1..CLOSE_SENDS + 7).map(minutes).collect();
    assert_eq!(then, [3, 60, 3, 60, 3, 60], "in pairs");
}

#[test]
fn an_unconfirmed_send_is_counted_apart_from_failures() {
    let (world, key) = fifo();
    world.queue.mute.set(true);
    let report = world.run();
    assert_eq!((report.sent, report.failed), (0, 1));
    let item = world.item(&key);
    assert_eq!(item.setbacks, Setbacks { failed: 0, unconfirmed: 1 });
    assert_eq!(item.due, Some(world.clock.get() + confirmation_wait(1)));
}

/// A standard queue keeps every copy, so nothing is gained by coming back soon.
#[test]
fn on_a_queue_that_keeps_copies_the_wait_doubles() {
    let (world, key) = fifo();
    world.queue.drops_copies.set(false);
    world.queue.mute.set(true);
    for attempt in 1..=8 {
        world.run();
        assert_eq!(world.item(&key).due, Some(world.clock.get() + backoff(attempt)));
        world.later(backoff(attempt));
    }
}

/// Runs the relay each minute for some time, with the queue as told. Returns when it tried to send.
fn outage(world: &World, lasts: Duration, queue: impl Fn(&World, usize)) -> Vec<Timestamp> {
    let mut sends = Vec::new();
    let over = world.clock.get() + lasts;
    while world.clock.get() < over && world.item(KEY).due.is_some() {
        queue(world, sends.len());
        let before = world.ledger.log.count("send_batch");
        world.run();
        if world.ledger.log.count("send_batch") > before {
            sends.push(world.clock.get());
        }
        world.later(MINUTE);
        // The runs that find it waiting are left out.
        while world.item(KEY).due.is_some_and(|due| due > world.clock.get()) {
            world.later(MINUTE);
        }
    }
    sends
}

#[test]
fn twenty_minutes_without_an_answer_park_nothing_and_no_gap_is_five_minutes_long() {
    let (world, key) = fifo();
    let sends = outage(&world, Duration::from_mins(20), |world, _| world.queue.mute.set(true));
    assert!(sends.windows(2).all(|pair| pair[0].duration_until(pair[1]).unsigned_abs() < FIVE_MINUTES));
    assert_eq!((world.item(&key).parked, world.item(&key).setbacks.failed), (None, 0));
    world.queue.mute.set(false);
    world.later(FIVE_MINUTES);
    assert_eq!(world.run().sent, 1);
}

/// How the queue fails at its n-th send.
type Failing = fn(&World, usize);

const OUTAGES: [(&str, Failing); 4] = [
    ("it refuses", |world, _| world.queue.down.set(true)),
    ("it does not answer", |world, _| world.queue.mute.set(true)),
    ("in turn", |world, sends| {
        world.queue.down.set(sends % 2 == 0);
        world.queue.mute.set(sends % 2 == 1);
    }),
    ("it refuses each time that many sends are over", |world, sends| {
        let refuses = sends % 15 == 14;
        world.queue.down.set(refuses);
        world.queue.mute.set(!refuses);
    }),
];

#[test]
fn after_an_outage_what_waited_is_sent() {
    for (name, failing) in OUTAGES {
        let (world, key) = fifo();
        outage(&world, PARKED_AFTER, failing);
        assert_eq!(world.item(&key).parked, None, "{name}");
        world.queue.down.set(false);
        world.queue.mute.set(false);
        world.later(Duration::from_hours(2));
        assert_eq!(world.run().sent, 1, "{name}");
    }
}

/// Refused or unconfirmed in any order: the least time that it takes to use up all leases.
#[test]
fn no_outage_parks_anything_for_forty_hours_whatever_it_is_like() {
    for drops_copies in [true, false] {
        // By the setbacks after an attempt: the least time until the next.
        let mut soonest = HashMap::from([(Setbacks::default(), Duration::ZERO)]);
        for attempt in 1..MAX_LEASES {
            let mut next = HashMap::new();
            for (setbacks, passed) in soonest {
                for failure in [SendFailure::Refused, SendFailure::Unconfirmed] {
                    let (setbacks, wait) = after_failure(failure, attempt, setbacks, drops_copies);
                    let passed = passed + wait.expect("it is not parked");
                    let least = next.entry(setbacks.unconfirmed).or_insert((setbacks, passed));
                    least.1 = least.1.min(passed);
                }
            }
            soonest = next.into_values().collect();
        }
        let least = soonest.values().min().expect("there are some");
        assert!(*least > PARKED_AFTER, "after {least:?}, FIFO: {drops_copies}");
        for failure in [SendFailure::Refused, SendFailure::Unconfirmed] {
            assert_eq!(after_failure(failure, MAX_LEASES, Setbacks::default(), drops_copies).1, None);
        }
    }
}

/// Otherwise a queue that takes everything and confirms nothing would get copies without end.
#[test]
fn what_is_never_confirmed_is_parked_in_the_end() {
    for (name, failing) in OUTAGES {
        let (world, key) = fifo();
        let sends = outage(&world, Duration::from_hours(5 * 24), failing);
        assert!(world.item(&key).parked.is_some(), "{name}");
        assert_eq!(u32::try_from(sends.len()), Ok(MAX_LEASES), "{name}");
    }
}

/// After the first hour, each hourly send is still followed by one within five minutes, and so is the first unconfirmed
/// one after refused ones.
#[test]
fn an_unconfirmed_send_after_refused_ones_is_followed_within_five_minutes() {
    let (world, _) = fifo();
    outage(&world, Duration::from_hours(2), |world, _| world.queue.mute.set(true));
    outage(&world, Duration::from_hours(12), |world, _| world.queue.down.set(true));
    world.queue.down.set(false);
    let sends = outage(&world, Duration::from_hours(3), |world, _| world.queue.mute.set(true));
    let gaps: Vec<Duration> =
        sends.windows(2).map(|pair| pair[0].duration_until(pair[1]).unsigned_abs()).collect();
    assert!(gaps[0] < FIVE_MINUTES, "{gaps:?}");
    assert!(gaps.windows(2).all(|pair| pair.iter().any(|gap| *gap < FIVE_MINUTES)), "{gaps:?}");
}

#[test]
fn the_first_unconfirmed_send_after_a_refused_one_is_never_followed_late() {
    for unconfirmed in 0..MAX_LEASES {
        let before = Setbacks { failed: 0, unconfirmed };
        let (refused, _) = after_failure(SendFailure::Refused, 30, before, true);
        let (_, wait) = after_failure(SendFailure::Unconfirmed, 31, refused, true);
        assert!(wait.is_some_and(|wait| wait < FIVE_MINUTES), "{unconfirmed} before");
    }
}

/// Relays that died of something else count only until one lives to see a result.
#[test]
fn a_send_that_was_refused_clears_the_event_of_earlier_failures() {
    for mute in [true, false] {
        let (world, key) = fifo();
        world.rejected(&key, 5);
        assert_eq!(world.item(&key).setbacks.failed, 5);
        world.queue.mute.set(mute);
        world.queue.down.set(!mute);
        assert_eq!(world.run().failed, 1);
        assert_eq!(world.item(&key).setbacks.failed, 0);
    }
}
