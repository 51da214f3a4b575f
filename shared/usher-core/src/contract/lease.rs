//! The promises of every ledger to its relays.

use bytes::Bytes;
use jiff::Timestamp;

use super::{DAY, another, duplicate, listed, settle};
use crate::ledger::{
    Backlog, Claim, Delivery, Fence, LEASE, Lease, Leased, Pending, Setbacks, State, Transition,
};

/// Runs all checks of leases.
pub(super) async fn check(ledger: &impl Backlog, delivery: impl Fn(&str) -> Delivery) {
    one_of_two_relays_gets_the_lease(ledger, delivery("lease")).await;
    a_lease_whose_answer_was_lost_is_still_its_relays(ledger, delivery("lease-lost-answer")).await;
    a_lease_carries_all_that_was_received(ledger, delivery("carried")).await;
    a_postponed_item_is_leased_again_with_its_setbacks(ledger, delivery("postponed")).await;
    an_abandoned_item_is_retaken_and_nothing_else_is(ledger, delivery("abandoned")).await;
    an_abandoned_lease_is_counted_once(ledger, delivery("retaken-lost-answer")).await;
    an_overtaken_relay_changes_nothing(ledger, delivery("overtaken")).await;
    a_parked_item_is_listed_no_more(ledger, delivery("parked")).await;
    a_result_whose_answer_was_lost_is_done(ledger, delivery("settle-lost-answer")).await;
}

const RELAY: &str = "relay";

/// Claims a delivery and returns its line in the pending index.
async fn claimed(ledger: &impl Backlog, delivery: &Delivery) -> Pending {
    assert_eq!(ledger.claim(delivery).await, Ok(Claim::New));
    line(ledger, delivery).await
}

async fn line(ledger: &impl Backlog, delivery: &Delivery) -> Pending {
    listed(ledger, &delivery.ledger_key).await.expect("it is pending")
}

async fn lease(ledger: &impl Backlog, pending: &Pending, relay: &str, until: Timestamp) -> Lease {
    ledger.lease(pending, relay, until).await.expect("it answers")
}

/// Leases an item until a while after it was due.
pub(super) async fn leased(ledger: &impl Backlog, pending: &Pending) -> Leased {
    match lease(ledger, pending, RELAY, pending.due + LEASE).await {
        Lease::Taken(leased) => *leased,
        other => panic!("it is free, and the answer is {other:?}"),
    }
}

async fn retaken(ledger: &impl Backlog, pending: &Pending, relay: &str) -> Option<Leased> {
    ledger.retake(pending, relay, pending.due + LEASE).await.expect("it answers")
}

async fn one_of_two_relays_gets_the_lease(ledger: &impl Backlog, first: Delivery) {
    let pending = claimed(ledger, &first).await;
    let until = pending.due + LEASE;
    let leased = leased(ledger, &pending).await;
    assert_eq!((leased.fence.attempt, leased.setbacks), (1, Setbacks::default()));
    assert_eq!(lease(ledger, &pending, "another relay", until).await, Lease::Gone);
    assert_eq!(line(ledger, &first).await.due, until);
    assert_eq!(settle(ledger, &leased.fence, until).await, Transition::Done);
    assert_eq!(lease(ledger, &Pending { due: until, ..pending }, RELAY, until).await, Lease::Gone);
}

async fn a_lease_whose_answer_was_lost_is_still_its_relays(ledger: &impl Backlog, first: Delivery) {
    let pending = claimed(ledger, &first).await;
    let until = pending.due + LEASE;
    let leased = Box::new(leased(ledger, &pending).await);
    assert_eq!(lease(ledger, &pending, RELAY, until).await, Lease::Taken(leased.clone()), "counted once");
    assert_eq!(lease(ledger, &pending, "another relay", until).await, Lease::Gone);
    let later = until + LEASE;
    assert_eq!(lease(ledger, &pending, RELAY, later).await, Lease::Gone, "its mark, but another lease");
    let again = line(ledger, &first).await.due + DAY;
    let postponed = ledger.postpone(&leased.fence, again, Setbacks::default()).await;
    assert_eq!(postponed, Ok(Transition::Done));
    assert_eq!(lease(ledger, &pending, RELAY, until).await, Lease::Gone, "it came too late");
}

async fn a_lease_carries_all_that_was_received(ledger: &impl Backlog, first: Delivery) {
    for (name, body) in [("text", first.body.clone()), ("bytes", Bytes::from_static(&[0, 255, 7]))] {
        let ledger_key = format!("{}-{name}", first.ledger_key);
        let delivery = Delivery { ledger_key, body: body.clone(), ..first.clone() };
        let pending = claimed(ledger, &delivery).await;
        let stored = leased(ledger, &pending).await.delivery;
        assert_eq!(stored.body.unpack(1024), Ok(body));
        assert_eq!((stored.received, stored.replay, stored.trace), (first.received, 0, first.trace));
        assert_eq!(stored.event_id(), delivery.event_id());
    }
}

