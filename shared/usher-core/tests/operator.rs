//! What an operator does, and what relay and handler make of it afterwards.

mod support;

use std::time::Duration;

use bytes::Bytes;
use futures_executor::block_on;
use support::now;
use support::relaying::World;
use usher_core::digest::Digest;
use usher_core::ledger::operator::{CLOCK_SKEW, Item, NotReplayable, OperatorLedger as _, Selection};
use usher_core::ledger::{Claim, Delivery, GRACE, Ledger as _, MAX_ATTEMPTS, State, Transition};
use usher_core::normalize::{self, Unsendable};
use usher_core::policy::Policy;
use usher_core::providers::READERS;
use usher_core::signature::VerifiedBy;
use usher_core::trace::Trace;

const MINUTE: Duration = Duration::from_mins(1);

/// A world with one event, which the relay has sent.
fn sent() -> (World, String) {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    world.later(GRACE);
    assert_eq!(world.run().sent, 1);
    (world, ledger_key)
}

fn read(world: &World, ledger_key: &str) -> Item {
    block_on(world.ledger.memory.get(ledger_key)).expect("it answers").expect("it is stored")
}

fn replay(world: &World, ledger_key: &str) -> Transition {
    let seen = read(world, ledger_key);
    block_on(world.ledger.memory.replay(&seen, "replay", world.clock.get())).expect("it answers")
}

fn forget(world: &World, ledger_key: &str) -> Transition {
    let seen = read(world, ledger_key);
    let expires = seen.received + Policy::RETENTION;
    block_on(world.ledger.memory.forget(&seen, world.clock.get(), expires)).expect("it answers")
}

#[test]
fn what_is_replayed_is_sent_once_by_the_next_run_and_says_so() {
    let (world, ledger_key) = sent();
    world.later(MINUTE);
    assert_eq!(replay(&world, &ledger_key), Transition::Done);
    assert_eq!(world.run().sent, 1, "at once: no handler owns it");
    assert_eq!(world.run().sent, 0);
    let messages = world.queue.memory.messages();
    let [first, again] = &messages[..] else { panic!("{} messages", messages.len()) };
    assert!(!first.body.contains("\"replay\""));
    assert!(again.body.contains("\"replay\":1"));
    assert_ne!(first.deduplication_id, again.deduplication_id, "or a FIFO queue would drop it");
    assert_eq!(first.group, again.group);
    assert_eq!((read(&world, &ledger_key).state(), read(&world, &ledger_key).replay), (State::Sent, 1));
}

#[test]
fn what_is_parked_gets_all_its_attempts_again_when_it_is_replayed() {
    let world = World::new();
    let ledger_key = world.stored_body("luma#evt_1", b"{}");
    world.rejected(&ledger_key, MAX_ATTEMPTS - 1);
    world.queue.rejected.borrow_mut().push("evt_1".to_owned());
    world.later(GRACE);
    assert_eq!(world.run().parked, 1);
    world.queue.rejected.borrow_mut().clear();
    assert_eq!(replay(&world, &ledger_key), Transition::Done);
    assert_eq!((world.item(&ledger_key).attempt, world.item(&ledger_key).setbacks.failed), (0, 0));
    assert_eq!(world.run().sent, 1);
}

#[test]
fn a_run_that_is_resumed_replays_nothing_twice() {
    let (world, ledger_key) = sent();
    world.later(MINUTE);
    let began = world.clock.get();
    let plan = |world: &World| read(world, &ledger_key).replayable(Some(began));
    assert_eq!(plan(&world), Ok(()));
    assert_eq!(replay(&world, &ledger_key), Transition::Done);
    assert_eq!(plan(&world), Err(NotReplayable::Replayed), "while it is pending");
    assert_eq!(world.run().sent, 1);
    assert_eq!(plan(&world), Err(NotReplayable::Replayed), "and once it is sent again");
    assert_eq!(read(&world, &ledger_key).replayable(None), Ok(()), "a new run may");
    let later = Some(began + MINUTE);
    assert_eq!(read(&world, &ledger_key).replayable(later), Ok(()), "and so may one that began later");
}

