//! Luma's signature header, `t=<unix>,v1=<hex>`, and its two traps: the secret, and a scheme that looks like another.

mod support;

use support::signing::{Signs, keyring, luma_tag, post, standard_tag};
use support::{NOW, now, policy};
use usher_core::policy::Policy;
use usher_core::provider;
use usher_core::providers::Luma;
use usher_core::request::Request;
use usher_core::signature::{MAX_SIGNATURES, Refusal, Verified};

const BODY: &[u8] = Luma::BODY.as_bytes();

fn outcome(request: &Request) -> Result<Verified, Refusal> {
    provider::verify::<Luma>(request, &Luma::keyring(), &policy::<Luma>(), now())
}

fn with_header(signature: &str) -> Result<Verified, Refusal> {
    outcome(&post(&[("webhook-id", "evt_1"), ("webhook-signature", signature)], BODY))
}

/// The right tag of a body signed now.
fn right() -> String {
    luma_tag(Luma::SECRET, &NOW.to_string(), BODY)
}

fn wrong() -> String {
    luma_tag("whsec_another", &NOW.to_string(), BODY)
}

#[test]
fn the_right_one_of_several_signatures_passes_wherever_it_stands() {
    let (right, wrong) = (right(), wrong());
    for header in [
        format!("t={NOW},v1={right},v1={wrong}"),
        format!("t={NOW},v1={wrong},v1={right}"),
        format!("v1={right},t={NOW}"),
        format!("t={NOW},v0={wrong},v1={right},v2=x"),
        format!("t={NOW},v1=nothex,v1={right}"),
        format!("t={NOW}, v1={right}"),
        format!("t={NOW},v1={right},"),
    ] {
        assert!(with_header(&header).is_ok(), "{header}");
    }
}

#[test]
fn the_number_of_signatures_looked_at_is_bounded() {
    let list = |wrong_ones: usize| {
        let wrong = format!("v1={},", wrong()).repeat(wrong_ones);
        with_header(&format!("t={NOW},{wrong}v1={}", right()))
    };
    assert!(list(MAX_SIGNATURES - 1).is_ok());
    assert_eq!(list(MAX_SIGNATURES).err(), Some(Refusal::WrongSignature));
}

#[test]
fn upper_case_hex_is_the_same_tag() {
    assert!(with_header(&format!("t={NOW},v1={}", right().to_uppercase())).is_ok());
}

#[test]
fn what_is_not_a_luma_signature_is_refused_for_what_it_is() {
    let right = right();
    for (header, refusal) in [
        (format!("v1={right}"), Refusal::MissingTimestamp),
        (format!("t={NOW}"), Refusal::MalformedSignature),
        (format!("t={NOW},v2={right}"), Refusal::UnknownScheme),
        (format!("t={NOW},V1={right}"), Refusal::MalformedSignature),
        (format!("t={NOW},v1="), Refusal::MalformedSignature),
        (format!("t={NOW},v1={}", &right[..62]), Refusal::MalformedSignature),
        (format!("t={NOW},v1={right}00"), Refusal::MalformedSignature),
        (format!("t={NOW},v1=0x{}", &right[2..]), Refusal::MalformedSignature),
        (right.clone(), Refusal::MalformedSignature),
        (",".to_owned(), Refusal::MalformedSignature),
        (format!("t={NOW},v1={}", "0".repeat(64)), Refusal::WrongSignature),
    ] {
        assert_eq!(with_header(&header).err(), Some(refusal), "{header}");
    }
}

#[test]
fn a_timestamp_has_one_spelling() {
    let signed = |t: &str| with_header(&format!("t={t},v1={}", luma_tag(Luma::SECRET, t, BODY))).err();
    for t in [
        "",
        "-1700000000",
        "+1700000000",
        "+5",
        "1.7e9",
        "1700000000.0",
        "17000 00000",
        "0x6553f100",
        "now",
        "१",
    ] {
        let refusal = if t.is_ascii() { Refusal::MalformedTimestamp } else { Refusal::MalformedSignature };
        assert_eq!(signed(t), Some(refusal), "{t:?}");
    }
    assert_eq!(signed("99999999999999999999999999"), Some(Refusal::MalformedTimestamp));
    assert_eq!(signed("9223372036854775808"), Some(Refusal::MalformedTimestamp));
    assert_eq!(signed("9223372036854775807"), Some(Refusal::FromTheFuture));
    assert_eq!(signed("0"), Some(Refusal::Stale));
}

