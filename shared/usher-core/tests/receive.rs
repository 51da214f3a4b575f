//! The way of a delivery through the pipeline: what is stored and queued, in which order, and what touches nothing.

mod support;

use bytes::Bytes;
use futures_executor::block_on;
use futures_util::future::join_all;
use http::Method;
use support::fakes::{FakeLedger, FakeQueue, fakes};
use support::pipeline::{accepted, deliver, deliver_now, deliver_under};
use support::signing::Signs;
use support::{NOW, now, policy};
use usher_core::cause::SAME_ID_OTHER_BODY;
use usher_core::ledger::{State, Transition};
use usher_core::outcome::Outcome;
use usher_core::policy::Policy;
use usher_core::providers::{Allfly, Luma, Lunacal};
use usher_core::receive::Arrival;
use usher_core::request::Request;
use usher_core::signature::Refusal;

fn duplicate_of(outcome: &Outcome) -> State {
    match outcome {
        Outcome::Duplicate(duplicate) => duplicate.earlier.state,
        other => panic!("no duplicate: {other:?}"),
    }
}

fn is_untouched(ledger: &FakeLedger, queue: &FakeQueue) -> bool {
    ledger.log.calls().is_empty() && ledger.memory.keys().is_empty() && queue.bodies().is_empty()
}

fn a_delivery_is_stored_then_queued_then_settled<P: Signs>() {
    let (ledger, queue) = fakes();
    let accepted = accepted(deliver_now::<P>(&P::genuine(NOW), &ledger, &queue));

    assert_eq!(accepted.unclaimed, None);
    assert_eq!((accepted.settled, accepted.unsent), (Some(Ok(Transition::Done)), None));
    assert_eq!(ledger.log.calls(), ["claim", "send", "settle"]);
    let [ledger_key] = &ledger.memory.keys()[..] else { panic!("one item") };
    let item = ledger.memory.item(ledger_key).expect("it is stored");
    assert_eq!((item.due, item.sent, item.parked), (None, Some(now()), None));
    assert_eq!(item.expires, Some(now() + policy::<P>().retention));
    assert_eq!(item.body.expect("it has a body").unpack(1 << 20).expect("it unpacks"), P::BODY);
}

#[test]
fn a_delivery_of_each_provider_is_stored_then_queued_then_settled() {
    a_delivery_is_stored_then_queued_then_settled::<Luma>();
    a_delivery_is_stored_then_queued_then_settled::<Lunacal>();
    a_delivery_is_stored_then_queued_then_settled::<Allfly>();
}

fn a_redelivery_is_a_duplicate<P: Signs>() {
    let (ledger, queue) = fakes();
    deliver_now::<P>(&P::genuine(NOW), &ledger, &queue);
    // Svix renews the timestamp on each retry.
    let again =
        block_on(deliver::<P>(&P::genuine(NOW + 60), "again", support::at(NOW + 60), &ledger, &queue));
    assert_eq!(duplicate_of(&again), State::Sent);
    assert_eq!(queue.bodies().len(), 1);
}

#[test]
fn a_redelivery_of_each_provider_is_a_duplicate_and_not_queued() {
    a_redelivery_is_a_duplicate::<Luma>();
    a_redelivery_is_a_duplicate::<Lunacal>();
    a_redelivery_is_a_duplicate::<Allfly>();
}

#[test]
fn of_twenty_at_once_one_is_queued() {
    let (ledger, queue) = fakes();
    let request = Allfly::genuine(NOW);
    let tokens: Vec<String> = (0..20).map(|number| format!("invocation {number}")).collect();
    let all = tokens.iter().map(|token| deliver::<Allfly>(&request, token, now(), &ledger, &queue));
    let outcomes = block_on(join_all(all));

    assert_eq!(ledger.log.calls()[..20], ["claim"; 20], "they were at it at once");
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Accepted(_))).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Duplicate(_))).count(), 19);
    assert_eq!(queue.bodies().len(), 1);
}

/// What users of in-progress locks ran into: the duplicate is answered 200, then the first one fails. Here the claim
/// has stored the event, so the 200 holds.
#[test]
fn a_duplicate_answered_while_the_first_is_in_flight_is_not_lost_when_the_first_fails() {
    let (ledger, queue) = fakes();
    queue.down.set(true);
    let request = Allfly::genuine(NOW);
    let both = ["first", "second"].map(|token| deliver::<Allfly>(&request, token, now(), &ledger, &queue));
    let outcomes = block_on(join_all(both));

    assert_eq!(outcomes.iter().map(|outcome| outcome.answer().status).collect::<Vec<_>>(), [200, 200]);
    assert_eq!(duplicate_of(&outcomes[1]), State::Pending);
    let item = ledger.memory.item("allfly#msg_1").expect("it is stored");
    assert!(item.due.is_some(), "the relay will send it");
    assert_eq!(item.expires, None, "nothing unsent expires");
}

/// The handler dies after its claim: no lock stays behind, the event does.
#[test]
fn a_crash_after_the_claim_leaves_a_pending_event_and_no_lock() {
    let (ledger, queue) = fakes();
    let request = Allfly::genuine(NOW);
    let mut handler = Box::pin(deliver::<Allfly>(&request, "dies", now(), &ledger, &queue));
    block_on(std::future::poll_fn(|context| {
        while !ledger.log.calls().contains(&"send") {
            assert!(handler.as_mut().poll(context).is_pending());
        }
        std::task::Poll::Ready(())
    }));
    drop(handler);

    assert!(ledger.memory.item("allfly#msg_1").expect("it is stored").due.is_some());
    let retry = deliver_now::<Allfly>(&Allfly::genuine(NOW), &ledger, &queue);
    assert_eq!(duplicate_of(&retry), State::Pending);
}