#[test]
fn a_run_that_is_resumed_leaves_out_what_it_found_pending() {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    world.later(GRACE);
    let began = Some(world.clock.get());
    assert_eq!(read(&world, &ledger_key).replayable(None), Err(NotReplayable::Pending));
    world.later(MINUTE);
    assert_eq!(world.run().sent, 1);
    assert_eq!(
        read(&world, &ledger_key).replayable(began),
        Err(NotReplayable::Later),
        "it is another event now"
    );
    assert_eq!(read(&world, &ledger_key).replayable(None), Ok(()), "a new run may");
}

#[test]
fn what_is_pending_or_forgotten_is_not_replayed() {
    let world = World::new();
    let ledger_key = world.stored("luma#evt_1");
    assert_eq!(read(&world, &ledger_key).replayable(None), Err(NotReplayable::Pending));
    assert_eq!(replay(&world, &ledger_key), Transition::Overtaken);
    world.later(GRACE + CLOCK_SKEW);
    assert_eq!(forget(&world, &ledger_key), Transition::Done);
    assert_eq!(read(&world, &ledger_key).replayable(None), Err(NotReplayable::Forgotten));
    assert_eq!(replay(&world, &ledger_key), Transition::Overtaken);
    assert_eq!(world.item(&ledger_key).replay, 0);
}

#[test]
fn a_relay_has_nothing_to_do_with_what_was_forgotten() {
    let (world, ledger_key) = sent();
    assert_eq!(forget(&world, &ledger_key), Transition::Done);
    let unsent = world.stored("luma#evt_2");
    world.later(GRACE + CLOCK_SKEW);
    assert_eq!(forget(&world, &unsent), Transition::Done);
    world.later(MINUTE * 10);
    assert_eq!(world.run(), usher_core::relay::Report::default());
    assert_eq!(world.queue.memory.messages().len(), 1, "only what was sent before");
    assert!(read(&world, &ledger_key).delivery().is_none());
}

#[test]
fn a_forgotten_delivery_that_comes_again_is_a_duplicate_and_brings_nothing_back() {
    let (world, ledger_key) = sent();
    assert_eq!(forget(&world, &ledger_key), Transition::Done);
    let body = Bytes::from_static(br#"{"type":"guest.updated","data":{"id":"luma#evt_1"}}"#);
    let again = Delivery {
        ledger_key: ledger_key.clone(),
        digest: Digest::of(&body),
        body,
        received: world.clock.get(),
        token: "another".to_owned(),
        trace: Trace::default(),
        verified_by: VerifiedBy::default(),
    };
    let claim = block_on(world.ledger.memory.claim(&again));
    let Ok(Claim::Duplicate(earlier)) = claim else { panic!("{claim:?}") };
    assert!(earlier.same_body, "the digest is kept, so that another body under the same id is still told");
    assert!(read(&world, &ledger_key).body.is_none());
}

/// As an operator sees it is as the relay sends it.
#[test]
fn an_operator_sees_the_event_that_the_relay_would_send() {
    let (world, ledger_key) = sent();
    let stored = read(&world, &ledger_key);
    let stored = stored.delivery().expect("it has a body");
    let (_, message) = normalize::rebuild(&stored, &READERS, 1024).expect("it is an event");
    assert_eq!(world.queue.memory.messages(), [message]);
    let too_large = normalize::rebuild(&stored, &READERS, 5);
    assert!(matches!(too_large, Err(Unsendable::Body(_))));
    let unlisted = normalize::rebuild(&stored, &READERS[1..], 1024);
    assert_eq!(unlisted.err(), Some(Unsendable::Provider));
}

#[test]
fn everything_is_wanted_unless_said_otherwise() {
    let (world, ledger_key) = sent();
    let stored = read(&world, &ledger_key);
    assert!(Selection::default().takes(&stored));
    assert!(Selection { since: Some(now()), ..Selection::default() }.takes(&stored), "since is from then on");
    assert!(!Selection { until: Some(now()), ..Selection::default() }.takes(&stored), "until is before then");
}
