//! The promises of every ledger to its operator.

use std::time::Duration;

use jiff::Timestamp;

use super::{DAY, another, delivery, duplicate, lease, listed, settle};
use crate::ledger::operator::{CLOCK_SKEW, Item, OperatorLedger, Selection};
use crate::ledger::{
    Backlog, Claim, Delivery, Fence, GRACE, KEPT_AT_LEAST, LEASE, Lease, Leased, Setbacks, State, Transition,
};
use crate::secret::{Age, Used};
use crate::signature::VerifiedBy;
use crate::trace::Trace;

/// Runs all checks of an operator's ledger.
///
/// # Panics
///
/// If a check does not hold.
pub async fn check(ledger: &(impl Backlog + OperatorLedger), unique: &str) {
    let delivery = |name: &str| delivery(unique, name);
    what_is_read_is_what_was_stored(ledger, delivery("read")).await;
    the_secrets_that_verified_it_are_known_for_good(ledger, delivery("verified-by")).await;
    what_is_replayed_is_pending_once_more(ledger, delivery("replayed")).await;
    a_parked_one_is_replayed(ledger, delivery("replay-parked")).await;
    of_two_replays_at_once_one_counts(ledger, delivery("replay-twice")).await;
    what_is_pending_is_not_replayed(ledger, delivery("replay-pending")).await;
    nothing_replayed_expires_before_it_is_sent(ledger, delivery("replay-expiry")).await;
    a_forgotten_one_is_a_duplicate_still(ledger, delivery("forgotten")).await;
    a_replayed_one_is_due_at_once_by_any_clock(ledger, delivery("replay-clock")).await;
    what_a_handler_may_be_sending_is_not_forgotten(ledger, delivery("forgotten-in-grace")).await;
    what_a_relay_may_be_sending_is_not_forgotten(ledger, delivery("forgotten-leased")).await;
    a_forgotten_one_is_kept_for_a_while(ledger, delivery("forgotten-old")).await;
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
    lease::leased(ledger, &listed(ledger, ledger_key).await.expect("it is pending")).await
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
    assert_eq!(stored.trace, first.trace);
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

async fn the_secrets_that_verified_it_are_known_for_good(
    ledger: &(impl Backlog + OperatorLedger),
    first: Delivery,
) {
    let used =
        |name: Option<&str>, age| Some(Used { name: name.map(|name| name.parse().expect("a name")), age });
    for (place, verified_by, kept) in [
        (1, VerifiedBy { secret: used(None, Age::Newest), token: None }, false),
        (2, VerifiedBy { secret: used(Some("berlin"), Age::Newest), token: None }, true),
        (3, VerifiedBy { secret: used(Some("berlin"), Age::Newest), token: used(None, Age::Older) }, true),
    ] {
        let ledger_key = format!("{}-{place}", first.ledger_key);
        let delivery = Delivery { ledger_key, verified_by: verified_by.clone(), ..first.clone() };
        let expected = if kept { verified_by } else { VerifiedBy::default() };
        let item = sent(ledger, &delivery).await;
        assert_eq!(item.verified_by, expected);
        assert_eq!(ledger.replay(&item, "replay", first.received).await, Ok(Transition::Done));
        assert_eq!(read(ledger, &delivery.ledger_key).await.verified_by, expected, "a replay is no delivery");
    }
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
    assert_eq!((stored.state(), stored.replayed), (State::Pending, Some(now)));
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
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let fence = leased(ledger, &first.ledger_key).await.fence;
    let setbacks = Setbacks { failed: 2, unconfirmed: 3 };
    assert_eq!(ledger.postpone(&fence, first.received, setbacks).await, Ok(Transition::Done));
    assert_eq!(read(ledger, &first.ledger_key).await.setbacks, setbacks);
    let fence = leased(ledger, &first.ledger_key).await.fence;
    assert!(read(ledger, &first.ledger_key).await.lease.is_some(), "an operator sees that it is leased");
    assert_eq!(ledger.park(&fence, first.received + LEASE).await, Ok(Transition::Done));
    let seen = read(ledger, &first.ledger_key).await;
    assert_eq!(seen.lease, None, "the lease is over");
    assert_eq!(ledger.replay(&seen, "replay", first.received + DAY).await, Ok(Transition::Done));
    let stored = read(ledger, &first.ledger_key).await;
    assert_eq!((stored.state(), stored.parked, stored.attempt), (State::Pending, None, 0));
    let leased = leased(ledger, &first.ledger_key).await;
    assert_eq!(
        (leased.fence.attempt, leased.setbacks),
        (1, Setbacks::default()),
        "it has all attempts again"
    );
}

async fn a_replayed_one_is_due_at_once_by_any_clock(
    ledger: &(impl Backlog + OperatorLedger),
    first: Delivery,
) {
    for skew in [DAY, Duration::ZERO] {
        let ledger_key = format!("{}-{}", first.ledger_key, skew.as_secs());
        let seen = sent(ledger, &Delivery { ledger_key: ledger_key.clone(), ..first.clone() }).await;
        let clock = first.received + skew;
        assert_eq!(ledger.replay(&seen, "replay", clock).await, Ok(Transition::Done));
        let pending = listed(ledger, &ledger_key).await.expect("it is pending");
        assert!(pending.due <= first.received, "a fast clock must not hold it back");
    }
}

/// What an operator with a clock that is off as far as it may be is told.
async fn forget(ledger: &impl OperatorLedger, ledger_key: &str, now: Timestamp) -> Transition {
    let seen = read(ledger, ledger_key).await;
    ledger.forget(&seen, now, now + DAY).await.expect("it answers")
}

async fn what_a_handler_may_be_sending_is_not_forgotten(
    ledger: &(impl Backlog + OperatorLedger),
    first: Delivery,
) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let over = first.received + GRACE;
    for now in [first.received, over, over + CLOCK_SKEW - LEASE] {
        let forgotten = forget(ledger, &first.ledger_key, now).await;
        assert_eq!(forgotten, Transition::Overtaken, "by {now}, which may be a fast clock");
    }
    assert!(read(ledger, &first.ledger_key).await.body.is_some());
    assert_eq!(forget(ledger, &first.ledger_key, over + CLOCK_SKEW).await, Transition::Done);
    let settled = settle(ledger, &Fence::claimed(&first), over).await;
    assert_eq!(settled, Transition::Overtaken, "the handler that is nevertheless alive is told");
}