#[test]
fn a_known_id_with_another_body_is_a_duplicate_that_is_told() {
    let (ledger, queue) = fakes();
    deliver_now::<Allfly>(&Allfly::genuine(NOW), &ledger, &queue);
    let other = Allfly::sign(Allfly::SECRET, "msg_1", NOW, br#"{"type":"other"}"#);
    let outcome = block_on(deliver::<Allfly>(&other, "other", now(), &ledger, &queue));
    assert_eq!(duplicate_of(&outcome), State::Sent);
    assert_eq!(outcome.cause(), Some(SAME_ID_OTHER_BODY));
}

#[test]
fn a_ping_is_answered_and_neither_stored_nor_queued() {
    let (ledger, queue) = fakes();
    let ping = Lunacal::sign(Lunacal::SECRET, "", NOW, br#"{"triggerEvent":"PING"}"#);
    assert!(matches!(deliver_now::<Lunacal>(&ping, &ledger, &queue), Outcome::Ping(_)));
    assert!(is_untouched(&ledger, &queue));
}

#[test]
fn a_forged_ping_is_refused() {
    let (ledger, queue) = fakes();
    let ping = Lunacal::sign("another", "", NOW, br#"{"triggerEvent":"PING"}"#);
    let outcome = deliver_now::<Lunacal>(&ping, &ledger, &queue);
    assert_eq!(outcome, Outcome::Refused(Refusal::WrongSignature));
}

#[test]
fn verified_input_of_any_shape_is_accepted_as_unrecognized() {
    for body in ["{\"type\":\"guest.teleported\"}", "[1,2]", "null", "", "<xml/>", "{\"type\":", "\u{0}"] {
        let (ledger, queue) = fakes();
        let request = Luma::sign(Luma::SECRET, "evt_1", NOW, body.as_bytes());
        let accepted = accepted(deliver_now::<Luma>(&request, &ledger, &queue));
        assert_eq!(accepted.event_type, "usher.unrecognized", "{body}");
        assert_eq!(queue.bodies().len(), 1, "{body}");
    }
}

fn what_is_forged_touches_nothing<P: Signs>() {
    let genuine = P::genuine(NOW);
    let mut unsigned = genuine.clone();
    unsigned.headers.clear();
    let altered = Request { body: Bytes::from_static(b"{}"), ..genuine };
    let wrong = P::sign("whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhlIHRlc3Rz", "msg_1", NOW, P::BODY.as_bytes());
    for request in [unsigned, altered, wrong] {
        let (ledger, queue) = fakes();
        let outcome = deliver_now::<P>(&request, &ledger, &queue);
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
        assert!(is_untouched(&ledger, &queue));
    }
}

#[test]
fn what_is_forged_touches_neither_ledger_nor_queue() {
    what_is_forged_touches_nothing::<Luma>();
    what_is_forged_touches_nothing::<Lunacal>();
    what_is_forged_touches_nothing::<Allfly>();
}

#[test]
fn what_is_stale_or_from_the_future_touches_neither_ledger_nor_queue() {
    for (signed, refusal) in [(NOW - 301, Refusal::Stale), (NOW + 301, Refusal::FromTheFuture)] {
        let (ledger, queue) = fakes();
        let outcome = deliver_now::<Allfly>(&Allfly::genuine(signed), &ledger, &queue);
        assert_eq!(outcome, Outcome::Refused(refusal));
        assert!(is_untouched(&ledger, &queue));
    }
}

#[test]
fn only_post_is_received() {
    for method in [Method::GET, Method::PUT, Method::HEAD, Method::OPTIONS, Method::DELETE, Method::PATCH] {
        let (ledger, queue) = fakes();
        let request = Request { method, ..Allfly::genuine(NOW) };
        assert_eq!(deliver_now::<Allfly>(&request, &ledger, &queue), Outcome::MethodNotAllowed);
        assert!(is_untouched(&ledger, &queue));
    }
}

#[test]
fn a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not() {
    let policy = Policy { max_body_bytes: 1000, ..policy::<Luma>() };
    let deliver = |bytes: usize| {
        let (ledger, queue) = fakes();
        let request = Luma::sign(Luma::SECRET, "evt_1", NOW, &vec![b'x'; bytes]);
        let arrival = Arrival { now: now(), token: "only", xray: None };
        let outcome = block_on(deliver_under::<Luma>(&policy, &request, arrival, &ledger, &queue));
        (outcome, is_untouched(&ledger, &queue))
    };
    assert_eq!(accepted(deliver(1000).0).event_type, "usher.unrecognized");
    assert_eq!(deliver(1001), (Outcome::TooLarge { genuine: true }, true));
}

/// A limit that is too low must be seen, and what strangers send must neither be seen nor cost much.
#[test]
fn a_large_body_is_called_genuine_only_if_it_verifies_and_is_not_much_too_large() {
    let policy = Policy { max_body_bytes: 1000, ..policy::<Luma>() };
    for (secret, bytes, genuine) in [
        (Luma::SECRET, 1001, true),
        (Luma::SECRET, 4000, true),
        (Luma::SECRET, 4001, false),
        ("whsec_forged", 1001, false),
    ] {
        let (ledger, queue) = fakes();
        let request = Luma::sign(secret, "evt_1", NOW, &vec![b'x'; bytes]);
        let arrival = Arrival { now: now(), token: "only", xray: None };
        let outcome = block_on(deliver_under::<Luma>(&policy, &request, arrival, &ledger, &queue));
        assert_eq!(outcome, Outcome::TooLarge { genuine }, "{bytes} bytes");
        assert_eq!(outcome.answer().status, 413);
        assert!(is_untouched(&ledger, &queue));
    }
}
