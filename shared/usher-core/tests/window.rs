//! Lunacal bodies that do not say when they were sent: the same one for ten minutes, then a new one, and nothing that is
//! still to be sent is lost in between.

mod support;

use futures_executor::block_on;
use support::fakes::{FakeLedger, FakeQueue, fakes};
use support::pipeline::{accepted, deliver};
use support::signing::Signs;
use support::{NOW, at};
use usher_core::ledger::{Backlog as _, LEASE, shard};
use usher_core::outcome::Outcome;
use usher_core::providers::Lunacal;

const BODY: &[u8] = br#"{"kind":"lead","who":"Sam"}"#;
const WINDOW: i64 = 600;

/// The same bytes once more, `seconds` after the first time.
fn again(seconds: i64, ledger: &FakeLedger, queue: &FakeQueue) -> Outcome {
    let request = Lunacal::sign(Lunacal::SECRET, "", NOW, BODY);
    let token = format!("invocation {}", ledger.log.calls().len());
    block_on(deliver::<Lunacal>(&request, &token, at(NOW + seconds), ledger, queue))
}

fn ids(queue: &FakeQueue) -> Vec<String> {
    let id = |body: String| {
        let event: serde_json::Value = serde_json::from_str(&body).expect("the event is JSON");
        event["id"].as_str().expect("an id").to_owned()
    };
    queue.bodies().into_iter().map(id).collect()
}

fn is_duplicate(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Duplicate(_))
}

#[test]
fn within_ten_minutes_it_is_a_duplicate() {
    let (ledger, queue) = fakes();
    accepted(again(0, &ledger, &queue));
    for seconds in [0, 1, WINDOW - 1, WINDOW] {
        assert!(is_duplicate(&again(seconds, &ledger, &queue)), "{seconds}");
    }
    assert_eq!(queue.bodies().len(), 1);
}

/// Not one of its own, made of the moment it came at: nobody would find that one anywhere.
#[test]
fn a_duplicate_is_told_by_the_id_of_the_event_that_the_first_one_made() {
    let (ledger, queue) = fakes();
    let first = accepted(again(0, &ledger, &queue)).id;
    let Outcome::Duplicate(duplicate) = again(WINDOW, &ledger, &queue) else { panic!("it is a duplicate") };
    assert_eq!(duplicate.id, first);
}

#[test]
fn after_ten_minutes_it_is_new_with_an_id_of_its_own() {
    let (ledger, queue) = fakes();
    accepted(again(0, &ledger, &queue));
    accepted(again(WINDOW + 1, &ledger, &queue));
    let ids = ids(&queue);
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1], "a consumer that drops copies must not drop it");
    assert!(is_duplicate(&again(WINDOW + 2, &ledger, &queue)), "and a window of its own");
}

#[test]
fn after_ten_minutes_one_that_is_still_pending_is_not_overwritten() {
    let (ledger, queue) = fakes();
    queue.down.set(true);
    accepted(again(0, &ledger, &queue));
    let first = ledger.memory.keys();
    accepted(again(WINDOW + 1, &ledger, &queue));

    let keys = ledger.memory.keys();
    assert_eq!(keys.len(), 2, "both are stored");
    let [ledger_key] = &first[..] else { panic!("one item") };
    assert!(keys.contains(ledger_key));
    for ledger_key in &keys {
        assert!(ledger.memory.item(ledger_key).expect("it is stored").due.is_some(), "and both will be sent");
    }
}

#[test]
fn one_that_stands_apart_is_sent_and_settled_like_any_other() {
    let (ledger, queue) = fakes();
    queue.down.set(true);
    accepted(again(0, &ledger, &queue));
    queue.down.set(false);
    let accepted = accepted(again(WINDOW + 1, &ledger, &queue));
    assert!(matches!(accepted.settled, Some(Ok(usher_core::ledger::Transition::Done))));
    assert_eq!(ids(&queue).len(), 1);
}

/// A parked event is unsent, too: an operator may replay it.
#[test]
fn after_ten_minutes_one_that_is_parked_is_not_overwritten() {
    let (ledger, queue) = fakes();
    queue.down.set(true);
    accepted(again(0, &ledger, &queue));
    let [ledger_key] = &ledger.memory.keys()[..] else { panic!("one item") };
    block_on(async {
        let pending = ledger.memory.pending(shard(ledger_key), None, 1).await.expect("the ledger answers");
        let lease = ledger.memory.lease(&pending[0], at(NOW) + LEASE).await.expect("the ledger answers");
        ledger
            .memory
            .park(&lease.expect("it is free").fence, at(NOW + 60))
            .await
            .expect("the ledger answers");
    });

    queue.down.set(false);
    accepted(again(WINDOW + 1, &ledger, &queue));
    let item = ledger.memory.item(ledger_key).expect("it is still stored");
    assert_eq!(item.parked, Some(at(NOW + 60)));
    assert_eq!(ledger.memory.keys().len(), 2);
}

#[test]
fn the_event_sent_unchecked_has_the_id_of_its_moment_too() {
    let (ledger, queue) = fakes();
    ledger.break_calls(&["claim"]);
    accepted(again(0, &ledger, &queue));
    accepted(again(WINDOW + 1, &ledger, &queue));
    let ids = ids(&queue);
    assert_ne!(ids[0], ids[1]);
}
