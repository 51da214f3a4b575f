//! What holds for all schemes: published vectors, secrets in rotation, several signatures, the clock.

mod support;

use serde_json::Value;
use support::signing::{Signs, keyring, post};
use support::{NOW, at, now, policy};
use usher_core::policy::Policy;
use usher_core::provider;
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, Standard};
use usher_core::request::Request;
use usher_core::secret::Keyring;
use usher_core::signature::{Refusal, Verified};

fn vectors(provider: &str) -> Vec<Value> {
    let all: Vec<Value> =
        serde_json::from_str(include_str!("../../../events/vectors.json")).expect("vectors.json is JSON");
    let of: Vec<Value> = all.into_iter().filter(|vector| vector["provider"] == provider).collect();
    assert!(!of.is_empty(), "no vector of {provider}");
    of
}

fn text<'v>(vector: &'v Value, name: &str) -> &'v str {
    vector[name].as_str().unwrap_or_else(|| panic!("{name} of {vector}"))
}

fn outcome<P: Signs>(request: &Request, keyring: &Keyring, unix_seconds: i64) -> Result<Verified, Refusal> {
    provider::verify::<P>(request, keyring, &policy::<P>(), at(unix_seconds))
}

fn standard_webhooks(vector: &Value) -> (Request, i64) {
    let time = vector["timestamp"].as_i64().expect("a timestamp");
    let headers = [
        ("svix-id", text(vector, "id")),
        ("svix-timestamp", &time.to_string()),
        ("svix-signature", text(vector, "signature")),
    ];
    (post(&headers, text(vector, "body").as_bytes()), time)
}

#[test]
fn every_vector_of_luma_passes() {
    for vector in vectors("luma") {
        let time = vector["timestamp"].as_i64().expect("a timestamp");
        let request =
            post(&[(text(&vector, "header"), text(&vector, "signature"))], text(&vector, "body").as_bytes());
        let verified = outcome::<Luma>(&request, &keyring(&[text(&vector, "secret")]), time);
        assert_eq!(verified.expect("it is genuine").body(), text(&vector, "body"));
    }
}

#[test]
fn every_vector_of_lunacal_passes() {
    for vector in vectors("lunacal") {
        let request =
            post(&[(text(&vector, "header"), text(&vector, "signature"))], text(&vector, "body").as_bytes());
        let verified = outcome::<Lunacal>(&request, &keyring(&[text(&vector, "secret")]), NOW);
        assert_eq!(verified.expect("it is genuine").body(), text(&vector, "body"));
    }
}

#[test]
fn every_vector_of_allfly_and_of_its_scheme_passes() {
    for vector in &vectors("allfly") {
        let (request, time) = standard_webhooks(vector);
        let verified = outcome::<Allfly>(&request, &keyring(&[text(vector, "secret")]), time);
        let verified = verified.expect("it is genuine");
        assert_eq!(verified.body(), text(vector, "body"));
        assert_eq!(verified.delivery_id(), Some(text(vector, "id")));
    }
}

#[test]
fn the_asymmetric_vector_is_an_unknown_scheme_and_not_no_check() {
    for vector in vectors("standard-webhooks-ed25519") {
        let (request, time) = standard_webhooks(&vector);
        let refusal = outcome::<Allfly>(&request, &Allfly::keyring(), time).expect_err("nothing checks v1a");
        assert_eq!(refusal, Refusal::UnknownScheme);
    }
}

