//! The promises of every ledger, as a suite: the one in memory and DynamoDB's both pass it.
//!
//! Each check uses keys of its own behind `unique`, so the suite can run on a table that others use, too.

pub mod operator;

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use crate::digest::Digest;
use crate::ledger::{
    Backlog, Claim, Delivery, Earlier, Fence, GRACE, LEASE, Pending, State, Transition, shard,
};

const DAY: Duration = Duration::from_hours(24);

/// Runs all checks of a ledger.
///
/// # Panics
///
/// When one does not hold.
pub async fn ledger(ledger: &impl Backlog, unique: &str) {
    let delivery = |name: &str| delivery(unique, name);
    a_delivery_is_claimed_once(ledger, delivery("once")).await;
    a_claim_whose_answer_was_lost_is_still_its_owners(ledger, delivery("lost-answer")).await;
    another_body_under_one_key_is_told(ledger, delivery("other-body")).await;
    only_the_owner_settles_and_only_once(ledger, delivery("settle")).await;
    what_expired_is_claimed_anew(ledger, delivery("expired")).await;
    pending_items_are_listed_until_they_are_sent(ledger, delivery("listed")).await;
    one_of_two_relays_gets_the_lease(ledger, delivery("lease")).await;
    a_lease_carries_all_that_was_received(ledger, delivery("carried")).await;
    an_overtaken_relay_changes_nothing(ledger, delivery("overtaken")).await;
    a_parked_item_is_listed_no_more(ledger, delivery("parked")).await;
}

fn delivery(unique: &str, name: &str) -> Delivery {
    let body = Bytes::from(format!(r#"{{"name":"{name}","text":"{}"}}"#, "again and ".repeat(50)));
    Delivery {
        ledger_key: format!("{unique}#{name}"),
        digest: Digest::of(&body),
        body,
        received: Timestamp::from_millisecond(1_767_225_600_123).expect("in range"),
        token: format!("token of {name}"),
    }
}

fn another(delivery: &Delivery) -> Delivery {
    Delivery { token: format!("another {}", delivery.token), ..delivery.clone() }
}

const fn duplicate(state: State) -> Claim {
    Claim::Duplicate(Earlier { state, same_body: true })
}

/// The item's line in the pending index, if it has one.
async fn listed(ledger: &impl Backlog, ledger_key: &str) -> Option<Pending> {
    let mut after = None;
    loop {
        let page = ledger.pending(shard(ledger_key), after.as_ref(), 100).await.expect("the index answers");
        if let Some(pending) = page.iter().find(|pending| pending.ledger_key == ledger_key) {
            return Some(pending.clone());
        }
        after = Some(page.into_iter().next_back()?);
    }
}

async fn settle(ledger: &impl Backlog, fence: &Fence, at: Timestamp) -> Transition {
    ledger.settle(fence, at, at + DAY).await.expect("settle answers")
}

async fn a_delivery_is_claimed_once(ledger: &impl Backlog, first: Delivery) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    assert_eq!(ledger.claim(&another(&first)).await, Ok(duplicate(State::Pending)));
    assert_eq!(settle(ledger, &Fence::claimed(&first), first.received).await, Transition::Done);
    assert_eq!(ledger.claim(&another(&first)).await, Ok(duplicate(State::Sent)));
}

async fn a_claim_whose_answer_was_lost_is_still_its_owners(ledger: &impl Backlog, first: Delivery) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
}

async fn another_body_under_one_key_is_told(ledger: &impl Backlog, first: Delivery) {
    let body = Bytes::from_static(b"{}");
    let other = Delivery { digest: Digest::of(&body), body, ..another(&first) };
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let expected = Earlier { state: State::Pending, same_body: false };
    assert_eq!(ledger.claim(&other).await, Ok(Claim::Duplicate(expected)));
}

async fn only_the_owner_settles_and_only_once(ledger: &impl Backlog, first: Delivery) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let stranger = Fence::claimed(&another(&first));
    assert_eq!(settle(ledger, &stranger, first.received).await, Transition::Overtaken);
    assert_eq!(settle(ledger, &Fence::claimed(&first), first.received).await, Transition::Done);
    assert_eq!(settle(ledger, &Fence::claimed(&first), first.received).await, Transition::Overtaken);
    let nobody = Fence { ledger_key: format!("{}-absent", first.ledger_key), ..Fence::claimed(&first) };
    assert_eq!(settle(ledger, &nobody, first.received).await, Transition::Overtaken);
}

