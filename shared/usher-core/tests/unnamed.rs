//! Deliveries that do not name themselves: each is a new event, stored and healed as any other, and sent `unchecked`.

mod support;

use futures_executor::block_on;
use serde_json::Value;
use support::fakes::{FakeLedger, FakeQueue, fakes};
use support::pipeline::{accepted, deliver};
use support::relaying::World;
use support::signing::{Signs, luma_tag, post};
use support::{NOW, at};
use usher_core::ledger::GRACE;
use usher_core::outcome::Outcome;
use usher_core::providers::{Luma, Lunacal};
use usher_core::request::Request;

/// A Lunacal template without a moment, a broken one (the ancestor then posts `false`), and moments that name none.
const BODIES: [&str; 9] = [
    r#"{"text":"Pottery with Nuala was booked"}"#,
    "false",
    "not JSON",
    "",
    r#"{"triggerEvent":"BOOKING_CREATED","createdAt":""}"#,
    r#"{"triggerEvent":"BOOKING_CREATED","createdAt":"{{createdAt}}"}"#,
    r#"{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-01-01"}"#,
    r#"{"triggerEvent":"BOOKING_CREATED","createdAt":false}"#,
    r#"{"payload":{"createdAt":"2026-01-01T00:00:00Z"}}"#,
];

fn lunacal(body: &str, seconds: i64, ledger: &FakeLedger, queue: &FakeQueue) -> Outcome {
    send::<Lunacal>(&Lunacal::sign(Lunacal::SECRET, "", NOW, body.as_bytes()), seconds, ledger, queue)
}

fn send<P: Signs>(request: &Request, seconds: i64, ledger: &FakeLedger, queue: &FakeQueue) -> Outcome {
    let token = format!("invocation {}", ledger.log.calls().len());
    block_on(deliver::<P>(request, &token, at(NOW + seconds), ledger, queue))
}

fn luma_without_id(status: &str, seconds: i64) -> Request {
    let body = format!(r#"{{"type":"guest.updated","data":{{"id":"g","approval_status":"{status}"}}}}"#);
    let t = (NOW + seconds).to_string();
    let signature = format!("t={t},v1={}", luma_tag(Luma::SECRET, &t, body.as_bytes()));
    post(&[("webhook-signature", &signature)], body.as_bytes())
}

fn events(queue: &FakeQueue) -> Vec<Value> {
    let parse = |body: String| serde_json::from_str(&body).expect("the event is JSON");
    queue.bodies().into_iter().map(parse).collect()
}

#[test]
fn the_same_bytes_for_two_bookings_are_two_events() {
    for body in BODIES {
        for later in [0, 1, 60, 24 * 3600] {
            let (ledger, queue) = fakes();
            accepted(lunacal(body, 0, &ledger, &queue));
            accepted(lunacal(body, later, &ledger, &queue));
            let events = events(&queue);
            assert_eq!(events.len(), 2, "{body} after {later} s");
            assert_ne!(events[0]["id"], events[1]["id"], "a consumer that drops copies must not drop it");
            assert_eq!(ledger.memory.keys().len(), 2, "both are stored");
        }
    }
}

#[test]
fn updates_of_luma_from_a_to_b_and_back_to_a_without_an_id_all_pass() {
    let (ledger, queue) = fakes();
    for (status, seconds) in [("approved", 0), ("declined", 60), ("approved", 120)] {
        accepted(send::<Luma>(&luma_without_id(status, seconds), seconds, &ledger, &queue));
    }
    assert_eq!(events(&queue).len(), 3);
}

#[test]
fn they_are_told_to_be_unchecked_in_the_event_and_in_the_log() {
    let (ledger, queue) = fakes();
    let accepted = accepted(lunacal(BODIES[0], 0, &ledger, &queue));
    assert_eq!(events(&queue)[0]["deduplication"], "unchecked");
    assert!(accepted.unclaimed.is_none(), "the ledger has it");
    let outcome = Outcome::Accepted(Box::new(accepted));
    assert_eq!(outcome.details().deduplication, Some("unchecked"));
}

#[test]
fn a_body_that_names_its_moment_is_a_duplicate_when_it_comes_again() {
    for moment in
        [r#""2025-07-02T07:14:48.795Z""#, r#""2025-07-02T09:14:48+02:00""#, "1751440488", "1751440488795"]
    {
        let body = format!(r#"{{"triggerEvent":"BOOKING_CREATED","createdAt":{moment}}}"#);
        let (ledger, queue) = fakes();
        accepted(lunacal(&body, 0, &ledger, &queue));
        let again = lunacal(&body, 24 * 3600, &ledger, &queue);
        assert!(matches!(again, Outcome::Duplicate(_)), "{moment}: {again:?}");
    }
}

/// Healed as any other, and the relay's copy says of itself what the handler's would have said.
#[test]
fn one_that_could_not_be_sent_is_sent_by_the_relay_with_its_own_id_and_unchecked() {
    let world = World::new();
    world.queue.down.set(true);
    let request = Lunacal::sign(Lunacal::SECRET, "", NOW, BODIES[0].as_bytes());
    let id =
        accepted(block_on(deliver::<Lunacal>(&request, "only", at(NOW), &world.ledger, &world.queue))).id;
    world.queue.down.set(false);
    world.later(GRACE);
    assert_eq!(world.run().sent, 1);
    let [event] = &events(&world.queue)[..] else { panic!("one event") };
    assert_eq!((&event["id"], &event["deduplication"]), (&Value::from(id), &Value::from("unchecked")));
}