#[test]
fn the_timestamp_is_signed_as_it_was_written() {
    let t = format!("0{NOW}");
    assert!(with_header(&format!("t={t},v1={}", luma_tag(Luma::SECRET, &t, BODY))).is_ok());
    assert_eq!(with_header(&format!("t={t},v1={}", right())).err(), Some(Refusal::WrongSignature));
}

#[test]
fn two_timestamps_in_one_header_are_refused() {
    let stale = NOW - 86_400;
    let captured = luma_tag(Luma::SECRET, &stale.to_string(), BODY);
    for header in [
        format!("t={NOW},t={stale},v1={captured}"),
        format!("t={stale},t={NOW},v1={captured}"),
        format!("t={NOW},t={NOW},v1={}", right()),
    ] {
        assert_eq!(with_header(&header).err(), Some(Refusal::MalformedTimestamp), "{header}");
    }
}

/// `Webhook-Timestamp` repeats `t` and is not signed: it must not rescue a stale delivery.
#[test]
fn the_timestamp_header_is_not_looked_at() {
    let stale = (NOW - 86_400).to_string();
    let signature = format!("t={stale},v1={}", luma_tag(Luma::SECRET, &stale, BODY));
    let headers = [("webhook-timestamp", NOW.to_string()), ("webhook-signature", signature)];
    let request = post(&headers.each_ref().map(|(name, value)| (*name, value.as_str())), BODY);
    assert_eq!(outcome(&request).err(), Some(Refusal::Stale));
}

#[test]
fn the_whole_secret_is_the_key_prefix_included_and_undecoded() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let keyring = keyring(&[secret]);
    let outcome = |request: &Request| provider::verify::<Luma>(request, &keyring, &policy::<Luma>(), now());
    assert!(outcome(&Luma::sign(secret, "evt_1", NOW, BODY)).is_ok());

    let stripped = Luma::sign("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "evt_1", NOW, BODY);
    assert_eq!(outcome(&stripped).err(), Some(Refusal::WrongSignature));
}

/// Luma's own header names around a Standard Webhooks signature.
fn standard() -> Request {
    let t = NOW.to_string();
    let signature = standard_tag("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "evt_1", &t, BODY);
    post(&[("webhook-id", "evt_1"), ("webhook-timestamp", &t), ("webhook-signature", &signature)], BODY)
}

fn with_insurance(request: &Request) -> Result<Verified, Refusal> {
    let policy = Policy { accept_standard_webhooks: true, ..policy::<Luma>() };
    let keyring = keyring(&["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Luma::SECRET]);
    provider::verify::<Luma>(request, &keyring, &policy, now())
}

#[test]
fn standard_webhooks_is_refused_unless_the_deployer_turned_it_on() {
    let keyring = keyring(&["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]);
    let refusal =
        provider::verify::<Luma>(&standard(), &keyring, &policy::<Luma>(), now()).expect_err("it is off");
    assert_eq!(refusal, Refusal::MalformedSignature);
    assert!(with_insurance(&standard()).is_ok());
}

#[test]
fn lumas_own_scheme_still_passes_with_the_insurance_on() {
    assert!(with_insurance(&Luma::genuine(NOW)).is_ok());
}

#[test]
fn the_insurance_checks_all_that_standard_webhooks_signs() {
    let without = |name: &str| {
        let mut request = standard();
        request.headers.remove(name);
        with_insurance(&request).err()
    };
    assert_eq!(without("webhook-id"), Some(Refusal::MissingDeliveryId));
    assert_eq!(without("webhook-timestamp"), Some(Refusal::MissingTimestamp));

    let mut other_id = standard();
    other_id.headers.insert("webhook-id", http::HeaderValue::from_static("evt_2"));
    assert_eq!(with_insurance(&other_id).err(), Some(Refusal::WrongSignature));

    let policy = Policy { accept_standard_webhooks: true, ..policy::<Luma>() };
    let not_base64 = provider::verify::<Luma>(&standard(), &Luma::keyring(), &policy, now());
    assert_eq!(not_base64.err(), Some(Refusal::WrongSignature), "a secret that can't be a key opens nothing");
}
