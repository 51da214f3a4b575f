//! What makes two deliveries the same one, for each provider, and that nobody can make them so from outside.

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;
use support::cases::cases;
use support::signing::{Signs, post, standard_tag};
use support::{NOW, now, policy};
use usher_core::event::Deduplication;
use usher_core::ledger::Delivery;
use usher_core::parsed_body::ParsedBody;
use usher_core::policy::Policy;
use usher_core::provider;
use usher_core::providers::{Allfly, Luma, Lunacal};
use usher_core::request::Request;
use usher_core::trace::Trace;

fn delivery<P: Signs>(request: &Request) -> Delivery {
    delivery_by::<P>(request, "token")
}

fn delivery_by<P: Signs>(request: &Request, token: &str) -> Delivery {
    let policy = Policy { tolerance: std::time::Duration::MAX, ..policy::<P>() };
    let verified = provider::verify::<P>(request, &P::keyring(), &policy, now()).expect("it is genuine");
    let key = P::key(&verified, &ParsedBody::parse(&request.body));
    Delivery::new(P::NAME, &key, &verified, now(), token, Trace::default())
}

fn ledger_key<P: Signs>(id: &str, body: &str) -> String {
    delivery::<P>(&P::sign(P::SECRET, id, NOW, body.as_bytes())).ledger_key
}

