//! Times that depend on each other.

use std::time::Duration;

use serde_json::Value;
use usher_core::budget::ANSWER_WITHIN;
use usher_core::ledger::{GRACE, LEASE};

use crate::manifest::{RELAY, providers};
use crate::template::{function, globals};

/// The time within which a FIFO queue drops a second copy (Amazon SQS, "Exactly-once processing").
const FIFO_REMEMBERS: Duration = Duration::from_mins(5);

#[test]
fn a_handler_is_dead_before_the_relay_takes_its_event() {
    for provider in providers() {
        assert!(timeout(&provider) < GRACE, "{provider}");
    }
}

#[test]
fn a_handler_that_keeps_its_time_is_never_killed() {
    for provider in providers() {
        assert!(timeout(&provider) > ANSWER_WITHIN, "{provider}");
    }
}

#[test]
fn a_relay_is_dead_before_another_takes_its_lease() {
    assert!(timeout(RELAY) < LEASE);
    assert!(timeout(RELAY) < schedule(), "and before the next begins");
}

#[test]
fn even_after_one_relay_died_a_second_copy_comes_while_a_fifo_queue_still_drops_it() {
    // The handler sends and dies. The relay that comes after the grace dies as well. The relay after its lease sends.
    assert!(GRACE + schedule() + LEASE + schedule() < FIFO_REMEMBERS);
}

#[test]
fn a_failed_run_is_not_repeated_beside_the_schedules_next() {
    let late = &function(RELAY)["EventInvokeConfig"];
    assert_eq!(late["MaximumRetryAttempts"], 0);
    // Lambda tries a throttled run again for up to six hours, whatever the number of retries.
    assert_eq!(late["MaximumEventAgeInSeconds"].as_u64(), Some(schedule().as_secs()));
}

fn timeout(binary: &str) -> Duration {
    let own = function(binary).get("Timeout").unwrap_or(&globals()["Timeout"]);
    Duration::from_secs(own.as_u64().expect("a timeout is a number of seconds"))
}

fn schedule() -> Duration {
    let [event] = &*events() else { panic!("the relay has one schedule") };
    assert_eq!(event["Type"], "Schedule");
    assert_eq!(event["Properties"]["Schedule"], "rate(1 minute)");
    assert_eq!(event["Properties"].get("Enabled"), None, "it is on");
    Duration::from_mins(1)
}

fn events() -> Vec<&'static Value> {
    function(RELAY)["Events"].as_object().expect("the relay has a schedule").values().collect()
}
