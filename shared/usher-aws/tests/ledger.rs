//! The ledger on DynamoDB keeps the contract of every ledger, and a lost answer costs nothing: the SDK's second try
//! finds what the first has changed.

mod clients;

use std::time::Duration;

use bytes::Bytes;
use fakes::aws::Aws;
use fakes::behaviour::Behaviour;
use fakes::dynamodb::TABLE;
use jiff::Timestamp;
use usher_aws::dynamodb::DynamoDbLedger;
use usher_core::contract;
use usher_core::digest::Digest;
use usher_core::ledger::operator::{Item, OperatorLedger as _};
use usher_core::ledger::{
    Backlog as _, Claim, Delivery, Fence, GRACE, KEPT_AT_LEAST, LEASE, Lease, Leased, Ledger as _, Pending,
    Setbacks, Transition,
};
use usher_core::secret::{Age, Used};
use usher_core::signature::VerifiedBy;
use usher_core::trace::Trace;

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_of_every_ledger_is_kept() {
    let aws = Aws::start().await;
    contract::ledger(&ledger(&aws), "contract").await;
}

/// `usher rotate retire` takes it from there.
#[tokio::test(flavor = "multi_thread")]
async fn an_item_tells_which_secret_verified_its_delivery() {
    let used = Used { name: Some("berlin".parse().expect("it is a name")), age: Age::Older };
    let (aws, _) = claimed_by(VerifiedBy { secret: Some(used), token: None }).await;
    let item = aws.dynamodb.service().item();
    assert!(item["by"]["S"].as_str().is_some_and(|mark| mark.contains("berlin")), "{item:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_whose_answer_is_lost_is_taken_and_counted_once() {
    let (aws, pending) = claimed().await;
    let leased = lease(&aws, &pending).await;
    assert_eq!((leased.fence.attempt, leased.setbacks), (1, Setbacks::default()));
    assert_eq!(aws.dynamodb.count("UpdateItem"), 2, "the SDK tried twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_item_whose_answer_is_lost_is_retaken_and_counted_once() {
    let (aws, pending) = claimed().await;
    lease(&aws, &pending).await;
    let abandoned = Pending { due: pending.due + LEASE, ..pending };
    lose_the_next_answer(&aws);
    let retaken = ledger(&aws).retake(&abandoned, "the next", abandoned.due + LEASE).await;
    let retaken = retaken.expect("it answers").expect("it is abandoned");
    assert_eq!((retaken.fence.attempt, retaken.setbacks.failed), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_whose_answer_is_lost_is_done() {
    let (aws, pending) = claimed().await;
    let fence = lease(&aws, &pending).await.fence;
    let ledger = ledger(&aws);
    let setbacks = Setbacks { failed: 1, unconfirmed: 2 };
    lose_the_next_answer(&aws);
    assert_eq!(ledger.postpone(&fence, pending.due, setbacks).await, Ok(Transition::Done));
    let leased = lease(&aws, &pending).await;
    assert_eq!(leased.setbacks, setbacks, "a second try adds nothing");
    lose_the_next_answer(&aws);
    assert_eq!(ledger.park(&leased.fence, pending.due).await, Ok(Transition::Done));

    let (aws, pending) = claimed().await;
    let fence = lease(&aws, &pending).await.fence;
    lose_the_next_answer(&aws);
    assert_eq!(self::ledger(&aws).settle(&fence, pending.due, pending.due).await, Ok(Transition::Done));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_whose_answer_is_lost_is_counted_once_and_overtaken_by_none_but_another() {
    let (aws, seen) = sent().await;
    let ledger = ledger(&aws);
    lose_the_next_answer(&aws);
    assert_eq!(ledger.replay(&seen, "replay", received()).await, Ok(Transition::Done));
    assert_eq!(aws.dynamodb.service().item()["replay"]["N"], "1");
    assert_eq!(ledger.replay(&seen, "another", received()).await, Ok(Transition::Overtaken));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_replayed_has_all_attempts_again() {
    let (aws, pending) = claimed().await;
    let ledger = ledger(&aws);
    let fence = lease(&aws, &pending).await.fence;
    let setbacks = Setbacks { failed: 19, unconfirmed: 7 };
    assert_eq!(ledger.postpone(&fence, pending.due, setbacks).await, Ok(Transition::Done));
    let fence = lease(&aws, &pending).await.fence;
    assert_eq!(ledger.park(&fence, pending.due).await, Ok(Transition::Done));
    let seen = Item { attempt: 2, setbacks, parked: Some(pending.due), ..seen(None) };
    assert_eq!(ledger.replay(&seen, "replay", received()).await, Ok(Transition::Done));
    let pending = Pending { due: received(), ..pending };
    let leased = lease(&aws, &pending).await;
    assert_eq!((leased.fence.attempt, leased.setbacks), (1, Setbacks::default()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_item_is_due_at_once_by_any_clock() {
    let (aws, seen) = sent().await;
    let fast = received() + Duration::from_mins(5);
    assert_eq!(ledger(&aws).replay(&seen, "replay", fast).await, Ok(Transition::Done));
    let item = aws.dynamodb.service().item();
    assert_eq!(item["due"]["N"], received().as_millisecond().to_string());
    assert_eq!(item["replayed"]["N"], fast.as_millisecond().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_item_whose_answer_is_lost_is_done() {
    let (aws, seen) = sent().await;
    lose_the_next_answer(&aws);
    assert_eq!(ledger(&aws).forget(&seen, received(), received()).await, Ok(Transition::Done));
    let again = ledger(&aws).forget(&seen, received() + LEASE, received()).await;
    assert_eq!(again, Ok(Transition::Overtaken), "another has erased it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_being_sent_is_not_forgotten() {
    let minutes = Duration::from_mins;
    let (aws, pending) = claimed().await;
    let ledger = ledger(&aws);
    let new = seen(Some(pending.due));
    let forget = async |seen: &Item, now| ledger.forget(seen, now, now).await;
    assert_eq!(forget(&new, received()).await, Ok(Transition::Overtaken), "its handler has it");
    let skewed = forget(&new, pending.due + minutes(4)).await;
    assert_eq!(skewed, Ok(Transition::Overtaken), "the operator's clock may be fast");
    let fence = lease(&aws, &pending).await.fence;
    let leased = Item { attempt: 1, ..new };
    let in_lease = forget(&leased, pending.due).await;
    assert_eq!(in_lease, Ok(Transition::Overtaken), "a relay has it");
    let far = pending.due + Duration::from_hours(1);
    assert_eq!(ledger.postpone(&fence, far, Setbacks::default()).await, Ok(Transition::Done));
    assert_eq!(forget(&leased, pending.due).await, Ok(Transition::Done), "nothing has it");

    let (aws, pending) = claimed().await;
    let over = pending.due + minutes(5);
    let forgotten = self::ledger(&aws).forget(&seen(Some(pending.due)), over, over).await;
    assert_eq!(forgotten, Ok(Transition::Done), "its handler is gone by any clock");
    let kept_until = (over + KEPT_AT_LEAST).as_second().to_string();
    assert_eq!(aws.dynamodb.service().item()["expires_at"]["N"], kept_until, "a late retry still meets it");
}

const KEY: &str = "luma#key";

fn received() -> Timestamp {
    Timestamp::from_millisecond(1_767_225_600_123).expect("in range")
}

fn ledger(aws: &Aws) -> DynamoDbLedger {
    DynamoDbLedger::new(clients::of(aws).dynamodb, TABLE)
}

fn lose_the_next_answer(aws: &Aws) {
    aws.dynamodb.behave_once("UpdateItem", Behaviour::ActAndReset);
}

/// Returns an AWS whose ledger has one delivery, with its line in the pending index.
async fn claimed() -> (Aws, Pending) {
    claimed_by(VerifiedBy::default()).await
}

async fn claimed_by(verified_by: VerifiedBy) -> (Aws, Pending) {
    let aws = Aws::start().await;
    let body = Bytes::from_static(b"{}");
    let delivery = Delivery {
        ledger_key: KEY.to_owned(),
        digest: Digest::of(&body),
        body,
        received: received(),
        token: "token".to_owned(),
        trace: Trace::default(),
        verified_by,
    };
    assert_eq!(ledger(&aws).claim(&delivery).await, Ok(Claim::New));
    let pending = Pending { ledger_key: KEY.to_owned(), due: received() + GRACE, received: received() };
    (aws, pending)
}

/// Leases the item for [`LEASE`] from when it is due, and loses the first answer.
async fn lease(aws: &Aws, pending: &Pending) -> Leased {
    lose_the_next_answer(aws);
    match ledger(aws).lease(pending, "relay", pending.due + LEASE).await {
        Ok(Lease::Taken(leased)) => *leased,
        other => panic!("it is free, and the answer is {other:?}"),
    }
}

/// Returns an AWS whose ledger has one delivery that its handler sent at once, as an operator sees it.
async fn sent() -> (Aws, Item) {
    let (aws, _) = claimed().await;
    let fence = Fence { ledger_key: KEY.to_owned(), token: "token".to_owned(), attempt: 0 };
    assert_eq!(ledger(&aws).settle(&fence, received(), received()).await, Ok(Transition::Done));
    (aws, Item { sent: Some(received()), ..seen(None) })
}

/// Returns the item as an operator sees it before its first lease.
fn seen(due: Option<Timestamp>) -> Item {
    Item {
        ledger_key: KEY.to_owned(),
        token: "token".to_owned(),
        attempt: 0,
        lease: None,
        setbacks: Setbacks::default(),
        replay: 0,
        digest: None,
        received: received(),
        due,
        sent: None,
        parked: None,
        replayed: None,
        forgotten: None,
        expires: None,
        trace: Trace::default(),
        verified_by: VerifiedBy::default(),
        body: None,
    }
}
