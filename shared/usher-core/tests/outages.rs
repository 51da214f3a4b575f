//! Any one dependency may be down: nothing is lost, and what could not be done is said.

mod support;

use futures_executor::block_on;
use support::fakes::fakes;
use support::pipeline::{accepted, deliver, deliver_now};
use support::secrets::{NoSecrets, Rotated};
use support::signing::{Signs, keyring};
use support::{NOW, now, policy};
use usher_core::ledger::GRACE;
use usher_core::outcome::Outcome;
use usher_core::provider::Provider as _;
use usher_core::providers::{Allfly, Luma};
use usher_core::receive::{Arrival, receive};
use usher_core::request::Request;
use usher_core::secret::{KeyringError, SecretStore, SecretsError};
use usher_core::signature::Refusal;

#[test]
fn with_the_queue_down_the_event_waits_in_the_ledger() {
    let (ledger, queue) = fakes();
    queue.down.set(true);
    let outcome = deliver_now::<Luma>(&Luma::genuine(NOW), &ledger, &queue);
    assert_eq!(outcome.answer().status, 200);
    let accepted = accepted(outcome);
    assert_eq!(accepted.unsent.map(|error| error.error_code), Some("queue down".to_owned()));
    assert_eq!(accepted.settled, None);
    assert_eq!(ledger.log.calls(), ["claim", "send"]);
    let item = ledger.memory.item(&ledger.memory.keys()[0]).expect("it is stored");
    assert_eq!((item.due, item.expires), (Some(now() + GRACE), None));
}