async fn what_expired_is_claimed_anew(ledger: &impl Backlog, first: Delivery) {
    let later = Delivery { received: first.received + DAY * 2, ..another(&first) };
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    assert_eq!(ledger.claim(&later).await, Ok(duplicate(State::Pending)), "nothing unsent expires");
    assert_eq!(settle(ledger, &Fence::claimed(&first), first.received).await, Transition::Done);
    assert_eq!(ledger.claim(&later).await, Ok(Claim::New));
    assert_eq!(settle(ledger, &Fence::claimed(&first), first.received).await, Transition::Overtaken);
}

async fn pending_items_are_listed_until_they_are_sent(ledger: &impl Backlog, first: Delivery) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let pending = Pending {
        ledger_key: first.ledger_key.clone(),
        due: first.received + GRACE,
        received: first.received,
    };
    assert_eq!(listed(ledger, &first.ledger_key).await, Some(pending));
    assert_eq!(settle(ledger, &Fence::claimed(&first), first.received).await, Transition::Done);
    assert_eq!(listed(ledger, &first.ledger_key).await, None);
}

async fn one_of_two_relays_gets_the_lease(ledger: &impl Backlog, first: Delivery) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let pending = listed(ledger, &first.ledger_key).await.expect("pending");
    let until = pending.due + LEASE;
    let leased = ledger.lease(&pending, until).await.expect("answers").expect("is free");
    assert_eq!(leased.fence.attempt, 1);
    assert_eq!(ledger.lease(&pending, until).await, Ok(None));
    assert_eq!(listed(ledger, &first.ledger_key).await.map(|pending| pending.due), Some(until));
    assert_eq!(settle(ledger, &leased.fence, until).await, Transition::Done);
    assert_eq!(ledger.lease(&Pending { due: until, ..pending }, until).await, Ok(None));
}

async fn a_lease_carries_all_that_was_received(ledger: &impl Backlog, first: Delivery) {
    for (name, body) in [("text", first.body.clone()), ("bytes", Bytes::from_static(&[0, 255, 7]))] {
        let ledger_key = format!("{}-{name}", first.ledger_key);
        let delivery = Delivery { ledger_key, body: body.clone(), ..first.clone() };
        assert_eq!(ledger.claim(&delivery).await, Ok(Claim::New));
        let pending = listed(ledger, &delivery.ledger_key).await.expect("pending");
        let leased = ledger.lease(&pending, pending.due + LEASE).await.expect("answers").expect("is free");
        assert_eq!(leased.delivery.body.unpack(1024), Ok(body));
        let stored = &leased.delivery;
        assert_eq!((stored.received, stored.replay), (first.received, 0));
        assert_eq!(stored.event_id(), delivery.event_id());
    }
}

async fn an_overtaken_relay_changes_nothing(ledger: &impl Backlog, first: Delivery) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let pending = listed(ledger, &first.ledger_key).await.expect("pending");
    let slow = ledger.lease(&pending, pending.due + LEASE).await.expect("answers").expect("is free");
    let pending = listed(ledger, &first.ledger_key).await.expect("still pending");
    let next = ledger.lease(&pending, pending.due + LEASE).await.expect("answers").expect("is free");
    assert_eq!(next.fence.attempt, 2);
    let at = pending.due;
    assert_eq!(settle(ledger, &slow.fence, at).await, Transition::Overtaken);
    assert_eq!(settle(ledger, &Fence::claimed(&first), at).await, Transition::Overtaken);
    assert_eq!(ledger.postpone(&slow.fence, at).await, Ok(Transition::Overtaken));
    assert_eq!(ledger.park(&slow.fence, at).await, Ok(Transition::Overtaken));
    let due = at + DAY;
    assert_eq!(ledger.postpone(&next.fence, due).await, Ok(Transition::Done));
    assert_eq!(listed(ledger, &first.ledger_key).await.map(|pending| pending.due), Some(due));
}

async fn a_parked_item_is_listed_no_more(ledger: &impl Backlog, first: Delivery) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let pending = listed(ledger, &first.ledger_key).await.expect("pending");
    let leased = ledger.lease(&pending, pending.due + LEASE).await.expect("answers").expect("is free");
    assert_eq!(ledger.park(&leased.fence, pending.due).await, Ok(Transition::Done));
    assert_eq!(listed(ledger, &first.ledger_key).await, None);
    assert_eq!(settle(ledger, &leased.fence, pending.due).await, Transition::Overtaken);
    assert_eq!(ledger.claim(&another(&first)).await, Ok(duplicate(State::Parked)));
}
