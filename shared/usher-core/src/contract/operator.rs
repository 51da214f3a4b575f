//! The promises of every ledger to its operator.

use jiff::Timestamp;

use super::{DAY, another, delivery, duplicate, listed, settle};
use crate::ledger::operator::{Item, OperatorLedger, Selection};
use crate::ledger::{Backlog, Claim, Delivery, Fence, LEASE, Leased, State, Transition};

/// Runs all checks of an operator's ledger.
///
/// # Panics
///
/// When one does not hold.
pub async fn check(ledger: &(impl Backlog + OperatorLedger), unique: &str) {
    let delivery = |name: &str| delivery(unique, name);
    what_is_read_is_what_was_stored(ledger, delivery("read")).await;
    what_is_replayed_is_pending_once_more(ledger, delivery("replayed")).await;
    a_parked_one_is_replayed(ledger, delivery("replay-parked")).await;
    of_two_replays_at_once_one_counts(ledger, delivery("replay-twice")).await;
    what_is_pending_is_not_replayed(ledger, delivery("replay-pending")).await;
    nothing_replayed_expires_before_it_is_sent(ledger, delivery("replay-expiry")).await;
    a_forgotten_one_is_a_duplicate_still(ledger, delivery("forgotten")).await;
    a_forgotten_one_is_never_sent(ledger, delivery("forgotten-pending")).await;
    a_forgotten_one_expires(ledger, delivery("forgotten-parked")).await;
    what_changed_since_it_was_seen_is_not_forgotten(ledger, delivery("forgotten-late")).await;
    // Another name for the provider: what was stored above stays out of it.
    every_item_wanted_is_found_once(ledger, &format!("{unique}-scan")).await;
}

async fn read(ledger: &impl OperatorLedger, ledger_key: &str) -> Item {
    ledger.get(ledger_key).await.expect("the ledger answers").expect("it is stored")
}

/// Claims and settles a delivery.
async fn sent(ledger: &(impl Backlog + OperatorLedger), delivery: &Delivery) -> Item {
    assert_eq!(ledger.claim(delivery).await, Ok(Claim::New));
    let settled = settle(ledger, &Fence::claimed(delivery), delivery.received).await;
    assert_eq!(settled, Transition::Done);
    read(ledger, &delivery.ledger_key).await
}

/// Claims a delivery, and parks it at the first attempt.
async fn parked(ledger: &(impl Backlog + OperatorLedger), delivery: &Delivery) -> Item {
    assert_eq!(ledger.claim(delivery).await, Ok(Claim::New));
    let leased = leased(ledger, &delivery.ledger_key).await;
    assert_eq!(ledger.park(&leased.fence, delivery.received + LEASE).await, Ok(Transition::Done));
    read(ledger, &delivery.ledger_key).await
}

async fn leased(ledger: &impl Backlog, ledger_key: &str) -> Leased {
    let pending = listed(ledger, ledger_key).await.expect("it is pending");
    ledger.lease(&pending, pending.due + LEASE).await.expect("answers").expect("is free")
}

async fn what_is_read_is_what_was_stored(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    assert_eq!(ledger.get(&first.ledger_key).await, Ok(None));
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let stored = read(ledger, &first.ledger_key).await;
    assert_eq!((stored.state(), stored.sent, stored.expires), (State::Pending, None, None));
    assert_eq!((stored.attempt, stored.replay, stored.received), (0, 0, first.received));
    assert_eq!(stored.digest, Some(first.digest));
    assert_eq!(stored.event_id(), first.event_id());
    let body = stored.body.expect("it has a body").unpack(1024);
    assert_eq!(body, Ok(first.body.clone()));
    let settled = settle(ledger, &Fence::claimed(&first), first.received).await;
    assert_eq!(settled, Transition::Done);
    let stored = read(ledger, &first.ledger_key).await;
    assert_eq!((stored.state(), stored.due, stored.sent), (State::Sent, None, Some(first.received)));
    assert_eq!(second(stored.expires), second(Some(first.received + DAY)));
    let parked =
        parked(ledger, &Delivery { ledger_key: format!("{}-parked", first.ledger_key), ..first.clone() })
            .await;
    assert_eq!((parked.state(), parked.attempt), (State::Parked, 1));
    assert_eq!((parked.parked, parked.sent), (Some(first.received + LEASE), None));
}

