//! What the simulation once found, as the shortest schedules that showed it.

use std::collections::BTreeMap;

use crate::deliveries::{Delivery, Sender};
use crate::executor::Millis;
use crate::mutants::Mutant;
use crate::scenario::{Arrival, Dependency, MINUTE, Mode, Outage, SECOND, Scenario};
use crate::shrink::Schedule;

/// A Lunacal body that says nothing of when it was made, sent at these moments to a FIFO queue.
fn template(arrivals: &[Millis], outages: Vec<Outage>) -> Schedule {
    let delivery = Delivery {
        sender: Sender::Lunacal,
        id: String::new(),
        body: r#"{"title":"Intro"}"#.into(),
        for_a_while: true,
        resigns: true,
    };
    let arrival = |at: &Millis| Arrival { at: *at, delivery: 0, forgery: None, dropped: false };
    let scenario = Scenario {
        seed: 0,
        fifo: true,
        latency: 20,
        deliveries: vec![delivery],
        arrivals: arrivals.iter().map(arrival).collect(),
        outages,
        rotated: None,
    };
    Schedule { scenario, faults: BTreeMap::new() }
}

/// The same bytes more than ten minutes later are a new delivery, but had the key of the first, and that was all its
/// deduplication id was made of. When the first could only be sent late, the queue dropped the new one: answered 200,
/// settled, and lost.
#[test]
fn a_key_that_is_used_again_is_not_a_copy_to_a_fifo_queue() {
    let outage = Outage { of: Dependency::Queue, from: 0, to: 8 * MINUTE, mode: Mode::Refuses };
    let schedule = template(&[SECOND, 10 * MINUTE + 2 * SECOND], vec![outage]);
    assert_eq!(schedule.breaks(Some(Mutant::DeduplicationIdOfKey)), Some("lost"));
    assert_eq!(schedule.breaks(None), None);
}

/// What came while an earlier one, over by then, still waited was stored under a key of its own moment, so that its
/// duplicates were not told from it.
#[test]
fn duplicates_of_what_stands_apart_are_told() {
    let outage = Outage { of: Dependency::Queue, from: 0, to: 20 * MINUTE, mode: Mode::Refuses };
    let schedule = template(&[SECOND, 12 * MINUTE, 12 * MINUTE + 7 * SECOND], vec![outage]);
    assert_eq!(schedule.copies(), 2);
}