/// Of all keys, the one that DynamoDB holds and an operator types.
fn is_fit_for_a_table_and_a_terminal(ledger_key: &str) -> bool {
    ledger_key.len() <= 256 && ledger_key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What users of other libraries ran into: the key was outside the signed bytes. Whoever holds one signed Luma body can
/// send it under any `Webhook-Id`; that must not use up the id of a delivery to come.
#[test]
fn an_id_that_is_not_signed_poisons_no_delivery_to_come() {
    let poison = ledger_key::<Luma>("evt_to_come", r#"{"type":"captured"}"#);
    assert_ne!(poison, ledger_key::<Luma>("evt_to_come", r#"{"type":"genuine"}"#));
}

/// What users of body hashes ran into: an event goes from A to B and back to A, and the second A is swallowed.
#[test]
fn an_update_from_a_to_b_and_back_to_a_is_three_deliveries_of_luma() {
    let (a, b) = (r#"{"name":"A"}"#, r#"{"name":"B"}"#);
    let keys = BTreeSet::from([
        ledger_key::<Luma>("evt_1", a),
        ledger_key::<Luma>("evt_2", b),
        ledger_key::<Luma>("evt_3", a),
    ]);
    assert_eq!(keys.len(), 3);
}

#[test]
fn a_luma_retry_has_the_key_of_the_first_attempt_though_its_time_is_new() {
    let first = Luma::sign(Luma::SECRET, "evt_1", NOW, b"{}");
    let retry = Luma::sign(Luma::SECRET, "evt_1", NOW + 420, b"{}");
    assert_eq!(delivery::<Luma>(&first).ledger_key, delivery::<Luma>(&retry).ledger_key);
}

#[test]
fn without_an_id_a_luma_delivery_has_a_key_of_its_own_invocation() {
    for absent in [None, Some("")] {
        let mut request = Luma::genuine(NOW);
        request.headers.remove("webhook-id");
        if let Some(value) = absent {
            request.headers.insert("webhook-id", http::HeaderValue::from_static(value));
        }
        is_unnamed::<Luma>(&request);
    }
}

#[test]
fn an_allfly_delivery_is_known_by_its_signed_id_alone() {
    assert_eq!(ledger_key::<Allfly>("msg_1", "{}"), "allfly#msg_1");
    assert_eq!(ledger_key::<Allfly>("msg_1", r#"{"re":"printed"}"#), "allfly#msg_1");
    assert_ne!(ledger_key::<Allfly>("msg_1", "{}"), ledger_key::<Allfly>("msg_2", "{}"));
}

#[test]
fn both_names_of_the_allfly_headers_give_one_key() {
    let timestamp = NOW.to_string();
    let signature = standard_tag(Allfly::SECRET, "msg_1", &timestamp, b"{}");
    let headers =
        [("webhook-id", "msg_1"), ("webhook-timestamp", &timestamp), ("webhook-signature", &signature)];
    assert_eq!(delivery::<Allfly>(&post(&headers, b"{}")).ledger_key, "allfly#msg_1");
}

#[test]
fn a_lunacal_delivery_is_known_by_its_body() {
    let (one, other) = (r#"{"createdAt":"2026-01-01T00:00:00Z"}"#, r#"{"createdAt":"2026-01-01T00:00:01Z"}"#);
    assert_eq!(ledger_key::<Lunacal>("", one), ledger_key::<Lunacal>("", one));
    assert_ne!(ledger_key::<Lunacal>("", one), ledger_key::<Lunacal>("", other));
}

#[test]
fn a_lunacal_body_that_names_no_moment_has_a_key_of_its_own_invocation() {
    for body in
        ["{}", r#"{"createdAt":null}"#, r#"{"payload":{"createdAt":"2026-01-01"}}"#, "not json", "[]", ""]
    {
        is_unnamed::<Lunacal>(&Lunacal::sign(Lunacal::SECRET, "", NOW, body.as_bytes()));
    }
}

/// Its key is the invocation's: the SDK's second try of a claim meets its own item, and another delivery never does.
fn is_unnamed<P: Signs>(request: &Request) {
    let one = delivery_by::<P>(request, "one invocation");
    assert_eq!(one.ledger_key, delivery_by::<P>(request, "one invocation").ledger_key);
    assert_ne!(one.ledger_key, delivery_by::<P>(request, "another").ledger_key);
    assert!(one.ledger_key.starts_with(&format!("{}#@", P::NAME)), "{}", one.ledger_key);
    assert!(is_fit_for_a_table_and_a_terminal(&one.ledger_key));
    assert_eq!(one.deduplication(), Deduplication::Unchecked);
}

#[test]
fn an_id_is_kept_as_it_is_while_it_is_short_and_plain() {
    let longest = "x".repeat(128);
    for id in ["msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", "0", "a-b_c", &longest] {
        assert_eq!(ledger_key::<Allfly>(id, "{}"), format!("allfly#{id}"));
    }
}

#[test]
fn a_weird_or_long_id_is_bounded_and_still_its_own() {
    let long = ["x".repeat(129), "y".repeat(129), "x".repeat(60_000), format!("{}y", "x".repeat(59_999))];
    let mut ids = vec!["a b", "a  b", "a#b", "a/b", "~a", "a@b", "\"a\"", "a%20b"];
    ids.extend(long.iter().map(String::as_str));
    let keys: BTreeSet<String> = ids.iter().map(|id| ledger_key::<Allfly>(id, "{}")).collect();
    assert_eq!(keys.len(), ids.len());
    assert!(keys.iter().all(|ledger_key| is_fit_for_a_table_and_a_terminal(ledger_key)), "{keys:?}");
}

#[test]
fn the_keys_of_two_providers_never_meet() {
    let body = r#"{"createdAt":"2026-01-01T00:00:00Z"}"#;
    let keys =
        [ledger_key::<Luma>("1", body), ledger_key::<Lunacal>("1", body), ledger_key::<Allfly>("1", body)];
    assert_eq!(
        keys.map(|ledger_key| ledger_key.split('#').next().map(str::to_owned)),
        ["luma", "lunacal", "allfly"].map(|name| Some(name.to_owned()))
    );
}

#[test]
fn the_id_of_the_event_is_the_key() {
    let delivery = delivery::<Allfly>(&Allfly::genuine(NOW));
    assert_eq!((&*delivery.event_id(), &*delivery.ledger_key), ("allfly:msg_1", "allfly#msg_1"));
    assert_eq!(delivery.deduplication(), Deduplication::Checked);
}

/// No id of a provider's can look like the key of a delivery without one.
#[test]
fn an_id_that_looks_like_an_unnamed_key_is_a_name_all_the_same() {
    let delivery = delivery::<Allfly>(&Allfly::sign(Allfly::SECRET, "@AAAA", NOW, b"{}"));
    assert_eq!(delivery.deduplication(), Deduplication::Checked);
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn any_two_ids_are_two_keys(ids in ["[ -\\-/-~]{1,300}", "[ -\\-/-~]{1,300}"], body in "[a-z]{0,8}") {
        for key in [ledger_key::<Luma>, ledger_key::<Allfly>] {
            let keys = ids.each_ref().map(|id| key(id.as_str(), &body));
            prop_assert_eq!(keys[0] == keys[1], ids[0] == ids[1]);
            prop_assert!(keys.iter().all(|ledger_key| is_fit_for_a_table_and_a_terminal(ledger_key)));
        }
    }

    #[test]
    fn any_two_bodies_are_two_keys_where_the_id_is_not_signed(bodies in ["\\PC{0,40}", "\\PC{0,40}"]) {
        let keys = bodies.each_ref().map(|body| ledger_key::<Luma>("evt_1", body));
        prop_assert_eq!(keys[0] == keys[1], bodies[0] == bodies[1]);
        let dated = |body: &String| json!({"createdAt": "2026-01-01T00:00:00Z", "text": body}).to_string();
        let keys = bodies.each_ref().map(|body| ledger_key::<Lunacal>("", &dated(body)));
        prop_assert_eq!(keys[0] == keys[1], bodies[0] == bodies[1]);
    }
}