async fn what_a_relay_may_be_sending_is_not_forgotten(
    ledger: &(impl Backlog + OperatorLedger),
    first: Delivery,
) {
    for (name, is_replayed) in [("new", false), ("replayed", true)] {
        let delivery = Delivery { ledger_key: format!("{}-{name}", first.ledger_key), ..first.clone() };
        let key = &delivery.ledger_key;
        if is_replayed {
            let seen = sent(ledger, &delivery).await;
            assert_eq!(ledger.replay(&seen, "replay", first.received).await, Ok(Transition::Done));
        } else {
            assert_eq!(ledger.claim(&delivery).await, Ok(Claim::New));
        }
        let leased = leased(ledger, key).await;
        let over = listed(ledger, key).await.expect("it is pending").due;
        for now in [first.received, over, over + CLOCK_SKEW - LEASE] {
            assert_eq!(forget(ledger, key, now).await, Transition::Overtaken, "{name}, by {now}");
        }
        let due = over + DAY;
        let postponed = ledger.postpone(&leased.fence, due, Setbacks::default()).await;
        assert_eq!(postponed, Ok(Transition::Done));
        assert_eq!(forget(ledger, key, first.received).await, Transition::Done, "{name}: it only waits");
    }
    // What a dead relay left is not held for ever.
    let delivery = Delivery { ledger_key: format!("{}-abandoned", first.ledger_key), ..first.clone() };
    assert_eq!(ledger.claim(&delivery).await, Ok(Claim::New));
    let leased = leased(ledger, &delivery.ledger_key).await;
    let over = listed(ledger, &delivery.ledger_key).await.expect("it is pending").due;
    assert_eq!(forget(ledger, &delivery.ledger_key, over + CLOCK_SKEW).await, Transition::Done);
    assert_eq!(settle(ledger, &leased.fence, over).await, Transition::Overtaken);
}

async fn a_forgotten_one_is_kept_for_a_while(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    let seen = parked(ledger, &first).await;
    let now = first.received + DAY * 60;
    let wanted = first.received + DAY * 35;
    assert_eq!(ledger.forget(&seen, now, wanted).await, Ok(Transition::Done));
    let expires = read(ledger, &first.ledger_key).await.expires;
    assert_eq!(second(expires), second(Some(now + KEPT_AT_LEAST)), "never in the past");
    // A slow clock: the item's own times tell that it is later.
    let slow = Delivery { ledger_key: format!("{}-slow", first.ledger_key), ..first.clone() };
    let seen = parked(ledger, &slow).await;
    let now = first.received - DAY * 365;
    assert_eq!(ledger.forget(&seen, now, now).await, Ok(Transition::Done));
    let expires = read(ledger, &slow.ledger_key).await.expires;
    assert_eq!(second(expires), second(Some(first.received + LEASE + KEPT_AT_LEAST)));
}

async fn of_two_replays_at_once_one_counts(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    let seen = sent(ledger, &first).await;
    let now = first.received + DAY / 2;
    assert_eq!(ledger.replay(&seen, "one", now).await, Ok(Transition::Done));
    assert_eq!(ledger.replay(&seen, "one", now).await, Ok(Transition::Done), "its first answer was lost");
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
    let again = ledger.forget(&seen, now, now + DAY * 9).await;
    assert_eq!(again, Ok(Transition::Done), "its first answer was lost");
    let stored = read(ledger, &first.ledger_key).await;
    assert_eq!((stored.body.as_ref(), stored.forgotten), (None, Some(now)));
    assert_eq!(stored.trace, Trace::default());
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
    let now = first.received + DAY;
    assert_eq!(ledger.forget(&seen, now, now + DAY).await, Ok(Transition::Done));
    assert_eq!(listed(ledger, &first.ledger_key).await, None);
    let leased = ledger.lease(&pending, "relay", now + LEASE).await;
    assert_eq!(leased, Ok(Lease::Gone), "nor by a relay that had it listed");
    assert_eq!(settle(ledger, &Fence::claimed(&first), now).await, Transition::Overtaken);
    assert_eq!(read(ledger, &first.ledger_key).await.body, None);
}

async fn a_forgotten_one_expires(ledger: &(impl Backlog + OperatorLedger), first: Delivery) {
    let seen = parked(ledger, &first).await;
    let now = first.received + LEASE;
    assert_eq!(ledger.forget(&seen, now, now + DAY * 9).await, Ok(Transition::Done));
    let stored = read(ledger, &first.ledger_key).await;
    assert_eq!((stored.parked, second(stored.expires)), (None, second(Some(now + DAY * 9))));
}

async fn what_changed_since_it_was_seen_is_not_forgotten(
    ledger: &(impl Backlog + OperatorLedger),
    first: Delivery,
) {
    assert_eq!(ledger.claim(&first).await, Ok(Claim::New));
    let pending = read(ledger, &first.ledger_key).await;
    assert_eq!(settle(ledger, &Fence::claimed(&first), first.received).await, Transition::Done);
    let now = first.received + DAY;
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