/// Writes one test of that name per provider.
macro_rules! for_each_provider {
    ($($name:ident)*) => {
        mod luma { $(#[test] fn $name() { super::$name::<super::Luma>(); })* }
        mod lunacal { $(#[test] fn $name() { super::$name::<super::Lunacal>(); })* }
        mod allfly { $(#[test] fn $name() { super::$name::<super::Allfly>(); })* }
    };
}

for_each_provider! {
    a_genuine_delivery_passes_with_its_bytes
    any_of_several_secrets_passes
    a_wrong_secret_is_refused
    no_secret_is_refused
    no_header_at_all_is_refused
    an_empty_signature_is_refused
    a_signature_that_is_not_ascii_is_refused
    a_repeated_signature_header_is_refused
    an_empty_body_can_be_genuine
}

fn a_genuine_delivery_passes_with_its_bytes<P: Signs>() {
    let verified = outcome::<P>(&P::genuine(NOW), &P::keyring(), NOW).expect("it is genuine");
    assert_eq!(verified.body(), P::BODY);
}

fn any_of_several_secrets_passes<P: Signs>() {
    let (older, oldest) =
        ("whsec_b2xkZXIgc2VjcmV0IG9mIHRoZSB0ZXN0cw==", "whsec_b2xkZXN0IHNlY3JldCBvZiB0ZXN0cw==");
    let keyring = keyring(&[P::SECRET, older, oldest]);
    for secret in [P::SECRET, older, oldest] {
        let request = P::sign(secret, "msg_1", NOW, b"{}");
        assert!(outcome::<P>(&request, &keyring, NOW).is_ok(), "{secret}");
    }
}

fn a_wrong_secret_is_refused<P: Signs>() {
    let other = keyring(&["whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhlIHRlc3Rz"]);
    assert_eq!(outcome::<P>(&P::genuine(NOW), &other, NOW).err(), Some(Refusal::WrongSignature));
}

/// A keyring is checked when it is read; if an empty one came through all the same, it would open nothing.
fn no_secret_is_refused<P: Signs>() {
    assert!(outcome::<P>(&P::genuine(NOW), &Keyring::default(), NOW).is_err());
}

fn no_header_at_all_is_refused<P: Signs>() {
    let request = post(&[], P::BODY.as_bytes());
    assert_eq!(outcome::<P>(&request, &P::keyring(), NOW).err(), Some(Refusal::MissingSignature));
}

fn an_empty_signature_is_refused<P: Signs>() {
    let mut request = P::genuine(NOW);
    request.headers.insert(P::SIGNATURE, http::HeaderValue::from_static(""));
    assert_eq!(outcome::<P>(&request, &P::keyring(), NOW).err(), Some(Refusal::MalformedSignature));
}

fn a_signature_that_is_not_ascii_is_refused<P: Signs>() {
    let mut request = P::genuine(NOW);
    let value = http::HeaderValue::from_bytes(b"t=1700000000,v1=\xff").expect("opaque bytes are allowed");
    request.headers.insert(P::SIGNATURE, value);
    assert_eq!(outcome::<P>(&request, &P::keyring(), NOW).err(), Some(Refusal::MalformedSignature));
}

/// Even if both are right: which one was checked must not be a question.
fn a_repeated_signature_header_is_refused<P: Signs>() {
    let mut request = P::genuine(NOW);
    let value = request.headers[P::SIGNATURE].clone();
    request.headers.append(P::SIGNATURE, value);
    assert_eq!(outcome::<P>(&request, &P::keyring(), NOW).err(), Some(Refusal::MalformedSignature));
}

fn an_empty_body_can_be_genuine<P: Signs>() {
    let request = P::sign(P::SECRET, "msg_1", NOW, b"");
    assert!(outcome::<P>(&request, &P::keyring(), NOW).is_ok());
}

/// Signed `seconds` before now (after it, if negative).
fn signed_ago<P: Signs>(seconds: i64, policy: &Policy) -> Result<Verified, Refusal> {
    provider::verify::<P>(&P::genuine(NOW - seconds), &P::keyring(), policy, now())
}

fn boundary<P: Signs>(tolerance: i64, policy: &Policy) {
    assert!(signed_ago::<P>(tolerance, policy).is_ok());
    assert_eq!(signed_ago::<P>(tolerance + 1, policy).err(), Some(Refusal::Stale));
    assert!(signed_ago::<P>(-tolerance, policy).is_ok());
    assert_eq!(signed_ago::<P>(-tolerance - 1, policy).err(), Some(Refusal::FromTheFuture));
}

#[test]
fn a_timestamp_exactly_at_the_tolerance_passes_and_one_second_more_does_not_either_way() {
    boundary::<Allfly>(300, &policy::<Allfly>());
    boundary::<Luma>(600, &policy::<Luma>());
}

#[test]
fn the_tolerance_is_the_deployers() {
    for seconds in [0, 1, 86_400] {
        let policy = Policy::with_tolerance(std::time::Duration::from_secs(seconds));
        boundary::<Allfly>(i64::try_from(seconds).expect("small"), &policy);
        boundary::<Luma>(i64::try_from(seconds).expect("small"), &policy);
    }
}

#[test]
fn a_fraction_of_a_second_does_not_move_the_boundary() {
    let late = at(NOW) + std::time::Duration::from_millis(999);
    assert!(
        provider::verify::<Allfly>(
            &Allfly::genuine(NOW - 300),
            &Allfly::keyring(),
            &policy::<Allfly>(),
            late
        )
        .is_ok()
    );
    assert!(
        provider::verify::<Allfly>(
            &Allfly::genuine(NOW + 300),
            &Allfly::keyring(),
            &policy::<Allfly>(),
            late
        )
        .is_ok()
    );
}

#[test]
fn lunacal_signs_no_time_so_an_old_delivery_passes() {
    assert!(
        provider::verify::<Lunacal>(&Lunacal::genuine(0), &Lunacal::keyring(), &policy::<Lunacal>(), now())
            .is_ok()
    );
}

/// The vectors that the senders' own libraries made: see `tests/vectors/make.py`.
fn independent(provider: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(include_str!("vectors.json")).expect("vectors.json is JSON");
    let of: Vec<Value> = all.into_iter().filter(|vector| vector["provider"] == provider).collect();
    assert!(of.len() >= 3, "too few vectors of {provider}");
    of
}

#[test]
fn what_the_libraries_from_pypi_and_npm_sign_passes_under_both_names_of_the_headers() {
    for vector in independent("standard") {
        let time = vector["timestamp"].as_i64().expect("a timestamp");
        let keyring = keyring(&[text(&vector, "secret")]);
        for names in ["webhook", "svix"] {
            let [id, timestamp, signature] =
                ["id", "timestamp", "signature"].map(|name| format!("{names}-{name}"));
            let request = |secret_time: i64, body: &[u8]| {
                let headers = [
                    (&*id, text(&vector, "id")),
                    (&*timestamp, &*secret_time.to_string()),
                    (&*signature, text(&vector, "signature")),
                ];
                post(&headers, body)
            };
            let body = text(&vector, "body").as_bytes();
            let at = |request: &Request, now| outcome::<Standard>(request, &keyring, now);
            assert_eq!(at(&request(time, body), time).expect("it is genuine").body(), body);
            assert_eq!(at(&request(time, body), time + 301).err(), Some(Refusal::Stale));
            assert_eq!(at(&request(time + 1, body), time).err(), Some(Refusal::WrongSignature));
            assert_eq!(at(&request(time, b"forged"), time).err(), Some(Refusal::WrongSignature));
        }
    }
}

#[test]
fn what_cal_coms_own_lines_sign_passes_and_nothing_else() {
    for vector in independent("calcom") {
        let keyring = keyring(&[text(&vector, "secret")]);
        let signed = |body: &[u8]| post(&[("X-Cal-Signature-256", text(&vector, "signature"))], body);
        let verified = outcome::<Calcom>(&signed(text(&vector, "body").as_bytes()), &keyring, NOW);
        assert_eq!(verified.expect("it is genuine").body(), text(&vector, "body"));
        let forged = outcome::<Calcom>(&signed(b"forged"), &keyring, NOW);
        assert_eq!(forged.err(), Some(Refusal::WrongSignature));
    }
}