/// An expiry is kept to the second.
fn second(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_second)
}

async fn what_is_replayed_is_pending_once_more(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    let seen = sent(ledger, &first).await;
    let now = first.received + DAY / 2;
    assert_eq!(ledger.replay(&seen, "replay", now).await, Ok(Transition::Done));
    let stored = read(ledger, &first.ledger_key).await;
    assert_eq!((stored.state(), stored.due, stored.replayed), (State::Pending, Some(now), Some(now)));
    assert_eq!((stored.replay, stored.attempt), (1, 0));
    assert_eq!(ledger.claim(&another(&first)).await, Ok(duplicate(State::Pending)));
    let leased = leased(ledger, &first.ledger_key).await;
    assert_eq!(
        (leased.delivery.replay, leased.delivery.received, leased.fence.attempt),
        (1, first.received, 1)
    );
    assert_eq!(leased.delivery.event_id(), first.event_id());
    let slow = Fence::claimed(&first);
    assert_eq!(settle(ledger, &slow, now).await, Transition::Overtaken, "the first handler's is over");
    assert_eq!(settle(ledger, &leased.fence, now).await, Transition::Done);
    let again = read(ledger, &first.ledger_key).await;
    assert_eq!((again.state(), again.sent, again.replay), (State::Sent, Some(now), 1));
    assert_eq!(ledger.replay(&again, "once more", now).await, Ok(Transition::Done));
    assert_eq!(read(ledger, &first.ledger_key).await.replay, 2);
}

async fn a_parked_one_is_replayed(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    let seen = parked(ledger, &first).await;
    assert_eq!(ledger.replay(&seen, "replay", first.received + DAY).await, Ok(Transition::Done));
    let stored = read(ledger, &first.ledger_key).await;
    assert_eq!((stored.state(), stored.parked, stored.attempt), (State::Pending, None, 0));
    assert!(listed(ledger, &first.ledger_key).await.is_some());
}

async fn of_two_replays_at_once_one_counts(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    let seen = sent(ledger, &first).await;
    let now = first.received + DAY / 2;
    assert_eq!(ledger.replay(&seen, "one", now).await, Ok(Transition::Done));
    assert_eq!(ledger.replay(&seen, "two", now).await, Ok(Transition::Overtaken));
    let leased = leased(ledger, &first.ledger_key).await;
    assert_eq!(settle(ledger, &leased.fence, now).await, Transition::Done);
    assert_eq!(ledger.replay(&seen, "two", now).await, Ok(Transition::Overtaken), "not even once it is sent");
    assert_eq!(read(ledger, &first.ledger_key).await.replay, 1);
}

async fn what_is_pending_is_not_replayed(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let seen = read(ledger, &first.ledger_key).await;
    assert_eq!(ledger.replay(&seen, "replay", first.received).await, Ok(Transition::Overtaken));
    assert_eq!(settle(ledger, &Fence::claimed(&first), first.received).await, Transition::Done);
}

async fn nothing_replayed_expires_before_it_is_sent(
    ledger: &(impl Backlog + OperatorLedger),
    first: Delivery,
) {
    let seen = sent(ledger, &first).await;
    assert_eq!(ledger.replay(&seen, "replay", first.received).await, Ok(Transition::Done));
    assert_eq!(read(ledger, &first.ledger_key).await.expires, None);
    let later = Delivery { received: first.received + DAY * 2, ..another(&first) };
    assert_eq!(ledger.claim(&later).await, Ok(duplicate(State::Pending)));
}

async fn a_forgotten_one_is_a_duplicate_still(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    let seen = sent(ledger, &first).await;
    let now = first.received + LEASE;
    assert_eq!(ledger.forget(&seen, now, now + DAY * 9).await, Ok(Transition::Done));
    let stored = read(ledger, &first.ledger_key).await;
    assert_eq!((stored.body.as_ref(), stored.forgotten), (None, Some(now)));
    assert_eq!((stored.digest, stored.received), (seen.digest, seen.received));
    assert_eq!((stored.expires, stored.sent), (seen.expires, seen.sent));
    assert_eq!(ledger.claim(&another(&first)).await, Ok(duplicate(State::Sent)));
    assert_eq!(
        ledger.replay(&stored, "replay", now).await,
        Ok(Transition::Overtaken),
        "there is nothing to send"
    );
    assert_eq!(ledger.forget(&stored, now + LEASE, now).await, Ok(Transition::Overtaken));
    let later = Delivery { received: first.received + DAY * 2, ..another(&first) };
    assert_eq!(ledger.claim(&later).await, Ok(Claim::New), "a tombstone expires, too");
}

