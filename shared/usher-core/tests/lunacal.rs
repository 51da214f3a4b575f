//! Lunacal's modes: a signature, a token in the URL, both, or by the deployer's word neither.

mod support;

use proptest::prelude::*;
use support::cases::cases;
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

fn passes_with_token(token: &str, query: &str) -> bool {
    let document = serde_json::json!({ "url": [token] }).to_string();
    outcome(&with_query(unsigned(), query), &keyring(&document)).is_ok()
}

/// A query is not a form: what an operator pastes into Lunacal's URL as it stands in the document has to pass.
#[test]
fn a_plus_in_the_query_is_a_plus() {
    for token in ["q7F+2/x==", "+", "a+b+c", "~-._"] {
        assert!(passes_with_token(token, &format!("token={token}")), "{token}");
    }
    assert!(!passes_with_token("a b", "token=a+b"));
    assert!(passes_with_token("a b", "token=a%20b"));
    assert!(passes_with_token("a+b", "token=a%2Bb"));
    assert!(passes_with_token("a+b", "x=%&token=a%2bb&token=wrong"));
}

#[test]
fn a_token_that_is_no_text_is_a_wrong_one() {
    for query in ["token=%FF", "token=%", "token=%zz"] {
        assert!(!passes_with_token("\u{1f511}", query), "{query}");
        let allowed = allowing_unsigned(&with_query(unsigned(), query), &token_mode());
        assert_eq!(allowed, Some(Refusal::WrongToken), "{query}");
    }
    assert!(passes_with_token("\u{1f511}", "token=%F0%9F%94%91"));
}

proptest! {
    #![proptest_config(cases(512))]

    /// Whatever a token's characters are, the URL that the tool prints is one, and the function reads the token in it.
    #[test]
    fn a_token_as_it_is_printed_for_a_url_is_the_one_that_is_read(token in "[ -~¡-ÿ]{1,40}|\\PC{1,40}", before in "(\\PC{0,8}&)?") {
        let document = serde_json::json!({ "url": [token] }).to_string();
        // A token of blanks, for one, is refused when it is read.
        let Ok(keyring) = provider::keyring::<Lunacal>(&document, &policy::<Lunacal>()) else { return Ok(()) };
        let printed = keyring.url[0].secrets[0].expose_in_url();
        let url: http::Uri = format!("https://x.lambda-url.aws/?token={printed}").parse().expect("a URL");
        prop_assert!(outcome(&with_query(unsigned(), url.query().expect("a query")), &keyring).is_ok());
        let behind = format!("{}token={printed}&x", before.replace("token", ""));
        prop_assert!(outcome(&with_query(unsigned(), &behind), &keyring).is_ok());
    }
}

#[test]
fn no_secret_provided_is_no_signature() {
    let placeholder = with_signature("no-secret-provided");
    assert_eq!(refusal(&placeholder, &signature_mode()), Some(Refusal::NoSecretAtSender));
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
