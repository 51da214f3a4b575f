//! What the simulation once found, as the shortest schedules that showed it.

use std::collections::BTreeMap;

use crate::deliveries::{Delivery, Sender};
use crate::executor::Millis;
use crate::mutants::Mutant;
use crate::scenario::{Arrival, Dependency, MINUTE, Mode, Outage, SECOND, Scenario};
use crate::shrink::Schedule;

/// A Lunacal body that holds no moment, sent at these times to a FIFO queue.
fn template(arrivals: &[Millis], outages: Vec<Outage>) -> Schedule {
    let delivery = Delivery {
        sender: Sender::Lunacal,
        id: String::new(),
        body: r#"{"title":"Intro"}"#.into(),
        unnamed: true,
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
        deadly: None,
        rotated: None,
    };
    Schedule { scenario, faults: BTreeMap::new() }
}

/// The same bytes are another event each time. A FIFO queue must not take the second for a copy of the first, which could
/// only be sent late: it would be answered 200, settled, and lost.
#[test]
fn the_same_bytes_again_are_not_a_copy_to_a_fifo_queue() {
    let outage = Outage { of: Dependency::Queue, from: 0, to: 8 * MINUTE, mode: Mode::Refuses };
    let schedule = template(&[SECOND, 10 * MINUTE + 2 * SECOND], vec![outage]);
    assert_eq!(schedule.breaks(Some(Mutant::DeduplicationIdOfBody)), Some("lost"));
    assert_eq!(schedule.breaks(None), None);
}

/// Two bookings within one second made the same five bytes of a broken template, and the second was dropped.
#[test]
fn what_does_not_name_itself_is_never_a_duplicate() {
    let outage = Outage { of: Dependency::Queue, from: 0, to: 20 * MINUTE, mode: Mode::Refuses };
    let schedule = template(&[SECOND, SECOND + 300, 12 * MINUTE], vec![outage]);
    assert_eq!(schedule.copies(), 3);
    assert_eq!(schedule.breaks(None), None);
}