async fn a_forgotten_one_is_never_sent(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let seen = read(ledger, &first.ledger_key).await;
    let pending = listed(ledger, &first.ledger_key).await.expect("it is pending");
    let now = first.received + LEASE;
    assert_eq!(ledger.forget(&seen, now, now + DAY).await, Ok(Transition::Done));
    assert_eq!(listed(ledger, &first.ledger_key).await, None);
    assert_eq!(ledger.lease(&pending, now + LEASE).await, Ok(None), "nor by a relay that had it listed");
    assert_eq!(settle(ledger, &Fence::claimed(&first), now).await, Transition::Overtaken);
    assert_eq!(read(ledger, &first.ledger_key).await.body, None);
}

async fn a_forgotten_one_expires(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    let seen = parked(ledger, &first).await;
    let now = first.received + LEASE;
    assert_eq!(ledger.forget(&seen, now, now + DAY).await, Ok(Transition::Done));
    let stored = read(ledger, &first.ledger_key).await;
    assert_eq!((stored.parked, second(stored.expires)), (None, second(Some(now + DAY))));
}

async fn what_changed_since_it_was_seen_is_not_forgotten(
    ledger: &(impl Backlog + OperatorLedger),
    first: Delivery,
) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let pending = read(ledger, &first.ledger_key).await;
    assert_eq!(settle(ledger, &Fence::claimed(&first), first.received).await, Transition::Done);
    let now = first.received + LEASE;
    assert_eq!(ledger.forget(&pending, now, now).await, Ok(Transition::Overtaken), "it was sent meanwhile");
    let sent = read(ledger, &first.ledger_key).await;
    assert_eq!(ledger.replay(&sent, "replay", now).await, Ok(Transition::Done));
    assert_eq!(ledger.forget(&sent, now, now).await, Ok(Transition::Overtaken), "it was replayed meanwhile");
    assert!(read(ledger, &first.ledger_key).await.body.is_some());
}

async fn every_item_wanted_is_found_once(ledger: &(impl Backlog + OperatorLedger), provider: &str) {
    let first = delivery(provider, "0");
    let numbered = |number: u32| Delivery {
        ledger_key: format!("{provider}#{number}"),
        received: first.received + LEASE * number,
        ..first.clone()
    };
    for number in 0..5 {
        sent(ledger, &numbered(number)).await;
    }
    let parked = parked(ledger, &numbered(5)).await;
    let replayed = read(ledger, &first.ledger_key).await;
    let now = first.received + DAY;
    assert_eq!(ledger.replay(&replayed, "replay", now).await, Ok(Transition::Done));

    let wanted = Selection { provider: Some(provider.to_owned()), ..Selection::default() };
    assert_eq!(found(ledger, &wanted).await, ["0", "1", "2", "3", "4", "5"]);
    let since = Some(numbered(2).received);
    let until = Some(numbered(4).received);
    assert_eq!(found(ledger, &Selection { since, until, ..wanted.clone() }).await, ["2", "3"]);
    assert_eq!(found(ledger, &Selection { parked: true, ..wanted.clone() }).await, ["5"]);
    let changed_since = parked.parked;
    assert_eq!(found(ledger, &Selection { changed_since, ..wanted.clone() }).await, ["0", "5"]);
    let nobody = Selection { provider: Some(format!("{provider}-")), ..wanted };
    assert!(found(ledger, &nobody).await.is_empty());
}

/// The keys of what is found, without the provider, in order.
async fn found(ledger: &impl OperatorLedger, selection: &Selection) -> Vec<String> {
    let mut keys = Vec::new();
    let mut after = None;
    loop {
        let page = ledger.scan(selection, after.as_deref()).await.expect("the ledger answers");
        let key = |stored: &Item| stored.ledger_key.split_once('#').map(|(_, key)| key.to_owned());
        keys.extend(page.items.iter().filter_map(key));
        after = Some(match page.next {
            Some(next) => next,
            None => break,
        });
    }
    keys.sort_unstable();
    keys
}
