//! What makes two deliveries the same one, for each provider, and that nobody can make them so from outside.

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use support::cases::cases;
use support::signing::{Signs, post, standard_tag};
use support::{NOW, now, policy};
use usher_core::delivery::Delivery;
use usher_core::document::Document;
use usher_core::policy::Policy;
use usher_core::provider::{AllFly, Luma, Lunacal};
use usher_core::request::Request;
use usher_core::signature::verify;

fn delivery<P: Signs>(request: &Request) -> Delivery {
    let policy = Policy { tolerance: std::time::Duration::MAX, ..policy::<P>() };
    let verified = verify::<P>(request, &P::keyring(), &policy, now()).expect("it is genuine");
    Delivery::new::<P>(&verified, &Document::parse(&request.body), now(), "token")
}

fn pk<P: Signs>(id: &str, body: &str) -> String {
    delivery::<P>(&P::sign(P::SECRET, id, NOW, body.as_bytes())).pk
}

/// Of all keys, the one that DynamoDB holds and an operator types.
fn is_fit_for_a_table_and_a_terminal(pk: &str) -> bool {
    pk.len() <= 256 && pk.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What users of other libraries ran into: the key was outside the signed bytes. Whoever holds one signed Luma body can
/// send it under any `Webhook-Id`; that must not use up the id of a delivery to come.
#[test]
fn an_id_that_is_not_signed_poisons_no_delivery_to_come() {
    let poison = pk::<Luma>("evt_to_come", r#"{"type":"captured"}"#);
    assert_ne!(poison, pk::<Luma>("evt_to_come", r#"{"type":"genuine"}"#));
}

/// What users of body hashes ran into: an event goes from A to B and back to A, and the second A is swallowed.
#[test]
fn an_update_from_a_to_b_and_back_to_a_is_three_deliveries_of_luma() {
    let (a, b) = (r#"{"name":"A"}"#, r#"{"name":"B"}"#);
    let keys = BTreeSet::from([pk::<Luma>("evt_1", a), pk::<Luma>("evt_2", b), pk::<Luma>("evt_3", a)]);
    assert_eq!(keys.len(), 3);
}

#[test]
fn a_luma_retry_has_the_key_of_the_first_attempt_though_its_time_is_new() {
    let first = Luma::sign(Luma::SECRET, "evt_1", NOW, b"{}");
    let retry = Luma::sign(Luma::SECRET, "evt_1", NOW + 420, b"{}");
    assert_eq!(delivery::<Luma>(&first).pk, delivery::<Luma>(&retry).pk);
}

#[test]
fn without_an_id_a_luma_delivery_is_known_by_its_body() {
    for absent in [None, Some("")] {
        let mut request = Luma::genuine(NOW);
        request.headers.remove("webhook-id");
        if let Some(value) = absent {
            request.headers.insert("webhook-id", http::HeaderValue::from_static(value));
        }
        let same = delivery::<Luma>(&request);
        assert_eq!(same.same_until, None);
        assert_ne!(same.pk, delivery::<Luma>(&Luma::genuine(NOW)).pk);
        request.body = bytes::Bytes::from_static(b"{}");
        let other = Luma::sign(Luma::SECRET, "", NOW, b"{}");
        assert_ne!(same.pk, delivery::<Luma>(&other).pk);
    }
}

#[test]
fn an_allfly_delivery_is_known_by_its_signed_id_alone() {
    assert_eq!(pk::<AllFly>("msg_1", "{}"), "allfly#msg_1");
    assert_eq!(pk::<AllFly>("msg_1", r#"{"re":"printed"}"#), "allfly#msg_1");
    assert_ne!(pk::<AllFly>("msg_1", "{}"), pk::<AllFly>("msg_2", "{}"));
}

#[test]
fn both_names_of_the_allfly_headers_give_one_key() {
    let timestamp = NOW.to_string();
    let signature = standard_tag(AllFly::SECRET, "msg_1", &timestamp, b"{}");
    let headers =
        [("webhook-id", "msg_1"), ("webhook-timestamp", &timestamp), ("webhook-signature", &signature)];
    assert_eq!(delivery::<AllFly>(&post(&headers, b"{}")).pk, "allfly#msg_1");
}

#[test]
fn a_lunacal_delivery_is_known_by_its_body() {
    let (one, other) = (r#"{"createdAt":"2026-01-01T00:00:00Z"}"#, r#"{"createdAt":"2026-01-01T00:00:01Z"}"#);
    assert_eq!(pk::<Lunacal>("", one), pk::<Lunacal>("", one));
    assert_ne!(pk::<Lunacal>("", one), pk::<Lunacal>("", other));
}

#[test]
fn a_lunacal_body_that_names_its_moment_is_the_same_for_as_long_as_it_is_kept() {
    assert_eq!(delivery::<Lunacal>(&Lunacal::genuine(NOW)).same_until, None);
}

#[test]
fn a_lunacal_body_that_names_no_moment_is_the_same_for_ten_minutes() {
    for body in
        ["{}", r#"{"createdAt":null}"#, r#"{"payload":{"createdAt":"2026-01-01"}}"#, "not json", "[]", ""]
    {
        let delivery = delivery::<Lunacal>(&Lunacal::sign(Lunacal::SECRET, "", NOW, body.as_bytes()));
        assert_eq!(delivery.same_until, Some(support::at(NOW + 600)), "{body}");
    }
}

#[test]
fn an_id_is_kept_as_it_is_while_it_is_short_and_plain() {
    let longest = "x".repeat(128);
    for id in ["msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", "0", "a-b_c", &longest] {
        assert_eq!(pk::<AllFly>(id, "{}"), format!("allfly#{id}"));
    }
}

#[test]
fn a_weird_or_long_id_is_bounded_and_still_its_own() {
    let long = ["x".repeat(129), "y".repeat(129), "x".repeat(60_000), format!("{}y", "x".repeat(59_999))];
    let mut ids = vec!["a b", "a  b", "a#b", "a/b", "~a", "a@b", "\"a\"", "a%20b"];
    ids.extend(long.iter().map(String::as_str));
    let keys: BTreeSet<String> = ids.iter().map(|id| pk::<AllFly>(id, "{}")).collect();
    assert_eq!(keys.len(), ids.len());
    assert!(keys.iter().all(|pk| is_fit_for_a_table_and_a_terminal(pk)), "{keys:?}");
}

#[test]
fn the_keys_of_two_providers_never_meet() {
    let body = r#"{"createdAt":"2026-01-01T00:00:00Z"}"#;
    let keys = [pk::<Luma>("1", body), pk::<Lunacal>("1", body), pk::<AllFly>("1", body)];
    assert_eq!(
        keys.map(|pk| pk.split('#').next().map(str::to_owned)),
        ["luma", "lunacal", "allfly"].map(|name| Some(name.to_owned()))
    );
}

#[test]
fn the_id_of_the_event_is_the_key_and_the_moment_where_the_key_may_come_again() {
    let of = |delivery: Delivery| (delivery.event_id(), delivery.pk);
    let (id, pk) = of(delivery::<AllFly>(&AllFly::genuine(NOW)));
    assert_eq!((id.as_str(), pk.as_str()), ("allfly:msg_1", "allfly#msg_1"));
    let (id, pk) = of(delivery::<Lunacal>(&Lunacal::sign(Lunacal::SECRET, "", NOW, b"{}")));
    assert_eq!(id, format!("{}@{}000", pk.replace('#', ":"), NOW));
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn any_two_ids_are_two_keys(ids in ["[ -\\-/-~]{1,300}", "[ -\\-/-~]{1,300}"], body in "[a-z]{0,8}") {
        for key in [pk::<Luma>, pk::<AllFly>] {
            let keys = ids.each_ref().map(|id| key(id.as_str(), &body));
            prop_assert_eq!(keys[0] == keys[1], ids[0] == ids[1]);
            prop_assert!(keys.iter().all(|pk| is_fit_for_a_table_and_a_terminal(pk)));
        }
    }

    #[test]
    fn any_two_bodies_are_two_keys_where_the_id_is_not_signed(bodies in ["\\PC{0,40}", "\\PC{0,40}"]) {
        for key in [pk::<Luma>, pk::<Lunacal>] {
            let keys = bodies.each_ref().map(|body| key("evt_1", body));
            prop_assert_eq!(keys[0] == keys[1], bodies[0] == bodies[1]);
        }
    }
}
