//! Lunacal's modes: a signature, a token in the URL, both, or by the deployer's word neither.

mod support;

use support::signing::{Signs, hex, hmac, post};
use support::{NOW, now, policy};
use usher_core::policy::Policy;
use usher_core::provider;
use usher_core::providers::Lunacal;
use usher_core::request::Request;
use usher_core::secret::Keyring;
use usher_core::signature::{Refusal, Verified};

const BODY: &[u8] = Lunacal::BODY.as_bytes();
const TOKEN: &str = "unguessable-4f1c";

fn keyring(document: &str) -> Keyring {
    provider::keyring::<Lunacal>(document, &policy::<Lunacal>()).expect("a good document")
}

fn signature_mode() -> Keyring {
    keyring(r#"{"signing":["test-secret"]}"#)
}

fn token_mode() -> Keyring {
    keyring(r#"{"url":["older-token-0000","unguessable-4f1c"]}"#)
}

fn both_modes() -> Keyring {
    keyring(r#"{"signing":["test-secret"],"url":["unguessable-4f1c"]}"#)
}

fn outcome(request: &Request, keyring: &Keyring) -> Result<Verified, Refusal> {
    provider::verify::<Lunacal>(request, keyring, &policy::<Lunacal>(), now())
}

fn refusal(request: &Request, keyring: &Keyring) -> Option<Refusal> {
    outcome(request, keyring).err()
}

fn signed() -> Request {
    Lunacal::genuine(NOW)
}

fn unsigned() -> Request {
    post(&[], BODY)
}

fn with_query(request: Request, query: &str) -> Request {
    Request { query: query.to_owned(), ..request }
}

fn with_signature(value: &str) -> Request {
    post(&[("x-cal-signature-256", value)], BODY)
}

#[test]
fn in_signature_mode_a_right_signature_is_needed() {
    let keyring = signature_mode();
    assert!(outcome(&signed(), &keyring).is_ok());
    assert_eq!(refusal(&unsigned(), &keyring), Some(Refusal::MissingSignature));
    assert_eq!(refusal(&with_signature(&"0".repeat(64)), &keyring), Some(Refusal::WrongSignature));
}

#[test]
fn in_token_mode_a_right_token_is_needed_and_a_signature_is_not() {
    let keyring = token_mode();
    assert!(outcome(&with_query(unsigned(), &format!("token={TOKEN}")), &keyring).is_ok());
    assert!(
        outcome(&with_query(unsigned(), "token=older-token-0000"), &keyring).is_ok(),
        "an older one, in rotation"
    );
    assert!(outcome(&with_query(with_signature("whatever"), &format!("token={TOKEN}")), &keyring).is_ok());
    assert_eq!(refusal(&unsigned(), &keyring), Some(Refusal::MissingToken));
    assert_eq!(refusal(&signed(), &keyring), Some(Refusal::MissingToken));
}

#[test]
fn in_both_modes_neither_can_stand_for_the_other() {
    let keyring = both_modes();
    let query = format!("token={TOKEN}");
    assert!(outcome(&with_query(signed(), &query), &keyring).is_ok());
    assert_eq!(refusal(&signed(), &keyring), Some(Refusal::MissingToken));
    assert_eq!(refusal(&with_query(signed(), "token=wrong"), &keyring), Some(Refusal::WrongToken));
    assert_eq!(refusal(&with_query(unsigned(), &query), &keyring), Some(Refusal::MissingSignature));
    let forged = with_query(with_signature(&"0".repeat(64)), &query);
    assert_eq!(refusal(&forged, &keyring), Some(Refusal::WrongSignature));
}

#[test]
fn a_token_is_the_whole_token() {
    let keyring = token_mode();
    for query in [
        "token=",
        "token",
        "token=unguessable",
        "token=unguessable-4f1c0",
        "token=UNGUESSABLE-4F1C",
        "token=+unguessable-4f1c",
        "token=wrong&token=unguessable-4f1c",
        "token[]=unguessable-4f1c",
    ] {
        let outcome = refusal(&with_query(unsigned(), query), &keyring);
        assert!(matches!(outcome, Some(Refusal::WrongToken | Refusal::MissingToken)), "{query}: {outcome:?}");
    }
}

#[test]
fn a_token_is_found_among_other_parameters_and_percent_decoded() {
    let keyring = token_mode();
    for query in ["a=b&token=unguessable-4f1c", "token=unguessable%2D4f1c&x", "%74oken=unguessable-4f1c"] {
        assert!(outcome(&with_query(unsigned(), query), &keyring).is_ok(), "{query}");
    }
}

#[test]
fn no_secret_provided_is_no_signature() {
    let placeholder = with_signature("no-secret-provided");
    assert_eq!(refusal(&placeholder, &signature_mode()), Some(Refusal::MissingSignature));
    assert_eq!(refusal(&placeholder, &token_mode()), Some(Refusal::MissingToken));
    let token = with_query(placeholder, &format!("token={TOKEN}"));
    assert!(outcome(&token, &token_mode()).is_ok());
}

#[test]
fn the_prefix_and_the_case_of_the_hex_do_not_matter() {
    let tag = hex(&hmac(b"test-secret", BODY));
    for value in
        [tag.clone(), format!("sha256={tag}"), tag.to_uppercase(), format!("sha256={}", tag.to_uppercase())]
    {
        assert!(outcome(&with_signature(&value), &signature_mode()).is_ok(), "{value}");
    }
}

#[test]
fn what_is_not_64_hexadecimal_digits_is_refused() {
    let tag = hex(&hmac(b"test-secret", BODY));
    for value in [
        String::new(),
        "sha256=".to_owned(),
        format!("sha1={tag}"),
        format!("SHA256={tag}"),
        format!("sha256=sha256={tag}"),
        format!("{tag}00"),
        tag[..62].to_owned(),
        format!("{tag},{tag}"),
        format!("v1={tag}"),
    ] {
        assert_eq!(
            refusal(&with_signature(&value), &signature_mode()),
            Some(Refusal::MalformedSignature),
            "{value}"
        );
    }
}

#[test]
fn with_nothing_to_check_nothing_passes() {
    let request = with_query(signed(), &format!("token={TOKEN}"));
    assert_eq!(refusal(&request, &Keyring::default()), Some(Refusal::NothingToCheck));
}

fn allowing_unsigned(request: &Request, keyring: &Keyring) -> Option<Refusal> {
    let policy = Policy { allow_unsigned: true, ..policy::<Lunacal>() };
    provider::verify::<Lunacal>(request, keyring, &policy, now()).err()
}

#[test]
fn unsigned_deliveries_pass_only_by_the_deployers_word() {
    assert_eq!(refusal(&unsigned(), &Keyring::default()), Some(Refusal::NothingToCheck));
    assert_eq!(allowing_unsigned(&unsigned(), &Keyring::default()), None);
    assert_eq!(allowing_unsigned(&with_signature("no-secret-provided"), &Keyring::default()), None);
}

#[test]
fn the_flag_does_not_let_a_wrong_signature_or_token_pass() {
    let forged = with_signature(&"0".repeat(64));
    assert_eq!(allowing_unsigned(&forged, &signature_mode()), Some(Refusal::WrongSignature));
    let wrong = with_query(unsigned(), "token=wrong");
    assert_eq!(allowing_unsigned(&wrong, &token_mode()), Some(Refusal::WrongToken));
}