async fn a_postponed_item_is_leased_again_with_its_setbacks(ledger: &impl Backlog, first: Delivery) {
    let pending = claimed(ledger, &first).await;
    let fence = leased(ledger, &pending).await.fence;
    let setbacks = Setbacks { failed: 3, unconfirmed: 5 };
    let due = pending.due + DAY;
    for _ in 0..2 {
        let postponed = ledger.postpone(&fence, due, setbacks).await;
        assert_eq!(postponed, Ok(Transition::Done), "a second try changes nothing more");
    }
    let pending = line(ledger, &first).await;
    assert_eq!(pending.due, due);
    assert_eq!(retaken(ledger, &pending, RELAY).await, None, "it is not abandoned");
    let again = leased(ledger, &pending).await;
    assert_eq!((again.fence.attempt, again.setbacks), (2, setbacks));
}

async fn an_abandoned_item_is_retaken_and_nothing_else_is(ledger: &impl Backlog, first: Delivery) {
    let fresh = claimed(ledger, &first).await;
    assert_eq!(retaken(ledger, &fresh, RELAY).await, None, "it was never leased");
    leased(ledger, &fresh).await;
    // The relay dies, and the next one comes when the lease is over.
    let abandoned = line(ledger, &first).await;
    let until = abandoned.due + LEASE;
    assert_eq!(lease(ledger, &abandoned, "the next", until).await, Lease::Abandoned);
    assert_eq!(line(ledger, &first).await, abandoned, "it is left as it was");
    assert_eq!(retaken(ledger, &fresh, "the next").await, None, "that line is old");
    let leased = retaken(ledger, &abandoned, "the next").await.expect("it is abandoned");
    assert_eq!((leased.fence.attempt, leased.setbacks.failed), (2, 1));
    assert_eq!(leased.delivery.received, first.received);
    assert_eq!(retaken(ledger, &abandoned, "one more").await, None, "it is leased now");
    assert_eq!(settle(ledger, &leased.fence, until).await, Transition::Done);
    assert_eq!(listed(ledger, &first.ledger_key).await, None);
}

async fn an_abandoned_lease_is_counted_once(ledger: &impl Backlog, first: Delivery) {
    let pending = claimed(ledger, &first).await;
    leased(ledger, &pending).await;
    let abandoned = line(ledger, &first).await;
    let leased = retaken(ledger, &abandoned, "the next").await;
    assert_eq!(leased.as_ref().map(|leased| leased.setbacks.failed), Some(1));
    assert_eq!(retaken(ledger, &abandoned, "the next").await, leased, "its first answer was lost");
}

async fn an_overtaken_relay_changes_nothing(ledger: &impl Backlog, first: Delivery) {
    let pending = claimed(ledger, &first).await;
    let slow = leased(ledger, &pending).await;
    let pending = line(ledger, &first).await;
    let next = retaken(ledger, &pending, "the next").await.expect("the lease is over");
    let at = pending.due;
    let none = Setbacks::default();
    assert_eq!(settle(ledger, &slow.fence, at).await, Transition::Overtaken);
    assert_eq!(settle(ledger, &Fence::claimed(&first), at).await, Transition::Overtaken);
    assert_eq!(ledger.postpone(&slow.fence, at, none).await, Ok(Transition::Overtaken));
    assert_eq!(ledger.park(&slow.fence, at).await, Ok(Transition::Overtaken));
    let due = at + DAY;
    assert_eq!(ledger.postpone(&next.fence, due, none).await, Ok(Transition::Done));
    assert_eq!(line(ledger, &first).await.due, due);
    let third = leased(ledger, &line(ledger, &first).await).await;
    assert_eq!(settle(ledger, &third.fence, due).await, Transition::Done);
    assert_eq!(settle(ledger, &next.fence, due).await, Transition::Overtaken, "another settled it");
    assert_eq!(ledger.park(&next.fence, due).await, Ok(Transition::Overtaken));
}

async fn a_parked_item_is_listed_no_more(ledger: &impl Backlog, first: Delivery) {
    let pending = claimed(ledger, &first).await;
    let leased = leased(ledger, &pending).await;
    assert_eq!(ledger.park(&leased.fence, pending.due).await, Ok(Transition::Done));
    assert_eq!(ledger.park(&leased.fence, pending.due).await, Ok(Transition::Done), "its answer was lost");
    assert_eq!(listed(ledger, &first.ledger_key).await, None);
    let none = Setbacks::default();
    assert_eq!(settle(ledger, &leased.fence, pending.due).await, Transition::Overtaken);
    assert_eq!(ledger.postpone(&leased.fence, pending.due, none).await, Ok(Transition::Overtaken));
    assert_eq!(ledger.claim(&another(&first)).await, Ok(duplicate(State::Parked)));
}

async fn a_result_whose_answer_was_lost_is_done(ledger: &impl Backlog, first: Delivery) {
    let pending = claimed(ledger, &first).await;
    let leased = leased(ledger, &pending).await;
    assert_eq!(settle(ledger, &leased.fence, pending.due).await, Transition::Done);
    assert_eq!(settle(ledger, &leased.fence, pending.due).await, Transition::Done, "its answer was lost");
    assert_eq!(ledger.park(&leased.fence, pending.due).await, Ok(Transition::Overtaken));
    assert_eq!(settle(ledger, &Fence::claimed(&first), pending.due).await, Transition::Overtaken);
    assert_eq!(ledger.claim(&another(&first)).await, Ok(duplicate(State::Sent)));
}
