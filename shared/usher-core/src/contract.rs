//! The promises of every ledger, as a suite: the one in memory and DynamoDB's both pass it.
//!
//! Each check uses keys of its own behind `unique`, so the suite can run on a table that others use, too.

mod lease;
pub mod operator;

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use crate::digest::Digest;
use crate::ledger::{Backlog, Claim, Delivery, Earlier, Fence, GRACE, Pending, State, Transition, shard};
use crate::signature::VerifiedBy;
use crate::trace::{Span, Trace};

const DAY: Duration = Duration::from_hours(24);

/// Runs all checks of a ledger.
///
/// # Panics
///
/// If a check does not hold.
pub async fn ledger(ledger: &impl Backlog, unique: &str) {
    let delivery = |name: &str| delivery(unique, name);
    a_delivery_is_claimed_once(ledger, delivery("once")).await;
    a_claim_whose_answer_was_lost_is_still_its_owners(ledger, delivery("lost-answer")).await;
    another_body_under_one_key_is_told(ledger, delivery("other-body")).await;
    only_the_owner_settles(ledger, delivery("settle")).await;
    what_expired_is_claimed_anew(ledger, delivery("expired")).await;
    pending_items_are_listed_until_they_are_sent(ledger, delivery("listed")).await;
    lease::check(ledger, delivery).await;
}

fn delivery(unique: &str, name: &str) -> Delivery {
    let body = Bytes::from(format!(r#"{{"name":"{name}","text":"{}"}}"#, "again and ".repeat(50)));
    Delivery {
        ledger_key: format!("{unique}#{name}"),
        digest: Digest::of(&body),
        body,
        received: Timestamp::from_millisecond(1_767_225_600_123).expect("in range"),
        token: format!("token of {name}"),
        trace: Trace {
            sender: Span::from_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            xray: Span::from_xray(
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
            ),
        },
        verified_by: VerifiedBy::default(),
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

async fn only_the_owner_settles(ledger: &impl Backlog, first: Delivery) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let stranger = Fence::claimed(&another(&first));
    assert_eq!(settle(ledger, &stranger, first.received).await, Transition::Overtaken);
    assert_eq!(settle(ledger, &Fence::claimed(&first), first.received).await, Transition::Done);
    let again = settle(ledger, &Fence::claimed(&first), first.received).await;
    assert_eq!(again, Transition::Done, "its first answer was lost");
    assert_eq!(settle(ledger, &stranger, first.received).await, Transition::Overtaken);
    let absent = Fence { ledger_key: format!("{}-absent", first.ledger_key), ..Fence::claimed(&first) };
    assert_eq!(settle(ledger, &absent, first.received).await, Transition::Overtaken);
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