#[test]
fn with_the_ledger_down_the_event_is_queued_unchecked() {
    let (ledger, queue) = fakes();
    ledger.break_calls(&["claim", "settle"]);
    let outcome = deliver_now::<Luma>(&Luma::genuine(NOW), &ledger, &queue);
    assert_eq!(outcome.answer().status, 200);
    assert!(accepted(outcome).unclaimed.is_some());
    assert_eq!(ledger.log.calls(), ["claim", "send"], "there is nothing to settle");
    assert!(queue.bodies()[0].contains(r#""deduplication":"unchecked""#));
}

#[test]
fn an_unchecked_event_has_the_id_it_would_have_had() {
    let (ledger, queue) = fakes();
    let id = |body: &str| {
        let event: serde_json::Value = serde_json::from_str(body).expect("the event is JSON");
        event["id"].as_str().expect("an id").to_owned()
    };
    ledger.break_calls(&["claim"]);
    deliver_now::<Luma>(&Luma::genuine(NOW), &ledger, &queue);
    ledger.repair();
    deliver_now::<Luma>(&Luma::genuine(NOW), &ledger, &queue);
    let bodies = queue.bodies();
    assert_eq!(id(&bodies[0]), id(&bodies[1]), "a consumer can tell the second copy");
}

#[test]
fn with_both_down_the_provider_is_asked_to_come_again() {
    let (ledger, queue) = fakes();
    ledger.break_calls(&["claim"]);
    queue.down.set(true);
    let outcome = deliver_now::<Luma>(&Luma::genuine(NOW), &ledger, &queue);
    assert!(matches!(outcome, Outcome::Unavailable { .. }), "{outcome:?}");
    let answer = outcome.answer();
    assert_eq!((answer.status, answer.header), (503, Some(("retry-after", "30"))));
    assert!(ledger.memory.keys().is_empty() && queue.bodies().is_empty(), "nothing was stored");

    ledger.repair();
    queue.down.set(false);
    let again = block_on(deliver::<Luma>(&Luma::genuine(NOW), "again", now(), &ledger, &queue));
    assert_eq!(accepted(again).unclaimed, None, "the retry is new");
}

#[test]
fn an_event_that_was_sent_is_accepted_even_if_settling_fails() {
    let (ledger, queue) = fakes();
    ledger.break_calls(&["settle"]);
    let outcome = deliver_now::<Luma>(&Luma::genuine(NOW), &ledger, &queue);
    assert_eq!(outcome.answer().status, 200);
    assert!(matches!(accepted(outcome).settled, Some(Err(_))), "and it is said");
    assert_eq!(queue.bodies().len(), 1);
}

fn with_secrets(request: &Request, secrets: &impl SecretStore) -> (Outcome, Vec<&'static str>) {
    let (ledger, queue) = fakes();
    let arrival = Arrival { now: now(), token: "only", xray: None };
    let policy = policy::<Allfly>();
    let outcome = block_on(receive::<Allfly>(request, arrival, &policy, secrets, &ledger, &queue));
    (outcome, ledger.log.calls())
}

#[test]
fn with_a_secret_document_that_is_no_good_nothing_passes() {
    for error in
        [KeyringError::Empty, KeyringError::Malformed, KeyringError::EmptySecret, KeyringError::NotBase64]
    {
        let secrets = NoSecrets(SecretsError::Invalid(error));
        let (outcome, calls) = with_secrets(&Allfly::genuine(NOW), &secrets);
        assert_eq!((outcome.answer().status, outcome), (500, Outcome::SecretsInvalid(error)));
        assert!(calls.is_empty());
    }
}

#[test]
fn with_no_secret_in_reach_the_provider_is_asked_to_come_again() {
    let secrets = NoSecrets(SecretsError::Unreachable("timeout".to_owned()));
    let (outcome, calls) = with_secrets(&Allfly::genuine(NOW), &secrets);
    let answer = outcome.answer();
    assert_eq!((answer.status, answer.header), (503, Some(("retry-after", "30"))));
    assert!(calls.is_empty());
}

#[test]
fn a_request_that_needs_no_secret_to_be_refused_is_refused_without() {
    let secrets = NoSecrets(SecretsError::Unreachable("timeout".to_owned()));
    let get = Request { method: http::Method::GET, ..Allfly::genuine(NOW) };
    assert_eq!(with_secrets(&get, &secrets).0, Outcome::MethodNotAllowed);
}

const RETIRED: &str = "whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhlIHRlc3Rz";

#[test]
fn a_secret_just_rotated_costs_no_delivery() {
    let secrets = Rotated::new(keyring(&[RETIRED]), Some(Allfly::keyring()));
    let (outcome, calls) = with_secrets(&Allfly::genuine(NOW), &secrets);
    assert_eq!(accepted(outcome).unclaimed, None);
    assert_eq!(calls, ["claim", "send", "settle"]);
    assert_eq!(secrets.rereads.get(), 1);
}

#[test]
fn a_delivery_that_passes_causes_no_reading_of_secrets() {
    let secrets = Rotated::new(Allfly::keyring(), None);
    with_secrets(&Allfly::genuine(NOW), &secrets);
    assert_eq!(secrets.rereads.get(), 0);
}

#[test]
fn a_delivery_that_fresh_secrets_do_not_open_either_is_refused() {
    for fresh in [None, Some(keyring(&[RETIRED]))] {
        let secrets = Rotated::new(keyring(&[RETIRED]), fresh);
        let (outcome, calls) = with_secrets(&Allfly::genuine(NOW), &secrets);
        assert_eq!(outcome, Outcome::Refused(Refusal::WrongSignature));
        assert_eq!((secrets.rereads.get(), calls.len()), (1, 0));
    }
}

/// No secret makes a stale or malformed delivery fresh or whole.
#[test]
fn what_no_secret_could_open_causes_no_reading_of_secrets() {
    let mut malformed = Allfly::genuine(NOW);
    malformed.headers.insert("svix-signature", http::HeaderValue::from_static("v9,x"));
    for request in [Allfly::genuine(NOW - 86_400), Allfly::genuine(NOW + 86_400), malformed] {
        let secrets = Rotated::new(keyring(&[RETIRED]), Some(Allfly::keyring()));
        let (outcome, _) = with_secrets(&request, &secrets);
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
        assert_eq!(secrets.rereads.get(), 0);
    }
}

#[test]
fn the_tolerances_are_the_providers() {
    assert_eq!((Allfly::TOLERANCE.as_secs(), Luma::TOLERANCE.as_secs()), (300, 600));
}
